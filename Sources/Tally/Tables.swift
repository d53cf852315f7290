import Campaign
import Diagnostics
package import Records
package import Tables

/// Turns reconciled records into tables.
package struct Tallier {
  let input: TallyInput
  let tally: CampaignTally
  let coverage: Coverage
  let visits: VisitFigures

  /// Tallies the chunks in `width` stretches side by side and merges: the grouping does not change a figure.
  package static func run(_ input: TallyInput, width: Int) async throws -> Tallier {
    let count = input.store.count
    let stretches = max(1, min(width, count))
    let tally = try await withThrowingTaskGroup(of: CampaignTally.self) { group in
      for stretch in 0..<stretches {
        let chunks = count * stretch / stretches..<count * (stretch + 1) / stretches
        group.addTask { try Self.tally(chunks, of: input) }
      }
      var whole: CampaignTally?
      for try await part in group {
        if whole == nil { whole = part } else { whole?.merge(part) }
      }
      return whole ?? CampaignTally(lists: input.lists, sources: input.campaign.sources.count)
    }
    return Tallier(input, tally)
  }

  private static func tally(_ chunks: Range<Int>, of input: TallyInput) throws -> CampaignTally {
    var tally = CampaignTally(lists: input.lists, sources: input.campaign.sources.count)
    for index in chunks {
      let counted = CountedChunk(
        chunk: try input.store.chunk(index), index: index, reconciliation: input.reconciliation)
      tally.add(counted, isVisit: input.campaign.sources[counted.chunk.source].isVisit)
      countLogs(of: counted, into: &tally)
    }
    return tally
  }

  private init(_ input: TallyInput, _ tally: CampaignTally) {
    self.input = input
    self.tally = tally
    coverage = Coverage(roster: input.lists.roster, tally: tally)
    visits = tally.visits.figures(
      units: input.lists.roster.units.count, teams: input.lists.roster.teams.count,
      methods: input.lists.methods.entries.count)
  }

  /// The sum as the tables count it, per source: what the figures hold and what stands in `rejected` and `set-aside`.
  package var sums: [Sums] { tally.sums }

  /// Names of the built-in tables, in the order in which they are written.
  package static let tableNames = [
    "summary", "units", "regions", "teams", "methods", "categories", "coverage", "findings", "rejected", "set-aside",
    "blanks", "files", "notes",
  ]

  /// The built-in tables, and one `records-NAME` for each source that asks for it.
  package func tables(proof: [Sums]) -> [Table] {
    let all =
      [
        summaryTable(proof: proof), unitsTable(), regionsTable(), teamsTable(), methodsTable(), categoriesTable(),
        coverageTable(), findingsTable(), rejectedTable(), setAsideTable(),
      ] + (hasReasons ? [blanksTable()] : []) + [filesTable(), notesTable()]
    let wanted = input.campaign.output.tables
    let builtIn = all.filter { table in table.name == "summary" || wanted?.contains(table.name) ?? true }
    return builtIn
      + input.campaign.sources.indices.filter { input.campaign.sources[$0].writesRecords }.map { recordsTable(of: $0) }
  }

  /// Counts the entries of the logs themselves, not the counters that were kept beside them: the second side of the sum.
  private static func countLogs(of counted: CountedChunk, into tally: inout CampaignTally) {
    let chunk = counted.chunk
    chunk.rejected.forEachEntry { entry in
      if entry.isFinding {
        tally.sums[chunk.source].findings.rejected += 1
      } else {
        tally.sums[chunk.source].records.rejected += 1
        tally.sums[chunk.source].findings.rejected += entry.findings
      }
    }
    chunk.excluded.forEachEntry { entry in
      tally.sums[chunk.source].records.excluded += 1
      tally.sums[chunk.source].findings.excluded += entry.findings
    }
    counted.forEachRecord { record, findings in
      switch counted.verdict(record) {
      case .counts: break
      case .duplicate:
        tally.sums[chunk.source].records.duplicate += 1
        tally.sums[chunk.source].findings.duplicate += findings.count
      case .rejected:
        tally.sums[chunk.source].records.rejected += 1
        tally.sums[chunk.source].findings.rejected += findings.count
      case .superseded:
        tally.sums[chunk.source].records.superseded += 1
        tally.sums[chunk.source].findings.superseded += findings.count
      }
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
