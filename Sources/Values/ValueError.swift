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
  case notAnEmail, notAURI, notAUUID, notBinary
  case notAnObject, notAnArray, notAList, notGeoJSON, notTopoJSON
  case notAPoint
  /// Beyond 180° or 90°: longitude and latitude exchanged, most likely.
  case noSuchPoint
  case notAYearMonth, notADuration
  case notATelephone, notAResidentID, notACreditCode
  /// The number has the right form, and one of its digits is wrong.
  case wrongCheckDigit
  case noSuchBirthday

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
    default: expectedForm
    }
  }

  /// Of the types and formats whose values stay text.
  private var expectedForm: LocalizedText {
    switch self {
    case .notAnEmail: LocalizedText(zh: "电子邮箱地址", en: "an e-mail address")
    case .notAURI: LocalizedText(zh: "带协议的网址（如 https://…）", en: "a URI with its scheme (https://…)")
    case .notAUUID: LocalizedText(zh: "UUID（8-4-4-4-12 位十六进制）", en: "a UUID (8-4-4-4-12 hexadecimal digits)")
    case .notBinary: LocalizedText(zh: "Base64 编码的内容", en: "Base64")
    case .notAnObject: LocalizedText(zh: "JSON 对象 {…}", en: "a JSON object {…}")
    case .notAnArray: LocalizedText(zh: "JSON 数组 […]", en: "a JSON array […]")
    case .notAList: LocalizedText(zh: "各项类型相符的列表", en: "a list whose items are of the declared type")
    case .notGeoJSON: LocalizedText(zh: "GeoJSON 对象", en: "a GeoJSON object")
    case .notTopoJSON: LocalizedText(zh: "TopoJSON 对象", en: "a TopoJSON object")
    case .notAPoint: LocalizedText(zh: "经度和纬度（如 100.79, 22.01）", en: "longitude and latitude (100.79, 22.01)")
    case .noSuchPoint:
      LocalizedText(zh: "经度在 ±180 以内、纬度在 ±90 以内（先经度后纬度）", en: "a longitude within ±180, then a latitude within ±90")
    case .notAYearMonth: LocalizedText(zh: "年月（如 2022-11）", en: "a year and month (2022-11)")
    case .notATelephone:
      LocalizedText(
        zh: "一个电话号码（手机号 11 位，座机带区号）", en: "one telephone number, with +, or national where x-country says of where")
    case .notAResidentID: LocalizedText(zh: "18 位居民身份证号码", en: "a resident identity number of 18 digits")
    case .notACreditCode: LocalizedText(zh: "18 位统一社会信用代码", en: "a unified social credit code of 18 characters")
    case .wrongCheckDigit:
      LocalizedText(zh: "校验码正确的号码（有一位写错）", en: "a number whose check digit is right (one digit is wrong)")
    case .noSuchBirthday: LocalizedText(zh: "出生日期真实的身份证号码", en: "an identity number with a real date of birth")
    case .notADuration: LocalizedText(zh: "ISO 8601 时长（如 PT1H30M）", en: "an ISO 8601 duration (PT1H30M)")
    default: LocalizedText("")
    }
  }
}

/// A `format` of a field that its type does not have: a fault of the schema, found when a reader is made.
package struct FormatError: Error, Hashable, Sendable {
  /// What is wrong, as a sentence.
  package var message: LocalizedText

  package init(zh: String, en: String) { message = LocalizedText(zh: zh, en: en) }
}
