import Records

/// Batches, and the record that is open when one is full.
extension RecordAssembler {
  /// A batch without a complete record is never full.
  var isBatchFull: Bool {
    recordsInBatch >= Self.batchRecords || (recordsInBatch > 0 && batch.bytes.count >= Self.batchBytes)
  }

  /// Hands over the complete records in exchange for the memory of `batch`.
  mutating func take(_ taken: inout RecordBatch) {
    if direct >= 0 { interrupt() }
    swap(&batch, &taken)
    batch.removeAll()
    taken.firstRecord = recordCount - recordsInBatch + 1
    taken.columnOfField = plan.columnOfField
    taken.columnCount = plan.columnOfField.count
    recordsInBatch = 0
    for index in inherited.indices {
      inherited[index].cell = nil
      let kept = inherited[index].waiting.filter { cell in openRecord.map { cell >= $0.cell } ?? false }
      if kept.count < inherited[index].waiting.count { inherited[index].isTooLate = true }
      inherited[index].waiting = kept.map { $0 - (openRecord?.cell ?? 0) }
    }
    guard let open = openRecord else { return }
    moveOpenRecord(open, from: &taken)
  }

  mutating func dropOpenRecord() {
    guard let open = openRecord else { return }
    batch.rows.removeSubrange(open.row...)
    batch.cells.removeSubrange(open.cell...)
    batch.cellLines.removeSubrange(open.cell...)
    batch.bytes.removeSubrange(open.byte...)
    batch.faults.removeSubrange(open.fault...)
    openRecord = nil
    direct = -1
  }

  mutating func moveOpenRecord(_ open: OpenRecord, from taken: inout RecordBatch) {
    for var row in taken.rows[open.row...] {
      row.firstCell -= UInt32(open.cell)
      batch.rows.append(row)
    }
    batch.bytes.append(contentsOf: taken.bytes[open.byte...])
    moveCells(open, from: taken)
    batch.cellLines.append(contentsOf: taken.cellLines[open.cell...])
    for var fault in taken.faults[open.fault...] {
      fault.row -= open.row
      batch.faults.append(fault)
    }
    taken.rows.removeSubrange(open.row...)
    taken.cells.removeSubrange(open.cell...)
    taken.cellLines.removeSubrange(open.cell...)
    taken.bytes.removeSubrange(open.byte...)
    taken.faults.removeSubrange(open.fault...)
    for index in openRows.indices {
      openRows[index].row -= open.row
      openRows[index].firstCell -= open.cell
    }
    repetitions = Dictionary(
      uniqueKeysWithValues: repetitions.map { key, value in
        (Repetition(row: key.row - open.row, group: key.group, cell: key.cell), value)
      })
    openRecord = OpenRecord(row: 0, cell: 0, byte: 0, fault: 0)
  }

  func isMovable(_ cell: RecordBatch.Cell) -> Bool { cell.isPresent && cell.start != Self.openCell.start }

  mutating func moveCells(_ open: OpenRecord, from taken: borrowing RecordBatch) {
    // Values of ancestors that an earlier record of the batch had used, too: many rows share one text.
    var shared: [UInt32: UInt32] = [:]
    for var cell in taken.cells[open.cell...] {
      if isMovable(cell), Int(cell.start) >= open.byte {
        cell.start -= UInt32(open.byte)
      } else if isMovable(cell) {
        if let known = shared[cell.start] {
          cell.start = known
        } else {
          let start = Int(cell.start)
          shared[cell.start] = UInt32(batch.bytes.count)
          cell.start = UInt32(batch.bytes.count)
          batch.bytes.append(contentsOf: taken.bytes[start..<start + Int(cell.count)])
        }
      }
      batch.cells.append(cell)
    }
  }
}
