import Diagnostics
import Records

/// A fault of a row, as facts; the diagnostic is made when the number of its record is known.
struct RowFault {
  var rule: Rule
  var line: Int
  /// Where in the text it stands.
  var start: Int
  var facts: [String]
  /// What is shown; the text at `start` when `nil`.
  var found: String?
  var row = 0

  init(_ rule: Rule, line: Int, start: Int, facts: [String] = [], found: String? = nil) {
    self.rule = rule
    self.line = line
    self.start = start
    self.facts = facts
    self.found = found
  }
}

/// Rows and cells of a piece of text, before it is decided which rows are records. Its arrays change places with those of a
/// batch, so that memory is used again.
struct TokenizedRows {
  var cells: [RecordBatch.Cell] = []
  var rows: [RecordBatch.Row] = []
  /// Cells whose content holds escapes that are still to be taken out, in order.
  var escapedCells: [Int] = []
  /// In the order of their rows.
  var faults: [RowFault] = []
  /// What `unescape` makes of cells.
  private var contents: [UInt8] = []

  mutating func append(_ cell: ScannedCell) {
    if cell.isEscaped { escapedCells.append(cells.count) }
    cells.append(RecordBatch.Cell(start: cell.contentStart, count: cell.contentEnd - cell.contentStart))
  }

  /// Adds a fault to the row that is being made.
  mutating func fault(_ fault: RowFault) {
    faults.append(fault)
    faults[faults.count - 1].row = rows.count
  }

  mutating func endRow(line: Int, start: Int, end: Int, firstCell: Int) {
    rows.append(
      RecordBatch.Row(
        line: line, rawStart: start, rawEnd: end, firstCell: firstCell, cellCount: cells.count - firstCell))
  }

  /// Forgets a row that is not complete.
  mutating func cut(toCells count: Int, escapes: Int, faults: Int) {
    cells.removeLast(cells.count - count)
    escapedCells.removeLast(escapedCells.count - escapes)
    self.faults.removeLast(self.faults.count - faults)
  }

  /// Forgets the rows from `row` on.
  mutating func cut(toRows row: Int) {
    guard row < rows.count else { return }
    let firstCell = Int(rows[row].firstCell)
    rows.removeLast(rows.count - row)
    cells.removeLast(cells.count - firstCell)
    while let last = escapedCells.last, last >= firstCell { escapedCells.removeLast() }
    while let last = faults.last, last.row >= row { faults.removeLast() }
  }

  mutating func removeAll() {
    cells.removeAll(keepingCapacity: true)
    rows.removeAll(keepingCapacity: true)
    escapedCells.removeAll(keepingCapacity: true)
    faults.removeAll(keepingCapacity: true)
  }
}

extension TokenizedRows {
  /// Takes the escapes out of the cells that have any: their final content is appended to `bytes`, so that nobody behind
  /// the reader has to know about quoting.
  mutating func unescape(_ bytes: inout [UInt8], quote: UInt8, escape: UInt8?) {
    contents.removeAll(keepingCapacity: true)
    let base = bytes.count
    for index in escapedCells {
      let cell = cells[index]
      let start = contents.count
      let end = Int(cell.start) + Int(cell.count)
      var runStart = Int(cell.start)
      var at = runStart
      while let found = next(of: quote, escape, in: bytes, at, end - 1) {
        at = found + 1
        let byte = bytes[found]
        if byte == quote && bytes[at] == quote || byte == escape && (bytes[at] == quote || bytes[at] == byte) {
          append(bytes, runStart..<found)
          runStart = at
          at += 1
        }
      }
      append(bytes, runStart..<end)
      cells[index] = RecordBatch.Cell(start: base + start, count: contents.count - start)
    }
    bytes += contents
    escapedCells.removeAll(keepingCapacity: true)
  }

  /// Without a slice, which would be counted.
  private mutating func append(_ bytes: [UInt8], _ run: Range<Int>) {
    // SAFETY: the bytes are copied within the closure.
    unsafe bytes.withUnsafeBufferPointer { unsafe contents.append(contentsOf: UnsafeBufferPointer(rebasing: $0[run])) }
  }

  /// Place of the next quote or escape in `bytes[from..<end]`.
  private func next(of quote: UInt8, _ escape: UInt8?, in bytes: [UInt8], _ from: Int, _ end: Int) -> Int? {
    if let escape, from < end { return (from..<end).first { bytes[$0] == quote || bytes[$0] == escape } }
    return bytes.firstPlace(of: quote, from: from, to: end)
  }
}
