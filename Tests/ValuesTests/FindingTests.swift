import Campaign
import Foundation
import SeededRandom
import Testing

@testable import Values

@Suite struct FindingTests {
  private func items(_ text: String, _ split: FindingSplit = .numbered) -> [String] {
    let bytes = Array(text.utf8)
    var items: [String] = []
    FindingSplitter(split).forEachItem(in: bytes.span) { items.append(String(decoding: bytes[$0], as: UTF8.self)) }
    return items
  }

  @Test(arguments: [
    "1.甲；2.乙；3.丙", "1、甲；2、乙；3、丙。", "1．甲\n2．乙\n3．丙", "1)甲 2)乙 3)丙", "1）甲；2）乙；3）丙；", "（1）甲；（2）乙；（3）丙",
    "(1) 甲; (2) 乙; (3) 丙;",
    "①甲②乙③丙", "①甲；②乙；③丙", "一、甲；二、乙；三、丙", "（一）甲。（二）乙。（三）丙", "第一，甲；第二，乙；第三，丙", "一是甲；二是乙；三是丙", "- 甲\n- 乙\n- 丙",
    "• 甲\n• 乙\n• 丙", "甲\n乙\r\n丙", "１．甲；２．乙；３．丙", "1.甲；2、乙；3.丙", "⑴甲⑵乙⑶丙", "⒈甲 ⒉乙 ⒊丙", "  1. 甲\r\n  2. 乙\r\n  3. 丙\r\n",
    "1.甲，2.乙，3.丙",
    "1.甲。\n2.乙。\n3.丙", "1.甲；1.乙；2.丙", "1.甲；3.乙；4.丙", "3.甲；4.乙；5.丙", "1.甲\n\n2.乙\n\n3.丙", "甲\u{2028}乙\u{2029}丙",
  ])
  func splitsAtEveryKindOfNumbering(text: String) {
    #expect(items(text).map { $0.replacing("。", with: "") } == ["甲", "乙", "丙"])
  }

  @Test(arguments: [
    ("2022年1.5万人参加培训", ["2022年1.5万人参加培训"]), ("共3.5公里", ["共3.5公里"]), ("增长1.5倍；下降2.5倍", ["增长1.5倍；下降2.5倍"]),
    ("详见3.2.1节", ["详见3.2.1节"]), ("1.5倍", ["1.5倍"]), ("三（2）班人数不足；四（3）班超员", ["三（2）班人数不足；四（3）班超员"]),
    ("检查1、2号楼", ["检查1、2号楼"]), ("1、检查1、2、3号楼；2、检查4、5号楼", ["检查1、2、3号楼", "检查4、5号楼"]), ("共2项。1项已改", ["共2项。1项已改"]),
    ("见①和②", ["见①和②"]), ("①按照②执行；②照旧", ["按照②执行", "照旧"]), ("一致好评", ["一致好评"]),
    ("1.2022年以来成效明显；2.2023年继续", ["2022年以来成效明显", "2023年继续"]), ("1.甲3.5公里；2.乙2.5倍", ["甲3.5公里", "乙2.5倍"]),
    ("8.5分", ["8.5分"]), ("-5度", ["-5度"]), ("1.甲；9.乙", ["甲；9.乙"]), ("5. 说明", ["5. 说明"]), ("（1）甲", ["甲"]), ("1.甲", ["甲"]),
  ])
  func leavesOtherNumbersAlone(text: String, expected: [String]) {
    #expect(items(text) == expected)
  }

  @Test(arguments: [
    ("一、甲：（1）子；（2）丑；二、乙：1.寅；2.卯", ["甲：（1）子；（2）丑", "乙：1.寅；2.卯"]), ("1.甲①子②丑\n2.乙", ["甲①子②丑", "乙"]),
    ("存在问题：1.甲；2.乙", ["存在问题：1.甲", "乙"]), ("主要问题如下。1.甲；2.乙", ["主要问题如下。", "甲", "乙"]), ("亮点\n1.甲\n2.乙", ["亮点", "甲", "乙"]),
    ("1.甲\n续行\n2.乙", ["甲\n续行", "乙"]), ("甲\n\n乙", ["甲\n\n乙"]), ("问题:\n(1)甲\n(2)乙", ["问题:\n(1)甲", "乙"]),
    ("亮点：\n1.甲\n2.乙\n问题：\n1.丙", ["亮点：\n1.甲", "乙\n问题：", "丙"]),
    ("说明：- 甲", ["说明：- 甲"]), ("问题：一、甲（1）子；（2）丑；二、乙", ["问题：一、甲（1）子；（2）丑", "乙"]), ("如下\n- 甲\n- 乙", ["如下", "甲", "乙"]),
  ])
  func keepsWhatStandsAroundAndInside(text: String, expected: [String]) {
    #expect(items(text) == expected)
  }

  @Test(arguments: ["", " ", "无", "暂无。", "/", "—", "N/A", "none", "1.无", "1、无；2、无", "无；\n无", "；", "①", "1. /\n2. -"])
  func givesNothingForWrittenBlanks(text: String) {
    #expect(items(text) == [])
  }

