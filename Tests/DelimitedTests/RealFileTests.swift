import Bytes
import Encodings
import Foundation
import Records
import Testing

@testable import Delimited

@Suite(.enabled(if: realData != nil, "needs ../shared/data beside the package"))
struct RealFileTests {
  /// csv-spectrum: each file and the same table as JSON.
  @Test(arguments: [
    "comma_in_quotes", "empty", "empty_crlf", "escaped_quotes", "json", "newlines", "newlines_crlf",
    "quotes_and_newlines", "simple", "simple_crlf", "utf8",
  ])
  func csvSpectrum(name: String) throws {
    let folder = try #require(realData).appending(path: "csv-spectrum/data")
    let text = try Data(contentsOf: folder.appending(path: "csvs/\(name).csv"))
    let json = try Data(contentsOf: folder.appending(path: "json/\(name).json"))
    // The stored CSV files have LF where the tables say CRLF.
    let expected = try JSONDecoder().decode([[String: String]].self, from: json)
      .map { $0.mapValues { $0.replacingOccurrences(of: "\r\n", with: "\n") } }
    let table = try ReferenceReader.read(bytes: [UInt8](text), file: name)
    let found = table.rows.map { row in
      Dictionary(uniqueKeysWithValues: zip(table.headers, table.strings(of: row)))
        .mapValues { $0.replacingOccurrences(of: "\r\n", with: "\n") }
    }
    #expect(found == expected)
  }

  /// The twelfth of csv-spectrum: quotes and apostrophes inside plain cells. (Its JSON has another phone number.)
  @Test func csvSpectrumCoordinates() throws {
    let folder = try #require(realData).appending(path: "csv-spectrum/data/csvs")
    let bytes = [UInt8](try Data(contentsOf: folder.appending(path: "location_coordinates.csv")))
    let table = try ReferenceReader.read(
      bytes: try decodeText(bytes, file: "f").text, file: "f")
    #expect(table.headers == ["Contact Phone Number", "Location Coordinates", "Cities", "Counties"])
    #expect(
      table.rows.map(table.strings) == [
        ["2095257564", "37\u{FFFD}36'37.8\"N 121\u{FFFD}2'17.9\"W", "Modesto", "Stanislaus"]
      ])
  }
}
