import Foundation
import Testing

/// Reads every file of the folders that `FIELDTALLY_CORPUS` names, separated by colons, and says what was found in each:
/// `FIELDTALLY_CORPUS=DIR1:DIR2 swift test --filter CorpusTests`. A crash, ten seconds or 256 MiB are a failure; a file that
/// is refused with a diagnostic is not.
@Suite(.enabled(if: corpusFolders != nil, "FIELDTALLY_CORPUS names no folder"), .serialized)
struct CorpusTests {
  static var files: [String] {
    (corpusFolders ?? []).flatMap { folder in
      let found = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
      return found.sorted().map { folder + "/" + $0 }.filter { path in
        var isFolder: ObjCBool = false
        return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && !isFolder.boolValue
      }
    }
  }

  @Test func readsOrRefusesEveryFile() throws {
    for file in Self.files {
      let described = try Conversion(["describe", "--json", file])
      let converted = try Conversion(["convert", file])
      for run in [described, converted] {
        #expect(run.status == 0 || run.status == 65, "\(file): status \(run.status) \(run.messages.prefix(300))")
        #expect(run.mebibytes <= 256, "\(file): \(run.mebibytes) MiB")
      }
      print(summary(file, described))
    }
  }

  private func summary(_ file: String, _ run: Conversion) -> String {
    guard run.status == 0,
      let json = try? JSONSerialization.jsonObject(with: Data(run.output)) as? [String: Any]
    else { return "\(file)\t\(run.status)\t\(run.messages.trimmingCharacters(in: .newlines))" }
    let facts = ["encoding", "dialect", "records"].map { key in "\(json[key] ?? "–")" }
    return ([file] + facts).joined(separator: "\t")
  }
}

private let corpusFolders = ProcessInfo.processInfo.environment["FIELDTALLY_CORPUS"]?.split(separator: ":").map(
  String.init)
