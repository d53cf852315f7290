package import Campaign
import Diagnostics
package import Records

// A tally in bytes: what is known of files that a later run has again.

/// The tally of chunks that an earlier run counted, and where they stand in this one.
package struct KnownTally: Sendable {
  private var tally: CampaignTally?
  private var visits: CountedVisits?
  /// Places of its chunks in this run, ascending.
  package var chunks: [Int]
  /// Whether all other chunks stand behind them, and what tables say of their records is what they said then.
  package var isUnchangedBeginning: Bool

  /// - Parameters:
  ///   - chunks: place in this run of each chunk that was counted.
  ///   - files: place in this run of each file of the earlier run that had chunks.
  ///   - table: of the visits, as `Tallier.visitTable` was.
  package init?(
    _ decoder: inout ByteDecoder, lists: WordLists, sources: Int, chunks: [Int], files: [Int: Int],
    table: consuming [UInt64], isUnchangedBeginning: Bool
  ) {
    guard
      let tally = CampaignTally(&decoder, lists: lists, sources: sources, chunks: chunks, files: files),
      let visits = CountedVisits(
        &decoder, table: table, units: lists.roster.units.count, teams: lists.roster.teams.count,
        methods: lists.methods.entries.count)
    else { return nil }
    (self.tally, self.visits) = (tally, visits)
    self.chunks = chunks
    self.isUnchangedBeginning = isUnchangedBeginning
  }

  /// The tally, once: it is large, and whoever has it alone adds to it in place.
  mutating func takeTally() -> CampaignTally? { tally.take() }
  mutating func takeVisits() -> CountedVisits? { visits.take() }
}

extension Tallier {
  /// What a later run that has the same chunks again need not count.
  package func encodeTally(into encoder: inout ByteEncoder) {
    tally.encode(into: &encoder)
    visits.encode(into: &encoder)
  }

  /// Bytes of it, about.
  package var encodedSize: Int { 256 * (tally.units.count + tally.teams.count) }

  /// The table of visits that is to be left beside it; `nil` when there is none, or the one that was left serves on.
  package var visitTable: [UInt64]? { visits.isTableLeft ? nil : visits.days.bits }
}

extension CampaignTally {
  /// But for the visits.
  func encode(into encoder: inout ByteEncoder) {
    for list in [units, teams, methods, modes, [withoutUnit]] { encoder.append(list.flatMap(\.numbers)) }
    encoder.append((categories + [withoutCategory]).flatMap(\.numbers))
    encoder.append(sums.flatMap { $0.records.numbers + $0.findings.numbers })
    workList.encode(into: &encoder)
    corrections.encode(into: &encoder)
  }

  /// - Returns: `nil` when it is of other lists.
  init?(
    _ decoder: inout ByteDecoder, lists: WordLists, sources: Int, chunks: [Int], files: [Int: Int]
  ) {
    self.init(lists: lists, sources: sources)
    func fill(_ list: inout [Figures], _ known: [Figures]) -> Bool {
      guard known.count <= list.count else { return false }
      list.replaceSubrange(0..<known.count, with: known)
      return true
    }
    let known = (0..<5).map { _ in Figures.list(decoder.column(of: Int.self)) }
    let categories = FindingCounts.list(decoder.column(of: Int.self))
    let sums = decoder.column(of: Int.self)
    guard fill(&units, known[0]), fill(&teams, known[1]), fill(&methods, known[2]), fill(&modes, known[3]),
      known[4].count == 1, categories.count <= self.categories.count + 1, let last = categories.last,
      sums.count == sources * 2 * Sum.width
    else { return nil }
    withoutUnit = known[4][0]
    self.categories.replaceSubrange(0..<categories.count - 1, with: categories.dropLast())
    withoutCategory = last
    for source in 0..<sources {
      let numbers = sums[source * 2 * Sum.width..<(source + 1) * 2 * Sum.width]
      self.sums[source].records = Sum(numbers.prefix(Sum.width))
      self.sums[source].findings = Sum(numbers.suffix(Sum.width))
    }
    workList = WorkListTally(&decoder, chunks: chunks)
    corrections = CorrectionResults(&decoder, files: files)
  }
}

extension FindingCounts {
  fileprivate var numbers: [Int] { (0..<4).map { byKind[$0] } }

  fileprivate init(_ numbers: ArraySlice<Int>) {
    for (lane, number) in numbers.enumerated() { byKind[lane] = number }
  }

  fileprivate static func list(_ numbers: [Int]) -> [FindingCounts] {
    stride(from: 0, to: numbers.count, by: 4).map { FindingCounts(numbers[$0..<$0 + 4]) }
  }
}

extension Figures {
  fileprivate var numbers: [Int] { [records, isVisited ? 1 : 0] + findings.numbers }

  fileprivate static func list(_ numbers: [Int]) -> [Figures] {
    stride(from: 0, to: numbers.count, by: 6).map { start in
      var figures = Figures(records: numbers[start], isVisited: numbers[start + 1] == 1)
      figures.findings = FindingCounts(numbers[start + 2..<start + 6])
      return figures
    }
  }
}

extension Sum {
  fileprivate static let width = 6
  fileprivate var numbers: [Int] { [read, tallied, rejected, duplicate, superseded, excluded] }

  fileprivate init(_ numbers: ArraySlice<Int>) {
    self.init()
    var numbers = numbers
    for member in [\Sum.read, \.tallied, \.rejected, \.duplicate, \.superseded, \.excluded] {
      self[keyPath: member] = numbers.removeFirst()
    }
  }
}

extension WorkListTally {
  fileprivate func encode(into encoder: inout ByteEncoder) {
    encoder.append(parts.count)
    for (team, part) in parts {
      switch team {
      case .listed(let place): encoder.append([0, place])
      case .named(let name):
        encoder.append([1, 0])
        encoder.append(name)
      case .unassigned: encoder.append([2, 0])
      }
      encoder.append([part.records, part.findings])
      encoder.append(part.chunks.sorted())
      encoder.append(part.byRule.count)
      for (rule, count) in part.byRule {
        encoder.append(rule)
        encoder.append(count)
      }
    }
  }

  /// - Parameter chunks: the new place of each chunk.
  fileprivate init(_ decoder: inout ByteDecoder, chunks: [Int]) {
    self.init()
    for _ in 0..<decoder.number() {
      let kind = decoder.column(of: Int.self)
      let team: WorkListTeam = kind[0] == 0 ? .listed(kind[1]) : kind[0] == 1 ? .named(decoder.text()) : .unassigned
      let counts = decoder.column(of: Int.self)
      var part = Part(records: counts[0], findings: counts[1])
      part.chunks = Set(decoder.column(of: Int.self).map { chunks[$0] })
      for _ in 0..<decoder.number() {
        let rule = decoder.rule()
        part.byRule[rule] = decoder.number()
      }
      set(part, of: team)
    }
  }
}
