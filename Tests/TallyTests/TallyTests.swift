import Campaign
import Diagnostics
import Records
import SeededRandom
import Tables
import Testing

@testable import Tally

@Suite struct MonoidTests {
  private let made = MadeCampaign()

  /// The tally of each chunk by itself.
  private func parts(seed: UInt64) throws -> [CampaignTally] {
    var generator = SeededGenerator(seed: seed)
    let input = try made.input(made.randomRecords(60, &generator), size: 7)
    return try (0..<input.store.count).map { index in
      var tally = CampaignTally(lists: made.lists, sources: 2)
      let counted = CountedChunk(try input.store.chunk(index), index: index, input.decided)
      tally.add(counted, isVisit: made.definition.sources[counted.chunk.source].isVisit)
      return tally
    }
  }

  private func sum(_ tallies: [CampaignTally]) -> CampaignTally {
    tallies.reduce(into: CampaignTally(lists: made.lists, sources: 2)) { $0.merge($1) }
  }

  @Test(arguments: UInt64(1)...10)
  func mergingKnowsNoGroupingNoOrderAndNothingMore(seed: UInt64) throws {
    let parts = try parts(seed: seed)
    let whole = sum(parts)
    var left = parts[0]
    left.merge(parts[1])
    left.merge(parts[2])
    var right = parts[1]
    right.merge(parts[2])
    var first = parts[0]
    first.merge(right)
    #expect(left == first, "associative, seed \(seed)")
    var other = parts[1]
    other.merge(parts[0])
    var one = parts[0]
    one.merge(parts[1])
    #expect(one == other, "commutative, seed \(seed)")
    var same = whole
    same.merge(CampaignTally(lists: made.lists, sources: 2))
    #expect(same == whole && sum([sum([]), whole]) == whole, "identity, seed \(seed)")
    #expect(sum(parts.reversed()) == whole, "seed \(seed)")
    #expect(
      sum(parts.indices.filter { $0 % 2 == 0 }.map { parts[$0] }) != whole, "a part is not the whole, seed \(seed)")
  }

  /// Also where many more places are possible than occur.
  @Test(
    arguments: [(units: 8, teams: 3, methods: 3), (5_000_000, 3, 3)],
    [
      VisitDays.Shape(), VisitDays.Shape(units: 8, teams: 3, methods: 3, days: Day(number: -70)...Day(number: 70)),
      VisitDays.Shape(units: 5, teams: 2, methods: 3, days: Day(number: 0)...Day(number: 9)),
    ])
  func visitsAreThoseOfAPlainSet(_ size: (units: Int, teams: Int, methods: Int), _ shape: VisitDays.Shape) {
    var generator = SeededGenerator(seed: 77)
    var days = VisitDays(shape)
    var halves = [days, days]
    struct Visit: Hashable { var unit, team, day: Int32 }
    var plain: Set<Visit> = []
    for step in 0..<400 {
      let place = VisitDays.Place(
        unit: .random(in: 0..<8, using: &generator), team: .random(in: -1..<3, using: &generator),
        method: .random(in: -1..<3, using: &generator))
      let day = Int32.random(in: -70...70, using: &generator)
      days.insert(place, day: Day(number: day))
      halves[step % 2].insert(place, day: Day(number: day))
      plain.insert(Visit(unit: place.unit, team: place.team, day: day))
    }
    halves[0].merge(halves[1])
    #expect(halves[0] == days)
    let figures = days.figures(units: 8, teams: size.teams, methods: size.methods)
    #expect(figures.total == plain.count)
    for unit in 0..<8 {
      let own = plain.filter { $0.unit == Int32(unit) }
      #expect(figures.units[unit].visits == own.count)
      #expect(figures.units[unit].others == Set(own.map(\.team)).subtracting([-1]).count)
      #expect(figures.units[unit].first?.number == own.map(\.day).min())
      #expect(figures.units[unit].last?.number == own.map(\.day).max())
    }
    for team in 0..<3 {
      let own = plain.filter { $0.team == Int32(team) }
      #expect(figures.teams[team].visits == own.count && figures.teams[team].others == Set(own.map(\.unit)).count)
    }
  }
}

