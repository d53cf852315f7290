import Campaign
import Diagnostics
import Records
import Testing

@testable import Check

@Suite struct UnitMatchingTests {
  /// 勐海县 and 景洪市 in 西双版纳傣族自治州 in 云南省.
  private func bench(_ change: (inout RecordBench) -> Void = { _ in }) -> RecordBench {
    RecordBench(["unit", "region"]) {
      $0.source.unit = UnitReference(name: "unit")
      $0.source.region = "region"
      func region(_ code: String, _ name: String, _ aliases: [String], _ parent: Int?) -> Region {
        Region(code: code, name: LocalizedText(name), aliases: aliases, parent: parent)
      }
      $0.roster.regions = [
        region("53", "云南省", ["云南"], nil), region("5328", "西双版纳傣族自治州", ["西双版纳州"], 0),
        region("532822", "勐海县", [], 1), region("532801", "景洪市", [], 1),
      ]
      func unit(_ code: String, _ name: String, _ region: Int, aliases: [String] = [], former: [String] = []) -> Unit {
        var unit = Unit(code: code, name: LocalizedText(name), aliases: aliases, region: region)
        unit.formerNames = former
        return unit
      }
      $0.roster.units = [
        unit("M1", "勐海县教育体育局（教体局）", 2, former: ["勐海县教育局"]), unit("M2", "勐海县人民医院", 2, aliases: ["县医院"]),
        unit("J1", "景洪市教育体育局", 3), unit("J2", "人民医院", 3), unit("P1", "西双版纳州教育体育局", 1),
        unit("X1", "[甲]公司", 2), unit("D1", "供电所", 2), unit("D2", "供电所", 3),
      ]
      ($0.roster.hasUnits, $0.roster.hasRegions) = (true, true)
      change(&$0)
    }
  }

  private func unit(_ text: String, region: String = "", _ bench: RecordBench) throws -> String {
    let chunk = try bench.check([[text, region]])
    guard let word = chunk.records.unit.first else { return chunk.reasons.joined().joined(separator: " ") }
    return word.listed.map { bench.roster.units[$0].code } ?? "open"
  }

  @Test(arguments: [
    // Code, name, alias.
    ("M2", "", "M2"), ("勐海县人民医院", "", "M2"), ("县医院", "", "M2"), (" 勐海县 人民医院", "", "M2"), ("Ｍ２", "", "M2"),
    // Brackets in every width, and the parts of a name in brackets.
    ("勐海县教育体育局(教体局)", "", "M1"), ("勐海县教育体育局【教体局】", "", "M1"), ("勐海县教育体育局", "", "M1"), ("教体局", "", "M1"),
    ("（甲）公司", "", "X1"), ("〔甲〕公司", "", "X1"),
    // A name that it had.
    ("勐海县教育局", "", "M1"), ("教育局", "勐海县", "M1"), ("西双版纳州勐海县教育局", "", "M1"),
    // Name and short name together, where both are of one unit.
    ("勐海县人民医院（县医院）", "", "M2"), ("县医院（勐海县人民医院）", "", "M2"),
    // Regions in front, more or fewer than the roster has.
    ("西双版纳州勐海县人民医院", "", "M2"), ("云南省西双版纳傣族自治州勐海县人民医院", "", "M2"),
    ("景洪市人民医院", "", "J2"), ("西双版纳州景洪市人民医院", "", "J2"), ("教育体育局", "景洪市", "J1"),
    ("教育体育局", "西双版纳州", "P1"), ("云南省西双版纳州教育体育局", "", "P1"), ("供电所", "景洪市", "D2"), ("勐海县供电所", "", "D1"),
  ]) func aUnitIsFoundWhereItIsCertain(text: String, region: String, code: String) throws {
    #expect(try unit(text, region: region, bench()) == code)
  }

  @Test(arguments: [
    // Which hospital, which office? No region says it.
    "教育体育局", "教育局", "昆明市教育体育局", "勐海县人民医院（新院区）", "县医院（景洪市教育体育局）", "勐海县人民医院院", "勐海县", "景洪市教体局",
  ]) func aNearMissIsNeverGuessed(text: String) throws {
    #expect(try unit(text, bench()).hasPrefix("unit-unknown unit"))
  }

  @Test func aNameThatSeveralHaveNeedsTheRegion() throws {
    #expect(try unit("供电所", bench()).hasPrefix("unit-ambiguous unit"))
  }

  /// With its regions a name may be that of a unit whose name has none, or of one whose name has them.
  @Test func aNameWithItsRegionIsOfOneUnit() throws {
    let bench = bench {
      $0.roster.units += [
        Unit(code: "W1", name: LocalizedText("勐海县供水站"), aliases: [], region: 2),
        Unit(code: "W2", name: LocalizedText("供水站"), aliases: [], region: 2),
        Unit(code: "W3", name: LocalizedText("供热站"), aliases: [], region: 2),
        Unit(code: "W4", name: LocalizedText("供热站"), aliases: [], region: 3),
        Unit(code: "W5", name: LocalizedText("供热站"), aliases: [], region: nil),
      ]
    }
    #expect(try unit("供水站", bench) == "W2")
    #expect(try unit("勐海县供水站", bench) == "W1")
    #expect(try unit("西双版纳州勐海县供水站", bench).hasPrefix("unit-unknown unit"))
    #expect(try unit("供热站", region: "勐海县", bench) == "W3")
    #expect(try unit("云南省西双版纳州景洪市供热站", bench) == "W4")
    #expect(try unit("供热站", region: "西双版纳州", bench).hasPrefix("unit-ambiguous unit"))
  }

