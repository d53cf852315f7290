import Synchronization

/// The first large files of an inbox, opened, and hashed from their first byte on, before it is known what reads them: while a
/// campaign is loaded one processor has nothing else to do. Reading a file that is here goes on where hashing it ended.
package final class FilesAhead: Sendable {
  private let inbox: Inbox
  private let opened = Mutex(Opened())

  private struct Opened {
    var files: [[[UInt8]]: Held] = [:]
    var isOver = false
  }
  /// Unchecked: it is touched under `opened` alone until it is taken.
  private final class Held: @unchecked Sendable {
    let file: OpenFile
    init(_ file: OpenFile) { self.file = file }
  }

  /// Bytes from which a file is large.
  private static let large = 1 << 20
  private static let mostFiles = 16
  /// Bytes that are hashed before others that wait for a thread go on.
  private static let step = 128 << 10
  /// Of what is compressed the fingerprint is that of its content, and of pictures nobody asks for one.
  private static let endings: [StaticString] = [".csv", ".txt", ".tsv", ".xml"]

  package init(_ inbox: Inbox) { self.inbox = inbox }

  /// Opens and hashes one file after another until all are hashed or `end` is called.
  ///
  /// - Parameters:
  ///   - listed: the files of the inbox.
  ///   - isKnown: whether a file need not be read.
  package func begin(_ listed: [InboxFile], isKnown: (InboxFile) -> Bool) async {
    let walk = InboxWalk(inbox)
    var count = 0
    for file in listed where Self.isLarge(file) && Self.endings.contains(where: { file.isNamed($0) }) {
      if isKnown(file) { continue }
      guard count < Self.mostFiles, open(file, walk) else { return }
      count += 1
      while hash(file) { await Task.yield() }
    }
  }

  private static func isLarge(_ file: InboxFile) -> Bool { file.size >= large }

  /// - Returns: `false` when no more is to be opened.
  private func open(_ file: InboxFile, _ walk: InboxWalk) -> Bool {
    opened.withLock { opened in
      guard !opened.isOver else { return false }
      // Who reads it says why it cannot be opened.
      opened.files[file.path] = (try? OpenFile(file, in: inbox, takesFingerprint: true, by: walk)).map(Held.init)
      return true
    }
  }

  /// - Returns: `false` when there is nothing more to hash of it here.
  private func hash(_ file: InboxFile) -> Bool {
    opened.withLock { opened in
      guard !opened.isOver, let held = opened.files[file.path] else { return false }
      return held.file.hashAhead(Self.step)
    }
  }

  /// Nothing more is opened or hashed from here on.
  package func end() { opened.withLock { $0.isOver = true } }

  /// The file, if it is here, for the one that reads it.
  package func take(_ file: InboxFile) -> OpenFile? {
    guard Self.isLarge(file) else { return nil }
    return opened.withLock { $0.files.removeValue(forKey: file.path) }?.file
  }
}
