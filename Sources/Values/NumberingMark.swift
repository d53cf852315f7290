/// A mark that numbers an item of a list: `1.` `（二）` `③` `•`.
struct NumberingMark {
  /// Marks of one family number one list. `1.` and `1、` are one, since people mix them; `（1）` is another, and commonly
  /// numbers a list inside.
  enum Family: Int, CaseIterable {
    /// `1.` `1、` `1．` `⒈`
    case digits
    /// `1)` `1）`
    case closedDigits
    /// `（1）` `(1)`
    case bracketedDigits
    /// `⑴`, one character
    case enclosedDigits
    /// ①…⑳
    case circled
    /// `一、` `一．`
    case numerals
    /// `（一）` `㈠`
    case bracketedNumerals
    /// `第一，`
    case ordinals
    /// `一是`
    case clauses
    /// `- ` `•`, without a number
    case bullets
  }
  var family: Family
  /// 0 for bullets.
  var number: Int
  /// Where the text of the item begins.
  var end: Int

  /// The mark that begins at `start`, whatever stands before it.
  init?(_ text: Span<UInt8>, at start: Int, upTo limit: Int) {
    guard Self.mayBegin(text, at: start, upTo: limit) else { return nil }
    var reader = MarkReader(text, index: start, limit: limit)
    guard let mark = reader.read(text) else { return nil }
    self = mark
  }

  /// Sorts out nearly all characters of a text by their first two bytes, since each of them is asked.
  @inline(__always)
  static func mayBegin(_ text: Span<UInt8>, at start: Int, upTo limit: Int) -> Bool {
    switch text[start] {
    case 0x30...0x39, UInt8(ascii: "("), UInt8(ascii: "-"), UInt8(ascii: "*"), 0xC2, 0xE2, 0xE3, 0xEF: return true
    case 0xE4, 0xE5, 0xE7:
      guard start &+ 1 < limit else { return false }
      // 一 三 七, 九, 二 五, 六 八, 十, 四, 第
      switch (text[start], text[start &+ 1]) {
      case (0xE4, 0xB8), (0xE4, 0xB9), (0xE4, 0xBA), (0xE5, 0x85), (0xE5, 0x8D), (0xE5, 0x9B), (0xE7, 0xAC): return true
      default: return false
      }
    default: return false
    }
  }

  fileprivate init(_ family: Family, _ number: Int, end: Int) {
    self.family = family
    self.number = number
    self.end = end
  }
}

/// Reads one mark. The text is passed along, since no type can hold it.
private struct MarkReader {
  var index: Int
  let limit: Int
  /// The character at `index`, full-width ASCII as ASCII; 0 at the end.
  var scalar: UInt32 = 0
  var length = 0

  init(_ text: Span<UInt8>, index: Int, limit: Int) {
    self.index = index
    self.limit = limit
    load(text)
  }

  mutating func load(_ text: Span<UInt8>) {
    (scalar, length) = (0, 0)
    guard index < limit, let (found, bytes) = decodeScalar(text, at: index), index + bytes <= limit else { return }
    scalar = (0xFF01...0xFF5E).contains(found) ? found - 0xFEE0 : found
    length = bytes
  }

  mutating func advance(_ text: Span<UInt8>) {
    index += length
    load(text)
  }

  mutating func read(_ text: Span<UInt8>) -> NumberingMark? {
    switch scalar {
    case 0x2460...0x2473: return readSingle(.circled, first: 0x2460, text)
    case 0x2474...0x2487: return readSingle(.enclosedDigits, first: 0x2474, text)
    case 0x2488...0x249B: return readSingle(.digits, first: 0x2488, text)
    case 0x3220...0x3229: return readSingle(.bracketedNumerals, first: 0x3220, text)
    case code("•"), code("●"), code("■"), code("◆"), code("▪"), code("·"):
      advance(text)
      return NumberingMark(.bullets, 0, end: index)
    case code("-"), code("*"):
      advance(text)
      return scalar == code(" ") || scalar == 0x3000 ? NumberingMark(.bullets, 0, end: index) : nil
    case code("("): return readBracketed(text)
    case 0x30...0x39: return readDigits(text)
    case code("第"):
      advance(text)
      guard let number = readNumeral(text), [code(","), code("、"), code(":")].contains(scalar) else { return nil }
      advance(text)
      return NumberingMark(.ordinals, number, end: index)
    default:
      guard let number = readNumeral(text) else { return nil }
      let isClause = scalar == code("是")
      // 一， is a word more often than a mark.
      guard isClause || scalar == code("、") || scalar == code(".") else { return nil }
      advance(text)
      return NumberingMark(isClause ? .clauses : .numerals, number, end: index)
    }
  }

  private mutating func readSingle(
    _ family: NumberingMark.Family, first: UInt32, _ text: Span<UInt8>
  ) -> NumberingMark? {
    let number = Int(scalar - first) + 1
    advance(text)
    return NumberingMark(family, number, end: index)
  }

  private mutating func readBracketed(_ text: Span<UInt8>) -> NumberingMark? {
    advance(text)
    let family: NumberingMark.Family = isDigit(scalar) ? .bracketedDigits : .bracketedNumerals
    guard let number = isDigit(scalar) ? readNumber(text) : readNumeral(text), scalar == code(")") else { return nil }
    advance(text)
    return NumberingMark(family, number, end: index)
  }

  private mutating func readDigits(_ text: Span<UInt8>) -> NumberingMark? {
    guard let number = readNumber(text) else { return nil }
    switch scalar {
    case code(")"):
      advance(text)
      return NumberingMark(.closedDigits, number, end: index)
    case code("、"), code("."):
      let isPoint = scalar == code(".")
      advance(text)
      let end = index
      // 1.5 and 3.2.1 are numbers; 1.2022年 is the first item, which begins with a year.
      if isPoint, isDigit(scalar), !readYear(text) { return nil }
      return NumberingMark(.digits, number, end: end)
    default: return nil
    }
  }

  /// A number of one to three digits.
  private mutating func readNumber(_ text: Span<UInt8>) -> Int? {
    var number = 0
    var digits = 0
    while isDigit(scalar) {
      guard digits < 3 else { return nil }
      number = number * 10 + Int(scalar & 0x0F)
      digits += 1
      advance(text)
    }
    return digits > 0 ? number : nil
  }

  private mutating func readYear(_ text: Span<UInt8>) -> Bool {
    var digits = 0
    while isDigit(scalar), digits < 5 {
      digits += 1
      advance(text)
    }
    return digits == 4 && scalar == code("年")
  }

  /// 一…九十九.
  private mutating func readNumeral(_ text: Span<UInt8>) -> Int? {
    var number = 0
    var characters = 0
    while characters < 3, let numeral = NumeralCharacter(scalar) {
      switch numeral {
      case .digit(let digit, isSpelling: true) where number % 10 == 0 && (characters == 0 || number > 0):
        number += digit
      case .smallUnit(10) where number < 10: number = max(number, 1) * 10
      default: return nil
      }
      characters += 1
      advance(text)
    }
    return characters > 0 ? number : nil
  }
}
