// Collect: what is wrong with a file before a byte of it is understood.
extension Catalogue {
  static let files: [Rule] = [
    .fileMissing, .fileUnreadable, .fileNotRegular, .fileChanged, .fileEmpty, .fileUnclaimed, .fileRepeated,
    .sourceWithoutFiles, .fileNameNotText,
  ]
}

extension Rule {
  package static let fileMissing = Rule(
    "file-missing", title: ("文件不存在", "the file is missing"), expected: ("可以打开的文件", "a file that can be opened"),
    fix: ("检查路径，或请该组重新上报", "Check the path, or ask the team to hand it in again"))
  package static let fileUnreadable = Rule(
    "file-unreadable", title: ("文件无法读取", "the file cannot be read"), expected: ("可读的文件（{0}）", "a readable file ({0})"),
    fix: ("检查文件权限和磁盘", "Check its permissions and the disk"))
  package static let fileNotRegular = Rule(
    "file-not-regular", title: ("不是普通文件", "not a regular file"),
    expected: ("普通文件，不是链接、设备或管道", "a regular file, not a link, device or pipe"),
    fix: ("把文件本身放进收件夹", "Put the file itself into the inbox"))
  package static let fileChanged = Rule(
    "file-changed", title: ("文件在读取时发生了变化", "the file changed while it was read"),
    expected: ("读取期间不变的文件", "a file that stays as it is"), fix: ("等文件复制完毕后重新运行", "Run again when it has been copied"))
  package static let fileEmpty = Rule(
    "empty-file", title: ("文件是空的", "the file is empty"), expected: ("至少一行数据", "at least a line of data"),
    fix: ("请该组重新上报", "Ask the team to hand it in again"))
  package static let fileUnclaimed = Rule(
    "file-unclaimed", .warning, title: ("该文件不属于任何数据源，没有读取", "the file belongs to no source and is not read"),
    expected: ("与某个数据源的 files 相符的文件名", "a name that the `files` of a source match"),
    fix: ("改文件名，或在流程文件中补充", "Rename it, or add it to the pipeline"))
  package static let fileRepeated = Rule(
    "file-repeated", .warning, title: ("同一文件交了两次", "the same file was handed in twice"),
    expected: ("内容与 {0} 不同的文件", "content that differs from {0}"),
    fix: ("其记录全部计为重复；删去一份即可", "All its records count as duplicates; delete one of the two"))
  package static let sourceWithoutFiles = Rule(
    "source-without-files", .warning, title: ("该数据源没有文件", "no file was found for this source"),
    expected: ("与 {0} 相符的文件", "files that match {0}"), fix: ("检查收件夹和 files", "Check the inbox and `files`"))
  package static let fileNameNotText = Rule(
    "file-name-not-text", .warning, title: ("文件名里有不能显示的字符", "the file name holds what cannot be shown"),
    expected: ("UTF-8 文件名，不含控制字符", "a name in UTF-8 without control characters"),
    fix: ("改名后再运行", "Rename the file and run again"))
}
