import Bytes
import Campaign
import Delimited
import Diagnostics
import Encodings
import Records

/// The cells of a row, one behind the other.
struct LooseRow {
  var bytes: [UInt8] = []
  var ends: [Int] = []
  var line = 0

  func range(of cell: Int) -> Range<Int> { (cell == 0 ? 0 : ends[cell - 1])..<ends[cell] }

  mutating func removeAll() {
    bytes.removeAll(keepingCapacity: true)
    ends.removeAll(keepingCapacity: true)
  }

  mutating func append(_ cell: ArraySlice<UInt8>) {
    bytes.append(contentsOf: cell)
    ends.append(bytes.count)
  }
}

/// A delimited file read for itself, without a pipeline: every row that is readable is kept, whatever its shape. Rows that
/// do not fit are read again (`RowRepair`); lines of text below the table are notes, not records.
final class LenientTable {
  private let file: ReadableFile
  private let source: any ByteSource
  private let reader: DelimitedReader
  private var repair: RowRepair
  private(set) var account = ReadingAccount()
  private(set) var notes = CappedNotes()
  /// Rows that were handed over, and the cells of the longest.
  private(set) var rowCount = 0
  private(set) var widest = 0
  private var change: TableChange
  /// Where another table begins, and the last row and the number of rows from there on.
  private var other: (first: Int, last: Int, rows: Int)?
  /// Rows at the end of the file, so far, that may be notes below the table.
  private var held: [LooseRow] = []
  private static let mostHeld = 40
  /// Rows that were looked at together with others, which is costly.
  private var rereadings = 0
  private static let mostRereadings = 2000
  private static let rowsJoined = 8

  init(_ file: ReadableFile, _ options: ReadOptions) throws(ReadError) {
    self.file = file
    source = try file.text()
    reader = try DelimitedReader(
      source: source, file: file.path, fields: [], options: options.delimited, guessesHeight: true,
      sheet: file.sheet)
    account = reader.account
    repair = RowRepair(reader.dialect, columnCount: reader.account.columns.count, profiles: reader.profiles)
    change = TableChange(columns: reader.account.columns.count, profiles: reader.profiles)
    widest = account.columns.count
    if reader.dialect.headerRows == 0, options.headerRows == nil {
      notes.append(Diagnostic(.headerGuessed, at: SourceLocation(file: file.path, line: 1)))
    }
  }

  /// Name of the column at `place`, from 0: what the header says, else a name of its place.
  func header(_ place: Int) -> String {
    guard reader.dialect.headerRows > 0, place < account.columns.count, !account.columns[place].header.isEmpty else {
      return "column_\(place + 1)"
    }
    return account.columns[place].header
  }

  /// Hands the rows over in the order of the file; the row is lent for the time of the call. To be called once; then the
  /// account and the notes are complete.
  func forEachRow(_ body: (LooseRow) -> Void) throws(ReadError) {
    var batch = RecordBatch()
    var row = LooseRow()
    while try reader.next(&batch) {
      var fault = 0
      var next = 0
      while next < batch.rows.count {
        let index = next
        var isBroken = false
        while fault < batch.faults.count, batch.faults[fault].row <= index {
          let found = batch.faults[fault].diagnostic
          isBroken = isBroken || found.rule == .textAfterQuote || found.rule == .unclosedQuote
          var note = found
          note.severity = .warning
          notes.append(note)
          fault += 1
        }
        next = index + 1
        if isBroken || mayGoOn(index, batch), let (rows, end) = reread(index, batch) {
          passEach(of: rows, from: Int(batch.rows[index].line), &row, body)
          next = end
          continue
        }
        take(index, batch, isBroken: isBroken, &row)
        pass(&row, body)
      }
    }
    account = reader.account
    try finish(body)
  }

  /// Whether a row has too few cells and a quote inside one: a line break behind it may belong to a cell.
  private func mayGoOn(_ index: Int, _ batch: RecordBatch) -> Bool {
    let row = batch.rows[index]
    guard Int(row.cellCount) < account.columns.count, let quote = reader.dialect.quote else { return false }
    guard batch.bytes[Int(row.rawStart)..<Int(row.rawEnd)].contains(quote) else { return false }
    return batch.contents(of: row).contains { $0.contains(quote) }
  }

