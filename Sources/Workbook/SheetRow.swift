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
  private func place(_ column: Int) -> Int {
    var low = 0
    var high = cells.count
    while low < high {
      let middle = (low + high) / 2
      if cells[middle].column < column { low = middle + 1 } else { high = middle }
    }
    return low
  }

  func text(_ column: Int) -> ArraySlice<UInt8> {
    let place = place(column)
    guard place < cells.count, cells[place].column == column else { return [] }
    return bytes[cells[place].start..<cells[place].end]
  }

  func hasText(outside columns: ClosedRange<Int>) -> Bool {
    guard let first = cells.first, let last = cells.last else { return false }
    return first.column < columns.lowerBound || last.column > columns.upperBound
  }

  /// Whether the cell was blank and is `value` now.
  mutating func fillBlank(_ column: Int, _ value: [UInt8]) -> Bool {
    let place = place(column)
    if place < cells.count, cells[place].column == column { return false }
    let start = bytes.count
    bytes += value
    cells.insert(Cell(column: column, start: start, end: bytes.count), at: place)
    return true
  }

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
