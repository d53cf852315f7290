// The run as a whole.
extension Catalogue {
  static let running: [Rule] = [
    .nothingToRead, .runLocked, .outputFolderUnusable, .sumBroken, .internalError, .usageDay,
    .correctionNotApplied,
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
  package static let correctionNotApplied = Rule(
    "correction-not-applied", .warning, title: ("有更正未采用", "a correction that was not applied"),
    expected: ("{0}", "{0}"), fix: ("见表 corrections", "See the table corrections"))
  package static let usageDay = Rule(
    "usage-day", title: ("日期不对", "not a day"), expected: ("2022-11-30 这样的日期", "a day such as 2022-11-30"))
}
