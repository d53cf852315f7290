import Bytes
import Campaign
import Diagnostics

// Comparisons, arithmetic, functions: where types meet.
extension Compiler {
  // MARK: comparison

  mutating func comparison(_ comparison: Node.Comparison, _ left: Node, _ right: Node, _ depth: Int) -> Operand {
    if case .text = left.content, case .text = right.content {
    } else if case .text = left.content {
      return self.comparison(comparison.mirrored, right, left, depth)
    }
    let first = compile(left, depth)
    if case .text(let word) = right.content, first.type != .text {
      return compare(first, left, with: word, right, comparison, depth)
    }
    let second = compile(right, depth + 1)
    if first.type == .faulty || second.type == .faulty { return .faulty }
    return compare(first, left, second, right, comparison, depth)
  }

  private mutating func compare(
    _ first: Operand, _ left: Node, _ second: Operand, _ right: Node, _ comparison: Node.Comparison, _ depth: Int
  ) -> Operand {
    switch (first.type, second.type) {
    case (.integer, .integer): return emit(comparison, .exact, first, second, depth)
    case (.integer, .number), (.number, .integer), (.number, .number):
      return emit(comparison, .number, asNumber(first, depth), asNumber(second, depth + 1), depth)
    case (.text, .text): return emit(comparison, .text, first, second, depth)
    case (.code(let one), .code(let other)) where one != other:
      guard isUnordered(comparison, right) else { return .faulty }
      let texts = (codeText(one, first, depth), codeText(other, second, depth + 1))
      return emit(comparison, .text, texts.0, texts.1, depth)
    case (.code(let list), .text):
      guard isUnordered(comparison, right) else { return .faulty }
      return emit(comparison, .text, codeText(list, first, depth), second, depth)
    case (.text, .code(let list)):
      guard isUnordered(comparison, right) else { return .faulty }
      return emit(comparison, .text, first, codeText(list, second, depth + 1), depth)
    case (.unit, .text), (.team, .text), (.text, .unit), (.text, .team):
      guard isUnordered(comparison, right) else { return .faulty }
      return emit(comparison, .text, textOperand(left, depth), textOperand(right, depth + 1), depth)
    default: break
    }
    guard first.type == second.type else {
      if first.type == .day { return wrongDay(right, second.type) }
      if second.type == .day, first.type == .instant { return wrongDay(left, first.type) }
      return fault(right, first.type.words)
    }
    if !first.type.isOrdered, !isUnordered(comparison, right) { return .faulty }
    return emit(comparison, .exact, first, second, depth)
  }

  private mutating func isUnordered(_ comparison: Node.Comparison, _ right: Node) -> Bool {
    if comparison == .equal || comparison == .unequal { return true }
    fault(right, LocalizedText(zh: "= 或 !=（这里没有大小之分）", en: "= or !=: there is no order among these"))
    return false
  }

  /// A value beside a text in quotes: a code, a unit or a team that is named.
  private mutating func compare(
    _ first: Operand, _ left: Node, with word: String, _ right: Node, _ comparison: Node.Comparison, _ depth: Int
  ) -> Operand {
    switch first.type {
    case .faulty: return .faulty
    case .code(let name):
      guard isUnordered(comparison, right) else { return .faulty }
      guard let list = environment.codeList(name) else { return first.with(.boolean) }
      guard let place = list.table.find(word) else {
        return unknown(word, at: right.first, among: list.entries.map(\.code))
      }
      let constant = layout.constant(RuleValue(Int64(place)))
      return emit(comparison, .exact, first, Operand(type: first.type, register: constant), depth)
    case .unit, .team:
      guard isUnordered(comparison, right) else { return .faulty }
      guard let lists = environment.lists else { return first.with(.boolean) }
      let words = first.type == .unit ? lists.roster.unitWords : lists.roster.teamWords
      guard let words else {
        let constant = layout.constant(text: Array(word.utf8))
        return emit(
          comparison, .text, textOperand(left, depth), Operand(type: .text, register: constant), depth)
      }
      guard let place = words.firstIndex(where: { $0.contains(word) }) else {
        return unknown(word, at: right.first, among: words.compactMap(\.first))
      }
      let constant = layout.constant(RuleValue(Int64(place)))
      return emit(comparison, .exact, first, Operand(type: first.type, register: constant), depth)
    case .day: return wrongDay(right, .text)
    default: return fault(right, first.type.words)
    }
  }

