import Bytes
import SeededRandom
import Testing

@Suite struct UTF8Tests {
  /// Every first byte with every second one, and the borders of table 3-7 of the Unicode standard, at each place of a block.
  @Test func agreesWithTheStandardLibrary() {
    var samples: [[UInt8]] = []
    for first in UInt8.min...UInt8.max {
      for second in stride(from: 0, through: 255, by: 1) {
        samples.append([first, UInt8(second)])
        samples.append([first, UInt8(second), 0x80])
        samples.append([first, UInt8(second), 0xBF, 0x80])
      }
    }
    for padding in [0, 15, 62] {
      let before = [UInt8](repeating: 0x61, count: padding)
      for sample in samples {
        let bytes = before + sample + [0x7A]
        let isValid = String(validating: bytes, as: UTF8.self) != nil
        if (prefix(bytes) == bytes.count) != isValid { Issue.record("\(sample) behind \(padding) bytes") }
      }
    }
  }

  @Test func thePrefixEndsWhereTheFaultBegins() {
    let text = Array("访谈台账，第1组".utf8)
    for length in 0...text.count {
      let part = Array(text[..<length])
      let found = prefix(part)
      #expect(found <= length && String(validating: text[..<found], as: UTF8.self) != nil)
      #expect(length - found < 4)
    }
  }

  @Test func randomBytesAgreeToo() {
    var generator = SeededGenerator(seed: 11)
    for _ in 0..<5000 {
      let count = Int.random(in: 0...150, using: &generator)
      let pool: [UInt8] = [0x41, 0xE4, 0xB8, 0xAD, 0xF0, 0x9F, 0x98, 0x80, 0xC3, 0xA9, 0xED, 0xA0, 0xFF]
      var bytes = (0..<count).map { _ in pool.randomElement(using: &generator)! }
      bytes += Array(repeating: 0x20, count: 70)
      #expect((prefix(bytes) == bytes.count) == (String(validating: bytes, as: UTF8.self) != nil))
    }
  }
}

@Suite struct TableTests {
  @Test func aByteTableIsADictionary() {
    var generator = SeededGenerator(seed: 5)
    var table = ByteTable()
    var dictionary: [String: Int32] = [:]
    for value in Int32(0)..<20_000 {
      let key = String(Int.random(in: 0..<15_000, using: &generator), radix: 36) + "单位"
      let known = table.insert(key, value)
      #expect(known == dictionary[key])
      if known == nil { dictionary[key] = value }
    }
    #expect(table.count == dictionary.count)
    #expect(dictionary.allSatisfy { table.find($0.key) == $0.value })
    #expect(table.find("") == nil && table.find("没有") == nil)
  }

  @Test func hashesTellWhereAValueEnds() {
    func hash(_ parts: [String]) -> Hash128 {
      parts.reduce(into: Hash128(seed: 1)) { $0.combine(Array($1.utf8).span) }
    }
    #expect(hash(["ab", "c"]) != hash(["a", "bc"]))
    #expect(hash(["", "a"]) != hash(["a", ""]))
    #expect(hash(["a"]) == hash(["a"]))
    var seen: Set<Hash128> = []
    for number in 0..<200_000 { seen.insert(hash(["XC-\(number)"])) }
    #expect(seen.count == 200_000)
  }
}
