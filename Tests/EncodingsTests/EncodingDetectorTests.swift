import Bytes
import Diagnostics
import Foundation
import Testing

@testable import Encodings

private let ledger = """
  单位,走访日期,方式,存在问题
  勐海县人社局,2022-11-03,个别访谈,"1.政策宣传不到位；2.台账不完整"
  景洪市教育局,2022-11-04,查阅台账,无

  """
private let taiwan = """
  主管機關,公告日期,處分日期,事業單位名稱,違反勞動基準法條款,備註
  臺南市政府,2019/8/1,2019/7/22,大成長城企業股份有限公司,勞動基準法第32條第2項,延長工作時間超過法定上限
  臺南市政府,2019/8/1,2019/7/23,統一超商股份有限公司,勞動基準法第24條第1項,未依規定給付加班費

  """
private let western = """
  id,name,city
  1,Café Röstí,San José
  2,Niño’s Taquería,Zürich
  3,plain,plain

  """
private let japanese = "番号,名前,備考\n1,山田太郎,これは調査のための記録です\n2,鈴木花子,特に問題はありませんでした\n"
private let korean = "번호,이름,비고\n1,김민수,조사를 위한 기록입니다\n2,이영희,특별한 문제는 없었습니다\n"

/// `text` as the C library encodes it.
private func encoded(_ text: String, _ encoding: String) throws -> [UInt8] {
  let process = Process()
  process.executableURL = URL(filePath: "/usr/bin/iconv")
  process.arguments = ["-f", "UTF-8", "-t", encoding]
  let (input, output) = (Pipe(), Pipe())
  process.standardInput = input
  process.standardOutput = output
  try process.run()
  input.fileHandleForWriting.write(Data(text.utf8))
  try input.fileHandleForWriting.close()
  let bytes = [UInt8](try output.fileHandleForReading.readToEnd() ?? Data())
  process.waitUntilExit()
  return bytes
}

private func detect(_ bytes: [UInt8], declared: String? = nil, blockSize: Int = .max) throws -> DetectedEncoding {
  try EncodingDetector.detect(file: "f", declared: declared) { MemorySource(bytes, blockSize: blockSize) }
}

private func decode(_ bytes: [UInt8], _ name: String, blockSize: Int = .max, room: Int = 1 << 16) throws
  -> UTF8DecoderResult
{
  let encoding = DetectedEncoding(name: name, evidence: LocalizedText(""))
  let decoder = try UTF8Decoder(MemorySource(bytes, blockSize: blockSize), encoding: encoding, file: "f")
  var text: [UInt8] = []
  while try !decoder.append(to: &text, upTo: text.count + room) {}
  return UTF8DecoderResult(text: String(decoding: text, as: UTF8.self), undecodable: decoder.undecodable)
}

private struct UTF8DecoderResult {
  var text: String
  var undecodable: UndecodableBytes
}

@Suite struct EncodingDetectorTests {
  @Test(arguments: [
    (ledger, "UTF-8", "utf-8"), (ledger, "GB18030", "gb18030"), (ledger, "UTF-16LE", "utf-16le"),
    (ledger, "UTF-16BE", "utf-16be"), (taiwan, "UTF-8", "utf-8"), (taiwan, "BIG5", "big5"),
    (taiwan, "GB18030", "gb18030"), (western, "CP1252", "windows-1252"), (western, "UTF-8", "utf-8"),
    (japanese, "SHIFT_JIS", "shift_jis"), (korean, "EUC-KR", "euc-kr"),
    ("id,ok\n1,是\n2,否\n3,是\n", "GB18030", "gb18030"), ("unit,x\nA,是\n", "GB18030", "gb18030"),
    ("name,n\n张三,1\n李四,2\n王五,3\n", "GB18030", "gb18030"), ("姓名,备注\n喆,镕\n", "GB18030", "gb18030"),
    ("a\tb\r\n1\t2\r\n", "UTF-16LE", "utf-16le"), ("", "UTF-8", "utf-8"), ("a,b\n1,2\n", "UTF-8", "utf-8"),
    ("id,name\n1,caf\u{E9}\n", "CP1252", "windows-1252"),
    ("id,temp\n1,20\u{B0}\n2,\u{A3}5\n", "CP1252", "windows-1252"),
  ])
  func findsTheEncodingOfAText(text: String, encoding: String, expected: String) throws {
    let bytes = try encoded(text, encoding)
    let found = try detect(bytes)
    #expect(found.name == expected, "\(found.evidence.en)")
    #expect(!found.hasBOM)
    #expect(try decode(bytes, found.name).text == text)
    #expect(try detect(bytes, blockSize: 7) == found)
  }

