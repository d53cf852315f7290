import Campaign
import Diagnostics

@testable import Expressions

/// A value of a test's record.
enum Cell {
  case integer(Int64)
  case number(Double)
  case text(String)
  case day(String)
  case instant(Int64, zone: Int16)
  case code(Int64)
  case truth(Bool)
  case blank, invalid
}

/// A source of fields `n: number, i: integer, j: integer, t: text, 单位: text, d: date, e: date, s: datetime, k: code list
/// method, b: boolean`, and rules that are asked of one record of it.
struct RuleBench {
  static let fields: [(name: String, type: FieldType)] = [
    ("n", .number), ("i", .integer), ("j", .integer), ("t", .string), ("单位", .string), ("d", .date), ("e", .date),
    ("s", .datetime), ("u", .datetime), ("k", .string), ("b", .boolean), ("单位 编码", .string),
  ]
  static let method = CodeList(
    name: "method",
    entries: [
      .init(code: "hear", label: LocalizedText(zh: "听取汇报", en: "Hearing")),
      .init(code: "interview", label: LocalizedText(zh: "个别访谈", en: "Interview")),
    ])

  static var source: SourceDefinition {
    var source = SourceDefinition(name: "records-a", location: SourceLocation(file: ""))
    source.fields = fields.map { name, type in
      var field = Field(name: name, location: SourceLocation(file: ""))
      field.type = type
      if name == "k" { field.codeList = "method" }
      return field
    }
    return source
  }

  static func environment(_ others: [SourceDefinition] = []) -> RuleEnvironment {
    let window = Day(year: 2022, month: 11, day: 1)!...Day(year: 2022, month: 11, day: 15)!
    return RuleEnvironment(
      sources: [source] + others, window: window, today: Day(year: 2022, month: 12, day: 1)!,
      lists: .init(codeLists: [method], roster: Roster()))
  }

  /// The faults of `require`, as `line:column rule found`.
  static func faults(_ require: String, groups: [String] = []) -> [Diagnostic] {
    var rule = RuleDefinition(
      id: "r", sources: ["records-a"], require: ExpressionText(require), location: SourceLocation(file: ""))
    rule.groups = groups.map { ExpressionText($0) }
    return RuleBook.compile([rule], environment()).faults
  }

  /// What an expression comes to: `true`, `false`, or `nil` when it cannot be decided. Traps on faults.
  static func ask(_ require: String, _ record: [String: Cell], findings: [(kind: Int64, severity: Int64)] = []) -> Bool?
  {
    let rule = RuleDefinition(
      id: "r", sources: ["records-a"], require: ExpressionText(require), location: SourceLocation(file: ""))
    let (book, faults) = RuleBook.compile([rule], environment())
    guard faults.isEmpty, let rules = book.rules(of: 0) else { fatalError("\(faults.map { $0.message(.en) })") }
    var registers = rules.layout.makeRegisters()
    for slot in rules.layout.slots {
      guard case .field(let field) = slot.source else { continue }
      registers.values[slot.register] = value(record[fields[field].name] ?? .blank, &registers)
    }
    registers.items = rules.layout.inner.map { inner in
      findings.map { RuleValue(inner.column == FindingSlot.kind.rawValue ? $0.kind : $0.severity) }
    }
    let outcome = rules.rules[0].require.run(&registers)
    return outcome.isKnown ? outcome.bits != 0 : nil
  }

  private static func value(_ cell: Cell, _ registers: inout Registers) -> RuleValue {
    switch cell {
    case .integer(let value), .code(let value): RuleValue(value)
    case .number(let value): RuleValue(value)
    case .text(let text): registers.append(text: Array(text.utf8)[...])
    case .day(let text):
      RuleValue(Int64(Self.day(text)))
    case .instant(let seconds, let zone): RuleValue(instant: seconds, zone: zone)
    case .truth(let truth): RuleValue(truth)
    case .blank: .blank
    case .invalid: .invalid
    }
  }

  static func day(_ text: String) -> Int32 {
    let parts = text.split(separator: "-").compactMap { Int($0) }
    return Day(year: parts[0], month: parts[1], day: parts[2])!.number
  }
}
