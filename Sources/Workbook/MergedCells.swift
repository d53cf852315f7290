/// Ranges of merged cells of one sheet, in the order of their first rows.
struct MergedCells {
  struct Merge {
    var rows: ClosedRange<Int>
    var columns: ClosedRange<Int>
    /// What its first cell says, once that was read.
    var value: [UInt8] = []
    var isCounted = false
  }
  private var waiting: [Merge]
  private var next = 0
  /// In the order of their columns; they do not overlap.
  private var open: [Merge] = []
  /// Ranges of which a value was given to other cells.
  private(set) var filledCount = 0
  private(set) var firstFilledRow = 0

  init(_ merges: [Merge]) { waiting = merges.sorted { $0.rows.lowerBound < $1.rows.lowerBound } }

  /// Whether a range may reach into `row`, the next one.
  func concerns(_ row: Int) -> Bool { !open.isEmpty || next < waiting.count && waiting[next].rows.lowerBound <= row }

  /// Gives the value of a merged range to its blank cells in this row. A range that stands in a row alone is a title, and
  /// no cell beyond `width` is filled.
  mutating func fill(_ row: inout SheetRow, number: Int, width: Int) {
    open.removeAll { $0.rows.upperBound < number }
    while next < waiting.count, waiting[next].rows.lowerBound <= number {
      if waiting[next].rows.upperBound >= number { insert(waiting[next], row) }
      next += 1
    }
    let known = row.count
    for index in open.indices {
      let merge = open[index]
      let last = max(merge.columns.lowerBound, min(merge.columns.upperBound, width - 1))
      guard !merge.value.isEmpty, row.hasText(outside: merge.columns, among: known),
        row.fillBlank(merge.columns.lowerBound...last, merge.value, known: known), !merge.isCounted
      else { continue }
      open[index].isCounted = true
      filledCount += 1
      if firstFilledRow == 0 { firstFilledRow = number }
    }
    row.order()
  }

  /// Takes a range in, unless one is open that shares a column with it: no program writes such.
  private mutating func insert(_ merge: Merge, _ row: SheetRow) {
    var low = 0
    var high = open.count
    while low < high {
      let middle = (low + high) / 2
      if open[middle].columns.lowerBound < merge.columns.lowerBound { low = middle + 1 } else { high = middle }
    }
    if low > 0, open[low - 1].columns.upperBound >= merge.columns.lowerBound { return }
    if low < open.count, open[low].columns.lowerBound <= merge.columns.upperBound { return }
    var merge = merge
    merge.value = Array(row.text(merge.columns.lowerBound))
    open.insert(merge, at: low)
  }
}

/// A cell reference such as `BC12`, of which either half may be missing; columns and rows from 0 and 1.
func cellReference(_ text: UnsafeBufferPointer<UInt8>) -> (column: Int, row: Int)? {
  var column = 0
  var row = 0
  for place in text.indices {
    let byte = unsafe text[place]
    switch byte {
    case 0x41...0x5A, 0x61...0x7A:
      guard row == 0 else { return nil }
      column = column * 26 + Int(byte & 0x1F)
    case 0x30...0x39: row = row * 10 + Int(byte - 0x30)
    case UInt8(ascii: "$"): break
    default: return nil
    }
    guard column <= sheetColumns, row <= sheetRows else { return nil }
  }
  return column > 0 && row > 0 ? (column - 1, row) : nil
}
