package import Bytes
import Campaign
package import Diagnostics
import Records

/// A small reference table: a roster, a code list.
package enum ReferenceReader {
  /// - Parameter text: UTF-8 without byte order mark.
  /// - Returns: headers without white space at their ends, and the rows that are not blank; cells are as they stand in the
  ///   file.
  /// - Throws: what makes the table unusable, the first fault of a row included.
  package static func read(bytes text: [UInt8], file: String) throws(ReadError) -> CellTable {
    try read(MemorySource(text), file: file)
  }

  package static func read(_ source: any ByteSource, file: String) throws(ReadError) -> CellTable {
    var options = DelimitedOptions()
    options.totals = []  // every row of a list is an entry
    let reader = try DelimitedReader(source: source, file: file, fields: [], options: options)
    var table = CellTable(headers: reader.account.columns.map(\.header))
    var batch = RecordBatch()
    while try reader.next(&batch) {
      if let fault = batch.faults.first { throw ReadError(fault.diagnostic) }
      let text = batch.bytes
      batch.bytes = []
      let start = table.append(text: text, rows: batch.rows.count, cells: batch.cells.count)
      for row in batch.rows {
        table.beginRow(line: Int(row.line))
        for index in Int(row.firstCell)..<Int(row.firstCell) + Int(row.cellCount) {
          let cell = batch.cells[index]
          let first = start + Int(cell.start)
          table.append(cell: cell.isPresent ? first..<first + Int(cell.count) : start..<start)
        }
      }
    }
    return table
  }
}
