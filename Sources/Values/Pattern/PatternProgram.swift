import Diagnostics

/// A pattern as a nondeterministic automaton over classes of characters (K. Thompson, "Regular Expression Search
/// Algorithm", 1968). Immutable: shared by tasks.
struct PatternProgram: Sendable {
  enum Instruction: Sendable {
    /// Takes one character of the set, then goes on at `next`.
    case take(set: Int, next: Int)
    /// Goes on at both; the first is preferred.
    case fork(Int, Int)
    case start(next: Int)
    case end(next: Int)
    /// Notes where a group (from 1) begins or ends.
    case mark(group: Int, isEnd: Bool, next: Int)
    case match
  }
  static let limit = 10_000

  private(set) var instructions: [Instruction] = []
  private(set) var entry = 0
  /// Groups that capture.
  private(set) var groups = 0
  let classes: CharacterClasses

  init(_ node: PatternNode) throws(PatternError) {
    var sets: [ScalarSet: Int] = [:]
    Self.collectSets(of: node, into: &sets)
    // Each set is asked for each stretch of characters between the borders of all.
    let borders = sets.keys.reduce(1) { $0 + 2 * $1.ranges.count }
    guard borders <= 1 << 15, borders * sets.count <= 1 << 22 else {
      throw PatternError(
        position: 0,
        message: LocalizedText(
          zh: "样式中不同的字符和字符类过多，可改用代码表",
          en: "the pattern has too many different characters and classes; a code list may serve"))
    }
    classes = CharacterClasses(sets)
    instructions = [.match]
    entry = try add(node, before: 0, sets)
  }

  private static func collectSets(of node: PatternNode, into sets: inout [ScalarSet: Int]) {
    switch node {
    case .empty, .start, .end: break
    case .set(let set): sets[set] = sets[set] ?? sets.count
    case .sequence(let parts), .choice(let parts): for part in parts { collectSets(of: part, into: &sets) }
    case .repeated(let part, _, _, _), .group(_, let part): collectSets(of: part, into: &sets)
    }
  }

  private mutating func add(_ instruction: Instruction) throws(PatternError) -> Int {
    guard instructions.count < Self.limit else {
      throw PatternError(
        position: 0,
        message: LocalizedText(
          zh: "样式展开后超过 \(Self.limit) 个状态，请减小次数",
          en: "the pattern has more than \(Self.limit) states; use smaller counts"))
    }
    instructions.append(instruction)
    return instructions.count - 1
  }

  /// Adds the instructions for `node`, written from their end so that each knows what follows it; where they begin.
  private mutating func add(
    _ node: PatternNode, before next: Int, _ sets: [ScalarSet: Int]
  ) throws(PatternError) -> Int {
    switch node {
    case .empty: return next
    case .set(let set):
      guard let number = sets[set] else { preconditionFailure("a set that was not collected") }
      return try add(.take(set: number, next: next))
    case .start: return try add(.start(next: next))
    case .end: return try add(.end(next: next))
    case .sequence(let parts):
      var next = next
      for part in parts.reversed() { next = try add(part, before: next, sets) }
      return next
    case .choice(let parts):
      var begin: Int?
      for part in parts.reversed() {
        let place = try add(part, before: next, sets)
        begin = try begin.map { other throws(PatternError) in try add(.fork(place, other)) } ?? place
      }
      return begin ?? next
    case .repeated(let part, let minimum, let maximum, let isGreedy):
      return try addRepeated(part, minimum, maximum, isGreedy, before: next, sets)
    case .group(let number, let part):
      groups = max(groups, number)
      let end = try add(.mark(group: number, isEnd: true, next: next))
      return try add(.mark(group: number, isEnd: false, next: add(part, before: end, sets)))
    }
  }

  private mutating func addRepeated(
    _ part: PatternNode, _ minimum: Int, _ maximum: Int?, _ isGreedy: Bool, before next: Int, _ sets: [ScalarSet: Int]
  ) throws(PatternError) -> Int {
    var begin = next
    if let maximum {
      for _ in minimum..<maximum {
        let place = try add(part, before: begin, sets)
        // An empty part takes no instruction, and repeating it changes nothing.
        if place == begin { break }
        begin = try add(isGreedy ? .fork(place, next) : .fork(next, place))
      }
    } else {
      let loop = try add(.fork(next, next))
      let place = try add(part, before: loop, sets)
      instructions[loop] = isGreedy ? .fork(place, next) : .fork(next, place)
      begin = loop
    }
    for _ in 0..<minimum {
      let place = try add(part, before: begin, sets)
      if place == begin { break }
      begin = place
    }
    return begin
  }
}

/// Characters that no set of a pattern tells apart, as one class: a pattern has a handful, whatever its sets hold.
struct CharacterClasses: Sendable {
  /// Number of classes.
  let count: Int
  /// Class of each character of ASCII.
  private var ascii = [UInt16](repeating: 0, count: 128)
  /// First characters of the stretches of one class, ascending from 0, and their classes.
  private var starts: [UInt32] = []
  private var numbers: [UInt16] = []
  /// Whether set s holds class c, at s × count + c.
  private let membership: [Bool]

  init(_ sets: [ScalarSet: Int]) {
    var borders: Set<UInt32> = [0]
    for set in sets.keys {
      for range in set.ranges {
        borders.insert(range.lowerBound)
        if range.upperBound < ScalarSet.last { borders.insert(range.upperBound + 1) }
      }
    }
    let ordered = sets.sorted { $0.value < $1.value }.map(\.key)
    // Two stretches that are in the same sets are of one class.
    var known: [[Bool]: UInt16] = [:]
    for start in borders.sorted() {
      let signature = ordered.map { $0.contains(start) }
      let number = known[signature] ?? UInt16(known.count)
      known[signature] = number
      if numbers.last == number { continue }
      starts.append(start)
      numbers.append(number)
    }
    count = known.count
    var membership = [Bool](repeating: false, count: ordered.count * known.count)
    for (signature, number) in known {
      for (set, isMember) in signature.enumerated() { membership[set * known.count + Int(number)] = isMember }
    }
    self.membership = membership
    for scalar in 0..<128 { ascii[scalar] = UInt16(search(UInt32(scalar))) }
  }

  @inline(__always)
  func contains(set: Int, _ number: Int) -> Bool { membership[set &* count &+ number] }

  /// The class of the character at `index`, which moves behind it. A byte that is no UTF-8 counts as U+FFFD.
  @inline(__always)
  func readClass(_ text: Span<UInt8>, at index: inout Int) -> Int {
    let byte = text[index]
    if byte < 0x80 {
      index &+= 1
      return Int(ascii[Int(byte)])
    }
    guard let (scalar, length) = decodeScalar(text, at: index) else {
      index &+= 1
      return search(0xFFFD)
    }
    index &+= length
    return search(scalar)
  }

  private func search(_ scalar: UInt32) -> Int {
    var low = 0
    var high = starts.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if starts[middle] <= scalar { low = middle } else { high = middle }
    }
    return Int(numbers[low])
  }
}
