import Foundation
import Testing

/// The sample campaigns, whose answers were booked while they were written (`Scripts/make-samples`), never by parsing.
@Suite struct SampleCampaignTests {
  static let samples = ["talent-inspection", "food-hygiene"]

  @Test func menghaiHasEighteenUnitsSevenHighlightsAndSixProblems() throws {
    let run = try CampaignRun(sample: "talent-inspection")
    let menghai = try #require(try run.objects("regions.json").first { $0["region"] == "532822" }, "\(run.messages)")
    #expect(menghai["units_inspected"] == "18")
    #expect(menghai["highlights"] == "7")
    #expect(menghai["problems"] == "6")
  }

  @Test(arguments: samples) func everyRecordEndsWhereTheBooksSay(sample: String) throws {
    let run = try CampaignRun(sample: sample)
    let books = try Books(sample)
    #expect(run.status == Int32(books.int("exit_status")), "\(run.messages)")
    let record = try #require(try run.json("run.json") as? [String: Any])
    let sum = try #require(record["sum"] as? [String: Any])
    #expect(sum["holds"] as? Bool == true)
    let found = try #require(record["sources"] as? [[String: Any]])
    var accounts: [String: [String: Int]] = [:]
    for file in found { accounts[try #require(file["file"] as? String)] = try account(of: file) }
    #expect(differences(accounts, from: try books.accounts()).isEmpty)
    let encodings = Dictionary(
      uniqueKeysWithValues: found.map { ($0["file"] as? String ?? "", $0["encoding"] as? String) })
    for (file, expected) in try books.encodings() { #expect(encodings[file] == expected, "\(file)") }
  }

  /// `run.json` of a file in the words of the books.
  private func account(of file: [String: Any]) throws -> [String: Int] {
    let records = try #require(file["records"] as? [String: Int])
    let findings = try #require(file["findings"] as? [String: Int])
    var account = records.filter { $0.key != "excluded" }
    account["findings"] = findings["read"]
    account["tallied"] = findings["accepted"]
    return account
  }

  @Test(arguments: samples) func rejectedRecordsAreThoseThatWereMadeWrong(sample: String) throws {
    let run = try CampaignRun(sample: sample)
    let books = try Books(sample)
    let rejected = try run.objects("rejected.json")
    var rulesFound: [String: Set<String>] = [:]
    for row in rejected where row["record"] != "" {
      rulesFound["\(row["file"] ?? "") record \(row["record"] ?? "")", default: []].insert(
        "\(row["rule"] ?? "") \(row["field"] ?? "")")
    }
    var rulesExpected: [String: Set<String>] = [:]
    for fault in try books.list("rejected") + books.list("findings_rejected_alone") {
      rulesExpected["\(fault["file"] ?? "") record \(fault["record"] ?? "")", default: []].insert(
        "\(fault["rule"] ?? "") \(fault["field"] ?? "")")
    }
    #expect(
      Set(rulesFound.keys) == Set(rulesExpected.keys), "\(Set(rulesFound.keys).symmetricDifference(rulesExpected.keys))"
    )
    for (record, expected) in rulesExpected {
      #expect(
        rulesFound[record]?.isSuperset(of: expected) ?? false, "\(record): \(rulesFound[record] ?? []), not \(expected)"
      )
    }
    let failed = try books.list("files_failed").map { "\($0["file"] ?? "") \($0["rule"] ?? "")" }
    #expect(
      Set(rejected.filter { $0["record"] == "" }.map { "\($0["file"] ?? "") \($0["rule"] ?? "")" }) == Set(failed))
  }

