import Campaign
import Check
import Diagnostics
import Records
import Testing

@Suite struct ValueTests {
  struct Case: CustomTestStringConvertible {
    var cell: String
    var value: String?
    var change: @Sendable (inout Field) -> Void
    var testDescription: String { cell }
    init(_ cell: String, _ value: String?, _ change: @escaping @Sendable (inout Field) -> Void = { _ in }) {
      self.cell = cell
      self.value = value
      self.change = change
    }
  }

  /// What a cell becomes; `nil` when its record is rejected.
  @Test(arguments: [
    Case(" 文字 ", "文字"), Case("　", ""), Case("n/a", "") { $0.missingValues = ["n/a"] },
    Case("0012", "12") { $0.type = .integer },
    Case("1,234", "1234") {
      $0.type = .integer
      $0.groupCharacter = ","
    },
    Case("1,5", "1.5") {
      $0.type = .number
      $0.decimalCharacter = ","
    },
    Case("三千二百", "3200") {
      $0.type = .integer
      $0.normalizers = [.chineseNumerals]
    },
    Case("３５％", "35.0") {
      $0.type = .number
      $0.normalizers = [.width, .numberMarks]
    },
    Case("是", "true") {
      $0.type = .boolean
      $0.normalizers = [.yesNo]
    },
    Case("×", "false") {
      $0.type = .boolean
      $0.normalizers = [.yesNo]
    },
    Case("44868", "2022-11-03") {
      $0.type = .date
      $0.normalizers = [.excelSerial]
    },
    Case("111/11/3", "2022-11-03") {
      $0.type = .date
      $0.format = "any"
      $0.normalizers = [.rocYear]
    },
    Case("11月3日", "2022-11-03") {
      $0.type = .date
      $0.format = "any"
      $0.normalizers = [.campaignYear]
    },
    Case("03.11.2022", "2022-11-03") {
      $0.type = .date
      $0.format = "%d.%m.%Y"
    },
    Case("2022", "2022") { $0.type = .year }, Case("08:30:00", "08:30:00") { $0.type = .time },
    Case("24:30:00", nil) { $0.type = .time },
    Case("2022-11-03T08:00:00+08:00", "2022-11-03T08:00:00+08:00") { $0.type = .datetime },
    Case("听取汇报", "hear") { $0.codeList = "method" }, Case("走访", "site") { $0.codeList = "method" },
    Case("吃饭", nil) { $0.codeList = "method" },
    Case("hear", nil) {
      $0.codeList = "method"
      $0.constraints.enumeration = ["site"]
    },
    Case("甲 乙  丙", "丙") { $0.part = 3 }, Case("甲 乙", "") { $0.part = 3 },
    Case("a;b;c", "true") {
      $0.contains = "b"
      $0.separator = ";"
    },
    Case("ab;c", "false") {
      $0.contains = "b"
      $0.separator = ";"
    },
    Case("编号XC-07号", "XC-07") { $0.extract = "XC-[0-9]+" }, Case("没有", "") { $0.extract = "XC-[0-9]+" },
    Case("没有", nil) {
      $0.extract = "XC-[0-9]+"
      $0.constraints.isRequired = true
    },
    Case("2022年", "2022") {
      $0.type = .integer
      $0.replacements = [Replacement(pattern: "年", with: "")]
    },
    Case("五个字以上", nil) { $0.constraints.minLength = 6 }, Case("abc", nil) { $0.constraints.pattern = "[a-b]+" },
    Case("2022-11-30", nil) {
      $0.type = .date
      $0.constraints.maximum = "2022-11-29"
    },
    Case("1e400", nil) { $0.type = .number },
    Case("-1", nil) {
      $0.type = .integer
      $0.constraints.minimum = "0"
    },
    Case("0.30", "0.3") {
      $0.type = .number
      $0.constraints.enumeration = ["0.3", "0.5"]
    },
  ])
  func aCellBecomesAValue(test: Case) throws {
    let bench = RecordBench(["f"]) {
      $0.source.writesRecords = true
      if let first = Day(year: 2022, month: 11, day: 1), let last = Day(year: 2022, month: 12, day: 30) {
        $0.campaign.window = first...last
      }
      $0.codeLists = [
        CodeList(
          name: "method",
          entries: [
            .init(code: "hear", label: .init(zh: "听取汇报", en: "Reports")),
            .init(code: "site", label: .init(zh: "实地走访", en: "Site visit"), aliases: ["走访"]),
          ])
      ]
      $0.field("f", test.change)
    }
    let chunk = try bench.check([[test.cell]])
    #expect(chunk.counts.accepted + chunk.counts.rejected == 1)
    #expect((chunk.records.count == 1 ? chunk.values(0) : nil) == test.value.map { [$0] }, "\(chunk.reasons)")
  }

