package import Campaign

/// Reads the numbers of one field, as Table Schema writes them and as the field's `x-normalize` allows beside that.
/// Cells are trimmed before. Compiled once a field; an ordinary integer takes a few nanoseconds.
package struct NumberReader: Sendable {
  private let format: NumberFormat
  private let readsChineseNumerals: Bool
  private let readsMarks: Bool
  private let readsFractions: Bool
  /// Whether INF, -INF and NaN are values, as the standard has it, and not faults.
  package var allowsNotFinite = false

  package init(_ field: Field) throws(FormatError) {
    try self.init(format: NumberFormat(field), normalizers: field.normalizers)
  }

  package init(format: NumberFormat = NumberFormat(), normalizers: [Normalizer] = []) {
    self.format = format
    readsChineseNumerals = normalizers.contains(.chineseNumerals)
    readsMarks = normalizers.contains(.numberMarks)
    readsFractions = normalizers.contains(.fractions)
  }

  /// An integer of 64 bits. `2.0` and `2e3` are none; `20` written as 二十 or 0.002万 is, with `chinese-numerals`.
  ///
  /// - Throws: `notAnInteger`, `outOfRange`.
  package func readInteger(_ cell: Span<UInt8>) throws(ValueError) -> Int64 {
    if let value = shortInteger(cell) { return value }
    let range = numericPart(cell)
    if let range, let decimal = DecimalText(cell, in: range, format: format), decimal.isInteger {
      return try decimal.integer()
    }
    guard readsChineseNumerals || readsMarks else { throw .notAnInteger }
    return try readMarked(cell, orThrow: .notAnInteger).integer()
  }

  /// The nearest floating-point number; ties to even, -0 is 0.
  ///
  /// - Throws: `notANumber`, `outOfRange`, `notFinite`.
  package func readNumber(_ cell: Span<UInt8>) throws(ValueError) -> Double {
    if let value = shortInteger(cell) { return Double(value) }
    if let range = numericPart(cell), let decimal = DecimalText(cell, in: range, format: format) {
      return try decimal.number(written: cell, in: range, format: format)
    }
    if let special = notFinite(cell) {
      guard allowsNotFinite else { throw .notFinite }
      return special
    }
    guard readsChineseNumerals || readsMarks || readsFractions else { throw .notANumber }
    return try readMarked(cell, orThrow: .notANumber).number()
  }

  /// Up to 15 digits and a sign: nearly every number there is, exact as an integer and as a floating-point number.
  @inline(__always)
  private func shortInteger(_ cell: Span<UInt8>) -> Int64? {
    guard cell.count > 0, cell.count <= 15 else { return nil }
    let isNegative = cell[0] == UInt8(ascii: "-")
    var index = isNegative ? 1 : 0
    guard index < cell.count else { return nil }
    var value: Int64 = 0
    while index < cell.count {
      let byte = cell[index]
      guard isDigit(byte) else { return nil }
      value = value &* 10 &+ Int64(byte & 0x0F)
      index &+= 1
    }
    return isNegative ? 0 &- value : value
  }

  private func readMarked(_ cell: Span<UInt8>, orThrow fault: ValueError) throws(ValueError) -> ExactNumber {
    let style = NumberStyle(
      readsChineseNumerals: readsChineseNumerals, readsMarks: readsMarks, readsFractions: readsFractions,
      decimal: format.decimal.count == 1 ? UInt32(format.decimal[0]) : code("."))
    guard let text = FoldedText(cell) else { throw fault }
    do {
      return try readMarkedNumber(text, style: style)
    } catch {
      throw error == .tooLarge ? .outOfRange : fault
    }
  }

  /// The whole cell; without `bareNumber` what is left when text around the digits is taken off. `nil` when that text
  /// would change the number: a sign away from it, brackets as accountants write them, 万.
  private func numericPart(_ cell: Span<UInt8>) -> Range<Int>? {
    if format.isBare { return 0..<cell.count }
    guard let first = (0..<cell.count).first(where: { isDigit(cell[$0]) }),
      let last = (0..<cell.count).last(where: { isDigit(cell[$0]) })
    else { return nil }
    var start = first
    if start >= format.decimal.count, ends(with: format.decimal, cell, before: start) { start -= format.decimal.count }
    if start > 0, cell[start - 1] == UInt8(ascii: "-") || cell[start - 1] == UInt8(ascii: "+") { start -= 1 }
    for index in 0..<start where cell[index] == UInt8(ascii: "-") || cell[index] == UInt8(ascii: "(") { return nil }
    let rest = trimmed(cell, in: (last + 1)..<cell.count)
    return changesNumber(cell, in: rest) ? nil : start..<(last + 1)
  }

  private func ends(with mark: [UInt8], _ cell: Span<UInt8>, before end: Int) -> Bool {
    for offset in 0..<mark.count where cell[end - mark.count + offset] != mark[offset] { return false }
    return true
  }
}

/// Whether the text behind a number is a minus sign, or begins with a multiplier: 千 万 亿 萬 億.
private func changesNumber(_ cell: Span<UInt8>, in range: Range<Int>) -> Bool {
  guard let first = range.first else { return false }
  if cell[first] == UInt8(ascii: "-") { return true }
  guard range.count >= 3, let scalar = decodeScalar(cell, at: first)?.scalar else { return false }
  return ["千", "仟", "万", "亿", "萬", "億"].contains { code($0) == scalar }
}

/// INF, -INF, NaN in any case.
private func notFinite(_ cell: Span<UInt8>) -> Double? {
  guard (3...4).contains(cell.count) else { return nil }
  var word: UInt32 = 0
  for index in cell.indices { word = word << 8 | UInt32(cell[index] | 0x20) }
  switch word {
  case 0x69_6E66: return .infinity
  // '-' has the bit that makes letters lower.
  case 0x2D69_6E66: return -.infinity
  case 0x6E_616E: return .nan
  default: return nil
  }
}