  /// The rows that a row whose quotes are at fault and the next few are, and the place of the row behind them.
  private func reread(_ index: Int, _ batch: RecordBatch) -> (rows: [[[UInt8]]], end: Int)? {
    guard rereadings < Self.mostRereadings else { return nil }
    rereadings += 1
    let text = raw(index, batch)
    // One row is tried by itself later.
    let hasBreaks = text.contains { $0 == 0x0A || $0 == 0x0D }
    if hasBreaks, let rows = repair.rows(of: text, mustSuit: true), rows.count > 1 { return (rows, index + 1) }
    if repair.cells(of: text, isBroken: true, mustSuit: true) != nil || repair.isShort(text) { return nil }
    for last in index + 1..<min(batch.rows.count, index + Self.rowsJoined) {
      var joined = Array(batch.bytes[Int(batch.rows[index].rawStart)..<Int(batch.rows[last].rawEnd)])
      while let end = joined.last, end == 0x0A || end == 0x0D { joined.removeLast() }
      if let rows = repair.rows(of: joined, mustSuit: true) { return (rows, last + 1) }
    }
    if hasBreaks, let rows = repair.rows(of: text), rows.count > 1 { return (rows, index + 1) }
    return nil
  }

  private func raw(_ index: Int, _ batch: RecordBatch) -> [UInt8] {
    var text = Array(batch.bytes[Int(batch.rows[index].rawStart)..<Int(batch.rows[index].rawEnd)])
    // A quote that is not closed before the end of the file takes the last line end with it.
    while let last = text.last, last == 0x0A || last == 0x0D { text.removeLast() }
    return text
  }

  /// Rows that an unclosed quote had made one.
  private func passEach(of rows: [[[UInt8]]], from line: Int, _ row: inout LooseRow, _ body: (LooseRow) -> Void) {
    for (place, cells) in rows.enumerated() {
      set(&row, cells, line: line + place)
      pass(&row, body)
    }
  }

  private func set(_ row: inout LooseRow, _ cells: [[UInt8]], line: Int) {
    row.removeAll()
    row.line = line
    for cell in cells { row.append(cell[...]) }
    if ReadableFile.undecodable(in: source).count > 0 { row.showUndecodable() }
    notes.append(Diagnostic(.rowReread, at: SourceLocation(file: file.path, line: line)))
  }

  /// Makes `row` of row `index` of the batch.
  private func take(_ index: Int, _ batch: RecordBatch, isBroken: Bool, _ row: inout LooseRow) {
    let written = batch.rows[index]
    let count = Int(written.cellCount)
    if file.sheet != nil {
      // The cells of a sheet are certain.
    } else if isBroken || count != account.columns.count {
      if let cells = repair.cells(of: raw(index, batch), isBroken: isBroken) {
        return set(&row, cells, line: Int(written.line))
      }
    } else if isStrange(written, batch) {
      let found = repair.cells(of: raw(index, batch), isBroken: false)
      if let found, found != batch.contents(of: written) { return set(&row, found, line: Int(written.line)) }
    } else if batch.isForeign(written, reader.dialect), let cells = repair.foreignCells(of: raw(index, batch)) {
      return set(&row, cells, line: Int(written.line))
    }
    row.removeAll()
    row.line = Int(written.line)
    for cell in batch.cells[Int(written.firstCell)..<Int(written.firstCell) + count] {
      row.append(batch.bytes[Int(cell.start)..<Int(cell.start) + Int(cell.count)])
    }
    if file.sheet == nil { noteShape(row) }
    if ReadableFile.undecodable(in: source).count > 0 { row.showUndecodable() }
  }

  /// Whether a row of the right number of cells may have them in the wrong places: cells were left out at its end or quotes
  /// stand inside others, and they do not suit their columns.
  private func isStrange(_ row: RecordBatch.Row, _ batch: RecordBatch) -> Bool {
    let hasQuotes = batch.hasStrayQuotes(row, reader.dialect)
    guard hasQuotes || batch.hasDroppedCells(row, reader.dialect), let profiles = reader.profiles else { return false }
    let cells = batch.contents(of: row)
    return !profiles.admits(cells) || hasQuotes && repair.isTorn(cells)
  }

  private func noteShape(_ row: LooseRow) {
    let expected = account.columns.count
    guard row.ends.count != expected else { return }
    let rule: Rule = row.ends.count < expected ? .missingCell : .extraCell
    notes.append(
      Diagnostic(
        rule, severity: .warning, at: SourceLocation(file: file.path, line: row.line),
        found: "\(row.ends.count)", [.literal("\(expected)")]))
  }

  /// Hands `row` over, unless it is of another table.
  private func pass(_ row: inout LooseRow, _ body: (LooseRow) -> Void) {
    if let other {
      self.other = (other.first, row.line, other.rows + 1)
      return
    }
    if change.isOrdinary(row) { return passOn(row, body) }
    switch change.see(row) {
    case .rows(let rows): for row in rows { passOn(row, body) }
    case .wait: break
    case .change(let header): other = (header.line, row.line, 2)
    }
  }

