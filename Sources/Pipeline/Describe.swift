import Bytes
import Campaign
import Collect
import Delimited
package import Diagnostics
import Encodings
import Glibc
import Records
import Report
import Values
import XMLInput

/// What is in a file, and why we think so.
package struct FileDescription: Sendable {
  struct Column: Sendable {
    var header: String
    var type: FieldType
    var blanks: Int
  }
  let file: String
  let bytes: Int
  let encoding: DetectedEncoding
  /// `delimited`, `sheet` or `xml`.
  let family: String
  let reading: ReadingAccount
  let columns: [Column]
  /// XML only.
  let xml: XMLDescription?
}

/// Looks into a file without a pipeline: into each member of an archive, and each sheet of a workbook that is not blank. Where
/// there are several, one that cannot be read does not hide the others.
package func describe(
  _ path: String, _ options: ReadOptions = ReadOptions()
) throws(RunFailure) -> [Result<FileDescription, RunFailure>] {
  let files: [Result<ReadableFile, ReadError>]
  do throws(ReadError) { files = try ReadableFile.all(in: path, options) } catch { throw RunFailure(reading: error) }
  var descriptions: [Result<FileDescription, RunFailure>] = []
  var blank: RunFailure?
  for file in files {
    do throws(ReadError) { descriptions.append(.success(try FileDescription(file.get(), options))) } catch {
      let failure = RunFailure(reading: error)
      if error.diagnostic.rule == .fileEmpty, files.count > 1 {
        blank = failure
      } else {
        descriptions.append(.failure(failure))
      }
    }
  }
  if descriptions.isEmpty, let blank { throw blank }
  return descriptions
}

extension FileDescription {
  fileprivate init(_ input: ReadableFile, _ options: ReadOptions) throws(ReadError) {
    file = input.path
    bytes = input.size
    encoding = input.encoding
    if input.isXML {
      family = "xml"
      var description = try XMLProbe.describe(input.text(), file: file)
      if let record = options.record, description.problem == nil {
        description.recordPath = record
        description.recordCount = try XMLTableForm.survey(input.text(), file: file, record: record).records
      }
      xml = description
      reading = ReadingAccount()
      columns = []
    } else {
      family = input.sheet == nil ? "delimited" : "sheet"
      xml = nil
      let table = try LenientTable(input, options)
      var types: [ColumnTypes] = []
      try table.forEachRow { row in
        for place in row.ends.indices {
          if place == types.count { types.append(ColumnTypes()) }
          types[place].add(row.bytes.span.extracting(row.range(of: place)))
        }
      }
      reading = table.account
      let width = max(reading.columns.count, types.count)
      columns = (0..<width).map { place in
        let types = place < types.count ? types[place] : ColumnTypes()
        return Column(header: table.header(place), type: types.type, blanks: types.blanks)
      }
    }
  }

  package func text(_ language: Language) -> String {
    let isChinese = language == .zh
    var lines = [printable(file)]
    lines.append((isChinese ? "  大小：" : "  size: ") + "\(bytes)")
    lines.append((isChinese ? "  编码：" : "  encoding: ") + "\(encoding.name) (\(encoding.evidence[language]))")
    if let xml {
      lines.append("  XML: <\(xml.root)>" + (xml.namespace.isEmpty ? "" : " \(xml.namespace)"))
      lines.append((isChinese ? "  记录路径：" : "  record: ") + "\(xml.recordPath) × \(xml.recordCount)")
      for path in xml.paths.prefix(200) { lines.append("    \(path.path)  × \(path.count)") }
      if let problem = xml.problem { lines.append("  " + problem.message(language)) }
    } else {
      lines.append((isChinese ? "  格式：" : "  dialect: ") + reading.dialect)
      for (kind, count) in reading.skipped.sorted(by: { $0.key < $1.key }) {
        lines.append((isChinese ? "  非记录行：" : "  rows that are no records: ") + "\(kind) × \(count)")
      }
      lines.append((isChinese ? "  记录数：" : "  records: ") + "\(reading.records)")
      lines.append(isChinese ? "  列：" : "  columns:")
      for column in columns {
        lines.append(
          "    \(printable(column.header))  \(column.type.rawValue)"
            + (column.blanks > 0 ? "  (\(isChinese ? "空" : "blank") \(column.blanks))" : ""))
      }
    }
    for note in reading.notes { lines.append("  " + note.message(language)) }
    return lines.joined(separator: "\n") + "\n"
  }

