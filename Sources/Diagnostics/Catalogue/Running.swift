// The run as a whole.
extension Catalogue {
  static let running: [Rule] = [
    .nothingToRead, .runLocked, .outputFolderUnusable, .sumBroken, .internalError, .usageDay,
    .cacheRebuilt, .segmentsOther, .segmentsDamaged, .segmentsOverlap,
    .correctionNotApplied, .libraryMissing,
  ]
}

extension Rule {
  package static let nothingToRead = Rule(
    "nothing-to-read", title: ("收件夹里没有可读的文件", "the inbox holds no file that a source reads"),
    expected: ("至少一个文件", "at least one file"),
    fix: ("用 --inbox 指定收件夹，或检查 files", "Name the inbox by --inbox, or check `files`"))
  package static let runLocked = Rule(
    "run-locked", title: ("另一次运行正在进行", "another run is at work here"), fix: ("稍后再试", "Try again later"))
  package static let outputFolderUnusable = Rule(
    "output-folder-unusable", title: ("输出位置不可用", "the place of the output cannot be used"),
    expected: ("可写的文件夹（{0}）", "a folder that can be written to ({0})"),
    fix: ("换一个位置（run 用 --out 指定）", "Choose another place (for `run`, by --out)"))
  package static let sumBroken = Rule(
    "sum-broken", title: ("数目对不上：有记录丢失或重复计算", "the sum does not hold: a record was lost or counted twice"),
    expected: ("{0}", "{0}"),
    fix: ("这是程序的错误，请报告；未发布任何结果", "This is a fault of the program, please report it; nothing was published"))
  package static let internalError = Rule(
    "internal-error", title: ("程序内部错误", "a fault of the program"), fix: ("请报告", "Please report it"))
  package static let libraryMissing = Rule(
    "library-missing", title: ("缺少一个程序库", "a library that the program needs is missing"),
    expected: ("能够打开的 {0}", "{0}, which can be opened"),
    fix: (
      "安装后再运行：sudo apt-get install libxml2-dev libxlsxwriter-dev",
      "Install it and run again: sudo apt-get install libxml2-dev libxlsxwriter-dev"
    ))
  package static let correctionNotApplied = Rule(
    "correction-not-applied", .warning, title: ("有更正未采用", "a correction that was not applied"),
    expected: ("{0}", "{0}"), fix: ("见表 corrections", "See the table corrections"))
  package static let usageDay = Rule(
    "usage-day", title: ("不是日历上的日期", "not a day of the calendar"),
    expected: ("2022-11-30 这样的日期", "a day such as 2022-11-30"))
  package static let cacheRebuilt = Rule(
    "cache-rebuilt", .warning, title: ("缓存不能用，已重新读取", "the cache could not be used; files were read again"),
    expected: ("上次运行留下的内容（{0}）", "what an earlier run left ({0})"))
  package static let segmentsOther = Rule(
    "segments-other", title: ("不是本流程的分段文件", "not segments of this pipeline"),
    expected: ("用同一版本的程序和同样的流程文件生成的分段文件", "segments made by this version with the same pipeline files"),
    fix: ("用 fieldtally segment 重新生成", "Make them again with `fieldtally segment`"))
  package static let segmentsDamaged = Rule(
    "segments-damaged", title: ("分段文件已损坏", "the segment file is damaged"),
    expected: ("完好的分段文件", "a sound segment file"),
    fix: ("重新传送，或用 fieldtally segment 重新生成", "Copy it again, or make it again with `fieldtally segment`"))
  package static let segmentsOverlap = Rule(
    "segments-overlap", title: ("两个分段文件里有同一个文件", "two segment files hold the same file"),
    expected: ("每个文件只在一个分段文件里", "each file in one segment file only"),
    fix: ("只给出其中一个分段文件", "Name only one of the segment files"))
}
