/// What beside digits a field's numbers may be written with.
struct NumberStyle {
  /// `chinese-numerals`: 一百三十一, 1.5万, 三分之一, 百分之八十五, 三成.
  var readsChineseNumerals: Bool
  /// `number-marks`: thousands separators, currency before, percent sign or unit behind.
  var readsMarks: Bool
  /// `fractions`: 1/2, 1 3/5.
  var readsFractions = false
  var decimal: UInt32

  /// The thousands separator: the comma, or the point where the comma is the decimal mark.
  var group: UInt32 { decimal == code(",") ? code(".") : code(",") }
}

/// The number that a whole cell writes in marks or in words. Percentages are in percent, as Table Schema reads `95%`: 85%,
/// 百分之八十五 and 八成五 are all 85. What is not exact (十余万, 五百人以上) and what may be two numbers (三五, 5千克)
/// is no number.
func readMarkedNumber(_ text: FoldedText, style: NumberStyle) throws(NumeralFault) -> ExactNumber {
  var parser = NumeralParser(text, style: style)
  var isNegative = parser.readSign()
  if style.readsMarks, parser.skipCurrency(), !isNegative { isNegative = parser.readSign() }
  let fraction = try parser.readFraction()
  var value: ExactNumber
  if let fraction { value = fraction } else { value = try parser.readQuantity() }
  if style.readsChineseNumerals { value = try parser.readTenths(of: value) }
  parser.skipSpaces()
  guard parser.index == text.count || (style.readsMarks && parser.restIsUnit()) else { throw .noNumber }
  return isNegative ? value.negated : value
}

extension NumeralParser {
  /// `1/2`, `1 3/5`; `nil`, and nothing read, for another text.
  mutating func readFraction() throws(NumeralFault) -> ExactNumber? {
    guard style.readsFractions else { return nil }
    let start = index
    skipSpaces()
    guard var upper = readPlainDigits() else {
      index = start
      return nil
    }
    var whole: Int128 = 0
    let behind = index
    skipSpaces()
    if index > behind, let next = readPlainDigits() { (whole, upper) = (upper, next) }
    skipSpaces()
    guard text[index] == code("/") else {
      index = start
      return nil
    }
    index += 1
    skipSpaces()
    guard let lower = readPlainDigits(), lower > 0 else { throw .noNumber }
    return ExactNumber(numerator: whole * lower + upper, denominator: lower)
  }

  /// At most 15 digits.
  private mutating func readPlainDigits() -> Int128? {
    var value: Int128 = 0
    let start = index
    while isDigit(text[index]), index - start < 15 {
      value = value * 10 + Int128(text[index] & 0x0F)
      index += 1
    }
    return index > start ? value : nil
  }

  mutating func readSign() -> Bool {
    skipSpaces()
    let isMinus = text[index] == code("-")
    let isWord = style.readsChineseNumerals && (text[index] == code("负") || text[index] == code("負"))
    if isMinus || isWord || text[index] == code("+") { index += 1 }
    return isMinus || isWord
  }

  mutating func skipCurrency() -> Bool {
    skipSpaces()
    guard [code("¥"), code("￥"), code("$"), code("€"), code("£")].contains(text[index]) else { return false }
    index += 1
    return true
  }

  /// 百分之五, 三分之一, 一又二分之一, or a plain number.
  mutating func readQuantity() throws(NumeralFault) -> ExactNumber {
    skipSpaces()
    guard style.readsChineseNumerals else { return try readUnsigned() }
    if text[index] == code("百") || text[index] == code("佰"), text[index + 1] == code("分"), text[index + 2] == code("之")
    {
      index += 3
      return try readSigned()
    }
    let first = try readUnsigned()
    skipSpaces()
    if text[index] == code("又") {
      index += 1
      let whole = try readUnsigned()
      guard skipPartOf() else { throw .noNumber }
      guard let part = try readUnsigned().divided(by: whole), let sum = first.plus(part) else { throw .tooLarge }
      return sum
    }
    guard skipPartOf() else { return first }
    let numerator = try readSigned()
    guard first.numerator != 0 else { throw .noNumber }
    guard let fraction = numerator.divided(by: first) else { throw .tooLarge }
    return fraction
  }

