import Bytes
import Campaign
import Diagnostics
import Records
import SeededRandom
import Testing

/// A chunk with anything in it; columns that a source may lack are sometimes empty.
private func randomChunk(_ generator: inout SeededGenerator) -> SegmentChunk {
  var chunk = ChunkDraft(source: .random(in: 0...9, using: &generator), file: .random(in: 0...99, using: &generator))
  let count = Int.random(in: 0...40, using: &generator)
  func column<Element>(_ make: (inout SeededGenerator) -> Element, in generator: inout SeededGenerator) -> [Element] {
    (0..<count).map { _ in make(&generator) }
  }
  func optional<Element>(_ make: (inout SeededGenerator) -> Element, in generator: inout SeededGenerator) -> [Element] {
    Bool.random(using: &generator) ? column(make, in: &generator) : []
  }
  func hash(_ generator: inout SeededGenerator) -> Hash128 { Hash128(high: generator.next(), low: generator.next()) }
  func word(_ generator: inout SeededGenerator) -> WordNumber {
    WordNumber(rawValue: .random(in: -9...9, using: &generator))
  }
  chunk.records.line = column({ UInt32.random(in: 0...(.max), using: &$0) }, in: &generator)
  chunk.records.number = column({ UInt32.random(in: 0...(.max), using: &$0) }, in: &generator)
  chunk.records.key = optional(hash, in: &generator)
  chunk.records.content = optional({ $0.next() }, in: &generator)
  chunk.records.version = optional({ Int64.random(in: .min...(.max), using: &$0) }, in: &generator)
  chunk.records.unit = optional(word, in: &generator)
  chunk.records.team = optional(word, in: &generator)
  chunk.records.method = optional(word, in: &generator)
  chunk.records.mode = optional(word, in: &generator)
  chunk.records.day = optional({ Int32.random(in: .min...(.max), using: &$0) }, in: &generator)
  chunk.records.findings = column({ UInt32.random(in: 0...3, using: &$0) }, in: &generator)
  chunk.records.lateKeys = (0..<Int.random(in: 0...3, using: &generator)).map { _ in column(hash, in: &generator) }
  for _ in 0..<count {
    chunk.values += (0..<Int.random(in: 0...9, using: &generator)).map { _ in .random(in: 0...255, using: &generator) }
    chunk.records.valuesEnd.append(UInt32(chunk.values.count))
    chunk.raw += Array("行,\(generator.next() % 100)".utf8)
    chunk.records.rawEnd.append(UInt32(chunk.raw.count))
    ValueList.append(text: Array("A\(generator.next() % 100)".utf8)[...], to: &chunk.identity)
    ValueList.append(integer: 7, to: &chunk.identity)
    ValueList.append(text: Array("内容".utf8)[...], to: &chunk.identity)
    chunk.acceptedFaults.append(AcceptedFault(record: 0, field: "字段", found: "", rule: "规则"))
    chunk.records.identityEnd.append(UInt32(chunk.identity.count))
    chunk.corrections.append(
      CorrectionOutcome(
        correction: Int.random(in: 0...99_999, using: &generator),
        state: CorrectionState.allCases.randomElement(using: &generator) ?? .applied, line: 3, record: 2, found: "见到"))
  }
  for _ in 0..<chunk.records.findings.reduce(0, +) {
    chunk.findings.kind.append(.random(in: 0...2, using: &generator))
    chunk.findings.category.append(word(&generator))
    chunk.findings.severity.append(.random(in: 0...255, using: &generator))
    chunk.findings.line.append(.random(in: 0...999, using: &generator))
    chunk.findings.day.append(.random(in: -999...999, using: &generator))
    chunk.text += Array("发现".utf8.prefix(3 * Int.random(in: 0...2, using: &generator)))
    chunk.findings.textEnd.append(UInt32(chunk.text.count))
  }
  for set in WordSet.allCases {
    chunk.openWords[set.rawValue] = (0..<Int.random(in: 0...3, using: &generator)).map {
      OpenWord(code: $0 == 0 ? "" : "\($0)\u{0}", name: "词\($0)")
    }
  }
  chunk.counts.records = count
  chunk.counts.findingsInExcludedRecords = 3
  for _ in 0..<4 {
    chunk.counts.byRule["rule-\(Int.random(in: 0...40, using: &generator))"] = .random(in: 0...9, using: &generator)
  }
  return SegmentChunk(chunk)
}

@Suite struct RandomChunkTests {
  @Test(arguments: UInt64(1)...20)
  func everyColumnComesBackFromBytes(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    let chunk = randomChunk(&generator)
    let found = SegmentChunk(decoding: chunk.encoded(), file: chunk.file)
    #expect(found.source == chunk.source && found.file == chunk.file, "seed \(seed)")
    #expect(found.records.line == chunk.records.line && found.records.number == chunk.records.number, "seed \(seed)")
    #expect(found.records.key == chunk.records.key && found.records.content == chunk.records.content, "seed \(seed)")
    #expect(found.records.version == chunk.records.version && found.records.day == chunk.records.day, "seed \(seed)")
    #expect(found.records.unit == chunk.records.unit && found.records.team == chunk.records.team, "seed \(seed)")
    #expect(found.records.method == chunk.records.method && found.records.mode == chunk.records.mode, "seed \(seed)")
    #expect(found.records.findings == chunk.records.findings && found.records.lateKeys == chunk.records.lateKeys)
    #expect(found.findings.kind == chunk.findings.kind && found.findings.category == chunk.findings.category)
    #expect(found.findings.severity == chunk.findings.severity && found.findings.line == chunk.findings.line)
    #expect(found.findings.day == chunk.findings.day && found.openWords == chunk.openWords, "seed \(seed)")
    #expect(found.counts == chunk.counts && found.corrections == chunk.corrections, "seed \(seed)")
    #expect(found.acceptedFaults == chunk.acceptedFaults, "seed \(seed)")
    for record in 0..<chunk.records.count {
      #expect(found.recordValues(record) == chunk.recordValues(record), "seed \(seed)")
      #expect(found.recordText(record) == chunk.recordText(record), "seed \(seed)")
      #expect(found.recordIdentity(record) == chunk.recordIdentity(record), "seed \(seed)")
      #expect(found.recordIdentity(record).cells == [7: "内容"])
    }
    for finding in 0..<chunk.findings.count {
      #expect(found.findingText(finding) == chunk.findingText(finding), "seed \(seed)")
    }
  }

