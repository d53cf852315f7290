/// Reads a row again that does not fit its table: by another delimiter or quote than the rest of the file, or with quotes
/// that are not written twice. A row is never changed unless a reading gives it exactly the cells of the table.
package struct RowRepair {
  private let delimiter: [UInt8]
  private let quote: UInt8?
  private let columnCount: Int
  /// A longer row is left as it is.
  private static let longest = 1 << 20
  private static let widest = 500

  package init(_ dialect: Dialect, columnCount: Int) {
    delimiter = dialect.delimiter
    quote = dialect.quote
    self.columnCount = columnCount
  }

  /// The cells of `row`, a row without its line end; `nil` when no reading fits.
  /// - Parameter isBroken: whether its quotes are at fault. Those of another row are not doubted.
  package func cells(of row: [UInt8], isBroken: Bool) -> [[UInt8]]? {
    guard (2...Self.widest).contains(columnCount), row.count <= Self.longest else { return nil }
    if let cells = cells(of: row, delimiter + [0x20], isBroken) ?? cells(of: row, delimiter, isBroken) { return cells }
    for other in [",", ";", "\t", "|", ", ", "，", "^", "~", ":", " "] where Array(other.utf8) != delimiter {
      guard let cells = cells(of: row, Array(other.utf8), isBroken) else { continue }
      // A sentence may have as many words as the table has columns.
      if other != " " || hasValues(cells) { return cells }
    }
    return nil
  }

  /// The rows in `text`, which was read as one because of a quote that is not closed where it was meant to be; `nil` when
  /// not every line of it is a row.
  package func rows(of text: [UInt8]) -> [[[UInt8]]]? {
    guard (2...Self.widest).contains(columnCount), text.count <= Self.longest else { return nil }
    var rows: [[[UInt8]]] = []
    for line in text.split(whereSeparator: { $0 == 0x0A || $0 == 0x0D }) {
      guard let cells = cells(of: Array(line), delimiter, true) else { return nil }
      rows.append(cells)
    }
    return rows.count > 1 ? rows : nil
  }

  /// Whether all cells of a row that has as many as the table stand in other quotes, or all but the first begin with a
  /// space: the row was written by another program.
  package static func isForeign(count: Int, quote: UInt8?, cell: (Int) -> ArraySlice<UInt8>) -> Bool {
    guard count > 2 else { return false }
    let first = cell(0)
    for other: UInt8 in [0x27, 0x60, 0x22] where other != quote && first.count > 1 && first.first == other {
      let isWrapped = (0..<count).allSatisfy { place in
        let text = cell(place)
        return text.isEmpty || text.count > 1 && text.first == other && text.last == other
      }
      if isWrapped { return true }
    }
    guard cell(1).first == 0x20, first.first != 0x20 else { return false }
    return (1..<count).allSatisfy { cell($0).first == 0x20 }
  }

  /// The cells of a row that is foreign.
  package func foreignCells(of row: [UInt8]) -> [[UInt8]]? {
    guard columnCount <= Self.widest, row.count <= Self.longest else { return nil }
    if row.first == 0x27 || row.first == 0x60 || row.first == 0x22,
      let cells = split(row, delimiter, row.first, nil)
    {
      return cells
    }
    return split(row, delimiter + [0x20], quote, nil)
  }

  private func cells(of row: [UInt8], _ delimiter: [UInt8], _ isBroken: Bool) -> [[UInt8]]? {
    guard contains(row, delimiter) else { return nil }
    for quote in [quote, 0x22, 0x27, 0x60, nil] {
      if let quote, delimiter.contains(quote) { continue }
      if quote != self.quote, !isBroken, opensQuote(row, delimiter) { continue }
      for escape: UInt8? in [nil, 0x5C] {
        if let cells = split(row, delimiter, quote, escape, doubts: isBroken) { return cells }
      }
    }
    return nil
  }

  /// Whether a cell begins with the quote of the table.
  private func opensQuote(_ row: [UInt8], _ delimiter: [UInt8]) -> Bool {
    guard let quote, let last = delimiter.last else { return false }
    return row.indices.contains { row[$0] == quote && ($0 == 0 || row[$0 - 1] == last) }
  }

  private func hasValues(_ cells: [[UInt8]]) -> Bool {
    let values = cells.count { [.number, .moment].contains(CellKind(String(decoding: $0.prefix(64), as: UTF8.self))) }
    return values > 1
  }

  private func contains(_ row: [UInt8], _ delimiter: [UInt8]) -> Bool {
    var found = 0
    var at = 0
    while at + delimiter.count <= row.count {
      if row[at] == delimiter[0], row[at..<at + delimiter.count].elementsEqual(delimiter) {
        found += 1
        at += delimiter.count
        if found + 1 >= columnCount { return true }
      } else {
        at += 1
      }
    }
    return false
  }

  /// Splits `row` into as many cells as the table has; `nil` when that cannot be done.
  private func split(
    _ row: [UInt8], _ delimiter: [UInt8], _ quote: UInt8?, _ escape: UInt8?, doubts: Bool = true
  ) -> [[UInt8]]? {
    var search = CellSearch(
      row: row, delimiter: delimiter, quote: quote, escape: escape, doubts: doubts, wanted: columnCount)
    return search.solve(from: 0) ? search.cells : nil
  }
}

/// Tries the ways in which a row may fall into a number of cells. A quote opens at the start of a cell, behind spaces at
/// most, and closes before a delimiter or the end; which quote closes it, and whether it is one at all, is tried.
private struct CellSearch {
  let row: [UInt8]
  let delimiter: [UInt8]
  let quote: UInt8?
  let escape: UInt8?
  /// Whether another quote than the regular one may close a cell, or none.
  let doubts: Bool
  let wanted: Int
  private(set) var cells: [[UInt8]] = []
  /// Cells that may still be tried, so that a row of many quotes costs no more than a long one.
  private var steps: Int

  init(row: [UInt8], delimiter: [UInt8], quote: UInt8?, escape: UInt8?, doubts: Bool, wanted: Int) {
    self.row = row
    self.delimiter = delimiter
    self.quote = quote
    self.escape = escape
    self.doubts = doubts
    self.wanted = wanted
    steps = wanted + 300
  }

  /// Recursion is as deep as the table is wide, which `RowRepair` bounds.
  mutating func solve(from at: Int) -> Bool {
    steps -= 1
    guard steps > 0, cells.count < wanted else { return false }
    var open = at
    while open < row.count, row[open] == 0x20, delimiter != [0x20] { open += 1 }
    if let quote, open < row.count, row[open] == quote {
      for closing in closings(of: open, quote) {
        cells.append(content(open + 1..<closing.at, quote))
        if goOn(closing.after) { return true }
        cells.removeLast()
        if !doubts { return false }
      }
    }
    let plain = plainCell(from: at)
    cells.append(plain.cell)
    if goOn(plain.end) { return true }
    cells.removeLast()
    return false
  }

  private mutating func goOn(_ at: Int) -> Bool {
    at >= row.count ? cells.count == wanted : solve(from: at + delimiter.count)
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
