import Campaign
import Foundation
import SeededRandom
import Testing

@testable import Values

@Suite struct RobustnessTests {
  private let window = Day(year: 2022, month: 11, day: 1)!...Day(year: 2022, month: 11, day: 15)!

  @Test(arguments: 1...4)
  func randomBytesNeverCrashAReader(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let all = Normalizer.allCases
    let numbers = [
      NumberReader(), NumberReader(normalizers: all),
      NumberReader(format: NumberFormat(group: [44], isBare: false), normalizers: all),
    ]
    let formats = ["default", "any", "%d/%m/%y %b %B %j %H:%M:%S.%f %z %p", "%Y%m%d%H%M%S%f"]
    let dates = try formats.map { try DateReader(format: $0, normalizers: all, window: window) }
    let timestamps = try formats.map { try TimestampReader(format: $0, normalizers: all, window: window) }
    let times = try ["default", "any", "%I:%M %p"].map { try TimeReader(format: $0) }
    let years = [try YearReader(), try YearReader(format: "any", normalizers: all)]
    let booleans = BooleanReader(normalizers: all)
    for _ in 0..<10_000 {
      let cell = randomCell(&generator)
      for reader in numbers {
        _ = try? reader.readInteger(cell.span)
        _ = try? reader.readNumber(cell.span)
      }
      for reader in dates { _ = try? reader.read(cell.span) }
      for reader in timestamps {
        if let value = try? reader.read(cell.span) { _ = written { $0.append(timestamp: value) } }
      }
      for reader in times { _ = try? reader.read(cell.span) }
      for reader in years { _ = try? reader.read(cell.span) }
      _ = try? booleans.read(cell.span)
      _ = trimmed(cell.span)
      _ = isWrittenBlank(cell.span)
    }
  }

  @Test func longCellsCostLinearTimeAndAreRefused() throws {
    let cells = ["1", "一", "０", "万", " ", "1,", "2022-", "-", "十"].map {
      [UInt8](String(repeating: $0, count: 200_000).utf8)
    }
    let number = NumberReader(normalizers: Normalizer.allCases)
    let date = try DateReader(format: "any", normalizers: Normalizer.allCases, window: window)
    for cell in cells {
      #expect(throws: ValueError.self) { try number.readNumber(cell.span) }
      #expect(throws: ValueError.self) { try number.readInteger(cell.span) }
      #expect(throws: ValueError.self) { try date.read(cell.span) }
    }
  }

  @Test func whatIsReadIsWrittenAndReadAgain() throws {
    var generator = SeededGenerator(seed: 21)
    let any = try DateReader(format: "any", normalizers: Normalizer.allCases, window: window)
    let iso = try DateReader()
    let numbers = NumberReader(normalizers: Normalizer.allCases)
    let timestamps = try TimestampReader(format: "any", normalizers: Normalizer.allCases)
    for _ in 0..<30_000 {
      let cell = randomCell(&generator)
      if let day = try? any.read(cell.span) {
        let text = written { $0.append(day: day) }
        #expect(outcome(text, iso.read) == .success(day), "\(String(decoding: cell, as: UTF8.self))")
      }
      if let value = try? numbers.readNumber(cell.span) {
        let text = written { $0.append(number: value) }
        #expect(outcome(text, NumberReader().readNumber) == .success(value), "\(String(decoding: cell, as: UTF8.self))")
      }
      if let value = try? timestamps.read(cell.span), value.local.day.components.year <= 9999 {
        let text = written { $0.append(timestamp: value) }
        #expect(outcome(text, try TimestampReader().read) == .success(value), "\(text)")
      }
    }
  }
}

/// The specifications of Microsoft's Recognizers-Text for Chinese, read only where they name one value for a whole text.
@Suite struct SpecificationTests {
  private struct Case: Decodable {
    struct Result: Decodable {
      var text: String
      var resolution: [String: String]?
      var value: Value?
      private enum CodingKeys: String, CodingKey {
        case text = "Text"
        case resolution = "Resolution"
        case value = "Value"
      }
    }
    struct Value: Decodable {
      var timex: String
      private enum CodingKeys: String, CodingKey { case timex = "Timex" }
    }
    var input: String
    var results: [Result]?
    private enum CodingKeys: String, CodingKey {
      case input = "Input"
      case results = "Results"
    }
  }

