import Campaign
import Diagnostics
import Tables

/// The looks of cells; made once a workbook.
struct SheetFormats {
  let heading: Format
  let note: Format
  let text: Format
  let wrappedText: Format
  let code: Format
  let integer: Format
  let number: Format
  let share: Format
  let day: Format
  let boolean: Format

  init(_ workbook: borrowing Workbook) {
    heading = workbook.addFormat(FormatDescription(wraps: true, isCentered: true, isHeading: true))
    note = workbook.addFormat(FormatDescription(isNote: true))
    text = workbook.addFormat(FormatDescription())
    wrappedText = workbook.addFormat(FormatDescription(wraps: true))
    code = workbook.addFormat(FormatDescription(numberFormat: "@"))
    integer = workbook.addFormat(FormatDescription(numberFormat: "0"))
    number = workbook.addFormat(FormatDescription())
    share = workbook.addFormat(FormatDescription(numberFormat: "0.0%"))
    day = workbook.addFormat(FormatDescription(numberFormat: "yyyy-mm-dd", isCentered: true))
    boolean = workbook.addFormat(FormatDescription(isCentered: true))
  }
}

/// Fills one sheet with one table.
struct SheetWriter {
  private let table: Table
  private let columns: [Column]
  private let sheet: Sheet
  private let formats: SheetFormats
  private let language: Language
  private let place: String
  /// Per column: what a text cell looks like, and the width in digits of the standard font.
  private var textFormats: [Format]
  private var widths: [Int]
  /// Columns of long texts.
  private var wrapped: [Int] = []
  /// Rows so far, of which no more than `limit` are shown.
  private var total = 0
  private let limit: Int
  /// Bytes that the sheet takes in the temporary files of the library, at most.
  private(set) var room = 4_096
  private var text: [UInt8] = []

  private static let widestColumn = 60
  private static let measuredRows = 1_000

  init(_ table: Table, _ sheet: Sheet, _ formats: SheetFormats, _ language: Language, limit: Int, _ place: String) {
    self.table = table
    self.limit = limit
    columns = Array(table.columns.prefix(SheetLimits.columns))
    self.sheet = sheet
    self.formats = formats
    self.language = language
    self.place = place
    textFormats = columns.map { $0.kind == .code ? formats.code : formats.text }
    widths = columns.map { column in
      // Three digits for the arrow of the filter.
      DisplaySize(Array(column.heading[language].utf8).span, breakAt: Self.widestColumn, lineLimit: 2).width + 3
    }
  }

  private struct EnoughRows: Error {}

  /// Finds widths and looks of the columns from the first rows.
  mutating func measure() throws(WriteError) {
    var wraps = [Bool](repeating: false, count: columns.count)
    var widths = widths
    var rows = 0
    do {
      try table.rows.forEachRow { row in
        if rows == Self.measuredRows { throw EnoughRows() }
        rows += 1
        for index in columns.indices {
          let size = DisplaySize(row, row.cells[index], breakAt: Self.widestColumn)
          widths[index] = max(widths[index], size.width + 1)
          if size.lines > 1 { wraps[index] = true }
        }
      }
    } catch is EnoughRows {} catch { throw .rows(error, of: table.name) }
    self.widths = widths.map { min($0, Self.widestColumn) }
    for index in columns.indices where wraps[index] && columns[index].kind != .code {
      textFormats[index] = formats.wrappedText
      wrapped.append(index)
    }
  }

  mutating func writeHeading() throws(WriteError) {
    for (index, column) in columns.enumerated() {
      try write(column.heading[language], 0, index, formats.heading)
      do {
        // So that what a person writes into an empty cell stays as it is typed.
        try sheet.setWidth(widths[index], column: index, column.kind == .code ? formats.code : nil)
      } catch { throw WriteError(error, place) }
    }
    sheet.freezeHeading()
  }

  /// Rows up to the limit, then, if there are more, a row that says so and where all of them are.
  mutating func writeRows(fullExtension: String?, width: Int) async throws(WriteError) {
    if width > 1, table.rows.partCount > 1 {
      try await writeParts(width: width)
    } else {
      try writeRows()
    }
    try writeNote(fullExtension: fullExtension)
  }

  /// The same by one task.
  mutating func writeRows(fullExtension: String?) throws(WriteError) {
    try writeRows()
    try writeNote(fullExtension: fullExtension)
  }

