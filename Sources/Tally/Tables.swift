import Campaign
import Diagnostics
package import Records
package import Tables

/// Turns reconciled records into tables.
package struct Tallier: Sendable {
  let input: TallyInput
  let tally: CampaignTally
  let coverage: Coverage
  let visits: CountedVisits
  let teams: WorkListTeams
  let workList: WorkListTally
  /// Of the chunks, in which rows are made side by side.
  let stretches: [Range<Int>]

  /// What was counted already, if anything.
  package let known: KnownTally?

  /// Tallies the chunks in `width` stretches side by side and merges: the grouping does not change a figure.
  ///
  /// - Parameter known: the tally of chunks that need not be counted again.
  package static func run(_ input: TallyInput, width: Int, known: consuming KnownTally? = nil) async throws -> Tallier {
    let isKnown = Set(known?.chunks ?? [])
    let chunks = (0..<input.store.count).filter { !isKnown.contains($0) }
    let teams = WorkListTeams(input)
    let days = Self.usualDays(input)
    // A tally takes longer to make and to merge than a few chunks to count.
    let tasks = max(1, min(width, chunks.count / 8))
    var tally = try await withThrowingTaskGroup(of: CampaignTally.self) { group in
      for task in 0..<tasks {
        // In turn: those that must be read again, which takes longer, are not one task's.
        let own = stride(from: task, to: chunks.count, by: tasks).map { chunks[$0] }
        group.addTask { try Self.tally(own, of: input, teams, days) }
      }
      var whole = CampaignTally(lists: input.lists, sources: input.campaign.sources.count)
      var isFirst = true
      for try await part in group {
        if isFirst { whole = part } else { whole.merge(part) }
        isFirst = false
      }
      return whole
    }
    guard var all = known?.takeTally(), var visits = known?.takeVisits() else {
      let visits = CountedVisits(tally.visits, await figures(of: tally.visits, input.lists, width: width))
      return Tallier(input, tally, visits, teams, known)
    }
    visits.add(tally.visits)
    tally.visits = VisitDays()
    all.merge(tally)
    return Tallier(input, all, visits, teams, known)
  }

  private static func figures(of visits: VisitDays, _ lists: WordLists, width: Int) async -> VisitFigures {
    let (units, teams, methods) = (lists.roster.units.count, lists.roster.teams.count, lists.methods.entries.count)
    guard width > 1, visits.areMany else { return visits.figures(units: units, teams: teams, methods: methods) }
    let middle = visits.middle(of: units)
    let later = Task { visits.figures(units: units, teams: teams, methods: methods, of: middle..<Int(Int32.max)) }
    var figures = visits.figures(units: units, teams: teams, methods: methods, of: 0..<middle)
    figures.merge(later: await later.value)
    return figures
  }

  /// In which most visits are: the campaign's window, else the year before the run counts itself.
  private static func usualDays(_ input: TallyInput) -> ClosedRange<Day> {
    input.campaign.window ?? Day(number: input.asOf.number - 365)...input.asOf
  }

  private static func tally(
    _ chunks: [Int], of input: TallyInput, _ teams: WorkListTeams, _ days: ClosedRange<Day>
  ) throws -> CampaignTally {
    var tally = CampaignTally(lists: input.lists, sources: input.campaign.sources.count, days: days)
    for index in chunks {
      let counted = CountedChunk(try input.store.chunk(index), index: index, input.decided)
      tally.add(counted, isVisit: input.campaign.sources[counted.chunk.source].isVisit)
      countLogs(of: counted, teams, input, into: &tally)
      tally.corrections.add(counted.chunk)
    }
    return tally
  }

  private init(
    _ input: TallyInput, _ tally: CampaignTally, _ visits: CountedVisits, _ teams: WorkListTeams, _ known: KnownTally?
  ) {
    self.visits = visits
    self.teams = teams
    self.known = known
    stretches = input.store.stretches(from: 0)
    var workList = tally.workList
    for index in input.files.indices where input.files[index].hasFailed {
      if let failure = input.files[index].failure { workList.add(file: failure.rule, to: teams.team(ofFile: index)) }
    }
    self.workList = workList
    self.input = input
    self.tally = tally
    coverage = Coverage(roster: input.lists.roster, tally: tally)
  }

  /// The sum as the tables count it, per source: what the figures hold and what stands in `rejected` and `set-aside`.
  package var sums: [Sums] { tally.sums }

  /// Names of the built-in tables, in the order in which they are written.
  package static let tableNames = [
    "summary", "units", "regions", "teams", "methods", "categories", "coverage", "findings", "rejected", "work-list",
    "set-aside", "corrections", "blanks", "files", "notes",
  ]

  /// The built-in tables, and one `records-NAME` for each source that asks for it.
  package func tables(proof: [Sums]) throws -> [Table] {
    let wanted = input.campaign.output.tables
    func isPublished(_ name: String) -> Bool { name == "summary" || wanted?.contains(name) ?? true }
    let hidesCounts = input.campaign.privacy.threshold > 1
    // Which counts are left out depends on all tables, on those too that are not published.
    var all = Self.tableNames.filter { hidesCounts || isPublished($0) }.compactMap { table($0, proof: proof) }
    if hidesCounts {
      all = try SmallCounts.leftOut(
        of: all, threshold: input.campaign.privacy.threshold, roster: roster, isPublished: isPublished)
      for place in all.indices where !SmallCounts.tables.contains(all[place].name) { all[place].isConfidential = true }
    }
    let records = input.campaign.sources.indices.filter { input.campaign.sources[$0].writesRecords }
    var tables = all.filter { isPublished($0.name) } + records.map { recordsTable(of: $0) }
    guard let known, known.isUnchangedBeginning else { return tables }
    let stretches = input.store.stretches(from: known.chunks.count)
    for place in tables.indices {
      guard tables[place].rows.growsWithRecords, let rows = tables[place].rows as? any ChunkRows else { continue }
      tables[place].added = AddedRows(rows: rows, stretches: stretches)
    }
    return tables
  }

  /// Tables that a later run may continue, when it has more records.
  package static func areContinued(_ tables: [Table]) -> [String] {
    tables.filter(\.rows.growsWithRecords).map(\.name)
  }

  /// `nil` for a table that this campaign has not.
  private func table(_ name: String, proof: [Sums]) -> Table? {
    switch name {
    case "summary": summaryTable(proof: proof)
    case "units": unitsTable()
    case "regions": regionsTable()
    case "teams": teamsTable()
    case "methods": methodsTable()
    case "categories": categoriesTable()
    case "coverage": coverageTable()
    case "findings": findingsTable()
    case "rejected": rejectedTable()
    case "work-list": workListTable()
    case "set-aside": setAsideTable()
    case "corrections": correctionsTable()
    case "blanks": hasReasons ? blanksTable() : nil
    case "files": filesTable()
    default: notesTable()
    }
  }

  /// Why Reconcile rejected an accepted record.
  private static func rules(ofRejected record: Int, _ counted: CountedChunk, _ input: TallyInput) -> [Rule] {
    let ordinal = counted.firstOrdinal + record
    let source = input.campaign.sources[counted.chunk.source]
    let key = input.reconciliation.rejections[ordinal].map {
      $0.rule(of: source, keys: source.lateKeys(in: input.campaign.sources))
    }
    return [key].compactMap(\.self) + (input.reconciliation.ruleRejections[ordinal] ?? []).map(\.rule)
  }

  /// Counts the entries of the logs themselves, not the counters that were kept beside them: the second side of the sum.
  private static func countLogs(
    of counted: CountedChunk, _ teams: WorkListTeams, _ input: TallyInput, into tally: inout CampaignTally
  ) {
    let chunk = counted.chunk
    chunk.rejected.forEachOutline { entry in
      tally.workList.add(entry, chunk: counted.index, to: teams.team(of: entry, file: chunk.file))
      if entry.isFinding {
        tally.sums[chunk.source].findings.rejected += 1
      } else {
        tally.sums[chunk.source].records.rejected += 1
        tally.sums[chunk.source].findings.rejected += entry.findings
      }
    }
    chunk.excluded.forEachOutline { entry in
      tally.sums[chunk.source].records.excluded += 1
      tally.sums[chunk.source].findings.excluded += entry.findings
    }
    let (verdicts, first) = (input.reconciliation.verdicts, counted.firstOrdinal)
    for (record, findings) in chunk.records.findings.enumerated()
    where verdicts[first + record] != Verdict.counts.rawValue {
      countSetAside(record, Int(findings), of: counted, teams, input, into: &tally)
    }
  }

  private static func countSetAside(
    _ record: Int, _ findings: Int, of counted: CountedChunk, _ teams: WorkListTeams, _ input: TallyInput,
    into tally: inout CampaignTally
  ) {
    let source = counted.chunk.source
    switch counted.verdict(record) {
    case .counts: break
    case .duplicate:
      tally.sums[source].records.duplicate += 1
      tally.sums[source].findings.duplicate += findings
    case .rejected:
      tally.workList.add(
        rules(ofRejected: record, counted, input), chunk: counted.index, to: team(of: record, counted, teams))
      tally.sums[source].records.rejected += 1
      tally.sums[source].findings.rejected += findings
    case .superseded:
      tally.sums[source].records.superseded += 1
      tally.sums[source].findings.superseded += findings
    }
  }
}

