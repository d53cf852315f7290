import Campaign

/// On which days which team was at which unit, by which method: a visit is a team at a unit on a day.
///
/// Visits are noted one behind another, 16 bytes each, and put in order when they are asked for or when many have come since:
/// then each stands there once. So a record costs no look-up, and memory grows with the visits that differ, not with the
/// records.
struct VisitDays: Sendable, Equatable {
  struct Place: Hashable, Sendable {
    var unit: Int32
    var team: Int32
    var method: Int32
  }
  private struct Visit: Sendable, Hashable, BitwiseCopyable {
    var place: Place
    /// Days since 1970; `undated` for visits without a day, which count as one.
    var day: Int32

    static let undated = Int32.max
    static func precedes(_ left: Visit, _ right: Visit) -> Bool {
      if left.place.team != right.place.team { return left.place.team < right.place.team }
      if left.place.method != right.place.method { return left.place.method < right.place.method }
      return left.day < right.day
    }
  }
  /// Days of one place, 64 to a word.
  private struct Word {
    var team: Int32
    var method: Int32
    /// The days are those from 64 times this on; `undated` for visits without a day.
    var index: Int32
    var bits: UInt64
  }
  private var visits: [Visit] = []
  /// Visits from which on repetitions are taken out.
  private var limit = 1 << 18

  @inline(__always)
  mutating func insert(_ place: Place, day: Day?) {
    if visits.count >= limit { compact() }
    visits.append(Visit(place: place, day: day?.number ?? Visit.undated))
  }

  mutating func merge(_ other: VisitDays) {
    visits.append(contentsOf: other.visits)
    if visits.count >= limit { compact() }
  }

  private mutating func compact() {
    visits = distinct.visits
    limit = max(limit, visits.count * 2)
  }

  static func == (left: VisitDays, right: VisitDays) -> Bool { left.distinct.visits == right.distinct.visits }

  /// Each visit once, in the order of units, teams, methods and days, and where those of each unit end.
  private var distinct: (visits: [Visit], ends: [Int]) {
    let units = visits.reduce(0) { max($0, Int($1.place.unit) + 1) }
    var ends = [Int](repeating: 0, count: units)
    for visit in visits { ends[Int(visit.place.unit)] += 1 }
    var total = 0
    for unit in 0..<units {
      total += ends[unit]
      ends[unit] = total - ends[unit]
    }
    var grouped = [Visit](
      repeating: Visit(place: Place(unit: 0, team: 0, method: 0), day: 0), count: visits.count)
    for visit in visits {
      grouped[ends[Int(visit.place.unit)]] = visit
      ends[Int(visit.place.unit)] += 1
    }
    var kept = 0
    var start = 0
    for unit in 0..<units {
      let end = ends[unit]
      grouped[start..<end].sort(by: Visit.precedes)
      let first = kept
      for place in start..<end where kept == first || grouped[kept - 1] != grouped[place] {
        grouped[kept] = grouped[place]
        kept += 1
      }
      start = end
      ends[unit] = kept
    }
    grouped.removeSubrange(kept...)
    return (grouped, ends)
  }

  /// The visits of each unit, team and method.
  func figures(units: Int, teams: Int, methods: Int) -> VisitFigures {
    var figures = VisitFigures(units: units, teams: teams, methods: methods)
    let (visits, ends) = distinct
    for unit in ends.indices {
      let own = Self.words(of: visits[(unit == 0 ? 0 : ends[unit - 1])..<ends[unit]])
      var next = 0
      while next < own.count {
        let team = own[next].team
        var days = DaySet()
        while next < own.count, own[next].team == team {
          // The method does not tell two visits of one team on one day apart.
          let word = own[next]
          let index = word.index == Visit.undated ? nil : word.index
          days.insert(index, word.bits)
          figures.add(index, word.bits, method: Int(word.method), unit: unit)
          next += 1
        }
        figures.add(days, unit: unit, team: Int(team))
      }
    }
    return figures
  }

  /// - Parameter visits: of one unit, in order.
  private static func words(of visits: ArraySlice<Visit>) -> [Word] {
    var words: [Word] = []
    for visit in visits {
      let (place, isUndated) = (visit.place, visit.day == Visit.undated)
      let index = isUndated ? Visit.undated : visit.day >> 6
      let bit: UInt64 = isUndated ? 1 : 1 << UInt64(visit.day & 63)
      if let last = words.last, last.team == place.team, last.method == place.method, last.index == index {
        words[words.count - 1].bits |= bit
      } else {
        words.append(Word(team: place.team, method: place.method, index: index, bits: bit))
      }
    }
    return words
  }
}

