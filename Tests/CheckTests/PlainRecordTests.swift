import Campaign
import Check
import Diagnostics
import Expressions
import Records
import SeededRandom
import Testing

/// Most records are accepted by a look at their values, and their rules are asked for many together. Each must come out as it
/// does when it goes the long way.
@Suite struct PlainRecordTests {
  private static let fields = [
    "id", "code", "unit", "region", "team", "day", "method", "mode", "kind", "category", "severity", "score", "text",
    "at",
  ]
  private static let rules = [
    ("problems-are-graded", "kind = 'problem'", "severity is not blank"),
    ("interviews-are-scored", "method = 'interview' and score is not blank", "score >= 10"),
    ("day-is-not-after", nil, "day <= date of at"),
    ("grade-or-score", nil, "severity is not blank or score < 90 or category in ['c1', 'c2']"),
    ("branches", nil, "if severity is blank then score < 95 else severity <= 5"),
  ]

  struct Variant: CustomTestStringConvertible, Sendable {
    var name: String
    var rules: Int = 0
    /// Whether records go the short way.
    var isShort = true
    var change: @Sendable (inout RecordBench) -> Void = { _ in }
    var testDescription: String { name }
  }

  static let variants = [
    Variant(name: "as it is"),
    Variant(name: "rules without branches", rules: 4),
    Variant(name: "rules with branches", rules: 5),
    Variant(name: "all is kept", rules: 4) {
      $0.source.writesRecords = true
      $0.source.duplicates = .reject
    },
    Variant(name: "the latest counts", rules: 5) { $0.source.duplicates = .latest(by: "at") },
    Variant(name: "no roster", isShort: false) {
      $0.roster = Roster()
      $0.campaign.window = nil
    },
    Variant(name: "constants, a date that is an instant") {
      $0.source.method = .constant("visit")
      $0.source.mode = .constant("open")
      $0.source.date = "at"
      $0.source.findings[0].kind = .constant("problem")
      $0.source.findings[0].severity = .constant("3")
      $0.source.findings.append($0.source.findings[0])
    },
    Variant(name: "units by name only") { $0.source.unit = UnitReference(name: "unit") },
    Variant(name: "units by code only") { $0.source.unit = UnitReference(code: "code") },
    Variant(name: "texts are not kept", rules: 4) { $0.campaign.output.tables = ["summary"] },
    Variant(name: "no findings") { $0.source.findings = [] },
  ]

  private static func list(_ name: String, _ codes: [String]) -> CodeList {
    CodeList(name: name, entries: codes.map { CodeList.Entry(code: $0, label: LocalizedText("名" + $0)) })
  }

  private static func bench(_ variant: Variant) throws -> RecordBench {
    var bench = RecordBench(fields) {
      $0.roster.hasUnits = true
      $0.roster.hasRegions = true
      $0.roster.hasTeams = true
      $0.roster.regions = [
        Region(code: "R1", name: .init("甲区")), Region(code: "R2", name: .init("乙区"), parent: 0),
        Region(code: "R3", name: .init("丙区"), parent: 1),
      ]
      $0.roster.units = (0..<30).map {
        Unit(code: "U\($0)", name: .init("第\($0)号单位"), aliases: ["单位\($0)"], region: $0 % 3)
      }
      $0.roster.teams = [Team(code: "T1", name: .init("一组")), Team(code: "T2", name: .init("二组"))]
      $0.campaign.window = Day(year: 2022, month: 3, day: 1)!...Day(year: 2022, month: 3, day: 31)!
      $0.codeLists = [
        list("method", ["visit", "interview"]), list("mode", ["open", "secret"]), list("category", ["c1", "c2", "c3"]),
        list("kind", ["highlight", "problem", "suggestion", "other"]),
      ]
      for name in ["method", "mode", "category", "kind"] { $0.field(name) { field in field.codeList = name } }
      $0.field("day") { $0.type = .date }
      $0.field("at") { $0.type = .datetime }
      $0.field("severity") { $0.type = .integer }
      $0.field("score") { $0.type = .number }
      $0.field("team") { $0.constraints.isRequired = true }
      $0.source.primaryKey = ["id"]
      $0.source.unit = UnitReference(code: "code", name: "unit")
      $0.source.region = "region"
      $0.source.team = "team"
      $0.source.date = "day"
      $0.source.method = .field("method")
      $0.source.mode = .field("mode")
      var finding = FindingDefinition(kind: .field("kind"), location: SourceLocation(file: "p.yaml"))
      finding.text = "text"
      finding.category = .field("category")
      finding.severity = .field("severity")
      $0.source.findings = [finding]
    }
    variant.change(&bench)
    bench.rules = rules.prefix(variant.rules).map { id, condition, require in
      var rule = RuleDefinition(
        id: id, sources: ["s"], require: ExpressionText(require),
        location: SourceLocation(file: "p.yaml"))
      rule.when = condition.map { ExpressionText($0) }
      if id == "branches" { rule.severity = .warning }
      return rule
    }
    return bench
  }

