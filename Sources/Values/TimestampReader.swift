package import Campaign

/// A moment as a cell writes it.
package struct Timestamp: Hashable, Sendable {
  /// Seconds since 1970-01-01 00:00:00: in UTC when the cell gives a zone, else by the clock on the wall.
  package var seconds: Int64
  package var nanoseconds: Int32
  /// Minutes east of Greenwich of the zone that the cell gives; 0 without one.
  package var offsetMinutes: Int16
  package var hasZone: Bool

  package init(seconds: Int64, nanoseconds: Int32 = 0, offsetMinutes: Int16 = 0, hasZone: Bool = false) {
    self.seconds = seconds
    self.nanoseconds = nanoseconds
    self.offsetMinutes = offsetMinutes
    self.hasZone = hasZone
  }

  init(_ day: Day, _ time: TimeOfDay, offset: Int?) {
    self.init(
      seconds: Int64(day.number) * 86_400 + Int64(time.seconds) - Int64(offset ?? 0) * 60,
      nanoseconds: time.nanoseconds, offsetMinutes: Int16(offset ?? 0), hasZone: offset != nil)
  }

  /// The day and the time by the clock where it was written.
  package var local: (day: Day, time: TimeOfDay) {
    let seconds = seconds + Int64(offsetMinutes) * 60
    let day = seconds >= 0 ? seconds / 86_400 : (seconds - 86_399) / 86_400
    return (Day(number: Int32(day)), TimeOfDay(seconds: Int32(seconds - day * 86_400), nanoseconds: nanoseconds))
  }
}

/// Reads the datetimes of one field. `format`: `default` is ISO 8601 as XML Schema has it
/// (`2022-11-03T14:30:00[.25][Z|+08:00]`); `any` takes every form whose meaning is certain; else a strptime pattern. The
/// normalizers are those of dates. Cells are trimmed before. A class, so that it is used in place by all tasks.
package final class TimestampReader: Sendable {
  private enum Form {
    case iso, any
    case pattern(StrptimePattern)
  }
  private let form: Form
  private let style: DateStyle
  private var readsISO: Bool { if case .pattern = form { false } else { true } }

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
      guard pattern.namesDay(yearIsGiven: style.takesYearFromWindow), pattern.namesTime else {
        throw FormatError(
          zh: "日期时间格式 \(format) 须含年、月、日和时（%Y %m %d %H）",
          en: "the datetime format \(format) must have year, month, day and hour (%Y %m %d %H)")
      }
      form = .pattern(pattern)
    }
  }

  package convenience init(_ field: Field, window: ClosedRange<Day>? = nil) throws(FormatError) {
    try self.init(format: field.format, normalizers: field.normalizers, window: window, locales: field.locales)
  }

  /// - Throws: `notADatetime`, `noSuchTime`, and what `DateReader.read` throws.
  package func read(_ cell: Span<UInt8>) throws(ValueError) -> Timestamp {
    if readsISO, let timestamp = wholeTimestamp(cell) { return timestamp }
    switch form {
    case .iso:
      if let timestamp = try isoTimestamp(cell) { return timestamp }
      guard style.addsForms else { throw .notADatetime }
      return try readWritten(cell, strictly: true)
    case .any:
      if let timestamp = try isoTimestamp(cell) { return timestamp }
      return try readWritten(cell, strictly: false)
    case .pattern(let pattern):
      if let match = pattern.match(cell) { return try Timestamp(match.day(style), match.time(), offset: match.offset) }
      guard style.addsForms else { throw .notADatetime }
      return try readWritten(cell, strictly: true)
    }
  }

  private func readWritten(_ cell: Span<UInt8>, strictly: Bool) throws(ValueError) -> Timestamp {
    if let words = style.monthWords, let rewritten = words.rewrite(cell) {
      return try readScanned(rewritten.span, strictly: strictly)
    }
    return try readScanned(cell, strictly: strictly)
  }

  private func readScanned(_ cell: Span<UInt8>, strictly: Bool) throws(ValueError) -> Timestamp {
    guard let text = FoldedText(cell) else { throw .notADatetime }
    var scanner = DateScanner(text, style: style)
    if style.readsExcelSerials, let (day, seconds) = scanner.readExcelSerial() {
      return Timestamp(day, TimeOfDay(seconds: Int32(seconds)), offset: nil)
    }
    let day: Day
    do {
      day = try scanner.readDate()
    } catch {
      throw error == .notADate ? .notADatetime : error
    }
    guard !strictly || scanner.isAddedForm, let time = try scanner.readTimeBehindDate() else { throw .notADatetime }
    let offset = scanner.readZone()
    guard scanner.index == text.count else { throw .notADatetime }
    return Timestamp(day, time, offset: offset)
  }
}

