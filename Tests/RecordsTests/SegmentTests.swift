import Bytes
import Diagnostics
import Records
import Testing

@Suite struct SegmentTests {
  private func chunk(_ seed: Int, records count: Int = 5) -> SegmentChunk {
    var chunk = ChunkDraft(source: seed, file: seed + 1)
    for record in 0..<count {
      chunk.records.line.append(UInt32(record * 7 + seed))
      chunk.records.number.append(UInt32(record + 1))
      chunk.records.key.append(Hash128(high: UInt64(record), low: UInt64(seed)))
      chunk.records.content.append(UInt64(record * record))
      chunk.records.version.append(Int64(-record))
      chunk.records.unit.append(record % 2 == 0 ? WordNumber(listed: record) : WordNumber(open: record))
      chunk.records.day.append(record == 0 ? RecordColumns.noDay : Int32(19_000 + record))
      chunk.records.findings.append(1)
      chunk.findings.kind.append(UInt8(record % 3))
      chunk.findings.category.append(.none)
      chunk.findings.severity.append(UInt8(record))
      chunk.findings.line.append(UInt32(record))
      chunk.text += Array("发现\(record)".utf8)
      chunk.findings.textEnd.append(UInt32(chunk.text.count))
    }
    chunk.openWords[WordSet.unit.rawValue] = [OpenWord(code: "", name: "某局"), OpenWord(code: "7", name: "")]
    chunk.rejected.append(
      RejectedRecord(
        line: 3, number: 2, findings: 4, raw: Array("原始,记录".utf8),
        reasons: [
          RejectionReason(
            Diagnostic(
              .typeError, at: SourceLocation(file: "", line: 3, column: 9, field: "date"), found: "昨天",
              [.word(.init(zh: "日期", en: "a date")), .literal("x")]))
        ]))
    chunk.counts.records = count + 1
    chunk.counts.accepted = count
    chunk.counts.rejected = 1
    chunk.counts.byRule = ["a": 1, "b": 3]
    return SegmentChunk(chunk)
  }

  private func same(_ one: SegmentChunk, _ other: SegmentChunk) -> Bool { one.encoded().bytes == other.encoded().bytes }

  @Test(arguments: [0, 1, 100]) func aChunkComesBackFromBytes(records: Int) {
    let chunk = chunk(3, records: records)
    let decoded = SegmentChunk(decoding: chunk.encoded())
    #expect(same(chunk, decoded))
    #expect(decoded.records.unit == chunk.records.unit && decoded.counts == chunk.counts)
    if records > 0 { #expect(String(decoding: decoded.findingText(records - 1), as: UTF8.self) == "发现\(records - 1)") }
  }

  @Test func rejectedRecordsKeepEveryReason() {
    var found: [RejectedRecord] = []
    chunk(1).rejected.forEachEntry { found.append($0) }
    #expect(found.count == 1 && found[0].findings == 4 && found[0].reasons.count == 1)
    let diagnostic = found[0].reasons[0].diagnostic(in: "a.csv", record: 2)
    #expect(diagnostic.rule == .typeError && diagnostic.location.column == 9 && diagnostic.found == "昨天")
    #expect(diagnostic.expected(.en) == "a date" && diagnostic.expected(.zh) == "日期")
  }

  /// What does not fit into memory goes to disk and comes back the same; a file that fails takes its chunks along.
  @Test(arguments: [0, 3000, 1 << 20]) func aStoreKeepsChunksInOrder(memoryBudget: Int) throws {
    let store = SegmentStore(spoolFolder: "/tmp", memoryBudget: memoryBudget)
    for number in 0..<6 { try store.append(chunk(number)) }
    store.truncate(to: 4)
    try store.append(chunk(9))
    #expect(store.count == 5)
    var seen: [Int] = []
    try store.forEachChunk { index, found in
      seen.append(found.source)
      #expect(same(found, chunk(index == 4 ? 9 : index)))
    }
    #expect(seen == [0, 1, 2, 3, 9])
  }

  @Test func aWordIsListedOpenOrNone() {
    for place in [0, 1, 77_777] {
      #expect(WordNumber(listed: place).listed == place && WordNumber(listed: place).open == nil)
      #expect(WordNumber(open: place).open == place && WordNumber(open: place).listed == nil)
    }
    #expect(WordNumber.none.open == nil && WordNumber.none.listed == nil)
  }
}
