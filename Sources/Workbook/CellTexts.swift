/// Marks in the text that a sheet is handed over as. XML 1.0 cannot hold these characters, so no cell does.
package enum SheetMark {
  /// Between two cells of a row. A row ends with a line feed.
  package static let cell: UInt8 = 0x1F
  /// A line break inside a cell.
  package static let lineBreak: UInt8 = 0x1E
}

/// Makes the text of a cell as it is handed over: line breaks as `SheetMark.lineBreak`, `_xHHHH_` as the character it stands
/// for.
enum CellText {
  static func append(_ text: [UInt8], to output: inout [UInt8]) {
    var at = 0
    while at < text.count {
      let byte = text[at]
      switch byte {
      case 0x0D:
        // CR LF is one line break.
        if at + 1 == text.count || text[at + 1] != 0x0A { output.append(SheetMark.lineBreak) }
      case 0x0A: output.append(SheetMark.lineBreak)
      case UInt8(ascii: "_"):
        if let escape = escape(text, at) {
          at += escape.count
          if escape.scalar == "\r" {
            if at == text.count || text[at] != 0x0A && Self.escape(text, at)?.scalar != "\n" {
              output.append(SheetMark.lineBreak)
            }
          } else if escape.scalar == "\n" {
            output.append(SheetMark.lineBreak)
          } else {
            output.append(contentsOf: UTF8.encode(escape.scalar).map(Array.init) ?? [])
          }
          continue
        }
        output.append(byte)
      default: output.append(byte)
      }
      at += 1
    }
  }

  /// The character of `_xHHHH_`, or of two that are a surrogate pair; `nil` for other text and for what no text may hold.
  private static func escape(_ text: [UInt8], _ at: Int) -> (scalar: Unicode.Scalar, count: Int)? {
    guard let first = unit(text, at) else { return nil }
    if (0xD800..<0xDC00).contains(first) {
      guard let second = unit(text, at + 7), (0xDC00..<0xE000).contains(second),
        let scalar = Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + second - 0xDC00)
      else { return nil }
      return (scalar, 14)
    }
    guard first != 0, first != UInt32(SheetMark.cell), first != UInt32(SheetMark.lineBreak),
      let scalar = Unicode.Scalar(first)
    else { return nil }
    return (scalar, 7)
  }

  private static func unit(_ text: [UInt8], _ at: Int) -> UInt32? {
    guard at + 7 <= text.count, text[at] == UInt8(ascii: "_"), text[at + 1] == UInt8(ascii: "x"),
      text[at + 6] == UInt8(ascii: "_")
    else { return nil }
    var value: UInt32 = 0
    for place in at + 2..<at + 6 {
      guard let digit = Character(Unicode.Scalar(text[place])).hexDigitValue else { return nil }
      value = value << 4 | UInt32(digit)
    }
    return value
  }
}
