/// A day of the Gregorian calendar (proleptic), counted from 1970-01-01.
package struct Day: Hashable, Comparable, Sendable {
  package var number: Int32

  package init(number: Int32) { self.number = number }

  /// `nil` when there is no such day, or the year is outside 1...9999.
  package init?(year: Int, month: Int, day: Int) {
    guard (1...9999).contains(year), (1...12).contains(month), day >= 1,
      day <= 28 || day <= Day.days(inMonth: month, of: year)
    else {
      return nil
    }
    // Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms": years begin in March. None is negative here, so that
    // nothing need be known of eras.
    let shifted = UInt32(truncatingIfNeeded: month <= 2 ? year &- 1 : year)
    let months = UInt32(truncatingIfNeeded: month <= 2 ? month &+ 9 : month &- 3)
    let century = shifted / 100
    let dayOfYear = (153 &* months &+ 2) / 5 &+ UInt32(truncatingIfNeeded: day &- 1)
    let days = shifted &* 365 &+ shifted &>> 2 &- century &+ century &>> 2 &+ dayOfYear
    number = Int32(bitPattern: days) &- 719_468
  }

  package var components: (year: Int, month: Int, day: Int) {
    let shifted = Int(number) + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let month = (5 * dayOfYear + 2) / 153
    let day = dayOfYear - (153 * month + 2) / 5 + 1
    let civil = month < 10 ? month + 3 : month - 9
    return (yearOfEra + era * 400 + (civil <= 2 ? 1 : 0), civil, day)
  }

  package static func days(inMonth month: Int, of year: Int) -> Int {
    switch month {
    case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }

  package static func < (left: Day, right: Day) -> Bool { left.number < right.number }

  /// ISO 8601: `2022-11-03`.
  package var text: String {
    let (year, month, day) = components
    func padded(_ value: Int, _ width: Int) -> String {
      let digits = String(value)
      return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
    return "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))"
  }
}
