import Foundation
import Testing

/// The same records accepted and rejected as by frictionless-py, with the same error at the same record and field. Every
/// difference is listed here with its reason; one that is not fails, and so does one that is gone.
@Suite(.enabled(if: Frictionless.python != nil, "frictionless-py is not installed (FIELDTALLY_FRICTIONLESS)"))
struct FrictionlessTests {
  /// Values of a type, and the constraints with which each of them is read.
  struct Family {
    var name: String
    var field: [String: Any]
    var values: [String]
    var constraints: [[String: Any]]
  }

  /// Bounds that exclude their value are of version 2 of the standard.
  private static let version = "https://datapackage.org/profiles/2.0/tableschema.json"

  private func field(_ type: String, _ format: String = "default", _ more: [String: Any] = [:]) -> [String: Any] {
    more.merging(["type": type, "format": format]) { own, _ in own }
  }

  private var families: [Family] {
    texts + numbers + times + structures
  }

  private var texts: [Family] {
    [
      Family(
        name: "string", field: field("string"), values: ["a", "ab", "abc", "", "你好", "Ab", "a b", "abcd"],
        constraints: [
          ["minLength": 2], ["maxLength": 2], ["pattern": "[a-z]+"], ["enum": ["a", "ab", "你好"]], ["required": true],
          ["minLength": 2, "maxLength": 3],
        ]),
      Family(
        name: "email", field: field("string", "email"),
        values: [
          "a@example.com", "x.y@sub.example.org", "a@", "nope", "a@b@c.com", "@example.com", "a b@example.com", "",
        ],
        constraints: [["required": true]]),
      Family(
        name: "uri", field: field("string", "uri"),
        values: [
          "http://example.com/a?b=c#d", "mailto:x@example.com", "not a uri", "example.com", "urn:isbn:1", "//a.cn/x",
        ],
        constraints: []),
      Family(
        name: "uuid", field: field("string", "uuid"),
        values: ["123e4567-e89b-42d3-a456-426614174000", "123e4567", "x23e4567-e89b-42d3-a456-426614174000"],
        constraints: []),
      Family(
        name: "binary", field: field("string", "binary"), values: ["aGVsbG8=", "aGVsbG8gd29ybGQ=", "abc", "abcde"],
        constraints: []),
      Family(
        name: "any", field: field("any"), values: ["a", "1", ""], constraints: [["required": true], ["enum": ["a"]]]),
      Family(
        name: "boolean", field: field("boolean"), values: ["true", "false", "1", "0", "True", "yes", "tRUE", ""],
        constraints: [["required": true], ["enum": ["true"]]]),
      Family(
        name: "boolean-words", field: field("boolean", "default", ["trueValues": ["是", "y"], "falseValues": ["否"]]),
        values: ["是", "否", "y", "true", "n"], constraints: []),
      Family(
        name: "missing", field: field("integer", "default", ["missingValues": ["-", "n/a"]]),
        values: ["1", "-", "n/a", "x", "N/A"], constraints: [["required": true]]),
    ]
  }

  private var numbers: [Family] {
    let bounds: [[String: Any]] = [
      ["minimum": 2], ["maximum": 2], ["exclusiveMinimum": 2], ["exclusiveMaximum": 2], ["minimum": -1, "maximum": 10],
      ["enum": [1, 2]], ["required": true],
    ].map { constraint in
      constraint.mapValues { value in
        if let value = value as? Int { return String(value) }
        if let values = value as? [Int] { return values.map(String.init) }
        return value
      }
    }
    return [
      Family(
        name: "integer", field: field("integer"),
        values: [
          "1", "2", "3", "-5", "007", "+3", "1.0", "abc", "1e3", "9223372036854775807", "", "1,000", "--1", "0x1",
        ],
        constraints: bounds),
      Family(
        name: "integer-bare", field: field("integer", "default", ["bareNumber": false]),
        values: ["约3人", "95%", "$12", "3", "x"], constraints: []),
      Family(
        name: "number", field: field("number"),
        values: ["1", "2", "2.0", "2.5", "-1.5", ".5", "1e3", "1E-2", "abc", "", "1,5", "1.2.3", "5.", "+2"],
        constraints: bounds),
      Family(
        name: "number-groups", field: field("number", "default", ["groupChar": ",", "decimalChar": "."]),
        values: ["1,234.5", "1,234,567", "12", "1.5", "x"], constraints: []),
      Family(
        name: "number-comma", field: field("number", "default", ["groupChar": ".", "decimalChar": ","]),
        values: ["1.234,5", "2,5", "12", "x,y"], constraints: []),
      Family(
        name: "number-bare", field: field("number", "default", ["bareNumber": false]),
        values: ["$2.5", "85.5%", "3", "none"], constraints: [["minimum": "3"]]),
    ]
  }

