import Bytes
import Campaign
import Records

/// Records of a chunk, ascending.
struct AskedRecords {
  var chunk: Int
  var records: [Int32]
}

// Keys of which most are decided: only those are looked at that a record has which is new.
extension Reconciler {
  /// What keys decide, from what they decided about the known chunks.
  ///
  /// - Returns: whether it was decided; not when the others are so many that all may be decided as well.
  /// - Throws: `SegmentFault` when what an earlier run left is not what it wrote.
  mutating func decideKeys(_ store: SegmentStore, known: KnownDecisions, width: Int) async throws -> Bool {
    var isKnown = [Bool](repeating: false, count: store.count)
    for chunk in known.chunks { isKnown[chunk] = true }
    var records = keyedRecords(store)
    let others = store.outlines.indices.filter { !isKnown[$0] && records.isAsked($0) }
    guard let finder = known.finder, others.reduce(0, { $0 + store.outlines[$1].records }) * 4 <= records.keyed else {
      return false
    }
    try store.holdKeys(ofChunks: others)
    let found = try await records.found(by: finder, in: others, of: store, width: width)
    let ordinals = found.keys.sorted()
    let chunks = ordinals.map { records.chunk(ofRecord: $0) }
    let comparesVersions = chunks.filter { if case .latest = records.policies[$0] { true } else { false } }
    try store.holdKeys(ofChunks: comparesVersions)
    records = keyedRecords(store)
    records.found = found
    var asked = others.map {
      AskedRecords(chunk: $0, records: Array(0..<Int32(truncatingIfNeeded: store.outlines[$0].records)))
    }
    for (chunk, ordinal) in zip(chunks, ordinals) {
      let record = Int32(truncatingIfNeeded: ordinal - result.chunkStart[chunk])
      if asked.last?.chunk != chunk { asked.append(AskedRecords(chunk: chunk, records: [])) }
      asked[asked.count - 1].records.append(record)
    }
    asked.sort { $0.chunk < $1.chunk }
    var decisions = KeyPart.decisions(records, asked)
    try noteFindings(of: &decisions, records, store)
    take(known.decisions.filter { found[$0.ordinal] == nil } + decisions, records)
    return true
  }

  /// How many findings the records have of which something was decided.
  private func noteFindings(of decisions: inout [KeyDecision], _ records: KeyedRecords, _ store: SegmentStore) throws {
    for place in decisions.indices {
      let ordinal = decisions[place].ordinal
      if let findings = records.findings(ordinal) {
        decisions[place].findings = findings
      } else {
        let chunk = records.chunk(ofRecord: ordinal)
        decisions[place].findings = try store.keys(ofChunk: chunk).findings[ordinal - records.starts[chunk]]
      }
    }
  }
}

extension KeyedRecords {
  /// Records of known chunks with a key that records of `chunks` have, whose keys are at hand: by their ordinals.
  fileprivate func found(
    by finder: RecordFinder, in chunks: [Int], of store: SegmentStore, width: Int
  ) async throws -> [Int: Hash128] {
    try await withThrowingTaskGroup(of: [Int: Hash128].self) { group in
      let shares = min(width, chunks.count)
      for share in 0..<shares {
        group.addTask {
          var found: [Int: Hash128] = [:]
          for place in stride(from: share, to: chunks.count, by: shares) {
            try finder.forEachRecord(of: store.outlines[chunks[place]].keys?.key ?? []) { key, chunk, record in
              if isAsked(chunk) { found[starts[chunk] + record] = key }
            }
          }
          return found
        }
      }
      // A record has one key.
      return try await group.reduce(into: [:]) { all, own in all.merge(own) { first, _ in first } }
    }
  }
}
