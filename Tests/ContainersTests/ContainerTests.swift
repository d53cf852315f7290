import ArchiveMaking
import Bytes
import Diagnostics
import Foundation
import Testing

@testable import Containers

/// What came of reading: the text, or the rule and the English reason.
private func outcome(_ body: () throws -> String) -> String {
  do { return try body() } catch {
    guard let error = error as? ReadError else { return "\(error)" }
    return error.diagnostic.rule.id + ": " + error.diagnostic.expected(.en)
  }
}

private func text(_ source: some ByteSource) throws -> String {
  var bytes: [UInt8] = []
  while try !source.append(to: &bytes, upTo: bytes.count + 1000) {}
  return String(decoding: bytes, as: UTF8.self)
}

/// All members as `name=content`, or what was wrong.
private func read(_ bytes: [UInt8], _ limits: ContainerLimits = ContainerLimits()) -> [String] {
  let archive: ZipArchive
  do { archive = try ZipArchive(MemoryBytes(bytes), file: "a.zip", limits: limits) } catch {
    return [outcome { throw error }]
  }
  return archive.entries.filter { !$0.isFolder }.map { entry in
    String(decoding: entry.rawName, as: UTF8.self) + "="
      + outcome { try text(ZipArchive.open(entry, in: MemoryBytes(bytes), as: "a.zip")) }
  }
}

@Suite struct ZipTests {
  typealias Member = ZipWriter.Member

  @Test(arguments: [false, true])
  func readsMembersInTheirOrder(isDeflated: Bool) {
    let long = String(repeating: "编号,单位\n1,勐海县\n", count: 20_000)
    let zip = ZipWriter([
      Member("b.csv", "x,y\n", deflated: isDeflated), Member("d/", ""), Member("d/a.csv", long, deflated: isDeflated),
      Member("empty", "", deflated: isDeflated),
    ])
    #expect(read(zip.bytes()) == ["b.csv=x,y\n", "d/a.csv=" + long, "empty="])
  }

  private static func changed(_ change: (inout ZipWriter) -> Void) -> [UInt8] {
    var zip = ZipWriter([Member("a.csv", "id\n1\n", deflated: true), Member("b.csv", "id\n2\n")])
    change(&zip)
    return zip.bytes()
  }

  static let sound: [(String, [UInt8])] = [
    ("data descriptors", changed { $0.members[0].hasDescriptor = true }),
    ("a comment", changed { $0.comment = Array("made by hand PK\u{5}\u{6}".utf8) }),
    ("something before the archive", changed { $0.before = Array("#!/bin/sh\nPK\u{3}\u{4}".utf8) }),
    ("large numbers", changed { $0.members[0].isLarge = true }),
    ("the large form", changed { $0.isLarge = true }),
    (
      "the large form behind a program",
      changed {
        $0.isLarge = true
        $0.before = [1, 2, 3]
      }
    ),
    ("an extra field of another kind", changed { $0.members[0].extra = le(0x5455, 2) + le(1, 2) + [0] }),
    ("an extra field that is cut", changed { $0.members[0].extra = le(0x5455, 2) + le(9, 2) }),
  ]

  @Test(arguments: sound) func readsWhatIsSound(what: String, bytes: [UInt8]) {
    #expect(read(bytes) == ["a.csv=id\n1\n", "b.csv=id\n2\n"])
  }

