import CSystem
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

  func write(_ tables: [Table], to folder: inout OutputFolder) throws(WriteError) {
    guard !tables.isEmpty else { return }
    var workbook = try OpenWorkbook(self, tables, in: &folder)
    for place in tables.indices {
      var sheet = try workbook.beginSheet(place)
      try sheet.writeRows(fullExtension: fullExtension)
      try workbook.finish(&sheet, place)
    }
    try workbook.close()
  }

  /// The same with `width` tasks at once.
  func write(_ tables: [Table], to folder: inout OutputFolder, width: Int) async throws(WriteError) {
    guard !tables.isEmpty else { return }
    var workbook = try OpenWorkbook(self, tables, in: &folder)
    for place in tables.indices {
      var sheet = try workbook.beginSheet(place)
      try await sheet.writeRows(fullExtension: fullExtension, width: width)
      try workbook.finish(&sheet, place)
    }
    try workbook.close()
  }
}

/// A workbook and its file while its sheets are written, one after another.
private struct OpenWorkbook: ~Copyable {
  private let writer: WorkbookWriter
  private let tables: [Table]
  private let names: [String]
  private let place: String
  private let file: OutputFile
  private let workbook: Workbook
  private let formats: SheetFormats
  private var room = 0

  /// It is for its owner only when one of the tables is.
  init(_ writer: WorkbookWriter, _ tables: [Table], in folder: inout OutputFolder) throws(WriteError) {
    // The library keeps each cell in a piece of memory of its own.
    ftally_grow_heaps_at_once()
    let place = folder.path + "/" + writer.fileName
    // Made by us so that no link is followed and the mode is ours; the library then opens it by name and fills it.
    let file = try folder.create(writer.fileName, isConfidential: tables.contains { $0.isConfidential })
    let staging = folder.stagingPath
    guard let workbook = Workbook(path: staging + "/" + writer.fileName, temporaryFolder: staging) else {
      throw .system(ENOMEM, place, .cannotCreate)
    }
    workbook.setProperties(title: tables[0].title[writer.language], day: writer.asOf)
    formats = SheetFormats(workbook)
    names = sheetNames(for: tables.map { $0.title[writer.language] })
    self.writer = writer
    self.tables = tables
    self.place = place
    self.file = file
    self.workbook = workbook
  }

  /// Adds the sheet of a table, with its heading.
  func beginSheet(_ index: Int) throws(WriteError) -> SheetWriter {
    guard let sheet = workbook.addSheet(named: names[index]) else { throw .system(ENOMEM, place, .cannotCreate) }
    let limit = max(0, min(writer.sheetRows, SheetLimits.rows - 2))
    var sheetWriter = SheetWriter(tables[index], sheet, formats, writer.language, limit: limit, place)
    try sheetWriter.measure()
    try sheetWriter.writeHeading()
    return sheetWriter
  }

  mutating func finish(_ sheet: inout SheetWriter, _ index: Int) throws(WriteError) {
    try sheet.finish()
    if let chart = tables[index].chart.flatMap({ sheet.barChart($0, sheetName: names[index]) }) {
      workbook.addBarChart(chart)
    }
    room += sheet.room
  }

  consuming func close() throws(WriteError) {
    let place = place
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
