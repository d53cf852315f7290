import Bytes
package import Diagnostics

/// The text of one sheet: a line for each row, `SheetMark.cell` between cells. Line n is row n. Memory: a row, a block of the
/// text, and what the workbook shares.
package final class SheetSource: ByteSource {
  private let parser: SheetParser
  private let file: String
  private let isHidden: Bool
  private var start = 0
  private var isDone = false

  init(_ parser: SheetParser, file: String, isHidden: Bool) {
    self.parser = parser
    self.file = file
    self.isHidden = isHidden
  }

  package func read(into buffer: UnsafeMutableRawBufferPointer) throws(ReadError) -> Int {
    guard unsafe !buffer.isEmpty else { return 0 }
    while true {
      if start < parser.output.count {
        let count = min(buffer.count, parser.output.count - start)
        unsafe buffer.copyBytes(from: parser.output[start..<start + count])
        start += count
        return count
      }
      if isDone { return 0 }
      parser.output.removeAll(keepingCapacity: true)
      start = 0
      while parser.output.count < 32 << 10, !isDone { isDone = try !parser.advance() }
    }
  }

  /// What a person should know of the sheet; complete when it was read to its end.
  package var notes: [Diagnostic] {
    var notes: [Diagnostic] = []
    let account = parser.account
    let columns = account.hiddenColumns.reduce(0) { count, range in
      count + max(0, min(range.upperBound, account.widest - 1) - range.lowerBound + 1)
    }
    var parts: [(zh: String, en: String)] = []
    if isHidden { parts.append(("整个工作表", "the sheet itself")) }
    if account.hiddenRows > 0 { parts.append(("\(account.hiddenRows) 行", "\(account.hiddenRows) rows")) }
    if columns > 0 { parts.append(("\(columns) 列", "\(columns) columns")) }
    if !parts.isEmpty {
      let text = LocalizedText(
        zh: parts.map(\.zh).joined(separator: "、"), en: parts.map(\.en).joined(separator: ", "))
      notes.append(Diagnostic(.sheetHidden, at: SourceLocation(file: file), [.word(text)]))
    }
    if parser.merges.filledCount > 0 {
      notes.append(
        Diagnostic(
          .mergedCellsFilled, at: SourceLocation(file: file, line: parser.merges.firstFilledRow),
          [.literal("\(parser.merges.filledCount)")]))
    }
    if account.rounded > 0 {
      notes.append(
        Diagnostic(
          .numberRounded,
          at: SourceLocation(
            file: file, line: account.firstRounded.row,
            column: SourceLocation.sheetColumn(account.firstRounded.column)), [.literal("\(account.rounded)")]))
    }
    return notes
  }
}
