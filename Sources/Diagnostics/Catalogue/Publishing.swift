// Report.
extension Catalogue {
  static let publishing: [Rule] = [
    .outputNotWritable, .outputNotOurs, .outputInInbox, .diskFull, .outputWriteFailed, .outputRowsFailed,
  ]
}

extension Rule {
  package static let outputNotWritable = Rule(
    "output-not-writable", title: ("无法建立输出", "the output cannot be created"),
    expected: ("可以写入的位置（{0}）", "a place that can be written to ({0})"),
    fix: ("检查上级文件夹及其权限，或用 --out 指定别处", "Check the folder above and its permissions, or name another with --out"))
  package static let outputNotOurs = Rule(
    "output-not-ours", title: ("输出位置已被占用", "something else stands where the output goes"),
    expected: ("尚不存在、空的或由本程序生成的文件夹", "a folder that is new, empty or made by an earlier run"),
    fix: ("用 --out 指定别的文件夹；这里的文件没有改动", "Name another folder with --out; nothing here was touched"))
  package static let outputInInbox = Rule(
    "output-in-inbox", title: ("输出位置在收件夹里", "the output would go into the inbox"),
    expected: ("收件夹以外的文件夹", "a folder outside the inbox"),
    fix: (
      "用 --out 指定别处，否则下次运行会把结果当作上报的文件",
      "Name another with --out: the next run would read the results as if they had been handed in"
    ))
  package static let diskFull = Rule(
    "disk-full", title: ("磁盘空间不足", "no room on the disk"), expected: ("足够的空间和配额（{0}）", "enough room and quota ({0})"),
    fix: ("腾出空间后重新运行；上次的输出没有改动", "Make room and run again; the earlier output stays as it was"))
  package static let outputWriteFailed = Rule(
    "output-write-failed", title: ("写输出时出错", "writing the output failed"),
    expected: ("可以写完的磁盘（{0}）", "a disk that takes all of it ({0})"),
    fix: ("检查磁盘后重新运行；上次的输出没有改动", "Check the disk and run again; the earlier output stays as it was"))
  package static let outputRowsFailed = Rule(
    "output-rows-failed", title: ("表的数据不完整", "the rows of a table ended early"),
    expected: ("完整的数据（{0}）", "all of its rows ({0})"),
    fix: ("重新运行；上次的输出没有改动", "Run again; the earlier output stays as it was"))
}
