import Campaign
import Check
import Diagnostics
import Records
import Testing

/// A source over cells that stand in a batch as a reader would leave them.
private struct Bench {
  var source = SourceDefinition(name: "s", location: SourceLocation(file: "s.yaml"))
  var campaign = CampaignDefinition(id: "c")
  var roster = Roster()
  var codeLists: [CodeList] = []

  init(_ fields: [String], change: (inout Bench) -> Void = { _ in }) {
    source.fields = fields.map { Field(name: $0, location: SourceLocation(file: "s.yaml")) }
    change(&self)
  }

  mutating func field(_ name: String, _ change: (inout Field) -> Void) {
    guard let index = source.fields.firstIndex(where: { $0.name == name }) else { return }
    change(&source.fields[index])
  }

  func check(_ rows: [[String]], continued: Set<Int> = []) throws -> SegmentChunk {
    var campaign = campaign
    campaign.sources = [source]
    let plans = try CheckPlan.compile(campaign, roster: roster, codeLists: codeLists).plans
    var batch = RecordBatch()
    batch.columnOfField = source.fields.indices.map { Int32($0) }
    batch.columnCount = source.fields.count
    for (index, row) in rows.enumerated() {
      let (start, firstCell) = (batch.bytes.count, batch.cells.count)
      for cell in row {
        batch.cells.append(RecordBatch.Cell(start: batch.bytes.count, count: cell.utf8.count))
        batch.bytes += Array(cell.utf8) + [0x2C]
      }
      batch.rows.append(
        RecordBatch.Row(
          line: index + 2, rawStart: start, rawEnd: batch.bytes.count - 1, firstCell: firstCell, cellCount: row.count,
          startsRecord: !continued.contains(index)))
    }
    var checker = Checker(plans[0])
    return checker.check(batch, file: 0)
  }

  /// Rule and field of each reason, record by record.
  func reasons(_ rows: [[String]]) throws -> [[String]] {
    var reasons: [[String]] = []
    try check(rows).rejected.forEachEntry { entry in
      reasons.append(entry.reasons.map { "\($0.rule.id) \($0.field ?? "")@\($0.line):\($0.column)" })
    }
    return reasons
  }
}

@Suite struct CheckerTests {
  struct Case: CustomTestStringConvertible {
    var type: FieldType
    var cell: String
    var isAccepted: Bool
    var change: @Sendable (inout Field) -> Void = { _ in }
    var testDescription: String { "\(type) \(cell) \(isAccepted)" }
  }

  @Test(arguments: [
    Case(type: .integer, cell: " 42 ", isAccepted: true), Case(type: .integer, cell: "4.2", isAccepted: false),
    Case(type: .integer, cell: "9223372036854775808", isAccepted: false),
    Case(type: .integer, cell: "101", isAccepted: false) { $0.constraints.maximum = "100" },
    Case(type: .integer, cell: "100", isAccepted: true) { $0.constraints.maximum = "100" },
    Case(type: .number, cell: "-0.5", isAccepted: false) { $0.constraints.minimum = "0" },
    Case(type: .number, cell: "１２.5", isAccepted: true) { $0.normalizers = [.width] },
    Case(type: .date, cell: "2022-02-30", isAccepted: false), Case(type: .date, cell: "2022-11-03", isAccepted: true),
    Case(type: .date, cell: "2022年11月3日", isAccepted: false),
    Case(type: .date, cell: "2022年11月3日", isAccepted: true) { $0.format = "any" },
    Case(type: .date, cell: "2022-10-31", isAccepted: false) { $0.constraints.minimum = "2022-11-01" },
    Case(type: .boolean, cell: "是", isAccepted: false),
    Case(type: .boolean, cell: "是", isAccepted: true) { $0.normalizers = [.yesNo] },
    Case(type: .string, cell: "　", isAccepted: false) { $0.constraints.isRequired = true },
    Case(type: .string, cell: "无", isAccepted: false) {
      $0.missingValues = ["", "无"]
      $0.constraints.isRequired = true
    },
    Case(type: .string, cell: "三个字", isAccepted: true) { $0.constraints.maxLength = 3 },
    Case(type: .string, cell: "四个字了", isAccepted: false) { $0.constraints.maxLength = 3 },
    Case(type: .string, cell: "13800000000", isAccepted: true) { $0.constraints.pattern = "1[0-9]{10}" },
    Case(type: .string, cell: "1380000000", isAccepted: false) { $0.constraints.pattern = "1[0-9]{10}" },
    Case(type: .string, cell: "c", isAccepted: false) { $0.constraints.enumeration = ["a", "b"] },
    Case(type: .integer, cell: "02", isAccepted: true) { $0.constraints.enumeration = ["1", "2"] },
    Case(type: .datetime, cell: "2022-11-03T25:00:00Z", isAccepted: false),
    Case(type: .time, cell: "08:30:00", isAccepted: true), Case(type: .year, cell: "22", isAccepted: false),
  ])
  func aCellIsReadByItsField(test: Case) throws {
    let bench = Bench(["f"]) {
      $0.field("f") {
        $0.type = test.type
        test.change(&$0)
      }
    }
    let chunk = try bench.check([[test.cell]])
    #expect(chunk.counts.accepted == (test.isAccepted ? 1 : 0) && chunk.counts.records == 1)
  }

