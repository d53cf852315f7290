import Diagnostics
import Records

/// Rows: where a record or a repeat begins and ends.
extension RecordAssembler {
  mutating func openRows(_ node: PathAutomaton.Node, in parser: PushParser) {
    let (start, first) = parser.startOfTag()
    if node.isRecord {
      openRecord = OpenRecord(
        row: batch.rows.count, cell: batch.cells.count, byte: batch.bytes.count, fault: batch.faults.count)
      parser.keptOffset = start
      openRow(0, first, start, in: parser)
    }
    for index in node.repeats { openRow(automaton.repeats[Int(index)], first, start, in: parser) }
    if let openRecord, batch.cells.count - openRecord.cell > limits.cells {
      parser.exceed(LocalizedText(zh: "一条记录的单元格数", en: "cells of a record"), limits.cells)
    }
  }

  mutating func openRow(_ group: Int32, _ line: Int, _ start: Int, in parser: PushParser) {
    let width = plan.widths[Int(group)]
    let firstCell = batch.cells.count
    openRows[Int(group)] = OpenRow(row: batch.rows.count, firstCell: firstCell)
    batch.rows.append(
      RecordBatch.Row(
        line: line, rawStart: start - (parser.keptOffset ?? start), rawEnd: 0, firstCell: firstCell, cellCount: width,
        group: Int(group), startsRecord: group == 0))
    batch.cells.append(contentsOf: repeatElement(.absent, count: width))
    batch.cellLines.append(contentsOf: repeatElement(UInt32(truncatingIfNeeded: line), count: width))
    guard plan.inheritedCount > 0 else { return }
    for (cell, value) in plan.inherited[Int(group)] { inherit(value, to: Target(group: group, cell: Int32(cell))) }
  }

  mutating func inherit(_ value: Int, to target: Target) {
    let row = openRows[Int(target.group)]
    guard inherited[value].count > 0, !inherited[value].isOpen else {
      inherited[value].waiting.append(row.firstCell + Int(target.cell))
      return
    }
    let cell = row.firstCell + Int(target.cell)
    batch.cellLines[cell] = UInt32(truncatingIfNeeded: inherited[value].line)
    if inherited[value].count > 1 {
      repetitions[Repetition(row: row.row, group: target.group, cell: target.cell)] =
        (inherited[value].count, inherited[value].line)
    }
    if inherited[value].isNull {
      batch.cells[cell] = .null
      return
    }
    if inherited[value].cell == nil {
      let text = inherited[value].text
      inherited[value].cell = RecordBatch.Cell(start: batch.bytes.count, count: text.count)
      batch.bytes.append(contentsOf: text)
    }
    batch.cells[cell] = inherited[value].cell ?? .absent
  }

  mutating func closeRow(_ group: Int32, in parser: PushParser) {
    batch.rows[openRows[Int(group)].row].rawEnd = UInt32(
      truncatingIfNeeded: parser.endOfTag() - (parser.keptOffset ?? 0))
  }

  mutating func closeRecord(in parser: PushParser) {
    guard let open = openRecord, let start = parser.keptOffset else { return }
    let end = max(start, parser.endOfTag())
    let raw = batch.bytes.count
    let window = parser.window
    batch.bytes.append(contentsOf: window.bytes[start - window.start..<end - window.start])
    batch.rows[open.row].rawEnd = UInt32(end - start)
    for row in open.row..<batch.rows.count {
      batch.rows[row].rawStart += UInt32(raw)
      batch.rows[row].rawEnd += UInt32(raw)
    }
    recordCount += 1
    recordsInBatch += 1
    if !repetitions.isEmpty { reportRepetitions(parser.file) }
    openRecord = nil
    parser.keptOffset = nil
  }

  private static let mostFaults = 20

  /// Adds a fault for which the open record is rejected.
  mutating func reject(_ diagnostic: Diagnostic) {
    guard let open = openRecord, batch.faults.count - open.fault < Self.mostFaults else { return }
    var diagnostic = diagnostic
    diagnostic.location.record = recordCount + 1
    batch.faults.append(RecordBatch.Fault(row: open.row, diagnostic: diagnostic))
  }

  mutating func reportRepetitions(_ file: String) {
    let faults = repetitions.sorted { ($0.key.row, $0.key.cell) < ($1.key.row, $1.key.cell) }
    for (place, repetition) in faults {
      let group = Int(place.group)
      let location = SourceLocation(
        file: file, line: repetition.line, record: recordCount, field: plan.names[group][Int(place.cell)])
      batch.faults.append(
        RecordBatch.Fault(
          row: place.row,
          diagnostic: Diagnostic(
            .elementRepeated, at: location, found: "\(repetition.count)",
            [.literal(plan.paths[group][Int(place.cell)])])))
    }
    repetitions.removeAll(keepingCapacity: true)
  }
}
