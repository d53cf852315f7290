import Campaign
import Check
import Collect
package import Diagnostics
import Glibc
import Reconcile
import Records
import Report
import Tables
import Tally

/// What is asked of a run.
package struct RunOptions: Sendable {
  /// The campaign's folder.
  package var folder: String
  /// `folder/inbox` when not given.
  package var inbox: String?
  /// `folder/out` when not given.
  package var out: String?
  /// The day as which the run counts itself; today when not given.
  package var asOf: String?
  /// Tasks at once; as many as processors when not given.
  package var jobs: Int?
  /// Segment files that stand for the inbox; empty to read the inbox.
  package var segments: [String] = []
  /// Whether what earlier runs left in the campaign's cache folder is used, and left for later ones.
  package var usesCache = false
  /// Whether the work lists show direct identifiers as they were handed in.
  package var showsPersonal = false

  package init(folder: String) { self.folder = folder }

  var inboxFolder: String { inbox ?? folder + "/inbox" }
  var outFolder: String { out ?? folder + "/out" }
  /// Hidden folders and this one are never looked into for input.
  var cacheFolder: String? { usesCache ? folder + "/cache" : nil }
  var width: Int { jobs ?? processors }
}

/// Processors that are at work in this machine. Asked for once: the system says it by a file.
package let processors = max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))

/// What a run came to.
package struct RunOutcome: Sendable {
  /// The summary, as it is printed.
  package var summary: String
  /// What a person should know: files that were not read, warnings.
  package var diagnostics: [Diagnostic]
  package var language: Language
  package var exitStatus: Int32
  /// What the run worked on. To let go of it takes milliseconds, which a process that ends need not spend.
  var work: [any Sendable] = []
}

/// Why a run published nothing.
package struct RunFailure: Error, Sendable {
  package var diagnostics: [Diagnostic]
  package var exitStatus: Int32

  init(_ diagnostics: [Diagnostic], _ exitStatus: Int32) {
    self.diagnostics = diagnostics
    self.exitStatus = exitStatus
  }
}

/// The whole line on one page: collect → read → check → reconcile → tally → report.
package func run(_ options: RunOptions) async throws(RunFailure) -> RunOutcome {
  let asOf = try day(options.asOf)
  let last = LastRun(options, asOf: asOf)
  if let outcome = last?.outcome() { return outcome }
  do throws(Interruption) { return try await run(options, asOf: asOf, last, cacheNotes: []) } catch {
    guard case .segments = error, let cache = options.cacheFolder else { throw error.failure(options) }
    // What earlier runs left is not what they wrote: once more from the files themselves.
    SegmentCache.clear(cache)
    let note = Diagnostic(
      .cacheRebuilt, at: SourceLocation(file: cache), [.word(LocalizedText(zh: "已损坏", en: "damaged"))])
    do throws(Interruption) { return try await run(options, asOf: asOf, last, cacheNotes: [note]) } catch {
      throw error.failure(options)
    }
  }
}

/// Why a run came to no end.
private enum Interruption: Error {
  case failed(RunFailure)
  /// What an earlier run left is not what it wrote.
  case segments(SegmentFault)

  init(_ error: any Error, _ options: RunOptions) {
    switch error {
    case let failure as RunFailure: self = .failed(failure)
    case let fault as SegmentFault: self = .segments(fault)
    case let error as WriteError:
      if case .rows(let fault as SegmentFault) = error.cause {
        self = .segments(fault)
      } else {
        self = .failed(RunFailure([error.diagnostic], error.exitStatus))
      }
    case let error as ReadError: self = .failed(RunFailure([error.diagnostic], 74))
    default:
      let place = SourceLocation(file: options.folder)
      self = .failed(RunFailure([Diagnostic(.internalError, at: place, found: "\(error)")], 70))
    }
  }

  func failure(_ options: RunOptions) -> RunFailure {
    switch self {
    case .failed(let failure): failure
    case .segments(let fault):
      RunFailure([SegmentInput.diagnostic(fault, options.segments.joined(separator: ", "))], 65)
    }
  }
}

