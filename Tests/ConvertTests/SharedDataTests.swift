import Foundation
import Testing

private let sharedData: URL? = {
  let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()
  return [root.appending(path: "../shared/data"), root.appending(path: "../../shared/data")].first {
    FileManager.default.fileExists(atPath: $0.path)
  }
}()

/// Public files, read without being told anything.
@Suite(.enabled(if: sharedData != nil, "public files are not in ../shared/data"))
struct SharedDataTests {
  /// The twelve files of csv-spectrum and the tables as JSON. In the JSON of the twelfth the telephone number is another
  /// than in the file itself; the number of the file is expected.
  @Test(arguments: [
    "comma_in_quotes", "empty", "empty_crlf", "escaped_quotes", "json", "location_coordinates", "newlines",
    "newlines_crlf", "quotes_and_newlines", "simple", "simple_crlf", "utf8",
  ])
  func convertsCSVSpectrum(name: String) throws {
    let folder = try #require(sharedData).appending(path: "csv-spectrum/data")
    let json = try Data(contentsOf: folder.appending(path: "json/\(name).json"))
    let file = [UInt8](try Data(contentsOf: folder.appending(path: "csvs/\(name).csv")))
    var expected =
      try (try? JSONDecoder().decode([[String: String]].self, from: json))
      ?? [JSONDecoder().decode([String: String].self, from: json)]
    if name == "location_coordinates" { expected[0]["Contact Phone Number"] = "2095257564" }
    // The stored files have LF where the tables say CRLF.
    let plain = { (rows: [[String: String]]) in
      rows.map { $0.mapValues { $0.replacingOccurrences(of: "\r\n", with: "\n") } }
    }
    let table = try #require(try converted(file))
    #expect(plain(objects(table)) == plain(expected))
  }

  /// Path, encoding, delimiter, columns and records as the notes beside the files have them.
  @Test(arguments: [
    ("cn-administrative-divisions/data/provinces.csv", "utf-8", ",", 2, 31),
    ("cn-administrative-divisions/data/cities.csv", "utf-8", ",", 3, 342),
    ("cn-administrative-divisions/data/areas.csv", "utf-8", ",", 4, 2978),
    ("inspections-chicago/data/Food_Inspections.csv", "utf-8", ",", 11, 342),
    ("inspections-lives-sanfrancisco/data/businesses.csv", "windows-1252", ",", 9, 6399),
    ("inspections-lives-sanfrancisco/data/inspections.csv", "utf-8", ",", 4, 14_233),
    ("inspections-lives-sanfrancisco/data/violations.csv", "utf-8", ",", 3, 39_006),
    ("tw-labor-inspections/data/newtaipei/history.csv", "utf-8", ",", 0, 1181),
    ("tw-labor-inspections/data/tainan/history.csv", "utf-8", ",", 0, 1111),
  ])
  func describesWhatTheNotesSay(path: String, encoding: String, delimiter: String, columns: Int, records: Int) throws {
    let file = try #require(sharedData).appending(path: path)
    let run = try Conversion(["describe", "--json", file.path], limit: 60)
    let json = try #require(try JSONSerialization.jsonObject(with: Data(run.output)) as? [String: Any])
    #expect(json["encoding"] as? String == encoding)
    #expect(json["delimiter"] as? String == delimiter)
    if columns > 0 { #expect((json["columns"] as? [Any])?.count == columns) }
    #expect(json["records"] as? Int == records, "\(json["dialect"] ?? "")")
  }
}
