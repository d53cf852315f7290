import Bytes
import Campaign
import Diagnostics
import Records

/// The start of a delimited file: its dialect, what stands above the table, its header.
struct Head {
  let file: String
  let dialect: Dialect
  let place: HeaderPlace
  /// `limit` bytes of text and padding.
  private(set) var bytes: [UInt8] = []
  private(set) var limit = 0
  private(set) var hasEnded = false
  /// First byte below the header, and its line.
  let dataStart: Int
  let dataLine: Int
  /// Cells that a record has: those of the header without the blank columns at its end.
  let columnCount: Int
  /// Whether `dataStart` is inside a header that is too large.
  let isInsideLine: Bool
  private let rows: TokenizedRows
  private let texts: [[String]]
  private let options: DelimitedOptions

  /// Bytes within which the header must stand.
  private static let largest = 8 << 20

  init(
    _ source: any ByteSource, file: String, fields: [Field], options: DelimitedOptions, limits: DelimitedLimits,
    guessesHeight: Bool = false, sheet: SheetMarks? = nil
  ) throws(ReadError) {
    self.file = file
    var options = options
    if let sheet {
      options.delimiter = String(UnicodeScalar(sheet.cell))
      options.quote = ""
      options.escape = ""
    }
    self.options = options
    let sniffer = DialectSniffer(
      fields, options, file: file, limits: limits, guessesHeight: guessesHeight)
    var wanted = limits.headBytes
    var reading: DialectSniffer.Reading
    while true {
      // With room for what `DelimitedReader` adds to it.
      bytes.reserveCapacity(wanted + wanted / 16 + scanPadding)
      hasEnded = try source.append(to: &bytes, upTo: wanted) || hasEnded
      limit = bytes.count
      bytes.append(contentsOf: repeatElement(0, count: scanPadding))
      let end: TextEnd = hasEnded ? .file : limit >= min(limits.recordBytes, Self.largest) ? .limit : .more
      reading = try sniffer.sniff(bytes, limit: limit, end: end)
      if end != .more || !reading.rows.isBlank(bytes) { break }
      bytes.removeLast(scanPadding)
      wanted *= 2
    }
    if hasEnded, reading.rows.isBlank(bytes) {
      throw ReadError(Diagnostic(.fileEmpty, at: SourceLocation(file: file)))
    }
    rows = reading.rows
    var text = bytes
    sheet?.replace(in: &text, text.indices)
    // Most headers are seen without the texts of the rows below.
    let first = rows.unescapedTexts(text, count: HeaderFinder.early, reading.dialect)
    let isLonger = rows.rows.count > HeaderFinder.early
    let isLookedFor = isLonger && !guessesHeight
    let complete = isLookedFor ? reading.header ?? sniffer.header.findComplete(in: first[...]) : nil
    var texts = first
    if isLonger, complete == nil {
      texts = rows.unescapedTexts(text, count: sniffer.header.searchedRows, reading.dialect)
    }
    var rest: HeaderRepair.Rest?
    if guessesHeight, options.headerRows != 0, sheet == nil {
      rest = HeaderRepair(rows, bytes, reading.dialect, options, width: TableGuess.usualWidth(texts)).mend(&texts)
    }
    self.texts = texts
    guard var place = complete ?? (isLookedFor ? sniffer.header.findAmongAll(texts) : sniffer.header.find(in: texts))
    else {
      throw Self.headerNotFound(file, fields, rows, text)
    }
    if guessesHeight { place.widen(toMostOf: Array(texts.dropFirst(place.skip + place.height))) }
    self.place = place
    var dialect = reading.dialect
    dialect.skip = place.skip
    dialect.headerRows = place.height
    dialect.sheet = sheet
    self.dialect = dialect
    let below = place.skip + place.height
    let next = below < rows.rows.count ? rows.rows[below] : nil
    dataStart = rest?.start ?? next.map { Int($0.rawStart) } ?? reading.rest.start
    dataLine = rest?.line ?? next.map { Int($0.line) } ?? reading.rest.line
    isInsideLine = below >= rows.rows.count && reading.rest.isOversized
    columnCount = Self.columnCount(place, rows, bytes)
    sheet?.replace(in: &bytes, 0..<dataStart)
  }

