import Foundation
import Testing

/// The command as a whole: what it leaves, and what it says by its exit status.
@Suite struct RunTests {
  private static let pipeline = """
    fieldtally: 1
    campaign: {id: small, title: Small, language: en}
    sources:
      - name: ledger
        files: inbox/*.csv
        primary-key: [id]
        fields:
          - {name: id, constraints: {required: true}}
          - {name: unit, constraints: {required: true}}
          - {name: phone, constraints: {unique: true}}
          - {name: problems}
        unit: {name: unit, unknown: add}
        findings: [{kind: problem, from: problems, split: numbered}]
    """

  private func campaign(_ files: [String: String]) throws -> SmallCampaign {
    try SmallCampaign(pipeline: Self.pipeline, files: files)
  }

  @Test func anUnreadableFileIsQuarantinedAndTheOthersCount() throws {
    let campaign = try campaign([
      "a.csv": "id,unit,phone,problems\n1,A,,1. dust 2. noise\n", "empty.csv": "", "other.csv": "x,y\n1,2\n",
    ])
    let finished = try campaign.run()
    #expect(finished.status == 1)
    #expect(finished.errors.contains("empty.csv") && finished.errors.contains("[empty-file]"))
    #expect(finished.errors.contains("other.csv") && finished.errors.contains("[header-not-found]"))
    #expect(try campaign.sum("records") == ["read": 1, "accepted": 1])
    #expect(try campaign.sum("findings") == ["read": 2, "accepted": 2])
  }

  @Test func aRunWithoutAReadableFileLeavesTheLastOutput() throws {
    let campaign = try campaign(["a.csv": "id,unit,phone,problems\n1,A,,\n"])
    #expect(try campaign.run().status == 0)
    let before = try campaign.output("units.csv")
    try campaign.write("a.csv", "")
    #expect(try campaign.run().status == 65)
    #expect(try campaign.output("units.csv") == before)
  }

  @Test func aValueThatMustBeUniqueRejectsTheLaterRecord() throws {
    let campaign = try campaign([
      "a.csv": "id,unit,phone,problems\n1,A,555,x\n2,B,555,y\n3,C,,z\n4,D,,\n",
      // The same record again is a duplicate, and no second use of its value.
      "b.csv": "id,unit,phone,problems\n1,A,555,x\n",
    ])
    #expect(try campaign.run().status == 1)
    #expect(try campaign.sum("records") == ["read": 5, "accepted": 3, "rejected": 1, "duplicate": 1])
    #expect(try campaign.sum("findings") == ["read": 4, "accepted": 2, "rejected": 1, "duplicate": 1])
    let rejected = try campaign.output("rejected.csv")
    #expect(rejected.contains("unique-error") && rejected.contains("2,B,555,y") && rejected.contains("a.csv:2"))
  }

  @Test func ofSeveralVersionsTheLatestCountsWhateverTheirOrder() throws {
    let campaign = try SmallCampaign(
      pipeline: Self.pipeline.replacing(
        "primary-key: [id]", with: "primary-key: [id]\n    duplicates: {latest-by: phone}"),
      files: [
        "a.csv": "id,unit,phone,problems\n1,A,3,c\n1,A,1,a\n1,A,5,e\n1,A,4,d\n1,A,2,b\n1,A,5,e\n"
      ])
    #expect(try campaign.run().status == 0)
    #expect(try campaign.sum("records") == ["read": 6, "accepted": 1, "duplicate": 1, "superseded": 4])
    #expect(try campaign.output("findings.csv").contains(",e,"))
  }

  @Test func aWrongPipelineIsNamedByPlaceAndNearestWord() throws {
    let campaign = try SmallCampaign(
      pipeline: Self.pipeline.replacing("files: inbox", with: "filse: inbox"), files: ["a.csv": "id\n1\n"])
    let finished = try campaign.run()
    #expect(finished.status == 78)
    #expect(finished.errors.contains("pipeline.yaml:5:5: error") && finished.errors.contains("Did you mean files?"))
    #expect(!campaign.hasOutput)
  }

  @Test func aSecondRunWaitsForNobodyAndSaysSo() throws {
    let campaign = try campaign(["a.csv": "id,unit,phone,problems\n1,A,,\n"])
    let lock = campaign.folder.appending(path: ".out.fieldtally.lock")
    try Data().write(to: lock)
    let descriptor = open(lock.path, O_RDWR)
    defer { close(descriptor) }
    try #require(flock(descriptor, LOCK_EX) == 0)
    #expect(try campaign.run().status == 75)
  }

  @Test func theTemplateRunsAsItIs() throws {
    for language in ["zh", "en"] {
      let campaign = try SmallCampaign(pipeline: "", files: [:])
      try FileManager.default.removeItem(at: campaign.folder)
      #expect(try campaign.call(["init", campaign.folder.path, "--lang", language]).status == 0)
      let finished = try campaign.run()
      #expect(finished.status == 0, "\(finished.errors)")
      #expect(try campaign.sum("records") == ["read": 6, "accepted": 5, "rejected": 1])
    }
  }
}

/// A campaign of a few lines in a temporary folder that goes with it.
final class SmallCampaign {
  let folder: URL
  private let scratch: URL

  init(pipeline: String, files: [String: String]) throws {
    scratch = FileManager.default.temporaryDirectory.appending(path: "fieldtally-\(UUID().uuidString)")
    folder = scratch.appending(path: "campaign")
    try FileManager.default.createDirectory(
      at: folder.appending(path: "inbox"), withIntermediateDirectories: true)
    try Data(pipeline.utf8).write(to: folder.appending(path: "pipeline.yaml"))
    for (name, text) in files { try write(name, text) }
  }

  deinit { try? FileManager.default.removeItem(at: scratch) }

  /// Puts a file into the inbox.
  func write(_ name: String, _ text: String) throws {
    try Data(text.utf8).write(to: folder.appending(path: "inbox/\(name)"))
  }

  func call(_ arguments: [String]) throws -> Finished {
    try Finished(try #require(CampaignRun.program, "the program is not beside the tests"), arguments, scratch: scratch)
  }

  func run() throws -> Finished { try call(["run", folder.path, "--as-of", "2024-01-01"]) }

  var hasOutput: Bool { FileManager.default.fileExists(atPath: folder.appending(path: "out").path) }

  func output(_ name: String) throws -> String {
    try String(contentsOf: folder.appending(path: "out/\(name)"), encoding: .utf8)
  }

  /// The parts of a sum of `run.json` that are not 0.
  func sum(_ name: String) throws -> [String: Int] {
    let data = try Data(contentsOf: folder.appending(path: "out/run.json"))
    let run = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    let sum = try #require((run["sum"] as? [String: Any])?[name] as? [String: Int])
    return sum.filter { $0.value != 0 }
  }
}
