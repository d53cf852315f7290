import Campaign
import Diagnostics
import Foundation
import Tables

@testable import Report

/// A folder for one test, removed with it.
final class Workplace {
  let path: String

  init() throws {
    path = FileManager.default.temporaryDirectory.appendingPathComponent("report-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func file(_ name: String) -> String { path + "/" + name }

  func write(_ text: String, to name: String) throws {
    let url = URL(fileURLWithPath: file(name))
    try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: url)
  }

  func text(_ name: String) -> String? {
    FileManager.default.contents(atPath: file(name)).map { String(decoding: $0, as: UTF8.self) }
  }

  func bytes(_ name: String) -> [UInt8]? { FileManager.default.contents(atPath: file(name)).map { [UInt8]($0) } }

  func names(in folder: String = "") throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: file(folder)).sorted()
  }

  func mode(_ name: String) throws -> Int {
    let attributes = try FileManager.default.attributesOfItem(atPath: file(name))
    return (attributes[.posixPermissions] as? Int) ?? -1
  }
}

/// Rows that end with an error after `count`.
struct BrokenRows: RowSource {
  struct Broken: Error {}
  var count: Int
  func forEachRow(_ body: (borrowing TableRow) throws -> Void) throws {
    var row = TableRow()
    for number in 0..<count {
      row.removeAll()
      row.append(number)
      try body(row)
    }
    throw Broken()
  }
}

/// Numbered rows of one integer column.
struct NumberedRows: RowSource {
  var count: Int
  func forEachRow(_ body: (borrowing TableRow) throws -> Void) throws {
    var row = TableRow()
    for number in 0..<count {
      row.removeAll()
      row.append(number)
      try body(row)
    }
  }
}

/// Rows of each kind of cell, some of several lines, in parts of different sizes.
struct RowsInParts: RowSource {
  var sizes: [Int]
  var partCount: Int { sizes.count }
  func forEachRow(_ body: (borrowing TableRow) throws -> Void) throws {
    for part in sizes.indices { try forEachRow(ofPart: part, body) }
  }
  func forEachRow(ofPart part: Int, _ body: (borrowing TableRow) throws -> Void) throws {
    let first = sizes[..<part].reduce(0, +)
    var row = TableRow()
    for number in first..<first + sizes[part] {
      row.removeAll()
      row.append("\(number)")
      row.append(number % 5 == 0 ? "" : String(repeating: "第 \(number) 条 _x0041_\n", count: number % 4 + 1))
      if number % 3 == 0 { row.appendBlank() } else { row.append(number % 7 == 0 ? Int.max - number : number) }
      row.append(number % 11 == 0 ? Double.infinity : Double(number) / 3)
      row.append(Double(number % 10) / 10)
      row.append(Day(number: Int32(number * 100 - 30_000)))
      row.append(number % 2 == 0)
      try body(row)
    }
  }
}

func numbered(_ rows: any RowSource, name: String = "numbers") -> Table {
  Table(
    name: name, title: LocalizedText(zh: "序号", en: "Numbers"), columns: [Column("n", zh: "序号", en: "No.", .integer)],
    rows: rows)
}

/// One column of each kind, with what goes wrong most easily.
func sampleTable() -> Table {
  let columns = [
    Column("unit", zh: "单位代码", en: "Unit code", .code), Column("name", zh: "单位名称", en: "Unit name", .text),
    Column("visits", zh: "走访次数", en: "Visits", .integer), Column("score", zh: "得分", en: "Score", .number),
    Column("coverage", zh: "覆盖率", en: "Coverage", .share), Column("date", zh: "走访日期", en: "Visited on", .date),
    Column("planned", zh: "在计划内", en: "Planned", .boolean),
  ]
  var first = TableRow()
  first.append("007")
  first.append("勐海县\"人才\",办\r\n二楼")
  first.append(18)
  first.append(92.5)
  first.append(2.0 / 3)
  first.append(Day(year: 2022, month: 11, day: 3))
  first.append(true)
  var second = TableRow()
  second.append("-5")
  second.append("=HYPERLINK(\"http://x\")\u{1}\u{2028}_x0041_")
  second.append(Int.min)
  second.append(1e20)
  second.append(1.0)
  second.append(Day(year: 1899, month: 1, day: 1))
  second.append(false)
  var blank = TableRow()
  for _ in columns { blank.appendBlank() }
  return Table(
    name: "units", title: LocalizedText(zh: "各单位：走访/问题", en: "Units: visits/problems"), columns: columns,
    rows: HeldRows([first, second, blank]),
    chart: Chart(title: LocalizedText(zh: "走访次数", en: "Visits"), labels: "name", values: ["visits"]))
}

let asOf = Day(number: 19_311)

/// Writes and publishes into `out` of the workplace.
func publish(
  _ tables: [Table], in workplace: Workplace, formats: [OutputFormat] = [.csv, .json], language: Language = .zh,
  sheetRows: Int = 1_000
) throws {
  var folder = try OutputFolder(at: workplace.file("out"))
  try Reporter.write(
    tables: tables, to: &folder, formats: formats, language: language, asOf: asOf, sheetRows: sheetRows)
  try folder.writeRunRecord([("as_of", .string(asOf.text))])
  try folder.publish()
}

extension OutputFolder {
  mutating func writeRunRecord(_ members: [(String, JSONValue)]) throws {
    let record = try beginRunRecord()
    try record.write(members)
    try endRunRecord(record)
  }
}