@Suite struct DaySetTests {
  @Test(arguments: UInt64(1)...10)
  func itIsASetOfDays(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    var (set, other) = (DaySet(), DaySet())
    var (plain, otherPlain) = (Set<Day>(), Set<Day>())
    for _ in 0..<120 {
      let day = Day(number: .random(in: -300...300, using: &generator) * (seed % 2 == 0 ? 1 : 900))
      set.insert(day)
      plain.insert(day)
      #expect(set.count == plain.count && set.first == plain.min() && set.last == plain.max(), "seed \(seed)")
      let another = Day(number: .random(in: -300...300, using: &generator))
      other.insert(another)
      otherPlain.insert(another)
    }
    var merged = set
    merged.merge(other)
    other.merge(set)
    #expect(merged == other && merged.count == plain.union(otherPlain).count, "seed \(seed)")
  }

  @Test func visitsWithoutADateCountAsOne() {
    var set = DaySet()
    #expect(set.count == 0 && set.first == nil && set.last == nil)
    set.insert(nil)
    set.insert(nil)
    #expect(set.count == 1 && set.first == nil)
    set.insert(Day(number: -1))
    #expect(set.count == 2 && set.first == Day(number: -1) && set.last == Day(number: -1))
  }
}

@Suite struct TableTests {
  private let made = MadeCampaign()

  private func tables(_ records: [MadeRecord], size: Int, width: Int = 2) async throws -> [String: Table] {
    let tallier = try await Tallier.run(try made.input(records, size: size), width: width)
    let tables = try tallier.tables(proof: tallier.sums)
    return Dictionary(uniqueKeysWithValues: tables.map { ($0.name, $0) })
  }

