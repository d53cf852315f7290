import Testing

@testable import Expressions

/// Values of the record of most cases below.
private let record: [String: Cell] = [
  "n": .number(2.5), "i": .integer(7), "j": .integer(-3), "t": .text("安全 Safety"), "单位": .text("勐海县"),
  "单位 编码": .text("U7"), "d": .day("2022-11-03"), "e": .day("2022-11-10"), "s": .instant(1_667_433_600, zone: 480),
  "u": .instant(1_667_437_200, zone: 480), "k": .code(1), "b": .truth(true),
]

@Suite struct EvaluationTests {
  @Test(arguments: [
    ("i = 7", true), ("i != 7", false), ("i < 7", false), ("i <= 7", true), ("i > j", true), ("j >= i", false),
    ("n = 2.5", true), ("n < i", true), ("i > n", true), ("i = 7.0", true),
    ("i + j = 4", true), ("i - j = 10", true), ("i * j = -21", true), ("i / 2 = 3.5", true), ("n * 2 = 5", true),
    ("-i = -7", true), ("-n = -2.5", true), ("2 + 3 * 4 = 14", true), ("(2 + 3) * 4 = 20", true),
    ("7 - 2 - 1 = 4", true),
    ("abs(j) = 3", true), ("round(n) = 3", true), ("abs(0 - n) = 2.5", true),
    ("t = '安全 Safety'", true), ("t != '安全'", true), ("t < '安全 T'", true), ("t contains 'Saf'", true),
    ("t starts with '安全'", true), ("t ends with 'ty'", true), ("t not contains 'x'", true), ("length(t) = 9", true),
    ("upper(t) = '安全 SAFETY'", true), ("lower(t) ends with 'safety'", true), ("t matches '.* S[a-z]+'", true),
    ("t not matches 'S.*'", true), ("'it''s' = 'it''s'", true),
    ("d < e", true), ("d = 2022-11-03", true), ("e - d = 7", true), ("d + 7 days = e", true), ("e - 7 = d", true),
    ("days between d and e = 7", true), ("days between e and d = -7", true), ("d in campaign.window", true),
    ("d + 30 days not in campaign.window", true), ("campaign.last - campaign.first = 14", true), ("d < today", true),
    ("days between d and as-of = 28", true), ("year(d) = 2022 and month(d) = 11 and day(d) = 3", true),
    ("quarter(d) = 4 and weekday(d) = 4", true), ("quarter of d = 2022-10-01", true), ("week of d = 2022-10-31", true),
    ("month of d = 2022-11-01 and halfyear of d = 2022-07-01 and year of d = 2022-01-01", true),
    // 2022-11-03T08:00+08:00 is midnight in Greenwich; the day and time are those of the clock where it was written.
    ("date of s = d and time of s = 08:00", true), ("minutes between s and u = 60", true),
    ("hours between u and s = -1", true), ("s < u", true),
    ("k = 'interview'", true), ("k = '个别访谈'", true), ("k in ['hear', 'interview']", true), ("k not in ['hear']", true),
    ("i in [1, 7, 9]", true), ("i in [1, 2]", false), ("t in ['a', '安全 Safety']", true),
    ("b", true), ("not b", false), ("b = true", true), ("true and false", false), ("false or true", true),
    ("not (i = 7 and j = 7)", true), ("i = 1 or i = 2 or i = 7", true), ("i = 7 and j = -3 and b", true),
    ("if k = 'interview' then i > 5", true), ("if k = 'interview' then i > 50", false),
    ("if k = 'hear' then i > 50", true), ("if k = 'hear' then i > 50 else i < 50", true),
    ("(if b then 1 else 2.5) = 1", true), ("(if not b then 1 else n) = 2.5", true),
    ("`单位` = '勐海县'", true), ("单位 = '勐海县'", true), ("record.i = 7", true), ("`records-a`.i = 7", true),
    ("`单位 编码` = 'U7'", true),
    // Marks of Chinese keyboards.
    ("（i ＝ ７） and d ＜ e", true), ("k in ［‘hear’，“interview”］", true), ("k in 【'hear'、'interview'】", true),
    ("i ≥ 7 and i ≤ 7 and i ≠ 8 and i × 2 ÷ 2 = 7", true),
    ("i is not blank", true), ("i is blank", false),
  ])
  func decides(expression: String, expected: Bool) {
    #expect(RuleBench.ask(expression, record) == expected)
  }

