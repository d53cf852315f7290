import Diagnostics
import Records

extension RecordBatch.Cell {
  @inline(__always)
  var range: Range<Int> { Int(start)..<Int(start) + Int(count) }
}

extension RecordBatch {
  /// Line and column, both from 1, of a cell; of the row when there is no cell, or its text was moved (unescaped, filled
  /// from above). The column is 0 where it is not known.
  func place(ofCell cell: Int?, row: Int) -> (line: Int, column: Int) {
    let row = rows[row]
    guard let cell else { return (Int(row.line), 0) }
    if !cellLines.isEmpty { return (Int(cellLines[cell]), 0) }
    if isSheet { return (Int(row.line), SourceLocation.sheetColumn(cell - Int(row.firstCell))) }
    let start = Int(cells[cell].start)
    guard cells[cell].isPresent, start >= Int(row.rawStart), start <= Int(row.rawEnd) else { return (Int(row.line), 0) }
    return place(ofByte: start, in: row)
  }

  /// Where the text of a finding begins; of a text that was rewritten, where its cell begins.
  func place(of item: FindingItem) -> (line: Int, column: Int) {
    guard item.cell >= 0 else { return (Int(item.line), 0) }
    let row = rows[item.row]
    let start = item.text.range.lowerBound
    guard item.text.kind == .text, cellLines.isEmpty, start >= Int(row.rawStart), start <= Int(row.rawEnd) else {
      return place(ofCell: item.cell, row: item.row)
    }
    return place(ofByte: start, in: row)
  }

  private func place(ofByte place: Int, in row: Row) -> (line: Int, column: Int) {
    var line = Int(row.line)
    var lineStart = Int(row.rawStart)
    for index in Int(row.rawStart)..<place
    where bytes[index] == 0x0A || (bytes[index] == 0x0D && bytes[index + 1] != 0x0A) {
      line += 1
      lineStart = index + 1
    }
    return (line, place - lineStart + 1)
  }

  /// At most 200 bytes of a cell, for a diagnostic.
  func excerpt(_ range: Range<Int>) -> String {
    String(decoding: bytes[range.prefix(200)], as: UTF8.self) + (range.count > 200 ? "…" : "")
  }

  /// The text of the rows of a record, as it stands in the file.
  func raw(_ range: Range<Int>) -> [UInt8] {
    var raw: [UInt8] = []
    for row in rows[range] where row.group == 0 {
      if !raw.isEmpty { raw.append(0x0A) }
      raw.append(contentsOf: bytes[Int(row.rawStart)..<Int(row.rawEnd)])
    }
    return raw
  }

  /// Whether no cell of a row holds anything but white space.
  func isBlank(row: Int) -> Bool {
    let row = rows[row]
    return cells[Int(row.firstCell)..<Int(row.firstCell) + Int(row.cellCount)].allSatisfy { cell in
      !cell.isPresent || bytes[cell.range].allSatisfy { $0 <= 0x20 }
    }
  }
}
