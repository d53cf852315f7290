import ArchiveMaking
import Testing

@testable import Workbook

/// Files that are nearly right, in thousands of ways. Whatever they hold, reading them ends.
@Suite struct MutationTests {
  private static let seeds: [[UInt8]] = {
    let data =
      WorkbookMaker.rows([["单位", "日期"], ["勐海县", "x"]]) + "<row><c s='1'><v>44868</v></c><c t='s'><v>0</v></c></row>"
    var maker = WorkbookMaker(
      [.init("表", data, after: "<mergeCells><mergeCell ref='A1:A9'/></mergeCells>")], shared: ["<t>_x0041_</t>"],
      formats: ["0", "yyyy/m/d"])
    let stored = maker.bytes()
    maker.isDeflated = true
    var zip = ZipWriter([.init("a.csv", "id\n1\n", deflated: true), .init("b.csv", "2")])
    zip.members[0].isLarge = true
    zip.isLarge = true
    return [stored, maker.bytes(), zip.bytes(), deflated(Array("id\n1\n2\n".utf8)) + deflated([1, 2, 3])]
  }()

  @Test(arguments: seeds.indices) func readingEndsWhateverTheBytes(seed: Int) {
    var state = UInt64(seed + 1)
    func random(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % bound
    }
    for _ in 0..<1500 {
      var bytes = Self.seeds[seed]
      for _ in 0...random(6) {
        let place = random(bytes.count)
        switch random(5) {
        case 0: bytes[place] ^= UInt8(1 << random(8))
        case 1: bytes[place] = [0, 0xFF, 0x7F, 0x3C, 0x26][random(5)]
        case 2: bytes.removeSubrange(place..<min(bytes.count, place + random(40) + 1))
        case 3: bytes.insert(contentsOf: bytes[place..<min(bytes.count, place + random(60))], at: random(bytes.count))
        default: if random(8) == 0 { bytes.removeSubrange(place...) }
        }
        if bytes.isEmpty { break }
      }
      fuzzWorkbook(bytes)
    }
  }
}
