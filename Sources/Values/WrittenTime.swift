import Campaign

/// A time of day by the clock on the wall.
package struct TimeOfDay: Hashable, Sendable {
  /// 0…86,399.
  package var seconds: Int32
  package var nanoseconds: Int32

  package init(seconds: Int32, nanoseconds: Int32 = 0) {
    self.seconds = seconds
    self.nanoseconds = nanoseconds
  }

  init(hour: Int, minute: Int, second: Int, nanoseconds: Int = 0) throws(ValueError) {
    guard (0..<24).contains(hour), (0..<60).contains(minute), (0..<60).contains(second) else { throw .noSuchTime }
    self.init(seconds: Int32(hour * 3600 + minute * 60 + second), nanoseconds: Int32(nanoseconds))
  }
}

extension DateScanner {
  /// The time behind a date: behind `T`, white space, or at once when it is in Chinese; `nil` when there is none.
  mutating func readTimeBehindDate() throws(ValueError) -> TimeOfDay? {
    let place = index
    skipSpaces()
    if index == place, text[index] == code("t") { index += 1 }
    let isApart = index > place
    guard let time = try readTime(), isApart || !isDigit(text[place - 1]) else {
      index = place
      return nil
    }
    return time
  }

  /// `14:30`, `14:30:05.25`, `2:30 pm`, 14时30分, 下午2点30分5秒; `nil` when there is none.
  mutating func readTime() throws(ValueError) -> TimeOfDay? {
    var half = readHalfOfDay()
    skipSpaces()
    guard let hour = readPart(), hour.width <= 2 else { return nil }
    skipSpaces()
    var minute = Part(value: 0, width: 2)
    var second = Part(value: 0, width: 2)
    var nanoseconds = 0
    if skip(":") {
      guard let part = readPart(), part.width == 2 else { return nil }
      minute = part
      if skip(":") {
        guard let part = readPart(), part.width == 2 else { return nil }
        second = part
        nanoseconds = readFraction()
      }
    } else {
      let isPoint = skip("点") || skip("點")
      guard isPoint || skip("时") || skip("時") else { return nil }
      if let quarters = isPoint ? readQuarters() : nil {
        minute = Part(value: quarters * 15, width: 2)
      } else if let part = readPart(before: "分") {
        minute = part
      } else if isPoint, skip("整") || skip("钟") || skip("鐘") {
        // 九点整, 九点钟
      }
      if let part = readPart(before: "秒") { second = part }
    }
    let place = index
    skipSpaces()
    if half == nil, let word = readWord(among: ["am", "pm"]) { half = word } else { index = place }
    return try TimeOfDay(
      hour: hour.value, minute: minute.value, second: second.value, nanoseconds: nanoseconds
    ).inHalf(half)
  }

  /// The number before a mark, and the mark; `nil`, and nothing read, when they do not stand here.
  private mutating func readPart(before mark: Unicode.Scalar) -> Part? {
    let place = index
    skipSpaces()
    if let part = readPart() {
      skipSpaces()
      if skip(mark) { return part }
    }
    index = place
    return nil
  }

  /// 0 for 上午, 早上, 凌晨, 清晨; 1 for 下午, 晚上, 傍晚, 中午.
  private mutating func readHalfOfDay() -> Int? {
    skipSpaces()
    for (first, second, half) in partsOfDay where text[index] == code(first) && text[index + 1] == code(second) {
      index += 2
      return half
    }
    return nil
  }

  /// 半, 一刻, 三刻 behind 点.
  private mutating func readQuarters() -> Int? {
    if skip("半") { return 2 }
    guard text[index + 1] == code("刻"), text[index] == code("一") || text[index] == code("三") else { return nil }
    index += 2
    return text[index - 2] == code("一") ? 1 : 3
  }

  /// Nanoseconds of `.25`; further digits than nine are cut.
  private mutating func readFraction() -> Int {
    guard text[index] == code("."), isDigit(text[index + 1]) else { return 0 }
    index += 1
    var unit = 100_000_000
    var nanoseconds = 0
    while isDigit(text[index]) {
      nanoseconds += Int(text[index] & 0x0F) * unit
      unit /= 10
      index += 1
    }
    return nanoseconds
  }

  /// 北京时间
  private mutating func readBeijingTime() -> Bool {
    let isNamed =
      text[index] == code("北") && text[index + 1] == code("京") && text[index + 2] == code("时")
      && text[index + 3] == code("间")
    if isNamed { index += 4 }
    return isNamed
  }

  /// Minutes east of Greenwich for `Z`, `+08:00`, `+0800`, `+08`; `nil` when there is no zone.
  mutating func readZone() -> Int? {
    let place = index
    skipSpaces()
    if skip("z") { return 0 }
    if readBeijingTime() { return 480 }
    let isNamed = readWord(among: ["utc", "gmt"]) != nil
    if isNamed, text[index] != code("+"), text[index] != code("-") { return 0 }
    let isWest = text[index] == code("-")
    if isWest || text[index] == code("+") {
      index += 1
      if let hours = readPart() {
        var minutes = hours.value * 60
        if hours.width == 4 {
          minutes = hours.value / 100 * 60 + hours.value % 100
        } else if skip(":") {
          minutes = readPart().map { $0.width == 2 && $0.value < 60 ? minutes + $0.value : .max } ?? .max
        }
        // The furthest zones are +14:00 and -12:00; UTC+8 has one digit.
        if hours.width == 2 || hours.width == 4 || hours.width == 1 && isNamed, minutes <= 14 * 60 {
          return isWest ? -minutes : minutes
        }
      }
    }
    index = place
    return nil
  }

  /// `44868`, `44868.604166`: a day and the seconds of it, as Excel counts; `nil` for any other text.
  mutating func readExcelSerial() -> (day: Day, seconds: Int)? {
    let start = index
    guard let part = readPart(), part.width == 5, let day = Day(excelSerial: part.value) else {
      index = start
      return nil
    }
    var fraction = 0.0
    if skip(".") {
      var unit = 0.1
      while isDigit(text[index]) {
        fraction += Double(text[index] & 0x0F) * unit
        unit /= 10
        index += 1
      }
    }
    guard index == text.count else {
      index = start
      return nil
    }
    // Excel's own times are sums of binary fractions; the nearest second is what was meant.
    let seconds = Int(fraction * 86_400 + 0.5)
    return seconds < 86_400 ? (day, seconds) : (Day(number: day.number + 1), 0)
  }
}

private let partsOfDay: [(Unicode.Scalar, Unicode.Scalar, Int)] = [
  ("上", "午", 0), ("早", "上", 0), ("早", "晨", 0), ("清", "晨", 0), ("凌", "晨", 0), ("下", "午", 1), ("晚", "上", 1),
  ("傍", "晚", 1), ("中", "午", 2),
]

extension TimeOfDay {
  /// 0 is before noon, 1 after it: 下午2点 is 14:00, 12 am is midnight. A time past 12 stands for itself.
  func inHalf(_ half: Int?) -> TimeOfDay {
    guard let half, seconds < 13 * 3600 else { return self }
    // 中午 11点半 is before noon, 中午 1点 behind it.
    if half == 2, seconds >= 10 * 3600 { return self }
    let hours = seconds % (12 * 3600)
    return TimeOfDay(seconds: hours + (half > 0 ? 12 * 3600 : 0), nanoseconds: nanoseconds)
  }
}
