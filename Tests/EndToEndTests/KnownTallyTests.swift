import Foundation
import Testing

/// A file more beside those that an earlier run counted: the bytes of a run over everything, whatever the pipeline asks for
/// and wherever the file stands.
@Suite struct KnownTallyTests {
  private static func pipeline(_ ledger: String, _ campaign: String) -> String {
    """
    fieldtally: 1
    campaign: {id: kept, title: Kept, language: en, tolerance: 100}
    \(campaign)
    sources:
      - name: ledger
        files: inbox/**/*.csv
        primary-key: [id]
        records: true
        \(ledger)
        fields:
          - {name: id, constraints: {required: true}}
          - {name: unit}
          - {name: day, type: date, format: any}
          - {name: score, type: integer, constraints: {maximum: 100}}
          - {name: problems}
          - {name: form}
        unit: {name: unit, unknown: add}
        date: day
        findings: [{kind: problem, from: problems, split: numbered}]
      - name: forms
        files: inbox/**/*.xml
        format: xml
        record: /forms/form
        fields: [{name: id}, {name: unit}, {name: note}]
        primary-key: [id]
        unit: {name: unit, unknown: add}
        findings: [{kind: suggestion, from: note}]
    """
  }

  private static func rows(_ numbers: ClosedRange<Int>, _ more: String = "") -> String {
    "id,unit,day,score,problems,form\n"
      + numbers.map { number in
        "K\(number),U\(number % 7),2023-0\(number % 9 + 1)-1\(number % 9),"
          + "\(number % 11 == 0 ? 500 : number % 60),1. dust \(number) 2. noise,F\(number % 5)\n"
      }.joined() + more
  }

  private static func forms(_ numbers: ClosedRange<Int>) -> String {
    "<forms>" + numbers.map { "<form><id>F\($0)</id><unit>U\($0)</unit><note>light \($0)</note></form>" }.joined()
      + "</forms>"
  }

  /// What each family of settings adds; the later steps may change what counts of the earlier files.
  private static let families: [(name: String, pipeline: String)] = [
    ("the first counts", pipeline("duplicates: first", "")),
    ("the latest counts", pipeline("duplicates: {latest-by: score}", "")),
    ("the last counts", pipeline("duplicates: latest", "")),
    ("copies are rejected", pipeline("duplicates: reject", "")),
    ("small counts are left out", pipeline("duplicates: first", "privacy: {threshold: 3}")),
    ("only some tables", pipeline("duplicates: first", "output: {formats: [csv], tables: [units, rejected]}")),
    ("JSON alone", pipeline("duplicates: first", "output: {formats: [json], tables: [set-aside, rejected, findings]}")),
    (
      "a rule between records",
      pipeline("duplicates: first", "").replacing(
        "sources:",
        with: """
          rules:
            - id: few-a-unit
              source: ledger
              per: [unit]
              require: count of records <= 4
              severity: error
          sources:
          """)
    ),
    (
      "a value that is unique",
      pipeline("duplicates: first", "").replacing(
        "{name: problems}", with: "{name: problems, constraints: {unique: true}}")
    ),
    (
      "keys of another source",
      pipeline("duplicates: {latest-by: score}", "").replacing(
        "    fields:\n      - {name: id, constraints",
        with: "    schema:\n     foreignKeys: [{fields: [form], reference: {resource: forms, fields: [id]}}]\n"
          + "     fields:\n      - {name: id, constraints")
    ),
    (
      "checks of field work",
      pipeline("duplicates: first", "") + """

        checks:
          - {check: outliers, source: ledger, fields: score, method: iqr, multiplier: 0.5, at-least: 3}
          - {check: identical-answers, source: ledger, id: id, fields: [unit, score, form], at-least: 2}
        """
    ),
    ("corrections", pipeline("duplicates: {latest-by: score}", "corrections: corrections.csv")),
  ]

