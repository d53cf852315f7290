import Foundation
import Testing

/// What a run leaves for the next one is never seen but in the time that it takes.
@Suite struct SegmentCacheTests {
  private static let pipeline = """
    fieldtally: 1
    campaign: {id: kept, title: Kept, language: en, tolerance: 100}
    sources:
      - name: ledger
        files: inbox/**/*.csv
        primary-key: [id]
        duplicates: {latest-by: score}
        fields:
          - {name: id, constraints: {required: true}}
          - {name: unit}
          - {name: score, type: integer, constraints: {maximum: 100}}
          - {name: problems}
        unit: {name: unit, unknown: add}
        findings: [{kind: problem, from: problems, split: numbered}]
      - name: forms
        files: inbox/**/*.xml
        format: xml
        record: /forms/form
        fields: [{name: unit}, {name: note}]
        unit: {name: unit, unknown: add}
        findings: [{kind: suggestion, from: note}]
    """
  private static let header = "id,unit,score,problems\n"
  private static let files = [
    "a/one.csv": header + "1,A,5,1. dust 2. noise\n2,B,500,x\n3,C,7,\n",
    "a/two.csv": header + "1,A,9,1. smoke\n4,D,1,\n",
    "b/three.csv": "title\n" + header + "5,E,1,lift\n",
    "b/broken.csv": "",
    "c/form.xml": "<forms><form><unit>A</unit><note>more light</note></form></forms>",
    "c/unread.txt": "nobody reads this",
  ]

  /// The files were written some time ago, as files of teams are: what is written this moment is not trusted to be known by
  /// its time.
  private func campaign(_ files: [String: String] = files) throws -> SmallCampaign {
    let campaign = try SmallCampaign(pipeline: Self.pipeline, files: [:])
    for name in ["a", "b", "c"] {
      let folder = campaign.folder.appending(path: "inbox/\(name)")
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }
    for (name, text) in files { try campaign.write(name, text) }
    usleep(150_000)
    return campaign
  }

  /// Runs, and what then stands in the output, durations apart.
  private func outputs(_ campaign: SmallCampaign, _ arguments: String...) throws -> [String: Data] {
    let out = campaign.folder.appending(path: "out")
    let finished = try campaign.call(["run", campaign.folder.path, "--as-of", "2024-01-01"] + arguments)
    #expect([0, 1].contains(finished.status), "\(finished.errors)")
    var found: [String: Data] = [:]
    let names = try FileManager.default.subpathsOfDirectory(atPath: out.path).filter { $0.contains(".") }
    for name in names where !name.hasSuffix("durations.json") && !name.hasSuffix(".xlsx") {
      found[name] = try Data(contentsOf: out.appending(path: name))
    }
    return found
  }

