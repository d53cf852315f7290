/// What a number format makes of a number, as far as it matters for what a person reads in the cell.
enum NumberFormat: Hashable {
  case plain
  /// A code with so many digits at least: 00012.
  case padded(Int)
  case percent
  case date, dateTime, time
  /// Time that goes beyond a day: [h]:mm.
  case duration

  /// The formats that every program knows by number; those from 27 on are of Chinese, Japanese, Korean and Thai.
  init(builtIn id: Int) {
    switch id {
    case 9, 10: self = .percent
    case 14...17, 27...31, 36, 50...54, 57, 58, 71...74, 81: self = .date
    case 18...21, 32...35, 45, 47, 55, 56, 75, 76, 78, 80: self = .time
    case 22, 77: self = .dateTime
    case 46, 79: self = .duration
    default: self = .plain
    }
  }

  /// Reads a format code. Of its sections the first counts: the one for numbers above zero.
  init(code: String) {
    var tokens = FormatTokens(code)
    self = tokens.format()
  }
}

/// The letters of the first section of a format code, without what is quoted, escaped or in brackets.
private struct FormatTokens {
  private enum Token: Equatable {
    case day, hour, minuteOrMonth, second, percent, zero, other
  }
  private var tokens: [Token] = []
  private var isElapsed = false

  init(_ code: String) {
    var rest = Array(code.unicodeScalars)[...]
    if code.hasPrefix("General") || code.hasPrefix("G/") { rest = [] }
    while let scalar = rest.popFirst(), scalar != ";" {
      switch scalar {
      case "\"":
        while let next = rest.popFirst(), next != "\"" {}
      case "\\", "_", "*": _ = rest.popFirst()
      case "[": readBracket(&rest)
      case "A" where rest.starts(with: "M/PM".unicodeScalars): rest.removeFirst(4)
      case "a" where rest.starts(with: "m/pm".unicodeScalars): rest.removeFirst(4)
      case "A" where rest.starts(with: "/P".unicodeScalars), "a" where rest.starts(with: "/p".unicodeScalars):
        rest.removeFirst(2)
      case "上", "下": if rest.first == "午" { rest.removeFirst() }
      case "E", "e":
        if let sign = rest.first, sign == "+" || sign == "-" {
          rest.removeFirst()
          tokens.append(.other)
        } else {
          append(.day)  // the year of an era
        }
      case "y", "Y", "d", "D", "g", "b", "B": append(.day)
      case "a" where rest.starts(with: "aa".unicodeScalars): append(.day)
      case "h", "H": append(.hour)
      case "m", "M": append(.minuteOrMonth)
      case "s", "S": append(.second)
      case "%": tokens.append(.percent)
      case "0": tokens.append(.zero)
      case "#", "?", ".", ",", "@": tokens.append(.other)
      default: break
      }
    }
  }

  /// A run of one letter is one token.
  private mutating func append(_ token: Token) {
    if tokens.last != token { tokens.append(token) }
  }

  /// `[h]`, `[mm]`, `[ss]` count on beyond a day; `[Red]`, `[$-804]`, `[DBNum1]`, `[>100]` say nothing here.
  private mutating func readBracket(_ rest: inout ArraySlice<Unicode.Scalar>) {
    var content: [Unicode.Scalar] = []
    while let next = rest.popFirst(), next != "]" { content.append(next) }
    guard let first = content.first, content.allSatisfy({ $0 == first }) else { return }
    switch first {
    case "h", "H": append(.hour)
    case "m", "M": tokens.append(.minuteOrMonth)
    case "s", "S": append(.second)
    default: return
    }
    isElapsed = true
  }

  mutating func format() -> NumberFormat {
    if isElapsed { return .duration }
    var hasDate = false
    var hasTime = false
    let letters = tokens.filter { $0 != .zero && $0 != .other }
    for (place, token) in letters.enumerated() {
      switch token {
      case .day: hasDate = true
      case .hour, .second: hasTime = true
      case .minuteOrMonth:
        // Minutes stand next to hours or seconds.
        let isMinute =
          place > 0 && letters[place - 1] == .hour || place + 1 < letters.count && letters[place + 1] == .second
        if isMinute { hasTime = true } else { hasDate = true }
      default: break
      }
    }
    if hasDate { return hasTime ? .dateTime : .date }
    if hasTime { return .time }
    if tokens.contains(.percent) { return .percent }
    return tokens.count > 1 && tokens.allSatisfy { $0 == .zero } ? .padded(tokens.count) : .plain
  }
}
