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
    tables: [Table], to folder: inout OutputFolder, formats: [OutputFormat], language: Language, asOf: Day,
    sheetRows: Int
  ) throws(WriteError) {
    if formats.contains(where: { $0 != .xlsx }) {
      for table in tables { try TextTableWriter(table, formats: formats, language).write(to: &folder) }
    }
    guard formats.contains(.xlsx) else { return }
    try workbookWriter(formats, language, asOf: asOf, sheetRows: sheetRows).write(tables, to: &folder)
  }

  /// The same with `width` tasks at once.
  ///
  /// - Parameter published: of tables whose first rows stand there already.
  package static func write(
    tables: [Table], to folder: inout OutputFolder, formats: [OutputFormat], language: Language, asOf: Day,
    sheetRows: Int, width: Int, published: [String: PublishedText] = [:]
  ) async throws(WriteError) {
    if formats.contains(where: { $0 != .xlsx }) {
      let writers = tables.map { TextTableWriter($0, formats: formats, language) }
      try await TextTablesWriter(writers, width: width, published: published).write(to: &folder)
    }
    guard formats.contains(.xlsx) else { return }
    try await workbookWriter(formats, language, asOf: asOf, sheetRows: sheetRows)
      .write(tables, to: &folder, width: width)
  }

  private static func workbookWriter(
    _ formats: [OutputFormat], _ language: Language, asOf: Day, sheetRows: Int
  ) -> WorkbookWriter {
    let fullExtension = formats.contains(.csv) ? "csv" : formats.contains(.json) ? "json" : nil
    return WorkbookWriter(language: language, asOf: asOf, sheetRows: sheetRows, fullExtension: fullExtension)
  }

  /// Writes the work lists: each as CSV, and all in `NAME.xlsx`, `summary` first. Nothing when there are none.
  package static func write(
    workLists lists: [Table], summary: Table, to folder: inout OutputFolder, formats: [OutputFormat],
    language: Language, asOf: Day, sheetRows: Int
  ) throws(WriteError) {
    guard !lists.isEmpty else { return }
    let texts = formats.filter { $0 == .csv }
    for list in lists { try TextTableWriter(list, formats: texts, language).write(to: &folder) }
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
