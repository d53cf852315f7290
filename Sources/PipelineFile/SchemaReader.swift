import Campaign
import Diagnostics

/// What a schema says of a source.
struct Schema {
  var fields: [Field]
  var primaryKey: [String]
  /// Whether all fields could be read; if not, names that are not found in it are not reported.
  var isWhole: Bool
}

/// Names that a schema may use, and what it depends on.
struct SchemaContext {
  var codeLists: [String]
  var hasWindow: Bool
  /// What is wrong with a regular expression, or `nil`.
  var isPattern: (String) -> String?
}

/// Reads Table Schema (specs.frictionlessdata.io/table-schema, and v2 at datapackage.org/standard/table-schema). Properties
/// of the standard that say nothing about reading values (`description`, `rdfType` …) are passed over.
struct SchemaReader {
  let reader: NodeReader
  let context: SchemaContext

  private static let used = ["fields", "missingValues", "primaryKey"]
  private static let notChecked = ["foreignKeys", "uniqueKeys"]
  private static let passedOver = [
    "$schema", "profile", "name", "title", "description", "homepage", "version", "created", "keywords", "contributors",
    "licenses", "sources", "image", "id", "path", "fieldsMatch",
  ]

  func schema(_ node: YAMLNode) -> Schema? {
    let section = Section(node, reader) { entry in
      reader.checkStandardKey(entry, used: Self.used, notChecked: Self.notChecked, passedOver: Self.passedOver)
    }
    guard let section, let list = section.required("fields") else { return nil }
    let missingValues = section["missingValues"].flatMap(reader.labelledValues)
    guard var schema = schema(fields: list, missingValues: missingValues) else { return nil }
    if let key = section["primaryKey"] {
      schema.primaryKey = reader.fieldNames(key, in: schema)
    }
    return schema
  }

  /// - Parameter missingValues: those of the schema, for fields that have none of their own.
  func schema(fields node: YAMLNode, missingValues: [String]? = nil) -> Schema? {
    guard let items = reader.list(node) else { return nil }
    if items.isEmpty { reader.wrongType(node, expected("至少一个字段", "at least one field")) }
    var schema = Schema(fields: [], primaryKey: [], isWhole: !items.isEmpty)
    var places: [String: SourceLocation] = [:]
    for item in items {
      let fieldReader = FieldReader(reader: reader, context: context, missingValues: missingValues)
      guard let field = fieldReader.field(item) else {
        schema.isWhole = false
        continue
      }
      if let first = places.updateValue(field.location, forKey: field.name) {
        reader.report(
          .pipelineRepeatedName, at: field.location, found: field.name, [.literal(first.description)])
      } else {
        schema.fields.append(field)
      }
    }
    return schema
  }
}

extension NodeReader {
  /// A key of a descriptor of the standard, which allows others beside its own. So a key that is near to a known one is
  /// a mistake, any `x-…` that we do not have is, and the rest is passed over.
  func checkStandardKey(_ entry: YAMLNode.Entry, used: [String], notChecked: [String], passedOver: [String]) {
    let key = entry.key
    if used.contains(key) || passedOver.contains(key) { return }
    if notChecked.contains(key) {
      return report(
        .pipelineNotChecked, at: entry.keyPlace, found: key, [expected("不写此键", "a schema without this key")])
    }
    if key.hasPrefix("x-") || nearestWord(to: key, among: used + notChecked + passedOver) != nil {
      unknown(.pipelineUnknownKey, key, at: entry.keyPlace, among: used)
    }
  }

  /// Texts, or `{value: …, label: …}` as v2 of the standard has them: the values.
  func labelledValues(_ node: YAMLNode) -> [String]? {
    guard let items = list(node) else { return nil }
    return items.compactMap { item in
      if case .text(let text, _) = item.content { return text }
      guard let section = Section(item, keys: ["value", "label"], self) else { return nil }
      return section.required("value").flatMap(anyText)
    }
  }

  /// The name of a field of `schema`.
  func fieldName(_ node: YAMLNode, in schema: Schema) -> String? {
    guard let name = text(node) else { return nil }
    if schema.fields.contains(where: { $0.name == name }) { return name }
    guard schema.isWhole else { return nil }
    unknown(.pipelineUnknownName, name, at: node.place, among: schema.fields.map(\.name))
    return nil
  }

  /// One name or a list of them, each once.
  func fieldNames(_ node: YAMLNode, in schema: Schema) -> [String] {
    var names: [String] = []
    for item in items(node) {
      guard let name = fieldName(item, in: schema) else { continue }
      if names.contains(name) {
        report(.pipelineRepeatedName, at: item.place, found: name, [.literal(node.place.description)])
      } else {
        names.append(name)
      }
    }
    return names
  }
}
