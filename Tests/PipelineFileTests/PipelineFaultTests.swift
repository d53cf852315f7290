import Diagnostics
import PipelineFile
import Testing

/// Snippets in which `⟦` stands before each place where a fault is to be reported, and the rules of these faults in order.
private struct Row: CustomTestStringConvertible {
  var text: String
  var rules: [String]
  var hint: String?

  init(_ text: String, _ rules: String..., hint: String? = nil) {
    (self.text, self.rules, self.hint) = (text, rules, hint)
  }
  var testDescription: String { text }

  func check(_ whole: String) {
    let (text, places) = unmarked(whole)
    let loaded = load(text, tables: ["units", "regions"]) { $0.contains("(") ? "unbalanced" : nil }
    let found = loaded.diagnostics
    let listing = messages(found)
    #expect(found.map(\.rule.id) == rules, "\(listing)")
    #expect(found.map { "\($0.location.line):\($0.location.column)" } == places, "\(listing)")
    #expect(found.allSatisfy { $0.location.file == "pipeline.yaml" })
    #expect(loaded.definition == nil)
    if let hint { #expect(listing.contains(hint), "\(listing)") }
  }
}

private let source = "sources: [{name: a, files: inbox/a.csv, fields: [{name: f}]}]\n"

@Test(arguments: [
  Row("⟦campaign: {id: c}\n" + source, "pipeline-missing-key", hint: "the key fieldtally"),
  Row("fieldtally: ⟦2\ncampaign: {id: c}\n" + source, "pipeline-wrong-value", hint: "expected 1"),
  Row("⟦⟦fieldtally: 1\n", "pipeline-missing-key", "pipeline-missing-key"),
  Row(
    "fieldtally: 1\n⟦campain: {id: c}\ncampaign: {id: c}\n" + source, "pipeline-unknown-key",
    hint: "Did you mean campaign?"),
  Row("fieldtally: 1\ncampaign: ⟦{}\n" + source, "pipeline-missing-key"),
  Row("fieldtally: 1\ncampaign: {id: ⟦a/b}\n" + source, "pipeline-wrong-value"),
  Row(
    "fieldtally: 1\ncampaign: {id: c, title: {zh: 中, ⟦fr: x}}\n" + source, "pipeline-unknown-key",
    hint: "one of: zh, en"),
  Row("fieldtally: 1\ncampaign: {id: c, window: ⟦2022-11-01/2022-11-31}\n" + source, "pipeline-wrong-value"),
  Row("fieldtally: 1\ncampaign: {id: c, window: ⟦2022-11-15/2022-11-01}\n" + source, "pipeline-wrong-value"),
  Row("fieldtally: 1\ncampaign: {id: c, window: ⟦2022-11-15}\n" + source, "pipeline-wrong-value"),
  Row("fieldtally: 1\ncampaign: {id: c, language: ⟦cn}\n" + source, "pipeline-unknown-name", hint: "one of: zh, en"),
  Row("fieldtally: 1\ncampaign: {id: c, tolerance: ⟦5%}\n" + source, "pipeline-wrong-type"),
  Row(
    "fieldtally: 1\ncampaign: {id: c}\nroster: {⟦unit: u.csv}\n" + source, "pipeline-unknown-key",
    hint: "Did you mean units?"),
  Row("fieldtally: 1\ncampaign: {id: c}\nroster: {units: ⟦../u.csv}\n" + source, "pipeline-path"),
  Row("fieldtally: 1\ncampaign: {id: c}\nroster: {teams: ⟦/etc/t.csv}\n" + source, "pipeline-path"),
  Row(
    "fieldtally: 1\ncampaign: {id: c}\nroster: {teams: {file: t.csv, columns: {⟦parent: p}}}\n" + source,
    "pipeline-unknown-key"),
  Row("fieldtally: 1\ncampaign: {id: c}\nroster: {teams: ⟦{columns: {code: p}}}\n" + source, "pipeline-missing-key"),
  Row("fieldtally: 1\ncampaign: {id: c}\ncodelists: ⟦[a]\n" + source, "pipeline-wrong-type"),
  Row("fieldtally: 1\ncampaign: {id: c}\ncodelists: {a: ⟦C:/x.csv}\n" + source, "pipeline-path"),
  Row(
    "fieldtally: 1\ncampaign: {id: c}\noutput: {formats: [csv, ⟦xslx]}\n" + source, "pipeline-unknown-name",
    hint: "Did you mean xlsx?"),
  Row(
    "fieldtally: 1\ncampaign: {id: c}\noutput: {tables: ⟦unit, sheet-rows: ⟦0}\n" + source,
    "pipeline-unknown-name", "pipeline-wrong-type", hint: "Did you mean units?"),
  Row("fieldtally: 1\ncampaign: {id: c}\nsources: ⟦[]\n", "pipeline-wrong-type"),
  Row("fieldtally: 1\ncampaign: {id: c}\nsources:⟦\n", "pipeline-wrong-type"),
  Row("fieldtally: 1\ncampaign: {id: c}\nsources: ⟦{name: a}\n", "pipeline-wrong-type"),
  Row("⟦fieldtally: 1\ncampaign: {id: c}\nsources: ~\n", "pipeline-missing-key"),
])
private func faultsOfTheFileAreReportedAtTheirPlace(row: Row) { row.check(row.text) }

private let delimited = """
  fieldtally: 1
  campaign: {id: c}
  sources:
    - name: a
      files: inbox/a.csv
      fields: [{name: unit}, {name: visit_date, type: date}, {name: problem}]

  """

@Test(arguments: [
  Row("⟦fill_down: [unit]", "pipeline-unknown-key", hint: "Did you mean fill-down?"),
  Row("fill-down: [⟦units]", "pipeline-unknown-name", hint: "Did you mean unit?"),
  Row("fill-down: [unit, ⟦unit]", "pipeline-repeated-name"),
  Row("fill-down: unit\n    continue-when-blank: [⟦unit]", "pipeline-wrong-value"),
  Row("unit: ⟦unti", "pipeline-unknown-name", hint: "Did you mean unit?"),
  Row("unit: ⟦{unknown: add}", "pipeline-missing-key"),
  Row("unit: {code: unit, unknown: ⟦allow}", "pipeline-unknown-name", hint: "one of: reject, add"),
  Row("date: ⟦unit", "pipeline-wrong-value"),
  Row("method: ⟦interview", "pipeline-unknown-name"),
  Row("method: ⟦{⟦valu: interview}", "pipeline-missing-key", "pipeline-unknown-key"),
  Row("team: ⟦[unit]", "pipeline-wrong-type"),
  Row("visit: ⟦no", "pipeline-wrong-type", hint: "true or false"),
  Row("records: ⟦yes", "pipeline-wrong-type"),
  Row("encoding: ⟦gb18300", "pipeline-unknown-name", hint: "Did you mean gb18030?"),
  Row("delimiter: ⟦\"\"", "pipeline-wrong-type"),
  Row("quote: ⟦\"''\"", "pipeline-wrong-value"),
  Row("quote: ⟦\",\"\n    delimiter: \",\"", "pipeline-wrong-value"),
  Row("header-rows: ⟦0", "pipeline-wrong-type"),
  Row("skip: ⟦-1", "pipeline-wrong-type"),
  Row("skip: ⟦99999999999999999999", "pipeline-wrong-type"),
  Row("format: ⟦csv", "pipeline-unknown-name"),
  Row("format: delimited\n    ⟦salvage: true", "pipeline-wrong-value"),
  Row("format: delimited\n    ⟦validate: a.xsd", "pipeline-wrong-value"),
  Row("record: /a/b\n    validate: ⟦a.dtd", "pipeline-wrong-value"),
  Row("record: /a/b\n    validate: ⟦../a.xsd", "pipeline-path"),
  Row("record: /a/b\n    limits: {⟦dept: 3}", "pipeline-unknown-key"),
  Row("record: /a/b\n    limits: {depth: ⟦300}", "pipeline-wrong-type"),
  Row("format: xforms\n    ⟦record: /a", "pipeline-wrong-value"),
  Row("record: /a\n    ⟦skip: 1", "pipeline-wrong-value"),
  Row("record: ⟦responses", "pipeline-wrong-value"),
  Row("record: ⟦//response", "pipeline-wrong-value"),
  Row("duplicates: ⟦newest", "pipeline-unknown-name"),
  Row("duplicates: {latest-by: ⟦date}", "pipeline-unknown-name"),
  Row("primary-key: [unit, ⟦x]", "pipeline-unknown-name"),
  Row("primary-key: ⟦q", "pipeline-unknown-name"),
  Row("on-finding-error: ⟦all\n    record: /a", "pipeline-unknown-name"),
  Row("findings: [{kind: ⟦problems, from: problem}]", "pipeline-unknown-name", hint: "Did you mean problem?"),
  Row("findings: [{kind: ⟦{value: x}, from: problem}]", "pipeline-unknown-name"),
  Row("findings: [⟦{from: problem}]", "pipeline-missing-key"),
  Row("findings: [{kind: problem, ⟦text: problem}]", "pipeline-unknown-key"),
  Row("findings: [{kind: problem, from: ⟦problems}]", "pipeline-unknown-name", hint: "Did you mean problem?"),
  Row("findings: [{kind: problem, from: problem, split: ⟦numberd}]", "pipeline-unknown-name", hint: "numbered"),
  Row("findings: [{kind: problem, ⟦each: x}]", "pipeline-wrong-value"),
  Row("findings: [{kind: problem, ⟦fields: [{name: x}]}]", "pipeline-wrong-value"),
  Row("record: /a\n    findings: [{kind: \"@kind\", each: ⟦/x}]", "pipeline-wrong-value"),
  Row("record: /a\n    findings: [{kind: ⟦\"@kind/x\", each: x}]", "pipeline-wrong-value"),
  Row(
    "record: /a\n    findings: [{kind: problem, each: x, fields: [{name: t}], from: ⟦text}]", "pipeline-unknown-name"),
  Row("record: /a\n    findings: [⟦{kind: problem, each: \"h:x\"}]", "pipeline-unknown-name"),
  Row("title: a\n    ⟦title: b", "pipeline-repeated-key", hint: "pipeline.yaml:7:5"),
  Row(
    "title: a\n    visit: ⟦no\n    ⟦\"title\": b\n    ⟦visit: true", "pipeline-wrong-type", "pipeline-repeated-key",
    "pipeline-repeated-key"),
])
private func faultsOfASourceAreReportedAtTheirPlace(row: Row) {
  row.check(delimited + "    " + row.text + "\n")
}

@Test(arguments: [
  Row("⟦{type: string}", "pipeline-missing-key"),
  Row("{name: f}, ⟦{name: f}", "pipeline-repeated-name"),
  Row("⟦f", "pipeline-wrong-type"),
  Row("{name: f, type: ⟦int}", "pipeline-unknown-name"),
  Row("{name: f, type: ⟦interger}", "pipeline-unknown-name", hint: "Did you mean integer?"),
  Row("{name: f, ⟦constraint: {}}", "pipeline-unknown-key", hint: "Did you mean constraints?"),
  Row("{name: f, ⟦x-alias: [g]}", "pipeline-unknown-key", hint: "Did you mean x-aliases?"),
  Row("{name: f, ⟦x-anything: [g]}", "pipeline-unknown-key"),
  Row("{name: f, type: integer, constraints: {⟦minLength: 3}}", "pipeline-wrong-value"),
  Row("{name: f, constraints: {⟦minimum: 3}}", "pipeline-wrong-value"),
  Row("{name: f, type: geopoint, constraints: {⟦minLength: 3}}", "pipeline-wrong-value"),
  Row("{name: f, type: boolean, constraints: {⟦exclusiveMaximum: 3}}", "pipeline-wrong-value"),
  Row("{name: f, type: list, constraints: {⟦jsonSchema: {}}}", "pipeline-wrong-value"),
  Row("{name: f, type: array, constraints: {jsonSchema: ⟦text}}", "pipeline-wrong-type"),
  Row("{name: f, type: geojson, format: ⟦array}", "pipeline-wrong-value"),
  Row("{name: f, type: list, itemType: ⟦lists}", "pipeline-unknown-name", hint: "string, integer"),
  Row("{name: f, ⟦delimiter: \";\"}", "pipeline-wrong-value"),
  Row("{name: f, constraints: {minLength: ⟦-3}}", "pipeline-wrong-type"),
  Row("{name: f, constraints: {minLength: 3, maxLength: ⟦2}}", "pipeline-wrong-value"),
  Row("{name: f, constraints: {required: ⟦yes}}", "pipeline-wrong-type"),
  Row("{name: f, constraints: {enum: ⟦[]}}", "pipeline-wrong-type"),
  Row("{name: f, constraints: {pattern: ⟦\"(\"}}", "pipeline-wrong-value", hint: "unbalanced"),
  Row("{name: f, constraints: {⟦exclusiveMinimun: 3}}", "pipeline-unknown-key"),
  Row("{name: f, x-extract: ⟦\"(\"}", "pipeline-wrong-value"),
  Row("{name: f, x-codelist: ⟦categroy}", "pipeline-unknown-name", hint: "Did you mean category?"),
  Row("{name: f, x-normalize: [⟦widht]}", "pipeline-unknown-name", hint: "Did you mean width?"),
  Row("{name: f, x-normalize: [⟦yes-no]}", "pipeline-wrong-value"),
  Row("{name: f, type: date, x-normalize: [⟦campaign-year]}", "pipeline-wrong-value", hint: "campaign.window"),
  Row("{name: f, type: date, format: ⟦yyyy-mm-dd}", "pipeline-wrong-value"),
  Row("{name: f, x-part: ⟦0}", "pipeline-wrong-type"),
  Row("{name: f, ⟦x-contains: a}", "pipeline-wrong-value"),
  Row("{name: f, x-separator: ⟦\";\"}", "pipeline-wrong-value"),
  Row("{name: f, x-path: ⟦a//b}", "pipeline-wrong-value"),
  Row("{name: f, x-path: ⟦\"a[0]\"}", "pipeline-wrong-value"),
  Row("{name: f, ⟦trueValues: [a]}", "pipeline-wrong-value"),
  Row("{name: f, type: boolean, trueValues: [a], falseValues: [⟦a]}", "pipeline-wrong-value"),
  Row("{name: f, ⟦decimalChar: \",\"}", "pipeline-wrong-value"),
  Row("{name: f, type: number, groupChar: ⟦.}", "pipeline-wrong-value"),
  Row("{name: f, missingValues: ⟦无}", "pipeline-wrong-type"),
  Row("{name: f, missingValues: [⟦{label: 无}]}", "pipeline-missing-key"),
  Row("{name: f, type: date, ⟦categories: [a]}", "pipeline-wrong-value"),
  Row("{name: f, title: ⟦[a]}", "pipeline-wrong-type"),
])
private func faultsOfAFieldAreReportedAtTheirPlace(row: Row) {
  row.check(
    """
    fieldtally: 1
    campaign: {id: c}
    codelists: {category: lists/c.csv}
    sources:
      - name: a
        files: inbox/*.csv
        fields: [\(row.text)]

    """)
}

@Test(arguments: [
  Row("a: [⟦", "pipeline-syntax"),
  Row("a: b\n c⟦: d", "pipeline-syntax"),
  Row("a: ⟦*b\n", "pipeline-syntax", hint: "&b before"),
  Row("a: ⟦*.csv\n", "pipeline-syntax"),
  Row("a: 中⟦\u{2028}x\n", "pipeline-syntax"),
  Row("a: 1\n⟦---\nb: 2\n", "pipeline-syntax"),
  Row("⟦", "pipeline-missing-key"),
  Row("⟦# nothing\n", "pipeline-missing-key"),
])
private func brokenYAMLIsReportedAtItsPlace(row: Row) { row.check(row.text) }

@Test func sourcesOfOneNameAreFaults() {
  let item = "{name: a, files: inbox/a.csv, fields: [{name: f}]}"
  Row("", "pipeline-repeated-name", hint: "4:12").check(
    "fieldtally: 1\ncampaign: {id: c}\nsources:\n  - \(item)\n  - \(item.replacing("name: a", with: "name: ⟦a"))\n")
}

@Test(arguments: ["a.csv", "/inbox/a.csv", "inbox/../a.csv", "inbox/", "data/inbox/a.csv"])
func patternsMustStayInTheInbox(pattern: String) {
  let loaded = load(
    "fieldtally: 1\ncampaign: {id: c}\nsources: [{name: a, files: [\(pattern)], fields: [{name: f}]}]\n")
  #expect(loaded.diagnostics.count == 1, "\(messages(loaded.diagnostics))")
}

@Test func aSchemaIsReadOnceAndItsFaultsAreToldInIt() {
  let text = """
    fieldtally: 1
    campaign: {id: c}
    sources:
      - {name: a, files: inbox/a.csv, schema: s/a.yaml, unit: nowhere}
      - {name: b, files: inbox/b.csv, schema: s/a.yaml}
      - {name: c, files: inbox/c.csv, schema: s/missing.yaml, unit: x}
    """
  let loaded = load(text, ["s/a.yaml": "fields:\n  - {name: f, type: text}\n  - {name: g}\n"])
  let places = loaded.diagnostics.map { "\($0.location.description) \($0.rule.id)" }
  #expect(places == ["pipeline.yaml:6:43 pipeline-reference", "s/a.yaml:2:21 pipeline-unknown-name"])
}

@Test func aMissingPipelineIsAFault() {
  let loaded = load(files: [:])
  #expect(loaded.definition == nil)
  #expect(loaded.diagnostics.map(\.rule) == [.pipelineUnreadable])
}

@Test(arguments: [
  (Array("fieldtally: 1\ncampaign: {id: c, title: ".utf8) + [0xD6, 0xD0, 0xCE, 0xC4, 0x7D], 2),
  ([0xFF, 0xFE, 0x66, 0x00], 1),
])
func otherEncodingsAreNamed(bytes: [UInt8], line: Int) {
  let loaded = load(files: ["pipeline.yaml": bytes])
  #expect(loaded.diagnostics.map(\.rule) == [.pipelineNotUTF8])
  #expect(loaded.diagnostics.first?.location.line == line)
}

/// Each mapping of the language with a key that it does not have: the message lists those that it has.
@Test(arguments: [
  "zzzzzz: 1", "campaign: {zzzzzz: 1}", "roster: {zzzzzz: 1}", "output: {zzzzzz: 1}", "sources: [{zzzzzz: 1}]",
  "roster: {units: {file: a, columns: {zzzzzz: 1}}}", "sources: [{findings: [{zzzzzz: 1}]}]",
  "sources: [{fields: [{name: a, constraints: {zzzzzz: 1}}]}]", "sources: [{fields: [{x-zzzzzz: 1}]}]",
  "sources: [{unit: {zzzzzz: 1}}]", "sources: [{schema: {x-zzzzzz: 1}}]",
])
func everyKeyIsDocumented(text: String) throws {
  let documentation = try documentation().text
  let unknown = load(text).diagnostics.filter { $0.rule == .pipelineUnknownKey }
  #expect(unknown.count == 1)
  let keys = try #require(unknown.first?.arguments.first).text(.en).split(separator: ", ")
  #expect(!keys.isEmpty)
  for key in keys {
    let ways = ["`\(key)`", ".\(key)`", "`\(key).", "\(key):"]
    #expect(ways.contains { documentation.contains($0) }, "\(key)")
  }
}
