import Diagnostics
import SeededRandom
import Testing

@testable import Values

@Suite struct PatternTests {
  private func whole(_ pattern: String, _ text: String) throws -> Bool {
    var matcher = PatternMatcher(try Pattern(pattern))
    return with(text) { matcher.matchesWhole($0) }
  }

  private func group(_ pattern: String, _ text: String) throws -> String? {
    var matcher = PatternMatcher(try Pattern(pattern))
    let bytes = Array(text.utf8)
    let range = matcher.firstGroup(in: bytes.span)
    #expect((range != nil) == matcher.containsMatch(bytes.span) || pattern.contains("("))
    return range.map { String(decoding: bytes[$0], as: UTF8.self) }
  }

  @Test(arguments: [
    ("", "", true), ("", "a", false), ("abc", "abc", true), ("abc", "abcd", false), ("a|ab", "ab", true),
    ("a*", "", true), ("a*", "aaa", true),
    ("a+b?", "aab", true), ("a{2,3}", "a", false), ("a{2,3}", "aaa", true), ("a{2,3}", "aaaa", false),
    ("a{2}", "aa", true), ("a{2,}", "aaaaa", true),
    ("\\d{6}", "532822", true), ("\\d{6}", "53282", false), ("\\d", "１", false), ("\\w+", "a_1", true),
    ("\\w", "县", false), ("\\W", "县", true),
    ("\\s", "　", true), (".", "县", true), (".", "\n", false), ("..", "县", false), ("勐海县?", "勐海", true),
    ("[一-龥]{2,4}", "勐海县", true), ("[^a-c]", "d", true),
    ("[^a-c]", "b", false), ("[a-z-[aeiou]]+", "xyz", true), ("[a-z-[aeiou]]+", "xyze", false), ("[]a]+", "a]", true),
    ("[a-]", "-", true), ("[-a]", "-", true),
    ("[\\d-]+", "1-2", true), ("[.]", "x", false), ("\\.", ".", true), ("\\u52d0\\x41", "勐A", true),
    ("\\u{1F600}", "😀", true), ("\\p{L}+", "abc县é", true),
    ("\\p{Lu}\\p{Ll}+", "Abc", true), ("\\p{Lu}", "a", false), ("\\P{L}", "1", true), ("\\p{N}", "Ⅷ", true),
    ("\\p{Han}+", "勐海縣〇", true), ("\\p{Han}", "a", false),
    ("[\\p{Han}A-Z]+", "A县", true), ("^abc$", "abc", true), ("^a|b$", "b", true), ("(?:ab)+", "abab", true),
    ("(a|b)*c", "ababc", true), ("a*", "a", true),
    ("(a*)*", "aaa", true), ("(a|)+b", "b", true), ("a$b", "ab", false), ("^^a", "a", true), ("x*?y", "xxy", true),
    ("\\/\\-", "/-", true), ("(()|a)+", "aa", true),
    ("[^\\d\\s]+", "ab", true), ("\\t\\n", "\t\n", true), ("}", "}", true), ("]", "]", true),
    ("[^]]", "\u{1F600}", true), ("(?:){5}", "", true), ("(){3}a", "a", true),
  ])
  func matchesTheWholeText(pattern: String, text: String, expected: Bool) throws {
    #expect(try whole(pattern, text) == expected)
  }

  @Test(arguments: [
    ("b", "abc", true), ("^b", "abc", false), ("c$", "abc", true), ("^$", "", true), ("^$", "a", false),
    ("$", "ab", true), ("a.c", "xabcx", true), ("", "x", true), ("a+$", "aab", false),
    ("(^a|b)", "xb", true),
  ])
  func findsAMatchInside(pattern: String, text: String, expected: Bool) throws {
    var matcher = PatternMatcher(try Pattern(pattern))
    #expect(with(text) { matcher.containsMatch($0) } == expected)
    #expect(with(text) { matcher.firstGroup(in: $0) != nil } == expected)
  }

  @Test(arguments: [
    ("第(\\d+)号", "文件第12号", "12" as String?), ("\\d+", "a12b345", "12"), ("(\\d+)-(\\d+)", "x12-34", "12"),
    ("(?:a)(b)", "ab", "b"), ("(a+?)", "aaa", "a"),
    ("(a+)", "aaa", "aaa"), ("(a|ab)(c|bcd)", "abcd", "a"), ("x(y)?", "x", nil), ("(\\d)", "abc", nil),
    ("(.*)号", "1号2号", "1号2"), ("(.*?)号", "1号2号", "1"), ("(县|县城)", "县城", "县"),
    ("^(\\d{4})年", "2022年", "2022"), ("(a)|b", "b", nil), ("(?:(a)|b)+", "ab", "a"), ("()", "x", ""),
    ("(b*)$", "abb", "bb"),
  ])
  func findsTheFirstGroup(pattern: String, text: String, expected: String?) throws {
    #expect(try group(pattern, text) == expected)
  }

