/// The characters of a short cell with differences of writing removed: full-width ASCII is ASCII, letters of ASCII are
/// lower, a run of white space is one space and none stands at an end. What is not in an ordinary form (a date with
/// characters, a number in words) is read from here; it lives on the stack.
struct FoldedText {
  static let capacity = 64
  private var scalars = InlineArray<64, UInt32>(repeating: 0)
  private(set) var count = 0

  /// `nil` for a cell with more than `capacity` characters, or bytes that are no UTF-8: no date or number is like that.
  init?(_ cell: Span<UInt8>) {
    var isSpacePending = false
    var index = 0
    while index < cell.count {
      let space = spaceLength(cell, at: index, upTo: cell.count)
      if space > 0 {
        if !isInvisible(cell, at: index, length: space) { isSpacePending = true }
        index += space
        continue
      }
      guard let (scalar, length) = decodeScalar(cell, at: index) else { return nil }
      if isSpacePending, count > 0, !append(0x20) { return nil }
      isSpacePending = false
      guard append(Self.fold(scalar)) else { return nil }
      index += length
    }
  }

  /// The characters before `end`.
  func cut(at end: Int) -> FoldedText {
    var copy = self
    copy.count = min(end, count)
    return copy
  }

  /// 0, which no text holds, outside of it.
  subscript(index: Int) -> UInt32 { index >= 0 && index < count ? scalars[index] : 0 }

  private mutating func append(_ scalar: UInt32) -> Bool {
    guard count < Self.capacity else { return false }
    scalars[count] = scalar
    count += 1
    return true
  }

  private static func fold(_ scalar: UInt32) -> UInt32 {
    var folded = scalar
    if (0xFF01...0xFF5E).contains(folded) { folded -= 0xFEE0 }
    if (0x41...0x5A).contains(folded) { folded += 0x20 }
    // The minus sign is written as a hyphen nearly everywhere.
    return folded == 0x2212 ? 0x2D : folded
  }
}

/// The character of valid UTF-8 at `index` and its bytes; `nil` where the bytes are none.
package func decodeScalar(_ text: Span<UInt8>, at index: Int) -> (scalar: UInt32, length: Int)? {
  let first = UInt32(text[index])
  func tail(_ offset: Int) -> UInt32? {
    guard index + offset < text.count, text[index + offset] & 0xC0 == 0x80 else { return nil }
    return UInt32(text[index + offset] & 0x3F)
  }
  switch first {
  case 0..<0x80: return (first, 1)
  case 0xC2..<0xE0:
    guard let second = tail(1) else { return nil }
    return ((first & 0x1F) << 6 | second, 2)
  case 0xE0..<0xF0:
    guard let second = tail(1), let third = tail(2) else { return nil }
    let scalar = (first & 0x0F) << 12 | second << 6 | third
    return scalar >= 0x800 && !(0xD800...0xDFFF).contains(scalar) ? (scalar, 3) : nil
  case 0xF0..<0xF5:
    guard let second = tail(1), let third = tail(2), let fourth = tail(3) else { return nil }
    let scalar = (first & 0x07) << 18 | second << 12 | third << 6 | fourth
    return (0x10000...0x10FFFF).contains(scalar) ? (scalar, 4) : nil
  default: return nil
  }
}

/// The number of a character of the source code: `code("年")`. For comparing with characters of a `FoldedText`.
@inline(__always)
func code(_ scalar: Unicode.Scalar) -> UInt32 { scalar.value }

@inline(__always)
func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }

@inline(__always)
func isDigit(_ scalar: UInt32) -> Bool { scalar &- 0x30 < 10 }
