import Campaign
import Diagnostics

// Names: fields, findings, other sources.
extension Compiler {
  mutating func resolve(_ node: Node, scope: String?, name: String) -> Operand {
    resolve(node, scope: scope, name: name, wantsText: false) ?? .faulty
  }

  /// - Returns: `nil` when a text is wanted of what is no unit or team (the value itself will do); every other fault has
  ///   been reported.
  mutating func resolve(_ node: Node, scope: String?, name: String, wantsText: Bool) -> Operand? {
    if let scope { return qualified(node, scope, name, wantsText: wantsText) }
    if case .items(let collection, _, let fields) = view,
      let operand = item(name, of: collection, fields, wantsText: wantsText)
    {
      return operand
    }
    return ofRecord(node, name, wantsText: wantsText)
  }

  private mutating func qualified(_ node: Node, _ scope: String, _ name: String, wantsText: Bool) -> Operand? {
    switch view {
    case .items(let collection, let known, let fields) where scope == known || scope == collection.word:
      if let operand = item(name, of: collection, fields, wantsText: wantsText) { return operand }
      return unknown(name, at: node.start + scope.unicodeScalars.count + 1, among: collection.words(fields))
    case .other(let lookup, let other) where environment.sources[other].name == scope:
      return ofOther(node, lookup, other, scope, name, wantsText: wantsText)
    default: break
    }
    if scope == "record" || scope == definition.name { return ofRecord(node, name, wantsText: wantsText) }
    return unknown(scope, at: node.start, among: scopes)
  }

  private var scopes: [String] {
    switch view {
    case .none: ["record", definition.name]
    case .items(let collection, let name, _): [name, collection.word, "record", definition.name]
    case .other(_, let source): [environment.sources[source].name, "record", definition.name]
    }
  }

  // MARK: items

  private mutating func item(
    _ name: String, of collection: Collection, _ fields: [Field], wantsText: Bool
  ) -> Operand? {
    if collection == .findings {
      guard let slot = FindingSlot.allCases.first(where: { $0.word == name }) else { return nil }
      let register = layout.register(of: collection, column: slot.rawValue)
      let type: ValueType =
        switch slot {
        case .kind: .code(CodeList.findingKinds.name)
        case .severity: .integer
        case .category, .text: .text
        }
      return wantsText && type != .text ? nil : Operand(type: type, register: register)
    }
    guard let place = fields.firstIndex(where: { $0.name == name }) else { return nil }
    let type = ValueType(of: fields[place])
    if wantsText, type != .text { return nil }
    return Operand(type: type, register: layout.register(of: collection, column: place))
  }

  // MARK: the record

  /// A field, or a role by its own name where no field has it.
  private mutating func ofRecord(_ node: Node, _ name: String, wantsText: Bool) -> Operand? {
    let start = node.end - name.unicodeScalars.count
    if stage == .group {
      fault(
        node, LocalizedText(zh: "各组的数，如 count of records", en: "figures of the group, like count of records"),
        fix: LocalizedText(zh: "单条记录的条件写在 when 中", en: "What is asked of single records goes into `when`"))
      return .faulty
    }
    let reference = Reference(name, in: definition)
    guard let reference else {
      return unknown(name, at: max(node.start, start), among: Reference.words(of: definition))
    }
    if let field = reference.field, !namedFields.contains(field) { namedFields.append(field) }
    if wantsText, !reference.type.isWord { return reference.type == .text ? load(reference) : nil }
    return wantsText ? loadText(reference) : load(reference)
  }

  private mutating func load(_ reference: Reference) -> Operand {
    let slot: SlotSource
    switch reference.role {
    case .unit: slot = .unit
    case .team: slot = .team
    case .day: slot = .day
    case nil:
      let field = reference.field ?? 0
      slot = stage == .record ? .field(field) : .stored(requests[source].column(.field(field)))
    }
    return Operand(type: reference.type, register: layout.register(of: slot))
  }

  private mutating func loadText(_ reference: Reference) -> Operand {
    guard let field = reference.field else { return .faulty }
    let slot: SlotSource = stage == .record ? .text(field) : .stored(requests[source].column(.text(field)))
    return Operand(type: .text, register: layout.register(of: slot))
  }

  // MARK: another source

  private mutating func ofOther(
    _ node: Node, _ lookup: Int, _ other: Int, _ scope: String, _ name: String, wantsText: Bool
  ) -> Operand? {
    let definition = environment.sources[other]
    guard let reference = Reference(name, in: definition) else {
      return unknown(
        name, at: node.start + scope.unicodeScalars.count + 1, among: Reference.words(of: definition))
    }
    let isText = wantsText && reference.type.isWord
    if wantsText, !isText, reference.type != .text { return nil }
    let slot: SlotSource.Other
    switch reference.role {
    case .unit where !isText: slot = .unit
    case .team where !isText: slot = .team
    case .day: slot = .day
    default:
      let field = reference.field ?? 0
      slot = .stored(requests[other].column(isText ? .text(field) : .field(field)))
    }
    return Operand(
      type: isText ? .text : reference.type, register: layout.register(of: .other(lookup: lookup, slot)))
  }
}

/// What a name means in the records of a source.
struct Reference {
  enum Role { case unit, team, day }
  var field: Int?
  var role: Role?
  var type: ValueType

  /// A field that says which unit or team the record is about counts as that unit or team, however it is written.
  init?(_ name: String, in source: SourceDefinition) {
    field = source.fields.firstIndex { $0.name == name }
    if let field {
      if name == source.unit?.code || name == source.unit?.name {
        role = .unit
        type = .unit
      } else if name == source.team {
        role = .team
        type = .team
      } else {
        type = ValueType(of: source.fields[field])
      }
      return
    }
    func place(_ name: String?) -> Int? { source.fields.firstIndex { $0.name == name } }
    switch name {
    case "unit" where source.unit != nil:
      (field, role, type) = (place(source.unit?.name ?? source.unit?.code), .unit, .unit)
    case "team" where source.team != nil: (field, role, type) = (place(source.team), .team, .team)
    case "date" where source.date != nil: (field, role, type) = (place(source.date), .day, .day)
    default: return nil
    }
  }

  static func words(of source: SourceDefinition) -> [String] {
    source.fields.map(\.name) + ["unit", "team", "date"].filter { Reference($0, in: source)?.role != nil }
  }
}

extension Collection {
  /// How an item is called where its values are named.
  var word: String {
    switch self {
    case .findings: "finding"
    case .rows: "row"
    case .repeated: "item"
    }
  }

  func words(_ fields: [Field]) -> [String] {
    self == .findings ? FindingSlot.allCases.map(\.word) : fields.map(\.name)
  }
}

extension FindingSlot {
  var word: String { "\(self)" }
}
