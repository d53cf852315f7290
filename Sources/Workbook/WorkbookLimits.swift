import Diagnostics

/// What one workbook may cost before it is refused. A sheet of 1,048,576 rows is far below these.
package struct WorkbookLimits: Sendable, Hashable {
  package var sheets = 1000
  /// Bytes of the text of one cell; Excel allows 32,767 characters.
  package var cell = 256 << 10
  /// Bytes of the text of one row: a few bytes of a sheet may name a long shared text, or be merged over many columns.
  package var row = 32 << 20
  /// Bytes of all shared texts together, which are in memory, and their number.
  package var sharedText = 256 << 20
  package var sharedItems = 16 << 20
  /// Bytes of text that one sheet may come to.
  package var sheetText = 4 << 30
  /// Ranges of merged cells in one sheet.
  package var merges = 200_000
  /// Cell formats, and bytes of one format.
  package var formats = 100_000
  package var formatCode = 2000
  /// Bytes of one tag, its attributes, and bytes of a comment.
  package var tag = 64 << 10
  package var attributes = 500
  package var section = 4 << 20
  package init() {}
}

/// Rows and columns of a sheet.
let sheetRows = 1 << 20
let sheetColumns = 1 << 14

enum Excess {
  case sheets, cell, row, sharedText, sharedItems, sheetText, merges, formats, tag, attributes, section, parts

  var what: LocalizedText {
    switch self {
    case .sheets: LocalizedText(zh: "工作表数", en: "sheets")
    case .cell: LocalizedText(zh: "一个单元格的字节数", en: "bytes of a cell")
    case .row: LocalizedText(zh: "一行文字的字节数", en: "bytes of a row")
    case .sharedText: LocalizedText(zh: "共享字符串的字节数", en: "bytes of shared strings")
    case .sharedItems: LocalizedText(zh: "共享字符串的个数", en: "shared strings")
    case .sheetText: LocalizedText(zh: "一个工作表文字的字节数", en: "bytes of the text of a sheet")
    case .merges: LocalizedText(zh: "合并区域数", en: "merged ranges")
    case .formats: LocalizedText(zh: "单元格格式数", en: "cell formats")
    case .tag: LocalizedText(zh: "一个标签的字节数", en: "bytes of a tag")
    case .attributes: LocalizedText(zh: "一个标签的属性数", en: "attributes of a tag")
    case .section: LocalizedText(zh: "一段注释的字节数", en: "bytes of a comment")
    case .parts: LocalizedText(zh: "部件之间的关系数", en: "relationships")
    }
  }
}

func exceeded(_ file: String, _ excess: Excess, _ limit: Int) -> ReadError {
  ReadError(Diagnostic(.workbookLimit, at: SourceLocation(file: file), [.word(excess.what), .literal("\(limit)")]))
}

func damaged(_ file: String, part: String, zh: String, en: String) -> ReadError {
  ReadError(
    Diagnostic(
      .workbookDamaged, at: SourceLocation(file: file),
      [.literal(printable(part)), .word(LocalizedText(zh: zh, en: en))]))
}
