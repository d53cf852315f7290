import Diagnostics
import Glibc

/// The way down to the files of an inbox, name by name, so that a folder that was swapped for a link meanwhile is not
/// followed. The folder of the file opened last stays open: files that are opened in the order of the inbox cost one step
/// each. For one task.
package final class InboxWalk {
  private let inbox: Inbox
  /// Names of the folder that is open, and its descriptor; -1 for none.
  private var folder: [[UInt8]] = []
  private var descriptor: Int32 = -1
  /// What took the fingerprint of the file before.
  private var spare: Digest?

  package init(_ inbox: Inbox) { self.inbox = inbox }

  deinit { if descriptor >= 0 { close(descriptor) } }

  func takeDigest() -> Digest {
    guard let digest = spare else { return Digest() }
    spare = nil
    digest.begin()
    return digest
  }

  func giveBack(_ digest: Digest) { spare = digest }

  /// Opens no link, on no level; never waits.
  func open(_ file: InboxFile) throws(ReadError) -> Int32 {
    if descriptor < 0 || !isFolder(of: file) { try enter(file) }
    return try step(file.name, from: descriptor, O_NONBLOCK, of: file)
  }

  private func isFolder(of file: InboxFile) -> Bool {
    // Files of one folder share the list.
    let isShared = unsafe file.folders.withUnsafeBufferPointer { files in
      unsafe folder.withUnsafeBufferPointer { unsafe $0.baseAddress == files.baseAddress && $0.count == files.count }
    }
    return isShared || file.folders == folder
  }

  private func enter(_ file: InboxFile) throws(ReadError) {
    if descriptor >= 0 { close(descriptor) }
    descriptor = unsafe Glibc.open(inbox.folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    folder = []
    guard descriptor >= 0 else { throw Inbox.failure(errno, inbox.folder) }
    for name in file.folders {
      let next = try step(name, from: descriptor, O_DIRECTORY, of: file)
      close(descriptor)
      descriptor = next
      folder.append(name)
    }
    folder = file.folders
  }

  private func step(
    _ name: [UInt8], from folder: Int32, _ flags: Int32, of file: InboxFile
  ) throws(ReadError) -> Int32 {
    let next = unsafe withCString(name) { unsafe openat(folder, $0, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | flags) }
    if next >= 0 { return next }
    if errno == ELOOP { throw ReadError(Diagnostic(.fileNotRegular, at: SourceLocation(file: file.shown))) }
    throw Inbox.failure(errno, file.shown)
  }
}
