import Campaign
import Check
import Collect
import Diagnostics
import Records
import Report
import Tables
import Tally

/// What a run reads, read and checked: the inbox with what is known of it from earlier runs, or segment files alone.
struct RunInput {
  let store: SegmentStore
  let files: [FileReport]
  let notes: [Diagnostic]
  /// When the inbox was listed, what stood in it and the files to read; `nil` where segment files stand for it.
  let listing: Listing?
  struct Listing {
    var begun: Int
    var found: [InboxFile]
    var files: [SourceFile]
  }
  private var cache: SegmentCache?
  /// What was wrong with what earlier runs left.
  var cacheNotes: [Diagnostic] { (cache?.notes ?? []) + stateNotes }
  private var stateNotes: [Diagnostic] = []
  /// What the last run counted, when this one has all of that again.
  private(set) var state: RunState?
  private var known: [KnownSegment?] = []
  private var segments: [SegmentPiece] = []

  private init(
    store: SegmentStore, files: consuming [FileReport], notes: [Diagnostic], listing: Listing?
  ) {
    self.store = store
    self.files = (consume files).markingRepeats()
    self.notes = notes
    self.listing = listing
  }

  static func read(
    _ options: RunOptions, _ campaign: CampaignFolder, _ listing: InboxListing?, asOf: Day, spoolFolder: String,
    _ ahead: CacheAhead, _ stopwatch: inout Stopwatch
  ) async throws -> RunInput {
    let context = campaign.context(asOf: asOf)
    guard let listing else {
      let input = try SegmentInput(options.segments, context: context, sources: campaign.definition.sources)
      let store = SegmentStore(spoolFolder: spoolFolder)
      let files = try input.append(to: store)
      stopwatch.lap("read-segments")
      return RunInput(store: store, files: files, notes: input.notes, listing: nil)
    }
    let (inbox, begun) = (listing.inbox, listing.begun)
    let collected = try await collect(listing, for: campaign)
    listing.ahead.end()
    stopwatch.lap("collect")

    let cache = options.cacheFolder.flatMap { SegmentCache($0, context: localContext(context), begun: begun, ahead) }
    var known = cache?.known(collected.files, inbox: inbox) ?? []
    let last = cache.map { ahead.state.forRun($0.context, known: known) }
    if last?.state != nil { known = known.map { $0?.outlined() } }
    let store = SegmentStore(spoolFolder: spoolFolder, segments: cache?.writer)
    // Before a large file is checked, its head is read, and one processor has nothing to do.
    let isLarge = collected.files.indices.contains { place in
      collected.files[place].cost >= 1 << 20 && (known.isEmpty || known[place] == nil)
    }
    async let _: Void = prepareUnits(isLarge && options.width > 1 ? campaign : nil)
    var ingest = Ingest(
      campaign, inbox: inbox, files: collected.files, width: options.width, store: store, known: known, begun: begun,
      ahead: listing.ahead)
    try await ingest.run()
    stopwatch.lap("read-and-check")
    var reports: [FileReport] = []
    swap(&reports, &ingest.reports)
    var input = RunInput(
      store: store, files: consume reports, notes: collected.notes.all,
      listing: Listing(begun: begun, found: collected.found, files: collected.files))
    input.cache = cache
    input.state = last?.state
    input.stateNotes = [last?.note].compactMap(\.self)
    input.known = known
    input.segments = ingest.segments
    return input
  }

  /// Tables that stand where they are to be published again, perhaps with more rows, and copies of them where they can be made.
  func publishedTexts(_ options: RunOptions) -> [String: PublishedText] {
    guard let state else { return [:] }
    return state.published(at: options.outFolder).mapValues { options.width > 1 ? $0.copiedAhead() : $0 }
  }

  /// Leaves what was read for later runs. Called when the outputs stand: nothing that is wrong here can cost them.
  func keepSegments(_ counted: Counted, _ early: WrittenSegments?) { cache?.keep((early ?? counted.segments)?.written) }

  /// Whether what was read and counted is kept for later runs.
  var hasCache: Bool { cache != nil }

  /// What a run leaves for later ones, made while the outputs are.
  struct Counted: Sendable {
    fileprivate var state: RunState.Draft?
    fileprivate var segments: WrittenSegments?
  }

  /// Whether it takes longer to write what finds the records that were read than the disk takes for the outputs.
  var isMuch: Bool { (cache?.writer?.count ?? 0) >= 2 << 20 }

  /// Writes what was read and counted for later runs; nothing of it is in place before `keepSegments` and `keepState`.
  ///
  /// - Parameter isWritten: whether what was read is written already.
  func counted(
    _ tallier: Tallier, _ reconciliation: Reconciliation, _ decided: [ChunkDecisions], isWritten: Bool
  ) async -> Counted {
    guard let cache else { return Counted() }
    let state = RunState.draft(
      in: cache.folder, tallier, store, reconciliation, decided, files, context: cache.context, last: state)
    return Counted(state: state, segments: isWritten ? nil : writtenSegments())
  }

