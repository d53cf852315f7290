import Bytes
import Campaign
import Diagnostics
import Reconcile
import Records
import SeededRandom
import Testing

@Suite struct VersionTests {
  struct Row {
    var key: UInt64
    var content: UInt64
    var version: Int64
    var unique: UInt64 = 0
  }

  private func run(
    _ rows: [Row], _ policy: DuplicatePolicy, size: Int, hasKeys: Bool = true, isUnique: Bool = false
  ) throws -> Reconciliation {
    var source = SourceDefinition(name: "s", location: SourceLocation(file: ""))
    source.duplicates = policy
    source.fields = [Field(name: "plain", location: source.location), Field(name: "unique", location: source.location)]
    source.fields[1].constraints.isUnique = isUnique
    let store = SegmentStore(spoolFolder: "/tmp")
    for start in stride(from: 0, to: rows.count, by: size) {
      var chunk = ChunkDraft(source: 0, file: 0)
      if isUnique { chunk.records.lateKeys = [[]] }
      for row in rows[start..<min(start + size, rows.count)] {
        chunk.records.line.append(1)
        chunk.records.number.append(1)
        chunk.records.findings.append(0)
        if hasKeys {
          chunk.records.key.append(Hash128(high: row.key, low: ~row.key))
          chunk.records.content.append(row.content)
          chunk.records.version.append(row.version)
        }
        if isUnique {
          chunk.records.lateKeys[0].append(row.unique == 0 ? RecordColumns.noValue : Hash128(high: 1, low: row.unique))
        }
      }
      try store.append(SegmentChunk(chunk))
    }
    return try Reconciler.run(over: store, sources: [source], isRepeatedFile: [false], lists: WordLists())
  }

  /// The record that counts of a key, told plainly: the greatest version, of equal ones the last that differs from the
  /// one before it.
  private func winners(_ rows: [Row]) -> [UInt64: Int] {
    var winners: [UInt64: Int] = [:]
    for (place, row) in rows.enumerated() {
      guard let winner = winners[row.key] else {
        winners[row.key] = place
        continue
      }
      if rows[winner].content != row.content, row.version >= rows[winner].version { winners[row.key] = place }
    }
    return winners
  }

  @Test(arguments: UInt64(1)...12)
  func chainsOfVersionsEndAtTheOneThatCounts(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let rows = (0..<200).map { _ in
      Row(
        key: .random(in: 0..<30, using: &generator), content: .random(in: 0..<6, using: &generator),
        version: .random(in: -3...3, using: &generator))
    }
    let expected = winners(rows)
    for size in [1, 7, 200] {
      let result = try run(rows, .latest(by: "v"), size: size)
      for (place, row) in rows.enumerated() {
        let winner = try #require(expected[row.key])
        #expect((result.verdict(place) == .counts) == (winner == place), "record \(place), seed \(seed)")
        var (end, steps) = (place, 0)
        while let next = result.inPlace[end], steps <= rows.count { (end, steps) = (next, steps + 1) }
        #expect(end == winner, "record \(place), seed \(seed)")
        if place != winner { #expect([.duplicate, .superseded].contains(result.verdict(place)), "seed \(seed)") }
      }
      #expect(result.counts[0].records.wrappedSum() == rows.count, "seed \(seed)")
    }
  }

  @Test(arguments: 1...4) func withoutAKeyEveryRecordCounts(size: Int) throws {
    let rows = [Row](repeating: Row(key: 1, content: 1, version: 1), count: 4)
    let result = try run(rows, .latest(by: nil), size: size, hasKeys: false)
    #expect(result.verdicts.allSatisfy { $0 == Verdict.counts.rawValue } && result.inPlace.isEmpty)
  }

  /// Only records that count use up a value, and a blank is no value.
  @Test(arguments: 1...6) func aUniqueValueIsThatOfTheFirstThatCounts(size: Int) throws {
    let rows = [
      Row(key: 1, content: 1, version: 1, unique: 7), Row(key: 1, content: 2, version: 2, unique: 8),
      Row(key: 2, content: 1, version: 1, unique: 7), Row(key: 3, content: 1, version: 1, unique: 0),
      Row(key: 4, content: 1, version: 1, unique: 0), Row(key: 5, content: 1, version: 1, unique: 7),
    ]
    let result = try run(rows, .latest(by: "v"), size: size, isUnique: true)
    #expect((0..<6).map { result.verdict($0) } == [.superseded, .counts, .counts, .counts, .counts, .rejected])
    #expect(result.rejections == [5: Reconciliation.Rejection(key: 0, other: 2)])
    #expect(result.counts[0].records == [4, 0, 1, 1])
  }

  /// A repeated file neither supersedes nor uses up values, whatever its place.
  @Test func aRepeatedFileChangesNothing() throws {
    let source = SourceDefinition(name: "s", location: SourceLocation(file: ""))
    let store = SegmentStore(spoolFolder: "/tmp")
    for (file, contents) in [[1, 2], [1, 2], [3]].enumerated() {
      var chunk = ChunkDraft(source: 0, file: file)
      for content in contents {
        chunk.records.line.append(1)
        chunk.records.number.append(1)
        chunk.records.findings.append(5)
        chunk.records.key.append(Hash128(high: 1, low: 1))
        chunk.records.content.append(UInt64(content))
      }
      try store.append(SegmentChunk(chunk))
    }
    let result = try Reconciler.run(
      over: store, sources: [source], isRepeatedFile: [false, true, false], lists: WordLists())
    #expect((0..<5).map { result.verdict($0) } == [.superseded, .superseded, .duplicate, .duplicate, .counts])
    #expect(result.chunkStart == [0, 2, 4] && result.inPlace[2] == nil)
    #expect(result.counts[1].records == [0, 2, 0, 0] && result.counts[1].findings == [0, 10, 0, 0])
  }

  @Test func wordsStandBehindThoseOfThePipelineAndAreKnownByTheirCode() throws {
    var lists = WordLists()
    lists.roster.units = [Unit(code: "U1", name: .init("某局"))]
    lists.methods = CodeList(name: "method", entries: [.init(code: "hear", label: .init("听取"))])
    let store = SegmentStore(spoolFolder: "/tmp")
    for words in [
      [OpenWord(code: "7", name: "甲局"), OpenWord(code: "", name: "7")], [OpenWord(code: "7", name: "甲 局")],
    ] {
      var chunk = ChunkDraft(source: 0, file: 0)
      for set in WordSet.allCases { chunk.openWords[set.rawValue] = words }
      try store.append(SegmentChunk(chunk))
    }
    let source = SourceDefinition(name: "s", location: SourceLocation(file: ""))
    let result = try Reconciler.run(over: store, sources: [source], isRepeatedFile: [false], lists: lists)
    #expect(
      result.openPlaces[0][WordSet.unit.rawValue] == [1, 2] && result.openPlaces[1][WordSet.unit.rawValue] == [1])
    #expect(result.openPlaces[0][WordSet.method.rawValue] == [1, 2])
    #expect(result.openPlaces[0][WordSet.category.rawValue] == [0, 1])
    #expect(result.lists.roster.units.map(\.name.zh) == ["某局", "甲局", "7"])
    #expect(result.lists.roster.units.map(\.isPlanned) == [true, false, false])
  }
}
