/// What an expression says, before anything is known of the fields that it names.
final class Node {
  /// Scalar of the text at which it begins; of an operator the operator's own.
  let start: Int
  /// Scalar behind its last one.
  let end: Int
  let content: Content
  /// Levels below and including it.
  let height: Int

  enum Operator: String {
    case plus = "+"
    case minus = "-"
    case times = "*"
    case over = "/"
  }
  enum Comparison: String {
    case equal = "="
    case unequal = "!="
    case below = "<"
    case atMost = "<="
    case above = ">"
    case atLeast = ">="
  }
  enum TextTest { case startsWith, endsWith, contains }
  enum Measure: String, CaseIterable { case days, hours, minutes }
  enum Aggregate: String, CaseIterable { case count, sum, min, max, average, exists, distinct }

  enum Content {
    case integer(Int64)
    case number(Double)
    case text(String)
    case day(Int32)
    case time(Int64)
    case boolean(Bool)
    case today
    case firstDay, lastDay
    /// `scope` is a source, `record`, `finding` or a repeat.
    case name(scope: String?, name: String)
    case arithmetic(Operator, Node, Node)
    case negated(Node)
    case comparison(Comparison, Node, Node)
    case all([Node])
    case any([Node])
    case not(Node)
    case isBlank(Node, Bool)
    case matches(Node, pattern: String, patternStart: Int, Bool)
    case isIn(Node, [Node], Bool)
    case inWindow(Node, Bool)
    case textTest(TextTest, Node, Node, Bool)
    case conditional(Node, Node, Node?)
    case between(Measure, Node, Node)
    case call(String, [Node])
    case aggregate(Aggregate, value: Node?, collection: String, collectionStart: Int, condition: Node?)
  }

  init(_ start: Int, _ end: Int, _ content: Content) {
    self.start = start
    self.end = end
    self.content = content
    height = 1 + (content.children.map(\.height).max() ?? 0)
  }
}

extension Node.Content {
  var children: [Node] {
    switch self {
    case .integer, .number, .text, .day, .time, .boolean, .today, .firstDay, .lastDay, .name: []
    case .arithmetic(_, let left, let right), .comparison(_, let left, let right), .textTest(_, let left, let right, _),
      .between(_, let left, let right):
      [left, right]
    case .negated(let node), .not(let node), .isBlank(let node, _), .matches(let node, _, _, _), .inWindow(let node, _):
      [node]
    case .all(let nodes), .any(let nodes), .call(_, let nodes): nodes
    case .isIn(let node, let items, _): [node] + items
    case .conditional(let condition, let then, let otherwise): [condition, then] + (otherwise.map { [$0] } ?? [])
    case .aggregate(_, let value, _, _, let condition): (value.map { [$0] } ?? []) + (condition.map { [$0] } ?? [])
    }
  }
}

extension Node {
  /// Goes through the node and all below it.
  func visit(_ body: (Node) -> Void) {
    body(self)
    for child in content.children { child.visit(body) }
  }

  /// Scalar at which it begins, its first operand included.
  var first: Int { min(start, content.children.first?.first ?? start) }

  /// The parts of a conjunction.
  var conjuncts: [Node] {
    if case .all(let nodes) = content { return nodes.flatMap(\.conjuncts) }
    return [self]
  }
}
