import Campaign
import Diagnostics

/// A piece of an expression, and the scalar at which it begins.
struct Token {
  enum Kind: Hashable {
    /// A name or a keyword, as written.
    case word(String)
    /// A name in backticks: never a keyword.
    case name(String)
    case text(String)
    case integer(Int64)
    case number(Double)
    case day(Day)
    /// Seconds since midnight.
    case time(Int64)
    /// `= != < <= > >= + - * / ( ) [ ] , .`
    case symbol(String)
    case end
  }
  var kind: Kind
  var start: Int
  /// As written, for messages.
  var written: String
}

/// Why an expression cannot be used. One at a time: what follows a syntax error means nothing.
struct ExpressionError: Error {
  var diagnostic: Diagnostic
}

/// Cuts an expression into tokens. Full-width punctuation, as Chinese keyboards give it, counts as the ASCII mark that it
/// stands for, outside of quotes and backticks.
struct Lexer {
  private let text: ExpressionText
  private let scalars: [Unicode.Scalar]
  private var position = 0
  /// A rule is a sentence, not a program; and a bound on the work and the depth of everything behind.
  static let tokenLimit = 1_000

  init(_ text: ExpressionText) {
    self.text = text
    scalars = Array(text.text.unicodeScalars)
  }

  mutating func tokens() throws(ExpressionError) -> [Token] {
    var tokens: [Token] = []
    while true {
      while position < scalars.count, Self.isSpace(scalars[position]) { position += 1 }
      let start = position
      guard position < scalars.count else {
        tokens.append(Token(kind: .end, start: start, written: ""))
        return tokens
      }
      let kind = try next()
      tokens.append(Token(kind: kind, start: start, written: written(start..<position)))
      if tokens.count > Self.tokenLimit {
        throw fault(
          start, LocalizedText(zh: "不超过 \(Self.tokenLimit) 个词", en: "at most \(Self.tokenLimit) words and signs"))
      }
    }
  }

  private func written(_ range: Range<Int>) -> String {
    var view = String.UnicodeScalarView()
    view.append(contentsOf: scalars[range])
    return String(view)
  }

  private func fault(_ start: Int, _ expected: LocalizedText, found: String = "") -> ExpressionError {
    ExpressionError(
      diagnostic: Diagnostic(.expressionSyntax, at: text.place(start), found: found, [.word(expected), .literal("")]))
  }

  static func isSpace(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.isWhitespace || scalar == "\u{3000}"
  }

  /// The ASCII mark for which a full-width one stands.
  private static func narrowed(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
    switch scalar {
    case "、": ","
    case "。": "."
    case "【": "["
    case "】": "]"
    case "×": "*"
    case "÷": "/"
    case "−": "-"
    case "≠", "≤", "≥": scalar
    default:
      (0xFF01...0xFF5E).contains(scalar.value) ? Unicode.Scalar(scalar.value - 0xFEE0) ?? scalar : scalar
    }
  }

  private func peek(_ offset: Int = 0) -> Unicode.Scalar? {
    scalars.indices.contains(position + offset) ? Self.narrowed(scalars[position + offset]) : nil
  }

  private static func isDigit(_ scalar: Unicode.Scalar?) -> Bool {
    scalar.map { ("0"..."9").contains($0) } ?? false
  }

  private static func isLetter(_ scalar: Unicode.Scalar) -> Bool { scalar == "_" || scalar.properties.isAlphabetic }

  private mutating func next() throws(ExpressionError) -> Token.Kind {
    let start = position
    guard let scalar = peek() else { return .end }
    switch scalar {
    case "'", "\"": return .text(try quoted(until: [scalars[position], scalar]))
    case "‘", "’": return .text(try quoted(until: ["’", "‘"]))
    case "“", "”": return .text(try quoted(until: ["”", "“"]))
    case "`": return .name(try quoted(until: ["`"]))
    case "≤", "≥", "≠":
      position += 1
      return .symbol(scalar == "≤" ? "<=" : scalar == "≥" ? ">=" : "!=")
    case "<", ">", "!", "=": return try comparison(scalar)
    case "+", "-", "*", "/", "(", ")", "[", "]", ",", ".":
      position += 1
      return .symbol(String(scalar))
    default: break
    }
    if Self.isDigit(scalar) { return try number() }
    guard Self.isLetter(scalar) else {
      throw fault(
        start, LocalizedText(zh: "字段名、数、日期或加引号的文字", en: "a name, a number, a date or a text in quotes"),
        found: String(scalars[start]))
    }
    while let scalar = peek(),
      Self.isLetter(scalar) || Self.isDigit(scalar) || scalar.properties.numericType == .decimal
    {
      position += 1
    }
    let word = written(start..<position)
    // The one keyword with a sign in it.
    if word == "as", peek() == "-", written(position + 1..<min(position + 3, scalars.count)) == "of" {
      position += 3
      return .word("as-of")
    }
    return .word(word)
  }

