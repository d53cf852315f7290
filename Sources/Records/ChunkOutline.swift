package import Bytes

/// What is asked of a chunk when all segments are seen: keys, versions, words that are in no list, how much is in it. It
/// stands in front of the rest, so that it is read alone, and stays in memory: about 20 bytes a record.
package struct ChunkOutline: Sendable {
  package var source: Int
  package var file: Int
  package var records: Int
  /// As in `RecordColumns`.
  package var key: [Hash128]
  package var content: [UInt64]
  package var version: [Int64]
  package var findings: [UInt32]
  package var openWords: [[OpenWord]]
  /// Entries of its logs.
  package var rejected: Int
  package var excluded: Int
  package var remarks: Int
  package var corrections: Int

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
    openWords = WordSet.allCases.map { _ in
      (0..<decoder.number()).map { _ in OpenWord(code: decoder.text(), name: decoder.text()) }
    }
  }
}
