/// Which counts of published tables are left out so that none of the small ones can be known: the small ones themselves,
/// and others from which they could be worked out.
///
/// Tables give each other away by sums: a region is its units, a row of kinds its total. Each sum must have two counts left
/// out or none, and the small ones among them must have room: two that are known to be below the threshold and to add up to
/// 2 are both 1. Then all sums are solved together, as somebody with all tables would (`determined`); what that gives away
/// costs another count, until nothing does.
///
/// Source of the method: secondary cell suppression, as statistical offices do it (e.g. Willenborg and de Waal, Elements of
/// Statistical Disclosure Control, 2001). The choice of counts is greedy, the smallest first; it is not the least possible.
struct CellSuppression {
  struct Cell {
    var value: Int
    /// Whether somebody who has the tables sees it unless it is left out.
    var isPublished = true
    /// Whether it stands in the tables whatever it is.
    var isFixed = false
  }
  /// `total` is what the parts add up to.
  struct Sum {
    var total: Int
    var parts: [Int]
    var members: [Int] { [total] + parts }
  }

  let threshold: Int
  private(set) var cells: [Cell] = []
  private(set) var sums: [Sum] = []
  private(set) var isLeftOut: [Bool] = []
  /// Sums in which each cell stands.
  private var uses: [Int] = []

  init(threshold: Int) { self.threshold = threshold }

  /// - Returns: its place.
  mutating func add(_ cell: Cell) -> Int {
    cells.append(cell)
    return cells.count - 1
  }

  mutating func add(total: Int, parts: [Int]) { if !parts.isEmpty { sums.append(Sum(total: total, parts: parts)) } }

  private func isSmall(_ cell: Int) -> Bool { (1..<threshold).contains(cells[cell].value) }

  /// Nobody sees it: it is left out, or stands in no table.
  private func isUnknown(_ cell: Int) -> Bool { isLeftOut[cell] || !cells[cell].isPublished }

  mutating func run() {
    uses = [Int](repeating: 0, count: cells.count)
    for cell in sums.flatMap(\.members) { uses[cell] += 1 }
    isLeftOut = cells.indices.map { cells[$0].isPublished && !cells[$0].isFixed && isSmall($0) }
    while true {
      protectSums()
      var isDone = true
      for cell in determined().sorted() where isLeftOut[cell] {
        // Another count of one of its sums hides it; where there is none left, it cannot be hidden.
        for sum in sums where sum.members.contains(cell) {
          if leaveOutAnother(of: sum) {
            isDone = false
            break
          }
        }
      }
      if isDone { return }
    }
  }

  private mutating func protectSums() {
    var isChanged = true
    while isChanged {
      isChanged = false
      for sum in sums where isBroken(sum) {
        if leaveOutAnother(of: sum) { isChanged = true }
      }
    }
  }

  private func isBroken(_ sum: Sum) -> Bool {
    let unknown = sum.members.filter(isUnknown)
    guard unknown.contains(where: { isLeftOut[$0] }) else { return false }
    if unknown.count == 1 { return true }
    let isPinned = unknown.allSatisfy { isLeftOut[$0] && isSmall($0) } && !unknown.contains(sum.total)
    guard isPinned else { return false }
    let whole = unknown.reduce(0) { $0 + cells[$1].value }
    // The least and the most that one can be when the others are the most and the least.
    let least = max(1, whole - (unknown.count - 1) * (threshold - 1))
    let most = min(threshold - 1, whole - (unknown.count - 1))
    return least == most
  }

  /// The one that stands in the fewest sums, since each of them then needs another; of those the smallest. A zero hides
  /// little, and is the last.
  ///
  /// - Returns: whether there was one.
  private mutating func leaveOutAnother(of sum: Sum) -> Bool {
    func rank(_ cell: Int) -> (Int, Int, Int, Int) {
      (cells[cell].value == 0 ? 1 : 0, uses[cell], cells[cell].value, cell)
    }
    let free = sum.members.filter { !isUnknown($0) && !cells[$0].isFixed }
    guard let cell = free.min(by: { rank($0) < rank($1) }) else { return false }
    isLeftOut[cell] = true
    return true
  }

  // MARK: what can be worked out

  /// The unknown counts that follow from those that are known, all sums taken together.
  func determined() -> Set<Int> {
    var open = sums.map { sum in Dictionary(Self.coefficients(sum).filter { isUnknown($0.key) }, uniquingKeysWith: +) }
    var uses: [Int: Set<Int>] = [:]
    for (place, sum) in open.enumerated() { for cell in sum.keys { uses[cell, default: []].insert(place) } }
    // A sum with an unknown that stands in no other says nothing of the others: it is set aside, and that unknown follows
    // from it when it is alone there and all others are known in the end.
    var aside: [(leaf: Int?, others: [Int])] = []
    var queue = open.indices.filter { place in open[place].keys.contains { uses[$0]?.count == 1 } }
    while let place = queue.popLast() {
      let leaves = open[place].keys.filter { uses[$0]?.count == 1 }
      guard !leaves.isEmpty else { continue }
      let others = open[place].keys.filter { !leaves.contains($0) }
      aside.append((leaves.count == 1 ? leaves.first : nil, Array(others)))
      open[place] = [:]
      for leaf in leaves { uses[leaf] = [] }
      for cell in others {
        uses[cell]?.remove(place)
        if uses[cell]?.count == 1, let last = uses[cell]?.first { queue.append(last) }
      }
    }
    var known = Self.solved(open.filter { !$0.isEmpty })
    for (leaf, others) in aside.reversed() {
      if let leaf, others.allSatisfy(known.contains) { known.insert(leaf) }
    }
    return known
  }

  private static func coefficients(_ sum: Sum) -> [(key: Int, value: Int)] {
    [(sum.total, prime - 1)] + sum.parts.map { ($0, 1) }
  }

  private static let prime = 2_147_483_647

  /// The unknowns that a system has one value for: Gauss and Jordan, modulo a prime, which with coefficients of 1 and -1
  /// takes none for solved that is not but by a chance of one in a billion.
  private static func solved(_ rows: [[Int: Int]]) -> Set<Int> {
    var rows = rows
    var pivots: [(row: Int, cell: Int)] = []
    for row in rows.indices {
      guard let cell = rows[row].keys.min() else { continue }
      let inverse = power(rows[row][cell] ?? 1, prime - 2)
      rows[row] = rows[row].mapValues { $0 * inverse % prime }
      for other in rows.indices where other != row {
        guard let factor = rows[other][cell] else { continue }
        for (key, value) in rows[row] {
          let difference = ((rows[other][key] ?? 0) + (prime - factor) * value) % prime
          rows[other][key] = difference == 0 ? nil : difference
        }
      }
      pivots.append((row, cell))
    }
    return Set(pivots.filter { rows[$0.row].count == 1 }.map(\.cell))
  }

  private static func power(_ base: Int, _ exponent: Int) -> Int {
    var (result, base, exponent) = (1, base, exponent)
    while exponent > 0 {
      if exponent & 1 == 1 { result = result * base % prime }
      base = base * base % prime
      exponent >>= 1
    }
    return result
  }
}
