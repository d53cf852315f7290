import Campaign
import Foundation
import Testing

@testable import Values

@Suite struct DateTests {
  private let window = Day(year: 2022, month: 11, day: 1)!...Day(year: 2022, month: 11, day: 15)!

  private func read(_ text: String, _ format: String = "any", _ normalizers: [Normalizer] = []) throws -> String {
    let reader = try DateReader(format: format, normalizers: normalizers, window: window)
    switch outcome(text, reader.read) {
    case .success(let day): return written { $0.append(day: day) }
    case .failure(let fault): return "\(fault)"
    }
  }

  @Test(arguments: [
    ("2022-11-03", "2022-11-03"), ("0001-01-01", "0001-01-01"), ("9999-12-31", "9999-12-31"),
    ("2024-02-29", "2024-02-29"),
    ("2022-02-29", "noSuchDay"), ("2022-13-01", "noSuchDay"), ("0000-01-01", "noSuchDay"), ("2022-1-1", "notADate"),
    ("2022/11/03", "notADate"), ("20221103", "notADate"), ("2022-11-03 ", "notADate"), ("", "notADate"),
    ("44868", "notADate"),
    ("2022-11-03T00:00:00", "notADate"), ("２０２２-11-03", "notADate"), ("11月3日", "notADate"),
  ])
  func readsOnlyISO8601ByDefault(text: String, expected: String) throws {
    #expect(try read(text, "default") == expected)
  }

  @Test(arguments: [
    "2022-11-03", "2022-11-3", "2022/11/3", "2022/11/03", "2022.11.3", "2022.11.03", "20221103", "2022年11月3日",
    "2022年11月03日",
    "2022 年 11 月 3 日", "２０２２年１１月３日", "２０２２／１１／３", "2022年11月3号", "2022年11月3號", "2022年11月3", "二〇二二年十一月三日",
    "二零二二年十一月三日", "二○二二年十一月三日", "两千零二十二年十一月三日", "2022-11-03 00:00:00", "2022-11-03T00:00:00",
    "2022/11/3 0:00", "2022年11月3日 0时0分", "2022-11-03T00:00:00.000+08:00", "3 Nov 2022", "3 November 2022",
    "November 3, 2022",
    "Nov 3 2022", "Nov. 3, 2022", "3-Nov-2022", "3rd November 2022", "Thu, 3 Nov 2022", "2022-Nov-03", "NOV 3, 2022",
    "3/nov/2022",
    "2022 11 03", "2022年11月3日 星期四", "2022年11月3日（星期四）", "2022年11月3日，周四", "2022-11-03 Thursday", "2022 - 11 - 3",
    "2022年11月3日00:00:00", "\u{FEFF}2022年11月3日",
  ])
  func readsEachFormWhoseMeaningIsCertain(text: String) throws {
    #expect(try read(text) == "2022-11-03")
  }

  @Test(arguments: [
    ("13/11/2022", "2022-11-13"), ("11/13/2022", "2022-11-13"), ("5.5.2015", "2015-05-05"), ("廿三", "notADate"),
    ("2022年廿三月一日", "noSuchDay"), ("二〇二二年十二月三十一日", "2022-12-31"), ("2022年十月廿三日", "2022-10-23"),
    ("3/4/2022", "ambiguousDate"), ("03-04-2022", "ambiguousDate"), ("3.4.2022", "ambiguousDate"),
    ("3/4/22", "twoDigitYear"),
    ("24.3.5", "twoDigitYear"), ("22年11月3日", "twoDigitYear"), ("3 Nov 22", "twoDigitYear"), ("32/1/2022", "noSuchDay"),
    ("2024/2/30", "noSuchDay"), ("20220230", "noSuchDay"), ("2022年2月30日", "noSuchDay"), ("31 Nov 2022", "noSuchDay"),
    ("00/00/2022", "noSuchDay"), ("11月3日", "missingYear"), ("11/3", "missingYear"), ("3 Nov", "missingYear"),
    ("Nov 3", "missingYear"),
    ("2022-11-03 14:30", "timeInDate"), ("2022-11-03 25:00", "noSuchTime"), ("2022年11月3日 星期一", "wrongWeekday"),
    ("Mon, 3 Nov 2022", "wrongWeekday"), ("二〇二四年", "notADate"), ("2022年11月", "notADate"), ("2022-11", "notADate"),
    ("44868", "notADate"),
    ("2022-11/03", "notADate"), ("明天", "notADate"), ("大年初一", "notADate"), ("2015年农历正月初一", "notADate"),
    ("2022-11-03x", "notADate"),
    ("2022-11-03-04", "notADate"), ("1月", "notADate"), ("Foo 3 2022", "notADate"), ("2022 11 03 04", "notADate"),
    ("1/2/3/4", "twoDigitYear"),
    ("111年11月3日", "twoDigitYear"), ("民國111年11月3日", "notADate"), ("123456789", "notADate"), ("5月3", "missingYear"),
    ("2022-11-03 00:00:01", "timeInDate"), ("11-3", "missingYear"), ("11.3", "missingYear"), ("1:2:3", "notADate"),
  ])
  func saysWhatIsWrongWithADate(text: String, expected: String) throws {
    #expect(try read(text) == expected)
  }

