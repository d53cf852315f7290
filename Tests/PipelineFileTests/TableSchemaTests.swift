import Campaign
import Diagnostics
import PipelineFile
import Testing

/// A source whose schema stands in a file.
private func source(schema: String, others: [String: String] = [:], resource: String = "", more: String = "") -> (
  source: SourceDefinition?, messages: String
) {
  let text = """
    fieldtally: 1
    campaign: {id: c}
    codelists: {method: m.csv}
    roster: {units: u.csv}
    sources:
      - {name: other, files: inbox/o.csv, fields: [{name: id}, {name: n, type: integer}]}
      - {name: a, files: inbox/a.csv, schema: "s/d.json\(resource)"\(more)}
    """
  var files = others
  files["s/d.json"] = schema
  let loaded = load(text, files)
  return (loaded.definition?.sources.last, messages(loaded.diagnostics))
}

@Suite struct DescriptorTests {
  private static let fields = #""fields": [{"name": "a", "type": "string"}, {"name": "b", "type": "integer"}]"#

  @Test(arguments: [
    ("{\(fields)}", ""),
    (
      #"{"name": "t", "type": "table", "path": "t.csv", "scheme": "file", "format": "csv", "mediatype": "text/csv","#
        + #" "encoding": "utf-8", "schema": {\#(fields)}}"#, ""
    ),
    (#"{"name": "p", "resources": [{"name": "t", "path": "t.csv", "schema": {\#(fields)}}]}"#, ""),
    (
      #"{"resources": [{"name": "x", "path": "x.csv", "schema": {"fields": [{"name": "q"}]}},"#
        + #" {"name": "t", "schema": {\#(fields)}}]}"#, "#t"
    ),
    (#"{"resources": [{"name": "t", "path": "t.csv", "schema": "t.json"}]}"#, ""),
  ]) func descriptorsOfOtherToolsAreReadAsTheyAre(text: String, resource: String) throws {
    let (source, messages) = source(schema: text, others: ["s/t.json": "{\(Self.fields)}"], resource: resource)
    #expect(source?.fields.map(\.name) == ["a", "b"], "\(messages)")
    #expect(source?.fields.map(\.type) == [.string, .integer])
    #expect(messages.isEmpty)
  }

  @Test func theResourceMustBeNamedWhereThereAreSeveral() {
    let resources = ["x", "y"].map { #"{"name": "\#($0)", "schema": {\#(Self.fields)}}"# }.joined(separator: ",")
    for resource in ["", "#z"] {
      let (source, messages) = source(schema: "{\"resources\": [\(resources)]}", resource: resource)
      #expect(source == nil)
      #expect(messages.contains("pipeline.yaml:7:") && messages.contains("s/d.json#x, s/d.json#y"), "\(messages)")
    }
  }
}

@Suite struct KeyTests {
  private func schema(_ key: String) -> String {
    #"{"fields": [{"name": "a"}, {"name": "b"}], "foreignKeys": [\#(key)]}"#
  }

  @Test(arguments: [
    (#"{"fields": "a", "reference": {"resource": "", "fields": "b"}}"#, ForeignKey.Target.source("a"), ["b"]),
    (#"{"fields": ["a"], "reference": {"fields": ["b"]}}"#, .source("a"), ["b"]),
    (#"{"fields": ["a"], "reference": {"resource": "self", "fields": ["a"]}}"#, .source("a"), ["a"]),
    (
      #"{"fields": ["a", "b"], "reference": {"resource": "other", "fields": ["id", "n"]}}"#, .source("other"),
      ["id", "n"]
    ),
    (#"{"fields": "a", "reference": {"resource": "units", "fields": "code"}}"#, .units, ["code"]),
    (#"{"fields": "a", "reference": {"resource": "method", "fields": "code"}}"#, .codeList("method"), ["code"]),
  ]) func foreignKeysFindTheirTargets(key: String, target: ForeignKey.Target, fields: [String]) throws {
    let (source, messages) = source(schema: schema(key))
    let found = try #require(source?.foreignKeys.first, "\(messages)")
    #expect(found.target == target && found.targetFields == fields)
  }

  @Test(arguments: [
    (#"{"fields": "a", "reference": {"resource": "othr", "fields": "id"}}"#, "Did you mean other?"),
    (#"{"fields": "a", "reference": {"resource": "other", "fields": "idd"}}"#, "id, n"),
    (#"{"fields": "a", "reference": {"resource": "teams", "fields": "code"}}"#, "units, method, other, a"),
    (#"{"fields": "a", "reference": {"resource": "method", "fields": "label"}}"#, "one of: code"),
    (#"{"fields": ["a", "b"], "reference": {"resource": "other", "fields": "id"}}"#, "as many fields"),
    (#"{"fields": "c", "reference": {"resource": "other", "fields": "id"}}"#, "one of: a, b"),
    (#"{"fields": "a"}"#, "the key reference"),
  ]) func wrongForeignKeysAreReportedWhereTheyStand(key: String, hint: String) {
    let (source, messages) = source(schema: schema(key))
    #expect(source == nil && messages.contains("s/d.json:1:") && messages.contains(hint), "\(messages)")
  }

  @Test func theFileOfAResourceIsATarget() throws {
    let package =
      #"{"resources": [{"name": "t", "schema": \#(schema(#"{"fields": "a", "reference": {"resource": "lookup", "fields": "k"}}"#))},"#
      + #" {"name": "lookup", "path": "lookup.csv"}]}"#
    let (source, messages) = source(schema: package)
    #expect(source?.foreignKeys.first?.target == .table("s/lookup.csv"), "\(messages)")
  }

  @Test func aPackageFileMayNotLeaveTheFolder() {
    let package =
      #"{"resources": [{"name": "t", "schema": \#(schema(#"{"fields": "a", "reference": {"resource": "lookup", "fields": "k"}}"#))},"#
      + #" {"name": "lookup", "path": "../../lookup.csv"}]}"#
    let (source, messages) = source(schema: package)
    #expect(source == nil && messages.contains("[pipeline-path]"), "\(messages)")
  }

  @Test func jsonSchemasAndValuesOfJSONAreKeptAsJSON() throws {
    let text =
      #"{"fields": [{"name": "o", "type": "object", "constraints": {"enum": [{"a": 1}, "{\"b\": \"1\"}"],"#
      + #" "jsonSchema": {"type": "object", "required": ["a"], "properties": {"a": {"minimum": 1, "const": "x\"y"}}}}}]}"#
    let (source, messages) = source(schema: text)
    let constraints = try #require(source?.fields.first?.constraints, "\(messages)")
    #expect(constraints.enumeration == [#"{"a":1}"#, #"{"b": "1"}"#])
    #expect(
      constraints.jsonSchema
        == #"{"type":"object","required":["a"],"properties":{"a":{"minimum":1,"const":"x\"y"}}}"#)
  }
}
