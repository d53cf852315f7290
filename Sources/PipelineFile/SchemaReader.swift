import Campaign
import Diagnostics

/// What a schema says of a source.
struct Schema {
  var fields: [Field]
  var primaryKey: [String]
  var uniqueKeys: [[String]] = []
  var foreignKeys: [PendingForeignKey] = []
  var fieldsMatch: FieldsMatch?
  /// Whether all fields could be read; if not, names that are not found in it are not reported.
  var isWhole: Bool
}

/// A foreign key whose target is found when all sources are known.
struct PendingForeignKey {
  var fields: [String]
  /// Empty for the source itself.
  var resource: String
  var targetFields: [String]
  var place: SourceLocation
  /// The CSV file of a resource that the data package of the schema names so.
  var path: String?
}

/// Names that a schema may use, and what it depends on.
struct SchemaContext {
  var codeLists: [String]
  var hasWindow: Bool
  /// What is wrong with a regular expression, or `nil`.
  var isPattern: (String) -> String?
  /// Keywords of a JSON Schema that are not checked.
  var notChecked: (String) -> [String] = { _ in [] }
}

/// Reads Table Schema (specs.frictionlessdata.io/table-schema, and v2 at datapackage.org/standard/table-schema). Properties
/// of the standard that say nothing about reading values (`description`, `rdfType` …) are passed over.
struct SchemaReader {
  let reader: NodeReader
  let context: SchemaContext

  private static let used = [
    "fields", "missingValues", "primaryKey", "uniqueKeys", "foreignKeys", "fieldsMatch",
  ]
  private static let passedOver = [
    "$schema", "profile", "name", "title", "description", "homepage", "version", "created", "keywords", "contributors",
    "licenses", "sources", "image", "id", "path",
  ]

  func schema(_ node: YAMLNode) -> Schema? {
    let section = Section(node, reader) { entry in
      reader.checkStandardKey(entry, used: Self.used, notChecked: [], passedOver: Self.passedOver)
    }
    guard let section, let list = section.required("fields") else { return nil }
    let missingValues = section["missingValues"].flatMap(reader.labelledValues)
    guard var schema = schema(fields: list, missingValues: missingValues) else { return nil }
    if let key = section["primaryKey"] {
      schema.primaryKey = reader.fieldNames(key, in: schema)
    }
    if let keys = section["uniqueKeys"].flatMap(reader.list) {
      schema.uniqueKeys = keys.map { reader.fieldNames($0, in: schema) }.filter { !$0.isEmpty }
    }
    if let keys = section["foreignKeys"].flatMap(reader.list) {
      schema.foreignKeys = keys.compactMap { foreignKey($0, in: schema) }
    }
    if let node = section["fieldsMatch"] {
      // An array of one word, as the standard had it for a while.
      let words = FieldsMatch.allCases.map(\.rawValue)
      schema.fieldsMatch = reader.items(node).first.flatMap { reader.word($0, among: words) }.flatMap(FieldsMatch.init)
    }
    return schema
  }

  private func foreignKey(_ node: YAMLNode, in schema: Schema) -> PendingForeignKey? {
    guard let section = Section(node, keys: ["fields", "reference"], reader),
      let fields = section.required("fields").map({ reader.fieldNames($0, in: schema) }),
      let reference = section.required("reference"),
      let target = Section(reference, keys: ["resource", "fields"], reader), let names = target.required("fields")
    else { return nil }
    let resource = target["resource"].flatMap(reader.anyText) ?? ""
    var key = PendingForeignKey(
      fields: fields, resource: resource == "self" ? "" : resource, targetFields: reader.texts(names),
      place: target["resource"]?.place ?? section.place)
    if key.fields.count != key.targetFields.count {
      reader.wrongValue(
        names, expected("与 fields 同样多的字段（\(key.fields.count)）", "as many fields as `fields` has (\(key.fields.count))"))
      return nil
    }
    if key.resource.isEmpty { key.targetFields = reader.fieldNames(names, in: schema) }
    return key.fields.isEmpty || key.targetFields.count != key.fields.count ? nil : key
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
