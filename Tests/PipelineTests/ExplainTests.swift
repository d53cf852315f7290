import Diagnostics
import Foundation
import Testing

@testable import Pipeline

@Suite struct ExplainTests {
  @Test(arguments: [
    ("unit-unknwn", "unit-unknown"), ("type-eror", "type-error"), ("unclosed", "unclosed-quote"),
    ("UNIT-UNKNOWN", "unit-unknown"), ("foreign-label", "missing-label"),
  ])
  func anIdThatIsNotThereGivesTheNearest(id: String, nearest: String) {
    for language in Language.allCases {
      do throws(UnknownRules) {
        let rules = try Explain.rules(["type-error", id], language)
        Issue.record("\(rules)")
      } catch {
        #expect(error.message.contains(nearest), "\(error.message)")
        #expect(!error.message.contains("\n"))
      }
    }
  }

  @Test func anIdThatIsLikeNoneIsToldWhereTheListIs() {
    #expect(throws: UnknownRules.self) { try Explain.rules(["\u{1B}[31mqqq"], .en) }
    do throws(UnknownRules) { _ = try Explain.rules(["\u{1B}[31mqqq"], .en) } catch {
      #expect(error.message == "there is no rule ⟨U+001B⟩[31mqqq; fieldtally explain lists all")
    }
  }

  @Test(arguments: Language.allCases) func theListHasEveryRuleOnce(language: Language) throws {
    let list = Explain.list(language).split(separator: "\n")
    for rule in Catalogue.all { #expect(list.count { $0.hasPrefix("  \(rule.id) ") } == 1, "\(rule.id)") }
    let json = try #require(JSONSerialization.jsonObject(with: Data(Explain.listJSON(language))) as? [[String: String]])
    #expect(Set(json.compactMap { $0["id"] }) == Set(Catalogue.all.map(\.id)) && json.count == Catalogue.all.count)
  }

  @Test func aRuleIsExplainedWithItsPlaceAndWhatIsSaidOfIt() async throws {
    let text = await ExplainedRule(.typeError, .zh).text()
    #expect(text.contains("    2 | 一中,2022-11-03,很多\n      |                 ^\n"), "\(text)")
    #expect(text.contains("ledger.csv:2:19: 错误: 填写内容的类型不对"), "\(text)")
    #expect(text.contains("\n怎么办\n") && text.contains("\n正确示例\n"))
  }

  @Test func programsGetTheSame() async throws {
    let bytes = Explain.json([await ExplainedRule(.typeError, .en), await ExplainedRule(.diskFull, .en)])
    let rules = try #require(JSONSerialization.jsonObject(with: Data(bytes)) as? [[String: Any]])
    #expect(rules.map { $0["id"] as? String } == ["type-error", "disk-full"])
    let messages = try #require(rules[0]["messages"] as? [[String: Any]])
    #expect(messages.count == 1 && messages[0]["line"] as? Int == 2 && messages[0]["column"] as? Int == 19)
    let bad = try #require(rules[0]["bad"] as? [String: Any])
    let files = try #require(bad["files"] as? [[String: String]])
    #expect(files.first?["content"] == "unit,day,score\nSchool,2022-11-03,many\nClinic,2022-11-04,4\n")
    #expect(rules[1]["bad"] is String && rules[1]["can_be_run"] as? Bool == false)
  }

  @Test func nothingOfAnExampleIsLeftBehind() async throws {
    let folder = temporaryFolder()
    func left() throws -> Set<String> {
      Set(try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasPrefix("fieldtally-example-") })
    }
    guard case .trial(let trial) = Catalogue.explanation(of: .fileNameNotText)?.example else { return }
    let before = try left()
    let own = try await ExampleRun(trial.bad, given: trial.given)
    #expect(own.diagnostics.count >= 1)
    // Other examples may be at work beside this one; those that were there before are not ours.
    #expect(try !left().subtracting(before).contains(own.folderName))
  }
}
