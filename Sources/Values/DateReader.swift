package import Campaign

/// Reads the dates of one field. `format`: `default` is ISO 8601 (`2022-11-03`) and nothing else; `any` takes every form
/// whose meaning is certain; else a strptime pattern (`StrptimePattern`). `excel-serial`, `roc-year` and `campaign-year`
/// of `x-normalize` add their forms to each. Cells are trimmed before.
package struct DateReader: Sendable {
  private enum Form {
    case iso, any
    case pattern(StrptimePattern)
  }
  private let form: Form
  private let style: DateStyle

  /// - Parameter window: the days of the campaign, which give 11月3日 its year with `campaign-year`.
  package init(
    format: String = "default", normalizers: [Normalizer] = [], window: ClosedRange<Day>? = nil,
    locales: [DateLocale] = []
  ) throws(FormatError) {
    style = DateStyle(normalizers, window: window, locales: locales)
    switch format {
    case "default", "": form = .iso
    case "any": form = .any
    default:
      let pattern = try StrptimePattern(format)
      guard pattern.namesDay(yearIsGiven: style.takesYearFromWindow) else {
        throw FormatError(
          zh: "日期格式 \(format) 须含年、月、日（%Y %m %d）",
          en: "the date format \(format) must have year, month and day (%Y %m %d)")
      }
      form = .pattern(pattern)
    }
  }

  package init(_ field: Field, window: ClosedRange<Day>? = nil) throws(FormatError) {
    try self.init(format: field.format, normalizers: field.normalizers, window: window, locales: field.locales)
  }

  /// - Throws: `notADate`, `noSuchDay`, `ambiguousDate`, `twoDigitYear`, `missingYear`, `timeInDate`, `wrongWeekday`.
  package func read(_ cell: Span<UInt8>) throws(ValueError) -> Day {
    switch form {
    case .iso:
      if let (year, month, day) = isoDate(cell) { return try calendarDay(year, month, day) }
      guard style.addsForms else { throw .notADate }
      return try readWritten(cell, strictly: true)
    case .any:
      if let (year, month, day) = isoDate(cell) ?? plainDate(cell) ?? chineseDate(cell) {
        return try calendarDay(commonEra(year), month, day)
      }
      return try readWritten(cell, strictly: false)
    case .pattern(let pattern):
      if let match = pattern.match(cell) { return try match.day(style) }
      guard style.addsForms else { throw .notADate }
      return try readWritten(cell, strictly: true)
    }
  }

  /// With `roc-year` a year of fewer than four digits counts from 1912, also when it is padded: 0105/05/25.
  @inline(__always)
  private func commonEra(_ year: Int) -> Int { style.readsRepublicYears && year < 1000 ? year + 1911 : year }

  /// - Parameter strictly: whether only the forms that the normalizers add are wanted: a serial number, a year of the
  ///   Republic, a day without year.
  private func readWritten(_ cell: Span<UInt8>, strictly: Bool) throws(ValueError) -> Day {
    if let words = style.monthWords, let rewritten = words.rewrite(cell) {
      return try readScanned(rewritten.span, strictly: strictly)
    }
    return try readScanned(cell, strictly: strictly)
  }

  private func readScanned(_ cell: Span<UInt8>, strictly: Bool) throws(ValueError) -> Day {
    guard let text = FoldedText(cell) else { throw .notADate }
    var scanner = DateScanner(text, style: style)
    if style.readsExcelSerials, let (day, seconds) = scanner.readExcelSerial() {
      if seconds != 0 { throw .timeInDate }
      return day
    }
    let day = try scanner.readDate()
    if strictly, !scanner.isAddedForm { throw .notADate }
    if scanner.index == text.count { return day }
    guard let time = try scanner.readTimeBehindDate() else { throw .notADate }
    _ = scanner.readZone()
    guard scanner.index == text.count else { throw .notADate }
    guard time.seconds == 0, time.nanoseconds == 0 else { throw .timeInDate }
    return day
  }
}

extension DateStyle {
  init(_ normalizers: [Normalizer], window: ClosedRange<Day>?, locales: [DateLocale] = []) {
    order = normalizers.contains(.dayFirst) ? .dayFirst : normalizers.contains(.monthFirst) ? .monthFirst : nil
    monthWords = MonthWords(locales)
    readsExcelSerials = normalizers.contains(.excelSerial)
    readsRepublicYears = normalizers.contains(.rocYear)
    takesYearFromWindow = normalizers.contains(.campaignYear)
    self.window = window
  }

