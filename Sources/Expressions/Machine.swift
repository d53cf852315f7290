import Campaign

extension Program {
  /// Runs the steps. Never traps: what cannot be computed is blank.
  package func run(_ registers: inout Registers) -> RuleValue {
    var next = 0
    let steps = steps.span
    while next < steps.count {
      let step = steps[next]
      next += 1
      let target = Int(step.target)
      let left = registers.values[Int(step.left)]
      if let place = Self.jump(step, left, next) {
        next = place
      } else if let value = Self.logic(step, left, registers.values[Int(step.right)]) {
        registers.values[target] = value
      } else if step.operation == .aggregate {
        registers.values[target] = aggregates[Int(step.left)].run(&registers)
      } else {
        // All others need every value that they look at.
        registers.values[target] = left.isKnown ? compute(step, left, &registers) : .blank
      }
    }
    return registers.values[result]
  }

  /// Where a step goes on that is a jump; `nil` for the others.
  @inline(__always)
  fileprivate static func jump(_ step: Step, _ left: RuleValue, _ next: Int) -> Int? {
    switch step.operation {
    case .jump: Int(step.target)
    case .jumpIfFalse: left.isFalse ? Int(step.target) : next
    case .jumpIfTrue: left.isTrue ? Int(step.target) : next
    case .branch: left.isTrue ? next : left.isFalse ? Int(step.target) : Int(step.right)
    default: nil
    }
  }

  /// What steps come to for which a blank is a value like others; `nil` for the others.
  @inline(__always)
  fileprivate static func logic(_ step: Step, _ left: RuleValue, _ right: @autoclosure () -> RuleValue) -> RuleValue? {
    switch step.operation {
    case .move: return left
    case .blank: return .blank
    case .isBlank, .isNotBlank:
      return left.state == .invalid ? .blank : RuleValue((left.state == .blank) == (step.operation == .isBlank))
    case .not: return left.isKnown ? RuleValue(left.bits == 0) : .blank
    case .and:
      let right = right()
      return left.isFalse || right.isFalse ? RuleValue(false) : left.isKnown && right.isKnown ? RuleValue(true) : .blank
    case .or:
      let right = right()
      return left.isTrue || right.isTrue ? RuleValue(true) : left.isKnown && right.isKnown ? RuleValue(false) : .blank
    default: return nil
    }
  }

  private func compute(_ step: Step, _ left: RuleValue, _ registers: inout Registers) -> RuleValue {
    if let result = Self.plain(step, left) ?? unary(step, left, &registers) { return result }
    let right = registers.values[Int(step.right)]
    guard right.isKnown else { return .blank }
    if let result = Self.plain(step, left, right) { return result }
    switch step.operation {
    case .equalText: return RuleValue(registers.compare(left, right) == 0)
    case .unequalText: return RuleValue(registers.compare(left, right) != 0)
    case .belowText: return RuleValue(registers.compare(left, right) < 0)
    case .atMostText: return RuleValue(registers.compare(left, right) <= 0)
    case .startsWith: return RuleValue(registers.text(of: left).starts(with: registers.text(of: right)))
    case .endsWith: return RuleValue(registers.text(of: left).suffix(Int(right.count)) == registers.text(of: right))
    case .contains: return RuleValue(registers.contains(left, right))
    default: preconditionFailure("\(step.operation) is no operation of two values")
    }
  }

  /// Operations of two values that are no texts; `nil` for the others.
  @inline(__always)
  fileprivate static func plain(_ step: Step, _ left: RuleValue, _ right: RuleValue) -> RuleValue? {
    switch step.operation {
    case .equal: return RuleValue(left.bits == right.bits)
    case .unequal: return RuleValue(left.bits != right.bits)
    case .below: return RuleValue(left.bits < right.bits)
    case .atMost: return RuleValue(left.bits <= right.bits)
    case .equalNumber: return RuleValue(left.number == right.number)
    case .unequalNumber: return RuleValue(left.number != right.number)
    case .belowNumber: return RuleValue(left.number < right.number)
    case .atMostNumber: return RuleValue(left.number <= right.number)
    case .add: return Self.checked(left.bits.addingReportingOverflow(right.bits))
    case .subtract: return Self.checked(left.bits.subtractingReportingOverflow(right.bits))
    case .multiply: return Self.checked(left.bits.multipliedReportingOverflow(by: right.bits))
    case .addNumber: return RuleValue(left.number + right.number)
    case .subtractNumber: return RuleValue(left.number - right.number)
    case .multiplyNumber: return RuleValue(left.number * right.number)
    case .divide: return right.number == 0 ? .blank : RuleValue(left.number / right.number)
    default: return nil
    }
  }