  private func kept(_ campaign: SmallCampaign) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: campaign.folder.appending(path: "cache").path).sorted()
  }

  /// How often the text of a file was read in the last run, by a file that only a run without cache would notice.
  @Test func whatChangesIsSeenAndTheRestIsAsItWas() throws {
    let campaign = try campaign()
    #expect(try outputs(campaign) == outputs(campaign, "--no-cache"))
    let changes: [(String, (SmallCampaign) throws -> Void)] = [
      ("a file more", { try $0.write("b/four.csv", Self.header + "6,F,2,1. rust\n") }),
      ("other bytes of the same length", { try $0.write("a/two.csv", Self.header + "1,A,1,1. smoke\n4,D,1,\n") }),
      (
        "another name",
        {
          let inbox = $0.folder.appending(path: "inbox")
          try FileManager.default.moveItem(
            at: inbox.appending(path: "b/three.csv"), to: inbox.appending(path: "a/zero.csv"))
        }
      ),
      ("a copy under another name", { try $0.write("c/again.csv", Self.files["a/one.csv"] ?? "") }),
      ("a file less", { try FileManager.default.removeItem(at: $0.folder.appending(path: "inbox/a/one.csv")) }),
      (
        "another rule",
        {
          let changed = Self.pipeline.replacing("maximum: 100", with: "maximum: 1")
          try Data(changed.utf8).write(to: $0.folder.appending(path: "pipeline.yaml"))
        }
      ),
    ]
    for (change, make) in changes {
      try make(campaign)
      usleep(150_000)
      let withCache = try outputs(campaign)
      #expect(try withCache == outputs(campaign, "--no-cache"), "\(change)")
      #expect(try !kept(campaign).isEmpty)
    }
  }

  @Test func whenNothingChangedTheResultsStandAndItIsSaid() throws {
    let campaign = try campaign()
    let first = try campaign.call(["run", campaign.folder.path, "--as-of", "2024-01-01"])
    let record = campaign.folder.appending(path: "out/run.json")
    let before = try FileManager.default.attributesOfItem(atPath: record.path)[.systemFileNumber] as? Int
    let second = try campaign.call(["run", campaign.folder.path, "--as-of", "2024-01-01"])
    #expect(second.status == first.status && second.errors == first.errors)
    #expect(second.output == first.output + "Nothing has changed since the last run; its results stand.\n")
    #expect(try FileManager.default.attributesOfItem(atPath: record.path)[.systemFileNumber] as? Int == before)

    // Another day, or an output that somebody changed, is a change.
    let other = try campaign.call(["run", campaign.folder.path, "--as-of", "2024-01-02"])
    #expect(!other.output.contains("Nothing has changed"))
    let table = campaign.folder.appending(path: "out/units.csv")
    let units = try Data(contentsOf: table)
    try Data("changed".utf8).write(to: table)
    let mended = try campaign.call(["run", campaign.folder.path, "--as-of", "2024-01-02"])
    #expect(!mended.output.contains("Nothing has changed"))
    #expect(try Data(contentsOf: table) == units)
  }

  @Test(arguments: ["cut", "changed", "other version", "another file", "emptied"])
  func aCacheThatIsNoGoodIsMadeAgainAndSaid(damage: String) throws {
    let campaign = try campaign()
    let sound = try outputs(campaign)
    let folder = campaign.folder.appending(path: "cache")
    for name in try kept(campaign) {
      let path = folder.appending(path: name)
      var bytes = try Data(contentsOf: path)
      switch damage {
      case "cut": bytes = bytes.prefix(bytes.count / 2)
      case "changed": bytes[40] ^= 1
      case "other version": bytes.replaceSubrange(0..<16, with: Data("fieldtally-seg0\n".utf8))
      case "another file": bytes = Data(repeating: 7, count: 5000)
      default: bytes = Data()
      }
      try bytes.write(to: path)
    }
    let finished = try campaign.call(["run", campaign.folder.path, "--as-of", "2024-01-01"])
    #expect(finished.errors.contains("[cache-rebuilt]"), "\(finished.errors)")
    #expect(try outputs(campaign) == sound)
    #expect(try outputs(campaign, "--no-cache") == sound)
  }

  /// What finds many records is written while the outputs are, with megabytes in the segment file; what finds few, behind them.
  @Test(arguments: [60_000, 600], [1, 3]) func recordsOfAnEarlierRunAreFound(count: Int, jobs: Int) throws {
    let many = Self.header + (0..<count).map { "\($0),unit \($0 % 90),\($0 % 90),1. dust\n" }.joined()
    let campaign = try campaign(["a/many.csv": many])
    _ = try outputs(campaign, "--jobs", "\(jobs)")
    let segments = try kept(campaign).first { $0.hasSuffix(".segments") }
    let path = campaign.folder.appending(path: "cache/\(try #require(segments))").path
    let size = try #require(try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int)
    #expect(count < 1_000 || size >= 2 << 20)

    try campaign.write("a/later.csv", Self.header + "7,unit 7,99,2. noise\n\(count / 2),unit 1,0,x\nnew,unit 2,3,y\n")
    usleep(150_000)
    let found = try outputs(campaign, "--jobs", "\(jobs)")
    #expect(try found == outputs(campaign, "--no-cache"))
    let aside = String(decoding: try #require(found["set-aside.csv"]), as: UTF8.self)
    #expect(aside.split(whereSeparator: \.isNewline).count == 3)
  }

  @Test func withoutAPlaceForTheCacheTheRunGoesOn() throws {
    let campaign = try campaign()
    try Data("in the way".utf8).write(to: campaign.folder.appending(path: "cache"))
    #expect(try outputs(campaign) == outputs(campaign, "--no-cache"))
  }

  @Test func whatIsOfNoUseAnyMoreIsRemovedAndNobodyElseMayRead() throws {
    let campaign = try campaign()
    for round in 0..<12 {
      try campaign.write("a/one.csv", Self.header + "1,A,\(round),1. dust\n")
      usleep(150_000)
      _ = try outputs(campaign)
    }
    let names = try kept(campaign)
    #expect(names.count <= 10)
    #expect(!names.contains { $0.contains(".segments.") })
    let cache = campaign.folder.appending(path: "cache")
    #expect(try FileManager.default.attributesOfItem(atPath: cache.path)[.posixPermissions] as? Int == 0o700)
    for name in names {
      let path = cache.appending(path: name).path
      #expect(try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int == 0o600)
    }
  }

  /// Of a field team each: two parts of the files, read apart, and put together in any order.
  @Test func segmentsMadeApartGiveTheBytesOfOneRun() throws {
    let whole = try campaign()
    let expected = try outputs(whole, "--no-cache")
    let parts = try [
      ["a/one.csv", "b/broken.csv", "c/form.xml"], ["a/two.csv", "b/three.csv", "c/unread.txt"],
    ].enumerated().map { number, names in
      let part = try campaign(Self.files.filter { names.contains($0.key) })
      let file = whole.folder.deletingLastPathComponent().appending(path: "\(number).segments").path
      let finished = try part.call(["segment", part.folder.path, "--out", file, "--as-of", "2024-01-01"])
      #expect([0, 1].contains(finished.status), "\(finished.errors)")
      return file
    }
    for order in [parts, parts.reversed()] {
      try FileManager.default.removeItem(at: whole.folder.appending(path: "out"))
      #expect(try outputs(whole, "--segments", order[0], order[1]) == expected)
    }
    let twice = try whole.call(["run", whole.folder.path, "--segments", parts[0], parts[0]])
    #expect(twice.status == 65 && twice.errors.contains("[segments-overlap]"))
    let missing = try whole.call(["run", whole.folder.path, "--segments", parts[0] + "x"])
    #expect(missing.status == 66 && missing.errors.contains("[file-missing]"))
    try Data((Self.pipeline + "\n").utf8).write(to: whole.folder.appending(path: "pipeline.yaml"))
    let other = try whole.call(["run", whole.folder.path, "--segments", parts[0]])
    #expect(other.status == 65 && other.errors.contains("[segments-other]"))
    try Data(contentsOf: URL(filePath: parts[0])).dropLast(100).write(to: URL(filePath: parts[0]))
    let cut = try whole.call(["run", whole.folder.path, "--segments", parts[0]])
    #expect(cut.status == 65 && cut.errors.contains("[segments-damaged]"))
  }
}