private func run(
  _ options: RunOptions, asOf: Day, _ last: LastRun?, cacheNotes: [Diagnostic]
) async throws(Interruption) -> RunOutcome {
  do {
    var stopwatch = Stopwatch()
    let listing =
      options.segments.isEmpty ? InboxListing(Inbox(folder: options.inboxFolder), width: options.width) : nil
    let ahead = Task { await CacheAhead.read(listing == nil ? nil : options.cacheFolder) }
    listing?.beginFiles(ahead)
    defer { listing?.ahead.end() }
    let campaign = try await load(options.folder, asOf: asOf, width: options.width)
    try refuseOutputInInbox(options)
    let lock = try RunLock(beside: options.outFolder)
    defer { lock.release() }
    stopwatch.lap("load")

    let input = try await RunInput.read(
      options, campaign, listing, asOf: asOf, spoolFolder: lock.folder, await ahead.value, &stopwatch)
    let (files, store) = (input.files, input.store)
    if files.allSatisfy({ $0.failure != nil }) { throw RunFailure(files.compactMap(\.failure), 65) }
    let notes = campaign.notes + input.notes + campaign.unusedDecisions(files)

    var reconciliation = try await Reconciler.run(
      over: store, sources: campaign.definition.sources, isRepeatedFile: files.indices.map { files[$0].repeats != nil },
      lists: campaign.lists, rules: campaign.lateRules(files), width: options.width,
      known: { try input.state?.keyDecisions(store, files, chunkStart: $0) })
    var checkTables = try campaign.runFieldChecks(store, files, &reconciliation)
    let hidesCounts = campaign.definition.privacy.threshold > 1
    for table in checkTables.indices where hidesCounts { checkTables[table].isConfidential = true }
    stopwatch.lap("reconcile")

    // While new records are added to the counts, for which one processor does.
    async let published = input.publishedTexts(options)
    let decided = input.hasCache ? ChunkDecisions.all(store, reconciliation) : []
    let tallier = try await Tallier.run(
      TallyInput(
        campaign: campaign.definition, asOf: asOf, files: files, notes: notes, store: store,
        reconciliation: reconciliation, corrections: campaign.corrections, propose: campaign.propose,
        personal: campaign.personal, showsPersonal: options.showsPersonal),
      width: options.width,
      known: input.state?.tally(store, reconciliation, decided, files, sources: campaign.definition.sources.count))
    stopwatch.knownRecords = tallier.known?.chunks.reduce(0) { $0 + store.outlines[$1].records } ?? 0
    let accounting = Accounting(
      files: files, reconciliation: reconciliation, tables: tallier.sums, sources: campaign.definition.sources.count)
    try accounting.prove()
    let tables = try tallier.tables(proof: accounting.stages) + checkTables
    stopwatch.lap("tally")

    let record = RunRecord(
      campaign: campaign, asOf: asOf, files: files, notes: notes, accounting: accounting,
      reconciliation: reconciliation, remarks: try RemarkSummary(store, reconciliation, files),
      corrections: tallier.correctionResults)
    let isMuch = input.isMuch
    async let early = isMuch ? input.writtenSegments() : nil
    let output = try await write(
      tables, workLists: tallier.workLists(), record, campaign, options, asOf: asOf, published: await published)
    // The disk takes its time for the outputs, and leaves the processors without work.
    async let counted = input.counted(tallier, reconciliation, decided, isWritten: isMuch)
    async let seen = last?.seen(input)
    let earlier = try await output.publish(width: options.width, &stopwatch)
    async let isRemoved = earlier?.remove(width: options.width)
    var outcome = try outcome(of: record, tables: tables, campaign: campaign, out: options.outFolder)
    let left = await counted
    input.keepSegments(left, await early)
    input.keepState(left, tables, out: options.outFolder)
    // What a person put into the earlier output stands in the new one then; the next run is to look for what was left of it.
    let inbox = await seen ?? nil
    if await isRemoved ?? true { last?.keep(outcome, campaign: campaign, inbox: inbox) }
    // Said, but not in the outputs: they are what they would be without a cache.
    outcome.diagnostics += cacheNotes + input.cacheNotes
    outcome.work = [campaign, tallier, input, tables, record]
    return outcome
  } catch {
    throw Interruption(error, options)
  }
}

