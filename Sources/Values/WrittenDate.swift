import Campaign

/// Which forms of a date a field takes beside those that say everything.
struct DateStyle: Sendable {
  /// `excel-serial`, `roc-year`, `campaign-year` of `x-normalize`.
  var readsExcelSerials = false
  var readsRepublicYears = false
  var takesYearFromWindow = false
  var window: ClosedRange<Day>?
  /// `day-first` or `month-first`; 3/4/2022 is refused without.
  var order: DayOrder?
  /// `x-locale`.
  var monthWords: MonthWords?
}

enum DayOrder: Sendable { case dayFirst, monthFirst }

/// Reads a date in any form whose meaning is certain, from `index` of a text on.
struct DateScanner {
  let text: FoldedText
  let style: DateStyle
  var index = 0
  /// Whether the date was in a form that only a normalizer of the field allows.
  private(set) var isAddedForm = false

  init(_ text: FoldedText, style: DateStyle) {
    self.text = text
    self.style = style
  }

  /// A number of the text: digits, or Chinese numerals. `width` counts digits; 十一 has 2.
  struct Part {
    var value: Int
    var width: Int
  }

  /// The date, and the weekday beside it, which must be that day's.
  mutating func readDate() throws(ValueError) -> Day {
    let before = readWeekday()
    if before != nil { skip(",") }
    let day = try readDayOfYear()
    let end = index
    skipSpaces()
    let isListed = skip(",")
    skipSpaces()
    let isBracketed = skip("(")
    let after = readWeekday()
    if after == nil {
      index = end
      guard !isListed, !isBracketed else { throw .notADate }
    } else if isBracketed, !skip(")") {
      throw .notADate
    }
    if let before, before != day.weekday { throw .wrongWeekday }
    if let after, after != day.weekday { throw .wrongWeekday }
    return day
  }

  private mutating func readDayOfYear() throws(ValueError) -> Day {
    skipSpaces()
    let isRepublican = style.readsRepublicYears && skipRepublic()
    skipSpaces()
    if let month = readMonthName() { return try readBehind(monthName: month) }
    guard let first = readPart() else { throw .notADate }
    let place = index
    skipSpaces()
    switch text[index] {
    case code("年"):
      index += 1
      return try readBehind(year: year(first, isRepublican: isRepublican))
    case code("月"):
      index += 1
      guard let day = readPart() else { throw .notADate }
      skipDayMark()
      return try self.day(withoutYear: first.value, day.value)
    default:
      index = place
      return try readSeparated(first, isRepublican: isRepublican)
    }
  }

  /// `11月3日` behind 年.
  private mutating func readBehind(year: Int) throws(ValueError) -> Day {
    skipSpaces()
    guard let month = readPart() else { throw .notADate }
    skipSpaces()
    guard skip("月") else { throw .notADate }
    skipSpaces()
    guard let day = readPart() else { throw .notADate }
    skipDayMark()
    return try calendarDay(year, month.value, day.value)
  }

  private mutating func skipDayMark() {
    let place = index
    skipSpaces()
    if text[index] == code("日") || text[index] == code("号") || text[index] == code("號") {
      index += 1
    } else {
      index = place
    }
  }

  /// `3, 2022` behind November.
  private mutating func readBehind(monthName month: Int) throws(ValueError) -> Day {
    skip(".")
    skipSeparator()
    guard let day = readPart(), day.width <= 2 else { throw .notADate }
    skipOrdinal()
    let place = index
    skipSpaces()
    skip(",")
    skipSeparator()
    guard let year = readPart(), text[index] != code(":") else {
      index = place
      return try self.day(withoutYear: month, day.value)
    }
    guard year.width == 4 else { throw .twoDigitYear }
    return try calendarDay(year.value, month, day.value)
  }

  private mutating func readSeparated(_ first: Part, isRepublican: Bool) throws(ValueError) -> Day {
    if first.width > 4 { return try readCompact(first) }
    skipOrdinal()
    let separator = readSeparator()
    if let separator, let month = readMonthName() {
      skip(".")
      return try readAround(monthName: month, first, separator)
    }
    guard let separator, let second = readPart() else { throw .notADate }
    let place = index
    guard readSeparator() == separator, let third = readPart(), text[index] != code(":") else {
      index = place
      guard first.width <= 2, second.width <= 2, separator != code(" ") else { throw .notADate }
      return try day(withoutYear: first.value, second.value)
    }
    if first.width == 4 || isRepublican || (style.readsRepublicYears && first.width > 1 && third.width <= 2) {
      return try calendarDay(year(first, isRepublican: isRepublican), second.value, third.value)
    }
    guard third.width == 4 else {
      throw first.width <= 2 && second.width <= 2 && third.width <= 2 ? .twoDigitYear : .notADate
    }
    return try certainDay(first.value, second.value, year: third.value)
  }

