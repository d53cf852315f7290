import Bytes
import Records

/// Finds rows and cells in a piece of text: 64 bytes at a time where the text has the common form (`CellScan`), and row by
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
  private let quote: UInt8?
  private let hasCommonForm: Bool
  private let mayBeWide: Bool

  /// - Parameters `usesCommonForm` and `mayBeWide`: `false` for tests of the other ways.
  init(
    _ dialect: Dialect, file: String, limits: DelimitedLimits, usesCommonForm: Bool = true, mayBeWide: Bool = true
  ) {
    scanner = RowScanner(dialect, file: file, limits: limits)
    separator = dialect.delimiter[0]
    quote = dialect.quote
    self.mayBeWide = mayBeWide
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
    // Most texts are a megabyte, but dialects are tried on a few lines.
    let blocks = hasCommonForm ? min(RowAssembly.blockLimit, (limit - start + 63) / 64) : 0
    var scan = CellScan(quote: quote, separator: separator, blocks: blocks, mayBeWide: mayBeWide)
    while rest.start < limit {
      if hasCommonForm { scanCommonForm(bytes, limit: limit, &rest, &scan, into: &rows) }
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
    _ bytes: [UInt8], limit: Int, _ rest: inout Rest, _ scan: inout CellScan, into rows: inout TokenizedRows
  ) {
    var assembly = RowAssembly(rest, limits: scanner.limits, rows)
    scan.restart(at: rest.start)
    var block = rest.start
    var holds = true
    while block < limit, holds {
      let firstFound = rows.cells.count
      // SAFETY: `limit` has scanPadding bytes behind it, and there is room for the cells of all blocks. A cell is a start
      // and a length of four bytes each.
      unsafe bytes.withUnsafeBufferPointer { text in
        rows.cells.append(addingCapacity: scan.room) { output in
          unsafe output.withUnsafeMutableBufferPointer { cells, count in
            let free = unsafe UnsafeMutableRawPointer(cells.baseAddress! + count)
            holds = unsafe scan.find(in: text.baseAddress!, from: block, limit: limit, into: free)
            count += scan.count
          }
        }
      }
      holds = assembly.apply(scan, firstFound, bytes.span, into: &rows) && holds
      block += scan.blocks * 64
    }
    assembly.dropOpenRow(from: &rows)
    rest = Rest(start: assembly.rowStart, line: assembly.line)
  }
}

/// Makes rows of the cells that a scan of the common form found.
private struct RowAssembly {
  /// Blocks that are scanned before rows are made of them.
  static let blockLimit = 128

  private(set) var rowStart: Int
  private(set) var line: Int
  private var firstCell: Int
  /// Line breaks inside the row.
  private var rowBreaks = 0
  /// The cell with the last mark, and the line breaks in it.
  private var markedCell = -1
  private var cellBreaks = 0
  private let recordBytes: Int
  private let quotedLines: Int

  init(_ rest: Tokenizer.Rest, limits: DelimitedLimits, _ rows: borrowing TokenizedRows) {
    rowStart = rest.start
    line = rest.line
    firstCell = rows.cells.count
    recordBytes = limits.recordBytes
    quotedLines = limits.quotedLines
  }

  /// `false` when a limit is passed: the row that is open then is for `RowScanner`, and no row was made of it.
  ///
  /// - Parameter firstFound: place of the first cell of the scan among those of the piece.
  mutating func apply(
    _ scan: borrowing CellScan, _ firstFound: Int, _ bytes: Span<UInt8>, into rows: inout TokenizedRows
  ) -> Bool {
    let lineEnds = unsafe scan.lineEnds
    let marks = unsafe scan.marks
    var holds = true
    var mark = 0
    // Taken out, so that room is made once for all and escapes can be noted meanwhile.
    var found: [RecordBatch.Row] = []
    swap(&found, &rows.rows)
    found.append(addingCapacity: lineEnds.count) { output in
      var index = 0
      while index < lineEnds.count, holds {
        // SAFETY: mark and index are below the counts.
        let marked = unsafe mark < marks.count ? marks[mark] &>> 1 : .max
        let next = addRows(scan, from: index, before: marked, firstFound, bytes, to: &output)
        guard next < lineEnds.count else { return }
        index = next
        holds = unsafe lineEnds[index] >= marked
        while mark < marks.count, unsafe marks[mark] &>> 1 <= lineEnds[index], holds {
          holds = unsafe take(marks[mark], firstFound, into: &rows)
          mark &+= 1
        }
      }
    }
    swap(&found, &rows.rows)
    while mark < marks.count, holds {
      holds = unsafe take(marks[mark], firstFound, into: &rows)
      mark &+= 1
    }
    return holds
  }

  /// Makes rows of the line ends from `index` on, as far as their last cell comes before `marked` and they are no larger than
  /// a record may be; the line end that is next.
  @inline(never)
  private mutating func addRows(
    _ scan: borrowing CellScan, from index: Int, before marked: UInt32, _ firstFound: Int, _ bytes: Span<UInt8>,
    to output: inout OutputSpan<RecordBatch.Row>
  ) -> Int {
    let lineEnds = unsafe scan.lineEnds
    let ends = unsafe scan.ends
    var next = index
    unsafe output.withUnsafeMutableBufferPointer { buffer, filled in
      var (line, rowStart, firstCell) = (line, rowStart, firstCell)
      // SAFETY: the scan wrote the end of each of its cells, and the last of each row is one of them; ends are places in the
      // text. The caller has room for a row of each line end.
      while unsafe next < lineEnds.count && lineEnds[next] < marked {
        let last = unsafe Int(lineEnds[next])
        let place = unsafe Int(ends[last])
        guard place &+ 1 &- rowStart <= recordBytes else { break }
        let end = unsafe place > rowStart && bytes[unchecked: place &- 1] == 0x0D ? place &- 1 : place
        let cellEnd = firstFound &+ last &+ 1
        unsafe (buffer.baseAddress! + filled).initialize(
          to: RecordBatch.Row(
            line: line, rawStart: rowStart, rawEnd: end, firstCell: firstCell, cellCount: cellEnd &- firstCell))
        filled &+= 1
        line &+= 1 &+ rowBreaks
        rowBreaks = 0
        rowStart = place &+ 1
        firstCell = cellEnd
        next &+= 1
      }
      (self.line, self.rowStart, self.firstCell) = (line, rowStart, firstCell)
    }
    return next
  }

  /// Notes a line break or a quote inside a cell; `false` when that has too many lines.
  private mutating func take(_ mark: UInt32, _ firstFound: Int, into rows: inout TokenizedRows) -> Bool {
    let cell = firstFound + Int(mark &>> 1)
    if cell != markedCell { cellBreaks = 0 }
    markedCell = cell
    if mark & 1 == 1 {
      if rows.escapedCells.last != cell { rows.escapedCells.append(cell) }
      return true
    }
    rowBreaks += 1
    cellBreaks += 1
    return cellBreaks <= quotedLines
  }

  /// Forgets the cells of the row that was begun.
  func dropOpenRow(from rows: inout TokenizedRows) {
    rows.cells.removeLast(rows.cells.count - firstCell)
    while let last = rows.escapedCells.last, last >= firstCell { rows.escapedCells.removeLast() }
  }
}
