import Bytes
import Campaign
import Diagnostics
import Records

/// Turns the rows of a text into the rows of records: leaves out what is no record and notes it, fills merged cells, joins
/// rows that continue a record, and gives faults their record. One row after the other, for the whole of a file.
struct TableShape {
  let file: String
  let classifier: RowClassifier
  let columnCount: Int
  /// Cells of the header row, its blank ones at the end included.
  let headerWidth: Int
  let fillColumns: [Int]
  /// A row that is blank in all of these continues the record above; no row does when empty.
  let continuationColumns: [Int]
  let recordBytes: Int
  /// Cells of a sheet to the right of its table are not read, and are no fault of the row.
  let isSheet: Bool

  /// The last text of each fill column, when the batch that held it is gone.
  private var carried: [[UInt8]]
  /// Rows by how they end.
  private(set) var lineEnds: (lf: Int, crlf: Int, cr: Int) = (0, 0, 0)
  private(set) var recordCount = 0
  /// Rows that were looked at, those above the table included.
  var rowCount = 0
  /// Rows that are no records, by reason.
  var skipped: [String: Int] {
    blankCount > 0 ? skippedReasons.merging(["blank": blankCount]) { $0 + $1 } : skippedReasons
  }
  var skippedReasons: [String: Int] = [:]
  var blankCount = 0
  var notes = NoteLog()
  var firstBlankLine = 0
  private var firstSurplusLine = 0
  private var surplusCount = 0
  /// Whether the last record was ended because it is too large, and rows that continue it may follow.
  private var isCutRecordOpen = false

  init(
    file: String, classifier: RowClassifier, columnCount: Int, headerWidth: Int, fillColumns: [Int],
    continuationColumns: [Int], recordBytes: Int, isSheet: Bool = false
  ) {
    self.file = file
    self.classifier = classifier
    self.columnCount = columnCount
    self.headerWidth = headerWidth
    self.fillColumns = fillColumns
    self.continuationColumns = continuationColumns
    self.recordBytes = recordBytes
    self.isSheet = isSheet
    carried = [[UInt8]](repeating: [], count: fillColumns.count)
  }

  /// Place of the last row that begins a record, which may go on behind the text; `nil` when no row does.
  func lastStart(_ tokens: TokenizedRows, _ bytes: [UInt8]) -> Int? {
    for index in tokens.rows.indices.reversed() {
      let row = tokens.rows[index]
      guard classifier.kind(of: row, tokens.cells, bytes) == .record else { continue }
      if !continues(row, tokens.cells, bytes.span) { return index }
    }
    return nil
  }

  /// Whether all continuation columns of `row` are blank.
  private func continues(_ row: RecordBatch.Row, _ cells: [RecordBatch.Cell], _ bytes: Span<UInt8>) -> Bool {
    guard !continuationColumns.isEmpty else { return false }
    return continuationColumns.allSatisfy { isBlank($0, row, cells, bytes) }
  }

  @inline(__always)
  private func isBlank(_ column: Int, _ row: RecordBatch.Row, _ cells: [RecordBatch.Cell], _ bytes: Span<UInt8>) -> Bool
  {
    guard column < Int(row.cellCount) else { return true }
    let cell = cells[Int(row.firstCell) + column]
    let range = Int(cell.start)..<Int(cell.start) + Int(cell.count)
    return firstInk(bytes, range) == range.upperBound
  }
}

extension TableShape {
  /// Moves `tokens` into `batch`, whose `bytes` they are places in. `textEnd` is where the text proper ends in it; unescaped
  /// cells stand behind. `isCut`: the last record is too large and goes on behind the text.
  mutating func shape(_ tokens: inout TokenizedRows, into batch: inout RecordBatch, textEnd: Int, isCut: Bool) {
    swap(&batch.cells, &tokens.cells)
    swap(&batch.rows, &tokens.rows)
    var filled = [RecordBatch.Cell?](repeating: nil, count: fillColumns.count)
    var kept = 0
    var fault = 0
    var lastStart: Int?
    var isTooLarge = false
    rowCount += batch.rows.count
    batch.firstRecord = recordCount + 1
    let isPlain = fillColumns.isEmpty && continuationColumns.isEmpty
    var index = -1
    while index + 1 < batch.rows.count {
      index += 1
      if isPlain, !isCutRecordOpen {
        let end = fault < tokens.faults.count ? min(tokens.faults[fault].row, batch.rows.count) : batch.rows.count
        let taken = takePlainRows(&batch, from: index, to: end, keptAt: kept, textEnd)
        if taken > 0 {
          recordCount += taken
          kept += taken
          lastStart = kept - 1
          isTooLarge = false
          index += taken
          if index == batch.rows.count { break }
        }
      }
      var row = batch.rows[index]
      countLineEnd(of: row, batch.bytes.span, textEnd)
      let hasFault = fault < tokens.faults.count && tokens.faults[fault].row == index
      let kind = hasFault ? .record : classifier.kind(of: row, batch.cells, batch.bytes)
      guard kind == .record else {
        leaveOut(row, kind, batch)
        if kind == .repeatedHeader || kind == .repeatedTitle { forgetFill(&filled) }
        continue
      }
      if Int(row.cellCount) > columnCount { dropSurplus(of: &row, batch) }
      row.startsRecord = lastStart == nil || !continues(row, batch.cells, batch.bytes.span)
      if row.startsRecord {
        recordCount += 1
        lastStart = kept
        isTooLarge = false
        if isCutRecordOpen { closeCutRecord(row, kept, &batch) }
      } else if let lastStart, !isTooLarge, Int(row.rawEnd) - Int(batch.rows[lastStart].rawStart) > recordBytes {
        isTooLarge = true
        rejectAsTooLarge(lastStart, &batch)
      }
      if hasFault { forgetFill(&filled) } else if !fillColumns.isEmpty { fill(row, &filled, &batch) }
      while fault < tokens.faults.count, tokens.faults[fault].row == index {
        batch.faults.append(.init(row: kept, diagnostic: diagnostic(tokens.faults[fault], row, batch.bytes)))
        fault += 1
      }
      batch.rows[kept] = row
      kept += 1
    }
    batch.rows.removeLast(batch.rows.count - kept)
    carry(filled, batch.bytes)
    guard isCut, let lastStart else { return }
    isCutRecordOpen = true
    if !isTooLarge { rejectAsTooLarge(lastStart, &batch) }
  }

