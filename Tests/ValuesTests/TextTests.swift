import Campaign
import SeededRandom
import Testing

@testable import Values

@Suite struct TextTests {
  @Test(arguments: [
    ("", ""), ("a", "a"), ("  a b  ", "a b"), ("\t勐海县\r\n", "勐海县"), ("　勐海县　", "勐海县"), ("\u{FEFF}a\u{200B}", "a"),
    ("\u{A0}x\u{202F}", "x"),
    ("\u{2028}\u{2060}\u{205F}", ""), (" ", ""), ("é", "é"), ("à", "à"), ("。", "。"), ("\u{3001}", "\u{3001}"),
    ("\u{1F600} ", "\u{1F600}"),
    ("\u{2000}\u{200D}y\u{2029}", "y"), ("\u{2010}", "\u{2010}"),
  ])
  func trimsWhiteSpaceOfEveryKind(text: String, expected: String) {
    let bytes = Array(text.utf8)
    #expect(String(decoding: bytes[trimmed(bytes.span)], as: UTF8.self) == expected)
  }

  @Test(arguments: [
    "", " ", "无", "暂无", "/", "-", "—", "——", "N/A", "n/a", "none", "None", "NIL", "nil", "没有", "无。", "无；", "－", "Ｎ／Ａ",
    " 无 ", "暂时没有。", "無", "NA", "//",
  ])
  func knowsWhatIsWrittenForNothing(text: String) {
    #expect(with(text, isWrittenBlank))
  }

  @Test(arguments: ["无人值守", "0", "否", "无 票", "-1", "没有消防通道", "n", "a/b", "nilla", "1.", "①"])
  func takesNothingElseForBlank(text: String) {
    #expect(!with(text, isWrittenBlank))
  }

  @Test(arguments: [
    ([Normalizer.width], "ＡＢＣ１２３　（勐海）", "ABC123 (勐海)"), ([.width], "～！＠", "~!@"), ([.width], "￥５。、", "￥5。、"),
    ([.width], "abc 勐海", "abc 勐海"),
    ([.space], "  a　 b\u{A0}c  ", "a b c"), ([.space], "张\u{200B}三", "张三"), ([.space], "a \u{200B} b", "a b"),
    ([.space], "a b", "a b"),
    ([.noSpace], " 张 　三\u{FEFF}", "张三"), ([.lower], "ABCé中Z", "abcé中z"), ([.upper], "abcÉ中z{", "ABCÉ中Z{"),
    ([.width, .noSpace, .upper], "ａ　ｂ", "AB"), ([.width, .space, .lower], "　Ａ　　Ｂ　", "a b"), ([], " x ", " x "),
    ([.rocYear], " x ", " x "),
    ([.width], "\u{FF00}\u{FF5F}", "\u{FF00}\u{FF5F}"),
  ])
  func normalizes(normalizers: [Normalizer], text: String, expected: String) {
    var scratch = ScratchBuffer()
    let normalization = Normalization(normalizers)
    let bytes = Array(text.utf8)
    let isChanged = normalization.apply(bytes.span, to: &scratch)
    #expect(String(decoding: isChanged ? scratch.bytes : bytes, as: UTF8.self) == expected)
    #expect(isChanged == (text != expected))
  }

  @Test(arguments: [Normalizer.width, .space, .noSpace, .lower, .upper])
  func normalizingTwiceEqualsOnce(normalizer: Normalizer) {
    var generator = SeededGenerator(seed: 11)
    var scratch = ScratchBuffer()
    let normalization = Normalization([normalizer])
    for _ in 0..<5_000 {
      let cell = randomCell(&generator) + (Bool.random(using: &generator) ? Array("Ａ　b ".utf8) : [])
      let once = normalization.apply(cell.span, to: &scratch) ? scratch.bytes : cell
      let isChanged = normalization.apply(once.span, to: &scratch)
      #expect(!isChanged || scratch.bytes == once, "\(cell)")
    }
  }

  /// Runs of spaces as one, invisible characters as none, nothing at the ends: character by character.
  @Test func spacesAreJoinedWhereverTheyStand() {
    var generator = SeededGenerator(seed: 12)
    var scratch = ScratchBuffer()
    let normalization = Normalization([.space])
    let pieces = ["a", "勐海", " ", "  ", "　", "\u{A0}", "\u{200B}", "\u{FEFF}", "\t", "b\n", "😀"]
    let spaces: Set<Unicode.Scalar> = [" ", "　", "\u{A0}", "\t", "\n"]
    for _ in 0..<5_000 {
      let text = (0..<Int.random(in: 0...9, using: &generator)).map { _ in pieces.randomElement(using: &generator)! }
        .joined()
      var expected = ""
      var isSpace = false
      for scalar in text.unicodeScalars where scalar != "\u{200B}" && scalar != "\u{FEFF}" {
        if spaces.contains(scalar) {
          isSpace = true
          continue
        }
        if isSpace, !expected.isEmpty { expected += " " }
        isSpace = false
        expected.unicodeScalars.append(scalar)
      }
      let bytes = Array(text.utf8)
      let isChanged = normalization.apply(bytes.span, to: &scratch)
      #expect(String(decoding: isChanged ? scratch.bytes : bytes, as: UTF8.self) == expected, "\(bytes)")
    }
  }

  @Test(arguments: [
    ("true", true as Bool?), ("1", true), ("FALSE", false), ("0", false), ("yes", nil), ("", nil), ("是", nil),
    ("tru", nil),
  ])
  func readsTheWordsOfTableSchema(text: String, expected: Bool?) {
    #expect(outcome(text, BooleanReader().read) == (expected.map { .success($0) } ?? .failure(.notABoolean)))
  }

  @Test(arguments: [
    ("是", true as Bool?), ("否", false), ("有", true), ("无", false), ("√", true), ("×", false), ("✓", true), ("✗", false),
    ("Y", true), ("n", false),
    ("Yes", true), ("NO", false), ("1", true), ("0", false), ("对", true), ("错", false), ("已", true), ("未", false),
    ("maybe", nil), ("是否", nil),
    ("\0\0\0", nil),
  ])
  func readsYesAndNo(text: String, expected: Bool?) {
    #expect(
      outcome(text, BooleanReader(normalizers: [.yesNo]).read)
        == (expected.map { .success($0) } ?? .failure(.notABoolean)))
  }

  @Test func keepsTheMeaningThatTheFieldGives() {
    let reader = BooleanReader(
      trueValues: ["无", "passed inspection"], falseValues: ["failed inspection"], normalizers: [.yesNo])
    #expect(outcome("无", reader.read) == .success(true))
    #expect(outcome("passed inspection", reader.read) == .success(true))
    #expect(outcome("failed inspection", reader.read) == .success(false))
  }
}
