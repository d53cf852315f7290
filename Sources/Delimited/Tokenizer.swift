import Bytes
import Records

/// Finds rows and cells in a piece of text: 64 bytes at a time where the text has the common form (`CommonForm`), and row by
/// row with `RowScanner`, which says what any text means, where it has not. To change what a text means, change
/// `RowScanner` and let the test on random text find what must follow here.
struct Tokenizer {
  /// What is left of the text after the rows that were found.
  struct Rest {
    /// Where the next row begins, and its line.
    var start: Int
    var line: Int
    /// Whether the text from `start` on belongs to a row that is too large and must be passed over to its line end.
    var isOversized = false
  }

  private var scanner: RowScanner
  private let separator: UInt8
  private let quote: UInt8
  private let hasCommonForm: Bool

  init(_ dialect: Dialect, file: String, limits: DelimitedLimits, usesCommonForm: Bool = true) {
    scanner = RowScanner(dialect, file: file, limits: limits)
    separator = dialect.delimiter[0]
    quote = dialect.quote ?? 0xFF  // no byte of UTF-8
    // Rows that end with CR alone would all break the common form.
    hasCommonForm =
      usesCommonForm && dialect.delimiter.count == 1 && dialect.escape == nil && dialect.lineEnd != .cr
  }

  var columnCount: Int {
    get { scanner.columnCount }
    set { scanner.columnCount = newValue }
  }

  /// Appends the rows of `bytes[start..<limit]`, the first of which is on `line`. Behind `limit` there must be `scanPadding`
  /// bytes of any content.
  func tokenize(
    _ bytes: [UInt8], from start: Int, limit: Int, end: TextEnd, line: Int, into rows: inout TokenizedRows
  ) -> Rest {
    precondition(limit <= bytes.count - scanPadding && limit < 1 << 30, "text must be padded and below 1 GiB")
    var rest = Rest(start: start, line: line)
    var events = [UInt32](repeating: 0, count: hasCommonForm ? RowAssembly.eventLimit : 0)
    while rest.start < limit {
      if hasCommonForm { scanCommonForm(bytes, limit: limit, &rest, &events, into: &rows) }
      guard rest.start < limit else { break }
      let window = min(limit, rest.start + scanner.limits.recordBytes)
      let windowEnd = window < limit ? .limit : end
      switch scanner.scanRow(bytes.span, from: rest.start, limit: window, end: windowEnd, line: rest.line, into: &rows)
      {
      case .row(let next, let line): rest = Rest(start: next, line: line)
      case .incomplete: return rest
      case .oversized(let place, let line):
        rest = passLine(bytes, from: place, limit: limit, end: end, line: line)
        if rest.isOversized { return rest }
      }
    }
    return rest
  }

  /// Goes to the start of the next line.
  func passLine(_ bytes: [UInt8], from: Int, limit: Int, end: TextEnd, line: Int) -> Rest {
    var at = from
    while at < limit, bytes[at] != 0x0A, bytes[at] != 0x0D { at += 1 }
    if at < limit, bytes[at] == 0x0A { return Rest(start: at + 1, line: line + 1) }
    if at + 1 < limit { return Rest(start: bytes[at + 1] == 0x0A ? at + 2 : at + 1, line: line + 1) }
    // Whether a line feed follows a carriage return must be known; until then it stays.
    return end == .file ? Rest(start: limit, line: line + limit - at) : Rest(start: at, line: line, isOversized: true)
  }

  /// Appends rows from `rest` on until the common form breaks or the text ends; `rest` is then the row where it does.
  private func scanCommonForm(
    _ bytes: [UInt8], limit: Int, _ rest: inout Rest, _ events: inout [UInt32], into rows: inout TokenizedRows
  ) {
    var assembly = RowAssembly(rest, quote: quote, limits: scanner.limits, rows)
    var form = CommonForm()
    var block = rest.start
    var count = 0
    var holds = true
    while block < limit, holds {
      // SAFETY: `limit` has scanPadding bytes behind it, so 64 bytes can be read at every place below it.
      let masks = unsafe bytes.withUnsafeBufferPointer {
        unsafe structure(of: $0.baseAddress! + block, quote: quote, separator: separator)
      }
      let isNextLineFeed = block + 64 < limit && bytes[block + 64] == 0x0A
      let found = form.advance(masks, count: limit - block, isNextLineFeed: isNextLineFeed)
      holds = found.violations == 0 && !found.isViolatedBefore
      let proven: UInt64 =
        holds ? ~0 : found.isViolatedBefore ? 0 : (found.violations & (0 &- found.violations)) &- 1
      count = write(found, proven, at: block, to: &events, count)
      if count > RowAssembly.eventLimit - 64 {
        holds = assembly.apply(events, count, bytes.span, into: &rows) && holds
        count = 0
      }
      block += 64
    }
    _ = assembly.apply(events, count, bytes.span, into: &rows)
    assembly.dropOpenRow(from: &rows)
    rest = Rest(start: assembly.rowStart, line: assembly.line)
  }

