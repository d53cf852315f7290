import Bytes
import SeededRandom
import Testing

/// Length of the longest valid prefix, byte by byte from table 3-7 of the Unicode standard.
private func plainPrefix(_ bytes: [UInt8]) -> Int {
  let forms: [(lead: ClosedRange<UInt8>, second: ClosedRange<UInt8>, count: Int)] = [
    (0xC2...0xDF, 0x80...0xBF, 2), (0xE0...0xE0, 0xA0...0xBF, 3), (0xE1...0xEC, 0x80...0xBF, 3),
    (0xED...0xED, 0x80...0x9F, 3), (0xEE...0xEF, 0x80...0xBF, 3), (0xF0...0xF0, 0x90...0xBF, 4),
    (0xF1...0xF3, 0x80...0xBF, 4), (0xF4...0xF4, 0x80...0x8F, 4),
  ]
  var at = 0
  while at < bytes.count {
    if bytes[at] < 0x80 {
      at += 1
      continue
    }
    guard let form = forms.first(where: { $0.lead.contains(bytes[at]) }), at + form.count <= bytes.count,
      form.second.contains(bytes[at + 1]), bytes[(at + 2)..<(at + form.count)].allSatisfy({ $0 & 0xC0 == 0x80 })
    else { return at }
    at += form.count
  }
  return at
}

/// What both ways of the processor say, which is the same.
func prefix(_ bytes: [UInt8], holdsNoMarker: Bool = false) -> Int {
  let (wide, narrow) =
    holdsNoMarker
    ? (validTextPrefix(bytes.span), validTextPrefix(bytes.span, mayBeWide: false))
    : (validUTF8Prefix(bytes.span), validUTF8Prefix(bytes.span, mayBeWide: false))
  if wide != narrow { Issue.record("\(wide) and \(narrow) of \(bytes.count) bytes: \(bytes.prefix(300))") }
  return wide
}

@Suite struct ScanTests {
  /// The first and last character of each form of table 3-7, and its neighbours that are none.
  @Test(
    arguments: [
      ([0x00], 1), ([0x7F], 1), ([0x80], 0), ([0xC1, 0xBF], 0), ([0xC2, 0x80], 2), ([0xDF, 0xBF], 2),
      ([0xDF, 0xC0], 0),
      ([0xE0, 0x9F, 0xBF], 0), ([0xE0, 0xA0, 0x80], 3), ([0xE1, 0x80, 0x80], 3), ([0xEC, 0xBF, 0xBF], 3),
      ([0xED, 0x9F, 0xBF], 3), ([0xED, 0xA0, 0x80], 0), ([0xEE, 0x80, 0x80], 3), ([0xEF, 0xBF, 0xBF], 3),
      ([0xEF, 0xBF, 0xC0], 0), ([0xF0, 0x8F, 0xBF, 0xBF], 0), ([0xF0, 0x90, 0x80, 0x80], 4),
      ([0xF3, 0xBF, 0xBF, 0xBF], 4), ([0xF4, 0x8F, 0xBF, 0xBF], 4), ([0xF4, 0x90, 0x80, 0x80], 0),
      ([0xF5, 0x80, 0x80, 0x80], 0), ([0xFF], 0), ([0xE4, 0xB8], 0), ([0xF0, 0x9F, 0x98], 0), ([0xE4], 0),
    ] as [([UInt8], Int)])
  func readsEachFormOfTheTable(form: [UInt8], valid: Int) {
    for before in [0, 1, 13, 14, 15, 16, 17, 29, 61, 62, 63, 64, 65, 79, 127, 128] {
      for after in [0, 1, 15, 63, 64, 80] where valid > 0 || after == 0 || form.last! >= 0x80 {
        let bytes = [UInt8](repeating: 0x61, count: before) + form + [UInt8](repeating: 0x7A, count: after)
        let expected = valid == form.count ? bytes.count : before
        #expect(prefix(bytes) == expected, "\(before) bytes before, \(after) behind")
      }
    }
  }

  @Test(arguments: [UInt64(21), 22, 23])
  func thePrefixIsThatOfAPlainLoop(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    let characters = ["a", "é", "访", "😀", "\u{7FF}", "\u{800}", "\u{FFFF}", "\u{10000}", "\u{10FFFF}"].map {
      Array($0.utf8)
    }
    for _ in 0..<600 {
      var bytes: [UInt8] = []
      let length = [15, 16, 17, 63, 64, 65, 200].randomElement(using: &generator)!
      while bytes.count < length { bytes += characters.randomElement(using: &generator)! }
      bytes.removeSubrange(length...)
      if Bool.random(using: &generator) {
        bytes[Int.random(in: 0..<length, using: &generator)] = UInt8.random(in: 0...255, using: &generator)
      }
      let found = prefix(bytes)
      #expect(found == plainPrefix(bytes), "seed \(seed): \(bytes)")
      #expect((found == length) == (String(validating: bytes, as: UTF8.self) != nil), "seed \(seed): \(bytes)")
    }
  }

