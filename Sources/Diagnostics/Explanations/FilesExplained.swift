// What is wrong with a file before a byte of it is understood.
extension Catalogue {
  static let filesExplained: [Explanation] = [
    Explanation(
      .fileMissing,
      cause: (
        "命令里写的路径上没有文件，或者文件在列出之后、读取之前被移走了。该文件里的记录都不会计入。",
        "There is nothing at the path that was given, or the file was moved after the inbox was listed. None of its records count."
      ),
      .converted("unit,day\nSchool,2022-11-03\n", "unit,day\nSchool,2022-11-03\n").with(badFiles: [])),
    Explanation(
      .fileUnreadable,
      cause: (
        "系统不允许打开这个文件或文件夹：没有读取权限、磁盘有错误，或者该处不是应有的东西（例如收件夹其实是一个文件）。里面的记录都不会计入。",
        "The system does not let the program open the file or folder: no permission, a fault of the disk, or something else than it "
          + "should be, such as a file in place of the inbox. None of its records count."
      ),
      fix: (
        "检查文件权限和磁盘；收件夹应当是一个文件夹", "Check permissions and the disk; the inbox must be a folder"
      ),
      .inbox([Trial.File("inbox", "unit,day\nSchool,2022-11-03\n")], [goodLedger], without: [.behindChinese])),
    Explanation(
      .fileNotRegular,
      cause: (
        "收件夹里有链接、管道或设备。程序只读文件本身：链接可能指向收件夹以外的任何地方。其中的内容不会计入，运行以状态 1 结束。",
        "A link, a pipe or a device stands in the inbox. Only files themselves are read, since a link may point anywhere. What is "
          + "behind it does not count, and the run ends with status 1."
      ),
      .inbox([goodLedger, Trial.File("inbox/second.csv", .link("ledger.csv"))], [goodLedger])),
    Explanation(
      .fileChanged,
      cause: (
        "读取期间文件的大小或时间变了，多半是还在复制或同步。半个文件不能算数，所以整个文件退回。",
        "Size or time of the file changed while it was read; most often it is still being copied. Half a file proves nothing, so "
          + "all of it is rejected."
      ),
      .described(
        bad: ("一边往收件夹里复制大文件，一边运行程序。", "The program is run while a large file is still being copied into the inbox."),
        good: ("复制完毕后再运行；或先复制到别处，再移入收件夹。", "Run it when the copy is done, or copy elsewhere and then move the file in.")
      )),
    Explanation(
      .fileEmpty,
      cause: (
        "文件里没有内容，或只有空行。常见于导出失败或复制中断。该组的数据没有计入。",
        "There is nothing in the file, or only blank lines: an export failed or a copy broke off. Nothing of that team counts."
      ),
      .ledger("\n\n", "unit,day\nSchool,2022-11-03\n", without: [.behindChinese])),
    Explanation(
      .fileUnclaimed,
      cause: (
        "文件名与流程文件里任何数据源的 files 都不符，所以没有读它。里面若有记录，都没有计入。",
        "The file's name matches the `files` of no source, so it was not read. Records in it do not count."
      ),
      .inbox(
        [goodLedger, Trial.File("inbox/notes.txt", "School")],
        [goodLedger, Trial.File("inbox/notes.csv", "unit,day\nSchool,2022-11-05\n")])),
    Explanation(
      .fileRepeated,
      cause: (
        "两个文件的内容逐字节相同，例如换了名字又交一次。后一个文件的记录全部计为重复，不会重复统计。",
        "Two files are the same byte for byte, handed in again under another name perhaps. All records of the later one are "
          + "duplicates and count once."
      ),
      .inbox(
        [
          Trial.File("inbox/a.csv", "unit,day\nSchool,2022-11-03\n"),
          Trial.File("inbox/b.csv", "unit,day\nSchool,2022-11-03\n"),
        ],
        [
          Trial.File("inbox/a.csv", "unit,day\nSchool,2022-11-03\n"),
          Trial.File("inbox/b.csv", "unit,day\nClinic,2022-11-03\n"),
        ])),
    Explanation(
      .sourceWithoutFiles,
      cause: (
        "流程文件写了这个数据源，收件夹里却没有与它相符的文件：可能还没上报，也可能文件名不同。统计里就没有这一部分。",
        "The pipeline has this source, but no file in the inbox fits it: not handed in yet, or named otherwise. Its part is "
          + "missing in the statistics."
      ),
      .trial(
        Trial(
          given: [
            goodLedger,
            Trial.File(
              "pipeline.yaml",
              """
              fieldtally: 1
              campaign: {id: t}
              sources:
                - {name: ledger, files: inbox/ledger.csv, fields: [\(Example.ledgerFields)]}
                - {name: visits, files: "inbox/visits*.csv", fields: [\(Example.ledgerFields)]}
              """),
          ], setting: "files: inbox/visits*.csv", bad: Trial.Case(files: [goodLedger]),
          good: Trial.Case(files: [Trial.File("inbox/visits.csv", "unit,day\nSchool,2022-11-05\n")])))),
    Explanation(
      .fileNameNotText,
      cause: (
        "文件名里有不是 UTF-8 的字节或控制字符，多半是在 Windows 上打的压缩包解压而来。文件照常读取，但名字在表里显示不出来。",
        "The name holds bytes that are not UTF-8, or control characters; often the file comes out of an archive made on Windows. It "
          + "is read, but tables cannot show its name."
      ),
      .inbox(
        [Trial.File("inbox/⟨B1⟩⟨ED⟩.csv", "unit,day\nSchool,2022-11-03\n")],
        [Trial.File("inbox/ledger.csv", "unit,day\nSchool,2022-11-03\n")])),
  ]

  private static let goodLedger = Example.goodLedger
}

extension Example {
  /// The same with other files in the bad case.
  func with(badFiles files: [Trial.File]) -> Example {
    guard case .trial(var trial) = self else { return self }
    trial.bad.files = files
    return .trial(trial)
  }
}
