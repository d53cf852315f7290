package import Bytes
package import Diagnostics

/// Sets of words to which records refer by number. A set is closed when the pipeline gives its list, else it is open: the
/// records make it.
package enum WordSet: Int, Sendable, CaseIterable {
  case unit, team, method, mode, category
}

/// A word of a `WordSet`: a place in its list, none, or a word that this chunk brings along (`SegmentChunk.openWords`).
@usableFromInline package struct WordNumber: Hashable, Sendable, BitwiseCopyable {
  @usableFromInline package var rawValue: Int32

  @inlinable @inline(__always)
  package init(rawValue: Int32) { self.rawValue = rawValue }
  @inlinable @inline(__always)
  package init(listed place: Int) { rawValue = Int32(truncatingIfNeeded: place) }
  @inline(__always)
  package init(open place: Int) { rawValue = Int32(truncatingIfNeeded: -2 - place) }
  // Computed, so that no look at it asks whether it was made.
  @inlinable @inline(__always)
  package static var none: WordNumber { WordNumber(rawValue: -1) }

  @inlinable @inline(__always)
  package var listed: Int? { rawValue >= 0 ? Int(rawValue) : nil }
  @inline(__always)
  package var open: Int? { rawValue < -1 ? Int(-2 - rawValue) : nil }
}

/// A word that is not in a list: what the records call it.
@usableFromInline package struct OpenWord: Hashable, Sendable {
  package var code: String
  package var name: String
  package init(code: String, name: String) {
    self.code = code
    self.name = name
  }
}

/// The accepted records of a chunk, a column per property. A column that the source does not have is empty.
@usableFromInline package struct RecordColumns: Sendable {
  package var line: [UInt32] = []
  /// Number of the record in its file, from 1.
  package var number: [UInt32] = []
  /// Primary key; empty where the source has none.
  package var key: [Hash128] = []
  /// All cells: two records with one key and one content are the same record twice. Empty where the first counts anyway.
  package var content: [UInt64] = []
  /// The value by which the latest of several versions is told; sorts like the field.
  package var version: [Int64] = []
  package var unit: [WordNumber] = []
  package var team: [WordNumber] = []
  package var method: [WordNumber] = []
  package var mode: [WordNumber] = []
  /// Days since 1970; `noDay` for none.
  package var day: [Int32] = []
  /// Findings of the record: the next so many of the chunk's findings.
  package var findings: [UInt32] = []
  /// Per late key of the source (`SourceDefinition.lateKeys`): its values in each record; `noValue` when all are blank.
  package var lateKeys: [[Hash128]] = []
  /// Per late key: where the cell of its first field stands in the text of each record (start in the upper half, count in
  /// the lower); `noPlace` when it does not stand there.
  package var keyPlaces: [[UInt64]] = []
  /// Where the text of the record ends in `SegmentChunk.raw`; empty unless a later stage may reject it.
  package var rawEnd: [UInt32] = []
  /// The same in `SegmentChunk.shown`; empty when records hold no direct identifiers.
  package var shownEnd: [UInt32] = []
  /// Where the identity of the record ends in `SegmentChunk.identity`; empty unless a later stage may reject it.
  package var identityEnd: [UInt32] = []
  /// Where the canonical values of the record end in `SegmentChunk.values`; empty unless they are kept.
  package var valuesEnd: [UInt32] = []

  // Computed, as `WordNumber.none`.
  @inlinable @inline(__always)
  package static var noDay: Int32 { .min }
  package static let noValue = Hash128(high: 0, low: 0)
  package static let noPlace = UInt64.max
  package init() {}
  package var count: Int { line.count }
}

/// The findings of the accepted records of a chunk, in their order.
@usableFromInline package struct FindingColumns: Sendable {
  /// Raw value of `FindingKind`.
  package var kind: [UInt8] = []
  package var category: [WordNumber] = []
  /// 0 for none.
  package var severity: [UInt8] = []
  package var line: [UInt32] = []
  /// Byte of the line at which the text begins, from 1; 0 where it is not known. Empty unless texts are kept.
  package var column: [UInt32] = []
  /// The finding's own day, where rows of a record have days of their own; else empty, and the record's day holds.
  package var day: [Int32] = []
  /// Where the text ends in `SegmentChunk.text`; it begins where the one before ends. Empty unless texts are kept.
  package var textEnd: [UInt32] = []
  package init() {}
  package var count: Int { kind.count }
}

