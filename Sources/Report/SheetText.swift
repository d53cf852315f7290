import Bytes

/// What Excel allows in a sheet.
enum SheetLimits {
  static let rows = 1_048_576
  static let columns = 16_384
  /// UTF-16 units in a cell.
  static let cellUnits = 32_767
  /// Line feeds in a cell.
  static let lineFeeds = 253
  /// UTF-16 units in the name of a sheet.
  static let nameUnits = 31
}

/// Names that Excel takes for sheets, one a title: at most 31 UTF-16 units, none of `[]:*?/\` or control characters, no
/// apostrophe at either end, not blank, not `History` (Excel's own), unique whatever the case.
func sheetNames(for titles: [String]) -> [String] {
  var taken: Set<String> = ["history"]
  return titles.enumerated().map { index, title in
    var legal = String(
      String.UnicodeScalarView(
        title.unicodeScalars.map { scalar in
          "[]:*?/\\".unicodeScalars.contains(scalar) || scalar.properties.generalCategory == .control ? " " : scalar
        }))
    legal = trimmed(legal)
    if legal.isEmpty { legal = "\(index + 1)" }
    var name = trimmed(prefix(of: legal, units: SheetLimits.nameUnits))
    var number = 2
    while !taken.insert(name.lowercased()).inserted {
      let suffix = " (\(number))"
      name = prefix(of: legal, units: SheetLimits.nameUnits - suffix.utf16.count) + suffix
      number += 1
    }
    return name
  }
}

/// Without blanks and apostrophes at the ends.
private func trimmed(_ text: String) -> String {
  let isEdge: (Unicode.Scalar) -> Bool = { $0 == "'" || $0.properties.isWhitespace }
  let scalars = text.unicodeScalars.drop(while: isEdge)
  guard let last = scalars.lastIndex(where: { !isEdge($0) }) else { return "" }
  return String(scalars[...last])
}

/// The longest beginning that has at most so many UTF-16 units and cuts no character.
private func prefix(of text: String, units: Int) -> String {
  var count = 0
  return String(
    text.prefix { character in
      count += character.utf16.count
      return count <= units
    })
}

extension [UInt8] {
  /// A cell's text as the workbook wants it, ended by NUL. What XML cannot carry or Excel would read as an escape is written
  /// `_xHHHH_` (ECMA-376 part 1, 22.9.2.19); control characters below U+0020 are left to the library, which does so itself. Text
  /// beyond the limits of a cell is cut with `…`; line feeds beyond them become `↵`.
  mutating func append(cell text: Span<UInt8>) {
    var isPlain = text.count <= SheetLimits.cellUnits
    for index in text.indices {
      let byte = text[index]
      if byte < 0x20 || byte == UInt8(ascii: "_") || byte == 0xEF { isPlain = false }
    }
    if isPlain { append(text) } else { append(escaping: text) }
    append(0)
  }

  private mutating func append(escaping text: Span<UInt8>) {
    var units = 0
    var lineFeeds = 0
    var index = 0
    // End of the text that leaves room for `…`, should the rest not fit.
    var cut = count
    while index < text.count {
      let length = scalarLength(text[index])
      let escape = escapedUnit(text, index)
      let cost =
        escape != nil
        ? (text[index] == UInt8(ascii: "_") ? 7 : 7)
        : text[index] < 0x20 ? controlCost(text[index]) : length == 4 ? 2 : 1
      if units + cost > SheetLimits.cellUnits {
        removeLast(count - cut)
        return append(contentsOf: "…".utf8)
      }
      units += cost
      if let escape {
        append(contentsOf: "_x".utf8)
        append(hex: escape)
        append(UInt8(ascii: "_"))
      } else if text[index] == 0 {
        append(contentsOf: visibleNul.utf8)
      } else if text[index] == 0x0A && lineFeeds == SheetLimits.lineFeeds {
        append(contentsOf: "↵".utf8)
      } else {
        if text[index] == 0x0A { lineFeeds += 1 }
        append(text.extracting(index..<index + length))
      }
      if units < SheetLimits.cellUnits { cut = count }
      index += length
    }
  }
}

private func scalarLength(_ first: UInt8) -> Int {
  first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4
}

/// Characters that a control character takes in the workbook.
private func controlCost(_ byte: UInt8) -> Int {
  switch byte {
  case 0: visibleNul.utf16.count
  case 0x09, 0x0A: 1
  default: 7
  }
}

/// The unit that must be written as `_xHHHH_` at `index`: U+FFFE, U+FFFF, and the `_` of a text that looks like an escape.
private func escapedUnit(_ text: Span<UInt8>, _ index: Int) -> UInt16? {
  switch text[index] {
  case 0xEF:
    guard index + 2 < text.count, text[index + 1] == 0xBF, text[index + 2] >= 0xBE else { return nil }
    return text[index + 2] == 0xBE ? 0xFFFE : 0xFFFF
  case UInt8(ascii: "_"):
    guard index + 6 < text.count, text[index + 1] | 0x20 == UInt8(ascii: "x"), text[index + 6] == UInt8(ascii: "_")
    else {
      return nil
    }
    for place in index + 2..<index + 6 {
      switch text[place] {
      case 0x30...0x39, 0x41...0x46, 0x61...0x66: break
      default: return nil
      }
    }
    return 0x5F
  default: return nil
  }
}

/// Width of the widest line, in digits of the standard font; Chinese and full-width characters count 2. Looks at no more than
/// `limit` units of a line. Second result: whether there is more than one line.
func displayWidth(_ text: Span<UInt8>, limit: Int) -> (width: Int, hasLines: Bool) {
  var widest = 0
  var width = 0
  var index = 0
  var hasLines = false
  while index < text.count {
    let byte = text[index]
    if byte == 0x0A {
      hasLines = true
      width = 0
    } else if byte >= 0xE2 {
      // From U+2000 on all but some marks are as wide as a Chinese character in the fonts that show them.
      width += 2
    } else {
      width += 1
    }
    widest = max(widest, width)
    if widest >= limit && hasLines { break }
    index += scalarLength(byte)
  }
  return (min(widest, limit), hasLines)
}
