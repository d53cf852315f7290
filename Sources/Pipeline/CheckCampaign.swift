import Campaign
import Check
import Collect
package import Diagnostics
import Expressions
import Glibc
import Reconcile
import Records
import Report

/// Every fault of a campaign's files, to be shown; nothing is written.
package struct CheckOutcome: Sendable {
  package var language: Language
  /// In the order of files and lines; of each rule and file at most `keptPerRule`.
  package var diagnostics: [Diagnostic]
  /// All of them, by rule.
  package var counts: [(rule: Rule, count: Int)]
  package var files: Int
  package var records: Int
  package var rejected: Int
  package var exitStatus: Int32

  /// The same for programs.
  package func json() -> [UInt8] {
    JSONValue.object([
      ("files", .integer(files)), ("records", .integer(records)), ("rejected", .integer(rejected)),
      ("kept_per_rule_and_file", .integer(keptPerRule)),
      ("counts", .object(counts.map { ($0.rule.id, .integer($0.count)) })),
      ("diagnostics", .array(diagnostics.map { json($0) })),
    ]).bytes()
  }

  private func json(_ diagnostic: Diagnostic) -> JSONValue {
    let place = diagnostic.location
    return .object([
      ("rule", .string(diagnostic.rule.id)), ("severity", .string(diagnostic.severity.rawValue)),
      ("file", .string(place.file)), ("line", .integer(place.line)), ("column", .integer(abs(place.column))),
      ("cell", place.column < 0 ? .string("\(place.columnText)\(place.line)") : .null),
      ("record", .integer(place.record)), ("field", place.field.map { .string($0) } ?? .null),
      ("title", .string(diagnostic.title(language))), ("found", .string(diagnostic.found)),
      ("expected", .string(diagnostic.expected(language))),
    ])
  }
}

/// Diagnostics of one rule in one file that are kept; all are counted.
package let keptPerRule = 1000

/// Reads and checks all files of a campaign.
///
/// - Throws: `RunFailure` when the pipeline is wrong or there is nothing to read.
package func check(_ options: RunOptions) async throws(RunFailure) -> CheckOutcome {
  let campaign = try load(options.folder, asOf: try day(options.asOf))
  let inbox = Inbox(folder: options.inboxFolder)
  let collected = try collect(inbox, for: campaign)
  let store = SegmentStore(spoolFolder: temporaryFolder())
  let jobs = options.jobs ?? max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))
  var ingest = Ingest(campaign, inbox: inbox, files: collected.files, width: jobs, store: store)
  do throws(ReadError) { try await ingest.run() } catch { throw RunFailure([error.diagnostic], 74) }
  let files = ingest.reports.markingRepeats()

  var kept = KeptDiagnostics()
  for diagnostic in campaign.notes + collected.notes { kept.add(diagnostic) }
  for file in files {
    for diagnostic in file.reading.notes { kept.add(diagnostic) }
    if let failure = file.failure { kept.add(failure) }
  }
  var lateRejections = 0
  do {
    try store.forEachChunk { _, chunk in
      chunk.rejected.forEachEntry { entry in
        for reason in entry.reasons { kept.add(reason.diagnostic(in: files[chunk.file].path, record: entry.number)) }
      }
      chunk.remarks.forEachEntry { entry in
        for reason in entry.reasons { kept.add(reason.diagnostic(in: files[chunk.file].path, record: entry.number)) }
      }
    }
    lateRejections = try campaign.addLateDiagnostics(store, files, to: &kept)
  } catch {
    throw RunFailure(
      [(error as? ReadError)?.diagnostic ?? Diagnostic(.internalError, at: SourceLocation(file: "\(error)"))], 74)
  }
  let counts = files.reduce(into: CheckCounts()) { $0.merge($1.counts) }
  kept.settle(counts.byRule)
  let isClean =
    counts.rejected + lateRejections == 0 && files.allSatisfy { $0.failure == nil }
    && !collected.notes.contains { $0.severity == .error }
  return CheckOutcome(
    language: campaign.language, diagnostics: kept.diagnostics, counts: kept.totals, files: files.count,
    records: counts.records, rejected: counts.rejected + lateRejections, exitStatus: isClean ? 0 : 1)
}

extension CampaignFolder {
  /// What shows only when all records are seen: rules between records, checks of field work.
  ///
  /// - Returns: how many records such rules reject.
  fileprivate func addLateDiagnostics(
    _ store: SegmentStore, _ files: [FileReport], to kept: inout KeptDiagnostics
  ) throws -> Int {
    guard !ruleBook.late.isEmpty || !definition.checks.isEmpty else { return 0 }
    var reconciliation = try Reconciler.run(
      over: store, sources: definition.sources, isRepeatedFile: files.map { $0.repeats != nil }, lists: lists,
      rules: lateRules(files))
    _ = try runFieldChecks(store, files, &reconciliation)
    try store.forEachChunk { index, chunk in
      for record in 0..<chunk.records.count {
        guard let reasons = reconciliation.ruleRejections[reconciliation.chunkStart[index] + record] else { continue }
        let number = Int(chunk.records.number[record])
        for reason in reasons { kept.add(reason.diagnostic(in: files[chunk.file].path, record: number)) }
      }
    }
    for remark in reconciliation.remarks { kept.add(remark.diagnostic) }
    kept.settle(reconciliation.remarkCounts)
    return reconciliation.ruleRejections.count
  }
}

func temporaryFolder() -> String {
  guard let value = unsafe getenv("TMPDIR") else { return "/tmp" }
  let folder = unsafe String(cString: value)
  return folder.isEmpty ? "/tmp" : folder
}

/// Counts every diagnostic and keeps the first of each rule and file.
private struct KeptDiagnostics {
  private var byRuleAndFile: [String: Int] = [:]
  private var byRule: [Rule: Int] = [:]
  private(set) var diagnostics: [Diagnostic] = []

  mutating func add(_ diagnostic: Diagnostic) {
    byRule[diagnostic.rule, default: 0] += 1
    let count = byRuleAndFile["\(diagnostic.rule.id) \(diagnostic.location.file)", default: 0] + 1
    byRuleAndFile["\(diagnostic.rule.id) \(diagnostic.location.file)"] = count
    if count <= keptPerRule { diagnostics.append(diagnostic) }
  }

  /// Of rules of which not all faults were handed on, the number that there were.
  mutating func settle(_ counts: [String: Int]) {
    for rule in byRule.keys { byRule[rule] = max(byRule[rule] ?? 0, counts[rule.id] ?? 0) }
  }

  var totals: [(rule: Rule, count: Int)] {
    byRule.map { ($0.key, $0.value) }.sorted { ($1.count, $0.rule.id) < ($0.count, $1.rule.id) }
  }
}
