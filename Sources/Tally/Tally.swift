package import Campaign
package import Diagnostics
package import Records
import Tables

/// What Tally works on: the run so far, as values.
package struct TallyInput: Sendable {
  package var campaign: CampaignDefinition
  package var asOf: Day
  package var files: [FileReport]
  /// Warnings and notes that are not of one file: of the pipeline, of the inbox.
  package var notes: [Diagnostic]
  package var store: SegmentStore
  let decided: Decided
  package var reconciliation: Reconciliation { _read { yield decided.reconciliation } }
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
    decided = Decided(reconciliation)
    self.corrections = corrections
    self.propose = propose
    self.personal = personal ?? PersonalView(campaign.sources)
    self.showsPersonal = showsPersonal
  }

  var lists: WordLists { reconciliation.lists }

  /// Goes through a stretch of the chunks, with what is needed to add their records up.
  func forEachChunk(_ chunks: Range<Int>, _ body: (CountedChunk) throws -> Void) throws {
    for index in chunks {
      try body(CountedChunk(try store.chunk(index), index: index, decided))
    }
  }

  /// Whether Reconcile rejected records of a chunk.
  func hasLateRejections(_ chunk: Int) -> Bool {
    guard !reconciliation.rejections.isEmpty || !reconciliation.ruleRejections.isEmpty else { return false }
    let first = reconciliation.chunkStart[chunk]
    return reconciliation.verdicts[first..<first + store.outlines[chunk].records].contains(Verdict.rejected.rawValue)
  }
}

/// Rows that come from the chunks, in their order: they are made in stretches side by side.
protocol ChunkRows: RowSource {
  var tallier: Tallier { get }
  /// Whether a chunk may hold rows.
  func isOf(_ chunk: Int) -> Bool
  /// Rows that stand before those of the chunks.
  func forEachFirstRow(_ body: (borrowing TableRow) throws -> Void) throws
  func forEachRow(of counted: CountedChunk, _ body: (borrowing TableRow) throws -> Void) throws
}

extension ChunkRows {
  func forEachFirstRow(_ body: (borrowing TableRow) throws -> Void) throws {}

  package var growsWithRecords: Bool { true }

  package var partCount: Int { tallier.stretches.count }

  package func forEachRow(ofPart part: Int, _ body: (borrowing TableRow) throws -> Void) throws {
    if part == 0 { try forEachFirstRow(body) }
    try forEachRow(ofChunks: tallier.stretches[part], body)
  }

  package func forEachRow(_ body: (borrowing TableRow) throws -> Void) throws {
    for part in 0..<partCount { try forEachRow(ofPart: part, body) }
  }

  func forEachRow(ofChunks chunks: Range<Int>, _ body: (borrowing TableRow) throws -> Void) throws {
    for chunk in chunks where isOf(chunk) {
      try tallier.input.forEachChunk(chunk..<chunk + 1) { try forEachRow(of: $0, body) }
    }
  }
}

/// The rows of chunks that an earlier output has not.
struct AddedRows: RowSource {
  let rows: any ChunkRows
  let stretches: [Range<Int>]

  package var partCount: Int { stretches.count }

  package func forEachRow(ofPart part: Int, _ body: (borrowing TableRow) throws -> Void) throws {
    try rows.forEachRow(ofChunks: stretches[part], body)
  }

  package func forEachRow(_ body: (borrowing TableRow) throws -> Void) throws {
    for part in 0..<partCount { try forEachRow(ofPart: part, body) }
  }
}

extension SegmentStore {
  /// Its chunks in stretches of some thousand records; one that is empty when there are none.
  func stretches(from first: Int) -> [Range<Int>] {
    var stretches: [Range<Int>] = []
    var start = first
    var records = 0
    for place in first..<count {
      records += outlines[place].records + outlines[place].logged
      guard records >= 2_048 else { continue }
      stretches.append(start..<place + 1)
      (start, records) = (place + 1, 0)
    }
    if start < count || stretches.isEmpty { stretches.append(start..<count) }
    return stretches
  }
}

/// What Reconcile decided: dozens of arrays, handed around by one reference.
final class Decided: Sendable {
  let reconciliation: Reconciliation
  init(_ reconciliation: Reconciliation) { self.reconciliation = reconciliation }
}

/// A chunk together with what Reconcile decided about it.
struct CountedChunk {
  let chunk: SegmentChunk
  private let decided: Decided
  let index: Int
  var reconciliation: Reconciliation { _read { yield decided.reconciliation } }

  init(_ chunk: SegmentChunk, index: Int, _ decided: Decided) {
    self.chunk = chunk
    self.decided = decided
    self.index = index
  }

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
