import Campaign
import Diagnostics
import SeededRandom
import Testing

@testable import Values

@Suite struct StructuredTests {
  private func reader(_ type: FieldType, _ format: String = "default", change: (inout Field) -> Void = { _ in }) throws
    -> StructuredReader
  {
    var field = Field(name: "f", location: SourceLocation(file: "s.yaml"))
    (field.type, field.format) = (type, format)
    change(&field)
    return try #require(try StructuredReader(field))
  }

  struct Case: CustomTestStringConvertible {
    var type: FieldType
    var format = "default"
    var good: [String]
    var bad: [String]
    var testDescription: String { "\(type) \(format)" }
  }

  @Test(arguments: [
    Case(
      type: .string, format: "email", good: ["a@example.com", "li.si+x@sub.例子.cn", "a@b.co"],
      bad: ["a", "@b.cn", "a@", "a@b", "a@b@c.cn", ".a@b.cn", "a..b@c.cn", "a@b.c", "a@-b.cn", "a b@c.cn", "a@b .cn"]),
    Case(
      type: .string, format: "uri", good: ["http://a.cn", "mailto:x@y.cn", "urn:x:y", "https://例子.cn/路径?q=1#f"],
      bad: ["a.cn", "//a.cn", "http:", ":x", "1http://a", "http://a b", "http://a/%zz", "http://a/%2"]),
    Case(
      type: .string, format: "uuid",
      good: ["123e4567-e89b-12d3-a456-426614174000", "123E4567-E89B-12D3-A456-426614174000"],
      bad: ["123e4567e89b12d3a456426614174000", "123e4567-e89b-12d3-a456-42661417400g", ""]),
    Case(type: .string, format: "binary", good: ["aGVsbG8=", "", "AA=="], bad: ["abc", "a===", "=AAA", "a$=="]),
    Case(
      type: .object, good: ["{}", #"{"a":[1,{"b":null}]}"#], bad: ["[]", "1", "{a:1}", #"{"a":1,}"#, #"{"a":01}"#]),
    Case(
      type: .array, good: ["[]", #"[1, "\u4e2d\ud83d\ude00"]"#],
      bad: ["{}", "[1,]", "[1 2]", #"["\ud83d"]"#, "[\u{1}]"]),
    Case(
      type: .geoPoint, good: ["100.79, 22.01", "-180,90", "0,0"],
      bad: ["100.79", "22.01 100.79", "181,0", "0,91", "a,b", "1,2,3", "1,"]),
    Case(type: .geoPoint, format: "array", good: ["[100.79, 22.01]", #"["1","2"]"#], bad: ["1,2", "[1]", "[0, 91]"]),
    Case(
      type: .geoPoint, format: "object", good: [#"{"lon": 1, "lat": 2}"#],
      bad: [#"{"lon": 1}"#, #"{"lon": 1, "lat": 2, "z": 3}"#, "[1,2]", #"{"lon": 200, "lat": 2}"#]),
    Case(
      type: .geoJSON,
      good: [
        #"{"type":"Point","coordinates":[1,2]}"#, #"{"type":"Feature","geometry":null,"properties":{}}"#,
        #"{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,0]]]}"#,
        #"{"type":"FeatureCollection","features":[]}"#,
        #"{"type":"GeometryCollection","geometries":[{"type":"LineString","coordinates":[[0,0],[1,1]]}]}"#,
      ],
      bad: [
        "{}", #"{"type":"Point"}"#, #"{"type":"Point","coordinates":[1]}"#, #"{"type":"Circle","coordinates":[1,2]}"#,
        #"{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,1]]]}"#, #"{"type":"Feature","geometry":null}"#,
        #"{"type":"LineString","coordinates":[[0,0]]}"#,
      ]),
    Case(
      type: .geoJSON, format: "topojson", good: [#"{"type":"Topology","objects":{},"arcs":[]}"#],
      bad: ["{}", #"{"type":"Topology","objects":{}}"#, #"{"type":"Point","coordinates":[1,2]}"#]),
    Case(
      type: .duration, good: ["P1Y", "PT1.5H", "P1Y2M3DT4H5M6S", "P2W", "-P1D", "PT0S"],
      bad: ["P", "PT", "1Y", "P1S", "PT1D", "P1M1Y", "P1.5Y2M", "P1Y T1H", "P1DT", "PT.5S"]),
    Case(type: .yearMonth, good: ["2022-11", "0001-01"], bad: ["2022-13", "2022-1", "2022/11", "2022", "2022年11月"]),
    Case(
      type: .yearMonth, format: "any", good: ["2022-11", "2022/3", "2022.11", "2022年11月", "2022年3月份", "二〇二二年三月"],
      bad: ["22年3月", "2022年13月", "11月", "2022-11-03"]),
  ]) func eachTypeKnowsItsForms(row: Case) throws {
    let reader = try reader(row.type, row.format)
    for text in row.good { #expect((try? with(text, reader.read)) != nil, "\(text)") }
    for text in row.bad { #expect((try? with(text, reader.read)) == nil, "\(text)") }
  }

  @Test func listsReadTheirItems() throws {
    let list = try reader(.list) { ($0.itemType, $0.delimiter) = (.integer, ";") }
    #expect(try with("1;2; 30", list.read) == 3 && with("7", list.read) == 1)
    for text in ["1;x", "1;", ";", "1,2"] { #expect((try? with(text, list.read)) == nil, "\(text)") }
    #expect(try with("a,,b", reader(.list).read) == 3)
    let days = try reader(.list) { $0.itemType = .date }
    #expect(try with("2022-11-03,2022-11-04", days.read) == 2)
    #expect((try? with("2022-11-03,2022-11-31", days.read)) == nil)
  }

  @Test(arguments: [
    ["-P1Y", "PT0S", "PT1S", "PT90S", "PT2M", "PT1H", "P1D", "P1W", "P1M", "P1Y", "P1Y1D"]
  ]) func durationsAreInTheirOrder(ascending: [String]) throws {
    let reader = try reader(.duration)
    let values = try ascending.map { try with($0, reader.read) }
    #expect(values == values.sorted() && Set(values).count == values.count)
  }

  @Test(arguments: [
    (#"{"b": [1, 2.0], "a": "x"}"#, #"{ "a":"x","b":[1,2] }"#, true), (#"{"a": 1}"#, #"{"a": "1"}"#, false),
    (#"{"a": "\u4e2d\n"}"#, #"{"a": "中\u000a"}"#, true),
  ]) func equalJSONHasOneText(left: String, right: String, areEqual: Bool) throws {
    let reader = try reader(.object)
    #expect((with(left, reader.canonical) == with(right, reader.canonical)) == areEqual)
  }

  @Test(arguments: [
    (#"{"type": "object"}"#, ["{}"], ["[]"]),
    (
      #"{"type": ["array", "null"], "items": {"type": "integer", "minimum": 1}, "minItems": 1}"#, ["[1,2]"],
      ["[]", "[0]", "[1.5]"]
    ),
    (
      #"{"required": ["a"], "properties": {"a": {"enum": [1, "x"]}}, "additionalProperties": false}"#,
      [#"{"a": 1}"#, #"{"a": "x"}"#], ["{}", #"{"a": 2}"#, #"{"a": 1, "b": 1}"#]
    ),
    (
      #"{"properties": {"p": {"pattern": "^a+$", "maxLength": 3}}}"#, [#"{"p": "aa"}"#],
      [#"{"p": "b"}"#, #"{"p": "aaaa"}"#]
    ),
    (
      #"{"anyOf": [{"minProperties": 2}, {"const": {}}], "not": {"required": ["x"]}}"#, ["{}", #"{"a":1,"b":2}"#],
      [#"{"a":1}"#, #"{"x":1,"y":2}"#]
    ),
    (
      #"{"items": {"multipleOf": 5, "exclusiveMaximum": 100}, "uniqueItems": true}"#, ["[5,10]"],
      ["[7]", "[100]", "[5,5]"]
    ),
    (#"{"items": {"oneOf": [{"type": "string"}, {"type": "boolean"}]}}"#, [#"["a", true]"#], ["[1]"]),
  ]) func schemasOfJSONAllowWhatTheySay(schema: String, good: [String], bad: [String]) throws {
    let schema = try JSONSchema(schema)
    #expect(schema.notChecked == [])
    for text in good { #expect(schema.allows(try #require(with(text, JSONNode.init))), "\(text)") }
    for text in bad { #expect(!schema.allows(try #require(with(text, JSONNode.init))), "\(text)") }
  }

  @Test func keywordsBeyondThemAreNamed() throws {
    let schema = try JSONSchema(#"{"title": "t", "if": {}, "properties": {"if": {"format": "date"}}}"#)
    #expect(schema.notChecked == ["format", "if"])
  }

  @Test func deepJSONIsRefusedAndDoesNotCrash() {
    #expect(with(String(repeating: "[", count: 100_000), JSONNode.init) == nil)
    let deep = String(repeating: "[", count: 60) + String(repeating: "]", count: 60)
    #expect(with(deep, JSONNode.init) != nil)
  }

  @Test func anythingAtAllIsReadOrRefused() throws {
    var generator = SeededGenerator(seed: 20_221_103)
    let readers = try [
      reader(.string, "email"), reader(.string, "uri"), reader(.object), reader(.array), reader(.geoPoint),
      reader(.duration), reader(.yearMonth, "any"), reader(.list) { $0.itemType = .number },
    ]
    for _ in 0..<5000 {
      let cell = randomCell(&generator)
      for reader in readers { _ = try? reader.read(cell.span) }
    }
  }
}