  /// Columns without label at the end of the header are no columns, as long as nothing stands in them.
  private static func columnCount(_ place: HeaderPlace, _ rows: TokenizedRows, _ bytes: [UInt8]) -> Int {
    var count = place.columns.labels.count
    let blank = place.columns.labels.reversed().prefix { $0.isEmpty }.count
    guard blank > 0, blank < count else { return count }
    count -= blank
    for row in rows.rows.dropFirst(place.skip + place.height) {
      for column in stride(from: Int(row.cellCount) - 1, to: count - 1, by: -1)
      where column < place.columns.labels.count {
        let cell = rows.cells[Int(row.firstCell) + column]
        let range = Int(cell.start)..<Int(cell.start) + Int(cell.count)
        if firstInk(bytes.span, range) < range.upperBound { count = column + 1 }
      }
    }
    return count
  }

  private static func headerNotFound(
    _ file: String, _ fields: [Field], _ rows: TokenizedRows, _ bytes: [UInt8]
  ) -> ReadError {
    let first = rows.rows.first { rows.hasInk($0, bytes) }
    let text = first.map { String(decoding: bytes[Int($0.rawStart)..<Int($0.rawEnd)].prefix(400), as: UTF8.self) }
    let shown = 20
    let separator = LocalizedText(zh: "、", en: ", ")
    let list = { (language: Language) in
      fields.prefix(shown).map { $0.title[language] }.joined(separator: separator[language])
        + (fields.count > shown ? " …" : "")
    }
    return ReadError(
      Diagnostic(
        .headerNotFound, at: SourceLocation(file: file, line: first.map { Int($0.line) } ?? 1),
        found: String((text ?? "").prefix(200)), [.word(LocalizedText(zh: list(.zh), en: list(.en)))]))
  }
}

extension Head {
  /// The text below the header, which is no longer here then.
  mutating func takeRest() -> [UInt8] {
    var rest: [UInt8] = []
    swap(&rest, &bytes)
    rest.removeLast(rest.count - limit)
    rest.removeFirst(dataStart)
    return rest
  }

  /// Of the rows below the header that are regular.
  func profiles() -> ColumnProfiles? {
    let learned = 300
    var regular = TokenizedRows()
    regular.cells = rows.cells
    regular.escapedCells = rows.escapedCells
    let faulty = Set(rows.faults.map(\.row))
    for (index, row) in rows.rows.enumerated().dropFirst(place.skip + place.height)
    where Int(row.cellCount) == columnCount && !faulty.contains(index) && regular.rows.count < learned {
      regular.rows.append(row)
    }
    var text = bytes
    if let quote = dialect.quote { regular.unescape(&text, quote: quote, escape: dialect.escape) }
    let cells = regular.rows.map { row in
      regular.cells[Int(row.firstCell)..<Int(row.firstCell) + Int(row.cellCount)].map { cell in
        Array(text[Int(cell.start)..<Int(cell.start) + Int(cell.count)])
      }
    }
    return ColumnProfiles(cells, width: columnCount)
  }

  func accountColumns(_ fields: [Field]) -> [(header: String, field: String?)] {
    place.columns.labels.prefix(columnCount).enumerated().map { column, label in
      (label, place.columns.fieldOfColumn[column].map { fields[$0].name })
    }
  }

