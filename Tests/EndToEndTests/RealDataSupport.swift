import Foundation
import Testing

#if canImport(FoundationXML)
  import FoundationXML
#endif

/// Real files in `../shared/data` beside the package. They are read where they stand and never become part of it.
enum RealData {
  static let tests = URL(filePath: #filePath).deletingLastPathComponent()
  static let folder = tests.appending(path: "../../../shared/data").standardizedFileURL
  static var isPresent: Bool { FileManager.default.fileExists(atPath: folder.path) }

  static func file(_ path: String) -> URL { folder.appending(path: path) }
}

/// What the outputs are called; the tests name them nowhere else.
enum Output {
  static let run = "run.json"
  static let units = "units.json"
  static let findings = "findings.json"
  static func records(_ source: String) -> String { "records-\(source).json" }
}

/// A program that has ended, and what it wrote.
struct Finished {
  var status: Int32
  var output: String
  var errors: String

  init(_ program: URL, _ arguments: [String], scratch: URL) throws {
    let (outputFile, errorFile) = (scratch.appending(path: "stdout"), scratch.appending(path: "stderr"))
    for file in [outputFile, errorFile] { try Data().write(to: file) }
    let process = Process()
    process.executableURL = program
    process.arguments = arguments
    process.standardInput = FileHandle.nullDevice
    // Files, not pipes: a full pipe that nobody reads would stop the program.
    process.standardOutput = try FileHandle(forWritingTo: outputFile)
    process.standardError = try FileHandle(forWritingTo: errorFile)
    try process.run()
    process.waitUntilExit()
    status = process.terminationStatus
    output = try String(contentsOf: outputFile, encoding: .utf8)
    errors = try String(contentsOf: errorFile, encoding: .utf8)
  }
}

/// A run of the built program over copies of real files, in a temporary folder that goes with it.
final class CampaignRun {
  let status: Int32
  let messages: String
  let scratch: URL

