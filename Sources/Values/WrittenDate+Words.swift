extension DateScanner {
  mutating func skipSpaces() {
    while text[index] == code(" ") { index += 1 }
  }

  @discardableResult
  mutating func skip(_ scalar: Unicode.Scalar) -> Bool {
    guard text[index] == scalar.value else { return false }
    index += 1
    return true
  }

  /// `-` `/` `.` or a space, with spaces around it; `nil` when there is none.
  mutating func readSeparator() -> UInt32? {
    let place = index
    skipSpaces()
    let scalar = text[index]
    if scalar == code("-") || scalar == code("/") || scalar == code(".") {
      index += 1
      skipSpaces()
      return scalar
    }
    // A time behind a space belongs to no date.
    return index > place ? code(" ") : nil
  }

  mutating func skipSeparator() { _ = readSeparator() }

  /// `st`, `nd`, `rd`, `th` behind a day.
  mutating func skipOrdinal() {
    for ending: StaticString in ["st", "nd", "rd", "th"] where stands(ending) && !isLetter(text[index + 2]) {
      index += 2
    }
  }

  /// Digits (up to 8), or a Chinese numeral below 10,000: 二〇二二, 十一, 廿三, 两千零四.
  mutating func readPart() -> Part? {
    let start = index
    var value = 0
    while isDigit(text[index]), index - start < 8 {
      value = value * 10 + Int(text[index] & 0x0F)
      index += 1
    }
    if index > start { return isDigit(text[index]) ? nil : Part(value: value, width: index - start) }
    return readChinesePart()
  }

  private mutating func readChinesePart() -> Part? {
    let start = index
    var spelled = 0
    var hasUnits = false
    reading: while let numeral = NumeralCharacter(text[index]), index - start < 8 {
      switch numeral {
      case .digit(let digit, _): spelled = spelled * 10 + digit
      case .zero: spelled *= 10
      case .tens, .smallUnit: hasUnits = true
      // 十点: the hour ends here, and no date has a point.
      case .point: break reading
      case .bigUnit, .half, .dozen: return nil
      }
      index += 1
    }
    let width = index - start
    guard width > 0 else { return nil }
    guard hasUnits else { return Part(value: spelled, width: width) }
    var parser = NumeralParser(
      text.cut(at: index), style: NumberStyle(readsChineseNumerals: true, readsMarks: false, decimal: code(".")))
    parser.index = start
    guard let number = try? parser.readUnsigned(), parser.index == index, let value = try? number.integer() else {
      return nil
    }
    return (0..<10_000).contains(value)
      ? Part(value: Int(value), width: value < 10 ? 1 : value < 100 ? 2 : value < 1_000 ? 3 : 4) : nil
  }

  /// 民國, 中華民國 in both scripts.
  mutating func skipRepublic() -> Bool {
    let start = index
    if text[index] == code("中"), text[index + 1] == code("華") || text[index + 1] == code("华") { index += 2 }
    if text[index] == code("民"), text[index + 1] == code("國") || text[index + 1] == code("国") {
      index += 2
      return true
    }
    index = start
    return false
  }

  /// 1…12 for an English name of a month or its first three letters (`sept` too).
  mutating func readMonthName() -> Int? {
    guard let word = readWord(among: monthNames) else { return nil }
    return word % 12 + 1
  }

  /// 0…6 from Sunday on, for 星期四, 周四, 礼拜四, Thursday, Thu.
  mutating func readWeekday() -> Int? {
    let start = index
    if let word = readWord(among: weekdayNames) { return word % 7 }
    if text[index] == code("周") || text[index] == code("週") {
      index += 1
    } else if (text[index] == code("星") && text[index + 1] == code("期"))
      || (text[index] == code("礼") || text[index] == code("禮")) && text[index + 1] == code("拜")
    {
      index += 2
    } else {
      return nil
    }
    if let weekday = chineseWeekdays.find(text[index]) {
      index += 1
      return weekday
    }
    index = start
    return nil
  }

  /// The word of ASCII letters at `index` if it is one of `words`, and its place there.
  mutating func readWord(among words: [StaticString]) -> Int? {
    guard isLetter(text[index]) else { return nil }
    for (place, word) in words.enumerated() where stands(word) && !isLetter(text[index + word.utf8CodeUnitCount]) {
      index += word.utf8CodeUnitCount
      return place
    }
    return nil
  }

  /// Whether `word`, which is ASCII, stands at `index`.
  func stands(_ word: StaticString) -> Bool {
    // SAFETY: a string literal of ASCII has a pointer to that many bytes.
    for offset in 0..<word.utf8CodeUnitCount where unsafe text[index + offset] != UInt32(word.utf8Start[offset]) {
      return false
    }
    return true
  }
}

func isLetter(_ scalar: UInt32) -> Bool { scalar | 0x20 &- 0x61 < 26 && scalar < 0x80 }

/// Lower case, as `FoldedText` has it. The place of a name modulo 12 is its month.
let monthNames: [StaticString] = [
  "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
  "december",
  "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
  "january", "february", "march", "april", "may", "june", "july", "august", "sept",
]
/// The place of a name modulo 7 counts from Sunday.
let weekdayNames: [StaticString] = [
  "sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday",
  "sun", "mon", "tue", "wed", "thu", "fri", "sat",
]
private let chineseWeekdays = ScalarTable(["日天", "一", "二", "三", "四", "五", "六"])
