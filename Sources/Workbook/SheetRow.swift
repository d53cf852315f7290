/// One row of a sheet while it is read: its cells that are not blank.
struct SheetRow {
  private struct Cell {
    var column: Int
    var start: Int
    var end: Int
  }
  private var cells: [Cell] = []
  var bytes: [UInt8] = []
  private var isOrdered = true

  var isEmpty: Bool { cells.isEmpty }
  var count: Int { cells.count }
  /// Columns up to the last cell.
  var width: Int { isOrdered ? (cells.last?.column ?? -1) + 1 : (cells.map(\.column).max() ?? -1) + 1 }

  mutating func removeAll() {
    cells.removeAll(keepingCapacity: true)
    bytes.removeAll(keepingCapacity: true)
    isOrdered = true
  }

  /// Adds a cell with what was appended to `bytes` since `start`; nothing when that is blank.
  mutating func add(column: Int, from start: Int) {
    guard bytes.count > start else { return }
    if let last = cells.last, last.column >= column { isOrdered = false }
    cells.append(Cell(column: column, start: start, end: bytes.count))
  }

  /// Puts the cells into the order of their columns; of two in one column the later counts.
  mutating func order() {
    guard !isOrdered else { return }
    let sorted = cells.enumerated().sorted { ($0.element.column, $0.offset) < ($1.element.column, $1.offset) }
    cells.removeAll(keepingCapacity: true)
    for (_, cell) in sorted {
      if cells.last?.column == cell.column { cells.removeLast() }
      cells.append(cell)
    }
    isOrdered = true
  }

  /// Place of the first cell at `column` or behind it.
  private func place(_ column: Int, among count: Int) -> Int {
    var low = 0
    var high = count
    while low < high {
      let middle = (low + high) / 2
      if cells[middle].column < column { low = middle + 1 } else { high = middle }
    }
    return low
  }

  func text(_ column: Int) -> ArraySlice<UInt8> {
    let place = place(column, among: cells.count)
    guard place < cells.count, cells[place].column == column else { return [] }
    return bytes[cells[place].start..<cells[place].end]
  }

  func hasText(outside columns: ClosedRange<Int>, among count: Int) -> Bool {
    guard count > 0, let first = cells.first else { return false }
    let last = cells[count - 1]
    return first.column < columns.lowerBound || last.column > columns.upperBound
  }

  /// Gives `value` to the blank cells of `columns`; whether there were any. To be followed by `order()`, and only then are
  /// they found.
  mutating func fillBlank(_ columns: ClosedRange<Int>, _ value: [UInt8], known: Int) -> Bool {
    var place = place(columns.lowerBound, among: known)
    let start = bytes.count
    var isFilled = false
    for column in columns {
      if place < known, cells[place].column == column {
        place += 1
        continue
      }
      if !isFilled { bytes += value }
      isFilled = true
      cells.append(Cell(column: column, start: start, end: start + value.count))
    }
    if isFilled { isOrdered = false }
    return isFilled
  }

  /// Bytes that all cells come to.
  var textCount: Int { cells.reduce(0) { $0 + $1.end - $1.start } }

  /// Appends the cells with marks between them, at least `width` of them, and a line feed.
  func append(to output: inout [UInt8], width: Int) {
    var column = 0
    for cell in cells {
      while column < cell.column {
        output.append(SheetMark.cell)
        column += 1
      }
      output.append(contentsOf: bytes[cell.start..<cell.end])
    }
    while column < width - 1 {
      output.append(SheetMark.cell)
      column += 1
    }
    output.append(0x0A)
  }
}
