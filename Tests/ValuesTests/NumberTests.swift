import Campaign
import Diagnostics
import Foundation
import SeededRandom
import Testing

@testable import Values

@Suite struct NumberTests {
  private let plain = NumberReader()
  private let full = NumberReader(normalizers: [.chineseNumerals, .numberMarks])

  @Test(arguments: [
    ("0", 0), ("-1", -1), ("+7", 7), ("007", 7), ("131", 131), ("-0", 0), ("999999999999999", 999_999_999_999_999),
    ("9223372036854775807", Int64.max), ("-9223372036854775808", Int64.min), ("0000000000000000000000000005", 5),
  ])
  func readsDecimalIntegers(text: String, expected: Int64) {
    #expect(outcome(text, plain.readInteger) == .success(expected))
  }

  @Test(arguments: [
    ("", ValueError.notAnInteger), ("-", .notAnInteger), ("+", .notAnInteger), ("1.0", .notAnInteger),
    ("1e3", .notAnInteger),
    ("1,234", .notAnInteger), ("85分", .notAnInteger), ("100%", .notAnInteger), (" 1", .notAnInteger),
    ("１２", .notAnInteger),
    ("0x10", .notAnInteger), ("1-2", .notAnInteger), ("--1", .notAnInteger), ("一", .notAnInteger), ("无", .notAnInteger),
    ("9223372036854775808", .outOfRange), ("-9223372036854775809", .outOfRange), ("12345678901234567890", .outOfRange),
    ("100000000000000000000", .outOfRange), ("NaN", .notAnInteger),
  ])
  func refusesOtherCellsAsIntegers(text: String, fault: ValueError) {
    #expect(outcome(text, plain.readInteger) == .failure(fault))
  }

  @Test(arguments: [
    "0", "1", "-1.5", "0.1", "1.2e3", "1E-3", ".5", "5.", "-.5e1", "123456789.123456789", "9007199254740993", "1e22",
    "1e23",
    "179769313486231570000000000000000000000e270", "4.9406564584124654e-324", "2.2250738585072011e-308", "0.1e-400",
    "3.14159265358979323846264338327950288", "8.5e-22", "9007199254740992.99999999999999999",
    "123456789012345678901234567890",
    "7.0e22", "17.000000000000000000000000000001",
  ])
  func readsTheNearestNumber(text: String) throws {
    #expect(outcome(text, plain.readNumber) == .success(try #require(Double(text))))
  }

  @Test func readsRandomNumbersAsTheStandardLibraryDoes() {
    var generator = SeededGenerator(seed: 7)
    for _ in 0..<3_000 {
      let digits = String(
        UInt64.random(in: 0...UInt64.max, using: &generator) >> UInt64.random(in: 0..<64, using: &generator))
      let text =
        "\(digits).\(UInt32.random(in: 0...99999, using: &generator))e\(Int.random(in: -40...40, using: &generator))"
      #expect(outcome(text, plain.readNumber) == .success(Double(text)!), "\(text)")
    }
  }

  @Test(arguments: [
    ("", ValueError.notANumber), (".", .notANumber), ("1e", .notANumber), ("1.2.3", .notANumber), ("1,5", .notANumber),
    ("1e400", .outOfRange), ("-1e99999999999", .outOfRange), ("NaN", .notFinite), ("INF", .notFinite),
    ("-inf", .notFinite),
    ("infinity", .notANumber), ("85%", .notANumber), ("1_000", .notANumber), ("0x1p3", .notANumber),
    ("e5", .notANumber),
  ])
  func refusesOtherCellsAsNumbers(text: String, fault: ValueError) {
    #expect(outcome(text, plain.readNumber) == .failure(fault))
  }

  @Test func readsWhatIsNotFiniteWhereItIsAllowed() throws {
    var reader = NumberReader()
    reader.allowsNotFinite = true
    #expect(outcome("INF", reader.readNumber) == .success(.infinity))
    #expect(outcome("-INF", reader.readNumber) == .success(-.infinity))
    #expect(try outcome("NaN", reader.readNumber).get().isNaN)
  }

  @Test(
    arguments: [
      ("1.234,5", ",", ".", 1234.5), ("1.234.567", ",", ".", 1_234_567), ("1,234", ".", ",", 1234),
      ("1,23", ".", ",", nil),
      ("12,34,567", ".", ",", 1_234_567), ("1,2345,6789", ".", ",", 123_456_789), ("1234,567", ".", ",", 1_234_567),
      ("12345,678", ".", ",", nil), (",123", ".", ",", nil), ("1,,234", ".", ",", nil), ("1,234.5", ".", ",", 1234.5),
      ("1,23.5", ".", ",", nil), ("1.234,5", ".", ",", nil), ("1 234", ".", " ", 1234),
      ("1\u{202F}234\u{202F}567", ".", "\u{202F}", 1_234_567),
      ("1'234", ".", "'", 1234), ("1,234,56", ".", ",", nil), ("3·5", "·", "", 3.5),
    ] as [(String, String, String, Double?)])
  func readsDecimalAndGroupMarks(text: String, decimal: String, group: String, expected: Double?) {
    let reader = NumberReader(format: NumberFormat(decimal: Array(decimal.utf8), group: Array(group.utf8)))
    #expect(outcome(text, reader.readNumber) == (expected.map { .success($0) } ?? .failure(.notANumber)))
  }

