import Campaign
import Records

/// Findings by kind.
struct FindingCounts: Sendable, Equatable {
  /// By the kind's raw value; one lane more than there are kinds.
  var byKind = SIMD4<Int>()

  var total: Int { byKind.wrappedSum() }
  subscript(kind: FindingKind) -> Int { byKind[Int(kind.rawValue)] }

  mutating func merge(_ other: FindingCounts) { byKind &+= other.byKind }

  /// A finding of the kind with this raw value: counting is one addition, and no store that the next load waits for.
  @inline(__always)
  static func one(_ kind: UInt8) -> SIMD4<Int> {
    SIMD4<Int>(repeating: 1).replacing(with: 0, where: lanes .!= SIMD4<Int>(repeating: Int(kind)))
  }
  private static let lanes = SIMD4<Int>(0, 1, 2, 3)
}

/// What is counted of a unit, a team or a method.
struct Figures: Sendable, Equatable {
  var records = 0
  var findings = FindingCounts()
  /// Whether a record of a source of visits names it.
  var isVisited = false

  @inline(__always)
  mutating func addRecord(_ isVisit: Bool) {
    records &+= 1
    isVisited = isVisited || isVisit
  }

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
  var workList = WorkListTally()
  var corrections = CorrectionResults()

  /// - Parameter days: in which most visits are.
  init(lists: WordLists, sources: Int, days: ClosedRange<Day>? = nil) {
    units = [Figures](repeating: Figures(), count: lists.roster.units.count)
    teams = [Figures](repeating: Figures(), count: lists.roster.teams.count)
    methods = [Figures](repeating: Figures(), count: lists.methods.entries.count)
    modes = [Figures](repeating: Figures(), count: lists.modes.entries.count)
    categories = [FindingCounts](repeating: FindingCounts(), count: lists.categories.entries.count)
    sums = [Sums](repeating: Sums(), count: sources)
    let shape = days.map {
      VisitDays.Shape(
        units: lists.roster.units.count, teams: lists.roster.teams.count, methods: lists.methods.entries.count,
        days: $0)
    }
    visits = VisitDays(shape ?? VisitDays.Shape())
  }

  mutating func add(_ counted: CountedChunk, isVisit: Bool) {
    let columns = TallyColumns(counted)
    var firstFinding = 0
    var tallied = (records: 0, findings: 0)
    for record in 0..<columns.count {
      let findings = firstFinding..<firstFinding + columns.findings(record)
      firstFinding = findings.upperBound
      guard columns.isCounted(record) else { continue }
      if isVisit { approach(record &+ Self.distance, columns) }
      let unit = columns.unit(record)
      let team = columns.team(record)
      let method = columns.method(record)
      let mode = columns.mode(record)
      if unit >= 0 { units[unit].addRecord(isVisit) } else { withoutUnit.addRecord(isVisit) }
      if team >= 0 { teams[team].addRecord(isVisit) }
      if method >= 0 { methods[method].addRecord(isVisit) }
      if mode >= 0 { modes[mode].addRecord(isVisit) }
      for finding in findings {
        let kind = FindingCounts.one(columns.kind(finding))
        let category = columns.category(finding)
        if category >= 0 { categories[category].byKind &+= kind } else { withoutCategory.byKind &+= kind }
        if unit >= 0 { units[unit].findings.byKind &+= kind } else { withoutUnit.findings.byKind &+= kind }
        if team >= 0 { teams[team].findings.byKind &+= kind }
        if method >= 0 { methods[method].findings.byKind &+= kind }
        if mode >= 0 { modes[mode].findings.byKind &+= kind }
      }
      if isVisit, unit >= 0 {
        visits.insert(
          VisitDays.Place(unit: Int32(unit), team: Int32(team), method: Int32(method)), day: columns.day(record))
      }
      tallied.records += 1
      tallied.findings += findings.count
    }
    sums[counted.chunk.source].records.tallied += tallied.records
    sums[counted.chunk.source].findings.tallied += tallied.findings
  }

  /// Records ahead of which the memory of a visit is asked for: it is seldom near.
  private static let distance = 16

  @inline(__always)
  private func approach(_ record: Int, _ columns: TallyColumns) {
    guard record < columns.count, case let unit = columns.unit(record), unit >= 0 else { return }
    let place = VisitDays.Place(
      unit: Int32(unit), team: Int32(columns.team(record)), method: Int32(columns.method(record)))
    visits.approach(place, day: columns.day(record))
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
    workList.merge(other.workList)
    corrections.merge(other.corrections)
  }
}

/// The columns of a chunk as the tally wants them: words as places in the lists, -1 for none.
private struct TallyColumns {
  // Asked for its columns in place: each that was taken out would be counted twice, and many chunks have one record.
  private let chunk: SegmentChunk
  private let verdicts: [UInt8]
  /// Places of the chunk's words that are in no list, by their sets.
  private let open: [[Int32]]
  private let firstOrdinal: Int
  let count: Int

  init(_ counted: CountedChunk) {
    chunk = counted.chunk
    verdicts = counted.reconciliation.verdicts
    open = counted.reconciliation.openPlaces[counted.index]
    firstOrdinal = counted.firstOrdinal
    count = counted.chunk.content.records.line.count
  }

  @inline(__always)
  func isCounted(_ record: Int) -> Bool { verdicts[firstOrdinal + record] == Verdict.counts.rawValue }
  @inline(__always)
  func findings(_ record: Int) -> Int { Int(chunk.content.records.findings[record]) }
  @inline(__always)
  func kind(_ finding: Int) -> UInt8 { chunk.content.findings.kind[finding] }
  @inline(__always)
  func category(_ finding: Int) -> Int { place(chunk.content.findings.category, finding, .category) }
  @inline(__always)
  func unit(_ record: Int) -> Int { place(chunk.content.records.unit, record, .unit) }
  @inline(__always)
  func team(_ record: Int) -> Int { place(chunk.content.records.team, record, .team) }
  @inline(__always)
  func method(_ record: Int) -> Int { place(chunk.content.records.method, record, .method) }
  @inline(__always)
  func mode(_ record: Int) -> Int { place(chunk.content.records.mode, record, .mode) }

  /// -1 everywhere when the source has no such column.
  @inline(__always)
  private func place(_ words: [WordNumber], _ row: Int, _ set: WordSet) -> Int {
    guard !words.isEmpty else { return -1 }
    let word = words[row].rawValue
    return word >= -1 ? Int(word) : Int(open[set.rawValue][Int(-2 - word)])
  }

  @inline(__always)
  func day(_ record: Int) -> Day? {
    let days = chunk.content.records.day
    return days.isEmpty || days[record] == RecordColumns.noDay ? nil : Day(number: days[record])
  }
}