  /// The second member can be read in each of these.
  static let refusedMembers: [(String, String, [UInt8])] = [
    ("encrypted", "it is encrypted", changed { $0.members[0].flags = 1 }),
    (
      "link", "it is a link",
      changed {
        $0.members[0].madeBy = 0x31E
        $0.members[0].attributes = 0xA1FF_0000
      }
    ),
    ("parent", "an absolute path or holds ..", changed { $0.members[0].name = Array("../a.csv".utf8) }),
    ("inner parent", "an absolute path or holds ..", changed { $0.members[0].name = Array("x/../../a.csv".utf8) }),
    ("windows parent", "an absolute path or holds ..", changed { $0.members[0].name = Array("..\\a.csv".utf8) }),
    ("absolute", "an absolute path or holds ..", changed { $0.members[0].name = Array("/etc/passwd".utf8) }),
    ("drive", "an absolute path or holds ..", changed { $0.members[0].name = Array("C:a.csv".utf8) }),
    ("NUL", "an absolute path or holds ..", changed { $0.members[0].name = [0x61, 0, 0x62] }),
    ("method", "compressed by method 12", changed { $0.members[0].method = 12 }),
    ("checksum", "the checksum (CRC) is wrong", changed { $0.members[0].checksum = 7 }),
    ("too small", "the size differs", changed { $0.members[0].unpacked = 4 }),
    ("too large", "the size differs", changed { $0.members[0].unpacked = 6 }),
    ("packed", "its data is damaged", changed { $0.members[0].packed = [0xFF, 0xFF, 0xFF, 0xFF] }),
    (
      "cut", "it breaks off",
      changed { $0.members[0].packed = Array(deflated($0.members[0].content, raw: true).dropLast(2)) }
    ),
    (
      "spare", "the size differs",
      changed { $0.members[0].packed = deflated($0.members[0].content, raw: true) + [0, 0] }
    ),
    ("header", "the header of a member differs", changed { $0.members[0].localName = Array("z.csv".utf8) }),
  ]

  @Test(arguments: refusedMembers) func refusesAMemberAndReadsTheNext(what: String, reason: String, bytes: [UInt8]) {
    let members = read(bytes)
    #expect(members.count == 2 && members.last == "b.csv=id\n2\n", "\(members)")
    #expect(members[0].contains(reason), "\(members)")
  }

  @Test func refusesAllMembersOfOneName() {
    let members = read(ZipWriter([Member("a", "1"), Member("b", "2"), Member("a", "3")]).bytes())
    #expect(members.map { $0.contains("several members have this name") } == [true, false, true])
  }

  static let refusedArchives: [(String, String, [UInt8])] = [
    ("truncated", "it breaks off", Array(changed { _ in }.dropLast(30))),
    ("only its start", "it breaks off", Array(changed { _ in }.prefix(40))),
    ("more members than there are", "its directory is missing", changed { $0.countInEnd = 3 }),
    ("fewer members than there are", "its directory is missing", changed { $0.countInEnd = 1 }),
    ("overlap", "members overlap", overlapping()),
  ]

  /// The directory names the same bytes three times.
  private static func overlapping() -> [UInt8] {
    var bytes = ZipWriter([Member("a", "11111111"), Member("b", "22222222"), Member("c", "3")]).bytes()
    let second = bytes.indices.filter { bytes[$0...].starts(with: [0x50, 0x4B, 1, 2]) }[1]
    bytes[second + 42] = 0
    return bytes
  }

  @Test(arguments: refusedArchives) func refusesAnArchive(what: String, reason: String, bytes: [UInt8]) {
    let found = read(bytes)
    #expect(found.count == 1 && found[0].contains(reason), "\(found)")
  }

  static let bombs: [(String, String, @Sendable (inout ContainerLimits) -> Void)] = [
    ("entries", "members of an archive: at most 1", { $0.entries = 1 }),
    ("directory", "bytes of the directory of an archive: at most 50", { $0.directory = 50 }),
    ("total", "unpacked bytes of an archive: at most 900000", { $0.totalBytes = 900_000 }),
    ("each", "unpacked bytes of a file: at most 500000", { $0.entryBytes = 500_000 }),
    (
      "ratio", "unpacked bytes for each packed one: at most 100",
      {
        $0.ratio = 100
        $0.ratioFrom = 1000
      }
    ),
  ]

  @Test(arguments: bombs.indices) func aBombIsRefusedByEachLimit(index: Int) {
    let (_, reason, set) = Self.bombs[index]
    var limits = ContainerLimits()
    set(&limits)
    let zeros = String(repeating: "0", count: 1_000_000)
    let zip = ZipWriter([Member("a", zeros, deflated: true), Member("b", zeros, deflated: true)])
    let found = read(zip.bytes(), limits)
    #expect(found.allSatisfy { $0.contains("archive-limit") && $0.contains(reason) }, "\(found)")
  }

