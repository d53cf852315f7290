import Diagnostics
import Testing

@testable import Records

/// What a segment file says of a file comes back as it was.
@Suite struct ReportCodingTests {
  private var report: FileReport {
    var report = FileReport(path: "a/b.csv", source: 3)
    report.fingerprint = "f00d"
    report.size = 12345
    report.encoding = "gb18030"
    report.encodingEvidence = LocalizedText(zh: "证据", en: "evidence")
    report.reading.records = 7
    report.reading.rows = 9
    report.reading.skipped = ["header": 1, "title": 2]
    report.reading.dialect = "delimiter=,"
    report.reading.dialectParts = [("delimiter", ","), ("quote", "\"")]
    report.reading.columns = [("单位", "unit"), ("备注", nil)]
    report.reading.notes = [
      Diagnostic(
        .extraCell, severity: .warning,
        at: SourceLocation(file: "a/b.csv", line: 1, column: -2, record: 3, field: "unit"), found: "见",
        [.literal("x"), .word(LocalizedText(zh: "甲", en: "a"))])
    ]
    report.counts.records = 7
    report.counts.findingsInExcludedRecords = 5
    report.counts.byRule = ["extra-cell": 2, "own-rule": 1]
    report.counts.decisions = [4: 1]
    report.counts.blanks = [513: 6]
    let own = Rule(
      id: "own-rule", severity: .note, title: LocalizedText(zh: "题", en: "t"),
      expected: LocalizedText(zh: "应", en: "e"), fix: LocalizedText(zh: "改", en: "f"))
    report.failure = Diagnostic(own, at: SourceLocation(file: "a/b.csv"))
    return report
  }

  @Test func aReportComesBackAsItWas() {
    var encoder = ByteEncoder()
    encoder.append(report)
    var decoder = ByteDecoder(encoder.bytes)
    let read = decoder.fileReport()
    #expect(decoder.isAtEnd)
    var again = ByteEncoder()
    again.append(read)
    #expect(again.bytes == encoder.bytes)
    #expect(
      read.counts == report.counts && read.failure == report.failure && read.reading.notes == report.reading.notes)
    #expect(read.reading.columns.map(\.header) == ["单位", "备注"] && read.reading.skipped == report.reading.skipped)
    #expect(read.failure?.rule.fix.zh == "改")
  }

  /// A property that is added must be coded too, and given a value above.
  @Test func everyPropertyIsKnownHere() {
    #expect(Mirror(reflecting: report).children.count == 10)
    #expect(Mirror(reflecting: report.reading).children.count == 7)
    #expect(Mirror(reflecting: report.counts).children.count == 12)
    #expect(Mirror(reflecting: report.reading.notes[0]).children.count == 5)
    #expect(Mirror(reflecting: report.reading.notes[0].location).children.count == 5)
  }
}