  /// Operations of one value that need no text; `nil` for the others.
  @inline(__always)
  fileprivate static func plain(_ step: Step, _ value: RuleValue) -> RuleValue? {
    switch step.operation {
    case .negate: return Self.checked(Int64(0).subtractingReportingOverflow(value.bits))
    case .negateNumber: return RuleValue(-value.number)
    case .toNumber: return RuleValue(Double(value.bits))
    case .checkDay: return Day.isKnown(value.bits) ? value : .blank
    case .absolute: return value.bits == .min ? .blank : RuleValue(abs(value.bits))
    case .absoluteNumber: return RuleValue(abs(value.number))
    case .round: return RuleValue(value.number.rounded())
    case .dayOfInstant: return RuleValue(floorDivide(value.localSeconds, 86_400))
    case .timeOfInstant: return RuleValue(value.localSeconds - floorDivide(value.localSeconds, 86_400) * 86_400)
    case .periodStart: return Period(rawValue: Int(step.right)).map { RuleValue($0.start(of: value.bits)) } ?? .blank
    case .calendarPart:
      return CalendarPart(rawValue: Int(step.right)).map { RuleValue($0.value(of: value.bits)) } ?? .blank
    default: return nil
    }
  }

  /// The other operations of one value; `nil` for those of two.
  private func unary(_ step: Step, _ value: RuleValue, _ registers: inout Registers) -> RuleValue? {
    switch step.operation {
    case .matches: return RuleValue(registers.matches(Int(step.right), value))
    case .length: return RuleValue(Int64(registers.length(of: value)))
    case .upper, .lower: return registers.appendCased(value, isUpper: step.operation == .upper)
    case .codeText: return codeText(Int(step.right), value, registers)
    default: return nil
    }
  }

  private func codeText(_ list: Int, _ value: RuleValue, _ registers: Registers) -> RuleValue {
    let texts = codeTexts[list]
    return texts.indices.contains(Int(value.bits)) ? texts[Int(value.bits)] : .blank
  }

  @inline(__always)
  private static func checked(_ result: (partialValue: Int64, overflow: Bool)) -> RuleValue {
    result.overflow ? .blank : RuleValue(result.partialValue)
  }
}

/// Rules that ask for no texts and no figures, their steps one behind another: nearly every record breaks none of them, and
/// that is found out without a look at the rules themselves.
package struct PlainRules: Sendable {
  private struct Part: BitwiseCopyable {
    var start: Int32
    var end: Int32
    var result: Int32
    /// Whether it is the condition of the part that follows.
    var isCondition: Bool
  }
  private var steps: [Step] = []
  private var parts: [Part] = []

  /// `nil` when there are none, or one is of another kind.
  package init?(_ rules: [RecordRule]) {
    guard !rules.isEmpty else { return nil }
    for rule in rules {
      guard !rule.isOfFindings else { return nil }
      for (program, isCondition) in rule.programs {
        guard program.isPlain else { return nil }
        let start = Int32(steps.count)
        steps += program.steps.map { $0.moved(by: start) }
        parts.append(
          Part(start: start, end: Int32(steps.count), result: Int32(program.result), isCondition: isCondition))
      }
    }
  }

  /// Whether what the registers hold breaks one of them.
  package func anyFails(_ registers: inout Registers) -> Bool {
    var values = registers.values.mutableSpan
    let steps = steps.span
    var index = 0
    while index < parts.count {
      let part = parts[index]
      Self.run(steps, from: Int(part.start), to: Int(part.end), &values)
      let result = values[Int(part.result)]
      index &+= 1
      if part.isCondition {
        if !result.isTrue { index &+= 1 }
      } else if result.isFalse {
        return true
      }
    }
    return false
  }

  @inline(__always)
  private static func run(_ steps: Span<Step>, from start: Int, to end: Int, _ values: inout MutableSpan<RuleValue>) {
    var next = start
    while next < end {
      let step = steps[next]
      next &+= 1
      let left = values[Int(step.left)]
      if let place = Program.jump(step, left, next) {
        next = place
        continue
      }
      var value = RuleValue.blank
      // What stands on the right is a register only for steps of two values.
      if let outcome = Program.logic(step, left, values[Int(step.right)]) {
        value = outcome
      } else if left.isKnown {
        if let outcome = Program.plain(step, left) {
          value = outcome
        } else if case let right = values[Int(step.right)], right.isKnown {
          value = Program.plain(step, left, right) ?? .blank
        }
      }
      values[Int(step.target)] = value
    }
  }
}

