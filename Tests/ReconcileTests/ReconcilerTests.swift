import Bytes
import Campaign
import Diagnostics
import Reconcile
import Records
import Testing

@Suite struct ReconcilerTests {
  struct Row {
    var key: UInt64
    var content: UInt64
    var version: Int64 = 0
  }

  /// Verdicts of records that come in chunks of `size`, as letters: c counts, d duplicate, s superseded.
  private func verdicts(_ rows: [Row], _ policy: DuplicatePolicy, size: Int, repeatedFrom: Int? = nil) throws -> String
  {
    var source = SourceDefinition(name: "s", location: SourceLocation(file: ""))
    source.duplicates = policy
    let store = SegmentStore(spoolFolder: "/tmp", memoryBudget: 0)
    for start in stride(from: 0, to: rows.count, by: size) {
      let isRepeat = repeatedFrom.map { start >= $0 } ?? false
      var chunk = ChunkDraft(source: 0, file: isRepeat ? 1 : 0)
      for row in rows[start..<min(start + size, rows.count)] {
        chunk.records.line.append(1)
        chunk.records.number.append(1)
        chunk.records.key.append(Hash128(high: row.key, low: 1))
        chunk.records.content.append(row.content)
        chunk.records.version.append(row.version)
        chunk.records.findings.append(2)
      }
      try store.append(SegmentChunk(chunk))
    }
    let result = try Reconciler.run(
      over: store, sources: [source], isRepeatedFile: [false, true], lists: WordLists())
    let total = result.counts.reduce(into: VerdictCounts()) { $0.merge($1) }
    #expect(total.records.wrappedSum() == rows.count && total.findings.wrappedSum() == 2 * rows.count)
    return rows.indices.map { ordinal in
      switch result.verdict(ordinal) {
      case .counts: "c"
      case .duplicate: "d"
      case .superseded: "s"
      case .rejected: "r"
      }
    }.joined()
  }

  @Test(arguments: 1...6) func theFirstCounts(size: Int) throws {
    let rows = [
      Row(key: 1, content: 1), Row(key: 2, content: 1), Row(key: 1, content: 2), Row(key: 1, content: 1),
      Row(key: 3, content: 9),
    ]
    #expect(try verdicts(rows, .first, size: size) == "ccddc")
  }

  @Test(arguments: 1...6) func theLastInFileOrderCounts(size: Int) throws {
    let rows = [
      Row(key: 1, content: 1), Row(key: 1, content: 2), Row(key: 1, content: 2), Row(key: 2, content: 0),
      Row(key: 1, content: 3),
    ]
    #expect(try verdicts(rows, .latest(by: nil), size: size) == "ssdcc")
  }

  @Test(arguments: 1...6) func theGreatestVersionCountsInAnyOrder(size: Int) throws {
    let rows = [3, 1, 5, 4, 2, 5].enumerated().map { Row(key: 7, content: UInt64($1), version: Int64($1)) }
    #expect(try verdicts(rows, .latest(by: "v"), size: size) == "sscssd")
    // A tie goes to the later one.
    let tie = [Row(key: 7, content: 1, version: 2), Row(key: 7, content: 2, version: 2)]
    #expect(try verdicts(tie, .latest(by: "v"), size: size) == "sc")
  }

  @Test func aFileHandedInTwiceCountsOnce() throws {
    let rows = [Row(key: 1, content: 1), Row(key: 2, content: 2), Row(key: 1, content: 1), Row(key: 2, content: 2)]
    #expect(try verdicts(rows, .latest(by: nil), size: 2, repeatedFrom: 2) == "ccdd")
  }

  @Test func manyKeysAreKeptApart() throws {
    let rows = (0..<5000).map { Row(key: UInt64($0 % 3000), content: UInt64($0)) }
    let found = try verdicts(rows, .first, size: 512)
    #expect(found.filter { $0 == "c" }.count == 3000 && found.filter { $0 == "d" }.count == 2000)
  }

  /// More keys than one part has, in shares for several tasks.
  @Test(arguments: 1...5) func tasksDecideAsOneDoes(width: Int) async throws {
    var source = SourceDefinition(name: "s", location: SourceLocation(file: ""))
    source.duplicates = .latest(by: nil)
    let store = SegmentStore(spoolFolder: "/tmp")
    let count = 300_000
    // The second copy of a key stands 200,000 records behind the first.
    for start in stride(from: 0, to: count, by: 1000) {
      var chunk = ChunkDraft(source: 0, file: 0)
      for row in start..<start + 1000 {
        chunk.records.line.append(1)
        chunk.records.number.append(1)
        chunk.records.key.append(Hash128(of: Array("\(row % 200_000)".utf8)))
        chunk.records.content.append(row.isMultiple(of: 2) ? 0 : UInt64(row))
        chunk.records.version.append(Int64(row))
        chunk.records.findings.append(0)
      }
      try store.append(SegmentChunk(chunk))
    }
    let result = try await Reconciler.run(
      over: store, sources: [source], isRepeatedFile: [false], lists: WordLists(), width: width)
    let isRight = (0..<count).allSatisfy { ordinal in
      let other = ordinal < 200_000 ? ordinal + 200_000 : ordinal - 200_000
      if other >= count || (ordinal >= 200_000 && !ordinal.isMultiple(of: 2)) {
        return result.verdict(ordinal) == .counts
      }
      let isSame = ordinal.isMultiple(of: 2)
      let loses = isSame ? ordinal > other : ordinal < other
      let lost: Verdict = isSame ? .duplicate : .superseded
      return result.verdict(ordinal) == (loses ? lost : .counts) && (!loses || result.inPlace[ordinal] == other)
    }
    #expect(isRight)
    #expect(result.keyDecisions.count == 100_000)
  }

  /// The same words give the same lists, however the records are cut into chunks.
  @Test(arguments: 1...4) func openWordsAreNumberedInFileOrder(size: Int) throws {
    let store = SegmentStore(spoolFolder: "/tmp")
    let names = ["乙局", "甲局", "乙局", "丙局", "甲局", "乙局"]
    for start in stride(from: 0, to: names.count, by: size) {
      var chunk = ChunkDraft(source: 0, file: 0)
      for name in names[start..<min(start + size, names.count)] {
        var words = chunk.openWords[WordSet.unit.rawValue]
        let place = words.firstIndex { $0.name == name } ?? words.count
        if place == words.count { words.append(OpenWord(code: "", name: name)) }
        chunk.openWords[WordSet.unit.rawValue] = words
        chunk.records.line.append(1)
        chunk.records.number.append(1)
        chunk.records.findings.append(0)
        chunk.records.unit.append(WordNumber(open: place))
      }
      try store.append(SegmentChunk(chunk))
    }
    let source = SourceDefinition(name: "s", location: SourceLocation(file: ""))
    let result = try Reconciler.run(over: store, sources: [source], isRepeatedFile: [false], lists: WordLists())
    #expect(result.lists.roster.units.map(\.name.zh) == ["乙局", "甲局", "丙局"])
    var places: [Int?] = []
    try store.forEachChunk { index, chunk in
      for word in chunk.records.unit { places.append(result.place(of: word, in: .unit, chunk: index)) }
    }
    #expect(places == [0, 1, 0, 2, 1, 0])
  }
}
