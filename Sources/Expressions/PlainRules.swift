/// Rules that ask for no texts and no figures, their steps one behind another: nearly every record breaks none of them, and
/// that is found out without a look at the rules themselves.
package struct PlainRules: Sendable {
  struct Part: BitwiseCopyable {
    var start: Int32
    var end: Int32
    var result: Int32
    /// Whether it is the condition of the part that follows.
    var isCondition: Bool
  }
  private(set) var steps: [Step] = []
  private(set) var parts: [Part] = []

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
      if step.operation.isJump {
        next = Program.jump(step, left, next)
        continue
      }
      // All steps are plain: `init` looked.
      let value = Program.plain(step, left, values[Int(step.right)]) ?? .blank
      values[Int(step.target)] = value
    }
  }
}

extension Program {
  /// Whether all of its steps are those of `jump` and `plain`, which has an answer for its own steps whatever the values are.
  fileprivate var isPlain: Bool {
    let zero = RuleValue(Int64(0))
    return steps.allSatisfy { $0.operation.isJump || Program.plain($0, zero, zero) != nil }
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
