import Glibc

/// A number of a sheet as decimal digits. Excel computes with 15 digits and shows no more; so 0.30000000000000004, which some
/// programs write, is 0.3. Digits are rounded as digits, without binary fractions.
struct SheetNumber {
  private var digits: [UInt8] = []
  /// Digits before the decimal point; may be negative or more than there are digits.
  private var point = 0
  private var isNegative = false
  /// Whether it was written with an exponent.
  private(set) var hasExponent = false
  private static let precision = 15
  /// Beyond so many zeros a number is written with an exponent.
  private static let mostZeros = 20

  /// `nil` when `text` is no number.
  init?(_ text: Span<UInt8>) {
    var at = 0
    if at < text.count, text[at] == UInt8(ascii: "-") || text[at] == UInt8(ascii: "+") {
      isNegative = text[at] == UInt8(ascii: "-")
      at += 1
    }
    var count = 0
    var isBehindPoint = false
    loop: while at < text.count {
      switch text[at] {
      case 0x30...0x39:
        count += 1
        guard count < 400 else { return nil }
        if !digits.isEmpty || text[at] != 0x30 {
          digits.append(text[at] - 0x30)
          if !isBehindPoint { point += 1 }
        } else if isBehindPoint {
          point -= 1
        }
      case UInt8(ascii: ".") where !isBehindPoint: isBehindPoint = true
      case UInt8(ascii: "e") where count > 0, UInt8(ascii: "E") where count > 0: break loop
      default: return nil
      }
      at += 1
    }
    guard count > 0 else { return nil }
    if at < text.count, !readExponent(text, at + 1) { return nil }
    if digits.isEmpty { point = 0 }
  }

  private mutating func readExponent(_ text: Span<UInt8>, _ start: Int) -> Bool {
    var at = start
    var sign = 1
    if at < text.count, text[at] == UInt8(ascii: "-") || text[at] == UInt8(ascii: "+") {
      sign = text[at] == UInt8(ascii: "-") ? -1 : 1
      at += 1
    }
    guard at < text.count, text.count - at <= 4 else { return false }
    var value = 0
    while at < text.count {
      guard (0x30...0x39).contains(text[at]) else { return false }
      value = value * 10 + Int(text[at] - 0x30)
      at += 1
    }
    point += sign * value
    hasExponent = true
    return true
  }

  /// Whether it is a whole number whose last digits were lost when it was stored.
  var hasLostDigits: Bool { hasExponent && digits.count >= Self.precision && point > Self.precision && point <= 20 }

  /// Rounds to 15 digits, unless it is a whole number written out: that is exact.
  mutating func round() {
    if digits.count > Self.precision, !(digits.count == point && !hasExponent) {
      let isUp = digits[Self.precision] >= 5
      digits.removeSubrange(Self.precision...)
      if isUp { increment() }
    }
    while let last = digits.last, last == 0 { digits.removeLast() }
    if digits.isEmpty {
      point = 0
      isNegative = false
    }
  }

  private mutating func increment() {
    var place = digits.count - 1
    while place >= 0, digits[place] == 9 {
      digits[place] = 0
      place -= 1
    }
    if place >= 0 {
      digits[place] += 1
    } else {
      digits.insert(1, at: 0)
      point += 1
    }
  }

  /// Hundred times as much.
  mutating func scaleToPercent() {
    if !digits.isEmpty { point += 2 }
  }

  /// - Parameter width: digits that a whole number has at least.
  func append(to output: inout [UInt8], width: Int = 0) {
    if isNegative { output.append(UInt8(ascii: "-")) }
    if point > digits.count + Self.mostZeros || point < -Self.mostZeros { return appendScientific(to: &output) }
    let isWhole = point >= digits.count
    if isWhole { for _ in 0..<max(0, width - max(1, point)) { output.append(0x30) } }
    if point <= 0 { output.append(0x30) }
    for place in 0..<max(0, point) { output.append(0x30 + (place < digits.count ? digits[place] : 0)) }
    guard !isWhole else { return }
    output.append(UInt8(ascii: "."))
    for _ in 0..<max(0, -point) { output.append(0x30) }
    for digit in digits[max(0, point)...] { output.append(0x30 + digit) }
  }

