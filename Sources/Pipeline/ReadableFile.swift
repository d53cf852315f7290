import Bytes
import Campaign
import Collect
import Delimited
import Diagnostics
import Encodings
import Glibc
import Workbook

/// What a person says about a file, in place of what would be sniffed.
package struct ReadOptions: Sendable {
  package var encoding: String?
  package var delimiter: String?
  package var quote: String?
  package var escape: String?
  package var headerRows: Int?
  package var skip: Int?
  /// Path of the record of an XML file.
  package var record: String?
  /// Name of the member of an archive.
  package var member: String?
  /// Name of the sheet of a workbook.
  package var sheet: String?
  package init() {}

  var delimited: DelimitedOptions {
    var options = DelimitedOptions()
    options.delimiter = delimiter
    options.quote = quote == "none" ? "" : quote
    options.escape = escape == "none" ? "" : escape
    options.headerRows = headerRows
    options.skip = skip
    options.totals = []  // a row of totals is a row of the file, and nothing is to be lost
    return options
  }
}

/// A table or document that a person names: a file, a member of an archive, a sheet of a workbook. Its encoding and family are
/// known, and it can be read any number of times.
struct ReadableFile {
  /// `file`, `archive/member` or `file[sheet]`.
  let path: String
  let size: Int
  let encoding: DetectedEncoding
  let isXML: Bool
  private let content: Content

  private enum Content {
    case text(InputContent)
    case sheet(WorkbookFile, WorkbookFile.Sheet)
  }

  private init(_ content: InputContent, size: Int, _ options: ReadOptions) throws(ReadError) {
    path = content.shown
    self.size = size
    self.content = .text(content)
    let open = { () throws(ReadError) -> any ByteSource in try content.open() }
    let found = try EncodingDetector.detect(file: path, declared: options.encoding, open: open)
    // What is called XML is read as that, so that a broken beginning is named and not taken for a table.
    let isNamedXML = path.lowercased().hasSuffix(".xml")
    isXML = isNamedXML ? true : try Self.looksLikeXML(UTF8Decoder(open(), encoding: found, file: path))
    encoding =
      isXML && options.encoding == nil ? try EncodingDetector.settle(found, ofXML: path, open: open) : found
  }

  private init(_ workbook: WorkbookFile, _ sheet: WorkbookFile.Sheet, in file: String, size: Int) {
    path = "\(file)[\(printable(sheet.name))]"
    self.size = size
    content = .sheet(workbook, sheet)
    encoding = .workbook
    isXML = false
  }

  /// A new reading from the first byte.
  func text() throws(ReadError) -> any ByteSource {
    switch content {
    case .text(let content): try UTF8Decoder(content.open(), encoding: encoding, file: path)
    case .sheet(let workbook, let sheet): try workbook.open(sheet, as: path)
    }
  }

  /// The marks of a sheet; `nil` for other text.
  var sheet: SheetMarks? { if case .sheet = content { .workbook } else { nil } }

  /// What was found beside the text that `source` gave; complete when it was read to its end.
  static func notes(of source: any ByteSource) -> [Diagnostic] { (source as? SheetSource)?.notes ?? [] }

  static func undecodable(in source: any ByteSource) -> UndecodableBytes {
    source.asText?.undecodable ?? UndecodableBytes()
  }

  /// Whether the first character that is no white space opens a tag, a declaration or a comment.
  private static func looksLikeXML(_ source: UTF8Decoder) throws(ReadError) -> Bool {
    var head: [UInt8] = []
    _ = try source.append(to: &head, upTo: 4096)
    guard let first = head.firstIndex(where: { $0 > 0x20 }), head[first] == UInt8(ascii: "<") else { return false }
    guard first + 1 < head.count else { return true }
    let next = head[first + 1]
    return next == UInt8(ascii: "?") || next == UInt8(ascii: "!") || next == UInt8(ascii: "_") || next > 0x40
  }
}

