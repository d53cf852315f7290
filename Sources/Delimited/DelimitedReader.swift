package import Bytes
package import Campaign
package import Diagnostics
package import Records

/// How much of a file the reader holds or looks at.
package struct DelimitedLimits: Sendable {
  /// Bytes of UTF-8 text that a record may have; below 512 MiB.
  package var recordBytes = 64 << 20
  /// Lines that a quoted cell may cover.
  package var quotedLines = 10_000
  /// Bytes of text that a batch covers, unless a record is bigger: the first of a file `firstBatchBytes`, so that tasks soon
  /// have work and end together where there is little of it; later ones more, up to `batchBytes`, since each has its price.
  package var batchBytes = 512 << 10
  package var firstBatchBytes = 256 << 10
  /// Bytes from the start of the file by which its dialect and header are found.
  package var headBytes = 256 << 10
  package init() {}
}

/// Reads delimited text (CSV, TSV …) as batches of records. Memory: a batch, or the largest record where that is larger.
///
/// What is no record (titles, header, totals, blank rows) is counted in `account.skipped` and named in `account.notes`; what
/// is wrong with a row is a fault of its record, which is then rejected; a whole file is refused when it is empty or holds no
/// row that could be the header.
package final class DelimitedReader: RecordReader {
  package private(set) var account = ReadingAccount()
  package let dialect: Dialect
  /// What the columns look like, where nobody says what the file should hold.
  package let profiles: ColumnProfiles?

  private let source: any ByteSource
  private let limits: DelimitedLimits
  private let columns: Columns
  private let tokenizer: Tokenizer
  private var shape: TableShape
  private var badBytes = BadBytes()
  private var tokens = TokenizedRows()
  /// Text that was read and is not in a batch yet.
  private var pending: [UInt8] = []
  /// Bytes of text that went into batches.
  private var passed = 0
  /// Bytes of text before the first batch.
  private let dataStart: Int
  /// Line of its first byte.
  private var line: Int
  private var hasEnded: Bool
  /// Whether `pending` begins inside a line that is too large.
  private var isPassingLine: Bool
  private var hasFinished = false

  /// Reads the start of the text and finds the dialect and the header.
  ///
  /// - Parameters:
  ///   - source: UTF-8 without byte order mark; best a `TextSource`, which tells of undecodable bytes.
  ///   - file: name of the file in diagnostics.
  ///   - fields: of the source; without fields the first full row is the header and no column has a field.
  ///   - fillDown: names of fields in which a blank cell takes the value above.
  ///   - continuation: names of fields; a row that is blank in all of them continues the record above.
  ///   - sheet: the marks, when the text is a sheet of a workbook; then no delimiter or quote is looked for.
  ///   - guessesHeight: without fields, whether the rows may say that there is no header, or that it has several rows.
  /// - Throws: `empty-file`, `header-not-found`, `dialect-unusable`, and what `source` throws.
  package init(
    source: any ByteSource, file: String, fields: [Field], options: DelimitedOptions = DelimitedOptions(),
    fillDown: [String] = [], continuation: [String] = [], limits: DelimitedLimits = DelimitedLimits(),
    guessesHeight: Bool = false, sheet: SheetMarks? = nil
  ) throws(ReadError) {
    self.source = source
    self.limits = limits
    var head = try Head(
      source, file: file, fields: fields, options: options, limits: limits, guessesHeight: guessesHeight, sheet: sheet)
    dialect = head.dialect
    profiles = guessesHeight ? head.profiles() : nil
    columns = head.place.columns
    var tokenizer = Tokenizer(head.dialect, file: file, limits: limits)
    tokenizer.columnCount = head.columnCount
    self.tokenizer = tokenizer
    shape = head.shape(fields: fields, fillDown: fillDown, continuation: continuation, limits: limits)
    badBytes.skip(head.bytes[..<head.dataStart], source.asText?.undecodable)
    dataStart = head.dataStart
    line = head.dataLine
    hasEnded = head.hasEnded
    isPassingLine = head.isInsideLine
    account.dialect = dialect.description
    account.dialectParts = dialect.parts
    account.columns = head.accountColumns(fields)
    pending = head.takeRest()
  }

  package func takeAccount() -> ReadingAccount {
    var taken = ReadingAccount()
    swap(&taken, &account)
    return taken
  }

  package func next(_ batch: inout RecordBatch) throws(ReadError) -> Bool {
    while !hasFinished {
      batch.removeAll()
      batch.columnOfField = columns.columnOfField
      batch.columnCount = shape.columnCount
      batch.isSheet = dialect.sheet != nil
      try fillBatch(&batch)
      if !batch.rows.isEmpty { return true }
    }
    batch.removeAll()
    return false
  }

  /// Makes a batch of the next piece of the text; it may be without rows.
  private func fillBatch(_ batch: inout RecordBatch) throws(ReadError) {
    // With room for the padding and for cells without their escapes.
    let share = 32
    let size = min(limits.batchBytes, max(limits.firstBatchBytes, passed / share))
    let expected = hasEnded ? pending.count : max(size, pending.count)
    if pending.count > size / 2 { swap(&batch.bytes, &pending) }
    batch.bytes.reserveCapacity(expected + expected / 16 + scanPadding)
    batch.bytes.append(contentsOf: pending)
    var wanted = max(size, batch.bytes.count)
    while true {
      hasEnded = try source.append(to: &batch.bytes, upTo: wanted) || hasEnded
      let limit = batch.bytes.count
      batch.bytes.append(contentsOf: repeatElement(0, count: scanPadding))
      var rest = tokenize(batch.bytes, limit)
      var isCut = false
      if !shape.continuationColumns.isEmpty, !hasEnded, !tokens.rows.isEmpty {
        isCut = !holdLastRecord(batch.bytes, &rest) && limit > limits.recordBytes
        if !isCut, tokens.rows.isEmpty { rest = Tokenizer.Rest(start: 0, line: line) }
      }
      if rest.start > 0 || rest.isOversized || hasEnded {
        finish(&batch, rest, limit: limit, isCut: isCut)
        return
      }
      tokens.removeAll()
      batch.bytes.removeLast(scanPadding)
      wanted = max(limit, wanted) * 2
    }
  }

  /// Finds the rows of `bytes[..<limit]`.
  private func tokenize(_ bytes: [UInt8], _ limit: Int) -> Tokenizer.Rest {
    var rest = Tokenizer.Rest(start: 0, line: line)
    let end: TextEnd = hasEnded ? .file : .more
    if isPassingLine {
      rest = tokenizer.passLine(bytes, from: 0, limit: limit, end: end, line: line)
      if rest.isOversized { return rest }
    }
    return tokenizer.tokenize(bytes, from: rest.start, limit: limit, end: end, line: rest.line, into: &tokens)
  }

  /// Takes the last record out of `tokens`, since it may go on behind the text and a record never crosses a batch; `false`
  /// when there is no other, and then nothing is left in `tokens` unless the record is too large to wait for more.
  private func holdLastRecord(_ bytes: [UInt8], _ rest: inout Tokenizer.Rest) -> Bool {
    guard let start = shape.lastStart(tokens, bytes), start > 0 else {
      if bytes.count - scanPadding <= limits.recordBytes { tokens.removeAll() }
      return false
    }
    rest = Tokenizer.Rest(start: Int(tokens.rows[start].rawStart), line: Int(tokens.rows[start].line))
    tokens.cut(toRows: start)
    return true
  }

  /// Makes records of the rows that were found, and keeps the text behind them.
  private func finish(_ batch: inout RecordBatch, _ rest: Tokenizer.Rest, limit: Int, isCut: Bool) {
    pending.removeAll(keepingCapacity: true)
    pending.append(contentsOf: batch.bytes[rest.start..<limit])
    line = rest.line
    batch.textStart = dataStart + passed
    batch.textCount = rest.start
    passed += rest.start
    isPassingLine = rest.isOversized
    badBytes.find(in: batch.bytes, end: rest.start, source.asText, &tokens)
    batch.bytes.removeLast(batch.bytes.count - rest.start)
    dialect.sheet?.replace(in: &batch.bytes, batch.bytes.indices)
    if let quote = dialect.quote { tokens.unescape(&batch.bytes, quote: quote, escape: dialect.escape) }
    shape.shape(&tokens, into: &batch, textEnd: rest.start, isCut: isCut)
    tokens.removeAll()
    hasFinished = hasEnded && rest.start >= limit
    account.records = shape.recordCount
    account.rows = shape.rowCount
    account.skipped = shape.skipped
    if hasFinished { account.notes = shape.finishedNotes() }
  }
}
