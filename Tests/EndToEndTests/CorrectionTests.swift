import Foundation
import Testing

/// What the office decides about rejected records, and what becomes of it.
@Suite struct CorrectionTests {
  private static let pipeline = """
    fieldtally: 1
    campaign: {id: c, title: C, language: en, window: 2024-01-01/2024-01-31}
    roster: {units: units.csv, teams: teams.csv}
    codelists: {area: area.csv}
    sources:
      - name: ledger
        files: inbox/**/*.csv
        primary-key: [id]
        unit: unit
        team: team
        date: day
        fields:
          - {name: id, constraints: {required: true, pattern: 'A\\d+'}}
          - {name: unit}
          - {name: team}
          - {name: day, type: date}
          - {name: score, type: integer, constraints: {minimum: 0, maximum: 10}}
          - {name: phone, constraints: {unique: true}}
          - {name: problems}
        findings: [{kind: problem, from: problems}]
      - name: answers
        files: inbox/**/*.xml
        record: /all/answer
        on-finding-error: finding
        unit: unit
        fields: [{name: unit, x-path: "@unit"}, {name: number, type: integer, x-path: "@number"}]
        findings:
          - each: f
            fields: [{name: area, x-path: "@area", x-codelist: area}, {name: text, x-path: "."}]
            kind: problem
            from: text
            category: area
    """
  private static let header = "record id,source,field,old value,new value,action,rule,who,why,date\n"
  private static let ledger = "id,unit,team,day,score,phone,problems\n"

  private func campaign(_ files: [String: String], corrections: String? = nil) throws -> SmallCampaign {
    let campaign = try SmallCampaign(pipeline: Self.pipeline, files: [:])
    try campaign.put("units.csv", "code,name,team\nU1,North School,T1\nU2,South Clinic,T2\n")
    try campaign.put("teams.csv", "code,name\nT1,Team One\nT2,二组\n")
    try campaign.put("area.csv", "code,en\nroof,Roof\nfire,Fire exits\n")
    for (name, text) in files { try campaign.put("inbox/" + name, text) }
    if let corrections { try campaign.put("corrections.csv", Self.header + corrections) }
    return campaign
  }

  // MARK: the work list

  @Test func aRejectedRecordGoesToItsOwnTeamElseItsUnitsElseItsFoldersElseNobodys() throws {
    let campaign = try campaign([
      "a.csv": Self.ledger + "A1,U1,T2,2024-01-05,11,,\nA2,U1,,2024-01-05,11,,\nA3,U9,,2024-01-05,1,,\n",
      "二组/b.csv": Self.ledger + "A4,U9,,2024-01-05,1,,\n", "x-T1 (2).csv": Self.ledger + "A5,U9,,2024-01-05,1,,\n",
      "T1/empty.csv": "",
    ])
    #expect(try campaign.run().status == 1)
    let lists = try campaign.workLists()
    #expect(lists.keys.sorted() == ["Team_One.csv", "unassigned.csv", "二组.csv"])
    #expect(lists["二组.csv"]?.map { $0["Record id"] } == ["A1", "A4"])
    #expect(lists["Team_One.csv"]?.map { $0["Record id"] } == ["", "A2", "A5"])
    #expect(lists["Team_One.csv"]?[0]["Rule"] == "empty-file")
    #expect(lists["unassigned.csv"]?.map { $0["Record id"] } == ["A3"])
    let summary = try campaign.table("work-list")
    #expect(summary.filter { $0["Rule"] == "" }.map { $0["Records rejected"] } == ["2", "2", "1"])
    #expect(summary.filter { $0["Rule"] == "" }.map { $0["Files rejected whole"] } == ["1", "0", "0"])
    #expect(try campaign.mode("out/work-list.xlsx") == 0o600)
    #expect(try campaign.mode("out/work-list/二组.csv") == 0o600)
  }

