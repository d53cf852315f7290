import Campaign
import Diagnostics

/// Reads the grammar of docs/rules.md. Recursive, with a limit on the depth.
struct Parser {
  private let text: ExpressionText
  private var tokens: [Token]
  private var next = 0
  private var depth = 0
  static let depthLimit = 64

  static let keywords: Set<String> = [
    "and", "or", "not", "in", "is", "blank", "matches", "if", "then", "else", "between", "of", "over", "where",
    "exists",
    "true", "false", "today", "as-of", "starts", "ends", "with", "contains",
  ]

  private init(_ text: ExpressionText) throws(ExpressionError) {
    self.text = text
    var lexer = Lexer(text)
    tokens = try lexer.tokens()
  }

  static func parse(_ text: ExpressionText) throws(ExpressionError) -> Node {
    var parser = try Parser(text)
    let node = try parser.expression()
    guard parser.token.kind == .end else {
      throw parser.unexpected(LocalizedText(zh: "and、or 或表达式的结尾", en: "and, or, or the end of the expression"))
    }
    return node
  }

  // MARK: tokens

  private var token: Token { tokens[next] }

  private func isWord(_ word: String, ahead: Int = 0) -> Bool {
    tokens.indices.contains(next + ahead) && tokens[next + ahead].kind == .word(word)
  }

  private mutating func take(_ word: String) -> Bool {
    guard isWord(word) else { return false }
    next += 1
    return true
  }

  private mutating func take(symbol: String) -> Bool {
    guard token.kind == .symbol(symbol) else { return false }
    next += 1
    return true
  }

  private func unexpected(_ expected: LocalizedText, fix: LocalizedText = LocalizedText("")) -> ExpressionError {
    ExpressionError(
      diagnostic: Diagnostic(
        .expressionSyntax, at: text.place(token.start), found: token.written, [.word(expected), .word(fix)]))
  }

  private mutating func expect(_ word: String) throws(ExpressionError) {
    if !take(word) { throw unexpected(LocalizedText(word)) }
  }

  private mutating func expect(symbol: String) throws(ExpressionError) {
    if !take(symbol: symbol) { throw unexpected(LocalizedText(symbol)) }
  }

  private func node(_ start: Int, _ content: Node.Content) throws(ExpressionError) -> Node {
    let last = tokens[max(0, next - 1)]
    let node = Node(start, last.start + last.written.unicodeScalars.count, content)
    if node.height > Self.depthLimit { throw tooDeep(start) }
    return node
  }

  private func tooDeep(_ start: Int) -> ExpressionError {
    ExpressionError(
      diagnostic: Diagnostic(
        .expressionSyntax, at: text.place(start),
        [
          .word(LocalizedText(zh: "不超过 \(Self.depthLimit) 层", en: "at most \(Self.depthLimit) levels")),
          .word(LocalizedText(zh: "拆成几条规则", en: "Make several rules of it")),
        ]))
  }

  // MARK: grammar

  private mutating func expression() throws(ExpressionError) -> Node {
    depth += 1
    defer { depth -= 1 }
    if depth > Self.depthLimit { throw tooDeep(token.start) }
    let start = token.start
    guard take("if") else { return try disjunction() }
    let condition = try expression()
    try expect("then")
    let then = try expression()
    let otherwise: Node? = take("else") ? try expression() : nil
    return try node(start, .conditional(condition, then, otherwise))
  }

  private mutating func disjunction() throws(ExpressionError) -> Node {
    let start = token.start
    var parts = [try conjunction()]
    while take("or") { parts.append(try conjunction()) }
    return parts.count == 1 ? parts[0] : try node(start, .any(parts))
  }

  private mutating func conjunction() throws(ExpressionError) -> Node {
    let start = token.start
    var parts = [try negation()]
    while take("and") { parts.append(try negation()) }
    return parts.count == 1 ? parts[0] : try node(start, .all(parts))
  }

