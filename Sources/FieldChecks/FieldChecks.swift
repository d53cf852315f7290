package import Campaign
package import Diagnostics
package import Expressions
package import Records
package import Tables

/// What the checks of field work look at.
package struct FieldCheckInput {
  package var checks: [FieldCheckDefinition]
  package var book: RuleBook
  package var sources: [SourceDefinition]
  package var window: ClosedRange<Day>?
  package var language: Language
  package var store: SegmentStore
  /// Paths of the files of the run, as shown.
  package var files: [String]

  package init(
    checks: [FieldCheckDefinition], book: RuleBook, sources: [SourceDefinition], window: ClosedRange<Day>?,
    language: Language, store: SegmentStore, files: [String]
  ) {
    self.checks = checks
    self.book = book
    self.sources = sources
    self.window = window
    self.language = language
    self.store = store
    self.files = files
  }
}

/// Checks how the work in the field was done, over the records that count: nothing that they find rejects a record.
package enum FieldChecks {
  /// Adds what the checks notice to the remarks of `result`.
  ///
  /// - Returns: the tables of those checks whose figures are per team and question.
  package static func run(_ input: FieldCheckInput, _ result: inout Reconciliation) throws -> [Table] {
    guard !input.checks.isEmpty else { return [] }
    var checks = input.checks.indices.map { make(input.checks[$0], number: $0, input) }
    let passes = checks.map(\.passes).max() ?? 1
    for pass in 0..<passes {
      try input.store.forEachChunk { index, chunk in
        let asked = checks.indices.filter { checks[$0].wants(source: chunk.source, pass: pass) }
        guard !asked.isEmpty else { return }
        for record in 0..<chunk.records.count {
          let ordinal = result.chunkStart[index] + record
          guard result.verdict(ordinal) == .counts else { continue }
          let team =
            chunk.records.team.isEmpty ? nil : result.place(of: chunk.records.team[record], in: .team, chunk: index)
          for place in asked {
            checks[place].add(CheckedRecord(chunk: chunk, record: record, ordinal: ordinal, team: team), pass: pass)
          }
        }
      }
    }
    var report = CheckReport(input, result.lists)
    for place in checks.indices {
      report.begin(place)
      checks[place].finish(&report)
    }
    return try report.publish(into: &result)
  }

  private static func make(
    _ definition: FieldCheckDefinition, number: Int, _ input: FieldCheckInput
  ) -> any FieldCheck {
    let columns = CheckColumns(definition, number: number, input)
    switch definition.kind {
    case .duration: return DurationCheck(columns)
    case .overlap: return OverlapCheck(columns)
    case .travel: return TravelCheck(columns)
    case .outliers: return OutlierCheck(columns)
    case .missing: return MissingCheck(columns)
    case .straightLining: return StraightLiningCheck(columns)
    case .outsideWindow: return WindowCheck(columns, window: input.window)
    case .identicalAnswers: return IdenticalCheck(columns)
    case .backCheck: return BackCheck(columns)
    }
  }
}

/// One check at work.
protocol FieldCheck {
  var columns: CheckColumns { get }
  var passes: Int { get }
  func wants(source: Int, pass: Int) -> Bool
  mutating func add(_ record: CheckedRecord, pass: Int)
  mutating func finish(_ report: inout CheckReport)
}

extension FieldCheck {
  var passes: Int { 1 }
  func wants(source: Int, pass: Int) -> Bool { pass == 0 && source == columns.source }
}

/// A record that counts.
struct CheckedRecord {
  let chunk: SegmentChunk
  let record: Int
  let ordinal: Int
  /// Place of its team.
  let team: Int?

  /// - Parameter column: of what Check kept.
  func value(_ column: Int) -> StoredValues.Value { chunk.stored.value(record, column) }
  func text(of value: StoredValues.Value) -> ArraySlice<UInt8> { chunk.stored.text(of: value) }

  /// Seconds since 1970.
  func instant(_ column: Int?) -> Int64? {
    guard let column else { return nil }
    let value = value(column)
    return value.state == .known ? value.bits : nil
  }

  func isBlank(_ column: Int) -> Bool { value(column).state == .blank }
}
