import Bytes
import Campaign
import Collect
import Containers
import Delimited
import Diagnostics
import Encodings
import Records
import Workbook
import XMLInput

/// A file on its way: what it is and where it belongs. One reference, since there may be twenty thousand.
final class SourceFile: Sendable {
  let file: InboxFile
  /// Place of its source in the pipeline.
  let source: Int
  let size: Int
  /// For a member of an archive: the archive, and where the member stands in it.
  let archive: InboxFile?
  let member: ZipEntry?
  /// Of the file that stands in the inbox.
  var stamp: FileStamp? { if let archive { archive.stamp } else { file.stamp } }
  /// Bytes that reading it comes to, roughly: what is compressed grows.
  let cost: Int

  init(file: InboxFile, source: Int, archive: InboxFile? = nil, member: ZipEntry? = nil) {
    self.file = file
    self.source = source
    size = file.size
    self.archive = archive
    self.member = member
    let isCompressed =
      file.isNamed(".gz") || file.isNamed(".xlsx") || file.isNamed(".xlsm") || file.isNamed(".zip")
    cost = isCompressed ? size * 8 : size
  }
}

/// What reading the files of one source, one after another, has in common. For one task.
final class ReadingBench {
  let walk: InboxWalk
  /// The reader of the file before.
  var xmlReader: XMLReader?
  init(_ inbox: Inbox) { walk = InboxWalk(inbox) }
}

/// A table of a file, open: its encoding is known, and the reader of its family is joined to it. One reference, since there
/// may be twenty thousand, which go from hand to hand.
final class FileIngest {
  let reader: any RecordReader
  /// The same in pieces, in place of `reader`.
  let pieces: XMLPieces?
  /// What it is written in; of a file that was taken for UTF-8 known when all of it was read.
  var encoding: DetectedEncoding {
    switch written {
    case .found(let encoding): encoding
    case .assumed(let text): text.encoding
    }
  }
  /// Whether the file was taken for plain UTF-8. Then an error says only that it must be opened again, without that.
  var isAssumed: Bool { if case .assumed = written { true } else { false } }
  /// What other tasks may read for the reader, which sets the pace.
  let ahead: ReadAhead?
  private let written: Written
  private let digest: Digested
  /// What has something to say of the file beside the reader.
  private let source: (any ByteSource)?
  /// Bytes up to which a file is held in memory while it is read: then its encoding is found and its text decoded at one
  /// reading.
  private static let smallFile = 4 << 20
  /// The same where a file may be taken for UTF-8: then reading it in parts, each of which is near while it is looked at and
  /// copied, costs less.
  static let smallUTF8File = 256 << 10

  private enum Written {
    case found(DetectedEncoding)
    case assumed(AssumedUTF8)
  }

  private enum Digested {
    case file(OpenFile)
    case content(DigestSource, InputContent)
    case sheet(InputContent, number: Int)
  }

  /// A file that is not compressed; `nil` when it is, or no text at all.
  ///
  /// - Parameters:
  ///   - bench: what the files of a source have in common; without it the file is on its own.
  ///   - assumesUTF8: whether a file that is not small may be taken for plain UTF-8 until it is seen to be something else.
  ///   - inPieces: whether several tasks may parse it.
  ///   - opened: the file, when it is open already.
  init?(
    plain source: SourceFile, plan: CampaignFolder.SourcePlan, inbox: Inbox, on bench: ReadingBench? = nil,
    assumesUTF8: Bool = false, inPieces: Bool = false, opened: OpenFile? = nil
  ) throws(ReadError) {
    let shown = source.file.shown
    // Detection looks at the whole file. A small one is read once and looked at in memory.
    let mostAtOnce = assumesUTF8 ? Self.smallUTF8File : Self.smallFile
    // Opened before anything is read of it, so that a file that vanishes or grows meanwhile is noticed.
    let input =
      if let opened { opened } else {
        try OpenFile(
          source.file, in: inbox, takesFingerprint: true, by: bench?.walk, isReadAtOnce: source.size <= mostAtOnce)
      }
    let isSmall = input.size <= mostAtOnce
    let small = isSmall ? try input.contents() : nil
    let head = if let small { small } else { try input.bytes(0..<512) }
    if ContainerKind(head.span) != nil { return nil }
    let text: any ByteSource
    if let small, let plain = Self.plainEncoding(of: small, plan) {
      written = .found(plain)
      text = PlainText(small)
    } else if small == nil, assumesUTF8, plan.definition.encoding == nil,
      plan.xml == nil || EncodingDetector.agreesWithUTF8(xml: head),
      let assumed = try AssumedUTF8(input, head: head, file: shown)
    {
      written = .assumed(assumed)
      text = assumed
    } else {
      let encoding = try Self.encoding(of: shown, plan) { () throws(ReadError) in
        if let small { return MemorySource(small) }
        return try OpenFile(source.file, in: inbox, takesFingerprint: false)
      }
      written = .found(encoding)
      text = try UTF8Decoder(small.map { MemorySource($0) } ?? input, encoding: encoding, file: shown)
    }
    ahead = small == nil && plan.xml != nil ? ReadAhead(text) : nil
    let read = ahead ?? text
    pieces = inPieces ? Self.pieces(read, shown, plan) : nil
    self.source = nil
    digest = .file(input)
    if plan.xml != nil, let used = bench?.xmlReader, used.restart(source: read, file: shown) {
      reader = used
      return
    }
    let made = try Self.reader(read, shown, plan, sheet: nil)
    if let bench, let next = made as? XMLReader {
      if let used = bench.xmlReader { next.follow(used) }
      bench.xmlReader = next
    }
    reader = made
  }

