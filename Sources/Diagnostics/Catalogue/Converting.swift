// Convert: what was made of a file that does not fit its own table, so that nothing is lost.
extension Catalogue {
  static let converting: [Rule] = [
    .rowReread, .anotherTable, .columnUnnamed, .cellsAppended, .notPadded, .moreOfTheSame, .headerGuessed,
    .xmlOutsideRecords,
    .xmlColumnsCapped,
  ]
}

extension Rule {
  package static let rowReread = Rule(
    "row-reread", .warning,
    title: ("该行的引号或分隔符与全表不同，已另行识别", "a row with other quotes or delimiters than its table, read by its own"))
  package static let anotherTable = Rule(
    "another-table", .warning, title: ("文件里还有另一张表，没有写出", "another table in the file, which is not written"),
    expected: ("一个文件一张表；第 {0} 至 {1} 行是另一张表", "one table in a file; lines {0} to {1} hold another"),
    fix: ("要读它，用 --skip {2}", "To read that one give --skip {2}"))
  package static let columnUnnamed = Rule(
    "column-unnamed", .note, title: ("该列没有列名，以位置命名", "a column without header, written under a name of its place"),
    expected: ("{0}", "{0}"))
  package static let cellsAppended = Rule(
    "cells-appended", .warning,
    title: ("有的行单元格多于表头，多出的写在后面的列", "rows with more cells than the header; the rest stands in further columns"),
    expected: ("{0} 列；最长的行有 {1} 个单元格", "{0} columns; the longest row has {1} cells"))
  package static let notPadded = Rule(
    "rows-not-padded", .warning,
    title: ("个别行极长，其余各行未补齐到同样长度", "a few rows are so long that the others were not padded to their length"))
  package static let moreOfTheSame = Rule(
    "more-of-the-same", .note, title: ("同类提示不再逐条列出", "further messages of this rule are not shown"),
    expected: ("{0} 共 {1} 处", "{0}: {1} in all"))
  package static let headerGuessed = Rule(
    "header-guessed", .note, title: ("首行像数据，按没有表头读取", "the first row looks like data, so the columns have no names"),
    fix: ("若首行是表头，用 --header-rows 1", "If it is the header, give --header-rows 1"))
  package static let xmlOutsideRecords = Rule(
    "xml-outside-records", .warning, title: ("记录以外的内容没有写出", "content outside the records is not written"),
    expected: ("{0} 处：{1}", "{0} places: {1}"), fix: ("用 --record 指定别的路径", "Name another path by --record"))
  package static let xmlColumnsCapped = Rule(
    "xml-columns-capped", .warning, title: ("列太多，其余没有写出", "too many columns; the others are not written"),
    expected: ("至多 {0} 列；{1} 个值没有写出", "at most {0} columns; {1} values are not written"))
}
