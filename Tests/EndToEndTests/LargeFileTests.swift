import Collect
import Foundation
import Testing

/// A large file is taken for UTF-8 until it is seen to be something else; what comes of it is what its encoding says.
@Suite struct LargeFileTests {
  private static let pipeline = """
    fieldtally: 1
    campaign: {id: large, title: Large, language: en, tolerance: 100}
    output: {formats: [csv], tables: [summary, units, files, rejected]}
    sources:
      - name: ledger
        files: inbox/*.csv
        fields: [{name: unit}, {name: problems}, {name: filler}]
        unit: {name: unit, unknown: add}
        findings: [{kind: problem, from: problems}]
    """
  /// Few records with much in them; the last of them tells.
  private static func text(sentences: Int, last: String) -> String {
    let filler = String(repeating: "检查发现存在的问题，要求立即整改并加强日常管理。", count: sentences)
    return "unit,problems,filler\n" + (0..<160).map { "单位\($0 % 7),dust,\(filler)\n" }.joined() + last
  }

  private func tables(_ files: Data..., jobs: Int = 2) throws -> (units: String, files: String, rejected: String) {
    let campaign = try SmallCampaign(pipeline: Self.pipeline, files: [:])
    for (name, bytes) in zip("abcdefgh", files) {
      try bytes.write(to: campaign.folder.appending(path: "inbox/\(name).csv"))
    }
    let finished = try campaign.call(["run", campaign.folder.path, "--as-of", "2024-01-01", "--jobs", "\(jobs)"])
    #expect([0, 1].contains(finished.status), "\(finished.errors)")
    func table(_ name: String) throws -> String {
      String(decoding: try Data(contentsOf: campaign.folder.appending(path: "out/\(name).csv")), as: UTF8.self)
    }
    return (try table("units"), try table("files"), try table("rejected"))
  }

  @Test func anotherEncodingGivesTheSameCounts() throws {
    let last = "单位1,smoke,\n"
    let legacy = inGB18030(Self.text(sentences: 1200, last: last))
    #expect(legacy.count > 8 << 20)
    let large = try tables(Data(legacy))
    let small = try tables(Data(Self.text(sentences: 1, last: last).utf8))
    #expect(large.units == small.units)
    #expect(large.files.contains("gb18030") && small.files.contains("utf-8"))
  }

  @Test func aBadByteAtItsEndCostsItsRecord() throws {
    let text = Self.text(sentences: 800, last: "")
    #expect(text.utf8.count > 8 << 20)
    let broken = try tables(Data(text.utf8) + Data("单位1,".utf8) + Data([0xFF]) + Data(",\n".utf8))
    #expect(broken.rejected.contains("encoding") && broken.files.contains("utf-8"))
  }

  /// The fingerprint is taken from what was read, behind the reading, and must be that of the file: with lines above the
  /// header, stretches of blank rows longer than what is read at once, and blank rows at the end.
  @Test(arguments: [1, 2, 5]) func theFingerprintIsThatOfTheWholeFile(jobs: Int) throws {
    let rows = Self.text(sentences: 100, last: "")
    let blank = String(repeating: ",,\n", count: 900_000)
    let text = "Ledger of the campaign,,\n,,\n" + rows + blank + rows.drop { $0 != "\n" }.dropFirst() + blank
    #expect(text.utf8.count > 6 << 20)
    let campaign = try SmallCampaign(pipeline: Self.pipeline, files: [:])
    let file = campaign.folder.appending(path: "inbox/a.csv")
    try Data(text.utf8).write(to: file)
    let finished = try campaign.call(["run", campaign.folder.path, "--as-of", "2024-01-01", "--jobs", "\(jobs)"])
    #expect([0, 1].contains(finished.status), "\(finished.errors)")
    let record = String(decoding: try Data(contentsOf: campaign.folder.appending(path: "out/run.json")), as: UTF8.self)
    #expect(record.contains(sha256(of: Array(text.utf8))))
  }

