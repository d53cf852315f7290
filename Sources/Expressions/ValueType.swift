package import Campaign
package import Diagnostics

/// What kind of value an expression has.
package enum ValueType: Hashable, Sendable {
  case boolean, integer, number, text, day, instant, time
  /// By the name of its code list.
  case code(String)
  case unit, team
  /// A fault was reported: nothing more is said about it.
  case faulty

  package var words: LocalizedText {
    switch self {
    case .boolean: LocalizedText(zh: "条件（是或否）", en: "a condition (true or false)")
    case .integer, .number: LocalizedText(zh: "数", en: "a number")
    case .text: LocalizedText(zh: "文字", en: "a text")
    case .day: LocalizedText(zh: "日期（如 2022-11-03）", en: "a date (like 2022-11-03)")
    case .instant: LocalizedText(zh: "日期时间", en: "a date with a time")
    case .time: LocalizedText(zh: "时间（如 08:30）", en: "a time (like 08:30)")
    case .code(let list): LocalizedText(zh: "代码表 \(list) 的代码", en: "a code of the list \(list)")
    case .unit: LocalizedText(zh: "单位", en: "a unit")
    case .team: LocalizedText(zh: "督查组", en: "a team")
    case .faulty: LocalizedText("?")
    }
  }

  var isNumeric: Bool { self == .integer || self == .number }
  var isWord: Bool { self == .unit || self == .team }
  var isCode: Bool { if case .code = self { true } else { false } }
  /// Whether `<` means something.
  var isOrdered: Bool { self != .boolean && !isWord && !isCode }

  /// Types that are not listed are compared as text.
  private init(_ type: FieldType) {
    switch type {
    case .integer, .year: self = .integer
    case .number: self = .number
    case .boolean: self = .boolean
    case .date: self = .day
    case .datetime: self = .instant
    case .time: self = .time
    default: self = .text
    }
  }

  package init(of field: Field) {
    if let list = field.codeList {
      self = .code(list)
    } else if field.contains != nil {
      self = .boolean
    } else {
      self.init(field.type)
    }
  }
}

/// What rules may refer to beside the record.
package struct RuleEnvironment: Sendable {
  package var sources: [SourceDefinition]
  package var window: ClosedRange<Day>?
  /// The day as which the run counts itself.
  package var today: Day
  /// `nil` until the files of the code lists and the roster were read: codes and units in rules are not looked up then.
  package var lists: Lists?

  package struct Lists: Sendable {
    package var codeLists: [CodeList]
    package var roster: Roster
    package init(codeLists: [CodeList], roster: Roster) {
      self.codeLists = codeLists
      self.roster = roster
    }
  }

  package init(sources: [SourceDefinition], window: ClosedRange<Day>?, today: Day, lists: Lists? = nil) {
    self.sources = sources
    self.window = window
    self.today = today
    self.lists = lists
  }

  func codeList(_ name: String) -> CodeList? {
    name == CodeList.findingKinds.name ? CodeList.findingKinds : lists?.codeLists.first { $0.name == name }
  }
}