  @Test func everyReasonOfARecordIsSaidWithItsPlace() throws {
    let bench = Bench(["name", "age", "day"]) {
      $0.field("name") { $0.constraints.isRequired = true }
      $0.field("age") { $0.type = .integer }
      $0.field("day") { $0.type = .date }
    }
    #expect(
      try bench.reasons([["甲", "1", "2022-01-01"], ["", "x", "昨天"], ["乙\n丙", "y", ""], ["丁"], ["戊", "1", "", "多"]]) == [
        ["constraint-error name@3:1", "type-error age@3:2", "type-error day@3:4"], ["type-error age@5:5"],
        ["missing-cell @5:0"], ["extra-cell @6:0"],
      ])
  }

  private func rosterBench() -> Bench {
    Bench(["code", "unit", "region", "team", "date"]) {
      $0.roster.hasUnits = true
      $0.roster.hasRegions = true
      $0.roster.regions = [
        Region(code: "5328", name: .init("西双版纳州")), Region(code: "532822", name: .init("勐海县"), parent: 0),
        Region(code: "532801", name: .init("景洪市"), parent: 0),
      ]
      $0.roster.units = [
        Unit(code: "U1", name: .init("勐海县教育局"), aliases: ["县教育局（勐海）"], region: 1),
        Unit(code: "U2", name: .init("加油站"), region: 1), Unit(code: "U3", name: .init("加油站"), region: 2),
      ]
      $0.source.unit = UnitReference(code: "code", name: "unit")
      $0.source.region = "region"
      $0.source.date = "date"
      $0.source.team = "team"
      $0.field("date") { $0.type = .date }
      if let first = Day(year: 2022, month: 11, day: 1), let last = Day(year: 2022, month: 11, day: 15) {
        $0.campaign.window = first...last
      }
    }
  }

  @Test func aUnitIsFoundByCodeNameOrAlias() throws {
    let chunk = try rosterBench().check([
      ["U1", "", "", "", ""], ["", " 勐海县 教育局 ", "勐海县", "", ""], ["", "县教育局(勐海)", "5328", "", ""],
      ["U1", "写错的名称", "532822", "", "2022-11-15"],
    ])
    #expect(chunk.counts.accepted == 4 && chunk.records.unit.allSatisfy { $0.listed == 0 })
  }

  @Test(arguments: [
    (["U9", "", "", "", ""], "unit-unknown code"), (["", "无此单位", "", "", ""], "unit-unknown unit"),
    (["", "", "", "", ""], "unit-missing code"), (["", "加油站", "", "", ""], "unit-ambiguous unit"),
    (["U1", "加油站", "", "", ""], "unit-mismatch unit"), (["U1", "", "532801", "", ""], "region-mismatch region"),
    (["U1", "", "999999", "", ""], "region-unknown region"),
    (["U1", "", "", "", "2022-11-16"], "visit-outside-window date"),
  ])
  func aUnitThatIsNotCertainIsRefused(row: [String], expected: String) throws {
    let reasons = try rosterBench().reasons([row])
    #expect(reasons.count == 1 && reasons[0].count == 1 && reasons[0][0].hasPrefix(expected), "\(reasons)")
  }

  @Test func findingsComeOutOfCellsAndRows() throws {
    let bench = Bench(["unit", "bright", "faults", "kind", "text"]) {
      $0.source.findings = [
        FindingDefinition(kind: .constant("highlight"), location: SourceLocation(file: "")),
        FindingDefinition(kind: .constant("problem"), location: SourceLocation(file: "")),
        FindingDefinition(kind: .field("kind"), location: SourceLocation(file: "")),
      ]
      $0.source.findings[0].text = "bright"
      $0.source.findings[0].split = .separator(";")
      $0.source.findings[1].text = "faults"
      $0.source.findings[1].split = .numbered
      $0.source.findings[2].text = "text"
    }
    let chunk = try bench.check([
      ["甲", "a;b", "1.尘 2.噪", "建议", "c"], ["乙", "无", "", "", ""], ["丙", "", "", "其他", "d"], ["丁", "", "", "", "e"],
    ])
    #expect(chunk.counts.accepted == 2 && chunk.counts.rejected == 2)
    #expect(chunk.findings.kind == [0, 0, 1, 1, 2])
    #expect((0..<5).map { String(decoding: chunk.findingText($0), as: UTF8.self) } == ["a", "b", "尘", "噪", "c"])
    #expect(chunk.counts.findings == chunk.counts.findingsAccepted + chunk.counts.findingsInRejectedRecords)
  }

  @Test func rowsThatGoOnGiveFindingsOfOneRecord() throws {
    let bench = Bench(["no", "unit", "fault"]) {
      $0.source.continuation = ["no"]
      $0.field("unit") { $0.constraints.isRequired = true }
      $0.source.findings = [FindingDefinition(kind: .constant("problem"), location: SourceLocation(file: ""))]
      $0.source.findings[0].text = "fault"
    }
    let chunk = try bench.check([["1", "甲", "x"], ["", "", "y"], ["2", "乙", "z"]], continued: [1])
    #expect(chunk.counts.records == 2 && chunk.records.findings == [2, 1] && chunk.findings.line == [2, 3, 4])
  }

  @Test func aRecordOutsideTheScopeIsExcludedAndNotRejected() throws {
    let bench = Bench(["campaign", "n"]) {
      $0.source.only = [("campaign", ["A", "B"])]
      $0.field("n") { $0.type = .integer }
    }
    let chunk = try bench.check([["A", "1"], ["C", "2"], ["B", "x"]])
    #expect(chunk.counts.accepted == 1 && chunk.counts.excluded == 1 && chunk.counts.rejected == 1)
  }

  @Test func unitsOfRejectedRecordsAreNotAdded() throws {
    let bench = Bench(["unit", "n"]) {
      $0.source.unit = UnitReference(name: "unit", addsUnknown: true)
      $0.field("n") { $0.type = .integer }
    }
    let chunk = try bench.check([["甲", "x"], ["乙", "1"], ["丙", "y"], ["乙", "2"]])
    #expect(chunk.openWords[WordSet.unit.rawValue].map(\.name) == ["乙"])
    #expect(chunk.records.unit.map(\.open) == [0, 0])
  }

  @Test func wrongBoundsAndFormatsAreFaultsOfThePipeline() {
    let bench = Bench(["n", "d"]) {
      $0.field("n") {
        $0.type = .integer
        $0.constraints.minimum = "many"
      }
    }
    let error = #expect(throws: PlanErrors.self) { try bench.check([]) }
    #expect(error?.diagnostics.map(\.location.file) == ["s.yaml"])
  }
}
