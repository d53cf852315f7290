import Campaign
import Records

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

  mutating func removeAll() {
    words.removeAll(keepingCapacity: true)
    hasUndated = false
  }

  mutating func insert(_ day: Day?) {
    insert(day.map { $0.number >> 6 }, day.map { 1 << UInt64($0.number & 63) } ?? 0)
  }

  /// - Parameter index: of the word whose bits are added; `nil` for a visit without a date.
  mutating func insert(_ index: Int32?, _ bits: UInt64) {
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

  static func first(_ index: Int32, _ bits: UInt64) -> Day {
    Day(number: index << 6 + Int32(bits.trailingZeroBitCount))
  }
  static func last(_ index: Int32, _ bits: UInt64) -> Day {
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

    mutating func merge(_ other: Entry) {
      add(other)
      others += other.others
    }

    mutating func add(_ days: Entry) {
      visits += days.visits
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

    mutating func widen(_ first: Day?, _ last: Day?) {
      if let first, self.first.map({ first.number < $0.number }) ?? true { self.first = first }
      if let last, self.last.map({ last.number > $0.number }) ?? true { self.last = last }
    }
  }
  private(set) var units: [Entry]
  private(set) var teams: [Entry]
  private(set) var methods: [Entry]
  /// Places of the teams at each unit, ascending, one unit behind another, and where those of each begin.
  private var teamList: [Int] = []
  private var firstTeams: [Int]
  private var lastUnitOfMethod: [Int]
  /// Teams that `add` found at a unit and that are not yet in the list.
  private var newTeams: [(unit: Int, team: Int)] = []

  init(units: Int, teams: Int, methods: Int) {
    self.units = [Entry](repeating: Entry(), count: units)
    self.teams = [Entry](repeating: Entry(), count: teams)
    self.methods = [Entry](repeating: Entry(), count: methods)
    firstTeams = [Int](repeating: 0, count: units)
    lastUnitOfMethod = [Int](repeating: -1, count: methods)
  }

  func teams(ofUnit unit: Int) -> ArraySlice<Int> { teamList[firstTeams[unit]..<firstTeams[unit] + units[unit].others] }

  var total: Int { units.reduce(0) { $0 + $1.visits } }

  /// Takes over the figures of units that come later.
  mutating func merge(later: VisitFigures) {
    for unit in later.units.indices where later.units[unit].visits > 0 {
      units[unit] = later.units[unit]
      firstTeams[unit] = teamList.count + later.firstTeams[unit]
    }
    teamList += later.teamList
    for (team, entry) in later.teams.enumerated() { teams[team].merge(entry) }
    for (method, entry) in later.methods.enumerated() { methods[method].merge(entry) }
  }

  mutating func add(_ entry: Entry, method: Int) {
    guard entry.visits > 0 else { return }
    methods[method].visits += entry.visits
    methods[method].others += entry.others
    methods[method].widen(entry.first, entry.last)
  }

  /// Of a unit; units ascend from call to call.
  mutating func add(_ entry: Entry, method: Int, unit: Int) {
    guard method >= 0 else { return }
    methods[method].add(entry)
    if lastUnitOfMethod[method] != unit { methods[method].others += 1 }
    lastUnitOfMethod[method] = unit
  }

  /// Units ascend from call to call.
  mutating func add(_ index: Int32?, _ bits: UInt64, method: Int, unit: Int) {
    guard method >= 0 else { return }
    methods[method].add(index, bits)
    if lastUnitOfMethod[method] != unit { methods[method].others += 1 }
    lastUnitOfMethod[method] = unit
  }

  /// As of the words, units ascend.
  mutating func add(_ days: DaySet, unit: Int, team: Int) {
    var entry = Entry()
    (entry.visits, entry.first, entry.last) = (days.count, days.first, days.last)
    add(entry, unit: unit, team: team)
  }

  mutating func add(_ days: Entry, unit: Int, team: Int) {
    units[unit].add(days)
    guard team >= 0 else { return }
    if units[unit].others == 0 { firstTeams[unit] = teamList.count }
    units[unit].others += 1
    teamList.append(team)
    teams[team].add(days)
    teams[team].others += 1
  }

  // MARK: known figures

  mutating func add(_ fresh: FreshVisits, unit: Int) {
    if fresh.method >= 0 {
      methods[fresh.method].add(fresh.index, fresh.bits)
      if fresh.isMethodNew { methods[fresh.method].others += 1 }
    }
    if fresh.daysOfTeam != 0 { units[unit].add(fresh.index, fresh.daysOfTeam) }
    guard fresh.team >= 0 else { return }
    if fresh.daysOfTeam != 0 { teams[fresh.team].add(fresh.index, fresh.daysOfTeam) }
    if fresh.isTeamNew {
      teams[fresh.team].others += 1
      newTeams.append((unit, fresh.team))
    }
  }

  /// Puts the teams that were found in their places.
  mutating func placeTeams() {
    if newTeams.isEmpty { return }
    newTeams.sort { $0 < $1 }
    let (old, first) = (teamList, firstTeams)
    teamList.removeAll(keepingCapacity: true)
    var next = 0
    for unit in units.indices {
      var own = Array(old[first[unit]..<first[unit] + units[unit].others])
      let known = own.count
      while next < newTeams.count, newTeams[next].unit == unit {
        own.append(newTeams[next].team)
        next += 1
      }
      if own.count > known { own.sort() }
      firstTeams[unit] = teamList.count
      units[unit].others = own.count
      teamList += own
    }
    newTeams.removeAll()
  }

  func encode(into encoder: inout ByteEncoder) {
    for list in [units, teams, methods] { encoder.append(list.flatMap(\.numbers)) }
    encoder.append(units.indices.flatMap { teams(ofUnit: $0) })
  }

  /// - Returns: `nil` when there are fewer units, teams or methods than it has.
  init?(_ decoder: inout ByteDecoder, units: Int, teams: Int, methods: Int) {
    self.init(units: units, teams: teams, methods: methods)
    func fill(_ list: inout [Entry]) -> Bool {
      let known = Entry.list(decoder.column(of: Int.self))
      guard known.count <= list.count else { return false }
      list.replaceSubrange(0..<known.count, with: known)
      return true
    }
    guard fill(&self.units), fill(&self.teams), fill(&self.methods) else { return nil }
    teamList = decoder.column(of: Int.self)
    var first = 0
    for unit in self.units.indices {
      firstTeams[unit] = first
      first += self.units[unit].others
    }
    guard first == teamList.count else { return nil }
  }
}

extension VisitFigures.Entry {
  fileprivate var numbers: [Int] { [visits, others, Int(first?.number ?? .min), Int(last?.number ?? .min)] }

  fileprivate static func list(_ numbers: [Int]) -> [VisitFigures.Entry] {
    stride(from: 0, to: numbers.count, by: 4).map { at in
      func day(_ number: Int) -> Day? {
        number == Int(Int32.min) ? nil : Day(number: Int32(truncatingIfNeeded: number))
      }
      return VisitFigures.Entry(
        visits: numbers[at], others: numbers[at + 1], first: day(numbers[at + 2]), last: day(numbers[at + 3]))
    }
  }
}