  @Test(arguments: [
    ("(", 0), ("a)", 1), ("[a", 0), ("*a", 0), ("a**", 2), ("a{3,2}", 1), ("a{x}", 1), ("\\", 0), ("县\\q", 3),
    ("(?=a)", 0), ("(?<n>a)", 0), ("\\1", 0), ("[b-a]", 1),
    ("\\p{Xx}", 0), ("\\u12", 0), ("\\uD800", 0), ("{", 0), ("^*", 2), ("a{2", 1), ("\\b", 0), ("[a-[b]c]", 6),
  ])
  func saysWhereAPatternIsWrong(pattern: String, position: Int) {
    let error = #expect(throws: PatternError.self) { try Pattern(pattern) }
    #expect(error?.position == position)
  }

  @Test(arguments: [
    "(a{1000}){1000}", "a{99999}", "((a{100}){100}){100}", String(repeating: "(", count: 5000),
    "(" + String(repeating: "x?", count: 9000) + ")",
    (0x4E00..<0x6E00).map { "\\u" + String($0, radix: 16) }.joined(),
    "[" + String(repeating: "\\p{L}^", count: 9) + "]{9999}{2}",
  ])
  func refusesPatternsThatCostTooMuch(pattern: String) {
    #expect(throws: PatternError.self) { try Pattern(pattern) }
  }

  @Test(arguments: [
    "(a+)+$", "(a|a)*b", "(a*)*c", "(x+x+)+y", "^(([a-z])+.)+[A-Z]([a-z])+$", "(a?){200}a{200}",
    "(.*)(.*)(.*)(.*)(.*)x", "[ab]*a[ab]{12}",
  ])
  func matchesHostilePatternsInLinearTime(pattern: String) throws {
    var matcher = PatternMatcher(try Pattern(pattern))
    let text = [UInt8](repeating: UInt8(ascii: "a"), count: 3_000) + Array("!".utf8)
    let clock = ContinuousClock()
    let time = clock.measure {
      _ = matcher.matchesWhole(text.span)
      _ = matcher.containsMatch(text.span)
      _ = matcher.firstGroup(in: text.span)
    }
    #expect(time < .seconds(5))
  }

  @Test func takesLongListsOfNames() throws {
    var names: [String] = []
    for number in 0..<400 {
      var name = ""
      for place in 0..<4 {
        name.unicodeScalars.append(Unicode.Scalar(UInt16(0x4E00 + (number * 37 + place * 11) % 900))!)
      }
      names.append(name)
    }
    #expect(try whole(names.joined(separator: "|"), names[217]))
    #expect(try !whole(names.joined(separator: "|"), names[217] + "县"))
  }

  @Test func agreesWithItselfInEveryMode() throws {
    var generator = SeededGenerator(seed: 5)
    let atoms = ["a", "b", "县", ".", "[ab]", "(a|b)", "(?:ab)", "^", "$", "\\d", "[^a]"]
    let repeats = ["", "", "*", "+", "?", "{1,2}", "*?"]
    for _ in 0..<2_000 {
      var pattern = ""
      for _ in 0..<Int.random(in: 0...5, using: &generator) {
        let atom = atoms.randomElement(using: &generator)!
        pattern += atom + (["^", "$"].contains(atom) ? "" : repeats.randomElement(using: &generator)!)
        if Int.random(in: 0..<5, using: &generator) == 0 { pattern += "|" }
      }
      var matcher = PatternMatcher(try Pattern(pattern))
      var inside = PatternMatcher(try Pattern("(" + pattern + ")"))
      var reference = PatternMatcher(try Pattern("^(?:" + pattern + ")$"))
      for _ in 0..<5 {
        let text = (0..<Int.random(in: 0...6, using: &generator)).map { _ in
          ["a", "b", "县", "1"].randomElement(using: &generator)!
        }.joined()
        let bytes = Array(text.utf8)
        #expect(matcher.matchesWhole(bytes.span) == reference.containsMatch(bytes.span), "\(pattern) on \(text)")
        #expect(
          matcher.containsMatch(bytes.span) == (inside.firstGroup(in: bytes.span) != nil), "\(pattern) on \(text)")
        let regex = try Regex(pattern).matchingSemantics(.unicodeScalar)
        #expect(matcher.matchesWhole(bytes.span) == (text.wholeMatch(of: regex) != nil), "\(pattern) on \(text)")
        if let range = inside.firstGroup(in: bytes.span), let match = text.firstMatch(of: regex) {
          #expect(String(decoding: bytes[range], as: UTF8.self) == text[match.range], "\(pattern) on \(text)")
        }
      }
    }
  }

  @Test func readsAnyBytes() throws {
    var generator = SeededGenerator(seed: 9)
    var matcher = PatternMatcher(try Pattern("(\\p{Han}+|[^a]*)\\d?.*"))
    for _ in 0..<5_000 {
      let cell = randomCell(&generator)
      _ = matcher.matchesWhole(cell.span)
      _ = matcher.firstGroup(in: cell.span)
    }
  }
}