  private func appendScientific(to output: inout [UInt8]) {
    output.append(0x30 + (digits.first ?? 0))
    if digits.count > 1 { output.append(UInt8(ascii: ".")) }
    for digit in digits.dropFirst() { output.append(0x30 + digit) }
    output += Array("E\(point > 0 ? "+" : "")\(point - 1)".utf8)
  }

  var value: Double {
    var text = Array("\(isNegative ? "-" : "")0.".utf8) + digits.map { $0 + 0x30 } + Array("E\(point)".utf8)
    text.append(0)
    // SAFETY: `text` ends with NUL.
    return unsafe text.withUnsafeBufferPointer { buffer in
      unsafe buffer.withMemoryRebound(to: CChar.self) { unsafe strtod($0.baseAddress!, nil) }
    }
  }
}

/// Days and times, which a sheet holds as days since the end of 1899 or since 1904.
struct SheetCalendar {
  var startsIn1904: Bool
  private static let lastDay = 2_958_465

  /// Writes `serial` in the ISO form of `format`; `false` when it is no day or time that a sheet can show.
  func append(_ serial: Double, _ format: NumberFormat, to output: inout [UInt8]) -> Bool {
    guard serial.isFinite, serial >= 0, serial < Double(Self.lastDay + 1) else { return false }
    // To the millisecond: binary fractions of a day are off by less.
    let thousandths = Int((serial * 86_400_000).rounded())
    let (day, time) = thousandths.quotientAndRemainder(dividingBy: 86_400_000)
    if format == .duration {
      appendTime(thousandths, to: &output)
      return true
    }
    if format == .time {
      appendTime(time, to: &output)
      return true
    }
    // A day number below 1 with a time is a time, whatever else its format would show.
    if day == 0, time > 0, !startsIn1904, format == .dateTime {
      appendTime(time, to: &output)
      return true
    }
    guard day <= Self.lastDay else { return false }
    appendDay(day, to: &output)
    if format == .dateTime {
      output.append(UInt8(ascii: "T"))
      appendTime(time, to: &output)
    }
    return true
  }

  private func appendTime(_ thousandths: Int, to output: inout [UInt8]) {
    let seconds = thousandths / 1000
    append(seconds / 3600, width: 2, to: &output)
    output.append(UInt8(ascii: ":"))
    append(seconds / 60 % 60, width: 2, to: &output)
    output.append(UInt8(ascii: ":"))
    append(seconds % 60, width: 2, to: &output)
    if thousandths % 1000 != 0 {
      output.append(UInt8(ascii: "."))
      append(thousandths % 1000, width: 3, to: &output)
    }
  }

  /// In the system of 1900 there is a 29 February 1900, as in Lotus 1-2-3, and a day 0 before the first.
  private func appendDay(_ day: Int, to output: inout [UInt8]) {
    if !startsIn1904, day == 60 || day == 0 {
      output += Array((day == 60 ? "1900-02-29" : "1900-01-00").utf8)
      return
    }
    // Days since 1 March of the year 0 (Howard Hinnant, "chrono-compatible low-level date algorithms").
    let epoch = startsIn1904 ? 695_361 : day < 60 ? 693_900 : 693_899
    let (year, month, date) = Self.civil(epoch + day)
    append(year, width: 4, to: &output)
    output.append(UInt8(ascii: "-"))
    append(month, width: 2, to: &output)
    output.append(UInt8(ascii: "-"))
    append(date, width: 2, to: &output)
  }

  /// - Parameter number: days since 1 March of the year 0.
  private static func civil(_ number: Int) -> (Int, Int, Int) {
    let era = number / 146_097
    let dayOfEra = number % 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shifted = (5 * dayOfYear + 2) / 153
    let month = shifted < 10 ? shifted + 3 : shifted - 9
    return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shifted + 2) / 5 + 1)
  }

  private func append(_ number: Int, width: Int, to output: inout [UInt8]) {
    let text = Array(String(number).utf8)
    for _ in 0..<max(0, width - text.count) { output.append(0x30) }
    output += text
  }
}
