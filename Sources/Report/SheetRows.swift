import Bytes
import Campaign
import Diagnostics
import Tables

/// Rows as a sheet takes them: made by one task, written by another.
struct SheetRows: Sendable {
  enum Look: UInt8 {
    /// That of the texts of its column.
    case ofColumn
    case text, code, integer, number, share, day, boolean
  }
  struct Cell {
    /// Counted from the first of the rows.
    var row: UInt32
    var column: UInt16
    var look: Look
    var isText: Bool
    /// Where its text begins in `texts`, or the bits of its number.
    var value: UInt64
  }
  struct Height {
    var row: Int
    var lines: Int
  }

  /// Rows, those without cells included that are beyond what a sheet shows.
  fileprivate(set) var count = 0
  /// One row after the other; blank ones are left out.
  private(set) var cells: [Cell] = []
  /// Of the rows of more than one line.
  fileprivate(set) var heights: [Height] = []
  /// Each is ended by NUL.
  fileprivate(set) var texts: [UInt8] = []

  mutating func removeAll() {
    count = 0
    cells.removeAll(keepingCapacity: true)
    heights.removeAll(keepingCapacity: true)
    texts.removeAll(keepingCapacity: true)
  }

  fileprivate mutating func append(_ number: Double, _ column: Int, _ look: Look) {
    cells.append(
      Cell(row: UInt32(count), column: UInt16(column), look: look, isText: false, value: number.bitPattern))
  }

  /// The text that begins at `start` of `texts`.
  fileprivate mutating func append(textFrom start: Int, _ column: Int, _ look: Look) {
    cells.append(Cell(row: UInt32(count), column: UInt16(column), look: look, isText: true, value: UInt64(start)))
  }
}

/// Makes the rows of a table into those of a sheet.
struct SheetEncoder: Sendable {
  let columns: [Column]
  /// Columns of the table, those that no sheet has room for included.
  let tableWidth: Int
  let language: Language
  /// Columns of long texts.
  let wrapped: [Int]
  let widths: [Int]

  /// - Parameter shown: rows that get cells; the rest are counted.
  func rows(ofPart part: Int, of source: any RowSource, shown: Int) throws -> SheetRows {
    var rows = SheetRows()
    try source.forEachRow(ofPart: part) { append($0, to: &rows, isShown: rows.count < shown) }
    return rows
  }

  func append(_ row: borrowing TableRow, to rows: inout SheetRows, isShown: Bool) {
    defer { rows.count += 1 }
    guard isShown else { return }
    let cells = row.cells
    precondition(cells.count == tableWidth, "a row has as many cells as its table has columns")
    for index in columns.indices { append(row, cells[index], index, to: &rows) }
    let lines = wrapped.reduce(1) { max($0, DisplaySize(row, cells[$1], breakAt: widths[$1] - 1).lines) }
    // Not all programs fit the height of a row to its text when they open a file.
    if lines > 1 { rows.heights.append(SheetRows.Height(row: rows.count, lines: lines)) }
  }

  private func append(
    _ row: borrowing TableRow, _ cell: TableRow.Cell, _ column: Int, to rows: inout SheetRows
  ) {
    let start = rows.texts.count
    switch cell {
    case .blank: break
    case .text(let first, let end):
      row.withText(first, end) { rows.texts.append(cell: $0) }
      if rows.texts.count > start + 1 {
        rows.append(textFrom: start, column, .ofColumn)
      } else {
        rows.texts.removeLast()
      }
    case .integer(let number):
      // A sheet's numbers are doubles: beyond 2^53 an integer keeps its digits as text only.
      if let double = Double(exactly: number), abs(double) < 1e15 { return rows.append(double, column, .integer) }
      rows.texts.append(decimal: number)
      rows.texts.append(0)
      rows.append(textFrom: start, column, .code)
    case .number(let number):
      if number.isFinite { rows.append(number, column, columns[column].kind == .share ? .share : .number) }
    case .day(let day):
      // Sheets count days from 1900-01-01 and believe in a 29 February of that year: days before March 1900 are text.
      let serial = Int(day.number) + 25_569
      if (61...2_958_465).contains(serial) { return rows.append(Double(serial), column, .day) }
      rows.texts.append(day: day)
      rows.texts.append(0)
      rows.append(textFrom: start, column, .text)
    case .boolean(let truth):
      rows.texts.append(contentsOf: word(for: truth, language).utf8)
      rows.texts.append(0)
      rows.append(textFrom: start, column, .boolean)
    }
  }
}

extension DisplaySize {
  /// Lines of a row: what is longer is read in the cell itself, so that a row never fills the screen.
  private static let tallestRow = 12

  init(_ row: borrowing TableRow, _ cell: TableRow.Cell, breakAt limit: Int) {
    self.init()
    switch cell {
    case .blank: break
    case .text(let start, let end):
      var size = DisplaySize()
      row.withText(start, end) { size = DisplaySize($0, breakAt: limit, lineLimit: Self.tallestRow) }
      self = size
    case .integer(let number): width = String(number).utf8.count
    case .number, .day: width = 10
    case .boolean: width = 4
    }
  }
}
