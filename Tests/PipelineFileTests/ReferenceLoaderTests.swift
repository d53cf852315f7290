import Bytes
import Campaign
import Diagnostics
import PipelineFile
import Testing

/// Rows of a table written with commas, its header in line 1.
private func rows(_ text: String) -> CellTable {
  let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    .map { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) }
  let rows = lines.dropFirst().enumerated().map { (line: $0.offset + 2, cells: $0.element) }
  return CellTable(headers: lines[0], rows: rows)
}

private func references(
  _ tables: [String: String], columns: [String: String] = [:], lists: [String] = []
) -> LoadedReferences {
  var definition = CampaignDefinition(id: "c")
  var roster = RosterDefinition()
  func table(_ name: String) -> ReferenceTable? {
    tables[name].map { _ in
      ReferenceTable(path: name, columns: columns, location: SourceLocation(file: "pipeline.yaml", line: 4, column: 9))
    }
  }
  (roster.units, roster.teams, roster.regions) = (table("units"), table("teams"), table("regions"))
  roster.decisions = table("decisions")
  definition.roster = roster
  definition.codeLists = lists.map {
    CodeListDefinition(name: $0, path: $0, location: SourceLocation(file: "pipeline.yaml", line: 7, column: 11))
  }
  return ReferenceLoader.load(definition) { path in
    guard let text = tables[path], text != "missing" else { throw NoSuchFile() }
    return rows(text)
  }
}

private let regions = "code,name,parent\n5328,西双版纳州,\n532822,勐海县,5328\n532801,景洪市,西双版纳州"

@Test func theRosterIsReadByUsualHeaders() {
  let loaded = references([
    "regions": regions,
    "teams": "代码,名称,别名\n01,第一组,一组；1组\n02,第二组,",
    "units": """
    编码,单位名称,英文名称,别名,所属地区,类型,是否计划,督查组
    007,勐海县人社局,HR Bureau,县人社局|人社局,勐海县,部门,是,一组
    ,景洪市教育局,,,532801,,否,
    ,,,,,,,
    009,,,,,,,02
    """,
  ])
  #expect(loaded.diagnostics.isEmpty, "\(messages(loaded.diagnostics))")
  let roster = loaded.roster
  #expect(roster.hasUnits && roster.hasTeams && roster.hasRegions)
  #expect(roster.regions.map(\.parent) == [nil, 0, 0])
  #expect(roster.teams[0].aliases == ["一组", "1组"])
  #expect(
    roster.units == [
      Unit(
        code: "007", name: LocalizedText(zh: "勐海县人社局", en: "HR Bureau"), aliases: ["县人社局", "人社局"], region: 1,
        type: "部门", team: 0),
      Unit(code: "", name: LocalizedText("景洪市教育局"), region: 2, isPlanned: false),
      Unit(code: "009", name: LocalizedText("009"), team: 1),
    ])
}

@Test func declaredHeadersWin() {
  let loaded = references(["units": "code,旧代码,name\n1,A1,甲\n2,A2,乙"], columns: ["code": "旧代码"])
  #expect(loaded.diagnostics.isEmpty)
  #expect(loaded.roster.units.map(\.code) == ["A1", "A2"])
}

@Test func withoutTablesTheUnitsMakeRegionsAndTeams() {
  let loaded = references(["units": "code,name,region,team\n1,甲,北区,一组\n2,乙,北区,二组"])
  #expect(loaded.diagnostics.isEmpty)
  #expect(loaded.roster.regions.map(\.name.zh) == ["北区"])
  #expect(loaded.roster.teams.map(\.name.zh) == ["一组", "二组"])
  #expect(loaded.roster.units.map(\.region) == [0, 0])
  #expect(!loaded.roster.hasRegions && !loaded.roster.hasTeams)
}

@Test func codeListsTakeLabelsFromTheirColumns() {
  let loaded = references(
    ["a": "code,zh,en,aliases\n01,访谈,Interview,谈话|个别访谈\n02,,Ledger,", "b": "code,label\nx,X"], lists: ["a", "b"])
  #expect(loaded.diagnostics.isEmpty, "\(messages(loaded.diagnostics))")
  #expect(loaded.codeLists.map(\.name) == ["a", "b"])
  let entries = loaded.codeLists[0].entries
  #expect(entries.map(\.label) == [LocalizedText(zh: "访谈", en: "Interview"), LocalizedText("Ledger")])
  #expect(entries[0].aliases == ["谈话", "个别访谈"])
  #expect(loaded.codeLists[1].entries[0].label == LocalizedText("X"))
}

private struct Row {
  var tables: [String: String]
  var file: String
  var line: Int
  var hint: String

  init(_ table: String, _ text: String, line: Int, _ hint: String, file: String? = nil) {
    tables = ["regions": regions, "teams": "code,name\n01,第一组"]
    tables[table] = text
    (self.file, self.line, self.hint) = (file ?? table, line, hint)
  }
}

