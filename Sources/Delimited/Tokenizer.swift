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
    // Most texts are a megabyte, but dialects are tried on a few lines.
    var scratch = Scratch(hasCommonForm ? min(RowAssembly.blockLimit, (limit - start + 63) / 64) : 0)
    while rest.start < limit {
      if hasCommonForm { scanCommonForm(bytes, limit: limit, &rest, &scratch, into: &rows) }
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

  /// What a scan of the common form writes down for some blocks.
  private struct Scratch {
    var masks: [StructureMasks]
    var events: [UInt32]

    init(_ blocks: Int) {
      masks = [StructureMasks](repeating: StructureMasks(), count: blocks)
      events = [UInt32](repeating: 0, count: blocks * 64)
    }
  }

  /// Appends rows from `rest` on until the common form breaks or the text ends; `rest` is then the row where it does.
  private func scanCommonForm(
    _ bytes: [UInt8], limit: Int, _ rest: inout Rest, _ scratch: inout Scratch, into rows: inout TokenizedRows
  ) {
    var assembly = RowAssembly(rest, quote: quote, limits: scanner.limits, rows)
    var form = CommonForm()
    var block = rest.start
    var holds = true
    while block < limit, holds {
      var count = 0
      let blocks = min(scratch.masks.count, (limit - block + 63) / 64)
      // SAFETY: `limit` has scanPadding bytes behind it, so 64 bytes can be read at every place below it; a block has at most
      // 64 events, and there is room for those of all `blocks`.
      unsafe bytes.withUnsafeBufferPointer { text in
        unsafe scratch.masks.withUnsafeMutableBufferPointer { masks in
          let wanted = unsafe UnsafeMutableBufferPointer(rebasing: masks[..<blocks])
          unsafe findStructure(of: text.baseAddress! + block, quote: quote, separator: separator, into: wanted)
          unsafe scratch.events.withUnsafeMutableBufferPointer { events in
            for index in 0..<blocks {
              let isNextLineFeed = unsafe block + 64 < limit && text[block + 64] == 0x0A
              let found = unsafe form.advance(masks[index], count: limit - block, isNextLineFeed: isNextLineFeed)
              holds = found.violations == 0 && !found.isViolatedBefore
              let proven: UInt64 =
                holds ? ~0 : found.isViolatedBefore ? 0 : (found.violations & (0 &- found.violations)) &- 1
              count = unsafe write(found, proven, at: block, to: events.baseAddress!, count)
              block += 64
              if !holds { break }
            }
          }
        }
      }
      holds = assembly.apply(scratch.events, count, bytes.span, into: &rows) && holds
    }
    assembly.dropOpenRow(from: &rows)
    rest = Rest(start: assembly.rowStart, line: assembly.line)
  }

  /// Writes the bits of a block that are `proven` to `events` in the order of the text; the new count.
  @inline(__always)
  private func write(
    _ block: CommonForm.Block, _ proven: UInt64, at base: Int, to events: UnsafeMutablePointer<UInt32>, _ first: Int
  ) -> Int {
    var count = first
    let special = (block.innerBreaks | block.pairs) & proven
    var bits = (block.separators | block.lineEnds) & proven | special
    let origin = UInt32(truncatingIfNeeded: base) &<< 2
    // SAFETY: the caller has room for 64 events.
    if special == 0 {
      while bits != 0 {
        let bit = UInt64(truncatingIfNeeded: bits.trailingZeroBitCount)
        let kind = UInt32(truncatingIfNeeded: block.lineEnds &>> bit & 1)
        unsafe events[count] = origin &+ UInt32(truncatingIfNeeded: bit) &<< 2 | kind
        count &+= 1
        bits &= bits &- 1
      }
      return count
    }
    while bits != 0 {
      let bit = UInt64(truncatingIfNeeded: bits.trailingZeroBitCount)
      var kind = UInt32(truncatingIfNeeded: block.lineEnds &>> bit & 1)
      if special &>> bit & 1 != 0 { kind = block.pairs &>> bit & 1 != 0 ? RowAssembly.pair : RowAssembly.innerBreak }
      unsafe events[count] = origin &+ UInt32(truncatingIfNeeded: bit) &<< 2 | kind
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
  /// Blocks that are scanned before rows are made of them.
  static let blockLimit = 64

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
    var holds = true
    // Taken out, so that room is made once for all and rows can be added meanwhile.
    var cells: [RecordBatch.Cell] = []
    swap(&cells, &rows.cells)
    let known = cells.count
    cells.append(addingCapacity: count) { output in
      for index in 0..<count {
        // SAFETY: the caller wrote `count` events, each with a place in `bytes`.
        let event = unsafe events.span[unchecked: index]
        let place = Int(event &>> 2)
        let kind = event & 3
        if kind == Self.separator {  // before the switch: nine of ten are separators
          output.append(cell(endingAt: place, bytes, known &+ output.count, into: &rows))
          cellStart = place &+ 1
          continue
        }
        switch kind {
        case Self.lineEnd:
          guard place &+ 1 &- rowStart <= recordBytes else {
            holds = false
            return
          }
          let end = place > rowStart && bytes[place &- 1] == 0x0D ? place &- 1 : place
          output.append(cell(endingAt: end, bytes, known &+ output.count, into: &rows))
          let cellCount = known &+ output.count &- firstCell
          rows.rows.append(
            RecordBatch.Row(line: line, rawStart: rowStart, rawEnd: end, firstCell: firstCell, cellCount: cellCount))
          line &+= 1 &+ rowBreaks
          rowBreaks = 0
          rowStart = place &+ 1
          cellStart = rowStart
          firstCell &+= cellCount
          firstEscape = rows.escapedCells.count
        case Self.innerBreak:
          rowBreaks &+= 1
          cellBreaks &+= 1
          if cellBreaks > quotedLines {
            holds = false
            return
          }
        default: isEscaped = true
        }
      }
    }
    swap(&cells, &rows.cells)
    return holds
  }

  /// - Parameter number: place of the cell among those of the piece.
  @inline(__always)
  private mutating func cell(
    endingAt end: Int, _ bytes: Span<UInt8>, _ number: Int, into rows: inout TokenizedRows
  ) -> RecordBatch.Cell {
    // SAFETY: the cell begins inside the text, which the scan of its structure has seen.
    guard cellStart < end, unsafe bytes[unchecked: cellStart] == quote else {
      return RecordBatch.Cell(start: cellStart, count: end &- cellStart)
    }
    if isEscaped { rows.escapedCells.append(number) }
    isEscaped = false
    cellBreaks = 0
    return RecordBatch.Cell(start: cellStart &+ 1, count: end &- cellStart &- 2)
  }

  /// Forgets the cells of the row that was begun.
  func dropOpenRow(from rows: inout TokenizedRows) {
    rows.cut(toCells: firstCell, escapes: firstEscape, faults: rows.faults.count)
  }
}
