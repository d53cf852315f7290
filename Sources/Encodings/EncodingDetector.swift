package import Bytes
package import Diagnostics

/// What the bytes of a file are written in, and why we think so.
package struct DetectedEncoding: Sendable, Hashable {
  /// Lower case, as the pipeline file writes it: `utf-8`, `gb18030`, `windows-1252`, `utf-16le` …
  package var name: String
  package var evidence: LocalizedText
  package var hasBOM: Bool
  package init(name: String, evidence: LocalizedText, hasBOM: Bool = false) {
    self.name = name
    self.evidence = evidence
    self.hasBOM = hasBOM
  }
}

package enum EncodingDetector {
  package static func detect(
    file: String, declared: String? = nil, open: () throws(ReadError) -> any ByteSource
  ) throws(ReadError) -> DetectedEncoding {
    DetectedEncoding(name: "utf-8", evidence: LocalizedText("-"))
  }
}
