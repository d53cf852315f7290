import Campaign
import Diagnostics
import Records
import Testing

@testable import Delimited

@Suite struct TextTests {
  @Test(arguments: [
    ("Unit Code *", "unitcode"), ("**A\tb\n", "ab"), ("ＡＢｚ０＊", "abz0"), ("（问题）　数量：", "(问题)数量:"), ("É t é", "été"),
    ("\u{FEFF}名\u{A0}称\u{200B}", "名称"), ("～｟", "~｟"), ("a\u{7F}", "a"), ("", ""), ("*", ""), ("、。々〇", "、。々〇"),
  ])
  func labelsAreComparedWithoutWidthCaseAndSpace(text: String, expected: String) {
    #expect(folded(text) == expected)
    // Behind a letter of another script, which takes the long way.
    #expect(folded("Ж" + text).drop { $0 == "ж" || $0 == "*" } == expected)
  }

  @Test(arguments: [
    (" a ", "a"), ("\u{3000}甲 乙\u{FEFF}", "甲 乙"), ("\u{200B}", ""), ("é\u{A0}", "é"), ("\u{2028}x\u{85}", "x"),
    ("甲", "甲"),
  ])
  func whiteSpaceIsTakenFromBothEnds(text: String, expected: String) { #expect(trimmed(text) == expected) }
}

@Suite struct TableShapeTests {
  private let fields = [field("单位", isRequired: true), field("日期", aliases: ["走访日期"]), field("问题")]

