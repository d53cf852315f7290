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
  private var keys: KeyIndex
  private var openWords: OpenWordIndex
  /// Keys that are looked up together.
  private static let block = 32
  private var touched: UInt32 = 0

  /// - Parameter keyedRecords: accepted records of sources with a primary key.
  package init(sources: [SourceDefinition], isRepeatedFile: [Bool], lists: WordLists, keyedRecords: Int = 0) {
    self.sources = sources
    lateKeys = sources.map { $0.lateKeys(in: sources) }
    self.isRepeatedFile = isRepeatedFile
    result.lists = lists
    result.counts = [VerdictCounts](repeating: VerdictCounts(), count: isRepeatedFile.count)
    keys = KeyIndex(capacity: keyedRecords)
    openWords = OpenWordIndex()
  }

  package static func run(
    over store: SegmentStore, sources: [SourceDefinition], isRepeatedFile: [Bool], lists: WordLists,
    rules: LateRules? = nil
  ) throws -> Reconciliation {
    var reconciler = Reconciler(
      sources: sources, isRepeatedFile: isRepeatedFile, lists: lists, keyedRecords: store.keyedRecords)
    try store.forEachChunk { _, chunk in reconciler.add(chunk) }
    try reconciler.checkLateKeys(store)
    if let rules, !rules.book.late.isEmpty {
      let names = RuleNames(
        book: rules.book, lists: reconciler.result.lists, window: rules.window, language: rules.language)
      var runner = LateRuleRunner(rules.book, names: names, sources: sources, files: rules.files)
      try runner.run(over: store, &reconciler.result)
    }
    try reconciler.count(store)
    return reconciler.result
  }

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
    var index = 0
    while index < chunk.records.count {
      let end = min(index + Self.block, chunk.records.count)
      touched ^= keys.touch(chunk.records.key[index..<end])
      while index < end {
        decide(chunk, index, ordinal: first + index)
        index += 1
      }
    }
  }

  /// Compares a record with the one of the same key that counts so far.
  private mutating func decide(_ chunk: SegmentChunk, _ index: Int, ordinal: Int) {
    let records = chunk.records
    let policy = sources[chunk.source].duplicates
    let candidate =
      policy == .first || policy == .reject
      ? nil
      : KeyIndex.Version(
        content: records.content.isEmpty ? 0 : records.content[index],
        version: records.version.isEmpty ? 0 : records.version[index])
    guard let place = keys.insert(records.key[index], ordinal: ordinal, candidate) else { return }
    let other = keys.ordinal(place)
    if policy == .reject {
      reject(ordinal, Reconciliation.Rejection(key: nil, other: other), chunk)
      return
    }
    guard let candidate, candidate.content != keys.version(place).content else {
      set(ordinal, .duplicate, inFavourOf: other)
      return
    }
    if candidate.version >= keys.version(place).version {
      set(other, .superseded, inFavourOf: ordinal)
      keys.replace(place, ordinal: ordinal, candidate)
    } else {
      set(ordinal, .superseded, inFavourOf: other)
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
