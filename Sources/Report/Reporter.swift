package import Campaign
package import Diagnostics
package import Tables

/// Writes tables in each format: `NAME.csv`, `NAME.json`, and all of them into `statistics.xlsx`, a sheet each. It computes
/// nothing; the same tables give the same bytes.
package enum Reporter {
  /// - Parameters:
  ///   - asOf: written into the workbook as the day on which it was made.
  ///   - sheetRows: rows of a sheet; a table with more says so in its last row, and the other formats hold them all.
  /// - Throws: what goes wrong with the files, and what the rows of a table throw, as `.rows`.
  package static func write(
    tables: [Table], to folder: inout OutputFolder, formats: Set<OutputFormat>, language: Language, asOf: Day,
    sheetRows: Int
  ) throws(WriteError) {
    for table in tables {
      if formats.contains(.csv) { try CSVWriter.write(table, to: &folder, language) }
      if formats.contains(.json) { try JSONWriter.write(table, to: &folder) }
    }
    if formats.contains(.xlsx) {
      let fullExtension = formats.contains(.csv) ? "csv" : formats.contains(.json) ? "json" : nil
      try WorkbookWriter(language: language, asOf: asOf, sheetRows: sheetRows, fullExtension: fullExtension)
        .write(tables, to: &folder)
    }
  }

  /// Writes the work lists: each as CSV, and all in `NAME.xlsx`, `summary` first. Nothing when there are none.
  package static func write(
    workLists lists: [Table], summary: Table, to folder: inout OutputFolder, formats: Set<OutputFormat>,
    language: Language, asOf: Day, sheetRows: Int
  ) throws(WriteError) {
    guard !lists.isEmpty else { return }
    if formats.contains(.csv) { for list in lists { try CSVWriter.write(list, to: &folder, language) } }
    if formats.contains(.xlsx) {
      try WorkbookWriter(
        language: language, asOf: asOf, sheetRows: sheetRows, fullExtension: formats.contains(.csv) ? "csv" : nil,
        fileName: summary.name + ".xlsx"
      ).write([summary] + lists, to: &folder)
    }
  }
}

extension Table {
  /// Goes through the rows; `body` may throw only `WriteError`.
  func forEachRow(_ body: (borrowing TableRow) throws -> Void) throws(WriteError) {
    do { try rows.forEachRow(body) } catch { throw .rows(error, of: name) }
  }
}
