/// Tries the ways in which a row may fall into a number of cells. A quote opens at the start of a cell, behind spaces at
/// most, and closes before a delimiter or the end; which quote closes it, and whether it is one at all, is tried.
struct CellSearch {
  let row: [UInt8]
  let delimiter: [UInt8]
  let quote: UInt8?
  let escape: UInt8?
  /// Whether another quote than the regular one may close a cell, or none.
  let doubts: Bool
  let wanted: Int
  /// Solutions that are looked for.
  let most: Int
  private(set) var solutions: [[[UInt8]]] = []
  private var cells: [[UInt8]] = []
  /// Cells that may still be tried, so that a row of many quotes costs no more than a long one.
  private var steps: Int

  init(
    row: [UInt8], delimiter: [UInt8], quote: UInt8?, escape: UInt8?, doubts: Bool, wanted: Int, most: Int
  ) {
    self.row = row
    self.delimiter = delimiter
    self.quote = quote
    self.escape = escape
    self.doubts = doubts
    self.wanted = wanted
    self.most = most
    steps = wanted + 300
  }

  /// Recursion is as deep as the table is wide, which `RowRepair` bounds.
  mutating func solve(from at: Int) {
    steps -= 1
    guard steps > 0, cells.count < wanted, solutions.count < most else { return }
    var open = at
    while open < row.count, row[open] == 0x20, delimiter != [0x20] { open += 1 }
    if let quote, open < row.count, row[open] == quote {
      for closing in closings(of: open, quote) {
        cells.append(content(open + 1..<closing.at, quote))
        goOn(closing.after)
        cells.removeLast()
        if !doubts || solutions.count >= most { return }
      }
    }
    let plain = plainCell(from: at)
    cells.append(plain.cell)
    goOn(plain.end)
    cells.removeLast()
  }

  private mutating func goOn(_ at: Int) {
    if at < row.count {
      solve(from: at + delimiter.count)
    } else if cells.count == wanted, !solutions.contains(cells) {
      solutions.append(cells)
    }
  }

  private func isDelimiter(_ at: Int) -> Bool {
    at + delimiter.count <= row.count && row[at..<at + delimiter.count].elementsEqual(delimiter)
  }

  /// Quotes that may close the cell: first the one that does when quotes in the text are written twice.
  private func closings(of open: Int, _ quote: UInt8) -> [(at: Int, after: Int)] {
    var found: [(at: Int, after: Int)] = []
    var regular: (at: Int, after: Int)?
    let most = 8
    var at = open + 1
    var isSecond = false
    while at < row.count, found.count < most || regular == nil {
      if row[at] == escape, at + 1 < row.count {
        at += 2
        isSecond = false
        continue
      }
      guard row[at] == quote else {
        isSecond = false
        at += 1
        continue
      }
      var after = at + 1
      while after < row.count, row[after] == 0x20, !isDelimiter(after) { after += 1 }
      let isClosing = after == row.count || isDelimiter(after)
      let isPaired = isSecond || at + 1 < row.count && row[at + 1] == quote
      if isClosing, regular == nil, !isSecond, !isPaired { regular = (at, after) }
      if isClosing, found.count < most { found.append((at, after)) }
      isSecond = !isSecond && at + 1 < row.count && row[at + 1] == quote
      at += 1
    }
    guard let regular else { return found }
    return [regular] + found.filter { $0.at != regular.at }
  }

  private func content(_ range: Range<Int>, _ quote: UInt8) -> [UInt8] {
    var cell: [UInt8] = []
    var at = range.lowerBound
    while at < range.upperBound {
      if at + 1 < range.upperBound, row[at + 1] == quote || row[at + 1] == escape, row[at] == quote || row[at] == escape
      {
        at += 1
      }
      cell.append(row[at])
      at += 1
    }
    return cell
  }

  private func plainCell(from start: Int) -> (cell: [UInt8], end: Int) {
    var cell: [UInt8] = []
    var at = start
    while at < row.count, !isDelimiter(at) {
      if row[at] == escape, isDelimiter(at + 1) {
        cell += delimiter
        at += 1 + delimiter.count
      } else {
        cell.append(row[at])
        at += 1
      }
    }
    return (cell, at)
  }
}
