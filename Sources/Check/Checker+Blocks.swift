import Bytes
import Campaign
import Records
import Values

// The cells of a block, column by column: what is asked of a column is looked up once, and the searches of its rows do not wait
// for each other's memory. What needs more than a glance is left for the time when its record is checked.
extension Checker {
  /// Makes room for the values of the rows from `start` to the end of a record, and reads what can be read at a glance.
  ///
  /// - Parameter fault: the first of the batch's faults that may be of these rows.
  /// - Returns: the row behind the block.
  mutating func beginBlock(at start: Int, of batch: borrowing RecordBatch, fault: Int) -> Int {
    workspace.arena.removeAll(keepingCapacity: true)
    let (end, count) = block.begin(at: start, of: batch, widths: widths)
    values.resize(to: count)
    if !plain.isUsed { block.plain = 0 }
    var fault = fault
    while fault < batch.faults.count, batch.faults[fault].row < end {
      block.leavePlain(batch.faults[fault].row &- start)
      fault += 1
    }
    approachText(from: end, batch)
    forgetColumnsThatNeverRepeat()
    for group in widths.indices where !block.places(of: group).isEmpty {
      block.rowsSeen[group] &+= block.places(of: group).count
      for place in 0..<widths[group] {
        // Repeats have one cell per field, in their order.
        glance(place, group, column: group == 0 ? Int(batch.columnOfField[place]) : place, batch)
      }
    }
    askBlock()
    return end
  }

  /// Reads what can be read at a glance of a column of the block; what cannot is `unread`.
  private mutating func glance(_ place: Int, _ group: Int, column: Int, _ batch: borrowing RecordBatch) {
    let field = plan.firstLanes[group] &+ place
    let column = BlockColumn(place: place, column: column, mayBeBlank: plan.mayBeBlank[field])
    switch lanes[field] {
    case .known:
      if known.isShort(field) {
        glanceShort(field, group, column, batch)
      } else {
        glanceLong(field, group, column, batch)
      }
    case .plain: glanceText(isSpaced: false, group, column, batch)
    case .spaced: glanceText(isSpaced: true, group, column, batch)
    case .program: glanceProgram(group, column, batch)
    }
  }

  /// A column of the block: the place of its field, and which cell of a row it is; -1 when the file has none.
  private struct BlockColumn {
    let place: Int
    let column: Int
    /// What stands for a cell that is not there or holds nothing. Where a value is required, its program says what is wrong.
    let absent: CellValue
    let empty: CellValue

    init(place: Int, column: Int, mayBeBlank: Bool) {
      self.place = place
      self.column = column
      absent = mayBeBlank ? CellValue(kind: .blank, bits: Int64(BlankForm.absent)) : CellValue(kind: .unread)
      empty = mayBeBlank ? CellValue(kind: .blank, bits: Int64(BlankForm.empty)) : CellValue(kind: .unread)
    }

    @inline(__always)
    func cell(of row: RowBlock.Row, _ cells: Span<RecordBatch.Cell>) -> RecordBatch.Cell {
      guard column >= 0, column < Int(row.cellCount) else { return .absent }
      // SAFETY: the rows of a block are those of its batch, in which their cells stand.
      return unsafe cells[unchecked: Int(row.firstCell) &+ column]
    }

    /// What a cell comes to of which no more is known.
    @inline(__always)
    func value(of cell: RecordBatch.Cell) -> CellValue {
      if !cell.isPresent { return absent }
      return cell.count == 0 ? empty : CellValue(kind: .unread)
    }
  }

  /// A column of which most cells that are known have up to eight bytes.
  private mutating func glanceShort(
    _ field: Int, _ group: Int, _ column: BlockColumn, _ batch: borrowing RecordBatch
  ) {
    var table = known.short(field)
    let places = block.places(of: group)
    let count = places.count
    // SAFETY: `beginBlock` made room for the values of all rows of the block, whose number does not change.
    let (rows, target) = unsafe (block.rows(at: places), values.writableValues() + column.place)
    let (cells, bytes) = (batch.cells.span, batch.bytes.span)
    var place = 0
    if table.isFar {
      while place < count {
        let cell = column.cell(of: unsafe rows[place], cells)
        if let word = ShortCells.word(of: cell, bytes) { table.approach(word, cell.count) }
        place &+= 1
      }
      place = 0
    }
    while place < count {
      let row = unsafe rows[place]
      let cell = column.cell(of: row, cells)
      let value = unsafe target + Int(row.firstValue)
      if let word = ShortCells.word(of: cell, bytes), let found = unsafe table.find(word, cell.count) {
        unsafe take(found, of: cell, at: value)
      } else {
        unsafe glanceOther(field, group, cell, at: value, column, row, batch)
        table = known.short(field)
      }
      place &+= 1
    }
  }

