import Bytes
import Campaign
import Diagnostics
import Glibc
import Records
import Report
import Tables
import Tally

/// What the last run of a campaign counted, beside the segments of the files that it counted: a run that has them all again
/// and some more counts only those. It holds nothing that cannot be counted again, and is used only where Reconcile, which
/// sees all records each time, decides about the known ones as it did then.
struct RunState {
  /// A table of an input file: its source, name, fingerprint and chunks in one.
  private let tables: [Hash128]
  /// Per table: how many chunks.
  private let chunkCounts: [Int]
  /// Whether an earlier file has the same content.
  private let isRepeated: [Bool]
  /// Per chunk: ordinal of its first record.
  private let starts: [Int]
  private let keyDecisions: [KeyDecision]
  /// Per chunk: what Reconcile decided about it, and what tables say of that.
  private let decisions: [Hash128]
  private let texts: [Hash128]
  /// Whether a file was rejected whole: its rows stand before those of the others.
  private let hadFailures: Bool
  private let published: [String: PublishedText]
  private let outFolder: String
  private let tally: ByteDecoder
  private let visits: VisitTable

  private static let head = Array("fieldtally-sta3\n".utf8)

  /// Of both parts of the file.
  private static func whole(_ first: Hash128, _ second: Span<UInt8>) -> Hash128 {
    var whole = first
    whole.combine(second)
    return whole
  }

  private static func path(_ folder: String) -> String { folder + "/last-tally" }

  // MARK: before a run

  /// What stands in the cache folder: bytes as they were written, or what is wrong with them, or neither.
  struct Content: Sendable {
    fileprivate(set) var bytes: [UInt8]?
    fileprivate var visits = VisitTable()
    fileprivate(set) var note: Diagnostic?

    /// - Returns: no state when it is not of these segments.
    func forRun(_ context: String, known: [KnownSegment?]) -> (state: RunState?, note: Diagnostic?) {
      guard let bytes else { return (nil, note) }
      var decoder = ByteDecoder(bytes, from: RunState.head.count)
      guard decoder.text() == context else { return (nil, nil) }
      let state = RunState(decoder, visits)
      let here = known.compactMap(\.self).flatMap { known in known.segment.tables.map { RunState.identity($0) } }
      // All of its tables, in their order; others may stand between them.
      var next = 0
      for table in here where next < state.tables.count && table == state.tables[next] { next += 1 }
      return (next == state.tables.count && next > 0 ? state : nil, nil)
    }
  }

  static func read(_ folder: String) -> Content {
    let path = path(folder)
    guard let bytes = try? readWholeFile(path, shown: path) else { return Content() }
    guard bytes.starts(with: head), bytes.count >= head.count + 24 else {
      return Content(note: note(LocalizedText(zh: "由另一版本的程序写成", en: "written by another version"), path))
    }
    var end = ByteDecoder(Array(bytes.suffix(24)))
    let (wanted, hash) = (end.fixed(), end.hash())
    guard let size = Int(exactly: wanted), (head.count...bytes.count - 24).contains(size),
      hash
        == whole(
          Hash128(ofBlock: bytes.span.extracting(..<size)), bytes.span.extracting(size..<(bytes.count - 24)))
    else {
      return Content(note: note(LocalizedText(zh: "已损坏", en: "damaged"), path))
    }
    var decoder = ByteDecoder(bytes, from: head.count)
    _ = decoder.text()
    let visits = VisitTable(from: &decoder)
    switch visits.read(in: folder) {
    case .read: return Content(bytes: bytes, visits: visits)
    case .missing: return Content()
    case .damaged: return Content(note: note(LocalizedText(zh: "已损坏", en: "damaged"), visits.path(in: folder)))
    }
  }

  private static func note(_ reason: LocalizedText, _ path: String) -> Diagnostic {
    Diagnostic(.cacheRebuilt, at: SourceLocation(file: path), [.word(reason)])
  }

  private init(_ content: ByteDecoder, _ visits: VisitTable) {
    var decoder = content
    _ = VisitTable(from: &decoder)
    self.visits = visits
    hadFailures = decoder.number() == 1
    tables = decoder.column(of: Hash128.self)
    chunkCounts = decoder.column(of: Int.self)
    isRepeated = decoder.column(of: UInt8.self).map { $0 == 1 }
    starts = decoder.column(of: Int.self)
    keyDecisions = decoder.column(of: KeyDecision.self)
    decisions = decoder.column(of: Hash128.self)
    texts = decoder.column(of: Hash128.self)
    let size = Int(truncatingIfNeeded: decoder.fixed())
    tally = decoder
    decoder.skip(size)
    outFolder = decoder.text()
    var published: [String: PublishedText] = [:]
    for _ in 0..<decoder.number() {
      let name = decoder.text()
      published[name] = PublishedText(
        csv: decoder.column(of: Int.self), json: decoder.column(of: Int.self), at: outFolder, table: name)
    }
    self.published = published
  }

