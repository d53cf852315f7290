// Read, compressed files and workbooks.
extension Catalogue {
  static let containers: [Rule] = [
    .archiveDamaged, .archiveLimit, .archiveMember, .archiveNested, .archiveSeveral, .archiveEmpty, .archiveSpareBytes,
    .workbookOld, .workbookEncrypted, .workbookOther, .workbookDamaged, .workbookLimit, .sheetNotFound, .sheetNoMatch,
    .sheetNotRead, .sheetHidden, .mergedCellsFilled, .cellsBesideTable, .numberRounded,
  ]
}

// Compressed files.
extension Rule {
  package static let archiveDamaged = Rule(
    "archive-damaged", title: ("压缩文件已损坏", "the compressed file is damaged"),
    expected: ("完好的压缩文件（{0}）", "a sound file ({0})"),
    fix: ("请该组重新压缩上报", "Ask the team to compress and hand it in again"))
  package static let archiveLimit = Rule(
    "archive-limit", title: ("压缩文件超出读取上限", "the compressed file exceeds a limit"),
    expected: ("{0}不超过 {1}", "{0}: at most {1}"),
    fix: ("检查文件来源；确实需要时解压后放进收件夹", "Look where it comes from; if it is right, unpack it into the inbox"))
  package static let archiveMember = Rule(
    "archive-member-refused", title: ("压缩包里的这个文件不能读", "this member of the archive cannot be read"),
    expected: ("普通的、未加密的文件（{0}）", "an ordinary file without a password ({0})"),
    fix: ("重新压缩：不设密码，用 zip 格式", "Make the archive again as a plain .zip without a password"))
  package static let archiveNested = Rule(
    "archive-nested", title: ("压缩包里还有压缩包", "a compressed file inside a compressed file"),
    expected: ("只压缩一层（这里面是 {0}）", "one layer only (inside is {0})"),
    fix: ("解开一层后放进收件夹", "Unpack one layer into the inbox"))
  package static let archiveSeveral = Rule(
    "archive-of-several", title: ("压缩包里不止一个文件", "the archive holds several files"),
    expected: ("其中一个：{0}", "one of them: {0}"),
    fix: (
      "convert 用 --member 指定；收件夹里的压缩包以 .zip 结尾",
      "Name one by --member; in an inbox let the name of an archive end with .zip"
    ))
  package static let archiveEmpty = Rule(
    "archive-empty", title: ("压缩包里没有可读的文件", "the archive holds no file to read"),
    expected: ("至少一个文件", "at least one file"), fix: ("请该组重新上报", "Ask the team to hand it in again"))
  package static let archiveSpareBytes = Rule(
    "archive-spare-bytes", .warning,
    title: ("压缩数据之后还有别的内容，未读取", "something else stands behind the compressed data, not read"),
    expected: ("压缩数据到文件末尾为止（多出 {0} 字节）", "the end of the file ({0} bytes more)"),
    fix: ("核对文件是否完整", "Check that the file is whole"))
}

// Workbooks.
extension Rule {
  package static let workbookOld = Rule(
    "workbook-old-format", title: ("这是旧格式的 Excel 工作簿（.xls）", "this is a workbook in the old format of Excel (.xls)"),
    expected: (".xlsx、CSV 或 XML", ".xlsx, CSV or XML"),
    fix: ("在 Excel 或 WPS 中另存为 .xlsx 后再交", "Save it as .xlsx in Excel or WPS and hand that in"))
  package static let workbookEncrypted = Rule(
    "workbook-encrypted", title: ("工作簿设有打开密码", "the workbook needs a password"),
    expected: ("没有打开密码的 .xlsx", "an .xlsx without a password"),
    fix: ("在 Excel 或 WPS 中去掉密码后保存再交", "Save it without a password in Excel or WPS and hand that in"))
  package static let workbookOther = Rule(
    "workbook-other-format", title: ("这种文件不读", "files of this kind are not read"),
    expected: (".xlsx、CSV 或 XML（这是 {0}）", ".xlsx, CSV or XML (this is {0})"),
    fix: ("另存为 .xlsx 或“CSV UTF-8”后再交", "Save it as .xlsx or as CSV UTF-8 and hand that in"))
  package static let workbookDamaged = Rule(
    "workbook-damaged", title: ("工作簿已损坏", "the workbook is damaged"),
    expected: ("完好的工作簿（{0}：{1}）", "a sound workbook ({0}: {1})"),
    fix: ("用 Excel 或 WPS 打开，另存后再交", "Open it in Excel or WPS, save it again and hand that in"))
  package static let workbookLimit = Rule(
    "workbook-limit", title: ("工作簿超出读取上限", "the workbook exceeds a limit"),
    expected: ("{0}不超过 {1}", "{0}: at most {1}"),
    fix: ("检查文件是否损坏，或拆成几个文件", "Look whether it is damaged, or split it into several files"))
  package static let sheetNotFound = Rule(
    "sheet-not-found", title: ("没有这个工作表", "no such sheet"), expected: ("这些之一：{0}", "one of: {0}"),
    fix: ("改正 sheet", "Correct `sheet`"))
  package static let sheetNoMatch = Rule(
    "no-sheet-matches", title: ("没有一个工作表的表头与字段相符", "no sheet has a header that matches the fields"),
    expected: ("含有这些列名之一的表头：{0}", "a header with some of: {0}"),
    fix: (
      "核对文件是否属于该数据源，或给字段补充 x-aliases", "Check that the file belongs to this source, or add `x-aliases` to its fields"
    ))
  package static let sheetNotRead = Rule(
    "sheet-not-read", .warning, title: ("该工作表没有读取", "a sheet that was not read"),
    expected: ("{0}", "{0}"), fix: ("要读它，在 sheet 中写明", "Name it by `sheet` if it should be"))
  package static let sheetHidden = Rule(
    "hidden-in-sheet", .note, title: ("隐藏的内容也已读取", "hidden parts were read too"), expected: ("{0}", "{0}"))
  package static let mergedCellsFilled = Rule(
    "merged-cells-filled", .note, title: ("合并单元格的值已填入各格", "the value of merged cells was given to each of them"),
    expected: ("{0} 个合并区域", "{0} merged ranges"))
  package static let cellsBesideTable = Rule(
    "cells-beside-table", .warning,
    title: ("表格右侧没有列名的单元格，没有读取", "a cell to the right of the table, without header, which is not read"),
    fix: ("给该列补上列名，或删去{0}", "Give the column a header, or delete it{0}"))
  package static let numberRounded = Rule(
    "long-number-rounded", .warning,
    title: ("长号码存成了数字，第 16 位起已丢失", "a long number was stored as a number; its digits after the 15th are lost"),
    expected: ("以文本保存的号码", "a number that is stored as text"),
    fix: ("把该列设为“文本”后重新填写", "Format the column as text and enter it again"))
}
