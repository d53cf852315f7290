import Bytes
import Campaign
import Collect
import Diagnostics
import Foundation
import Testing

@Suite struct MoreGlobTests {
  @Test(arguments: [
    ("第*组/*.csv", "第12组/台账.csv", true), ("第?组/*.csv", "第一组/台账.csv", true), ("第?组/*.csv", "第12组/台账.csv", false),
    ("ABC.csv", "abc.CSV", true), ("É.csv", "é.csv", false), ("**/**/a", "a", true), ("a/**", "a", true),
    ("a/**", "a/b/c", true), ("**/a/**/b", "x/a/b/a/y/b", true), ("*?", "中", true), ("??*", "中", false),
    ("*?x", "中x", true), ("*??", "中", false), ("a*", "a", true), ("", "a", false), ("a//b", "a/b", true),
    ("*.csv", ".csv", true), ("[a].csv", "a.csv", false), ("[a].csv", "[a].csv", true), ("**.csv", "a/b.csv", false),
    ("**.csv", "b.csv", true), ("\\*.csv", "*.csv", false),
  ])
  func matchesPaths(pattern: String, path: String, expected: Bool) {
    #expect(GlobPattern(pattern).matches(path.split(separator: "/").map { Array($0.utf8) }) == expected)
  }

  @Test(arguments: [("a/b.csv", 7), ("a/*.csv", 2), ("**", 0), ("组/?", 4), ("", 0)])
  func theLiteralBeginningEndsAtTheFirstWildcard(pattern: String, count: Int) {
    #expect(GlobPattern(pattern).literalPrefix == count)
  }

  @Test func aHostilePatternEndsSoon() {
    let start = ContinuousClock.now
    let deep = Array(repeating: Array(String(repeating: "a", count: 200).utf8), count: 31)
    let pattern = Array(repeating: "**/" + String(repeating: "*a", count: 40) + "b", count: 12).joined(separator: "/")
    #expect(!GlobPattern(pattern).matches(deep))
    #expect(!GlobPattern(String(repeating: "*?", count: 100) + "b").matches([deep[0]]))
    #expect(ContinuousClock.now - start < .seconds(5))
  }
}

@Suite final class HostileInboxTests {
  private let folder: String

  init() throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "fieldtally-hostile-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: folder + "/第1组", withIntermediateDirectories: true)
    try Data("abc".utf8).write(to: URL(filePath: folder + "/第1组/a.csv"))
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  private func write(_ name: [UInt8], _ text: String) {
    let path = Array((folder + "/").utf8) + name + [0]
    let descriptor = open(path.map(CChar.init(bitPattern:)), O_CREAT | O_WRONLY, 0o600)
    _ = text.withCString { Glibc.write(descriptor, $0, text.utf8.count) }
    close(descriptor)
  }

  @Test func aNameThatIsNoTextIsListedReadAndNamed() throws {
    let gbk: [UInt8] = [0xCC, 0xA8, 0xD5, 0xCB, 0x2E, 0x63, 0x73, 0x76]
    write(gbk, "x")
    write(Array("b\u{1B}[2J\n.csv".utf8), "y")
    let inbox = Inbox(folder: folder)
    let (files, notes) = try inbox.files()
    #expect(files.count == 3 && notes.map(\.rule) == [.fileNameNotText, .fileNameNotText])
    #expect(files.allSatisfy { !$0.shown.unicodeScalars.contains { $0.value < 0x20 } })
    let file = try #require(files.first { $0.path == [gbk] })
    #expect(try OpenFile(file, in: inbox, takesFingerprint: false).contents() == Array("x".utf8))
    #expect(GlobPattern("*.csv").matches(file.path))
  }

