/// Finds the cells of a row that has a separator too many or too few, or texts with separators and no quotes around them: of
/// all ways to drop blank pieces, to join pieces, to cut one in two and to put blanks in, the one that suits the columns best.
struct RowFit {
  struct Reading {
    var cells: [[UInt8]]
    var score: Double
  }

  /// What each liberty costs, as a logarithm: about how rare it is.
  private enum Cost {
    static let drop = 1.5
    static let join = 2.5
    /// Of a piece that begins with a space, as text behind a comma does.
    static let joinAtSpace = 0.7
    static let cut = 2.0
    static let blank = 2.0
    static let blankAtEnd = 0.7
    static let overflow = 4.0
  }
  private static let widest = 64
  private static let mostSurplus = 24
  private static let mostMissing = 3
  private static let kept = 3

  fileprivate struct State {
    var score: Double
    var cells: [[UInt8]]
    var isLeft = false
  }

  private let profiles: ColumnProfiles
  private let pieces: [[UInt8]]
  private let joint: [UInt8]
  private var width: Int { profiles.columns.count }

  /// - Parameter joint: what stood between the pieces.
  init?(_ pieces: [[UInt8]], joint: [UInt8], _ profiles: ColumnProfiles) {
    let surplus = pieces.count - profiles.columns.count
    guard profiles.columns.count <= Self.widest, (-Self.mostMissing...Self.mostSurplus).contains(surplus) else {
      return nil
    }
    self.pieces = pieces
    self.joint = joint
    self.profiles = profiles
  }

  /// The best readings, best first. One whose cells are as many as the pieces is the row as it is, which may win too.
  func readings() -> [Reading] {
    let count = pieces.count
    // Work on a row is bounded by rows of states, each for pieces that are used up and columns that are filled.
    var states = [[[State]]](
      repeating: [[State]](repeating: [], count: width + 1), count: count + 1)
    states[0][0] = [State(score: 0, cells: [])]
    for used in 0...count {
      for filled in 0...width {
        for state in states[used][filled] { advance(state, used, filled, &states) }
      }
    }
    return states[count][width].filter { !$0.isLeft }.map { Reading(cells: $0.cells, score: $0.score) }
      + states[count][width].filter(\.isLeft).map { Reading(cells: $0.cells, score: $0.score) }
  }

  private func advance(_ state: State, _ used: Int, _ filled: Int, _ states: inout [[[State]]]) {
    let surplus = pieces.count - width
    if filled == width {
      if used < pieces.count, surplus > 0, pieces[used].isEmpty {
        add(state.with([], -Cost.drop), used + 1, filled, &states)
      }
      if used < pieces.count, surplus > 0 {
        var left = state.with(Array(pieces[used...]), -Cost.overflow)
        left.isLeft = true
        add(left, pieces.count, filled, &states)
      }
      return
    }
    let column = profiles.columns[filled]
    if surplus < 0 {
      let isAtEnd = used == pieces.count
      let cost = isAtEnd ? Cost.blankAtEnd : Cost.blank
      add(state.with([[]], Logarithm.of(column.likelihood([])) - cost), used, filled + 1, &states)
    }
    guard used < pieces.count else { return }
    add(state.with([pieces[used]], Logarithm.of(column.likelihood(pieces[used][...]))), used + 1, filled + 1, &states)
    if surplus > 0 {
      if pieces[used].isEmpty { add(state.with([], -Cost.drop), used + 1, filled, &states) }
      join(state, used, filled, &states)
    } else if filled + 1 < width {
      cut(state, used, filled, &states)
    }
  }

  private func join(_ state: State, _ used: Int, _ filled: Int, _ states: inout [[[State]]]) {
    var cell = pieces[used]
    var cost = 0.0
    for next in used + 1..<min(pieces.count, used + 1 + pieces.count - width + 1) {
      if pieces[next].isEmpty { return }
      cost += pieces[next][0] == 0x20 || joint == [0x20] ? Cost.joinAtSpace : Cost.join
      cell += joint + pieces[next]
      let score = Logarithm.of(profiles.columns[filled].likelihood(cell[...])) - cost
      add(state.with([cell], score), next + 1, filled + 1, &states)
    }
  }

  /// Cuts a piece where its characters change, and anywhere between digits.
  private func cut(_ state: State, _ used: Int, _ filled: Int, _ states: inout [[[State]]]) {
    let piece = pieces[used]
    let longest = 400
    guard piece.count > 1, piece.count <= longest else { return }
    let (left, right) = (profiles.columns[filled], profiles.columns[filled + 1])
    for at in 1..<piece.count where mayCut(piece, at) {
      let score =
        Logarithm.of(left.likelihood(piece[..<at])) + Logarithm.of(right.likelihood(piece[at...])) - Cost.cut
      add(state.with([Array(piece[..<at]), Array(piece[at...])], score), used + 1, filled + 2, &states)
    }
  }

  private func mayCut(_ piece: [UInt8], _ at: Int) -> Bool {
    let kind = { (byte: UInt8) -> Int in
      switch byte {
      case 0x30...0x39: 0
      case 0x41...0x5A: 1
      case 0x61...0x7A: 2
      case 0x80...: 3
      case 0x20: 4
      default: 5
      }
    }
    if piece[at] & 0xC0 == 0x80 { return false }
    let (before, after) = (kind(piece[at - 1]), kind(piece[at]))
    return before != after || before == 0 || before == 3 || before == 5
  }

  private func add(_ state: State, _ used: Int, _ filled: Int, _ states: inout [[[State]]]) {
    let place = states[used][filled].firstIndex { $0.score < state.score } ?? states[used][filled].count
    guard place < Self.kept,
      !states[used][filled].contains(where: { $0.cells == state.cells && $0.score >= state.score })
    else { return }
    states[used][filled].insert(state, at: place)
    if states[used][filled].count > Self.kept { states[used][filled].removeLast() }
  }
}

extension RowFit.State {
  fileprivate func with(_ added: [[UInt8]], _ gain: Double) -> Self {
    Self(score: score + gain, cells: cells + added, isLeft: isLeft)
  }
}
