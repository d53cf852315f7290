enum NumeralFault: Error { case noNumber, tooLarge }

/// Reads one unsigned number of a text from `index` on: digits, Chinese numerals, or both (`12万3千`). Characters that the
/// style does not read end the number.
struct NumeralParser {
  let text: FoldedText
  let style: NumberStyle
  var index = 0

  init(_ text: FoldedText, style: NumberStyle) {
    self.text = text
    self.style = style
  }

  mutating func readUnsigned() throws(NumeralFault) -> ExactNumber {
    skipSpaces()
    return try numeralHasUnits() ? readWithUnits() : readSpelled()
  }

  mutating func skipSpaces() {
    while text[index] == code(" ") { index += 1 }
  }

  func numeral(at place: Int) -> NumeralCharacter? {
    style.readsChineseNumerals ? NumeralCharacter(text[place]) : nil
  }

  private func numeralHasUnits() -> Bool {
    var place = index
    while place < text.count {
      if let numeral = self.numeral(at: place) {
        if numeral.isUnit { return true }
      } else if !isDigit(text[place]), text[place] != code(" "), text[place] != code(","), text[place] != style.decimal
      {
        return false
      }
      place += 1
    }
    return false
  }

  /// A number without units: `1,234.5`, or digits spelled one by one: 二〇二二, 三点一四, and 半.
  private mutating func readSpelled() throws(NumeralFault) -> ExactNumber {
    if isDigit(text[index]) || text[index] == style.decimal { return try readDigits() }
    if numeral(at: index) == .half
      || (numeral(at: index) == .digit(1, isSpelling: true) && numeral(at: index + 1) == .half)
    {
      index += numeral(at: index) == .half ? 1 : 2
      return ExactNumber(numerator: 1, denominator: 2)
    }
    let start = index
    var value: Int128 = 0
    var digits = 0
    var hasZero = false
    while let digit = spelledDigit(isAlone: digits == 0) {
      let (next, isOver) = value.multipliedReportingOverflow(by: 10)
      guard !isOver, digits < 36 else { throw .tooLarge }
      value = next + Int128(digit)
      digits += 1
      if digit == 0 { hasZero = true }
      index += 1
    }
    // ○ is a zero only among digits; alone it is a mark of some kind.
    guard digits != 1 || text[start] != code("○") else { throw .noNumber }
    // 三五 is "a few", not 35; 一三一 and 二〇 are spelled. 两 is never spelled.
    guard digits > 0, digits != 2 || hasZero, digits == 1 || !hasUnspelled(start..<index) else { throw .noNumber }
    return try readFraction(after: ExactNumber(numerator: value))
  }

  private func hasUnspelled(_ range: Range<Int>) -> Bool {
    range.contains { numeral(at: $0) == .digit(2, isSpelling: false) }
  }

  private func spelledDigit(isAlone: Bool) -> Int? {
    switch numeral(at: index) {
    case .zero: 0
    case .digit(let digit, let isSpelling): isSpelling || isAlone ? digit : nil
    default: nil
    }
  }

  /// 点 and the digits behind it, added to `whole`; `whole` when there is no 点.
  mutating func readFraction(after whole: ExactNumber) throws(NumeralFault) -> ExactNumber {
    let start = index
    skipSpaces()
    guard numeral(at: index) == .point else {
      index = start
      return whole
    }
    index += 1
    skipSpaces()
    var result = whole
    var digits = 0
    while let digit = isDigit(text[index]) ? Int(text[index] & 0x0F) : spelledDigit(isAlone: false) {
      guard let (numerator, denominator) = shifted(result, by: digit) else { throw .tooLarge }
      result = ExactNumber(numerator: numerator, denominator: denominator)
      digits += 1
      index += 1
    }
    guard digits > 0 else { throw .noNumber }
    return result
  }

  /// One more digit behind the decimal mark of `value`.
  func shifted(_ value: ExactNumber, by digit: Int) -> (Int128, Int128)? {
    let (upper, isUpperOver) = value.numerator.multipliedReportingOverflow(by: 10)
    let (lower, isLowerOver) = value.denominator.multipliedReportingOverflow(by: 10)
    let (sum, isSumOver) = upper.addingReportingOverflow(Int128(digit))
    return isUpperOver || isLowerOver || isSumOver ? nil : (sum, lower)
  }

  /// Digits of ASCII with a decimal mark; with marks also thousands separators, which stand before three digits.
  mutating func readDigits() throws(NumeralFault) -> ExactNumber {
    var value = ExactNumber(numerator: 0)
    var isFraction = false
    var width = 0
    var digits = 0
    var hasGroups = false
    while true {
      if isDigit(text[index]) {
        guard let (numerator, denominator) = shifted(value, by: Int(text[index] & 0x0F)) else { throw .tooLarge }
        value = ExactNumber(numerator: numerator, denominator: isFraction ? denominator : 1)
        width += 1
        digits += 1
      } else if !isFraction, text[index] == style.decimal, isDigit(text[index + 1]) {
        guard !hasGroups || width == 3 else { throw .noNumber }
        isFraction = true
      } else if !isFraction, style.readsMarks, text[index] == style.group, isDigit(text[index + 1]) {
        guard hasGroups ? width == 3 : (1...3).contains(width) else { throw .noNumber }
        hasGroups = true
        width = 0
      } else {
        break
      }
      index += 1
    }
    guard digits > 0, isFraction || !hasGroups || width == 3 else { throw .noNumber }
    return value
  }
}
