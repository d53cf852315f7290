package import Campaign
package import Diagnostics

/// What became of an accepted record when all segments were seen.
package enum Verdict: UInt8, Sendable, CaseIterable {
  /// It is tallied.
  case counts
  /// The same record again: equal to one that counts, or a later one where the first counts, or of a file handed in twice.
  case duplicate
  /// Another version of it counts.
  case superseded
  /// A fault that shows only when all records are seen: a value that must be unique.
  case rejected
}

/// Records and findings by verdict.
package struct VerdictCounts: Sendable, Equatable, BitwiseCopyable {
  /// By the verdict's raw value.
  package var records = SIMD4<Int>()
  package var findings = SIMD4<Int>()
  package init() {}

  package mutating func merge(_ other: VerdictCounts) {
    records &+= other.records
    findings &+= other.findings
  }
}

/// What becomes of a record that has the primary key of another.
package struct KeyDecision: Sendable, Hashable, BitwiseCopyable {
  package var ordinal: Int
  /// The record that has the key, or counts in its place.
  package var other: Int
  /// Raw value of the verdict.
  package var rawVerdict: UInt32
  /// Findings of the record.
  package var findings: UInt32
  package var verdict: Verdict { Verdict(rawValue: UInt8(truncatingIfNeeded: rawVerdict)) ?? .counts }

  package init(ordinal: Int, _ verdict: Verdict, other: Int, findings: UInt32 = 0) {
    self.ordinal = ordinal
    self.other = other
    self.findings = findings
    rawVerdict = UInt32(verdict.rawValue)
  }
}

/// What primary keys decided about chunks that a run has again, and which they are. Ordinals are those of this run.
package struct KnownDecisions: Sendable {
  package var chunks: [Int]
  package var decisions: [KeyDecision]
  /// By which records of those chunks are found; without it all keys are read.
  package var finder: RecordFinder?
  package init(chunks: [Int], decisions: [KeyDecision], finder: RecordFinder? = nil) {
    self.chunks = chunks
    self.decisions = decisions
    self.finder = finder
  }
}

/// The decisions of Reconcile about the accepted records of a `SegmentStore`, in its order: records are counted through all
/// chunks, from 0 (their *ordinal*).
package struct Reconciliation: Sendable {
  /// Per ordinal: raw value of its `Verdict`.
  package var verdicts: [UInt8] = []
  /// Ordinal of the first record of each chunk.
  package var chunkStart: [Int] = []
  /// Ordinal of a record that does not count to that of the record that counts in its place; none for repeated files.
  package var inPlace: [Int: Int] = [:]
  /// What primary keys alone decided, of each key in the order of its records; the decisions of two keys do not touch each
  /// other.
  package var keyDecisions: [KeyDecision] = []
  /// Of the records that Reconcile rejects: why.
  package var rejections: [Int: Rejection] = [:]
  package struct Rejection: Sendable, Hashable {
    /// Place among the source's `lateKeys`; `nil` for the primary key.
    package var key: Int?
    /// Ordinal of the record that has the values already; `nil` for a foreign key.
    package var other: Int?
    package init(key: Int?, other: Int?) {
      self.key = key
      self.other = other
    }
  }
  /// Of the records that rules of the pipeline reject when all have been seen: the reasons.
  package var ruleRejections: [Int: [RejectionReason]] = [:]
  /// What such rules and the checks of field work noticed and cost nothing: the first of each rule and file.
  package var remarks: [Remark] = []
  /// All of them, by the id of their rule.
  package var remarkCounts: [String: Int] = [:]

  /// A warning or note about a record, or about a group of records of which there may be none.
  package struct Remark: Sendable, Hashable {
    package var diagnostic: Diagnostic
    package init(_ diagnostic: Diagnostic) { self.diagnostic = diagnostic }
  }
  package var rejectionsByRule: [Rule: Int] = [:]
  /// Ordinals of the records that keys and rules reject when all have been seen, in their order.
  package var lateRejections: [Int] { Set(rejections.keys).union(ruleRejections.keys).sorted() }
  /// Per chunk and `WordSet`: place in `lists` of each open word.
  package var openPlaces: [[[Int32]]] = []
  /// The pipeline's lists and, behind them, what the records brought along.
  package var lists = WordLists()
  /// Per file of the run.
  package var counts: [VerdictCounts] = []

  package init() {}

  @inline(__always)
  package func verdict(_ ordinal: Int) -> Verdict { Verdict(rawValue: verdicts[ordinal]) ?? .counts }

  /// Records that do not count, in their order; most do.
  @inline(__always)
  package func forEachSetAside(
    in range: Range<Int>, _ body: (_ ordinal: Int, _ verdict: UInt8) throws -> Void
  ) rethrows {
    let bytes = unsafe verdicts.span.bytes
    precondition(range.lowerBound >= 0 && range.upperBound <= bytes.byteCount, "records of the run")
    var ordinal = range.lowerBound
    while ordinal < range.upperBound {
      if ordinal &+ 8 <= range.upperBound {
        // SAFETY: eight verdicts stand before the end of the range; every pattern of bits is a UInt64.
        let eight = unsafe bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: ordinal, as: UInt64.self)
        if eight == 0 {
          ordinal &+= 8
          continue
        }
        ordinal &+= eight.littleEndian.trailingZeroBitCount / 8
      }
      if verdicts[ordinal] != Verdict.counts.rawValue { try body(ordinal, verdicts[ordinal]) }
      ordinal &+= 1
    }
  }

  /// Place of a word in `lists`; `nil` for none.
  @inline(__always)
  package func place(of word: WordNumber, in set: WordSet, chunk: Int) -> Int? {
    if let listed = word.listed { return listed }
    guard let open = word.open else { return nil }
    return Int(openPlaces[chunk][set.rawValue][open])
  }
}

