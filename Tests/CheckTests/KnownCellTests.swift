import Bytes
import Campaign
import Check
import Diagnostics
import Records
import SeededRandom
import Testing

/// What a cell came to is remembered and looked up by its bytes, and rows are read in blocks. Neither may change anything: each
/// record comes out as it does when nothing was read before it.
@Suite struct KnownCellTests {
  private static let fields = [
    "code", "unit", "region", "team", "day", "at", "n", "share", "kind", "flag", "note", "must", "replaced",
  ]

  private static func bench() -> RecordBench {
    RecordBench(fields) {
      $0.roster.hasUnits = true
      $0.roster.hasRegions = true
      $0.roster.hasTeams = true
      $0.roster.regions = [Region(code: "R1", name: .init("甲区")), Region(code: "R2", name: .init("乙区"), parent: 0)]
      $0.roster.units = (0..<300).map { place in
        Unit(
          code: "U\(place)", name: .init("第\(place)号很长很长很长的单位名称"), aliases: ["单位\(place)"], region: place % 2)
      }
      $0.roster.units.append(Unit(code: "X1", name: .init("同名"), region: 0))
      $0.roster.units.append(Unit(code: "X2", name: .init("同名"), region: 1))
      $0.roster.teams = [Team(code: "T1", name: .init("一组")), Team(code: "T2", name: .init("二组"))]
      $0.source.unit = UnitReference(code: "code", name: "unit")
      $0.source.region = "region"
      $0.source.team = "team"
      $0.source.date = "day"
      $0.source.writesRecords = true
      $0.source.duplicates = .reject
      $0.campaign.window = Day(year: 2022, month: 1, day: 1)!...Day(year: 2022, month: 12, day: 31)!
      $0.codeLists = [
        CodeList(
          name: "kind",
          entries: [
            CodeList.Entry(code: "a", label: LocalizedText("甲类")),
            CodeList.Entry(code: "b", label: LocalizedText("乙类")),
          ])
      ]
      var finding = FindingDefinition(kind: .constant("problem"), location: SourceLocation(file: "p.yaml"))
      finding.text = "note"
      finding.split = .separator(";")
      finding.category = .field("kind")
      $0.source.findings = [finding]
      $0.field("code") { $0.normalizers = [.width] }
      $0.field("day") {
        $0.type = .date
        $0.format = "any"
        $0.normalizers = [.width]
      }
      $0.field("at") { $0.type = .datetime }
      $0.field("n") {
        $0.type = .integer
        $0.normalizers = [.width]
        $0.constraints.maximum = "500"
      }
      $0.field("share") { $0.type = .number }
      $0.field("kind") { $0.codeList = "kind" }
      $0.field("flag") {
        $0.type = .boolean
        $0.normalizers = [.yesNo]
        $0.missingValues = ["", "无", "/"]
      }
      $0.field("must") { $0.constraints.isRequired = true }
      $0.field("replaced") { $0.normalizers = [.width, .space] }
    }
  }

  /// Cells as they are handed in: few values and many, right and wrong, empty, at all lengths around those of the words that
  /// are compared.
  private static func cell(_ field: String, _ random: inout SeededGenerator) -> String? {
    let place = Int.random(in: 0..<300, using: &random)
    let isOdd = Int.random(in: 0..<40, using: &random) == 0
    if isOdd, Bool.random(using: &random) { return ["", " ", "　", "无", nil].randomElement(using: &random)! }
    switch field {
    case "code":
      return isOdd ? "U9999" : ["U\(place)", " U\(place)", "Ｕ\(place)", ""].randomElement(using: &random)!
    case "unit": return isOdd ? ["没有的", "同名", "单位\(place)"].randomElement(using: &random)! : ""
    case "region": return isOdd ? ["R9", "R1", "甲区"].randomElement(using: &random)! : "R2"
    case "team": return isOdd ? "三组" : ["T1", "一组", "二组 "].randomElement(using: &random)!
    case "day":
      return isOdd
        ? "2021-01-01" : ["2022-03-1\(place % 10)", "２０２２年3月\(1 + place % 31)日"].randomElement(using: &random)!
    case "at": return "2022-03-04T05:\(10 + place % 50):\(isOdd ? 99 : 10 + place % 50)Z"
    case "n":
      return isOdd
        ? ["x", "501"].randomElement(using: &random)!
        : [String(place), "１\(place % 100)"].randomElement(using: &random)!
    case "share": return isOdd ? "1,5,5" : ["0.\(place)", "-1"].randomElement(using: &random)!
    case "kind": return isOdd ? "c" : ["a", "b", "甲类"].randomElement(using: &random)!
    case "flag": return isOdd ? "?" : ["是", "否", "true", "/"].randomElement(using: &random)!
    case "must": return String(repeating: "长", count: place % 15) + String(repeating: "x", count: 1 + place % 4)
    default:
      let length = [7, 8, 9, 15, 16, 17, 31, 32, 33, 39, 40, 41].randomElement(using: &random)!
      return String(repeating: ["a", "ａ"].randomElement(using: &random)!, count: length / 3) + " \(place % 3)"
    }
  }

