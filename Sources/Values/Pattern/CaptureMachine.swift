/// Finds where the first group stands: the program's threads side by side, in order of preference, each with the places it
/// noted (R. Pike's matcher, described in R. Cox, "Regular Expression Matching: the Virtual Machine Approach", 2009).
struct CaptureMachine {
  private struct Thread {
    var place: Int
    var begin: Int
    var groupBegin = -1
    var groupEnd = -1
  }
  private let program: PatternProgram
  private var current: [Thread] = []
  private var following: [Thread] = []
  private var stack: [Thread] = []
  /// The step, counted over all texts, at which each instruction was last visited.
  private var visited: [UInt64]
  private var step: UInt64 = 0

  init(_ program: PatternProgram) {
    self.program = program
    visited = [UInt64](repeating: 0, count: program.instructions.count)
  }

  /// See `PatternMatcher.firstGroup`.
  mutating func firstGroup(in text: Span<UInt8>) -> Range<Int>? {
    current.removeAll(keepingCapacity: true)
    var found: (thread: Thread, end: Int)?
    var index = 0
    step += 1
    add(Thread(place: program.entry, begin: 0), at: 0, of: text.count, isFollowing: false)
    while true {
      var next = index
      let number = index < text.count ? program.classes.readClass(text, at: &next) : -1
      step += 1
      following.removeAll(keepingCapacity: true)
      for thread in current {
        switch program.instructions[thread.place] {
        case .take(let set, let place):
          guard number >= 0, program.classes.contains(set: set, number) else { continue }
          var moved = thread
          moved.place = place
          add(moved, at: next, of: text.count, isFollowing: true)
        default:
          // Threads behind this one are less preferred, and no match may begin later.
          found = (thread, index)
        }
        if found?.end == index { break }
      }
      swap(&current, &following)
      guard index < text.count else { break }
      index = next
      if found == nil {
        add(Thread(place: program.entry, begin: index), at: index, of: text.count, isFollowing: false)
      }
      if current.isEmpty, found != nil { break }
    }
    guard let (thread, end) = found else { return nil }
    guard program.hasGroup else { return thread.begin..<end }
    return thread.groupBegin >= 0 && thread.groupEnd >= thread.groupBegin ? thread.groupBegin..<thread.groupEnd : nil
  }

  /// Adds what `thread` reaches without taking a character, most preferred first.
  private mutating func add(_ thread: Thread, at index: Int, of count: Int, isFollowing: Bool) {
    stack.append(thread)
    while var thread = stack.popLast() {
      guard visited[thread.place] != step else { continue }
      visited[thread.place] = step
      switch program.instructions[thread.place] {
      case .fork(let first, let second):
        thread.place = second
        stack.append(thread)
        thread.place = first
        stack.append(thread)
      case .start(let next):
        thread.place = next
        if index == 0 { stack.append(thread) }
      case .end(let next):
        thread.place = next
        if index == count { stack.append(thread) }
      case .mark(let isEnd, let next):
        thread.place = next
        if isEnd { thread.groupEnd = index } else { (thread.groupBegin, thread.groupEnd) = (index, -1) }
        stack.append(thread)
      case .take, .match:
        if isFollowing { following.append(thread) } else { current.append(thread) }
      }
    }
  }
}