  private static let steps: [(name: String, make: @Sendable (SmallCampaign) throws -> Void)] = [
    ("behind the others", { try $0.write("b/z.csv", rows(21...24)) }),
    ("copies of known records", { try $0.write("b/zz.csv", rows(3...6, "K7,U1,,9,other,F1\n")) }),
    ("of the other source", { try $0.write("b/form.xml", forms(6...8)) }),
    ("between the others", { try $0.write("a/m.csv", rows(31...33, "K2,U9,2023-01-01,1,1. early,F1\n")) }),
    ("before the others", { try $0.write("a/a.csv", rows(41...42, "K9,New unit,2023-01-01,59,1. first,F2\n")) }),
    ("no file at all", { try $0.write("b/empty.csv", "") }),
    ("one more beside it", { try $0.write("b/zzz.csv", rows(51...53)) }),
    ("a known file again", { try $0.write("b/copy.csv", rows(21...24)) }),
    ("a file that changed", { try $0.write("b/z.csv", rows(21...23)) }),
    ("a file less", { try FileManager.default.removeItem(at: $0.folder.appending(path: "inbox/a/m.csv")) }),
  ]

  private func outputs(_ campaign: SmallCampaign, _ arguments: String...) throws -> (files: [String: Data], known: Int)
  {
    let out = campaign.folder.appending(path: "out")
    let finished = try campaign.call(["run", campaign.folder.path, "--as-of", "2024-01-01"] + arguments)
    #expect([0, 1].contains(finished.status) && !finished.errors.contains("cache-rebuilt"), "\(finished.errors)")
    var found: [String: Data] = [:]
    for name in try FileManager.default.subpathsOfDirectory(atPath: out.path)
    where name.contains(".") && name != "durations.json" && !name.hasSuffix(".xlsx") {
      found[name] = try Data(contentsOf: out.appending(path: name))
    }
    let durations = try JSONSerialization.jsonObject(with: Data(contentsOf: out.appending(path: "durations.json")))
    return (found, (durations as? [String: Any])?["records_known"] as? Int ?? 0)
  }

  private func names(_ folder: String) throws -> [String] {
    try FileManager.default.subpathsOfDirectory(atPath: folder).sorted()
  }

  private func campaign(_ pipeline: String) throws -> SmallCampaign {
    let campaign = try SmallCampaign(pipeline: pipeline, files: [:])
    for name in ["a", "b"] {
      let folder = campaign.folder.appending(path: "inbox/\(name)")
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }
    try campaign.write("a/b.csv", Self.rows(1...12))
    try campaign.write("b/y.csv", Self.rows(10...20))
    try campaign.write("a/form.xml", Self.forms(1...4))
    if pipeline.contains("corrections:") {
      // Some are of files that are known, some of files that come; some do not fit.
      let header = "record id,source,field,old value,new value,action,rule,who,why,date\n"
      let rows = ["K11", "K22", "K33", "K99"].map { "\($0),ledger,score,500,50,replace,,me,typing,2023-12-01\n" }
      try campaign.put("corrections.csv", header + rows.joined())
    }
    usleep(150_000)
    return campaign
  }

  @Test(arguments: families.indices) func aFileMoreGivesTheBytesOfARunOverEverything(family: Int) throws {
    let (name, pipeline) = Self.families[family]
    let campaign = try campaign(pipeline)
    // A run that begins with nothing, at another place: the first is not to lose what it has published.
    let other = campaign.folder.appending(path: "other").path
    _ = try outputs(campaign)
    var known: [String: Int] = [:]
    for step in Self.steps {
      try step.make(campaign)
      usleep(150_000)
      let grown = try outputs(campaign)
      known[step.name] = grown.known
      let whole = try campaign.call(
        ["run", campaign.folder.path, "--as-of", "2024-01-01", "--no-cache", "--out", other])
      #expect([0, 1].contains(whole.status))
      for (file, data) in grown.files {
        let expected = try Data(contentsOf: URL(filePath: other).appending(path: file))
        #expect(data == expected, "\(name), \(step.name): \(file)")
      }
      #expect(try names(other) == names(campaign.folder.appending(path: "out").path), "\(name), \(step.name)")
    }
    // What was counted is counted again only where something of it counts otherwise now.
    #expect(known["behind the others"] ?? 0 > 0 || name == "a rule between records", "\(name): \(known)")
    #expect(known["of the other source"] ?? 0 > 0, "\(name): \(known)")
    #expect(known["one more beside it"] ?? 0 > 0, "\(name): \(known)")
    #expect(known["a file less"] == 0, "\(name): \(known)")
  }

