package import Campaign
package import Diagnostics
package import Records

/// What Tally works on: the run so far, as values.
package struct TallyInput: Sendable {
  package var campaign: CampaignDefinition
  package var asOf: Day
  package var files: [FileReport]
  /// Warnings and notes that are not of one file: of the pipeline, of the inbox.
  package var notes: [Diagnostic]
  package var store: SegmentStore
  package var reconciliation: Reconciliation
  package var corrections: [Correction]
  /// A value to propose in place of a rejected one: of a source, a group (0 for the record), a field and a rule.
  package var propose: Proposal?
  /// How direct identifiers are shown, and whether the work lists show them as they are.
  package var personal: PersonalView
  package var showsPersonal: Bool
  package typealias Proposal = @Sendable (Int, Int, String, Rule, String) -> String?

  package init(
    campaign: CampaignDefinition, asOf: Day, files: [FileReport], notes: [Diagnostic], store: SegmentStore,
    reconciliation: Reconciliation, corrections: [Correction] = [], propose: Proposal? = nil,
    personal: PersonalView? = nil, showsPersonal: Bool = false
  ) {
    self.campaign = campaign
    self.asOf = asOf
    self.files = files
    self.notes = notes
    self.store = store
    self.reconciliation = reconciliation
    self.corrections = corrections
    self.propose = propose
    self.personal = personal ?? PersonalView(campaign.sources)
    self.showsPersonal = showsPersonal
  }

  var lists: WordLists { reconciliation.lists }

  /// Goes through the records that count, with what is needed to add them up.
  func forEachChunk(_ body: (CountedChunk) throws -> Void) throws {
    try store.forEachChunk { index, chunk in
      try body(CountedChunk(chunk: chunk, index: index, reconciliation: reconciliation))
    }
  }
}

/// A chunk together with what Reconcile decided about it.
struct CountedChunk {
  let chunk: SegmentChunk
  let index: Int
  let reconciliation: Reconciliation

  var firstOrdinal: Int { reconciliation.chunkStart[index] }

  func verdict(_ record: Int) -> Verdict { reconciliation.verdict(firstOrdinal + record) }

  func place(_ column: [WordNumber], _ record: Int, _ set: WordSet) -> Int? {
    column.isEmpty ? nil : reconciliation.place(of: column[record], in: set, chunk: index)
  }

  func day(_ record: Int) -> Day? {
    let day = chunk.records.day
    return day.isEmpty || day[record] == RecordColumns.noDay ? nil : Day(number: day[record])
  }

  func day(ofFinding finding: Int, of record: Int) -> Day? {
    let day = chunk.findings.day
    return day.isEmpty || day[finding] == RecordColumns.noDay ? self.day(record) : Day(number: day[finding])
  }

  /// Each record with the places of its findings in the chunk.
  func forEachRecord(_ body: (_ record: Int, _ findings: Range<Int>) throws -> Void) rethrows {
    var next = 0
    for record in 0..<chunk.records.count {
      let end = next + Int(chunk.records.findings[record])
      try body(record, next..<end)
      next = end
    }
  }
}
