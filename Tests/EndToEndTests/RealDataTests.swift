import Foundation
import Testing

/// Runs over files that inspectors and survey servers really wrote, against figures that others made of them.
@Suite(.enabled(if: RealData.isPresent, "real files are not in ../shared/data"))
struct RealDataTests {
  private static func accepted(_ count: Int, rejected: Int = 0) -> [String: Int] {
    [
      "read": count + rejected, "accepted": count, "rejected": rejected, "duplicate": 0, "superseded": 0, "excluded": 0,
    ]
  }

  // MARK: San Francisco: three tables joined by the business

  private static let sanFrancisco = "inspections-lives-sanfrancisco/data/"
  private static let sanFranciscoTables = [
    "inspections": RealData.file(sanFrancisco + "inspections.csv"),
    "violations": RealData.file(sanFrancisco + "violations.csv"),
  ]

  private func runSanFrancisco() throws -> CampaignRun {
    try CampaignRun(
      "sanfrancisco",
      inbox: Dictionary(uniqueKeysWithValues: Self.sanFranciscoTables.map { ("\($0.key).csv", $0.value) }),
      reference: ["businesses.csv": RealData.file(Self.sanFrancisco + "businesses.csv")])
  }

  @Test(.enabled(if: SQLiteShell.program != nil, "there is no sqlite3 shell"))
  func sanFranciscoIsCountedPerBusinessAsSQLiteCountsIt() throws {
    let run = try runSanFrancisco()
    try #require(run.status == 0, "\(run.messages)")
    #expect(try run.recordSums() == Self.accepted(14_233 + 39_006))
    let units = try run.units()
    #expect(units.count == 6399)
    for (key, query) in [
      ("problems", "SELECT business_id, count(*) FROM violations GROUP BY 1"),
      (
        "records",
        """
        SELECT business_id, count(*) FROM
          (SELECT business_id FROM inspections UNION ALL SELECT business_id FROM violations) GROUP BY 1
        """
      ),
    ] {
      let expected = try SQLiteShell.pairs(Self.sanFranciscoTables, query)
      let found = units.reduce(into: [String: Int]()) { $0[$1["unit"] ?? ""] = Int($1[key] ?? "") }.filter {
        $0.value > 0
      }
      #expect(differences(found, from: expected).isEmpty, "\(key)")
    }
    let categories = try SQLiteShell.pairs(
      Self.sanFranciscoTables,
      """
      SELECT trim(CASE instr(description, '[ date violation') WHEN 0 THEN description
        ELSE substr(description, 1, instr(description, '[ date violation') - 1) END), count(*)
      FROM violations GROUP BY 1
      """)
    let found = try run.findings().reduce(into: [String: Int]()) { $0[$1["category"] ?? "", default: 0] += 1 }
    #expect(differences(found, from: categories).isEmpty)
  }

