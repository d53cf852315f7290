import Bytes
import Campaign
import Diagnostics
import Records

// Keys across records and files: values that must be unique, and those that another record must have.
extension Reconciler {
  mutating func reject(_ ordinal: Int, _ rejection: Reconciliation.Rejection, source: Int) {
    result.verdicts[ordinal] = Verdict.rejected.rawValue
    result.rejections[ordinal] = rejection
    let rule = rejection.rule(of: sources[source], keys: lateKeys[source])
    result.rejectionsByRule[rule, default: 0] += 1
  }

  mutating func checkLateKeys(_ store: SegmentStore) throws {
    let kinds = lateKeys.joined().map(\.kind)
    if kinds.contains(where: { if case .unique = $0 { true } else { false } }) { try checkUniqueness(store) }
    if kinds.contains(where: { if case .target = $0 { true } else { false } }) { try checkReferences(store) }
  }

  private struct KeyValue: Hashable {
    var source: Int
    var key: Int
    var value: Hash128
  }

  /// Of the records that count, the first with the values of a unique key keeps them; the others are rejected.
  private mutating func checkUniqueness(_ store: SegmentStore) throws {
    var seen: [KeyValue: Int] = [:]
    try forEachRecord(of: store) { reconciler, chunk, record, ordinal in
      guard reconciler.result.verdict(ordinal) == .counts else { return }
      for (place, key) in reconciler.lateKeys[chunk.source].enumerated() {
        guard case .unique = key.kind, case let value = chunk.records.lateKeys[place][record],
          value != RecordColumns.noValue
        else { continue }
        let identity = KeyValue(source: chunk.source, key: place, value: value)
        if let other = seen[identity] {
          reconciler.reject(ordinal, Reconciliation.Rejection(key: place, other: other), source: chunk.source)
          return
        }
        seen[identity] = ordinal
      }
    }
  }

  /// A foreign key must be that of some record that was read and is right, whether that one counts or another version of
  /// it; the fault of one record is no fault of those that name it.
  private mutating func checkReferences(_ store: SegmentStore) throws {
    let targets = foreignTargets
    var known: Set<KeyValue> = []
    try forEachRecord(of: store) { reconciler, chunk, record, _ in
      for (place, key) in reconciler.lateKeys[chunk.source].enumerated() {
        guard case .target = key.kind else { continue }
        known.insert(KeyValue(source: chunk.source, key: place, value: chunk.records.lateKeys[place][record]))
      }
    }
    try forEachRecord(of: store) { reconciler, chunk, record, ordinal in
      guard reconciler.result.verdict(ordinal) == .counts else { return }
      for (place, key) in reconciler.lateKeys[chunk.source].enumerated() {
        guard case .foreign(let foreign) = key.kind, let target = targets[chunk.source][foreign] else { continue }
        let value = chunk.records.lateKeys[place][record]
        let identity = KeyValue(source: target.source, key: target.key, value: value)
        if value != RecordColumns.noValue, !known.contains(identity) {
          reconciler.reject(ordinal, Reconciliation.Rejection(key: place, other: nil), source: chunk.source)
          return
        }
      }
    }
  }

  /// Per source and foreign key: the source and its late key that it refers to; `nil` for lists, which Check looks up.
  private var foreignTargets: [[(source: Int, key: Int)?]] {
    sources.map { source in
      source.foreignKeys.map { foreign in
        guard case .source(let name) = foreign.target, let place = sources.firstIndex(where: { $0.name == name }) else {
          return nil
        }
        let fields = foreign.targetFields.compactMap { name in sources[place].fields.firstIndex { $0.name == name } }
        let key = lateKeys[place].firstIndex { key in
          if case .target = key.kind { key.fields == fields } else { false }
        }
        return key.map { (place, $0) }
      }
    }
  }

  private mutating func forEachRecord(
    of store: SegmentStore, _ body: (inout Reconciler, SegmentChunk, _ record: Int, _ ordinal: Int) -> Void
  ) throws {
    var ordinal = 0
    try store.forEachChunk { _, chunk in
      if chunk.records.lateKeys.isEmpty {
        ordinal += chunk.records.count
        return
      }
      for record in 0..<chunk.records.count {
        body(&self, chunk, record, ordinal)
        ordinal += 1
      }
    }
  }
}
