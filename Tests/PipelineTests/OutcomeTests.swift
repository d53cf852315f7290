import Campaign
import Diagnostics
import Foundation
import Tables
import Testing

@testable import Pipeline

@Suite struct DisplayWidthTests {
  @Test(arguments: [
    ("", 0), ("abc", 3), ("督查", 4), ("（一）", 6), ("ａ1", 3), ("é", 1), ("e\u{301}", 1), ("한글", 4), ("。，", 4), ("𠀀", 2),
    ("á中b", 4), ("\u{3000}", 2), ("½", 1),
  ])
  func chineseTakesTwoColumns(text: String, width: Int) { #expect(displayWidth(text) == width) }
}

@Suite struct SummaryTextTests {
  @Test func figuresStandOneBelowTheOther() throws {
    let rows = [("单位", "计划督查", 120), ("单位", "已督查", 7), ("发现", "问题", 1024)].map { section, item, value in
      var row = TableRow()
      row.append(section)
      row.append(item)
      row.append(value)
      row.append("id")
      return row
    }
    var name = TableRow()
    for text in ["行动", "名称", "人才督查"] { name.append(text) }
    let table = Table(name: "summary", title: .init("总览"), columns: [], rows: HeldRows([name] + rows))
    #expect(
      try SummaryText.text(of: table)
        == "行动\n  名称      人才督查\n\n单位\n  计划督查   120\n  已督查       7\n\n发现\n  问题      1024\n")
  }
}

@Suite struct CheckOutcomeTests {
  private func outcome(_ language: Language, _ diagnostics: [Diagnostic]) throws -> [String: Any] {
    let outcome = CheckOutcome(
      language: language, diagnostics: diagnostics,
      counts: [(rule: .typeError, count: 1500), (rule: .unitUnknown, count: 1)],
      files: 2, records: 40, rejected: 3, exitStatus: 1)
    return try #require(JSONSerialization.jsonObject(with: Data(outcome.json())) as? [String: Any])
  }

  @Test func programsGetWhatPeopleSee() throws {
    let json = try outcome(
      .en,
      [
        Diagnostic(
          .typeError, at: SourceLocation(file: "第1组/a.csv", line: 3, column: 7, record: 2, field: "day"),
          found: "昨天\"\n\u{1B}\\", [.word(.init(zh: "日期", en: "a date"))]),
        Diagnostic(.fileUnclaimed, at: SourceLocation(file: "x.txt")),
      ])
    #expect(json["files"] as? Int == 2 && json["records"] as? Int == 40 && json["rejected"] as? Int == 3)
    #expect(json["kept_per_rule_and_file"] as? Int == keptPerRule)
    #expect(json["counts"] as? [String: Int] == ["type-error": 1500, "unit-unknown": 1])
    let diagnostics = try #require(json["diagnostics"] as? [[String: Any]])
    #expect(diagnostics.count == 2)
    #expect(diagnostics[0]["rule"] as? String == "type-error" && diagnostics[0]["severity"] as? String == "error")
    #expect(diagnostics[0]["file"] as? String == "第1组/a.csv" && diagnostics[0]["field"] as? String == "day")
    #expect(diagnostics[0]["line"] as? Int == 3 && diagnostics[0]["column"] as? Int == 7)
    #expect(diagnostics[0]["record"] as? Int == 2 && diagnostics[0]["found"] as? String == "昨天\"\n\u{1B}\\")
    #expect(diagnostics[0]["expected"] as? String == "a date")
    #expect(diagnostics[1]["severity"] as? String == "warning" && diagnostics[1]["field"] is NSNull)
  }

  @Test func theLanguageIsThatOfTheCampaign() throws {
    let json = try outcome(.zh, [Diagnostic(.unitUnknown, at: SourceLocation(file: "a.csv"))])
    let diagnostic = try #require((json["diagnostics"] as? [[String: Any]])?.first)
    #expect(diagnostic["title"] as? String == Rule.unitUnknown.title.zh)
    #expect(diagnostic["expected"] as? String == Rule.unitUnknown.expected.zh)
  }
}
