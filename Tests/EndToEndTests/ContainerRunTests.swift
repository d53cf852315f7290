import ArchiveMaking
import Foundation
import Testing

/// The same ledger in every wrapping.
@Suite struct ContainerRunTests {
  private static let pipeline = """
    fieldtally: 1
    campaign: {id: small, title: Small, language: en}
    sources:
      - name: ledger
        files: [inbox/**/*.csv, inbox/**/*.xlsx]
        primary-key: [id]
        fields:
          - {name: id, title: 编号, constraints: {required: true}}
          - {name: unit, title: 单位, constraints: {required: true}}
          - {name: day, title: 日期, type: date}
          - {name: problems, title: 问题}
        unit: {name: unit, unknown: add}
        date: day
        findings: [{kind: problem, from: problems, split: numbered}]
    """
  private static let table = [
    ["访谈台账", "", "", ""], ["编号", "单位", "日期", "问题"], ["1", "勐海县", "2022-11-03", "1. 有灰\n2. 有噪声"],
    ["2", "景洪市", "2022-11-04", "无"], ["3", "", "2022-11-05", "缺单位"], ["合计", "", "", ""],
  ]
  private static let text =
    table.map { row in
      row.map { $0.contains("\n") ? "\"\($0)\"" : $0 }.joined(separator: ",") + "\n"
    }.joined()
  private static let gb18030 = inGB18030(text)

  private static func workbook(_ more: [WorkbookMaker.Sheet] = []) -> [UInt8] {
    WorkbookMaker([.init("台账", WorkbookMaker.rows(table))] + more).bytes()
  }
  private static func zip(_ name: String, _ content: [UInt8]) -> [UInt8] {
    var member = ZipWriter.Member(name)
    member.content = content
    return ZipWriter([member, .init("照片.jpg", "x")]).bytes()
  }

  private func run(_ name: String, _ bytes: [UInt8]) throws -> (campaign: SmallCampaign, finished: Finished) {
    let campaign = try SmallCampaign(pipeline: Self.pipeline, files: [:])
    try Data(bytes).write(to: campaign.folder.appending(path: "inbox/\(name)"))
    return (campaign, try campaign.run())
  }

  static let wrappings: [(name: String, bytes: [UInt8], place: String)] = [
    ("a.csv", gb18030, "a.csv"), ("a.csv.gz", deflated(gb18030), "a.csv.gz"),
    ("misnamed.csv", deflated(gb18030), "misnamed.csv"),
    ("team3.zip", zip("第三组/a.csv", gb18030), "team3.zip/第三组/a.csv"),
    ("a.xlsx", workbook(), "a.xlsx[台账]"), ("misnamed.csv", workbook(), "misnamed.csv[台账]"),
    ("team3.zip", zip("a.xlsx", workbook()), "team3.zip/a.xlsx[台账]"),
    ("a.xlsx", workbook([.init("说明", WorkbookMaker.rows([["请填"]])), .init("Sheet3", "")]), "a.xlsx[台账]"),
    (
      "a.xlsx", workbook([.init("旧", WorkbookMaker.rows(table), state: "hidden")]),
      "a.xlsx[台账]"
    ),
  ]

  @Test(arguments: wrappings.indices) func everyWrappingGivesTheSameTables(index: Int) throws {
    let wrapping = Self.wrappings[index]
    let (campaign, finished) = try run(wrapping.name, wrapping.bytes)
    #expect(finished.status == 1, "\(finished.errors)")
    #expect(try campaign.sum("records") == ["read": 3, "accepted": 2, "rejected": 1])
    #expect(try campaign.sum("findings") == ["read": 3, "accepted": 2, "rejected": 1])
    let plain = try run("a.csv", Self.gb18030).campaign
    for table in ["units.csv", "summary.csv", "categories.csv"] {
      #expect(try campaign.output(table) == plain.output(table), "\(table)")
    }
    #expect(try campaign.output("rejected.csv").contains(wrapping.place))
    #expect(try campaign.output("findings.csv").contains("有噪声"))
  }

  @Test func aPlaceInASheetIsItsRowAndColumn() throws {
    let wrong = Self.table.map { $0[0] == "2" ? ["2", "景洪市", "昨天", "无"] : $0 }
    let (campaign, _) = try run("a.xlsx", WorkbookMaker([.init("台账", WorkbookMaker.rows(wrong))]).bytes())
    let checked = try campaign.call(["check", campaign.folder.path])
    #expect(checked.output.contains("a.xlsx[台账]:4:C: error"), "\(checked.output)")
    #expect(try campaign.output("rejected.csv").contains(",4,"))
  }