  @discardableResult
  mutating func wrongDay(_ node: Node, _ type: ValueType) -> Operand {
    if type == .instant {
      return fault(
        node, ValueType.day.words,
        fix: LocalizedText(zh: "改写成 date of \(written(node))", en: "Write date of \(written(node))"))
    }
    if type == .text, case .text = node.content {
      return fault(
        node, ValueType.day.words, fix: LocalizedText(zh: "日期不加引号", en: "Write dates without quotes"))
    }
    return fault(node, ValueType.day.words)
  }

  private enum Form { case exact, number, text }

  private mutating func emit(
    _ comparison: Node.Comparison, _ form: Form, _ left: Operand, _ right: Operand, _ depth: Int
  ) -> Operand {
    if left.type == .faulty || right.type == .faulty { return .faulty }
    let operations: [Step.Operation] =
      switch form {
      case .exact: [.equal, .unequal, .below, .atMost]
      case .number: [.equalNumber, .unequalNumber, .belowNumber, .atMostNumber]
      case .text: [.equalText, .unequalText, .belowText, .atMostText]
      }
    let (first, second) = (left.register, right.register)
    switch comparison {
    case .equal: return emit(operations[0], depth, .boolean, first, second)
    case .unequal: return emit(operations[1], depth, .boolean, first, second)
    case .below: return emit(operations[2], depth, .boolean, first, second)
    case .atMost: return emit(operations[3], depth, .boolean, first, second)
    case .above: return emit(operations[2], depth, .boolean, second, first)
    case .atLeast: return emit(operations[3], depth, .boolean, second, first)
    }
  }

  private mutating func asNumber(_ operand: Operand, _ depth: Int) -> Operand {
    operand.type == .number ? operand : emit(.toNumber, depth, .number, operand.register)
  }

  // MARK: arithmetic

  mutating func arithmetic(
    _ node: Node, _ symbol: Node.Operator, _ left: Node, _ right: Node, _ depth: Int
  ) -> Operand {
    let first = compile(left, depth)
    let second = compile(right, depth + 1)
    if first.type == .faulty || second.type == .faulty { return .faulty }
    switch (first.type, symbol, second.type) {
    case (.day, .minus, .day): return emit(.subtract, depth, .integer, first.register, second.register)
    case (.day, .plus, .integer), (.day, .minus, .integer), (.integer, .plus, .day):
      let sum = emit(symbol == .plus ? .add : .subtract, depth, .day, first.register, second.register)
      return emit(.checkDay, depth, .day, sum.register)
    case (.instant, .minus, .instant):
      return fault(
        node, LocalizedText(zh: "日期或数", en: "dates or numbers"),
        fix: LocalizedText(
          zh: "改写成 minutes between A and B，或 hours、days", en: "Write minutes (or hours, days) between A and B"))
    default: break
    }
    guard first.type.isNumeric else { return fault(left, ValueType.number.words) }
    guard second.type.isNumeric else { return fault(right, ValueType.number.words) }
    if symbol == .over || first.type == .number || second.type == .number {
      let operation: Step.Operation =
        switch symbol {
        case .plus: .addNumber
        case .minus: .subtractNumber
        case .times: .multiplyNumber
        case .over: .divide
        }
      let numbers = (asNumber(first, depth), asNumber(second, depth + 1))
      return emit(operation, depth, .number, numbers.0.register, numbers.1.register)
    }
    let operation: Step.Operation = symbol == .plus ? .add : symbol == .minus ? .subtract : .multiply
    return emit(operation, depth, .integer, first.register, second.register)
  }

  mutating func negated(_ node: Node, _ depth: Int) -> Operand {
    let operand = compile(node, depth)
    switch operand.type {
    case .integer: return emit(.negate, depth, .integer, operand.register)
    case .number: return emit(.negateNumber, depth, .number, operand.register)
    case .faulty: return .faulty
    default: return fault(node, ValueType.number.words)
    }
  }

