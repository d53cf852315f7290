import Campaign
import Diagnostics
import Tables

/// A table as CSV, as JSON or as both, from one pass over its rows.
struct TextTableWriter: Sendable {
  let table: Table
  let csv: CSVWriter?
  let json: JSONWriter?

  init(_ table: Table, formats: [OutputFormat], _ language: Language) {
    self.table = table
    csv = formats.contains(.csv) ? CSVWriter(columns: table.columns, language: language) : nil
    json = formats.contains(.json) ? JSONWriter(table.columns) : nil
  }

  /// Rows in both forms; each of the JSON has its separator before it.
  struct Texts: Sendable {
    var csv: [UInt8] = []
    var json: [UInt8] = []
  }

  /// Adds a row to both.
  private func append(_ row: borrowing TableRow, _ csvText: inout [UInt8], _ jsonText: inout [UInt8]) {
    let isPlain = row.isPlainText
    csv?.append(row, isPlain: isPlain, to: &csvText)
    guard let json else { return }
    jsonText.append(contentsOf: JSONWriter.separator)
    json.append(row, isPlain: isPlain, to: &jsonText)
  }

  func texts(ofPart part: Int, of rows: any RowSource) throws -> Texts {
    var texts = Texts()
    try rows.forEachRow(ofPart: part) { row in append(row, &texts.csv, &texts.json) }
    return texts
  }

  /// One part after another, and never more than a block of them in memory.
  func write(to folder: inout OutputFolder) throws(WriteError) {
    var files = try begin(in: &folder)
    try write(table.rows, to: &files)
    try files.close()
  }

  func write(_ rows: any RowSource, to files: inout TextFiles) throws(WriteError) {
    do {
      for part in 0..<rows.partCount {
        try rows.forEachRow(ofPart: part) { row in
          append(row, &files.csv.buffer, &files.json.buffer)
          try files.flushIfFull()
        }
      }
    } catch { throw .rows(error, of: table.name) }
  }

  /// New files, with what stands before the first row.
  func begin(in folder: inout OutputFolder) throws(WriteError) -> TextFiles {
    var files = TextFiles(
      csv: csv == nil ? OutputFile() : try folder.create(table.name + ".csv", isConfidential: table.isConfidential),
      json: try openJSON(&folder), hasCSV: csv != nil, hasJSON: json != nil)
    csv?.begin(&files.csv.buffer)
    return files
  }

  func openJSON(_ folder: inout OutputFolder) throws(WriteError) -> OutputFile {
    json == nil ? OutputFile() : try folder.create(table.name + ".json", isConfidential: table.isConfidential)
  }
}

/// The files of a table while they are written.
struct TextFiles: ~Copyable {
  var csv: OutputFile
  var json: OutputFile
  let hasCSV: Bool
  let hasJSON: Bool
  var isJSONEmpty = true

  init(csv: consuming OutputFile, json: consuming OutputFile, hasCSV: Bool, hasJSON: Bool) {
    self.csv = csv
    self.json = json
    self.hasCSV = hasCSV
    self.hasJSON = hasJSON
  }

  mutating func append(_ texts: TextTableWriter.Texts) throws(WriteError) {
    csv.buffer += texts.csv
    json.buffer += texts.json
    try flushIfFull()
  }

  mutating func flushIfFull() throws(WriteError) {
    beginJSON()
    try csv.flushIfFull()
    try json.flushIfFull()
  }

  /// The first separator is the bracket with which the list begins.
  private mutating func beginJSON() {
    guard isJSONEmpty, !json.buffer.isEmpty else { return }
    json.buffer[0] = JSONWriter.begin
    isJSONEmpty = false
  }

  consuming func close() throws(WriteError) {
    beginJSON()
    if hasCSV { try csv.close() }
    guard hasJSON else { return }
    json.buffer.append(contentsOf: JSONWriter.end(isEmpty: isJSONEmpty))
    try json.close()
  }
}
