/// A small table of a file: its text, and where the cells stand in it. No string is made of a cell before it is asked for.
package struct CellTable: Sendable {
  package struct Row: Sendable {
    /// Physical line on which it begins, from 1.
    package let line: Int
    fileprivate let firstCell: Int
    fileprivate var count: Int
  }
  private struct Cell {
    var start: UInt32
    var count: UInt32
  }

  package var headers: [String]
  /// UTF-8.
  package private(set) var text: [UInt8] = []
  package private(set) var rows: [Row] = []
  private var cells: [Cell] = []

  package init(headers: [String]) { self.headers = headers }

  /// A table of strings: for tests, and where cells are rewritten.
  package init(headers: [String], rows: some Sequence<(line: Int, cells: [String])>) {
    self.headers = headers
    for row in rows {
      beginRow(line: row.line)
      for cell in row.cells {
        append(cell: text.count..<text.count + cell.utf8.count)
        text.append(contentsOf: cell.utf8)
      }
    }
  }

  /// Takes more text.
  ///
  /// - Returns: where it begins among all.
  package mutating func append(text more: [UInt8], rows: Int, cells: Int) -> Int {
    let start = text.count
    if start == 0 { text = more } else { text += more }
    self.rows.reserveCapacity(self.rows.count + rows)
    self.cells.reserveCapacity(self.cells.count + cells)
    return start
  }

  package mutating func beginRow(line: Int) { rows.append(Row(line: line, firstCell: cells.count, count: 0)) }

  /// The next cell of the row that was begun last: its place in the text.
  package mutating func append(cell: Range<Int>) {
    cells.append(Cell(start: UInt32(cell.lowerBound), count: UInt32(cell.count)))
    rows[rows.count - 1].count += 1
  }

  /// How many cells a row has; it may be other than there are headers.
  package func cellCount(of row: Row) -> Int { row.count }

  /// Where the cell stands in `text`; empty when the row has no such cell.
  package func place(of row: Row, _ column: Int) -> Range<Int> {
    guard column >= 0, column < row.count else { return 0..<0 }
    let cell = cells[row.firstCell + column]
    return Int(cell.start)..<Int(cell.start) + Int(cell.count)
  }

  /// Empty when the row has no such cell.
  package func string(of row: Row, _ column: Int) -> String { string(place(of: row, column)) }

  package func string(_ place: Range<Int>) -> String {
    // SAFETY: the bytes are copied within the closure.
    unsafe text.span.extracting(place).withUnsafeBufferPointer { unsafe String(decoding: $0, as: UTF8.self) }
  }

  /// All cells of a row, at least one for each header.
  package func strings(of row: Row) -> [String] {
    (0..<max(row.count, headers.count)).map { string(of: row, $0) }
  }

  /// The same table with other cells.
  package func mapCells(_ change: (String) -> String) -> CellTable {
    CellTable(headers: headers, rows: rows.map { ($0.line, strings(of: $0).map(change)) })
  }
}
