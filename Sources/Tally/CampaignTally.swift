import Campaign
import Records

/// Findings by kind.
struct FindingCounts: Sendable, Equatable {
  var byKind = [Int](repeating: 0, count: FindingKind.allCases.count)

  var total: Int { byKind.reduce(0, +) }
  subscript(kind: FindingKind) -> Int { byKind[Int(kind.rawValue)] }

  mutating func merge(_ other: FindingCounts) {
    for kind in byKind.indices { byKind[kind] += other.byKind[kind] }
  }
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
  var visits = VisitDays()
  /// The tables' side of the sum, per source.
  var sums: [Sums]

  init(lists: WordLists, sources: Int) {
    units = [Figures](repeating: Figures(), count: lists.roster.units.count)
    teams = [Figures](repeating: Figures(), count: lists.roster.teams.count)
    methods = [Figures](repeating: Figures(), count: lists.methods.entries.count)
    modes = [Figures](repeating: Figures(), count: lists.modes.entries.count)
    categories = [FindingCounts](repeating: FindingCounts(), count: lists.categories.entries.count)
    sums = [Sums](repeating: Sums(), count: sources)
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
        visits.insert(VisitDays.Place(unit: unit, team: team ?? -1, method: method ?? -1), day: counted.day(record))
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

/// On which days which team was at which unit, by which method: a visit is a team at a unit on a day. A bit a day, so that
/// its size is that of the roster and the calendar, whatever the number of records.
struct VisitDays: Sendable, Equatable {
  struct Place: Hashable, Sendable {
    var unit: Int
    var team: Int
    var method: Int
  }
  private(set) var days: [Place: Set64] = [:]

  mutating func insert(_ place: Place, day: Day?) {
    days[place, default: Set64()].insert(day.map { Int($0.number) } ?? Set64.undated)
  }

  mutating func merge(_ other: VisitDays) {
    for (place, set) in other.days { days[place, default: Set64()].merge(set) }
  }

  /// Visits by the property that `group` takes of a place: distinct (unit, team, day).
  func counts<Key: Hashable>(by group: (Place) -> Key) -> [Key: [Place: Set64]] {
    var grouped: [Key: [Place: Set64]] = [:]
    for (place, set) in days {
      // The method does not tell two visits of one team on one day apart, unless it is what is asked for.
      let visit = Place(unit: place.unit, team: place.team, method: -1)
      grouped[group(place), default: [:]][visit, default: Set64()].merge(set)
    }
    return grouped
  }
}

/// Days as bits, 64 to a word; words are kept only where a bit is set.
struct Set64: Sendable, Equatable {
  /// Stands for a visit whose day is not known.
  static let undated = Int(Int32.max)
  private(set) var words: [Int: UInt64] = [:]

  mutating func insert(_ day: Int) { words[day >> 6, default: 0] |= 1 << UInt64(day & 63) }
  mutating func merge(_ other: Set64) { words.merge(other.words) { $0 | $1 } }
  var count: Int { words.values.reduce(0) { $0 + $1.nonzeroBitCount } }

  private var dated: [(key: Int, value: UInt64)] {
    words.filter { $0.key != Self.undated >> 6 }.sorted { $0.key < $1.key }
  }
  var first: Day? { dated.first.map { Day(number: Int32($0.key << 6 + $0.value.trailingZeroBitCount)) } }
  var last: Day? { dated.last.map { Day(number: Int32($0.key << 6 + 63 - $0.value.leadingZeroBitCount)) } }
}