  @Test func sanFranciscoKeepsItsNamesAndReadsTheDaysOnWhichFaultsWerePutRight() throws {
    let run = try runSanFrancisco()
    try #require(run.status == 0, "\(run.messages)")
    let names = Set(try run.units().compactMap { $0["unit_name"] })
    for name in ["TROPISUEÑO", "KIÊN THANH", "T-28 BAKERY & CAFÉ"] { #expect(names.contains(name)) }
    let pattern = /\[ date violation corrected: (\d+)\/(\d+)\/(\d+) \]/
    let expected = try readCSV(RealData.file(Self.sanFrancisco + "violations.csv")).map { row in
      let found = row["description"]?.firstMatch(of: pattern)?.output
      let numbers = found.map { [$0.3, $0.1, $0.2] } ?? []
      return numbers.map { $0.count == 1 ? "0" + $0 : String($0) }.joined(separator: "-")
    }
    #expect(expected.filter { !$0.isEmpty }.count == 30_595)
    #expect(try run.records("violations").map { $0["corrected"] } == expected)
  }

  // MARK: Food hygiene ratings: elements that are missing, empty or nil

  @Test func everyFieldOfTheHygieneRatingsArrives() throws {
    let file = RealData.file("fhrs-xml-sample/data/FHRS232en-GB-first120.xml")
    let run = try CampaignRun("fhrs", inbox: ["ratings.xml": file])
    try #require(run.status == 0, "\(run.messages)")
    #expect(try run.recordSums() == Self.accepted(120))
    #expect(try run.units().count == 120)
    let expected = try ElementTexts(of: "EstablishmentDetail", in: file).records
    let found = try run.records("ratings")
    try #require(found.count == expected.count)
    let fields = Set(expected.flatMap(\.keys))
    for (row, texts) in zip(found, expected) {
      for (path, text) in texts {
        #expect(means(row[path] ?? "no column", text), "\(texts["FHRSID"] ?? "") \(path)")
      }
      let blank = fields.subtracting(texts.keys)
      #expect(blank.allSatisfy { row[$0] == "" }, "\(texts["FHRSID"] ?? "")")
    }
    let ratings = found.reduce(into: [String: Int]()) { $0[$1["RatingValue"] ?? "", default: 0] += 1 }
    #expect(ratings == ["5": 74, "4": 22, "3": 7, "2": 1, "AwaitingInspection": 15, "Exempt": 1])
    #expect(found.filter { $0["RatingDate"] == "" }.count == 16)
    #expect(found.filter { $0["Scores/Hygiene"] == "0" }.count == 43)
    #expect(found.filter { $0["Scores/Hygiene"] == "" }.count == 18)
  }

  // MARK: Labour inspections: rows that go on, years of the republic, several articles in a cell

  /// The published list and, line by line, the table that a third party made of it. `unit` is made comparable: where a
  /// person's name inside the unit's was replaced in the list alone, the list's form is taken; a person alone is the unit.
  ///
  /// Days that no calendar has (104/10/136) stand in the shipped table as they are (2015-10-136); here their rows are rejected.
  private func labour(_ city: String) throws -> (list: URL, lines: [[String: String]], impossible: Int) {
    let folder = "tw-labor-inspections/data/\(city)/"
    let list = RealData.file(folder + "merged.csv")
    var lines = try readCSV(RealData.file(folder + "history.csv"))
    for (index, row) in try readCSV(list).enumerated() {
      let written = row["事業單位"] ?? row["事業單位/事業主"] ?? ""
      var unit = (lines[index]["corp"] ?? "").trimmingCharacters(in: .whitespaces)
      if let masked = written.firstMatch(of: /即(人員\d+[^)]*)\)/) { unit = String(masked.output.1) }
      if unit.isEmpty { unit = lines[index]["boss"] ?? "" }
      if unit.isEmpty, index > 0 { unit = lines[index - 1]["unit"] ?? "" }
      lines[index]["unit"] = unit
    }
    for index in lines.indices { lines[index]["line"] = "\(index + 2)" }
    let real = lines.filter { isDay($0["dt_exe"] ?? "") }
    return (list, real, lines.count - real.count)
  }

  private func isDay(_ text: String) -> Bool {
    let format = Date.ISO8601FormatStyle().year().month().day()
    return (try? format.parse(text)).map { $0.formatted(format) == text } ?? false
  }

  @Test(arguments: [("newtaipei", "article", 1181), ("tainan", "articles", 1111)])
  func labourFinesAgreeLineByLine(city: String, article: String, count: Int) throws {
    let (list, lines, impossible) = try labour(city)
    let run = try CampaignRun("\(city)-rows", inbox: ["merged.csv": list])
    try #require(run.status == (impossible > 0 ? 1 : 0), "\(run.messages)")
    #expect(try run.recordSums() == Self.accepted(count - impossible, rejected: impossible))
    let records = try run.records("fines")
    try #require(records.count == lines.count)
    for (record, line) in zip(records, lines) {
      #expect(record["_line"] == line["line"])
      #expect(record["date"] == line["dt_exe"], "line \(line["line"] ?? "")")
      #expect(record["document"] == line["doc_id"], "line \(line["line"] ?? "")")
      #expect(record["unit"] == line["unit"], "line \(line["line"] ?? "")")
      #expect(record[article] == line["law"], "line \(line["line"] ?? "")")
      // A row that goes on names nobody in the list; whether the person is filled down with the unit is the pipeline's.
      if line["cnt_action"] == "1" { #expect(record["person"] == line["boss"], "line \(line["line"] ?? "")") }
    }
    #expect(try differences(problems(of: run), from: articles(of: lines)).isEmpty)
  }

  @Test(arguments: [("newtaipei", "category", 740, 1181, 1181), ("tainan", "text", 1103, 1111, 1455)])
  func rowsThatGoOnBelongToTheInspectionAbove(
    city: String, article: String, inspections: Int, rows: Int, articleCount: Int
  ) throws {
    let (list, lines, impossible) = try labour(city)
    #expect(lines.reduce(impossible) { $0 + (Int($1["cnt_action"] ?? "") ?? 0) } == inspections)
    #expect(lines.reduce(impossible) { $0 + (Int($1["cnt_rule"] ?? "") ?? 0) } == rows)
    let run = try CampaignRun("\(city)-records", inbox: ["merged.csv": list])
    try #require(run.status == (impossible > 0 ? 1 : 0), "\(run.messages)")
    #expect(try run.recordSums() == Self.accepted(inspections - impossible, rejected: impossible))
    let findings = try run.findings()
    let expected = lines.flatMap { line in
      (line["law"] ?? "").split(separator: ";").map {
        (line: line["line"] ?? "", article: String($0), date: line["dt_exe"])
      }
    }
    // Each of the impossible days has one article.
    try #require(findings.count == articleCount - impossible && expected.count == articleCount - impossible)
    for (finding, line) in zip(findings, expected) {
      #expect(finding[article] == line.article, "line \(line.line)")
      #expect(finding["line"] == "\(line.line)")
      // The row's own date, which in fifteen rows is not that of the inspection's first row.
      #expect(finding["date"] == line.date, "line \(line.line)")
    }
    let units = try run.units()
    let counts = units.reduce(into: [String: Int]()) { $0[$1["unit_name"] ?? ""] = Int($1["records"] ?? "") }
    let actions = lines.reduce(into: [String: Int]()) {
      $0[$1["unit"] ?? "", default: 0] += Int($1["cnt_action"] ?? "") ?? 0
    }
    #expect(differences(counts, from: actions).isEmpty)
    #expect(try differences(problems(of: run), from: articles(of: lines)).isEmpty)
  }

  private func problems(of run: CampaignRun) throws -> [String: Int] {
    try run.units().reduce(into: [:]) { $0[$1["unit_name"] ?? ""] = Int($1["problems"] ?? "") }
  }

  private func articles(of lines: [[String: String]]) -> [String: Int] {
    lines.reduce(into: [:]) { $0[$1["unit"] ?? "", default: 0] += ($1["law"] ?? "").split(separator: ";").count }
  }

  // MARK: ODK submissions: repeats, several answers in one, places

  private static let kobocat = "odk-kobocat/data/"
  private static let exports = kobocat + "main/tests/fixtures/csv_export/"
  private static let transport = kobocat + "main/tests/fixtures/transportation/"
  private static let nested = kobocat + "viewer/tests/fixtures/nested_repeats/"

  private static func transportation(_ endings: [String]) -> [String: URL] {
    var files: [String: URL] = [:]
    for visit in ["19-05-36", "19-05-49", "19-06-01", "19-06-14"] {
      let name = "transport_2011-07-25_\(visit)"
      for ending in endings {
        files["transportation/\(name)\(ending)"] = RealData.file(transport + "instances/\(name)/\(name)\(ending)")
      }
    }
    return files
  }

  private static let submissions = [
    "tutorial/1.xml": RealData.file(exports + "tutorial.xml"),
    "wide/1.xml": RealData.file(exports + "tutorial_w_repeats.xml"),
    "long/1.xml": RealData.file(exports + "tutorial_w_repeats.xml"),
    "double/1.xml": RealData.file(exports + "instance.xml"),
    "nested/1.xml": RealData.file(nested + "instances/nested_repeats_01.xml"),
    "nested/2.xml": RealData.file(nested + "instances/nested_repeats_02.xml"),
  ]

  /// Columns that the server adds: `_uuid`, `_submission_time` …, but not the parts of a place.
  private static func isServers(_ column: String) -> Bool {
    column.isEmpty || column.hasPrefix("_") && !column.hasPrefix("_gps_")
  }

  private func expectEqual(_ found: [[String: String]], toExport path: String, rows: Int) throws {
    let expected = try readCSV(RealData.file(path))
    #expect(expected.count == rows)
    for (index, line) in expected.enumerated() {
      let identity = line["meta/instanceID"]
      // The long form has several rows of one submission, in its order.
      let place = expected[..<index].count { $0["meta/instanceID"] == identity }
      let records = found.filter { $0["meta/instanceID"] == identity }
      try #require(place < records.count, "\(path) has \(identity ?? "no id")")
      for (column, cell) in line where !Self.isServers(column) {
        #expect(means(records[place][column] ?? "no column", cell), "\(path) \(column)")
      }
    }
  }

  @Test(arguments: [[".xml"], ["_with_xmlns.xml"], [".xml", "_with_xmlns.xml"]])
  func submissionsBecomeTheTablesThatTheServerMadeOfThem(endings: [String]) throws {
    let files = Self.submissions.merging(Self.transportation(endings)) { first, _ in first }
    let run = try CampaignRun("odk-kobocat", inbox: files)
    try #require(run.status == 0, "\(run.messages)")
    // The long form reads two elements of one file; with and without a namespace a submission is the same one.
    let (once, read) = (7 + 4, 7 + 4 * endings.count)
    let sums = try run.recordSums()
    #expect(sums["read"] == read && sums["accepted"] == once && sums["rejected"] == 0)
    #expect((sums["duplicate"] ?? 0) + (sums["superseded"] ?? 0) == read - once)
    for (source, path, rows) in [
      ("tutorial", Self.exports + "tutorial.csv", 1),
      ("repeats-wide", Self.exports + "tutorial_w_repeats.csv", 1),
      ("repeats-long", Self.exports + "tutorial_w_repeats_flattened.csv", 2),
      ("double-repeat", Self.exports + "export.csv", 1),
      ("nested-repeats", Self.nested + "nested_repeats.csv", 2),
      ("transportation", Self.transport + "transportation.csv", 4),
      ("transportation", Self.kobocat + "viewer/tests/fixtures/transportation.csv", 1),
      ("transportation", Self.kobocat + "viewer/tests/fixtures/transportation_without_na.csv", 1),
    ] {
      try expectEqual(run.records(source), toExport: path, rows: rows)
    }
  }
}