  /// Hands `row` over, unless it may be a note below the table.
  private func passOn(_ row: LooseRow, _ body: (LooseRow) -> Void) {
    if rowCount > 0, held.count < Self.mostHeld, row.mayBeNote(columns: account.columns.count) {
      held.append(row)
      return
    }
    release(body)
    emit(row, body)
  }

  private func release(_ body: (LooseRow) -> Void) {
    for row in held { emit(row, body) }
    held.removeAll()
  }

  private func emit(_ row: LooseRow, _ body: (LooseRow) -> Void) {
    rowCount += 1
    widest = max(widest, row.ends.count)
    body(row)
  }

  private func finish(_ body: (LooseRow) -> Void) throws(ReadError) {
    for row in change.rest() { passOn(row, body) }
    if let other {
      notes.append(
        Diagnostic(
          .anotherTable, at: SourceLocation(file: file.path, line: other.first),
          ["\(other.first)", "\(other.last)", "\(other.first - 1)"].map(Argument.literal)))
      account.skipped["another-table", default: 0] += other.rows
    }
    for row in held {
      notes.append(
        Diagnostic(
          .noteRow, at: SourceLocation(file: file.path, line: row.line),
          found: String(decoding: row.bytes.prefix(400), as: UTF8.self)))
      account.skipped["note", default: 0] += 1
    }
    held.removeAll()
    account.records = rowCount
    for note in account.notes + ReadableFile.notes(of: source) { notes.append(note) }
    account.notes = notes.finished(file: file.path)
  }
}

extension LooseRow {
  /// Whether the row is a line of text rather than a row of a table of `columns`.
  fileprivate func mayBeNote(columns: Int) -> Bool {
    guard columns > 1, ends.count <= columns else { return false }
    let filled = ends.indices.filter { place in bytes[range(of: place)].contains { $0 > 0x20 } }
    guard let first = filled.first, filled.count <= max(1, columns / 5), first <= 1 else { return false }
    let isTorn = ends.count < columns
    let text = String(decoding: bytes[range(of: first)].prefix(200), as: UTF8.self).lowercased()
    let words = [
      "note", "source", "*", "注", "备注", "附注", "说明", "资料来源", "数据来源", "填表", "制表", "审核", "generated", "copyright", "©",
      "†",
      "end of", "(c)",
    ]
    if words.contains(where: text.hasPrefix) { return true }
    if columns == 2 { return isTorn && text.count > 24 }
    // A row that was cut off has a value at its start; a note has words.
    return isTorn ? text.contains(" ") || text.utf8.contains { $0 > 0x7F } : text.count > 40
  }

  /// Writes the markers of undecodable bytes as ⟨C3⟩.
  fileprivate mutating func showUndecodable() {
    let marker = UndecodableBytes.marker
    guard bytes.indices.contains(where: { bytes[$0...].starts(with: marker) }) else { return }
    var shown = LooseRow()
    shown.line = line
    for place in ends.indices { shown.append(shownUndecodable(bytes[range(of: place)])[...]) }
    self = shown
  }
}

/// `text` with the markers of undecodable bytes written as ⟨C3⟩.
func shownUndecodable(_ text: ArraySlice<UInt8>) -> [UInt8] {
  var shown: [UInt8] = []
  var at = text.startIndex
  while at < text.endIndex {
    if text[at] == UndecodableBytes.marker[0], at + UndecodableBytes.markedCount <= text.endIndex,
      text[at...].starts(with: UndecodableBytes.marker)
    {
      shown += Array("⟨".utf8)
      shown += text[(at + UndecodableBytes.marker.count)..<(at + UndecodableBytes.markedCount)]
      shown += Array("⟩".utf8)
      at += UndecodableBytes.markedCount
    } else {
      shown.append(text[at])
      at += 1
    }
  }
  return shown
}

/// Notes on a file: the first of each rule are kept, all are counted.
struct CappedNotes {
  private var notes: [Diagnostic] = []
  private var counts: [Rule: Int] = [:]
  private static let keptPerRule = 100

  mutating func append(_ note: Diagnostic) {
    counts[note.rule, default: 0] += 1
    if counts[note.rule, default: 0] <= Self.keptPerRule { notes.append(note) }
  }

  /// The notes, and for each rule that has more how many there are.
  func finished(file: String) -> [Diagnostic] {
    let many = counts.filter { $0.value > Self.keptPerRule }.sorted { $0.key.id < $1.key.id }
    return notes
      + many.map { rule, count in
        Diagnostic(.moreOfTheSame, at: SourceLocation(file: file), [.literal(rule.id), .literal("\(count)")])
      }
  }
}
