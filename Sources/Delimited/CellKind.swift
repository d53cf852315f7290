/// What a cell looks like, as far as a sniffer cares: enough to tell a header from what stands under it, and cells from
/// torn ones.
enum CellKind: Hashable {
  case blank, number, moment, text

  init(_ cell: String) {
    let bytes = Array(trimmed(cell).utf8.prefix(64))
    let isBlank = bytes.isEmpty || bytes.count <= Self.longestBlank && Self.writtenBlanks.contains(folded(cell))
    self = isBlank ? .blank : Self.kind(of: bytes)
  }

  private static let writtenBlanks: Set<String> = [
    "-", "--", "n/a", "na", "nan", "null", "none", "nil", ".", "?", "无", "/",
  ]
  /// In bytes, with full-width letters.
  private static let longestBlank = 16
  private static let months = [
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
  ]

  private static func kind(of bytes: [UInt8]) -> CellKind {
    var words: [String] = []
    var digitRuns = 0
    var hasNumberMark = false
    var hasColon = false
    var breaks = 0
    var wasDigit = false
    var word = ""
    for byte in bytes {
      let isDigit = (0x30...0x39).contains(byte)
      if isDigit, !wasDigit { digitRuns += 1 }
      wasDigit = isDigit
      if (0x61...0x7A).contains(byte | 0x20) || byte >= 0x80 {
        word.append(Character(UnicodeScalar(byte < 0x80 ? byte | 0x20 : 0xBF)))
        continue
      }
      if !word.isEmpty { words.append(word) }
      word = ""
      switch byte {
      case 0x30...0x39: break
      case UInt8(ascii: "-"), UInt8(ascii: "/"): breaks += 1
      case UInt8(ascii: ":"): hasColon = true
      case UInt8(ascii: "."), UInt8(ascii: ","), UInt8(ascii: " "), UInt8(ascii: "'"): break
      case UInt8(ascii: "+"), UInt8(ascii: "%"), UInt8(ascii: "$"), UInt8(ascii: "("), UInt8(ascii: ")"):
        hasNumberMark = true
      default: return .text
      }
    }
    if !word.isEmpty { words.append(word) }
    guard digitRuns > 0 else { return .text }
    if words.isEmpty { return kind(digitRuns, breaks, hasColon, hasNumberMark, bytes) }
    let known = words.allSatisfy { word in
      ["t", "z", "am", "pm"].contains(word) || months.contains { word.hasPrefix($0) && word.count <= 9 }
    }
    if known, digitRuns > 1 { return .moment }
    return words == ["e"] && digitRuns > 1 || isMoney(words) ? .number : .text
  }

  private static func kind(
    _ digitRuns: Int, _ breaks: Int, _ hasColon: Bool, _ hasNumberMark: Bool, _ bytes: [UInt8]
  ) -> CellKind {
    if hasColon { return digitRuns > 1 && !hasNumberMark ? .moment : .text }
    if breaks == 0 || breaks == 1 && bytes[0] == UInt8(ascii: "-") { return .number }
    return breaks <= 2 && (2...3).contains(digitRuns) || breaks == 2 ? .moment : .text
  }

  /// A currency sign beyond ASCII: € £ ¥.
  private static func isMoney(_ words: [String]) -> Bool {
    words.count == 1 && words[0].unicodeScalars.count <= 3 && words[0].unicodeScalars.allSatisfy { $0.value == 0xBF }
  }
}

extension CellKind {
  /// 0 to 1: how likely a cell is whole. A cell that still has its quotes, or holds what separates cells elsewhere, was
  /// probably cut in the wrong places.
  static func wholeness(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Double {
    let start = firstInk(bytes, range)
    var end = range.upperBound
    while end > start, bytes[end - 1] == 0x20 { end -= 1 }
    guard start < end else { return 0.95 }
    let first = bytes[start]
    let last = bytes[end - 1]
    let isQuoted = { (byte: UInt8) in byte == 0x22 || byte == 0x27 || byte == 0x60 }
    if end - start > 1, isQuoted(first), first == last { return 0.1 }
    if first == 0x22 || last == 0x22 && !(end - start > 1 && (0x30...0x39).contains(bytes[end - 2])) { return 0.3 }
    var found: UInt8 = 0
    let marks = Mark.ofByte.span
    for at in start..<min(end, start + 256) { found |= marks[Int(bytes[at])] }
    let hasLetter = found & Mark.letter != 0
    if found & Mark.tab != 0 { return 0.4 }
    if found & Mark.separator != 0 { return hasLetter ? 0.6 : 0.3 }  // 5;2 is two numbers
    if found & Mark.comma != 0 { return hasLetter ? 0.75 : 0.98 }  // 1,5 or 1,234
    return found & Mark.rare != 0 ? 0.8 : 1
  }

  /// What separates cells elsewhere, as bits.
  private enum Mark {
    static let letter: UInt8 = 1
    static let rare: UInt8 = 2
    static let comma: UInt8 = 4
    static let separator: UInt8 = 8
    static let tab: UInt8 = 16
    static let ofByte: [UInt8] = (0...255).map { (byte: UInt8) in
      switch byte {
      case 0x09: tab
      case 0x3B, 0x7C: separator
      case 0x2C: comma
      case 0x5E, 0x7E: rare
      case 0x41...0x5A, 0x61...0x7A, 0x80...: letter
      default: 0
      }
    }
  }
}

/// Whether a cell is a number, a day or a time.
package func isValue(_ cell: ArraySlice<UInt8>) -> Bool {
  [.number, .moment].contains(CellKind(String(decoding: cell.prefix(64), as: UTF8.self)))
}