  /// Moves rows from `first` on and before `end` that are records as they stand to `kept` on; how many.
  private mutating func takePlainRows(
    _ batch: inout RecordBatch, from first: Int, to end: Int, keptAt kept: Int, _ textEnd: Int
  ) -> Int {
    precondition(kept <= first && end <= batch.rows.count, "rows beyond the batch")
    var taken: [RecordBatch.Row] = []
    swap(&taken, &batch.rows)
    defer { swap(&taken, &batch.rows) }
    let bytes = batch.bytes.span
    let cells = batch.cells.span
    var rows = taken.mutableSpan
    var feeds = 0
    var pairs = 0
    var at = first
    while at < end {
      // SAFETY: at < end, which is at most the count; the same holds for the place it is moved to, which is no greater.
      let row = unsafe rows[unchecked: at]
      let rowEnd = Int(row.rawEnd)
      guard row.cellCount > 0, Int(row.cellCount) <= columnCount, rowEnd &+ 1 < textEnd,
        classifier.isCertainRecord(first: cells[Int(row.firstCell)], bytes)
      else { break }
      if bytes[rowEnd] == 0x0A {
        feeds &+= 1
      } else if bytes[rowEnd] == 0x0D, bytes[rowEnd &+ 1] == 0x0A {
        pairs &+= 1
      } else {
        break
      }
      if kept < first { unsafe rows[unchecked: kept &+ (at &- first)] = row }
      at &+= 1
    }
    lineEnds.lf += feeds
    lineEnds.crlf += pairs
    return at - first
  }

  private mutating func countLineEnd(of row: RecordBatch.Row, _ bytes: Span<UInt8>, _ textEnd: Int) {
    let end = Int(row.rawEnd)
    guard end < textEnd else { return }
    if bytes[end] == 0x0A {
      lineEnds.lf &+= 1
    } else if bytes[end] == 0x0D {
      if end + 1 < textEnd, bytes[end + 1] == 0x0A { lineEnds.crlf &+= 1 } else { lineEnds.cr &+= 1 }
    }
  }

  /// Puts the fault of a record that has too many rows among those of its first row, `row`.
  private func rejectAsTooLarge(_ row: Int, _ batch: inout RecordBatch) {
    let place = batch.faults.firstIndex { $0.row > row } ?? batch.faults.count
    let fault = RowFault(
      .recordTooLarge, line: Int(batch.rows[row].line), start: Int(batch.rows[row].rawStart),
      facts: [String(recordBytes)])
    batch.faults.insert(.init(row: row, diagnostic: diagnostic(fault, batch.rows[row], batch.bytes)), at: place)
  }

  /// A row that continues a record that was cut is a record of its own, with the same fault; any other ends it.
  private mutating func closeCutRecord(_ row: RecordBatch.Row, _ index: Int, _ batch: inout RecordBatch) {
    guard continues(row, batch.cells, batch.bytes.span) else {
      isCutRecordOpen = false
      return
    }
    let fault = RowFault(
      .recordTooLarge, line: Int(row.line), start: Int(row.rawStart), facts: [String(recordBytes)])
    batch.faults.append(.init(row: index, diagnostic: diagnostic(fault, row, batch.bytes)))
  }

  /// The diagnostic of `fault` in `row`, which belongs to the record that began last.
  private func diagnostic(_ fault: RowFault, _ row: RecordBatch.Row, _ bytes: [UInt8]) -> Diagnostic {
    var lineStart = fault.start
    while lineStart > Int(row.rawStart), bytes[lineStart - 1] != 0x0A, bytes[lineStart - 1] != 0x0D { lineStart -= 1 }
    let shown = bytes[fault.start..<max(fault.start, min(Int(row.rawEnd), fault.start + 120))]
    let found = fault.found ?? String(String(decoding: shown, as: UTF8.self).prefix(40))
    return Diagnostic(
      fault.rule,
      at: SourceLocation(file: file, line: fault.line, column: fault.start - lineStart + 1, record: recordCount),
      found: found, fault.facts.map(Argument.literal))
  }
}

