import Foundation
import Testing

/// What tells who a person is leaves with nobody who has not asked for it.
@Suite struct PersonalDataTests {
  private static let pipeline = """
    fieldtally: 1
    campaign: {id: private, title: Private, language: en, tolerance: 100}
    PRIVACY
    roster:
      units: units.csv
      regions: regions.csv
    sources:
      - name: ledger
        files: inbox/*.csv
        records: true
        primary-key: [id]
        duplicates: reject
        fields:
          - {name: id, constraints: {required: true}}
          - {name: unit, constraints: {required: true}}
          - {name: person, x-personal: direct, constraints: {required: true, maxLength: 9}}
          - {name: phone, x-personal: direct, x-kind: phone, x-country: CN, constraints: {unique: true}}
          - {name: age, type: integer, x-personal: quasi}
          - {name: problems}
        unit: {name: unit}
        findings: [{kind: problem, from: problems, split: numbered}]
      - name: forms
        files: inbox/*.xml
        format: xml
        record: /forms/form
        fields:
          - {name: unit}
          - {name: person, x-personal: direct, constraints: {pattern: "[A-Z]+"}}
          - {name: note}
        unit: {name: unit}
        findings: [{kind: suggestion, from: note}]
    """
  /// The names and numbers of persons in the files below; each is in a record of another fate.
  private static let secrets = [
    "Adamson", "Bertrands", "Catherina-Louise", "Dorotheas", "13800138000", "13800138001", "13800138002", "13800138003",
    "12", "Evangeline", "Quoted \"\"Q\"\" Quirin", "Quirin", "Fernandez", "Gwendolyn", "Hortensia", "13800138004",
    "Ignatius",
  ]
  private static let ledger = """
    id,unit,person,phone,age,problems
    r1,Alpha,Adamson,13800138000,41,1. dust 2. noise
    r2,Beta,Bertrands,13800138000,52,1. dust
    r3,Alpha,Catherina-Louise,13800138001,33,
    r4,Nowhere,Dorotheas,13800138002,29,
    r5,Alpha,Evangeline,not a number of 12 digits,31,
    r6,Alpha,"Quoted ""Q"" Quirin",13800138003,,
    r1,Alpha,Gwendolyn,,19,
    r8,Alpha,Fernandez,,19,,,one too many
    r9,Alpha,"Hortensia"x,13800138004,20,
    注：填表人 Ignatius

    """
  private static let forms = """
    <forms><form><unit>Alpha</unit><person>Evangeline</person><note>more light</note></form>
    <form><unit>Alpha</unit><person>ADAM</person><note>more air</note></form></forms>
    """

  private func campaign(_ privacy: String) throws -> SmallCampaign {
    let campaign = try SmallCampaign(
      pipeline: Self.pipeline.replacing("PRIVACY", with: privacy),
      files: ["a.csv": Self.ledger, "b.xml": Self.forms])
    let files = [
      "units.csv": "code,name,region\nA,Alpha,1\nB,Beta,1\nC,Gamma,2\n", "regions.csv": "code,name\n1,North\n2,South\n",
      "key.txt": "correct horse battery staple\n",
    ]
    for (name, text) in files { try Data(text.utf8).write(to: campaign.folder.appending(path: name)) }
    return campaign
  }

  /// Every text that left, by where: outputs, screen, and what stands in the sheets of workbooks.
  private func texts(_ campaign: SmallCampaign, _ finished: Finished) throws -> [(place: String, text: String)] {
    let out = campaign.folder.appending(path: "out")
    var texts = [("stdout", finished.output), ("stderr", finished.errors)]
    for name in try FileManager.default.subpathsOfDirectory(atPath: out.path) {
      let file = out.appending(path: name)
      if name.hasSuffix(".xlsx") {
        let unzip = try Finished(URL(filePath: "/usr/bin/env"), ["unzip", "-p", file.path], scratch: campaign.folder)
        texts.append((name, unzip.output))
      } else if let text = try? String(contentsOf: file, encoding: .utf8) {
        texts.append((name, text))
      }
    }
    return texts
  }

  private func expectNone(_ found: [(place: String, text: String)]) {
    for (place, text) in found {
      for secret in Self.secrets where secret != "12" {
        let isThere = text.contains(secret)
        #expect(!isThere, "\(secret) stands in \(place)")
      }
    }
  }

  @Test(arguments: ["privacy: {direct: mask}", "privacy: {direct: hash, key: key.txt}", "privacy: {threshold: 0}"])
  func directIdentifiersStandInNothingThatLeaves(privacy: String) throws {
    let campaign = try campaign(privacy)
    let finished = try campaign.call(["run", campaign.folder.path, "--as-of", "2024-01-01"])
    #expect(finished.status == 0, "\(finished.errors)")
    expectNone(try texts(campaign, finished))
    #expect(try campaign.sum("records") == ["read": 11, "accepted": 2, "rejected": 9])
    let check = try campaign.call(["check", campaign.folder.path])
    let json = try campaign.call(["check", campaign.folder.path, "--json"])
    expectNone([("check", check.output + check.errors), ("check --json", json.output + json.errors)])
    // What is no direct identifier is there, and so are the places.
    #expect(try campaign.output("rejected.csv").contains("r4,Nowhere,"))
    let records = try campaign.output("records-ledger.csv")
    #expect(records.contains("r1,A,") || records.contains("r1,Alpha,"))
  }