extension Program {
  /// Whether all of its steps are those of `jump`, `logic` and `plain`.
  fileprivate var isPlain: Bool {
    aggregates.isEmpty
      && steps.allSatisfy { step in
        switch step.operation {
        case .aggregate, .matches, .length, .upper, .lower, .codeText, .equalText, .unequalText, .belowText,
          .atMostText, .startsWith, .endsWith, .contains:
          false
        default: true
        }
      }
  }
}

extension Step {
  /// The same step in a list in which its program begins at `start`.
  fileprivate func moved(by start: Int32) -> Step {
    var step = self
    switch operation {
    case .jump, .jumpIfFalse, .jumpIfTrue: step.target += start
    case .branch:
      step.target += start
      step.right += start
    default: break
    }
    return step
  }
}

extension ItemAggregate {
  fileprivate func run(_ registers: inout Registers) -> RuleValue {
    var figure = Figure(kind, isInteger: isInteger)
    let count = columns.first.map { registers.items[$0.place].count } ?? 0
    for item in 0..<count {
      for column in columns { registers.values[column.register] = registers.items[column.place][item] }
      if let condition, !condition.run(&registers).isTrue { continue }
      figure.add(value?.run(&registers))
    }
    return figure.value
  }
}

/// A count, sum, minimum, maximum or average. Blanks are passed over; the sum of nothing is 0, the minimum, maximum and
/// average of nothing are blank.
package struct Figure: Sendable {
  private let kind: Node.Aggregate
  private let isInteger: Bool
  private var count = 0
  private var bits: Int64 = 0
  private var number = 0.0
  private var isOver = false

  init(_ kind: Node.Aggregate, isInteger: Bool) {
    self.kind = kind
    self.isInteger = isInteger
  }

  /// - Parameter value: `nil` where items are counted whatever they hold.
  mutating package func add(_ value: RuleValue?) {
    guard let value else {
      count += 1
      return
    }
    guard value.isKnown else { return }
    let isFirst = count == 0
    count += 1
    switch (kind, isInteger) {
    case (.sum, true):
      let (sum, overflow) = bits.addingReportingOverflow(value.bits)
      bits = sum
      isOver = isOver || overflow
    case (.average, true): number += Double(value.bits)
    case (.sum, false), (.average, false): number += value.number
    case (.min, true): bits = isFirst ? value.bits : Swift.min(bits, value.bits)
    case (.max, true): bits = isFirst ? value.bits : Swift.max(bits, value.bits)
    case (.min, false): number = isFirst ? value.number : Swift.min(number, value.number)
    case (.max, false): number = isFirst ? value.number : Swift.max(number, value.number)
    default: break
    }
  }

  package var value: RuleValue {
    switch kind {
    case .count, .distinct: RuleValue(Int64(count))
    case .exists: RuleValue(count > 0)
    case .sum: isOver ? .blank : isInteger ? RuleValue(bits) : RuleValue(number)
    case .average: count == 0 ? .blank : RuleValue(number / Double(count))
    case .min, .max: count == 0 ? .blank : isInteger ? RuleValue(bits) : RuleValue(number)
    }
  }
}

extension Registers {
  /// Texts compare by their bytes, which is by code point.
  fileprivate func compare(_ left: RuleValue, _ right: RuleValue) -> Int {
    let bytes = bytes.span
    let first = bytes.extracting(left.range)
    let second = bytes.extracting(right.range)
    let shared = min(first.count, second.count)
    for index in 0..<shared where first[index] != second[index] { return Int(first[index]) - Int(second[index]) }
    return first.count - second.count
  }

