import Glibc

extension [UInt8] {
  /// Place of the first such byte from `start` on and before `end`, which is at most the count.
  func firstPlace(of byte: UInt8, from start: Int, to end: Int) -> Int? {
    guard start < end else { return nil }
    precondition(start >= 0 && end <= count, "a search beyond the text")
    return unsafe withUnsafeBytes { text in
      // SAFETY: 0 <= start < end <= count.
      guard let base = text.baseAddress, let found = unsafe memchr(base + start, Int32(byte), end - start) else {
        return nil
      }
      return unsafe UnsafeRawPointer(found) - base
    }
  }

  /// Whether `text`, which is not empty, stands in the first `end` bytes.
  func holds(_ text: [UInt8], before end: Int) -> Bool {
    var at = 0
    while let found = firstPlace(of: text[0], from: at, to: end) {
      if found + text.count <= end, self[found..<found + text.count].elementsEqual(text) { return true }
      at = found + 1
    }
    return false
  }
}

/// Length in bytes of the white or invisible character at `at`, or 0: space, controls, no-break and ideographic space,
/// zero-width characters, byte order mark.
@inline(__always)
private func blankLength(_ bytes: Span<UInt8>, at: Int, end: Int) -> Int {
  switch bytes[at] {
  case 0x20, 0x09...0x0D: 1
  case 0xC2 where at + 1 < end && bytes[at + 1] == 0xA0: 2
  case 0xE2 where at + 2 < end && bytes[at + 1] == 0x80 && (0x80...0x8F).contains(bytes[at + 2]): 3
  case 0xE3 where at + 2 < end && bytes[at + 1] == 0x80 && bytes[at + 2] == 0x80: 3
  case 0xEF where at + 2 < end && bytes[at + 1] == 0xBB && bytes[at + 2] == 0xBF: 3
  default: 0
  }
}

/// First byte of `range` that is not white; the end when all is.
@inline(__always)
func firstInk(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Int {
  var at = range.lowerBound
  while at < range.upperBound {
    let length = blankLength(bytes, at: at, end: range.upperBound)
    if length == 0 { return at }
    at += length
  }
  return range.upperBound
}

/// `text` as headers and totals words are compared: full-width ASCII as ASCII, lower case, no white or invisible
/// characters, and no asterisk of a required column.
func folded(_ text: String) -> String {
  var text = text
  if let plain = text.withUTF8({ unsafe foldedPlainly($0) }) { return plain }
  var result = String.UnicodeScalarView()
  for scalar in text.unicodeScalars {
    switch scalar.value {
    case 0...0x20, 0x7F...0xA0, 0x3000, 0x2000...0x200F, 0x2028...0x202F, 0x2060, 0xFEFF: continue
    case 0xFF01...0xFF5E:
      guard let narrow = Unicode.Scalar(scalar.value - 0xFEE0) else { continue }
      result.append(contentsOf: narrow.properties.lowercaseMapping.unicodeScalars)
    default: result.append(contentsOf: scalar.properties.lowercaseMapping.unicodeScalars)
    }
  }
  while result.first == "*" { result.removeFirst() }
  while result.last == "*" { result.removeLast() }
  return String(result)
}

/// The same for text of ASCII, in full width too, and of Chinese characters and their punctuation; `nil` where there is
/// anything else.
private func foldedPlainly(_ text: UnsafeBufferPointer<UInt8>) -> String? {
  var bytes: [UInt8] = []
  bytes.reserveCapacity(text.count)
  let span = unsafe Span(_unsafeElements: text)
  var at = 0
  while at < span.count {
    var byte = span[at]
    at += 1
    if byte >= 0x7F {
      // Text is valid: a lead of three bytes has two more. From U+3000 to U+9FFF no character has another case.
      guard (0xE3...0xE9).contains(byte) || byte == 0xEF else { return nil }
      let (second, third) = (span[at], span[at + 1])
      at += 2
      if byte != 0xEF {
        if byte == 0xE3, second == 0x80, third == 0x80 { continue }
        bytes.append(byte)
        bytes.append(second)
        bytes.append(third)
        continue
      }
      // U+FF01 to U+FF5E.
      guard second == 0xBC && third > 0x80 || second == 0xBD && third <= 0x9E else { return nil }
      byte = (second == 0xBC ? 0x20 : 0x60) + (third & 0x3F)
    }
    if byte > 0x20 { bytes.append((0x41...0x5A).contains(byte) ? byte | 0x20 : byte) }
  }
  while bytes.last == UInt8(ascii: "*") { bytes.removeLast() }
  return String(decoding: bytes.drop { $0 == UInt8(ascii: "*") }, as: UTF8.self)
}

/// `text` without white space at its ends.
func trimmed(_ text: String) -> String {
  // Nearly always there is none: no character that is white or invisible begins with another byte than these.
  let mayBeWhite = { (byte: UInt8) in
    byte <= 0x20 || byte == 0xC2 || (0xE1...0xE3).contains(byte) || byte == 0xEF
  }
  let bytes = text.utf8
  guard let first = bytes.first, let last = bytes.last(where: { $0 & 0xC0 != 0x80 }) else { return "" }
  if !mayBeWhite(first), !mayBeWhite(last) { return text }
  let isWhite: (Unicode.Scalar) -> Bool = { $0.properties.isWhitespace || $0.value == 0xFEFF || $0.value == 0x200B }
  let scalars = text.unicodeScalars
  guard let first = scalars.firstIndex(where: { !isWhite($0) }), let last = scalars.lastIndex(where: { !isWhite($0) })
  else { return "" }
  return String(scalars[first...last])
}
