package import Bytes
package import Diagnostics
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
      // SAFETY: it looks at the `count` bytes of the buffer.
      guard validTextPrefix(bytes.span, stopsAtNUL: true) == bytes.count else { return nil }
      if bytes.span.isBeyondASCII { return .unicode }
      return unsafe first != UInt8(ascii: "+") && memchr(base, 0x1B, buffer.count) == nil ? .ascii : nil
    }
  }

  /// Whether the XML declaration at the start of `text` names no other encoding than UTF-8; `false` when in doubt.
  package static func agreesWithUTF8(xml text: [UInt8]) -> Bool {
    agreesWithUTF8(xml: text.span)
  }

  private static func agreesWithUTF8(xml text: Span<UInt8>) -> Bool {
    guard text.hasWord("<?xml", at: 0) else { return true }
    var end = 0
    while end < min(256, text.count), text[end] != UInt8(ascii: ">") { end += 1 }
    guard end < min(256, text.count) else { return false }
    var at = 0
    while at < end, !text.hasWord("encoding", at: at) { at += 1 }
    guard at < end else { return true }
    at += 8
    func next() -> UInt8? {
      while at < end, text[at] == 0x20 { at += 1 }
      defer { at += 1 }
      return at < end ? text[at] : nil
    }
    guard next() == UInt8(ascii: "="), let quote = next(), quote == 0x22 || quote == 0x27 else { return false }
    for place in 0..<5 {
      guard let byte = next(), byte | 0x20 == utf8Name[place] else { return false }
    }
    return next() == quote
  }

  private static let utf8Name = Array("utf-8".utf8)
}

extension Span<UInt8> {
  fileprivate func hasWord(_ word: StaticString, at start: Int) -> Bool {
    guard count - start >= word.utf8CodeUnitCount else { return false }
    return word.withUTF8Buffer { word in
      for place in word.indices where unsafe self[start + place] != word[place] { return false }
      return true
    }
  }
}

/// Text in memory of which `EncodingDetector.plainUTF8` said that it is UTF-8.
package final class PlainText: TextSource {
  private let bytes: [UInt8]
  private var position = 0
  package let undecodable = UndecodableBytes()
  package var holdsNoNUL: Bool { true }

  package init(_ bytes: [UInt8]) { self.bytes = bytes }

  package func read(into buffer: UnsafeMutableRawBufferPointer) -> Int {
    let count = unsafe bytes.copy(from: position, into: buffer)
    position += count
    return count
  }
}

extension DetectedEncoding {
  /// By a byte order mark.
  static func marked(_ name: String) -> DetectedEncoding {
    DetectedEncoding(
      name: name, evidence: LocalizedText(zh: "有字节序标记（BOM）", en: "it begins with a byte order mark"), hasBOM: true)
  }
  static let ascii = DetectedEncoding(
    name: "utf-8", evidence: LocalizedText(zh: "全部是 ASCII 字符", en: "all of it is ASCII"))
  static let unicode = DetectedEncoding(
    name: "utf-8",
    evidence: LocalizedText(
      zh: "全文是有效的 UTF-8，含非 ASCII 字符", en: "all of it is valid UTF-8, with characters beyond ASCII"))
}

/// The text of a large file that is taken for plain UTF-8 while it is read, so that it is read once. The first thing that
/// `plainUTF8` would have been in doubt about ends it with an error: then the file is to be read again, by what `detect`
/// says of it.
package final class AssumedUTF8: TextSource {
  private let decoder: UTF8Decoder
  private let file: String
  private var isBeyondASCII = false
  private var hasEscape = false
  package var undecodable: UndecodableBytes { UndecodableBytes() }
  package var holdsNoNUL: Bool { true }
  /// What `detect` says of the file, once all of it was read.
  package var encoding: DetectedEncoding { isBeyondASCII ? .unicode : .ascii }

  /// - Parameter head: the start of the file.
  /// - Returns: `nil` where that is in doubt already.
  package init?(_ source: any ByteSource, head: [UInt8], file: String) throws(ReadError) {
    guard let first = head.first, first != UInt8(ascii: "+"), !head.starts(with: UTF8Decoder.byteOrderMark) else {
      return nil
    }
    decoder = try UTF8Decoder(source, encoding: .unicode, file: file, passesNUL: false)
    self.file = file
  }

  package func read(into buffer: UnsafeMutableRawBufferPointer) throws(ReadError) -> Int {
    let count = unsafe try decoder.read(into: buffer)
    // SAFETY: read() has just filled the first `count` bytes.
    let text = unsafe UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(buffer)[..<count])
    if !isBeyondASCII, let base = text.baseAddress, count > 0 {
      // SAFETY: both look at the `count` bytes that were read.
      if unsafe memchr(base, 0x1B, count) != nil { hasEscape = true }
      isBeyondASCII = unsafe Span(_unsafeElements: text.bindMemory(to: UInt8.self)).isBeyondASCII
    }
    if decoder.undecodable.count > 0 || (count == 0 && hasEscape && !isBeyondASCII) {
      throw ReadError(Diagnostic(.encodingError, at: SourceLocation(file: file)))
    }
    return count
  }
}
