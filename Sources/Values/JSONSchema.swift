/// The part of JSON Schema that `jsonSchema` of a field is checked by: types, bounds, lengths, names, items, values.
/// Keywords beyond it are told when the pipeline is loaded.
package struct JSONSchema: Sendable {
  private let schema: JSONNode
  private let patterns: [String: Pattern]

  /// Keywords that are checked.
  package static let checked: Set<String> = [
    "type", "enum", "const", "properties", "required", "additionalProperties", "minProperties", "maxProperties",
    "items",
    "minItems", "maxItems", "uniqueItems", "minLength", "maxLength", "pattern", "minimum", "maximum",
    "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "allOf", "anyOf", "oneOf", "not",
  ]
  /// Keywords that say nothing about values.
  package static let silent: Set<String> = [
    "$schema", "$id", "$comment", "title", "description", "default", "examples", "deprecated", "readOnly", "writeOnly",
  ]

  package init(_ text: String) throws(FormatError) {
    guard let node = JSONNode(Array(text.utf8).span) else {
      throw FormatError(zh: "jsonSchema 应为 JSON 对象", en: "a jsonSchema that is a JSON object")
    }
    schema = node
    var patterns: [String: Pattern] = [:]
    for text in Self.patterns(in: node) { if let pattern = try? Pattern(text) { patterns[text] = pattern } }
    self.patterns = patterns
  }

  /// Keywords in the schema that are not checked.
  package var notChecked: [String] { Self.unknownKeywords(in: schema).sorted() }

  package func allows(_ value: JSONNode) -> Bool { allows(value, by: schema) }

  private func allows(_ value: JSONNode, by schema: JSONNode) -> Bool {
    if case .boolean(let truth) = schema { return truth }
    guard case .object(let rules) = schema else { return true }
    return allowsType(value, rules) && allowsValue(value, rules) && allowsCombination(value, rules)
      && allowsContent(value, rules)
  }

  private func allowsType(_ value: JSONNode, _ rules: [String: JSONNode]) -> Bool {
    switch rules["type"] {
    case .string(let name): Self.has(value, type: name)
    case .array(let names):
      names.contains { if case .string(let name) = $0 { Self.has(value, type: name) } else { false } }
    default: true
    }
  }

  private static func has(_ value: JSONNode, type: String) -> Bool {
    switch (type, value) {
    case ("null", .null), ("boolean", .boolean), ("string", .string), ("array", .array), ("object", .object),
      ("number", .number):
      true
    case ("integer", .number(let number)): number == number.rounded()
    default: false
    }
  }

  private func allowsValue(_ value: JSONNode, _ rules: [String: JSONNode]) -> Bool {
    if case .array(let allowed) = rules["enum"], !allowed.contains(value) { return false }
    if let constant = rules["const"], constant != value { return false }
    return true
  }

  private func allowsCombination(_ value: JSONNode, _ rules: [String: JSONNode]) -> Bool {
    if case .array(let schemas) = rules["allOf"], !schemas.allSatisfy({ allows(value, by: $0) }) { return false }
    if case .array(let schemas) = rules["anyOf"], !schemas.contains(where: { allows(value, by: $0) }) { return false }
    if case .array(let schemas) = rules["oneOf"], schemas.count(where: { allows(value, by: $0) }) != 1 { return false }
    if let schema = rules["not"], allows(value, by: schema) { return false }
    return true
  }

  private func allowsContent(_ value: JSONNode, _ rules: [String: JSONNode]) -> Bool {
    func isWithin(_ size: Int, _ least: String, _ most: String) -> Bool {
      if case .number(let limit) = rules[least], Double(size) < limit { return false }
      if case .number(let limit) = rules[most], Double(size) > limit { return false }
      return true
    }
    switch value {
    case .number(let number): return allowsNumber(number, rules)
    case .string(let text):
      guard isWithin(text.unicodeScalars.count, "minLength", "maxLength") else { return false }
      guard case .string(let source) = rules["pattern"], let pattern = patterns[source] else { return true }
      return PatternReplacer(pattern, with: "").firstGroup(in: Array(text.utf8).span) != nil
    case .array(let items):
      guard isWithin(items.count, "minItems", "maxItems") else { return false }
      if case .boolean(true) = rules["uniqueItems"], Set(items).count < items.count { return false }
      return rules["items"].map { schema in items.allSatisfy { allows($0, by: schema) } } ?? true
    case .object(let members):
      return isWithin(members.count, "minProperties", "maxProperties") && allowsMembers(members, rules)
    case .null, .boolean: return true
    }
  }

  private func allowsNumber(_ number: Double, _ rules: [String: JSONNode]) -> Bool {
    if case .number(let limit) = rules["minimum"], number < limit { return false }
    if case .number(let limit) = rules["maximum"], number > limit { return false }
    if case .number(let limit) = rules["exclusiveMinimum"], number <= limit { return false }
    if case .number(let limit) = rules["exclusiveMaximum"], number >= limit { return false }
    if case .number(let step) = rules["multipleOf"], step > 0 {
      return (number / step).rounded() == number / step
    }
    return true
  }

  private func allowsMembers(_ members: [String: JSONNode], _ rules: [String: JSONNode]) -> Bool {
    if case .array(let names) = rules["required"] {
      for case .string(let name) in names where members[name] == nil { return false }
    }
    var properties: [String: JSONNode] = [:]
    if case .object(let known) = rules["properties"] { properties = known }
    return members.allSatisfy { name, value in
      if let schema = properties[name] { return allows(value, by: schema) }
      return rules["additionalProperties"].map { allows(value, by: $0) } ?? true
    }
  }

  private static func subschemas(of rules: [String: JSONNode]) -> [JSONNode] {
    var schemas = ["items", "additionalProperties", "not"].compactMap { rules[$0] }
    for key in ["allOf", "anyOf", "oneOf"] { if case .array(let list) = rules[key] { schemas += list } }
    if case .object(let properties) = rules["properties"] { schemas += properties.values }
    return schemas
  }

  private static func unknownKeywords(in schema: JSONNode) -> Set<String> {
    guard case .object(let rules) = schema else { return [] }
    let own = Set(rules.keys).subtracting(checked).subtracting(silent)
    return subschemas(of: rules).reduce(into: own) { $0.formUnion(unknownKeywords(in: $1)) }
  }

  private static func patterns(in schema: JSONNode) -> [String] {
    guard case .object(let rules) = schema else { return [] }
    var patterns: [String] = []
    if case .string(let pattern) = rules["pattern"] { patterns.append(pattern) }
    return patterns + subschemas(of: rules).flatMap { self.patterns(in: $0) }
  }
}
