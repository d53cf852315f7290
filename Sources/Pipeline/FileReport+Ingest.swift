import Collect
import Diagnostics
import Encodings
import Records

extension FileReport {
  /// - Parameter table: name of the table, when it is one of several in the file.
  init(_ source: SourceFile, table: String? = nil) {
    self.init(path: table ?? source.file.shown, source: source.source)
    size = source.size
  }

  mutating func note(_ encoding: DetectedEncoding) {
    self.encoding = encoding.name
    encodingEvidence = encoding.evidence
  }

  /// Nothing of the file counts.
  mutating func quarantine(_ error: ReadError, fingerprint: String) {
    failure = error.diagnostic
    counts = CheckCounts()
    reading = ReadingAccount()
    if self.fingerprint.isEmpty { self.fingerprint = fingerprint }
  }
}
