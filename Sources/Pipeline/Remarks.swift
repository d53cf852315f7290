import Campaign
import Check
import Diagnostics
import Expressions
import FieldChecks
import Reconcile
import Records
import Tables

/// What rules and checks noticed of records that count: of each rule the first place, and how often.
struct RemarkSummary {
  private(set) var first: [(diagnostic: Diagnostic, count: Int)] = []

  init(_ store: SegmentStore, _ reconciliation: Reconciliation, _ files: [FileReport]) throws {
    var places: [String: Int] = [:]
    var counts = reconciliation.remarkCounts
    func add(_ diagnostic: Diagnostic) {
      guard places[diagnostic.rule.id] == nil else { return }
      places[diagnostic.rule.id] = first.count
      first.append((diagnostic, 0))
    }
    try store.forEachChunk(thatHaveRemarks: true) { _, chunk in
      chunk.remarks.forEachEntry { entry in
        for reason in entry.reasons { add(reason.diagnostic(in: files[chunk.file].path, record: entry.number)) }
      }
    }
    for remark in reconciliation.remarks { add(remark.diagnostic) }
    for place in files.indices where files[place].hasDetails {
      counts.merge(files[place].counts.byRule, uniquingKeysWith: +)
    }
    for place in first.indices { first[place].count = counts[first[place].diagnostic.rule.id] ?? 1 }
  }

  var hasErrors: Bool { first.contains { $0.diagnostic.severity == .error } }

  /// Errors and warnings, for the screen and for logs: the values stand in the `notes` table only, and so do notes.
  func condensed(_ language: Language) -> [Diagnostic] {
    first.filter { $0.diagnostic.severity != .note }.map { diagnostic, count in
      var shown = diagnostic
      shown.found = ""
      shown.arguments = diagnostic.arguments.map { _ in .literal("…") }
      if count > 1 { shown.location.file += language == .zh ? "（另有 \(count - 1) 处）" : " (and \(count - 1) more)" }
      return shown
    }
  }
}

extension CampaignFolder {
  /// What the checks of field work notice goes into the remarks of `reconciliation`.
  func runFieldChecks(
    _ store: SegmentStore, _ files: [FileReport], _ reconciliation: inout Reconciliation
  ) throws -> [Table] {
    let input = FieldCheckInput(
      checks: definition.checks, book: ruleBook, sources: definition.sources, window: definition.window,
      language: language, store: store, files: definition.checks.isEmpty ? [] : files.map(\.path))
    return try FieldChecks.run(input, &reconciliation)
  }

  func lateRules(_ files: [FileReport]) -> Reconciler.LateRules {
    Reconciler.LateRules(
      book: ruleBook, window: definition.window, language: language,
      files: ruleBook.late.isEmpty ? [] : files.map(\.path))
  }
}