  /// `3 Nov 2022`, `2022-Nov-03`.
  private mutating func readAround(
    monthName month: Int, _ first: Part, _ separator: UInt32
  ) throws(ValueError) -> Day {
    let place = index
    skip(",")
    guard readSeparator() != nil, let last = readPart(), text[index] != code(":") else {
      index = place
      return try day(withoutYear: month, first.value)
    }
    if first.width == 4 { return try calendarDay(first.value, month, last.value) }
    guard last.width == 4 else { throw .twoDigitYear }
    return try calendarDay(last.value, month, first.value)
  }

  /// `20221103`, and `1110103` of the Republic.
  private mutating func readCompact(_ part: Part) throws(ValueError) -> Day {
    let month = part.value / 100 % 100
    if part.width == 8 { return try calendarDay(part.value / 10_000, month, part.value % 100) }
    if part.width == 7, part.value >= 10_000, style.readsRepublicYears {
      isAddedForm = true
      return try calendarDay(part.value / 10_000 + 1911, month, part.value % 100)
    }
    throw .notADate
  }

  /// Day and month in either order: certain when one is no month, or both are the same.
  private func certainDay(_ first: Int, _ second: Int, year: Int) throws(ValueError) -> Day {
    if first > 12 || first == second { return try calendarDay(year, second, first) }
    if second > 12 { return try calendarDay(year, first, second) }
    // 0/3/2022 and the like are no date in either order.
    guard first > 0, second > 0 else { throw .noSuchDay }
    switch style.order {
    case .dayFirst: return try calendarDay(year, second, first)
    case .monthFirst: return try calendarDay(year, first, second)
    case nil: throw .ambiguousDate
    }
  }

  private mutating func year(_ part: Part, isRepublican: Bool) throws(ValueError) -> Int {
    if !isRepublican {
      if part.value >= 1_000 { return part.value }
      guard style.readsRepublicYears, part.width == 2 || part.width == 3 else { throw .twoDigitYear }
    }
    guard (1..<1_000).contains(part.value) else { throw .notADate }
    isAddedForm = true
    return part.value + 1911
  }

  private mutating func day(withoutYear month: Int, _ day: Int) throws(ValueError) -> Day {
    isAddedForm = true
    return try style.day(withoutYear: month, day)
  }
}

extension DateStyle {
  /// 11月3日: the one that lies in the window, else that of the year in which the window begins.
  func day(withoutYear month: Int, _ day: Int) throws(ValueError) -> Day {
    guard takesYearFromWindow, let window else { throw .missingYear }
    let first = window.lowerBound.components.year
    let last = window.upperBound.components.year
    // Two years are enough to see that a day lies in the window twice.
    let days = (first...min(last, first + 2)).compactMap { Day(year: $0, month: month, day: day) }
    let inWindow = days.filter(window.contains)
    guard inWindow.count <= 1 else { throw .ambiguousDate }
    guard let day = inWindow.first ?? days.first else { throw .noSuchDay }
    return day
  }
}

func calendarDay(_ year: Int, _ month: Int, _ day: Int) throws(ValueError) -> Day {
  guard let day = Day(year: year, month: month, day: day) else { throw .noSuchDay }
  return day
}

extension Day {
  /// 0…6 from Sunday on. 1970-01-01 was a Thursday.
  var weekday: Int { (Int(number) % 7 + 11) % 7 }

  /// Excel's 1900 system, from 1954-10-03 (20000) to 2119-01-11 (80000): below and above, a number is more likely to be
  /// something else. Excel counts a 1900-02-29, so that its day 61 is 1900-03-01 and 25569 is 1970-01-01.
  init?(excelSerial: Int) {
    guard (20_000...80_000).contains(excelSerial) else { return nil }
    self.init(number: Int32(excelSerial - 25_569))
  }
}
