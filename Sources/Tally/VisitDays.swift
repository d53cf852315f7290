import Bytes
import Campaign
import Records

/// On which days which team was at which unit, by which method: a visit is a team at a unit on a day.
///
/// Visits are noted one behind another, 16 bytes each, and put in order when they are asked for or when many have come since:
/// then each stands there once. When they are many, those of the campaign's own days become bits in a table of units, teams,
/// methods and words of 64 days, where that is small: then a visit costs one look, and the same visit again changes nothing.
/// So memory grows with the visits that differ, not with the records.
struct VisitDays: Sendable, Equatable {
  struct Place: Hashable, Sendable {
    var unit: Int32
    var team: Int32
    var method: Int32
  }
  struct Visit: Sendable, Hashable, BitwiseCopyable {
    var place: Place
    /// Days since 1970; `undated` for visits without a day, which count as one.
    var day: Int32

    static let undated = Int32.max
    static func precedes(_ left: Visit, _ right: Visit) -> Bool {
      if left.place.unit != right.place.unit { return left.place.unit < right.place.unit }
      if left.place.team != right.place.team { return left.place.team < right.place.team }
      if left.place.method != right.place.method { return left.place.method < right.place.method }
      return left.day < right.day
    }
  }
  /// Days of one place, 64 to a word.
  struct Word: Sendable {
    var team: Int32
    var method: Int32
    /// The days are those from 64 times this on; `undated` for visits without a day.
    var index: Int32
    var bits: UInt64
  }
  /// How the table is laid out: units, then teams and methods from -1 on, then words.
  struct Shape: Sendable, Equatable {
    var units = 0
    var teams = 0
    var methods = 0
    /// Day of the first bit, divided by 64.
    var firstWord: Int32 = 0
    var words = 0

    static let mostWords = 1 << 19

    init() {}

    /// - Parameter days: outside of which few visits are. Empty when the table would not be small.
    init(units: Int, teams: Int, methods: Int, days: ClosedRange<Day>) {
      firstWord = days.lowerBound.number >> 6
      let words = min(16, Int(days.upperBound.number >> 6 - firstWord) + 1)
      guard units > 0, units <= Self.mostWords, teams < 1 << 15, methods < 1 << 15,
        units * (teams + 1) * (methods + 1) * words <= Self.mostWords
      else { return }
      (self.units, self.teams, self.methods, self.words) = (units, teams + 1, methods + 1, words)
    }

    var count: Int { units * teams * methods * words }
    /// Words of one unit.
    var stride: Int { teams * methods * words }

    /// Place of the day's word; `nil` where the visit is to be noted.
    @inline(__always)
    func place(_ place: Place, _ day: Int32) -> Int? {
      let (unit, team, method) = (Int(place.unit), Int(place.team) &+ 1, Int(place.method) &+ 1)
      let word = Int(day &>> 6) &- Int(firstWord)
      guard unit < units, team < teams, method < methods, word >= 0, word < words else { return nil }
      return ((unit &* teams &+ team) &* methods &+ method) &* words &+ word
    }
  }
  let shape: Shape
  /// The table; empty until it costs less than what is noted.
  private(set) var bits: [UInt64] = []
  private var visits: [Visit] = []
  /// Visits from which on the table is made, or repetitions are taken out.
  private var limit: Int

  init(_ shape: Shape = Shape()) {
    self.shape = shape
    limit = Self.firstLimit(shape)
  }

  private static func firstLimit(_ shape: Shape) -> Int { shape.count > 0 ? shape.count / 8 : 1 << 18 }

  @inline(__always)
  mutating func insert(_ place: Place, day: Day?) { insert(Visit(place: place, day: day?.number ?? Visit.undated)) }

  @inline(__always)
  private mutating func insert(_ visit: Visit) {
    if !bits.isEmpty, let word = shape.place(visit.place, visit.day) {
      bits[word] |= 1 &<< UInt64(truncatingIfNeeded: visit.day & 63)
    } else {
      note(visit)
    }
  }

