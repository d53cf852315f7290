import Bytes
import Campaign
import Records
import Values

/// Some rows of a batch on their way through Check together.
struct RowBlock {
  /// First row.
  var start = 0
  /// Of each row: where its values begin, and how many of them are still to be read by their programs.
  var firstValues: [Int32] = []
  var unread: [Int32] = []
  /// Of the cells of a column.
  var hashes: [UInt64] = []
  /// Rows by group, counted from `start`.
  var rowsOfGroup: [[Int32]]
  /// Rows that a block has, unless its last record has more.
  static let size = 64

  init(groups: Int) { rowsOfGroup = [[Int32]](repeating: [], count: groups) }
}

// The cells of a block, column by column: what is asked of a column is looked up once, and the searches of its rows do not wait
// for each other's memory. What needs more than a glance is left for the time when its record is checked.
extension Checker {
  /// Makes room for the values of the rows from `start` to the end of a record, and reads what can be read at a glance.
  ///
  /// - Returns: the row behind the block.
  mutating func beginBlock(at start: Int, of batch: borrowing RecordBatch) -> Int {
    workspace.arena.removeAll(keepingCapacity: true)
    block.start = start
    block.firstValues.removeAll(keepingCapacity: true)
    block.unread.removeAll(keepingCapacity: true)
    for group in block.rowsOfGroup.indices { block.rowsOfGroup[group].removeAll(keepingCapacity: true) }
    var end = start
    var count = 0
    while end < batch.rows.count, end &- start < RowBlock.size || !batch.rows[end].startsRecord {
      let group = Int(batch.rows[end].group)
      block.firstValues.append(Int32(truncatingIfNeeded: count))
      block.unread.append(0)
      block.rowsOfGroup[group].append(Int32(truncatingIfNeeded: end &- start))
      count &+= widths[group]
      end &+= 1
    }
    values.begin(count)
    approachText(from: end, batch)
    for group in block.rowsOfGroup.indices where !block.rowsOfGroup[group].isEmpty {
      for place in 0..<widths[group] {
        // Repeats have one cell per field, in their order.
        glance(place, group, column: group == 0 ? Int(batch.columnOfField[place]) : place, batch)
      }
    }
    return end
  }

  /// Reads what can be read at a glance of a column of the block; what cannot is `unread`.
  private mutating func glance(_ place: Int, _ group: Int, column: Int, _ batch: borrowing RecordBatch) {
    let field = plan.firstLanes[group] &+ place
    let blanks = ColumnBlanks(mayBeBlank: plan.mayBeBlank[field])
    let column = BlockColumn(place: place, column: column, start: block.start)
    switch lanes[field] {
    case .known:
      if column.column >= 0, known.isLarge(field) {
        approach(field, group, column, batch)
        glanceKnown(field, group, column, blanks, batch, isApproached: true)
      } else {
        glanceKnown(field, group, column, blanks, batch, isApproached: false)
      }
    case .plain: glanceText(isSpaced: false, group, column, blanks, batch)
    case .spaced: glanceText(isSpaced: true, group, column, blanks, batch)
    case .program: glanceProgram(group, column, blanks, batch)
    }
  }

  /// A column of the block: the place of its field, and which cell of a row it is; -1 when the file has none.
  private struct BlockColumn {
    var place: Int
    var column: Int
    var start: Int

    /// - Parameter row: counted from the start of the block.
    @inline(__always)
    func cell(_ row: Int, _ rows: Span<RecordBatch.Row>, _ cells: Span<RecordBatch.Cell>) -> RecordBatch.Cell? {
      // SAFETY: `beginBlock` made the block of rows of this batch, and the cells of a row stand in its batch.
      let here = unsafe rows[unchecked: start &+ row]
      guard column >= 0, column < Int(here.cellCount) else { return nil }
      return unsafe cells[unchecked: Int(here.firstCell) &+ column]
    }
  }

  /// What stands for a cell that is not there or holds nothing.
  private struct ColumnBlanks {
    let absent: CellValue
    let empty: CellValue

