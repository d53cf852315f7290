import Campaign
import Records

/// What a row of the table is. It depends on the row alone, never on the rows around it.
enum RowKind {
  case record, blank, repeatedHeader, repeatedTitle, totals, note
}

/// Tells the rows that are no records. Nearly every row is a record and is let through by its first character.
struct RowClassifier {
  private static let totalsWords = [
    "合计", "总计", "小计", "共计", "累计", "总数", "合计数", "本页小计", "本页合计", "total", "subtotal", "grandtotal", "sub-total", "sum",
  ]
  private static let noteWords = [
    "注", "备注", "附注", "说明", "填表说明", "填表人", "填报人", "填表单位", "填报单位", "审核", "审核人", "制表", "制表人", "负责人", "联系人", "note",
    "notes",
    "source", "preparedby",
  ]

  /// Rows above and in the header, cell by cell without white space at the ends.
  private var headerRows: [[String]] = []
  private var titleRows: [[String]] = []
  private let declaredWords: [String]?
  /// Columns of fields that must have a value.
  private let requiredColumns: [Int]
  private let columnCount: Int
  /// By a hash of how a first cell begins, whether it is looked at.
  private var suspects = [Bool](repeating: false, count: 4096)

  init(
    header: ArraySlice<[String]>, titles: ArraySlice<[String]>, fields: [Field], columns: Columns, columnCount: Int,
    totals: [String]?
  ) {
    declaredWords = totals?.map(folded).filter { !$0.isEmpty }
    requiredColumns = zip(fields, columns.columnOfField).compactMap { field, column in
      field.constraints.isRequired && column >= 0 ? Int(column) : nil
    }
    self.columnCount = columnCount
    headerRows = header.map(Self.comparable)
    titleRows = titles.map(Self.comparable).filter { !$0.isEmpty }
    for row in headerRows + titleRows { suspect(row.first { !$0.isEmpty } ?? "") }
    for word in declaredWords ?? Self.totalsWords + Self.noteWords { suspect(word) }
    suspects[0] = true  // full-width letters: rare enough to be looked at always
  }

  /// Trimmed cells without the blank ones at the end.
  private static func comparable(_ row: [String]) -> [String] {
    var cells = row.map(trimmed)
    while cells.last?.isEmpty == true { cells.removeLast() }
    return cells
  }

  private mutating func suspect(_ text: String) {
    let bytes = Array(text.utf8)
    if !bytes.isEmpty { suspects[Self.lead(bytes.span, at: 0, end: bytes.count)] = true }
  }

  /// Hash of the first character at `at`, or of the first two when they are ASCII, in either case; all full-width ones are
  /// one.
  @inline(__always)
  private static func lead(_ bytes: Span<UInt8>, at: Int, end: Int) -> Int {
    let first = Int(bytes[at])
    let second = at + 1 < end ? Int(bytes[at + 1]) : 0
    if first < 0x80 { return (first | 0x20) << 4 ^ (second < 0x80 ? second | 0x20 : 0) }
    if first == 0xEF { return 0 }
    let third = at + 2 < end ? Int(bytes[at + 2]) : 0
    return (first << 8 ^ second << 6 ^ third) & 4095
  }

  /// Whether the first cell of a row is so much unlike the first of a row that is no record that nothing else of it need be
  /// looked at.
  @inline(__always)
  func isCertainRecord(first cell: RecordBatch.Cell, _ bytes: Span<UInt8>) -> Bool {
    let range = Int(cell.start)..<Int(cell.start) &+ Int(cell.count)
    guard !range.isEmpty else { return false }
    let byte = bytes[range.lowerBound]
    guard byte > 0x20, byte < 0x80 || firstInk(bytes, range) == range.lowerBound else { return false }
    return !suspects[Self.lead(bytes, at: range.lowerBound, end: range.upperBound)]
  }

  @inline(__always)
  func kind(of row: RecordBatch.Row, _ cells: [RecordBatch.Cell], _ text: [UInt8]) -> RowKind {
    let bytes = text.span
    let first = Int(row.firstCell)
    for index in first..<first &+ Int(row.cellCount) {
      let range = Int(cells[index].start)..<Int(cells[index].start) &+ Int(cells[index].count)
      let ink = firstInk(bytes, range)
      guard ink < range.upperBound else { continue }
      return suspects[Self.lead(bytes, at: ink, end: range.upperBound)]
        ? kindOfSuspect(row, cells, text, inkColumn: index - first) : .record
    }
    return .blank
  }

  private func kindOfSuspect(
    _ row: RecordBatch.Row, _ cells: [RecordBatch.Cell], _ bytes: [UInt8], inkColumn: Int
  ) -> RowKind {
    let text = { (column: Int) -> String in
      guard column < Int(row.cellCount) else { return "" }
      let cell = cells[Int(row.firstCell) + column]
      return String(decoding: bytes[Int(cell.start)..<Int(cell.start) + Int(cell.count)], as: UTF8.self)
    }
    if headerRows.contains(where: { matches($0, row, text) }) { return .repeatedHeader }
    if titleRows.contains(where: { matches($0, row, text) }) { return .repeatedTitle }

    let lead = folded(String(text(inkColumn).prefix(64)))
    if let declaredWords {
      return declaredWords.contains(where: lead.hasPrefix) ? .totals : .record
    }
    let isTotals = Self.totalsWords.contains(where: lead.hasPrefix)
    guard isTotals || Self.noteWords.contains(where: lead.hasPrefix) else { return .record }
    if isTotals, Self.totalsWords.contains(where: { isWhole(lead, $0) }) { return .totals }
    if Self.noteWords.contains(where: { lead.hasPrefix($0 + ":") }) { return .note }
    return isPlausible(row, text) ? .record : isTotals ? .totals : .note
  }

  private func matches(_ known: [String], _ row: RecordBatch.Row, _ text: (Int) -> String) -> Bool {
    guard known.count <= Int(row.cellCount) else { return false }
    for (column, cell) in known.enumerated() where trimmed(text(column)) != cell { return false }
    for column in known.count..<Int(row.cellCount) where !trimmed(text(column)).isEmpty { return false }
    return true
  }

  /// Whether `lead` is `word`, with a colon or brackets behind it at most: 合计：, Total (18).
  private func isWhole(_ lead: String, _ word: String) -> Bool {
    guard lead.hasPrefix(word) else { return false }
    guard let next = lead.dropFirst(word.count).first else { return true }
    return next == ":" || next == "("
  }

  /// Whether a row that begins like a total or a note may be a record all the same (注册中心, Total Wine): it has what a record
  /// must have, and most of its cells are filled.
  private func isPlausible(_ row: RecordBatch.Row, _ text: (Int) -> String) -> Bool {
    if requiredColumns.contains(where: { folded(text($0)).isEmpty }) { return false }
    let filled = (0..<Int(row.cellCount)).count { !folded(text($0)).isEmpty }
    return filled * 2 > columnCount || columnCount == 1
  }
}
