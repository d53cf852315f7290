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
          "[]:*?/\\".unicodeScalars.contains(scalar) || scalar.properties.generalCategory == .control
            || scalar.value & 0xFFFE == 0xFFFE ? " " : scalar
        }))
    legal = trimmed(legal.split(separator: " ").joined(separator: " "))
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
func prefix(of text: String, units: Int) -> String {
  var count = 0
  return String(
    text.prefix { character in
      count += character.utf16.count
      return count <= units
    })
}

extension [UInt8] {
  /// A cell's text as the workbook wants it, ended by NUL. What XML cannot carry or Excel would read as an escape is written
  /// `_xHHHH_` (ECMA-376 part 1, 22.9.2.19). The library does so itself for control characters in cells, but not for the same
  /// texts where a chart repeats them, and the file would not open. Text beyond the limits of a cell is cut with `…`; line
  /// feeds beyond them become `↵`.
  mutating func append(cell text: Span<UInt8>) {
    var isPlain = text.count <= SheetLimits.cellUnits
    for index in text.indices {
      let byte = text[index]
      // EF BF begins U+FFC0 to U+FFFF; EF alone begins the punctuation of every Chinese text.
      if byte < 0x20 || byte == UInt8(ascii: "_") || byte == 0xBF && index > 0 && text[index - 1] == 0xEF {
        isPlain = false
      }
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
      if text[index] == 0x0D && index + 1 < text.count && text[index + 1] == 0x0A {
        // Excel ends lines in a cell with LF alone; many readers show the CR as `_x000D_`.
        index += 1
        continue
      }
      let length = scalarLength(text[index])
      let escape = escapedUnit(text, index)
      let cost = escape != nil ? 7 : text[index] == 0 ? visibleNul.utf16.count : length == 4 ? 2 : 1
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

/// The unit that must be written as `_xHHHH_` at `index`: control characters, U+FFFE, U+FFFF, and the `_` of a text that looks
/// like an escape.
private func escapedUnit(_ text: Span<UInt8>, _ index: Int) -> UInt16? {
  switch text[index] {
  case 0x01...0x08, 0x0B...0x1F: return UInt16(text[index])
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

/// Columns of the standard font's digits that a text takes: Chinese and full-width characters count 2.
struct DisplaySize {
  /// Of the widest line.
  var width = 0
  /// Lines when each breaks at the given width.
  var lines = 1

  init() {}

  /// Reads until the text has `lineLimit` lines.
  init(_ text: Span<UInt8>, breakAt limit: Int, lineLimit: Int) {
    var lineWidth = 0
    var index = 0
    while index < text.count, lines < lineLimit {
      let byte = text[index]
      // From U+2000 on all but some marks are as wide as a Chinese character in the fonts that show them.
      let step = byte == 0x0A ? 0 : byte >= 0xE2 ? 2 : 1
      if byte == 0x0A || lineWidth + step > limit {
        lines += 1
        lineWidth = 0
      }
      lineWidth += step
      width = max(width, lineWidth)
      index += scalarLength(byte)
    }
  }
}