    init(mayBeBlank: Bool) {
      // Where a value is required, its program says what is wrong.
      absent = mayBeBlank ? CellValue(kind: .blank, bits: Int64(BlankForm.absent)) : CellValue(kind: .unread)
      empty = mayBeBlank ? CellValue(kind: .blank, bits: Int64(BlankForm.empty)) : CellValue(kind: .unread)
    }
  }

  @inline(__always)
  private mutating func put(_ value: CellValue, _ row: Int, _ column: BlockColumn) {
    values[Int(block.firstValues[row]) &+ column.place] = value
    if value.kind == .unread { block.unread[row] &+= 1 }
  }

  /// - Parameter isApproached: whether `block.hashes` holds the hashes of the cells.
  @inline(__always)
  private mutating func glanceKnown(
    _ field: Int, _ group: Int, _ column: BlockColumn, _ blanks: ColumnBlanks, _ batch: borrowing RecordBatch,
    isApproached: Bool
  ) {
    let rows = block.rowsOfGroup[group]
    for index in rows.indices {
      let row = Int(rows[index])
      var value = blanks.absent
      if let cell = column.cell(row, batch.rows.span, batch.cells.span), cell.isPresent {
        value = cell.count == 0 ? blanks.empty : CellValue(kind: .unread)
        let hash = isApproached ? block.hashes[index] : nil
        if let found = known.find(field, batch.bytes.span, at: Int(cell.start), count: Int(cell.count), hash: hash) {
          value = found
          if value.kind == .text {
            value.start &+= Int32(truncatingIfNeeded: cell.start)
          } else if value.kind == .arenaText {
            value.start = Int32(truncatingIfNeeded: workspace.arena.count)
            workspace.arena.append(contentsOf: known.text(found))
          }
        }
      }
      put(value, row, column)
    }
  }

  private mutating func glanceText(
    isSpaced: Bool, _ group: Int, _ column: BlockColumn, _ blanks: ColumnBlanks, _ batch: borrowing RecordBatch
  ) {
    let rows = block.rowsOfGroup[group]
    for index in rows.indices {
      let row = Int(rows[index])
      var value = blanks.absent
      if let cell = column.cell(row, batch.rows.span, batch.cells.span), cell.isPresent {
        value = cell.count == 0 ? blanks.empty : CellValue(kind: .unread)
        let whole = batch.bytes.span.extracting(cell.range)
        let inner = trimmed(whole)
        if !inner.isEmpty, !isSpaced || !hasLooseSpace(whole.extracting(inner)) {
          let first = Int(cell.start) &+ inner.lowerBound
          value = CellValue(text: first..<first &+ inner.count, inArena: false)
        }
      }
      put(value, row, column)
    }
  }

  private mutating func glanceProgram(
    _ group: Int, _ column: BlockColumn, _ blanks: ColumnBlanks, _ batch: borrowing RecordBatch
  ) {
    let program = group == 0 ? plan.programs[column.place] : plan.repeats[group - 1][column.place]
    let rows = block.rowsOfGroup[group]
    for index in rows.indices {
      let row = Int(rows[index])
      var value = blanks.absent
      if let cell = column.cell(row, batch.rows.span, batch.cells.span), cell.isPresent {
        // What is at fault is read once more when its record is checked.
        value =
          (try? program.run(cell.range, of: batch.bytes.span, mayBeBlank: false, in: &workspace))
          ?? CellValue(kind: .unread)
      }
      put(value, row, column)
    }
  }

  /// Asks for the text of the rows of the block that comes next: another task has written it, and a column takes a little of
  /// each row, which is no order in which the processor would ask for it by itself.
  private func approachText(from start: Int, _ batch: borrowing RecordBatch) {
    guard start < batch.rows.count else { return }
    let last = min(start + RowBlock.size, batch.rows.count) - 1
    let line = 64
    let most = 64 << 10
    var place = Int(batch.rows[start].rawStart)
    let end = min(Int(batch.rows[last].rawEnd), place + most, batch.bytes.count)
    unsafe batch.bytes.withUnsafeBytes { bytes in
      guard let base = bytes.baseAddress else { return }
      while place < end {
        // SAFETY: below `end`, which is at most the count.
        unsafe prefetch(base + place)
        place += line
      }
    }
  }