  private var times: [Family] {
    func bounds(_ low: String, _ high: String) -> [[String: Any]] {
      [
        ["minimum": low], ["maximum": high], ["exclusiveMinimum": low], ["exclusiveMaximum": high],
        ["enum": [low, high]], ["required": true],
      ]
    }
    return [
      Family(
        name: "date", field: field("date"),
        values: [
          "2022-11-03", "2022-11-01", "2022-11-30", "2022-02-30", "2022/11/03", "20221103", "x", "", "2024-02-29",
        ],
        constraints: bounds("2022-11-01", "2022-11-30")),
      Family(
        name: "date-pattern", field: field("date", "%d/%m/%Y"),
        values: ["03/11/2022", "31/12/2022", "2022-11-03", "13/13/2022", "31/04/2022"], constraints: []),
      Family(
        name: "datetime", field: field("datetime"),
        values: ["2022-11-03T14:30:00Z", "2022-11-03T14:30:00", "2022-11-03 14:30", "2022-11-31T00:00:00Z", "x", ""],
        constraints: [["required": true]]),
      Family(
        name: "datetime-pattern", field: field("datetime", "%Y-%m-%d %H:%M"),
        values: ["2022-11-03 14:30", "2022-11-03 24:30", "2022-11-03T14:30:00Z"], constraints: []),
      Family(
        name: "time", field: field("time"), values: ["14:30:00", "00:00:00", "14:30", "24:30:00", "14:61:00", "x", ""],
        constraints: bounds("08:00:00", "14:30:00")),
      Family(
        name: "time-pattern", field: field("time", "%H:%M"), values: ["14:30", "08:05", "14:30:00", "25:00"],
        constraints: []),
      Family(
        name: "year", field: field("year"), values: ["2022", "2023", "1999", "22", "20222", "x", ""],
        constraints: bounds("2000", "2022")),
      Family(
        name: "yearmonth", field: field("yearmonth"),
        values: ["2022-11", "2022-01", "2022-13", "2022-00", "2022", "x", ""],
        constraints: bounds("2022-01", "2022-11")),
      Family(
        name: "duration", field: field("duration"),
        values: ["P1Y", "PT1H30M", "P1Y2M3DT4H5M6S", "P2W", "1Y", "P", "PT1X", ""],
        constraints: [["required": true], ["enum": ["P1Y", "P2W"]]]),
    ]
  }