// Rows that are no records.
extension TableShape {
  private mutating func leaveOut(_ row: RecordBatch.Row, _ kind: RowKind, _ batch: RecordBatch) {
    if kind == .blank {  // apart, since there can be millions
      blankCount += 1
      if firstBlankLine == 0 { firstBlankLine = Int(row.line) }
      return
    }
    let (reason, rule): (String, Rule) =
      switch kind {
      case .record, .blank: preconditionFailure("neither is left out here")
      case .repeatedHeader: ("repeated-header", .repeatedHeader)
      case .repeatedTitle: ("title", .repeatedHeader)
      case .totals: ("totals", .totalsRow)
      case .note: ("note", .noteRow)
      }
    skippedReasons[reason, default: 0] += 1
    if notes.isFull(rule) { notes.count(rule) } else { notes.append(note(rule, row, batch.bytes)) }
  }

  func note(_ rule: Rule, _ row: RecordBatch.Row, _ bytes: [UInt8]) -> Diagnostic {
    let text = bytes[Int(row.rawStart)..<min(Int(row.rawEnd), Int(row.rawStart) + 400)]
    return Diagnostic(
      rule, at: SourceLocation(file: file, line: Int(row.line)),
      found: String(String(decoding: text, as: UTF8.self).prefix(100)))
  }

  /// Cells beyond the last column that are blank are no cells.
  private mutating func dropSurplus(of row: inout RecordBatch.Row, _ batch: RecordBatch) {
    for column in columnCount..<Int(row.cellCount)
    where !isBlank(column, row, batch.cells, batch.bytes.span) {
      guard isSheet else { return }
      noteBeside(row, column, batch)
      break
    }
    if Int(row.cellCount) > headerWidth, !isSheet {
      if surplusCount == 0 { firstSurplusLine = Int(row.line) }
      surplusCount += 1
    }
    row.cellCount = UInt32(columnCount)
  }

  /// A cell of a sheet that stands to the right of the table.
  private mutating func noteBeside(_ row: RecordBatch.Row, _ column: Int, _ batch: RecordBatch) {
    let cell = batch.cells[Int(row.firstCell) + column]
    let text = batch.bytes[Int(cell.start)..<Int(cell.start) + min(400, Int(cell.count))]
    notes.append(
      Diagnostic(
        .cellsBesideTable,
        at: SourceLocation(file: file, line: Int(row.line), column: SourceLocation.sheetColumn(column)),
        found: String(String(decoding: text, as: UTF8.self).prefix(100))))
  }

  /// The notes of the whole file, when its last row was shaped.
  func finishedNotes() -> [Diagnostic] {
    var log = notes
    if blankCount > 0 {
      log.append(Diagnostic(.blankRow, at: SourceLocation(file: file, line: firstBlankLine)), count: blankCount)
    }
    if surplusCount > 0 {
      let place = SourceLocation(file: file, line: firstSurplusLine)
      log.append(Diagnostic(.surplusBlankCells, at: place), count: surplusCount)
    }
    let kinds = [("LF", lineEnds.lf), ("CRLF", lineEnds.crlf), ("CR", lineEnds.cr)].filter { $0.1 > 0 }
    if kinds.count > 1 {
      let found = kinds.map { "\($0.0) \($0.1)" }.joined(separator: ", ")
      log.append(Diagnostic(.mixedLineEnds, at: SourceLocation(file: file), found: found))
    }
    return log.finished()
  }
}

// Merged cells.
extension TableShape {
  /// Gives blank cells of the fill columns the value above, and remembers those that are not blank.
  private mutating func fill(
    _ row: RecordBatch.Row, _ filled: inout [RecordBatch.Cell?], _ batch: inout RecordBatch
  ) {
    for (place, column) in fillColumns.enumerated() where column < Int(row.cellCount) {
      let cell = Int(row.firstCell) + column
      if !isBlank(column, row, batch.cells, batch.bytes.span) {
        filled[place] = batch.cells[cell]
      } else if let above = filled[place] {
        batch.cells[cell] = above
      } else if !carried[place].isEmpty {
        let above = RecordBatch.Cell(start: batch.bytes.count, count: carried[place].count)
        batch.bytes.append(contentsOf: carried[place])
        filled[place] = above
        batch.cells[cell] = above
      }
    }
  }

  /// After a header, a title or a row that is not certain there is no value above.
  private mutating func forgetFill(_ filled: inout [RecordBatch.Cell?]) {
    for place in filled.indices {
      filled[place] = nil
      carried[place] = []
    }
  }

  private mutating func carry(_ filled: [RecordBatch.Cell?], _ bytes: [UInt8]) {
    for (place, cell) in filled.enumerated() {
      guard let cell else { continue }
      carried[place] = Array(bytes[Int(cell.start)..<Int(cell.start) + Int(cell.count)])
    }
  }
}
