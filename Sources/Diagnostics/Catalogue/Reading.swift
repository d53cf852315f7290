// Read, delimited text.
extension Catalogue {
  static let reading: [Rule] = [
    .encodingUnknown, .mixedEncoding, .encodingError, .dialectUnusable, .headerNotFound, .textAfterQuote,
    .unclosedQuote, .nulByte,
    .recordTooLarge, .missingLabel, .extraLabel, .duplicateLabel, .blankLabel, .incorrectLabel, .titleRowsSkipped,
    .repeatedHeader, .totalsRow, .noteRow, .blankRow, .trailingSeparator, .surplusBlankCells, .mixedLineEnds,
  ]
}

// The file as a whole.
extension Rule {
  package static let encodingUnknown = Rule(
    "encoding-unknown", title: ("不认识的编码", "an unknown encoding"),
    expected: ("系统能解码的编码，如 {0}", "an encoding that this system decodes, such as {0}"),
    fix: ("改正 encoding", "Correct `encoding`"))
  package static let mixedEncoding = Rule(
    "mixed-encoding", .warning, title: ("一个文件里混用了几种编码", "a file in more than one encoding"),
    expected: ("全文一种编码（{0}）", "one encoding throughout ({0})"),
    fix: ("请该组用一种编码重新导出", "Ask the team to export the file again in one encoding"))
  package static let dialectUnusable = Rule(
    "dialect-unusable", title: ("分隔符或引号的设定不可用", "a delimiter, quote or escape that cannot be used"),
    expected: ("{0}", "{0}"), fix: ("改正流程文件", "Correct the pipeline file"))
  package static let headerNotFound = Rule(
    "header-not-found", title: ("找不到表头", "no header row was found"),
    expected: ("含有这些列名之一的行：{0}", "a row with some of these headers: {0}"),
    fix: (
      "核对文件是否属于该数据源，或给字段补充 x-aliases", "Check that the file belongs to this source, or add `x-aliases` to its fields"
    ))
}

// Faults for which a record is rejected.
extension Rule {
  package static let encodingError = Rule(
    "encoding-error", title: ("有字节不能解码", "bytes that are no text in the file's encoding"),
    expected: ("可解码的文本（文件第 {0} 字节起）", "text that decodes (from byte {0} of the file)"),
    fix: ("请该组用正确的编码重新导出", "Ask the team to export the file again in one encoding"))
  package static let textAfterQuote = Rule(
    "text-after-quote", title: ("引号结束后还有文字", "text after a closing quote"),
    expected: ("引号后是分隔符或行尾；文字中的引号要写两遍", "a separator or a line end; a quote inside a cell is written twice"),
    fix: ("改正该行的引号", "Correct the quotes of this row"))
  package static let unclosedQuote = Rule(
    "unclosed-quote", title: ("引号没有结束", "a quote that is never closed"),
    expected: ("同一单元格内的结束引号", "a closing quote in the same cell"),
    fix: ("改正此处的引号；读取从 {0} 行恢复", "Correct the quote opened here; reading went on at line {0}"))
  package static let nulByte = Rule(
    "nul-byte", title: ("行内有值为 0 的字节（NUL）", "a byte of value 0 (NUL) in the row"),
    expected: ("不含 NUL 的文本", "text without NUL"),
    fix: ("文件可能已损坏，请该组重新上报", "The file may be damaged; ask the team to hand it in again"))
  package static let recordTooLarge = Rule(
    "record-too-large", title: ("记录过大", "a record that is too large"),
    expected: ("不超过 {0} 字节的记录", "at most {0} bytes in a record"),
    fix: ("检查换行和引号", "Check line ends and quotes"))
}

// The header.
extension Rule {
  package static let missingLabel = Rule(
    "missing-label", .warning, title: ("缺少一列", "a column is missing"), expected: ("列“{0}”", "the column {0}"),
    fix: ("补上该列，或给字段补充 x-aliases", "Add the column, or add its header to the field's `x-aliases`"))
  package static let extraLabel = Rule(
    "extra-label", .warning, title: ("未知的列，不予读取", "an unknown column, which is not read"),
    expected: ("某个字段的名称、标题或别名", "the name, title or an alias of a field"),
    fix: ("给字段补充 x-aliases，或删去该列", "Add it to a field's `x-aliases`, or delete the column"))
  package static let duplicateLabel = Rule(
    "duplicate-label", .warning, title: ("列名重复，只读第一列", "a header stands twice; the first column is read"),
    expected: ("每列一个不同的列名", "one column for each header"), fix: ("改名或删去多余的列", "Rename or delete the other column"))
  package static let blankLabel = Rule(
    "blank-label", .warning, title: ("列名为空，不予读取", "a column without header, which is not read"),
    expected: ("第 {0} 列的列名", "a header for column {0}"), fix: ("补上列名", "Give the column a header"))
  package static let incorrectLabel = Rule(
    "incorrect-label", .note, title: ("列的顺序与字段不同", "columns in another order than the fields"),
    fix: ("不要紧：按列名读取，除非 fieldsMatch 为 exact", "No matter: columns are read by header, unless fieldsMatch is exact"))
}

// Rows that are no records, and other things that were passed over.
extension Rule {
  package static let titleRowsSkipped = Rule(
    "title-rows-skipped", .note, title: ("表头以上的行不是数据，已跳过", "a row above the header is no data, skipped"),
    fix: ("{0}", "{0}"))
  package static let repeatedHeader = Rule(
    "repeated-header", .note, title: ("表头或标题再次出现，已跳过", "the header or title stands again, skipped"), fix: ("{0}", "{0}")
  )
  package static let totalsRow = Rule(
    "totals-row", .note, title: ("合计行不是数据，已跳过", "a row of totals is no data, skipped"), fix: ("{0}", "{0}"))
  package static let noteRow = Rule(
    "note-row", .note, title: ("说明行不是数据，已跳过", "a row with a note is no data, skipped"), fix: ("{0}", "{0}"))
  package static let blankRow = Rule("blank-row", .note, title: ("空行，已跳过", "a blank row, skipped"), fix: ("{0}", "{0}"))
  package static let trailingSeparator = Rule(
    "trailing-separator", .note, title: ("每行末尾都有多余的分隔符", "every row ends with a spare separator"))
  package static let surplusBlankCells = Rule(
    "surplus-blank-cells", .note, title: ("行尾多出的空单元格已去掉", "blank cells beyond the last column, dropped"),
    fix: ("{0}", "{0}"))
  package static let mixedLineEnds = Rule(
    "mixed-line-ends", .note, title: ("换行符不一致", "line ends of several kinds"))
}