/// How the records and findings of a chunk, a file or a run ended, as Check counts them.
@usableFromInline package struct CheckCounts: Sendable, Equatable {
  package var records = 0
  package var accepted = 0
  package var rejected = 0
  /// Records that the source's `only` leaves out.
  package var excluded = 0
  package var findings = 0
  package var findingsAccepted = 0
  package var findingsRejectedAlone = 0
  package var findingsInRejectedRecords = 0
  package var findingsInExcludedRecords = 0
  /// Diagnostics by the id of their rule, of records that were rejected and of those that were not.
  package var byRule: [String: Int] = [:]
  /// Place in `Roster.decisions` to how often it was used.
  package var decisions: [Int: Int] = [:]
  /// Blank cells of accepted records by field (from bit 8 on) and `BlankForm` (below), of fields that declare reasons.
  package var blanks: [Int: Int] = [:]

  package init() {}

  /// The totals, in the order above, for code that treats them alike.
  var totals: SIMD16<Int> {
    get {
      SIMD16(
        records, accepted, rejected, excluded, findings, findingsAccepted, findingsRejectedAlone,
        findingsInRejectedRecords, findingsInExcludedRecords, 0, 0, 0, 0, 0, 0, 0)
    }
    set {
      (records, accepted, rejected, excluded) = (newValue[0], newValue[1], newValue[2], newValue[3])
      (findings, findingsAccepted, findingsRejectedAlone) = (newValue[4], newValue[5], newValue[6])
      (findingsInRejectedRecords, findingsInExcludedRecords) = (newValue[7], newValue[8])
    }
  }
  /// How many of the lanes are used.
  static let totalCount = 9

  package mutating func merge(_ other: CheckCounts) {
    // SIMD adds without a check; no run has so many records.
    totals &+= other.totals
    // Of most chunks there is nothing in them.
    if !other.byRule.isEmpty { byRule.merge(other.byRule, uniquingKeysWith: +) }
    if !other.decisions.isEmpty { decisions.merge(other.decisions, uniquingKeysWith: +) }
    if !other.blanks.isEmpty { blanks.merge(other.blanks, uniquingKeysWith: +) }
  }
}

/// A chunk that is being made: typed columns, text by reference, the rejected records with their reasons, the counts.
@usableFromInline package struct ChunkDraft: Sendable {
  /// Places of the source in the pipeline and of the file in the run.
  @usableFromInline package var source: Int
  @usableFromInline package var file: Int
  @usableFromInline package var records = RecordColumns()
  @usableFromInline package var findings = FindingColumns()
  /// By `WordSet`: the words that are in no list.
  @usableFromInline package var openWords = Self.noWords
  static let noWords = [[OpenWord]](repeating: [], count: WordSet.allCases.count)
  @usableFromInline package var text: [UInt8] = []
  @usableFromInline package var values: [UInt8] = []
  @usableFromInline package var raw: [UInt8] = []
  @usableFromInline package var shown: [UInt8] = []
  /// Per record that a later stage may reject, as `ValueList` has it: by what corrections name it; then, of each field that
  /// such a fault may be of, its place and what stands in its cell.
  @usableFromInline package var identity: [UInt8] = []
  /// What became of the corrections of the records of this chunk.
  @usableFromInline package var corrections: [CorrectionOutcome] = []
  /// Faults of later stages that corrections accept.
  @usableFromInline package var acceptedFaults: [AcceptedFault] = []
  @usableFromInline package var rejected = RejectedLog()
  /// Records that are left out on purpose, with the reason.
  @usableFromInline package var excluded = RejectedLog()
  /// What rules of later stages look at.
  @usableFromInline package var stored = StoredValues()
  /// Warnings and notes of accepted records: the first of each rule; `counts` has all.
  @usableFromInline package var remarks = RejectedLog()
  @usableFromInline package var counts = CheckCounts()

  package init(source: Int, file: Int) {
    self.source = source
    self.file = file
  }

  fileprivate var footprint: Int {
    records.count * 64 + findings.count * 16 + text.count + values.count + raw.count + shown.count + identity.count
      + rejected.bytes.count + excluded.bytes.count + remarks.bytes.count + stored.footprint
      + 1024
  }
}

