import Campaign
import Diagnostics
import PipelineFile
import Testing

@Test func theExampleOfTheDocumentationLoads() throws {
  let loaded = load(try documentation().example, ["schemas/interviews.yaml": interviews])
  #expect(loaded.diagnostics.isEmpty, "\(messages(loaded.diagnostics))")
  let campaign = try #require(loaded.definition)
  #expect(campaign.id == "xsbn-2022-11")
  #expect(campaign.title == LocalizedText(zh: "全州人才工作专项督查", en: "Special inspection of talent work"))
  #expect(campaign.window?.lowerBound.text == "2022-11-01")
  #expect(campaign.window?.upperBound.text == "2022-11-15")
  #expect(campaign.roster?.regions?.columns == ["code": "代码", "name": "名称", "parent": "上级"])
  #expect(campaign.roster?.units?.path == "reference/units.csv")
  #expect(campaign.codeLists.map(\.name) == ["method", "category"])
  #expect(campaign.output.formats == [.csv, .json, .xlsx])
  #expect(campaign.output.sheetRows == 200_000)
  let source = try #require(campaign.sources.first)
  #expect(source.files == ["inbox/**/访谈台账*.csv"])
  #expect(source.unit == UnitReference(name: "unit"))
  #expect(source.method == .field("method"))
  #expect(source.fillDown == ["unit", "visit_date"])
  #expect(source.primaryKey == ["unit", "visit_date"])
  #expect(source.duplicates == .latest(by: nil))
  #expect(source.isVisit)
  #expect(source.findings.map(\.kind) == [.constant("highlight"), .constant("problem")])
  #expect(source.findings.map(\.text) == ["highlights", "problems"])
  #expect(source.findings[1].category == .field("problem_category"))
  #expect(source.findings[1].split == .numbered)
  let fields = source.fields
  #expect(fields[0].missingValues == ["", "无", "/"])
  #expect(fields[0].aliases == ["单位名称", "被访单位"])
  #expect(fields[2].normalizers == [.width, .excelSerial, .campaignYear])
  #expect(fields[2].constraints.minimum == "2022-11-01")
  #expect(fields[7].missingValues == ["缺"])
}

private let head = """
  fieldtally: 1
  campaign: {id: c}
  codelists: {category: lists/category.csv}
  sources:
    - name: answers
      files: [inbox/*.xml, "inbox/**/*.XML"]
      fields: [{name: id, x-path: "@id"}, {name: unit, x-path: unit/@code}, {name: day, type: date}, {name: sum}]

  """

@Test func everySourceKeyIsRead() throws {
  let text =
    head + """
          record: /responses/*
          namespaces: {h: "http://www.w3.org/1999/xhtml"}
          salvage: true
          validate: forms/x.xsd
          limits: {depth: 20, text: 1000}
          encoding: GB_18030
          unit: {code: id, name: unit, unknown: add}
          date: day
          region: unit
          team: sum
          method: {value: 0123}
          mode: id
          visit: false
          primary-key: id
          duplicates: {latest-by: day}
          on-finding-error: finding
          records: true
          findings:
            - {each: finding, kind: "@kind", category: "@category", severity: {value: 3}, from: "."}
            - {each: h:findings/finding, fields: [{name: k}, {name: t, x-path: h:text}], kind: k, from: t, split: ";"}
      output: {formats: [csv], tables: units, sheet-rows: 10}
      """
  let loaded = load(text)
  #expect(loaded.diagnostics.isEmpty, "\(messages(loaded.diagnostics))")
  let source = try #require(loaded.definition?.sources.first)
  guard case .xml(let options) = source.format else { throw NoSuchFile() }
  #expect(options.record == "/responses/*")
  #expect(options.namespaces == ["h": "http://www.w3.org/1999/xhtml"])
  #expect(options.salvagesBroken)
  #expect(options.schema?.path == "forms/x.xsd" && options.limits == ["depth": 20, "text": 1000])
  #expect(source.encoding == "GB_18030")
  #expect(source.unit == UnitReference(code: "id", name: "unit", addsUnknown: true))
  #expect(source.method == .constant("0123"))
  #expect(source.mode == .field("id"))
  #expect(!source.isVisit)
  #expect(source.primaryKey == ["id"])
  #expect(source.duplicates == .latest(by: "day"))
  #expect(source.rejectsFindingsAlone)
  #expect(source.writesRecords)
  #expect(loaded.definition?.output.tables == ["units"])
  let short = source.findings[0]
  #expect(short.fields.map(\.name) == ["kind", "category", "text"])
  #expect(short.fields.map(\.path) == ["@kind", "@category", "."])
  #expect(short.fields.map(\.codeList) == [nil, "category", nil])
  #expect(short.kind == .field("kind"))
  #expect(short.severity == .constant("3"))
  #expect(source.findings[1].split == .separator(";"))
}