  /// A comparison with a blank cannot be decided; `and` and `or` decide where one side is enough.
  @Test(
    arguments: [
      ("i = 1", nil), ("i != 1", nil), ("not (i = 1)", nil), ("i = j", nil), ("i + 1 = 1", nil), ("length(t) = 0", nil),
      ("t contains 'a'", nil), ("t matches ''", nil), ("i in [1]", nil), ("i not in [1]", nil),
      ("d in campaign.window", nil),
      ("b", nil), ("not b", nil),
      ("i = 1 and false", false), ("false and i = 1", false), ("i = 1 and true", nil),
      ("i = 1 or true", true), ("true or i = 1", true), ("i = 1 or false", nil),
      ("if b then true", nil), ("if b then true else true", nil), ("if true then i = 1", nil),
      ("if false then i = 1", true),
      ("i is blank", true), ("i is not blank", false), ("(i + 1) is blank", true),
      ("if i is not blank then i > 3", true),
    ] as [(String, Bool?)])
  func doesNotDecideAboutBlanks(expression: String, expected: Bool?) {
    #expect(RuleBench.ask(expression, [:]) == expected)
  }

  /// A cell whose own fault was reported is neither blank nor not.
  @Test(arguments: ["i is blank", "i is not blank", "i = 1", "i > 1 or i <= 1"])
  func saysNothingOfInvalidCells(expression: String) {
    #expect(RuleBench.ask(expression, ["i": .invalid]) == nil)
  }

  /// What cannot be computed is blank, and never ends the run.
  @Test(arguments: [
    "i / 0 = 0", "i * 2 > 0", "i + 1 > 0", "0 - i - 2 < 0", "n * n > 0", "n / 0 = n", "0 / 0 = 0", "d + i > d",
    "abs(j) > 0", "-j > 0", "sum of severity over findings > 0",
  ])
  func neverTraps(expression: String) {
    let record: [String: Cell] = [
      "i": .integer(.max), "j": .integer(.min), "n": .number(.greatestFiniteMagnitude), "d": .day("2022-11-03"),
    ]
    #expect(RuleBench.ask(expression, record, findings: [(0, .max), (0, 1)]) == nil)
  }

  @Test(
    arguments: [
      ("(count of findings) = 3", true), ("count of findings where kind = 'problem' and severity > 2", nil),
      ("(count of findings where kind = 'problem') = 2", true),
      ("(count of findings where finding.severity > 2) = 1", true),
      ("sum of severity over findings = 9", true), ("max of severity over findings = 5", true),
      ("min of severity over findings = 2", true), ("average of severity over findings = 3", true),
      ("(sum of severity over findings where kind = '问题') = 7", true),
      ("exists in findings where kind = 'highlight'", true), ("exists in findings where kind = 'suggestion'", false),
      ("(sum of severity + record.i over findings) = 30", true), ("(count of findings where severity > i) = 0", true),
    ] as [(String, Bool?)])
  func countsFindings(expression: String, expected: Bool?) {
    guard let expected else {
      #expect(!RuleBench.faults(expression).isEmpty, "a count is no condition")
      return
    }
    #expect(RuleBench.ask(expression, record, findings: [(0, 2), (1, 2), (1, 5)]) == expected)
  }

  @Test func figuresOfNothing() {
    #expect(RuleBench.ask("(count of findings) = 0 and sum of severity over findings = 0", [:]) == true)
    #expect(RuleBench.ask("max of severity over findings is blank", [:]) == true)
  }
}
