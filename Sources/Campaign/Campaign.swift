package import Diagnostics

/// A campaign as its pipeline file describes it: one round of inspection, its reference lists, its sources, its outputs.
/// Paths are as written, relative to the campaign's folder.
package struct CampaignDefinition: Sendable {
  package var id: String
  package var title: LocalizedText
  /// Days between which visits are expected, both included.
  package var window: ClosedRange<Day>?
  package var language: Language
  package var roster: RosterDefinition?
  package var codeLists: [CodeListDefinition]
  package var sources: [SourceDefinition]
  package var rules: [RuleDefinition]
  package var checks: [FieldCheckDefinition]
  /// Files with corrections; the one of the default name, if it is there, when not given.
  package var corrections: [ReferenceTable]?
  package var privacy: PrivacyDefinition
  package var output: OutputDefinition
  /// Rejected records per accepted and rejected record, in percent, above which the run ends with status 1.
  package var tolerance: Double

  package init(id: String) {
    self.id = id
    title = LocalizedText(id)
    language = .zh
    codeLists = []
    sources = []
    rules = []
    checks = []
    privacy = PrivacyDefinition()
    output = OutputDefinition()
    tolerance = 0
  }
}

/// How persons are kept out of what leaves.
package struct PrivacyDefinition: Sendable {
  package enum Method: String, Sendable, CaseIterable { case mask, hash }
  /// What stands in place of a direct identifier.
  package var direct = Method.mask
  /// File with the key of the hashes.
  package var key: ReferenceTable?
  /// Counts from 1 to below this are not published; 0 publishes all.
  package var threshold = 0
  package init() {}
}

/// What stands in place of a direct identifier.
package typealias Pseudonym = @Sendable (_ identifier: [UInt8]) -> String

/// Tables of units, teams and regions; any that is not given is made of what the records say.
package struct RosterDefinition: Sendable {
  package var units: ReferenceTable?
  package var teams: ReferenceTable?
  package var regions: ReferenceTable?
  /// Texts that somebody decided to be units.
  package var decisions: ReferenceTable?
  package init() {}
}

/// A reference table and the headers of its columns. Roles of columns: `code`, `name`, `name_en`, `aliases`, `region`,
/// `type`, `planned`, `parent`, `team`.
package struct ReferenceTable: Sendable {
  package var path: String
  /// Role of a column to its header, where the header is not the role's own name.
  package var columns: [String: String]
  package var location: SourceLocation

  package init(path: String, columns: [String: String] = [:], location: SourceLocation) {
    self.path = path
    self.columns = columns
    self.location = location
  }
}

package struct CodeListDefinition: Sendable {
  package var name: String
  package var path: String
  package var location: SourceLocation
  package init(name: String, path: String, location: SourceLocation) {
    self.name = name
    self.path = path
    self.location = location
  }
}

/// Files of one kind and how their records are read.
package struct SourceDefinition: Sendable {
  package var name: String
  package var title: LocalizedText
  /// Glob patterns below the inbox: `*` and `?` within a name, `**` for any folders.
  package var files: [String]
  package var format: SourceFormat
  /// An encoding that the pipeline declares; sniffed when not given.
  package var encoding: String?
  package var fields: [Field]
  package var primaryKey: [String]
  /// Fields whose values together no two records may share.
  package var uniqueKeys: [[String]]
  package var foreignKeys: [ForeignKey]
  /// How the columns of a file must agree with the fields; `nil`: as they come, and differences are warnings.
  package var fieldsMatch: FieldsMatch?
  /// Merged cells: a blank takes the value of the record above.
  package var fillDown: [String]
  /// A row whose cells here are all blank continues the record above: one more row of the same record.
  package var continuation: [String]
  package var unit: UnitReference?
  package var region: String?
  package var team: String?
  package var date: String?
  package var method: ValueReference?
  package var mode: ValueReference?
  /// Whether an accepted record says that its unit was visited.
  package var isVisit: Bool
  package var duplicates: DuplicatePolicy
  package var findings: [FindingDefinition]
  /// Fields and the values, as normalized, that a record must have to belong here; another record is excluded.
  package var only: [(field: String, values: [String])]
  /// Whether a fault in one finding of a repeat rejects that finding alone, and not its record.
  package var rejectsFindingsAlone: Bool
  /// Whether the accepted records are written out as a table of their own, `records-NAME`.
  package var writesRecords: Bool
  package var location: SourceLocation

  package init(name: String, location: SourceLocation) {
    self.name = name
    title = LocalizedText(name)
    files = []
    format = .delimited(DelimitedOptions())
    fields = []
    primaryKey = []
    uniqueKeys = []
    foreignKeys = []
    fillDown = []
    continuation = []
    isVisit = true
    duplicates = .latest(by: nil)
    findings = []
    only = []
    rejectsFindingsAlone = false
    writesRecords = false
    self.location = location
  }
}