  @Test func aColumnThatTheFileLacksIsBlankOrAFault() throws {
    var bench = RecordBench(["a", "b"])
    var batch = bench.batch([RecordBench.Row(cells: ["x"])])
    batch.columnOfField = [0, -1]
    batch.columnCount = 1
    #expect(try bench.check(batch).counts.accepted == 1)
    bench.field("b") { $0.constraints.isRequired = true }
    #expect(try bench.check(batch).reasons == [["constraint-error b 2:0"]])
  }
}

@Suite struct PlaceTests {
  /// Columns count bytes of the physical line, whatever stands before the cell and however lines end.
  @Test(arguments: [
    (["1", "x", ""], 2, 3), (["督查组", "x", ""], 2, 11), (["a\nb", "x", ""], 3, 3), (["甲\r\n乙", "x", ""], 3, 5),
    (["a\rb", "x", ""], 3, 3), (["\n\n", "x", ""], 4, 2),
  ])
  func aFaultIsWhereItsCellBegins(cells: [String], line: Int, column: Int) throws {
    var bench = RecordBench(["a", "n", "c"])
    bench.field("n") { $0.type = .integer }
    #expect(try bench.check([cells]).reasons == [["type-error n \(line):\(column)"]])
  }

  /// The same faults have the same places in every form that a file may have.
  @Test(arguments: [("\n", ""), ("\r\n", ""), ("\r", ""), ("\n", "\u{FEFF}"), ("\n", "中文")], [",", "\t", "，"])
  func theFormMovesNoPlace(form: (lineEnd: String, before: String), separator: String) throws {
    var bench = RecordBench(["a", "n"])
    bench.field("n") { $0.type = .integer }
    let rows = [["甲", "x"], ["乙", "1"], ["丙丁", "y"]].map { RecordBench.Row(cells: $0) }
    let found = try bench.check(bench.batch(rows, separator: separator, lineEnd: form.lineEnd, before: form.before))
    let ahead = form.before.utf8.count + separator.utf8.count
    #expect(found.reasons == [["type-error n 2:\(ahead + 4)"], ["type-error n 4:\(ahead + 7)"]])
  }

  @Test func theLinesOfAReaderThatKnowsThemHold() throws {
    var bench = RecordBench(["a", "n"])
    bench.field("n") { $0.type = .integer }
    var batch = bench.batch([RecordBench.Row(cells: ["a", "x"])])
    batch.cellLines = [7, 9]
    #expect(try bench.check(batch).reasons == [["type-error n 9:0"]])
  }

  @Test func faultsOfTheReaderRejectTheirRecordOnly() throws {
    let bench = RecordBench(["a"])
    var batch = bench.batch([["x"], ["y"], ["z"]].map { RecordBench.Row(cells: $0) })
    for rule in [Rule.textAfterQuote, .nulByte] {
      batch.faults.append(
        .init(row: 1, diagnostic: Diagnostic(rule, at: SourceLocation(file: "a.csv", line: 3, column: 1))))
    }
    let chunk = try bench.check(batch)
    #expect(chunk.records.number == [1, 3] && chunk.reasons == [["text-after-quote  3:1", "nul-byte  3:1"]])
  }

