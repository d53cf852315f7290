import Bytes
import Campaign
import Diagnostics
import Values

/// The constraints of a field, with bounds read by the field's own type. A class, since each cell looks at it.
final class FieldLimits: Sendable {
  let isRequired: Bool
  /// Whether there is nothing to check of a value.
  let isEmpty: Bool
  private let minimum: CellValue?
  private let maximum: CellValue?
  /// Bounds that are not allowed themselves.
  private let above: CellValue?
  private let below: CellValue?
  private let minLength: Int?
  private let maxLength: Int?
  private let pattern: Pattern?
  private let enumeration: ByteTable?
  private let enumerated: Set<Int64>
  private let constraints: Constraints
  /// Of the types that hold JSON, whose equal values may be written in several ways.
  private let structure: StructuredReader?
  private let jsonSchema: JSONSchema?
  /// Whether lengths count items and not characters.
  private let countsItems: Bool

  init(_ field: Field, reader: FieldProgram.Reader) throws {
    constraints = field.constraints
    isRequired = constraints.isRequired
    minLength = constraints.minLength
    maxLength = constraints.maxLength
    minimum = try constraints.minimum.flatMap { try Self.value($0, reader, of: field) }
    maximum = try constraints.maximum.flatMap { try Self.value($0, reader, of: field) }
    above = try constraints.exclusiveMinimum.flatMap { try Self.value($0, reader, of: field) }
    below = try constraints.exclusiveMaximum.flatMap { try Self.value($0, reader, of: field) }
    jsonSchema = try constraints.jsonSchema.map { try JSONSchema($0) }
    countsItems = [.object, .array, .list].contains(field.type)
    structure =
      if case .structured(let reader) = reader, reader.value.hasOtherSpellings { reader.value } else { nil }
    pattern = try constraints.pattern.map { try Pattern($0) }
    let values = try constraints.enumeration.map { ($0, try Self.value($0, reader, of: field)) }
    var table = ByteTable()
    for (word, value) in values where value == nil {
      let bytes = Array(word.utf8)
      let canonical = structure?.canonical(bytes.span) ?? bytes
      table.insert(canonical.span, 0)
    }
    enumeration = constraints.enumeration.isEmpty ? nil : table
    enumerated = Set(values.compactMap { $0.1?.bits })
    isEmpty =
      minimum == nil && maximum == nil && above == nil && below == nil && jsonSchema == nil && minLength == nil
      && maxLength == nil && pattern == nil && enumeration == nil
  }

  /// A bound or an allowed value as the field's type reads it; `nil` for types that are compared as text.
  private static func value(_ text: String, _ reader: FieldProgram.Reader, of field: Field) throws -> CellValue? {
    let bytes = Array(text.utf8)
    do {
      switch reader {
      case .text, .identifier: return nil
      case .structured(let reader):
        let bits = try reader.value.read(bytes.span)
        return field.type.isOrdered ? CellValue(kind: .text, bits: bits) : nil
      case .integer(let reader): return CellValue(kind: .integer, bits: try reader.value.readInteger(bytes.span))
      case .number(let reader):
        return CellValue(kind: .number, bits: Int64(bitPattern: try reader.value.readNumber(bytes.span).bitPattern))
      case .boolean(let reader): return CellValue(kind: .boolean, bits: try reader.value.read(bytes.span) ? 1 : 0)
      case .date(let reader):
        // The standard leaves open whether a bound is written in the field's format or in its default one.
        if let day = try? reader.value.read(bytes.span) { return CellValue(kind: .day, bits: Int64(day.number)) }
        let standard = try DateReader(format: "default", normalizers: [], window: nil)
        return CellValue(kind: .day, bits: Int64(try standard.read(bytes.span).number))
      case .instant(let reader): return CellValue(kind: .integer, bits: try reader.read(bytes.span).instant)
      case .time(let reader): return CellValue(kind: .integer, bits: Int64(try reader.value.read(bytes.span).seconds))
      case .year(let reader): return CellValue(kind: .integer, bits: Int64(try reader.value.read(bytes.span)))
      case .code(let list):
        guard let place = list.value.table.find(text) else {
          throw FormatError(
            zh: "代码表 \(list.value.name) 中的代码（没有 \(text)）", en: "a code of the list \(list.value.name) (\(text) is none)"
          )
        }
        return CellValue(kind: .code, bits: Int64(place))
      }
    } catch let error as ValueError {
      throw FormatError(
        zh: "约束“\(text)”应为\(error.expected.zh)", en: "\(error.expected.en) for the constraint \"\(text)\"")
    }
  }

