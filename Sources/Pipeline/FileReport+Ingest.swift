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

  /// What the reader says of the file when it has read it.
  mutating func take(_ account: consuming ReadingAccount, _ encoding: DetectedEncoding) {
    note(encoding)
    reading = account
    if let note = encoding.note(of: path) { reading.notes.insert(note, at: 0) }
  }

  /// Nothing of the file counts.
  mutating func quarantine(_ error: ReadError, fingerprint: String) {
    failure = error.diagnostic
    counts = CheckCounts()
    reading = ReadingAccount()
    if self.fingerprint.isEmpty { self.fingerprint = fingerprint }
  }
}

extension DetectedEncoding {
  /// That lines of the file are in several encodings, if they are.
  func note(of file: String) -> Diagnostic? {
    isMixed ? Diagnostic(.mixedEncoding, at: SourceLocation(file: file), [.word(evidence)]) : nil
  }
}
