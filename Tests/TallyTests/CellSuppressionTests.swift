import Testing

@testable import Tally

/// Small counts cannot be worked out from what is published.
@Suite struct CellSuppressionTests {
  /// A grid with totals of rows and columns, as a table of categories by kinds: the values, row by row.
  private func grid(_ values: [[Int]], threshold: Int, fixesWhole: Bool = false) -> CellSuppression {
    var suppression = CellSuppression(threshold: threshold)
    let cells = values.map { row in row.map { suppression.add(.init(value: $0)) } }
    let rowTotals = values.map { row in suppression.add(.init(value: row.reduce(0, +))) }
    let columnTotals = values[0].indices.map { column in
      suppression.add(.init(value: values.reduce(0) { $0 + $1[column] }))
    }
    let whole = suppression.add(.init(value: values.joined().reduce(0, +), isFixed: fixesWhole))
    for (row, total) in zip(cells, rowTotals) { suppression.add(total: total, parts: row) }
    for (column, total) in columnTotals.enumerated() { suppression.add(total: total, parts: cells.map { $0[column] }) }
    suppression.add(total: whole, parts: rowTotals)
    suppression.add(total: whole, parts: columnTotals)
    return suppression
  }

  /// What somebody finds who tries every value: whether each unknown may be more than one number. Values are tried up to
  /// `most` in the order of the sums, and a sum that is complete and wrong ends the attempt.
  private func undecided(_ suppression: CellSuppression, most: Int, _ open: [Int]) -> Set<Int> {
    var values = suppression.cells.map { Optional($0.value) }
    for cell in open { values[cell] = nil }
    var seen: [Int: Int] = [:]
    var undecided: Set<Int> = []
    var attempts = 0
    let of = open.map { cell in suppression.sums.filter { $0.members.contains(cell) } }
    func holds(_ sum: CellSuppression.Sum) -> Bool {
      let parts = sum.parts.compactMap { values[$0] }
      guard let total = values[sum.total] else { return true }
      let known = parts.reduce(0, +)
      return parts.count == sum.parts.count ? known == total : known <= total
    }
    func attempt(_ place: Int) {
      attempts += 1
      guard attempts < 1000, undecided.count < open.count else { return }
      if place == open.count {
        for cell in open {
          guard let value = values[cell] else { continue }
          if let other = seen.updateValue(value, forKey: cell), other != value { undecided.insert(cell) }
        }
        return
      }
      for value in 0...most {
        values[open[place]] = value
        if of[place].allSatisfy(holds) { attempt(place + 1) }
      }
      values[open[place]] = nil
    }
    attempt(0)
    return attempts < 1000 ? undecided : Set(open)
  }

  @Test func oneSmallCountTakesAnotherWithIt() {
    var suppression = CellSuppression(threshold: 5)
    let parts = [3, 20, 40].map { suppression.add(.init(value: $0)) }
    let total = suppression.add(.init(value: 63))
    suppression.add(total: total, parts: parts)
    suppression.run()
    #expect(suppression.isLeftOut == [true, true, false, false])
  }

  @Test func twoThatCanOnlyBeOneEachTakeAThird() {
    var suppression = CellSuppression(threshold: 5)
    let parts = [1, 1, 40, 50].map { suppression.add(.init(value: $0)) }
    suppression.add(total: suppression.add(.init(value: 92, isFixed: true)), parts: parts)
    suppression.run()
    #expect(suppression.isLeftOut == [true, true, true, false, false])
  }

  @Test func zerosStandUnlessTheyMustHideSomething() {
    var suppression = CellSuppression(threshold: 5)
    let parts = [2, 0, 0].map { suppression.add(.init(value: $0)) }
    suppression.add(total: suppression.add(.init(value: 2, isFixed: true)), parts: parts)
    suppression.run()
    #expect(suppression.isLeftOut == [true, true, false, false])
  }

  @Test func whatIsInNoTableHidesAsWell() {
    var suppression = CellSuppression(threshold: 5)
    let parts =
      [3, 20].map { suppression.add(.init(value: $0)) } + [suppression.add(.init(value: 9, isPublished: false))]
    suppression.add(total: suppression.add(.init(value: 32)), parts: parts)
    suppression.run()
    #expect(suppression.isLeftOut == [true, false, false, false])
  }

  /// Two blocks, each with two counts left out in its rows and columns, and one count that links them: by the sums one by one
  /// it is hidden, by all of them together it is not.
  @Test func whatOnlyAllSumsTogetherGiveAwayIsFound() {
    var suppression = grid([[1, 2, 30, 30], [2, 1, 9, 30], [40, 40, 1, 2], [40, 40, 2, 1]], threshold: 5)
    suppression.run()
    #expect(suppression.determined().allSatisfy { !suppression.isLeftOut[$0] })
    #expect((0..<16).filter { suppression.isLeftOut[$0] }.count >= 8)
  }

  @Test func nobodyFindsASmallCountByTryingAll() {
    var generator = Seeded(seed: 7)
    var tried = 0
    for _ in 0..<80 {
      let (rows, columns) = (Int.random(in: 2...4, using: &generator), Int.random(in: 2...3, using: &generator))
      let values = (0..<rows).map { _ in
        (0..<columns).map { _ in
          [0, 0, 1, 2, 3, 6, 9].randomElement(using: &generator) ?? 0
        }
      }
      var suppression = grid(values, threshold: 4, fixesWhole: Bool.random(using: &generator))
      suppression.run()
      let open = suppression.cells.indices.filter { suppression.isLeftOut[$0] }
      for cell in suppression.cells.indices where (1..<4).contains(suppression.cells[cell].value) {
        #expect(suppression.isLeftOut[cell] || suppression.cells[cell].isFixed, "\(values)")
      }
      let known = suppression.determined().filter { suppression.isLeftOut[$0] }
      let mayFollow = open.count == suppression.cells.filter { !$0.isFixed }.count
      #expect(known.isEmpty || mayFollow, "\(values)")
      guard !mayFollow else { continue }
      #expect(undecided(suppression, most: 14, open) == Set(open), "\(values)")
      tried += 1
    }
    #expect(tried > 20)
  }

  private struct Seeded: RandomNumberGenerator {
    var state: UInt64
    init(seed: UInt64) { state = seed }
    mutating func next() -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      var word = state
      word ^= word >> 33
      word = word &* 0xff51_afd7_ed55_8ccd
      return word ^ word >> 33
    }
  }
}
