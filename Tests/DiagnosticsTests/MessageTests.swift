import Diagnostics
import Testing

@Suite struct MessageTests {
  /// Nothing of a sentence is left open, and what fills a gap is not read for gaps again.
  @Test(arguments: Catalogue.all)
  func everyMessageIsFilled(rule: Rule) {
    let diagnostic = Diagnostic(
      rule, at: SourceLocation(file: "a.csv", line: 2), found: "x",
      [.literal("{1}第一"), .word(.init(zh: "第二", en: "second"))])
    for language in Language.allCases {
      let message = diagnostic.message(language)
      #expect(message.hasPrefix("a.csv:2: \(rule.severity.name[language]): \(rule.title[language])"))
      #expect(message.hasSuffix(" [\(rule.id)]"))
      let gaps = message.replacing("{1}第一", with: "").contains { $0 == "{" || $0 == "}" }
      #expect(!gaps, "\(message)")
      if rule.expected[language].contains("{0}") { #expect(diagnostic.expected(language).contains("{1}第一")) }
      if rule.expected[language].contains("{1}") {
        #expect(diagnostic.expected(language).contains(language == .zh ? "第二" : "second"))
      }
    }
  }

  /// Same words in both languages are allowed only where a sentence is nothing but its argument.
  @Test(arguments: Catalogue.all)
  func theLanguagesDiffer(rule: Rule) {
    #expect(rule.title.zh != rule.title.en)
    for text in [rule.expected, rule.fix] where text.zh == text.en {
      #expect(["", "{0}", "{1}"].contains(text.zh), "\(rule.id): \(text.zh)")
    }
  }

  @Test func anArgumentThatIsMissingLeavesNoGap() {
    let diagnostic = Diagnostic(.visitOutsideWindow, at: SourceLocation(file: ""), [.literal("2022-11-01")])
    #expect(diagnostic.expected(.en) == "2022-11-01 to ")
  }

  @Test(arguments: [
    (SourceLocation(file: "a.csv"), "a.csv"), (SourceLocation(file: "a.csv", line: 3), "a.csv:3"),
    (SourceLocation(file: "a.csv", line: 3, column: 7), "a.csv:3:7"),
    (SourceLocation(file: "a.csv", column: 7), "a.csv"),
  ])
  func aPlaceIsWrittenAsEditorsReadIt(location: Diagnostics.SourceLocation, text: String) {
    #expect(location.description == text)
  }
}

@Suite struct PrintableTests {
  @Test(arguments: [
    ("听取汇报 abc é 😀", "听取汇报 abc é 😀"), ("a\nb\tc", "a↵b⇥c"), ("a\r\n", "a⟨U+000D⟩↵"),
    ("\u{0}\u{1B}[2J", "⟨U+0000⟩⟨U+001B⟩[2J"),
    ("\u{7F}\u{85}\u{9B}", "⟨U+007F⟩⟨U+0085⟩⟨U+009B⟩"), ("\u{200B}\u{FEFF}", "⟨U+200B⟩⟨U+FEFF⟩"), ("", ""),
  ])
  func controlCharactersAreShownAndNotSent(text: String, shown: String) { #expect(printable(text) == shown) }

  /// Bidi_Control of the Unicode standard: a cell must not turn round the message that it stands in.
  @Test(
    arguments: [
      0x061C, 0x200E, 0x200F, 0x202A, 0x202B, 0x202C, 0x202D, 0x202E, 0x2066, 0x2067, 0x2068, 0x2069, 0x2028, 0x2029,
    ] as [UInt32])
  func directionsAreShownAndNotSent(value: UInt32) throws {
    let scalar = try #require(Unicode.Scalar(value))
    let hex = String(value, radix: 16, uppercase: true)
    #expect(printable("a\(scalar)b") == "a⟨U+\(hex.count < 4 ? "0" : "")\(hex)⟩b")
  }

  @Test func noControlCharacterPasses() {
    for value in UInt32(0)...0x10FFFF {
      guard let scalar = Unicode.Scalar(value), scalar.properties.generalCategory == .control else { continue }
      if printable(String(scalar)).unicodeScalars.contains(scalar) { Issue.record("U+\(String(value, radix: 16))") }
    }
  }

  @Test func aLongTextIsCut() {
    #expect(printable(String(repeating: "字", count: 120)) == String(repeating: "字", count: 120))
    #expect(printable(String(repeating: "字", count: 121)) == String(repeating: "字", count: 120) + "…")
  }
}
