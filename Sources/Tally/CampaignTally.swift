import Campaign
import Records

/// Findings by kind.
struct FindingCounts: Sendable, Equatable {
  /// By the kind's raw value; one lane more than there are kinds.
  var byKind = SIMD4<Int>()

  var total: Int { byKind.wrappedSum() }
  subscript(kind: FindingKind) -> Int { byKind[Int(kind.rawValue)] }

  mutating func merge(_ other: FindingCounts) { byKind &+= other.byKind }
}

/// What is counted of a unit, a team or a method.
struct Figures: Sendable, Equatable {
  var records = 0
  var findings = FindingCounts()
  /// Whether a record of a source of visits names it.
  var isVisited = false

  mutating func merge(_ other: Figures) {
    records += other.records
    findings.merge(other.findings)
    isVisited = isVisited || other.isVisited
  }
}

/// The figures of a campaign: a monoid. `add` takes the chunks in any order, `merge` joins tallies in any grouping, and the
/// outcome is the same.
struct CampaignTally: Sendable, Equatable {
  var units: [Figures]
  var teams: [Figures]
  var methods: [Figures]
  var modes: [Figures]
  var categories: [FindingCounts]
  /// Records and findings that name no unit, no category.
  var withoutUnit = Figures()
  var withoutCategory = FindingCounts()
  var visits: VisitDays
  /// The tables' side of the sum, per source.
  var sums: [Sums]

  init(lists: WordLists, sources: Int) {
    units = [Figures](repeating: Figures(), count: lists.roster.units.count)
    teams = [Figures](repeating: Figures(), count: lists.roster.teams.count)
    methods = [Figures](repeating: Figures(), count: lists.methods.entries.count)
    modes = [Figures](repeating: Figures(), count: lists.modes.entries.count)
    categories = [FindingCounts](repeating: FindingCounts(), count: lists.categories.entries.count)
    sums = [Sums](repeating: Sums(), count: sources)
    visits = VisitDays(units: units.count, teams: teams.count, methods: methods.count)
  }

  mutating func add(_ counted: CountedChunk, isVisit: Bool) {
    let chunk = counted.chunk
    counted.forEachRecord { record, findings in
      guard counted.verdict(record) == .counts else { return }
      var figures = Figures(records: 1, isVisited: isVisit)
      for finding in findings {
        figures.findings.byKind[Int(chunk.findings.kind[finding])] += 1
        count(finding, counted)
      }
      let unit = counted.place(chunk.records.unit, record, .unit)
      let team = counted.place(chunk.records.team, record, .team)
      let method = counted.place(chunk.records.method, record, .method)
      if let unit { units[unit].merge(figures) } else { withoutUnit.merge(figures) }
      if let team { teams[team].merge(figures) }
      if let method { methods[method].merge(figures) }
      if let mode = counted.place(chunk.records.mode, record, .mode) { modes[mode].merge(figures) }
      if isVisit, let unit {
        visits.insert(
          VisitDays.Place(unit: Int32(unit), team: Int32(team ?? -1), method: Int32(method ?? -1)),
          day: counted.day(record))
      }
      sums[chunk.source].records.tallied += 1
      sums[chunk.source].findings.tallied += findings.count
    }
  }

  private mutating func count(_ finding: Int, _ counted: CountedChunk) {
    let kind = Int(counted.chunk.findings.kind[finding])
    if let category = counted.place(counted.chunk.findings.category, finding, .category) {
      categories[category].byKind[kind] += 1
    } else {
      withoutCategory.byKind[kind] += 1
    }
  }

  mutating func merge(_ other: CampaignTally) {
    for unit in units.indices { units[unit].merge(other.units[unit]) }
    for team in teams.indices { teams[team].merge(other.teams[team]) }
    for method in methods.indices { methods[method].merge(other.methods[method]) }
    for mode in modes.indices { modes[mode].merge(other.modes[mode]) }
    for category in categories.indices { categories[category].merge(other.categories[category]) }
    for source in sums.indices { sums[source].merge(other.sums[source]) }
    withoutUnit.merge(other.withoutUnit)
    withoutCategory.merge(other.withoutCategory)
    visits.merge(other.visits)
  }
}
