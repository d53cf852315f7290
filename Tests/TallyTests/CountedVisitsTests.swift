import Bytes
import Campaign
import Records
import SeededRandom
import Testing

@testable import Tally

/// Visits that are added to known ones: the figures of a count of all of them, run after run.
@Suite struct CountedVisitsTests {
  private static let shapes = [
    VisitDays.Shape(), VisitDays.Shape(units: 8, teams: 3, methods: 3, days: Day(number: -70)...Day(number: 70)),
    VisitDays.Shape(units: 5, teams: 2, methods: 1, days: Day(number: 0)...Day(number: 70)),
  ]

  private func visits(_ count: Int, _ shape: VisitDays.Shape, _ generator: inout SeededGenerator) -> VisitDays {
    var days = VisitDays(shape)
    for _ in 0..<count {
      let place = VisitDays.Place(
        unit: .random(in: 0..<8, using: &generator), team: .random(in: -1..<3, using: &generator),
        method: .random(in: -1..<3, using: &generator))
      let day = Int32.random(in: -80...80, using: &generator)
      days.insert(place, day: Int.random(in: 0..<9, using: &generator) == 0 ? nil : Day(number: day))
    }
    return days
  }

  private func same(_ one: VisitFigures, _ other: VisitFigures) -> Bool {
    func numbers(_ figures: VisitFigures) -> [[Int]] {
      (figures.units + figures.teams + figures.methods).map {
        [$0.visits, $0.others, Int($0.first?.number ?? .min), Int($0.last?.number ?? .min)]
      } + figures.units.indices.map { Array(figures.teams(ofUnit: $0)) }
    }
    return numbers(one) == numbers(other)
  }

  @Test(arguments: [0, 3, 40, 400], UInt64(1)...8) func addingGivesTheFiguresOfAll(first: Int, seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    for shape in Self.shapes {
      var all = visits(first, shape, &generator)
      var known = CountedVisits(all, all.figures(units: 8, teams: 3, methods: 3))
      // What a run leaves: the table, if it is not left yet, and the rest.
      var table: [UInt64] = []
      for step in 0..<6 {
        if !known.isTableLeft { table = known.days.bits }
        var encoder = ByteEncoder()
        known.encode(into: &encoder)
        var decoder = ByteDecoder(encoder.bytes)
        known = try #require(CountedVisits(&decoder, table: table, units: 8, teams: 3, methods: 3))
        // Another run may lay its table out in another way.
        let more = visits([0, 2, 30, 200][Int(generator.next() % 4)], Self.shapes[(step + 1) % 3], &generator)
        known.add(more)
        all.merge(more)
        #expect(
          same(known.figures, all.figures(units: 8, teams: 3, methods: 3)), "seed \(seed), step \(step), \(shape)")
      }
    }
  }
}