/// Outputs that are written, and stand beside the place where they will.
private struct WrittenOutput: ~Copyable {
  let folder: OutputFolder
  /// It says how long the rest took.
  var durations: OutputFile

  /// - Returns: the output that stood there before, to be removed.
  consuming func publish(width: Int, _ stopwatch: inout Stopwatch) async throws -> EarlierOutput? {
    try await folder.awaitDisk(width: width)
    stopwatch.lap("report")
    durations.buffer = stopwatch.json.bytes()
    try durations.close()
    return try folder.replaceEarlier()
  }
}

private func write(
  _ tables: [Table], workLists: [Table], _ record: RunRecord, _ campaign: CampaignFolder, _ options: RunOptions,
  asOf: Day, published: [String: PublishedText]
) async throws -> WrittenOutput {
  let output = campaign.definition.output
  var folder = try OutputFolder(at: options.outFolder)
  // It has the counts of every file. Beside the tables, which leave a task without work now and then.
  let runRecord = try folder.beginRunRecord(isConfidential: campaign.definition.privacy.threshold > 1)
  let early =
    options.width > 1 ? Task { try runRecord.write(await record.members(width: options.width)) } : nil
  try await Reporter.write(
    tables: tables, to: &folder, formats: output.formats, language: campaign.language, asOf: asOf,
    sheetRows: output.sheetRows, width: options.width, published: published)
  if let summary = tables.first(where: { $0.name == "work-list" }) {
    try Reporter.write(
      workLists: workLists, summary: summary, to: &folder, formats: output.formats, language: campaign.language,
      asOf: asOf, sheetRows: output.sheetRows)
  }
  let durations = try folder.create("durations.json")
  if let early { try await early.value } else { try runRecord.write(await record.members(width: 1)) }
  try folder.endRunRecord(runRecord)
  return WrittenOutput(folder: folder, durations: durations)
}

/// - Throws: `RunFailure` with status 73 when the output would stand below the inbox, where the next run would find it.
private func refuseOutputInInbox(_ options: RunOptions) throws(RunFailure) {
  var above = options.outFolder[...]
  while above.count > 1, above.hasSuffix("/") { above = above.dropLast() }
  while let last = above.last, last != "/" { above = above.dropLast() }
  guard let inbox = realPath(options.inboxFolder), let place = realPath(above.isEmpty ? "." : String(above)) else {
    return
  }
  if (place + "/").hasPrefix(inbox + "/") {
    throw RunFailure([Diagnostic(.outputInInbox, at: SourceLocation(file: options.outFolder))], 73)
  }
}

/// The path without links; `nil` when nothing is there.
private func realPath(_ path: String) -> String? {
  guard let resolved = unsafe realpath(path, nil) else { return nil }
  defer { unsafe free(resolved) }
  return unsafe String(cString: resolved)
}

/// Reads the campaign's folder.
func load(_ folder: String, asOf: Day, width: Int) async throws(RunFailure) -> CampaignFolder {
  do throws(PipelineErrors) { return try await CampaignFolder(folder, asOf: asOf, width: width) } catch {
    throw RunFailure(error.diagnostics, 78)
  }
}

func day(_ text: String?) throws(RunFailure) -> Day {
  guard let text else { return today() }
  let parts = text.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
  if parts.count == 3, let year = parts[0], let month = parts[1], let day = parts[2],
    let day = Day(year: year, month: month, day: day), day.text == text
  {
    return day
  }
  throw RunFailure([Diagnostic(.usageDay, at: SourceLocation(file: "--as-of"), found: text)], 64)
}

/// The day that the calendar on the wall shows: in China that is not the UTC day before eight in the morning.
private func today() -> Day {
  var now = time(nil)
  var local = unsafe tm()
  // SAFETY: both are ours for the call; of the result only numbers are read.
  unsafe localtime_r(&now, &local)
  let (year, month, day) = unsafe (Int(local.tm_year) + 1900, Int(local.tm_mon) + 1, Int(local.tm_mday))
  return Day(year: year, month: month, day: day) ?? Day(number: 0)
}
