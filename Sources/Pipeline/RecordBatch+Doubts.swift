import Delimited
import Records

// What in a row, as it was read, speaks for reading it again.
extension RecordBatch {
  func contents(of row: Row) -> [[UInt8]] {
    cells(of: row).map { cell in Array(bytes[Int(cell.start)..<Int(cell.start) + Int(cell.count)]) }
  }

  /// Whether a quote stands inside a cell that does not begin with one.
  func hasStrayQuotes(_ row: Row, _ dialect: Dialect) -> Bool {
    guard let quote = dialect.quote, bytes[Int(row.rawStart)..<Int(row.rawEnd)].contains(quote) else { return false }
    return cells(of: row).contains { cell in
      let start = Int(cell.start)
      guard start <= Int(row.rawStart) || bytes[start - 1] != quote else { return false }
      return bytes[start..<start + Int(cell.count)].contains(quote)
    }
  }

  /// Whether blank cells behind the last column were left out.
  func hasDroppedCells(_ row: Row, _ dialect: Dialect) -> Bool {
    guard let last = cells(of: row).last else { return false }
    var end = Int(last.start) + Int(last.count)
    guard end < Int(row.rawEnd), end >= Int(row.rawStart) else { return false }
    if bytes[end] == dialect.quote { end += 1 }
    return end < Int(row.rawEnd) && bytes[end] == dialect.delimiter[0]
  }

  func isForeign(_ row: Row, _ dialect: Dialect) -> Bool {
    RowRepair.isForeign(count: Int(row.cellCount), quote: dialect.quote) { place in
      let cell = cells[Int(row.firstCell) + place]
      return bytes[Int(cell.start)..<Int(cell.start) + Int(cell.count)]
    }
  }

  private func cells(of row: Row) -> ArraySlice<Cell> {
    cells[Int(row.firstCell)..<Int(row.firstCell) + Int(row.cellCount)]
  }
}
