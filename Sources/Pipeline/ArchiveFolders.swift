import Bytes
import Collect
import Containers
import Diagnostics
import Workbook

/// The archives of an inbox as folders: `team3.zip` with a member `a.csv` stands for the file `team3.zip/a.csv`.
struct ArchiveFolders {
  /// The files of the inbox, those archives replaced by their members, which stand where the archive stood.
  private(set) var files: [InboxFile] = []
  /// Where each member stands.
  private(set) var members: [InboxFile: (archive: InboxFile, entry: ZipEntry)] = [:]
  private(set) var notes: [Diagnostic] = []

  /// - Parameter isClaimed: whether a source names a file. Such a file is opened when it is read and not before, unless its
  ///   name says that it is an archive.
  init(_ found: [InboxFile], in inbox: Inbox, isClaimed: (InboxFile) -> Bool) {
    files.reserveCapacity(found.count)
    for file in found {
      let isClaimed = isClaimed(file)
      let isNamed = file.isNamed(".zip")
      if isNamed || !isClaimed, file.size > 0, let archive = open(file, inbox, isClaimed: isClaimed) {
        add(archive, file)
      } else {
        files.append(file)
      }
    }
  }

  /// `nil` when the file is no archive, a workbook, or cannot be opened; of a claimed one its source says why.
  private mutating func open(_ file: InboxFile, _ inbox: Inbox, isClaimed: Bool) -> ZipArchive? {
    guard let bytes = try? OpenFile(file, in: inbox, takesFingerprint: false), let head = try? bytes.bytes(0..<512),
      ContainerKind(head.span) == .zip
    else { return nil }
    do throws(ReadError) {
      let archive = try ZipArchive(bytes, file: file.shown)
      return WorkbookFile.isDocument(archive) ? nil : archive
    } catch {
      if !isClaimed { notes.append(error.diagnostic) }
      return nil
    }
  }

  private mutating func add(_ archive: ZipArchive, _ file: InboxFile) {
    let found = archiveMembers(of: archive)
    if found.isEmpty { notes.append(Diagnostic(.archiveEmpty, at: SourceLocation(file: file.shown))) }
    for member in found {
      let inner = InboxFile(
        path: file.path + member.path, shown: file.shown + "/" + member.shown, size: member.entry.unpacked)
      // Of several with one name the first stands for all; it is refused when it is read.
      guard members[inner] == nil else { continue }
      members[inner] = (file, member.entry)
      files.append(inner)
    }
  }
}
