import Foundation
import Testing

/// XML as bytes: encodings and what the declaration says of them, and the tables of small documents.
@Suite struct XMLConvertTests {
  private func convert(_ bytes: [UInt8], named name: String = "a.xml") throws -> Conversion {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appending(path: name)
    try Data(bytes).write(to: file)
    return try Conversion(["convert", file.path])
  }
  private static func declared(_ encoding: String, _ text: [UInt8]) -> [UInt8] {
    Array("<?xml version=\"1.0\" encoding=\"\(encoding)\"?><doc>".utf8) + text + Array("</doc>".utf8)
  }

  @Test(
    arguments: [
      ("ISO-8859-1", [0x63, 0x61, 0x66, 0xE9], "café"), ("windows-1252", [0x93, 0x78, 0x94], "“x”"),
      ("ISO-8859-15", [0x35, 0x20, 0xA4], "5 €"), ("ISO-8859-5", [0xBF, 0xE0, 0xD8], "При"),
      ("KOI8-R", [0xF0, 0xD2, 0xC9], "При"), ("windows-1251", [0xCF, 0xF0, 0xE8], "При"),
      ("GB2312", [0xD6, 0xD0, 0xCE, 0xC4], "中文"), ("GBK", [0x83, 0xC8, 0xC8, 0xDD], "內容"),
      ("GB2312", [0x83, 0xC8, 0xC8, 0xDD], "內容"), ("Big5", [0xA4, 0xA4, 0xA4, 0xE5], "中文"),
      ("Shift_JIS", [0x93, 0xFA, 0x96, 0x7B], "日本"), ("EUC-JP", [0xC6, 0xFC, 0xCB, 0xDC], "日本"),
      ("EUC-KR", [0xC7, 0xD1, 0xB1, 0xDB], "한글"),
      ("ISO-2022-JP", [0x1B, 0x24, 0x42, 0x46, 0x7C, 0x1B, 0x28, 0x42], "日"),
      ("UTF-8", [0xE4, 0xB8, 0xAD], "中"), ("x-unknown", [0x78], "x"), ("US-ASCII", [0x78], "x"),
    ] as [(String, [UInt8], String)])
  func aDeclaredEncodingInWhichAllDecodesIsBelieved(encoding: String, bytes: [UInt8], text: String) throws {
    let run = try convert(Self.declared(encoding, bytes))
    #expect(run.status == 0 && String(decoding: run.output, as: UTF8.self) == ".\n\(text)\n", "\(run.messages)")
  }

  private static func wide(_ text: String, mark: Bool = false, big: Bool = false) -> [UInt8] {
    (mark ? "\u{FEFF}" + text : text).utf16.flatMap { unit in
      let bytes = [UInt8(unit & 0xFF), UInt8(unit >> 8)]
      return big ? bytes.reversed() : bytes
    }
  }

  @Test(arguments: [
    wide("<doc>中文</doc>", mark: true), wide("<doc>中文</doc>", mark: true, big: true), wide("<doc>中文</doc>"),
    wide("<?xml version='1.0' encoding='UTF-16'?><doc>中文</doc>", mark: true),
    wide("<?xml version='1.0' encoding='UTF-16LE'?><doc>中文</doc>"),
    wide("<?xml version='1.0' encoding='ISO-10646-UCS-2'?><doc>中文</doc>", big: true),
    [0xEF, 0xBB, 0xBF] + Array("<?xml version='1.0' encoding='utf-8'?><doc>中文</doc>".utf8),
  ])
  func wideAndMarkedDocumentsAreRead(bytes: [UInt8]) throws {
    let run = try convert(bytes)
    #expect(run.status == 0 && String(decoding: run.output, as: UTF8.self) == ".\n中文\n", "\(run.messages)")
  }

  @Test(
    arguments: [
      ("declared UTF-16, in bytes", "xml-encoding", declared("UTF-16", [0x78])),
      ("declared UCS-4, in bytes", "xml-encoding", declared("ISO-10646-UCS-4", [0x78])),
      ("marked UTF-8, declared UTF-16", "xml-encoding", [0xEF, 0xBB, 0xBF] + declared("UTF-16", [0x78])),
      ("marked UTF-8, declared Latin", "xml-encoding", [0xEF, 0xBB, 0xBF] + declared("ISO-8859-1", [0x78])),
      ("UTF-16, declared UTF-8", "xml-encoding", wide("<?xml version='1.0' encoding='UTF-8'?><doc/>", mark: true)),
      (
        "little-endian, declared big", "xml-encoding",
        wide("<?xml version='1.0' encoding='UTF-16BE'?><doc/>", mark: true)
      ),
      ("surrogate in UTF-8", "xml-encoding", Array("<doc>".utf8) + [0xED, 0xA0, 0x80] + Array("</doc>".utf8)),
      ("surrogate pair in UTF-8", "xml-encoding", declared("UTF-8", [0xED, 0xA0, 0x80, 0xED, 0xB0, 0x80])),
      ("overlong form", "xml-encoding", declared("UTF-8", [0xC0, 0xAF])),
      ("beyond U+10FFFF", "xml-encoding", Array("<doc>".utf8) + [0xF7, 0xBF, 0xBF, 0xBF] + Array("</doc>".utf8)),
      ("five bytes", "xml-encoding", declared("UTF-8", [0xF8, 0x88, 0x80, 0x80, 0x80])),
      (
        "half a surrogate pair in UTF-16", "encoding-error", wide("<doc>x", mark: true) + [0x00, 0xD8] + wide("</doc>")
      ),
      ("UTF-32 without mark", "xml-not-well-formed", Array("<doc/>".utf8).flatMap { [$0, 0, 0, 0] }),
      ("an odd byte at the end", "xml-not-well-formed", wide("<doc/>", mark: true) + [0x78]),
      ("nothing", "empty-file", []), ("a table that is called XML", "xml-not-well-formed", Array("a,b\n1,2\n".utf8)),
    ] as [(String, String, [UInt8])])
  func bytesThatContradictTheDeclarationAreRefused(name: String, rule: String, bytes: [UInt8]) throws {
    let run = try convert(bytes)
    #expect(
      run.status == 65 && run.output.isEmpty && run.messages.split(separator: "\n").count == 1,
      "\(name): \(run.messages)")
    #expect(run.messages.contains("[\(rule)]"), "\(name): \(run.messages)")
  }

  @Test(arguments: [
    ("<doc></doc>", ".\n\"\"\n"), ("<doc/>", ".\n\"\"\n"), ("<doc>x</doc>", ".\nx\n"), ("<doc a='1'/>", "@a\n1\n"),
    ("<a><b><c/></b></a>", "b/c\n\"\"\n"), ("<doc>m <b>n</b></doc>", ".,b\nm ,n\n"),
    ("<rs><r><x>1</x></r><r><x/><y>2</y></r></rs>", "x,y\n1,\n,2\n"),
    (
      "<rs><r><g><n>1</n><f>a</f><f>b</f></g><g><n>2</n><f>c</f></g></r><r><g><n>3</n></g></r></rs>",
      "g[1]/n,g[1]/f[1],g[1]/f[2],g[2]/n,g[2]/f\n1,a,b,2,c\n3,,,,\n"
    ),
    ("<rs><r>a<!-- x -->b<![CDATA[<c>]]>&amp;</r><r> d </r></rs>", ".\nab<c>&\n d \n"),
  ])
  func aDocumentMakesItsTable(document: String, table: String) throws {
    let run = try convert(Array(document.utf8))
    #expect(run.status == 0 && String(decoding: run.output, as: UTF8.self) == table, "\(run.messages)")
  }
}