  package func json() -> [UInt8] {
    JSONValue.object(members).bytes()
  }

  private var members: [(String, JSONValue)] {
    [
      ("file", .string(file)), ("bytes", .integer(bytes)), ("encoding", .string(encoding.name)),
      ("evidence", .string(encoding.evidence.en)), ("bom", .bool(encoding.hasBOM)), ("mixed", .bool(encoding.isMixed)),
      ("family", .string(family)),
      ("dialect", .string(reading.dialect)),
    ]
      + reading.dialectParts.map { part in
        (part.name, ["header_rows", "skip"].contains(part.name) ? .integer(Int(part.value) ?? 0) : .string(part.value))
      }
      + [
        ("records", .integer(xml?.recordCount ?? reading.records)),
        ("record_path", xml.map { .string($0.recordPath) } ?? .null),
        ("skipped", .object(reading.skipped.sorted { $0.key < $1.key }.map { ($0.key, .integer($0.value)) })),
        ("skipped_rows", .array(skippedRows)),
        (
          "columns",
          .array(
            columns.map {
              .object([
                ("header", .string($0.header)), ("type", .string($0.type.rawValue)), ("blanks", .integer($0.blanks)),
              ])
            })
        ),
        (
          "paths",
          .array((xml?.paths ?? []).map { .object([("path", .string($0.path)), ("count", .integer($0.count))]) })
        ),
        ("notes", .array(reading.notes.map(Self.note))),
      ]
  }

  /// Rows that are no records, the first of each reason; `skipped` counts them all.
  private var skippedRows: [JSONValue] {
    let reasons: [Rule: String] = [
      .titleRowsSkipped: "title", .repeatedHeader: "repeated-header", .totalsRow: "totals", .noteRow: "note",
      .blankRow: "blank", .anotherTable: "another-table",
    ]
    return reading.notes.compactMap { note in
      reasons[note.rule].map { reason in
        .object([
          ("line", .integer(note.location.line)), ("reason", .string(reason)), ("text", .string(note.found)),
        ])
      }
    }
  }

  private static func note(_ note: Diagnostic) -> JSONValue {
    .object([
      ("rule", .string(note.rule.id)), ("severity", .string(note.severity.rawValue)),
      ("line", .integer(note.location.line)), ("column", .integer(note.location.column)),
      ("record", .integer(note.location.record)), ("found", .string(note.found)),
      ("message", .string(note.message(.en))),
    ])
  }
}

/// Which types every cell of a column has.
private struct ColumnTypes {
  private var candidates: [FieldType] = [.integer, .number, .date, .boolean]
  private(set) var blanks = 0
  private var values = 0
  private static let readers: (NumberReader, DateReader?, BooleanReader) = {
    var field = Field(name: "", location: SourceLocation(file: ""))
    field.normalizers = [.yesNo]
    field.trueValues = []
    field.falseValues = []
    return (
      NumberReader(), try? DateReader(format: "any", normalizers: [], window: nil), BooleanReader(field)
    )
  }()

  /// The narrowest of them; `string` when there is none.
  var type: FieldType { values == 0 ? .string : candidates.first ?? .string }

  mutating func add(_ cell: Span<UInt8>) {
    let text = cell.extracting(trimmed(cell))
    if text.isEmpty || isWrittenBlank(text) {
      blanks += 1
      return
    }
    values += 1
    if candidates.isEmpty { return }
    var remaining: [FieldType] = []
    for candidate in candidates where Self.reads(text, as: candidate) { remaining.append(candidate) }
    candidates = remaining
  }

  private static func reads(_ text: Span<UInt8>, as type: FieldType) -> Bool {
    do throws(ValueError) {
      switch type {
      case .integer:
        // A leading zero is a code's, not a number's.
        guard text[0] != UInt8(ascii: "0") || text.count == 1 else { return false }
        _ = try readers.0.readInteger(text)
      case .number: _ = try readers.0.readNumber(text)
      case .date:
        guard let reader = readers.1 else { return false }
        _ = try reader.read(text)
      default: _ = try readers.2.read(text)
      }
      return true
    } catch {
      return false
    }
  }
}
