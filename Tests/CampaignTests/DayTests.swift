import Bytes
import Campaign
import Diagnostics
import Testing

@Suite struct DayTests {
  @Test func everyDayOfFourCenturiesComesBack() throws {
    var number = try #require(Day(year: 1800, month: 1, day: 1)).number
    for year in 1800..<2200 {
      for month in 1...12 {
        for day in 1...Day.days(inMonth: month, of: year) {
          let found = try #require(Day(year: year, month: month, day: day))
          #expect(found.number == number && found.components == (year, month, day))
          number += 1
        }
      }
    }
  }

  @Test(arguments: [
    (1970, 1, 1, 0), (2022, 11, 3, 19299), (2000, 2, 29, 11016), (1, 1, 1, -719_162), (9999, 12, 31, 2_932_896),
  ])
  func countsFrom1970(year: Int, month: Int, day: Int, number: Int32) {
    #expect(Day(year: year, month: month, day: day)?.number == number)
  }

  @Test(arguments: [
    (2022, 2, 29), (1900, 2, 29), (2022, 11, 31), (2022, 13, 1), (2022, 0, 1), (2022, 1, 0), (0, 1, 1), (10_000, 1, 1),
  ])
  func refusesDaysThatAreNone(year: Int, month: Int, day: Int) {
    #expect(Day(year: year, month: month, day: day) == nil)
  }

  @Test func writesISO8601() { #expect(Day(year: 22, month: 1, day: 2)?.text == "0022-01-02") }

  @Test func aCodeListKnowsCodesLabelsAndAliases() {
    let list = CodeList(
      name: "method",
      entries: [
        .init(code: "hear", label: .init(zh: "听取汇报", en: "Reports"), aliases: ["汇报"]),
        .init(code: "site", label: .init(zh: "实地走访", en: "Site visit"), aliases: ["汇报", "走访"]),
      ])
    #expect(list.table.find("hear") == 0 && list.table.find("实地走访") == 1 && list.table.find("走访") == 1)
    #expect(list.table.find("汇报") == 0, "a word stays with the first entry that has it")
  }
}
