import Campaign
import Diagnostics
import SeededRandom
import Tables
import Testing

@testable import Report

private func text(_ write: (inout [UInt8]) -> Void) -> String {
  var bytes: [UInt8] = []
  write(&bytes)
  return String(decoding: bytes, as: UTF8.self)
}

@Suite struct TextFormatTests {
  @Test(arguments: [
    ("=1+1", "'=1+1"), ("@SUM(A1)", "'@SUM(A1)"), ("+cmd|' /C calc'!A0", "'+cmd|' /C calc'!A0"), ("-2+3", "'-2+3"),
    ("\tx", "'\tx"), ("\rx", "\"'\rx\""), ("\nx", "\"'\nx\""), ("＝1+1", "'＝1+1"), ("＋1", "'＋1"), ("－1", "'－1"),
    ("＠x", "'＠x"), ("'=1", "''=1"), ("''=1", "'''=1"), ("=a,b", "\"'=a,b\""), ("-", "-"), ("--", "'--"), ("+", "'+"),
    ("-5", "-5"), ("-5.25", "-5.25"), ("+8613800000000", "+8613800000000"), ("-12.5%", "-12.5%"), ("-.5", "-.5"),
    ("-1.2.3", "'-1.2.3"), ("-5%x", "'-5%x"), ("+.", "'+."), ("'quoted", "'quoted"), ("a=b", "a=b"), ("007", "007"),
    ("ＡＢ", "ＡＢ"), ("", ""), ("a\"b", "\"a\"\"b\""), ("a,b", "\"a,b\""), ("a\r\nb", "\"a\r\nb\""), (" a ", " a "),
    ("a\0b", "a⟨U+0000⟩b"), ("a\u{1B}[31m", "a\u{1B}[31m"),
  ])
  func csvTextIsQuotedAndGuarded(cell: String, expected: String) {
    #expect(text { $0.append(csv: Array(cell.utf8).span) } == expected)
  }

  /// Taking one apostrophe from a cell that reads as a guarded formula gives the text back.
  @Test(arguments: ["=1", "'=1", "''@x", "-", "-5", "'-5", "'", "''", "＝", "'x", "+86", "-a"])
  func theGuardCanBeUndone(cell: String) {
    let written = text { $0.append(csv: Array(cell.utf8).span) }
    let isGuarded = written.hasPrefix("'") && isFormula(Array(written.utf8).span)
    #expect((isGuarded ? String(written.dropFirst()) : written) == cell)
  }

  @Test(arguments: [
    (0.0, "0"), (-0.0, "0"), (1.0, "1"), (-2.0, "-2"), (92.5, "92.5"), (0.1, "0.1"), (1e-5, "0.00001"),
    (1.25e-7, "0.000000125"), (1e16, "10000000000000000"), (1e20, "100000000000000000000"), (1e21, "1e+21"),
    (-1.2345e18, "-1234500000000000000"), (9_007_199_254_740_992, "9007199254740992"), (2.5e-300, "2.5e-300"),
    (1.7976931348623157e308, "1.7976931348623157e+308"), (18_014_398_509_481_984, "18014398509481984"),
    (1e-12, "0.000000000001"), (0.30000000000000004, "0.30000000000000004"),
  ])
  func numbersAreShortAndWithoutExponentWhereSensible(number: Double, expected: String) {
    #expect(text { $0.append(number: number) } == expected)
    #expect(Double(expected) == number)
  }

  @Test(arguments: [0, 1, -1, 42, .max, .min])
  func integersAreDecimal(number: Int) {
    #expect(text { $0.append(decimal: number) } == String(number))
  }

  @Test(arguments: [(1, 1, 1), (1899, 12, 31), (2024, 2, 29), (9999, 12, 31)])
  func daysAreISO(year: Int, month: Int, day: Int) throws {
    let day = try #require(Day(year: year, month: month, day: day))
    #expect(text { $0.append(day: day) } == day.text)
  }

  @Test(arguments: [
    ("", "\"\""), ("勐海", "\"勐海\""), ("a\"\\\n\r\t", "\"a\\\"\\\\\\n\\r\\t\""),
    ("\0\u{1}\u{1F}\u{7F}", "\"\\u0000\\u0001\\u001F\u{7F}\""),
    ("a\u{2028}b\u{2029}", "\"a\\u2028b\\u2029\""), ("\u{202A}€", "\"\u{202A}€\""), ("</script>", "\"</script>\""),
    ("😀", "\"😀\""),
  ])
  func jsonStringsAreEscaped(value: String, expected: String) {
    #expect(text { $0.append(json: value) } == expected)
  }

  /// Whatever stands next to what is escaped, and wherever a text ends.
  @Test func anyTextIsEscapedAsCharacterByCharacter() {
    var generator = SeededGenerator(seed: 5)
    let pieces = ["a", "b ", "勐", "€", "\u{2028}", "\u{2029}", "\u{202A}", "\"", "\\", "\n", "\u{1}", "😀", "01234567"]
    for _ in 0..<3_000 {
      let value = (0..<Int.random(in: 0...12, using: &generator)).map { _ in pieces.randomElement(using: &generator)! }
        .joined()
      var expected = ""
      for scalar in value.unicodeScalars {
        switch scalar {
        case "\"": expected += "\\\""
        case "\\": expected += "\\\\"
        case "\n": expected += "\\n"
        case "\u{1}": expected += "\\u0001"
        case "\u{2028}": expected += "\\u2028"
        case "\u{2029}": expected += "\\u2029"
        default: expected.unicodeScalars.append(scalar)
        }
      }
      #expect(text { $0.append(json: value) } == "\"\(expected)\"")
      let key = Array("{\"k\":".utf8)
      #expect(text { $0.append(json: Array(value.utf8).span, after: key.span) } == "{\"k\":\"\(expected)\"")
    }
  }

