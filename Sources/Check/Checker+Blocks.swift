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
    values.removeAll(keepingCapacity: true)
    values.append(contentsOf: repeatElement(CellValue(kind: .unread), count: count))
    for group in block.rowsOfGroup.indices where !block.rowsOfGroup[group].isEmpty {
      for place in 0..<widths[group] {
        // Repeats have one cell per field, in their order.
        glance(place, group, column: group == 0 ? Int(batch.columnOfField[place]) : place, batch)
      }
    }
    return end
  }

  /// Reads what can be read at a glance of a column of the block.
  private mutating func glance(_ place: Int, _ group: Int, column: Int, _ batch: borrowing RecordBatch) {
    let field = plan.firstLanes[group] &+ place
    let lane = lanes[field]
    let mayBeBlank = plan.mayBeBlank[field]
    let bytes = batch.bytes.span
    let cells = batch.cells.span
    let rows = batch.rows.span
    if lane == .known, column >= 0, known.isLarge(field) { approach(field, group, column: column, batch) }
    let program = group == 0 ? plan.programs[place] : plan.repeats[group - 1][place]
    let list = block.rowsOfGroup[group]
    let places = list.span
    for index in places.indices {
      let row = Int(places[index])
      let target = Int(block.firstValues[row]) &+ place
      let here = rows[block.start &+ row]
      guard column >= 0, column < Int(here.cellCount), case let cell = cells[Int(here.firstCell) &+ column],
        cell.isPresent
      else {
        if mayBeBlank {
          values[target] = CellValue(kind: .blank, bits: Int64(BlankForm.absent))
        } else {
          block.unread[row] &+= 1
        }
        continue
      }
      if cell.count == 0, mayBeBlank {
        values[target] = CellValue(kind: .blank, bits: Int64(BlankForm.empty))
        continue
      }
      switch lane {
      case .known:
        if var value = known.find(field, bytes, at: Int(cell.start), count: Int(cell.count)) {
          if value.kind == .text {
            value.start &+= Int32(truncatingIfNeeded: cell.start)
          } else if value.kind == .arenaText {
            value.start = append(toArena: known.text(value))
          }
          values[target] = value
          continue
        }
      case .plain, .spaced:
        let whole = bytes.extracting(cell.range)
        let inner = trimmed(whole)
        if !inner.isEmpty, lane == .plain || !hasLooseSpace(whole.extracting(inner)) {
          let start = Int(cell.start) &+ inner.lowerBound
          values[target] = CellValue(text: start..<start &+ inner.count, inArena: false)
          continue
        }
      case .program:
        // What is at fault is read once more when its record is checked.
        if let value = try? program.run(cell.range, of: bytes, mayBeBlank: false, in: &workspace) {
          values[target] = value
          continue
        }
      }
      block.unread[row] &+= 1
    }
  }

  /// Asks for the memory at which the searches for the cells of a column will look.
  private mutating func approach(_ field: Int, _ group: Int, column: Int, _ batch: borrowing RecordBatch) {
    block.hashes.removeAll(keepingCapacity: true)
    for row in block.rowsOfGroup[group] {
      let here = batch.rows[block.start &+ Int(row)]
      guard column < Int(here.cellCount), case let cell = batch.cells[Int(here.firstCell) &+ column], cell.isPresent
      else {
        continue
      }
      block.hashes.append(known.approach(field, batch.bytes.span, at: Int(cell.start), count: Int(cell.count)))
    }
    for hash in block.hashes { known.approach(field, hash: hash) }
  }

  private mutating func append(toArena text: ArraySlice<UInt8>) -> Int32 {
    let start = workspace.arena.count
    workspace.arena.append(contentsOf: text)
    return Int32(truncatingIfNeeded: start)
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