  @Test(arguments: samples) func tablesHoldTheFiguresOfTheBooks(sample: String) throws {
    let run = try CampaignRun(sample: sample)
    let books = try Books(sample)
    let measures = ["records", "highlights", "problems", "suggestions"]
    func figures(_ table: String, key: String, _ extra: [String]) throws -> [String: [String: Int]] {
      var figures: [String: [String: Int]] = [:]
      for row in try run.objects(table) where row[key] != "" {
        figures[row[key] ?? ""] = Dictionary(
          uniqueKeysWithValues: (measures + extra).map { ($0, Int(row[$0] ?? "") ?? 0) })
      }
      return figures
    }
    #expect(
      differences(
        try figures("units.json", key: "unit", ["visits"]),
        from: try books.figures("units", measures, ["visits": "visit_days"])
      ).isEmpty)
    #expect(
      differences(
        try figures("regions.json", key: "region", ["visits", "units_inspected"]),
        from: try books.figures("regions", measures + ["units_inspected"], ["visits": "visit_days"], below: "total")
      ).isEmpty)
    for (table, key) in [("teams", "team"), ("methods", "method")] {
      #expect(
        differences(
          try figures("\(table).json", key: key, ["visits", "units_inspected"]),
          from: try books.figures(table, measures + ["units_inspected"], ["visits": "visit_days"])
        ).isEmpty)
    }
  }

  @Test(arguments: samples) func coverageIsThatOfTheBooks(sample: String) throws {
    let run = try CampaignRun(sample: sample)
    let coverage = try #require(try Books(sample).json["coverage"] as? [String: Any])
    let states = [
      "visited": "planned_and_visited", "not-visited": "planned_not_visited",
      "visited-not-planned": "visited_not_planned",
    ]
    let rows = try run.objects("coverage.json")
    for (state, name) in states {
      let found = Set(rows.filter { $0["state"] == state }.compactMap { $0["unit"] })
      #expect(found == Set(try #require(coverage[name] as? [String])), "\(state)")
    }
  }

  @Test(arguments: samples) func findingsAreThoseOfTheAcceptedRecords(sample: String) throws {
    let run = try CampaignRun(sample: sample)
    var expected: [String: [String]] = [:]
    for record in try Books(sample).list("accepted") {
      for finding in try #require(record["findings"] as? [[Any]]) {
        let words = [record["unit"], record["team"], record["date"]] + finding.map(Optional.some)
        expected["\(record["file"] ?? "") \(record["record"] ?? "")", default: []].append(
          words.map { $0.map { $0 is NSNull ? "" : "\($0)" } ?? "" }.joined(separator: "|"))
      }
    }
    var found: [String: [String]] = [:]
    for row in try run.objects("findings.json") {
      let words = ["unit", "team", "date", "kind", "category", "severity"].map { row[$0] ?? "" }
      found["\(row["file"] ?? "") \(row["record"] ?? "")", default: []].append(words.joined(separator: "|"))
    }
    #expect(differences(found.mapValues { $0.sorted() }, from: expected.mapValues { $0.sorted() }).isEmpty)
  }

  @Test(arguments: samples) func oneTaskAndManyGiveTheSameBytes(sample: String) throws {
    let one = try CampaignRun(sample: sample, jobs: 1)
    let many = try CampaignRun(sample: sample, jobs: 5)
    let out = one.scratch.appending(path: "out").path
    let files = try FileManager.default.subpathsOfDirectory(atPath: out).filter { $0 != "work-list" }.sorted()
    #expect(files.contains("statistics.xlsx") && files.contains { $0.hasPrefix("work-list/") })
    for file in files where file != "durations.json" {
      let first = try Data(contentsOf: one.scratch.appending(path: "out/\(file)"))
      #expect(try first == Data(contentsOf: many.scratch.appending(path: "out/\(file)")), "\(file)")
    }
  }
}

/// The expected answers of a sample.
private struct Books {
  let json: [String: Any]

  init(_ sample: String) throws {
    let file = RealData.tests.appending(path: "Samples/\(sample).expected.json")
    json = try #require(try JSONSerialization.jsonObject(with: Data(contentsOf: file)) as? [String: Any])
  }

  func int(_ key: String) -> Int { json[key] as? Int ?? -1 }

  /// Entries as text; null is nothing.
  func list(_ key: String) throws -> [[String: Any]] {
    try #require(json[key] as? [[String: Any]]).map { $0.compactMapValues { $0 is NSNull ? nil : $0 } }
  }

  func accounts() throws -> [String: [String: Int]] {
    var accounts: [String: [String: Int]] = [:]
    for (file, value) in try #require(json["files"] as? [String: [String: Any]]) {
      let findings = try #require(value["findings"] as? [String: Int])
      var account = value.compactMapValues { $0 as? Int }
      account["findings"] = findings["read"]
      account["tallied"] = findings["tallied"]
      accounts[file] = account
    }
    for file in try list("files_failed") {
      accounts["\(file["file"] ?? "")"] = [
        "read": 0, "accepted": 0, "rejected": 0, "duplicate": 0, "superseded": 0, "findings": 0, "tallied": 0,
      ]
    }
    return accounts
  }

  func encodings() throws -> [String: String] {
    try #require(json["files"] as? [String: [String: Any]]).compactMapValues { file in
      (file["encoding"] as? String)?.replacing(" with BOM", with: "").replacing("utf-16-le", with: "utf-16le")
    }
  }

  /// - Parameter renamed: measures that the books call otherwise.
  func figures(
    _ table: String, _ measures: [String], _ renamed: [String: String], below part: String? = nil
  ) throws -> [String: [String: Int]] {
    var figures: [String: [String: Int]] = [:]
    for (key, value) in try #require(json[table] as? [String: [String: Any]]) where !key.isEmpty {
      let row = try part.map { try #require(value[$0] as? [String: Any]) } ?? value
      figures[key] = Dictionary(
        uniqueKeysWithValues: measures.map { ($0, row[$0] as? Int ?? -1) }
          + renamed.map { ($0.key, row[$0.value] as? Int ?? -1) })
    }
    return figures
  }
}