  /// Asks for the memory at which `insert` will look.
  @inline(__always)
  func approach(_ place: Place, day: Day?) {
    guard !bits.isEmpty, let day, let word = shape.place(place, day.number) else { return }
    // SAFETY: `place` is below the count of the shape, which is that of the table.
    unsafe bits.withUnsafeBufferPointer { unsafe prefetch($0.baseAddress! + word) }
  }

  private mutating func note(_ visit: Visit) {
    visits.append(visit)
    if visits.count >= limit { compact() }
  }

  mutating func merge(_ other: VisitDays) {
    if !other.bits.isEmpty {
      if shape == other.shape, bits.isEmpty {
        makeTable(other.bits)
      } else if shape == other.shape {
        for word in bits.indices { bits[word] |= other.bits[word] }
      } else {
        for unit in 0..<other.shape.units { for word in other.words(of: unit) { insert(word, unit: Int32(unit)) } }
      }
    }
    for visit in other.visits { insert(visit) }
  }

  /// Moves what is noted into the table, if there is to be one.
  private mutating func makeTable(_ first: [UInt64]? = nil) {
    guard bits.isEmpty, shape.count > 0 else { return }
    bits = first ?? [UInt64](repeating: 0, count: shape.count)
    let noted = visits
    visits.removeAll(keepingCapacity: true)
    limit = 1 << 18
    for visit in noted { insert(visit) }
  }

  mutating func insert(_ word: Word, unit: Int32) {
    if word.index == Visit.undated {
      insert(Place(unit: unit, team: word.team, method: word.method), day: nil)
      return
    }
    var bits = word.bits
    while bits != 0 {
      let day = word.index << 6 + Int32(bits.trailingZeroBitCount)
      insert(Place(unit: unit, team: word.team, method: word.method), day: Day(number: day))
      bits &= bits - 1
    }
  }

  /// Whether they are so many that two tasks are sooner done with them.
  var areMany: Bool { !bits.isEmpty || visits.count >= 4_096 }

  /// The unit before which half of the work on the figures lies: most campaigns have units at which many teams were.
  func middle(of units: Int) -> Int {
    // In the table all units take equally long.
    guard bits.isEmpty else { return units / 2 }
    var counts = [Int](repeating: 0, count: units)
    for visit in visits where counts.indices.contains(Int(visit.place.unit)) { counts[Int(visit.place.unit)] += 1 }
    var before = 0
    return counts.firstIndex { count in
      before += count
      return before * 2 >= visits.count
    } ?? units / 2
  }

  /// But for the table.
  func encode(into encoder: inout ByteEncoder) {
    encoder.append([shape.units, shape.teams, shape.methods, Int(shape.firstWord), shape.words])
    // Repetitions are taken out when they are added to.
    encoder.append(visits)
  }

  /// - Parameter table: that it had.
  /// - Returns: `nil` when it is another one.
  init?(_ decoder: inout ByteDecoder, table: consuming [UInt64]) {
    let numbers = decoder.column(of: Int.self)
    var shape = Shape()
    (shape.units, shape.teams, shape.methods) = (numbers[0], numbers[1], numbers[2])
    (shape.firstWord, shape.words) = (Int32(truncatingIfNeeded: numbers[3]), numbers[4])
    guard table.isEmpty || table.count == shape.count else { return nil }
    self.shape = shape
    bits = table
    visits = decoder.column(of: Visit.self)
    limit = max(bits.isEmpty ? Self.firstLimit(shape) : 1 << 18, visits.count * 2)
  }

  /// Puts a word into the table.
  mutating func set(_ place: Int, _ word: UInt64) { bits[place] = word }

  private mutating func compact() {
    if bits.isEmpty, shape.count > 0 { return makeTable() }
    visits = distinct.visits
    limit = max(limit, visits.count * 2)
  }