  @Test(arguments: ["UTF-8", "UTF-16LE", "UTF-16BE", "GB18030"])
  func believesAByteOrderMarkAndLeavesItOut(encoding: String) throws {
    let bytes = try encoded("\u{FEFF}" + ledger, encoding)
    let found = try detect(bytes)
    #expect(found.name == encoding.lowercased())
    #expect(found.hasBOM)
    for blockSize in [1, 2, 3, 5, 1000] {
      #expect(try decode(bytes, found.name, blockSize: blockSize, room: blockSize).text == ledger)
    }
  }

  @Test(arguments: [
    ("GB2312", "gb18030"), ("gbk", "gb18030"), ("CP936", "gb18030"), ("Windows-1252", "windows-1252"),
    ("UTF8", "utf-8"),
    ("ISO-8859-1", "iso-8859-1"),
  ])
  func aDeclaredEncodingWins(declared: String, expected: String) throws {
    #expect(try detect(Array(ledger.utf8), declared: declared).name == expected)
  }

  @Test(arguments: ["klingon", "utf-8//IGNORE", ""])
  func refusesAnUnknownEncoding(name: String) {
    let error = #expect(throws: ReadError.self) { try decode([], name) }
    #expect(error?.diagnostic.rule == .encodingUnknown)
  }

  @Test func aFewBadBytesInALongTextLeaveItUTF8() throws {
    let bytes = Array(String(repeating: ledger, count: 10).utf8)
    #expect(try detect(Array(bytes.dropLast(20)) + [0xE4, 0xB8]).name == "utf-8")
    #expect(try detect(bytes.prefix(700) + [0xFF] + bytes.dropFirst(700)).name == "utf-8")
  }

  @Test func aFileInTwoEncodingsIsFlagged() throws {
    let national = try encoded(ledger, "GB18030")
    let half = try detect(national + Array(ledger.utf8))
    #expect(half.isMixed)
    #expect(half.name == "utf-8")
    let most = try detect(Array(repeatElement(national, count: 20).joined()) + Array(ledger.utf8))
    #expect(most.isMixed)
    #expect(most.name == "gb18030")
    #expect(try !detect(national).isMixed)
  }

  @Test func oneBadByteInALongTextLeavesItGB18030() throws {
    let bytes = try encoded(String(repeating: ledger, count: 10), "GB18030")
    let broken = Array(bytes.prefix(1001) + [0xFF, 0x0A] + bytes.dropFirst(1001))
    #expect(try detect(broken).name == "gb18030")
  }
}

@Suite struct UTF8DecoderTests {
  @Test(
    arguments: [
      ([0x61, 0xFF, 0x62], "utf-8", "a^FFb", [1]),
      ([0xE4, 0xB8, 0xAD, 0xE4, 0xB8], "utf-8", "中^E4^B8", [3, 4]),
      ([0xC0, 0xAF], "utf-8", "^C0^AF", [0, 1]),
      ([0xED, 0xA0, 0x80, 0x61], "utf-8", "^ED^A0^80a", [0, 1, 2]),
      ([0x61, 0xEF, 0xB7, 0x90, 0x62], "utf-8", "a^EF^B7^90b", [1, 2, 3]),
      ([0xEF, 0xBB, 0xBF, 0xFF], "utf-8", "^FF", [3]),
      ([0x61, 0x81, 0xE9], "windows-1252", "a^81é", [1]),
      ([0xD6, 0xD0, 0xFF, 0x61, 0xD6], "gb18030", "中^FFa^D6", [2, 4]),
      ([0x61, 0x00, 0x00, 0xD8, 0x62, 0x00, 0x63], "utf-16le", "a^00^D8b^63", [2, 3, 6]),
    ] as [([UInt8], String, String, [Int])])
  func marksWhatDoesNotDecodeAsShownHereByACaret(bytes: [UInt8], encoding: String, expected: String, places: [Int])
    throws
  {
    for (blockSize, room) in [(1, 1), (2, 100), (3, 7), (1000, 1000)] {
      let result = try decode(bytes, encoding, blockSize: blockSize, room: room)
      let shown = result.text.unicodeScalars.map { $0.value == 0xFDD0 ? "^" : String($0) }.joined()
      #expect(shown == expected)
      #expect(result.undecodable.places.map(\.offset) == places)
      #expect(result.undecodable.count == places.count)
    }
  }

