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
      if step.operation.isJump {
        next = Self.jump(step, left, next)
      } else if let value = Self.plain(step, left, registers.values[Int(step.right)]) {
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

  /// Where a jump goes on.
  @inline(__always)
  static func jump(_ step: Step, _ left: RuleValue, _ next: Int) -> Int {
    switch step.operation {
    case .jumpIfFalse: left.isFalse ? Int(step.target) : next
    case .jumpIfTrue: left.isTrue ? Int(step.target) : next
    case .branch: left.isTrue ? next : left.isFalse ? Int(step.target) : Int(step.right)
    default: Int(step.target)
    }
  }

  /// What a step comes to that needs no text and no figure; `nil` for the others. One switch, since nearly all of the time of
  /// a short step is the way to it.
  ///
  /// - Parameter right: looked at only where the right of the step is a register.
  @inline(__always)
  static func plain(
    _ step: Step, _ left: RuleValue, _ right: @autoclosure () -> RuleValue
  ) -> RuleValue? {
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

    case .equal: return of(left, right()) { RuleValue($0.bits == $1.bits) }
    case .unequal: return of(left, right()) { RuleValue($0.bits != $1.bits) }
    case .below: return of(left, right()) { RuleValue($0.bits < $1.bits) }
    case .atMost: return of(left, right()) { RuleValue($0.bits <= $1.bits) }
    case .equalNumber: return of(left, right()) { RuleValue($0.number == $1.number) }
    case .unequalNumber: return of(left, right()) { RuleValue($0.number != $1.number) }
    case .belowNumber: return of(left, right()) { RuleValue($0.number < $1.number) }
    case .atMostNumber: return of(left, right()) { RuleValue($0.number <= $1.number) }
    case .add: return of(left, right()) { checked($0.bits.addingReportingOverflow($1.bits)) }
    case .subtract: return of(left, right()) { checked($0.bits.subtractingReportingOverflow($1.bits)) }
    case .multiply: return of(left, right()) { checked($0.bits.multipliedReportingOverflow(by: $1.bits)) }
    case .addNumber: return of(left, right()) { RuleValue($0.number + $1.number) }
    case .subtractNumber: return of(left, right()) { RuleValue($0.number - $1.number) }
    case .multiplyNumber: return of(left, right()) { RuleValue($0.number * $1.number) }
    case .divide: return of(left, right()) { $1.number == 0 ? .blank : RuleValue($0.number / $1.number) }

    case .negate: return of(left) { checked(Int64(0).subtractingReportingOverflow($0.bits)) }
    case .negateNumber: return of(left) { RuleValue(-$0.number) }
    case .toNumber: return of(left) { RuleValue(Double($0.bits)) }
    case .checkDay: return of(left) { Day.isKnown($0.bits) ? $0 : .blank }
    case .absolute: return of(left) { $0.bits == .min ? .blank : RuleValue(abs($0.bits)) }
    case .absoluteNumber: return of(left) { RuleValue(abs($0.number)) }
    case .round: return of(left) { RuleValue($0.number.rounded()) }
    case .dayOfInstant: return of(left) { RuleValue(floorDivide($0.localSeconds, 86_400)) }
    case .timeOfInstant:
      return of(left) { RuleValue($0.localSeconds - floorDivide($0.localSeconds, 86_400) * 86_400) }
    case .periodStart:
      return of(left) { value in
        Period(rawValue: Int(step.right)).map { RuleValue($0.start(of: value.bits)) } ?? .blank
      }
    case .calendarPart:
      return of(left) { value in
        CalendarPart(rawValue: Int(step.right)).map { RuleValue($0.value(of: value.bits)) } ?? .blank
      }
    case .jump, .branch, .jumpIfFalse, .jumpIfTrue, .equalText, .unequalText, .belowText, .atMostText, .matches,
      .startsWith, .endsWith, .contains, .length, .upper, .lower, .codeText, .aggregate:
      return nil
    }
  }

  /// What two values come to of which both must be known.
  @inline(__always)
  private static func of(
    _ left: RuleValue, _ right: RuleValue, _ operation: (RuleValue, RuleValue) -> RuleValue
  ) -> RuleValue { left.isKnown && right.isKnown ? operation(left, right) : .blank }

  @inline(__always)
  private static func of(_ value: RuleValue, _ operation: (RuleValue) -> RuleValue) -> RuleValue {
    value.isKnown ? operation(value) : .blank
  }

  /// Of texts.
  private func compute(_ step: Step, _ left: RuleValue, _ registers: inout Registers) -> RuleValue {
    switch step.operation {
    case .matches: return RuleValue(registers.matches(Int(step.right), left))
    case .length: return RuleValue(Int64(registers.length(of: left)))
    case .upper, .lower: return registers.appendCased(left, isUpper: step.operation == .upper)
    case .codeText: return codeText(Int(step.right), left, registers)
    default: break
    }
    let right = registers.values[Int(step.right)]
    guard right.isKnown else { return .blank }
    switch step.operation {
    case .equalText: return RuleValue(registers.compare(left, right) == 0)
    case .unequalText: return RuleValue(registers.compare(left, right) != 0)
    case .belowText: return RuleValue(registers.compare(left, right) < 0)
    case .atMostText: return RuleValue(registers.compare(left, right) <= 0)
    case .startsWith: return RuleValue(registers.text(of: left).starts(with: registers.text(of: right)))
    case .endsWith: return RuleValue(registers.text(of: left).suffix(Int(right.count)) == registers.text(of: right))
    case .contains: return RuleValue(registers.contains(left, right))
    default: preconditionFailure("\(step.operation) is no operation of texts")
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

extension Step.Operation {
  @inline(__always)
  var isJump: Bool { rawValue &- Self.jump.rawValue <= Self.jumpIfTrue.rawValue &- Self.jump.rawValue }
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
