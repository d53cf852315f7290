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
/// normalizers are those of dates. Cells are trimmed before.
package struct TimestampReader: Sendable {
  private enum Form {
    case iso, any
    case pattern(StrptimePattern)
  }
  private let form: Form
  private let style: DateStyle

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

  package init(_ field: Field, window: ClosedRange<Day>? = nil) throws(FormatError) {
    try self.init(format: field.format, normalizers: field.normalizers, window: window, locales: field.locales)
  }

  /// - Throws: `notADatetime`, `noSuchTime`, and what `DateReader.read` throws.
  package func read(_ cell: Span<UInt8>) throws(ValueError) -> Timestamp {
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