  @Test func anyBytesGiveValidTextThatHoldsThemAll() throws {
    var state: UInt64 = 5
    for _ in 0..<300 {
      var bytes: [UInt8] = []
      for _ in 0..<400 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        let word = state >> 33
        if word % 3 == 0 { bytes.append(UInt8(truncatingIfNeeded: word >> 8)) } else { bytes += Array("中a文".utf8) }
      }
      let whole = try decode(bytes, "utf-8")
      let split = try decode(bytes, "utf-8", blockSize: Int(state >> 60) + 1, room: 90)
      #expect(whole.text == split.text)
      #expect(whole.undecodable.places == split.undecodable.places)
      let marked = whole.undecodable.count
      #expect(whole.text.utf8.count == bytes.count + marked * 4)
    }
  }

  @Test func readsASmallFileWhole() throws {
    let bytes = try encoded(ledger, "GB18030")
    let result = try decodeText(bytes, file: "f")
    #expect(String(decoding: result.text, as: UTF8.self) == ledger)
    let error = #expect(throws: ReadError.self) {
      try decodeText(Array("a\nb".utf8) + [0xFF], file: "f", declared: "utf-8")
    }
    #expect(error?.diagnostic.location.line == 2)
  }
}

/// Real files beside the package, or `nil` where there are none.
private let realData: URL? = {
  let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appending(path: "shared/data")
  return FileManager.default.fileExists(atPath: folder.path) ? folder : nil
}()

@Suite(.enabled(if: realData != nil, "needs ../shared/data beside the package"))
struct RealEncodingTests {
  @Test(arguments: [
    ("inspections-lives-sanfrancisco/data/businesses.csv", "windows-1252"),
    ("surveys-fivethirtyeight/data/star-wars-survey/StarWars.csv", "windows-1252"),
    ("inspections-lives-sanfrancisco/data/violations.csv", "utf-8"),
    ("tw-labor-inspections/data/tainan/merged.csv", "utf-8"),
    ("tw-labor-inspections/data/newtaipei/merged.csv", "utf-8"),
    ("cn-daily-counts/data/Data/2020-12-08.csv", "utf-8"), ("cn-administrative-divisions/data/areas.csv", "utf-8"),
  ])
  func findsTheEncodingOfARealFile(path: String, expected: String) throws {
    let bytes = [UInt8](try Data(contentsOf: try #require(realData).appending(path: path)))
    let found = try detect(bytes)
    #expect(found.name == expected, "\(found.evidence.en)")
    #expect(try decode(bytes, found.name).undecodable.count == 0)
  }

  /// Real text in the encodings in which such files are handed in; short pieces too.
  @Test(arguments: [
    ("cn-administrative-divisions/data/areas.csv", "GB18030", "gb18030"),
    ("cn-daily-counts/data/Data/2020-12-08.csv", "GB18030", "gb18030"),
    ("tw-labor-inspections/data/tainan/merged.csv", "GB18030", "gb18030"),
    ("tw-labor-inspections/data/tainan/merged.csv", "CP950", "big5"),
    ("tw-labor-inspections/data/newtaipei/merged.csv", "CP950", "big5"),
    ("tw-labor-inspections/data/tainan/merged.csv", "UTF-16LE", "utf-16le"),
  ])
  func findsTheEncodingOfPiecesOfRealText(path: String, encoding: String, expected: String) throws {
    let text = String(
      decoding: try Data(contentsOf: try #require(realData).appending(path: path)).prefix(200_000), as: UTF8.self)
    let lines = text.split(separator: "\n").dropLast().filter { !$0.unicodeScalars.contains { $0.value > 0xFFFF } }
    for count in [2, 5, 50, 500] {
      let piece = lines.prefix(count).joined(separator: "\n") + "\n"
      let bytes = try encoded(piece, encoding)
      guard try decode(bytes, expected).text == piece else { continue }  // not all of it exists in the encoding
      let found = try detect(bytes)
      #expect(found.name == expected, "\(count) lines: \(found.evidence.en)")
    }
  }
}
