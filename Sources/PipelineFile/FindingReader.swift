import Campaign
import Diagnostics

/// Reads one item of `findings`.
struct FindingReader {
  let reader: NodeReader
  let context: SchemaContext
  /// Of the source.
  let schema: Schema
  let schemaFile: (YAMLNode) -> Schema?

  private static let keys = ["kind", "from", "split", "category", "severity", "each", "fields", "schema"]
  private static let kinds = FindingKind.allCases.map(\.code)

  func finding(_ node: YAMLNode, in format: SourceFormat) -> FindingDefinition? {
    guard let section = Section(node, keys: Self.keys, reader), let kind = section.required("kind") else { return nil }
    var finding = FindingDefinition(kind: .constant(""), location: section.place)
    if let split = section["split"].flatMap(split) { finding.split = split }
    guard let each = section["each"] else {
      for key in ["fields", "schema"] where section[key] != nil { report(key, section, "each", "each") }
      readNames(section, kind, in: schema, into: &finding)
      return finding
    }
    if case .delimited = format { report("each", section, "format: xml 或 xforms", "format: xml or xforms") }
    finding.each = reader.elementPath(each)
    if let own = ownSchema(section) {
      finding.fields = own.fields
      readNames(section, kind, in: own, into: &finding)
    } else {
      readPaths(section, kind, into: &finding)
    }
    return finding
  }

  private func report(_ key: String, _ section: Section, _ zh: String, _ en: String) {
    reader.report(
      .pipelineWrongValue, at: section.keyPlace(key), found: key,
      [expected("与 \(zh) 同用", "this key together with \(en)"), .literal("")])
  }

  private func ownSchema(_ section: Section) -> Schema? {
    let whole = Schema(fields: [], primaryKey: [], isWhole: false)
    if let list = section["fields"] {
      if section["schema"] != nil {
        reader.wrongValue(list, expected("schema 与 fields 只写一个", "either schema or fields"))
      }
      return SchemaReader(reader: reader, context: context).schema(fields: list) ?? whole
    }
    return section["schema"].map { schemaFile($0) ?? whole }
  }

  /// `kind`, `from`, `category` and `severity` name fields of `schema`.
  private func readNames(
    _ section: Section, _ kind: YAMLNode, in schema: Schema, into finding: inout FindingDefinition
  ) {
    if let constant = constantKind(kind) {
      finding.kind = constant
    } else if case .text(let name, _) = kind.content {
      let isField = schema.fields.contains { $0.name == name }
      if !isField, schema.isWhole {
        reader.unknown(
          .pipelineUnknownName, name, at: kind.place, among: Self.kinds + schema.fields.map(\.name))
      }
      finding.kind = .field(name)
    }
    finding.text = section["from"].flatMap { reader.fieldName($0, in: schema) }
    finding.category = section["category"].flatMap { category($0, in: schema, into: &finding) }
    finding.severity = section["severity"].flatMap { reader.fieldOrConstant($0, in: schema) }
  }

  /// Without fields they are paths below the element; the fields are made of them.
  private func readPaths(_ section: Section, _ kind: YAMLNode, into finding: inout FindingDefinition) {
    func field(_ name: String, _ node: YAMLNode, codeList: String? = nil) -> String? {
      guard let path = reader.elementPath(node) else { return nil }
      var field = Field(name: name, location: node.place)
      field.path = path
      field.codeList = codeList
      finding.fields.append(field)
      return name
    }
    func fieldOrConstant(_ name: String, codeList: String? = nil) -> ValueReference? {
      guard let node = section[name] else { return nil }
      if case .mapping = node.content { return reader.constant(node).map { .constant($0) } }
      return field(name, node, codeList: codeList).map { .field($0) }
    }
    if let constant = constantKind(kind) {
      finding.kind = constant
    } else if let name = field("kind", kind) {
      finding.kind = .field(name)
    }
    if let node = section["category"], isRules(node) {
      finding.categoryRules = rules(node)
    } else {
      finding.category = fieldOrConstant("category", codeList: context.codeLists.first { $0 == "category" })
    }
    finding.severity = fieldOrConstant("severity")
    finding.text = section["from"].flatMap { field("text", $0) }
  }

  private static let ruleKeys = ["field", "keywords", "from-number", "otherwise"]

  private func isRules(_ node: YAMLNode) -> Bool {
    guard case .mapping(let entries) = node.content else { return false }
    return !entries.contains { $0.key == "value" }
  }

  /// A field, a constant, or rules with or without a field that goes before them.
  private func category(
    _ node: YAMLNode, in schema: Schema, into finding: inout FindingDefinition
  ) -> ValueReference? {
    guard isRules(node) else { return reader.fieldOrConstant(node, in: schema) }
    finding.categoryRules = rules(node)
    guard case .mapping(let entries) = node.content, let field = entries.first(where: { $0.key == "field" })?.value
    else { return nil }
    return reader.fieldName(field, in: schema).map { .field($0) }
  }

  private func rules(_ node: YAMLNode) -> CategoryRules? {
    guard let section = Section(node, keys: Self.ruleKeys, reader) else { return nil }
    var rules = CategoryRules()
    rules.takesNumber = section["from-number"].flatMap(reader.boolean) ?? false
    rules.otherwise = section["otherwise"].flatMap(reader.text)
    if let keywords = section["keywords"] {
      if case .mapping(let entries) = keywords.content {
        for entry in entries {
          for item in reader.items(entry.value) { checkPattern(item) }
          rules.keywords.append((entry.key, reader.texts(entry.value)))
        }
      } else {
        rules.list = reader.codeList(keywords, among: context.codeLists)
      }
    }
    if !rules.takesNumber, section["keywords"] == nil, section["otherwise"] == nil {
      reader.report(
        .pipelineMissingKey, at: section.place, [expected("keywords 或 from-number", "keywords or from-number")])
    }
    return rules
  }

  private func checkPattern(_ node: YAMLNode) {
    let text = node.written
    guard text.count > 2, text.hasPrefix("/"), text.hasSuffix("/"),
      let fault = context.isPattern(String(text.dropFirst().dropLast()))
    else { return }
    reader.wrongValue(node, expected("正则表达式（\(fault)）", "a pattern (\(fault))"))
  }

  /// A kind that is always the same; `nil` for the name of a field or a path, and after a fault was reported.
  private func constantKind(_ node: YAMLNode) -> ValueReference? {
    switch node.content {
    case .text(let word, _): return Self.kinds.contains(word) ? .constant(word) : nil
    case .list, .mapping:
      guard let word = reader.constant(node) else { return .constant("") }
      if !Self.kinds.contains(word) {
        reader.unknown(.pipelineUnknownName, word, at: node.place, among: Self.kinds)
      }
      return .constant(word)
    }
  }

  private func split(_ node: YAMLNode) -> FindingSplit? {
    guard let text = reader.text(node) else { return nil }
    switch text {
    case "none": return FindingSplit.none
    case "lines": return .lines
    case "numbered": return .numbered
    case "coded": return .coded
    default:
      // A text to split at is seldom a word, and never one that is nearly one of ours.
      let words = ["none", "lines", "numbered", "coded"]
      guard nearestWord(to: text, among: words) == nil else {
        reader.unknown(.pipelineUnknownName, text, at: node.place, among: words)
        return nil
      }
      return .separator(text)
    }
  }
}