  @Test func leavesOutWhatIsNoRecordAndSaysSo() throws {
    let text = """
      全州督查台账,,
      填报单位：某组,,
      单 位,走访日期,问题
      甲局,11-3,p1
      ,,
      乙局,11-4,p2
      小计,,2
      单 位,走访日期,问题
      全州督查台账,,
      丙局,11-5,p3
      合计,3,3
      注：数据截至11月,,
      填表人：张三,,审核人：李四

      """
    let table = try read(text, fields: fields)
    #expect(table.rows.map { $0[0] } == ["甲局", "乙局", "丙局"])
    #expect(table.lines == [4, 6, 10])
    #expect(
      table.account.skipped == ["title": 3, "header": 1, "blank": 1, "totals": 2, "repeated-header": 1, "note": 2])
    #expect(table.account.rows == 13)
    #expect(
      table.noteRules == [
        "title-rows-skipped", "title-rows-skipped", "totals-row", "repeated-header", "repeated-header", "totals-row",
        "note-row", "note-row", "blank-row",
      ])
    #expect(table.account.columns.map(\.field) == ["单位", "日期", "问题"])
  }

  @Test(arguments: ["注册中心,11-3,p", "审核科,11-4,无", "Total Wine,11-5,p", "共计局,11-6,x"])
  func keepsRecordsThatBeginLikeATotal(row: String) throws {
    let table = try read("单位,日期,问题\n\(row)\n", fields: fields)
    #expect(table.account.records == 1)
  }

  @Test func declaredTotalsReplaceTheBuiltInOnes() throws {
    var options = DelimitedOptions()
    options.totals = ["汇总"]
    let table = try read("单位,日期,问题\n合计,1,2\n汇总全州,1,2\n", fields: fields, options: options)
    #expect(table.rows == [["合计", "1", "2"]])
    #expect(table.account.skipped["totals"] == 1)
  }

  @Test func fillsMergedCellsButNotAcrossAHeader() throws {
    let text = "单位,日期,问题\n甲,1,a\n,2,b\n单位,日期,问题\n,3,c\n乙,4,d\n　,5,e\n"
    let table = try read(text, fields: fields, fillDown: ["单位"])
    #expect(table.rows.map { $0[0] } == ["甲", "甲", "", "乙", "乙"])
  }

  @Test(arguments: [
    ("单位,日期,问题,\n甲,1,a,\n乙,2,b,\n", ["trailing-separator"]),
    ("单位,日期,问题\n甲,1,a,\n乙,2,b,,\n", ["surplus-blank-cells"]),
  ])
  func spareSeparatorsAreOneNote(text: String, notes: [String]) throws {
    let table = try read(text, fields: fields)
    #expect(table.noteRules == notes)
    #expect(table.rows == [["甲", "1", "a"], ["乙", "2", "b"]])
    #expect(table.columnCount == 3)
  }

  @Test func leavesShortAndLongRowsToTheCheck() throws {
    let table = try read("单位,日期,问题\n甲,1\n乙,2,b,c\n", fields: fields)
    #expect(table.rows.map(\.count) == [2, 4])
    #expect(table.faults.isEmpty)
  }

  @Test(arguments: [
    ("单位,问题\n1,2\n", ["missing-label"], [0, -1, 1] as [Int32]),
    ("单位,日期,问题,备考\n1,2,3,4\n", ["extra-label"], [0, 1, 2]),
    ("单位,日期,走访日期,问题\n1,2,3,4\n", ["duplicate-label"], [0, 1, 3]),
    ("单位,,日期,问题\n1,2,3,4\n", ["blank-label"], [0, 2, 3]),
    ("问题,日期,单位\n1,2,3\n", ["incorrect-label"], [2, 1, 0]),
    ("走访日期,日期,单位,问题\n1,2,3,4\n", ["duplicate-label", "incorrect-label"], [2, 1, 3]),
  ])
  func mapsColumnsByTheirLabels(text: String, notes: [String], columns: [Int32]) throws {
    let table = try read(text, fields: fields)
    #expect(table.noteRules == notes)
    #expect(table.columnOfField == columns)
  }

  @Test func joinsHeadersOfSeveralRows() throws {
    let fields = [field("基本情况单位"), field("日期"), field("满意度 A"), field("满意度 B")]
    let table = try read("基本情况,,满意度,\n单位,日期,A,B\n甲,1,2,3\n", fields: fields)
    #expect(table.columnOfField == [0, 1, 2, 3])
    #expect(table.dialect.headerRows == 2)
    #expect(table.rows == [["甲", "1", "2", "3"]])
    #expect(table.account.columns.map(\.header) == ["基本情况 单位", "日期", "满意度 A", "B"])
  }

  @Test func takesAHeaderInASecondLanguageIntoTheHeader() throws {
    var fields = [field("unit"), field("date")]
    fields[0].title = LocalizedText(zh: "单位", en: "Unit")
    fields[1].title = LocalizedText(zh: "日期", en: "Date")
    let table = try read("单位,日期\nUnit,Date\n甲,1\n", fields: fields)
    #expect(table.rows == [["甲", "1"]])
    #expect(table.dialect.headerRows == 2)
  }

  @Test func readsByPositionWhenThereIsNoHeader() throws {
    var options = DelimitedOptions()
    options.headerRows = 0
    let table = try read("甲,1,2\n乙,3,4\n", fields: fields, options: options)
    #expect(table.rows == [["甲", "1", "2"], ["乙", "3", "4"]])
    #expect(table.columnOfField == [0, 1, 2])
  }

  @Test func keepsAHundredNotesOfARuleAndCountsAll() throws {
    let text = "单位,日期,问题\n" + String(repeating: "合计,,1\n", count: 250) + "甲,1,2\n"
    let table = try read(text, fields: fields)
    #expect(table.account.notes.count == 100)
    #expect(table.account.notes.last?.arguments == [.word(LocalizedText(zh: "共 250 处", en: "250 in all"))])
    #expect(table.account.skipped["totals"] == 250)
  }

  @Test func notesLineEndsOfSeveralKinds() throws {
    let table = try read("单位,日期,问题\n甲,1,2\r\n乙,3,4\n丙,5,6\r丁,7,8\n", fields: fields)
    #expect(table.noteRules == ["mixed-line-ends"])
    #expect(table.account.notes.first?.found == "LF 2, CRLF 1, CR 1")
    #expect(table.rows.count == 4)
  }
}
