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

  package init(folder: String) { self.folder = folder }

  var inboxFolder: String { inbox ?? folder + "/inbox" }
  var outFolder: String { out ?? folder + "/out" }
}

/// What a run came to.
package struct RunOutcome: Sendable {
  /// The summary, as it is printed.
  package var summary: String
  /// What a person should know: files that were not read, warnings.
  package var diagnostics: [Diagnostic]
  package var language: Language
  package var exitStatus: Int32
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
  var stopwatch = Stopwatch()
  let asOf = try day(options.asOf)
  let campaign = try load(options.folder)
  try refuseOutputInInbox(options)
  let lock = try RunLock(beside: options.outFolder)
  defer { lock.release() }
  stopwatch.lap("load")

  let inbox = Inbox(folder: options.inboxFolder)
  let collected = try collect(inbox, for: campaign)
  stopwatch.lap("collect")

  let store = SegmentStore(spoolFolder: lock.folder)
  let width = options.jobs ?? processors()
  var ingest = Ingest(campaign, inbox: inbox, files: collected.files, width: width, store: store)
  do throws(ReadError) { try await ingest.run() } catch { throw RunFailure([error.diagnostic], 74) }
  let files = ingest.reports.markingRepeats()
  if files.allSatisfy({ $0.failure != nil }) { throw RunFailure(files.compactMap(\.failure), 65) }
  stopwatch.lap("read-and-check")

  do {
    let reconciliation = try Reconciler.run(
      over: store, sources: campaign.definition.sources, isRepeatedFile: files.map { $0.repeats != nil },
      lists: campaign.lists)
    stopwatch.lap("reconcile")

    let tallier = try await Tallier.run(
      TallyInput(
        campaign: campaign.definition, asOf: asOf, files: files, notes: campaign.notes + collected.notes, store: store,
        reconciliation: reconciliation, corrections: campaign.corrections, propose: campaign.propose), width: width)
    let accounting = Accounting(
      files: files, reconciliation: reconciliation, tables: tallier.sums, sources: campaign.definition.sources.count)
    try accounting.prove()
    let tables = tallier.tables(proof: accounting.stages)
    stopwatch.lap("tally")

    let record = RunRecord(
      campaign: campaign, asOf: asOf, files: files, notes: campaign.notes + collected.notes, accounting: accounting,
      reconciliation: reconciliation, corrections: tallier.correctionResults)
    try publish(tables, workLists: tallier.workLists(), record, campaign, asOf: asOf, at: options.outFolder, &stopwatch)
    return try outcome(of: record, tables: tables, campaign: campaign, out: options.outFolder)
  } catch let failure as RunFailure {
    throw failure
  } catch let error as WriteError {
    throw RunFailure([error.diagnostic], error.exitStatus)
  } catch let error as ReadError {
    throw RunFailure([error.diagnostic], 74)
  } catch {
    throw RunFailure([Diagnostic(.internalError, at: SourceLocation(file: options.folder), found: "\(error)")], 70)
  }
}

private func publish(
  _ tables: [Table], workLists: [Table], _ record: RunRecord, _ campaign: CampaignFolder, asOf: Day, at path: String,
  _ stopwatch: inout Stopwatch
) throws {
  let output = campaign.definition.output
  var folder = try OutputFolder(at: path)
  try Reporter.write(
    tables: tables, to: &folder, formats: output.formats, language: campaign.language, asOf: asOf,
    sheetRows: output.sheetRows)
  if let summary = tables.first(where: { $0.name == "work-list" }) {
    try Reporter.write(
      workLists: workLists, summary: summary, to: &folder, formats: output.formats, language: campaign.language,
      asOf: asOf, sheetRows: output.sheetRows)
  }
  stopwatch.lap("report")
  var durations = try folder.create("durations.json")
  durations.buffer = stopwatch.json.bytes()
  try durations.close()
  try folder.writeRunRecord(record.members)
  try folder.publish()
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
func load(_ folder: String) throws(RunFailure) -> CampaignFolder {
  do throws(PipelineErrors) { return try CampaignFolder(folder) } catch { throw RunFailure(error.diagnostics, 78) }
}

private func day(_ text: String?) throws(RunFailure) -> Day {
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

private func processors() -> Int { max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))) }

/// Which files there are, and which source reads each.
func collect(
  _ inbox: Inbox, for campaign: CampaignFolder
) throws(RunFailure) -> (files: [SourceFile], notes: [Diagnostic]) {
  let found: (files: [InboxFile], notes: [Diagnostic])
  do throws(ReadError) { found = try inbox.files() } catch { throw RunFailure([error.diagnostic], 66) }
  let claims = Claims(found.files, sources: campaign.definition.sources)
  let notes = found.notes + claims.notes
  let files = claims.files.enumerated().flatMap { source, files in
    files.map { SourceFile(file: $0, source: source, size: $0.size) }
  }
  guard !files.isEmpty else {
    throw RunFailure(notes + [Diagnostic(.nothingToRead, at: SourceLocation(file: inbox.folder))], 66)
  }
  return (files, notes)
}

extension [FileReport] {
  /// A file with the content of an earlier one of its source was handed in twice.
  func markingRepeats() -> [FileReport] {
    var first: [String: Int] = [:]
    var reports = self
    for index in indices where self[index].failure == nil {
      let identity = "\(self[index].source) \(self[index].fingerprint)"
      if let earlier = first[identity] {
        reports[index].repeats = earlier
        reports[index].reading.notes.append(
          Diagnostic(.fileRepeated, at: SourceLocation(file: self[index].path), [.literal(self[earlier].path)]))
      } else {
        first[identity] = index
      }
    }
    return reports
  }
}