  @Test(arguments: [
    ("44868", "2022-11-03"), ("44868.0", "2022-11-03"), ("44868.5", "timeInDate"), ("20000", "1954-10-03"),
    ("80000", "2119-01-11"),
    ("19999", "notADate"), ("80001", "notADate"), ("2022-11-03", "2022-11-03"), ("2022/11/3", "notADate"),
  ])
  func readsSerialNumbersOfExcel(text: String, expected: String) throws {
    #expect(try read(text, "default", [.excelSerial]) == expected)
  }

  @Test(arguments: [
    ("111/11/3", "2022-11-03"), ("103.7.16", "2014-07-16"), ("民國111年11月3日", "2022-11-03"),
    ("中華民國111年11月3日", "2022-11-03"),
    ("1110103", "2022-01-03"), ("111年11月3日", "2022-11-03"), ("99-12-31", "2010-12-31"), ("2022-11-03", "2022-11-03"),
    ("民國一百一十一年十一月三日", "2022-11-03"), ("1111303", "noSuchDay"), ("民國2022年1月1日", "notADate"), ("5/6/7", "twoDigitYear"),
    ("2022/11/3", "notADate"), ("0/1/1", "twoDigitYear"), ("民國0年1月1日", "notADate"),
  ])
  func readsYearsOfTheRepublic(text: String, expected: String) throws {
    #expect(try read(text, "default", [.rocYear]) == expected)
  }

  @Test(arguments: [
    ("11月3日", "2022-11-03"), ("11-3", "2022-11-03"), ("11.3", "2022-11-03"), ("11/3", "2022-11-03"),
    ("十一月三日", "2022-11-03"),
    ("12月31日", "2022-12-31"), ("2月29日", "noSuchDay"), ("13/1", "noSuchDay"), ("3 Nov", "2022-11-03"),
    ("2022-11-05", "2022-11-05"),
    ("11月3日 00:00", "2022-11-03"), ("11月3日星期四", "2022-11-03"),
  ])
  func takesTheYearFromTheCampaign(text: String, expected: String) throws {
    #expect(try read(text, "default", [.campaignYear]) == expected)
  }