  private mutating func readSigned() throws(NumeralFault) -> ExactNumber {
    let isNegative = readSign()
    let value = try readUnsigned()
    return isNegative ? value.negated : value
  }

  /// 分之, which spaces may part.
  private mutating func skipPartOf() -> Bool {
    let start = index
    skipSpaces()
    if text[index] == code("分") {
      index += 1
      skipSpaces()
      if text[index] == code("之") {
        index += 1
        return true
      }
    }
    index = start
    return false
  }

  /// 三成 and 八成五: tenths, in percent.
  mutating func readTenths(of value: ExactNumber) throws(NumeralFault) -> ExactNumber {
    guard text[index] == code("成") else { return value }
    index += 1
    guard value.denominator == 1, (1...10).contains(value.numerator) else { throw .noNumber }
    var percent = value.numerator * 10
    if case .digit(let digit, _) = numeral(at: index) {
      percent += Int128(digit)
      index += 1
    }
    return ExactNumber(numerator: percent)
  }

  /// Whether what follows is a percent sign or the name of a unit, and nothing in it changes the number.
  func restIsUnit() -> Bool {
    if text[index] == code("%") { return index + 1 == text.count }
    guard text.count - index <= 8, !changesMeasure() else { return false }
    // 四川 and 一切 are words; behind a number in Chinese numerals only what things are counted in is a unit.
    if index > 0, NumeralCharacter(text[index - 1]) != nil, counters.find(text[index]) == nil { return false }
    for place in index..<text.count {
      let scalar = text[place]
      if isUnitName(scalar) {
        let changes = changing.find(scalar) != nil || NumeralCharacter(scalar) != nil
        if changes, !isPercentagePoint(place) { return false }
      } else if scalar != code(" "), scalar != code("/"), scalar != code("·"), scalar != code("°") {
        return false
      }
    }
    return true
  }

  /// Whether the character is one of 百分点, a unit in which 百 and 点 are no numerals.
  private func isPercentagePoint(_ place: Int) -> Bool {
    text[place] == code("百") && text[place + 1] == code("分") || text[place] == code("点") && text[place - 1] == code("分")
  }

  /// 40k and 1.5w are 40,000 and 15,000 to those who write so; 5千克 may be 5 or 5000 to those who read it.
  private func changesMeasure() -> Bool {
    if text.count - index == 1, multiplyingLetters.find(text[index]) != nil { return true }
    guard index > 0 else { return false }
    return text[index - 1] == code("千") && measures.find(text[index]) != nil
      || text[index - 1] == code("兆") && measures.find(text[index]) != nil
  }
}

/// Letters, Chinese characters, ㎡ and its kin.
private func isUnitName(_ scalar: UInt32) -> Bool {
  switch scalar {
  case 0x61...0x7A, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0x2103, 0x2109, 0x3300...0x33FF, 0xB2, 0xB3: true
  default: false
  }
}

/// Behind a number these make it another one: 十余人, 五人以上, 三个半, 二十左右.
private let changing = ScalarTable(["余餘多来來几幾左右以许許约約近半之又成倍第上下前后後"])
/// First characters of measure words and units.
private let counters = ScalarTable([
  "个個只隻人名位项項条條件家户戶次回处處所座台辆輛间間张張份册本篇期批组組队隊套栋棟层層级級岁歲天日周週月年分秒时時小元块塊角",
  "斤吨噸米里亩畝顷頃公平立克升度瓶袋箱包盒支根棵株头頭匹场場届屆章节節课課堂门門科班校村镇鎮乡鄉县縣市州省对對双雙",
])
private let multiplyingLetters = ScalarTable(["kmbw"])
private let measures = ScalarTable(["克米瓦卡赫伏帕焦字升"])