  private static func rows(_ count: Int, seed: UInt64) -> [RecordBench.Row] {
    var random = SeededGenerator(seed: seed)
    func pick(_ usual: [String?], _ odd: [String?]) -> String? {
      let words = Int.random(in: 0..<60, using: &random) == 0 ? odd : usual
      return words.randomElement(using: &random)!
    }
    return (0..<count).map { index in
      let place = Int.random(in: 0..<30, using: &random)
      let region = ["R1", "R2", "R3"][place % 3]
      var cells: [String?] = [
        pick(["I\(index)"], ["", " ", "I1"]), pick(["U\(place)", "U\(place) ", ""], ["U99", nil]),
        pick(["第\(place)号单位", "单位\(place)"], ["", "第\(place + 1)号单位", "谁"]), pick([region, "R1", ""], ["R3", "R9"]),
        pick(["T1", "二组"], ["", "三组"]), pick(["2022-03-1\(place % 10)", "2022-03-28"], ["", "2022-04-01", "x"]),
        pick(["visit", "名interview", ""], ["?"]), pick(["open", "secret"], ["", "?"]),
        pick(["problem", "名highlight", "suggestion"], ["", "other", "?"]), pick(["c1", "c2", "c3", ""], ["?"]),
        pick(["1", "5", ""], ["0", "300", "x"]), pick(["\(place * 3)", "9.5", ""], ["1e400", "x"]),
        pick(["好", "不好", "甲，乙"], ["", " "]),
        pick(["2022-03-29T10:00:00+08:00", "2022-03-31T23:30:00Z", "2022-03-18T01:00:00"], ["", "x"]),
      ]
      if index % 53 == 5 { cells.removeLast() }
      if index % 59 == 7 { cells.append("zu viel") }
      return RecordBench.Row(cells: cells)
    }
  }

  @Test(arguments: variants, [1, 63, 64, 65, 700])
  func theShortWaySaysWhatTheLongWaySays(variant: Variant, count: Int) throws {
    let bench = try Self.bench(variant)
    let plan = try bench.compile().plans[0]
    var batch = bench.batch(Self.rows(count, seed: UInt64(count)))
    batch.faults =
      count > 10 ? [.init(row: 9, diagnostic: Diagnostic(.missingCell, at: SourceLocation(file: "s")))] : []
    var short = Checker(plan)
    var long = Checker(plan, takesShortWay: false)
    // Twice: cells that were not known go the long way.
    for _ in 0..<2 {
      let (first, second) = (short.check(batch, file: 0), long.check(batch, file: 0))
      #expect(first.described == second.described)
      #expect(count < 700 || first.counts.accepted > 100 && first.counts.rejected > 10)
    }
    #expect(long.shortWays == 0)
    #expect(count < 700 || short.shortWays > 100 || !variant.isShort)
  }
}

extension SegmentChunk {
  /// All that a chunk holds, in words.
  fileprivate var described: String {
    var words = ""
    for log in [rejected, excluded, remarks] { log.forEachEntry { words += "\($0)\n" } }
    var counts = counts
    words += "\(counts.byRule.sorted { $0.key < $1.key })\n"
    counts.byRule = [:]
    let rest = Mirror(reflecting: content).children.filter {
      !["rejected", "excluded", "remarks", "counts"].contains($0.label)
    }
    #expect(rest.count > 10)
    return words + "\(counts)\n" + rest.map { "\($0.label ?? ""): \($0.value)\n" }.joined()
  }
}