  /// What was read, written and not yet in place; nothing where it is not kept, or the disk does not take it.
  struct WrittenSegments: Sendable {
    fileprivate var written: SegmentCache.Written?
  }
  func writtenSegments() -> WrittenSegments {
    WrittenSegments(written: cache?.write(segments, of: known, store))
  }

  /// Leaves what was counted for later runs. Called when the segments stand.
  func keepState(_ counted: Counted, _ tables: [Table], out: String) {
    guard let cache, cache.writer?.isUsable == true else { return }
    RunState.keep(counted.state, in: cache.folder, tables, out: out)
  }
}

private func prepareUnits(_ campaign: CampaignFolder?) async {
  campaign?.sources.first { $0.check.looksForUnits }?.check.prepareUnits()
}

/// A cache is of use only to the very program that wrote it: between two versions with one number the code may differ.
private func localContext(_ context: String) -> String { "\(context) \(programIdentity())" }

/// What was noticed when the inbox was listed.
struct CollectNotes {
  /// Of files, by path.
  var found: [Diagnostic]
  var archives: [Diagnostic]
  /// Of files that no source reads, then of sources without files.
  var claims: [Diagnostic]
  var all: [Diagnostic] { found + archives + claims }
}

/// The files of an inbox, listed while something else is done.
struct InboxListing: Sendable {
  let inbox: Inbox
  /// When it was begun.
  let begun = nanoseconds()
  private let width: Int
  typealias Found = (files: [InboxFile], notes: [Diagnostic])
  private let task: Task<Result<Found, ReadError>, Never>?
  let ahead: FilesAhead

  /// - Parameter width: tasks at once; of one the listing waits until it is asked for.
  init(_ inbox: Inbox, width: Int) {
    self.inbox = inbox
    self.width = width
    ahead = FilesAhead(inbox)
    task = width > 1 ? Task { await Self.list(inbox, width: width) } : nil
  }

  private static func list(_ inbox: Inbox, width: Int) async -> Result<Found, ReadError> {
    do throws(ReadError) { return .success(try await inbox.files(width: width)) } catch { return .failure(error) }
  }

  /// Begins with the files that are to be read, if a task has time for it.
  func beginFiles(_ cache: Task<CacheAhead, Never>) {
    guard let task else { return }
    Task { [ahead] in
      guard case .success(let found) = await task.value else { return }
      let cache = await cache.value
      await ahead.begin(found.files, isKnown: cache.knows)
    }
  }

  func found() async throws(ReadError) -> Found {
    if let task { return try await task.value.get() }
    return try await inbox.files(width: width)
  }
}

/// Which files there are, and which source reads each.
func collect(
  _ listing: InboxListing, for campaign: CampaignFolder
) async throws(RunFailure) -> (found: [InboxFile], files: [SourceFile], notes: CollectNotes) {
  let inbox = listing.inbox
  let found: InboxListing.Found
  do throws(ReadError) { found = try await listing.found() } catch { throw RunFailure([error.diagnostic], 66) }
  let patterns = SourcePatterns(campaign.definition.sources)
  let folders = ArchiveFolders(found.files, in: inbox) { patterns.source(of: $0) != nil }
  let claims = Claims(folders.files, sources: campaign.definition.sources) { folders.members[$0]?.archive }
  let notes = CollectNotes(
    found: found.notes, archives: folders.notes, claims: claims.notes)
  let files = claims.files.enumerated().flatMap { source, files in
    files.map { file in
      let member = folders.members.isEmpty ? nil : folders.members[file]
      return SourceFile(file: file, source: source, archive: member?.archive, member: member?.entry)
    }
  }
  guard !files.isEmpty else {
    throw RunFailure(notes.all + [Diagnostic(.nothingToRead, at: SourceLocation(file: inbox.folder))], 66)
  }
  return (found.files, files, notes)
}

extension [FileReport] {
  /// A file with the content of an earlier one of its source was handed in twice.
  consuming func markingRepeats() -> [FileReport] {
    var reports = self
    var first = FirstPlaces(most: reports.count)
    for index in reports.indices where !reports[index].hasFailed {
      let key = UInt(truncatingIfNeeded: reports[index].fingerprintKey)
      let earlier = first.findOrAdd(key, index) { reports[index].hasContent(of: reports[$0]) }
      guard let earlier else { continue }
      reports[index].repeats = earlier
      let (path, other) = (reports[index].path, reports[earlier].path)
      reports[index].reading.notes.append(
        Diagnostic(.fileRepeated, at: SourceLocation(file: path), [.literal(other)]))
    }
    return reports
  }
}

extension FileReport {
  /// Whether it is the same file twice.
  fileprivate func hasContent(of other: FileReport) -> Bool {
    source == other.source && fingerprint == other.fingerprint
  }
}
