import Bytes
import Campaign
import Collect
import Diagnostics
import Foundation
import Testing

@Suite struct GlobTests {
  @Test(arguments: [
    ("**/访谈台账*.csv", "第1组/访谈台账-1.csv", true), ("**/访谈台账*.csv", "访谈台账.CSV", true), ("*.csv", "a/b.csv", false),
    ("**/*.xml", "a/b/c.xml", true), ("a/**/b.csv", "a/b.csv", true), ("a/**/b.csv", "a/x/y/b.csv", true),
    ("a/**/b.csv", "b/b.csv", false), ("?.csv", "中.csv", true), ("?.csv", "中文.csv", false), ("a*b*c", "aXXbYYc", true),
    ("a*b*c", "aXXbYY", false), ("**", "x", true), ("a.csv", "b.csv", false), ("*", "a/b", false),
  ])
  func matchesPaths(pattern: String, path: String, expected: Bool) {
    let names = path.split(separator: "/").map { Array($0.utf8) }
    #expect(GlobPattern(pattern).matches(names) == expected)
  }

  @Test func manyStarsCostNoMoreThanTheProduct() {
    let pattern = GlobPattern(String(repeating: "*a", count: 60) + "b")
    #expect(!pattern.matches([Array(String(repeating: "a", count: 250).utf8)]))
    #expect(!GlobPattern(String(repeating: "**/", count: 40) + "x").matches(Array(repeating: [0x61], count: 30)))
  }
}

@Suite final class InboxTests {
  private let folder: String

  init() throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "fieldtally-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: folder + "/第2组", withIntermediateDirectories: true)
    for (name, text) in [("b.csv", "abc"), ("a.csv", ""), ("第2组/c.csv", "1"), (".hidden", "x"), ("~$b.csv", "x")] {
      try Data(text.utf8).write(to: URL(filePath: folder + "/" + name))
    }
    symlink("/etc/passwd", folder + "/link.csv")
    symlink("/etc", folder + "/folder")
    mkfifo(folder + "/pipe.csv", 0o600)
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  @Test func listsRegularFilesInOrderAndNamesTheRest() throws {
    let (files, notes) = try Inbox(folder: folder).files()
    #expect(files.map(\.shown) == ["a.csv", "b.csv", "第2组/c.csv"])
    #expect(Set(notes.map(\.location.file)) == ["link.csv", "folder", "pipe.csv"])
    #expect(notes.allSatisfy { $0.rule == .fileNotRegular })
  }

  @Test func takesTheFingerprintThatSha256sumPrints() throws {
    let inbox = Inbox(folder: folder)
    let files = try inbox.files().files
    #expect(
      try OpenFile(files[0], in: inbox, takesFingerprint: true).fingerprint()
        == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
    let file = try OpenFile(files[1], in: inbox, takesFingerprint: true)
    #expect(try file.contents() == Array("abc".utf8))
    #expect(try file.fingerprint() == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    #expect(sha256(of: Array("abc".utf8)) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
  }

  /// RFC 4231, test cases 1, 2 and 6.
  @Test(arguments: [
    (
      [UInt8](repeating: 0x0b, count: 20), "Hi There",
      "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
    ),
    (
      Array("Jefe".utf8), "what do ya want for nothing?",
      "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    ),
    (
      [UInt8](repeating: 0xaa, count: 131), "Test Using Larger Than Block-Size Key - Hash Key First",
      "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
    ),
  ]) func keysAHash(_ key: [UInt8], _ message: String, _ hash: String) {
    #expect(hmacSHA256(of: Array(message.utf8), key: key) == hash)
  }

  @Test func followsNoLinkThatTookAFilesPlace() throws {
    let inbox = Inbox(folder: folder)
    let file = try #require(try inbox.files().files.first { $0.shown == "b.csv" })
    try FileManager.default.removeItem(atPath: folder + "/b.csv")
    symlink("/etc/passwd", folder + "/b.csv")
    let error = #expect(throws: ReadError.self) { try OpenFile(file, in: inbox, takesFingerprint: false) }
    #expect(error?.diagnostic.rule == .fileNotRegular)
  }

  @Test func noticesAFileThatGrows() throws {
    let inbox = Inbox(folder: folder)
    let listed = try #require(try inbox.files().files.first { $0.shown == "b.csv" })
    let file = try OpenFile(listed, in: inbox, takesFingerprint: true)
    let handle = try FileHandle(forWritingTo: URL(filePath: folder + "/b.csv"))
    try handle.seekToEnd()
    try handle.write(contentsOf: Data("more".utf8))
    try handle.close()
    let error = #expect(throws: ReadError.self) { try file.fingerprint() }
    #expect(error?.diagnostic.rule == .fileChanged)
  }

  @Test func aMissingInboxIsSaid() {
    let error = #expect(throws: ReadError.self) { try Inbox(folder: folder + "/nowhere").files() }
    #expect(error?.diagnostic.rule == .fileMissing)
  }

  @Test func theMoreSpecificPatternClaimsAFile() throws {
    var all = SourceDefinition(name: "all", location: SourceLocation(file: ""))
    all.files = ["inbox/**/*.csv"]
    var second = SourceDefinition(name: "second", location: SourceLocation(file: ""))
    second.files = ["inbox/第2组/*.csv"]
    var none = SourceDefinition(name: "none", location: SourceLocation(file: ""))
    none.files = ["inbox/*.xml"]
    let claims = Claims(try Inbox(folder: folder).files().files, sources: [all, second, none])
    #expect(claims.files.map { $0.map(\.shown) } == [["a.csv", "b.csv"], ["第2组/c.csv"], []])
    #expect(claims.notes.map(\.rule) == [.sourceWithoutFiles])
  }
}