  /// What is kept on disk is what would have been kept in memory, also after files were taken back at any point.
  @Test(arguments: UInt64(1)...8)
  func theDiskGivesBackWhatMemoryWould(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let stores = [0, 4000, 1 << 24].map { SegmentStore(spoolFolder: "/tmp", memoryBudget: $0) }
    var kept: [[UInt8]] = []
    for _ in 0..<30 {
      if Int.random(in: 0..<5, using: &generator) == 0 {
        let count = Int.random(in: 0...kept.count, using: &generator)
        for store in stores { store.truncate(to: count) }
        kept.removeSubrange(count...)
      } else {
        let chunk = randomChunk(&generator)
        for store in stores { try store.append(chunk) }
        kept.append(chunk.encoded().bytes)
      }
    }
    for store in stores {
      #expect(store.count == kept.count && store.failure == nil, "seed \(seed)")
      try store.forEachChunk { index, chunk in #expect(chunk.encoded().bytes == kept[index], "seed \(seed)") }
      for index in kept.indices.reversed() {
        #expect(try store.chunk(index).encoded().bytes == kept[index], "seed \(seed)")
      }
    }
  }

  @Test func aFolderThatIsNotThereIsSaidAndKept() {
    let store = SegmentStore(spoolFolder: "/nowhere/at/all", memoryBudget: 0)
    let error = #expect(throws: ReadError.self) { try store.append(SegmentChunk(ChunkDraft(source: 0, file: 0))) }
    #expect(error?.diagnostic.location.file == "/nowhere/at/all" && store.failure == error && store.count == 0)
  }
}

@Suite struct RejectedLogTests {
  @Test func everyRecordAndReasonComesBack() {
    let reasons = Catalogue.all.enumerated().map { place, rule in
      RejectionReason(
        Diagnostic(
          rule, severity: Severity.allCases[place % 3],
          at: SourceLocation(file: "", line: place, column: place * 2, field: place % 2 == 0 ? nil : "字段"),
          found: place % 3 == 0 ? "" : "见到\u{0}\n",
          (0..<place % 4).map { $0 % 2 == 0 ? .literal("第\($0)") : .word(LocalizedText(zh: "词", en: "word")) }))
    }
    var named = RejectedRecord(line: 2, number: 1, findings: 0, raw: [1], reasons: [reasons[3], reasons[4]])
    (named.id, named.unit, named.team, named.teamName) = ("A1|2", 0, 7, "二组")
    (named.reasons[0].group, named.reasons[0].element, named.reasons[0].whole) = (2, 9, "")
    named.reasons[1].whole = "全部"
    let records = [
      named,
      RejectedRecord(line: 1, number: 1, findings: 0, raw: [], reasons: []),
      RejectedRecord(line: 7, number: 2, findings: 3, raw: Array("a,b\n中".utf8), reasons: reasons),
      RejectedRecord(line: .max, number: .max, isFinding: true, findings: 1, raw: [0, 255], reasons: [reasons[5]]),
    ]
    var log = RejectedLog()
    for record in records { log.append(record) }
    var found: [RejectedRecord] = []
    log.forEachEntry { found.append($0) }
    #expect(found == records && log.count == records.count)
    #expect(found[2].reasons.map(\.rule.id) == Catalogue.all.map(\.id))
  }
}

@Suite struct ValueListTests {
  @Test func everyValueComesBack() {
    let texts = ["", "中文", String(repeating: "x", count: 300), "\u{0}\u{1}\u{6}"]
    let integers: [Int64] = [0, 1, -1, .max, .min]
    let numbers: [Double] = [0, -0.5, .infinity, .leastNonzeroMagnitude, 1e300]
    let days = [Day(number: 0), Day(number: -719_162), Day(number: 2_932_896), Day(number: .min)]
    var bytes: [UInt8] = [9, 9]
    for text in texts { ValueList.append(text: Array(text.utf8).span, to: &bytes) }
    for text in texts { ValueList.append(text: Array(text.utf8)[...], to: &bytes) }
    for integer in integers { ValueList.append(integer: integer, to: &bytes) }
    for number in numbers { ValueList.append(number: number, to: &bytes) }
    for day in days { ValueList.append(day: day, to: &bytes) }
    ValueList.append(boolean: true, to: &bytes)
    ValueList.append(boolean: false, to: &bytes)
    ValueList.appendBlank(to: &bytes)
    var found: [ValueList.Value] = []
    ValueList.forEach(in: bytes[2...]) { found.append($0) }
    var expected: [ValueList.Value] = integers.map { .integer($0) }
    expected += numbers.map { ValueList.Value.number($0) }
    expected += days.map { ValueList.Value.day($0) }
    expected += [.boolean(true), .boolean(false), .blank]
    #expect(Array(found.dropFirst(8)) == expected)
    let foundTexts = found.prefix(8).map { value in
      if case .text(let range) = value { String(decoding: bytes[range], as: UTF8.self) } else { "no text" }
    }
    #expect(foundTexts == texts + texts)
  }
}