extension SourceDefinition {
  /// The keys that Reconcile checks: fields that are unique, unique keys, foreign keys, and keys of this source to which
  /// foreign keys of any source refer.
  package func lateKeys(in sources: [SourceDefinition]) -> [LateKey] {
    func places(_ names: [String]) -> [Int] {
      names.compactMap { name in fields.firstIndex { $0.name == name } }
    }
    var keys = fields.indices.filter { fields[$0].constraints.isUnique }.map { LateKey(kind: .unique, fields: [$0]) }
    keys += uniqueKeys.map { LateKey(kind: .unique, fields: places($0)) }
    keys += foreignKeys.indices.map { LateKey(kind: .foreign($0), fields: places(foreignKeys[$0].fields)) }
    var targets: Set<[Int]> = []
    for key in sources.flatMap(\.foreignKeys) where key.target == .source(name) {
      let fields = places(key.targetFields)
      if targets.insert(fields).inserted { keys.append(LateKey(kind: .target, fields: fields)) }
    }
    return keys
  }
}

extension SourceDefinition {
  /// Names of the direct identifiers, those of repeats included.
  package var directIdentifiers: Set<String> {
    Set((fields + findings.flatMap(\.fields)).filter { $0.personal == .direct }.map(\.name))
  }

  /// Fields by whose values records are counted.
  package var countedFields: [String] {
    func field(_ reference: ValueReference?) -> String? {
      if case .field(let name) = reference { name } else { nil }
    }
    return [unit?.code, unit?.name, region, team, field(method), field(mode)].compactMap(\.self)
      + findings.flatMap { [field($0.kind), field($0.category), field($0.severity)].compactMap(\.self) }
  }
}

package enum SourceFormat: Sendable {
  case delimited(DelimitedOptions)
  /// Many records in one file, each an element at `record` (`/responses/response`).
  case xml(XMLOptions)
  /// One submission a file; the record is the root element.
  case xforms(XMLOptions)
}

/// What the pipeline says about a delimited file; `nil` is sniffed.
package struct DelimitedOptions: Sendable, Hashable {
  package var delimiter: String?
  package var quote: String?
  package var escape: String?
  /// Rows of the header; more than one are joined by a space.
  package var headerRows: Int?
  /// Rows above the header that are not data.
  package var skip: Int?
  /// First words of a row below the data that mark it as a total or a note; the built-in ones when not given.
  package var totals: [String]?
  /// Names or patterns of the sheets of a workbook; those whose header matches when not given.
  package var sheets: [String]?
  package init() {}
}

package struct XMLOptions: Sendable, Hashable {
  /// Path of the record from the root: `/responses/response`; `/*` for the root itself.
  package var record: String
  /// Prefixes that paths may use, and their namespaces. Without a prefix a name matches in any namespace.
  package var namespaces: [String: String]
  /// Whether the complete records before the place where a file breaks are kept.
  package var salvagesBroken: Bool
  /// Limits of the reader that the pipeline sets, by name; the others are its own.
  package var limits: [String: Int] = [:]
  /// The XSD or RELAX NG schema against which records are validated.
  package var schema: XMLSchemaReference?
  package init(record: String = "/*", namespaces: [String: String] = [:], salvagesBroken: Bool = false) {
    self.record = record
    self.namespaces = namespaces
    self.salvagesBroken = salvagesBroken
  }
}

package struct XMLSchemaReference: Sendable, Hashable {
  package var path: String
  package var location: SourceLocation
  package init(path: String, location: SourceLocation) {
    self.path = path
    self.location = location
  }
}

/// The fields by which a record names its unit. The code decides when it is given, else the name.
package struct UnitReference: Sendable, Hashable {
  package var code: String?
  package var name: String?
  /// Whether a unit that the roster does not have is added to it, and not a fault.
  package var addsUnknown: Bool
  package init(code: String? = nil, name: String? = nil, addsUnknown: Bool = false) {
    self.code = code
    self.name = name
    self.addsUnknown = addsUnknown
  }
}

/// A field of the record, or a constant code.
package enum ValueReference: Sendable, Hashable {
  case field(String)
  case constant(String)
}

