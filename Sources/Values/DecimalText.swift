package import Campaign

/// How a field writes numbers: Table Schema's `decimalChar`, `groupChar` and `bareNumber`.
package struct NumberFormat: Hashable, Sendable {
  /// UTF-8 of the mark before the fraction.
  package var decimal: [UInt8]
  /// UTF-8 of the mark between groups of digits; empty when there is none.
  package var group: [UInt8]
  /// Whether the cell is the number and nothing more (`95`), or may have text around it (`EUR 95`, `95%`).
  package var isBare: Bool

  package init(decimal: [UInt8] = [UInt8(ascii: ".")], group: [UInt8] = [], isBare: Bool = true) {
    self.decimal = decimal
    self.group = group
    self.isBare = isBare
  }

  package init(_ field: Field) throws(FormatError) {
    self.init(
      decimal: Array(field.decimalCharacter.utf8), group: Array(field.groupCharacter.utf8), isBare: field.isBareNumber)
    if decimal.isEmpty { throw FormatError(zh: "decimalChar 不能为空", en: "decimalChar must not be empty") }
    if decimal == group {
      throw FormatError(zh: "decimalChar 与 groupChar 相同", en: "decimalChar and groupChar are the same")
    }
    for byte in decimal + group where isDigit(byte) || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "+") {
      throw FormatError(
        zh: "decimalChar 和 groupChar 不能含数字或正负号", en: "decimalChar and groupChar must not hold digits or signs")
    }
  }
}

/// A number as written: `mantissa` × 10^`exponent`.
struct DecimalText {
  var isNegative = false
  /// The first 19 significant digits.
  var mantissa: UInt64 = 0
  var exponent = 0
  /// Whether digits other than 0 did not fit into `mantissa`.
  var isCut = false
  /// Whether it is written as an integer: neither a decimal mark nor an exponent.
  var isInteger = true

  /// The number that fills `range` of `cell`; `nil` when it is none. Groups must be of three digits, of four as in
  /// 1,2345,6789, or of two before a last one of three: a `groupChar` that stands anywhere else is more likely the
  /// decimal mark of another country.
  init?(_ cell: Span<UInt8>, in range: Range<Int>, format: NumberFormat) {
    var index = range.lowerBound
    let end = range.upperBound
    if index < end, cell[index] == UInt8(ascii: "-") || cell[index] == UInt8(ascii: "+") {
      isNegative = cell[index] == UInt8(ascii: "-")
      index += 1
    }
    var digits = 0
    var groups = GroupWidths()
    while index < end {
      let byte = cell[index]
      if isDigit(byte) {
        append(byte)
        digits += 1
        groups.width += 1
        index += 1
      } else if isInteger, stands(format.decimal, in: cell, at: index, upTo: end) {
        guard groups.endsWell() else { return nil }
        isInteger = false
        index += format.decimal.count
      } else if isInteger, digits > 0, stands(format.group, in: cell, at: index, upTo: end) {
        guard groups.close() else { return nil }
        index += format.group.count
      } else {
        break
      }
    }
    guard digits > 0, !isInteger || groups.endsWell() else { return nil }
    if index < end {
      guard let power = readExponent(cell, in: index..<end) else { return nil }
      isInteger = false
      exponent += power
    }
  }

  private mutating func append(_ byte: UInt8) {
    let digit = UInt64(byte & 0x0F)
    if mantissa < 1_000_000_000_000_000_000 {
      mantissa = mantissa &* 10 &+ digit
      if !isInteger { exponent &-= 1 }
    } else {
      if digit != 0 { isCut = true }
      if isInteger { exponent &+= 1 }
    }
  }

  /// The value as a 64-bit integer.
  func integer() throws(ValueError) -> Int64 {
    guard isInteger else { throw .notAnInteger }
    guard exponent == 0, !isCut else { throw .outOfRange }
    if isNegative {
      guard mantissa <= UInt64(Int64.max) + 1 else { throw .outOfRange }
      return Int64(truncatingIfNeeded: 0 &- mantissa)
    }
    guard let value = Int64(exactly: mantissa) else { throw .outOfRange }
    return value
  }

