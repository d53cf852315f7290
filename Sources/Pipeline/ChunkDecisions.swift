import Bytes
import Diagnostics
import Records

/// What was decided about the records of a chunk when all were seen.
struct ChunkDecisions: Sendable {
  /// Verdicts, words that are in no list, rules that rejected records.
  private(set) var decision: Hash128
  /// Besides, the records that count in the place of others, and the sentences.
  private(set) var text: Hash128

  init(_ chunk: Int, _ store: SegmentStore, _ reconciliation: borrowing Reconciliation) {
    let first = reconciliation.chunkStart[chunk]
    let outline = store.outlines[chunk]
    decision = Hash128(seed: UInt64(outline.records))
    for places in reconciliation.openPlaces[chunk] where !places.isEmpty {
      for place in places { decision.combine(UInt64(truncatingIfNeeded: place)) }
    }
    text = decision
    reconciliation.forEachSetAside(in: first..<first + outline.records) { ordinal, verdict in
      decision.combine(UInt64(truncatingIfNeeded: (ordinal - first) << 8) | UInt64(verdict))
      text.combine(UInt64(truncatingIfNeeded: reconciliation.inPlace[ordinal] ?? -1))
      guard verdict == Verdict.rejected.rawValue else { return }
      if let rejection = reconciliation.rejections[ordinal] {
        decision.combine(UInt64(truncatingIfNeeded: rejection.key ?? -1))
        text.combine(UInt64(truncatingIfNeeded: rejection.other ?? -1))
      }
      for reason in reconciliation.ruleRejections[ordinal] ?? [] {
        decision.combine(Array(reason.rule.id.utf8).span)
        var encoder = ByteEncoder()
        encoder.append(reason.diagnostic(in: "", record: 0))
        text.combine(encoder.bytes.span)
      }
    }
    text.combine(decision.high)
  }

  /// Of all chunks of a run.
  static func all(_ store: SegmentStore, _ reconciliation: Reconciliation) -> [ChunkDecisions] {
    (0..<store.count).map { ChunkDecisions($0, store, reconciliation) }
  }
}