  @Test func takesTheYearInWhichTheDayLiesInTheWindow() throws {
    let turn = Day(year: 2022, month: 12, day: 20)!...Day(year: 2023, month: 1, day: 10)!
    let reader = try DateReader(normalizers: [.campaignYear], window: turn)
    #expect(outcome("1月5日", reader.read) == .success(Day(year: 2023, month: 1, day: 5)!))
    #expect(outcome("12月25日", reader.read) == .success(Day(year: 2022, month: 12, day: 25)!))
    #expect(outcome("6月1日", reader.read) == .success(Day(year: 2022, month: 6, day: 1)!))
    let long = Day(year: 1, month: 1, day: 1)!...Day(year: 9999, month: 1, day: 10)!
    #expect(
      outcome("1月5日", try DateReader(normalizers: [.campaignYear], window: long).read) == .failure(.ambiguousDate))
    #expect(outcome("1月5日", try DateReader(normalizers: [.campaignYear]).read) == .failure(.missingYear))
  }

  @Test(arguments: [
    ("%d/%m/%Y", "03/11/2022", "2022-11-03"), ("%d/%m/%Y", "3/11/2022", "2022-11-03"),
    ("%m/%d/%y", "11/03/22", "2022-11-03"),
    ("%m/%d/%y", "11/03/69", "1969-11-03"), ("%d %b %Y", "3 nov 2022", "2022-11-03"),
    ("%B %d, %Y", "November 3, 2022", "2022-11-03"),
    ("%Y%m%d", "20221103", "2022-11-03"), ("%Y%m%d", "2022113", "notADate"), ("%Y-%j", "2022-307", "2022-11-03"),
    ("%Y-%j", "2022-366", "noSuchDay"),
    ("%Y年%m月%d日", "2022年11月3日", "2022-11-03"), ("fmt:%d.%m.%Y", "3.11.2022", "2022-11-03"),
    ("%F", "2022-11-03", "2022-11-03"),
    ("%A %d %B %Y", "Thursday 3 November 2022", "2022-11-03"), ("%a %d %B %Y", "Fri 3 November 2022", "wrongWeekday"),
    ("%d/%m/%Y", "31/02/2022", "noSuchDay"), ("%d/%m/%Y", "2022-11-03", "notADate"),
    ("%d/%m/%Y", "03/11/2022 ", "notADate"),
    ("%Y-%m-%dT%H:%M:%S.%f%z", "2022-11-03T14:30:00.123+08:00", "2022-11-03"),
    ("%d%%%m%%%Y", "3%11%2022", "2022-11-03"),
  ])
  func readsPatternsOfStrptime(format: String, text: String, expected: String) throws {
    #expect(try read(text, format) == expected)
  }

  @Test(arguments: ["%d/%m", "%Y", "%H:%M", "%q %Y-%m-%d", "anything", "%Y-%m-%d%"])
  func refusesFormatsThatNameNoDay(format: String) {
    #expect(throws: FormatError.self) { try DateReader(format: format) }
  }

  @Test func writesTheDayThatItReads() throws {
    let reader = try DateReader()
    for number in stride(from: Int32(-719_162), to: 2_932_896, by: 997) {
      let text = written { $0.append(day: Day(number: number)) }
      #expect(text == Day(number: number).text)
      #expect(outcome(text, reader.read) == .success(Day(number: number)))
    }
  }
}

@Suite struct TimestampTests {
  private func read(_ text: String, _ format: String = "any", _ normalizers: [Normalizer] = []) throws -> String {
    let reader = try TimestampReader(format: format, normalizers: normalizers)
    switch outcome(text, reader.read) {
    case .success(let value): return written { $0.append(timestamp: value) }
    case .failure(let fault): return "\(fault)"
    }
  }

  @Test(arguments: [
    ("2022-11-03T14:30:00", "2022-11-03T14:30:00"), ("2022-11-03T14:30:00Z", "2022-11-03T14:30:00Z"),
    ("2022-11-03T14:30:00.250+08:00", "2022-11-03T14:30:00.25+08:00"),
    ("2022-11-03T01:30:00-05:30", "2022-11-03T01:30:00-05:30"),
    ("2022-11-03T24:00:00", "2022-11-04T00:00:00"), ("2022-11-03T24:00:01", "noSuchTime"),
    ("2022-11-03T14:60:00", "noSuchTime"),
    ("2022-02-30T14:00:00", "noSuchDay"), ("2022-11-03 14:30:00", "notADatetime"), ("2022-11-03T14:30", "notADatetime"),
    ("2022-11-03", "notADatetime"), ("2022-11-03T14:30:00.", "notADatetime"),
    ("2022-11-03T14:30:00+15:00", "notADatetime"), ("", "notADatetime"),
    ("0001-01-01T00:00:00+14:00", "0001-01-01T00:00:00+14:00"),
  ])
  func readsOnlyXMLSchemaByDefault(text: String, expected: String) throws {
    #expect(try read(text, "default") == expected)
  }

