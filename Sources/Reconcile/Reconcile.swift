import Bytes
package import Campaign
package import Records

/// Sees all segments and decides which records count: the same record twice, versions of one record, files handed in twice;
/// and gives a number to each word that only the records know.
package struct Reconciler {
  let sources: [SourceDefinition]
  /// Of each source.
  let lateKeys: [[LateKey]]
  /// Per file of the run: whether an earlier file of its source has the same content.
  private let isRepeatedFile: [Bool]
  var result = Reconciliation()
  private var keys: KeyIndex
  private var openWords: OpenWordIndex

  package init(sources: [SourceDefinition], isRepeatedFile: [Bool], lists: WordLists) {
    self.sources = sources
    lateKeys = sources.map { $0.lateKeys(in: sources) }
    self.isRepeatedFile = isRepeatedFile
    result.lists = lists
    result.counts = [VerdictCounts](repeating: VerdictCounts(), count: isRepeatedFile.count)
    keys = KeyIndex()
    openWords = OpenWordIndex()
  }

  package static func run(
    over store: SegmentStore, sources: [SourceDefinition], isRepeatedFile: [Bool], lists: WordLists
  ) throws -> Reconciliation {
    var reconciler = Reconciler(sources: sources, isRepeatedFile: isRepeatedFile, lists: lists)
    try store.forEachChunk { _, chunk in reconciler.add(chunk) }
    try reconciler.checkLateKeys(store)
    try reconciler.count(store)
    return reconciler.result
  }

  private mutating func add(_ chunk: SegmentChunk) {
    result.chunkStart.append(result.verdicts.count)
    result.openPlaces.append(
      WordSet.allCases.map { set in
        chunk.openWords[set.rawValue].map { openWords.place(of: $0, in: set, lists: &result.lists) }
      })
    let first = result.verdicts.count
    if isRepeatedFile[chunk.file] {
      result.verdicts.append(contentsOf: repeatElement(Verdict.duplicate.rawValue, count: chunk.records.count))
      return
    }
    result.verdicts.append(contentsOf: repeatElement(Verdict.counts.rawValue, count: chunk.records.count))
    guard !chunk.records.key.isEmpty else { return }
    for index in 0..<chunk.records.count { decide(chunk, index, ordinal: first + index) }
  }

  /// Compares a record with the one of the same key that counts so far.
  private mutating func decide(_ chunk: SegmentChunk, _ index: Int, ordinal: Int) {
    let candidate = KeyIndex.Entry(
      key: chunk.records.key[index], content: chunk.records.content.isEmpty ? 0 : chunk.records.content[index],
      version: chunk.records.version.isEmpty ? 0 : chunk.records.version[index], ordinal: Int32(ordinal))
    guard let slot = keys.insert(candidate) else { return }
    let kept = keys[slot]
    if kept.content == candidate.content, sources[chunk.source].duplicates != .reject {
      set(ordinal, .duplicate, inFavourOf: Int(kept.ordinal))
      return
    }
    switch sources[chunk.source].duplicates {
    case .first:
      set(ordinal, .duplicate, inFavourOf: Int(kept.ordinal))
    case .reject:
      reject(ordinal, Reconciliation.Rejection(key: nil, other: Int(kept.ordinal)), chunk)
    case .latest:
      if candidate.version >= kept.version {
        set(Int(kept.ordinal), .superseded, inFavourOf: ordinal)
        keys[slot] = candidate
      } else {
        set(ordinal, .superseded, inFavourOf: Int(kept.ordinal))
      }
    }
  }

  private mutating func set(_ ordinal: Int, _ verdict: Verdict, inFavourOf other: Int) {
    result.verdicts[ordinal] = verdict.rawValue
    result.inPlace[ordinal] = other
  }

  /// A second pass: a later record may have changed the verdict of an earlier one.
  private mutating func count(_ store: SegmentStore) throws {
    var ordinal = 0
    try store.forEachChunk { _, chunk in
      var counts = VerdictCounts()
      for findings in chunk.records.findings {
        counts.add(result.verdicts[ordinal], findings: Int(findings))
        ordinal += 1
      }
      result.counts[chunk.file].merge(counts)
    }
  }
}
