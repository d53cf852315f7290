import Foundation
import Testing

/// What must not change the records of a table, over tables made at random from a seed.
@Suite struct PropertyTests {
  private static let texts = [
    "roof, east side", "say \"no\"", "two\nlines", "勐海县人社局", "政策宣传不到位；台账不完整", "plain", "", "a;b|c", "Zoë", "’",
  ]

  /// A number, a day, texts of all kinds, a count.
  static func table(seed: Int, rows: Int) -> [[String]] {
    var dice = Dice(seed: UInt64(seed + 1))
    return [["no", "visited", "unit", "text", "count"]]
      + (1...rows).map { row in
        [
          "\(row)", "2022-11-\(10 + row % 18)", texts[Int.random(in: 3...4, using: &dice)],
          texts[Int.random(in: texts.indices, using: &dice)], "\(Int.random(in: 0...500, using: &dice))",
        ]
      }
  }

  private static func written(_ rows: [[String]], _ end: String = "\n", _ delimiter: String = ",") -> String {
    let form = WrittenForm(delimiter: delimiter)
    return rows.map { form.row($0, []) + end }.joined()
  }

  @Test(arguments: 0..<12)
  func lineEndsDelimitersEncodingsAndMarksDoNot(seed: Int) throws {
    let table = Self.table(seed: seed, rows: 5 + seed * 4)
    for end in ["\n", "\r\n", "\r"] {
      for delimiter in [",", ";", "\t", "|"] {
        let text = Self.written(table, end, delimiter)
        #expect(try converted(Array(text.utf8)) == table, "seed \(seed), \(end.debugDescription) \(delimiter)")
      }
      let text = Self.written(table, end)
      for (mark, encoding) in [
        ([0xEF, 0xBB, 0xBF], String.Encoding.utf8), ([0xFF, 0xFE], .utf16LittleEndian),
        ([0xFE, 0xFF], .utf16BigEndian),
        ([], .utf16LittleEndian), ([], .utf16BigEndian),
      ] as [([UInt8], String.Encoding)] {
        let bytes = mark + (text.data(using: encoding) ?? Data())
        #expect(try converted(bytes) == table, "seed \(seed), \(end.debugDescription) \(encoding)")
      }
    }
  }

  /// A file cut in two between records, each half with the header, holds the records of the whole.
  @Test(arguments: 0..<12)
  func cuttingAFileInTwoDoesNot(seed: Int) throws {
    let table = Self.table(seed: seed, rows: 24)
    let cut = 8 + seed
    let halves = [Array(table[..<cut]), [table[0]] + table[cut...]]
    let found = try halves.flatMap { half in
      try #require(try converted(Array(Self.written(half).utf8))).dropFirst()
    }
    #expect(found == Array(table.dropFirst()), "seed \(seed)")
  }

  /// What convert writes, it reads as the same table.
  @Test(arguments: 0..<12)
  func convertingTwiceDoesNot(seed: Int) throws {
    let table = Self.table(seed: seed, rows: 20)
    let once = try #require(try converted(Array(Self.written(table, "\r\n", ";").utf8)))
    #expect(try converted(Array(Self.written(once).utf8)) == table)
  }
}