  @Test(arguments: UInt64(1)...4)
  func howTheRecordsAreCutChangesNoTable(seed: UInt64) async throws {
    var generator = SeededGenerator(seed: seed)
    let records = made.randomRecords(90, &generator)
    let whole = try await tables(records, size: 1000, width: 1)
    // `blanks` is made where fields tell reasons apart.
    let names = Tallier.tableNames.filter { $0 != "blanks" }
    #expect(Set(whole.keys) == Set(names))
    for (size, width) in [(1, 1), (1, 7), (13, 3), (44, 200)] {
      let parts = try await tables(records, size: size, width: width)
      for name in names {
        let (one, other) = (try #require(whole[name]), try #require(parts[name]))
        #expect(try cells(one) == cells(other), "\(name), chunks of \(size), seed \(seed)")
      }
    }
  }

  @Test(arguments: UInt64(1)...6)
  func everyTableAddsUpToTheSame(seed: UInt64) async throws {
    var generator = SeededGenerator(seed: seed)
    let records = made.randomRecords(80, &generator)
    let tallier = try await Tallier.run(try made.input(records, size: 9), width: 2)
    let tables = Dictionary(uniqueKeysWithValues: try tallier.tables(proof: tallier.sums).map { ($0.name, $0) })
    let sums = tallier.sums.reduce(into: Sums()) { $0.merge($1) }
    #expect(sums.records.tallied + sums.records.rejected + sums.records.duplicate + sums.records.superseded == 80)
    #expect(sums.findings.rejected == records.filter(\.isRejected).reduce(0) { $0 + $1.kinds.count })
    func table(_ name: String) throws -> Table { try #require(tables[name]) }
    let isRoot: ([String]) -> Bool = { $0[2].isEmpty }
    for kind in ["highlights", "problems", "suggestions"] {
      let byUnit = try total(table("units"), kind)
      #expect(try total(table("categories"), kind) == byUnit, "\(kind), seed \(seed)")
      #expect(try summary(table("summary"), kind) == byUnit, "\(kind), seed \(seed)")
      let unitsWithoutRecordsWithout = try total(table("units"), kind) { !$0[0].isEmpty }
      #expect(try total(table("regions"), kind, where: isRoot) == unitsWithoutRecordsWithout, "\(kind), seed \(seed)")
    }
    #expect(try total(table("units"), "records") == sums.records.tallied, "seed \(seed)")
    #expect(try total(table("categories"), "findings") == sums.findings.tallied, "seed \(seed)")
    #expect(try cells(table("findings")).count == sums.findings.tallied, "seed \(seed)")
    #expect(try cells(table("rejected")).count == sums.records.rejected, "seed \(seed)")
    #expect(try cells(table("set-aside")).count == sums.records.duplicate + sums.records.superseded, "seed \(seed)")
    #expect(try total(table("files"), "tallied") == sums.records.tallied, "seed \(seed)")
    #expect(try summary(table("summary"), "records-tallied") == sums.records.tallied)
    #expect(try summary(table("summary"), "visits") == total(table("units"), "visits"))
    for column in try table("units").columns.indices {
      #expect(try cells(table("units")).allSatisfy { $0.count > column })
    }
  }

  private func summary(_ table: Table, _ id: String) throws -> Int? {
    try cells(table).first { $0[3] == id }.flatMap { Int($0[2]) }
  }

  @Test func aRegionCountsWhatIsBelowIt() async throws {
    let records = [
      MadeRecord(key: 1, unit: 1, team: 0, day: 1, kinds: [0, 1], categories: [0, nil]),
      MadeRecord(key: 2, unit: 3, team: 1, day: 1), MadeRecord(key: 3, unit: 0, team: 1, day: 2),
      MadeRecord(key: 4, unit: 7, team: 2), MadeRecord(key: 5, unit: 1, team: 0, day: 1),
    ]
    let rows = try cells(#require(try await tables(records, size: 2)["regions"]))
    // region, name, parent, name, level, units, planned, inspected, visits, records, highlights, problems, suggestions
    #expect(
      rows == [
        ["53", "Province", "", "", "1", "7", "6", "3", "3", "4", "1", "1", "0"],
        ["5301", "North", "53", "Province", "2", "3", "2", "1", "1", "2", "1", "1", "0"],
        ["5302", "South", "53", "Province", "2", "3", "3", "1", "1", "1", "0", "0", "0"],
        ["", "(no region)", "", "", "", "1", "1", "1", "1", "1", "0", "0", "0"],
      ])
  }

  @Test func plannedAndVisitedMakeFourStates() async throws {
    let records = [
      MadeRecord(key: 1, unit: 0, team: 1, day: 3), MadeRecord(key: 2, unit: 0, team: 0, day: 3),
      MadeRecord(key: 3, unit: 5, team: 2), MadeRecord(source: 1, key: 4, unit: 2, team: 1, day: 9),
    ]
    let found = try await tables(records, size: 3)
    let coverage = try cells(#require(found["coverage"]))
    #expect(
      coverage.map { $0[4] } == [
        "visited", "not-visited", "not-visited", "not-visited", "not-visited", "visited-not-planned", "not-visited",
        "not-visited",
      ])
    #expect(coverage[0][8...] == ["Team 0, Team 1", "2", "1970-01-04"])
    let table = try #require(found["summary"])
    #expect(try summary(table, "units-planned") == 7 && summary(table, "units-inspected") == 2)
    #expect(try summary(table, "units-not-visited") == 6 && summary(table, "units-visited-not-planned") == 1)
  }

  @Test func onlyTheTablesThatAreAskedForAreMade() async throws {
    var made = made
    made.definition.output.tables = ["files", "units"]
    made.definition.sources[0].writesRecords = true
    let tallier = try await Tallier.run(try made.input([], size: 1), width: 4)
    #expect(try tallier.tables(proof: tallier.sums).map(\.name) == ["summary", "units", "files", "records-visits"])
  }
}
