import Campaign
import Diagnostics
import Testing

@testable import Expressions

@Suite struct ExpressionFaultTests {
  /// `⟦` stands before each token at fault.
  @Test(arguments: [
    ("d > ⟦5", "expression-type", "a date (like 2022-11-03)"), ("i = ⟦d", "expression-type", "a number"),
    ("⟦s = d", "expression-type", "date of s"),
    ("d = ⟦'2022-11-03'", "expression-type", "without quotes"), ("d <= ⟦s", "expression-type", "date of s"),
    ("t = ⟦5", "expression-type", "a text"), ("i = ⟦'5'", "expression-type", "a number"),
    ("i + ⟦t = 5", "expression-type", "a number"),
    ("⟦t + 1 = 5", "expression-type", "a number"), ("⟦i and b", "expression-type", "a condition"),
    ("⟦i + 1", "expression-type", "a condition"),
    ("b and ⟦d", "expression-type", "a condition"), ("not ⟦i", "expression-type", "a condition"),
    ("⟦i in campaign.window", "expression-type", "a date"), ("⟦i matches 'a'", "expression-type", "a text"),
    ("k < ⟦'hear'", "expression-type", "no order"), ("b < ⟦true", "expression-type", "no order"),
    ("days between ⟦i and d > 1", "expression-type", "a date"), ("length(⟦i) > 1", "expression-type", "a text"),
    ("year(⟦s) = 2022", "expression-type", "date of s"), ("⟦s - u > 5", "expression-type", "minutes"),
    ("if b then 1 = 1 else ⟦5", "expression-type", "a condition"),
    ("sum of ⟦kind over findings > 1", "expression-type", "a number"),
    ("(count of findings where ⟦severity) > 1", "expression-type", "a condition"),
    ("k = ⟦'intervew'", "pipeline-unknown-name", "Did you mean interview?"),
    ("⟦x = 1", "pipeline-unknown-name", "one of: n, i"),
    ("⟦单伟 = '1'", "pipeline-unknown-name", "Did you mean 单位?"),
    ("⟦lenght(t) = 1", "pipeline-unknown-name", "Did you mean length?"),
    ("⟦visit.i = 1", "pipeline-unknown-name", "records-a"), ("record.⟦x = 1", "pipeline-unknown-name", ""),
    ("(count of ⟦finding) > 1", "pipeline-unknown-name", "Did you mean findings?"),
    ("(count of findings where ⟦sverity > 1) > 1", "pipeline-unknown-name", ""),
    ("⟦count of records > 1", "expression-type", "per"),
    ("⟦exists in `records-a` where i = 1", "expression-type", "at least one equality"),
    ("i = ⟦", "expression-syntax", "a name, a number"), ("i = 7 ⟦7", "expression-syntax", "and, or"),
    ("i = 1 ⟦= 2", "expression-syntax", "one comparison"),
    ("(i = 1⟦", "expression-syntax", ")"), ("t = ⟦'abc", "expression-syntax", "closing quote"),
    ("i ⟦; 1", "expression-syntax", ""),
    ("d = ⟦2022-13-01", "expression-syntax", "a real day"), ("d = ⟦2022-11-3", "expression-syntax", "a real day"),
    ("⟦is = 1", "expression-syntax", "`is`"), ("if b ⟦", "expression-syntax", "then"),
    ("i in ⟦(1, 2)", "expression-syntax", "[value"),
    ("t matches ⟦t", "expression-syntax", "a pattern"), ("t matches 'a⟦(b'", "expression-syntax", ""),
    ("i ⟦! 1", "expression-syntax", "!="), ("i = ⟦99999999999999999999", "expression-syntax", "9223372036854775807"),
    ("i is ⟦null", "expression-syntax", "blank"),
  ])
  func standsAtTheToken(text: String, rule: String, hint: String) throws {
    let (expression, place) = unmarked(text)
    let faults = RuleBench.faults(expression)
    let fault = try #require(faults.first, "no fault")
    #expect(faults.count == 1, "\(faults.map { $0.message(.en) })")
    #expect(
      "\(fault.location.line):\(fault.location.column)" == place && fault.rule.id == rule, "\(fault.message(.en))")
    #expect(fault.message(.en).contains(hint), "\(fault.message(.en))")
  }

  @Test func allFaultsOfOneRuleAreReported() {
    #expect(RuleBench.faults("d > 5 and x = 1 and t = 3").count == 3)
  }

  @Test(arguments: [
    String(repeating: "(", count: 5_000), String(repeating: "not ", count: 900) + "b",
    String(repeating: "-", count: 900) + "i = 1", String(repeating: "i + ", count: 400) + "i = 1",
    String(repeating: "if b then ", count: 300) + "b", String(repeating: "i = 1 or ", count: 5_000) + "b",
  ])
  func deepAndLongExpressionsAreRefused(text: String) {
    #expect(RuleBench.faults(text).map(\.rule.id) == ["expression-syntax"])
  }

  private func unmarked(_ text: String) -> (String, String) {
    let parts = text.split(separator: "⟦", omittingEmptySubsequences: false)
    return (parts.joined(), "1:\(parts[0].utf8.count + 1)")
  }
}