/// Planned against visited.
struct Coverage {
  enum State: CaseIterable {
    case visited, notVisited, visitedNotPlanned, notPlanned

    var code: String {
      switch self {
      case .visited: "visited"
      case .notVisited: "not-visited"
      case .visitedNotPlanned: "visited-not-planned"
      case .notPlanned: "not-planned"
      }
    }
    var label: LocalizedText {
      switch self {
      case .visited: LocalizedText(zh: "已督查", en: "visited")
      case .notVisited: LocalizedText(zh: "计划内未督查", en: "planned, not visited")
      case .visitedNotPlanned: LocalizedText(zh: "计划外已督查", en: "visited, not planned")
      case .notPlanned: LocalizedText(zh: "不在计划内", en: "not planned")
      }
    }
  }
  /// Per unit.
  let states: [State]

  init(roster: Roster, tally: CampaignTally) {
    states = roster.units.indices.map { unit in
      switch (roster.units[unit].isPlanned, tally.units[unit].isVisited) {
      case (true, true): .visited
      case (true, false): .notVisited
      case (false, true): .visitedNotPlanned
      case (false, false): .notPlanned
      }
    }
  }

  func count(_ state: State) -> Int { states.count { $0 == state } }
}

extension TableRow {
  /// A code and its label, side by side; two blanks for none.
  mutating func append(code: String?, label: String?) {
    if let code, !code.isEmpty { append(code) } else { appendBlank() }
    if let label, !label.isEmpty { append(label) } else { appendBlank() }
  }

  /// Highlights, problems, suggestions.
  mutating func append(_ findings: FindingCounts) { for kind in FindingKind.allCases { append(findings[kind]) } }
}

extension Column {
  static let findingCounts: [Column] = [
    Column("highlights", zh: "亮点数", en: "Highlights", .integer),
    Column("problems", zh: "问题数", en: "Problems", .integer),
    Column("suggestions", zh: "建议数", en: "Suggestions", .integer),
  ]
  static let unit: [Column] = [
    Column("unit", zh: "单位代码", en: "Unit code", .code), Column("unit_name", zh: "单位名称", en: "Unit", .text),
  ]
  static let region: [Column] = [
    Column("region", zh: "地区代码", en: "Region code", .code), Column("region_name", zh: "地区", en: "Region", .text),
  ]
  static let team: [Column] = [
    Column("team", zh: "督查组代码", en: "Team code", .code), Column("team_name", zh: "督查组", en: "Team", .text),
  ]
  static let place: [Column] = [
    Column("source", zh: "数据源", en: "Source", .code), Column("file", zh: "文件", en: "File", .text),
    Column("line", zh: "行号", en: "Line", .integer), Column("record", zh: "记录号", en: "Record", .integer),
  ]
}
