package import Bytes

/// How much is in a chunk.
package struct ChunkSummary: Sendable, Hashable {
  package var records: UInt32 = 0
  package var findings: UInt32 = 0
  /// Entries of its logs.
  package var rejected: UInt32 = 0
  package var excluded: UInt32 = 0
  package var remarks: UInt32 = 0
  package var corrections: UInt32 = 0
  /// Which columns of `ChunkKeys` there are.
  package var hasKeys = false
  package var hasContents = false
  package var hasVersions = false

  init() {}

  init(_ chunk: SegmentChunk) {
    records = UInt32(chunk.records.count)
    findings = chunk.records.findings.reduce(0, &+)
    rejected = UInt32(chunk.rejected.count)
    excluded = UInt32(chunk.excluded.count)
    remarks = UInt32(chunk.remarks.count)
    corrections = UInt32(chunk.corrections.count)
    hasKeys = !chunk.records.key.isEmpty
    hasContents = !chunk.records.content.isEmpty
    hasVersions = !chunk.records.version.isEmpty
  }

  func encode(into encoder: inout ByteEncoder) {
    for number in [records, findings, rejected, excluded, remarks, corrections] { encoder.append(Int(number)) }
    encoder.append((hasKeys ? 1 : 0) + (hasContents ? 2 : 0) + (hasVersions ? 4 : 0))
  }

  init(from decoder: inout ByteDecoder) {
    func next() -> UInt32 { UInt32(truncatingIfNeeded: decoder.number()) }
    (records, findings) = (next(), next())
    (rejected, excluded) = (next(), next())
    (remarks, corrections) = (next(), next())
    let columns = decoder.number()
    (hasKeys, hasContents, hasVersions) = (columns & 1 != 0, columns & 2 != 0, columns & 4 != 0)
  }
}

/// What is asked of the records of a chunk when all segments are seen: keys, versions, findings. It stands in front of most
/// of the chunk, so that it is read alone: about 20 bytes a record.
package final class ChunkKeys: Sendable {
  /// As in `RecordColumns`.
  package let key: [Hash128]
  package let content: [UInt64]
  package let version: [Int64]
  package let findings: [UInt32]

  package init(_ records: RecordColumns) {
    key = records.key
    content = records.content
    version = records.version
    findings = records.findings
  }

  /// The keys first, one behind another: of a chunk of which nothing else is read a single one can be.
  func encode(into encoder: inout ByteEncoder) {
    encoder.append(elements: key)
    encoder.append(elements: content)
    encoder.append(elements: version)
    encoder.append(elements: findings)
  }

  init(from decoder: inout ByteDecoder, _ summary: ChunkSummary) {
    let records = Int(summary.records)
    key = decoder.elements(summary.hasKeys ? records : 0, of: Hash128.self)
    content = decoder.elements(summary.hasContents ? records : 0, of: UInt64.self)
    version = decoder.elements(summary.hasVersions ? records : 0, of: Int64.self)
    findings = decoder.elements(records, of: UInt32.self)
  }
}

/// What stays in memory of every chunk: how much is in it, words that are in no list, and its keys, which of a chunk that an
/// earlier run left are read when they are asked for.
package final class ChunkOutline: Sendable {
  package let source: Int
  package let file: Int
  package let summary: ChunkSummary
  package let openWords: [[OpenWord]]
  package let keys: ChunkKeys?

  package var records: Int { Int(summary.records) }
  /// Entries of its logs of records.
  package var logged: Int { Int(summary.rejected) + Int(summary.excluded) }

  package init(_ chunk: SegmentChunk) {
    source = chunk.source
    file = chunk.file
    summary = ChunkSummary(chunk)
    openWords = chunk.openWords
    keys = ChunkKeys(chunk.records)
  }

  /// Of a chunk in a segment file.
  init(_ place: ChunkPlace, _ openWords: [[OpenWord]], file: Int) {
    source = Int(place.source)
    self.file = file
    summary = place.summary
    self.openWords = openWords
    keys = nil
  }

  /// The same with its keys.
  init(_ other: ChunkOutline, _ keys: ChunkKeys) {
    source = other.source
    file = other.file
    summary = other.summary
    openWords = other.openWords
    self.keys = keys
  }
}

extension SegmentChunk {
  /// Nothing where there are none.
  static func encode(_ openWords: [[OpenWord]], into encoder: inout ByteEncoder) {
    if openWords.allSatisfy({ $0.isEmpty }) { return }
    for words in openWords {
      encoder.append(words.count)
      for word in words {
        encoder.append(word.code)
        encoder.append(word.name)
      }
    }
  }

  static func openWords(from decoder: inout ByteDecoder, _ count: Int) -> [[OpenWord]] {
    var words = ChunkDraft.noWords
    if count == 0 { return words }
    for set in words.indices {
      words[set] = (0..<decoder.number()).map { _ in OpenWord(code: decoder.text(), name: decoder.text()) }
    }
    return words
  }
}
