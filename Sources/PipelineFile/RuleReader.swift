import Campaign
import Diagnostics
import Expressions

/// Reads `rules` and `checks`. Types are checked here, so that their faults are told together with all others of the
/// pipeline; codes and units in rules are looked up when their lists have been read.
struct RuleReader {
  let reader: NodeReader
  let sources: [SourceDefinition]
  let window: ClosedRange<Day>?

  private static let keys = [
    "id", "source", "per", "when", "require", "severity", "message", "field", "fix", "for",
  ]

  func rules(_ node: YAMLNode) -> [RuleDefinition] {
    guard let items = reader.list(node) else { return [] }
    var rules: [RuleDefinition] = []
    var places: [String: SourceLocation] = [:]
    for item in items {
      guard let rule = rule(item) else { continue }
      if let first = places.updateValue(rule.location, forKey: rule.id) {
        reader.report(.pipelineRepeatedName, at: rule.location, found: rule.id, [.literal(first.description)])
      }
      rules.append(rule)
    }
    let environment = RuleEnvironment(sources: sources, window: window, today: Day(number: 0))
    for fault in RuleBook.compile(rules, environment).faults { reader.report(fault) }
    return rules
  }

  private func rule(_ node: YAMLNode) -> RuleDefinition? {
    guard let section = Section(node, keys: Self.keys, reader) else { return nil }
    let id = section.required("id").flatMap(ruleID)
    let names = section.required("source").map(sourceNames) ?? []
    let require = section.required("require").flatMap(expression)
    guard let id, let require, !names.isEmpty, let idNode = section["id"] else { return nil }
    var rule = RuleDefinition(id: id, sources: names, require: require, location: idNode.place)
    rule.when = section["when"].flatMap(expression)
    if let per = section["per"] { rule.groups = reader.items(per).compactMap(expression) }
    if let severity = section["severity"].flatMap(severity) { rule.severity = severity }
    if let node = section["message"], let message = reader.title(node) {
      rule.message = message
      rule.messagePlace = node.place
    }
    if let node = section["field"], let field = reader.text(node) {
      rule.field = field
      rule.fieldPlace = node.place
    }
    if let fix = section["fix"].flatMap(reader.title) { rule.fix = fix }
    let targets = RuleDefinition.Target.allCases.map(\.rawValue)
    if let target = section["for"].flatMap({ reader.word($0, among: targets) }) {
      rule.target = RuleDefinition.Target(rawValue: target) ?? .record
    }
    return rule
  }

  /// Kebab-case, and none of the program's own.
  private func ruleID(_ node: YAMLNode) -> String? {
    guard let text = reader.text(node) else { return nil }
    let parts = text.utf8.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
    let isKebab = parts.allSatisfy { part in
      !part.isEmpty
        && part.allSatisfy {
          (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
        }
    }
    guard isKebab, text.utf8.count <= 64 else {
      reader.wrongValue(
        node, expected("小写英文字母和数字，用 - 连接，至多 64 个", "lower-case letters and digits joined by -, at most 64"))
      return nil
    }
    guard Catalogue.rule(text) == nil else {
      reader.wrongValue(node, expected("与内置规则不同的代码", "an id that no built-in rule has"))
      return nil
    }
    return text
  }

  private func sourceNames(_ node: YAMLNode) -> [String] {
    reader.items(node).compactMap { reader.word($0, among: sources.map(\.name)) }
  }

  private func severity(_ node: YAMLNode) -> Severity? {
    reader.word(node, among: Severity.allCases.map(\.rawValue)).flatMap(Severity.init)
  }

  /// The text of an expression with the place of each of its characters.
  private func expression(_ node: YAMLNode) -> ExpressionText? {
    guard let text = reader.text(node) else { return nil }
    guard let file = reader.texts[node.place.file] else { return ExpressionText(text, file: node.place.file) }
    let places = file.places(of: text, at: node.place)
    return ExpressionText(
      text, file: node.place.file, places: places.map { .init(line: $0.line, column: $0.column) })
  }
}

// MARK: - Checks
extension RuleReader {
  func checks(_ node: YAMLNode, beside rules: [RuleDefinition]) -> [FieldCheckDefinition] {
    guard let items = reader.list(node) else { return [] }
    var checks: [FieldCheckDefinition] = []
    var places = Dictionary(rules.map { ($0.id, $0.location) }, uniquingKeysWith: { first, _ in first })
    for item in items {
      guard let check = CheckReader(reader: reader, sources: sources, window: window).check(item) else { continue }
      if let first = places.updateValue(check.location, forKey: check.name) {
        reader.report(.pipelineRepeatedName, at: check.location, found: check.name, [.literal(first.description)])
      }
      checks.append(check)
    }
    return checks
  }
}