  func check(_ value: CellValue, text: Span<UInt8>, _ workspace: borrowing Workspace) throws(CellFault) {
    if minimum != nil || maximum != nil { try checkBounds(value) }
    if above != nil || below != nil { try checkExclusiveBounds(value) }
    if minLength != nil || maxLength != nil { try checkLength(text, items: countsItems ? Int(value.bits) : nil) }
    if let jsonSchema, let node = JSONNode(text), !jsonSchema.allows(node) {
      throw CellFault(
        .constraint, [.word(LocalizedText(zh: "符合 jsonSchema 的值", en: "a value that its jsonSchema allows"))])
    }
    if let pattern, !workspace.matches(pattern, field: text) {
      throw CellFault(
        .constraint,
        [.word(LocalizedText(zh: "符合 \(constraints.pattern ?? "") 的值", en: "a match of \(constraints.pattern ?? "")"))])
    }
    if let enumeration {
      let isAllowed =
        value.isText && enumerated.isEmpty ? isListed(text, in: enumeration) : enumerated.contains(value.bits)
      if !isAllowed {
        let allowed = constraints.enumeration.joined(separator: ", ")
        throw CellFault(.constraint, [.word(LocalizedText(zh: "其中之一：" + allowed, en: "one of: " + allowed))])
      }
    }
  }

  private func isListed(_ text: Span<UInt8>, in enumeration: ByteTable) -> Bool {
    guard let structure else { return enumeration.find(text) != nil }
    let canonical = structure.canonical(text)
    return enumeration.find(canonical.span) != nil
  }

  private func checkBounds(_ value: CellValue) throws(CellFault) {
    let isBelow: Bool
    let isAbove: Bool
    if value.kind == .number {
      isBelow = minimum.map { value.number < $0.number } ?? false
      isAbove = maximum.map { value.number > $0.number } ?? false
    } else {
      isBelow = minimum.map { value.bits < $0.bits } ?? false
      isAbove = maximum.map { value.bits > $0.bits } ?? false
    }
    if isBelow || isAbove { throw CellFault(.constraint, [.literal(boundsText)]) }
  }

  private func checkExclusiveBounds(_ value: CellValue) throws(CellFault) {
    let isWithin =
      value.kind == .number
      ? above.map { value.number > $0.number } ?? true && below.map { value.number < $0.number } ?? true
      : above.map { value.bits > $0.bits } ?? true && below.map { value.bits < $0.bits } ?? true
    if isWithin { return }
    let parts = [constraints.exclusiveMinimum.map { "> " + $0 }, constraints.exclusiveMaximum.map { "< " + $0 }]
    throw CellFault(.constraint, [.literal(parts.compactMap { $0 }.joined(separator: ", "))])
  }

  private var boundsText: String {
    switch (constraints.minimum, constraints.maximum) {
    case (let minimum?, let maximum?): "\(minimum) … \(maximum)"
    case (let minimum?, nil): "≥ \(minimum)"
    case (nil, let maximum): "≤ \(maximum ?? "")"
    }
  }

  /// Lengths count characters (Unicode scalars), as Table Schema does; of lists and JSON their items.
  private func checkLength(_ text: Span<UInt8>, items: Int?) throws(CellFault) {
    var length = items ?? 0
    if items == nil {
      for index in text.indices where text[index] & 0xC0 != 0x80 { length += 1 }
    }
    let (zh, en) = items == nil ? ("个字符", "characters") : ("项", "items")
    if let minLength, length < minLength {
      throw CellFault(.constraint, [.word(.init(zh: "至少 \(minLength) \(zh)", en: "at least \(minLength) \(en)"))])
    }
    if let maxLength, length > maxLength {
      throw CellFault(.constraint, [.word(.init(zh: "至多 \(maxLength) \(zh)", en: "at most \(maxLength) \(en)"))])
    }
  }
}
