import Foundation
import Pipeline
import Testing

/// A score after the one of the benchmark: header, records and cells of what was read against the clean table, each as the
/// harmonic mean of precision and recall of its multiset.
struct LoadScore {
  var header = 0.0
  var records = 0.0
  var cells = 0.0
  var isExact = false

  var mean: Double { (header + records + cells) / 3 }

  init(found: [[String]]?, expected: [[String]]?) {
    guard let found, let expected else {
      let isRight = found == nil && expected == nil
      (header, records, cells, isExact) = isRight ? (1, 1, 1, true) : (0, 0, 0, false)
      return
    }
    isExact = found == expected
    header = Self.harmonic(found.first ?? [], expected.first ?? [])
    records = Self.harmonic(Array(found.dropFirst()), Array(expected.dropFirst()))
    cells = Self.harmonic(found.dropFirst().flatMap { $0 }, expected.dropFirst().flatMap { $0 })
  }

  private static func harmonic<Item: Hashable>(_ found: [Item], _ expected: [Item]) -> Double {
    if expected.isEmpty { return found.isEmpty ? 1 : 0 }
    var left = Dictionary(expected.map { ($0, 1) }, uniquingKeysWith: +)
    var common = 0
    for item in found where left[item, default: 0] > 0 {
      left[item, default: 0] -= 1
      common += 1
    }
    guard common > 0 else { return 0 }
    return 2 * Double(common) / Double(found.count + expected.count)
  }
}

/// Reads the CSV that `convert` writes.
func cells(of csv: [UInt8]) -> [[String]] {
  var rows: [[String]] = []
  var row: [String] = []
  var cell: [UInt8] = []
  var isInside = false
  var at = 0
  while at < csv.count {
    let byte = csv[at]
    if isInside {
      if byte == 0x22, at + 1 < csv.count, csv[at + 1] == 0x22 {
        cell.append(byte)
        at += 1
      } else if byte == 0x22 {
        isInside = false
      } else {
        cell.append(byte)
      }
    } else if byte == 0x22 {
      isInside = true
    } else if byte == 0x2C || byte == 0x0A {
      row.append(String(decoding: cell, as: UTF8.self))
      cell.removeAll()
      if byte == 0x0A {
        rows.append(row)
        row.removeAll()
      }
    } else {
      cell.append(byte)
    }
    at += 1
  }
  return rows
}

/// `convert` within this process.
func converted(_ bytes: [UInt8], _ parameters: [String] = []) throws -> [[String]]? {
  let file = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString + ".csv")
  try Data(bytes).write(to: file)
  defer { try? FileManager.default.removeItem(at: file) }
  var options = ReadOptions()
  for (option, value) in zip(parameters, parameters.dropFirst()) {
    switch option {
    case "--delimiter": options.delimiter = value
    case "--quote": options.quote = value
    case "--escape": options.escape = value
    case "--encoding": options.encoding = value
    case "--skip": options.skip = Int(value)
    case "--header-rows": options.headerRows = Int(value)
    default: break
    }
  }
  nonisolated(unsafe) var output: [UInt8] = []
  guard (try? convert(file.path, options) { output += $0 }) != nil else { return nil }
  return cells(of: output)
}

/// The same by the program itself, as it is built for speed.
private func convertedByProgram(_ bytes: [UInt8], _ parameters: [String]) throws -> [[String]]? {
  let file = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString + ".csv")
  try Data(bytes).write(to: file)
  defer { try? FileManager.default.removeItem(at: file) }
  let run = try Conversion(["convert", file.path] + parameters)
  #expect(run.status == 0 || run.status == 65, "\(run.messages)")
  return run.status == 0 ? cells(of: run.output) : nil
}

@Suite struct PollutionTests {
  /// All pollutions when `FIELDTALLY_POLLUTIONS=all`, as `Scripts/corpus` says; else a seeded sample with some of each kind.
  static let isWhole = ProcessInfo.processInfo.environment["FIELDTALLY_POLLUTIONS"] == "all"
  private static let sampledOfKind = 4

