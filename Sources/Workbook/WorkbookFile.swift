package import Bytes
package import Containers
package import Diagnostics
import Glibc

/// An .xlsx workbook, open: its sheets, and what they share.
package struct WorkbookFile {
  package struct Sheet: Sendable, Hashable {
    package var name: String
    package var isHidden: Bool
    /// Place among all sheets, charts too, from 1.
    package var number: Int
    var part: String
  }
  /// Sheets that hold cells, in the order in which a person sees them.
  package let sheets: [Sheet]

  private let parts: PartPackage
  private let shared: SharedParts

  /// Whether an archive is an Office document, and not a folder of files.
  package static func isDocument(_ archive: ZipArchive) -> Bool {
    archive.entries.contains { entry in
      String(decoding: entry.rawName, as: UTF8.self).lowercased().hasSuffix("[content_types].xml")
    } || openDocument(archive) != nil
  }

  private static func openDocument(_ archive: ZipArchive) -> ZipEntry? {
    guard let first = archive.entry("mimetype"), archive.entry("content.xml") != nil else { return nil }
    return first
  }

  /// - Parameters:
  ///   - archive: of `bytes`; its `file` names the workbook in messages.
  /// - Throws: `workbook-damaged`, `workbook-limit`, `workbook-other-format`, `archive-damaged`, `xml-doctype-forbidden`.
  package init(
    _ bytes: any RandomBytes, _ archive: ZipArchive, limits: WorkbookLimits = WorkbookLimits()
  ) throws(ReadError) {
    let file = archive.file
    if Self.openDocument(archive) != nil { throw Self.other(file, ".ods") }
    let parts = PartPackage(bytes, archive, limits: limits)
    guard let main = try parts.relationships(of: "").first(where: { $0.kind == "officeDocument" }) else {
      throw damaged(file, part: "_rels/.rels", zh: "没有指出主部件", en: "it names no main part")
    }
    if main.target.lowercased().hasSuffix(".bin") { throw Self.other(file, ".xlsb") }
    let parser = try WorkbookParser(parts.open(main.target), file: file, part: main.target, limits: limits)
    try parser.run()
    guard parser.root == "workbook" else { throw Self.other(file, parser.root == "document" ? ".docx" : parser.root) }

    let relationships = try parts.relationships(of: main.target)
    var sheets: [Sheet] = []
    for (place, found) in parser.sheets.enumerated() {
      guard let target = relationships.first(where: { $0.id == found.relationship }) else { continue }
      guard target.kind == "worksheet" else { continue }
      sheets.append(Sheet(name: found.name, isHidden: found.isHidden, number: place + 1, part: target.target))
    }
    var shared = SharedParts()
    shared.calendar.startsIn1904 = parser.startsIn1904
    if let part = relationships.first(where: { $0.kind == "styles" })?.target, parts.has(part) {
      let styles = try StyleParser(parts.open(part), file: file, part: part, limits: limits)
      try styles.run()
      shared.formats = styles.formats
    }
    if let part = relationships.first(where: { $0.kind == "sharedStrings" })?.target, parts.has(part) {
      let texts = try SharedTextParser(parts.open(part), file: file, part: part, limits: limits)
      try texts.run()
      shared.texts = texts.bytes
      shared.ends = texts.ends
    }
    self.parts = parts
    self.shared = shared
    self.sheets = sheets
  }

  private static func other(_ file: String, _ kind: String) -> ReadError {
    ReadError(Diagnostic(.workbookOther, at: SourceLocation(file: file), [.literal(printable(kind))]))
  }

  /// A new reading of a sheet from its first row.
  /// - Parameter file: name of the sheet in messages.
  package func open(_ sheet: Sheet, as file: String) throws(ReadError) -> SheetSource {
    var merges: [MergedCells.Merge] = []
    if try mayHaveMerges(sheet.part) {
      let parser = try MergeParser(parts.open(sheet.part), file: file, part: sheet.part, limits: parts.limits)
      try parser.run()
      merges = parser.merges
    }
    let parser = try SheetParser(
      parts.open(sheet.part), file: file, part: sheet.part, shared: shared, merges: merges, limits: parts.limits)
    return SheetSource(parser, file: file, isHidden: sheet.isHidden)
  }

  /// Merged ranges stand behind the rows that they are needed for. Most large sheets have none, which is seen without parsing.
  private func mayHaveMerges(_ part: String) throws(ReadError) -> Bool {
    let source = PartSource(try parts.open(part))
    let word = Array("mergeCell ".utf8)
    var text: [UInt8] = []
    while true {
      let kept = Array(text.suffix(word.count - 1))
      text.removeAll(keepingCapacity: true)
      text += kept
      let hasEnded = try source.append(to: &text, upTo: 64 << 10)
      if Self.holds(text, word) { return true }
      if hasEnded { return false }
    }
  }

  private static func holds(_ text: [UInt8], _ word: [UInt8]) -> Bool {
    let rare = 5  // the capital in the word
    return unsafe text.withUnsafeBytes { bytes in
      guard let base = bytes.baseAddress else { return false }
      var at = 0
      // SAFETY: at < bytes.count in every turn.
      while at < bytes.count, let found = unsafe memchr(base + at, Int32(word[rare]), bytes.count - at) {
        let place = unsafe UnsafeRawPointer(found) - base
        let start = place - rare
        if start >= 0, start + word.count <= bytes.count,
          word.indices.allSatisfy({ unsafe bytes[start + $0] == word[$0] })
        {
          return true
        }
        at = place + 1
      }
      return false
    }
  }
}

