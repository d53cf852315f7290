import Campaign
import Diagnostics
import Foundation
import Records
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
  private func outcome(
    _ diagnostics: [(Diagnostic, Int?)], repeating count: Int = 1, fields: [String] = []
  ) throws -> [String: Any] {
    var campaign = CampaignDefinition(id: "c")
    var source = SourceDefinition(name: "s", location: SourceLocation(file: "pipeline.yaml"))
    source.fields = fields.map { Field(name: $0, location: source.location) }
    campaign.sources = [source]
    var file = FileReport(path: "第1组/a.csv", source: 0)
    (file.counts.records, file.counts.rejected, file.counts.accepted) = (40, 3, 37)
    var kept = KeptDiagnostics()
    for _ in 0..<count { for (diagnostic, file) in diagnostics { kept.add(diagnostic, file: file) } }
    let outcome = CheckOutcome(campaign, files: [file], late: [1], kept: kept, hasErrors: false)
    return try #require(JSONSerialization.jsonObject(with: Data(outcome.report())) as? [String: Any])
  }

  @Test func programsGetWhatPeopleSee() throws {
    let fault = Diagnostic(
      .typeError, at: SourceLocation(file: "第1组/a.csv", line: 3, column: 7, record: 2, field: "day"),
      found: "昨天\"\n\u{1B}\\", [.word(.init(zh: "日期", en: "a date"))])
    let json = try outcome(
      [(fault, 0), (Diagnostic(.fileUnclaimed, at: SourceLocation(file: "x.txt")), nil)], fields: ["id", "day"])
    #expect(json["files"] as? Int == 1 && json["records"] as? Int == 40 && json["rejected"] as? Int == 4)
    #expect(json["valid"] as? Bool == false && json["capped"] as? Bool == false)
    #expect(json["counts"] as? [String: Int] == ["type-error": 1, "file-unclaimed": 1])
    let stats = try #require(json["stats"] as? [String: Int])
    #expect(stats["errors"] == 1 && stats["warnings"] == 1 && stats["accepted"] == 36)
    let diagnostics = try #require(json["diagnostics"] as? [[String: Any]])
    #expect(diagnostics.count == 2)
    #expect(diagnostics[0]["rule"] as? String == "type-error" && diagnostics[0]["severity"] as? String == "error")
    #expect(diagnostics[0]["file"] as? String == "第1组/a.csv" && diagnostics[0]["field"] as? String == "day")
    #expect(diagnostics[0]["line"] as? Int == 3 && diagnostics[0]["column"] as? Int == 7)
    #expect(diagnostics[0]["record"] as? Int == 2 && diagnostics[0]["found"] as? String == "昨天\"\n\u{1B}\\")
    #expect(diagnostics[0]["field_number"] as? Int == 2 && diagnostics[0]["source"] as? String == "s")
    #expect(diagnostics[0]["expected_en"] as? String == "a date" && diagnostics[0]["expected_zh"] as? String == "日期")
    #expect((diagnostics[0]["message_zh"] as? String)?.hasPrefix("第1组/a.csv:3:7: 错误: ") == true)
    #expect(diagnostics[1]["severity"] as? String == "warning" && diagnostics[1]["field"] is NSNull)
    #expect(diagnostics[1]["source"] is NSNull && diagnostics[1]["line"] is NSNull)
  }

  @Test func allAreCountedAndTheFirstAreKept() throws {
    let json = try outcome([(Diagnostic(.unitUnknown, at: SourceLocation(file: "第1组/a.csv")), 0)], repeating: 1500)
    #expect(json["kept_per_rule_and_file"] as? Int == keptPerRule && json["capped"] as? Bool == true)
    #expect(json["counts"] as? [String: Int] == ["unit-unknown": 1500])
    #expect((json["diagnostics"] as? [Any])?.count == keptPerRule)
    let report = try #require((json["reports"] as? [[String: Any]])?.first)
    #expect(report["capped"] as? [String] == ["unit-unknown"] && report["rejected"] as? Int == 4)
    #expect(report["counts"] as? [String: Int] == ["unit-unknown": 1500])
    let source = try #require((json["sources"] as? [[String: Any]])?.first)
    #expect(source["counts"] as? [String: Int] == ["unit-unknown": 1500] && source["source"] as? String == "s")
  }
}
