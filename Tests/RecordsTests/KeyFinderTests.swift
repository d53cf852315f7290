import Bytes
import Foundation
import Records
import SeededRandom
import Testing

/// The records of a segment file by their keys: those that a search through all of them finds, and no others.
@Suite struct KeyFinderTests {
  private struct Made {
    var path: String
    var chunks: [SegmentChunk]
  }

  private func key(_ generator: inout SeededGenerator) -> Hash128 {
    // Few are different in the bits that are looked at first.
    Hash128(high: generator.next() & 0x3F << 58 | generator.next() & 3, low: generator.next() & 0x3)
  }

  private func made(_ generator: inout SeededGenerator, chunks count: Int) throws -> Made {
    let path = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).segments").path
    let writer = try SegmentFileWriter(path)
    let store = SegmentStore(spoolFolder: "/tmp", memoryBudget: 0, segments: writer)
    var chunks: [SegmentChunk] = []
    var piece = SegmentPiece()
    for number in 0..<count {
      var chunk = ChunkDraft(source: 0, file: 0)
      for record in 0..<Int.random(in: 0...60, using: &generator) {
        chunk.records.line.append(UInt32(record))
        chunk.records.findings.append(0)
        if number % 3 != 1 { chunk.records.key.append(key(&generator)) }
      }
      chunk.openWords[0] = number % 2 == 0 ? [] : [OpenWord(code: "词", name: "\(number)")]
      let made = SegmentChunk(chunk)
      try store.append(made)
      chunks.append(made)
    }
    var report = FileReport(path: "a.csv", source: 0)
    report.fingerprint = "f"
    piece.append(file: "a.csv", source: 0, identity: [], tables: 1)
    piece.append(report, chunks: count)
    piece.place((0..<count).compactMap { store.placeInSegments($0) })
    let finder = store.finderDraft().map(writer.append)
    try writer.complete(
      SegmentDirectory(context: "c", begun: 0, pieces: [piece]), finder: finder, isLasting: false)
    try writer.putInPlace()
    return Made(path: path, chunks: chunks)
  }

  /// A store that has the chunks `asked` of the file.
  private func store(_ made: Made, asked: [Int]) throws -> SegmentStore {
    let store = SegmentStore(spoolFolder: "/tmp")
    let (file, directory) = try SegmentFile.open(made.path)
    for place in asked {
      try store.append(outlineOf: directory.segments[0].tables[0].chunks[place], in: file, ofFile: 4)
    }
    return store
  }

  private struct Place: Hashable, Comparable {
    var chunk, record: Int
    static func < (left: Place, right: Place) -> Bool { (left.chunk, left.record) < (right.chunk, right.record) }
  }

  @Test(arguments: UInt64(1)...12) func aKeyIsFoundWhereverItIs(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let made = try made(&generator, chunks: 12)
    defer { try? FileManager.default.removeItem(atPath: made.path) }
    let asked = (0..<12).filter { _ in Int.random(in: 0..<4, using: &generator) > 0 }
    let store = try store(made, asked: asked)
    for (place, chunk) in asked.enumerated() {
      #expect(store.outlines[place].openWords == made.chunks[chunk].openWords, "seed \(seed)")
      #expect(store.outlines[place].records == made.chunks[chunk].records.count && store.outlines[place].keys == nil)
      #expect(try store.keys(ofChunk: place).key == made.chunks[chunk].records.key, "seed \(seed)")
    }
    let finder = try #require(try store.finder(ofRecordsIn: Array(asked.indices)))
    let some = made.chunks.flatMap { $0.records.key } + (0..<200).map { _ in key(&generator) }
    for key in some {
      var found: [Place] = []
      try finder.forEachRecord(of: [key]) { _, chunk, record in found.append(Place(chunk: chunk, record: record)) }
      var expected: [Place] = []
      for (place, chunk) in asked.enumerated() {
        for (record, other) in made.chunks[chunk].records.key.enumerated() where other == key {
          expected.append(Place(chunk: place, record: record))
        }
      }
      #expect(found.sorted() == expected, "seed \(seed)")
    }
  }

  /// Whatever byte of what finds them or of their keys is another one: nothing is passed over in silence.
  @Test func damageIsNeverTakenForAKeyThatIsNotThere() throws {
    var generator = SeededGenerator(seed: 5)
    let made = try made(&generator, chunks: 6)
    defer { try? FileManager.default.removeItem(atPath: made.path) }
    let sound = try Data(contentsOf: URL(filePath: made.path))
    let keys = made.chunks.flatMap { $0.records.key }
    for at in stride(from: 16, to: sound.count, by: 3) {
      var bytes = sound
      bytes[at] ^= UInt8(1 << (at % 8))
      try bytes.write(to: URL(filePath: made.path))
      var found = 0
      do {
        let store = try store(made, asked: Array(0..<6))
        let finder = try #require(try store.finder(ofRecordsIn: Array(0..<6)))
        try finder.forEachRecord(of: keys) { _, _, _ in found += 1 }
      } catch is SegmentFault { continue }
      var expected = 0
      for key in keys { expected += keys.count { $0 == key } }
      #expect(found == expected, "byte \(at)")
    }
  }
}
