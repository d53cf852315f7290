import Diagnostics
import Foundation
import Testing

@Suite struct CatalogueTests {
  @Test func everyRuleHasAnIdOfItsOwnAndBothLanguages() {
    #expect(Set(Catalogue.all.map(\.id)).count == Catalogue.all.count)
    for rule in Catalogue.all {
      #expect(rule.id.wholeMatch(of: /[a-z0-9]+(-[a-z0-9]+)*/) != nil, "\(rule.id)")
      #expect(!rule.title.zh.isEmpty && !rule.title.en.isEmpty, "\(rule.id)")
      #expect(rule.title.zh.unicodeScalars.contains { $0.value > 0x2E80 }, "\(rule.id) has a Chinese title")
      #expect(rule.title.en.unicodeScalars.allSatisfy { $0.value < 0x2E80 }, "\(rule.id) has an English title")
      #expect(
        rule.expected.zh.isEmpty == rule.expected.en.isEmpty && rule.fix.zh.isEmpty == rule.fix.en.isEmpty, "\(rule.id)"
      )
      #expect(gaps(rule.expected.zh) == gaps(rule.expected.en) && gaps(rule.fix.zh) == gaps(rule.fix.en), "\(rule.id)")
      #expect(Catalogue.rule(rule.id) == rule && Catalogue.all[Catalogue.number(of: rule)] == rule)
    }
  }

  private func gaps(_ text: String) -> Set<String> { Set(text.matches(of: /\{\d\}/).map { String($0.output) }) }

  /// A rule that is declared and not listed would end the run when it is first needed.
  @Test func everyDeclaredRuleIsListed() throws {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(
      path: "../../Sources/Diagnostics/Catalogue")
    var declared: Set<String> = []
    for file in try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil) {
      let text = try String(contentsOf: file, encoding: .utf8)
      for match in text.matches(of: /static let \w+ = Rule\(\s*"([^"]+)"/) { declared.insert(String(match.output.1)) }
    }
    #expect(declared.count > 60)
    #expect(declared == Set(Catalogue.all.map(\.id)))
  }

  @Test func aMessageSaysPlaceFactsAndWayOut() {
    let diagnostic = Diagnostic(
      .unitUnknown, at: SourceLocation(file: "a.csv", line: 3, column: 7, field: "unit"), found: "某\u{1B}[31m局\n")
    #expect(
      diagnostic.message(.en)
        == "a.csv:3:7: error: the unit is not in the roster (field unit): found \"某⟨U+001B⟩[31m局↵\"; expected "
        + "\(diagnostic.expected(.en)). \(Rule.unitUnknown.fix.en) [unit-unknown]")
    #expect(diagnostic.message(.zh).hasPrefix("a.csv:3:7: 错误: \(Rule.unitUnknown.title.zh)"))
  }

  @Test func argumentsFillTheirGaps() {
    let diagnostic = Diagnostic(
      .visitOutsideWindow, at: SourceLocation(file: ""), [.literal("2022-11-01"), .word(.init(zh: "末", en: "end"))])
    #expect(diagnostic.expected(.en) == "2022-11-01 to end" && diagnostic.expected(.zh) == "2022-11-01 至 末")
  }
}
