import Bytes
import Campaign
import Collect
import Delimited
import Diagnostics
import Encodings
import Records
import XMLInput

/// A file on its way: what it is and where it belongs.
struct SourceFile: Sendable {
  var file: InboxFile
  /// Place of its source in the pipeline.
  var source: Int
  var size: Int
}

/// Opens a file of a source: detects its encoding, and joins the reader of its family to it.
struct FileIngest {
  let reader: any RecordReader
  let encoding: DetectedEncoding
  private let input: OpenFile
  /// Bytes up to which a file is held in memory while it is read.
  private static let smallFile = 1 << 20

  init(_ source: SourceFile, plan: CampaignFolder.SourcePlan, inbox: Inbox) throws(ReadError) {
    let shown = source.file.shown
    // Opened before anything is read of it, so that a file that vanishes or grows meanwhile is noticed.
    let input = try OpenFile(source.file, in: inbox, takesFingerprint: true)
    self.input = input
    // Detection looks at the whole file. A small one is read once and looked at in memory.
    let small = input.size <= Self.smallFile ? try input.contents() : nil
    encoding = try EncodingDetector.detect(file: shown, declared: plan.definition.encoding) { () throws(ReadError) in
      if let small { return MemorySource(small) }
      return try OpenFile(source.file, in: inbox, takesFingerprint: false)
    }
    let head = if let small { Array(small.prefix(512)) } else { try headOfFile(source, inbox) }
    try refuseContainers(head, file: shown)
    let decoder = try UTF8Decoder(small.map { MemorySource($0) } ?? input, encoding: encoding, file: shown)
    switch plan.definition.format {
    case .delimited(let options):
      reader = try DelimitedReader(
        source: decoder, file: shown, fields: plan.definition.fields, options: options,
        fillDown: plan.definition.fillDown, continuation: plan.definition.continuation)
      try refuseColumns(reader.account.columns, of: plan.definition, file: shown)
    case .xml, .xforms:
      guard let xml = plan.xml else { preconditionFailure("an XML source was compiled without an XML plan") }
      reader = try XMLReader(source: decoder, file: shown, plan: xml, limits: XMLLimits())
    }
  }

  /// SHA-256 of the whole file.
  func fingerprint() throws(ReadError) -> String { try input.fingerprint() }
}

/// The first bytes of a large file.
private func headOfFile(_ source: SourceFile, _ inbox: Inbox) throws(ReadError) -> [UInt8] {
  var head: [UInt8] = []
  _ = try OpenFile(source.file, in: inbox, takesFingerprint: false).append(to: &head, upTo: 512)
  return head
}

/// Workbooks and archives are no text, whatever their name says: what a person should do about them is said here, before a
/// reader takes their bytes for a table.
func refuseContainers(_ head: [UInt8], file: String) throws(ReadError) {
  let oldWorkbook: [UInt8] = [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]
  let text = String(decoding: head, as: UTF8.self)
  let isZip = head.starts(with: [0x50, 0x4B, 0x03, 0x04])
  if head.starts(with: oldWorkbook) || isZip && (text.contains("[Content_Types].xml") || text.contains("xl/")) {
    throw ReadError(Diagnostic(.workbookNotRead, at: SourceLocation(file: file)))
  }
  if let format = compressionFormat(of: head.span) {
    throw ReadError(Diagnostic(.compressedInput, at: SourceLocation(file: file), [.literal(format)]))
  }
}

/// The fingerprint of a file that could not be read as what it should be; empty when it cannot be read at all.
func fingerprint(of source: SourceFile, in inbox: Inbox) -> String {
  guard let input = try? OpenFile(source.file, in: inbox, takesFingerprint: true) else { return "" }
  return (try? input.fingerprint()) ?? ""
}
