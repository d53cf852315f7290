import Foundation
import Testing

/// frictionless-py, where it is installed: an independent reader of Table Schema to compare with. It is used by tests only.
enum Frictionless {
  /// `FIELDTALLY_FRICTIONLESS` names a Python that has it; else the one on the path, if it has.
  static let python: String? = {
    let environment = ProcessInfo.processInfo.environment
    for candidate in [environment["FIELDTALLY_FRICTIONLESS"], "python3"].compactMap({ $0 }) {
      let process = Process()
      process.executableURL = URL(filePath: "/usr/bin/env")
      process.arguments = [candidate, "-c", "import frictionless"]
      process.standardOutput = FileHandle.nullDevice
      process.standardError = FileHandle.nullDevice
      guard (try? process.run()) != nil else { continue }
      process.waitUntilExit()
      if process.terminationStatus == 0 { return candidate }
    }
    return nil
  }()

  /// Reads `cases.json` (a list of file and schema) beside the files, and prints every error of a row.
  static let script = """
    import json, sys, warnings
    warnings.simplefilter("ignore")
    from frictionless import Resource, system
    result = []
    with system.use_context(trusted=True):
        for case in json.load(open("cases.json")):
            resource = Resource.from_descriptor({
                "$schema": "https://datapackage.org/profiles/2.0/dataresource.json",
                "name": "t", "path": case["file"], "schema": case["schema"]})
            report = resource.validate(limit_errors=100000)
            for error in report.task.errors if report.tasks else report.errors:
                row = getattr(error, "row_number", None)
                names = getattr(error, "field_names", None)
                name = getattr(error, "field_name", "") or (names[0] if names else "")
                result.append([case["file"], row - 1 if row else 0, name, error.type])
    json.dump(result, sys.stdout)
    """
}

/// A table, its schema, and where the two programs may differ.
struct ComparedTable {
  var name: String
  /// A Table Schema, as JSON.
  var schema: [String: Any]
  var header: [String]
  var rows: [[String]]
  /// A file as it stands, in place of `rows`.
  var file: URL?

  func contents() throws -> Data { try file.map { try Data(contentsOf: $0) } ?? Data(csv.utf8) }

  private var csv: String {
    ([header] + rows).map { row in
      row.map { "\"" + $0.replacingOccurrences(of: "\"", with: "\"\"") + "\"" }.joined(separator: ",") + "\n"
    }.joined()
  }
}

/// One fault of one record. Both programs are compared by sets of these.
struct ComparedFault: Hashable, Comparable, CustomStringConvertible {
  var table: String
  var record: Int
  var field: String
  var rule: String
  var description: String { "\(table) record \(record) field \(field): \(rule)" }
  static func < (left: ComparedFault, right: ComparedFault) -> Bool {
    (left.table, left.record, left.field, left.rule) < (right.table, right.record, right.field, right.rule)
  }
}

/// What both programs say of the same tables.
struct Comparison {
  var ours: Set<ComparedFault>
  var theirs: Set<ComparedFault>

  init(_ tables: [ComparedTable]) throws {
    let files = FileManager.default
    let scratch = files.temporaryDirectory.appending(path: "fieldtally-\(UUID().uuidString)")
    defer { try? files.removeItem(at: scratch) }
    let inbox = scratch.appending(path: "campaign/inbox")
    try files.createDirectory(at: inbox, withIntermediateDirectories: true)
    var pipeline = "fieldtally: 1\ncampaign: {id: compared, language: en}\nsources:\n"
    var cases: [[String: Any]] = []
    for table in tables {
      let file = "\(table.name).csv"
      try table.contents().write(to: inbox.appending(path: file))
      let schema = try JSONSerialization.data(withJSONObject: table.schema, options: [.sortedKeys])
      try schema.write(to: scratch.appending(path: "campaign/\(table.name).json"))
      pipeline += "  - {name: \(table.name), files: inbox/\(file), schema: \(table.name).json, delimiter: \",\","
      pipeline += " quote: \"\\\"\", header-rows: 1, skip: 0, totals: [], duplicates: reject}\n"
      cases.append(["file": file, "schema": table.schema])
    }
    try Data(pipeline.utf8).write(to: scratch.appending(path: "campaign/pipeline.yaml"))
    try JSONSerialization.data(withJSONObject: cases).write(to: inbox.appending(path: "cases.json"))
    ours = try Self.ours(scratch)
    theirs = try Self.theirs(inbox, scratch)
  }

  private static func ours(_ scratch: URL) throws -> Set<ComparedFault> {
    let program = try #require(CampaignRun.program, "the program is not beside the tests")
    let finished = try Finished(
      program, ["check", scratch.appending(path: "campaign").path, "--json"], scratch: scratch)
    guard let report = try? JSONSerialization.jsonObject(with: Data(finished.output.utf8)) as? [String: Any] else {
      throw ComparisonError(message: finished.errors)
    }
    let diagnostics = try #require(report["diagnostics"] as? [[String: Any]])
    return Set(
      diagnostics.filter { $0["severity"] as? String == "error" }.map { diagnostic in
        ComparedFault(
          table: String((diagnostic["file"] as? String ?? "").dropLast(4)), record: diagnostic["record"] as? Int ?? 0,
          field: diagnostic["field"] as? String ?? "", rule: diagnostic["rule"] as? String ?? "")
      })
  }

  private static func theirs(_ inbox: URL, _ scratch: URL) throws -> Set<ComparedFault> {
    let python = try #require(Frictionless.python)
    let finished = try Finished(
      URL(filePath: "/usr/bin/env"), ["-C", inbox.path, python, "-c", Frictionless.script], scratch: scratch)
    guard let errors = try? JSONSerialization.jsonObject(with: Data(finished.output.utf8)) as? [[Any]] else {
      throw ComparisonError(message: finished.errors)
    }
    return Set(
      errors.map { error in
        ComparedFault(
          table: String((error[0] as? String ?? "").dropLast(4)), record: error[1] as? Int ?? 0,
          field: error[2] as? String ?? "", rule: error[3] as? String ?? "")
      })
  }
}

struct ComparisonError: Error { var message: String }