  private func cases(_ path: String) throws -> [Case] {
    var data = try Data(contentsOf: realData.appending(path: path))
    if data.starts(with: [0xEF, 0xBB, 0xBF]) { data = data.dropFirst(3) }
    return try JSONDecoder().decode([Case].self, from: data)
  }

  /// Full-width ASCII and letters compared as the specifications write them.
  private func folded(_ text: String) -> String {
    var scratch = ScratchBuffer()
    let bytes = Array(text.trimmingCharacters(in: .whitespaces).utf8)
    return String(
      decoding: Normalization([.width, .lower]).apply(bytes.span, to: &scratch) ? scratch.bytes : bytes, as: UTF8.self)
  }

  static let numbers = "cn-number-date-specs/data/Number/Chinese/NumberModel.json"
  static let dates = "cn-number-date-specs/data/DateTime/Chinese/DateParser.json"

  @Test(.enabled(if: hasRealData(numbers), "no real data beside the package"))
  func readsTheNumbersThatFillTheirText() throws {
    let reader = NumberReader(normalizers: [.chineseNumerals, .numberMarks, .fractions])
    var passed = 0
    var refused: [String] = []
    var wrong: [String] = []
    var others = 0
    for item in try cases(Self.numbers) {
      guard let results = item.results, results.count == 1, folded(results[0].text) == folded(item.input),
        let expected = Double(results[0].resolution?["value"] ?? "")
      else {
        others += 1
        continue
      }
      switch outcome(folded(item.input), reader.readNumber) {
      case .success(let value) where abs(value - expected) <= abs(expected) * 1e-12: passed += 1
      case .success(let value): wrong.append("\(item.input) = \(value), not \(expected)")
      case .failure: refused.append(item.input)
      }
    }
    print("numbers: \(passed) read, \(refused.count) refused, \(others) texts are not one number; refused: \(refused)")
    #expect(wrong == [])
    #expect(refused.allSatisfy { text in Self.isApproximate(text) || Self.isArithmetic(text) }, "\(refused)")
    #expect(passed >= 240)
  }

  /// 十余万 and 二十几万 name no one value, and 40k is not written in this field.
  private static func isApproximate(_ text: String) -> Bool { "余多几幾kKM".contains { text.contains($0) } }
  /// 2^5 is a computation.
  private static func isArithmetic(_ text: String) -> Bool { "^".contains { text.contains($0) } }

  @Test(.enabled(if: hasRealData(dates), "no real data beside the package"))
  func readsTheDatesThatAreAbsolute() throws {
    let reader = try DateReader(format: "any")
    var passed = 0
    var skipped: [String] = []
    for item in try cases(Self.dates) {
      guard let results = item.results, results.count == 1,
        folded(results[0].text) == folded(item.input).replacing("，", with: ","),
        let timex = results[0].value?.timex, timex.count == 10, !timex.contains("X")
      else { continue }
      switch outcome(item.input, reader.read) {
      case .success(let day):
        #expect(day.text == timex, "\(item.input)")
        passed += 1
      case .failure(let fault): skipped.append("\(item.input): \(fault)")
      }
    }
    print("dates: \(passed) read; refused: \(skipped)")
    #expect(passed >= 13)
  }
}

/// The commonest form of a timestamp is read eight bytes at a time; with a fraction it goes the other way.
@Suite struct WholeTimestampTests {
  @Test(arguments: [
    "2022-11-03T14:30:59", "2024-02-29T23:59:59Z", "0001-01-01T00:00:00-14:00", "2022-12-31T00:00:00+08:30",
  ])
  func oneByteChangedIsReadAlikeOnBothWays(text: String) throws {
    let reader = try TimestampReader()
    for place in 0..<text.utf8.count {
      for byte in Array("0123456789-:TZ+. /t".utf8) {
        var changed = Array(text.utf8)
        changed[place] = byte
        // Behind a fraction it would be one more digit of it.
        if place == 19, (0x30...0x39).contains(byte) { continue }
        var fraction = changed
        fraction.insert(contentsOf: Array(".0".utf8), at: 19)
        let whole = outcome(String(decoding: changed, as: UTF8.self), reader.read)
        let other = outcome(String(decoding: fraction, as: UTF8.self), reader.read)
        #expect(whole == other, "\(String(decoding: changed, as: UTF8.self))")
      }
    }
    let other = outcome(text.prefix(19) + ".0" + text.dropFirst(19), reader.read)
    #expect(outcome(text, reader.read) == other && (try? other.get()) != nil)
  }
}