/// The commonest form of XML Schema, eight bytes at a time: `2022-11-03T14:30:00`, with `Z`, a zone or none. `nil` for every
/// other cell, and for one with a part that no day or clock has.
private func wholeTimestamp(_ cell: Span<UInt8>) -> Timestamp? {
  let count = cell.count
  guard count == 19 || count == 20 || count == 25, let yearToMonth = digits(cell, at: 0, of: "0000-00-"),
    let monthToDay = digits(cell, at: 3, of: "0-00-00T"), let time = digits(cell, at: 11, of: "00:00:00")
  else { return nil }
  var offset: Int?
  if count == 20 {
    guard cell[19] == UInt8(ascii: "Z") else { return nil }
    offset = 0
  } else if count == 25 {
    let isWest = cell[19] == UInt8(ascii: "-")
    guard let zone = isWest ? digits(cell, at: 17, of: "00-00:00") : digits(cell, at: 17, of: "00+00:00") else {
      return nil
    }
    let minutes = pair(zone, 3) &* 60 &+ pair(zone, 6)
    guard pair(zone, 6) < 60, minutes <= 14 * 60 else { return nil }
    offset = isWest ? -minutes : minutes
  }
  let (hour, minute, second) = (pair(time, 0), pair(time, 3), pair(time, 6))
  let year = pair(yearToMonth, 0) &* 100 &+ pair(yearToMonth, 2)
  guard hour < 24, minute < 60, second < 60,
    let day = Day(year: year, month: pair(monthToDay, 2), day: pair(monthToDay, 5))
  else { return nil }
  let seconds = Int32(truncatingIfNeeded: hour &* 3600 &+ minute &* 60 &+ second)
  return Timestamp(day, TimeOfDay(seconds: seconds), offset: offset)
}

/// The values of the digits among the eight bytes at `start`, in their places; `nil` when they are not like `form`, in which `0`
/// stands for any digit.
@inline(__always)
private func digits(_ cell: Span<UInt8>, at start: Int, of form: StaticString) -> UInt64? {
  // SAFETY: the caller's cell has eight bytes there, `form` is eight bytes of ASCII, and every pattern of bits is a UInt64.
  let (word, wanted) = unsafe (
    cell.bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: start, as: UInt64.self),
    UnsafeRawPointer(form.utf8Start).loadUnaligned(as: UInt64.self)
  )
  let highest: UInt64 = 0x8080_8080_8080_8080
  // Of a digit at most 9, of all else 0: with `limit` added, that of no byte reaches its highest bit.
  let others = ((wanted ^ 0x3030_3030_3030_3030) &+ 0x7F7F_7F7F_7F7F_7F7F) & highest
  let limit = 0x7676_7676_7676_7676 &+ (others &>> 7) &* 9
  let values = word ^ wanted
  return ((values &+ limit) | values) & highest == 0 ? values : nil
}

/// The number that two digits write, the first of which is byte `place`.
@inline(__always)
private func pair(_ digits: UInt64, _ place: Int) -> Int {
  let word = digits &>> UInt64(truncatingIfNeeded: place &* 8)
  return Int(truncatingIfNeeded: (word & 0xFF) &* 10 &+ (word &>> 8 & 0xFF))
}

/// `nil` for a cell that is not in the form of XML Schema. 24:00:00 is the midnight that ends the day.
private func isoTimestamp(_ cell: Span<UInt8>) throws(ValueError) -> Timestamp? {
  guard cell.count >= 19, cell[4] == UInt8(ascii: "-"), cell[7] == UInt8(ascii: "-"), cell[10] == UInt8(ascii: "T"),
    let (year, month, dayOfMonth) = isoDate(startOf: cell),
    let (time, offset, endsDay) = try isoTime(cell, from: 11)
  else { return nil }
  let day = try calendarDay(year, month, dayOfMonth)
  return Timestamp(endsDay ? Day(number: day.number + 1) : day, time, offset: offset)
}

/// `14:30:00[.25][Z|+08:00]` from byte `start` to the end; `nil` for any other text.
func isoTime(
  _ cell: Span<UInt8>, from start: Int
) throws(ValueError) -> (time: TimeOfDay, offset: Int?, endsDay: Bool)? {
  guard cell.count >= start + 8, cell[start + 2] == UInt8(ascii: ":"), cell[start + 5] == UInt8(ascii: ":") else {
    return nil
  }
  let (hour, minute, second) = (twoDigits(cell, start), twoDigits(cell, start + 3), twoDigits(cell, start + 6))
  guard hour | minute | second >= 0 else { return nil }
  var index = start + 8
  var nanoseconds = 0
  if index < cell.count, cell[index] == UInt8(ascii: ".") {
    index += 1
    var unit = 100_000_000
    let first = index
    while index < cell.count, isDigit(cell[index]) {
      nanoseconds += Int(cell[index] & 0x0F) * unit
      unit /= 10
      index += 1
    }
    guard index > first else { return nil }
  }
  guard let offset = isoZone(cell, from: index) else { return nil }
  if hour == 24, minute == 0, second == 0, nanoseconds == 0 { return (TimeOfDay(seconds: 0), offset.minutes, true) }
  let time = try TimeOfDay(hour: hour, minute: minute, second: second, nanoseconds: nanoseconds)
  return (time, offset.minutes, false)
}

/// The zone that fills the rest of the cell, minutes east; `nil` when something else stands there.
func isoZone(_ cell: Span<UInt8>, from index: Int) -> (minutes: Int?, Void)? {
  if index == cell.count { return (nil, ()) }
  if cell[index] == UInt8(ascii: "Z") { return index + 1 == cell.count ? (0, ()) : nil }
  guard cell.count == index + 6, cell[index + 3] == UInt8(ascii: ":") else { return nil }
  let isWest = cell[index] == UInt8(ascii: "-")
  let (hours, minutes) = (twoDigits(cell, index + 1), twoDigits(cell, index + 4))
  guard isWest || cell[index] == UInt8(ascii: "+"), hours | minutes >= 0, minutes < 60 else { return nil }
  let offset = hours * 60 + minutes
  // XML Schema: to 14:00 in both directions.
  return offset <= 14 * 60 ? (isWest ? -offset : offset, ()) : nil
}
