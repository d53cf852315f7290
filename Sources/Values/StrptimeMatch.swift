import Campaign

/// What a text in a format of strptime says.
struct StrptimeMatch {
  private var year: Int?
  private var month: Int?
  private var dayOfMonth = 0
  private var dayOfYear: Int?
  private var hour = 0
  private var minute = 0
  private var second = 0
  private var nanoseconds = 0
  private var half: Int?
  private var weekday: Int?
  /// Minutes east of Greenwich.
  private(set) var offset: Int?

  mutating func read(_ element: StrptimePattern.Element, in cell: Span<UInt8>, at index: inout Int) -> Bool {
    switch element {
    case .literal(let byte):
      guard index < cell.count, cell[index] == byte else { return false }
      index += 1
      return true
    case .space:
      let start = index
      while index < cell.count, case let length = spaceLength(cell, at: index, upTo: cell.count), length > 0 {
        index += length
      }
      return index > start
    case .number(let item, let minimum, let maximum):
      let start = index
      var value = 0
      while index < cell.count, index - start < maximum, isDigit(cell[index]) {
        value = value * 10 + Int(cell[index] & 0x0F)
        index += 1
      }
      guard index - start >= minimum else { return false }
      set(item, value)
      return true
    case .fraction: return readFraction(cell, at: &index)
    case .monthName, .weekdayName, .halfOfDay, .zone: return readWords(element, in: cell, at: &index)
    }
  }

  private mutating func set(_ item: StrptimePattern.Item, _ value: Int) {
    switch item {
    case .year: year = value
    case .yearOfCentury: year = value < 69 ? 2000 + value : 1900 + value
    case .month: month = value
    case .day: dayOfMonth = value
    case .dayOfYear: dayOfYear = value
    case .hour: hour = value
    case .hourOfHalf: hour = (1...12).contains(value) ? value : 24
    case .minute: minute = value
    case .second: second = value
    }
  }

  /// One to nine digits, of which the first is a tenth of a second.
  private mutating func readFraction(_ cell: Span<UInt8>, at index: inout Int) -> Bool {
    let start = index
    var unit = 100_000_000
    while index < cell.count, unit > 0, isDigit(cell[index]) {
      nanoseconds += Int(cell[index] & 0x0F) * unit
      unit /= 10
      index += 1
    }
    return index > start
  }

  private mutating func readWords(_ element: StrptimePattern.Element, in cell: Span<UInt8>, at index: inout Int) -> Bool
  {
    var end = index
    while end < cell.count, isWordByte(cell[end]) { end += 1 }
    // One ASCII character for each byte; the longest word, Wednesday, has nine.
    guard index < end, let text = FoldedText(cell.extracting(index..<min(end, index + 12))) else { return false }
    var scanner = DateScanner(text, style: DateStyle())
    switch element {
    case .monthName:
      guard let name = scanner.readMonthName() else { return false }
      month = name
    case .weekdayName:
      guard let name = scanner.readWord(among: weekdayNames) else { return false }
      weekday = name % 7
    case .halfOfDay:
      guard let name = scanner.readWord(among: ["am", "pm"]) else { return false }
      half = name
    default:
      guard let minutes = scanner.readZone() else { return false }
      offset = minutes
    }
    index += scanner.index
    return true
  }

  func day(_ style: DateStyle) throws(ValueError) -> Day {
    let day: Day
    if let year, let dayOfYear {
      guard let first = Day(year: year, month: 1, day: 1), let last = Day(year: year, month: 12, day: 31) else {
        throw .noSuchDay
      }
      day = Day(number: first.number + Int32(dayOfYear) - 1)
      guard first <= day, day <= last else { throw .noSuchDay }
    } else if let year {
      day = try calendarDay(year, month ?? 0, dayOfMonth)
    } else {
      day = try style.day(withoutYear: month ?? 0, dayOfMonth)
    }
    if let weekday, weekday != day.weekday { throw .wrongWeekday }
    return day
  }

  func time() throws(ValueError) -> TimeOfDay {
    try TimeOfDay(hour: hour, minute: minute, second: second, nanoseconds: nanoseconds).inHalf(half)
  }
}

/// A byte of a name or a zone: letters, digits, `+`, `-`, `:`.
private func isWordByte(_ byte: UInt8) -> Bool {
  isLetter(UInt32(byte)) || isDigit(byte) || [UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: ":")].contains(byte)
}