@Test(arguments: [
  Row("units", "code,name\n1,甲\n1,乙", line: 3, "\"甲\" in line 2 has it too"),
  Row("units", "code,name,aliases\n,甲,x\n2,乙,y;x", line: 3, "found \"x\""),
  Row("units", "code,name\n1,甲\n,甲", line: 3, "found \"甲\""),
  Row("units", "code,name,type\n1,甲,\n,,部门", line: 3, "a code or a name"),
  Row("units", "code,name,region\n1,甲,532823", line: 2, "Did you mean 532822?"),
  Row("units", "code,name,team\n1,甲,第二组", line: 2, "Did you mean 第一组?"),
  Row("units", "code,name,planned\n1,甲,也许", line: 2, "yes or no"),
  Row("units", "编号,单位\n1,甲", line: 1, "a header that has one of"),
  Row("units", "missing", line: 4, "a table that can be opened", file: "pipeline.yaml"),
  Row("teams", "code,name\n1,甲\n1,乙", line: 3, "\"甲\" in line 2 has it too"),
  Row("regions", "code,name\n1,甲\n1,乙", line: 3, "line 2 has it too"),
  Row("regions", "code,name,parent\n1,甲,3\n2,乙,1", line: 2, "a code or name of `regions`"),
  Row("regions", "code,name,parent\n1,甲,1", line: 2, "甲 → 甲"),
  Row("regions", "code,name,parent\n1,甲,2\n2,乙,3\n3,丙,1\n4,丁,3", line: 4, "甲 → 乙 → 丙 → 甲"),
  Row("regions", "code,name,parent\n1,城关镇,\n2,城关镇,\n3,甲村,城关镇", line: 4, "several regions have this name (1, 2)"),
])
private func faultsOfReferencesNameTheirLine(row: Row) {
  let loaded = references(row.tables)
  let listing = messages(loaded.diagnostics)
  #expect(loaded.diagnostics.map(\.rule) == [.pipelineReference], "\(listing)")
  #expect(loaded.diagnostics.first?.location.file == row.file)
  #expect(loaded.diagnostics.first?.location.line == row.line, "\(listing)")
  #expect(listing.contains(row.hint), "\(listing)")
}

@Test(arguments: [
  ("code,zh\n1,甲\n1,乙", 3), ("code,zh\n1,甲\n2,甲", 3), ("code,zh,aliases\n1,甲,\n2,乙,1", 3), ("code,zh\n,甲", 2),
  ("zh\n甲", 1),
])
func faultsOfCodeListsNameTheirLine(text: String, line: Int) {
  let loaded = references(["a": text], lists: ["a"])
  #expect(loaded.diagnostics.map(\.location) == [SourceLocation(file: "a", line: line)])
}

@Test func aDeclaredHeaderMustBeThere() {
  let loaded = references(["units": "code,name\n1,甲"], columns: ["name": "单位"])
  #expect(loaded.diagnostics.map(\.location) == [SourceLocation(file: "units", line: 1, field: "单位")])
}

@Test func longListsWithManyFaultsEndQuickly() {
  let many = (0..<5_000).map { "\($0),r\($0),\($0 / 2)" }.joined(separator: "\n")
  let units = (0..<5_000).map { "u\($0),n\($0),x\($0)" }.joined(separator: "\n")
  let start = ContinuousClock.now
  let loaded = references(["regions": "code,name,parent\n" + many, "units": "code,name,region\n" + units])
  #expect(loaded.diagnostics.last?.rule == .pipelineManyFaults)
  #expect(loaded.roster.regions.allSatisfy { $0.parent ?? -1 < 5_000 })
  #expect(ContinuousClock.now - start < .seconds(60))
}

@Test func decisionsNameUnitsOfTheRoster() throws {
  let loaded = references([
    "units": "code,name,曾用名\n007,勐海县人社局,勐海县人事局|勐海县劳动局\n008,景洪市教育局,",
    "decisions": "写法,单位代码,经办人,理由,日期\n人社,007,王,电话核实,2022-11-16\n市教育局,景洪市教育局,王,,",
  ])
  #expect(loaded.diagnostics.isEmpty, "\(messages(loaded.diagnostics))")
  #expect(loaded.roster.units.map(\.formerNames) == [["勐海县人事局", "勐海县劳动局"], []])
  #expect(loaded.roster.decisions.map(\.text) == ["人社", "市教育局"] && loaded.roster.decisions.map(\.unit) == [0, 1])
  #expect(loaded.roster.decisions[1].location == SourceLocation(file: "decisions", line: 3))
}

@Test func decisionsThatDecideNothingAreFaults() {
  let loaded = references([
    "units": "code,name\n007,勐海县人社局\n008,景洪市教育局",
    "decisions": "text,unit\n人社,009\n勐海县人社局,008\n,007\n教育,008\n教育,007\n卫生,",
  ])
  #expect(loaded.diagnostics.map(\.location.line) == [2, 3, 4, 6, 7], "\(messages(loaded.diagnostics))")
  #expect(loaded.diagnostics.allSatisfy { $0.rule == .pipelineReference })
  #expect(loaded.roster.decisions.map(\.text) == ["教育"])
}

@Test func codesMayHoldForSomeTimeAndHaveWords() throws {
  let loaded = references(
    ["list": "code,zh,启用日期,valid_to,新代码,关键词\n1,某县,,2016-06-07,2,人手|编制\n2,某县,2016/6/8,,,\n3,他县,昨天,,,"],
    lists: ["list"])
  #expect(loaded.diagnostics.map { "\($0.location.line) \($0.location.field ?? "")" } == ["4 valid_from"])
  let list = try #require(loaded.codeLists.first)
  #expect(list.hasValidity && list.homonyms == [0: [1]])
  #expect(list.entries[0].successor == "2" && list.entries[0].keywords == ["人手", "编制"])
  let day = try #require(Day(year: 2016, month: 6, day: 7))
  #expect(list.isValid(0, on: day) && !list.isValid(1, on: day) && list.isValid(2, on: day))
}