  @Test(arguments: SampleCampaignTests.samples) func noRejectedRecordIsMissingFromTheLists(sample: String) throws {
    let run = try CampaignRun(sample: sample)
    let folder = run.scratch.appending(path: "out/work-list")
    var listed: [String: Int] = [:]
    for file in try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil) {
      for row in try csvRows(String(contentsOf: file, encoding: .utf8)).dropFirst() {
        listed["\(row[1]) \(row[3]) \(row[5])", default: 0] += 1
      }
    }
    var rejected: [String: Int] = [:]
    for row in try run.objects("rejected.json") {
      rejected["\(row["file"] ?? "") \(row["record"] ?? "") \(row["rule"] ?? "")", default: 0] += 1
    }
    #expect(listed == rejected)
    let record = try #require(try run.json("run.json") as? [String: Any])
    let sums = try #require((record["sum"] as? [String: Any])?["records"] as? [String: Int])
    let parts = try run.objects("work-list.json").filter { $0["rule"] == "" }
    #expect(parts.reduce(0) { $0 + (Int($1["records"] ?? "") ?? 0) } == sums["rejected"])
  }

  @Test func aFilledInListIsAFileOfCorrections() throws {
    let campaign = try campaign([
      "a.csv": Self.ledger
        + "A1,Nrth School,T1,2024-01-05,１１,5,dust\nA2,U2,T1,2024-02-05,3,5,\nA3,U2,T1,2024-01-06,3,5,\n"
    ])
    #expect(try campaign.run().status == 1)
    #expect(try campaign.sum("records") == ["read": 3, "accepted": 1, "rejected": 2])
    let before = try campaign.inputs()
    var list = try csvRows(campaign.output("work-list/Team_One.csv"))
    let columns = list[0]
    func column(_ name: String) -> Int { columns.firstIndex(of: name) ?? 0 }
    for row in list.indices.dropFirst() {
      switch list[row][column("Field")] {
      case "unit":
        #expect(list[row][column("Proposed value")] == "U1")
        list[row][column("New value")] = list[row][column("Proposed value")]
      case "score": list[row][column("New value")] = "9"
      default: list[row][column("New value")] = "2024-01-05"
      }
    }
    let filled = list.map { $0.map { "\"\($0.replacing("\"", with: "\"\""))\"" }.joined(separator: ",") }
    try campaign.put("filled.csv", filled.joined(separator: "\n") + "\n")
    try campaign.put("pipeline.yaml", Self.pipeline + "\ncorrections: filled.csv\n")
    // A3 and A2 share a telephone number, which shows only when both are right.
    #expect(try campaign.run().status == 1)
    #expect(try campaign.sum("records") == ["read": 3, "accepted": 1, "rejected": 2])
    let late = try #require(try campaign.workLists()["Team_One.csv"])
    #expect(late.map { $0["Rule"] } == ["unique-error", "unique-error"])
    #expect(late.map { $0["Record id"] } == ["A2", "A3"] && late.map { $0["Old value"] } == ["5", "5"])
    try campaign.put(
      "more.csv",
      Self.header + "A2,ledger,phone,5,,accept,unique-error,Li,one household,2024-02-01\nA3,,phone,5,6,,,,,\n")
    try campaign.put("pipeline.yaml", Self.pipeline + "\ncorrections: [filled.csv, more.csv]\n")
    let finished = try campaign.run()
    #expect(finished.status == 0, "\(finished.errors)")
    #expect(try campaign.sum("records") == ["read": 3, "accepted": 3])
    #expect(try campaign.sum("findings") == ["read": 1, "accepted": 1])
    #expect(try campaign.workLists().isEmpty && campaign.table("work-list").isEmpty)
    #expect(try campaign.states() == Array(repeating: "applied", count: 5))
    #expect(try campaign.inputs() == before)
    let record = try campaign.output("run.json")
    #expect(record.contains("\"more.csv\"") && record.contains("\"applied\":5") || record.contains("\"applied\": 5"))
  }

  // MARK: decisions

  @Test func anAcceptedExceptionIsTiedToTheValue() throws {
    let correction = "A1,,score,11,,accept,constraint-error,Li,measured twice,2024-02-01\n"
    let campaign = try campaign(["a.csv": Self.ledger + "A1,U1,T1,2024-01-05,11,,\n"], corrections: correction)
    #expect(try campaign.run().status == 0)
    #expect(try campaign.sum("records") == ["read": 1, "accepted": 1])
    try campaign.put("inbox/a.csv", Self.ledger + "A1,U1,T1,2024-01-05,12,,\n")
    #expect(try campaign.run().status == 1)
    #expect(try campaign.sum("records") == ["read": 1, "rejected": 1])
    let row = try #require(try campaign.table("corrections").first)
    #expect(row["State code"] == "old-value-differs" && row["Found"] == "12")
    try campaign.put("inbox/a.csv", Self.ledger + "A1,U1,T1,2024-01-05,5,,\n")
    #expect(try campaign.run().status == 1)
    #expect(try campaign.sum("records") == ["read": 1, "accepted": 1])
  }

  @Test(arguments: [
    // Of the ledger's only record: A1, Nowhere, T1, 2024-02-05, 12x, "", dust
    ("A1,,score,12x,,accept,,,,", "cannot-be-accepted"), ("A1,ledger,unit,Nowhere,,accept,,,,", "cannot-be-accepted"),
    ("A1,,day,2024-02-05,,accept,,,,", "applied"), ("A1,,day,2024-02-05,,accept,constraint-error,,,", "not-needed"),
    ("A1,,score,12x,,replace,,,,", "applied"), ("A1,,score,12x,7,,,,,", "applied"),
    ("A1,,score, 12x ,7,更正,,,,", "applied"), ("A1,,score,12X,7,,,,,", "old-value-differs"),
    ("A1,,score,12y,12x,,,,,", "already"), ("A9,,score,12x,7,,,,,", "record-not-found"),
    ("A1,other,score,12x,7,,,,,", "source-unknown"), ("A1,,points,12x,7,,,,,", "field-unknown"),
    ("A1,,unit,Nowhere,U1,,,,,", "source-ambiguous"), ("A1,ledger,unit,Nowhere,U1,,,,,", "applied"),
    (",,score,12x,7,,,,,", "no-record-id"), ("*,,score,,7,,,,,", "no-old-value"),
    ("A1,,score,12x,7,delete,,,,", "action-unknown"), ("*,,unit,Nowhere,U1,,,,,", "applied"),
    ("*,,unit,Elsewhere,U1,,,,,", "not-needed"), ("A1,ledger,,,,drop,,,twice,", "applied"),
    ("A1,,score,1,,drop,,,,", "old-value-differs"), ("A1,,phone,,7,,,,,", "applied"),
    ("A1,,,,,accept,,,,", "field-unknown"),
  ])
  func everyCorrectionSaysWhatBecameOfIt(line: String, state: String) throws {
    let campaign = try campaign(
      ["a.csv": Self.ledger + "A1,Nowhere,T1,2024-02-05,12x,,dust\n"], corrections: line + "\n")
    let finished = try campaign.run()
    #expect(try campaign.states() == [state], "\(finished.errors)")
    let isFailure = !["applied", "already", "not-needed"].contains(state)
    #expect(finished.errors.contains("[correction-not-applied]") == isFailure)
  }

  @Test(arguments: [
    ("", ["rejected": 2, "accepted": 2], []),
    ("A2,answers,unit,North,,accept,answer-without-visit,,,\n", ["rejected": 1, "accepted": 3], ["applied"]),
    ("A2,answers,unit,North,,accept,,,,\n", ["rejected": 1, "accepted": 3], ["applied"]),
    ("A2,answers,unit,North,U2,,,,,\n", ["rejected": 1, "accepted": 3], ["applied"]),
    ("A2,answers,unit,South,,accept,,,,\n", ["rejected": 2, "accepted": 2], ["old-value-differs"]),
    ("A2,answers,unit,North,,accept,other-rule,,,\n", ["rejected": 2, "accepted": 2], ["not-needed"]),
    ("A3,answers,unit,North,,accept,answer-without-visit,,,\n", ["rejected": 2, "accepted": 2], ["not-needed"]),
    ("A2,answers,,,,drop,,,,\n", ["rejected": 1, "accepted": 2], ["applied"]),
  ])
  func faultsThatShowOnlyBetweenSourcesAreListedAndDecidedAsOthersAre(
    line: String, sums: [String: Int], states: [String]
  ) throws {
    let campaign = try SmallCampaign(pipeline: Self.betweenSources, files: [:])
    try campaign.put("units.csv", "code,name,team\nU1,North,T1\nU2,South,T2\n")
    try campaign.put("teams.csv", "code,name\nT1,One\nT2,Two\n")
    try campaign.put("inbox/v.csv", "id,unit,day\nV1,U1,2024-01-05\nV2,U2,2024-01-09\n")
    try campaign.put("inbox/a.csv", "id,unit,day\nA2,North,2024-01-09\nA3,North,long ago\n")
    if !line.isEmpty { try campaign.put("corrections.csv", Self.header + line) }
    _ = try campaign.run()
    let found = try campaign.sum("records")
    for (name, count) in sums { #expect(found[name] == count, "\(name)") }
    #expect(try campaign.states() == states)
    let list = try #require(try campaign.workLists()["One.csv"])
    let late = list.filter { $0["Rule"] == "answer-without-visit" }
    #expect(late.allSatisfy { $0["Record id"] == "A2" && $0["Field"] == "unit" && $0["Old value"] == "North" })
    #expect(late.count == (sums["rejected"] ?? 0) - 1)
  }

  private static let betweenSources = """
    fieldtally: 1
    campaign: {id: c, title: C, language: en, window: 2024-01-01/2024-01-31}
    roster: {units: units.csv, teams: teams.csv}
    sources:
      - {name: visits, files: inbox/v.csv, primary-key: [id], unit: unit, date: day,
         fields: [{name: id}, {name: unit}, {name: day, type: date}]}
      - {name: answers, files: inbox/a.csv, primary-key: [id], unit: unit, date: day,
         fields: [{name: id}, {name: unit}, {name: day, type: date}]}
    rules:
      - {id: answer-without-visit, source: answers, field: unit,
         require: exists in visits where visits.unit = unit and visits.date = day}
    """

  @Test func contradictingLinesAreAllRefused() throws {
    let campaign = try campaign(
      ["a.csv": Self.ledger + "A1,U1,T1,2024-01-05,12,,\nA2,U1,T1,2024-01-05,12,,\nA3,U1,T1,2024-01-05,12,,\n"],
      corrections: """
        A1,,score,12,7,,,,,
        A1,,score,12,8,,,,,
        A2,ledger,,,,drop,,,,
        A2,,score,12,7,,,,,
        A3,,score,12,7,,,,,
        A3,,score,12,7,,,,,

        """)
    #expect(try campaign.run().status == 1)
    #expect(
      try campaign.states() == Array(repeating: "contradicts", count: 4) + ["applied", "repeated"])
    #expect(try campaign.sum("records") == ["read": 3, "accepted": 1, "rejected": 2])
  }

  @Test func aDroppedRecordIsLeftOutWithItsReason() throws {
    let campaign = try campaign(
      ["a.csv": Self.ledger + "A1,U1,T1,2024-01-05,12,,dust\nA2,U1,T1,2024-01-05,1,,\n"],
      corrections: "A1,ledger,,,,作废,,Wang,a test entry,2024-02-01\n")
    #expect(try campaign.run().status == 0)
    #expect(try campaign.sum("records") == ["read": 2, "accepted": 1, "excluded": 1])
    #expect(try campaign.sum("findings") == ["read": 1, "excluded": 1])
    #expect(try campaign.output("set-aside.csv").contains("dropped by a correction: a test entry, Wang, 2024-02-01"))
  }

  @Test func anUnreadableRecordIsDroppedByTheIdOfItsContent() throws {
    let campaign = try campaign(["a.csv": Self.ledger + "A1,U1,T1,2024-01-05,1,,\u{0}x\nA2,U1,T1,2024-01-05,1,,\n"])
    #expect(try campaign.run().status == 1)
    let id = try #require(try campaign.workLists()["unassigned.csv"]?.first?["Record id"])
    #expect(id.wholeMatch(of: /ledger#[0-9a-f]{16}/) != nil)
    try campaign.put("corrections.csv", Self.header + "\(id),,,,,drop,,,,\n")
    #expect(try campaign.run().status == 0)
    #expect(try campaign.sum("records") == ["read": 2, "accepted": 1, "excluded": 1])
  }

  @Test func findingsOfARecordAreNamedByTheirPlace() throws {
    let campaign = try campaign([
      "a.xml": """
      <all><answer unit="U1" number="1"><f area="roof">leaks</f><f area="rof">damp</f></answer>
      <answer unit="U1" number="2"><f area="rof">wind</f></answer></all>
      """
    ])
    #expect(try campaign.run().status == 0)
    #expect(try campaign.sum("findings") == ["read": 3, "accepted": 1, "rejected": 2])
    let rows = try #require(try campaign.workLists()["Team_One.csv"])
    #expect(rows.map { $0["Field"] } == ["f[2]/area", "f[1]/area"])
    #expect(rows.map { $0["Proposed value"] } == ["roof", "roof"])
    let id = try #require(rows[0]["Record id"])
    try campaign.put("corrections.csv", Self.header + "\(id),answers,f[2]/area,rof,roof,,,,,\n")
    #expect(try campaign.run().status == 0)
    #expect(try campaign.sum("findings") == ["read": 3, "accepted": 2, "rejected": 1])
    try campaign.put("corrections.csv", Self.header + "*,,f/area,rof,fire,,,,,\n")
    #expect(try campaign.run().status == 0)
    #expect(try campaign.sum("findings") == ["read": 3, "accepted": 3])
    let row = try #require(try campaign.table("corrections").first)
    #expect(row["Records applied to"] == "2")
  }

  @Test func aTextThatNamesAUnitIsDecidedOnceForAllRecords() throws {
    let campaign = try campaign(
      ["a.csv": Self.ledger + "A1,The Clinic,T1,2024-01-05,1,,\nA2, The Clinic ,T2,2024-01-05,1,,\nA3,U1,,,1,,\n"],
      corrections: "*,,unit,The Clinic,U2,,,Li,asked,\n")
    #expect(try campaign.run().status == 0)
    #expect(try campaign.sum("records") == ["read": 3, "accepted": 3])
    #expect(try campaign.table("units").map { $0["Records"] } == ["1", "2"])
    try campaign.put("inbox/b.csv", Self.ledger + "A4,The Clinic,T1,2024-01-05,1,,\n")
    #expect(try campaign.run().status == 0)
    #expect(try campaign.table("units").map { $0["Records"] } == ["1", "3"])
  }

  @Test func versionsAndDuplicatesAreToldByWhatWasCorrected() throws {
    let campaign = try campaign(
      ["a.csv": Self.ledger + "A1,U1,T1,2024-01-05,1,,\nA2,U1,T1,2024-01-05,1,,\n"], corrections: "A2,,id,A2,A1,,,,,\n")
    #expect(try campaign.run().status == 0)
    #expect(try campaign.sum("records") == ["read": 2, "accepted": 1, "duplicate": 1])
  }

  @Test func aNewValueThatIsAtFaultItselfIsSentBack() throws {
    let campaign = try campaign(
      ["a.csv": Self.ledger + "A1,Nowhere,T1,2024-01-05,12,,\n"],
      corrections: "A1,,score,12,13,,,,,\nA1,ledger,unit,Nowhere,Somewhere,,,,,\n")
    #expect(try campaign.run().status == 1)
    #expect(try campaign.states() == ["applied", "applied"])
    let rows = try #require(try campaign.workLists()["Team_One.csv"])
    #expect(rows.map { $0["Old value"] } == ["12", "Nowhere"])
    #expect(rows.map { $0["Proposed fix"]?.contains("\"13\"") } == [true, false])
    #expect(rows[1]["Proposed fix"]?.contains("\"Somewhere\"") == true)
  }

  // MARK: what files may look like

  @Test(arguments: ["bom", "crlf", "gb18030", "utf-16", "tabs", "chinese"])
  func correctionsAreReadInEveryFormInWhichOfficesSaveThem(form: String) throws {
    let campaign = try campaign(["a.csv": Self.ledger + "A1,某诊所,T1,2024-01-05,12,,\"a\r\nb\"\n"])
    var text =
      "记录编号,数据源,字段,原内容,新内容,处理,经办人,理由,日期\nA1,ledger,unit,某诊所,U2,更正,李四,已核实,2024-02-01\n"
      + "A1,,score,12,1,,,,\nA1,,problems,\"a\nb\",灰尘,,,,\n"
    if form == "crlf" { text = text.replacing("\n", with: "\r\n") }
    if form == "tabs" { text = text.replacing(",", with: "\t") }
    var data = Data(text.utf8)
    if form == "bom" { data = Data([0xEF, 0xBB, 0xBF]) + data }
    if form == "utf-16" { data = try #require(text.data(using: .utf16)) }
    if form == "gb18030" {
      data = try #require(text.data(using: String.Encoding(rawValue: 0x8000_0632)))
    }
    try campaign.put("corrections.csv", data)
    let finished = try campaign.run()
    #expect(finished.status == 0, "\(finished.errors)")
    #expect(try campaign.states() == ["applied", "applied", "applied"])
    #expect(try campaign.output("findings.csv").contains("灰尘"))
  }

  @Test(arguments: [
    ("record id,field,new value\nA1,score,7\n", "old value"), ("a,b,c\n1,2,3\n", "record id"),
    ("\u{0}\u{1}\u{2}", "corrections.csv"),
  ])
  func aFileThatLacksAColumnIsNoFileOfCorrections(text: String, said: String) throws {
    let campaign = try campaign(["a.csv": Self.ledger + "A1,U1,T1,2024-01-05,12,,\n"])
    try campaign.put("corrections.csv", text)
    let finished = try campaign.run()
    #expect(finished.status == 78)
    #expect(finished.errors.contains("corrections.csv") && finished.errors.contains(said), "\(finished.errors)")
    #expect(!campaign.hasOutput)
  }

  @Test func aFileThatIsNamedMustBeThereAndTheUsualOneNeedNot() throws {
    let campaign = try campaign(["a.csv": Self.ledger + "A1,U1,T1,2024-01-05,1,,\n"])
    #expect(try campaign.run().status == 0)
    try campaign.put("corrections.csv", Self.header)
    #expect(try campaign.run().status == 0)
    try campaign.put("pipeline.yaml", Self.pipeline + "\ncorrections: gone.csv\n")
    let finished = try campaign.run()
    #expect(finished.status == 78 && finished.errors.contains("gone.csv"), "\(finished.errors)")
  }

  @Test func formulasInRecordsDoNothingAndComeBackAsTheyWere() throws {
    let formula = "=cmd|' /C calc'!A0"
    let campaign = try campaign(["a.csv": Self.ledger + "A1,U1,T1,2024-01-05,\(formula),,\n"])
    #expect(try campaign.run().status == 1)
    let row = try #require(try campaign.workLists()["Team_One.csv"]?.first)
    #expect(row["Old value"] == "'" + formula && row.values.allSatisfy { !$0.hasPrefix("=") })
    for old in [row["Old value"] ?? "", formula] {
      try campaign.put("corrections.csv", Self.header + "A1,,score,\(old),7,,,,,\n")
      #expect(try campaign.run().status == 0)
      #expect(try campaign.states() == ["applied"])
    }
  }

  @Test func manyCorrectionsCostLittle() throws {
    var ledger = Self.ledger
    var corrections = Self.header
    for number in 0..<2_000 { ledger += "A\(number),U1,T1,2024-01-05,12,,\n" }
    for number in 0..<100_000 {
      corrections += "A\(number),,score,12,\(number % 10),,,Li,\"checked, twice\",2024-02-01\n"
    }
    let campaign = try campaign(["a.csv": ledger])
    try campaign.put("corrections.csv", corrections)
    #expect(try campaign.run().status == 1)
    #expect(try campaign.sum("records") == ["read": 2_000, "accepted": 2_000])
    let states = try campaign.states()
    #expect(states.count { $0 == "applied" } == 2_000 && states.count { $0 == "record-not-found" } == 98_000)
  }
}

