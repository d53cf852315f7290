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
  /// Files with corrections; the one of the default name, if it is there, when not given.
  package var corrections: [ReferenceTable]?
  package var output: OutputDefinition
  /// Rejected records per accepted and rejected record, in percent, above which the run ends with status 1.
  package var tolerance: Double

  package init(id: String) {
    self.id = id
    title = LocalizedText(id)
    language = .zh
    codeLists = []
    sources = []
    output = OutputDefinition()
    tolerance = 0
  }
}

/// Tables of units, teams and regions; any that is not given is made of what the records say.
package struct RosterDefinition: Sendable {
  package var units: ReferenceTable?
  package var teams: ReferenceTable?
  package var regions: ReferenceTable?
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
  package init() {}
}

package struct XMLOptions: Sendable, Hashable {
  /// Path of the record from the root: `/responses/response`; `/*` for the root itself.
  package var record: String
  /// Prefixes that paths may use, and their namespaces. Without a prefix a name matches in any namespace.
  package var namespaces: [String: String]
  /// Whether the complete records before the place where a file breaks are kept.
  package var salvagesBroken: Bool
  package init(record: String = "/*", namespaces: [String: String] = [:], salvagesBroken: Bool = false) {
    self.record = record
    self.namespaces = namespaces
    self.salvagesBroken = salvagesBroken
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

/// Which of the records of a source with one key counts. Records that are equal in every cell are duplicates always.
package enum DuplicatePolicy: Sendable, Hashable {
  /// The first in file order counts, the later are duplicates.
  case first
  /// The one with the greatest value of the field counts (the last in file order when there is no field, or a tie); the
  /// others are superseded.
  case latest(by: String?)
}

/// How findings stand in the records of a source.
package struct FindingDefinition: Sendable {
  /// Highlight, problem or suggestion: always, or as the field says.
  package var kind: ValueReference
  /// Field that holds the text.
  package var text: String?
  package var category: ValueReference?
  package var severity: ValueReference?
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

/// How several findings in one cell are told apart.
package enum FindingSplit: Sendable, Hashable {
  /// The cell is one finding.
  case none
  /// `1.` `1、` `（1）` `①` `一、` and line breaks.
  case numbered
  case lines
  /// At each occurrence of this text.
  case separator(String)
}

package struct OutputDefinition: Sendable {
  package var formats: Set<OutputFormat>
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
