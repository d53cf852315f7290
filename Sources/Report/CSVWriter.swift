import Diagnostics
import Tables

/// A table as CSV (RFC 4180) that spreadsheets open rightly: UTF-8 with BOM (without it Excel takes Chinese text for the
/// system's encoding), CRLF, and no cell that a spreadsheet would run as a formula.
struct CSVWriter {
  let columns: [Column]
  let language: Language

  /// What stands before the rows.
  func begin(_ bytes: inout [UInt8]) {
    bytes.append(contentsOf: [0xEF, 0xBB, 0xBF])
    appendHeader(to: &bytes)
  }

  func appendHeader(to bytes: inout [UInt8]) {
    for (index, column) in columns.enumerated() {
      if index > 0 { bytes.append(UInt8(ascii: ",")) }
      bytes.append(csv: Array(column.heading[language].utf8).span)
    }
    bytes.append(contentsOf: "\r\n".utf8)
  }

  /// - Parameter isPlain: `isPlainText` of the row, when that is known.
  func append(_ row: borrowing TableRow, isPlain: Bool? = nil, to bytes: inout [UInt8]) {
    let cells = row.cells
    let isPlain = isPlain ?? row.isPlainText
    let start = bytes.count
    precondition(cells.count == columns.count, "a row has as many cells as its table has columns")
    for (index, cell) in cells.enumerated() {
      if index > 0 { bytes.append(UInt8(ascii: ",")) }
      switch cell {
      case .blank: break
      case .text(let start, let end) where isPlain: bytes.append(csv: row.bytes.span.extracting(start..<end))
      case .text(let start, let end): row.withText(start, end) { bytes.append(csv: $0) }
      case .integer(let number): bytes.append(decimal: number)
      case .number(let number): append(number, columns[index].kind, to: &bytes)
      case .day(let day): bytes.append(day: day)
      case .boolean(let truth): bytes.append(contentsOf: word(for: truth, language).utf8)
      }
    }
    // A line that is empty altogether would be no record to most readers.
    if bytes.count == start { bytes.append(contentsOf: "\"\"".utf8) }
    bytes.append(contentsOf: "\r\n".utf8)
  }

  private func append(_ number: Double, _ kind: ColumnKind, to bytes: inout [UInt8]) {
    guard number.isFinite else { return }
    // Four digits: 0.1234 is 12.34 %, finer than any share of visits means.
    bytes.append(number: kind == .share && abs(number) < 1e9 ? (number * 10_000).rounded() / 10_000 : number)
  }
}

/// How a truth is written for people.
func word(for truth: Bool, _ language: Language) -> String {
  switch (truth, language) {
  case (true, .zh): "是"
  case (false, .zh): "否"
  case (true, .en): "yes"
  case (false, .en): "no"
  }
}

extension [UInt8] {
  /// A text cell: guarded, quoted when it must be. CSV cannot carry NUL, so it is made visible.
  mutating func append(csv text: Span<UInt8>) {
    var needsQuotes = false
    // Of bytes that are not written as they are.
    var first = text.count
    // All bytes that matter are below the hyphen, and most texts have none of these.
    for index in firstByte(below: 0x2D, in: text)..<text.count {
      switch text[index] {
      case UInt8(ascii: ","), 0x0A, 0x0D: needsQuotes = true
      case UInt8(ascii: "\""):
        needsQuotes = true
        first = Swift.min(first, index)
      case 0: first = Swift.min(first, index)
      default: break
      }
    }
    if needsQuotes { append(UInt8(ascii: "\"")) }
    if isFormula(text) { append(UInt8(ascii: "'")) }
    var written = 0
    for index in first..<text.count where text[index] == UInt8(ascii: "\"") || text[index] == 0 {
      append(text.extracting(written..<index))
      append(contentsOf: (text[index] == 0 ? visibleNul : "\"\"").utf8)
      written = index + 1
    }
    append(text.extracting(written...))
    if needsQuotes { append(UInt8(ascii: "\"")) }
  }
}

/// Place of a word of eight bytes, or of a byte behind the last whole word, from which on `text` may have a byte below `limit`,
/// which is below 128; before it there is none.
func firstByte(below limit: UInt64, in text: Span<UInt8>) -> Int {
  let raw = unsafe text.bytes
  let limits = limit &* 0x0101_0101_0101_0101
  var at = 0
  while at &+ 8 <= raw.byteCount {
    // SAFETY: at + 8 <= byteCount, and every pattern of bits is a UInt64.
    let word = unsafe raw.unsafeLoadUnaligned(fromUncheckedByteOffset: at, as: UInt64.self)
    if (word &- limits) & ~word & 0x8080_8080_8080_8080 != 0 { return at }
    at &+= 8
  }
  return at
}

let visibleNul = "⟨U+0000⟩"

/// Whether a spreadsheet might run the text: it begins as OWASP lists ("CSV Injection"), in half or full width, and is neither a
/// plain number nor a lone hyphen, the commonest written blank. Apostrophes in front do not count: so each guarded text
/// has one apostrophe more than before, and taking one away from such a text gives every text back.
func isFormula(_ text: Span<UInt8>) -> Bool {
  var start = 0
  while start < text.count && text[start] == UInt8(ascii: "'") { start += 1 }
  guard start < text.count else { return false }
  switch text[start] {
  case UInt8(ascii: "="), UInt8(ascii: "@"), 0x09, 0x0A, 0x0D: return true
  case UInt8(ascii: "+"), UInt8(ascii: "-"):
    if text.count == start + 1 && text[start] == UInt8(ascii: "-") { return false }
    return !isPlainNumber(text.extracting((start + 1)..<text.count))
  case 0xEF:
    // ＋ U+FF0B, － U+FF0D, ＝ U+FF1D, ＠ U+FF20
    guard start + 2 < text.count, text[start + 1] == 0xBC else { return false }
    return [0x8B, 0x8D, 0x9D, 0xA0].contains(text[start + 2])
  default: return false
  }
}

/// The text that a CSV file of ours writes with an apostrophe in front, so that no spreadsheet runs it.
package func withoutFormulaGuard(_ text: String) -> String {
  guard text.utf8.first == UInt8(ascii: "'") else { return text }
  let bytes = Array(text.utf8)
  return isFormula(bytes.span) ? String(text.dropFirst()) : text
}

/// Digits with at most one point among them and perhaps `%` at the end, without a sign.
private func isPlainNumber(_ text: Span<UInt8>) -> Bool {
  var digits = 0
  var points = 0
  for index in text.indices {
    switch text[index] {
    case 0x30...0x39: digits += 1
    case UInt8(ascii: "."): points += 1
    case UInt8(ascii: "%") where index == text.count - 1: break
    default: return false
    }
  }
  return digits > 0 && points <= 1
}
