/// The part of `cell` between the white space at its ends; empty, at the end of the white space, when there is no more.
/// White space is that of ASCII and of Unicode (U+00A0, U+2000…U+200A, U+2028, U+2029, U+202F, U+205F, U+3000), and what
/// cannot be seen: U+200B…U+200D, U+2060, U+FEFF.
@inlinable @inline(__always)
package func trimmed(_ cell: Span<UInt8>) -> Range<Int> {
  let count = cell.count
  // Letters and digits of ASCII, which is nearly every code, number and date, or Chinese characters at both ends.
  if count > 0, cell[0] &- 0x21 < 0x5F || cell[0] &- 0xE4 < 6,
    cell[count &- 1] &- 0x21 < 0x5F || count >= 3 && cell[count &- 3] &- 0xE4 < 6
  {
    return 0..<count
  }
  return trimmed(cell, in: 0..<count)
}

/// `trimmed` of a part of `cell`; offsets are those of `cell`.
@usableFromInline
func trimmed(_ cell: Span<UInt8>, in range: Range<Int>) -> Range<Int> {
  var start = range.lowerBound
  var end = range.upperBound
  while start < end {
    let length = spaceLength(cell, at: start, upTo: end)
    if length == 0 { break }
    start &+= length
  }
  while end > start {
    let length = spaceLength(cell, before: end, from: start)
    if length == 0 { break }
    end &-= length
  }
  return start..<end
}

/// Bytes of the white-space or invisible character that begins at `index`; 0 when another character does.
@inline(__always)
func spaceLength(_ text: Span<UInt8>, at index: Int, upTo end: Int) -> Int {
  let first = text[index]
  if first < 0x80 { return isSpace(ascii: first) ? 1 : 0 }
  switch first {
  case 0xC2: return index &+ 1 < end && text[index &+ 1] == 0xA0 ? 2 : 0
  case 0xE2, 0xE3, 0xEF:
    guard index &+ 2 < end else { return 0 }
    return isSpace(first, text[index &+ 1], text[index &+ 2]) ? 3 : 0
  default: return 0
  }
}

/// Bytes of the white-space or invisible character that ends before `end`; 0 when another character does.
@inline(__always)
private func spaceLength(_ text: Span<UInt8>, before end: Int, from start: Int) -> Int {
  let last = text[end &- 1]
  if last < 0x80 { return isSpace(ascii: last) ? 1 : 0 }
  if end &- start >= 3, isSpace(text[end &- 3], text[end &- 2], last) { return 3 }
  return last == 0xA0 && end &- start >= 2 && text[end &- 2] == 0xC2 ? 2 : 0
}

@inline(__always)
func isSpace(ascii byte: UInt8) -> Bool { byte == 0x20 || byte &- 0x09 < 5 }

/// Whether three bytes are one of the characters that `trimmed` lists.
@inline(__always)
private func isSpace(_ first: UInt8, _ second: UInt8, _ third: UInt8) -> Bool {
  switch (first, second) {
  case (0xE2, 0x80): third &- 0x80 < 0x0E || third == 0xA8 || third == 0xA9 || third == 0xAF
  case (0xE2, 0x81): third == 0x9F || third == 0xA0
  case (0xE3, 0x80): third == 0x80
  case (0xEF, 0xBB): third == 0xBF
  default: false
  }
}

/// Whether the white-space character of `length` bytes at `index` has no width: U+200B…U+200D, U+2060, U+FEFF.
func isInvisible(_ text: Span<UInt8>, at index: Int, length: Int) -> Bool {
  guard length == 3 else { return false }
  switch (text[index], text[index + 1], text[index + 2]) {
  case (0xE2, 0x80, 0x8B...0x8D), (0xE2, 0x81, 0xA0), (0xEF, 0xBB, 0xBF): return true
  default: return false
  }
}
