package import Bytes

/// Where a chunk stands in a segment file, and how much is in it.
package struct ChunkPlace: Sendable, Hashable {
  package var offset = 0
  package var count = 0
  /// Bytes of the words that are in no list, with which it begins, and of the keys behind them.
  var words: UInt32 = 0
  var keys: UInt32 = 0
  /// Place of its source in the pipeline.
  package var source: UInt32 = 0
  package var summary = ChunkSummary()
  /// Of the three parts.
  var wordsHash = Self.noHash
  var keysHash = Self.noHash
  var hash = Self.noHash
  private static let noHash = Hash128(high: 0, low: 0)

  init() {}

  /// - Parameters:
  ///   - bytes: of the chunk.
  ///   - words: how many of them its words take.
  ///   - keys: how many its keys.
  init(_ chunk: SegmentChunk, _ bytes: Span<UInt8>, at offset: Int, words: Int, keys: Int) {
    self.offset = offset
    count = bytes.count
    self.words = UInt32(words)
    self.keys = UInt32(keys)
    source = UInt32(chunk.source)
    summary = ChunkSummary(chunk)
    (wordsHash, keysHash, hash) = hashes(of: bytes)
  }

  var keysOffset: Int { offset + Int(words) }

  /// Of all of it.
  package var whole: Hash128 {
    var whole = wordsHash
    whole.combine(keysHash)
    whole.combine(hash)
    return whole
  }

  private func hashes(of bytes: Span<UInt8>) -> (Hash128, Hash128, Hash128) {
    let (words, keys) = (Int(words), Int(words) + Int(keys))
    return (
      words == 0 ? Self.noHash : Hash128(ofBlock: bytes.extracting(..<words)),
      Hash128(ofBlock: bytes.extracting(words..<keys)), Hash128(ofBlock: bytes.extracting(keys...))
    )
  }

  /// Whether they are those that were written.
  func isRight(_ bytes: Span<UInt8>) -> Bool {
    bytes.count == count && Int(words) + Int(keys) <= count && hashes(of: bytes) == (wordsHash, keysHash, hash)
  }

  /// Of all bytes of the chunk, its keys.
  package func keys(in bytes: [UInt8]) -> ChunkKeys {
    var decoder = ByteDecoder(bytes, from: Int(words))
    return ChunkKeys(from: &decoder, summary)
  }

  /// - Parameter end: of the chunk before.
  func encode(into encoder: inout ByteEncoder, after end: Int) {
    for number in [offset - end, count, Int(words), Int(keys)] { encoder.append(number) }
    summary.encode(into: &encoder)
    if words > 0 { encoder.append(wordsHash) }
    encoder.append(keysHash)
    encoder.append(hash)
  }

  init(from decoder: inout ByteDecoder, after end: Int, source: Int) {
    (offset, count) = (end + decoder.number(), decoder.number())
    (words, keys) = (UInt32(truncatingIfNeeded: decoder.number()), UInt32(truncatingIfNeeded: decoder.number()))
    self.source = UInt32(truncatingIfNeeded: source)
    summary = ChunkSummary(from: &decoder)
    if words > 0 { wordsHash = decoder.hash() }
    keysHash = decoder.hash()
    hash = decoder.hash()
  }
}
