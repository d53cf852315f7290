import Bytes
package import Campaign
package import Diagnostics
package import Expressions
import Records
import Values

/// A source, compiled: everything that is the same for all its records. Shared by all tasks.
package final class CheckPlan: Sendable {
  let source: SourceDefinition
  /// Place of the source in the pipeline.
  let place: Int
  let programs: [FieldProgram]
  /// The same and those of `repeats`, by group.
  let programsInPlace: [[InPlace<FieldProgram>]]
  let roles: RecordRoles
  let findings: [FindingProgram]
  /// Fields of each repeat, by group number less one.
  let repeats: [[FieldProgram]]
  let lists: WordLists
  /// Of each field of the records, then of the fields of each repeat.
  let lanes: [FieldProgram.Lane]
  /// Whether a blank is no fault of theirs.
  let mayBeBlank: [Bool]
  /// Where in `lanes` the fields of each group begin, and behind the last where they end.
  let firstLanes: [Int]
  let units: WordMatcher
  let teams: WordMatcher
  let regions: WordMatcher
  let variants: Deferred<UnitVariants>
  let unitNames: NameColumn
  let regionOfUnit: [Int32]
  let regionAbove: [Int32]
  let window: ClosedRange<Day>?
  /// Rules of the pipeline's own; `nil` when none is of this source.
  let rules: SourceRules?
  let ruleBook: RuleBook
  /// Keys that are compared when all records are seen, and foreign keys to lists that are known now.
  let lateKeys: [LateKey]
  let listedKeys: [ListedKey]
  /// Fields that a fault of a later stage may be of.
  let lateFields: [Int]
  /// Whether the text of each record is kept, since a later stage may reject it.
  let keepsRecordTexts: Bool
  /// Places of the fields that declare words for reasons to be blank.
  let blankFields: [Int]
  /// Places of the fields whose codes are not valid for ever.
  let datedFields: [Int]
  /// Whether texts of findings are kept for a table.
  let keepsTexts: Bool
  /// Places of the direct identifiers of the record and of each repeat; `nil` when there are none.
  let directIdentifiers: [[Int]]?
  /// What stands in their place.
  let pseudonym: Pseudonym
  /// `nil` when no correction is about the source.
  let corrections: CorrectionPlan?

  /// Whether anything is kept of an accepted record beside its words, key and findings.
  var keepsMore: Bool {
    !roles.key.isEmpty && source.duplicates != .first || roles.version != nil || source.writesRecords
      || !blankFields.isEmpty || !lateKeys.isEmpty || rules?.stored.isEmpty == false || keepsRecordTexts
  }

  /// Whether a region is that of a unit, or one above it; so is any of a unit that has none.
  ///
  /// - Parameter region: its place, or `CellValue.unlisted`.
  @inline(__always)
  func isRegion(_ region: Int32, ofUnit unit: Int) -> Bool {
    let own = regionOfUnit[unit]
    var here = own
    while here >= 0, here != region { here = regionAbove[Int(here)] }
    return own < 0 || here >= 0
  }

  /// Whether records name units that have a roster.
  package var looksForUnits: Bool { source.unit != nil && !lists.roster.units.isEmpty }

  /// Makes what is needed for the first text that names no unit as the roster does; records of few campaigns have none.
  package func prepareUnits() { variants.value.prepare() }

  /// Paths and fields of the repeats, in the order of their group numbers: what the XML reader must be told.
  package static func repeats(of source: SourceDefinition) -> [(path: String, fields: [Field])] {
    source.findings.compactMap { finding in finding.each.map { ($0, finding.fields) } }
  }

  fileprivate init(
    _ source: SourceDefinition, at place: Int, campaign: CampaignDefinition, codeLists: [CodeList],
    tables: [String: KeyTable], lists: WordLists, words: RosterWords, ruleBook: RuleBook, corrections: [Correction],
    pseudonym: @escaping Pseudonym
  ) throws(ReadError) {
    self.ruleBook = ruleBook
    rules = ruleBook.rules(of: place)
    self.source = source
    self.place = place
    window = campaign.window
    programs = try Self.compile(source.fields, codeLists, campaign.window)
    var repeats: [[FieldProgram]] = []
    for (_, fields) in Self.repeats(of: source) { repeats.append(try Self.compile(fields, codeLists, campaign.window)) }
    self.repeats = repeats
    roles = RecordRoles(source, lists: lists, codeLists: codeLists)
    var group = 0
    var findings: [FindingProgram] = []
    for finding in source.findings {
      if finding.each != nil { group += 1 }
      findings.append(
        try FindingProgram(
          finding, group: finding.each == nil ? 0 : group, fields: finding.each == nil ? source.fields : finding.fields,
          lists: lists, codeLists: codeLists))
    }
    self.findings = findings
    self.lists = lists
    (units, teams, regions) = (words.units, words.teams, words.regions)
    (variants, unitNames) = (words.variants, words.unitNames)
    (regionOfUnit, regionAbove) = (words.regionOfUnit, words.regionAbove)
    let groups = [programs] + repeats
    programsInPlace = groups.map { $0.map { InPlace($0) } }
    let roles = roles
    lanes = groups.enumerated().flatMap { group, programs in
      programs.enumerated().map { place, program in
        program.lane == .program || group == 0 && roles.names(place) ? .known : program.lane
      }
    }
    mayBeBlank = groups.flatMap { $0.map { !$0.limits.isRequired } }
    firstLanes = groups.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1.count) }
    lateKeys = source.lateKeys(in: campaign.sources)
    let lateRules = ruleBook.late.filter { $0.source == place }
    let named = lateRules.compactMap { rule in source.fields.firstIndex { $0.name == rule.field } }
    lateFields = Set(lateKeys.compactMap(\.fields.first) + named + roles.key.prefix(1)).sorted()
    keepsRecordTexts = !lateKeys.isEmpty || source.duplicates == .reject || rules?.mayRejectLate ?? false
    listedKeys = try Self.listedKeys(source, lists, codeLists, tables)
    blankFields = source.fields.indices.filter { !source.fields[$0].blankKinds.isEmpty }
    let own = programs
    datedFields = own.indices.filter {
      if case .code(let list) = own[$0].reader { list.value.hasValidity } else { false }
    }
    keepsTexts = campaign.output.tables?.contains("findings") ?? true
    let direct = ([source.fields] + Self.repeats(of: source).map(\.fields)).map { fields in
      fields.indices.filter { fields[$0].personal == .direct }
    }
    directIdentifiers = direct.allSatisfy(\.isEmpty) ? nil : direct
    self.pseudonym = pseudonym
    var relaxed: [Correction.Target: FieldProgram] = [:]
    self.corrections = try CorrectionPlan(corrections, source: place, name: source.name) {
      target throws(ReadError) in
      guard let place = target.field else { return nil }
      if let known = relaxed[target] { return known }
      let fields = target.group == 0 ? source.fields : Self.repeats(of: source)[target.group - 1].fields
      var field = fields[place]
      field.constraints = Constraints()
      let program = try FieldProgram(field, codeLists: codeLists, window: campaign.window)
      relaxed[target] = program
      return program
    }
  }

  private static func listedKeys(
    _ source: SourceDefinition, _ lists: WordLists, _ codeLists: [CodeList], _ tables: [String: KeyTable]
  ) throws(ReadError) -> [ListedKey] {
    var keys: [ListedKey] = []
    for key in source.foreignKeys {
      let fields = key.fields.compactMap { name in source.fields.firstIndex { $0.name == name } }
      let rows: [[String]]
      func words(_ code: String, _ name: LocalizedText) -> [String] {
        key.targetFields.map { $0 == "code" ? code : name.zh }
      }
      switch key.target {
      case .source: continue
      case .units: rows = lists.roster.units.map { words($0.code, $0.name) }
      case .teams: rows = lists.roster.teams.map { words($0.code, $0.name) }
      case .regions: rows = lists.roster.regions.map { words($0.code, $0.name) }
      case .codeList(let name): rows = codeLists.first { $0.name == name }?.entries.map { [$0.code] } ?? []
      case .table(let path):
        guard let table = tables[path], let values = table.values(of: key.targetFields) else {
          let headers = tables[path]?.headers.joined(separator: ", ") ?? path
          throw ReadError(
            Diagnostic(
              .pipelineUnknownName, at: key.location, found: key.targetFields.joined(separator: ", "),
              [.literal(headers), .literal("")]))
        }
        rows = values
      }
      keys.append(ListedKey(key, fields: fields, rows: rows))
    }
    return keys
  }

  private static func compile(
    _ fields: [Field], _ codeLists: [CodeList], _ window: ClosedRange<Day>?
  ) throws(ReadError) -> [FieldProgram] {
    var programs: [FieldProgram] = []
    for field in fields { programs.append(try FieldProgram(field, codeLists: codeLists, window: window)) }
    return programs
  }

  /// Compiles all sources of a campaign.
  ///
  /// - Parameters:
  ///   - words: of the roster, when they were made before.
  ///   - tables: the CSV files to which foreign keys refer, by path.
  /// - Returns: a plan per source, and the word lists to which their chunks refer.
  /// - Throws: every fault of a field that only its type can see: formats, bounds, patterns.
  package static func compile(
    _ campaign: CampaignDefinition, roster: Roster, words: RosterWords? = nil, codeLists: [CodeList],
    tables: [String: KeyTable] = [:],
    ruleBook: RuleBook = .empty, corrections: [Correction] = [], pseudonym: @escaping Pseudonym = { _ in "***" }
  ) throws(PlanErrors) -> (plans: [CheckPlan], lists: WordLists) {
    let lists = WordLists(campaign, roster: roster, codeLists: codeLists)
    let words = words ?? RosterWords(roster)
    var plans: [CheckPlan] = []
    var faults: [Diagnostic] = []
    for (place, source) in campaign.sources.enumerated() {
      do throws(ReadError) {
        plans.append(
          try CheckPlan(
            source, at: place, campaign: campaign, codeLists: codeLists, tables: tables, lists: lists,
            words: words, ruleBook: ruleBook, corrections: corrections, pseudonym: pseudonym))
      } catch {
        faults.append(error.diagnostic)
      }
    }
    guard faults.isEmpty else { throw PlanErrors(diagnostics: faults) }
    return (plans, lists)
  }
}

