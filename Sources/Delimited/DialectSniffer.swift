import Bytes
import Campaign
import Diagnostics
import Records

/// Finds the dialect of a delimited file from the start of its text, and where its header stands. What the pipeline declares
/// is taken as it is.
struct DialectSniffer {
  struct Candidate {
    var text: [UInt8]
    /// How much a table of it counts: a space or a colon stands in many lines that are no table.
    var weight: Double
  }
  private static let delimiters =
    [",", ";", "\t", "|", "，"].map { Candidate(text: Array($0.utf8), weight: 1) }
    + ["^", "~", "\u{1}", "\u{1F}", "¦", "；", "｜"].map { Candidate(text: Array($0.utf8), weight: 0.95) }
    + [", ", "; ", " | ", "::", "->", "=>"].map { Candidate(text: Array($0.utf8), weight: 0.97) }
    + [(":", 0.75), (" ", 0.65)].map { Candidate(text: Array($0.0.utf8), weight: $0.1) }

  private static let probeBytes = 32 << 10

  let file: String
  let options: DelimitedOptions
  let limits: DelimitedLimits
  let header: HeaderFinder

  /// One reading of the head of the file.
  struct Reading {
    var dialect: Dialect
    var rows: TokenizedRows
    /// Where the first row that is not complete begins.
    var rest: Tokenizer.Rest
    var matches: Int
    var faults: Int
    /// The header, when one of the first rows names all fields and no escapes are in them.
    var header: HeaderPlace?
    /// 0 to 1: how well the rows agree on a number of cells above one, and how whole these cells are.
    var consistency = 0.0
    /// Cells that most rows have, rows that have as many, and their share.
    var width = 1
    var agreeingRows = 0
    var agreement = 0.0
  }

  init(
    _ fields: [Field], _ options: DelimitedOptions, file: String, limits: DelimitedLimits, guessesHeight: Bool = false
  ) {
    self.file = file
    self.options = options
    self.limits = limits
    header = HeaderFinder(fields, options, guessesHeight: guessesHeight)
  }

  /// - Parameters:
  ///   - head: the start of the text, `limit` bytes, and padding behind them.
  ///   - end: whether that is the whole text.
  /// - Returns: the dialect, `skip` and `headerRows` not yet known, and the rows of the head.
  func sniff(_ head: [UInt8], limit: Int, end: TextEnd) throws(ReadError) -> Reading {
    var declared = Dialect()
    try declared.apply(options, file: file)
    // A wrong delimiter is slow to read, and shows in a few rows.
    var piece = Piece(bytes: head, limit: min(limit, Self.probeBytes), end: end)
    if piece.limit < limit { piece.end = .more }
    var best = read(piece, declared, judges: false)
    if piece.limit < limit, best.rows.rows.count < 10 {
      piece = Piece(bytes: head, limit: limit, end: end)
      best = read(piece, declared, judges: false)
    }
    if options.delimiter == nil, best.matches == 0 || best.matches < header.fieldCount {
      best.judge(head)
      tryDelimiters(piece, declared, &best)
    } else if options.quote == nil, mayHaveOtherQuotes(best, head) {
      best.judge(head)
      tryQuotes(piece, &best)
    }
    // Nothing is chosen by how much of a table it looks any more.
    if piece.limit < limit {
      (best.rows, best.rest) = rows(of: Piece(bytes: head, limit: limit, end: end), best.dialect)
      best.faults = best.rows.faults.count
    }
    if options.escape == nil { tryBackslash(head, limit, end, &best) }
    best.dialect.lineEnd = firstLineEnd(head, best.rows)
    return best
  }

  private struct Piece {
    var bytes: [UInt8]
    var limit: Int
    var end: TextEnd
  }