  /// Asks for the memory at which the searches for the cells of a column will look.
  private mutating func approach(
    _ field: Int, _ group: Int, _ column: BlockColumn, _ batch: borrowing RecordBatch
  ) {
    block.hashes.removeAll(keepingCapacity: true)
    let rows = block.rowsOfGroup[group]
    for index in rows.indices {
      var hash = KnownCells.noHash
      if let cell = column.cell(Int(rows[index]), batch.rows.span, batch.cells.span), cell.isPresent {
        hash = known.approach(field, batch.bytes.span, at: Int(cell.start), count: Int(cell.count))
      }
      block.hashes.append(hash)
    }
    for hash in block.hashes { known.approach(field, hash: hash) }
  }

  /// Finishes the cells of a row for which a glance was not enough.
  mutating func readRow(_ index: Int, of batch: borrowing RecordBatch, isFirst: Bool) {
    let row = batch.rows[index]
    let group = Int(row.group)
    let firstReason = reasons.count
    let firstValue = Int(block.firstValues[index &- block.start])
    rows.append(RowValues(row: index, firstValue: firstValue, group: group))
    if group == 0, Int(row.cellCount) != batch.columnCount { noteLength(of: row, index, batch) }
    if block.unread[index &- block.start] > 0 {
      for place in 0..<widths[group] where values[firstValue &+ place].kind == .unread {
        let column = group == 0 ? Int(batch.columnOfField[place]) : place
        let cell = column >= 0 && column < Int(row.cellCount) ? Int(row.firstCell) &+ column : nil
        // A cell that a short row lacks was reported as such; that it is also blank is no second fault.
        let mayBeBlank = group == 0 && (!isFirst || (cell == nil && column >= 0))
        let value = read(cell, place, group: group, row: index, batch, mayBeBlank: mayBeBlank)
        values[firstValue &+ place] = value
      }
    }
    if group > 0 { settle(repeatedRow: index, firstReason: firstReason, batch) }
  }

  /// Runs the program of a field over a cell, and remembers what it came to.
  private mutating func read(
    _ cell: Int?, _ place: Int, group: Int, row: Int, _ batch: borrowing RecordBatch, mayBeBlank: Bool
  ) -> CellValue {
    let program = group == 0 ? plan.programs[place] : plan.repeats[group - 1][place]
    var value = read(cell, by: program, row: row, batch, mayBeBlank: mayBeBlank)
    let field = plan.firstLanes[group] + place
    guard let cell, lanes[field] == .known, batch.cells[cell].isPresent, value.kind != .invalid,
      !value.isBlank || plan.mayBeBlank[field]
    else { return value }
    if group == 0 { value.place = placeNamed(by: value, in: place, batch) }
    var relative = value
    if value.kind == .text { relative.start -= Int32(truncatingIfNeeded: batch.cells[cell].start) }
    known.learn(
      relative, value.kind == .arenaText ? workspace.arena[value.range] : [], of: field, batch.bytes.span,
      at: Int(batch.cells[cell].start), count: Int(batch.cells[cell].count))
    return value
  }

  /// Where most cells are new, looking whether they are known is work for nothing.
  mutating func forgetColumnsThatNeverRepeat(rows: Int) {
    let enough = 256
    guard rows >= enough else { return }
    for group in widths.indices {
      let programs = group == 0 ? plan.programs : plan.repeats[group - 1]
      for place in programs.indices {
        let field = plan.firstLanes[group] + place
        if lanes[field] == .known, known.takeMissed(field) * 4 > rows * 3 { lanes[field] = programs[place].lane }
      }
    }
  }
}
