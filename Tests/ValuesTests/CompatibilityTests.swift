import Campaign
import Foundation
import SeededRandom
import Testing

@testable import Values

@Suite struct CompatibilityTests {
  private func normalized(_ text: String) -> String {
    var scratch = ScratchBuffer()
    let bytes = Array(text.utf8)
    return Normalization([.nfkc]).apply(bytes.span, to: &scratch)
      ? String(decoding: scratch.bytes, as: UTF8.self) : text
  }

  @Test(arguments: [
    ("ﬁ", "fi"), ("㎡", "m2"), ("①", "1"), ("Ⅳ", "IV"), ("ｶﾞ", "ガ"), ("e\u{301}", "é"), ("ＡＢＣ１２３", "ABC123"),
    ("（一）", "(一)"),
    ("\u{F900}", "\u{8C48}"), ("㈠", "(一)"), ("１／２", "1/2"), ("督查组，第一组。", "督查组,第一组。"), ("督查组", "督查组"), ("", ""),
    ("한글", "한글"), ("\u{1112}\u{1161}\u{11AB}", "한"), ("a\u{323}\u{307}", "ạ̇"), ("a\u{307}\u{323}", "ạ̇"),
    ("\u{3000}甲", " 甲"),
  ]) func charactersHaveOneForm(text: String, form: String) {
    #expect(Array(normalized(text).unicodeScalars) == Array(form.unicodeScalars))
  }

  /// Whether there is a Python whose Unicode is no older than ours: an independent reader of the same standard.
  static let hasOracle = (try? forms(of: ["\u{FB01}"], version: true)) == ["ok"]

  /// What Python makes of texts.
  private static func forms(of texts: [String], version: Bool = false) throws -> [String] {
    let file = FileManager.default.temporaryDirectory.appending(path: "fieldtally-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: file) }
    try Data(texts.joined(separator: "\n").utf8).write(to: file)
    let program =
      version
      ? "import unicodedata as u; print('ok' if int(u.unidata_version.split('.')[0]) >= 14 else 'old', end='')"
      : "import unicodedata as u, sys; t = open(sys.argv[1], encoding='utf-8', newline='').read(); "
        + "sys.stdout.buffer.write('\\n'.join(u.normalize('NFKC', x) for x in t.split('\\n')).encode())"
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["python3", "-c", program, file.path]
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    let data = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return String(decoding: data, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false).map(
      String.init)
  }

  private func compare(_ texts: [String]) throws {
    let forms = try Self.forms(of: texts)
    try #require(forms.count == texts.count)
    let wrong = zip(texts, forms).filter { text, form in
      !normalized(text).unicodeScalars.elementsEqual(form.unicodeScalars)
    }
    #expect(wrong.prefix(20).map { $0.0.unicodeScalars.map { String($0.value, radix: 16) } } == [])
  }

  /// Every character between others, with a mark behind it.
  @Test(
    .enabled(if: hasOracle, "no Python with Unicode 14"),
    arguments: [
      UInt32(0x80)...0x33FF, 0xA000...0xD7FF, 0xE000...0xFFFF, 0x10000...0x1FBFF, 0x2F800...0x2FA1F,
    ])
  func everyCharacterIsAsTheStandardHasIt(range: ClosedRange<UInt32>) throws {
    let scalars = range.compactMap { Unicode.Scalar($0) }.filter { $0.properties.age.map { $0 <= (14, 0) } == true }
    try compare(scalars.map { "a\($0)\u{323}b\($0)" })
  }

  @Test(.enabled(if: hasOracle, "no Python with Unicode 14")) func randomTextsAreAsTheStandardHasThem() throws {
    var generator = SeededGenerator(seed: 3)
    let pool: [ClosedRange<UInt32>] = [0x300...0x36F, 0x41...0x7A, 0xFF01...0xFFBE, 0x1100...0x11FF, 0x2460...0x24EA]
    let texts = (0..<4000).map { _ in
      String(
        String.UnicodeScalarView(
          (0..<6).compactMap { _ in
            Unicode.Scalar(UInt32.random(in: pool.randomElement(using: &generator)!, using: &generator))
          }))
    }
    try compare(texts)
    for text in texts {
      #expect(normalized(normalized(text)).unicodeScalars.elementsEqual(normalized(text).unicodeScalars))
    }
  }
}
