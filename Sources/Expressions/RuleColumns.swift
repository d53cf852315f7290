/// The registers of a source's rules for the rows of a block, a column per register: each step of a rule is then taken for all
/// rows together, and the way to a step costs a row next to nothing.
@safe @usableFromInline package struct RuleColumns: ~Copyable {
  /// Rows that it has room for.
  @inlinable @inline(__always)
  package static var rows: Int { 64 }
  @usableFromInline let base: UnsafeMutablePointer<RuleValue>
  @usableFromInline let registers: Int

  /// - Parameter registers: of which the constants are taken.
  package init(_ registers: Registers) {
    self.registers = registers.values.count
    unsafe base = .allocate(capacity: self.registers * Self.rows)
    for (register, value) in registers.values.enumerated() {
      unsafe (base + register * Self.rows).initialize(repeating: value, count: Self.rows)
    }
  }

  deinit { unsafe base.deallocate() }

  /// The column of a register.
  @inlinable @inline(__always)
  package subscript(register: Int) -> UnsafeMutablePointer<RuleValue> {
    precondition(register >= 0 && register < registers, "a register beside the rules")
    return unsafe base + register &* Self.rows
  }

  /// The rows, from the lowest bit, of which a register holds what is asked.
  @inline(__always)
  fileprivate func rows(_ register: Int32, _ count: Int, where holds: (RuleValue) -> Bool) -> UInt64 {
    let column = unsafe self[Int(register)]
    var rows: UInt64 = 0
    for row in 0..<count where holds(unsafe column[row]) { rows |= 1 &<< UInt64(truncatingIfNeeded: row) }
    return rows
  }

  /// Takes a step for all rows.
  fileprivate func take(_ step: Step, _ count: Int) {
    // What most rules do, by name: the step is then known where its loop is made.
    switch step.operation {
    case .jumpIfFalse, .jumpIfTrue: return
    case .equal: each(.equal, step, count)
    case .unequal: each(.unequal, step, count)
    case .below: each(.below, step, count)
    case .atMost: each(.atMost, step, count)
    case .isBlank: each(.isBlank, step, count)
    case .isNotBlank: each(.isNotBlank, step, count)
    case .and: each(.and, step, count)
    case .or: each(.or, step, count)
    case .dayOfInstant: each(.dayOfInstant, step, count)
    default: each(step.operation, step, count)
    }
  }

  @inline(__always)
  private func each(_ operation: Step.Operation, _ step: Step, _ count: Int) {
    var step = step
    step.operation = operation
    let left = unsafe self[Int(step.left)]
    // Where the right of a step is no register, it is a small number and not looked at.
    let right = unsafe self[min(Int(step.right), registers &- 1)]
    let target = unsafe self[Int(step.target)]
    // SAFETY: each column has room for `rows`, of which `count` are asked for.
    for row in 0..<count { unsafe target[row] = Program.plain(step, left[row], right[row]) ?? .blank }
  }
}

extension PlainRules {
  /// Whether they can be asked for many rows together: no part of them is for some rows only. A jump out of `and` or `or` only
  /// saves time.
  package var isStraight: Bool { steps.allSatisfy { $0.operation != .jump && $0.operation != .branch } }

  /// The rows, from the lowest bit, that break one of them.
  ///
  /// - Parameter count: of rows.
  package func failing(_ columns: borrowing RuleColumns, _ count: Int) -> UInt64 {
    precondition(count <= RuleColumns.rows, "more rows than a block has")
    var failing: UInt64 = 0
    var asked: UInt64 = .max
    for part in parts {
      for step in Int(part.start)..<Int(part.end) { columns.take(steps[step], count) }
      if part.isCondition {
        asked = columns.rows(part.result, count) { $0.isTrue }
      } else {
        failing |= asked & columns.rows(part.result, count) { $0.isFalse }
        asked = .max
      }
    }
    return failing
  }
}
