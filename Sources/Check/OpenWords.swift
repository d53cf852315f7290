import Bytes
import Records

/// Words of a chunk that are in no list of the pipeline.
struct OpenWords {
  private var tables = [ByteTable](repeating: ByteTable(), count: WordSet.allCases.count)

  /// The number of a word in the chunk; the word is added when it is new. `identity` is its code, or its name.
  mutating func number(
    of identity: ArraySlice<UInt8>, in set: WordSet, chunk: inout ChunkDraft, _ word: () -> OpenWord
  ) -> WordNumber {
    let next = chunk.openWords[set.rawValue].count
    if let known = tables[set.rawValue].insert(identity.span, Int32(next)) { return WordNumber(open: Int(known)) }
    chunk.openWords[set.rawValue].append(word())
    return WordNumber(open: next)
  }

  /// Words that only rejected or excluded records brought along leave the chunk: a record that does not count adds no unit.
  func dropUnused(from chunk: inout ChunkDraft) {
    dropUnused(.unit, of: &chunk, \.records.unit)
    dropUnused(.team, of: &chunk, \.records.team)
    dropUnused(.method, of: &chunk, \.records.method)
    dropUnused(.mode, of: &chunk, \.records.mode)
    dropUnused(.category, of: &chunk, \.findings.category)
  }

  private func dropUnused(
    _ set: WordSet, of chunk: inout ChunkDraft, _ column: WritableKeyPath<ChunkDraft, [WordNumber]>
  ) {
    let words = chunk.openWords[set.rawValue]
    guard !words.isEmpty else { return }
    var places = [Int](repeating: -1, count: words.count)
    var kept: [OpenWord] = []
    for word in chunk[keyPath: column] {
      guard let open = word.open, places[open] < 0 else { continue }
      places[open] = 0
    }
    for (open, place) in places.enumerated() where place == 0 {
      places[open] = kept.count
      kept.append(words[open])
    }
    guard kept.count < words.count else { return }
    chunk.openWords[set.rawValue] = kept
    chunk[keyPath: column] = chunk[keyPath: column].map { word in
      word.open.map { WordNumber(open: places[$0]) } ?? word
    }
  }

  mutating func removeAll() {
    for set in tables.indices where tables[set].count > 0 { tables[set] = ByteTable() }
  }
}
