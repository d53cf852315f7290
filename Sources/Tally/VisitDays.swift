import Campaign

/// On which days which team was at which unit, by which method: a visit is a team at a unit on a day. A bit a day, so that
/// its size is that of the roster and the calendar, whatever the number of records.
struct VisitDays: Sendable, Equatable {
  struct Place: Hashable, Sendable {
    var unit: Int32
    var team: Int32
    var method: Int32
  }
  private var numbers: [Place: Int] = [:]
  private var sets: [DaySet] = []

  mutating func insert(_ place: Place, day: Day?) { sets[number(of: place)].insert(day) }

  mutating func merge(_ other: VisitDays) {
    for (place, number) in other.numbers { sets[self.number(of: place)].merge(other.sets[number]) }
  }

  private mutating func number(of place: Place) -> Int {
    if let known = numbers[place] { return known }
    numbers[place] = sets.count
    sets.append(DaySet())
    return sets.count - 1
  }

  static func == (left: VisitDays, right: VisitDays) -> Bool {
    left.numbers.count == right.numbers.count
      && left.numbers.allSatisfy { place, number in
        right.numbers[place].map { left.sets[number] == right.sets[$0] } ?? false
      }
  }

  /// The visits of each unit, team and method.
  func figures(units: Int, teams: Int, methods: Int) -> VisitFigures {
    var figures = VisitFigures(units: units, teams: teams, methods: methods)
    let places = numbers.keys.sorted { ($0.unit, $0.team, $0.method) < ($1.unit, $1.team, $1.method) }
    var index = 0
    while index < places.count {
      // The method does not tell two visits of one team on one day apart.
      let visit = places[index]
      var days = DaySet()
      while index < places.count, places[index].unit == visit.unit, places[index].team == visit.team {
        let set = sets[numbers[places[index]] ?? 0]
        days.merge(set)
        figures.add(set, method: Int(places[index].method), unit: Int(visit.unit))
        index += 1
      }
      figures.add(days, unit: Int(visit.unit), team: Int(visit.team))
    }
    return figures
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

  mutating func insert(_ day: Day?) {
    guard let day else {
      hasUndated = true
      return
    }
    insert(Word(index: day.number >> 6, bits: 1 << UInt64(day.number & 63)))
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
  var first: Day? { words.first.map { Day(number: $0.index << 6 + Int32($0.bits.trailingZeroBitCount)) } }
  var last: Day? { words.last.map { Day(number: $0.index << 6 + Int32(63 - $0.bits.leadingZeroBitCount)) } }
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
      first = [first, days.first].compactMap { $0 }.min()
      last = [last, days.last].compactMap { $0 }.max()
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
  fileprivate mutating func add(_ days: DaySet, method: Int, unit: Int) {
    guard method >= 0 else { return }
    methods[method].add(days)
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
