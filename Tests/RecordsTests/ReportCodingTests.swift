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
    (report.counts.records, report.counts.accepted, report.counts.rejected, report.counts.excluded) = (7, 4, 1, 2)
    (report.counts.findings, report.counts.findingsAccepted, report.counts.findingsRejectedAlone) = (30, 18, 3)
    (report.counts.findingsInRejectedRecords, report.counts.findingsInExcludedRecords) = (4, 5)
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
    #expect(read.hasFailed && read.hasDetails && read.hasRejected && read.hasWarnings)
    #expect(read.fingerprintKey == report.fingerprintKey && read.fingerprintKey == 0xF00D)
  }

  @Test func whatIsAskedOfAllFilesFollowsTheRest() {
    var changed = report
    changed.failure = nil
    changed.counts = CheckCounts()
    changed.reading.notes[0].severity = .note
    changed.fingerprint = "0a"
    #expect(!changed.hasFailed && !changed.hasDetails && !changed.hasRejected && !changed.hasWarnings)
    #expect(changed.fingerprintKey == 0x0A)
    changed.counts.findingsRejectedAlone = 1
    changed.reading.notes.append(Diagnostic(.extraCell, severity: .warning, at: SourceLocation(file: "a")))
    #expect(changed.hasRejected && changed.hasWarnings && !changed.hasDetails)
  }

  @Test func countsAddUp() {
    var counts = report.counts
    counts.merge(report.counts)
    #expect(counts.records == 14 && counts.accepted == 8 && counts.rejected == 2 && counts.excluded == 4)
    #expect(counts.findings == 60 && counts.findingsAccepted == 36 && counts.findingsRejectedAlone == 6)
    #expect(counts.findingsInRejectedRecords == 8 && counts.findingsInExcludedRecords == 10)
    #expect(counts.byRule == ["extra-cell": 4, "own-rule": 2])
    #expect(counts.decisions == [4: 2] && counts.blanks == [513: 12])
  }

  /// What files have in common stands in bytes once; what differs comes back with each.
  @Test func reportsOfManyFilesComeBackAsTheyWere() {
    var others = [report, report, report, report]
    others[1].path = "a/c.csv"
    others[1].reading.notes[0].location.file = "a/c.csv"
    others[2].path = "b.csv"
    others[2].failure = nil
    others[2].encoding = "utf-8"
    others[2].reading.notes = []
    others[3].reading.notes += [Diagnostic(.sheetNotRead, at: SourceLocation(file: "d.xlsx[2]"), found: "见")]
    var encoder = ByteEncoder()
    var sizes: [Int] = []
    for report in others {
      let start = encoder.bytes.count
      encoder.append(report)
      sizes.append(encoder.bytes.count - start)
    }
    #expect(sizes[1] < sizes[0] - 30, "\(sizes)")
    var decoder = ByteDecoder(encoder.bytes)
    for report in others {
      let read = decoder.fileReport()
      #expect(read.path == report.path && read.encoding == report.encoding && read.failure == report.failure)
      #expect(read.reading.notes == report.reading.notes && read.reading.dialect == report.reading.dialect)
    }
    #expect(decoder.isAtEnd)
  }

  @Test(arguments: [0, 1, -1, 63, 64, -64, -65, 8191, 1 << 35, .max, .min]) func numbersComeBack(number: Int) {
    var encoder = ByteEncoder()
    encoder.append(number)
    encoder.append(7)
    var decoder = ByteDecoder(encoder.bytes)
    #expect(decoder.number() == number && decoder.number() == 7 && decoder.isAtEnd)
  }

  @Test func aCopyOfAReportIsItsOwn() {
    var copy = report
    let first = copy
    copy.counts.records = 99
    copy.reading.notes = []
    #expect(first.counts.records == 7 && first.reading.notes.count == 1 && first.repeats == nil)
    #expect(copy.path == first.path && copy.failure == first.failure && copy.counts.records == 99)
  }

  /// A property that is added must be coded and copied too, and given a value above.
  @Test func everyPropertyIsKnownHere() throws {
    let content = try #require(Mirror(reflecting: report).children.first)
    #expect(Mirror(reflecting: content.value).children.count == 8)
    #expect(Mirror(reflecting: report).children.count == 8)
    #expect(Mirror(reflecting: report.reading).children.count == 7)
    #expect(Mirror(reflecting: report.counts).children.count == 12)
    #expect(Mirror(reflecting: report.reading.notes[0]).children.count == 5)
    #expect(Mirror(reflecting: report.reading.notes[0].location).children.count == 5)
  }
}