  var addsForms: Bool { readsExcelSerials || readsRepublicYears || takesYearFromWindow }
}

/// Year, month and day of ten bytes `2022-11-03`, whether there is such a day or not; `nil` for any other cell.
@inline(__always)
func isoDate(_ cell: Span<UInt8>) -> (year: Int, month: Int, day: Int)? {
  guard cell.count == 10, cell[4] == UInt8(ascii: "-"), cell[7] == UInt8(ascii: "-") else { return nil }
  return isoDate(startOf: cell)
}

/// Year, month and day of `2022/11/3`, `2022-11-3`, `2022.11.03` and `20221103`, all in ASCII; `nil` for any other cell.
@inline(__always)
private func plainDate(_ cell: Span<UInt8>) -> (year: Int, month: Int, day: Int)? {
  guard (8...10).contains(cell.count) else { return nil }
  let century = twoDigits(cell, 0)
  let yearOfCentury = twoDigits(cell, 2)
  guard century | yearOfCentury >= 0 else { return nil }
  let year = century &* 100 &+ yearOfCentury
  let separator = cell[4]
  if isDigit(separator) {
    let (month, day) = (twoDigits(cell, 4), twoDigits(cell, 6))
    return cell.count == 8 && month | day >= 0 ? (year, month, day) : nil
  }
  guard separator == UInt8(ascii: "/") || separator == UInt8(ascii: "-") || separator == UInt8(ascii: ".") else {
    return nil
  }
  let second = cell[6] == separator ? 6 : 7
  guard second &+ 1 < cell.count, cell[second] == separator else { return nil }
  let month = second == 6 ? oneDigit(cell, 5) : twoDigits(cell, 5)
  let day: Int
  switch cell.count &- second {
  case 2: day = oneDigit(cell, second &+ 1)
  case 3: day = twoDigits(cell, second &+ 1)
  default: return nil
  }
  return month | day >= 0 ? (year, month, day) : nil
}

/// Year, month and day of `2022年11月3日` in digits of ASCII, without spaces; `nil` for any other cell.
private func chineseDate(_ cell: Span<UInt8>) -> (year: Int, month: Int, day: Int)? {
  // Four digits, three marks of three bytes, and two to four digits.
  guard (15...17).contains(cell.count), cell[4] == 0xE5, cell[5] == 0xB9, cell[6] == 0xB4 else { return nil }
  let (century, yearOfCentury) = (twoDigits(cell, 0), twoDigits(cell, 2))
  let monthEnd = cell[8] == 0xE6 ? 8 : 9
  let dayEnd = cell.count &- 3
  guard century | yearOfCentury >= 0, cell[monthEnd] == 0xE6, cell[monthEnd &+ 1] == 0x9C, cell[monthEnd &+ 2] == 0x88,
    cell[dayEnd] == 0xE6, cell[dayEnd &+ 1] == 0x97, cell[dayEnd &+ 2] == 0xA5
  else { return nil }
  let month = monthEnd == 8 ? oneDigit(cell, 7) : twoDigits(cell, 7)
  let day: Int
  switch dayEnd &- monthEnd {
  case 4: day = oneDigit(cell, monthEnd &+ 3)
  case 5: day = twoDigits(cell, monthEnd &+ 3)
  default: return nil
  }
  return month | day >= 0 ? (century &* 100 &+ yearOfCentury, month, day) : nil
}

@inline(__always)
private func oneDigit(_ cell: Span<UInt8>, _ index: Int) -> Int {
  isDigit(cell[index]) ? Int(cell[index] & 0x0F) : -1
}

/// Year, month and day at bytes 0…3, 5, 6, 8, 9 of a cell that has at least ten.
@inline(__always)
func isoDate(startOf cell: Span<UInt8>) -> (year: Int, month: Int, day: Int)? {
  let century = twoDigits(cell, 0)
  let year = twoDigits(cell, 2)
  let month = twoDigits(cell, 5)
  let day = twoDigits(cell, 8)
  guard century | year | month | day >= 0 else { return nil }
  return (century &* 100 &+ year, month, day)
}

/// The number that the two digits at `index` and behind write; negative when one is no digit.
@inline(__always)
func twoDigits(_ cell: Span<UInt8>, _ index: Int) -> Int {
  let tens = cell[index] &- 0x30
  let ones = cell[index &+ 1] &- 0x30
  return tens < 10 && ones < 10 ? Int(tens) &* 10 &+ Int(ones) : -1
}