/// Faults of a pipeline that show when its fields are compiled.
package struct PlanErrors: Error, Sendable {
  package var diagnostics: [Diagnostic]
  package init(diagnostics: [Diagnostic]) { self.diagnostics = diagnostics }
}

extension WordLists {
  /// The word lists of all sources together.
  fileprivate init(_ campaign: CampaignDefinition, roster: Roster, codeLists: [CodeList]) {
    self.init()
    self.roster = roster
    for source in campaign.sources {
      methods.adopt(source.method, fields: source.fields, codeLists: codeLists, named: "method")
      modes.adopt(source.mode, fields: source.fields, codeLists: codeLists, named: "mode")
      for finding in source.findings {
        categories.adopt(
          finding.category, fields: finding.each == nil ? source.fields : finding.fields, codeLists: codeLists,
          named: "category")
        categories.adopt(finding.categoryRules, codeLists: codeLists)
      }
    }
  }
}

extension CodeList {
  /// Takes over the words that a role of a source can have: those of the code list of its field, or its constant with the
  /// label that the list of that name has for it.
  fileprivate mutating func adopt(
    _ reference: ValueReference?, fields: [Field], codeLists: [CodeList], named name: String
  ) {
    switch reference {
    case .field(let field):
      guard let list = fields.first(where: { $0.name == field })?.codeList else { return }
      for entry in codeLists.first(where: { $0.name == list })?.entries ?? [] { adopt(entry) }
    case .constant(let code):
      let list = codeLists.first { $0.name == name }
      let entry = list?.table.find(code).flatMap { list?.entries[Int($0)] }
      // The other words of the list come along, so that its table shows those that nobody used.
      if entry != nil { for entry in list?.entries ?? [] { adopt(entry) } }
      adopt(entry ?? Entry(code: code, label: LocalizedText(code)))
    case nil: break
    }
  }

  private mutating func adopt(_ entry: Entry) {
    if !entries.contains(where: { $0.code == entry.code }) { append(entry) }
  }

  /// Place of the entry with this code.
  func place(ofCode code: String) -> Int? { entries.firstIndex { $0.code == code } }
}
