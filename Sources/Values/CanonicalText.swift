package import Campaign

/// The one way in which each value is written: what the readers read with `default`, and equal values are equal bytes.
extension [UInt8] {
  package mutating func append(integer value: Int64) {
    if value < 0 { append(UInt8(ascii: "-")) }
    appendDigits(value.magnitude, width: 1)
  }

  /// The shortest digits that give `value` back; without an exponent up to 2^53, so `100` and not `1e+02`.
  package mutating func append(number value: Double) {
    guard value.isFinite else {
      append(contentsOf: (value.isNaN ? "NaN" : value < 0 ? "-INF" : "INF").utf8)
      return
    }
    var scale = 1.0
    for places in 0...6 {
      let scaled = value.magnitude * scale
      guard scaled < 1e15 else { break }
      let digits = UInt64(scaled + 0.5)
      if Double(digits) / scale == value.magnitude {
        if value < 0 { append(UInt8(ascii: "-")) }
        appendFixed(digits, places: places)
        return
      }
      scale *= 10
    }
    let text = value.description.utf8
    append(contentsOf: text.suffix(2).elementsEqual(".0".utf8) ? text.dropLast(2) : text[...])
  }

  /// `digits` / 10^`places`, of which the last place is not 0.
  private mutating func appendFixed(_ digits: UInt64, places: Int) {
    var unit: UInt64 = 1
    for _ in 0..<places { unit *= 10 }
    appendDigits(digits / unit, width: 1)
    guard places > 0 else { return }
    append(UInt8(ascii: "."))
    appendDigits(digits % unit, width: places)
  }

  /// `2022-11-03`.
  package mutating func append(day: Day) {
    let (year, month, dayOfMonth) = day.components
    appendDigits(UInt64(Swift.max(year, 0)), width: 4)
    append(UInt8(ascii: "-"))
    appendDigits(UInt64(month), width: 2)
    append(UInt8(ascii: "-"))
    appendDigits(UInt64(dayOfMonth), width: 2)
  }

  /// `14:30:00`, and the fraction without zeros at its end.
  package mutating func append(time: TimeOfDay) {
    appendDigits(UInt64(time.seconds / 3600), width: 2)
    append(UInt8(ascii: ":"))
    appendDigits(UInt64(time.seconds / 60 % 60), width: 2)
    append(UInt8(ascii: ":"))
    appendDigits(UInt64(time.seconds % 60), width: 2)
    guard time.nanoseconds > 0 else { return }
    append(UInt8(ascii: "."))
    appendDigits(UInt64(time.nanoseconds), width: 9)
    while last == UInt8(ascii: "0") { removeLast() }
  }

  /// `2022-11-03T14:30:00+08:00`: by the clock where it was written, with the zone if it was given.
  package mutating func append(timestamp: Timestamp) {
    let (day, time) = timestamp.local
    append(day: day)
    append(UInt8(ascii: "T"))
    append(time: time)
    guard timestamp.hasZone else { return }
    if timestamp.offsetMinutes == 0 {
      append(UInt8(ascii: "Z"))
      return
    }
    append(timestamp.offsetMinutes < 0 ? UInt8(ascii: "-") : UInt8(ascii: "+"))
    appendDigits(UInt64(timestamp.offsetMinutes.magnitude / 60), width: 2)
    append(UInt8(ascii: ":"))
    appendDigits(UInt64(timestamp.offsetMinutes.magnitude % 60), width: 2)
  }

  /// At least four digits, as XML Schema writes a year.
  package mutating func append(year: Int) {
    if year < 0 { append(UInt8(ascii: "-")) }
    appendDigits(UInt64(year.magnitude), width: 4)
  }

  package mutating func append(boolean: Bool) { append(contentsOf: (boolean ? "true" : "false").utf8) }

  private mutating func appendDigits(_ value: UInt64, width: Int) {
    if width == 2, value < 100 {
      append(UInt8(truncatingIfNeeded: 0x30 &+ value / 10))
      append(UInt8(truncatingIfNeeded: 0x30 &+ value % 10))
      return
    }
    var digits = InlineArray<20, UInt8>(repeating: UInt8(ascii: "0"))
    var rest = value
    var start = 20
    while rest > 0 {
      start &-= 1
      digits[start] = UInt8(truncatingIfNeeded: 0x30 &+ rest % 10)
      rest /= 10
    }
    for index in Swift.min(start, 20 - width)..<20 { append(digits[index]) }
  }
}
