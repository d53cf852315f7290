import Campaign
import Diagnostics
import Foundation
import Tables
import Testing

@testable import Report

private let unzip = "/usr/bin/unzip"
private let canUnzip = FileManager.default.isExecutableFile(atPath: unzip)

/// A part of the workbook in `out`, as text.
private func part(_ name: String, in workplace: Workplace) throws -> String {
  let process = Process()
  process.executableURL = URL(fileURLWithPath: unzip)
  process.arguments = ["-p", workplace.file("out/statistics.xlsx"), name]
  let output = Pipe()
  process.standardOutput = output
  try process.run()
  let data = output.fileHandleForReading.readDataToEndOfFile()
  process.waitUntilExit()
  return String(decoding: data, as: UTF8.self)
}

private func cell(_ text: String) -> String {
  var bytes: [UInt8] = []
  bytes.append(cell: Array(text.utf8).span)
  return String(decoding: bytes.dropLast(), as: UTF8.self)
}

@Suite struct WorkbookTests {
  @Test(arguments: [
    (["汇总", "各单位：走访/问题"], ["汇总", "各单位：走访 问题"]), (["a[b]:*?/\\c"], ["a b c"]), (["'quoted'"], ["quoted"]),
    (["", " ", "''"], ["1", "2", "3"]), (["Units", "UNITS", "units"], ["Units", "UNITS (2)", "units (3)"]),
    (["History"], ["History (2)"]), ([String(repeating: "县", count: 40)], [String(repeating: "县", count: 31)]),
    ([String(repeating: "😀", count: 16)], [String(repeating: "😀", count: 15)]),
    (
      [String(repeating: "x", count: 31), String(repeating: "x", count: 32)],
      [String(repeating: "x", count: 31), String(repeating: "x", count: 27) + " (2)"]
    ), (["a\nb\u{1}"], ["a b"]), ([String(repeating: "x", count: 30) + "'y"], [String(repeating: "x", count: 30)]),
  ])
  func sheetNamesAreLegal(titles: [String], expected: [String]) {
    #expect(sheetNames(for: titles) == expected)
  }

  @Test(arguments: [
    ("plain 勐海", "plain 勐海"), ("_x0041_", "_x005F_x0041_"), ("_X00aF_", "_x005F_X00aF_"), ("_x004_", "_x004_"),
    ("__x0041_", "__x005F_x0041_"),
    ("_x0041_x0042_", "_x005F_x0041_x005F_x0042_"), ("\u{FFFE}\u{FFFF}\u{FFFD}＝", "_xFFFE__xFFFF_\u{FFFD}＝"),
    ("a\0b", "a⟨U+0000⟩b"),
    ("a\u{1}\r\n\t", "a_x0001_\n\t"), ("\r\r\n\r", "_x000D_\n_x000D_"), ("_", "_"), ("_x", "_x"), ("", ""),
  ])
  func cellsCarryEveryText(value: String, expected: String) {
    #expect(cell(value) == expected)
  }

  @Test(arguments: [
    (String(repeating: "x", count: 32_767), 32_767, false), (String(repeating: "x", count: 32_768), 32_767, true),
    (String(repeating: "县", count: 20_000), 20_000, false), (String(repeating: "县", count: 40_000), 32_767, true),
    (String(repeating: "😀", count: 16_383), 32_766, false), (String(repeating: "😀", count: 16_384), 32_767, true),
    ("x" + String(repeating: "😀", count: 16_384), 32_766, true),
    (String(repeating: "\u{1}", count: 5_000), 32_761, true),
  ])
  func longCellsAreCutWithAMark(value: String, units: Int, isCut: Bool) {
    let written = cell(value)
    #expect(written.utf16.count == units)
    #expect(written.hasSuffix("…") == isCut)
  }

  @Test func lineFeedsBeyondTheLimitAreShown() {
    let written = cell(String(repeating: "\n", count: 300))
    #expect(written == String(repeating: "\n", count: 253) + String(repeating: "↵", count: 47))
  }

  @Test(arguments: [
    ("abc", 3, 1), ("勐海", 4, 1), ("ab\n勐海县", 6, 2), ("", 0, 1), ("é", 1, 1), ("Ａ", 2, 1), ("\n\n", 0, 3),
    ("勐海县人才办公室", 10, 2), ("a勐海县人才", 9, 2), (String(repeating: "\n", count: 50), 0, 12),
  ])
  func sizesCountChineseTwice(value: String, width: Int, lines: Int) {
    let size = DisplaySize(Array(value.utf8).span, breakAt: 10, lineLimit: 12)
    #expect(size.width == width && size.lines == lines)
  }

