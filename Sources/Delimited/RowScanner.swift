import Diagnostics

/// What lies behind the last byte that a scanner was given.
enum TextEnd {
  /// More text: a row that is not complete is left for the next time.
  case more
  /// Nothing: the file ends here.
  case file
  /// More text, but a record may not be larger than what was given.
  case limit
}

/// The state machine that says what a delimited text means. One byte after the other; `Tokenizer` is its fast path and
/// must give the same rows, which a test on random text compares. Lenient: a quote inside an unquoted cell is text, rows
/// end with LF, CRLF or CR, and what it has no meaning for becomes a fault of the row and stays in a cell.
struct RowScanner {
  enum Outcome {
    /// A row was appended; the next begins at `next` on `line`.
    case row(next: Int, line: Int)
    /// The row does not end before the end of the text; nothing was appended.
    case incomplete
    /// A row without end was appended; the rest of its line, which is `line`, must be passed over from `at` on.
    case oversized(at: Int, line: Int)
  }

  let delimiter: [UInt8]
  let quote: UInt8?
  let escape: UInt8?
  let file: String
  let limits: DelimitedLimits
  /// Cells that a row should have, by which reading resumes after an unclosed quote; 0 when not known.
  var columnCount = 0

  init(_ dialect: Dialect, file: String, limits: DelimitedLimits) {
    delimiter = dialect.delimiter
    quote = dialect.quote
    escape = dialect.escape
    self.file = file
    self.limits = limits
  }

  /// Scans the row that begins at `start` on `line`; `start < limit`, `limit` is the end of the text in `bytes`, or of what
  /// a record may have.
  func scanRow(
    _ bytes: Span<UInt8>, from start: Int, limit: Int, end: TextEnd, line: Int, into rows: inout TokenizedRows
  ) -> Outcome {
    let firstCell = rows.cells.count
    let firstEscape = rows.escapedCells.count
    let firstFault = rows.faults.count
    var position = start
    var lines = line
    while true {
      let cell = scanCell(bytes, from: position, limit: limit, end: end, line: &lines)
      switch cell.stop {
      case .unclosed where end != .more || cell.isOverLimit:
        return recover(
          bytes, row: Place(start: start, line: line), cell: cell, limit: limit, end: end, firstCell: firstCell,
          into: &rows)
      case .unclosed, .cut:
        guard end == .limit, cell.stop == .cut else {
          rows.cut(toCells: firstCell, escapes: firstEscape, faults: firstFault)
          return .incomplete
        }
        let last = characterStart(bytes, at: cell.rawEnd, from: cell.start)
        var shortened = cell
        shortened.contentEnd = last
        shortened.isEscaped = false
        rows.append(shortened)
        rows.fault(RowFault(.recordTooLarge, line: line, start: start, facts: [String(limits.recordBytes)]))
        rows.endRow(line: line, start: start, end: last, firstCell: firstCell)
        return .oversized(at: last, line: lines)
      case .delimiter, .lineEnd, .textEnd:
        if cell.hasTextAfterQuote {
          rows.fault(RowFault(.textAfterQuote, line: cell.line, start: cell.start))
        }
        rows.append(cell)
        position = cell.next
      }
      if cell.stop != .delimiter {
        rows.endRow(line: line, start: start, end: cell.rawEnd, firstCell: firstCell)
        return .row(next: cell.next, line: cell.stop == .lineEnd ? lines + 1 : lines)
      }
    }
  }

  private struct Place {
    var start: Int
    var line: Int
  }

  /// The row at `row` has a quote that is not closed before `cell.rawEnd`: it becomes a row of its own with a fault, and
  /// reading resumes at the first line after the one of the quote that has the right number of cells and no fault.
  ///
  /// The text behind such a quote holds no single quote any more, only pairs, so that this looks at each byte at most twice
  /// however many quotes a hostile file opens.
  private func recover(
    _ bytes: Span<UInt8>, row: Place, cell: ScannedCell, limit: Int, end: TextEnd, firstCell: Int,
    into rows: inout TokenizedRows
  ) -> Outcome {
    var trial = TokenizedRows()
    var next = nextLine(bytes, from: cell.start, limit: cell.rawEnd)
    var line = cell.line + 1
    while next.start < cell.rawEnd, !fits(bytes, from: next.start, limit: limit, end: end, trial: &trial) {
      next = nextLine(bytes, from: next.start, limit: cell.rawEnd)
      line += 1
    }
    if next.start >= cell.rawEnd {
      let last = characterStart(bytes, at: cell.rawEnd, from: cell.start)
      next = (last, last)
      line = cell.endLine
    }
    var broken = cell
    broken.contentStart = cell.start
    broken.contentEnd = next.end
    broken.isEscaped = false
    rows.append(broken)
    rows.fault(RowFault(.unclosedQuote, line: cell.line, start: cell.start, facts: [String(line)]))
    rows.endRow(line: row.line, start: row.start, end: next.end, firstCell: firstCell)
    return .row(next: next.start, line: line)
  }

  private func fits(
    _ bytes: Span<UInt8>, from start: Int, limit: Int, end: TextEnd, trial: inout TokenizedRows
  ) -> Bool {
    guard columnCount > 0 else { return true }
    var position = start
    var lines = 0
    var cells = 0
    while true {
      let cell = scanCell(bytes, from: position, limit: limit, end: end, line: &lines)
      cells += 1
      switch cell.stop {
      case .unclosed, .cut: return false
      case .delimiter where cells > columnCount: return false
      case .delimiter: position = cell.next
      case .lineEnd, .textEnd: return cells == columnCount && !cell.hasTextAfterQuote
      }
      if cell.hasTextAfterQuote { return false }
    }
  }

