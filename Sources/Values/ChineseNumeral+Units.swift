extension NumeralParser {
  /// A numeral with units, read from left to right: 四千零五万 三百, 12万3千, 1.5亿, 十五, 百三.
  mutating func readWithUnits() throws(NumeralFault) -> ExactNumber {
    var sum = UnitSum()
    var end = index
    while index < text.count {
      if text[index] == code(" ") {
        index += 1
        continue
      }
      if isDigit(text[index]) || (text[index] == style.decimal && isDigit(text[index + 1])) {
        try sum.add(digits: readDigits())
      } else if let numeral = self.numeral(at: index) {
        guard numeral != .half || self.numeral(at: index + 1)?.isUnit == true else { break }
        index += 1
        if numeral == .dozen {
          guard let value = try sum.total().times(12) else { throw .tooLarge }
          return value
        }
        if numeral == .point {
          index -= 1
          sum.set(fraction: try readFraction(after: sum.wholeBeforePoint()))
        } else {
          try sum.add(numeral)
        }
      } else {
        break
      }
      end = index
    }
    index = end
    return try sum.total()
  }
}

/// A numeral with units on its way from left to right. 一百零一万一千: 万 closes the section 101, the next one is 1000.
private struct UnitSum {
  /// What big units closed, each unit smaller than the one before; 四万亿 is one entry.
  private var entries = InlineArray<4, (value: ExactNumber, unit: Int128)>(repeating: (ExactNumber(numerator: 0), 0))
  private var entryCount = 0
  /// What small units closed since the last big one.
  private var section = ExactNumber(numerator: 0)
  /// The last small unit of the section; only a smaller one may follow.
  private var limit: Int128 = 10_000
  private var lastUnit: Int128 = 0
  /// A digit, or several of ASCII, that no unit has closed.
  private var pending: ExactNumber?
  /// Whether the last thing read was a unit: a digit behind it may stand for the next lower one, 四百五.
  private var isBehindUnit = false
  private var isPendingBehindUnit = false
  private var isBehindBigUnit = false
  private var hasZero = false
  /// Behind a fraction only a big unit may come (1.5千万), and nothing behind one that belongs to no section.
  private var isFractional = false
  private var isComplete = false
  /// 百 and 千 alone are words; 百万 and 百三 are numbers.
  private var isBareUnit = false

  private var isEmpty: Bool { entryCount == 0 && section.numerator == 0 && pending == nil && !hasZero }

  mutating func add(_ numeral: NumeralCharacter) throws(NumeralFault) {
    switch numeral {
    case .digit(let digit, _): try add(digits: ExactNumber(numerator: Int128(digit)))
    case .half: try add(digits: ExactNumber(numerator: 1, denominator: 2))
    case .tens(let count):
      try add(digits: ExactNumber(numerator: Int128(count)))
      try close(smallUnit: 10)
    case .zero:
      guard pending == nil, !hasZero, !isFractional else { throw .noNumber }
      (hasZero, isBehindUnit, isBehindBigUnit) = (true, false, false)
    case .smallUnit(let unit): try close(smallUnit: unit)
    case .bigUnit(let unit): try close(bigUnit: unit)
    case .point, .dozen: throw .noNumber
    }
  }

  mutating func add(digits: ExactNumber) throws(NumeralFault) {
    isBareUnit = false
    guard pending == nil, !isFractional, digits.denominator == 1 || section.numerator == 0 else { throw .noNumber }
    pending = digits
    isFractional = digits.denominator > 1
    isPendingBehindUnit = isBehindUnit
    (isBehindUnit, isBehindBigUnit) = (false, false)
  }

  private mutating func close(smallUnit unit: Int128) throws(NumeralFault) {
    // 十五 and 百三 leave out the 一, and so does 一百零十.
    guard unit < limit, !isComplete, pending != nil || unit == 10 || isEmpty else { throw .noNumber }
    isBareUnit = isEmpty && unit > 10
    let digit = pending ?? ExactNumber(numerator: 1)
    guard digit.numerator > 0, isFractional ? section.numerator == 0 : digit.numerator < 10 else { throw .noNumber }
    section = try Self.sum(section, Self.product(digit, unit))
    (pending, limit, lastUnit) = (nil, isFractional ? 0 : unit, unit)
    (isBehindUnit, isBehindBigUnit, hasZero) = (true, false, false)
  }