  private mutating func writeRows() throws(WriteError) {
    let encoder = self.encoder
    var rows = SheetRows()
    do {
      try table.rows.forEachRow { row in
        encoder.append(row, to: &rows, isShown: total + rows.count < limit)
        guard rows.count >= 256 else { return }
        try write(rows)
        rows.removeAll()
      }
    } catch { throw .rows(error, of: table.name) }
    try write(rows)
  }

  /// Other tasks make the cells, a few parts ahead of the one that writes them.
  private mutating func writeParts(width: Int) async throws(WriteError) {
    let (encoder, source, name) = (self.encoder, table.rows, table.name)
    do {
      try await withThrowingTaskGroup(of: (Int, SheetRows).self) { group in
        var stream = PartsInOrder<SheetRows>(count: source.partCount, ahead: 2 * width)
        for _ in 0..<source.partCount {
          let shown = limit - total
          try write(
            try await stream.next(by: &group) { try encoder.rows(ofPart: $0, of: source, shown: shown) })
        }
      }
    } catch { throw .rows(error, of: name) }
  }

  private var encoder: SheetEncoder {
    SheetEncoder(
      columns: columns, tableWidth: table.columns.count, language: language, wrapped: wrapped, widths: widths)
  }

  private mutating func write(_ rows: borrowing SheetRows) throws(WriteError) {
    let first = total + 1
    total += rows.count
    room += rows.cells.count * 60 + rows.texts.count + min(rows.count, max(0, limit + 1 - first)) * 40
    do {
      let cells = rows.cells.span
      for index in cells.indices {
        let cell = cells[index]
        let (row, column) = (first + Int(cell.row), Int(cell.column))
        if row > limit { break }
        let format = format(cell.look, column)
        if cell.isText {
          try sheet.write(rows.texts, from: Int(cell.value), row, column, format)
        } else {
          try sheet.write(Double(bitPattern: cell.value), row, column, format)
        }
      }
      for height in rows.heights where first + height.row <= limit {
        try sheet.setHeight(lines: height.lines, row: first + height.row)
      }
    } catch { throw WriteError(error, place) }
  }

  @inline(__always)
  private func format(_ look: SheetRows.Look, _ column: Int) -> Format {
    switch look {
    case .ofColumn: textFormats[column]
    case .text: formats.text
    case .code: formats.code
    case .integer: formats.integer
    case .number: formats.number
    case .share: formats.share
    case .day: formats.day
    case .boolean: formats.boolean
    }
  }

  private mutating func writeNote(fullExtension: String?) throws(WriteError) {
    guard total > limit else { return }
    let file = fullExtension.map { "\(table.name).\($0)" }
    let note =
      switch language {
      case .zh: "共 \(total) 行，本表只列前 \(limit) 行" + (file.map { "；全部数据见 \($0)" } ?? "")
      case .en:
        "\(total) rows, of which the first \(limit) are shown" + (file.map { "; all of them are in \($0)" } ?? "")
      }
    try write(note, limit + 1, 0, formats.note)
  }

  private var rowCount: Int { min(total, limit) }

  mutating func finish() throws(WriteError) {
    guard !columns.isEmpty else { return }
    let textColumns = columns.indices.filter { columns[$0].kind == .code || columns[$0].kind == .text }
    do {
      try sheet.setPaper()
      try sheet.addFilter(lastRow: rowCount, lastColumn: columns.count - 1)
      try sheet.allowNumbersAsText(in: textColumns, lastRow: rowCount)
    } catch { throw WriteError(error, place) }
  }

  /// `nil` when there is nothing to show, or the table lacks the columns.
  func barChart(_ chart: Chart, sheetName: String) -> BarChart? {
    let shown = min(rowCount, chart.limit)
    let values = chart.values.compactMap { id in columns.firstIndex { $0.id == id } }
    guard shown > 0, !values.isEmpty, let labels = columns.firstIndex(where: { $0.id == chart.labels }) else {
      return nil
    }
    return BarChart(
      title: chart.title[language], sheet: sheet, sheetName: sheetName, rows: 1..<shown + 1, labelColumn: labels,
      valueColumns: values, isShare: values.allSatisfy { columns[$0].kind == .share },
      place: min(columns.count + 1, SheetLimits.columns - 1))
  }

  private mutating func write(_ words: String, _ row: Int, _ column: Int, _ format: Format) throws(WriteError) {
    text.removeAll(keepingCapacity: true)
    text.append(cell: Array(words.utf8).span)
    room += 100 + text.count * 6
    do { try sheet.write(text, from: 0, row, column, format) } catch { throw WriteError(error, place) }
  }
}