  @Test func aKeyedHashIsTheSameForThePersonAndAnotherWithAnotherKey() throws {
    let campaign = try campaign("privacy: {direct: hash, key: key.txt}")
    _ = try campaign.call(["run", campaign.folder.path, "--as-of", "2024-01-01"])
    let first = try campaign.output("records-ledger.csv")
    _ = try campaign.call(["run", campaign.folder.path, "--as-of", "2024-01-01", "--no-cache"])
    #expect(try campaign.output("records-ledger.csv") == first)
    #expect(first.contains(/,[0-9a-f]{16},[0-9a-f]{16},41,/))
    try Data("another horse, another battery\n".utf8).write(to: campaign.folder.appending(path: "key.txt"))
    _ = try campaign.call(["run", campaign.folder.path, "--as-of", "2024-01-01"])
    #expect(try campaign.output("records-ledger.csv") != first)
    #expect(try !campaign.output("run.json").contains("key.txt"))
    try Data("short\n".utf8).write(to: campaign.folder.appending(path: "key.txt"))
    #expect(try campaign.call(["run", campaign.folder.path]).status == 78)
  }

  @Test func theWorkListShowsThemWhenItIsAskedFor() throws {
    let campaign = try campaign("privacy: {direct: mask}")
    let finished = try campaign.call(["run", campaign.folder.path, "--as-of", "2024-01-01", "--show-personal"])
    let list = try campaign.output("work-list/unassigned.csv")
    #expect(list.contains("Catherina-Louise") && list.contains("Dorotheas") && list.contains("13800138000"))
    expectNone(try texts(campaign, finished).filter { !$0.place.hasPrefix("work-list") })
    for name in ["work-list/unassigned.csv", "work-list.xlsx", "rejected.csv", "records-ledger.csv", "statistics.xlsx"]
    {
      let path = campaign.folder.appending(path: "out/\(name)").path
      #expect(try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int == 0o600, "\(name)")
    }
    // A run that does not ask is another run.
    _ = try campaign.call(["run", campaign.folder.path, "--as-of", "2024-01-01"])
    #expect(try !campaign.output("work-list/unassigned.csv").contains("Catherina-Louise"))
  }

  @Test(arguments: [
    ("  - {name: unit, constraints: {required: true}}", "  - {name: unit, x-personal: direct}", "direct"),
    (
      "campaign: {id",
      "rules: [{id: too-old, source: ledger, require: age < 90, message: \"{person} is old\"}]\ncampaign: {id",
      "{person}"
    ),
    ("PRIVACY", "privacy: {direct: hash}", "key"), ("PRIVACY", "privacy: {threshold: many}", "1000"),
    ("PRIVACY", "privacy: {direct: hash, key: none.txt}", "none.txt"),
  ])
  func whatWouldShowThemIsAFaultOfThePipeline(old: String, new: String, named: String) throws {
    let text = Self.pipeline.replacing(old, with: new).replacing("PRIVACY", with: "")
    let campaign = try campaign("")
    try Data(text.utf8).write(to: campaign.folder.appending(path: "pipeline.yaml"))
    let finished = try campaign.call(["run", campaign.folder.path])
    #expect(finished.status == 78 && finished.errors.contains(named), "\(finished.errors)")
  }

  @Test func smallCountsAndThoseThatGiveThemAwayAreLeftOut() throws {
    let campaign = try campaign("privacy: {threshold: 3}")
    var ledger = "id,unit,person,phone,age,problems\n"
    for (unit, count) in [("Alpha", 20), ("Beta", 1), ("Gamma", 9)] {
      for number in 0..<count { ledger += "\(unit)\(number),\(unit),X,,,1. dust\n" }
    }
    try campaign.write("a.csv", ledger)
    try campaign.write("b.xml", "<forms><form><unit>Gamma</unit><person>X</person><note>air</note></form></forms>")
    #expect(try campaign.call(["run", campaign.folder.path, "--as-of", "2024-01-01"]).status == 0)
    let units = try campaign.output("units.csv").replacing("\r\n", with: "\n").split(separator: "\n").map {
      $0.split(separator: ",", omittingEmptySubsequences: false)
    }
    let records = try #require(units[0].firstIndex(of: "Records"))
    let problems = try #require(units[0].firstIndex(of: "Problems"))
    let suggestions = try #require(units[0].firstIndex(of: "Suggestions"))
    #expect(units[2][records] == "*" && units[2][problems] == "*")
    // Of 1 and 20 that are 21 together neither is told.
    #expect(units[1][problems] == "*" && units[3][problems] == "9")
    #expect(units[3][suggestions] == "*")
    let regions = try campaign.output("regions.csv")
    #expect(regions.contains("21"))
    let shown = try campaign.call(["run", campaign.folder.path, "--as-of", "2024-01-01", "--no-cache"]).output
    #expect(shown.contains("*"))
    let path = campaign.folder.appending(path: "out/run.json").path
    #expect(try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int == 0o600)
  }
}
