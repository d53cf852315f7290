import Campaign
import SeededRandom
import Testing

@testable import Tally

@Suite struct VisitOrderTests {
  /// From few numbers close to each other to any that there are.
  @Test(arguments: [1, 5, 300, 70_000, Int32.max - 1], UInt64(1)...4)
  func visitsAreOnceAndInOrder(most: Int32, seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    func number(_ range: ClosedRange<Int32>) -> Int32 { .random(in: range, using: &generator) }
    for count in [0, 1, 2, 40, 3_000] {
      let visits = (0..<count).map { _ in
        VisitDays.Visit(
          place: VisitDays.Place(unit: number(0...most), team: number(-1...min(most, 40)), method: number(-1...3)),
          day: number(0...9) == 0 ? VisitDays.Visit.undated : number(-most...most))
      }
      let units = number(0...most / 2)..<number(most / 2...most)
      let own = visits.filter { units.contains($0.place.unit) }
      let order = VisitOrder(visits, of: units)
      #expect(order != nil || most > 70_000)
      if let order { #expect(order.distinct(visits) == Set(own).sorted(by: VisitDays.Visit.precedes)) }
    }
  }

  @Test func visitsWithoutADayAreBehindAllOthers() throws {
    func visit(_ unit: Int32, _ day: Int32) -> VisitDays.Visit {
      VisitDays.Visit(place: VisitDays.Place(unit: unit, team: -1, method: 0), day: day)
    }
    let undated = VisitDays.Visit.undated
    for visits in [[visit(2, undated), visit(2, undated)], [visit(2, undated), visit(2, 9), visit(1, undated)]] {
      let order = try #require(VisitOrder(visits, of: 0..<9))
      #expect(order.distinct(visits) == Set(visits).sorted(by: VisitDays.Visit.precedes))
    }
  }

  @Test func numbersOfTooManyBitsAreRefused() {
    func visit(_ number: Int32) -> VisitDays.Visit {
      VisitDays.Visit(place: VisitDays.Place(unit: 3, team: number, method: number), day: number)
    }
    let visits = [visit(0), visit(Int32.max - 1)]
    #expect(VisitOrder(visits, of: 0..<4) == nil)
    var days = VisitDays()
    for visit in visits + visits { days.insert(visit.place, day: Day(number: visit.day)) }
    #expect(days.distinct.visits == visits && days.distinct.ends == [0, 0, 0, 2])
  }

  @Test func theMiddleIsWhereHalfOfTheVisitsAre() {
    var days = VisitDays()
    #expect(days.middle(of: 7) == 0 || days.middle(of: 7) == 3)
    for day in 0..<10 { days.insert(VisitDays.Place(unit: 1, team: 0, method: 0), day: Day(number: Int32(day))) }
    for unit in 2..<8 { days.insert(VisitDays.Place(unit: Int32(unit), team: 0, method: 0), day: nil) }
    let middle = days.middle(of: 8)
    #expect(middle == 1)
    var figures = days.figures(units: 8, teams: 1, methods: 1, of: 0..<middle)
    figures.merge(later: days.figures(units: 8, teams: 1, methods: 1, of: middle..<Int(Int32.max)))
    #expect(figures.units.map(\.visits) == [0, 10, 1, 1, 1, 1, 1, 1])
  }
}
