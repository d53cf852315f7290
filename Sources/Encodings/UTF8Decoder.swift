package import Bytes
package import Diagnostics

/// The text of a file as UTF-8, decoded strictly and in blocks: each byte is checked, a byte order mark is left out, and a byte
/// that is no text becomes a marker in its place (see `TextSource`). UTF-8 is passed on without a copy.
package final class UTF8Decoder: TextSource {
  package private(set) var undecodable = UndecodableBytes()

  private let source: any ByteSource
  private let unitSize: Int
  private let passesNUL: Bool
  private var converter: Iconv?
  /// Decoded text that did not fit into the caller's buffer, from `readyStart` on.
  private var ready: [UInt8] = []
  private var readyStart = 0
  /// Bytes of the source that were read and not decoded: the start of a character.
  private var carry: [UInt8] = []
  /// Offset in the file of the first byte of `carry`, or of the next byte of the source.
  private var offset = 0
  private var isAtStart = true
  private var hasEnded = false
  private var converted: [UInt8]

  private static let blockSize = 64 << 10
  static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

  /// - Parameter passesNUL: `false` when a NUL in UTF-8 counts as undecodable.
  /// - Throws: `encoding-unknown` when the C library has no such encoding.
  package init(
    _ source: any ByteSource, encoding: DetectedEncoding, file: String, passesNUL: Bool = true
  ) throws(ReadError) {
    self.source = source
    self.passesNUL = passesNUL
    unitSize = encoding.name.hasPrefix("utf-16") ? 2 : encoding.name.hasPrefix("utf-32") ? 4 : 1
    guard let name = EncodingName.library(encoding.name) else {
      converter = nil
      converted = []
      return
    }
    guard let opened = Iconv(from: name) else {
      throw ReadError(
        Diagnostic(
          .encodingUnknown, at: SourceLocation(file: file), found: encoding.name,
          [.literal("utf-8, gb18030, big5, utf-16le, windows-1252")]))
    }
    converter = consume opened
    converted = [UInt8](repeating: 0, count: Self.blockSize * 4)
  }

  package func read(into buffer: UnsafeMutableRawBufferPointer) throws(ReadError) -> Int {
    while true {
      if readyStart < ready.count { return unsafe takeReady(buffer) }
      if unsafe buffer.isEmpty || hasEnded { return 0 }
      ready.removeAll(keepingCapacity: true)
      readyStart = 0
      if converter != nil {
        try convertBlock()
      } else if buffer.count < Self.smallestDirect {
        try passSmallBlock()
      } else {
        let count = unsafe try passBlock(buffer)
        if count > 0 { return count }
      }
    }
  }

  /// Buffers below this are filled by way of `ready`.
  private static let smallestDirect = 64

  private func takeReady(_ buffer: UnsafeMutableRawBufferPointer) -> Int {
    let count = min(buffer.count, ready.count - readyStart)
    unsafe buffer.copyBytes(from: ready[readyStart..<readyStart + count])
    readyStart += count
    return count
  }

  /// Puts the marker of an undecodable byte into `ready`.
  private func mark(_ byte: UInt8, at place: Int) {
    undecodable.append(offset: place, byte: byte)
    ready += UndecodableBytes.marker
    let digits = Array("0123456789ABCDEF".utf8)
    ready.append(digits[Int(byte >> 4)])
    ready.append(digits[Int(byte & 15)])
  }
}

// UTF-8.
extension UTF8Decoder {
  private func passSmallBlock() throws(ReadError) {
    var block = [UInt8](repeating: 0, count: 4096)
    var failure: ReadError?
    let count = unsafe block.withUnsafeMutableBytes { bytes in
      do throws(ReadError) { return unsafe try passBlock(bytes) } catch {
        failure = error
        return 0
      }
    }
    if let failure { throw failure }
    // What is valid comes before what had to be marked.
    ready.insert(contentsOf: block[..<count], at: 0)
  }

  /// Reads a block into `buffer`; the number of valid bytes at its start, which may be 0. What follows them is in `ready`
  /// and `carry`.
  private func passBlock(_ buffer: UnsafeMutableRawBufferPointer) throws(ReadError) -> Int {
    unsafe buffer.copyBytes(from: carry)
    let room = unsafe UnsafeMutableRawBufferPointer(rebasing: buffer[carry.count...])
    let count = unsafe try source.read(into: room)
    if count == 0 {
      finish()
      return 0
    }
    var total = carry.count + count
    carry = []
    if isAtStart {
      if total < Self.byteOrderMark.count, unsafe Self.byteOrderMark.starts(with: buffer[..<total]) {
        carry = unsafe Array(buffer[..<total])
        return 0
      }
      isAtStart = false
      if unsafe buffer[..<total].starts(with: Self.byteOrderMark) {
        let mark = Self.byteOrderMark.count
        // SAFETY: both ranges are inside `buffer`; the copy allows for overlap.
        unsafe buffer.baseAddress?.copyMemory(from: buffer.baseAddress! + mark, byteCount: total - mark)
        total -= mark
        offset += mark
      }
    }
    let text = unsafe UnsafeRawBufferPointer(rebasing: buffer[..<total])
    let valid = unsafe validPrefix(text)
    let rest = unsafe Array(text[valid...])
    offset += valid
    let decoded = decodeBroken(rest, base: offset)
    offset += decoded
    carry = Array(rest[decoded...])
    return valid
  }