  /// Files that one task reads one after another, in parts; each is what it is, whatever the one before was.
  @Test(arguments: [1, 2]) func filesOfAMegabyteEachHaveTheirEncoding(jobs: Int) throws {
    func text(_ sentences: Int, _ last: String) -> Data { Data(Self.text(sentences: sentences, last: last).utf8) }
    func legacy(_ sentences: Int, _ last: String) -> Data {
      Data(inGB18030(Self.text(sentences: sentences, last: last)))
    }
    let (smoke, soot) = ("单位1,smoke,\n", "单位2,soot,\n")
    #expect((512 << 10..<1 << 20).contains(legacy(110, soot).count))
    let bad = text(80, "") + Data("单位1,".utf8) + Data([0xFF]) + Data(",\n".utf8)
    let found = try tables(
      text(80, smoke), legacy(110, soot), bad, text(81, smoke), legacy(111, soot), jobs: jobs)
    let plain = try tables(text(1, smoke), text(1, soot), text(1, ""), text(2, smoke), text(2, soot))
    #expect(found.units == plain.units)
    #expect(found.files.components(separatedBy: "gb18030").count == 3, "\(found.files)")
    #expect(found.files.components(separatedBy: "utf-8").count == 4, "\(found.files)")
    #expect(found.rejected.contains("encoding"))
  }
}

/// A large XML file is parsed in pieces where several tasks may, and says the same as in one go.
@Suite struct LargeXMLTests {
  private static let pipeline = """
    fieldtally: 1
    campaign: {id: large, title: Large, language: en, tolerance: 100}
    output: {formats: [csv], tables: [summary, units, files, rejected, findings]}
    sources:
      - name: answers
        files: inbox/*.xml
        record: /all/group/r
        salvage: true
        fields: [{name: id, x-path: "@id", type: integer}, {name: unit}, {name: group, x-path: ../@k}]
        primary-key: [id]
        unit: {name: unit, unknown: add}
        findings: [{each: f, fields: [{name: text, x-path: "."}], kind: problem, from: text}]
    """

  private static func group(_ number: Int, _ text: String = "") -> String {
    let filler = String(repeating: "整改措施明确，群众反映良好。", count: 12)
    let records = (0..<400).map { record in
      let id = record == 7 ? "x" : "\(number * 400 + record)"
      return "<r id=\"\(id)\">\n<unit>单位\(record % 7)</unit><f>\(filler)</f>\n<f>dust</f><other/></r>\n"
    }
    return "<group k=\"\(number)\">\n" + records.joined() + text + "</group>\n"
  }

  @Test(arguments: [
    "", "<r id=\"1\"><unit>broken", "<!-- <r id=\"2\"> -->", "<r id=\"3\"><unit>&nothing;</unit></r>",
    "<![CDATA[<r >]]>",
  ])
  func asManyTasksAsThereAreSayTheSame(text: String) throws {
    let groups = (0..<9).map { Self.group($0, $0 == 7 ? text : "") }.joined()
    let document = "<?xml version=\"1.0\"?>\n<all>\n\(groups)</all>\n"
    #expect(document.utf8.count > 3 << 19)
    let outputs = try ["1", "2", "5"].map { jobs in
      let campaign = try SmallCampaign(pipeline: Self.pipeline, files: ["a.xml": document])
      let finished = try campaign.call(["run", campaign.folder.path, "--as-of", "2024-01-01", "--jobs", jobs])
      #expect([0, 1].contains(finished.status), "\(finished.errors)")
      return try ["run.json", "rejected.csv", "files.csv", "units.csv", "findings.csv", "summary.csv"].map { name in
        try Data(contentsOf: campaign.folder.appending(path: "out/\(name)"))
      }
    }
    #expect(outputs[0].allSatisfy { !$0.isEmpty })
    #expect(outputs[0] == outputs[1])
    #expect(outputs[0] == outputs[2])
  }
}
