import Campaign
import Diagnostics
import Records
import Tables

/// What the checks found: remarks about records, whose places are looked up at the end in one pass, and tables.
struct CheckReport {
  private struct Pending {
    var rule: Rule
    var ordinal: Int
    var field: String?
    var found: String
    var expected: LocalizedText
    /// A record that is named beside it.
    var other: Int?
  }
  private let input: FieldCheckInput
  let lists: WordLists
  private var rule: Rule
  private var keptOfRule = 0
  private var pending: [Pending] = []
  private var remarks = RemarkLog()
  private(set) var tables: [Table] = []
  /// Remarks of one check whose places are looked up; all are counted.
  private static let limit = 10_000

  init(_ input: FieldCheckInput, _ lists: WordLists) {
    self.input = input
    self.lists = lists
    rule = Rule(
      id: "", severity: .note, title: LocalizedText(""), expected: LocalizedText(""), fix: LocalizedText(""))
  }

  var language: Language { input.language }

  mutating func begin(_ check: Int) {
    let definition = input.checks[check]
    rule = Rule(
      id: definition.name, severity: definition.severity, title: definition.message ?? definition.kind.title,
      expected: LocalizedText("{0}"), fix: LocalizedText(""))
    keptOfRule = 0
  }

  /// Notes something about a record.
  ///
  /// - Parameter other: a record whose place is named behind `expected`.
  mutating func add(
    _ ordinal: Int, field: String? = nil, found: String, expected: LocalizedText, other: Int? = nil
  ) {
    guard keptOfRule < Self.limit else {
      remarks.count(rule, 1)
      return
    }
    keptOfRule += 1
    pending.append(
      Pending(rule: rule, ordinal: ordinal, field: field, found: found, expected: expected, other: other))
  }

  /// Notes something about a group of records.
  mutating func add(_ source: String, field: String?, found: String, expected: LocalizedText) {
    remarks.add(
      Diagnostic(
        rule, at: SourceLocation(file: source, field: field), found: found, [.word(expected)]))
  }

  mutating func add(_ table: Table) { tables.append(table) }

  func name(_ group: GroupName) -> (code: String, name: String) {
    switch group {
    case .text(let text): (text, "")
    case .team(let place): (lists.roster.teams[place].code, lists.roster.teams[place].name[language])
    }
  }

  /// In the order of codes or of the list, so that the same records give the same table.
  func sorted(_ groups: some Sequence<GroupName>) -> [GroupName] {
    groups.sorted { left, right in
      switch (left, right) {
      case (.team(let first), .team(let second)): first < second
      case (.text(let first), .text(let second)): first < second
      case (.team, .text): true
      case (.text, .team): false
      }
    }
  }

  mutating func publish(into result: inout Reconciliation) throws -> [Table] {
    var places: [Int: SourceLocation] = [:]
    let wanted = Set(pending.flatMap { [$0.ordinal] + ($0.other.map { [$0] } ?? []) })
    let sorted = wanted.sorted()
    var next = 0
    try input.store.forEachChunk { index, chunk in
      let start = result.chunkStart[index]
      while next < sorted.count, sorted[next] < start + chunk.records.count {
        let record = sorted[next] - start
        places[sorted[next]] = SourceLocation(
          file: input.files[chunk.file], line: Int(chunk.records.line[record]),
          record: Int(chunk.records.number[record]))
        next += 1
      }
    }
    for entry in pending {
      var place = places[entry.ordinal] ?? SourceLocation(file: "")
      place.field = entry.field
      let other = entry.other.flatMap { places[$0] }.map { $0.description } ?? ""
      let expected = LocalizedText(zh: entry.expected.zh + other, en: entry.expected.en + other)
      remarks.add(Diagnostic(entry.rule, at: place, found: entry.found, [.word(expected)]))
    }
    remarks.move(into: &result)
    return tables
  }
}

extension FieldCheckDefinition.Kind {
  var title: LocalizedText {
    switch self {
    case .duration: LocalizedText(zh: "访问时长不合常理", en: "the interview was too short or too long")
    case .overlap: LocalizedText(zh: "同一组两次走访时间重叠", en: "two visits of one team overlap in time")
    case .travel: LocalizedText(zh: "两地相距太远，来不及到达", en: "two places are too far apart for the time between")
    case .outliers: LocalizedText(zh: "数值离群", en: "a value far from the others")
    case .missing: LocalizedText(zh: "未答或“不知道”的比例过高", en: "too many answers are missing or \"don't know\"")
    case .straightLining: LocalizedText(zh: "一组题全选了同一答案", en: "the same answer to every question of a block")
    case .outsideWindow: LocalizedText(zh: "日期不在督查期内", en: "the date is outside the campaign")
    case .identicalAnswers: LocalizedText(zh: "不同编号的答卷内容完全相同", en: "identical answers under different ids")
    case .backCheck: LocalizedText(zh: "与复核结果不一致", en: "the answer differs from the back-check")
    }
  }
}

/// A number for people: at most two places.
func short(_ number: Double) -> String {
  guard number.isFinite, abs(number) < 1e15 else { return String(number) }
  let hundredths = (number * 100).rounded()
  if hundredths.truncatingRemainder(dividingBy: 100) == 0 { return String(Int(hundredths / 100)) }
  return String(hundredths / 100)
}
