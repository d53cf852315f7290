import Bytes
import Campaign
import Records

/// Visits with their figures. Those that an earlier run counted are added to without a look at all of them: its table is
/// left in a file of its own, which serves until much has come since; what came since is beside it.
struct CountedVisits: Sendable {
  private(set) var days: VisitDays
  private(set) var figures: VisitFigures
  /// Words of the table that changed since it was left, by their places; `nil` when it was not.
  private var changed: [Int: UInt64]?

  init(_ days: VisitDays, _ figures: VisitFigures) {
    self.days = days
    self.figures = figures
  }

  /// Whether the table that was left serves the next run too.
  var isTableLeft: Bool { changed.map { $0.count * 8 <= days.bits.count } ?? days.bits.isEmpty }

  func encode(into encoder: inout ByteEncoder) {
    days.encode(into: &encoder)
    let places = isTableLeft ? (changed ?? [:]).keys.sorted() : []
    encoder.append(places.map { UInt32(truncatingIfNeeded: $0) })
    encoder.append(places.map { days.bits[$0] })
    figures.encode(into: &encoder)
  }

  /// - Parameter table: as it was left.
  /// - Returns: `nil` when it is another one.
  init?(_ decoder: inout ByteDecoder, table: consuming [UInt64], units: Int, teams: Int, methods: Int) {
    let size = table.count
    guard var days = VisitDays(&decoder, table: table) else { return nil }
    let places = decoder.column(of: UInt32.self)
    let words = decoder.column(of: UInt64.self)
    guard places.allSatisfy({ $0 < size }), places.count == words.count else { return nil }
    var changed: [Int: UInt64] = [:]
    changed.reserveCapacity(places.count)
    for (place, word) in zip(places, words) {
      days.set(Int(place), word)
      changed[Int(place)] = word
    }
    guard let figures = VisitFigures(&decoder, units: units, teams: teams, methods: methods) else { return nil }
    (self.days, self.figures, self.changed) = (days, figures, changed)
  }

  /// Adds visits that may be known.
  mutating func add(_ other: VisitDays) {
    let known = days.distinct
    let tableSize = days.bits.count
    var added: [(unit: Int, word: VisitDays.Word)] = []
    let distinct = other.distinct
    var approached = 0
    other.forEachUnit(distinct) { unit, words in
      // What takes time is the table's memory, of which little was used lately.
      let end = min((unit < distinct.ends.count ? distinct.ends[unit] : 0) + Self.visitsAhead, distinct.visits.count)
      while approached < end {
        days.approachTable(distinct.visits[approached].place)
        approached += 1
      }
      // Known ones that are not in the table, then also those that are added.
      var noted: [VisitDays.Word] = []
      if unit < known.ends.count {
        VisitDays.append(known.visits[(unit == 0 ? 0 : known.ends[unit - 1])..<known.ends[unit]], to: &noted)
      }
      for word in words {
        let fresh = freshPart(of: word, unit, noted)
        guard fresh.bits != 0 else { continue }
        figures.add(fresh, unit: unit)
        var new = word
        new.bits = fresh.bits
        if let place = days.place(of: word, unit: unit) {
          days.set(place, days.bits[place] | fresh.bits)
          changed?[place] = days.bits[place]
        } else {
          noted.append(new)
          added.append((unit, new))
        }
      }
    }
    for (unit, word) in added { days.insert(word, unit: Int32(unit)) }
    // It was made just now.
    if days.bits.count != tableSize { changed = nil }
    figures.placeTeams()
  }

  private static let visitsAhead = 32