  /// The nearest floating-point number, ties to even; -0 is 0.
  func number(written cell: Span<UInt8>, in range: Range<Int>, format: NumberFormat) throws(ValueError) -> Double {
    let magnitude: Double
    if mantissa == 0 { return 0 }
    if !isCut, let exact = exactDouble(mantissa, exponent) {
      magnitude = exact
    } else {
      // A number of more digits is an accident, and not worth the memory.
      guard range.count <= 1_000 else { throw .outOfRange }
      magnitude = nearestDouble(digits: plainDigits(cell, in: range, format: format))
    }
    guard magnitude.isFinite else { throw .outOfRange }
    return isNegative ? -magnitude : magnitude
  }

  /// The number without sign and groups, with `.` for the decimal mark: what the standard library reads.
  private func plainDigits(_ cell: Span<UInt8>, in range: Range<Int>, format: NumberFormat) -> [UInt8] {
    var plain: [UInt8] = []
    var index = range.lowerBound
    while index < range.upperBound {
      if stands(format.decimal, in: cell, at: index, upTo: range.upperBound) {
        plain.append(UInt8(ascii: "."))
        index += format.decimal.count
      } else if stands(format.group, in: cell, at: index, upTo: range.upperBound) {
        index += format.group.count
      } else {
        if index > range.lowerBound || isDigit(cell[index]) { plain.append(cell[index]) }
        index += 1
      }
    }
    return plain
  }
}

/// Digits between group marks.
private struct GroupWidths {
  var width = 0
  private var count = 0
  private var inner = 0

  /// At a group mark; false when the group before it has no width that groups have.
  mutating func close() -> Bool {
    defer { width = 0 }
    count += 1
    if count == 1 { return (1...4).contains(width) }
    if inner == 0 { inner = width }
    return inner == width && (2...4).contains(width)
  }

  /// At the end of the integer part.
  func endsWell() -> Bool {
    if count == 0 { return true }
    return inner == 0 || inner == width ? width == 3 || width == 4 : inner == 2 && width == 3
  }
}

@inline(__always)
private func stands(_ mark: [UInt8], in cell: Span<UInt8>, at index: Int, upTo end: Int) -> Bool {
  guard !mark.isEmpty, index &+ mark.count <= end else { return false }
  for offset in 0..<mark.count where cell[index &+ offset] != mark[offset] { return false }
  return true
}

/// `e5`, `E-05`. Beyond ±100,000 the value no longer matters: it is 0, or too large.
private func readExponent(_ cell: Span<UInt8>, in range: Range<Int>) -> Int? {
  var index = range.lowerBound
  guard cell[index] | 0x20 == UInt8(ascii: "e") else { return nil }
  index += 1
  guard index < range.upperBound else { return nil }
  let isNegative = cell[index] == UInt8(ascii: "-")
  if isNegative || cell[index] == UInt8(ascii: "+") { index += 1 }
  guard index < range.upperBound else { return nil }
  var power = 0
  while index < range.upperBound {
    guard isDigit(cell[index]) else { return nil }
    power = min(power * 10 + Int(cell[index] & 0x0F), 100_000)
    index += 1
  }
  return isNegative ? -power : power
}

/// `mantissa` × 10^`exponent` where one rounding of two exact numbers gives it (W. D. Clinger, "How to Read Floating
/// Point Numbers Accurately", 1990); `nil` where that is not certain.
func exactDouble(_ mantissa: UInt64, _ exponent: Int) -> Double? {
  guard mantissa <= 1 << 53, (-22...22).contains(exponent) else { return nil }
  return exponent < 0 ? Double(mantissa) / powersOfTen[-exponent] : Double(mantissa) * powersOfTen[exponent]
}

/// The standard library's reading, which knows no locale; rare, so it may allocate. Too large is infinite.
func nearestDouble(digits: [UInt8]) -> Double {
  Double(String(decoding: digits, as: UTF8.self)) ?? .infinity
}

private let powersOfTen: [Double] = [
  1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20,
  1e21,
  1e22,
]
