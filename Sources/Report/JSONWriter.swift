import Glibc
import Tables

/// A table as an array of objects, one a line, keyed by column ids: UTF-8 without BOM, LF. Blank is `null`, days are ISO text.
struct JSONWriter {
  /// `{"id":`, `,"id":` … one behind another, ready to be copied before each value, and where each ends.
  private let keys: [UInt8]
  private let ends: [Int]

  init(_ columns: [Column]) {
    var keys: [UInt8] = []
    var ends: [Int] = []
    for (index, column) in columns.enumerated() {
      keys.append(UInt8(ascii: index == 0 ? "{" : ","))
      keys.append(json: column.id)
      keys.append(UInt8(ascii: ":"))
      ends.append(keys.count)
    }
    (self.keys, self.ends) = (keys, ends)
  }

  /// What stands before a row, where it is not the first: then the comma is `begin`.
  static let separator = Array(",\n".utf8)
  static let begin = UInt8(ascii: "[")
  static func end(isEmpty: Bool) -> String.UTF8View { (isEmpty ? "[]\n" : "\n]\n").utf8 }

  /// - Parameter isPlain: `isPlainText` of the row, when that is known.
  func append(_ row: borrowing TableRow, isPlain: Bool? = nil, to bytes: inout [UInt8]) {
    let cells = row.cells
    let isPlain = isPlain ?? row.isPlainText
    precondition(cells.count == ends.count, "a row has as many cells as its table has columns")
    if cells.isEmpty { bytes.append(UInt8(ascii: "{")) }
    var start = 0
    for (index, cell) in cells.enumerated() {
      let key = keys.span.extracting(start..<ends[index])
      start = ends[index]
      if isPlain, case .text(let start, let end) = cell {
        bytes.append(json: row.bytes.span.extracting(start..<end), after: key)
        continue
      }
      bytes.append(key)
      switch cell {
      case .blank: bytes.append(contentsOf: "null".utf8)
      case .text(let start, let end): row.withText(start, end) { bytes.append(json: $0) }
      case .integer(let number): bytes.append(decimal: number)
      case .number(let number): bytes.append(json: number)
      case .day(let day):
        bytes.append(UInt8(ascii: "\""))
        bytes.append(day: day)
        bytes.append(UInt8(ascii: "\""))
      case .boolean(let truth): bytes.append(contentsOf: (truth ? "true" : "false").utf8)
      }
    }
    bytes.append(UInt8(ascii: "}"))
  }
}

extension [UInt8] {
  /// A JSON number; JSON has none for infinity and "not a number", so these are `null`.
  mutating func append(json number: Double) {
    if number.isFinite { append(number: number) } else { append(contentsOf: "null".utf8) }
  }

  mutating func append(json text: String) { append(json: text.utf8.span) }

  mutating func append(json text: Span<UInt8>) { append(json: text, after: Span()) }

  /// A JSON string (RFC 8259, section 7). U+2028 and U+2029 are escaped too: they end a line in JavaScript and in logs.
  ///
  /// - Parameter key: what stands before it.
  mutating func append(json text: Span<UInt8>, after key: Span<UInt8>) {
    var index = Self.firstEscape(in: text)
    while index < text.count, !Self.isEscaped(index, of: text) { index += 1 }
    unsafe append(exactly: key.count + 1 + index) { target in
      // SAFETY: as many bytes as were asked for, copied within the closures.
      unsafe key.withUnsafeBufferPointer { if let start = $0.baseAddress { unsafe memcpy(target, start, $0.count) } }
      unsafe target[key.count] = UInt8(ascii: "\"")
      unsafe text.withUnsafeBufferPointer {
        if let start = $0.baseAddress { unsafe memcpy(target + key.count + 1, start, index) }
      }
    }
    var start = index
    while index < text.count {
      guard Self.isEscaped(index, of: text) else {
        index += 1
        continue
      }
      append(text.extracting(start..<index))
      let isSeparator = text[index] == 0xE2
      append(escape: isSeparator ? 0x2028 + UInt16(text[index + 2] & 1) : UInt16(text[index]))
      index += isSeparator ? 3 : 1
      start = index
    }
    if start < text.count { append(text.extracting(start..<text.count)) }
    append(UInt8(ascii: "\""))
  }

  private static func isEscaped(_ index: Int, of text: Span<UInt8>) -> Bool {
    let byte = text[index]
    if byte == 0xE2 {
      return index + 2 < text.count && text[index + 1] == 0x80 && text[index + 2] & 0xFE == 0xA8
    }
    return byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
  }

  /// As `firstByte(below:in:)`: of what is escaped, or may be.
  private static func firstEscape(in text: Span<UInt8>) -> Int {
    let raw = unsafe text.bytes
    func hasZero(_ word: UInt64) -> UInt64 { (word &- 0x0101_0101_0101_0101) & ~word }
    var at = 0
    while at &+ 8 <= raw.byteCount {
      // SAFETY: at + 8 <= byteCount, and every pattern of bits is a UInt64.
      let word = unsafe raw.unsafeLoadUnaligned(fromUncheckedByteOffset: at, as: UInt64.self)
      let controls = (word &- 0x2020_2020_2020_2020) & ~word
      let others =
        hasZero(word ^ 0x2222_2222_2222_2222) | hasZero(word ^ 0x5C5C_5C5C_5C5C_5C5C)
        | hasZero(word ^ 0xE2E2_E2E2_E2E2_E2E2)
      if (controls | others) & 0x8080_8080_8080_8080 != 0 { return at }
      at &+= 8
    }
    return at
  }

  private mutating func append(escape unit: UInt16) {
    switch unit {
    case 0x22: append(contentsOf: "\\\"".utf8)
    case 0x5C: append(contentsOf: "\\\\".utf8)
    case 0x0A: append(contentsOf: "\\n".utf8)
    case 0x0D: append(contentsOf: "\\r".utf8)
    case 0x09: append(contentsOf: "\\t".utf8)
    default:
      append(contentsOf: "\\u".utf8)
      append(hex: unit)
    }
  }

  /// Four digits, upper case.
  mutating func append(hex unit: UInt16) {
    for shift in [12, 8, 4, 0] {
      let digit = UInt8(truncatingIfNeeded: unit >> shift & 15)
      append(digit < 10 ? 0x30 + digit : 0x37 + digit)
    }
  }
}
