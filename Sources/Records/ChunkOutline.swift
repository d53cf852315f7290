package import Bytes

/// What is asked of a chunk when all segments are seen: keys, versions, words that are in no list, how much is in it. It
/// stands in front of the rest, so that it is read alone, and stays in memory: about 20 bytes a record.
package final class ChunkOutline: Sendable {
  package let source: Int
  package let file: Int
  package let records: Int
  /// As in `RecordColumns`.
  package let key: [Hash128]
  package let content: [UInt64]
  package let version: [Int64]
  package let findings: [UInt32]
  package let openWords: [[OpenWord]]
  /// Entries of its logs.
  package let rejected: Int
  package let excluded: Int
  package let remarks: Int
  package let corrections: Int

  package init(_ chunk: SegmentChunk) {
    source = chunk.source
    file = chunk.file
    records = chunk.records.count
    key = chunk.records.key
    content = chunk.records.content
    version = chunk.records.version
    findings = chunk.records.findings
    openWords = chunk.openWords
    rejected = chunk.rejected.count
    excluded = chunk.excluded.count
    remarks = chunk.remarks.count
    corrections = chunk.corrections.count
  }

  /// The same of another file.
  init(_ other: ChunkOutline, file: Int) {
    source = other.source
    self.file = file
    records = other.records
    key = other.key
    content = other.content
    version = other.version
    findings = other.findings
    openWords = other.openWords
    rejected = other.rejected
    excluded = other.excluded
    remarks = other.remarks
    corrections = other.corrections
  }

  func encode(into encoder: inout ByteEncoder) {
    for number in [source, file, records, rejected, excluded, remarks, corrections] { encoder.append(number) }
    encoder.append(key)
    encoder.append(content)
    encoder.append(version)
    encoder.append(findings)
    for words in openWords {
      encoder.append(words.count)
      for word in words {
        encoder.append(word.code)
        encoder.append(word.name)
      }
    }
  }

  init(from decoder: inout ByteDecoder) {
    (source, file, records) = (decoder.number(), decoder.number(), decoder.number())
    (rejected, excluded) = (decoder.number(), decoder.number())
    (remarks, corrections) = (decoder.number(), decoder.number())
    key = decoder.column(of: Hash128.self)
    content = decoder.column(of: UInt64.self)
    version = decoder.column(of: Int64.self)
    findings = decoder.column(of: UInt32.self)
    var words = SegmentChunk.noWords
    for set in words.indices {
      let count = decoder.number()
      if count == 0 { continue }
      words[set] = (0..<count).map { _ in OpenWord(code: decoder.text(), name: decoder.text()) }
    }
    openWords = words
  }
}
