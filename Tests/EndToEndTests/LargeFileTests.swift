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

  private func tables(_ bytes: Data) throws -> (units: String, files: String, rejected: String) {
    let campaign = try SmallCampaign(pipeline: Self.pipeline, files: [:])
    try bytes.write(to: campaign.folder.appending(path: "inbox/a.csv"))
    let finished = try campaign.call(["run", campaign.folder.path, "--as-of", "2024-01-01"])
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
}