  private mutating func negation() throws(ExpressionError) -> Node {
    let start = token.start
    guard isWord("not") else { return try predicate() }
    depth += 1
    defer { depth -= 1 }
    if depth > Self.depthLimit { throw tooDeep(start) }
    next += 1
    return try node(start, .not(try negation()))
  }

  private mutating func predicate() throws(ExpressionError) -> Node {
    let left = try sum()
    let start = token.start
    if case .symbol(let symbol) = token.kind, let comparison = Node.Comparison(rawValue: symbol) {
      next += 1
      let result = try node(start, .comparison(comparison, left, try sum()))
      if case .symbol(let symbol) = token.kind, Node.Comparison(rawValue: symbol) != nil {
        throw unexpected(
          LocalizedText(zh: "一次只比较两个值", en: "one comparison at a time"),
          fix: LocalizedText(
            zh: "改写成 a < b and b < c；count of … where … 与数比较时外加括号",
            en: "Write a < b and b < c; to compare a count, put (count of … where …) into parentheses"))
      }
      return result
    }
    if take("is") {
      let isNegated = take("not")
      try expect("blank")
      return try node(start, .isBlank(left, isNegated))
    }
    let isNegated = isWord("not") && ["in", "matches", "contains", "starts", "ends"].contains { isWord($0, ahead: 1) }
    if isNegated { next += 1 }
    return try test(of: left, start, isNegated: isNegated) ?? left
  }

  private mutating func test(of left: Node, _ start: Int, isNegated: Bool) throws(ExpressionError) -> Node? {
    if take("in") { return try membership(of: left, start, isNegated: isNegated) }
    if take("matches") {
      guard case .text(let pattern) = token.kind else {
        throw unexpected(LocalizedText(zh: "加引号的匹配式", en: "a pattern in quotes"))
      }
      let place = token.start
      next += 1
      return try node(start, .matches(left, pattern: pattern, patternStart: place, isNegated))
    }
    if take("contains") { return try node(start, .textTest(.contains, left, try sum(), isNegated)) }
    for (word, test) in [("starts", Node.TextTest.startsWith), ("ends", .endsWith)] where take(word) {
      try expect("with")
      return try node(start, .textTest(test, left, try sum(), isNegated))
    }
    return nil
  }

  private mutating func membership(of left: Node, _ start: Int, isNegated: Bool) throws(ExpressionError) -> Node {
    if isWord("campaign"), next + 2 < tokens.count, tokens[next + 1].kind == .symbol("."),
      tokens[next + 2].kind == .word("window")
    {
      next += 3
      return try node(start, .inWindow(left, isNegated))
    }
    guard take(symbol: "[") else {
      throw unexpected(LocalizedText(zh: "[值, 值 …] 或 campaign.window", en: "[value, value …] or campaign.window"))
    }
    var items = [try sum()]
    while take(symbol: ",") { items.append(try sum()) }
    try expect(symbol: "]")
    return try node(start, .isIn(left, items, isNegated))
  }

  private mutating func sum() throws(ExpressionError) -> Node {
    var left = try product()
    while case .symbol(let symbol) = token.kind, symbol == "+" || symbol == "-" {
      let start = token.start
      next += 1
      left = try node(start, .arithmetic(symbol == "+" ? .plus : .minus, left, try product()))
    }
    return left
  }

  private mutating func product() throws(ExpressionError) -> Node {
    var left = try unary()
    while case .symbol(let symbol) = token.kind, symbol == "*" || symbol == "/" {
      let start = token.start
      next += 1
      left = try node(start, .arithmetic(symbol == "*" ? .times : .over, left, try unary()))
    }
    return left
  }

  private mutating func unary() throws(ExpressionError) -> Node {
    let start = token.start
    guard take(symbol: "-") else { return try primary() }
    depth += 1
    defer { depth -= 1 }
    if depth > Self.depthLimit { throw tooDeep(start) }
    return try node(start, .negated(try unary()))
  }

