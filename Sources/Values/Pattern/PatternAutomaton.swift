/// The deterministic automaton of a pattern, made state by state as texts need them (as in R. Cox, "Regular Expression
/// Matching in the Wild", 2010). Each new state costs a pass over the program, each known one a look-up.
struct PatternAutomaton {
  private let program: PatternProgram
  /// Whether a match may begin anywhere, and the first one ends the search.
  private let isSearching: Bool
  /// State × class to the next state; -1 where it was never asked for.
  private var transitions: [Int32] = []
  /// The instructions at which each state stands, ascending. State 0 stands at none.
  private var positions: [[Int32]] = []
  private var positionCount = 0
  private var accepting: [Acceptance] = []
  private var numbers: [[Int32]: Int32] = [:]
  private var begin: Int32 = 0
  private var closure: Closure

  private enum Acceptance: UInt8 { case never, atEnd, always }
  private static let stateLimit = 1_000
  /// 1 MiB of transitions.
  private static let transitionLimit = 1 << 18
  /// 1 MiB of positions, beside the state that is being made.
  private static let positionLimit = 1 << 18

  init(_ program: PatternProgram, isSearching: Bool) {
    self.program = program
    self.isSearching = isSearching
    closure = Closure(count: program.instructions.count)
  }

  mutating func accepts(_ text: Span<UInt8>) -> Bool {
    if positions.isEmpty { reset() }
    var state = begin
    var index = 0
    while index < text.count {
      // Nothing that follows can undo a match that is found, or bring one back that is out of reach.
      if isSearching, accepting[Int(state)] == .always { return true }
      if state == 0 { return false }
      let number = program.classes.readClass(text, at: &index)
      let known = transitions[Int(state) &* program.classes.count &+ number]
      state = known >= 0 ? known : follow(state, number)
    }
    return accepting[Int(state)] != .never
  }

  /// Forgets all states but the first two.
  private mutating func reset() {
    transitions.removeAll(keepingCapacity: true)
    positions.removeAll(keepingCapacity: true)
    positionCount = 0
    accepting.removeAll(keepingCapacity: true)
    numbers.removeAll(keepingCapacity: true)
    closure.clear()
    _ = addState()
    closure.add(program.entry, in: program, isAtStart: true, isAtEnd: false)
    begin = addState(isAtStart: true)
  }

  private mutating func follow(_ state: Int32, _ number: Int) -> Int32 {
    closure.clear()
    for position in positions[Int(state)] {
      if case .take(let set, let next) = program.instructions[Int(position)], program.classes.contains(set: set, number)
      {
        closure.add(next, in: program, isAtStart: false, isAtEnd: false)
      }
    }
    if isSearching { closure.add(program.entry, in: program, isAtStart: false, isAtEnd: false) }
    let isFull =
      positions.count >= Self.stateLimit || positionCount > Self.positionLimit
      || transitions.count + program.classes.count > Self.transitionLimit
    if isFull {
      let kept = closure.positions
      reset()
      closure.restore(kept)
      return addState()
    }
    let next = addState()
    transitions[Int(state) * program.classes.count + number] = next
    return next
  }

  /// The state of what is in the closure.
  private mutating func addState(isAtStart: Bool = false) -> Int32 {
    let key = closure.positions.sorted()
    // The state at the start of a text may accept where the same positions elsewhere do not, so it stays apart.
    if !isAtStart, let number = numbers[key] { return number }
    let number = Int32(positions.count)
    positions.append(key)
    positionCount += key.count
    if !isAtStart { numbers[key] = number }
    accepting.append(acceptance(of: key, isAtStart: isAtStart))
    transitions.append(contentsOf: repeatElement(-1, count: program.classes.count))
    return number
  }

  private mutating func acceptance(of key: [Int32], isAtStart: Bool) -> Acceptance {
    if key.contains(where: { program.instructions[Int($0)].isMatch }) { return .always }
    closure.clear()
    for position in key {
      if case .end(let next) = program.instructions[Int(position)] {
        closure.add(next, in: program, isAtStart: isAtStart, isAtEnd: true)
      }
    }
    return closure.positions.contains { program.instructions[Int($0)].isMatch } ? .atEnd : .never
  }
}

/// The instructions that can be reached without taking a character.
private struct Closure {
  /// Those that take one, that end the pattern, or that wait for the end of the text.
  private(set) var positions: [Int32] = []
  private var visited: [UInt32]
  private var generation: UInt32 = 1
  private var stack: [Int] = []

  init(count: Int) { visited = [UInt32](repeating: 0, count: count) }

  mutating func clear() {
    positions.removeAll(keepingCapacity: true)
    if generation == .max {
      visited = [UInt32](repeating: 0, count: visited.count)
      generation = 0
    }
    generation += 1
  }

  mutating func restore(_ positions: [Int32]) {
    clear()
    self.positions = positions
  }

  mutating func add(_ entry: Int, in program: PatternProgram, isAtStart: Bool, isAtEnd: Bool) {
    stack.append(entry)
    while let place = stack.popLast() {
      guard visited[place] != generation else { continue }
      visited[place] = generation
      switch program.instructions[place] {
      case .fork(let first, let second):
        stack.append(second)
        stack.append(first)
      case .mark(_, _, let next): stack.append(next)
      case .start(let next): if isAtStart { stack.append(next) }
      case .end(let next):
        if isAtEnd { stack.append(next) } else { positions.append(Int32(place)) }
      case .take, .match: positions.append(Int32(place))
      }
    }
  }
}

extension PatternProgram.Instruction {
  var isMatch: Bool {
    if case .match = self { return true }
    return false
  }
}