  /// A column of which most cells that are known are longer.
  private mutating func glanceLong(
    _ field: Int, _ group: Int, _ column: BlockColumn, _ batch: borrowing RecordBatch
  ) {
    var table = known.long(field)
    let places = block.places(of: group)
    let count = places.count
    block.probes.resize(to: count)
    // SAFETY: as in `glanceShort`; there are as many probes as rows.
    let (rows, target) = unsafe (block.rows(at: places), values.writableValues() + column.place)
    let probes = unsafe block.probes.writableValues()
    let (cells, bytes) = (batch.cells.span, batch.bytes.span)
    var place = 0
    while place < count {
      unsafe probes[place] = LongCells.probe(column.cell(of: unsafe rows[place], cells), bytes)
      place &+= 1
    }
    if table.isFar {
      for place in 0..<count { table.approach(unsafe probes[place].hash) }
      for place in 0..<count { table.approachEntry(unsafe probes[place].hash) }
    }
    place = 0
    while place < count {
      let row = unsafe rows[place]
      let value = unsafe target + Int(row.firstValue)
      let probe = unsafe UnsafePointer(probes + place)
      if unsafe probe.pointee.isUsed, let found = unsafe table.find(probe) {
        unsafe take(found, of: probe.pointee.cell, at: value)
      } else {
        unsafe glanceOther(field, group, probe.pointee.cell, at: value, column, row, batch)
        table = known.long(field)
      }
      place &+= 1
    }
  }

  /// Takes what a cell came to before for the value of this one.
  @inline(__always)
  private mutating func take(
    _ found: UnsafePointer<CellValue>, of cell: RecordBatch.Cell, at value: UnsafeMutablePointer<CellValue>
  ) {
    // Two moves, where a copy of its parts takes one for each.
    unsafe UnsafeMutableRawPointer(value).copyMemory(from: found, byteCount: MemoryLayout<CellValue>.stride)
    let kind = unsafe found.pointee.kind
    if kind == .text {
      unsafe value.pointee.start &+= Int32(truncatingIfNeeded: cell.start)
    } else if kind == .arenaText {
      unsafe value.pointee.start = Int32(truncatingIfNeeded: workspace.arena.count)
      workspace.arena.append(contentsOf: known.text(unsafe found.pointee))
    }
  }

  /// A cell of a known column that is not as most of its cells are: of another length, absent, empty, or not seen before.
  @inline(never)
  private mutating func glanceOther(
    _ field: Int, _ group: Int, _ cell: RecordBatch.Cell, at value: UnsafeMutablePointer<CellValue>,
    _ column: BlockColumn, _ row: RowBlock.Row, _ batch: borrowing RecordBatch
  ) {
    let bytes = batch.bytes.span
    var probe = LongCells.probe(cell, bytes)
    var found: UnsafePointer<CellValue>?
    if let word = ShortCells.word(of: cell, bytes) {
      unsafe found = known.short(field).find(word, cell.count)
    } else if probe.isUsed {
      unsafe found = known.long(field).find(&probe)
    }
    if let found = unsafe found {
      unsafe take(found, of: cell, at: value)
      return
    }
    var new = column.value(of: cell)
    if new.kind == .unread, cell.isPresent, cell.count > 0 { new = firstSight(field, group, cell, column, batch) }
    unsafe value.pointee = new
    if new.kind == .unread { block.leave(Int(row.number)) }
  }

  /// Reads a cell of a known column by its program, and remembers what it came to; `unread` when it is at fault, which is then
  /// noted when its record is checked.
  private mutating func firstSight(
    _ field: Int, _ group: Int, _ cell: RecordBatch.Cell, _ column: BlockColumn, _ batch: borrowing RecordBatch
  ) -> CellValue {
    let found = try? plan.programsInPlace[group][column.place].use { (program) throws(CellFault) in
      try program.run(cell.range, of: batch.bytes.span, mayBeBlank: false, in: &workspace)
    }
    guard var value = found else { return CellValue(kind: .unread) }
    if group == 0 { value.place = placeNamed(by: value, in: column.place, batch) }
    learn(value, of: field, cell, batch)
    return value
  }

