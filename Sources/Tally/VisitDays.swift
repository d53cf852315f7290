import Campaign

/// On which days which team was at which unit, by which method: a visit is a team at a unit on a day. A bit a day, 64 days to
/// a word, so that its size is that of the roster and the calendar, whatever the number of records.
///
/// One flat table with open addressing: it is asked for every record, and a look-up is one place in memory.
struct VisitDays: Sendable, Equatable {
  struct Place: Hashable, Sendable {
    var unit: Int32
    var team: Int32
    var method: Int32
  }
  private struct Word: Sendable, Equatable, BitwiseCopyable {
    var place: Place
    /// The days are those from 64 times this on; `undated` for visits without a day, which count as one.
    var index: Int32
    /// 0 in a slot that is free.
    var bits: UInt64

    static let undated = Int32.max
    static let free = Word(place: Place(unit: 0, team: 0, method: 0), index: 0, bits: 0)

    var order: (Int32, Int32, Int32, Int32) { (place.unit, place.team, place.method, index) }
  }
  private var words = [Word](repeating: .free, count: 1 << 8)
  private var count = 0

  mutating func insert(_ place: Place, day: Day?) {
    if let day {
      insert(Word(place: place, index: day.number >> 6, bits: 1 << UInt64(day.number & 63)))
    } else {
      insert(Word(place: place, index: Word.undated, bits: 1))
    }
  }

  mutating func merge(_ other: VisitDays) {
    for word in other.words where word.bits != 0 { insert(word) }
  }

  private mutating func insert(_ word: Word) {
    if (count + 1) * 3 > words.count * 2 { grow() }
    let mask = words.count &- 1
    var slot = Self.hash(word) & mask
    while words[slot].bits != 0 {
      if words[slot].place == word.place, words[slot].index == word.index {
        words[slot].bits |= word.bits
        return
      }
      slot = (slot &+ 1) & mask
    }
    words[slot] = word
    count += 1
  }

  private mutating func grow() {
    let old = words
    words = [Word](repeating: .free, count: old.count * 2)
    count = 0
    for word in old where word.bits != 0 { insert(word) }
  }

  @inline(__always)
  private static func hash(_ word: Word) -> Int {
    let place = UInt64(UInt32(bitPattern: word.place.unit)) &<< 32 | UInt64(UInt32(bitPattern: word.index))
    let rest = UInt64(UInt32(bitPattern: word.place.team)) &<< 16 ^ UInt64(UInt32(bitPattern: word.place.method))
    let product = (place ^ 0x9E37_79B9_7F4A_7C15).multipliedFullWidth(by: (rest &* 0xA076_1D64_78BD_642F) | 1)
    return Int(truncatingIfNeeded: (product.high ^ product.low) &* 0xE703_7ED1_A0B4_28DB &>> 20)
  }

  static func == (left: VisitDays, right: VisitDays) -> Bool { left.sorted == right.sorted }

  private var sorted: [Word] { words.filter { $0.bits != 0 }.sorted { $0.order < $1.order } }

  /// The visits of each unit, team and method.
  func figures(units: Int, teams: Int, methods: Int) -> VisitFigures {
    var figures = VisitFigures(units: units, teams: teams, methods: methods)
    let (words, ends) = byUnit(units)
    for unit in 0..<units {
      var own = Array(words[(unit == 0 ? 0 : ends[unit - 1])..<ends[unit]])
      own.sort { ($0.place.team, $0.index) < ($1.place.team, $1.index) }
      var next = 0
      while next < own.count {
        let team = own[next].place.team
        var days = DaySet()
        while next < own.count, own[next].place.team == team {
          // The method does not tell two visits of one team on one day apart.
          let word = own[next]
          let index = word.index == Word.undated ? nil : word.index
          days.insert(index, word.bits)
          figures.add(index, word.bits, method: Int(word.place.method), unit: unit)
          next += 1
        }
        figures.add(days, unit: unit, team: Int(team))
      }
    }
    return figures
  }

  /// The words in the order of their units, and where those of each unit end.
  private func byUnit(_ units: Int) -> (words: [Word], ends: [Int]) {
    var ends = [Int](repeating: 0, count: units)
    for word in words where word.bits != 0 { ends[Int(word.place.unit)] += 1 }
    var total = 0
    for unit in 0..<units {
      total += ends[unit]
      ends[unit] = total - ends[unit]
    }
    var grouped = [Word](repeating: .free, count: total)
    for word in words where word.bits != 0 {
      grouped[ends[Int(word.place.unit)]] = word
      ends[Int(word.place.unit)] += 1
    }
    return (grouped, ends)
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