  @Test func aRejectedRecordKeepsItsTextAndNumber() throws {
    var bench = RecordBench(["a", "n"])
    bench.field("n") { $0.type = .integer }
    var batch = bench.batch([["甲", "1"], ["乙\n丙", "x"]].map { RecordBench.Row(cells: $0) })
    batch.firstRecord = 41
    var found: [RejectedRecord] = []
    try bench.check(batch).rejected.forEachEntry { found.append($0) }
    #expect(found.count == 1 && found[0].number == 42 && found[0].line == 3)
    #expect(String(decoding: found[0].raw, as: UTF8.self) == "乙\n丙,x")
    #expect(found[0].reasons[0].found == "x")
  }
}

@Suite struct KeyTests {
  private func bench(_ change: (inout RecordBench) -> Void = { _ in }) -> RecordBench {
    RecordBench(["a", "b", "v"]) {
      $0.source.primaryKey = ["a", "b"]
      change(&$0)
    }
  }

  @Test func recordsAreTheSameWhenTheirKeysAre() throws {
    let chunk = try bench().check([
      ["ab", "c", "1"], ["a", "bc", "1"], [" ab", "c ", "2"], ["ab", "", "1"], ["", "ab", "1"], ["ab", "c", "1"],
    ])
    let (key, content) = (chunk.records.key, chunk.records.content)
    #expect(Set(key).count == 4 && key[0] == key[2] && key[0] == key[5])
    #expect(content[0] == content[5] && content[0] != content[2])
  }

  @Test func aBlankKeyIsAFault() throws {
    let chunk = try bench().check([["", " ", "1"], ["", "x", "1"]])
    #expect(chunk.reasons == [["primary-key a 2:1"]] && chunk.counts.accepted == 1)
  }

  /// The value that makes a record the latest sorts as the field does.
  @Test(arguments: [
    (FieldType.integer, ["-9", "-1", "0", "2", "10"]), (.number, ["-2.5", "-0.5", "0", "0.25", "1e3"]),
    (.date, ["2021-12-31", "2022-01-01", "2022-11-03"]), (.year, ["1999", "2022"]),
    (.time, ["08:30:00", "10:00:00", "23:59:59"]),
    (.datetime, ["2022-11-03T08:00:00+08:00", "2022-11-03T00:00:01Z", "2022-11-03T00:30:00-01:00"]),
    (.string, ["a", "ab", "b"]),
  ])
  func versionsSortAsTheirFieldDoes(type: FieldType, ascending: [String]) throws {
    let bench = bench {
      $0.source.duplicates = .latest(by: "v")
      $0.field("v") { $0.type = type }
    }
    let versions = try bench.check([["k", "", ""]] + ascending.map { ["k", "", $0] }).records.version
    #expect(versions.count == ascending.count + 1)
    #expect(versions == versions.sorted() && Set(versions).count == versions.count)
  }

  @Test(arguments: [
    ("2022-11-01T07:00:00+08:00", "2022-11-01"), ("2022-10-31T23:00:00Z", "2022-10-31"),
    ("2022-11-01T23:30:00-05:00", "2022-11-01"), ("2022-11-01T00:00:00", "2022-11-01"),
  ]) func theDayOfAVisitIsThatOfTheClockWhereItWasWritten(text: String, day: String) throws {
    var bench = RecordBench(["at"])
    bench.source.date = "at"
    bench.field("at") { $0.type = .datetime }
    #expect(try bench.check([[text]]).records.day.map { Day(number: $0).text } == [day])
  }

  @Test func valuesThatMustBeUniqueAreKeptForLater() throws {
    var bench = RecordBench(["u", "n"])
    bench.field("u") { $0.constraints.isUnique = true }
    let chunk = try bench.check([["x", "1"], ["", "2"], [" x ", "3"], ["y", "4"]])
    let column = try #require(chunk.records.lateKeys.first)
    #expect(column[0] == column[2] && column[1] == RecordColumns.noValue && column[3] != column[0])
    #expect((0..<4).map { String(decoding: chunk.recordText($0), as: UTF8.self) } == ["x,1", ",2", " x ,3", "y,4"])
  }
}