  private mutating func comparison(_ first: Unicode.Scalar) throws(ExpressionError) -> Token.Kind {
    let start = position
    position += 1
    if peek() == "=" || (first == "<" && peek() == ">") {
      let second = peek()
      position += 1
      if first == "=" { return .symbol("=") }
      return .symbol(second == ">" ? "!=" : String(first) + "=")
    }
    if first == "!" { throw fault(start, LocalizedText(zh: "!= 或 not", en: "!= or not"), found: "!") }
    return .symbol(String(first))
  }

  /// A text ends at a quote like that with which it began; a doubled one stands for itself.
  private mutating func quoted(until ends: [Unicode.Scalar]) throws(ExpressionError) -> String {
    let start = position
    position += 1
    var view = String.UnicodeScalarView()
    while position < scalars.count {
      let scalar = scalars[position]
      position += 1
      guard ends.contains(scalar) else {
        view.append(scalar)
        continue
      }
      guard position < scalars.count, scalars[position] == scalar, ends.contains(scalars[start]) else {
        return String(view)
      }
      view.append(scalar)
      position += 1
    }
    throw fault(start, LocalizedText(zh: "成对的引号", en: "a closing quote"), found: String(scalars[start]))
  }

  private mutating func digits() -> String {
    var text = String.UnicodeScalarView()
    while let scalar = peek(), Self.isDigit(scalar) {
      text.append(scalar)
      position += 1
    }
    return String(text)
  }

  private mutating func number() throws(ExpressionError) -> Token.Kind {
    let start = position
    let whole = digits()
    if whole.utf8.count == 4, peek() == "-", Self.isDigit(peek(1)), Self.isDigit(peek(2)), peek(3) == "-",
      Self.isDigit(peek(4))
    {
      return try day(year: whole, start)
    }
    if whole.utf8.count <= 2, peek() == ":", Self.isDigit(peek(1)) { return try time(hour: whole, start) }
    var text = whole
    if peek() == ".", Self.isDigit(peek(1)) {
      position += 1
      text += "." + digits()
      guard let number = Double(text) else { throw fault(start, LocalizedText(zh: "数", en: "a number")) }
      return .number(number)
    }
    guard let integer = Int64(text) else {
      throw fault(
        start, LocalizedText(zh: "不超过 9223372036854775807 的数", en: "a number up to 9223372036854775807"), found: text)
    }
    return .integer(integer)
  }

  private mutating func day(year: String, _ start: Int) throws(ExpressionError) -> Token.Kind {
    position += 1
    let month = digits()
    var day = ""
    if peek() == "-" {
      position += 1
      day = digits()
    }
    if month.utf8.count == 2, day.utf8.count == 2, let year = Int(year), let month = Int(month), let number = Int(day),
      let day = Day(year: year, month: month, day: number)
    {
      return .day(day)
    }
    throw fault(
      start, LocalizedText(zh: "真实的日期，如 2022-11-03", en: "a real day like 2022-11-03"), found: written(start..<position)
    )
  }

  private mutating func time(hour: String, _ start: Int) throws(ExpressionError) -> Token.Kind {
    position += 1
    let minute = digits()
    var second = "00"
    if peek() == ":", Self.isDigit(peek(1)) {
      position += 1
      second = digits()
    }
    if let hour = Int64(hour), let minute = Int64(minute), let second = Int64(second), hour < 24, minute < 60,
      second < 60
    {
      return .time(hour * 3600 + minute * 60 + second)
    }
    throw fault(
      start, LocalizedText(zh: "时间，如 08:30", en: "a time like 08:30"), found: written(start..<position))
  }
}
