import Campaign
import Diagnostics

/// Reads `constraints`; which of them fit which type is what the standard says.
struct ConstraintsReader {
  let reader: NodeReader
  let context: SchemaContext

  private static let keys = [
    "required", "unique", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "minLength", "maxLength",
    "pattern", "enum", "jsonSchema",
  ]

  func read(_ node: YAMLNode, into field: inout Field) {
    guard let section = Section(node, keys: Self.keys, reader) else { return }
    field.constraints.isRequired = section["required"].flatMap(reader.boolean) ?? false
    field.constraints.isUnique = section["unique"].flatMap(reader.boolean) ?? false
    field.constraints.minimum = bound(section, "minimum", of: field)
    field.constraints.maximum = bound(section, "maximum", of: field)
    field.constraints.exclusiveMinimum = bound(section, "exclusiveMinimum", of: field)
    field.constraints.exclusiveMaximum = bound(section, "exclusiveMaximum", of: field)
    readText(section, into: &field)
    if let node = section["enum"], let items = reader.list(node) {
      if items.isEmpty { reader.wrongType(node, expected("至少一个值", "at least one value")) }
      field.constraints.enumeration = items.compactMap { item in
        if case .text = item.content { return reader.anyText(item) }
        return item.json
      }
    }
    let holdsJSON = [.object, .array].contains(field.type)
    if let node = value(section, "jsonSchema", of: field, when: holdsJSON) {
      guard case .mapping = node.content else {
        return reader.wrongType(node, expected("JSON Schema 对象", "a JSON Schema object"))
      }
      field.constraints.jsonSchema = node.json
      for keyword in context.notChecked(node.json) {
        reader.report(
          .pipelineNotChecked, at: section.keyPlace("jsonSchema"), found: keyword,
          [expected("不用此关键字的 jsonSchema", "a jsonSchema without this keyword")])
      }
    }
  }

  private func bound(_ section: Section, _ key: String, of field: Field) -> String? {
    value(section, key, of: field, when: field.type.isOrdered).flatMap(reader.text)
  }

  private func readText(_ section: Section, into field: inout Field) {
    let hasLength = [.string, .object, .array, .list].contains(field.type)
    let lengths = 0...Int.max
    if let node = value(section, "minLength", of: field, when: hasLength) {
      field.constraints.minLength = reader.integer(node, in: lengths)
    }
    if let node = value(section, "maxLength", of: field, when: hasLength) {
      field.constraints.maxLength = reader.integer(node, in: lengths)
      if let least = field.constraints.minLength, let most = field.constraints.maxLength, most < least {
        reader.wrongValue(node, expected("不小于 minLength（\(least)）", "at least minLength (\(least))"))
      }
    }
    if let node = value(section, "pattern", of: field, when: field.type == .string) {
      field.constraints.pattern = reader.pattern(node, context.isPattern)
    }
  }

  private func value(_ section: Section, _ key: String, of field: Field, when fits: Bool) -> YAMLNode? {
    guard let node = section[key] else { return nil }
    if fits { return node }
    let type = field.type.rawValue
    reader.report(
      .pipelineWrongValue, at: section.keyPlace(key), found: key,
      [expected("适合 \(type) 类型的约束", "a constraint that fits the type \(type)"), .literal("")])
    return nil
  }
}

extension YAMLNode {
  /// The value as JSON: what is written without quotes is a number, a truth or null where JSON has it so, else a text.
  var json: String {
    switch content {
    case .text(let text, let isPlain): isPlain && Self.isLiteral(text) ? text : Self.quoted(text)
    case .list(let items): "[" + items.map(\.json).joined(separator: ",") + "]"
    case .mapping(let entries):
      "{" + entries.map { Self.quoted($0.key) + ":" + $0.value.json }.joined(separator: ",") + "}"
    }
  }

  private static func isLiteral(_ text: String) -> Bool {
    if ["true", "false", "null"].contains(text) { return true }
    guard let first = text.utf8.first, let last = text.utf8.last, Double(text) != nil else { return false }
    let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
    let isPadded = text.hasPrefix("0") && text.utf8.count > 1 && digits.contains(Array(text.utf8)[1])
    return (digits.contains(first) || first == UInt8(ascii: "-")) && digits.contains(last) && !isPadded
      && !text.lowercased().contains("x")
  }

  private static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar.value {
      case 0x22: result += "\\\""
      case 0x5C: result += "\\\\"
      case 0..<0x20:
        let hex = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