  /// Length of the start of `text` that is valid and holds no U+FDD0.
  private func validPrefix(_ text: UnsafeRawBufferPointer) -> Int {
    let bytes = unsafe text.bindMemory(to: UInt8.self)
    return unsafe validTextPrefix(Span(_unsafeElements: bytes), stopsAtNUL: !passesNUL)
  }

  /// Decodes `bytes`, which begin at `base` in the file, into `ready`; how many were decoded: all but the start of a character
  /// at the end.
  private func decodeBroken(_ bytes: [UInt8], base: Int) -> Int {
    // A piece is validated as a whole; pieces begin small behind a bad byte, so that many bad bytes do not cost much.
    let smallest = 64
    let largest = 4096
    var piece = smallest
    var at = 0
    while at < bytes.count {
      let end = min(bytes.count, at + piece)
      let valid = unsafe bytes.withUnsafeBytes { unsafe validPrefix(UnsafeRawBufferPointer(rebasing: $0[at..<end])) }
      ready += bytes[at..<at + valid]
      at += valid
      piece = min(piece * 2, largest)
      if at == end || end < bytes.count && end - at < Self.longestCharacter && valid > 0 { continue }
      guard let length = characterLength(bytes, at) else { return at }
      // Either not valid, or a genuine U+FDD0.
      let bad = max(1, length)
      for place in at..<at + bad { mark(bytes[place], at: base + place) }
      at += bad
      piece = smallest
    }
    return at
  }

  private static let longestCharacter = 4

  /// Bytes of the character at `at`; 0 when it is not valid, `nil` when the bytes end inside it.
  private func characterLength(_ bytes: [UInt8], _ at: Int) -> Int? {
    let slice = Array(bytes[at..<min(bytes.count, at + Self.longestCharacter)])
    if slice[0] < 0x80 { return 1 }
    for length in 2...Self.longestCharacter where length <= slice.count {
      if validUTF8Prefix(slice.span.extracting(0..<length)) == length { return length }
    }
    let wanted = slice[0] >= 0xF0 ? 4 : slice[0] >= 0xE0 ? 3 : 2
    guard slice.count < wanted, (0xC2...0xF4).contains(slice[0]) else { return 0 }
    return slice.dropFirst().allSatisfy { $0 & 0xC0 == 0x80 } ? nil : 0
  }

  private func finish() {
    hasEnded = true
    for (place, byte) in carry.enumerated() { mark(byte, at: offset + place) }
    carry = []
  }
}

// Other encodings.
extension UTF8Decoder {
  private func convertBlock() throws(ReadError) {
    var block = carry
    carry = []
    if try source.append(to: &block, upTo: block.count + Self.blockSize) { hasEnded = true }
    var at = 0
    while at < block.count {
      guard let step = converter?.convert(block, from: at, into: &converted) else { return }
      appendConverted(step.written)
      at += step.read
      switch step.stop {
      case .done, .full: continue
      case .incomplete where !hasEnded:
        carry = Array(block[at...])
        offset += at
        return
      case .invalid, .incomplete:
        let end = min(block.count, at + unitSize)
        for place in at..<end { mark(block[place], at: offset + place) }
        at = end
      }
    }
    offset += at
    if hasEnded, let count = converter?.finish(into: &converted) { appendConverted(count) }
  }

  private func appendConverted(_ count: Int) {
    var text = converted[..<count]
    guard count > 0 else { return }
    if isAtStart {
      isAtStart = false
      if text.starts(with: Self.byteOrderMark) { text = text.dropFirst(Self.byteOrderMark.count) }
    }
    if validTextPrefix(text.span) < text.count { _ = decodeBroken(Array(text), base: offset) } else { ready += text }
  }
}

/// A small file that is wholly in memory as UTF-8.
/// - Throws: `encoding-error` at the first byte that is no text, `encoding-unknown`.
package func decodeText(
  _ bytes: [UInt8], file: String, declared: String? = nil
) throws(ReadError) -> (text: [UInt8], encoding: DetectedEncoding) {
  if declared == nil {
    if let plain = EncodingDetector.plainUTF8(bytes) { return (bytes, plain) }
    let mark = UTF8Decoder.byteOrderMark
    if bytes.starts(with: mark), validTextPrefix(bytes.span) == bytes.count {
      return (Array(bytes.dropFirst(mark.count)), .marked("utf-8"))
    }
  }
  let encoding = try EncodingDetector.detect(file: file, declared: declared) { MemorySource(bytes) }
  let decoder = try UTF8Decoder(MemorySource(bytes), encoding: encoding, file: file)
  var text: [UInt8] = []
  while try !decoder.append(to: &text, upTo: text.count + (1 << 20)) {}
  if let place = decoder.undecodable.places.first {
    let marker = text.indices.first { text[$0...].starts(with: UndecodableBytes.marker) } ?? 0
    let line = 1 + text[..<marker].count { $0 == 0x0A }
    let hex = String(place.byte, radix: 16, uppercase: true)
    throw ReadError(
      Diagnostic(
        .encodingError, at: SourceLocation(file: file, line: line), found: hex, [.literal(String(place.offset))]))
  }
  return (text, encoding)
}

extension Span<UInt8> {
  var isBeyondASCII: Bool {
    var all: UInt8 = 0
    for index in indices { all |= self[index] }
    return all >= 0x80
  }
}
