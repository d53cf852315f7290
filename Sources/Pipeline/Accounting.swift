import Diagnostics
import Records

/// The sum of the run, from both ends: what the stages counted while they worked, and what the tables were made of.
struct Accounting: Sendable {
  /// Per source: as Read, Check and Reconcile counted.
  let stages: [Sums]
  /// Per source: as Tally counted what it used.
  let tables: [Sums]
  /// Per file: as the stages counted.
  let files: [Sums]

  init(files reports: [FileReport], reconciliation: Reconciliation, tables: [Sums], sources: Int) {
    self.tables = tables
    var stages = [Sums](repeating: Sums(), count: sources)
    let verdicts = reconciliation.counts
    files = reports.indices.map { index in
      reports.approach(index)
      let sums = Sums(reports[index], verdicts[index])
      stages[reports[index].source].merge(sums)
      return sums
    }
    self.stages = stages
  }

  var total: Sums { stages.reduce(into: Sums()) { $0.merge($1) } }

  var holds: Bool {
    files.allSatisfy { $0.records.holds && $0.findings.holds }
      && zip(stages, tables).allSatisfy { $0.agrees(with: $1) }
  }

  /// - Throws: `RunFailure` with status 70 when a record or finding was lost or counted twice: our own mistake, and nothing
  ///   of the run may be believed.
  func prove() throws(RunFailure) {
    guard !holds else { return }
    var diagnostics: [Diagnostic] = []
    for (source, (stage, table)) in zip(stages, tables).enumerated() where !stage.agrees(with: table) {
      diagnostics.append(
        Diagnostic(
          .sumBroken, at: SourceLocation(file: "source \(source + 1)"), found: "\(table.records) \(table.findings)",
          [.literal("\(stage.records) \(stage.findings)")]))
    }
    if diagnostics.isEmpty { diagnostics = [Diagnostic(.sumBroken, at: SourceLocation(file: "files"))] }
    throw RunFailure(diagnostics, 70)
  }
}

extension Sums {
  /// The sum of a file: `read` is what the reader counted, the rest what Check and Reconcile decided.
  fileprivate init(_ report: FileReport, _ verdicts: VerdictCounts) {
    self.init()
    records.read = report.reading.records
    records.rejected = report.counts.rejected + verdicts.records[Int(Verdict.rejected.rawValue)]
    records.excluded = report.counts.excluded
    records.tallied = verdicts.records[Int(Verdict.counts.rawValue)]
    records.duplicate = verdicts.records[Int(Verdict.duplicate.rawValue)]
    records.superseded = verdicts.records[Int(Verdict.superseded.rawValue)]
    findings.read = report.counts.findings
    findings.rejected =
      report.counts.findingsInRejectedRecords + report.counts.findingsRejectedAlone
      + verdicts.findings[Int(Verdict.rejected.rawValue)]
    findings.excluded = report.counts.findingsInExcludedRecords
    findings.tallied = verdicts.findings[Int(Verdict.counts.rawValue)]
    findings.duplicate = verdicts.findings[Int(Verdict.duplicate.rawValue)]
    findings.superseded = verdicts.findings[Int(Verdict.superseded.rawValue)]
  }

  /// The tables know nothing of what was read; all other members must be equal.
  fileprivate func agrees(with tables: Sums) -> Bool {
    var tables = tables
    tables.records.read = records.read
    tables.findings.read = findings.read
    return self == tables
  }
}
