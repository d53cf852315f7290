import Bytes
import Campaign
import Glibc
import Tables

extension [UInt8] {
  mutating func append(_ text: Span<UInt8>) {
    // SAFETY: the pointer does not outlive the closure.
    unsafe text.withUnsafeBufferPointer { unsafe append(contentsOf: $0) }
  }

  /// One look for room in place of one for each piece.
  ///
  /// - Parameter body: writes `count` bytes.
  @inline(__always)
  mutating func append(exactly count: Int, _ body: (UnsafeMutablePointer<UInt8>) -> Void) {
    append(addingCapacity: count) { output in
      unsafe output.withUnsafeMutableBufferPointer { buffer, filled in
        // SAFETY: there is room for `count` more, which `body` fills.
        unsafe body(buffer.baseAddress! + filled)
        filled += count
      }
    }
  }

  mutating func append(decimal number: Int) {
    if number < 0 { append(UInt8(ascii: "-")) }
    append(digits: number.magnitude)
  }

  private mutating func append(digits number: UInt) {
    if number >= 10 { append(digits: number / 10) }
    append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: number % 10))
  }

  /// ISO 8601, as `Day.text`.
  mutating func append(day: Day) {
    let (year, month, dayOfMonth) = day.components
    guard (0...9999).contains(year) else { return append(decimal: year) }
    for (value, width) in [(year / 100, 2), (year % 100, 2), (-1, 1), (month, 2), (-1, 1), (dayOfMonth, 2)] {
      if width == 1 {
        append(UInt8(ascii: "-"))
        continue
      }
      append(UInt8(ascii: "0") + UInt8(value / 10))
      append(UInt8(ascii: "0") + UInt8(value % 10))
    }
  }

  /// The shortest digits that give the same number back, without exponent up to 10^21, whole numbers without `.0`.
  /// - Precondition: `number` is finite.
  mutating func append(number: Double) {
    if number == 0 { return append(UInt8(ascii: "0")) }
    let text = number.description
    guard let mark = text.utf8.firstIndex(of: UInt8(ascii: "e")) else {
      return append(contentsOf: (text.hasSuffix(".0") ? text.dropLast(2) : text[...]).utf8)
    }
    let exponent = Int(text[text.index(after: mark)...]) ?? 0
    guard (-12...20).contains(exponent) else { return append(contentsOf: text.utf8) }
    if number < 0 { append(UInt8(ascii: "-")) }
    let digits = text[..<mark].utf8.filter { (0x30...0x39).contains($0) }
    let significant = digits.count == 2 && digits[1] == 0x30 ? digits.prefix(1) : digits[...]
    if exponent < 0 {
      append(contentsOf: "0.".utf8)
      append(contentsOf: repeatElement(0x30, count: -exponent - 1))
      append(contentsOf: significant)
    } else {
      // An exponent is written from 2^54 on, so all 17 digits are before the point.
      append(contentsOf: significant)
      append(contentsOf: repeatElement(0x30, count: Swift.max(0, exponent + 1 - significant.count)))
    }
  }
}

extension TableRow {
  /// Whether all its texts are UTF-8, found by one look at all of them. `false` says nothing.
  var isPlainText: Bool {
    let bytes = bytes.span
    guard validUTF8Prefix(bytes) == bytes.count else { return false }
    // A text that begins within a character would lend its first bytes to the one before.
    return cells.allSatisfy { cell in
      if case .text(let start, let end) = cell { start == end || bytes[start] & 0xC0 != 0x80 } else { true }
    }
  }

  /// Lends the text at `start..<end`, valid UTF-8 whatever the row holds: U+FFFD stands for what is not.
  @inline(__always)
  func withText<Failure: Error>(
    _ start: Int, _ end: Int, _ body: (Span<UInt8>) throws(Failure) -> Void
  ) throws(Failure) {
    let bytes = bytes
    let text = bytes.span.extracting(start..<end)
    if validUTF8Prefix(text) == text.count { return try body(text) }
    let repaired = Array(String(decoding: bytes[start..<end], as: UTF8.self).utf8)
    try body(repaired.span)
  }
}
