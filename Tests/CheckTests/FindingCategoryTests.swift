import Campaign
import Check
import Diagnostics
import Records
import Testing

@Suite struct FindingCategoryTests {
  private func bench(
    _ rules: CategoryRules, split: FindingSplit = .numbered, change: (inout RecordBench) -> Void = { _ in }
  ) -> RecordBench {
    RecordBench(["category", "text"]) {
      var finding = FindingDefinition(kind: .constant("problem"), location: SourceLocation(file: "p.yaml"))
      finding.text = "text"
      finding.split = split
      finding.category = .field("category")
      finding.categoryRules = rules
      $0.source.findings = [finding]
      var staff = CodeList.Entry(code: "staff", label: LocalizedText("人员"))
      staff.keywords = ["人手", "编制", "/招聘.{0,4}难/"]
      var money = CodeList.Entry(code: "money", label: LocalizedText("经费"))
      money.keywords = ["经费", "Budget"]
      $0.codeLists = [
        CodeList(name: "category", entries: [staff, money, CodeList.Entry(code: "10", label: LocalizedText("十"))])
      ]
      $0.field("category") { $0.codeList = "category" }
      change(&$0)
    }
  }

  private func categories(_ bench: RecordBench, _ row: [String]) throws -> [String] {
    let (_, lists) = try bench.compile()
    return try bench.check([row]).findings.category.map { word in
      word.listed.map { lists.categories.entries[$0].code } ?? ""
    }
  }

  @Test(arguments: [
    ("", "1.人手不足 2.BUDGET tight 3.天气不好", ["staff", "money", ""]), ("", "招聘比较难", ["staff"]), ("", "招聘的确实在是太困难", [""]),
    // The first in the list counts; what the record says goes before all.
    ("", "经费和编制都缺", ["staff"]), ("money", "1.人手不足 2.天气不好", ["money", "money"]),
  ]) func wordsTellTheCategory(category: String, text: String, expected: [String]) throws {
    var rules = CategoryRules()
    rules.list = "category"
    #expect(try categories(bench(rules), [category, text]) == expected)
  }

  @Test func whatNoWordTellsMayHaveACategoryOfItsOwn() throws {
    var rules = CategoryRules()
    rules.keywords = [("water", ["水"]), ("staff", ["人手"])]
    rules.otherwise = "other"
    #expect(try categories(bench(rules), ["", "1.缺水 2.人手不足 3.天气"]) == ["water", "staff", "other"])
  }

  @Test func theNumberOfAnItemMayBeItsCategory() throws {
    var rules = CategoryRules()
    rules.takesNumber = true
    rules.otherwise = "staff"
    #expect(try categories(bench(rules, split: .coded), ["", "10. SINKS | 55. FLOORS"]) == ["10", "staff"])
  }

  @Test func aRewrittenTextIsReadTheSame() throws {
    var rules = CategoryRules()
    rules.list = "category"
    let rewritten = bench(rules) { $0.field("text") { $0.normalizers = [.width] } }
    #expect(try categories(rewritten, ["", "１.经费不足 ２.人手不足"]) == ["money", "staff"])
  }

  @Test func aPatternThatIsNoneIsAFaultOfThePipeline() {
    var rules = CategoryRules()
    rules.keywords = [("a", ["/(/"])]
    #expect(throws: PlanErrors.self) { try bench(rules).compile() }
  }

  @Test func eachFindingHasItsOwnPlace() throws {
    let bench = bench(CategoryRules())
    let chunk = try bench.check([["", "1.甲\n2.乙；3.丙"], ["", "丁"]])
    let places = (0..<chunk.findings.count).map { "\(chunk.findings.line[$0]):\(chunk.findings.column[$0])" }
    // Columns count bytes: ",1." is three, and 甲 has three.
    #expect(chunk.findingTexts == ["甲", "乙", "丙", "丁"])
    #expect(places == ["2:4", "3:3", "3:11", "4:2"])
    #expect(SegmentChunk(decoding: chunk.encoded()).findings.column == chunk.findings.column)
  }

  @Test func aRewrittenTextStandsWhereItsCellBegins() throws {
    let bench = bench(CategoryRules()) { $0.field("text") { $0.normalizers = [.width] } }
    let chunk = try bench.check([["", "１.甲 ２.乙"]])
    #expect(chunk.findings.line == [2, 2] && chunk.findings.column == [2, 2])
  }
}

@Suite struct ValidityTests {
  private func bench() -> RecordBench {
    RecordBench(["code", "day"]) {
      $0.source.date = "day"
      $0.field("code") { $0.codeList = "divisions" }
      $0.field("day") { $0.type = .date }
      $0.source.writesRecords = true
      func entry(_ code: String, _ name: String, _ from: Day?, _ to: Day?, _ successor: String = "") -> CodeList.Entry {
        var entry = CodeList.Entry(code: code, label: LocalizedText(name))
        (entry.validFrom, entry.validTo, entry.successor) = (from, to, successor)
        return entry
      }
      let turn = Day(year: 2016, month: 6, day: 8)!
      $0.codeLists = [
        CodeList(
          name: "divisions",
          entries: [
            entry("100001", "某县", nil, Day(number: turn.number - 1), "100099"), entry("100099", "某县", turn, nil),
            entry("100002", "他县", nil, nil),
          ])
      ]
    }
  }

  @Test(arguments: [
    ("100001", "2016-06-07", "100001"), ("100099", "2016-06-08", "100099"), ("某县", "2016-06-07", "100001"),
    ("某县", "2022-11-03", "100099"), ("100002", "2022-11-03", "100002"), ("100001", "", "100001"),
  ]) func aCodeHoldsOnItsDays(text: String, day: String, code: String) throws {
    let chunk = try bench().check([[text, day]])
    try #require(chunk.records.count == 1, "\(chunk.reasons)")
    #expect(chunk.values(0)[0] == code)
  }

  @Test(arguments: [("100001", "2016-06-08", "100099"), ("100099", "2016-06-07", "")])
  func outsideOfThemItIsRefused(text: String, day: String, successor: String) throws {
    var sentences: [String] = []
    try bench().check([[text, day]]).rejected.forEachEntry { entry in
      #expect(entry.reasons.map(\.rule) == [.codeNotValid])
      sentences += entry.reasons.map { $0.diagnostic(in: "", record: 1).expected(.en) }
    }
    #expect(
      sentences.count == 1 && sentences[0].contains("a code valid on \(day)")
        && sentences[0].hasSuffix(successor.isEmpty ? ")" : successor))
  }

  @Test func withoutADayTheEndOfTheCampaignCounts() throws {
    var bench = bench()
    bench.campaign.window = Day(year: 2022, month: 11, day: 1)!...Day(year: 2022, month: 11, day: 15)!
    #expect(try bench.check([["100001", ""]]).reasons == [["code-not-valid code 2:1"]])
    #expect(try bench.check([["某县", ""]]).values(0)[0] == "100099")
  }
}
