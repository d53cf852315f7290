package import Campaign
import Diagnostics

/// How often a correction came to one state among the records of a chunk, and where first.
@usableFromInline package struct CorrectionOutcome: Sendable, Hashable {
  /// Place of the correction in the campaign's list.
  package var correction: Int
  package var state: CorrectionState
  package var records: Int
  package var line: Int
  package var record: Int
  /// What stands there, where that is not what the correction says.
  package var found: String

  package init(correction: Int, state: CorrectionState, line: Int, record: Int, found: String) {
    self.correction = correction
    self.state = state
    records = 1
    self.line = line
    self.record = record
    self.found = found
  }

  func encode(into encoder: inout ByteEncoder) {
    for number in [correction, Int(state.rawValue), records, line, record] { encoder.append(number) }
    encoder.append(found)
  }

  init(from decoder: inout ByteDecoder) {
    correction = decoder.number()
    state = CorrectionState(rawValue: UInt8(truncatingIfNeeded: decoder.number())) ?? .applied
    records = decoder.number()
    line = decoder.number()
    record = decoder.number()
    found = decoder.text()
  }
}

/// A fault of an accepted record that a rule between records may find, and that the office accepts.
@usableFromInline package struct AcceptedFault: Sendable, Hashable {
  /// Place among the records of the chunk.
  package var record: Int
  /// Empty when the fault is of the record as a whole: then `found` says which.
  package var field: String
  package var found: String
  /// Id of the rule; any when empty.
  package var rule: String

  package init(record: Int, field: String, found: String, rule: String) {
    self.record = record
    self.field = field
    self.found = found
    self.rule = rule
  }

  func covers(_ diagnostic: Diagnostic) -> Bool {
    (rule.isEmpty || rule == diagnostic.rule.id) && field == diagnostic.location.field ?? ""
      && (!field.isEmpty || found == diagnostic.found)
  }

  func encode(into encoder: inout ByteEncoder) {
    encoder.append(record)
    for text in [field, found, rule] { encoder.append(text) }
  }

  init(from decoder: inout ByteDecoder) {
    record = decoder.number()
    field = decoder.text()
    found = decoder.text()
    rule = decoder.text()
  }
}

/// What became of all corrections of a run. A monoid, as tallies are.
package struct CorrectionResults: Sendable, Equatable {
  /// One state of one correction.
  package struct Entry: Sendable, Equatable {
    package var records: Int
    /// The first in file order.
    package var file: Int
    package var line: Int
    package var record: Int
    package var found: String
  }
  private var entries: [Int: [CorrectionState: Entry]] = [:]

  package init() {}

  package mutating func add(_ chunk: SegmentChunk) {
    for outcome in chunk.corrections {
      add(
        Entry(
          records: outcome.records, file: chunk.file, line: outcome.line, record: outcome.record, found: outcome.found),
        outcome.state, of: outcome.correction)
    }
  }

  package mutating func merge(_ other: CorrectionResults) {
    for (correction, states) in other.entries {
      for (state, entry) in states { add(entry, state, of: correction) }
    }
  }

  private mutating func add(_ entry: Entry, _ state: CorrectionState, of correction: Int) {
    guard var known = entries[correction]?[state] else {
      entries[correction, default: [:]][state] = entry
      return
    }
    let records = known.records + entry.records
    if (entry.file, entry.record) < (known.file, known.record) { known = entry }
    known.records = records
    entries[correction]?[state] = known
  }

  package func encode(into encoder: inout ByteEncoder) {
    let all = entries.flatMap { correction, states in states.map { (correction, $0.key, $0.value) } }
    encoder.append(all.count)
    for (correction, state, entry) in all {
      encoder.append([correction, Int(state.rawValue), entry.records, entry.file, entry.line, entry.record])
      encoder.append(entry.found)
    }
  }

  /// - Parameter files: the new place of each file that has records.
  package init(_ decoder: inout ByteDecoder, files: [Int: Int]) {
    for _ in 0..<decoder.number() {
      let numbers = decoder.column(of: Int.self)
      let entry = Entry(
        records: numbers[2], file: files[numbers[3]] ?? numbers[3], line: numbers[4], record: numbers[5],
        found: decoder.text())
      if let state = CorrectionState(rawValue: UInt8(truncatingIfNeeded: numbers[1])) {
        entries[numbers[0], default: [:]][state] = entry
      }
    }
  }

  /// Records to which the correction came in this state.
  package func entry(_ correction: Int, _ state: CorrectionState) -> Entry? { entries[correction]?[state] }

  /// What is to be said of a correction: that it was applied, else why not.
  package func state(of index: Int, _ correction: Correction) -> CorrectionState {
    if let refusal = correction.refusal { return refusal }
    let found = entries[index] ?? [:]
    for state in [CorrectionState.applied, .already, .cannotBeAccepted, .oldValueDiffers, .notNeeded]
    where found[state] != nil { return state }
    // A decision about all records waits for those that come.
    return correction.record == Correction.everyRecord ? .notNeeded : .recordNotFound
  }

  /// Corrections by state.
  package func counts(_ corrections: [Correction]) -> [CorrectionState: Int] {
    var counts: [CorrectionState: Int] = [:]
    for (index, correction) in corrections.enumerated() { counts[state(of: index, correction), default: 0] += 1 }
    return counts
  }
}
