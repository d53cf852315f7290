import Campaign
import Records

/// On which days which team was at which unit, by which method: a visit is a team at a unit on a day.
///
/// Visits of the campaign's own days are bits in a table of units, teams, methods and words of 64 days, where that is small:
/// a visit costs one look, and the same visit again changes nothing. All others are noted one behind another, 16 bytes each,
/// and put in order when they are asked for or when many have come since: then each stands there once. So memory grows with
/// the visits that differ, not with the records.
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
  private let shape: Shape
  private var bits: [UInt64]
  private var visits: [Visit] = []
  /// Visits from which on repetitions are taken out.
  private var limit = 1 << 18

  init(_ shape: Shape = Shape()) {
    self.shape = shape
    bits = [UInt64](repeating: 0, count: shape.count)
  }

  @inline(__always)
  mutating func insert(_ place: Place, day: Day?) {
    let number = day?.number ?? Visit.undated
    if let word = shape.place(place, number) {
      bits[word] |= 1 &<< UInt64(truncatingIfNeeded: number & 63)
    } else {
      note(Visit(place: place, day: number))
    }
  }

  private mutating func note(_ visit: Visit) {
    if visits.count >= limit { compact() }
    visits.append(visit)
  }

  mutating func merge(_ other: VisitDays) {
    if shape == other.shape {
      for word in bits.indices { bits[word] |= other.bits[word] }
    } else {
      for unit in 0..<other.shape.units { for word in other.words(of: unit) { insert(word, unit: Int32(unit)) } }
    }
    visits.append(contentsOf: other.visits)
    if visits.count >= limit { compact() }
  }

  private mutating func insert(_ word: Word, unit: Int32) {
    var bits = word.bits
    while bits != 0 {
      let day = word.index << 6 + Int32(bits.trailingZeroBitCount)
      insert(Place(unit: unit, team: word.team, method: word.method), day: Day(number: day))
      bits &= bits - 1
    }
  }

  func encode(into encoder: inout ByteEncoder) {
    encoder.append([shape.units, shape.teams, shape.methods, Int(shape.firstWord), shape.words])
    encoder.append(bits)
    encoder.append(distinct.visits)
  }

  init(_ decoder: inout ByteDecoder) {
    let numbers = decoder.column(of: Int.self)
    var shape = Shape()
    (shape.units, shape.teams, shape.methods) = (numbers[0], numbers[1], numbers[2])
    (shape.firstWord, shape.words) = (Int32(truncatingIfNeeded: numbers[3]), numbers[4])
    self.shape = shape
    bits = decoder.column(of: UInt64.self)
    visits = decoder.column(of: Visit.self)
  }

  private mutating func compact() {
    visits = distinct.visits
    limit = max(limit, visits.count * 2)
  }

  static func == (left: VisitDays, right: VisitDays) -> Bool {
    left.shape == right.shape && left.bits == right.bits && left.distinct.visits == right.distinct.visits
  }

  /// Each noted visit once, in the order of units, teams, methods and days, and where those of each unit end.
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
    var days = DaySet()
    addMethods(except: { $0 < ends.count && ends[$0] > ($0 == 0 ? 0 : ends[$0 - 1]) }, to: &figures)
    for unit in 0..<max(shape.units, ends.count) {
      let noted = unit < ends.count ? visits[(unit == 0 ? 0 : ends[unit - 1])..<ends[unit]] : []
      if noted.isEmpty {
        addTable(unit, to: &figures)
        continue
      }
      // Of one place a word is either in the table or noted.
      let own = (words(of: unit) + Self.words(of: noted)).sorted {
        ($0.team, $0.method, $0.index) < ($1.team, $1.method, $1.index)
      }
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
    return figures
  }

  /// The figures of a unit all of whose visits are in the table.
  private func addTable(_ unit: Int, to figures: inout VisitFigures) {
    guard unit < shape.units else { return }
    for team in 0..<shape.teams {
      let start = (unit * shape.teams + team) * shape.methods * shape.words
      var visits = VisitFigures.Entry()
      for word in 0..<shape.words {
        // The method does not tell two visits of one team on one day apart.
        var days: UInt64 = 0
        for method in 0..<shape.methods { days |= bits[start &+ method &* shape.words &+ word] }
        if days != 0 { visits.add(shape.firstWord + Int32(word), days) }
      }
      if visits.visits > 0 { figures.add(visits, unit: unit, team: team - 1) }
    }
  }

  /// The figures of the methods of the table, but for the units that have noted visits too.
  private func addMethods(except noted: (Int) -> Bool, to figures: inout VisitFigures) {
    for method in 1..<max(1, shape.methods) {
      var entry = VisitFigures.Entry()
      var days = [UInt64](repeating: 0, count: shape.words)
      for unit in 0..<shape.units where !noted(unit) {
        var visits = 0
        for team in 0..<shape.teams {
          let start = ((unit * shape.teams + team) * shape.methods + method) * shape.words
          for word in 0..<shape.words where bits[start &+ word] != 0 {
            visits &+= bits[start &+ word].nonzeroBitCount
            days[word] |= bits[start &+ word]
          }
        }
        entry.visits += visits
        if visits > 0 { entry.others += 1 }
      }
      for word in 0..<shape.words where days[word] != 0 {
        entry.widen(
          DaySet.first(shape.firstWord + Int32(word), days[word]),
          DaySet.last(shape.firstWord + Int32(word), days[word]))
      }
      figures.add(entry, method: method - 1)
    }
  }

  /// Those of the table, in order.
  private func words(of unit: Int) -> [Word] {
    guard unit < shape.units else { return [] }
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