  @Test func theSameTablesGiveTheSameBytes() async throws {
    let first = try Workplace()
    let second = try Workplace()
    try publish([sampleTable()], in: first, formats: [.xlsx])
    try await Task.sleep(for: .milliseconds(2_100))
    try publish([sampleTable()], in: second, formats: [.xlsx])
    let bytes = try #require(first.bytes("out/statistics.xlsx"))
    #expect(bytes == second.bytes("out/statistics.xlsx"))
    #expect(bytes.starts(with: [0x50, 0x4B, 3, 4]))
  }

  @Test(.enabled(if: canUnzip, "needs unzip"))
  func cellsHaveTheirTypes() throws {
    let workplace = try Workplace()
    try publish([sampleTable()], in: workplace, formats: [.xlsx])
    let sheet = try part("xl/worksheets/sheet1.xml", in: workplace)
    let strings = try part("xl/sharedStrings.xml", in: workplace)
    #expect(sheet.contains("<v>18</v>") && sheet.contains("<v>92.5</v>") && sheet.contains("<v>44868</v>"))
    #expect(!sheet.contains("<f>") && !sheet.contains("hyperlink"))
    #expect(sheet.contains("<autoFilter ref=\"A1:G4\"/>") && sheet.contains("state=\"frozen\""))
    #expect(sheet.contains("<ignoredError sqref=\"A2:A4 B2:B4\" numberStoredAsText=\"1\"/>"))
    #expect(strings.contains("<t>007</t>") && strings.contains("<t>-9223372036854775808</t>"))
    #expect(strings.contains("<t>1899-01-01</t>") && strings.contains("<t>否</t>"))
    #expect(strings.contains("=HYPERLINK(\"http://x\")_x0001_\u{2028}_x005F_x0041_"))
    #expect(try part("xl/workbook.xml", in: workplace).contains("name=\"各单位：走访 问题\""))
    #expect(try part("xl/charts/chart1.xml", in: workplace).contains("走访次数"))
    #expect(try part("xl/charts/chart1.xml", in: workplace).contains("_x0001_"))
    #expect(try part("docProps/core.xml", in: workplace).contains("2022-11-15T12:00:00Z"))
    #expect(try workplace.names(in: "out") == ["run.json", "statistics.xlsx"])
  }

  @Test(.enabled(if: canUnzip, "needs unzip"))
  func rowsBeyondTheSheetAreNamed() throws {
    let workplace = try Workplace()
    try publish([numbered(NumberedRows(count: 12))], in: workplace, formats: [.csv, .xlsx], sheetRows: 10)
    let sheet = try part("xl/worksheets/sheet1.xml", in: workplace)
    let strings = try part("xl/sharedStrings.xml", in: workplace)
    #expect(strings.contains("共 12 行，本表只列前 10 行；全部数据见 numbers.csv"))
    #expect(sheet.contains("r=\"A12\"") && !sheet.contains("r=\"A13\""))
    #expect(sheet.contains("<autoFilter ref=\"A1:A11\"/>"))
  }

  /// Cells are made by several tasks, parts of them ahead of the one that is written.
  @Test(
    .enabled(if: canUnzip, "needs unzip"),
    arguments: [[40], [1, 2, 3, 0, 30], [0], [0, 0, 5], [299, 600], [7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7]],
    [1, 19, 1_000])
  func anyNumberOfTasksGivesTheSameWorkbook(sizes: [Int], sheetRows: Int) async throws {
    var table = sampleTable()
    table.rows = RowsInParts(sizes: sizes)
    let alone = try Workplace()
    try publish([table, sampleTable()], in: alone, formats: [.xlsx], sheetRows: sheetRows)
    let strings = try part("xl/sharedStrings.xml", in: alone)
    #expect(strings.contains("共 \(sizes.reduce(0, +)) 行，") == (sizes.reduce(0, +) > sheetRows))
    for width in [1, 2, 5] {
      let workplace = try Workplace()
      var folder = try OutputFolder(at: workplace.file("out"))
      try await Reporter.write(
        tables: [table, sampleTable()], to: &folder, formats: [.xlsx], language: .zh, asOf: asOf,
        sheetRows: sheetRows, width: width)
      try folder.writeRunRecord([("as_of", .string(asOf.text))])
      try folder.publish()
      #expect(workplace.bytes("out/statistics.xlsx") == alone.bytes("out/statistics.xlsx"))
    }
  }

  @Test(.enabled(if: canUnzip, "needs unzip"))
  func aTableWithoutRowsKeepsItsHeading() throws {
    let workplace = try Workplace()
    try publish([numbered(NumberedRows(count: 0))], in: workplace, formats: [.xlsx])
    #expect(try part("xl/sharedStrings.xml", in: workplace).contains("<t>序号</t>"))
  }
}
