import Campaign

/// On which days which team was at which unit, by which method: a visit is a team at a unit on a day. A bit a day, so that
/// its size is that of the roster and the calendar, whatever the number of records.
struct VisitDays: Sendable, Equatable {
  struct Place: Hashable, Sendable {
    var unit: Int32
    var team: Int32
    var method: Int32
  }
  private var index: PlaceIndex
  private var sets: [DaySet] = []

  /// - Parameters: lengths of the lists to which places refer.
  init(units: Int, teams: Int, methods: Int) { index = PlaceIndex(units: units, teams: teams, methods: methods) }

  mutating func insert(_ place: Place, day: Day?) { sets[number(of: place)].insert(day) }

  mutating func merge(_ other: VisitDays) {
    for (place, number) in other.index.places { sets[self.number(of: place)].merge(other.sets[number]) }
  }

  private mutating func number(of place: Place) -> Int {
    let number = index.number(of: place, new: sets.count)
    if number == sets.count { sets.append(DaySet()) }
    return number
  }

  static func == (left: VisitDays, right: VisitDays) -> Bool {
    let (ours, theirs) = (left.index.places, right.index.places)
    return ours.count == theirs.count
      && zip(ours, theirs).allSatisfy { $0.place == $1.place && left.sets[$0.number] == right.sets[$1.number] }
  }

  /// The visits of each unit, team and method.
  func figures(units: Int, teams: Int, methods: Int) -> VisitFigures {
    var figures = VisitFigures(units: units, teams: teams, methods: methods)
    let places = index.places
    var next = 0
    while next < places.count {
      // The method does not tell two visits of one team on one day apart.
      let visit = places[next].place
      var days = DaySet()
      while next < places.count, places[next].place.unit == visit.unit, places[next].place.team == visit.team {
        let set = sets[places[next].number]
        days.merge(set)
        figures.add(set, method: Int(places[next].place.method), unit: Int(visit.unit))
        next += 1
      }
      figures.add(days, unit: Int(visit.unit), team: Int(visit.team))
    }
    return figures
  }
}

/// Numbers the places that occur. A flat table while all possible places are few (one look-up, no hashing: it is asked for
/// every record), else a dictionary.
private struct PlaceIndex: Sendable {
  private let teams: Int
  private let methods: Int
  private var flat: [Int32]
  private var sparse: [VisitDays.Place: Int] = [:]
  private static let flatLimit = 1 << 22

  init(units: Int, teams: Int, methods: Int) {
    self.teams = teams + 1
    self.methods = methods + 1
    let (pairs, isPairs) = units.multipliedReportingOverflow(by: self.teams)
    let (count, isCount) = pairs.multipliedReportingOverflow(by: self.methods)
    flat = isPairs || isCount || count > Self.flatLimit ? [] : [Int32](repeating: -1, count: count)
  }

  /// The number of a place; `new` when it had none.
  mutating func number(of place: VisitDays.Place, new: Int) -> Int {
    if flat.isEmpty {
      let number = sparse[place] ?? new
      if number == new { sparse[place] = new }
      return number
    }
    let slot = (Int(place.unit) * teams + Int(place.team) + 1) * methods + Int(place.method) + 1
    if flat[slot] < 0 { flat[slot] = Int32(new) }
    return Int(flat[slot])
  }

  /// All places that have a number, by unit, team and method.
  var places: [(place: VisitDays.Place, number: Int)] {
    if flat.isEmpty {
      return sparse.map { ($0.key, $0.value) }.sorted {
        ($0.place.unit, $0.place.team, $0.place.method) < ($1.place.unit, $1.place.team, $1.place.method)
      }
    }
    return flat.indices.filter { flat[$0] >= 0 }.map { slot in
      let (pair, method) = slot.quotientAndRemainder(dividingBy: methods)
      let (unit, team) = pair.quotientAndRemainder(dividingBy: teams)
      return (VisitDays.Place(unit: Int32(unit), team: Int32(team - 1), method: Int32(method - 1)), Int(flat[slot]))
    }
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
