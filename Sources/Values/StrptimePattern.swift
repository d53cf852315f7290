import Campaign

/// A `format` of strptime(3), as Table Schema has it: `%Y %y %m %d %e %j %b %B %h %a %A %H %I %M %S %f %p %z %Z`, and
/// `%F %T %R %D`; `%%`; other characters stand for themselves, white space for any white space. Names are English, case
/// does not count. `%y` is 1969…2068, as POSIX says. Numbers may lack their leading zero, except beside one another.
struct StrptimePattern: Sendable {
  enum Element: Sendable, Equatable {
    case literal(UInt8)
    case space
    case number(Item, minimum: Int, maximum: Int)
    case monthName, weekdayName, halfOfDay, fraction, zone
  }
  enum Item: Sendable {
    case year, yearOfCentury, month, day, dayOfYear, hour, hourOfHalf, minute, second
  }
  private var elements: [Element] = []

  init(_ format: String) throws(FormatError) {
    // Table Schema wrote `fmt:` before patterns until 2016, and files do to this day.
    var rest = format.hasPrefix("fmt:") ? format.utf8.dropFirst(4) : format.utf8[...]
    guard rest.contains(UInt8(ascii: "%")) else {
      throw FormatError(
        zh: "格式 \(format) 不是 default、any，也不是含 %Y 之类的样式",
        en: "the format \(format) is neither default nor any nor a pattern with %Y and the like")
    }
    while let byte = rest.popFirst() {
      if byte == UInt8(ascii: "%") {
        try append(directive: rest.popFirst(), of: format)
      } else if isSpace(ascii: byte) {
        if elements.last != .space { elements.append(.space) }
      } else {
        elements.append(.literal(byte))
      }
    }
    fixWidths()
  }

  private mutating func append(directive: UInt8?, of format: String) throws(FormatError) {
    let shorthands: [UInt8: String] = [
      UInt8(ascii: "F"): "Y-m-d", UInt8(ascii: "T"): "H:M:S", UInt8(ascii: "R"): "H:M", UInt8(ascii: "D"): "m/d/y",
    ]
    if let directive, let parts = shorthands[directive] {
      for (place, part) in parts.utf8.enumerated() {
        if place % 2 == 0 { try append(directive: part, of: format) } else { elements.append(.literal(part)) }
      }
      return
    }
    switch directive.map({ Unicode.Scalar($0) }) {
    case "Y": elements.append(.number(.year, minimum: 4, maximum: 4))
    case "y": elements.append(.number(.yearOfCentury, minimum: 2, maximum: 2))
    case "m": elements.append(.number(.month, minimum: 1, maximum: 2))
    case "d", "e": elements.append(.number(.day, minimum: 1, maximum: 2))
    case "j": elements.append(.number(.dayOfYear, minimum: 1, maximum: 3))
    case "H": elements.append(.number(.hour, minimum: 1, maximum: 2))
    case "I": elements.append(.number(.hourOfHalf, minimum: 1, maximum: 2))
    case "M": elements.append(.number(.minute, minimum: 1, maximum: 2))
    case "S": elements.append(.number(.second, minimum: 1, maximum: 2))
    case "f": elements.append(.fraction)
    case "b", "B", "h": elements.append(.monthName)
    case "a", "A": elements.append(.weekdayName)
    case "p": elements.append(.halfOfDay)
    case "z", "Z": elements.append(.zone)
    case "%": elements.append(.literal(UInt8(ascii: "%")))
    case let other:
      let name = other.map { "%\($0)" } ?? "%"
      throw FormatError(zh: "格式 \(format) 中的 \(name) 不能识别", en: "\(name) in the format \(format) is not known")
    }
  }

  /// Numbers that stand beside one another have all their digits, or nobody could tell them apart.
  private mutating func fixWidths() {
    let isNumber = elements.map { element in
      if case .number = element { return true }
      return element == .fraction
    }
    for place in elements.indices {
      let hasNeighbour = (place > 0 && isNumber[place - 1]) || (place + 1 < isNumber.count && isNumber[place + 1])
      if hasNeighbour, case .number(let item, _, let maximum) = elements[place] {
        elements[place] = .number(item, minimum: maximum, maximum: maximum)
      }
    }
  }

  private func has(_ item: Item) -> Bool {
    elements.contains { element in
      if case .number(item, _, _) = element { return true }
      return false
    }
  }

  /// Whether a text in this format names one day. `yearIsGiven`: the year may come from elsewhere.
  func namesDay(yearIsGiven: Bool) -> Bool {
    let hasYear = has(.year) || has(.yearOfCentury) || yearIsGiven
    return hasYear && (has(.dayOfYear) || (has(.day) && (has(.month) || elements.contains(.monthName))))
  }

  /// Whether a text in this format names an hour of a day.
  var namesTime: Bool { has(.hour) || (has(.hourOfHalf) && elements.contains(.halfOfDay)) }

  /// The fields of `cell`; `nil` when it is not in this format.
  func match(_ cell: Span<UInt8>) -> StrptimeMatch? {
    var match = StrptimeMatch()
    var index = 0
    for element in elements {
      guard match.read(element, in: cell, at: &index) else { return nil }
    }
    return index == cell.count ? match : nil
  }
}