/// Values of a record that must stand in another list: `foreignKeys` of Table Schema.
package struct ForeignKey: Sendable {
  package enum Target: Sendable, Hashable {
    /// Another source, or the same one.
    case source(String)
    case units, teams, regions
    case codeList(String)
    /// A CSV file of the campaign's folder.
    case table(String)
  }
  package var fields: [String]
  package var target: Target
  /// As the target calls its columns, in the order of `fields`.
  package var targetFields: [String]
  package var location: SourceLocation

  package init(fields: [String], target: Target, targetFields: [String], location: SourceLocation) {
    self.fields = fields
    self.target = target
    self.targetFields = targetFields
    self.location = location
  }

  /// What the target is called in messages.
  package var name: String {
    switch target {
    case .source(let name), .codeList(let name), .table(let name): name
    case .units: "units"
    case .teams: "teams"
    case .regions: "regions"
    }
  }
}

/// A CSV file of the campaign's folder to which foreign keys refer.
package struct KeyTable: Sendable {
  package var headers: [String]
  package var rows: [[String]]
  package init(headers: [String], rows: [[String]]) {
    self.headers = headers
    self.rows = rows
  }

  /// The values of some columns; `nil` when one of them is missing.
  package func values(of columns: [String]) -> [[String]]? {
    let places = columns.compactMap { headers.firstIndex(of: $0) }
    guard places.count == columns.count else { return nil }
    return rows.map { row in places.map { $0 < row.count ? row[$0] : "" } }
  }
}

/// `fieldsMatch` of Table Schema, version 2.
package enum FieldsMatch: String, Sendable, CaseIterable { case exact, equal, subset, superset, partial }

/// A key that can be checked only when all records are seen.
package struct LateKey: Sendable {
  package enum Kind: Sendable {
    case unique
    /// Place in the source's `foreignKeys`.
    case foreign(Int)
    /// The key of another source's, or of its own, foreign key: nothing is checked of it.
    case target
  }
  package var kind: Kind
  /// Places of the fields.
  package var fields: [Int]
}

/// Which of the records of a source with one key counts. Records that are equal in every cell are duplicates always.
package enum DuplicatePolicy: Sendable, Hashable {
  /// The first in file order counts, the later are duplicates.
  case first
  /// The one with the greatest value of the field counts (the last in file order when there is no field, or a tie); the
  /// others are superseded.
  case latest(by: String?)
  /// The first counts, the later are rejected.
  case reject
}

/// How findings stand in the records of a source.
package struct FindingDefinition: Sendable {
  /// Highlight, problem or suggestion: always, or as the field says.
  package var kind: ValueReference
  /// Field that holds the text.
  package var text: String?
  package var category: ValueReference?
  package var severity: ValueReference?
  /// How a text without a category gets one.
  package var categoryRules: CategoryRules?
  package var split: FindingSplit
  /// Path of the repeated element below the record, when each is a finding. `nil`: each row of the record is looked at.
  package var each: String?
  /// Fields of the repeated element; empty when `each` is `nil`.
  package var fields: [Field]
  package var location: SourceLocation

  package init(kind: ValueReference, location: SourceLocation) {
    self.kind = kind
    split = .none
    fields = []
    self.location = location
  }
}

/// Categories that are told by what a finding says.
package struct CategoryRules: Sendable {
  /// Whether the number before an item is its category.
  package var takesNumber = false
  /// Code list whose `keywords` are looked for.
  package var list: String?
  /// Categories, and their words and `/patterns/`; the first that fits counts.
  package var keywords: [(code: String, words: [String])] = []
  /// The category of a text that none fits.
  package var otherwise: String?
  package init() {}
}

/// How several findings in one cell are told apart.
package enum FindingSplit: Sendable, Hashable {
  /// The cell is one finding.
  case none
  /// `1.` `1、` `（1）` `①` `一、` and line breaks.
  case numbered
  /// `10. …` `55. …`: numbers of a code list, with gaps; the item keeps its number.
  case coded
  case lines
  /// At each occurrence of this text.
  case separator(String)
}

package struct OutputDefinition: Sendable {
  package var formats: [OutputFormat]
  /// Built-in tables to write; all of them when `nil`.
  package var tables: [String]?
  /// Rows of a sheet of `statistics.xlsx` beyond which the rest is only in the CSV file.
  package var sheetRows: Int
  package init() {
    formats = [.csv, .json, .xlsx]
    sheetRows = 200_000
  }
}

package enum OutputFormat: String, Sendable, CaseIterable { case csv, json, xlsx }