  // MARK: in a run

  /// Where its chunks and files stand in a run.
  private struct Here {
    var chunks: [Int] = []
    /// Per table.
    var files: [Int] = []
  }

  private func here(_ store: SegmentStore, _ files: [FileReport]) -> Here? {
    guard let places = ChunkPlaces(store, files: files.count) else { return nil }
    var here = Here()
    for (file, report) in files.enumerated() where here.files.count < tables.count {
      let table = here.files.count
      guard Self.identity(report, places.hashes(ofFile: file)) == tables[table] else { continue }
      guard places.chunks[file].count == chunkCounts[table], (report.repeats != nil) == isRepeated[table] else {
        return nil
      }
      here.chunks += places.chunks[file]
      here.files.append(file)
    }
    return here.files.count == tables.count && here.chunks.count == starts.count ? here : nil
  }

  /// What primary keys decided about its records, by their ordinals in this run.
  ///
  /// - Throws: `SegmentFault` when what finds its records is not what was written.
  func keyDecisions(
    _ store: SegmentStore, _ files: [FileReport], chunkStart: [Int]
  ) throws -> KnownDecisions? {
    guard let here = here(store, files) else { return nil }
    let finder = try store.finder(ofRecordsIn: here.chunks)
    if here.chunks.last.map({ $0 == here.chunks.count - 1 }) ?? true {
      return KnownDecisions(chunks: here.chunks, decisions: keyDecisions, finder: finder)
    }
    func moved(_ ordinal: Int) -> Int {
      var (low, high) = (0, starts.count)
      while low + 1 < high {
        let middle = (low + high) / 2
        if starts[middle] <= ordinal { low = middle } else { high = middle }
      }
      return ordinal - starts[low] + chunkStart[here.chunks[low]]
    }
    return KnownDecisions(
      chunks: here.chunks,
      decisions: keyDecisions.map { decision in
        KeyDecision(
          ordinal: moved(decision.ordinal), decision.verdict, other: moved(decision.other), findings: decision.findings)
      }, finder: finder)
  }

  /// What need not be counted; `nil` when Reconcile decided otherwise than then.
  func tally(
    _ store: SegmentStore, _ reconciliation: Reconciliation, _ decided: [ChunkDecisions], _ files: [FileReport],
    sources: Int
  ) -> KnownTally? {
    guard let here = here(store, files) else { return nil }
    let chunks = here.chunks
    guard zip(chunks, decisions).allSatisfy({ decided[$0].decision == $1 }) else { return nil }
    let isBeginning = chunks.last.map { $0 == chunks.count - 1 } ?? false
    let isUnchanged =
      isBeginning && !hadFailures && !files.indices.contains { files[$0].hasFailed }
      && zip(chunks, texts).allSatisfy { decided[$0].text == $1 }
    // Files of the earlier run by their places then: those of tables that had no chunks count too.
    var decoder = tally
    let earlier = decoder.column(of: Int.self)
    let moved = Dictionary(uniqueKeysWithValues: zip(earlier, here.files))
    return KnownTally(
      &decoder, lists: reconciliation.lists, sources: sources, chunks: chunks, files: moved,
      table: visits.takeWords(), isUnchangedBeginning: isUnchanged)
  }

  /// Texts that stand where they were published, when they are to be published there again.
  func published(at out: String) -> [String: PublishedText] { out == outFolder ? published : [:] }

  // MARK: after a run

  /// The file of what a run counted, in the making: when the outputs stand, what is known of them is added.
  struct Draft: Sendable {
    private let file: ReplacingFile
    private let size: Int
    private let hash: Hash128

    /// `nil` when the disk does not take it.
    fileprivate init?(_ bytes: [UInt8], _ path: String) {
      guard let file = ReplacingFile(path) else { return nil }
      self.file = file
      size = bytes.count
      hash = Hash128(ofBlock: bytes.span)
      file.append(bytes)
    }

