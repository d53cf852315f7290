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
    /// The whole table gets a further column.
    static let overflow = 6.0
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

  /// Pieces that are used up by some cells, and columns that these fill.
  fileprivate struct Step {
    var cells: [[UInt8]]
    var gain: Double
    var used: Int
    var filled: Int
    /// Whether the rest of the row is left as it is.
    var isLeft = false
  }

  /// A cell made of pieces, or of a part of one.
  private struct Part {
    var cell: [UInt8]
    var look: CellLook
    var cost = 0.0

    init(_ cell: [UInt8], cost: Double = 0) {
      self.cell = cell
      look = CellLook(cell[...])
      self.cost = cost
    }
  }

  private let profiles: ColumnProfiles
  private let pieces: [[UInt8]]
  private let joint: [UInt8]
  private let blank = Part([])
  /// Of each piece: itself, and itself joined with one, two … of the next.
  private var joined: [[Part]] = []
  /// Of each piece: the halves into which it may be cut.
  private var halves: [[(left: Part, right: Part)]] = []
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
    joined = pieces.indices.map { joins(from: $0, most: max(0, surplus)) }
    if surplus < 0 { halves = pieces.map(Self.cuts) }
  }

  /// The best readings, best first. One whose cells are as many as the pieces is the row as it is, which may win too.
  func readings() -> [Reading] {
    let count = pieces.count
    // Work on a row is bounded by rows of states, each for pieces that are used up and columns that are filled.
    var states = [[[State]]](
      repeating: [[State]](repeating: [], count: width + 1), count: count + 1)
    states[0][0] = [State(score: 0, cells: [])]
    for used in 0...count {
      for filled in 0...width where !states[used][filled].isEmpty {
        for step in steps(used, filled) {
          for state in states[used][filled] { add(state.with(step), used + step.used, filled + step.filled, &states) }
        }
      }
    }
    return states[count][width].filter { !$0.isLeft }.map { Reading(cells: $0.cells, score: $0.score) }
      + states[count][width].filter(\.isLeft).map { Reading(cells: $0.cells, score: $0.score) }
  }

  /// What may come next when `used` pieces are used up and `filled` columns filled, of what still leads to a whole row.
  private func steps(_ used: Int, _ filled: Int) -> [Step] {
    let surplus = pieces.count - width
    if filled == width {
      guard used < pieces.count, surplus > 0 else { return [] }
      let left = Step(
        cells: Array(pieces[used...]), gain: -Cost.overflow, used: pieces.count - used, filled: 0, isLeft: true)
      return pieces[used].isEmpty ? [Step(cells: [], gain: -Cost.drop, used: 1, filled: 0), left] : [left]
    }
    let column = profiles.columns[filled]
    let gain = { (part: Part) in Logarithm.of(column.likelihood(part.look)) - part.cost }
    let mayFill = surplus < 0 && filled - used < -surplus
    var found: [Step] = []
    if mayFill {
      let cost = used == pieces.count ? Cost.blankAtEnd : Cost.blank
      found.append(Step(cells: [[]], gain: gain(blank) - cost, used: 0, filled: 1))
    }
    guard used < pieces.count else { return found }
    found.append(Step(cells: [pieces[used]], gain: gain(joined[used][0]), used: 1, filled: 1))
    let spare = surplus - (used - filled)
    if surplus > 0, spare > 0 {
      if pieces[used].isEmpty { found.append(Step(cells: [], gain: -Cost.drop, used: 1, filled: 0)) }
      for (more, part) in joined[used].enumerated().dropFirst().prefix(spare) {
        found.append(Step(cells: [part.cell], gain: gain(part), used: more + 1, filled: 1))
      }
    } else if mayFill, filled + 1 < width {
      found += cuts(used, filled)
    }
    return found
  }

  private func joins(from used: Int, most: Int) -> [Part] {
    var found = [Part(pieces[used])]
    for next in used + 1..<min(pieces.count, used + 1 + most) {
      if pieces[next].isEmpty { break }
      let cost = pieces[next][0] == 0x20 || joint == [0x20] ? Cost.joinAtSpace : Cost.join
      let last = found[found.count - 1]
      found.append(Part(last.cell + joint + pieces[next], cost: last.cost + cost))
    }
    return found
  }

  /// The best few ways to cut a piece in two.
  private func cuts(_ used: Int, _ filled: Int) -> [Step] {
    let (left, right) = (profiles.columns[filled], profiles.columns[filled + 1])
    let found = halves[used].map { half in
      (
        half: half,
        gain: Logarithm.of(left.likelihood(half.left.look)) + Logarithm.of(right.likelihood(half.right.look)) - Cost.cut
      )
    }
    return found.sorted { ($1.gain, $0.half.left.cell.count) < ($0.gain, $1.half.left.cell.count) }.prefix(Self.kept)
      .map { half, gain in Step(cells: [half.left.cell, half.right.cell], gain: gain, used: 1, filled: 2) }
  }

  /// Cuts where the characters change, and anywhere between digits or Chinese characters.
  private static func cuts(of piece: [UInt8]) -> [(left: Part, right: Part)] {
    let longest = 160
    guard piece.count > 1, piece.count <= longest else { return [] }
    return piece.indices.dropFirst().filter { mayCut(piece, $0) }.map { at in
      (Part(Array(piece[..<at])), Part(Array(piece[at...])))
    }
  }

  private static func mayCut(_ piece: [UInt8], _ at: Int) -> Bool {
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
  fileprivate func with(_ step: RowFit.Step) -> Self {
    Self(score: score + step.gain, cells: cells + step.cells, isLeft: isLeft || step.isLeft)
  }
}