/// What Check leaves of one batch of records: a piece of the segment of its file, complete. Nothing in it depends on another
/// chunk. One reference, since it is dozens of arrays, each of which would be counted when it is handed on.
///
/// Unchecked: it is moved to its place in the run before others have it.
@usableFromInline package final class SegmentChunk: @unchecked Sendable {
  /// For who needs a few columns of it; in it, `file` is not the place in the run.
  @usableFromInline package let content: ChunkDraft
  package private(set) var file: Int
  /// Bytes that it takes in memory, about.
  package let footprint: Int

  package init(_ draft: consuming ChunkDraft) {
    file = draft.file
    footprint = draft.footprint
    content = draft
  }

  // As in `ChunkDraft`. Lent, and inlined: otherwise each look from another module asks for memory.
  @inlinable package var source: Int { content.source }
  @inlinable package var records: RecordColumns { _read { yield content.records } }
  @inlinable package var findings: FindingColumns { _read { yield content.findings } }
  @inlinable package var openWords: [[OpenWord]] { _read { yield content.openWords } }
  @inlinable package var text: [UInt8] { _read { yield content.text } }
  @inlinable package var values: [UInt8] { _read { yield content.values } }
  @inlinable package var raw: [UInt8] { _read { yield content.raw } }
  @inlinable package var shown: [UInt8] { _read { yield content.shown } }
  @inlinable package var identity: [UInt8] { _read { yield content.identity } }
  @inlinable package var corrections: [CorrectionOutcome] { _read { yield content.corrections } }
  @inlinable package var acceptedFaults: [AcceptedFault] { _read { yield content.acceptedFaults } }
  @inlinable package var rejected: RejectedLog { _read { yield content.rejected } }
  @inlinable package var excluded: RejectedLog { _read { yield content.excluded } }
  @inlinable package var stored: StoredValues { _read { yield content.stored } }
  @inlinable package var remarks: RejectedLog { _read { yield content.remarks } }
  @inlinable package var counts: CheckCounts { _read { yield content.counts } }

  /// Says of which file of the run it is.
  func move(to file: Int) { self.file = file }

  /// The text of finding `index`.
  package func findingText(_ index: Int) -> ArraySlice<UInt8> {
    guard !findings.textEnd.isEmpty else { return [] }
    let start = index == 0 ? 0 : Int(findings.textEnd[index - 1])
    return text[start..<Int(findings.textEnd[index])]
  }

  /// The canonical values of record `index`, as `ValueList` reads them.
  package func recordValues(_ index: Int) -> ArraySlice<UInt8> {
    guard !records.valuesEnd.isEmpty else { return [] }
    let start = index == 0 ? 0 : Int(records.valuesEnd[index - 1])
    return values[start..<Int(records.valuesEnd[index])]
  }

  /// The text of record `index` as it stands in the file.
  package func recordText(_ index: Int) -> ArraySlice<UInt8> {
    guard !records.rawEnd.isEmpty else { return [] }
    let start = index == 0 ? 0 : Int(records.rawEnd[index - 1])
    return raw[start..<Int(records.rawEnd[index])]
  }

  /// The same without direct identifiers.
  package func shownText(_ index: Int) -> ArraySlice<UInt8> {
    guard !records.shownEnd.isEmpty else { return recordText(index) }
    let start = index == 0 ? 0 : Int(records.shownEnd[index - 1])
    return shown[start..<Int(records.shownEnd[index])]
  }

  /// By what corrections name record `index`, and what stands in the cells of its fields, by their places.
  package func recordIdentity(_ index: Int) -> (id: String, cells: [Int: String]) {
    guard !records.identityEnd.isEmpty else { return ("", [:]) }
    let start = index == 0 ? 0 : Int(records.identityEnd[index - 1])
    var id: String?
    var cells: [Int: String] = [:]
    var field = 0
    ValueList.forEach(in: identity[start..<Int(records.identityEnd[index])]) { value in
      switch value {
      case .integer(let place): field = Int(place)
      case .text(let range):
        let text = String(decoding: identity[range], as: UTF8.self)
        if id == nil { id = text } else { cells[field] = text }
      default: break
      }
    }
    return (id ?? "", cells)
  }

  /// Whether the office accepted a fault that a later stage found of record `index`.
  package func accepts(_ diagnostic: Diagnostic, ofRecord index: Int) -> Bool {
    acceptedFaults.contains { $0.record == index && $0.covers(diagnostic) }
  }
}