  /// What of a word is not known yet.
  private func freshPart(of word: VisitDays.Word, _ unit: Int, _ noted: [VisitDays.Word]) -> FreshVisits {
    var fresh = FreshVisits(
      team: Int(word.team), method: Int(word.method), index: word.index == VisitDays.Visit.undated ? nil : word.index)
    var (own, ofTeam) = (UInt64(0), UInt64(0))
    var (hasTeam, hasMethod) = (false, false)
    func look(_ known: VisitDays.Word) {
      if known.team == word.team {
        hasTeam = true
        if known.index == word.index {
          ofTeam |= known.bits
          if known.method == word.method { own |= known.bits }
        }
      }
      hasMethod = hasMethod || known.method == word.method
    }
    for known in noted { look(known) }
    days.forEachTableWord(ofUnit: unit, team: word.team, look)
    hasMethod = hasMethod || days.hasTableWord(ofUnit: unit, method: word.method)
    fresh.bits = word.bits & ~own
    fresh.daysOfTeam = word.bits & ~ofTeam
    (fresh.isTeamNew, fresh.isMethodNew) = (!hasTeam, !hasMethod)
    return fresh
  }
}

extension VisitDays {
  /// The words of each unit that has some, units ascending.
  ///
  /// - Parameter distinct: of these visits.
  fileprivate func forEachUnit(_ distinct: (visits: [Visit], ends: [Int]), _ body: (Int, [Word]) -> Void) {
    let (visits, ends) = distinct
    for unit in 0..<max(bits.isEmpty ? 0 : shape.units, ends.count) {
      var words = words(of: unit)
      if unit < ends.count { Self.append(visits[(unit == 0 ? 0 : ends[unit - 1])..<ends[unit]], to: &words) }
      if !words.isEmpty { body(unit, words) }
    }
  }

  /// Place of a word in the table; `nil` where there is none for it.
  fileprivate func place(of word: Word, unit: Int) -> Int? {
    guard !bits.isEmpty, word.index != Visit.undated else { return nil }
    return shape.place(Place(unit: Int32(unit), team: word.team, method: word.method), word.index << 6)
  }

  /// Asks for the memory at which the two functions below look, the second at the first teams.
  fileprivate func approachTable(_ place: Place) {
    let (unit, team, method) = (Int(place.unit), Int(place.team) + 1, Int(place.method) + 1)
    guard !bits.isEmpty, unit < shape.units, team < shape.teams, method < shape.methods else { return }
    let (ofUnit, ofTeam) = (unit * shape.stride, shape.methods * shape.words)
    let own = ofUnit + team * ofTeam
    // SAFETY: all of these are places of the unit, which the shape has, and so has the table.
    unsafe bits.withUnsafeBufferPointer { bits in
      for word in stride(from: own, to: own + ofTeam, by: 8) { unsafe prefetch(bits.baseAddress! + word) }
      unsafe prefetch(bits.baseAddress! + (own + ofTeam - 1))
      for team in 0..<min(2, shape.teams) {
        unsafe prefetch(bits.baseAddress! + (ofUnit + team * ofTeam + method * shape.words))
      }
    }
  }

  /// The words of a unit in the table that are of this team.
  @inline(__always)
  fileprivate func forEachTableWord(ofUnit unit: Int, team: Int32, _ body: (Word) -> Void) {
    guard !bits.isEmpty, unit < shape.units, Int(team) + 1 < shape.teams else { return }
    var place = unit * shape.stride + (Int(team) + 1) * shape.methods * shape.words
    for method in 0..<shape.methods {
      for word in 0..<shape.words {
        if bits[place] != 0 {
          body(
            Word(team: team, method: Int32(method - 1), index: shape.firstWord + Int32(word), bits: bits[place]))
        }
        place += 1
      }
    }
  }

  /// Whether the table has a visit of a unit by this method, of whatever team.
  fileprivate func hasTableWord(ofUnit unit: Int, method: Int32) -> Bool {
    guard !bits.isEmpty, unit < shape.units, Int(method) + 1 < shape.methods else { return false }
    for team in 0..<shape.teams {
      let first = unit * shape.stride + (team * shape.methods + Int(method) + 1) * shape.words
      for place in first..<first + shape.words where bits[place] != 0 { return true }
    }
    return false
  }
}

/// Days of one team and method at a unit that were not known.
struct FreshVisits {
  var team: Int
  var method: Int
  /// Of the word that the days are of; `nil` for visits without a day.
  var index: Int32?
  var bits: UInt64 = 0
  /// Those on which the team was not known to be there by another method either.
  var daysOfTeam: UInt64 = 0
  var isTeamNew = false
  var isMethodNew = false
}