extension SmallCampaign {
  /// Puts a file into the campaign's folder.
  func put(_ path: String, _ data: Data) throws {
    let file = folder.appending(path: path)
    try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try data.write(to: file)
  }

  func put(_ path: String, _ text: String) throws { try put(path, Data(text.utf8)) }

  /// Rows of the CSV of a table, by heading.
  func table(_ name: String) throws -> [[String: String]] { rows(try output(name + ".csv")) }

  /// Work lists by file name.
  func workLists() throws -> [String: [[String: String]]] {
    let place = folder.appending(path: "out/work-list")
    guard FileManager.default.fileExists(atPath: place.path) else { return [:] }
    var lists: [String: [[String: String]]] = [:]
    for name in try FileManager.default.contentsOfDirectory(atPath: place.path) {
      lists[name] = rows(try output("work-list/" + name))
    }
    return lists
  }

  func states() throws -> [String] { try table("corrections").map { $0["State code"] ?? "" } }

  func mode(_ path: String) throws -> Int {
    let attributes = try FileManager.default.attributesOfItem(atPath: folder.appending(path: path).path)
    return attributes[.posixPermissions] as? Int ?? -1
  }

  /// Bytes and times of the files in the inbox.
  func inputs() throws -> [String: String] {
    let inbox = folder.appending(path: "inbox")
    var inputs: [String: String] = [:]
    for name in try FileManager.default.subpathsOfDirectory(atPath: inbox.path) {
      let file = inbox.appending(path: name)
      let attributes = try FileManager.default.attributesOfItem(atPath: file.path)
      inputs[name] =
        "\(attributes[.modificationDate] ?? "") \((try? Data(contentsOf: file))?.base64EncodedString() ?? "")"
    }
    return inputs
  }

  private func rows(_ text: String) -> [[String: String]] {
    let rows = csvRows(text)
    return rows.dropFirst().map { Dictionary(zip(rows[0], $0), uniquingKeysWith: { first, _ in first }) }
  }
}

/// The cells of a CSV text as RFC 4180 has it, without its byte order mark.
func csvRows(_ text: String) -> [[String]] {
  var rows: [[String]] = []
  var row: [String] = []
  var cell = ""
  var isQuoted = false
  var scalars = text.unicodeScalars.drop { $0 == "\u{FEFF}" }[...]
  while let scalar = scalars.popFirst() {
    switch (scalar, isQuoted) {
    case ("\"", true):
      if scalars.first == "\"" {
        cell.unicodeScalars.append("\"")
        scalars = scalars.dropFirst()
      } else {
        isQuoted = false
      }
    case ("\"", false): isQuoted = true
    case (",", false):
      row.append(cell)
      cell = ""
    case ("\n", false):
      rows.append(row + [cell])
      (row, cell) = ([], "")
    case ("\r", false): break
    default: cell.unicodeScalars.append(scalar)
    }
  }
  return cell.isEmpty && row.isEmpty ? rows : rows + [row + [cell]]
}