  fileprivate func contains(_ whole: RuleValue, _ part: RuleValue) -> Bool {
    let bytes = bytes.span
    let text = bytes.extracting(whole.range)
    let word = bytes.extracting(part.range)
    if word.isEmpty { return true }
    guard text.count >= word.count else { return false }
    for start in 0...(text.count - word.count) where text[start] == word[0] {
      var at = 1
      while at < word.count, text[start + at] == word[at] { at += 1 }
      if at == word.count { return true }
    }
    return false
  }

  /// Characters (Unicode scalars), as `maxLength` of Table Schema counts them.
  fileprivate func length(of value: RuleValue) -> Int {
    let text = bytes.span.extracting(value.range)
    var length = 0
    for index in text.indices where text[index] & 0xC0 != 0x80 { length += 1 }
    return length
  }

  /// ASCII letters only: the case of others depends on a language.
  fileprivate mutating func appendCased(_ value: RuleValue, isUpper: Bool) -> RuleValue {
    let start = bytes.count
    for index in value.range {
      let byte = bytes[index]
      let isLetter = isUpper ? (0x61...0x7A).contains(byte) : (0x41...0x5A).contains(byte)
      bytes.append(isLetter ? byte ^ 0x20 : byte)
    }
    return RuleValue(text: start..<bytes.count)
  }
}

@inline(__always)
private func floorDivide(_ value: Int64, _ divisor: Int64) -> Int64 {
  let (quotient, rest) = value.quotientAndRemainder(dividingBy: divisor)
  return rest < 0 ? quotient - 1 : quotient
}

extension Day {
  /// Whether a number is a day of the years 1 to 9999.
  static func isKnown(_ number: Int64) -> Bool { (-719_162...2_932_896).contains(number) }
}

extension Period {
  /// The first day of the period in which a day is. Weeks begin on Mondays.
  package func start(of number: Int64) -> Int64 {
    guard Day.isKnown(number) else { return number }
    if self == .week { return number - (floorRemainder(number + 3, 7)) }
    let (year, month, _) = Day(number: Int32(number)).components
    let first =
      switch self {
      case .week, .month: month
      case .quarter: (month - 1) / 3 * 3 + 1
      case .halfyear: (month - 1) / 6 * 6 + 1
      case .year: 1
      }
    return Int64(Day(year: year, month: first, day: 1)?.number ?? Int32(number))
  }

  /// The first day of the period after the one that begins on `start`.
  package func next(after start: Int64) -> Int64 {
    let longest: Int64 =
      switch self {
      case .week: 7
      case .month: 31
      case .quarter: 92
      case .halfyear: 184
      case .year: 366
      }
    let inside = start + longest
    return self.start(of: inside)
  }

  /// As a table names it: `2022-W45` has no use for weeks, whose first day says more.
  package func label(of start: Int64) -> String {
    guard Day.isKnown(start) else { return "" }
    let day = Day(number: Int32(start))
    let (year, month, _) = day.components
    switch self {
    case .week: return day.text
    case .month: return String(day.text.prefix(7))
    case .quarter: return "\(day.text.prefix(4))-Q\((month - 1) / 3 + 1)"
    case .halfyear: return "\(day.text.prefix(4))-H\((month - 1) / 6 + 1)"
    case .year: return String(year)
    }
  }

  private func floorRemainder(_ value: Int64, _ divisor: Int64) -> Int64 {
    let rest = value % divisor
    return rest < 0 ? rest + divisor : rest
  }
}

extension CalendarPart {
  func value(of number: Int64) -> Int64 {
    guard Day.isKnown(number) else { return 0 }
    let (year, month, day) = Day(number: Int32(number)).components
    switch self {
    case .year: return Int64(year)
    case .month: return Int64(month)
    case .quarter: return Int64((month - 1) / 3 + 1)
    case .day: return Int64(day)
    case .weekday:
      let rest = (number + 3) % 7
      return (rest < 0 ? rest + 7 : rest) + 1
    }
  }
}