  /// The scan goes piece by piece of 16 KiB; a fault may lie on either side of the border, or the border in a character.
  @Test(arguments: 16_380..<16_390)
  func aBorderOfPiecesHidesNothing(place: Int) {
    var bytes = [UInt8](repeating: 0x61, count: place) + Array("中文".utf8) + [UInt8](repeating: 0x62, count: 20_000)
    #expect(prefix(bytes) == bytes.count)
    bytes[place + 4] = 0x20
    #expect(prefix(bytes) == place + 3)
  }

  /// U+FDD0 ends the prefix wherever it stands, and no other character does.
  @Test(arguments: ["a", "é", "，", "😀"])
  func aMarkerEndsThePrefix(filler: String) {
    for before in 0..<80 {
      let start = Array(String(repeating: filler, count: before).utf8)
      let text = start + [0xEF, 0xB7, 0x90] + Array(String(repeating: filler, count: 50).utf8)
      #expect(prefix(text, holdsNoMarker: true) == start.count, "\(before) characters before")
      #expect(prefix(text) == text.count)
      let near = start + [0xEF, 0xB7, 0x91, 0xEF, 0xB8, 0x90] + Array(String(repeating: filler, count: 50).utf8)
      #expect(prefix(near, holdsNoMarker: true) == near.count)
    }
  }

  @Test(arguments: ["a", "é", "，", "😀"])
  func aNULEndsThePrefixWhereThatIsAsked(filler: String) {
    for before in 0..<140 {
      let start = Array(String(repeating: filler, count: before).utf8)
      let text = start + [0] + Array(String(repeating: filler, count: 140 - before).utf8)
      for mayBeWide in [true, false] {
        #expect(validTextPrefix(text.span, stopsAtNUL: true, mayBeWide: mayBeWide) == start.count)
        #expect(validTextPrefix(text.span, mayBeWide: mayBeWide) == text.count)
      }
    }
  }

  @Test func anEmptySpanIsValid() { #expect(validUTF8Prefix([UInt8]().span) == 0) }
}

@Suite struct HashTests {
  /// Keys that differ in a byte, in length, in a trailing zero, or in where they are divided.
  @Test func nearKeysHaveHashesOfTheirOwn() {
    var seen: Set<Hash128> = []
    var keys = 0
    for length in 0...40 {
      for place in 0...length {
        var key = [UInt8](repeating: 0, count: length)
        if place < length { key[place] = 1 }
        var hash = Hash128()
        hash.combine(key.span)
        seen.insert(hash)
        keys += 1
      }
    }
    #expect(seen.count == keys)
  }

  /// Blocks that hold little, as columns of small numbers do: every bit of every one leaves its trace, and so does the length.
  @Test func everyBitOfABlockCounts() {
    var generator = SeededGenerator(seed: 33)
    var seen: Set<Hash128> = []
    var blocks: Set<[UInt8]> = []
    func see(_ block: [UInt8]) {
      guard blocks.insert(block).inserted else { return }
      #expect(seen.insert(Hash128(ofBlock: block.span)).inserted, "\(block)")
    }
    for length in [0, 1, 7, 8, 63, 64, 65, 128, 200] {
      for value in UInt8(0)...4 {
        var block = (0..<length).map { $0 % 8 == 0 ? value : 0 }
        if value == 4 { for place in block.indices { block[place] = .random(in: 0...255, using: &generator) } }
        see(block)
        for bit in 0..<8 * length {
          block[bit / 8] ^= 1 << (bit % 8)
          see(block)
          block[bit / 8] ^= 1 << (bit % 8)
        }
      }
    }
    #expect(blocks.count > 15_000)
  }

  @Test func theSeedKeepsSourcesApart() {
    func hash(_ seed: UInt64) -> Hash128 {
      var hash = Hash128(seed: seed)
      hash.combine(Array("XC-1".utf8).span)
      return hash
    }
    #expect(Set((0..<1000).map { hash($0) }).count == 1000)
  }

  @Test(arguments: [UInt64(31), 32])
  func aTableOfAnyBytesIsADictionary(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    var table = ByteTable()
    var dictionary: [[UInt8]: Int32] = [:]
    for value in Int32(0)..<6000 {
      let key = (0..<Int.random(in: 0...18, using: &generator)).map { _ in UInt8.random(in: 0...3, using: &generator) }
      #expect(table.insert(key.span, value) == dictionary[key], "seed \(seed)")
      if dictionary[key] == nil { dictionary[key] = value }
      #expect(table.find(key.span) == dictionary[key], "seed \(seed)")
    }
    #expect(table.count == dictionary.count)
  }
}
