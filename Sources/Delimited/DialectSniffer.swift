import Bytes
import Campaign
import Diagnostics
import Records

/// Finds the dialect of a delimited file from the start of its text, and where its header stands. What the pipeline declares
/// is taken as it is.
struct DialectSniffer {
  private static let delimiters: [[UInt8]] = [[0x2C], [0x3B], [0x09], [0x7C], Array("，".utf8)]

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
    /// 0 to about 2: how well the rows agree on a number of cells above one.
    var consistency: Double
    var faults: Int
  }

  init(_ fields: [Field], _ options: DelimitedOptions, file: String, limits: DelimitedLimits) {
    self.file = file
    self.options = options
    self.limits = limits
    header = HeaderFinder(fields, options)
  }

  /// - Parameters:
  ///   - head: the start of the text, `limit` bytes, and padding behind them.
  ///   - end: whether that is the whole text.
  /// - Returns: the dialect, `skip` and `headerRows` not yet known, and the rows of the head.
  func sniff(_ head: [UInt8], limit: Int, end: TextEnd) throws(ReadError) -> Reading {
    var declared = Dialect()
    try declared.apply(options, file: file)
    // A wrong delimiter is slow to read, and shows in a few rows.
    var probe = min(limit, Self.probeBytes)
    var best = read(head, probe, probe < limit ? .more : end, declared)
    if probe < limit, best.rows.rows.count < 10 {
      probe = limit
      best = read(head, limit, end, declared)
    }
    if options.delimiter == nil {
      for delimiter in Self.delimiters.dropFirst() where best.matches == 0 || best.matches < header.fieldCount {
        var dialect = declared
        dialect.delimiter = delimiter
        let reading = read(head, probe, probe < limit ? .more : end, dialect)
        if isBetter(reading, than: best) { best = reading }
      }
    }
    if probe < limit { best = read(head, limit, end, best.dialect) }
    if options.quote == nil { tryApostrophes(head, limit, end, &best) }
    if options.escape == nil { tryBackslash(head, limit, end, &best) }
    best.dialect.lineEnd = firstLineEnd(head, best.rows)
    return best
  }

  private func isBetter(_ reading: Reading, than best: Reading) -> Bool {
    (reading.matches, reading.consistency) > (best.matches, best.consistency)
  }

  private func read(_ head: [UInt8], _ limit: Int, _ end: TextEnd, _ dialect: Dialect) -> Reading {
    var rows = TokenizedRows()
    let tokenizer = Tokenizer(dialect, file: file, limits: limits)
    let rest = tokenizer.tokenize(head, from: 0, limit: limit, end: end, line: 1, into: &rows)
    let texts = rows.texts(head, count: header.searchedRows)
    let matches = header.names.isEmpty || options.headerRows == 0 ? 0 : header.find(in: texts)?.columns.matchCount ?? 0
    return Reading(
      dialect: dialect, rows: rows, rest: rest, matches: matches, consistency: consistency(of: rows),
      faults: rows.faults.count)
  }

  private func consistency(of rows: TokenizedRows) -> Double {
    var counts: [UInt32: Int] = [:]
    var filled = 0
    for row in rows.rows where row.rawEnd > row.rawStart {
      counts[row.cellCount, default: 0] += 1
      filled += 1
    }
    guard let usual = counts.max(by: { ($0.value, $0.key) < ($1.value, $1.key) }), usual.key > 1 else { return 0 }
    let agreement = Double(usual.value) / Double(filled)
    return agreement * (1 + Double(min(usual.key, 64)) / 64) - Double(rows.faults.count) / Double(filled)
  }

  /// Cells in apostrophes: only when every cell that begins with one is closed by one, and no cell stands in quotes.
  private func tryApostrophes(_ head: [UInt8], _ limit: Int, _ end: TextEnd, _ best: inout Reading) {
    guard let quote = best.dialect.quote, !best.dialect.delimiter.contains(0x27) else { return }
    var opening = 0
    for cell in best.rows.cells where cell.count > 1 {
      let start = Int(cell.start)
      if start > 0, head[start - 1] == quote { return }
      if head[start] == 0x27 { opening += 1 }
    }
    guard opening > 1 else { return }
    var dialect = best.dialect
    dialect.quote = 0x27
    let reading = read(head, limit, end, dialect)
    if reading.faults == 0, reading.matches >= best.matches, reading.consistency >= best.consistency { best = reading }
  }

  /// A backslash before a quote that is text: only when quotes written twice leave faults that this does not leave.
  private func tryBackslash(_ head: [UInt8], _ limit: Int, _ end: TextEnd, _ best: inout Reading) {
    guard best.faults > 0, let quote = best.dialect.quote else { return }
    guard (1..<max(1, limit)).contains(where: { head[$0] == quote && head[$0 - 1] == 0x5C }) else { return }
    var dialect = best.dialect
    dialect.escape = 0x5C
    let reading = read(head, limit, end, dialect)
    if reading.faults < best.faults, reading.matches >= best.matches { best = reading }
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