  @Test func aTableThatSomebodyChangedIsWrittenAnew() throws {
    let campaign = try campaign(Self.families[0].pipeline)
    _ = try outputs(campaign)
    let table = campaign.folder.appending(path: "out/rejected.csv")
    var bytes = try Data(contentsOf: table)
    bytes[bytes.count - 3] ^= 1
    try bytes.write(to: table)
    try campaign.write("b/z.csv", Self.rows(21...24))
    usleep(150_000)
    let grown = try outputs(campaign)
    #expect(grown.known > 0)
    #expect(try grown.files == outputs(campaign, "--no-cache").files)
  }

  /// So many visits that they are kept as a table, which stays while little is added to it.
  @Test func aTableOfVisitsServesRunAfterRun() throws {
    let campaign = try campaign(
      Self.families[0].pipeline.replacing(
        "language: en", with: "language: en, window: 2023-01-01/2023-12-31"
      ).replacing("campaign:", with: "roster: {units: units.csv}\ncampaign:"))
    try campaign.put("units.csv", "code,name\n" + (0..<7).map { "U\($0),Unit \($0)\n" }.joined())
    _ = try outputs(campaign)
    let cache = campaign.folder.appending(path: "cache").path
    let tables = { try self.names(cache).filter { $0.hasPrefix("last-visits-") } }
    #expect(try tables().count == 1)
    for (number, end) in [24, 25, 60, 61].enumerated() {
      try campaign.write("b/z\(number).csv", Self.rows(end - 2...end))
      usleep(150_000)
      let grown = try outputs(campaign)
      #expect(grown.known > 0)
      #expect(try tables().count == 1)
      let known = try campaign.call(
        ["run", campaign.folder.path, "--as-of", "2024-01-01", "--no-cache", "--out", campaign.folder.path + "/other"])
      #expect([0, 1].contains(known.status))
      for (file, data) in grown.files {
        let expected = try Data(contentsOf: campaign.folder.appending(path: "other/" + file))
        #expect(data == expected, "\(number): \(file)")
      }
    }
    // Without it, and with one that is not what was left.
    for damage in [nil, Data(), Data(repeating: 3, count: 4000)] {
      let path = URL(filePath: cache).appending(path: try #require(try tables().first))
      try FileManager.default.removeItem(at: path)
      if let damage { try damage.write(to: path) }
      try campaign.write("b/zz\(damage?.count ?? 1).csv", Self.rows(70...72))
      usleep(150_000)
      let finished = try campaign.call(["run", campaign.folder.path, "--as-of", "2024-01-01"])
      #expect(finished.errors.contains("[cache-rebuilt]") == (damage != nil), "\(finished.errors)")
      #expect(try outputs(campaign).files == outputs(campaign, "--no-cache").files)
      #expect(try tables().count == 1)
    }
  }

  @Test(arguments: ["changed", "cut", "other version"]) func aTallyThatIsNoGoodIsMadeAgainAndSaid(damage: String) throws
  {
    let campaign = try campaign(Self.families[0].pipeline)
    _ = try outputs(campaign)
    let path = campaign.folder.appending(path: "cache/last-tally")
    var bytes = try Data(contentsOf: path)
    switch damage {
    case "changed": bytes[bytes.count / 2] ^= 1
    case "cut": bytes = bytes.prefix(bytes.count / 2)
    default: bytes.replaceSubrange(0..<16, with: Data("fieldtally-sta0\n".utf8))
    }
    try bytes.write(to: path)
    try campaign.write("b/z.csv", Self.rows(21...24))
    usleep(150_000)
    let finished = try campaign.call(["run", campaign.folder.path, "--as-of", "2024-01-01"])
    #expect(finished.errors.contains("last-tally") && finished.errors.contains("[cache-rebuilt]"), "\(finished.errors)")
    #expect(try outputs(campaign).files == outputs(campaign, "--no-cache").files)
  }
}
