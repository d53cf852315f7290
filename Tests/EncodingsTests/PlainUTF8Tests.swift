import Bytes
import Diagnostics
import Testing

@testable import Encodings

/// The short cut for UTF-8 in memory says what the long way says.
struct PlainUTF8Tests {
  private static let marker: [UInt8] = [0xEF, 0xB7, 0x90]
  private static let words: [[UInt8]] = [
    "", "a", "id,name\n1,x\n", "单位,日期\n勐海县,2022-11-03\n", "+/v8-AGE", "+1,2", "\u{1B}$B$3", "a\u{1B}é", "a\0b",
    "\u{FEFF}a", "𠀀", String(repeating: "走访", count: 5000), String(repeating: "ab\n", count: 5000),
  ].map { Array($0.utf8) }
  private static let bytes: [[UInt8]] = [
    [0xC3, 0xA9] + marker + [0x78], [0xFF, 0xFE, 0x41, 0x00], [0x84, 0x31, 0x95, 0x33, 0x41], [0xB5, 0xA5, 0xCE, 0xBB],
    [0xE4, 0xBD], [0xC0, 0x80],
  ]
  private static let doubtful = ["\u{1B}$B", "+/v8", "a\0", "\u{FEFF}a", ""].map { Array($0.utf8) } + [marker]

  @Test(arguments: words + bytes) func agreesWithTheLongWay(text: [UInt8]) throws {
    let found = EncodingDetector.plainUTF8(text)
    guard let found else { return }
    #expect(try EncodingDetector.detect(file: "a") { MemorySource(text) } == found)
    let decoder = try UTF8Decoder(MemorySource(text), encoding: found, file: "a")
    var decoded: [UInt8] = []
    while try !decoder.append(to: &decoded, upTo: decoded.count + 100) {}
    #expect(decoded == text && decoder.undecodable.count == 0)
  }

  @Test(arguments: words + bytes, [1, 3, 64, 100_000])
  func whatIsAssumedHoldsOrIsGivenUp(text: [UInt8], block: Int) throws {
    let isPlain = EncodingDetector.plainUTF8(text) != nil
    let assumed = try AssumedUTF8(MemorySource(text, blockSize: block), head: Array(text.prefix(512)), file: "a")
    guard let assumed else {
      #expect(!isPlain)
      return
    }
    var decoded: [UInt8] = []
    do {
      while try !assumed.append(to: &decoded, upTo: decoded.count + 100) {}
      #expect(isPlain && decoded == text)
      #expect(try EncodingDetector.detect(file: "a") { MemorySource(text) } == assumed.encoding)
    } catch {
      #expect(!isPlain)
    }
  }

  @Test(arguments: words + bytes) func aSmallFileIsDecodedAsTheLongWayDoes(text: [UInt8]) throws {
    for text in [text, UTF8Decoder.byteOrderMark + text] {
      let found = try EncodingDetector.detect(file: "a") { MemorySource(text) }
      let decoder = try UTF8Decoder(MemorySource(text), encoding: found, file: "a")
      var decoded: [UInt8] = []
      while try !decoder.append(to: &decoded, upTo: decoded.count + 100) {}
      if decoder.undecodable.count > 0 {
        #expect(throws: ReadError.self) { try decodeText(text, file: "a") }
      } else {
        let result = try decodeText(text, file: "a")
        #expect(result.text == decoded && result.encoding == found)
      }
    }
  }

  @Test(arguments: ["a", "é", "单位", "1+1"]) func isTakenForWhatIsCommon(text: String) {
    #expect(EncodingDetector.plainUTF8(Array(text.utf8)) != nil)
  }

  @Test(arguments: doubtful) func isNotTakenInDoubt(text: [UInt8]) {
    #expect(EncodingDetector.plainUTF8(text) == nil)
  }

  @Test(arguments: [
    ("<a/>", true), ("<?xml version='1.0'?><a/>", true), ("<?xml version=\"1.0\" encoding=\"utf-8\"?>", true),
    ("<?xml version='1.0' encoding = 'UTF-8' standalone='yes'?>", true),
    ("<?xml version='1.0' encoding='GBK'?>", false),
    ("<?xml version='1.0' encoding='UTF-16'?>", false), ("<?xml version='1.0' encoding='UTF-8\"?>", false),
    ("<?xml version='1.0' encoding='iso-2022-jp'?>", false), ("<?xml version='1.0' encoding='UTF-8'", false),
    ("<?xml encoding=?>", false),
  ])
  func theDeclarationIsRead(text: String, agrees: Bool) throws {
    #expect(EncodingDetector.agreesWithUTF8(xml: Array(text.utf8)) == agrees)
    guard agrees else { return }
    let found = DetectedEncoding.unicode
    #expect(
      try EncodingDetector.settle(found, ofXML: "a.xml") { MemorySource(Array(text.utf8)) } == found)
  }
}
