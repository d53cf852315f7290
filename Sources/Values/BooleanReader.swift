import Bytes
package import Campaign

/// Reads the booleans of one field: the words of `trueValues` and `falseValues`, byte for byte, and with `yes-no` the words
/// and marks by which people say yes and no (a word of the field's own lists keeps its meaning). Cells are trimmed before.
package struct BooleanReader: Sendable {
  /// Words of up to 8 bytes, which is nearly all of them, as numbers: comparing some thirty takes 10 ns.
  private var shortWords: [UInt64] = []
  private var shortMeanings: [Bool] = []
  private var words = ByteTable()

  package init(_ field: Field) {
    self.init(trueValues: field.trueValues, falseValues: field.falseValues, normalizers: field.normalizers)
  }

  package init(
    trueValues: [String] = ["true", "True", "TRUE", "1"], falseValues: [String] = ["false", "False", "FALSE", "0"],
    normalizers: [Normalizer] = []
  ) {
    add(trueValues, true)
    add(falseValues, false)
    guard normalizers.contains(.yesNo) else { return }
    for (word, meaning) in yesAndNo {
      add([word, word.uppercased(), word.prefix(1).uppercased() + word.dropFirst()], meaning)
    }
  }

  private mutating func add(_ spellings: [String], _ meaning: Bool) {
    for spelling in spellings {
      let bytes = Array(spelling.utf8)
      if let word = packed(bytes.span) {
        guard !shortWords.contains(word) else { continue }
        shortWords.append(word)
        shortMeanings.append(meaning)
      } else {
        words.insert(bytes.span, meaning ? 1 : 0)
      }
    }
  }

  /// - Throws: `notABoolean`.
  package func read(_ cell: Span<UInt8>) throws(ValueError) -> Bool {
    guard let word = packed(cell) else {
      guard let meaning = words.find(cell) else { throw .notABoolean }
      return meaning == 1
    }
    for place in shortWords.indices where shortWords[place] == word { return shortMeanings[place] }
    throw .notABoolean
  }
}

/// Up to 8 bytes as a number; `nil` for an empty or a longer word, or one with a byte 0, which would be its own prefix.
@inline(__always)
private func packed(_ word: Span<UInt8>) -> UInt64? {
  guard word.count > 0, word.count <= 8 else { return nil }
  var bits: UInt64 = 0
  for index in word.indices {
    if word[index] == 0 { return nil }
    bits = bits &<< 8 | UInt64(word[index])
  }
  return bits
}

private let yesAndNo: [(word: String, meaning: Bool)] = [
  ("y", true), ("yes", true), ("true", true), ("t", true), ("1", true), ("on", true),
  ("n", false), ("no", false), ("false", false), ("f", false), ("0", false), ("off", false),
  ("是", true), ("有", true), ("对", true), ("對", true), ("已", true), ("真", true), ("是的", true),
  ("否", false), ("无", false), ("無", false), ("错", false), ("錯", false), ("未", false), ("假", false),
  ("不是", false), ("没有", false), ("沒有", false), ("非", false),
  ("√", true), ("✓", true), ("✔", true), ("☑", true), ("×", false), ("✗", false), ("✘", false), ("☒", false),
  ("✕", false), ("❌", false), ("✅", true),
]