  /// The delimiter whose cells are the most alike from row to row, with the quotes that go with it.
  private func tryDelimiters(_ piece: Piece, _ declared: Dialect, _ best: inout Reading) {
    if options.quote == nil { tryQuotes(piece, &best) }
    // One value in each line, like a time or an address, is not torn at the marks that it holds.
    let isColumnOfValues = best.consistency < 0.1 && best.isColumnOfValues(piece.bytes)
    var readsAbsent = !header.names.isEmpty
    for candidate in Self.delimiters.dropFirst() + unusualDelimiters(piece) {
      if isColumnOfValues, candidate.weight < 1 { continue }
      var dialect = declared
      dialect.delimiter = candidate.text
      if let quote = dialect.quote, dialect.delimiter.contains(quote) { continue }
      // One that stands nowhere gives rows of one cell. They are alike, and worth a look only where a cell may be a label.
      if !piece.bytes.holds(candidate.text, before: piece.limit) {
        if !readsAbsent { continue }
        readsAbsent = false
      }
      var reading = read(piece, dialect)
      guard reading.agreeingRows > 0 || reading.matches > 0 else { continue }
      if options.quote == nil { tryQuotes(piece, &reading) }
      if candidate.weight < 0.9, reading.agreement < 0.9 || reading.agreeingRows < 3 || reading.width < 3 { continue }
      reading.consistency *= candidate.weight
      if isBetter(reading, than: best) { best = reading }
    }
    tryWiderDelimiters(piece, &best)
  }

  /// A delimiter that is always followed by a space, stands between two, or is written twice.
  private func tryWiderDelimiters(_ piece: Piece, _ best: inout Reading) {
    guard best.dialect.delimiter.count == 1, best.width > 1 else { return }
    let mark = best.dialect.delimiter[0]
    guard mark != 0x20, mark != 0x09 else { return }
    let plain = best
    for wide in [[0x20, mark, 0x20], [mark, 0x20], [mark, mark]] {
      guard plain.share(of: Array(wide), in: piece.bytes, limit: piece.limit) > 0.95 else { continue }
      var dialect = plain.dialect
      dialect.delimiter = wide
      if options.quote == nil { dialect.quote = 0x22 }
      var reading = read(piece, dialect)
      if options.quote == nil { tryQuotes(piece, &reading) }
      let isAsGood = reading.consistency >= plain.consistency * 0.97 || wide[0] == wide[1] && reading.agreement > 0.9
      if isAsGood, reading.width > 1, reading.matches >= plain.matches {
        best = reading
        return
      }
    }
  }

  /// Marks that are no usual delimiter but stand equally often in nearly every line.
  private func unusualDelimiters(_ piece: Piece) -> [Candidate] {
    let lines = piece.bytes[..<min(piece.limit, 16 << 10)].split { $0 == 0x0A || $0 == 0x0D }.prefix(50)
    guard lines.count > 2 else { return [] }
    // Lists, which are short: a look-up by hash would first look through all types of the program.
    var lineCounts: [(scalar: Unicode.Scalar, count: Int, lines: Int)] = []
    for line in lines {
      var counts: [(scalar: Unicode.Scalar, count: Int)] = []
      for scalar in String(decoding: line, as: UTF8.self).unicodeScalars where Self.mayDelimit(scalar) {
        if let known = counts.firstIndex(where: { $0.scalar == scalar }) {
          counts[known].count += 1
        } else {
          counts.append((scalar, 1))
        }
      }
      for (scalar, count) in counts {
        if let known = lineCounts.firstIndex(where: { $0.scalar == scalar && $0.count == count }) {
          lineCounts[known].lines += 1
        } else {
          lineCounts.append((scalar, count, 1))
        }
      }
    }
    // More than half of the lines have one count of a mark at most.
    return lineCounts.filter { $0.lines * 10 >= lines.count * 8 }.map(\.scalar).sorted { $0.value < $1.value }
      .map { Candidate(text: Array(String($0).utf8), weight: 0.8) }
      .filter { steady in !Self.delimiters.contains { $0.text == steady.text } }
  }