  /// Time from the first to the second: negative when they are in the other order.
  mutating func between(_ measure: Node.Measure, _ left: Node, _ right: Node, _ depth: Int) -> Operand {
    let first = compile(left, depth)
    let second = compile(right, depth + 1)
    if first.type == .faulty || second.type == .faulty { return .faulty }
    if first.type == .day, second.type == .day, measure == .days {
      return emit(.subtract, depth, .integer, second.register, first.register)
    }
    let isTimed = first.type == .instant || (first.type == .time && measure != .days)
    guard isTimed else {
      return measure == .days ? wrongDay(left, first.type) : fault(left, ValueType.instant.words)
    }
    guard first.type == second.type else { return fault(right, first.type.words) }
    let seconds = emit(.subtract, depth, .integer, second.register, first.register)
    let number = asNumber(seconds, depth)
    let unit: Double = measure == .days ? 86_400 : measure == .hours ? 3_600 : 60
    return emit(.divide, depth, .number, number.register, layout.constant(RuleValue(unit)))
  }

  // MARK: functions

  static let functions = [
    "length", "upper", "lower", "abs", "round", "year", "month", "quarter", "day", "weekday",
  ]

  mutating func call(_ node: Node, _ function: String, _ arguments: [Node], _ depth: Int) -> Operand {
    let isForm = function.hasSuffix(" of")
    guard isForm || Self.functions.contains(function) else {
      return unknown(function, at: node.start, among: Self.functions)
    }
    guard arguments.count == 1 else {
      return fault(node, LocalizedText(zh: "\(function)(一个值)", en: "\(function)(one value)"))
    }
    let argument = arguments[0]
    if ["length", "upper", "lower"].contains(function) {
      let operand = textOperand(argument, depth)
      require(.text, operand, argument)
      let operation: Step.Operation = function == "length" ? .length : function == "upper" ? .upper : .lower
      return emit(operation, depth, function == "length" ? .integer : .text, operand.register)
    }
    let operand = compile(argument, depth)
    if operand.type == .faulty { return .faulty }
    if function == "abs" || function == "round" { return numeric(function, operand, argument, depth) }
    if isForm { return form(function, operand, argument, depth) }
    if operand.type != .day { return wrongDay(argument, operand.type) }
    let part = CalendarPart.allCases.first { $0.word == function } ?? .year
    return emit(.calendarPart, depth, .integer, operand.register, part.rawValue)
  }

  private mutating func numeric(_ function: String, _ operand: Operand, _ node: Node, _ depth: Int) -> Operand {
    guard operand.type.isNumeric else { return fault(node, ValueType.number.words) }
    if operand.type == .integer {
      return function == "round" ? operand : emit(.absolute, depth, .integer, operand.register)
    }
    return emit(function == "round" ? .round : .absoluteNumber, depth, .number, operand.register)
  }

  /// `date of`, `time of`, and the periods: `quarter of D` is the first day of its quarter.
  private mutating func form(_ function: String, _ operand: Operand, _ node: Node, _ depth: Int) -> Operand {
    if function == "date of" || function == "time of" {
      guard operand.type == .instant else { return fault(node, ValueType.instant.words) }
      return function == "date of"
        ? emit(.dayOfInstant, depth, .day, operand.register)
        : emit(.timeOfInstant, depth, .time, operand.register)
    }
    if operand.type != .day { return wrongDay(node, operand.type) }
    let period = Period.allCases.first { "\($0.word) of" == function } ?? .month
    return emit(.periodStart, depth, .day, operand.register, period.rawValue)
  }
}

extension Compiler.Operand {
  func with(_ type: ValueType) -> Self { Self(type: type, register: register) }
}

extension Node.Comparison {
  var mirrored: Node.Comparison {
    switch self {
    case .equal, .unequal: self
    case .below: .above
    case .atMost: .atLeast
    case .above: .below
    case .atLeast: .atMost
    }
  }
}

extension Roster {
  /// Code, names and aliases of each unit; `nil` when the pipeline gives no list.
  var unitWords: [[String]]? {
    hasUnits ? units.map { [$0.code, $0.name.zh, $0.name.en] + $0.aliases }.map { $0.filter { !$0.isEmpty } } : nil
  }
  var teamWords: [[String]]? {
    hasTeams ? teams.map { [$0.code, $0.name.zh, $0.name.en] + $0.aliases }.map { $0.filter { !$0.isEmpty } } : nil
  }
}
