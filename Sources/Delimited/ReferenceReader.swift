package import Bytes
import Campaign
package import Diagnostics
import Records

/// A small reference table (roster, code list) as strings.
package enum ReferenceReader {
  /// - Parameter text: UTF-8 without byte order mark.
  /// - Returns: the headers without white space at their ends, and the rows that are not blank, each with at least a cell for
  ///   each header; cells are as they stand in the file. `line` counts from 1.
  /// - Throws: what makes the table unusable, the first fault of a row included.
  package static func read(
    bytes text: [UInt8], file: String
  ) throws(ReadError) -> (headers: [String], rows: [(line: Int, cells: [String])]) {
    try read(MemorySource(text), file: file)
  }

  package static func read(
    _ source: any ByteSource, file: String
  ) throws(ReadError) -> (headers: [String], rows: [(line: Int, cells: [String])]) {
    var options = DelimitedOptions()
    options.totals = []  // every row of a list is an entry
    let reader = try DelimitedReader(source: source, file: file, fields: [], options: options)
    var rows: [(line: Int, cells: [String])] = []
    var batch = RecordBatch()
    while try reader.next(&batch) {
      if let fault = batch.faults.first { throw ReadError(fault.diagnostic) }
      rows.reserveCapacity(rows.count + batch.rows.count)
      for row in batch.rows {
        var cells: [String] = []
        cells.reserveCapacity(max(Int(row.cellCount), batch.columnCount))
        for index in Int(row.firstCell)..<Int(row.firstCell) + Int(row.cellCount) {
          cells.append(batch.text(of: batch.cells[index]) ?? "")
        }
        while cells.count < batch.columnCount { cells.append("") }
        rows.append((Int(row.line), cells))
      }
    }
    return (reader.account.columns.map(\.header), rows)
  }
}
