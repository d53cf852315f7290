import Bytes
import Records

/// Words of a chunk that are in no list of the pipeline.
struct OpenWords {
  private var tables = [ByteTable](repeating: ByteTable(), count: WordSet.allCases.count)

  /// The number of a word in the chunk; the word is added when it is new. `identity` is its code, or its name.
  mutating func number(
    of identity: ArraySlice<UInt8>, in set: WordSet, chunk: inout SegmentChunk, _ word: () -> OpenWord
  ) -> WordNumber {
    let next = chunk.openWords[set.rawValue].count
    if let known = tables[set.rawValue].insert(identity.span, Int32(next)) { return WordNumber(open: Int(known)) }
    chunk.openWords[set.rawValue].append(word())
    return WordNumber(open: next)
  }

  mutating func removeAll() {
    for set in tables.indices where tables[set].count > 0 { tables[set] = ByteTable() }
  }
}
