/// Where a match and its groups stand. Group 0 is the whole match; -1 where a group took no part.
struct CapturedMatch {
  /// Begin and end of group n at 2n and 2n + 1.
  fileprivate var places = SIMD32<Int32>(repeating: -1)

  func range(_ group: Int) -> Range<Int>? {
    let begin = Int(places[2 * group])
    let end = Int(places[2 * group + 1])
    return begin >= 0 && end >= begin ? begin..<end : nil
  }
}

/// Finds where groups stand: the program's threads side by side, in order of preference, each with the places it
/// noted (R. Pike's matcher, described in R. Cox, "Regular Expression Matching: the Virtual Machine Approach", 2009).
struct CaptureMachine {
  private struct Thread {
    var place: Int
    var match = CapturedMatch()

    init(place: Int, begin: Int) {
      self.place = place
      match.places[0] = Int32(truncatingIfNeeded: begin)
    }
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

  /// The first match that begins at `start` or later. Earlier alternatives and greedy repeats go first, as in ECMAScript.
  mutating func firstMatch(in text: Span<UInt8>, from start: Int = 0) -> CapturedMatch? {
    current.removeAll(keepingCapacity: true)
    var found: (match: CapturedMatch, end: Int)?
    var index = start
    step += 1
    add(Thread(place: program.entry, begin: start), at: start, of: text.count, isFollowing: false)
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
          found = (thread.match, index)
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
    guard let (found, end) = found else { return nil }
    var match = found
    match.places[1] = Int32(truncatingIfNeeded: end)
    return match
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
      case .mark(let group, let isEnd, let next):
        thread.place = next
        thread.match.places[2 * group + 1] = isEnd ? Int32(truncatingIfNeeded: index) : -1
        if !isEnd { thread.match.places[2 * group] = Int32(truncatingIfNeeded: index) }
        stack.append(thread)
      case .take, .match:
        if isFollowing { following.append(thread) } else { current.append(thread) }
      }
    }
  }
}