  private var structures: [Family] {
    [
      Family(
        name: "object", field: field("object"),
        values: ["{}", #"{"a": 1}"#, #"{"a": 1, "b": [2]}"#, "[]", "{a}", "1", ""],
        constraints: [["required": true], ["minLength": 1], ["maxLength": 1], ["enum": [#"{"a":1}"#]]]),
      Family(
        name: "array", field: field("array"), values: ["[]", "[1]", #"["a", {"b": null}]"#, "{}", "[1,", "1", ""],
        constraints: [["required": true], ["minLength": 1], ["maxLength": 1], ["enum": ["[1]"]]]),
      Family(
        name: "list", field: field("list"), values: ["a", "a,b", "a,b,c", ""],
        constraints: [["required": true], ["minLength": 2], ["maxLength": 2]]),
      Family(
        name: "list-integer", field: field("list", "default", ["delimiter": ";", "itemType": "integer"]),
        values: ["1", "1;2", "1;x", "1,2"], constraints: []),
      Family(
        name: "geopoint", field: field("geopoint"),
        values: ["100.79,22.01", "100.79, 22.01", "-180,-90", "181,0", "0,91", "1", "a,b", ""],
        constraints: [["required": true]]),
      Family(
        name: "geopoint-array", field: field("geopoint", "array"),
        values: ["[100.79, 22.01]", "[181, 0]", "[1]", "1,2", "[1,2,3]"], constraints: []),
      Family(
        name: "geopoint-object", field: field("geopoint", "object"),
        values: [#"{"lon": 100.79, "lat": 22.01}"#, #"{"lon": 1}"#, #"{"lon": 181, "lat": 0}"#, "[1,2]"],
        constraints: []),
      Family(
        name: "geojson", field: field("geojson"),
        values: [
          #"{"type":"Point","coordinates":[1,2]}"#, #"{"type":"Point","coordinates":[1]}"#, "{}", "x",
          #"{"type":"Feature","geometry":null,"properties":null}"#,
          #"{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,0]]]}"#,
        ], constraints: []),
      Family(
        name: "topojson", field: field("geojson", "topojson"),
        values: [#"{"type":"Topology","objects":{},"arcs":[]}"#, "{}", "x"], constraints: []),
    ]
  }

  private var tables: [ComparedTable] {
    families.flatMap { family in
      ([[:]] + family.constraints).enumerated().map { place, constraints in
        var field = family.field
        field["name"] = "v"
        if !constraints.isEmpty { field["constraints"] = constraints }
        let key: [String: Any] = ["name": "id", "type": "integer"]
        return ComparedTable(
          name: "\(family.name)-\(place)", schema: ["$schema": Self.version, "fields": [key, field]],
          header: ["id", "v"],
          rows: family.values.enumerated().map { [String($0 + 1), $1] })
      }
    }
  }

  /// Values of which the two programs judge differently, in every table of the family, and why.
  static let differences: [(family: String, value: String, reason: String)] = [
    ("year", "20222", "XML Schema's gYear, to which the standard refers, has four digits or more; theirs has four")
  ]

  @Test func eachTypeFormatAndConstraintIsJudgedAlike() throws {
    let tables = tables
    let comparison = try Comparison(tables)
    var explained: Set<String> = []
    var unexplained: [String] = []
    for fault in comparison.ours.symmetricDifference(comparison.theirs).sorted() {
      let isOurs = comparison.ours.contains(fault)
      let family = String(fault.table[..<(fault.table.lastIndex(of: "-") ?? fault.table.endIndex)])
      let value = tables.first { $0.name == fault.table }.flatMap { table in
        table.rows.indices.contains(fault.record - 1) ? table.rows[fault.record - 1][1] : nil
      }
      let known = Self.differences.first { $0.family == family && $0.value == value }
      if let known {
        explained.insert("\(known.family) \(known.value)")
      } else {
        unexplained.append("\(isOurs ? "ours only" : "theirs only"): \(fault) \(value ?? "")")
      }
    }
    let cells = tables.reduce(0) { $0 + $1.rows.count }
    print("compared: \(tables.count) tables, \(cells) values, \(comparison.theirs.count) faults of theirs")
    #expect(unexplained == [], "\(unexplained.joined(separator: "\n"))")
    #expect(explained.count == Self.differences.count, "some differences are gone: \(explained.sorted())")
    #expect(comparison.theirs.count > 300)
  }

  /// Real tables, with constraints that some of their records break.
  private var realTables: [(name: String, file: String, fields: [[String: Any]])] {
    [
      (
        "sanfrancisco", "inspections-lives-sanfrancisco/data/inspections.csv",
        [
          ["name": "business_id", "type": "integer", "constraints": ["minimum": "100"]],
          ["name": "score", "type": "integer", "constraints": ["minimum": "60", "maximum": "99"]],
          ["name": "date", "type": "date", "format": "%Y%m%d", "constraints": ["minimum": "20131201"]],
          ["name": "type", "type": "string", "constraints": ["enum": ["routine"]]],
        ]
      ),
      (
        "tainan", "tw-labor-inspections/data/tainan/history.csv",
        [
          ["name": "dt_exe", "type": "date", "constraints": ["maximum": "2015-06-30"]],
          ["name": "doc_id", "type": "string"],
          ["name": "corp", "type": "string", "constraints": ["maxLength": 20]], ["name": "boss", "type": "string"],
          ["name": "law", "type": "list", "delimiter": ";", "constraints": ["maxLength": 2]],
          ["name": "cnt_action", "type": "integer"],
          ["name": "cnt_rule", "type": "integer", "constraints": ["enum": ["1", "2"]]],
        ]
      ),
      (
        "divisions", "cn-administrative-divisions/data/areas.csv",
        [
          ["name": "code", "type": "integer", "constraints": ["exclusiveMaximum": "650000"]],
          ["name": "name", "type": "string", "constraints": ["minLength": 3, "pattern": ".*[区县市旗]"]],
          ["name": "cityCode", "type": "yearmonth"],
          ["name": "provinceCode", "type": "boolean", "trueValues": ["11"], "falseValues": ["53"]],
        ]
      ),
    ]
  }

  @Test(.enabled(if: RealData.isPresent, "no real data beside the package"))
  func realTablesAreJudgedAlike() throws {
    let tables = realTables.map { name, file, fields in
      ComparedTable(
        name: name, schema: ["$schema": Self.version, "fields": fields], header: [], rows: [], file: RealData.file(file)
      )
    }
    let comparison = try Comparison(tables)
    // Of each rule and file we list the first thousand faults.
    let capped = Dictionary(grouping: comparison.ours) { "\($0.table) \($0.rule)" }.filter { $0.value.count >= 1000 }
    func isListed(_ fault: ComparedFault) -> Bool {
      guard let listed = capped["\(fault.table) \(fault.rule)"] else { return true }
      return fault.record <= listed.map(\.record).max() ?? 0
    }
    let different = comparison.ours.symmetricDifference(comparison.theirs.filter(isListed))
    print(
      "compared: \(tables.count) real tables, \(comparison.theirs.count) faults of theirs, \(comparison.ours.count) of ours listed"
    )
    #expect(different.sorted().prefix(20) == [])
    #expect(comparison.theirs.count > 2000 && !comparison.ours.isEmpty)
  }
}
