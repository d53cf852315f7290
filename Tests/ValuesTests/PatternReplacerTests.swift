import Testing
import Values

@Suite struct PatternReplacerTests {
  @Test(arguments: [
    ("第([0-9]+)項", "-$1", "勞基法第32條第2項", "勞基法第32條-2"),
    ("[^-0-9;]", "", "勞基法第32條-2;第36條", "32-2;36"),
    ("([0-9]+)/([0-9]+)/([0-9]+)", "$3-$1-$2", "on 6/30/2017 and 7/1/2017", "on 2017-6-30 and 2017-7-1"),
    (" *\\[ date corrected: [^]]*\\] *$", "", "Unclean floors  [ date corrected: 6/30/2017 ]", "Unclean floors"),
    ("a*", "x", "baac", "xbxxcx"), ("", "-", "中文", "-中-文-"), ("(a)|b", "<$1>", "ab", "<a><>"),
    ("a", "$$0", "a", "$0"), ("(?:a)(b)", "$1$0$9", "abab", "babbab"), ("b+", "", "abbbc", "ac"),
  ])
  func replacesEveryMatch(pattern: String, template: String, text: String, expected: String) throws {
    let replacer = PatternReplacer(try Pattern(pattern), with: template)
    var result: [UInt8] = []
    #expect(replacer.replace(in: Array(text.utf8).span, into: &result))
    #expect(String(decoding: result, as: UTF8.self) == expected)
  }

  @Test func leavesATextWithoutAMatchAlone() throws {
    var result: [UInt8] = [1]
    #expect(try !PatternReplacer(Pattern("x"), with: "y").replace(in: Array("abc".utf8).span, into: &result))
    #expect(result == [1])
  }

  @Test(arguments: [
    ("(\\d+)-(\\d+)", "ab 12-34", "12"), ("\\d+-", "ab 12-34", "12-"), ("x(y)?", "axb", nil as String?),
  ])
  func extractsTheFirstGroup(pattern: String, text: String, expected: String?) throws {
    let bytes = Array(text.utf8)
    let range = try PatternReplacer(Pattern(pattern), with: "").firstGroup(in: bytes.span)
    #expect(range.map { String(decoding: bytes[$0], as: UTF8.self) } == expected)
  }

  /// A pattern that costs a backtracking matcher 2^n steps.
  @Test func hostilePatternsEnd() throws {
    let text = Array(String(repeating: "a", count: 20_000).utf8)
    var result: [UInt8] = []
    #expect(try !PatternReplacer(Pattern("(a+)+b"), with: "").replace(in: text.span, into: &result))
  }
}