  @Test func bytesThatAreNotUTF8AreMadeVisible() {
    var row = TableRow()
    row.append(utf8: [0x61, 0xFF, 0xE4, 0xB8])
    row.append(utf8: [0xAD])
    let columns = [Column("a", zh: "甲", en: "A", .text), Column("b", zh: "乙", en: "B", .text)]
    #expect(text { JSONWriter(columns).append(row, to: &$0) } == "{\"a\":\"a\u{FFFD}\u{FFFD}\",\"b\":\"\u{FFFD}\"}")
  }

  @Test func theRunRecordKeepsTheOrderOfItsKeys() {
    let record = JSONValue.object([
      ("b", .integer(1)), ("a", .array([.null, .bool(true), .number(0.5), .number(.nan), .string("甲\n")])),
      ("empty", .object([])), ("none", .array([])),
    ])
    let expected = """
      {
        "b": 1,
        "a": [
          null,
          true,
          0.5,
          null,
          "甲\\n"
        ],
        "empty": {},
        "none": []
      }

      """
    #expect(String(decoding: record.bytes(), as: UTF8.self) == expected)
  }

  @Test(arguments: [0, 1, 2, 5]) func elementsMadeInStretchesAreTheTextOfOneList(count: Int) throws {
    let elements = (0..<count).map { number in
      let counts = (0..<number).map { "\"key\\\"\($0)\":\($0)" }.joined(separator: ",")
      return
        #"    {"name":"甲\"\#(number)\n","size":\#(-number),"none":null,"empty":{},"list":[1,{"a":"b","c":[]}],"#
        + "\"counts\":{\(counts)}}"
    }
    let list = count == 0 ? "[]" : "[\n" + elements.joined(separator: ",\n") + "\n  ]"
    let parts = [0..<count / 2, count / 2..<count].map { range in
      var text = JSONText(depth: 2, isFirst: range.lowerBound == 0)
      for number in range {
        text.element { json in
          json.member("name", "甲\"\(number)\n")
          json.member("size", -number)
          json.member("none", .null)
          json.member("empty") { _ in }
          json.member("list", .array([.integer(1), .object([("a", .string("b")), ("c", .array([]))])]))
          json.member("counts") { json in for key in 0..<number { json.member(named: "key\"\(key)", key) } }
        }
      }
      return text
    }
    let bytes = JSONValue.object([("a", .elements(parts)), ("b", .integer(1))]).bytes()
    #expect(String(decoding: bytes, as: UTF8.self) == "{\n  \"a\": \(list),\n  \"b\": 1\n}\n")
    let workplace = try Workplace()
    var folder = try OutputFolder(at: workplace.file("out"))
    try folder.writeRunRecord([("sources", .elements(parts))])
    try folder.publish()
    #expect(
      workplace.text("out/run.json")
        == "{\n  \"fieldtally\": 1,\n  \"sources\": \(list),\n  \"files\": [\n    \"run.json\"\n  ]\n}\n")
  }

  @Test func aTableInCSV() throws {
    let workplace = try Workplace()
    try publish([sampleTable()], in: workplace)
    let expected = [
      "\u{FEFF}单位代码,单位名称,走访次数,得分,覆盖率,走访日期,在计划内",
      "007,\"勐海县\"\"人才\"\",办\r\n二楼\",18,92.5,0.6667,2022-11-03,是",
      "-5,\"'=HYPERLINK(\"\"http://x\"\")\u{1}\u{2028}_x0041_\",-9223372036854775808,100000000000000000000,1,1899-01-01,否",
      ",,,,,,", "",
    ].joined(separator: "\r\n")
    #expect(workplace.text("out/units.csv") == expected)
  }

  @Test func aTableInJSON() throws {
    let workplace = try Workplace()
    try publish([sampleTable(), numbered(NumberedRows(count: 0))], in: workplace)
    let expected = """
      [
      {"unit":"007","name":"勐海县\\"人才\\",办\\r\\n二楼","visits":18,"score":92.5,"coverage":0.6666666666666666,"date":"2022-11-03","planned":true},
      {"unit":"-5","name":"=HYPERLINK(\\"http://x\\")\\u0001\\u2028_x0041_","visits":-9223372036854775808,"score":100000000000000000000,"coverage":1,"date":"1899-01-01","planned":false},
      {"unit":null,"name":null,"visits":null,"score":null,"coverage":null,"date":null,"planned":null}
      ]

      """
    #expect(workplace.text("out/units.json") == expected)
    #expect(workplace.text("out/numbers.json") == "[]\n")
    #expect(workplace.text("out/numbers.csv") == "\u{FEFF}序号\r\n")
  }

  @Test func aBlankCellAloneOnItsLineIsStillARecord() {
    var row = TableRow()
    row.appendBlank()
    let writer = CSVWriter(columns: [Column("a", zh: "甲", en: "A", .text)], language: .en)
    #expect(text { writer.append(row, to: &$0) } == "\"\"\r\n")
  }

  @Test func headingsAreInTheLanguageAskedFor() throws {
    let workplace = try Workplace()
    try publish([numbered(NumberedRows(count: 0))], in: workplace, language: .en)
    #expect(workplace.text("out/numbers.csv") == "\u{FEFF}No.\r\n")
  }
}