@Test func scalarsAreTextAsWritten() throws {
  let text = """
    fieldtally: 1
    campaign: {id: 0123, title: no}
    sources:
      - name: on
        files: inbox/a.csv
        delimiter: \\t
        fields:
          - {name: 2022-11-01, type: boolean, trueValues: [yes, 是, 0x1], falseValues: [no, ~x]}
          - {name: null_, title: 1e3, missingValues: [null, "", 1_000]}
    """
  let loaded = load(text)
  #expect(loaded.diagnostics.isEmpty, "\(messages(loaded.diagnostics))")
  let campaign = try #require(loaded.definition)
  #expect(campaign.id == "0123")
  #expect(campaign.title == LocalizedText("no"))
  #expect(campaign.sources[0].name == "on")
  guard case .delimited(let options) = campaign.sources[0].format else { throw NoSuchFile() }
  #expect(options.delimiter == "\t")
  #expect(campaign.sources[0].fields[0].name == "2022-11-01")
  #expect(campaign.sources[0].fields[0].trueValues == ["yes", "是", "0x1"])
  #expect(campaign.sources[0].fields[1].title == LocalizedText("1e3"))
  #expect(campaign.sources[0].fields[1].missingValues == ["null", "", "1_000"])
}

@Test func bothVersionsOfTableSchemaAreReadFromJSON() throws {
  let schema = """
    {"$schema": "https://datapackage.org/profiles/2.0/tableschema.json", "fieldsMatch": ["subset"],
    \t"missingValues": [{"value": "-99", "label": "not asked"}, ""], "primaryKey": "a",
    \t"foreignKeys": [], "uniqueKeys": [["a"]],
     "fields":[{"name":"a","type":"string","description":"\\u4e2d","rdfType":"x","example":1,
       "categories":[{"value":"x","label":"X"},"y"],"constraints":{"required":true}},{"name":"b","format":null}]}
    """
  let text = """
    fieldtally: 1
    campaign: {id: c}
    sources: [{name: a, files: inbox/a.csv, schema: s.json}, {name: b, files: inbox/b.csv, schema: s.json}]
    """
  let loaded = load(text, ["s.json": schema])
  #expect(loaded.diagnostics.isEmpty, "\(messages(loaded.diagnostics))")
  let source = try #require(loaded.definition?.sources.last)
  #expect(source.uniqueKeys == [["a"]] && source.fieldsMatch == .subset && source.foreignKeys.isEmpty)
  #expect(source.primaryKey == ["a"])
  #expect(source.fields[0].constraints.enumeration == ["x", "y"])
  #expect(source.fields[1].missingValues == ["-99", ""])
  #expect(source.fields[1].format == "default")
}

@Test func aliasesStandForWhatTheyName() throws {
  let text = """
    fieldtally: 1
    campaign: {id: c, title: 2 * 3}
    sources:
      - &first {name: a, files: inbox/*a*.csv, fields: &fields [{name: f, missingValues: &blank ["*", 无]}]}
      - {name: b, files: inbox/b.csv, fields: *fields, primary-key: f}
    """
  let loaded = load(text)
  #expect(loaded.diagnostics.isEmpty, "\(messages(loaded.diagnostics))")
  #expect(loaded.definition?.title == LocalizedText("2 * 3"))
  #expect(loaded.definition?.sources[0].files == ["inbox/*a*.csv"])
  #expect(loaded.definition?.sources[1].fields[0].missingValues == ["*", "无"])
}

@Test func aByteOrderMarkAndCarriageReturnsDoNotMovePlaces() throws {
  let (text, places) = unmarked("fieldtally: 1\ncampaign: {id: c}\n\"中\": 1\nsources: []\n中文: ⟦[]\n⟦x: 2\n")
  for newline in ["\n", "\r\n", "\r"] {
    let bytes = [0xEF, 0xBB, 0xBF] + Array(text.replacing("\n", with: newline).utf8)
    let unknown = load(files: ["pipeline.yaml": bytes]).diagnostics.filter { $0.rule == .pipelineUnknownKey }
    #expect(unknown.map { "\($0.location.line):\($0.location.column)" } == ["3:1", "5:1", places[1]])
  }
}