  /// Nothing of these counts, each is named, and the good file beside them does.
  static let refused: [(name: String, bytes: [UInt8], rule: String)] = [
    ("b.csv.gz", Array(deflated(gb18030).dropLast(4)), "archive-damaged"),
    ("b.zip", Array(zip("b.csv", gb18030).dropLast(30)), "archive-damaged"),
    ("b.zip", zip("../b.csv", gb18030), "archive-member-refused"),
    ("b.zip", zip("b.csv", zip("c.csv", gb18030)), "archive-nested"),
    ("b.csv", zip("b.csv", gb18030), "archive-of-several"),
    ("b.csv", [0xFD, 0x37, 0x7A, 0x58, 0x5A, 0, 0, 4], "compressed-input"),
    ("b.xlsx", [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1, 0, 0], "workbook-old-format"),
    ("b.xlsx", WorkbookMaker([.init("一", WorkbookMaker.rows([["甲", "乙"]]))]).bytes(), "no-sheet-matches"),
    ("b.xlsx", Array("not a workbook".utf8), "header-not-found"),
  ]

  @Test(arguments: refused.indices) func whatCannotBeReadIsNamedAndTheOthersCount(index: Int) throws {
    let item = Self.refused[index]
    let campaign = try SmallCampaign(pipeline: Self.pipeline, files: ["a.csv": Self.text])
    try Data(item.bytes).write(to: campaign.folder.appending(path: "inbox/\(item.name)"))
    let finished = try campaign.run()
    #expect(finished.status == 1 && finished.errors.contains("[\(item.rule)]"), "\(finished.errors)")
    #expect(try campaign.sum("records") == ["read": 3, "accepted": 2, "rejected": 1])
  }

  @Test func sheetChoosesAndNamesInGB18030AreRead() throws {
    let pipeline = Self.pipeline.replacing("primary-key", with: "sheet: [\"第*组\"]\n    primary-key")
    let campaign = try SmallCampaign(pipeline: pipeline, files: [:])
    let second = Self.table.map { $0[0] == "1" ? ["9"] + $0.dropFirst() : $0[0] == "2" ? ["8"] + $0.dropFirst() : $0 }
    let bytes = WorkbookMaker([
      .init("第一组", WorkbookMaker.rows(Self.table)), .init("别的", WorkbookMaker.rows(Self.table)),
      .init("第二组", WorkbookMaker.rows(second), state: "hidden"),
    ]).bytes()
    var member = ZipWriter.Member("")
    member.name = inGB18030("第三组督查台账.xlsx")
    member.content = bytes
    try Data(ZipWriter([member]).bytes()).write(to: campaign.folder.appending(path: "inbox/x.zip"))
    let finished = try campaign.run()
    #expect(try campaign.sum("records") == ["read": 6, "accepted": 4, "rejected": 2], "\(finished.errors)")
    let files = try campaign.output("files.csv")
    #expect(files.contains("x.zip/第三组督查台账.xlsx[第一组]") && files.contains("[第二组]") && !files.contains("[别的]"))
  }

  @Test func convertTakesAMemberOrASheet() throws {
    let campaign = try SmallCampaign(pipeline: Self.pipeline, files: [:])
    let path = campaign.folder.appending(path: "x").path
    try Data(ZipWriter([.init("a.csv", "x,y\n1,2\n"), .init("b.csv", "x,y\n3,4\n")]).bytes()).write(
      to: URL(filePath: path))
    let several = try campaign.call(["convert", path])
    #expect(several.status == 65 && several.errors.contains("a.csv, b.csv"), "\(several.errors)")
    #expect(try campaign.call(["convert", path, "--member", "b.csv"]).output == "x,y\n3,4\n")
    #expect(try campaign.call(["describe", path]).output.contains("x/b.csv"))
    let sheets = [
      ("空", ""), ("甲", WorkbookMaker.rows([["x", "y"], ["1\n2", "\"3"]])),
      ("乙", WorkbookMaker.rows([["z", "w"], ["4", "5"]])),
    ]
    try Data(WorkbookMaker(sheets.map { .init($0.0, $0.1) }).bytes()).write(to: URL(filePath: path))
    let first = try campaign.call(["convert", path])
    #expect(first.output == "x,y\n\"1\n2\",\"\"\"3\"\n" && first.errors.contains("x[乙]"), "\(first)")
    #expect(try campaign.call(["convert", path, "--sheet", "乙"]).output == "z,w\n4,5\n")
    #expect(try campaign.call(["convert", path, "--sheet", "丙"]).status == 65)
  }
}

func inGB18030(_ text: String) -> [UInt8] {
  let converter = iconv_open("GB18030", "UTF-8")
  defer { iconv_close(converter) }
  var input = Array(text.utf8).map(CChar.init(bitPattern:))
  var output = [CChar](repeating: 0, count: input.count * 2)
  var left = (input.count, output.count)
  input.withUnsafeMutableBufferPointer { source in
    output.withUnsafeMutableBufferPointer { target in
      var from = source.baseAddress
      var to = target.baseAddress
      _ = iconv(converter, &from, &left.0, &to, &left.1)
    }
  }
  return output.dropLast(left.1).map(UInt8.init(bitPattern:))
}