  /// Remembers what a cell of a known column came to.
  private mutating func learn(
    _ value: CellValue, of field: Int, _ cell: RecordBatch.Cell, _ batch: borrowing RecordBatch
  ) {
    guard !value.isBlank || plan.mayBeBlank[field] else { return }
    var relative = value
    if value.kind == .text { relative.start -= Int32(truncatingIfNeeded: cell.start) }
    known.learn(
      relative, value.kind == .arenaText ? workspace.arena[value.range] : [], of: field, cell, batch.bytes.span)
  }

  @inline(__always)
  private mutating func glanceText(
    isSpaced: Bool, _ group: Int, _ column: BlockColumn, _ batch: borrowing RecordBatch
  ) {
    let target = unsafe values.writableValues() + column.place
    for place in block.places(of: group) {
      let row = block.row(place)
      let cell = column.cell(of: row, batch.cells.span)
      var value = column.value(of: cell)
      if cell.isPresent, cell.count > 0 {
        let whole = batch.bytes.span.extracting(cell.range)
        let inner = trimmed(whole)
        if !inner.isEmpty, !isSpaced || !hasLooseSpace(whole.extracting(inner)) {
          let first = Int(cell.start) &+ inner.lowerBound
          value = CellValue(text: first..<first &+ inner.count, inArena: false)
        }
      }
      if value.kind == .unread { block.leave(Int(row.number)) }
      // SAFETY: as in `glanceShort`.
      unsafe target[Int(row.firstValue)] = value
    }
  }

  private mutating func glanceProgram(_ group: Int, _ column: BlockColumn, _ batch: borrowing RecordBatch) {
    let program = program(of: column.place, group)
    let namesPlaces = group == 0 && roles.names(column.place)
    let target = unsafe values.writableValues() + column.place
    for place in block.places(of: group) {
      let row = block.row(place)
      let cell = column.cell(of: row, batch.cells.span)
      var value = column.absent
      if cell.isPresent {
        // What is at fault is read once more when its record is checked.
        value =
          (try? program.run(cell.range, of: batch.bytes.span, mayBeBlank: false, in: &workspace))
          ?? CellValue(kind: .unread)
        if namesPlaces, value.kind != .unread { value.place = placeNamed(by: value, in: column.place, batch) }
      }
      if value.kind == .unread { block.leave(Int(row.number)) }
      // SAFETY: as in `glanceShort`.
      unsafe target[Int(row.firstValue)] = value
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

  /// Of a field of a group.
  @inline(__always)
  private func program(of place: Int, _ group: Int) -> FieldProgram {
    group == 0 ? plan.programs[place] : plan.repeats[group - 1][place]
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
    let program = program(of: place, group)
    var value = read(cell, by: program, row: row, batch, mayBeBlank: mayBeBlank)
    let field = plan.firstLanes[group] + place
    guard let cell, lanes[field] == .known, batch.cells[cell].isPresent, value.kind != .invalid else { return value }
    if group == 0 { value.place = placeNamed(by: value, in: place, batch) }
    learn(value, of: field, batch.cells[cell], batch)
    return value
  }

  /// Where most cells are new, looking whether they are known is work for nothing. Where nearly all are, as in a column of
  /// names of records, that shows soon; else many must have been seen: the first rows know nothing of a roster of thousands.
  private mutating func forgetColumnsThatNeverRepeat() {
    for group in widths.indices where block.rowsSeen[group] >= (block.hasLooked[group] ? Self.enoughRows : Self.fewRows)
    {
      let rows = block.rowsSeen[group]
      let isFirstLook = rows < Self.enoughRows
      block.hasLooked[group] = true
      if !isFirstLook { block.rowsSeen[group] = 0 }
      let programs = group == 0 ? plan.programs : plan.repeats[group - 1]
      for place in programs.indices where lanes[plan.firstLanes[group] + place] == .known {
        let field = plan.firstLanes[group] + place
        let isNew = isFirstLook ? known.missed(field) * 64 > rows * 63 : known.takeMissed(field) * 4 > rows * 3
        if isNew { lanes[field] = group == 0 && roles.names(place) ? .program : programs[place].lane }
      }
    }
  }
  private static let fewRows = 512
  private static let enoughRows = 8192
}