  private static func mayDelimit(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    // Not what numbers, days, names and quotes are written with.
    case "\0"..<" ", "!", "#", "&", "*", "+", "=", "<", ">", "?", "@": return true
    case ..<"\u{80}", "\u{4E00}"..."\u{9FA5}": return false
    default: break
    }
    let properties = scalar.properties
    return !properties.isAlphabetic && properties.numericType == nil && scalar.value != 0xFDD0
      && !properties.isVariationSelector
  }

  private func isBetter(_ reading: Reading, than best: Reading) -> Bool {
    (reading.matches, reading.consistency) > (best.matches, best.consistency)
  }

  private func read(_ piece: Piece, _ dialect: Dialect, judges: Bool = true) -> Reading {
    let (rows, rest) = rows(of: piece, dialect)
    let first = completeHeader(in: rows, piece.bytes)
    let matches = first?.columns.matchCount ?? matches(in: rows, piece.bytes)
    var reading = Reading(dialect: dialect, rows: rows, rest: rest, matches: matches, faults: rows.faults.count)
    if rows.rows.count > HeaderFinder.early, rows.escapedCells.first ?? .max >= rows.rows[HeaderFinder.early].firstCell
    {
      reading.header = first
    }
    if judges { reading.judge(piece.bytes) }
    return reading
  }

  private func rows(of piece: Piece, _ dialect: Dialect) -> (TokenizedRows, Tokenizer.Rest) {
    var rows = TokenizedRows()
    let tokenizer = Tokenizer(dialect, file: file, limits: limits)
    let rest = tokenizer.tokenize(piece.bytes, from: 0, limit: piece.limit, end: piece.end, line: 1, into: &rows)
    return (rows, rest)
  }

  /// Fields that the header among `rows` names, where it is not complete.
  private func matches(in rows: TokenizedRows, _ bytes: [UInt8]) -> Int {
    if header.names.isEmpty || options.headerRows == 0 { return 0 }
    return header.findAmongAll(rows.texts(bytes, count: header.searchedRows))?.columns.matchCount ?? 0
  }

  private func completeHeader(in rows: TokenizedRows, _ bytes: [UInt8]) -> HeaderPlace? {
    guard rows.rows.count > HeaderFinder.early else { return nil }
    return header.findComplete(in: rows.texts(bytes, count: HeaderFinder.early)[...])
  }

  private static let otherQuotes: [UInt8] = [0x27, 0x60]

  /// Whether `tryQuotes` would read it another way.
  private func mayHaveOtherQuotes(_ reading: Reading, _ bytes: [UInt8]) -> Bool {
    reading.faults > 2 || Self.otherQuotes.contains { reading.quotedCells($0, bytes) > 1 }
  }

  /// Cells in apostrophes or backticks, or in no quotes at all, where that gives fewer torn cells.
  private func tryQuotes(_ piece: Piece, _ best: inout Reading) {
    let plain = best
    for quote in Self.otherQuotes where !plain.dialect.delimiter.contains(quote) {
      guard plain.quotedCells(quote, piece.bytes) > 1 else { continue }
      var dialect = plain.dialect
      dialect.quote = quote
      let reading = read(piece, dialect)
      guard reading.faults <= plain.faults, reading.matches >= plain.matches else { continue }
      if reading.consistency > best.consistency { best = reading }
    }
    guard best.dialect.quote == 0x22, best.faults > 2, best.faults * 5 > best.rows.rows.count else { return }
    var dialect = best.dialect
    dialect.quote = nil
    let reading = read(piece, dialect)
    if reading.matches >= best.matches, reading.agreement > best.agreement { best = reading }
  }

  /// A backslash before a quote that is text: only when quotes written twice leave faults that this does not leave.
  private func tryBackslash(_ head: [UInt8], _ limit: Int, _ end: TextEnd, _ best: inout Reading) {
    guard best.faults > 0, let quote = best.dialect.quote else { return }
    guard (1..<max(1, limit)).contains(where: { head[$0] == quote && head[$0 - 1] == 0x5C }) else { return }
    var dialect = best.dialect
    dialect.escape = 0x5C
    let reading = read(Piece(bytes: head, limit: limit, end: end), dialect, judges: false)
    if reading.faults < best.faults, reading.matches >= matches(in: best.rows, head) { best = reading }
  }

  private func firstLineEnd(_ head: [UInt8], _ rows: TokenizedRows) -> Dialect.LineEnd {
    guard let row = rows.rows.first, Int(row.rawEnd) + 1 < head.count else { return .lf }
    guard head[Int(row.rawEnd)] == 0x0D else { return .lf }
    return head[Int(row.rawEnd) + 1] == 0x0A ? .crlf : .cr
  }
}

extension TokenizedRows {
  /// The cells of the first `count` rows as strings. Of a cell with escapes the text as it stands.
  func texts(_ bytes: [UInt8], count: Int) -> [[String]] {
    rows.prefix(count).map { row in
      cells[Int(row.firstCell)..<Int(row.firstCell) + Int(row.cellCount)].map { cell in
        String(decoding: bytes[Int(cell.start)..<Int(cell.start) + Int(cell.count)], as: UTF8.self)
      }
    }
  }
}
