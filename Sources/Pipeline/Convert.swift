import Bytes
package import Diagnostics
import Encodings
import Records
import XMLInput

/// Writes the file at `path` as UTF-8 CSV (RFC 4180 with LF): a header row, then every row that can be read.
///
/// It reads the file twice, first to see how wide it is and whether it can be read at all, and holds a batch of it.
/// - Parameter write: takes the text in pieces of about 64 KiB; not called before the file was read once.
/// - Returns: what a person should know of it.
package func convert(
  _ path: String, _ options: ReadOptions, write: @escaping ([UInt8]) -> Void
) throws(RunFailure) -> [Diagnostic] {
  do throws(ReadError) {
    let (file, notes) = try ReadableFile.one(in: path, options)
    let found = file.isXML ? try convertXML(file, options, write) : try convertTable(file, options, write)
    return (file.encoding.note(of: path).map { [$0] } ?? []) + notes + found
  } catch {
    throw RunFailure(reading: error)
  }
}

private func convertTable(
  _ file: ReadableFile, _ options: ReadOptions, _ write: @escaping ([UInt8]) -> Void
) throws(ReadError) -> [Diagnostic] {
  let survey = try LenientTable(file, options)
  try survey.forEachRow { _ in }
  let columns = survey.account.columns.count
  var notes = survey.account.notes
  let place = SourceLocation(file: file.path)
  var padded = survey.widest
  if padded > columns {
    notes.append(Diagnostic(.cellsAppended, at: place, [.literal("\(columns)"), .literal("\(padded)")]))
    // Each spare cell of each row is a byte; one row of a million cells must not make terabytes of the others.
    let affordable = max(64 << 20, file.size.multipliedReportingOverflow(by: 8).partialValue)
    let (cost, isOver) = (padded - columns).multipliedReportingOverflow(by: survey.rowCount)
    if isOver || cost > affordable {
      padded = columns
      notes.append(Diagnostic(.notPadded, at: place))
    }
  }
  for column in 0..<columns where survey.header(column) != survey.account.columns[column].header {
    if !survey.account.columns[column].header.isEmpty { break }  // no header at all was noted already
    notes.append(Diagnostic(.columnUnnamed, at: place, [.literal(survey.header(column))]))
  }
  var output = LineWriter(write)
  for column in 0..<max(padded, min(survey.widest, XMLTableForm.maximumColumns)) {
    output.append(shownUndecodable(Array(survey.header(column).utf8)[...])[...])
  }
  output.endLine()
  try LenientTable(file, options).forEachRow { row in
    for cell in row.ends.indices { output.append(row.bytes[row.range(of: cell)]) }
    for _ in row.ends.count..<max(padded, row.ends.count) { output.append([]) }
    output.endLine()
  }
  output.flush()
  return notes
}

private func convertXML(
  _ file: ReadableFile, _ options: ReadOptions, _ write: @escaping ([UInt8]) -> Void
) throws(ReadError) -> [Diagnostic] {
  let description = try XMLProbe.describe(file.text(), file: file.path)
  if let problem = description.problem { throw ReadError(problem) }
  let record = options.record ?? description.recordPath
  let place = SourceLocation(file: file.path)
  let form = try XMLTableForm.survey(file.text(), file: file.path, record: record)
  guard form.records > 0 else {
    let seen = description.paths.prefix(8).map(\.path).joined(separator: ", ")
    throw ReadError(Diagnostic(.xmlNoRecords, severity: .error, at: place, [.literal(record), .literal(seen)]))
  }
  // In UTF-16 half a character is not one bad byte among good ones.
  let checked = try file.text()
  if file.encoding.name.hasPrefix("utf-16") || file.encoding.name.hasPrefix("utf-32") {
    try refuseUndecodable(checked, place)
  }
  let output = XMLRows(write)
  output.lines.append(row: form.columns.map { Array($0.utf8) })
  let source = try file.text()
  try form.forEachRecord(of: source, file: file.path, record: record) { row in
    output.lines.append(
      row: ReadableFile.undecodable(in: source).count > 0 ? row.map { shownUndecodable($0[...]) } : row)
  }
  output.lines.flush()
  return xmlNotes(form, ReadableFile.undecodable(in: source), place)
}

private func refuseUndecodable(_ text: any ByteSource, _ place: SourceLocation) throws(ReadError) {
  var block: [UInt8] = []
  while try !text.append(to: &block, upTo: 64 << 10) { block.removeAll(keepingCapacity: true) }
  guard let first = ReadableFile.undecodable(in: text).places.first else { return }
  throw ReadError(
    Diagnostic(
      .encodingError, at: place, found: String(first.byte, radix: 16, uppercase: true), [.literal("\(first.offset)")]))
}

private func xmlNotes(_ form: XMLTableForm, _ undecodable: UndecodableBytes, _ place: SourceLocation) -> [Diagnostic] {
  var notes: [Diagnostic] = []
  if let first = undecodable.places.first {
    notes.append(
      Diagnostic(
        .encodingError, severity: .warning, at: place, found: String(first.byte, radix: 16, uppercase: true),
        [.literal("\(first.offset)")]))
  }
  if form.outside > 0 {
    notes.append(
      Diagnostic(
        .xmlOutsideRecords, at: place,
        [.literal("\(form.outside)"), .literal(form.outsidePaths.joined(separator: ", "))]))
  }
  if form.unwritten > 0 {
    notes.append(
      Diagnostic(
        .xmlColumnsCapped, at: place,
        [.literal("\(XMLTableForm.maximumColumns)"), .literal("\(form.unwritten)")]))
  }
  return notes
}

/// Lets the parser's closure write to the one writer.
private final class XMLRows {
  var lines: LineWriter
  init(_ write: @escaping ([UInt8]) -> Void) { lines = LineWriter(write) }
}

/// Writes lines of CSV in large pieces. A cell is quoted when it must be.
struct LineWriter {
  private var buffer: [UInt8] = []
  private var cells = 0
  private var lineStart = 0
  private let write: ([UInt8]) -> Void
  private static let piece = 64 << 10

  init(_ write: @escaping ([UInt8]) -> Void) { self.write = write }

  mutating func append(row: [[UInt8]]) {
    for cell in row { append(cell[...]) }
    endLine()
  }

  mutating func append(_ cell: ArraySlice<UInt8>) {
    if cells > 0 { buffer.append(UInt8(ascii: ",")) }
    cells += 1
    let quote = UInt8(ascii: "\"")
    guard cell.contains(where: { $0 == quote || $0 == UInt8(ascii: ",") || $0 == 0x0A || $0 == 0x0D }) else {
      buffer.append(contentsOf: cell)
      return
    }
    buffer.append(quote)
    for byte in cell {
      if byte == quote { buffer.append(quote) }
      buffer.append(byte)
    }
    buffer.append(quote)
  }

  mutating func endLine() {
    // A line that is empty altogether would be no record to most readers.
    if buffer.count == lineStart { buffer.append(contentsOf: "\"\"".utf8) }
    buffer.append(0x0A)
    cells = 0
    if buffer.count >= Self.piece { flush() }
    lineStart = buffer.count
  }

  mutating func flush() {
    if !buffer.isEmpty { write(buffer) }
    buffer.removeAll(keepingCapacity: true)
    lineStart = 0
  }
}
