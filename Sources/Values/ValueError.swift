package import Diagnostics

/// Why a cell is no value of its field's type. Small, so that throwing it a million times costs nothing; the sentence is
/// made when somebody reads it.
package enum ValueError: Error, Hashable, Sendable, CaseIterable {
  case notAnInteger, notANumber
  /// A number that the type cannot hold: beyond 64 bits, beyond the greatest floating-point number.
  case outOfRange
  /// INF, -INF and NaN, which Table Schema knows as numbers and no tally can add.
  case notFinite
  case notADate, notADatetime, notATime, notAYear, notABoolean
  /// 2022-02-30: written as a day, and not in the calendar.
  case noSuchDay
  /// 25:00, 12:61.
  case noSuchTime
  /// 3/4/2022: March or April?
  case ambiguousDate
  /// 3/4/22.
  case twoDigitYear
  /// 11月3日 where nothing says of which year.
  case missingYear
  /// A date with a time of day behind it other than midnight.
  case timeInDate
  /// 2022年11月3日 星期一, which was a Thursday.
  case wrongWeekday

  /// What was expected instead; fills the gap of a diagnostic.
  package var expected: LocalizedText {
    switch self {
    case .notAnInteger: LocalizedText(zh: "整数", en: "an integer")
    case .notANumber: LocalizedText(zh: "数值", en: "a number")
    case .outOfRange: LocalizedText(zh: "能够表示的数（此数过大）", en: "a number that can be held (this one is too large)")
    case .notFinite: LocalizedText(zh: "有限的数值", en: "a finite number")
    case .notADate: LocalizedText(zh: "日期", en: "a date")
    case .notADatetime: LocalizedText(zh: "日期和时间", en: "a date and time")
    case .notATime: LocalizedText(zh: "时间", en: "a time of day")
    case .notAYear: LocalizedText(zh: "年份", en: "a year")
    case .notABoolean: LocalizedText(zh: "是或否", en: "yes or no")
    case .noSuchDay: LocalizedText(zh: "日历上有的日期", en: "a day that is in the calendar")
    case .noSuchTime: LocalizedText(zh: "00:00:00 至 23:59:59 的时间", en: "a time from 00:00:00 to 23:59:59")
    case .ambiguousDate:
      LocalizedText(zh: "日、月次序确定的日期，如 2022-11-03", en: "a date whose day and month are certain, as 2022-11-03")
    case .twoDigitYear: LocalizedText(zh: "四位数年份的日期", en: "a date with a year of four digits")
    case .missingYear: LocalizedText(zh: "带年份的日期", en: "a date with its year")
    case .timeInDate: LocalizedText(zh: "不带时刻的日期", en: "a date without a time of day")
    case .wrongWeekday: LocalizedText(zh: "与日期相符的星期", en: "the weekday on which that date falls")
    }
  }
}

/// A `format` of a field that its type does not have: a fault of the schema, found when a reader is made.
package struct FormatError: Error, Hashable, Sendable {
  /// What is wrong, as a sentence.
  package var message: LocalizedText

  package init(zh: String, en: String) { message = LocalizedText(zh: zh, en: en) }
}
