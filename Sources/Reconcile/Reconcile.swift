import Bytes
package import Campaign
package import Diagnostics
package import Expressions
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

  private init(sources: [SourceDefinition], isRepeatedFile: [Bool], lists: WordLists) {
    self.sources = sources
    lateKeys = sources.map { $0.lateKeys(in: sources) }
    self.isRepeatedFile = isRepeatedFile
    result.lists = lists
    result.counts = [VerdictCounts](repeating: VerdictCounts(), count: isRepeatedFile.count)
  }

  package static func run(
    over store: SegmentStore, sources: [SourceDefinition], isRepeatedFile: [Bool], lists: WordLists,
    rules: LateRules? = nil
  ) throws -> Reconciliation {
    var reconciler = Reconciler(sources: sources, isRepeatedFile: isRepeatedFile, lists: lists)
    reconciler.begin(store)
    try store.holdKeys(ofChunks: Array(store.outlines.indices))
    let keyed = reconciler.keyedRecords(store)
    reconciler.take(KeyPart.decisions(keyed, share: 0, of: 1), keyed)
    return try reconciler.finish(store, rules)
  }

  /// The same with `width` tasks at once.
  ///
  /// - Parameter known: gives what keys decided about chunks that an earlier run had, from the ordinal of the first record of
  ///   each chunk.
  package static func run(
    over store: SegmentStore, sources: [SourceDefinition], isRepeatedFile: [Bool], lists: WordLists,
    rules: LateRules? = nil, width: Int, known: ([Int]) throws -> KnownDecisions? = { _ in nil }
  ) async throws -> Reconciliation {
    var reconciler = Reconciler(sources: sources, isRepeatedFile: isRepeatedFile, lists: lists)
    reconciler.begin(store)
    if let known = try known(reconciler.result.chunkStart),
      try await reconciler.decideKeys(store, known: known, width: width)
    {
      return try reconciler.finish(store, rules)
    }
    try await store.holdKeys(width: width)
    let keyed = reconciler.keyedRecords(store)
    let shares = keyed.keyed < Self.fewKeys ? 1 : min(width, 16)
    await withTaskGroup(of: [KeyDecision].self) { group in
      for share in 0..<shares { group.addTask { KeyPart.decisions(keyed, share: share, of: shares) } }
      // No two shares decide about one record.
      for await decisions in group { reconciler.take(decisions, keyed) }
    }
    return try reconciler.finish(store, rules)
  }

  /// Keys below which tasks cost more than they save.
  private static let fewKeys = 20_000

  /// The rules of the pipeline that need more than one record, and what their messages name.
  package struct LateRules: Sendable {
    package var book: RuleBook
    package var window: ClosedRange<Day>?
    package var language: Language
    /// Paths of the files of the run, as shown.
    package var files: [String]
    package init(book: RuleBook, window: ClosedRange<Day>?, language: Language, files: [String]) {
      self.book = book
      self.window = window
      self.language = language
      self.files = files
    }
  }

  /// Gives records their ordinals and open words their places; all records count so far, but for those of repeated files.
  private mutating func begin(_ store: SegmentStore) {
    var openWords = OpenWordIndex()
    let records = store.outlines.reduce(0) { $0 + $1.records }
    result.verdicts.reserveCapacity(records)
    // Most chunks of small files bring no word along: these share one list.
    let none = [[Int32]](repeating: [], count: WordSet.allCases.count)
    for outline in store.outlines {
      result.chunkStart.append(result.verdicts.count)
      let isClosed = outline.openWords.allSatisfy { $0.isEmpty }
      result.openPlaces.append(
        isClosed
          ? none
          : WordSet.allCases.map { set in
            outline.openWords[set.rawValue].map { openWords.place(of: $0, in: set, lists: &result.lists) }
          })
      let verdict = isRepeatedFile[outline.file] ? Verdict.duplicate : .counts
      result.verdicts.append(contentsOf: repeatElement(verdict.rawValue, count: outline.records))
    }
  }

  func keyedRecords(_ store: SegmentStore) -> KeyedRecords {
    KeyedRecords(store.outlines, starts: result.chunkStart, sources: sources, isRepeatedFile: isRepeatedFile)
  }

  mutating func take(_ decisions: [KeyDecision], _ keyed: KeyedRecords) {
    result.keyDecisions += decisions
    for decision in decisions {
      if decision.verdict == .rejected {
        reject(
          decision.ordinal, Reconciliation.Rejection(key: nil, other: decision.other),
          source: keyed.source(ofRecord: decision.ordinal))
      } else {
        result.verdicts[decision.ordinal] = decision.verdict.rawValue
        result.inPlace[decision.ordinal] = decision.other
      }
    }
  }

  private mutating func finish(_ store: SegmentStore, _ rules: LateRules?) throws -> Reconciliation {
    try checkLateKeys(store)
    if let rules, !rules.book.late.isEmpty {
      let names = RuleNames(book: rules.book, lists: result.lists, window: rules.window, language: rules.language)
      var runner = LateRuleRunner(rules.book, names: names, sources: sources, files: rules.files)
      try runner.run(over: store, &result)
    }
    try count(store)
    return result
  }

  /// When all is decided: a later record may have changed the verdict of an earlier one.
  private mutating func count(_ store: SegmentStore) throws {
    // Of chunks whose keys are not at hand: findings of the records that keys set aside.
    let isAtHand = store.outlines.allSatisfy { $0.keys != nil }
    let decided = isAtHand ? [] : result.keyDecisions.map { ($0.ordinal, $0.findings) }
    let ofDecided = Dictionary(decided) { first, _ in first }
    for (place, outline) in store.outlines.enumerated() {
      let first = result.chunkStart[place]
      var counts = VerdictCounts()
      // Nothing is decided about the records of a file that is there twice.
      let usual = isRepeatedFile[outline.file] ? Int(Verdict.duplicate.rawValue) : 0
      counts.records[usual] = outline.records
      counts.findings[usual] = Int(outline.summary.findings)
      if usual == 0 {
        var keys = outline.keys
        try result.forEachSetAside(in: first..<first + outline.records) { ordinal, verdict in
          if keys == nil, ofDecided[ordinal] == nil { keys = try store.keys(ofChunk: place) }
          let findings = Int(keys?.findings[ordinal - first] ?? ofDecided[ordinal] ?? 0)
          counts.records[0] -= 1
          counts.records[Int(verdict)] += 1
          counts.findings[0] -= findings
          counts.findings[Int(verdict)] += findings
        }
      }
      result.counts[outline.file].merge(counts)
    }
  }
}
