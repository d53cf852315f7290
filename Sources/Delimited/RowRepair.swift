/// Reads a row again that does not fit its table: by another delimiter or quote than the rest of the file, or with quotes
/// that are not written twice. A row is never changed unless a reading gives it exactly the cells of the table.
package struct RowRepair {
  private let delimiter: [UInt8]
  private let quote: UInt8?
  private let columnCount: Int
  /// A longer row is left as it is.
  private static let longest = 1 << 20

  package init(_ dialect: Dialect, columnCount: Int) {
    delimiter = dialect.delimiter
    quote = dialect.quote
    self.columnCount = columnCount
  }

  /// The cells of `row`, a row without its line end; `nil` when no reading fits.
  package func cells(of row: [UInt8]) -> [[UInt8]]? {
    guard columnCount > 1, row.count <= Self.longest else { return nil }
    var delimiters = [delimiter]
    for other in [",", ";", "\t", "|", ", ", "，", "^", "~", ":"] where Array(other.utf8) != delimiter {
      delimiters.append(Array(other.utf8))
    }
    for delimiter in delimiters where contains(row, delimiter) {
      for quote in [quote, 0x22, 0x27, 0x60, nil] {
        if let quote, delimiter.contains(quote) { continue }
        for escape: UInt8? in [nil, 0x5C] {
          if let cells = split(row, delimiter, quote, escape), cells.count == columnCount { return cells }
        }
      }
    }
    return nil
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

  /// Splits `row`. A quote opens at the start of a cell, behind spaces at most, and closes before a delimiter or the end.
  private func split(_ row: [UInt8], _ delimiter: [UInt8], _ quote: UInt8?, _ escape: UInt8?) -> [[UInt8]]? {
    var cells: [[UInt8]] = []
    var at = 0
    while cells.count <= columnCount {
      var open = at
      while open < row.count, row[open] == 0x20, delimiter != [0x20] { open += 1 }
      if let quote, open < row.count, row[open] == quote,
        let closed = quoted(row, open, delimiter, quote, escape)
      {
        cells.append(closed.cell)
        at = closed.end
      } else {
        var cell: [UInt8] = []
        while at < row.count, !isDelimiter(row, at, delimiter) {
          if row[at] == escape, at + 1 < row.count, isDelimiter(row, at + 1, delimiter) {
            cell += delimiter
            at += 1 + delimiter.count
          } else {
            cell.append(row[at])
            at += 1
          }
        }
        cells.append(cell)
      }
      if at >= row.count { return cells }
      at += delimiter.count
    }
    return nil
  }

  private func isDelimiter(_ row: [UInt8], _ at: Int, _ delimiter: [UInt8]) -> Bool {
    at + delimiter.count <= row.count && row[at..<at + delimiter.count].elementsEqual(delimiter)
  }

  private func quoted(
    _ row: [UInt8], _ open: Int, _ delimiter: [UInt8], _ quote: UInt8, _ escape: UInt8?
  ) -> (cell: [UInt8], end: Int)? {
    var cell: [UInt8] = []
    var at = open + 1
    while at < row.count {
      let next = at + 1 < row.count ? row[at + 1] : nil
      if row[at] == escape, let next, next == quote || next == escape {
        cell.append(next)
        at += 2
        continue
      }
      if row[at] == quote {
        var after = at + 1
        while after < row.count, row[after] == 0x20, !isDelimiter(row, after, delimiter) { after += 1 }
        if after == row.count || isDelimiter(row, after, delimiter) { return (cell, after) }
        if next == quote { at += 1 }
      }
      cell.append(row[at])
      at += 1
    }
    return nil
  }
}