  /// Writes the bits of a block that are `proven` to `events` in the order of the text; the new count.
  @inline(__always)
  private func write(
    _ block: CommonForm.Block, _ proven: UInt64, at base: Int, to events: inout [UInt32], _ first: Int
  ) -> Int {
    var count = first
    let special = (block.innerBreaks | block.pairs) & proven
    var bits = (block.separators | block.lineEnds) & proven | special
    while bits != 0 {
      let bit = UInt64(truncatingIfNeeded: bits.trailingZeroBitCount)
      var kind = UInt32(truncatingIfNeeded: block.lineEnds &>> bit & 1)
      if special &>> bit & 1 != 0 { kind = block.pairs &>> bit & 1 != 0 ? RowAssembly.pair : RowAssembly.innerBreak }
      events[count] = UInt32(truncatingIfNeeded: base &+ Int(bit)) &<< 2 | kind
      count &+= 1
      bits &= bits &- 1
    }
    return count
  }
}

/// Makes cells and rows of the places that a scan of the common form found. A place is `offset << 2 | kind`.
private struct RowAssembly {
  static let separator: UInt32 = 0
  static let lineEnd: UInt32 = 1
  static let innerBreak: UInt32 = 2
  static let pair: UInt32 = 3
  static let eventLimit = 4096

  private(set) var rowStart: Int
  private(set) var line: Int
  private var cellStart: Int
  private var firstCell: Int
  private var firstEscape: Int
  private var isEscaped = false
  /// Line breaks inside the row, and inside the cell.
  private var rowBreaks = 0
  private var cellBreaks = 0
  private let quote: UInt8
  private let recordBytes: Int
  private let quotedLines: Int

  init(_ rest: Tokenizer.Rest, quote: UInt8, limits: DelimitedLimits, _ rows: borrowing TokenizedRows) {
    rowStart = rest.start
    line = rest.line
    cellStart = rest.start
    firstCell = rows.cells.count
    firstEscape = rows.escapedCells.count
    self.quote = quote
    recordBytes = limits.recordBytes
    quotedLines = limits.quotedLines
  }

  /// `false` when a limit is passed: the row that is open then is for `RowScanner`, and no row was made of it.
  @inline(__always)
  mutating func apply(_ events: [UInt32], _ count: Int, _ bytes: Span<UInt8>, into rows: inout TokenizedRows) -> Bool {
    for index in 0..<count {
      let event = events[index]
      let place = Int(event &>> 2)
      let kind = event & 3
      if kind == Self.separator {  // before the switch: nine of ten are separators
        endCell(at: place, bytes, into: &rows)
        cellStart = place &+ 1
        continue
      }
      switch kind {
      case Self.lineEnd:
        guard place &+ 1 &- rowStart <= recordBytes else { return false }
        let end = place > rowStart && bytes[place &- 1] == 0x0D ? place &- 1 : place
        endCell(at: end, bytes, into: &rows)
        rows.endRow(line: line, start: rowStart, end: end, firstCell: firstCell)
        line &+= 1 &+ rowBreaks
        rowBreaks = 0
        rowStart = place &+ 1
        cellStart = rowStart
        firstCell = rows.cells.count
        firstEscape = rows.escapedCells.count
      case Self.innerBreak:
        rowBreaks &+= 1
        cellBreaks &+= 1
        if cellBreaks > quotedLines { return false }
      default: isEscaped = true
      }
    }
    return true
  }

  @inline(__always)
  private mutating func endCell(at end: Int, _ bytes: Span<UInt8>, into rows: inout TokenizedRows) {
    if cellStart < end, bytes[cellStart] == quote {
      if isEscaped { rows.escapedCells.append(rows.cells.count) }
      isEscaped = false
      cellBreaks = 0
      rows.cells.append(RecordBatch.Cell(start: cellStart &+ 1, count: end &- cellStart &- 2))
    } else {
      rows.cells.append(RecordBatch.Cell(start: cellStart, count: end &- cellStart))
    }
  }

  /// Forgets the cells of the row that was begun.
  func dropOpenRow(from rows: inout TokenizedRows) {
    rows.cut(toCells: firstCell, escapes: firstEscape, faults: rows.faults.count)
  }
}