/// Days as bits, 64 to a word; only words in which a bit is set are kept, ascending.
struct DaySet: Sendable, Equatable {
  private struct Word: Sendable, Equatable {
    var index: Int32
    var bits: UInt64
  }
  private var words: [Word] = []
  /// Whether a visit without a date is among them: it counts as one.
  private var hasUndated = false

  init() {}

  mutating func insert(_ day: Day?) {
    insert(day.map { $0.number >> 6 }, day.map { 1 << UInt64($0.number & 63) } ?? 0)
  }

  /// - Parameter index: of the word whose bits are added; `nil` for a visit without a date.
  fileprivate mutating func insert(_ index: Int32?, _ bits: UInt64) {
    guard let index else {
      hasUndated = true
      return
    }
    insert(Word(index: index, bits: bits))
  }

  private mutating func insert(_ word: Word) {
    var place = words.count
    while place > 0, words[place - 1].index > word.index { place -= 1 }
    if place > 0, words[place - 1].index == word.index {
      words[place - 1].bits |= word.bits
    } else {
      words.insert(word, at: place)
    }
  }

  mutating func merge(_ other: DaySet) {
    for word in other.words { insert(word) }
    hasUndated = hasUndated || other.hasUndated
  }

  var count: Int { words.reduce(hasUndated ? 1 : 0) { $0 + $1.bits.nonzeroBitCount } }
  var first: Day? { words.first.map { Self.first($0.index, $0.bits) } }
  var last: Day? { words.last.map { Self.last($0.index, $0.bits) } }

  fileprivate static func first(_ index: Int32, _ bits: UInt64) -> Day {
    Day(number: index << 6 + Int32(bits.trailingZeroBitCount))
  }
  fileprivate static func last(_ index: Int32, _ bits: UInt64) -> Day {
    Day(number: index << 6 + Int32(63 - bits.leadingZeroBitCount))
  }
}

/// What is known of the visits of each unit, team and method.
struct VisitFigures: Sendable {
  struct Entry: Sendable {
    var visits = 0
    /// Teams at a unit; units of a team or a method.
    var others = 0
    var first: Day?
    var last: Day?

    mutating func add(_ days: DaySet) {
      visits += days.count
      widen(days.first, days.last)
    }

    /// - Parameter index: of a word of days; `nil` for visits without a day.
    mutating func add(_ index: Int32?, _ bits: UInt64) {
      guard let index else {
        visits += 1
        return
      }
      visits += bits.nonzeroBitCount
      widen(DaySet.first(index, bits), DaySet.last(index, bits))
    }

    private mutating func widen(_ first: Day?, _ last: Day?) {
      if let first { self.first = self.first.map { min($0, first) } ?? first }
      if let last { self.last = self.last.map { max($0, last) } ?? last }
    }
  }
  private(set) var units: [Entry]
  private(set) var teams: [Entry]
  private(set) var methods: [Entry]
  /// Places of the teams at each unit, ascending.
  private(set) var teamsOfUnit: [[Int]]
  private var lastUnitOfMethod: [Int]

  init(units: Int, teams: Int, methods: Int) {
    self.units = [Entry](repeating: Entry(), count: units)
    self.teams = [Entry](repeating: Entry(), count: teams)
    self.methods = [Entry](repeating: Entry(), count: methods)
    teamsOfUnit = [[Int]](repeating: [], count: units)
    lastUnitOfMethod = [Int](repeating: -1, count: methods)
  }

  var total: Int { units.reduce(0) { $0 + $1.visits } }

  /// Units ascend from call to call.
  fileprivate mutating func add(_ index: Int32?, _ bits: UInt64, method: Int, unit: Int) {
    guard method >= 0 else { return }
    methods[method].add(index, bits)
    if lastUnitOfMethod[method] != unit { methods[method].others += 1 }
    lastUnitOfMethod[method] = unit
  }

  fileprivate mutating func add(_ days: DaySet, unit: Int, team: Int) {
    units[unit].add(days)
    guard team >= 0 else { return }
    units[unit].others += 1
    teamsOfUnit[unit].append(team)
    teams[team].add(days)
    teams[team].others += 1
  }
}