  private mutating func close(bigUnit unit: Int128) throws(NumeralFault) {
    isBareUnit = false
    guard !isComplete else { throw .noNumber }
    if section.numerator == 0, pending == nil {
      // 万亿, 万万: the unit multiplies what the last one closed.
      guard isBehindBigUnit, entryCount > 0, !isFractional || entryCount == 1 else { throw .noNumber }
      let last = entries[entryCount - 1]
      let grown = try Self.product(ExactNumber(numerator: last.unit), unit).numerator
      guard entryCount == 1 || grown < entries[entryCount - 2].unit else { throw .noNumber }
      entries[entryCount - 1] = (try Self.product(last.value, unit), grown)
    } else {
      // 一千五万 would be 1005 or 1500 times 10,000.
      if pending != nil, isPendingBehindUnit, (100..<10_000).contains(lastUnit) { throw .noNumber }
      var value = try Self.product(Self.sum(section, pending ?? ExactNumber(numerator: 0)), unit)
      while entryCount > 0, entries[entryCount - 1].unit < unit {
        // 一万五千亿: the section continues what 万 closed.
        value = try Self.sum(value, Self.product(entries[entryCount - 1].value, unit))
        entryCount -= 1
      }
      guard entryCount < 4, entryCount == 0 || entries[entryCount - 1].unit > unit else { throw .noNumber }
      entries[entryCount] = (value, unit)
      entryCount += 1
    }
    (section, limit, lastUnit, pending) = (ExactNumber(numerator: 0), 10_000, unit, nil)
    (isBehindUnit, isBehindBigUnit, hasZero) = (true, true, false)
  }

  /// The section as far as it was read, to which 点 adds a fraction: 三千点五万 is 3000.5 times 10,000.
  mutating func wholeBeforePoint() throws(NumeralFault) -> ExactNumber {
    guard !isFractional else { throw .noNumber }
    // 两千万点五 and 一千六点五 are whole numbers and their fraction; a unit behind that would belong to both.
    isComplete = isBehindBigUnit || (pending != nil && isPendingBehindUnit && lastUnit >= 100)
    let whole = try Self.sum(section, lastDigits())
    (pending, hasZero, isBehindUnit, isBehindBigUnit) = (nil, false, false, false)
    return whole
  }

  mutating func set(fraction: ExactNumber) {
    section = fraction
    isFractional = true
  }

  /// The digits that no unit closes: 四百五 is 450, 四百零五 is 405, 3万4000 is 34000.
  private func lastDigits() throws(NumeralFault) -> ExactNumber {
    guard let pending else {
      guard !hasZero || isEmpty else { throw .noNumber }
      return ExactNumber(numerator: 0)
    }
    if lastUnit == 0 { return pending }
    guard !isFractional, pending.numerator < lastUnit else { throw .noNumber }
    if isPendingBehindUnit, lastUnit >= 100, pending.numerator < 10 { return try Self.product(pending, lastUnit / 10) }
    return pending
  }

  func total() throws(NumeralFault) -> ExactNumber {
    guard !isEmpty, !isBareUnit else { throw .noNumber }
    var total = try Self.sum(section, lastDigits())
    for place in 0..<entryCount { total = try Self.sum(entries[place].value, total) }
    return total
  }

  private static func product(_ value: ExactNumber, _ unit: Int128) throws(NumeralFault) -> ExactNumber {
    guard let product = value.times(unit) else { throw .tooLarge }
    return product
  }

  private static func sum(_ left: ExactNumber, _ right: ExactNumber) throws(NumeralFault) -> ExactNumber {
    guard let sum = left.plus(right) else { throw .tooLarge }
    return sum
  }
}
