import Foundation
import Testing

/// Reads every file of the folders that `FIELDTALLY_CORPUS` names, separated by colons, and says what was found in each:
/// `Scripts/corpus DIR…`. A crash, ten seconds or 256 MiB are a failure; a file that is refused with one diagnostic is not.
/// Where `X.expected.csv`, or `X.json` with the rows as objects, stands beside a file `X.csv`, what it is converted to must be
/// that.
@Suite(.enabled(if: corpusFolders != nil, "FIELDTALLY_CORPUS names no folder"), .serialized)
struct CorpusTests {
  static var files: [String] {
    (corpusFolders ?? []).flatMap { folder in
      let found = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
      return found.sorted().map { folder + "/" + $0 }.filter { path in
        var isFolder: ObjCBool = false
        let isFile = FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && !isFolder.boolValue
        return isFile && !path.hasSuffix(".expected.csv") && !path.hasSuffix(".found.csv")
      }
    }
  }

  private struct Totals {
    var read = 0
    var refused = 0
    var compared = 0
    var same = 0
    var seconds = 0.0
  }

  @Test func readsOrRefusesEveryFile() throws {
    var totals = Totals()
    for file in Self.files {
      let described = try Conversion(["describe", "--json", file])
      let converted = try Conversion(["convert", file])
      for run in [described, converted] {
        #expect(run.status == 0 || run.status == 65, "\(file): status \(run.status) \(run.messages.prefix(300))")
        #expect(run.mebibytes <= 256, "\(file): \(run.mebibytes) MiB")
        let errors = run.messages.split(separator: "\n").count { $0.contains(": error: ") }
        #expect(errors == (run.status == 65 ? 1 : 0), "\(file): \(errors) errors with status \(run.status)")
      }
      totals.seconds += converted.seconds
      if converted.status == 0 { totals.read += 1 } else { totals.refused += 1 }
      let verdict = compare(file, converted)
      if let verdict {
        totals.compared += 1
        totals.same += verdict ? 1 : 0
        #expect(verdict, "\(file): not the expected table")
      }
      print(summary(file, described, converted, verdict))
    }
    print(
      "\(totals.read) read, \(totals.refused) refused, \(totals.same) of \(totals.compared) as expected, \(totals.seconds) s"
    )
  }

  /// File, encoding, dialect, records and columns, seconds, and whether it is what was expected.
  private func summary(_ file: String, _ described: Conversion, _ converted: Conversion, _ verdict: Bool?) -> String {
    guard described.status == 0,
      let json = try? JSONSerialization.jsonObject(with: Data(described.output)) as? [String: Any]
    else { return "\(file)\t\(described.status)\t\(described.messages.trimmingCharacters(in: .newlines))" }
    let facts = ["encoding", "dialect", "records"].map { key in "\(json[key] ?? "–")" }
    let columns = (json["columns"] as? [Any])?.count ?? 0
    let seconds = String(format: "%.2f", converted.seconds)
    return ([file] + facts + ["× \(columns)", seconds, verdict.map { $0 ? "same" : "DIFFERENT" } ?? ""]).joined(
      separator: "\t")
  }

  /// `nil` when nothing is said of the file.
  private func compare(_ file: String, _ run: Conversion) -> Bool? {
    let base = (file as NSString).deletingPathExtension
    if let expected = FileManager.default.contents(atPath: base + ".expected.csv") {
      return cells(of: run.output) == cells(of: [UInt8](expected))
    }
    guard file.hasSuffix(".csv"), let json = FileManager.default.contents(atPath: base + ".json"),
      let rows = try? JSONDecoder().decode([[String: String]].self, from: json)
    else { return nil }
    return objects(cells(of: run.output)) == rows
  }
}

/// The rows of a table by the labels of its header.
func objects(_ table: [[String]]) -> [[String: String]] {
  table.dropFirst().map { row in
    Dictionary(zip(table[0], row), uniquingKeysWith: { first, _ in first })
  }
}

private let corpusFolders = ProcessInfo.processInfo.environment["FIELDTALLY_CORPUS"]?.split(separator: ":").map(
  String.init)