@Suite struct RepeatTests {
  /// A visit with two lists of findings, as a questionnaire has them.
  private func bench(alone: Bool) -> RecordBench {
    RecordBench(["no"]) {
      $0.source.primaryKey = ["no"]
      $0.source.rejectsFindingsAlone = alone
      $0.source.findings = ["problem", "highlight"].map { kind in
        var finding = FindingDefinition(kind: .constant(kind), location: SourceLocation(file: ""))
        finding.each = "group/\(kind)"
        finding.text = "text"
        finding.severity = .field("level")
        finding.fields = ["text", "level"].map { Field(name: $0, location: SourceLocation(file: "")) }
        finding.fields[1].type = .integer
        return finding
      }
    }
  }

  private func rows(_ repeats: [(group: Int, cells: [String?])]) -> [RecordBench.Row] {
    [RecordBench.Row(cells: ["1"])]
      + repeats.map { RecordBench.Row(cells: $0.cells, group: $0.group, startsRecord: false) }
  }

  @Test func eachElementIsAFindingOfItsKind() throws {
    let chunk = try bench(alone: false).check(
      rows([(1, ["尘", "2"]), (2, ["好", nil]), (1, ["噪", ""]), (1, ["", " "]), (2, [nil, nil])]))
    #expect(chunk.counts.accepted == 1 && chunk.records.findings == [3])
    #expect(chunk.findingTexts == ["尘", "噪", "好"] && chunk.findings.kind == [1, 1, 0])
    #expect(chunk.findings.severity == [2, 0, 0] && chunk.findings.line == [3, 5, 4])
  }

  @Test func aFaultRejectsTheFindingAlone() throws {
    let chunk = try bench(alone: true).check(
      rows([(1, ["尘", "x"]), (1, ["噪", "300"]), (1, [nil, "1"]), (2, ["好", "1"])]))
    #expect(chunk.counts.accepted == 1 && chunk.counts.rejected == 0 && chunk.records.findings == [1])
    #expect(
      chunk.reasons == [
        ["type-error level 3:5"], ["severity-out-of-range level 4:5"], ["finding-without-text text 5:0"],
      ])
    #expect(chunk.counts.findings == 4 && chunk.counts.findingsRejectedAlone == 3 && chunk.counts.findingsAccepted == 1)
  }

  @Test func orItRejectsTheRecord() throws {
    let chunk = try bench(alone: false).check(rows([(1, ["尘", "x"]), (2, ["好", "1"])]))
    #expect(chunk.counts.accepted == 0 && chunk.counts.rejected == 1)
    #expect(chunk.counts.findings == chunk.counts.findingsInRejectedRecords && chunk.findings.count == 0)
    #expect(chunk.reasons == [["type-error level 3:5"]])
  }

  @Test func aRecordThatIsRejectedTakesItsFindingsAlong() throws {
    var bench = bench(alone: true)
    bench.field("no") { $0.type = .integer }
    var rows = rows([(1, ["尘", "x"]), (2, ["好", "1"])])
    rows[0].cells = ["一"]
    let chunk = try bench.check(rows)
    #expect(chunk.counts.rejected == 1 && chunk.counts.findings == 2 && chunk.counts.findingsInRejectedRecords == 2)
    #expect(chunk.reasons == [["type-error no 2:1", "type-error level 3:5"]])
  }

  /// A text moved from the problems to the highlights is another version of the record, not the same one again.
  @Test func theListInWhichATextStandsIsPartOfTheRecord() throws {
    let bench = bench(alone: false)
    let (one, other) = (try bench.check(rows([(1, ["x", "1"])])), try bench.check(rows([(2, ["x", "1"])])))
    #expect(one.records.key == other.records.key && one.records.content != other.records.content)
    #expect(try bench.check(rows([(1, ["x", "1"])])).records.content == one.records.content)
  }

  @Test func anEmptyFormMakesNoOtherRecord() throws {
    let bench = bench(alone: false)
    let (one, other) = (
      try bench.check(rows([(1, ["x", "1"]), (2, ["", nil])])), try bench.check(rows([(1, ["x", "1"])]))
    )
    #expect(one.records.findings == other.records.findings && one.records.content == other.records.content)
  }
}

