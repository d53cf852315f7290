import Bytes
import Diagnostics
import Records
import SeededRandom
import Testing

@testable import Delimited

@Suite struct TokenizerTests {
  private struct Tokens: Equatable {
    var cells: [String]
    var rows: [String]
    var faults: [String]
    var rest: [Int]
  }

  private enum Path: CaseIterable { case plain, narrow, wide }

  /// The rows of `text`, as text that can be compared.
  private func tokens(_ text: [UInt8], _ dialect: Dialect, _ limits: DelimitedLimits, end: TextEnd, by path: Path)
    -> Tokens
  {
    var tokenizer = Tokenizer(
      dialect, file: "", limits: limits, usesCommonForm: path != .plain, mayBeWide: path == .wide)
    tokenizer.columnCount = 3
    var rows = TokenizedRows()
    let rest = tokenizer.tokenize(
      text + [UInt8](repeating: 10, count: scanPadding), from: 0, limit: text.count, end: end, line: 1, into: &rows)
    let escaped = Set(rows.escapedCells)
    return Tokens(
      cells: rows.cells.enumerated().map { "\($1.start)+\($1.count)\(escaped.contains($0) ? "e" : "")" },
      rows: rows.rows.map { "\($0.line):\($0.rawStart)-\($0.rawEnd) \($0.firstCell)+\($0.cellCount)" },
      faults: rows.faults.map { "\($0.row) \($0.rule.id) \($0.line) \($0.start) \($0.facts)" },
      rest: [rest.start, rest.line, rest.isOversized ? 1 : 0])
  }

  @Test(arguments: [0 as UInt64, 1, 2, 3])
  func fastPathGivesTheRowsOfThePlainOne(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    let alphabets: [[UInt8]] = [
      Array("a\",\n".utf8), Array("ab\",,\r\n".utf8), Array("abcdefghijklmn\",\n".utf8),
      Array("aaaaaaaaaaaa,,\"\"\r\n".utf8),
    ]
    // Marks of which two have the same lower half of a byte among them, and no quote.
    let marks: [(delimiter: Character, quote: Character?)] = [
      (",", "\""), (";", "\""), ("\t", "'"), (":", "\""), ("|", nil), ("2", "\""), (" ", "`"),
    ]
    for round in 0..<4000 {
      let alphabet = alphabets[round % alphabets.count]
      var text: [UInt8] = []
      // Well-formed texts that are longer than what is scanned before rows are made.
      let isLong = round % 400 == 0
      let cells = ["", "abc", "\"\"", "\"a,\n\"\"\r\n\"", String(repeating: "long", count: 40)]
      for _ in 0..<(isLong ? 3000 : 0) {
        let cell = cells.randomElement(using: &generator) ?? ""
        text += Array((cell + [",", ",", ",", "\n", "\r\n"].randomElement(using: &generator)!).utf8)
      }
      for _ in 0..<Int.random(in: 1...300, using: &generator) {
        switch Int.random(in: 0..<12, using: &generator) {
        case 0: text += Array("\"x,\"\"\ny\",".utf8)
        case 1: text += Array("\"x\"\r\n".utf8)
        default: text.append(alphabet.randomElement(using: &generator) ?? 0x61)
        }
      }
      var limits = DelimitedLimits()
      if round % 3 == 0 {
        limits.recordBytes = 40
        limits.quotedLines = 3
      }
      var dialect = Dialect()
      let (delimiter, quote) = marks[round % 2 == 0 ? round % marks.count : 0]
      dialect.delimiter = [delimiter.asciiValue ?? 0]
      dialect.quote = quote?.asciiValue
      text = text.map { $0 == 0x2C ? dialect.delimiter[0] : $0 == 0x22 ? dialect.quote ?? 0x22 : $0 }
      for end in [TextEnd.file, .more] {
        let plain = tokens(text, dialect, limits, end: end, by: .plain)
        for path in Path.allCases.dropFirst() {
          let fast = tokens(text, dialect, limits, end: end, by: path)
          let shown = String(decoding: text.prefix(400), as: UTF8.self).debugDescription
          #expect(fast == plain, "seed \(seed) round \(round) \(path) \(dialect) \(shown)")
          if fast != plain { return }
        }
      }
    }
  }

  /// Every byte of the text is in a row, a line end between rows, or the rest.
  @Test func randomTextNeverCrashesAndEachByteIsAccountedFor() {
    var generator = SeededGenerator(seed: 7)
    let alphabet: [[UInt8]] = ["a", "\"", "'", ",", ";", "\n", "\r", "\t", "\0", "中"].map { Array($0.utf8) }
    var dialects = [Dialect(), Dialect(), Dialect(), Dialect()]
    dialects[1].delimiter = [0x3B]
    dialects[1].quote = 0x27
    dialects[2].escape = 0x61
    dialects[3].delimiter = Array("中".utf8)
    for round in 0..<10_000 {
      let text = (0..<Int.random(in: 1...60, using: &generator)).flatMap { _ in
        alphabet.randomElement(using: &generator) ?? []
      }
      var limits = DelimitedLimits()
      limits.recordBytes = round % 2 == 0 ? 64 << 20 : 20
      limits.quotedLines = 2
      var rows = TokenizedRows()
      var tokenizer = Tokenizer(dialects[round % 4], file: "", limits: limits)
      tokenizer.columnCount = 2
      let rest = tokenizer.tokenize(
        text + [UInt8](repeating: 0, count: scanPadding), from: 0, limit: text.count, end: .file, line: 1, into: &rows)
      #expect(rest.start == text.count)
      var at = 0
      var isPassing = false
      for (index, row) in rows.rows.enumerated() {
        let gap = text[at..<Int(row.rawStart)]
        #expect(isPassing || gap.allSatisfy { $0 == 0x0A || $0 == 0x0D }, "round \(round)")
        at = Int(row.rawEnd)
        isPassing = rows.faults.contains { $0.row == index && $0.rule == .recordTooLarge }
        for cell in rows.cells[Int(row.firstCell)..<Int(row.firstCell + row.cellCount)] {
          #expect(cell.start >= row.rawStart && cell.start + cell.count <= row.rawEnd, "round \(round)")
        }
      }
      #expect(isPassing || text[at...].allSatisfy { $0 == 0x0A || $0 == 0x0D }, "round \(round)")
    }
  }
}
