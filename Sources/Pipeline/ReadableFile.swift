import Bytes
import Campaign
import Collect
import Diagnostics
import Encodings
import Glibc
import XMLInput

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

/// A file that a person names, whose encoding and family are known. It can be read any number of times.
struct ReadableFile {
  let path: String
  let size: Int
  let encoding: DetectedEncoding
  let isXML: Bool
  private let file: NamedFile

  init(_ path: String, _ options: ReadOptions) throws(ReadError) {
    self.path = path
    let file = try NamedFile(path)
    self.file = file
    let input = try file.open()
    size = input.size
    var head: [UInt8] = []
    _ = try input.append(to: &head, upTo: 512)
    try refuseContainers(head, file: path)
    let found = try EncodingDetector.detect(file: path, declared: options.encoding) { () throws(ReadError) in
      try file.open()
    }
    // What is called XML is read as that, so that a broken beginning is named and not taken for a table.
    let isNamedXML = path.lowercased().hasSuffix(".xml")
    isXML = isNamedXML ? true : try Self.looksLikeXML(UTF8Decoder(file.open(), encoding: found, file: path))
    encoding =
      isXML && options.encoding == nil
      ? try EncodingDetector.settle(found, ofXML: path) { () throws(ReadError) in try file.open() } : found
  }

  /// A new reading from the first byte.
  func text() throws(ReadError) -> UTF8Decoder { try UTF8Decoder(file.open(), encoding: encoding, file: path) }

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

  func open() throws(ReadError) -> OpenFile { try OpenFile(file, in: inbox, takesFingerprint: false) }
}

extension RunFailure {
  /// A file that could not be read.
  init(reading error: ReadError) {
    self.init([error.diagnostic], error.diagnostic.rule == .fileMissing ? 66 : 65)
  }
}
