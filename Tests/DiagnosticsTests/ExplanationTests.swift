import Diagnostics
import Testing

@Suite struct ExplanationTests {
  /// Whoever adds a rule explains it: a file a family in `Sources/Diagnostics/Explanations`.
  @Test(arguments: Catalogue.all.map(\.id))
  func everyRuleHasAllItsParts(id: String) throws {
    let rule = try #require(Catalogue.rule(id))
    let explanation = try #require(Catalogue.explanation(of: rule), "\(rule.id) is not explained")
    for text in [explanation.cause, explanation.fix] {
      #expect(!text.zh.isEmpty && !text.en.isEmpty && text.zh != text.en, "\(rule.id)")
      #expect(text.zh.unicodeScalars.contains { $0.value > 0x2E80 }, "\(rule.id): \(text.zh)")
      #expect(text.en.unicodeScalars.allSatisfy { $0.value < 0x2E80 }, "\(rule.id): \(text.en)")
    }
    let gaps = [explanation.fix.zh, explanation.fix.en].contains { $0.contains(/\{\d\}/) }
    #expect(!gaps, "\(rule.id): a fix that needs the facts of a case")
    #expect(explanation.cause.zh.hasSuffix("。") && explanation.cause.en.hasSuffix("."), "\(rule.id)")
    switch explanation.example {
    case .described(let bad, let good):
      for text in [bad, good] { #expect(!text.zh.isEmpty && !text.en.isEmpty && text.zh != text.en, "\(rule.id)") }
      #expect(bad != good)
    case .trial(let trial):
      for language in Language.allCases {
        let trial = trial.translated(to: language)
        #expect("\(trial.bad)" != "\(trial.good)", "\(rule.id)")
        #expect(!trial.good.files.isEmpty, "\(rule.id)")
      }
    }
  }

  /// Of the examples that are only told nearly all need a fault of the disk or of the program.
  @Test func fewExamplesAreOnlyDescribed() {
    let described = Catalogue.all.filter {
      if case .described = Catalogue.explanation(of: $0)?.example { true } else { false }
    }
    #expect(described.count <= 15, "\(described.map(\.id))")
  }

  @Test func everyRuleStandsInOneFamily() {
    let listed = Catalogue.families.flatMap(\.rules)
    #expect(listed.count == Catalogue.all.count && Set(listed) == Set(Catalogue.all))
    for family in Catalogue.families { #expect(family.title.zh != family.title.en || family.title.zh == "XML") }
  }
}

@Suite struct TrialTests {
  @Test(arguments: [
    ("a\nb⟦c\n", "a\nbc\n", 2, 2), ("中⟦c", "中c", 1, 4), ("a\n▸b", "a\nb", 2, 0),
    ("⟨3×ab⟩\n⟨2×c⟩⟦d", "⟨3×ab⟩\n⟨2×c⟩d", 2, 3), ("a", "a", 0, 0),
  ])
  func aMarkIsThePlace(written: String, text: String, line: Int, column: Int) {
    let marked = Trial.Marked(written)
    #expect(marked.text == text && marked.line == line && marked.column == column)
  }

  @Test(
    arguments: [
      ("a⟨FF⟩b", [0x61, 0xFF, 0x62]), ("⟨3×ab⟩c", Array("abababc".utf8)), ("⟨2×x\n⟩", Array("x\nx\n".utf8)),
      ("⟨2×q#,⟩", Array("q1,q2,".utf8)), ("⟨", Array("⟨".utf8)),
    ] as [(String, [UInt8])])
  func notationStandsForBytes(written: String, bytes: [UInt8]) { #expect(Trial.bytes(of: written) == bytes) }

  @Test func examplesSpeakTheLanguageOfTheirReader() {
    for rule in Catalogue.all {
      guard case .trial(let trial) = Catalogue.explanation(of: rule)?.example else { continue }
      for file in trial.translated(to: .zh).bad.files where file.path.hasSuffix(".csv") {
        guard case .text(let text) = file.content else { continue }
        let words = Trial.Marked(text).text.matches(of: /[A-Za-z]{3,}/).map { String($0.output) }
        #expect(words.isEmpty, "\(rule.id): \(words)")
      }
    }
  }
}
