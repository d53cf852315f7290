package import Diagnostics

/// What a run did with one file: the basis of the `files` table, of `run.json` and of the sum.
package struct FileReport: Sendable {
  /// Path below the inbox, as shown.
  package var path: String
  /// Place of the source in the pipeline.
  package var source: Int
  /// SHA-256 of the content, hexadecimal.
  package var fingerprint = ""
  package var size = 0
  package var encoding = ""
  /// Why the encoding was taken for that, for people.
  package var encodingEvidence = LocalizedText("")
  package var reading = ReadingAccount()
  package var counts = CheckCounts()
  /// Why nothing of the file counts; it is quarantined.
  package var failure: Diagnostic?
  /// Place of the earlier file of the same source with the same content.
  package var repeats: Int?

  package init(path: String, source: Int) {
    self.path = path
    self.source = source
  }
}

/// `records read = tallied + rejected + duplicate + superseded + excluded`, or the same of findings.
package struct Sum: Sendable, Equatable {
  package var read = 0
  package var tallied = 0
  package var rejected = 0
  package var duplicate = 0
  package var superseded = 0
  package var excluded = 0
  package init() {}

  package var holds: Bool { read == tallied + rejected + duplicate + superseded + excluded }

  package mutating func merge(_ other: Sum) {
    read += other.read
    tallied += other.tallied
    rejected += other.rejected
    duplicate += other.duplicate
    superseded += other.superseded
    excluded += other.excluded
  }
}

/// The sum as one side of the run counted it.
package struct Sums: Sendable, Equatable {
  package var records = Sum()
  package var findings = Sum()
  package init() {}
  package mutating func merge(_ other: Sums) {
    records.merge(other.records)
    findings.merge(other.findings)
  }
}
