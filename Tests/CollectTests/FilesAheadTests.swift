import Bytes
import Diagnostics
import Foundation
import Testing

@testable import Collect

@Suite final class FilesAheadTests {
  private let folder = FileManager.default.temporaryDirectory.appending(path: "fieldtally-ahead-\(UUID().uuidString)")
    .path
  private let text = (0..<1_300_000).map { UInt8(truncatingIfNeeded: $0 &* $0 >> 7) }

  init() throws { try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true) }
  deinit { try? FileManager.default.removeItem(atPath: folder) }

  private func listed(_ names: [String], _ text: [UInt8]? = nil) throws -> (Inbox, [InboxFile]) {
    for name in names { try Data(text ?? self.text).write(to: URL(filePath: "\(folder)/\(name)")) }
    let inbox = Inbox(folder: folder)
    return (inbox, try inbox.files().files)
  }

  /// However much of a file was hashed before it is read, and whoever hashes the rest.
  @Test(arguments: [0, 1, 65_535, 65_536, 700_001, 1_300_000], [false, true])
  func theFingerprintIsThatOfTheWholeFile(ahead: Int, isLeft: Bool) throws {
    let (inbox, files) = try listed(["a.csv"])
    let file = try OpenFile(files[0], in: inbox, takesFingerprint: true)
    #expect(file.hashAhead(ahead) == (ahead < text.count))
    var read = try file.bytes(0..<512)
    if isLeft { #expect(file.leaveFingerprint()) }
    read.removeAll()
    var isAtEnd = false
    while !isAtEnd {
      var block: [UInt8] = []
      isAtEnd = try file.append(to: &block, upTo: 100_001)
      read += block
    }
    #expect(read == text)
    if isLeft {
      for start in stride(from: 0, to: text.count, by: 300_000) {
        file.takeFingerprint(of: Array(text[start..<min(text.count, start + 300_000)]).span, at: start)
      }
    }
    #expect(try file.fingerprint() == sha256(of: text))
  }

  @Test func largeFilesAreOpenedThatAreNotKnown() async throws {
    let (inbox, files) = try listed(["a.csv", "b.CSV", "c.xlsx", "d.xml", "e.csv.gz"])
    let ahead = FilesAhead(inbox)
    await ahead.begin(files) { $0.shown == "a.csv" }
    #expect(files.map { ahead.take($0) != nil } == [false, true, false, true, false])
    // A file is handed out once, since it is read once.
    #expect(files.allSatisfy { ahead.take($0) == nil })
  }

  @Test func smallFilesAreNot() async throws {
    let (inbox, files) = try listed(["a.csv"], Array("code\n1\n".utf8))
    let ahead = FilesAhead(inbox)
    await ahead.begin(files) { _ in false }
    #expect(ahead.take(files[0]) == nil)
  }

  /// A process may not have very many files open, and others need theirs.
  @Test func notAllFilesAreOpened() async throws {
    let (inbox, files) = try listed((10..<40).map { "\($0).csv" })
    let ahead = FilesAhead(inbox)
    await ahead.begin(files) { _ in false }
    #expect(files.count { ahead.take($0) != nil } == 16)
  }

  @Test func nothingIsOpenedAfterTheEnd() async throws {
    let (inbox, files) = try listed(["a.csv", "b.csv", "c.csv"])
    let ahead = FilesAhead(inbox)
    await ahead.begin(files) {
      if $0.shown == "b.csv" { ahead.end() }
      return false
    }
    let taken = files.map { ahead.take($0) }
    #expect(taken.map { $0 != nil } == [true, false, false])
    #expect(try taken[0]?.fingerprint() == sha256(of: text))
  }

  @Test func aFileThatIsGoneOrALinkIsLeftToItsReader() async throws {
    let (inbox, files) = try listed(["a.csv", "b.csv", "c.csv"])
    try FileManager.default.removeItem(atPath: "\(folder)/a.csv")
    try FileManager.default.removeItem(atPath: "\(folder)/b.csv")
    symlink("\(folder)/c.csv", "\(folder)/b.csv")
    let ahead = FilesAhead(inbox)
    await ahead.begin(files) { _ in false }
    #expect(files.map { ahead.take($0) != nil } == [false, false, true])
  }

  @Test func aFileThatIsRewrittenMeanwhileHasChanged() async throws {
    let (inbox, files) = try listed(["a.csv"])
    let ahead = FilesAhead(inbox)
    await ahead.begin(files) { _ in false }
    let handle = try FileHandle(forWritingTo: URL(filePath: "\(folder)/a.csv"))
    try handle.write(contentsOf: Data("xyz".utf8))
    try handle.close()
    var times = [timespec(tv_sec: 1, tv_nsec: 0), timespec(tv_sec: 1, tv_nsec: 0)]
    utimensat(AT_FDCWD, "\(folder)/a.csv", &times, 0)
    let file = try #require(ahead.take(files[0]))
    let error = #expect(throws: ReadError.self) { try file.fingerprint() }
    #expect(error?.diagnostic.rule == .fileChanged)
  }
}