/// Where a named file stands: links are followed here, since it is the person's to say.
private struct NamedFile {
  private let inbox: Inbox
  private let file: InboxFile

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
    inbox = Inbox(folder: slash == 0 ? "/" : String(decoding: bytes[..<slash], as: UTF8.self))
    file = InboxFile(path: [Array(bytes[(slash + 1)...])], shown: path, size: 0)
  }

  var content: InputContent { InputContent(file, in: inbox, shown: file.shown) }
}

extension ReadableFile {
  /// Everything that can be read in the file at `path`: one table, or the members of an archive and the sheets of a workbook.
  /// What cannot be read is an error in its place.
  static func all(in path: String, _ options: ReadOptions) throws(ReadError) -> [Result<ReadableFile, ReadError>] {
    let named = try NamedFile(path).content
    let size = try named.openFile().size
    guard case .archive(let members) = try named.form() else {
      return try tables(of: named.form(), size: size, options)
    }
    let chosen = members.filter { member in
      guard let name = options.member else { return true }
      return member.shown == named.shown + "/" + name
    }
    guard !chosen.isEmpty else { throw several(members, named.shown) }
    var found: [Result<ReadableFile, ReadError>] = []
    for member in chosen {
      do throws(ReadError) { found += try tables(of: member.form(), size: size, options) } catch {
        found.append(.failure(error))
      }
    }
    return found
  }

  private static func tables(
    of form: InputForm, size: Int, _ options: ReadOptions
  ) throws(ReadError) -> [Result<ReadableFile, ReadError>] {
    switch form {
    case .text(let content): return [.success(try ReadableFile(content, size: size, options))]
    case .archive(let members):
      throw ReadError(Diagnostic(.archiveNested, at: SourceLocation(file: members[0].shown), [.literal("zip")]))
    case .workbook(let workbook, let content):
      let sheets = options.sheet.map { sheetsNamed([$0], in: workbook) } ?? workbook.sheets
      guard !sheets.isEmpty else {
        let list = workbook.sheets.map { printable($0.name) }.joined(separator: ", ")
        throw ReadError(
          Diagnostic(
            .sheetNotFound, at: SourceLocation(file: content.shown), found: options.sheet ?? "", [.literal(list)]))
      }
      return sheets.map { .success(ReadableFile(workbook, $0, in: content.shown, size: size)) }
    }
  }

  private static func several(_ members: [InputContent], _ file: String) -> ReadError {
    let list = members.prefix(50).map { String($0.shown.dropFirst(file.count + 1)) }.joined(separator: ", ")
    return ReadError(Diagnostic(.archiveSeveral, at: SourceLocation(file: file), [.literal(list)]))
  }

  /// The one that is meant to be converted: of an archive its only member, of a workbook the first sheet that is not blank.
  /// Notes name the sheets that are left.
  static func one(
    in path: String, _ options: ReadOptions
  ) throws(ReadError) -> (file: ReadableFile, notes: [Diagnostic]) {
    if options.member == nil {
      let named = try NamedFile(path).content
      if case .archive(let members) = try named.form(), members.count > 1 { throw several(members, named.shown) }
    }
    var chosen: ReadableFile?
    var notes: [Diagnostic] = []
    for found in try all(in: path, options) {
      let file = try found.get()
      guard file.sheet != nil, try isBlank(file) else {
        if chosen == nil {
          chosen = file
        } else {
          let reason = LocalizedText(zh: "只写出第一个有内容的工作表", en: "the first sheet with content is written")
          notes.append(Diagnostic(.sheetNotRead, at: SourceLocation(file: file.path), [.word(reason)]))
        }
        continue
      }
    }
    guard let chosen else { throw ReadError(Diagnostic(.fileEmpty, at: SourceLocation(file: path))) }
    return (chosen, notes)
  }

  private static func isBlank(_ file: ReadableFile) throws(ReadError) -> Bool {
    var head: [UInt8] = []
    _ = try file.text().append(to: &head, upTo: 1)
    return head.isEmpty
  }
}

extension RunFailure {
  /// A file that could not be read.
  init(reading error: ReadError) {
    self.init([error.diagnostic], error.diagnostic.rule == .fileMissing ? 66 : 65)
  }
}