  /// `at`, or the start of the character that it would cut.
  private func characterStart(_ bytes: Span<UInt8>, at: Int, from: Int) -> Int {
    var start = at
    while start > from, start < bytes.count, bytes[start] & 0xC0 == 0x80 { start -= 1 }
    return start
  }

  /// Start of the next line after `from`, and the end of the line before it without its line end.
  private func nextLine(_ bytes: Span<UInt8>, from: Int, limit: Int) -> (start: Int, end: Int) {
    var at = from
    while at < limit {
      if bytes[at] == 0x0A { return (at + 1, at) }
      if bytes[at] == 0x0D { return (at + 1 < limit && bytes[at + 1] == 0x0A ? at + 2 : at + 1, at) }
      at += 1
    }
    return (limit, limit)
  }
}

/// A cell as the state machine found it.
struct ScannedCell {
  enum Stop {
    case delimiter, lineEnd
    /// The text and the file end here.
    case textEnd
    /// The text ends inside an unquoted cell, or where the next byte must be known.
    case cut
    /// The text ends inside a quoted cell, or the cell covers too many lines.
    case unclosed
  }
  var stop = Stop.cut
  /// First byte, the opening quote included, and its line.
  var start: Int
  var line: Int
  var contentStart: Int
  var contentEnd: Int
  /// End of the cell in the text, before the delimiter or line end.
  var rawEnd: Int
  var next: Int
  /// Line on which it ends.
  var endLine = 0
  /// Whether the content holds escapes that are still to be taken out.
  var isEscaped = false
  var hasTextAfterQuote = false
  var isOverLimit = false

  init(start: Int, line: Int) {
    self.start = start
    self.line = line
    contentStart = start
    contentEnd = start
    rawEnd = start
    next = start
  }
}

extension RowScanner {
  /// Scans the cell at `start`; `line` grows by the line breaks inside it.
  private func scanCell(_ bytes: Span<UInt8>, from start: Int, limit: Int, end: TextEnd, line: inout Int) -> ScannedCell
  {
    var cell = ScannedCell(start: start, line: line)
    guard let quote, start < limit, bytes[start] == quote else {
      scanPlain(bytes, from: start, limit: limit, end: end, &cell)
      cell.contentEnd = cell.rawEnd
      return cell
    }
    guard let closing = scanQuoted(bytes, quote, limit: limit, end: end, line: &line, &cell) else { return cell }
    let after = closing + 1
    scanPlain(bytes, from: after, limit: limit, end: end, &cell)
    if cell.rawEnd == after {
      cell.contentStart = start + 1
      cell.contentEnd = closing
    } else {
      cell.contentEnd = cell.rawEnd
      cell.isEscaped = false
      cell.hasTextAfterQuote = true
    }
    return cell
  }

  /// Goes on to the next delimiter or line end.
  private func scanPlain(_ bytes: Span<UInt8>, from: Int, limit: Int, end: TextEnd, _ cell: inout ScannedCell) {
    let lead = delimiter[0]
    var at = from
    while at < limit {
      let byte = bytes[at]
      if byte == 0x0A || byte == 0x0D { break }
      if byte == lead, isDelimiter(bytes, at: at, limit: limit) { break }
      at += 1
    }
    cell.rawEnd = at
    guard at < limit else {
      cell.next = limit
      cell.stop = end == .file ? .textEnd : .cut
      return
    }
    switch bytes[at] {
    case 0x0A:
      cell.stop = .lineEnd
      cell.next = at + 1
    case 0x0D:
      // Whether a line feed follows must be known, or one line end would be taken for two.
      cell.stop = at + 1 < limit || end == .file ? .lineEnd : .cut
      cell.next = at + 1 < limit && bytes[at + 1] == 0x0A ? at + 2 : at + 1
    default:
      cell.stop = .delimiter
      cell.next = at + delimiter.count
    }
  }

  private func isDelimiter(_ bytes: Span<UInt8>, at: Int, limit: Int) -> Bool {
    guard at + delimiter.count <= limit else { return false }
    for offset in 1..<max(1, delimiter.count) where bytes[at + offset] != delimiter[offset] { return false }
    return true
  }

  /// Place of the closing quote of the cell, or `nil` when the text ends before it is certain.
  private func scanQuoted(
    _ bytes: Span<UInt8>, _ quote: UInt8, limit: Int, end: TextEnd, line: inout Int, _ cell: inout ScannedCell
  ) -> Int? {
    var at = cell.start + 1
    cell.stop = .unclosed
    while at < limit {
      let byte = bytes[at]
      if byte == escape, at + 1 < limit, bytes[at + 1] == quote || bytes[at + 1] == byte {
        cell.isEscaped = true
        at += 2
        continue
      }
      if byte == quote {
        guard at + 1 < limit else {
          if end == .file { return at }
          cell.stop = .cut  // a pair or a closing quote: the next byte decides
          break
        }
        if bytes[at + 1] != quote { return at }
        cell.isEscaped = true
        at += 2
        continue
      }
      at += 1
      if byte == 0x0D, at == limit, end != .file { break }  // one line end or the first half of one
      guard byte == 0x0A || byte == 0x0D && !(at < limit && bytes[at] == 0x0A) else { continue }
      line += 1
      if line - cell.line > limits.quotedLines {
        cell.isOverLimit = true
        break
      }
    }
    cell.rawEnd = at
    cell.next = at
    cell.endLine = line
    return nil
  }
}