@safe private final class WorkbookParser: PartParser {
  struct Found {
    var name: String
    var relationship: String
    var isHidden: Bool
  }
  private(set) var root = ""
  private(set) var sheets: [Found] = []
  private(set) var startsIn1904 = false
  private lazy var sheet = unsafe intern("sheet")
  private lazy var workbookPr = unsafe intern("workbookPr")
  private lazy var date1904 = unsafe intern("date1904")
  private lazy var name = unsafe intern("name")
  private lazy var id = unsafe intern("id")
  private lazy var state = unsafe intern("state")

  override func start(_ tag: PartTag) {
    if depth == 1 { root = unsafe String(cString: tag.local) }
    if unsafe tag.local == sheet {
      guard let name = unsafe tag.value(name), let id = unsafe tag.value(id) else { return }
      guard sheets.count < limits.sheets else { return exceed(.sheets, limits.sheets) }
      let state = unsafe tag.value(state).map { unsafe attributeText($0) } ?? "visible"
      unsafe sheets.append(
        Found(name: attributeText(name), relationship: attributeText(id), isHidden: state != "visible"))
    } else if unsafe tag.local == workbookPr {
      startsIn1904 = unsafe attributeTruth(tag.value(date1904))
    }
  }
}

/// Reads a workbook, an archive or a compressed file of any content to its end, as everything else does: for tests with
/// random bytes. Errors are what it may end in.
package func fuzzWorkbook(_ input: [UInt8]) {
  guard let kind = ContainerKind(input.span) else { return }
  var limits = ContainerLimits()
  limits.entryBytes = 8 << 20
  limits.totalBytes = 16 << 20
  do throws(ReadError) {
    if kind == .gzip { try drain(GzipSource(MemorySource(input), file: "fuzz", limits: limits)) }
    guard kind == .zip else { return }
    let bytes = MemoryBytes(input)
    let archive = try ZipArchive(bytes, file: "fuzz", limits: limits)
    for entry in archive.entries { try? drain(ZipArchive.open(entry, in: bytes, as: "fuzz")) }
    guard WorkbookFile.isDocument(archive) else { return }
    let workbook = try WorkbookFile(bytes, archive)
    for sheet in workbook.sheets { try? drain(workbook.open(sheet, as: "fuzz")) }
  } catch {}
}

private func drain(_ source: some ByteSource) throws(ReadError) {
  var text: [UInt8] = []
  while try !source.append(to: &text, upTo: 64 << 10) { text.removeAll(keepingCapacity: true) }
}