  static func == (left: VisitDays, right: VisitDays) -> Bool {
    guard left.shape == right.shape else { return false }
    var (left, right) = (left, right)
    if left.bits.isEmpty != right.bits.isEmpty {
      left.makeTable()
      right.makeTable()
    }
    return left.bits == right.bits && left.distinct.visits == right.distinct.visits
  }

  /// Each noted visit once, in the order of units, teams, methods and days, and where those of each unit end.
  var distinct: (visits: [Visit], ends: [Int]) { distinct(of: 0..<Int(Int32.max)) }

  /// The same of some units; the first of `ends` is that of the first of them.
  private func distinct(of range: Range<Int>) -> (visits: [Visit], ends: [Int]) {
    let units = Int32(range.lowerBound)..<Int32(range.upperBound)
    let ordered =
      VisitOrder(visits, of: units)?.distinct(visits)
      ?? Set(visits.filter { units.contains($0.place.unit) }).sorted(by: Visit.precedes)
    let first = range.lowerBound
    var ends = [Int](repeating: 0, count: ordered.last.map { Int($0.place.unit) + 1 - first } ?? 0)
    for (place, visit) in ordered.enumerated() { ends[Int(visit.place.unit) - first] = place + 1 }
    // A unit without visits ends where the one before does.
    for unit in ends.indices.dropFirst() { ends[unit] = max(ends[unit], ends[unit - 1]) }
    return (ordered, ends)
  }

