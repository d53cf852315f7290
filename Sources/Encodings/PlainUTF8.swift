package import Bytes
import Diagnostics
import Glibc

/// A short cut for what nearly all files are: UTF-8 that is wholly in memory. One look settles it, where the way by
/// `detect`, `settle` and `UTF8Decoder` takes three.
extension EncodingDetector {
  /// What `detect` says of `bytes`; `nil` where that takes a closer look: they are not all UTF-8, begin with a byte order
  /// mark, hold a NUL, a genuine U+FDD0 or the escapes of an encoding that hides in ASCII.
  package static func plainUTF8(_ bytes: [UInt8]) -> DetectedEncoding? {
    guard let first = bytes.first, !bytes.starts(with: UTF8Decoder.byteOrderMark) else { return nil }
    return unsafe bytes.withUnsafeBytes { buffer -> DetectedEncoding? in
      let base = buffer.baseAddress!
      // SAFETY: all of them look at the `count` bytes of the buffer.
      guard unsafe memchr(base, 0, buffer.count) == nil, validTextPrefix(bytes.span) == bytes.count else { return nil }
      if bytes.span.isBeyondASCII { return .unicode }
      return unsafe first != UInt8(ascii: "+") && memchr(base, 0x1B, buffer.count) == nil ? .ascii : nil
    }
  }

  /// How much of the start of a file `mayBeUTF8` looks at, which is as much as decides whether it is something else that is valid
  /// UTF-8 too.
  package static let startSize = Census.startSize

  /// Whether a file that begins with `start` is UTF-8 as long as all of it is valid and holds no U+FDD0: then `detect` says
  /// `plain(isBeyondASCII:)` of it.
  package static func mayBeUTF8(_ start: [UInt8]) -> Bool {
    guard let first = start.first, first != UInt8(ascii: "+"), !start.starts(with: UTF8Decoder.byteOrderMark),
      !start.contains(0), !start.contains(0x1B)
    else { return false }
    let longestCharacter = 4
    return validTextPrefix(start.span) > start.count - longestCharacter
  }

  /// What `detect` says of a file that is wholly UTF-8, without byte order mark.
  package static func plain(isBeyondASCII: Bool) -> DetectedEncoding { isBeyondASCII ? .unicode : .ascii }

  /// Whether the XML declaration at the start of `text` names no other encoding than UTF-8; `false` when in doubt.
  package static func agreesWithUTF8(xml text: [UInt8]) -> Bool {
    guard text.starts(with: Array("<?xml".utf8)) else { return true }
    guard let end = text.prefix(256).firstIndex(of: UInt8(ascii: ">")) else { return false }
    let declaration = Array(text[..<end])
    let word = Array("encoding".utf8)
    guard let start = declaration.indices.first(where: { declaration[$0...].starts(with: word) }) else { return true }
    let rest = declaration[(start + word.count)...].filter { $0 != 0x20 }
    guard rest.count > 7, rest[0] == UInt8(ascii: "="), rest[1] == 0x22 || rest[1] == 0x27, rest[7] == rest[1] else {
      return false
    }
    return rest[2..<7].map { $0 | 0x20 } == Array("utf-8".utf8).map { $0 | 0x20 }
  }
}

/// Text in memory of which `EncodingDetector.plainUTF8` said that it is UTF-8.
package final class PlainText: TextSource {
  private let source: MemorySource
  package let undecodable = UndecodableBytes()

  package init(_ bytes: [UInt8]) { source = MemorySource(bytes) }

  package func read(into buffer: UnsafeMutableRawBufferPointer) -> Int { unsafe source.read(into: buffer) }
}

extension DetectedEncoding {
  static let ascii = DetectedEncoding(
    name: "utf-8", evidence: LocalizedText(zh: "全部是 ASCII 字符", en: "all of it is ASCII"))
  static let unicode = DetectedEncoding(
    name: "utf-8",
    evidence: LocalizedText(
      zh: "全文是有效的 UTF-8，含非 ASCII 字符", en: "all of it is valid UTF-8, with characters beyond ASCII"))
}