  @Test func namesAreSortedByTheirBytesFolderByFolder() throws {
    for name in ["Z.csv", "a.csv", "é.csv", "10.csv", "9.csv", "第1组.csv"] { write(Array(name.utf8), "") }
    #expect(
      try Inbox(folder: folder).files().files.map(\.shown) == [
        "10.csv", "9.csv", "Z.csv", "a.csv", "é.csv", "第1组/a.csv", "第1组.csv",
      ])
  }

  @Test func aFolderThatWasSwappedForALinkIsNotFollowed() throws {
    let inbox = Inbox(folder: folder)
    let file = try #require(try inbox.files().files.first)
    try FileManager.default.moveItem(atPath: folder + "/第1组", toPath: folder + "/elsewhere")
    symlink("elsewhere", folder + "/第1组")
    let error = #expect(throws: ReadError.self) { try OpenFile(file, in: inbox, takesFingerprint: false) }
    #expect(error?.diagnostic.location.file == "第1组/a.csv")
    #expect([.fileNotRegular, .fileUnreadable].contains(error?.diagnostic.rule))
  }

  @Test func aPipeThatTookAFilesPlaceIsNotWaitedFor() throws {
    let inbox = Inbox(folder: folder)
    let file = try #require(try inbox.files().files.first)
    try FileManager.default.removeItem(atPath: folder + "/第1组/a.csv")
    mkfifo(folder + "/第1组/a.csv", 0o600)
    let error = #expect(throws: ReadError.self) { try OpenFile(file, in: inbox, takesFingerprint: false) }
    #expect(error?.diagnostic.rule == .fileNotRegular)
  }

  @Test func aFileThatIsGoneIsMissing() throws {
    let inbox = Inbox(folder: folder)
    let file = try #require(try inbox.files().files.first)
    try FileManager.default.removeItem(atPath: folder + "/第1组/a.csv")
    let error = #expect(throws: ReadError.self) { try OpenFile(file, in: inbox, takesFingerprint: false) }
    #expect(error?.diagnostic.rule == .fileMissing)
  }

  @Test func foldersThatAreTooDeepAreNamed() throws {
    var deep = folder
    for _ in 0..<40 { deep += "/d" }
    try FileManager.default.createDirectory(atPath: deep, withIntermediateDirectories: true)
    try Data("x".utf8).write(to: URL(filePath: deep + "/lost.csv"))
    let (files, notes) = try Inbox(folder: folder).files()
    #expect(files.map(\.shown) == ["第1组/a.csv"])
    #expect(notes.count == 1 && notes.first?.severity == .error)
  }

  /// FIPS 180-4, and as many reads as it takes.
  @Test(arguments: [
    ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    (
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
    ),
    (
      String(repeating: "a", count: 1_000_000), "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"
    ),
  ])
  func fingerprintsAreThoseOfTheStandard(text: String, hexadecimal: String) throws {
    write(Array("v.csv".utf8), text)
    let inbox = Inbox(folder: folder)
    let file = try #require(try inbox.files().files.first { $0.shown == "v.csv" })
    #expect(try OpenFile(file, in: inbox, takesFingerprint: true).fingerprint() == hexadecimal)
    let read = try OpenFile(file, in: inbox, takesFingerprint: true)
    #expect(try read.contents()?.count == text.utf8.count && read.position == read.size)
    #expect(try read.fingerprint() == hexadecimal && sha256(of: Array(text.utf8)) == hexadecimal)
  }

  /// As many tasks as there may be find what one finds, in the same order.
  @Test(arguments: [1, 2, 7]) func manyTasksListWhatOneLists(width: Int) async throws {
    for number in 0..<20 {
      let name = ["m\(number)", "第\(number)组", ".h\(number)", "z\(number) x"][number % 4]
      try FileManager.default.createDirectory(atPath: "\(folder)/\(name)/deep", withIntermediateDirectories: true)
      for file in ["b", "a", "deep/c"] { write(Array("\(name)/\(file).csv".utf8), "x") }
      write(Array("\(name.dropFirst()).csv".utf8), "y")
    }
    symlink("/etc", folder + "/m-link")
    mkfifo(folder + "/m0/pipe", 0o600)
    let inbox = Inbox(folder: folder)
    let one = try inbox.files()
    let many = try await inbox.files(width: width)
    #expect(many.files == one.files && many.notes == one.notes && one.files.count > 40 && !one.notes.isEmpty)
  }

  /// By their bytes, and the shorter first; names that are passed over leave nothing behind.
  @Test func filesComeInTheOrderOfTheirNames() throws {
    let names = ["a", "a.csv", "a b", "A", "ab", "Ａ", "第1组", "第10组", "第2组", "z\u{7F}", "~", "b$"].flatMap { name in
      ["", "1", "10", ".x"].map { name + $0 }
    }
    try FileManager.default.createDirectory(atPath: "\(folder)/order", withIntermediateDirectories: true)
    for name in names.reversed() + [".hidden", "~$a.xlsx"] { write(Array("order/\(name)".utf8), "x") }
    let listed = try Inbox(folder: folder + "/order").files().files.map { $0.path[0] }
    #expect(listed == Set(names.map { Array($0.utf8) }).sorted { $0.lexicographicallyPrecedes($1) })
  }

  @Test func aFileThatIsRewrittenInPlaceHasChanged() throws {
    let inbox = Inbox(folder: folder)
    let listed = try #require(try inbox.files().files.first)
    let file = try OpenFile(listed, in: inbox, takesFingerprint: true)
    _ = try file.contents()
    let handle = try FileHandle(forWritingTo: URL(filePath: folder + "/第1组/a.csv"))
    try handle.write(contentsOf: Data("xyz".utf8))
    try handle.close()
    var times = [timespec(tv_sec: 1, tv_nsec: 0), timespec(tv_sec: 1, tv_nsec: 0)]
    utimensat(AT_FDCWD, folder + "/第1组/a.csv", &times, 0)
    let error = #expect(throws: ReadError.self) { try file.fingerprint() }
    #expect(error?.diagnostic.rule == .fileChanged)
  }

  private func readAtOnce(afterListing change: () throws -> Void) throws -> (OpenFile, [UInt8]?) {
    let inbox = Inbox(folder: folder)
    let listed = try #require(try inbox.files().files.first)
    try change()
    let file = try OpenFile(listed, in: inbox, takesFingerprint: true, isReadAtOnce: true)
    return (file, try file.contents())
  }

  @Test(arguments: [nil, "", "x", "abcdef", String(repeating: "a", count: 100_000)])
  func aFileThatIsReadAtOnceIsReadAsItStands(text: String?) throws {
    let path = folder + "/第1组/a.csv"
    let (file, bytes) = try readAtOnce { try text.map { try Data($0.utf8).write(to: URL(filePath: path)) } }
    let expected = Array((text ?? "abc").utf8)
    #expect(bytes == expected && file.size == expected.count)
    #expect(try file.fingerprint() == sha256(of: expected))
  }

  @Test func aFileThatChangesAgainWhileItIsReadHasChanged() throws {
    let path = folder + "/第1组/a.csv"
    let (file, _) = try readAtOnce {
      let handle = try FileHandle(forWritingTo: URL(filePath: path))
      try handle.write(contentsOf: Data("longer".utf8))
    }
    try FileHandle(forWritingTo: URL(filePath: path)).truncate(atOffset: 2)
    #expect(throws: ReadError.self) { try file.fingerprint() }
  }

  @Test func whatTookThePlaceOfAFileThatIsReadAtOnceIsNamed() throws {
    let path = folder + "/第1组/a.csv"
    let pipe = #expect(throws: ReadError.self) {
      try readAtOnce {
        try FileManager.default.removeItem(atPath: path)
        mkfifo(path, 0o600)
      }
    }
    #expect(pipe?.diagnostic.rule == .fileNotRegular)
  }

  @Test func aFileThatIsNotSmallAnyMoreIsNotReadAtOnce() throws {
    let path = folder + "/第1组/a.csv"
    let (file, bytes) = try readAtOnce {
      try FileHandle(forWritingTo: URL(filePath: path)).truncate(atOffset: 5 << 20)
    }
    #expect(bytes == nil && file.size == 5 << 20 && file.position == 0)
    let whole = Array("abc".utf8) + [UInt8](repeating: 0, count: (5 << 20) - 3)
    #expect(try file.fingerprint() == sha256(of: whole))
  }
}

