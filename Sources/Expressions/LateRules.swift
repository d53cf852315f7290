/// A look-up in another source: which of its records belong to one of ours, and what is wanted of them.
package struct LookupProgram: Sendable {
  package var source: Int
  /// Whether it looks among the records of its own source: a record does not find itself.
  package var isOwnSource: Bool
  /// Of the other source's records, asked once of each.
  package var otherLayout: Layout
  package var filter: Program?
  package var otherKeys: [Program]
  /// The same of our record.
  package var keys: [Program]
  package var keyIsText: [Bool]
  /// What must hold of both, beside equal keys; and the registers of the other record's values.
  package var rest: Program?
  package var value: Program?
  var kind: Node.Aggregate
  var isInteger: Bool

  package func makeFigure() -> Figure { Figure(kind, isInteger: isInteger) }
  package var isCounting: Bool { kind == .count || kind == .exists }
  /// Whether one record that fits is enough.
  package var isExistence: Bool { kind == .exists }
  /// What is found when `count` records fit.
  package func counted(_ count: Int) -> RuleValue { isExistence ? RuleValue(count > 0) : RuleValue(Int64(count)) }
}

/// A figure over the records of a group.
package struct FigureProgram: Sendable {
  package var condition: Program?
  package var value: Program?
  package var isText: Bool
  var kind: Node.Aggregate
  var isInteger: Bool
  package var isDistinct: Bool { kind == .distinct }
  package func makeFigure() -> Figure { Figure(kind, isInteger: isInteger) }
}

/// What the records of a source are grouped by.
package struct GroupKey: Sendable {
  package enum Kind: Sendable {
    case unit, team
    case period(Period)
    case other(ValueType)
  }
  package var kind: Kind
  package var program: Program
  /// As it is written, for messages.
  package var name: String
}

/// A rule that needs more than one record: it is asked when all have been seen.
package struct LateRule: Sendable {
  package var number: Int
  package var source: Int
  /// Registers of a record of the source.
  package var layout: Layout
  package var when: Program?
  /// Of each record, or of each group when there are keys.
  package var require: Program
  package var lookups: [LookupProgram]
  package var keys: [GroupKey]
  package var figures: [FigureProgram]
  package var groupLayout: Layout
  /// Column of the value that is shown, and its field.
  package var shown: Int?
  package var field: String?
  /// Columns that fill the gaps of the message.
  package var arguments: [Int]
}

/// A rule that Check asks of each record or finding. A class, so that it is asked in place.
package final class RecordRule: Sendable {
  package let number: Int
  package let isOfFindings: Bool
  private let isConditional: Bool
  private let when: Program
  package let require: Program
  package let field: Int?
  /// Fields that fill the gaps of the message.
  package let arguments: [Int]

  init(number: Int, isOfFindings: Bool, when: Program?, require: Program, field: Int?, arguments: [Int]) {
    self.number = number
    self.isOfFindings = isOfFindings
    isConditional = when != nil
    self.when = when ?? Program()
    self.require = require
    self.field = field
    self.arguments = arguments
  }

  /// The condition first, if it has one.
  var programs: [(program: Program, isCondition: Bool)] {
    isConditional ? [(when, true), (require, false)] : [(require, false)]
  }

  func looks(at register: Int) -> Bool { when.looks(at: register) || require.looks(at: register) }

  /// Whether what the registers hold breaks it.
  package func fails(_ registers: inout Registers) -> Bool {
    if isConditional, !when.run(&registers).isTrue { return false }
    return require.run(&registers).isFalse
  }
}