  private static func rows(_ count: Int, seed: UInt64) -> [RecordBench.Row] {
    var random = SeededGenerator(seed: seed)
    return (0..<count).map { index in
      var cells = fields.map { cell($0, &random) }
      if index % 37 == 5 { cells.removeLast() }
      if index % 41 == 7 { cells.append("zu viel") }
      return RecordBench.Row(cells: cells)
    }
  }

  private struct Outcome: Equatable {
    var units: [Int32] = []
    var teams: [Int32] = []
    var days: [Int32] = []
    var values: [[String]] = []
    var findings: [String] = []
    var rejected: [String] = []
    var accepted = 0

    mutating func add(_ chunk: SegmentChunk) {
      units += chunk.records.unit.map(\.rawValue)
      teams += chunk.records.team.map(\.rawValue)
      days += chunk.records.day
      for record in 0..<chunk.records.count { values.append(chunk.values(record)) }
      findings += zip(chunk.findingTexts, chunk.findings.category).map { "\($0) \($1.rawValue)" }
      chunk.rejected.forEachEntry { entry in
        // Without the nearest names, which are sought for the first unknown words of a batch.
        let reasons = entry.reasons.map { "\($0.rule.id) \($0.field ?? "") \($0.line):\($0.column) \($0.found)" }
        rejected.append("\(entry.number) \(entry.id) \(entry.unit ?? -1) \(entry.findings) \(reasons)")
      }
      accepted += chunk.counts.accepted
    }
  }

  @Test(arguments: [(1, UInt64(1)), (63, 2), (64, 3), (65, 4), (128, 5), (900, 6), (900, 7), (3000, 8)])
  func whatWasReadBeforeChangesNothing(count: Int, seed: UInt64) throws {
    let bench = Self.bench()
    let batch = bench.batch(Self.rows(count, seed: seed), before: "\"")
    let plan = try bench.compile().plans[0]
    var alone = Outcome()
    for (place, row) in batch.rows.enumerated() {
      var one = batch
      one.rows = [row]
      one.firstRecord = place + 1
      var checker = Checker(plan)
      alone.add(checker.check(one, file: 0))
    }
    var checker = Checker(plan)
    var together = Outcome()
    together.add(checker.check(batch, file: 0))
    #expect(together == alone)
    #expect(count < 64 || alone.accepted > 0 && !alone.rejected.isEmpty)
    // Once more, when all that can be known is known, and columns that never repeat are known to.
    var again = Outcome()
    again.add(checker.check(batch, file: 0))
    #expect(again == alone)
  }

  /// More different cells than are remembered.
  @Test func manyDifferentCellsAreStillRead() throws {
    let bench = RecordBench(["n", "m"]) {
      $0.field("n") { $0.type = .integer }
      $0.field("m") { $0.type = .integer }
      $0.source.writesRecords = true
    }
    var checker = Checker(try bench.compile().plans[0])
    for round in 0..<20 {
      // Half of the column repeats, so it is remembered.
      let numbers = (0..<4000).map { $0 % 2 == 0 ? $0 : round * 4000 + $0 }
      let chunk = checker.check(bench.batch(numbers.map { .init(cells: [String($0), "7"]) }), file: 0)
      #expect(chunk.counts.accepted == numbers.count)
      #expect((0..<numbers.count).allSatisfy { chunk.values($0) == [String(numbers[$0]), "7"] })
    }
  }
}