  /// What says whether the roster must be looked through for words that two units have.
  @Test(
    arguments: [
      ([("1", "甲", ["a"]), ("2", "乙", ["b"])], false), ([("1", "甲", ["甲"]), ("2", "乙", [])], false),
      ([("1", "甲", []), ("1", "乙", [])], true), ([("1", "甲", []), ("2", "甲", [])], true),
      ([("1", "甲", []), ("2", "乙", ["甲"])], true), ([("1", "甲", []), ("2", "乙", ["1"])], true),
      ([("1", "甲", ["2"]), ("2", "乙", [])], true), ([("", "甲", []), ("", "乙", [])], false),
    ] as [([(String, String, [String])], Bool)])
  func aWordOfTwoUnitsIsSeen(units: [(code: String, name: String, aliases: [String])], mayClash: Bool) {
    var roster = Roster()
    roster.units = units.map { Unit(code: $0.code, name: LocalizedText($0.name), aliases: $0.aliases) }
    #expect(RosterWords(roster).unitsMayClash == mayClash)
  }

  @Test func aNameOfAnotherRegionsUnitIsRefused() throws {
    #expect(try unit("人民医院", region: "勐海县", bench()).hasPrefix("region-mismatch region"))
    #expect(try unit("人民医院", region: "景洪市", bench()) == "J2")
  }

  private func expected(_ text: String, _ bench: RecordBench) throws -> String {
    var sentences: [String] = []
    try bench.check([[text, ""]]).rejected.forEachEntry { entry in
      sentences += entry.reasons.map { $0.diagnostic(in: "", record: 1).expected(.zh) }
    }
    return sentences.joined()
  }

  @Test func theNearestNamesAreTold() throws {
    #expect(try expected("勐海县人民医院院", bench()) == "名册中的代码、名称或别名；最接近的：勐海县人民医院（M2）")
    #expect(try expected("勐腊县教育体育局", bench()).hasSuffix("勐海县教育体育局（教体局）（M1）") == false)
    #expect(try expected("景洪市教育休育局", bench()).contains("景洪市教育体育局（J1）"))
    #expect(try expected("某某公司总部", bench()) == "名册中的代码、名称或别名")
  }

  @Test func onlySoManyWordsOfABatchAreLookedFor() throws {
    let rows = (0..<100).map { ["勐海县人民医\($0 % 50)", ""] }
    var told: [Bool] = []
    try bench().check(rows).rejected.forEachEntry { entry in
      told.append(entry.reasons[0].diagnostic(in: "", record: 1).expected(.en).contains("nearest"))
    }
    // The first 32 words, also where they come again.
    #expect(told == (0..<100).map { $0 % 50 < 32 })
  }

  @Test func aDecisionHoldsAndIsCounted() throws {
    let bench = bench {
      $0.roster.decisions = [
        UnitDecision(text: "教育体育局", unit: 4, location: SourceLocation(file: "d.csv", line: 2)),
        UnitDecision(text: "供电所", unit: 7, location: SourceLocation(file: "d.csv", line: 3)),
        UnitDecision(text: "不会出现", unit: 0, location: SourceLocation(file: "d.csv", line: 4)),
      ]
    }
    let chunk = try bench.check([["教育体育局", ""], [" 教育 体育局", ""], ["供电所", ""], ["教育体育局", "景洪市"]])
    #expect(chunk.records.unit.map { $0.listed.map { bench.roster.units[$0].code } } == ["P1", "P1", "D2", "J1"])
    // What the region says goes before a decision.
    #expect(chunk.counts.decisions == [0: 2, 1: 1])
    #expect(SegmentChunk(decoding: chunk.encoded()).counts == chunk.counts)
  }

  @Test func aWrongCodeIsNotPutRightByItsName() throws {
    let bench = bench { $0.source.unit = UnitReference(code: "unit", name: "region") }
    #expect(try bench.check([["M9", "勐海县人民医院"]]).reasons.first?.first?.hasPrefix("unit-unknown unit") == true)
  }

  @Test(arguments: [("", "abc", 3), ("abc", "abc", 0), ("勐海县", "海勐县", 1), ("kitten", "sitting", 3), ("ab", "ba", 1)])
  func lettersAreCounted(left: String, right: String, distance: Int) {
    let (left, right) = (Array(left.unicodeScalars), Array(right.unicodeScalars))
    #expect(editDistance(left, right, upTo: 10) == distance && editDistance(right, left, upTo: distance) == distance)
    #expect(distance == 0 || editDistance(left, right, upTo: distance - 1) == nil)
  }
}
