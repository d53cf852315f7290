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
  /// `delimited` or `xml`.
  let family: String
  let reading: ReadingAccount
  let columns: [Column]
  /// XML only.
  let xml: XMLDescription?
}

/// Looks into a file without a pipeline.
package func describe(_ path: String) throws(RunFailure) -> FileDescription {
  do throws(ReadError) { return try FileDescription(path) } catch {
    let isMissing = error.diagnostic.rule == .fileMissing
    throw RunFailure([error.diagnostic], isMissing ? 66 : 65)
  }
}

extension FileDescription {
  fileprivate init(_ path: String) throws(ReadError) {
    let file = try NamedFile(path)
    let inbox = Inbox(folder: file.folder)
    let input = try OpenFile(file.file, in: inbox, takesFingerprint: false)
    self.file = path
    bytes = input.size
    encoding = try EncodingDetector.detect(file: path) { () throws(ReadError) in
      try OpenFile(file.file, in: inbox, takesFingerprint: false)
    }
    let encoding = encoding
    func text() throws(ReadError) -> UTF8Decoder {
      try UTF8Decoder(OpenFile(file.file, in: inbox, takesFingerprint: false), encoding: encoding, file: path)
    }
    if try Self.looksLikeXML(text()) {
      family = "xml"
      xml = try XMLProbe.describe(text(), file: path)
      reading = ReadingAccount()
      columns = []
    } else {
      family = "delimited"
      xml = nil
      let reader = try DelimitedReader(source: text(), file: path, fields: [])
      var types: [ColumnTypes] = []
      var batch = RecordBatch()
      while try reader.next(&batch) {
        for row in batch.rows {
          for (place, cell) in batch.cells[Int(row.firstCell)..<Int(row.firstCell) + Int(row.cellCount)].enumerated() {
            if place == types.count { types.append(ColumnTypes()) }
            guard cell.isPresent else { continue }
            types[place].add(batch.bytes.span.extracting(Int(cell.start)..<Int(cell.start) + Int(cell.count)))
          }
        }
      }
      reading = reader.account
      columns = reader.account.columns.enumerated().map { place, column in
        let types = place < types.count ? types[place] : ColumnTypes()
        return Column(header: column.header, type: types.type, blanks: types.blanks)
      }
    }
  }

  /// Whether the first character that is no white space opens a tag.
  private static func looksLikeXML(_ source: UTF8Decoder) throws(ReadError) -> Bool {
    var head = [UInt8](repeating: 0, count: 4096)
    var failure: ReadError?
    let count = unsafe head.withUnsafeMutableBytes { buffer -> Int in
      do throws(ReadError) { return try unsafe source.read(into: buffer) } catch {
        failure = error
        return 0
      }
    }
    if let failure { throw failure }
    return head[..<count].first { $0 > 0x20 } == UInt8(ascii: "<")
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
    JSONValue.object([
      ("file", .string(file)), ("bytes", .integer(bytes)), ("encoding", .string(encoding.name)),
      ("evidence", .string(encoding.evidence.en)), ("bom", .bool(encoding.hasBOM)), ("family", .string(family)),
      ("dialect", .string(reading.dialect)), ("records", .integer(xml?.recordCount ?? reading.records)),
      ("record_path", xml.map { .string($0.recordPath) } ?? .null),
      ("skipped", .object(reading.skipped.sorted { $0.key < $1.key }.map { ($0.key, .integer($0.value)) })),
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
    ]).bytes()
  }
}

/// A file that a person names: links are followed here, since it is theirs to say.
private struct NamedFile {
  let folder: String
  let file: InboxFile

  init(_ path: String) throws(ReadError) {
    guard let resolved = unsafe realpath(path, nil) else {
      let reason = unsafe String(cString: strerror(errno))
      throw ReadError(
        Diagnostic(errno == ENOENT ? .fileMissing : .fileUnreadable, at: SourceLocation(file: path), [.literal(reason)])
      )
    }
    defer { unsafe free(resolved) }
    let bytes = unsafe Array(
      UnsafeBufferPointer(start: UnsafePointer<UInt8>(OpaquePointer(resolved)), count: strlen(resolved)))
    let slash = bytes.lastIndex(of: UInt8(ascii: "/")) ?? 0
    folder = slash == 0 ? "/" : String(decoding: bytes[..<slash], as: UTF8.self)
    file = InboxFile(path: [Array(bytes[(slash + 1)...])], shown: path, size: 0)
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
