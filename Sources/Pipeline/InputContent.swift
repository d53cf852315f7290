import Bytes
import Collect
import Containers
import Diagnostics
import Encodings
import Glibc
import Workbook
import XMLInput

/// The content of a file, of a .gz file, or of a member of an archive: it can be read any number of times.
struct InputContent: Sendable {
  enum Layer: Sendable {
    case plain, gzip
    case member(ZipEntry)
  }
  let inbox: Inbox
  let file: InboxFile
  var layer = Layer.plain
  /// Name in messages.
  var shown: String

  init(_ file: InboxFile, in inbox: Inbox, member: ZipEntry? = nil, shown: String) {
    self.inbox = inbox
    self.file = file
    self.shown = shown
    if let member { layer = .member(member) }
  }

  private var isMember: Bool { if case .member = layer { true } else { false } }

  func openFile() throws(ReadError) -> OpenFile { try OpenFile(file, in: inbox, takesFingerprint: false) }

  /// A new reading from the first byte, unpacked.
  func open() throws(ReadError) -> any ByteSource {
    let file = try openFile()
    switch layer {
    case .plain: return file
    case .gzip: return GzipSource(file, file: shown)
    case .member(let entry): return try ZipArchive.open(entry, in: file, as: shown)
    }
  }

  private func head() throws(ReadError) -> [UInt8] {
    var head: [UInt8] = []
    _ = try open().append(to: &head, upTo: 512)
    return head
  }

  /// What it is: a text, a workbook, or an archive of several files. A layer that holds one text is taken off.
  /// - Throws: what says why it cannot be read.
  func form() throws(ReadError) -> InputForm {
    let head = try head()
    switch ContainerKind(head.span) {
    case nil: return .text(self)
    case .zip:
      if case .plain = layer { return try archiveForm() }
      let bytes = try unpackedWorkbook(open(), file: shown)
      let archive = try? ZipArchive(bytes, file: shown)
      guard let archive, WorkbookFile.isDocument(archive) else { throw nested("zip") }
      return .workbook(try workbook(bytes, archive), self)
    case .gzip:
      guard case .plain = layer else { throw nested("gzip") }
      var inner = self
      inner.layer = .gzip
      return try inner.form()
    case .compound:
      let fault = try compoundFault()
      throw fault
    case .other(let name):
      if case .plain = layer {
        throw ReadError(Diagnostic(.compressedInput, at: SourceLocation(file: shown), [.literal(name)]))
      }
      throw nested(name)
    }
  }

  private func workbook(_ bytes: any RandomBytes, _ archive: ZipArchive) throws(ReadError) -> WorkbookFile {
    closeExternalEntities()
    return try WorkbookFile(bytes, archive)
  }

  private func nested(_ name: String) -> ReadError {
    ReadError(Diagnostic(.archiveNested, at: SourceLocation(file: shown), [.literal(name)]))
  }

  private func archiveForm() throws(ReadError) -> InputForm {
    let bytes = try openFile()
    let archive = try ZipArchive(bytes, file: shown)
    if WorkbookFile.isDocument(archive) { return .workbook(try workbook(bytes, archive), self) }
    let members = archiveMembers(of: archive)
    guard !members.isEmpty else { throw ReadError(Diagnostic(.archiveEmpty, at: SourceLocation(file: shown))) }
    return .archive(
      members.map { member in
        var content = self
        content.layer = .member(member.entry)
        content.shown = shown + "/" + member.shown
        return content
      })
  }

  /// An old workbook, one with a password, or another file of that form: its directory names what it holds.
  private func compoundFault() throws(ReadError) -> ReadError {
    var bytes: [UInt8] = []
    _ = try open().append(to: &bytes, upTo: 8 << 20)
    // Offset 30: the size of a sector as a power of two; offset 48: the sector in which the directory begins.
    let shift = bytes.count > 51 ? min(12, Int(bytes[30])) : 9
    let sector = bytes.count > 51 ? bytes[48..<52].reversed().reduce(0) { $0 << 8 | Int($1) } : 0
    let start = (sector + 1) << shift
    let directory = start < bytes.count ? Array(bytes[start..<min(bytes.count, start + 8192)]) : []
    let names = String(decoding: directory.filter { $0 != 0 }, as: UTF8.self)
    let place = SourceLocation(file: shown)
    if names.contains("EncryptedPackage") { return ReadError(Diagnostic(.workbookEncrypted, at: place)) }
    if names.contains("WordDocument") { return ReadError(Diagnostic(.workbookOther, at: place, [.literal(".doc")])) }
    return ReadError(Diagnostic(.workbookOld, at: place))
  }
}

/// What an input turned out to be.
enum InputForm {
  case text(InputContent)
  case workbook(WorkbookFile, InputContent)
  /// The members of an archive, at least one; names are not yet looked at.
  case archive([InputContent])
}

/// A member of an archive under the name that people see.
struct ArchiveMember {
  var entry: ZipEntry
  var path: [[UInt8]]
  var shown: String
}

/// The files of an archive, in its order, without folders and what is hidden, as in a folder of the inbox.
func archiveMembers(of archive: ZipArchive) -> [ArchiveMember] {
  let names = memberNames(archive.entries)
  return zip(archive.entries, names).compactMap { entry, name in
    let path = name.split { $0 == "/" || $0 == "\\" }.map(String.init)
    guard !entry.isFolder, let last = path.last else { return nil }
    let isHidden = path.contains { $0.hasPrefix(".") && $0 != ".." } || last.hasPrefix("~$") || path[0] == "__MACOSX"
    if isHidden { return nil }
    return ArchiveMember(
      entry: entry, path: path.map { Array($0.utf8) }, shown: path.map(printable).joined(separator: "/"))
  }
}

/// Names as text. Those that the archive does not call UTF-8 are all in one encoding, which is found as that of a file; what
/// looks Western in it is of DOS, code page 437.
private func memberNames(_ entries: [ZipEntry]) -> [String] {
  let legacy = entries.filter { !$0.isNameUnicode && !$0.rawName.contains(0x0A) }
  let joined = Array(legacy.map(\.rawName).joined(separator: [0x0A]))
  var decoded: [String] = []
  if joined.contains(where: { $0 >= 0x80 }), var found = try? decodeText(joined, file: "") {
    if found.encoding.name == "windows-1252", let dos = try? decodeText(joined, file: "", declared: "cp437") {
      found = dos
    }
    decoded = String(decoding: found.text, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
      .map(String.init)
  }
  var next = 0
  return entries.map { entry in
    guard !entry.isNameUnicode, !entry.rawName.contains(0x0A) else {
      return String(decoding: entry.rawName, as: UTF8.self)
    }
    defer { next += 1 }
    return next < decoded.count && decoded.count == legacy.count
      ? decoded[next] : String(decoding: entry.rawName, as: UTF8.self)
  }
}