  /// By kind, and by table within a kind.
  static let all: [(kind: String, pollutions: [Pollution])] = {
    var found: [String: [Pollution]] = [:]
    for table in SourceTable.all {
      let pollutions = table.filePollutions() + table.rows.indices.flatMap { table.rowPollutions(row: $0) }
      for pollution in pollutions { found[pollution.kind, default: []].append(pollution) }
    }
    return found.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }()

  private static func sample(_ pollutions: [Pollution], seed: UInt64) -> [Pollution] {
    if isWhole { return pollutions }
    var dice = Dice(seed: seed)
    return Array(pollutions.shuffled(using: &dice).prefix(sampledOfKind))
  }

  /// The least share of each kind that must be read as exactly the clean table; 1 where nothing is said. Where two labels
  /// of a header have grown together nothing says where to cut them, and a row that has spaces for delimiters is lost when
  /// its cells have spaces or line breaks themselves.
  static let leastExact = [
    "header-less-separators": 0, "less-separators": 0.6, "row-delimiter": 0, "header-row-delimiter": 0,
    "delimiter": 0.8,
  ]
  /// The least mean score of each kind.
  static let leastScore = [
    "header-less-separators": 0.7, "row-delimiter": 0.95, "header-row-delimiter": 0.6,
    "delimiter": 0.8,
  ]

  @Test(arguments: all.map(\.kind), [false, true])
  func readsPollutedTablesAsTheCleanOne(kind: String, isTold: Bool) throws {
    let place = try #require(Self.all.firstIndex { $0.kind == kind })
    let pollutions = Self.sample(Self.all[place].pollutions, seed: UInt64(place * 2 + (isTold ? 1 : 0) + 1))
    var scores: [LoadScore] = []
    for pollution in pollutions {
      let parameters = isTold ? pollution.parameters : []
      let found =
        try Self.isWhole
        ? convertedByProgram(pollution.bytes, parameters) : converted(pollution.bytes, parameters)
      let score = LoadScore(found: found, expected: pollution.expected)
      scores.append(score)
      if !score.isExact { try Self.keep(pollution, found, isTold: isTold) }
    }
    let right = scores.count(where: \.isExact)
    let mean = scores.map(\.mean).reduce(0, +) / Double(scores.count)
    let line = "\(kind) \(isTold ? "told" : "sniffed"): exact \(right)/\(scores.count), score \(mean)"
    if Self.isWhole { print(line) }
    let least = Self.leastExact[kind, default: 1]
    if Self.isWhole || least == 1 {
      #expect(Double(right) >= least * Double(scores.count), "\(line)")
      #expect(mean >= Self.leastScore[kind, default: 0.98], "\(line)")
    } else {
      // Of a few the share says little where not all need be exact.
      #expect(mean >= 0.6, "\(line)")
    }
  }

  /// Writes what went wrong where `FIELDTALLY_KEEP` says, as `NAME.csv` with `NAME.expected.csv` and `NAME.found.csv`.
  static func keep(_ pollution: Pollution, _ found: [[String]]?, isTold: Bool) throws {
    guard let folder = ProcessInfo.processInfo.environment["FIELDTALLY_KEEP"] else { return }
    let base = URL(filePath: folder).appending(path: pollution.name + (isTold ? "-told" : ""))
    try Data(pollution.bytes).write(to: base.appendingPathExtension("csv"))
    let write = { (rows: [[String]]?, suffix: String) in
      let form = WrittenForm(delimiter: ",", rowEnd: "\n")
      let text = (rows ?? []).map { form.row($0, []) + "\n" }.joined()
      try Data(text.utf8).write(to: base.appendingPathExtension(suffix))
    }
    try write(pollution.expected, "expected.csv")
    try write(found, "found.csv")
  }
}