  @Test(arguments: [
    ("2022-11-03 14:30", "2022-11-03T14:30:00"), ("2022/11/3 14:30:05", "2022-11-03T14:30:05"),
    ("2022年11月3日 14时30分", "2022-11-03T14:30:00"),
    ("2022年11月3日14时30分5秒", "2022-11-03T14:30:05"), ("2022年11月3日 下午2点30分", "2022-11-03T14:30:00"),
    ("3 Nov 2022 2:30 PM", "2022-11-03T14:30:00"),
    ("2022-11-03 12:05 am", "2022-11-03T00:05:00"), ("2022-11-03 14:30+0800", "2022-11-03T14:30:00+08:00"),
    ("2022-11-03", "notADatetime"),
    ("二〇二二年十一月三日十四时三十分", "2022-11-03T14:30:00"), ("11/3/2022 14:30", "ambiguousDate"),
    ("2022-11-03 14:61", "noSuchTime"),
    ("2022-11-03 noon", "notADatetime"), ("2022-11-03T14:30:00.123456789Z", "2022-11-03T14:30:00.123456789Z"),
    ("20221103 14:30", "2022-11-03T14:30:00"),
  ])
  func readsEachFormWhoseMeaningIsCertain(text: String, expected: String) throws {
    #expect(try read(text) == expected)
  }

  @Test func readsPatternsAndSerialNumbers() throws {
    #expect(try read("03/11/2022 14.30", "%d/%m/%Y %H.%M") == "2022-11-03T14:30:00")
    #expect(try read("03/11/2022 02:30 PM", "%d/%m/%Y %I:%M %p") == "2022-11-03T14:30:00")
    #expect(try read("03/11/2022 13:30 PM", "%d/%m/%Y %I:%M %p") == "noSuchTime")
    #expect(try read("44868.604166667", "default", [.excelSerial]) == "2022-11-03T14:30:00")
    #expect(throws: FormatError.self) { try TimestampReader(format: "%Y-%m-%d") }
  }

  @Test func countsSecondsInUTCWhenAZoneIsGiven() throws {
    let reader = try TimestampReader()
    #expect(try outcome("1970-01-01T08:00:00+08:00", reader.read).get().seconds == 0)
    #expect(try outcome("1970-01-01T08:00:00", reader.read).get().seconds == 28_800)
    #expect(try outcome("1969-12-31T23:59:59Z", reader.read).get().seconds == -1)
  }

  @Test(arguments: [
    ("default", "14:30:00", "14:30:00"), ("default", "14:30:00.5+08:00", "14:30:00.5"),
    ("default", "14:30", "notATime"),
    ("default", "25:00:00", "noSuchTime"), ("any", "14:30", "14:30:00"), ("any", "2:30 pm", "14:30:00"),
    ("any", "下午2时", "14:00:00"),
    ("any", "1430", "notATime"), ("%H.%M", "14.30", "14:30:00"), ("%H.%M", "24.30", "noSuchTime"),
    ("any", "9点05分", "09:05:00"),
  ])
  func readsTimes(format: String, text: String, expected: String) throws {
    let reader = try TimeReader(format: format)
    switch outcome(text, reader.read) {
    case .success(let value): #expect(written { $0.append(time: value) } == expected)
    case .failure(let fault): #expect("\(fault)" == expected)
    }
  }

  @Test(arguments: [
    ("default", "2022", "2022"), ("default", "-0044", "-0044"), ("default", "2022Z", "2022"),
    ("default", "2022+08:00", "2022"), ("default", "22", "notAYear"),
    ("default", "12022", "12022"), ("default", "02022", "notAYear"), ("default", "1234567", "outOfRange"),
    ("any", "2022年", "2022"),
    ("any", "二〇二二年", "2022"), ("any", "22年", "twoDigitYear"), ("default", "2022年", "notAYear"), ("any", "２０２２", "2022"),
  ])
  func readsYears(format: String, text: String, expected: String) throws {
    let reader = try YearReader(format: format)
    switch outcome(text, reader.read) {
    case .success(let value): #expect(written { $0.append(year: value) } == expected)
    case .failure(let fault): #expect("\(fault)" == expected)
    }
    #expect(outcome("111年", try YearReader(normalizers: [.rocYear]).read) == .success(2022))
  }
}