  @Test func takesTheNameFromTheUnicodeFieldWhenItBelongsToTheName() throws {
    var zip = ZipWriter([Member("x.csv", "1")])
    zip.members[0].name = [0xCC, 0xA8, 0x2E, 0x63]
    let name = Array("台.c".utf8)
    zip.members[0].extra =
      le(0x7075, 2) + le(5 + name.count, 2) + [1] + le(Int(checksum(of: zip.members[0].name)), 4) + name
    #expect(read(zip.bytes()) == ["台.c=1"])
    zip.members[0].extra[5] ^= 1
    let entry = try #require(try ZipArchive(MemoryBytes(zip.bytes()), file: "").entries.first)
    #expect(entry.rawName == zip.members[0].name && !entry.isNameUnicode)
  }
}

@Suite struct GzipTests {
  private func read(_ bytes: [UInt8], _ limits: ContainerLimits = ContainerLimits(), block: Int = .max) -> String {
    outcome {
      let source = GzipSource(MemorySource(bytes, blockSize: block), file: "a.gz", limits: limits)
      return try text(source) + source.notes.map { " [\($0.rule.id) \($0.expected(.en))]" }.joined()
    }
  }

  @Test(arguments: [1, 7, 4096, .max]) func severalStreamsAreOne(block: Int) {
    let bytes = deflated(Array("id\n".utf8)) + deflated([]) + deflated(Array("1\n".utf8))
    #expect(read(bytes, block: block) == "id\n1\n")
    #expect(read(bytes + [0, 0, 0], block: block) == "id\n1\n")
    #expect(read(bytes + [0, 9], block: block).hasPrefix("id\n1\n [archive-spare-bytes"))
  }

  @Test func aStreamThatIsCutAnywhereIsAnError() {
    let whole = deflated(Array("编号,单位\n1,勐海县\n2,景洪市\n".utf8))
    for count in 1..<whole.count {
      #expect(read(Array(whole[..<count])).hasPrefix("archive-damaged"), "\(count)")
    }
  }

  @Test func aWrongChecksumIsAnError() {
    var bytes = deflated(Array("id\n1\n".utf8))
    bytes[bytes.count - 8] ^= 1
    #expect(read(bytes).hasPrefix("archive-damaged"))
  }

  @Test func aBombIsRefusedByEachLimit() {
    let bytes = deflated([UInt8](repeating: 0, count: 1_000_000))
    var limits = ContainerLimits()
    limits.entryBytes = 500_000
    #expect(read(bytes, limits).contains("unpacked bytes of a file: at most 500000"))
    limits = ContainerLimits()
    limits.ratioFrom = 1000
    #expect(read(bytes, limits).contains("for each packed one: at most 250"))
  }
}

@Suite struct ContainerKindTests {
  @Test(
    arguments: [
      ("gzip", [0x1F, 0x8B, 8], ContainerKind.gzip), ("zip", [0x50, 0x4B, 3, 4], .zip),
      ("empty zip", [0x50, 0x4B, 5, 6], .zip), ("xls", [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1], .compound),
      ("xz", [0xFD, 0x37, 0x7A, 0x58, 0x5A, 0], .other("xz")),
      ("bzip2", Array("BZh9".utf8) + [0x31, 0x41, 0x59, 0x26, 0x53, 0x59], .other("bzip2")),
      ("7z", [0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C], .other("7z")),
      ("rar", Array("Rar!".utf8) + [0x1A, 7, 0], .other("rar")),
      ("tar", [UInt8](repeating: 0x61, count: 257) + Array("ustar".utf8), .other("tar")),
      ("text", Array("BZh,x\n1,2\n".utf8), nil), ("nothing", [], nil), ("PK text", Array("PK,x\n".utf8), nil),
    ] as [(String, [UInt8], ContainerKind?)])
  func recognizesByContent(name: String, head: [UInt8], kind: ContainerKind?) {
    #expect(ContainerKind(head.span) == kind)
  }
}