@Suite struct ClaimsTests {
  private func claims(_ patterns: [[String]], _ paths: [String]) -> Claims {
    let sources = patterns.enumerated().map { place, files in
      var source = SourceDefinition(name: "s\(place)", location: SourceLocation(file: ""))
      source.files = files.map { "inbox/" + $0 }
      return source
    }
    return Claims(
      paths.map { InboxFile(path: $0.split(separator: "/").map { Array($0.utf8) }, shown: $0, size: 0) },
      sources: sources)
  }

  @Test func theLongestLiteralBeginningWinsThenTheFirstSource() {
    let found = claims(
      [["*.csv"], ["台账*.csv"], ["台账-1.csv", "*.xml"], ["*.csv"]], ["台账-1.csv", "台账-2.csv", "x.csv", "y.xml", "z.txt"])
    #expect(found.files.map { $0.map(\.shown) } == [["x.csv"], ["台账-2.csv"], ["台账-1.csv", "y.xml"], []])
    #expect(found.notes.map(\.rule) == [.fileUnclaimed, .sourceWithoutFiles])
    #expect(found.notes.map(\.location.file) == ["z.txt", "s3"])
  }

  @Test func noFileIsClaimedTwiceOrLost() {
    let paths = (0..<200).map { "g\($0 % 7)/f\($0).\($0 % 3 == 0 ? "csv" : "xml")" }
    let found = claims([["**/*.csv"], ["g1/*"], ["g1/*.csv", "**/f1*"], ["g?/*.xml"]], paths)
    let unclaimed = found.notes.filter { $0.rule == .fileUnclaimed }.map(\.location.file)
    #expect((found.files.flatMap { $0.map(\.shown) } + unclaimed).sorted() == paths.sorted())
  }
}

extension GlobPattern {
  func matches(_ path: [[UInt8]]) -> Bool { matches(Array(path.dropLast()), path[path.count - 1]) }
}
