import Bytes
import Campaign
import Diagnostics
import Records
import Values

/// Where the word of a role comes from.
enum WordSource: Sendable {
  case constant(WordNumber)
  /// Place of a field and, when it has a code list, the place in the word list of each of its entries.
  case field(Int, places: [WordNumber]?)

  init?(_ reference: ValueReference?, fields: [Field], list: CodeList, codeLists: [CodeList]) {
    switch reference {
    case .constant(let code):
      let place = list.table.find(code).map(Int.init) ?? list.place(ofCode: code)
      self = .constant(place.map(WordNumber.init(listed:)) ?? .none)
    case .field(let name):
      guard let field = fields.firstIndex(where: { $0.name == name }) else { return nil }
      let places = fields[field].codeList.flatMap { name in codeLists.first { $0.name == name } }?.entries.map {
        list.place(ofCode: $0.code).map(WordNumber.init(listed:)) ?? .none
      }
      self = .field(field, places: places)
    case nil: return nil
    }
  }
}

/// The fields of a source that say what a record is about.
final class RecordRoles: Sendable {
  let unitCode: Int?
  let unitName: Int?
  let region: Int?
  let team: Int?
  let date: Int?
  let method: WordSource?
  let mode: WordSource?
  let key: [Int]
  let version: Int?
  let only: [(field: Int, values: [[UInt8]])]
  /// Fields that name one unit, team or region, and have no second role of these.
  private let naming: [Int]

  /// Whether the value of a field is the name of a unit, team or region.
  func names(_ field: Int) -> Bool { naming.contains(field) }

  init(_ source: SourceDefinition, lists: WordLists, codeLists: [CodeList]) {
    func place(_ name: String?) -> Int? { name.flatMap { name in source.fields.firstIndex { $0.name == name } } }
    unitCode = place(source.unit?.code)
    unitName = place(source.unit?.name)
    region = place(source.region)
    team = place(source.team)
    date = place(source.date)
    method = WordSource(source.method, fields: source.fields, list: lists.methods, codeLists: codeLists)
    mode = WordSource(source.mode, fields: source.fields, list: lists.modes, codeLists: codeLists)
    key = source.primaryKey.compactMap { place($0) }
    version = if case .latest(let field) = source.duplicates { place(field) } else { nil }
    let naming = [unitCode, unitName, region, team].compactMap { $0 }
    self.naming = naming.filter { field in naming.count { $0 == field } == 1 }
    only = source.only.compactMap { rule in
      place(rule.field).map { ($0, rule.values.map { Array($0.utf8) }) }
    }
  }
}

/// How the findings of a source are taken from its rows.
final class FindingProgram: Sendable {
  enum Kind: Sendable {
    case constant(FindingKind)
    case field(Int)
  }
  enum Severity: Sendable {
    case constant(UInt8)
    case field(Int)
  }
  /// 0: rows of the record itself; else the number of the repeat.
  let group: Int
  let kind: Kind
  let text: Int?
  let category: WordSource?
  let severity: Severity?
  let split: FindingSplit
  // By the pattern: `==` would go through the witness of a protocol, for each record.
  var isSplit: Bool { if case .none = split { false } else { true } }
  let categoryRules: CategoryProgram?
  /// Places in the kind field's code list to kinds; the built-in words when it has no list.
  let kinds: [FindingKind?]?

  init(
    _ finding: FindingDefinition, group: Int, fields: [Field], lists: WordLists, codeLists: [CodeList]
  ) throws(ReadError) {
    func place(_ name: String?) -> Int? { name.flatMap { name in fields.firstIndex { $0.name == name } } }
    self.group = group
    split = finding.split
    do throws(PatternError) {
      categoryRules = try finding.categoryRules.map { rules throws(PatternError) in
        try CategoryProgram(rules, categories: lists.categories, codeLists: codeLists)
      }
    } catch {
      throw ReadError(
        Diagnostic(.pipelineWrongValue, at: finding.location, found: "keywords", [.word(error.message), .literal("")]))
    }
    text = place(finding.text)
    category = WordSource(finding.category, fields: fields, list: lists.categories, codeLists: codeLists)
    switch finding.kind {
    case .constant(let code):
      kind = .constant(FindingKind.allCases.first { $0.code == code } ?? .problem)
      kinds = nil
    case .field(let name):
      let field = place(name)
      kind = .field(field ?? 0)
      let list = field.flatMap { fields[$0].codeList }.flatMap { name in codeLists.first { $0.name == name } }
      kinds = list?.entries.map { entry in FindingKind.allCases.first { $0.code == entry.code } }
    }
    switch finding.severity {
    case .constant(let text): severity = .constant(UInt8(text) ?? 0)
    case .field(let name): severity = place(name).map { .field($0) }
    case nil: severity = nil
    }
  }
}