  /// - Parameter pipeline: folder below `RealData`.
  /// - Parameter inbox: path in the inbox to the real file; `reference` the same for the pipeline's reference folder.
  init(_ pipeline: String, inbox: [String: URL], reference: [String: URL] = [:]) throws {
    let files = FileManager.default
    scratch = files.temporaryDirectory.appending(path: "fieldtally-\(UUID().uuidString)")
    let campaign = scratch.appending(path: "campaign")
    try files.createDirectory(at: scratch, withIntermediateDirectories: true)
    try files.copyItem(at: RealData.tests.appending(path: "RealData/\(pipeline)"), to: campaign)
    let folders = [(scratch.appending(path: "inbox"), inbox), (campaign.appending(path: "reference"), reference)]
    for (folder, contents) in folders {
      for (path, original) in contents {
        let copy = folder.appending(path: path)
        try files.createDirectory(at: copy.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(contentsOf: original).write(to: copy)
      }
    }
    let finished = try Finished(
      try #require(CampaignRun.program, "the program is not beside the tests"),
      [
        "run", campaign.path, "--inbox", scratch.appending(path: "inbox").path,
        "--out", scratch.appending(path: "out").path, "--as-of", "2026-01-01",
      ], scratch: scratch)
    status = finished.status
    messages = finished.output + finished.errors
  }

  /// A run of a sample campaign of this package.
  init(sample: String, jobs: Int? = nil) throws {
    scratch = FileManager.default.temporaryDirectory.appending(path: "fieldtally-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: scratch, withIntermediateDirectories: true)
    let package = RealData.tests.appending(path: "../..").standardizedFileURL
    let finished = try Finished(
      try #require(CampaignRun.program, "the program is not beside the tests"),
      [
        "run", package.appending(path: "pipelines/\(sample)").path, "--inbox",
        package.appending(path: "sample-data/\(sample)").path, "--out", scratch.appending(path: "out").path, "--as-of",
        "2026-01-01",
      ] + (jobs.map { ["--jobs", String($0)] } ?? []), scratch: scratch)
    status = finished.status
    messages = finished.output + finished.errors
  }

  deinit { try? FileManager.default.removeItem(at: scratch) }

  /// The built program: in the folder of the running tests, or above it where they are a bundle.
  static let program: URL? = {
    let starts = [
      try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"), CommandLine.arguments[0],
    ]
    for start in starts.compactMap({ $0 }) {
      var folder = URL(filePath: start).standardizedFileURL.deletingLastPathComponent()
      for _ in 0..<4 {
        let program = folder.appending(path: "fieldtally")
        var isFolder: ObjCBool = false
        let exists = FileManager.default.fileExists(atPath: program.path, isDirectory: &isFolder)
        if exists, !isFolder.boolValue { return program }
        folder.deleteLastPathComponent()
      }
    }
    return nil
  }()

  /// `read`, `accepted`, `rejected`, `duplicate`, `superseded`, `excluded`.
  func recordSums() throws -> [String: Int] {
    let run = try #require(try json(Output.run) as? [String: Any])
    let sum = try #require(run["sum"] as? [String: Any])
    return try #require(sum["records"] as? [String: Int])
  }

  func units() throws -> [[String: String]] { try objects(Output.units) }
  func findings() throws -> [[String: String]] { try objects(Output.findings) }

  /// The accepted records of a source: field to value.
  func records(_ source: String) throws -> [[String: String]] { try objects(Output.records(source)) }

  func json(_ name: String) throws -> Any {
    try JSONSerialization.jsonObject(with: Data(contentsOf: scratch.appending(path: "out/\(name)")))
  }

  func objects(_ name: String) throws -> [[String: String]] {
    let objects = try #require(try json(name) as? [[String: Any]])
    return objects.map { $0.mapValues(text) }
  }

  private func text(_ value: Any) -> String {
    if value is NSNull { return "" }
    // A truth is a number to JSONSerialization, told by its Objective-C type only.
    if let number = value as? NSNumber, String(cString: number.objCType) == "c" {
      return number.boolValue ? "true" : "false"
    }
    return "\(value)"
  }
}

/// The rows of a comma-separated UTF-8 file below its header: heading to cell. Cells beyond the header are dropped.
func readCSV(_ file: URL) throws -> [[String: String]] {
  var rows: [[String]] = []
  var row: [String] = []
  var cell: [UInt8] = []
  var isQuoted = false
  var bytes = Array(try Data(contentsOf: file))
  if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes.removeFirst(3) }
  if bytes.last != UInt8(ascii: "\n") { bytes.append(UInt8(ascii: "\n")) }
  func endCell() {
    row.append(String(decoding: cell, as: UTF8.self))
    cell.removeAll(keepingCapacity: true)
  }
  for (index, byte) in bytes.enumerated() {
    switch byte {
    case UInt8(ascii: "\""):
      // A quote that follows a closing one stands for itself.
      if !isQuoted, index > 0, bytes[index - 1] == byte { cell.append(byte) }
      isQuoted.toggle()
    case UInt8(ascii: ",") where !isQuoted: endCell()
    case UInt8(ascii: "\r") where !isQuoted: break
    case UInt8(ascii: "\n") where !isQuoted:
      endCell()
      rows.append(row)
      row = []
    default: cell.append(byte)
    }
  }
  guard let header = rows.first else { return [] }
  return rows.dropFirst().map { Dictionary(zip(header, $0), uniquingKeysWith: { first, _ in first }) }
}

/// The first few entries in which two tables differ, as text: a failed expectation shows where to look.
func differences<Key: Hashable, Value: Equatable>(_ found: [Key: Value], from expected: [Key: Value]) -> [String] {
  let keys = Set(found.keys).union(expected.keys).filter { found[$0] != expected[$0] }
  return keys.prefix(5).map { key in
    "\(key): found \(found[key].map { "\($0)" } ?? "nothing"), expected \(expected[key].map { "\($0)" } ?? "nothing")"
  }
}

/// Whether a cell says what a survey server's cell says: `n/a` is a blank, True is true, 55 is 55.0.
func means(_ found: String, _ expected: String) -> Bool {
  func plain(_ cell: String) -> String {
    switch cell.lowercased() {
    case "n/a": ""
    case "是", "yes": "true"
    case "否", "no": "false"
    default: cell.lowercased() == "true" || cell.lowercased() == "false" ? cell.lowercased() : cell
    }
  }
  let (found, expected) = (plain(found), plain(expected))
  if found == expected { return true }
  guard let first = Double(found), let second = Double(expected) else { return false }
  return first == second
}

/// The SQLite shell, where there is one.
enum SQLiteShell {
  static let program = ["/usr/bin/sqlite3", "/usr/local/bin/sqlite3", "/opt/homebrew/bin/sqlite3"]
    .first { FileManager.default.isExecutableFile(atPath: $0) }

  /// Two columns of a query over CSV files, each a table.
  static func pairs(_ tables: [String: URL], _ query: String) throws -> [String: Int] {
    let scratch = FileManager.default.temporaryDirectory.appending(path: "fieldtally-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: scratch, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: scratch) }
    let imports = tables.map { ".import --csv \"\($0.value.path)\" \($0.key)" }
    let finished = try Finished(
      URL(filePath: try #require(program)), ["-separator", "\t", ":memory:"] + imports + [query], scratch: scratch)
    try #require(finished.status == 0, "\(finished.errors)")
    var pairs: [String: Int] = [:]
    for line in finished.output.split(separator: "\n") {
      let cells = line.split(separator: "\t", omittingEmptySubsequences: false)
      pairs[String(cells[0])] = try #require(cells.count == 2 ? Int(cells[1]) : nil)
    }
    return pairs
  }
}

/// The elements named `record` of an XML file: path below the record to text. Elements with children have no text.
final class ElementTexts: NSObject, XMLParserDelegate {
  private let record: String
  private var path: [String] = []
  private var text = ""
  private var isInside = false
  private(set) var records: [[String: String]] = []

  init(of record: String, in file: URL) throws {
    self.record = record
    super.init()
    let parser = XMLParser(data: try Data(contentsOf: file))
    parser.delegate = self
    try #require(parser.parse())
  }

  func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
    attributes: [String: String]
  ) {
    text = ""
    if isInside { path.append(name) }
    if name == record {
      isInside = true
      records.append([:])
    }
  }

  func parser(_ parser: XMLParser, foundCharacters string: String) { text += string }

  func parser(_ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?) {
    if name == record { isInside = false }
    guard isInside else { return }
    if !text.isEmpty { records[records.count - 1][path.joined(separator: "/")] = text }
    text = ""
    path.removeLast()
  }
}