  @Test func splitsCellsOfCodesAtBars() {
    #expect(
      items("55. FLOORS - Comments: 1. a 2. b | 10. SINKS | 3. X") == [
        "55. FLOORS - Comments: 1. a 2. b", "10. SINKS", "3. X",
      ])
    #expect(items("32. FLOORS - Comments: 1. a 2. b") == ["32. FLOORS - Comments: 1. a 2. b"])
    #expect(items("甲 | 乙") == ["甲 | 乙"])
  }

  @Test func splitsAtLinesAndSeparators() {
    #expect(items("甲；\n\n 乙 \n无\n丙", .lines) == ["甲", "乙", "丙"])
    #expect(items("1.甲\n2.乙\n- 丙\n2022年", .lines) == ["甲", "乙", "丙", "2022年"])
    #expect(items("甲;乙;;丙;", .separator(";")) == ["甲", "乙", "丙"])
    #expect(items("甲 || 乙||/", .separator("||")) == ["甲", "乙"])
    #expect(items("甲", .separator("")) == ["甲"])
    #expect(items(" 1.甲；2.乙； ", .none) == ["1.甲；2.乙"])
  }

  @Test func givesRangesInOrderThatLieInTheCell() {
    var generator = SeededGenerator(seed: 3)
    for _ in 0..<10_000 {
      let cell = randomCell(&generator) + randomCell(&generator)
      for split in [FindingSplit.numbered, .lines, .none, .separator("；")] {
        var last = 0
        FindingSplitter(split).forEachItem(in: cell.span) { range in
          #expect(range.lowerBound >= last && !range.isEmpty && range.upperBound <= cell.count, "\(cell)")
          last = range.upperBound
        }
      }
    }
  }

  @Test(arguments: ["：1.a", "。（1）x", "①", "1.a\n", "| 1. ", "；", " - ", "\n", "1.a：一、b：（1）c：", "。1.", "一是"])
  func longCellsCostLinearTime(piece: String) {
    let bytes = Array(("文" + String(repeating: piece, count: 20_000)).utf8)
    let time = ContinuousClock().measure {
      FindingSplitter(.numbered).forEachItem(in: bytes.span) { _ in }
      FindingSplitter(.lines).forEachItem(in: bytes.span) { _ in }
    }
    #expect(time < .seconds(5))
  }

  @Test(.enabled(if: hasRealData("inspections-chicago/data/Food_Inspections.csv"), "no real data beside the package"))
  func findsTheViolationsOfChicago() throws {
    let rows = try readCSV(realData.appending(path: "inspections-chicago/data/Food_Inspections.csv"))
    let column = try #require(rows[0].firstIndex(of: "Violations"))
    let cells = rows.dropFirst().map { $0[column] }.filter { !$0.isEmpty && $0 != "NA" }
    let bars = cells.reduce(0) { $0 + $1.count { $0 == "|" } }
    #expect(bars == 968)
    #expect(cells.reduce(0) { $0 + items($1).count } == bars + cells.count)
  }
}

/// A plain reader of comma-separated values for tests: quotes doubled, line breaks inside quotes.
func readCSV(_ url: URL) throws -> [[String]] {
  var rows: [[String]] = [[]]
  var cell: [UInt8] = []
  var isQuoted = false
  for byte in try Data(contentsOf: url) {
    switch byte {
    case UInt8(ascii: "\""): isQuoted.toggle()
    case UInt8(ascii: ",") where !isQuoted, UInt8(ascii: "\n") where !isQuoted:
      rows[rows.count - 1].append(String(decoding: cell, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines))
      cell = []
      if byte == UInt8(ascii: "\n") { rows.append([]) }
    default: cell.append(byte)
    }
  }
  return rows.filter { $0.count > 1 }
}

@Suite struct CodedFindingTests {
  private func items(_ text: String) -> [String] {
    let bytes = Array(text.utf8)
    var items: [String] = []
    FindingSplitter(.coded).forEachItem(in: bytes.span) { items.append(String(decoding: bytes[$0], as: UTF8.self)) }
    return items
  }

  @Test(arguments: [
    ("10. SINKS - Comments: dirty | 55. FLOORS | 3. X", ["10. SINKS - Comments: dirty", "55. FLOORS", "3. X"]),
    ("10. SINKS\n55. FLOORS", ["10. SINKS", "55. FLOORS"]), ("10.洗手池；3.地面", ["10.洗手池", "3.地面"]),
    (
      "10. a leaking sink. 55. dirty floors. See section 7. Again.",
      ["10. a leaking sink.", "55. dirty floors. See section 7. Again."]
    ),
    ("10. SINKS. 3. no list goes back", ["10. SINKS. 3. no list goes back"]),
    ("no number at all", ["no number at all"]),
    ("text first | 10. SINKS", ["text first", "10. SINKS"]),
    ("999. last | 1000. no code", ["999. last | 1000. no code"]),
    ("10. 1.5 m too low | 55. x", ["10. 1.5 m too low", "55. x"]), ("", []), ("|", []), ("10. | 无", ["10. | 无"]),
  ]) func numbersWithGapsSplitWhereTheyBegin(text: String, expected: [String]) {
    #expect(items(text) == expected)
  }
}
