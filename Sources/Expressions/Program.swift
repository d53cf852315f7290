/// An expression as steps over registers.
package struct Program: Sendable {
  var steps: [Step] = []
  var aggregates: [ItemAggregate] = []
  /// Texts of the codes of each list that a step turns into text.
  var codeTexts: [[RuleValue]] = []
  /// Where the outcome stands afterwards.
  package var result = 0

  /// Whether more is asked of a register than whether it is blank.
  func looks(at register: Int) -> Bool {
    if !aggregates.isEmpty || result == register { return true }
    return steps.contains { step in
      step.operation != .isBlank && step.operation != .isNotBlank
        && (Int(step.left) == register || Int(step.right) == register)
    }
  }
}

struct Step: BitwiseCopyable, Sendable {
  enum Operation: UInt8, Sendable {
    case move, blank, jump, branch, jumpIfFalse, jumpIfTrue
    case and, or, not, isBlank, isNotBlank
    case equal, unequal, below, atMost
    case equalNumber, unequalNumber, belowNumber, atMostNumber
    case equalText, unequalText, belowText, atMostText
    case add, subtract, multiply, negate
    case addNumber, subtractNumber, multiplyNumber, divide, negateNumber
    case toNumber, checkDay
    case matches, startsWith, endsWith, contains
    case length, upper, lower, absolute, absoluteNumber, round
    case dayOfInstant, timeOfInstant, periodStart, calendarPart
    case codeText
    case aggregate
  }
  var operation: Operation
  var target: Int32
  var left: Int32
  var right: Int32

  init(_ operation: Operation, to target: Int, _ left: Int = 0, _ right: Int = 0) {
    self.operation = operation
    self.target = Int32(truncatingIfNeeded: target)
    self.left = Int32(truncatingIfNeeded: left)
    self.right = Int32(truncatingIfNeeded: right)
  }
}

/// A figure over the items of a collection of one record.
struct ItemAggregate: Sendable {
  var kind: Node.Aggregate
  /// Places in `Layout.inner` and the registers that they fill; the first tells how many items there are.
  var columns: [(place: Int, register: Int)]
  var condition: Program?
  var value: Program?
  var isInteger: Bool
}

/// Periods of the calendar.
package enum Period: Int, Sendable, CaseIterable {
  case week, month, quarter, halfyear, year
  var word: String { "\(self)" }
}

enum CalendarPart: Int, CaseIterable {
  case year, month, quarter, day, weekday
  var word: String { "\(self)" }
}
