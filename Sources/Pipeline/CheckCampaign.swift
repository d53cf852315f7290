import Campaign
import Collect
import Diagnostics
import Expressions
import Glibc
import Reconcile
import Records

/// Diagnostics of one rule in one file that are kept; all are counted.
package let keptPerRule = 1000

/// Reads and checks all files of a campaign.
///
/// - Throws: `RunFailure` when the pipeline is wrong or there is nothing to read.
package func check(_ options: RunOptions) async throws(RunFailure) -> CheckOutcome {
  let campaign = try await load(options.folder, asOf: try day(options.asOf), width: options.width)
  let inbox = Inbox(folder: options.inboxFolder)
  let collected = try await collect(InboxListing(inbox, width: options.width), for: campaign)
  let store = SegmentStore(spoolFolder: temporaryFolder())
  var ingest = Ingest(campaign, inbox: inbox, files: collected.files, width: options.width, store: store)
  do { try await ingest.run() } catch {
    throw RunFailure(
      [(error as? ReadError)?.diagnostic ?? Diagnostic(.internalError, at: SourceLocation(file: "\(error)"))], 74)
  }
  let files = ingest.reports.markingRepeats()

  var kept = KeptDiagnostics()
  for diagnostic in campaign.notes + collected.notes.all + campaign.unusedDecisions(files) {
    kept.add(diagnostic, file: nil)
  }
  for (index, file) in files.enumerated() {
    for diagnostic in file.reading.notes + (file.failure.map { [$0] } ?? []) {
      kept.add(campaign.personal.shown(diagnostic, source: file.source), file: index)
    }
  }
  let late: [Int]
  do {
    try store.forEachChunk { _, chunk in
      chunk.rejected.forEachEntry { entry in
        for reason in entry.reasons {
          let fault = reason.diagnostic(in: files[chunk.file].path, record: entry.number)
          kept.add(campaign.personal.shown(fault, source: chunk.source), file: chunk.file)
        }
      }
      chunk.remarks.forEachEntry { entry in
        for reason in entry.reasons {
          let fault = reason.diagnostic(in: files[chunk.file].path, record: entry.number)
          kept.add(campaign.personal.shown(fault, source: chunk.source), file: chunk.file)
        }
      }
    }
    late = try addLate(to: &kept, campaign, files, store)
  } catch {
    throw RunFailure(
      [(error as? ReadError)?.diagnostic ?? Diagnostic(.internalError, at: SourceLocation(file: "\(error)"))], 74)
  }
  for (index, file) in files.enumerated() { kept.settle(file.counts.byRule, file: index) }
  return CheckOutcome(
    campaign.definition, files: files, late: late, kept: kept,
    hasErrors: collected.notes.all.contains { $0.severity == .error })
}

/// Faults that show only when all records are seen: keys, rules between records, checks of field work.
///
/// - Returns: records that are rejected for them, by file.
private func addLate(
  to kept: inout KeptDiagnostics, _ campaign: CampaignFolder, _ files: [FileReport], _ store: SegmentStore
) throws -> [Int] {
  var late = [Int](repeating: 0, count: files.count)
  let sources = campaign.definition.sources
  let keys = sources.map { $0.lateKeys(in: sources) }
  guard
    keys.contains(where: { !$0.isEmpty }) || sources.contains(where: { $0.duplicates == .reject })
      || !campaign.ruleBook.late.isEmpty || !campaign.definition.checks.isEmpty
  else { return late }
  var reconciliation = try Reconciler.run(
    over: store, sources: sources, isRepeatedFile: files.map { $0.repeats != nil }, lists: campaign.lists,
    rules: campaign.lateRules(files))
  _ = try campaign.runFieldChecks(store, files, &reconciliation)
  for ordinal in reconciliation.lateRejections {
    let (chunk, record) = try reconciliation.record(ordinal, in: store)
    late[chunk.file] += 1
    if let rejection = reconciliation.rejections[ordinal] {
      let other = try rejection.other.map { try reconciliation.place(ofRecord: $0, in: store) }
      let fault = rejection.diagnostic(
        of: record, in: chunk, file: files[chunk.file].path, source: sources[chunk.source], keys: keys[chunk.source],
        other: other.map { SourceLocation(file: files[$0.file].path, line: $0.line).description })
      kept.add(campaign.personal.shown(fault, source: chunk.source), file: chunk.file)
    }
    for reason in reconciliation.ruleRejections[ordinal] ?? [] {
      let number = Int(chunk.records.number[record])
      let fault = reason.diagnostic(in: files[chunk.file].path, record: number)
      kept.add(campaign.personal.shown(fault, source: chunk.source), file: chunk.file)
    }
  }
  let places = Dictionary(files.indices.map { (files[$0].path, $0) }, uniquingKeysWith: { first, _ in first })
  for remark in reconciliation.remarks {
    let file = places[remark.diagnostic.location.file]
    let fault = remark.diagnostic
    kept.add(file.map { campaign.personal.shown(fault, source: files[$0].source) } ?? fault, file: file)
  }
  kept.settle(reconciliation.remarkCounts)
  return late
}

func temporaryFolder() -> String {
  guard let value = unsafe getenv("TMPDIR") else { return "/tmp" }
  let folder = unsafe String(cString: value)
  return folder.isEmpty ? "/tmp" : folder
}

/// Counts every diagnostic and keeps the first of each rule and file.
struct KeptDiagnostics {
  /// Place of the file, or -1, to how often each rule was found there.
  private(set) var byFile: [Int: [Rule: Int]] = [:]
  /// With the place of their file.
  private(set) var entries: [(diagnostic: Diagnostic, file: Int?)] = []

  mutating func add(_ diagnostic: Diagnostic, file: Int?) {
    let count = byFile[file ?? -1, default: [:]][diagnostic.rule, default: 0] + 1
    byFile[file ?? -1, default: [:]][diagnostic.rule] = count
    if count <= keptPerRule { entries.append((diagnostic, file)) }
  }

  /// Of rules of which not all faults of a file were handed on, the number that there were.
  mutating func settle(_ counts: [String: Int], file: Int) {
    for (rule, count) in byFile[file] ?? [:] { byFile[file]?[rule] = max(count, counts[rule.id] ?? 0) }
  }

  /// The same of all files together: what was not handed on stands with none of them.
  mutating func settle(_ counts: [String: Int]) {
    for (rule, count) in totals where (counts[rule.id] ?? 0) > count {
      byFile[-1, default: [:]][rule, default: 0] += (counts[rule.id] ?? 0) - count
    }
  }

  var totals: [(rule: Rule, count: Int)] {
    sorted(byFile.values.reduce(into: [:]) { $0.merge($1, uniquingKeysWith: +) })
  }

  func counts(ofFile file: Int) -> [(rule: Rule, count: Int)] { sorted(byFile[file] ?? [:]) }

  /// The most frequent first.
  func sorted(_ counts: [Rule: Int]) -> [(rule: Rule, count: Int)] {
    counts.map { ($0.key, $0.value) }.sorted { ($1.count, $0.rule.id) < ($0.count, $1.rule.id) }
  }
}