  private mutating func primary() throws(ExpressionError) -> Node {
    let start = token.start
    switch token.kind {
    case .integer(let value):
      next += 1
      // `7 days` is 7: dates count in days.
      if isWord("days") || isWord("day"), !isWord("between", ahead: 1) { next += 1 }
      return try node(start, .integer(value))
    case .number(let value):
      next += 1
      return try node(start, .number(value))
    case .text(let text):
      next += 1
      return try node(start, .text(text))
    case .day(let day):
      next += 1
      return try node(start, .day(day.number))
    case .time(let seconds):
      next += 1
      return try node(start, .time(seconds))
    case .symbol("("):
      next += 1
      let inner = try expression()
      try expect(symbol: ")")
      return inner
    case .name, .word: return try named()
    case .symbol, .end:
      throw unexpected(LocalizedText(zh: "字段名、数、日期或加引号的文字", en: "a name, a number, a date or a text in quotes"))
    }
  }

  private mutating func named() throws(ExpressionError) -> Node {
    let start = token.start
    if case .word(let word) = token.kind {
      if let special = try special(word, start) { return special }
      if Self.keywords.contains(word) {
        throw unexpected(
          LocalizedText(zh: "字段名或值", en: "a field or a value"),
          fix: LocalizedText(zh: "字段若叫 \(word)，请写成 `\(word)`", en: "A field of this name is written `\(word)`"))
      }
      if tokens[next + 1].kind == .symbol("(") {
        next += 2
        return try call(word, start)
      }
    }
    let first = try name()
    guard take(symbol: ".") else { return try node(start, .name(scope: nil, name: first)) }
    let second = try name()
    if first == "campaign", second == "first" { return try node(start, .firstDay) }
    if first == "campaign", second == "last" { return try node(start, .lastDay) }
    return try node(start, .name(scope: first, name: second))
  }

  private mutating func name() throws(ExpressionError) -> String {
    switch token.kind {
    case .word(let word), .name(let word):
      next += 1
      return word
    default: throw unexpected(LocalizedText(zh: "名称", en: "a name"))
    }
  }

  private mutating func call(_ function: String, _ start: Int) throws(ExpressionError) -> Node {
    var arguments: [Node] = []
    if !take(symbol: ")") {
      arguments.append(try expression())
      while take(symbol: ",") { arguments.append(try expression()) }
      try expect(symbol: ")")
    }
    return try node(start, .call(function, arguments))
  }

  /// Forms that begin with a word of their own; `nil` when the word is a name.
  private mutating func special(_ word: String, _ start: Int) throws(ExpressionError) -> Node? {
    switch word {
    case "true", "false":
      next += 1
      return try node(start, .boolean(word == "true"))
    case "today", "as-of":
      next += 1
      return try node(start, .today)
    default: break
    }
    if let measure = Node.Measure(rawValue: word), isWord("between", ahead: 1) {
      next += 2
      let left = try sum()
      try expect("and")
      return try node(start, .between(measure, left, try sum()))
    }
    if word == "exists", isWord("in", ahead: 1) {
      next += 2
      return try aggregate(.exists, value: nil, start)
    }
    guard isWord("of", ahead: 1) else { return nil }
    if ["date", "time", "week", "month", "quarter", "halfyear", "year"].contains(word) {
      next += 2
      return try node(start, .call(word + " of", [try unary()]))
    }
    guard let kind = Node.Aggregate(rawValue: word), kind != .exists else { return nil }
    next += 2
    if kind == .count, !isWord("distinct") { return try aggregate(.count, value: nil, start) }
    if kind == .count { next += 1 }
    let value = try sum()
    try expect("over")
    return try aggregate(kind == .count ? .distinct : kind, value: value, start)
  }

  private mutating func aggregate(
    _ kind: Node.Aggregate, value: Node?, _ start: Int
  ) throws(ExpressionError) -> Node {
    let place = token.start
    let collection = try name()
    var condition: Node?
    if take("where") { condition = try conjunction() }
    return try node(
      start, .aggregate(kind, value: value, collection: collection, collectionStart: place, condition: condition))
  }
}
