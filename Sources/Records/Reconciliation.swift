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
package struct VerdictCounts: Sendable, Equatable {
  package var records = [Int](repeating: 0, count: Verdict.allCases.count)
  package var findings = [Int](repeating: 0, count: Verdict.allCases.count)
  package init() {}

  /// - Parameter verdict: raw value of a `Verdict`.
  package mutating func add(_ verdict: UInt8, findings count: Int) {
    records[Int(verdict)] += 1
    findings[Int(verdict)] += count
  }
  package mutating func merge(_ other: VerdictCounts) {
    for index in records.indices {
      records[index] += other.records[index]
      findings[index] += other.findings[index]
    }
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
  /// Of the records that Reconcile rejects: place of the field, and the ordinal of the record that has its value already.
  package var rejections: [Int: Rejection] = [:]
  package struct Rejection: Sendable, Hashable {
    package var field: Int
    package var other: Int
    package init(field: Int, other: Int) {
      self.field = field
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
  /// Per chunk and `WordSet`: place in `lists` of each open word.
  package var openPlaces: [[[Int32]]] = []
  /// The pipeline's lists and, behind them, what the records brought along.
  package var lists = WordLists()
  /// Per file of the run.
  package var counts: [VerdictCounts] = []

  package init() {}

  @inline(__always)
  package func verdict(_ ordinal: Int) -> Verdict { Verdict(rawValue: verdicts[ordinal]) ?? .counts }

  /// Place of a word in `lists`; `nil` for none.
  @inline(__always)
  package func place(of word: WordNumber, in set: WordSet, chunk: Int) -> Int? {
    if let listed = word.listed { return listed }
    guard let open = word.open else { return nil }
    return Int(openPlaces[chunk][set.rawValue][open])
  }
}