  /// The state in which the rows below the header are read; what stands above them is counted and noted in it.
  func shape(
    fields: [Field], fillDown: [String], continuation: [String], limits: DelimitedLimits
  ) -> TableShape {
    let header = place.skip..<min(place.skip + place.height, texts.count)
    let classifier = RowClassifier(
      header: texts[header], titles: texts[..<min(place.skip, texts.count)], fields: fields, columns: place.columns,
      columnCount: columnCount, totals: options.totals)
    let column = { (name: String) -> Int? in
      guard let field = fields.firstIndex(where: { $0.name == name }) else { return nil }
      let column = Int(place.columns.columnOfField[field])
      return column >= 0 ? column : nil
    }
    var shape = TableShape(
      file: file, classifier: classifier, columnCount: columnCount,
      headerWidth: place.columns.labels.count, fillColumns: fillDown.compactMap(column),
      continuationColumns: continuation.compactMap(column), recordBytes: limits.recordBytes,
      isSheet: dialect.sheet != nil && !fields.isEmpty)
    for row in rows.rows.prefix(place.skip) {
      if rows.hasInk(row, bytes) {
        shape.skippedReasons["title", default: 0] += 1
        shape.notes.append(shape.note(.titleRowsSkipped, row, bytes))
      } else {
        shape.blankCount += 1
        if shape.firstBlankLine == 0 { shape.firstBlankLine = Int(row.line) }
      }
    }
    if place.height > 0 { shape.skippedReasons["header"] = place.height }
    shape.rowCount = place.skip + place.height
    if !fields.isEmpty, place.height > 0 { noteColumns(fields, &shape.notes) }
    if place.columns.labels.count > columnCount { shape.notes.append(Diagnostic(.trailingSeparator, at: headerPlace)) }
    return shape
  }

  private var headerPlace: SourceLocation {
    SourceLocation(file: file, line: place.skip < rows.rows.count ? Int(rows.rows[place.skip].line) : 1)
  }

  /// What is wrong with the header.
  private func noteColumns(_ fields: [Field], _ notes: inout NoteLog) {
    var seen: Set<String> = []
    for (column, label) in place.columns.labels.prefix(columnCount).enumerated() {
      let isRepeated = !seen.insert(folded(label)).inserted
      if label.isEmpty {
        notes.append(Diagnostic(.blankLabel, at: headerPlace, [.literal(String(column + 1))]))
      } else if isRepeated || place.columns.duplicates.contains(column) {
        notes.append(Diagnostic(.duplicateLabel, at: headerPlace, found: label))
      } else if place.columns.fieldOfColumn[column] == nil {
        notes.append(Diagnostic(.extraLabel, at: headerPlace, found: label))
      }
    }
    for (field, column) in zip(fields, place.columns.columnOfField) where column < 0 {
      var location = headerPlace
      location.field = field.name
      notes.append(Diagnostic(.missingLabel, at: location, [.word(field.title)]))
    }
    let order = place.columns.columnOfField.filter { $0 >= 0 }
    if order != order.sorted() { notes.append(Diagnostic(.incorrectLabel, at: headerPlace)) }
  }
}

extension TokenizedRows {
  func hasInk(_ row: RecordBatch.Row, _ bytes: [UInt8]) -> Bool {
    cells[Int(row.firstCell)..<Int(row.firstCell) + Int(row.cellCount)].contains { cell in
      let range = Int(cell.start)..<Int(cell.start) + Int(cell.count)
      return firstInk(bytes.span, range) < range.upperBound
    }
  }

  /// Whether there is no row with anything in it.
  func isBlank(_ bytes: [UInt8]) -> Bool { !rows.contains { hasInk($0, bytes) } }

  func unescapedTexts(_ bytes: [UInt8], count: Int, _ dialect: Dialect) -> [[String]] {
    var copy = self
    copy.cut(toRows: count)
    guard let quote = dialect.quote, !copy.escapedCells.isEmpty, let last = copy.rows.last else {
      return copy.texts(bytes, count: count)
    }
    let cells = copy.cells.last.map { Int($0.start) + Int($0.count) } ?? 0
    var text = Array(bytes[..<min(bytes.count, max(cells, Int(last.rawEnd)) + scanPadding)])
    copy.unescape(&text, quote: quote, escape: dialect.escape)
    return copy.texts(text, count: count)
  }
}
