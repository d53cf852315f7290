import Bytes
import Campaign
import Diagnostics
import Testing

@Suite struct CalendarTests {
  /// The first and last day of every month that there is, one behind the other.
  @Test func everyMonthOfTenThousandYearsFollowsTheOneBefore() throws {
    var next = try #require(Day(year: 1, month: 1, day: 1)).number
    for year in 1...9999 {
      for month in 1...12 {
        let days = Day.days(inMonth: month, of: year)
        let first = Day(year: year, month: month, day: 1)
        guard first?.number == next, let last = Day(year: year, month: month, day: days),
          last.number == next + Int32(days) - 1, last.components == (year, month, days),
          Day(year: year, month: month, day: days + 1) == nil
        else {
          Issue.record("\(year)-\(month)")
          return
        }
        next = last.number + 1
      }
    }
  }

  @Test(arguments: [
    (4, 29), (100, 28), (400, 29), (1600, 29), (1700, 28), (1900, 28), (2000, 29), (2022, 28), (2024, 29), (2100, 28),
    (9996, 29), (9999, 28),
  ])
  func februaryFollowsTheGregorianRule(year: Int, days: Int) {
    #expect(Day.days(inMonth: 2, of: year) == days)
    #expect((Day(year: year, month: 2, day: 29) != nil) == (days == 29))
  }

  @Test(arguments: [(1, 1, 1, "0001-01-01"), (2022, 11, 3, "2022-11-03"), (9999, 12, 31, "9999-12-31")])
  func theTextSortsAsTheDayDoes(year: Int, month: Int, day: Int, text: String) throws {
    let found = try #require(Day(year: year, month: month, day: day))
    #expect(found.text == text)
    let before = Day(number: found.number - 1)
    #expect(before < found && (year == 1 || before.text < text))
  }
}

@Suite struct CodeListTests {
  @Test func anEntryThatIsAddedLaterStandsBehind() {
    var list = CodeList(name: "mode", entries: [.init(code: "a", label: .init(zh: "甲", en: "A"))])
    #expect(list.append(.init(code: "b", label: .init(zh: "乙", en: ""), aliases: ["", "B"])) == 1)
    #expect(list.entries.map(\.code) == ["a", "b"])
    #expect(list.table.find("乙") == 1 && list.table.find("B") == 1)
    #expect(list.table.find("") == nil, "an empty label names nothing")
    #expect(list.table.find("b ") == nil && list.table.find("Ａ") == nil, "nothing is guessed")
  }

  @Test(arguments: [
    ("亮点", FindingKind.highlight), ("highlight", .highlight), ("Problem", .problem), ("存在问题", .problem),
    ("建议", .suggestion), ("意见建议", .suggestion),
  ])
  func theKindsOfFindingsAreKnownByTheirWords(word: String, kind: FindingKind) {
    #expect(CodeList.findingKinds.table.find(word) == Int32(kind.rawValue))
  }
}