extension Reconciliation {
  /// Where an accepted record stands.
  package func place(ofRecord ordinal: Int, in store: SegmentStore) throws -> (file: Int, line: Int, record: Int) {
    let (chunk, record) = try record(ordinal, in: store)
    return (chunk.file, Int(chunk.records.line[record]), Int(chunk.records.number[record]))
  }

  /// The chunk that holds an accepted record, and its place there.
  package func record(_ ordinal: Int, in store: SegmentStore) throws -> (chunk: SegmentChunk, record: Int) {
    var low = 0
    var high = chunkStart.count
    while low + 1 < high {
      let middle = (low + high) / 2
      if chunkStart[middle] <= ordinal { low = middle } else { high = middle }
    }
    // Chunks without accepted records share their start with the next one: the last of them holds the record.
    let chunk = try store.chunk(low)
    return (chunk, ordinal - chunkStart[low])
  }
}

extension Reconciliation.Rejection {
  package func rule(of source: SourceDefinition, keys: [LateKey]) -> Rule {
    guard let key else { return .primaryKey }
    return if case .foreign = keys[key].kind { .foreignKey } else { .uniqueError }
  }

  /// What is wrong with a record that was rejected.
  ///
  /// - Parameters:
  ///   - keys: the late keys of `source`.
  ///   - other: where the record stands that has the values already.
  package func diagnostic(
    of record: Int, in chunk: SegmentChunk, file: String, source: SourceDefinition, keys: [LateKey], other: String?
  ) -> Diagnostic {
    var place = SourceLocation(
      file: file, line: Int(chunk.records.line[record]), record: Int(chunk.records.number[record]))
    guard let key else {
      place.field = source.primaryKey.first
      return Diagnostic(.primaryKey, at: place, [Self.taken(by: other)])
    }
    place.field = keys[key].fields.first.map { source.fields[$0].name }
    var found = ""
    let text = chunk.recordText(record)
    let cell = chunk.records.keyPlaces[key][record]
    if cell != RecordColumns.noPlace {
      let start = text.startIndex + Int(cell >> 32)
      let bytes = text[start..<min(start + Int(cell & 0xFFFF_FFFF), text.endIndex)]
      found = String(decoding: bytes.prefix(200), as: UTF8.self)
      let before = text[..<start]
      let lineStart = before.lastIndex(of: 0x0A).map { $0 + 1 } ?? text.startIndex
      place.line += before.count { $0 == 0x0A }
      place.column = start - lineStart + 1
    }
    if case .foreign(let foreign) = keys[key].kind {
      let key = source.foreignKeys[foreign]
      return Diagnostic(
        .foreignKey, at: place, found: found,
        [.literal(key.name), .literal(key.targetFields.joined(separator: ", "))])
    }
    return Diagnostic(.uniqueError, at: place, found: found, [.literal(other ?? "")])
  }

  private static func taken(by other: String?) -> Argument {
    .word(LocalizedText(zh: "没有用过的编号（\(other ?? "") 已有）", en: "a key of its own (\(other ?? "") has it)"))
  }
}
