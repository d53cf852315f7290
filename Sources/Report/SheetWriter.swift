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
  private var rowCount = 0
  /// Bytes that the sheet takes in the temporary files of the library, at most.
  private(set) var room = 4_096
  private var text: [UInt8] = []

  private static let widestColumn = 60
  private static let measuredRows = 1_000
  /// Lines of a row: what is longer is read in the cell itself, so that a row never fills the screen.
  private static let tallestRow = 12

  init(_ table: Table, _ sheet: Sheet, _ formats: SheetFormats, _ language: Language, _ place: String) {
    self.table = table
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
          let size = Self.size(row, row.cells[index])
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

  private static func size(
    _ row: borrowing TableRow, _ cell: TableRow.Cell, breakAt limit: Int = widestColumn
  ) -> DisplaySize {
    var size = DisplaySize()
    switch cell {
    case .blank: break
    case .text(let start, let end):
      row.withText(start, end) { size = DisplaySize($0, breakAt: limit, lineLimit: tallestRow) }
    case .integer(let number): size.width = String(number).utf8.count
    case .number, .day: size.width = 10
    case .boolean: size.width = 4
    }
    return size
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

  /// Rows up to `limit`, then, if there are more, a row that says so and where all of them are.
  mutating func writeRows(limit: Int, fullExtension: String?) throws(WriteError) {
    var total = 0
    do {
      try table.rows.forEachRow { row in
        total += 1
        if total <= limit { try write(row, total) }
      }
    } catch { throw .rows(error, of: table.name) }
    rowCount = min(total, limit)
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
    do { try sheet.write(text, row, column, format) } catch { throw WriteError(error, place) }
  }

  private mutating func write(_ row: borrowing TableRow, _ rowNumber: Int) throws(WriteError) {
    let cells = row.cells
    precondition(cells.count == table.columns.count, "a row has as many cells as its table has columns")
    room += 40
    do {
      for index in columns.indices { try write(row, cells[index], rowNumber, index) }
      let lines = wrapped.reduce(1) { max($0, Self.size(row, cells[$1], breakAt: widths[$1] - 1).lines) }
      // Not all programs fit the height of a row to its text when they open a file.
      if lines > 1 { try sheet.setHeight(lines: lines, row: rowNumber) }
    } catch { throw WriteError(error, place) }
  }

  private mutating func write(
    _ row: borrowing TableRow, _ cell: TableRow.Cell, _ rowNumber: Int, _ column: Int
  ) throws(WorkbookError) {
    room += 60
    switch cell {
    case .blank: break
    case .text(let start, let end):
      text.removeAll(keepingCapacity: true)
      row.withText(start, end) { text.append(cell: $0) }
      room += text.count
      if text.count > 1 { try sheet.write(text, rowNumber, column, textFormats[column]) }
    case .integer(let number): try write(number, rowNumber, column)
    case .number(let number):
      let format = columns[column].kind == .share ? formats.share : formats.number
      if number.isFinite { try sheet.write(number, rowNumber, column, format) }
    case .day(let day): try write(day, rowNumber, column)
    case .boolean(let truth):
      text.removeAll(keepingCapacity: true)
      text.append(contentsOf: word(for: truth, language).utf8)
      text.append(0)
      try sheet.write(text, rowNumber, column, formats.boolean)
    }
  }

  /// A sheet's numbers are doubles: beyond 2^53 an integer keeps its digits as text only.
  private mutating func write(_ number: Int, _ row: Int, _ column: Int) throws(WorkbookError) {
    if let double = Double(exactly: number), abs(double) < 1e15 {
      return try sheet.write(double, row, column, formats.integer)
    }
    text.removeAll(keepingCapacity: true)
    text.append(decimal: number)
    text.append(0)
    try sheet.write(text, row, column, formats.code)
  }

  /// Sheets count days from 1900-01-01 and believe in a 29 February of that year: days before March 1900 are written as text.
  private mutating func write(_ day: Day, _ row: Int, _ column: Int) throws(WorkbookError) {
    let serial = Int(day.number) + 25_569
    if (61...2_958_465).contains(serial) { return try sheet.write(Double(serial), row, column, formats.day) }
    text.removeAll(keepingCapacity: true)
    text.append(day: day)
    text.append(0)
    try sheet.write(text, row, column, formats.text)
  }
}