  @Test(arguments: [
    ("EUR 95", 95 as Int64?), ("95%", 95), ("€-95", -95), ("-€95", nil), ("95 €", 95), ("第3名", 3), ("(95)", nil),
    ("95-", nil),
    ("1.5万", nil), ("3万", nil), ("12 of 15", nil), ("none", nil), ("+5°", 5), ("95分", 95),
  ])
  func takesTextOffNumbersThatAreNotBare(text: String, expected: Int64?) {
    let reader = NumberReader(format: NumberFormat(isBare: false))
    #expect(outcome(text, reader.readInteger) == (expected.map { .success($0) } ?? .failure(.notAnInteger)))
  }

  @Test(
    arguments: [
      ("一百三十一", 131), ("二万二千二百二十", 22220), ("1.5万", 15000), ("3亿", 300_000_000), ("12万3千", 123_000), ("１２", 12),
      ("1,234", 1234), ("半", 0.5), ("一半", 0.5), ("负三", -3), ("零", 0), ("〇", 0), ("廿三", 23), ("卅", 30), ("三十", 30),
      ("十", 10),
      ("壹贰叁", 123), ("壹佰贰拾叁", 123), ("三分之一", 1.0 / 3), ("百分之八十五", 85), ("85%", 85), ("８５％", 85), ("三成", 30),
      ("八成五", 85), ("二〇二二", 2022), ("三点一四", 3.14), ("百分之零点五", 0.5), ("1.5万元", 15000), ("¥1,234.50", 1234.5),
      ("85分", 85),
      ("131项", 131), ("3.5 km/h", 3.5), ("6051个百分点", 6051), ("两", 2), ("一打", 12), ("-5", -5), ("一百零五人", 105),
      ("20万亿", 2e13),
      ("一千零五十", 1050), ("五千", 5000), ("1千零20", 1020), ("5千人", 5000), ("¥-5", -5), ("负百分之五", -5),
      ("1亿2.5万", 100_025_000),
    ] as [(String, Double)])
  func readsChineseNumeralsAndMarks(text: String, expected: Double) {
    #expect(outcome(text, full.readNumber) == .success(expected))
  }

  @Test(arguments: [
    "", "万", "万万", "百", "千", "一切", "三五", "十余万", "二十几万", "500余人", "五百人以上", "三个半", "一千零", "五十千", "12百", "1 2", "3个亿",
    "二三万", "一千五万", "四川", "一二三万", "三万五万", "5千克", "40k", "1,23", "1,2345", "3/5", "第三", "约500", "三分之", "分之一", "零分之一",
    "两两", "1二", "二1", "百分之", "点五", "五点", "85分，较好", "一组三人", "2^5", "两百点两", "半半", "1.5千5", "1..5", "%", "¥", "负", "负负三",
    "三十左右", "十一成",
  ])
  func refusesWhatIsNotOneNumber(text: String) {
    #expect(outcome(text, full.readNumber) == .failure(.notANumber))
  }

  @Test func refusesMultipliersWhereOnlyMarksAreRead() {
    let marks = NumberReader(normalizers: [.numberMarks])
    for text in ["1.5万", "3亿元", "一百", "5千"] { #expect(outcome(text, marks.readNumber) == .failure(.notANumber)) }
    #expect(outcome("85分", marks.readInteger) == .success(85))
    let numerals = NumberReader(normalizers: [.chineseNumerals])
    for text in ["85分", "85%", "1,234"] { #expect(outcome(text, numerals.readNumber) == .failure(.notANumber)) }
  }

  @Test func refusesNumeralsThatDoNotFit() {
    #expect(outcome("九千兆兆", full.readInteger) == .failure(.outOfRange))
    #expect(outcome("一兆兆兆兆兆兆", full.readInteger) == .failure(.outOfRange))
    #expect(outcome("半", full.readInteger) == .failure(.notAnInteger))
    #expect(outcome("0.002万", full.readInteger) == .success(20))
  }

  @Test(
    arguments: [
      (0.0, "0"), (-0.0, "0"), (100, "100"), (-1.5, "-1.5"), (0.1, "0.1"), (1234.5678, "1234.5678"),
      (1e15, "1000000000000000"),
      (1e-7, "1e-07"), (1e22, "1e+22"),
      (0.30000000000000004, "0.30000000000000004"), (33.333333, "33.333333"), (999_999_999_999_999, "999999999999999"),
    ] as [(Double, String)])
  func writesTheShortestNumber(value: Double, expected: String) {
    let text = written { $0.append(number: value) }
    #expect(Double(text) == value)
    #expect(text == expected)
    #expect(outcome(text, plain.readNumber) == .success(value))
  }

  @Test(arguments: [Int64.min, -1, 0, 1, 10, Int64.max])
  func writesIntegersThatItReads(value: Int64) {
    #expect(outcome(written { $0.append(integer: value) }, plain.readInteger) == .success(value))
  }

  @Test(arguments: [("", "."), (".", "."), ("-", ""), ("1", "")])
  func refusesMarksThatCannotBe(decimal: String, group: String) {
    var field = Field(name: "n", location: .init(file: "f"))
    field.decimalCharacter = decimal
    field.groupCharacter = group
    #expect(throws: FormatError.self) { try NumberReader(field) }
  }
}