  /// The visits of each unit, team and method.
  ///
  /// - Parameter range: of the units that are counted.
  func figures(
    units: Int, teams: Int, methods: Int, of range: Range<Int> = 0..<Int(Int32.max)
  ) -> VisitFigures {
    var figures = VisitFigures(units: units, teams: teams, methods: methods)
    let start = range.lowerBound
    let (visits, ends) = distinct(of: range)
    var days = DaySet()
    var inTable = TableSums(shape)
    var own: [Word] = []
    let end = max(bits.isEmpty ? start : min(shape.units, range.upperBound), start + ends.count)
    for unit in start..<max(start, end) {
      let place = unit - start
      let noted = place < ends.count ? visits[(place == 0 ? 0 : ends[place - 1])..<ends[place]] : []
      if noted.isEmpty {
        addTable(unit, to: &figures, &inTable)
        continue
      }
      if bits.isEmpty {
        Self.add(noted, to: &figures, &days, unit: unit)
        continue
      }
      own.removeAll(keepingCapacity: true)
      Self.append(noted, to: &own)
      // Of one place a word is either in the table or noted.
      own = (words(of: unit) + own).sorted { ($0.team, $0.method, $0.index) < ($1.team, $1.method, $1.index) }
      var next = 0
      while next < own.count {
        let team = own[next].team
        days.removeAll()
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
    for method in 0..<max(0, shape.methods - 1) { figures.add(inTable.entry(method + 1, shape), method: method) }
    return figures
  }

  /// The figures of a unit all of whose visits are noted.
  ///
  /// - Parameter noted: in order.
  private static func add(_ noted: ArraySlice<Visit>, to figures: inout VisitFigures, _ days: inout DaySet, unit: Int) {
    var next = noted.startIndex
    while next < noted.endIndex {
      let (first, team) = (next, noted[next].place.team)
      var entry = VisitFigures.Entry()
      var methods = 0
      while next < noted.endIndex, noted[next].place.team == team {
        let (begin, place) = (next, noted[next].place)
        while next < noted.endIndex, noted[next].place == place { next += 1 }
        // Days ascend, and a visit without one stands last.
        let dated = next - (noted[next - 1].day == Visit.undated ? 1 : 0)
        entry = VisitFigures.Entry()
        entry.visits = next - begin
        if dated > begin { entry.widen(Day(number: noted[begin].day), Day(number: noted[dated - 1].day)) }
        figures.add(entry, method: Int(place.method), unit: unit)
        methods += 1
      }
      if methods > 1 {
        // The method does not tell two visits of one team on one day apart.
        days.removeAll()
        for visit in noted[first..<next] { days.insert(visit.day == Visit.undated ? nil : Day(number: visit.day)) }
        figures.add(days, unit: unit, team: Int(team))
      } else {
        figures.add(entry, unit: unit, team: Int(team))
      }
    }
  }

  /// The visits of the methods, of the units all of whose visits are in the table.
  private struct TableSums {
    /// By the method's place in the table.
    var visits: [Int]
    var units: [Int]
    private var lastUnit: [Int]
    /// Words of days of each.
    var days: [UInt64]
    /// The same of the team that is gone through: the method does not tell two visits of one team on one day apart.
    private var ofTeam: [UInt64]
    /// Of each word of a team its method and its place among those of the method.
    private let methods: [(method: Int, word: Int)]

    init(_ shape: Shape) {
      visits = [Int](repeating: 0, count: shape.methods)
      units = visits
      lastUnit = [Int](repeating: -1, count: shape.methods)
      days = [UInt64](repeating: 0, count: shape.methods * shape.words)
      ofTeam = [UInt64](repeating: 0, count: shape.words)
      methods = (0..<days.count).map { ($0 / shape.words, $0 % shape.words) }
    }

    /// The days of the team, which are forgotten then.
    mutating func takeTeam(_ shape: Shape) -> VisitFigures.Entry {
      var visits = VisitFigures.Entry()
      for word in ofTeam.indices where ofTeam[word] != 0 {
        visits.add(shape.firstWord + Int32(word), ofTeam[word])
        ofTeam[word] = 0
      }
      return visits
    }

    /// - Parameter place: of the word, among those of its team.
    @inline(__always)
    mutating func add(_ bits: UInt64, _ place: Int, unit: Int, _ shape: Shape) {
      let (method, word) = methods[place]
      visits[method] &+= bits.nonzeroBitCount
      days[place] |= bits
      ofTeam[word] |= bits
      guard lastUnit[method] != unit else { return }
      lastUnit[method] = unit
      units[method] &+= 1
    }

    func entry(_ method: Int, _ shape: Shape) -> VisitFigures.Entry {
      var entry = VisitFigures.Entry()
      (entry.visits, entry.others) = (visits[method], units[method])
      for word in 0..<shape.words {
        let days = days[method * shape.words + word]
        guard days != 0 else { continue }
        let index = shape.firstWord + Int32(word)
        entry.widen(DaySet.first(index, days), DaySet.last(index, days))
      }
      return entry
    }
  }

  /// The figures of a unit all of whose visits are in the table.
  private func addTable(_ unit: Int, to figures: inout VisitFigures, _ sums: inout TableSums) {
    guard !bits.isEmpty, unit < shape.units else { return }
    let table = bits.span.extracting(unit * shape.stride..<(unit + 1) * shape.stride)
    let own = shape.methods * shape.words
    for team in 0..<shape.teams {
      let words = table.extracting(team * own..<(team + 1) * own)
      var hasVisits = false
      for place in words.indices where words[place] != 0 {
        hasVisits = true
        sums.add(words[place], place, unit: unit, shape)
      }
      if hasVisits { figures.add(sums.takeTeam(shape), unit: unit, team: team - 1) }
    }
  }

  /// Those of the table, in order.
  func words(of unit: Int) -> [Word] {
    guard !bits.isEmpty, unit < shape.units else { return [] }
    var words: [Word] = []
    var place = unit * shape.stride
    for team in 0..<shape.teams {
      for method in 0..<shape.methods {
        for word in 0..<shape.words {
          if bits[place] != 0 {
            words.append(
              Word(
                team: Int32(team - 1), method: Int32(method - 1), index: shape.firstWord + Int32(word),
                bits: bits[place]))
          }
          place += 1
        }
      }
    }
    return words
  }

  /// - Parameter visits: of one unit, in order.
  static func append(_ visits: ArraySlice<Visit>, to words: inout [Word]) {
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
  }
}
