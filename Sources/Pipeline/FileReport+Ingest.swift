import Diagnostics
import Encodings
import Records

extension FileReport {
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