    fileprivate func complete(_ rest: ByteEncoder) {
      var end = ByteEncoder(rest.bytes)
      end.append(fixed: UInt64(size))
      end.append(RunState.whole(hash, rest.bytes.span))
      file.append(end.bytes)
      file.complete()
    }
  }

  /// What this run counted; `nil` when it is of no use to the next one.
  ///
  /// - Parameter last: what it knew of an earlier one.
  static func draft(
    in folder: String, _ tallier: Tallier, _ store: SegmentStore, _ reconciliation: Reconciliation,
    _ decided: [ChunkDecisions], _ files: [FileReport], context: String, last: RunState?
  ) -> Draft? {
    guard let places = ChunkPlaces(store, files: files.count) else { return nil }
    let read = files.indices.filter { !files[$0].hasFailed }
    let identities = read.compactMap { file in
      files.approach(file)
      return identity(files[file], places.hashes(ofFile: file))
    }
    guard identities.count == read.count, !read.isEmpty else { return nil }
    var visits = tallier.known == nil ? VisitTable() : last?.visits ?? VisitTable()
    if let table = tallier.visitTable {
      guard let left = VisitTable(leaving: table, in: folder) else { return nil }
      visits = left
    }
    var encoder = ByteEncoder(head)
    encoder.reserve(tallier.encodedSize + 32 * reconciliation.keyDecisions.count + (1 << 16))
    encoder.append(context)
    visits.encode(into: &encoder)
    encoder.append(files.indices.contains { files[$0].hasFailed } ? 1 : 0)
    encoder.append(identities)
    encoder.append(read.map { places.chunks[$0].count })
    encoder.append(read.map { UInt8(files[$0].repeats == nil ? 0 : 1) })
    encoder.append(reconciliation.chunkStart)
    encoder.append(reconciliation.keyDecisions)
    encoder.append(decided.map(\.decision))
    encoder.append(decided.map(\.text))
    encoder.appendSized { encoder in
      encoder.append(read)
      tallier.encodeTally(into: &encoder)
    }
    return Draft(encoder.bytes, path(folder))
  }

  /// Leaves it for the next run, with what tells that the tables stand as they were published. Nothing that is wrong here can
  /// cost the outputs.
  static func keep(_ draft: Draft?, in folder: String, _ tables: [Table], out: String) {
    guard let draft else {
      unsafe unlink(path(folder))
      return
    }
    var encoder = ByteEncoder()
    encoder.append(out)
    let published = Tallier.areContinued(tables).map { ($0, PublishedText(at: out, table: $0)) }
    encoder.append(published.count)
    for (name, text) in published {
      encoder.append(name)
      encoder.append(text.csv)
      encoder.append(text.json)
    }
    draft.complete(encoder)
  }

  static func clear(_ folder: String) {
    unsafe unlink(path(folder))
    VisitTable.clear(folder)
  }

  // MARK: identity

  private static func identity(_ table: Segment.Table) -> Hash128 {
    identity(table.report, table.chunks.map(\.whole)) ?? Hash128()
  }

  /// - Parameter chunks: hashes of the chunks; `nil` when one stands in no segment file.
  private static func identity(_ report: FileReport, _ chunks: [Hash128]?) -> Hash128? {
    guard let chunks, !report.hasFailed else { return nil }
    var hash = Hash128(seed: UInt64(report.source))
    hash.combine(report.path.utf8.span)
    hash.combine(report.fingerprint.utf8.span)
    for chunk in chunks {
      hash.combine(chunk.high)
      hash.combine(chunk.low)
    }
    return hash
  }
}

/// The chunks of each file of a run.
private struct ChunkPlaces {
  private(set) var chunks: [Range<Int>]
  private let store: SegmentStore

  /// `nil` unless those of a file lie one behind another, as reading leaves them: then nothing is known of an earlier run.
  init?(_ store: SegmentStore, files: Int) {
    self.store = store
    chunks = [Range<Int>](repeating: 0..<0, count: files)
    let outlines = store.outlines
    var start = 0
    for place in outlines.indices {
      let file = outlines[place].file
      if place + 1 < outlines.count, outlines[place + 1].file == file { continue }
      guard chunks[file].isEmpty else { return nil }
      chunks[file] = start..<place + 1
      start = place + 1
    }
  }

  func hashes(ofFile file: Int) -> [Hash128]? {
    let hashes = chunks[file].compactMap { store.hashes[$0] }
    return hashes.count == chunks[file].count ? hashes : nil
  }
}