@Suite struct WordTests {
  @Test func wordsWithoutAListAreCountedAsTheyStand() throws {
    let bench = RecordBench(["unit", "team", "method", "kind", "text", "category"]) {
      $0.source.unit = UnitReference(name: "unit")
      $0.source.team = "team"
      $0.source.method = .field("method")
      var finding = FindingDefinition(kind: .constant("problem"), location: SourceLocation(file: ""))
      finding.text = "text"
      finding.category = .field("category")
      $0.source.findings = [finding]
    }
    let chunk = try bench.check([
      ["甲局", "一组", "听取", "", "x", "环保"], ["乙局", "一组", "", "", "y", ""], ["甲局", "二组", "听取", "", "z", "环保"],
    ])
    #expect(chunk.records.unit.map(\.open) == [0, 1, 0] && chunk.records.team.map(\.open) == [0, 0, 1])
    #expect(chunk.records.method.map(\.open) == [0, nil, 0] && chunk.findings.category.map(\.open) == [0, nil, 0])
    #expect(chunk.openWords[WordSet.unit.rawValue] == [OpenWord(code: "", name: "甲局"), OpenWord(code: "", name: "乙局")])
  }

  @Test func aConstantAndACodeListGivePlacesInOneList() throws {
    let list = CodeList(
      name: "method", entries: ["hear", "site", "talk"].map { .init(code: $0, label: .init("方式-" + $0)) })
    let bench = RecordBench(["m"]) {
      $0.codeLists = [list]
      $0.source.method = .field("m")
      $0.source.mode = .constant("paper")
      $0.field("m") { $0.codeList = "method" }
    }
    let chunk = try bench.check([["方式-talk"], ["hear"], [""]])
    #expect(chunk.records.method.map(\.listed) == [2, 0, nil] && chunk.records.mode.map(\.listed) == [0, 0, 0])
    let lists = try bench.compile().lists
    #expect(
      lists.methods.entries.map(\.code) == ["hear", "site", "talk"] && lists.modes.entries.map(\.code) == ["paper"])
  }

  @Test(arguments: [("第1组", true), ("T1", true), ("第 １ 组", true), ("一组", true), ("第2组", false)])
  func aTeamIsKnownByCodeNameOrAlias(team: String, isKnown: Bool) throws {
    let bench = RecordBench(["team"]) {
      $0.source.team = "team"
      $0.roster.hasTeams = true
      $0.roster.teams = [Team(code: "T1", name: .init("第1组"), aliases: ["一组"])]
    }
    let chunk = try bench.check([[team]])
    #expect(isKnown ? chunk.records.team.map(\.listed) == [0] : chunk.reasons == [["team-unknown team 2:1"]])
  }

  /// A unit may be named by a code that is another's name; the code decides.
  @Test func codesComeBeforeNames() throws {
    let bench = RecordBench(["unit"]) {
      $0.source.unit = UnitReference(name: "unit")
      $0.roster.hasUnits = true
      $0.roster.units = [Unit(code: "1", name: .init("2")), Unit(code: "2", name: .init("某局"))]
    }
    #expect(try bench.check([["2"], ["1"], ["某局"]]).records.unit.map(\.listed) == [1, 0, 1])
  }

  @Test func theSeverityIsRead() throws {
    let bench = RecordBench(["text", "level"]) {
      var finding = FindingDefinition(kind: .constant("problem"), location: SourceLocation(file: ""))
      finding.text = "text"
      finding.severity = .field("level")
      finding.split = .lines
      $0.source.findings = [finding]
      $0.field("level") { $0.type = .integer }
    }
    let chunk = try bench.check([["a\nb", "3"], ["c", ""], ["d", "0"], ["", ""]])
    #expect(chunk.findingTexts == ["a", "b", "c"] && chunk.findings.severity == [3, 3, 0])
    #expect(chunk.reasons == [["severity-out-of-range level 5:3"]] && chunk.records.findings == [2, 1, 0])
  }
}
