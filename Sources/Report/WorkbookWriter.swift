import Campaign
import Diagnostics
import Glibc
import Tables

/// All tables in one workbook, a sheet each.
struct WorkbookWriter {
  let language: Language
  let asOf: Day
  let sheetRows: Int
  /// Extension of the files that hold all rows of a table, if such are written.
  let fullExtension: String?

  var fileName = "statistics.xlsx"

  /// The workbook is for its owner only when a table in it is.
  func write(_ tables: [Table], to folder: inout OutputFolder) throws(WriteError) {
    guard let first = tables.first else { return }
    let place = folder.path + "/" + fileName
    // Made by us so that no link is followed and the mode is ours; the library then opens it by name and fills it.
    let file = try folder.create(fileName, isConfidential: tables.contains { $0.isConfidential })
    let staging = folder.stagingPath
    guard let workbook = Workbook(path: staging + "/" + fileName, temporaryFolder: staging) else {
      throw .system(ENOMEM, place, .cannotCreate)
    }
    workbook.setProperties(title: first.title[language], day: asOf)
    let formats = SheetFormats(workbook)
    let names = sheetNames(for: tables.map { $0.title[language] })
    var room = 0
    for (table, name) in zip(tables, names) {
      guard let sheet = workbook.addSheet(named: name) else { throw .system(ENOMEM, place, .cannotCreate) }
      var writer = SheetWriter(table, sheet, formats, language, place)
      try writer.measure()
      try writer.writeHeading()
      try writer.writeRows(limit: max(0, min(sheetRows, SheetLimits.rows - 2)), fullExtension: fullExtension)
      try writer.finish()
      if let chart = table.chart.flatMap({ writer.barChart($0, sheetName: name) }) { workbook.addBarChart(chart) }
      room += writer.room
    }
    try file.checkRoom(for: room)
    do { try workbook.close() } catch { throw WriteError(error, place) }
    try file.close()
  }
}

extension WriteError {
  init(_ error: WorkbookError, _ path: String) {
    let cause: Cause = error.isCreation ? .cannotCreate : .inputOutput
    if error.systemError != 0 {
      self = .system(error.systemError, path, cause)
    } else {
      self.init(Diagnostic(.outputWriteFailed, at: SourceLocation(file: path), [.literal(error.text)]), cause)
    }
  }
}