  /// Nearly all files are UTF-8 and say nothing else.
  private static func plainEncoding(of text: [UInt8], _ plan: CampaignFolder.SourcePlan) -> DetectedEncoding? {
    guard plan.definition.encoding == nil, let found = EncodingDetector.plainUTF8(text) else { return nil }
    return plan.xml == nil || EncodingDetector.agreesWithUTF8(xml: text) ? found : nil
  }

  /// What a compressed file holds.
  init(_ content: InputContent, plan: CampaignFolder.SourcePlan, inPieces: Bool) throws(ReadError) {
    let encoding = try Self.encoding(of: content.shown, plan) { () throws(ReadError) in try content.open() }
    written = .found(encoding)
    let source = try content.open()
    self.source = source
    let digesting = DigestSource(source)
    digest = .content(digesting, content)
    let text = try UTF8Decoder(digesting, encoding: encoding, file: content.shown)
    ahead = plan.xml == nil ? nil : ReadAhead(text)
    pieces = inPieces ? Self.pieces(ahead ?? text, content.shown, plan) : nil
    reader = try Self.reader(ahead ?? text, content.shown, plan, sheet: nil)
  }

  /// A sheet of a workbook.
  init(
    _ workbook: WorkbookFile, _ sheet: WorkbookFile.Sheet, _ content: InputContent, name: String,
    plan: CampaignFolder.SourcePlan
  ) throws(ReadError) {
    written = .found(.workbook)
    ahead = nil
    pieces = nil
    let source = try workbook.open(sheet, as: name)
    self.source = source
    digest = .sheet(content, number: sheet.number)
    reader = try Self.reader(source, name, plan, sheet: .workbook)
  }

  /// - Parameter open: a new reading from the first byte.
  private static func encoding(
    of file: String, _ plan: CampaignFolder.SourcePlan, open: () throws(ReadError) -> any ByteSource
  ) throws(ReadError) -> DetectedEncoding {
    let found = try EncodingDetector.detect(file: file, declared: plan.definition.encoding, open: open)
    if plan.xml == nil || plan.definition.encoding != nil { return found }
    return try EncodingDetector.settle(found, ofXML: file, open: open)
  }

  private static func reader(
    _ source: any ByteSource, _ file: String, _ plan: CampaignFolder.SourcePlan, sheet: SheetMarks?
  ) throws(ReadError) -> any RecordReader {
    switch plan.definition.format {
    case .delimited(let options):
      let reader = try DelimitedReader(
        source: source, file: file, fields: plan.definition.fields, options: options,
        fillDown: plan.definition.fillDown, continuation: plan.definition.continuation, sheet: sheet)
      try refuseColumns(reader.account.columns, of: plan.definition, file: file)
      return reader
    case .xml, .xforms:
      guard let xml = plan.xml else { preconditionFailure("an XML source was compiled without an XML plan") }
      return try XMLReader(
        source: source, file: file, plan: xml, limits: XMLLimits(xml.options.limits), schema: plan.schema)
    }
  }

  private static func pieces(
    _ source: any ByteSource, _ file: String, _ plan: CampaignFolder.SourcePlan
  ) -> XMLPieces? {
    // A schema looks at the document as a whole.
    guard let xml = plan.xml, plan.schema == nil else { return nil }
    return XMLPieces(source: source, file: file, plan: xml, limits: XMLLimits(xml.options.limits))
  }

  /// Bytes that it had when it was read, where that may be others than when the inbox was listed.
  var size: Int? { if case .file(let input) = digest { input.size } else { nil } }

  /// Hands over what was read; complete when the reader has come to its end.
  func takeAccount() -> ReadingAccount {
    var account = pieces?.account ?? reader.takeAccount()
    if let sheet = source as? SheetSource { account.notes += sheet.notes }
    if let gzip = source as? GzipSource { account.notes += gzip.notes }
    return account
  }

  /// The file whose fingerprint is taken of the text of batches, from here on; `nil` where that is not what stands in it.
  func leaveFingerprintToBatches() -> OpenFile? {
    guard isAssumed, reader is DelimitedReader, case .file(let input) = digest, input.leaveFingerprint() else {
      return nil
    }
    return input
  }

  /// SHA-256 of the content: of the whole file, of what a compressed one holds; with the number of the sheet for a sheet.
  func fingerprint() throws(ReadError) -> String {
    switch digest {
    case .file(let input): return try input.fingerprint()
    case .content(let source, _): return try source.fingerprint()
    case .sheet(let content, let number): return try DigestSource(content.open()).fingerprint() + "#\(number)"
    }
  }
}

extension DetectedEncoding {
  /// A workbook says of itself what its texts are written in.
  static let workbook = DetectedEncoding(
    name: "utf-8", evidence: LocalizedText(zh: "Excel 工作簿", en: "a workbook of Excel"))
}

/// The fingerprint of a file that could not be read as what it should be; empty when it cannot be read at all.
func fingerprint(of source: SourceFile, in inbox: Inbox) -> String {
  if let archive = source.archive {
    let content = InputContent(archive, in: inbox, member: source.member, shown: source.file.shown)
    return (try? DigestSource(content.open()).fingerprint()) ?? ""
  }
  guard let input = try? OpenFile(source.file, in: inbox, takesFingerprint: true) else { return "" }
  return (try? input.fingerprint()) ?? ""
}
