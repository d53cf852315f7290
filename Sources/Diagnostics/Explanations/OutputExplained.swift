// The output, and the run as a whole. Whatever goes wrong here, the output of an earlier run stays as it was.
extension Catalogue {
  static let outputExplained: [Explanation] = [
    Explanation(
      .outputNotWritable,
      cause: (
        "系统不让在输出位置新建文件夹：上级文件夹不存在、没有写入权限，或磁盘只读。没有发布任何结果。",
        "The system does not let the program make the output folder: the folder above is missing, may not be written to, or stands on a "
          + "disk for reading only. Nothing was published."
      ),
      .described(
        bad: ("--out 指向没有写入权限的文件夹。", "--out names a place in a folder that you may not write to."),
        good: ("--out 指向自己可以写入的文件夹。", "--out names a place in a folder of your own."))),
    Explanation(
      .outputNotOurs,
      cause: (
        "输出位置上已有别的东西，不是本程序以前生成的。为了不覆盖别人的文件，没有发布任何结果。",
        "Something stands where the output goes that no earlier run made. It is not overwritten; nothing was published."
      ),
      .inbox(
        [goodLedger, Trial.File("minutes/day1.txt", "School")], [goodLedger, Trial.File("minutes/day1.txt", "School")],
        bad: .run(["--out", "minutes"]), good: .run(["--out", "results"]))),
    Explanation(
      .outputInInbox,
      cause: (
        "输出位置在收件夹里，下次运行会把结果当作上报的文件读进来。没有发布任何结果。",
        "The output would stand in the inbox, and the next run would read it as if it had been handed in. Nothing was published."
      ),
      .inbox(
        [goodLedger], [goodLedger], bad: .run(["--out", "inbox/results"]), good: .run(["--out", "results"]))),
    Explanation(
      .diskFull,
      cause: (
        "写结果时磁盘已满、超过配额，或超过系统允许的文件大小。没有发布任何结果，上次的输出原样保留。",
        "While the results were written the disk or a quota was used up, or a file reached the size that the system allows. Nothing was "
          + "published; the earlier output stays as it was."
      ),
      .described(
        bad: ("磁盘只剩 1 MB，结果要 5 MB。", "1 MB is free, and the results take 5 MB."),
        good: ("先腾出空间，或用 --out 输出到别的磁盘。", "Make room first, or write to another disk with --out."))),
    Explanation(
      .outputWriteFailed,
      cause: (
        "写结果时系统报错，例如移动硬盘被拔出、网络盘断开。没有发布任何结果，上次的输出原样保留。",
        "The system reported a fault while the results were written: a disk was unplugged, a share went away. Nothing was published; the "
          + "earlier output stays as it was."
      ),
      .described(
        bad: ("输出到网络盘，中途断线。", "The output goes to a share, and the network fails."),
        good: ("输出到本机磁盘，再复制到网络盘。", "Write to a disk of this computer, and copy the results to the share."))),
    Explanation(
      .outputRowsFailed,
      cause: (
        "一张表写到一半时，临时数据读不回来了。不完整的表不能用，没有发布任何结果。",
        "Half way through a table its rows could no longer be read from the temporary files. Half a table is none: nothing was published."
      ),
      .described(
        bad: (
          "运行期间有人清理了磁盘上的临时文件，或磁盘出错。", "Somebody cleared away temporary files during the run, or the disk has a fault."
        ),
        good: ("运行期间不动输出位置旁边的临时文件。", "Temporary files beside the output are left alone during a run."))),
    Explanation(
      .nothingToRead,
      cause: (
        "收件夹是空的，或里面的文件名与哪个数据源都不符。没有可统计的内容，没有发布任何结果。",
        "The inbox is empty, or no source claims a file of it. There is nothing to tally; nothing was published."
      ),
      .inbox(
        [Trial.File("inbox/.keep", "")], [goodLedger])),
    Explanation(
      .runLocked,
      cause: (
        "另一次运行正往同一位置输出，例如定时任务还没结束。为免互相覆盖，这次不运行；状态 75 表示稍后可以再试。",
        "Another run is publishing to the same place; perhaps the scheduled one is not done. Rather than interfere this one ends with "
          + "status 75, which says: try again later."
      ),
      fix: ("等另一次运行结束；或用 --out 输出到别处", "Wait for the other run, or name another place with --out"),
      .inbox(
        [goodLedger, Trial.File(".out.fieldtally.lock", .held)], [goodLedger], bad: .run([]))),
    Explanation(
      .outputFolderUnusable,
      cause: (
        "输出位置不能用：上级其实是文件，或没有写入权限。还没有开始读文件，没有发布任何结果。",
        "The place of the output cannot be used: a file stands where its folder should be, or writing is not allowed. Nothing was read or "
          + "published."
      ),
      .inbox(
        [goodLedger, Trial.File("plan", "School")], [goodLedger, Trial.File("plan", "School")],
        bad: .run(["--out", "plan/results"]), good: .run(["--out", "results"]))),
    Explanation(
      .sumBroken,
      cause: (
        "读到的记录数与各类去向之和不等，说明程序丢了或重复算了记录。这样的统计不能用，没有发布任何结果。",
        "The records read are not the sum of what became of them, so the program lost one or counted one twice. Such statistics are not to "
          + "be trusted; nothing was published."
      ),
      .described(
        bad: ("读到 120 条，各类去向合计 119 条。", "120 records were read, and 119 are accounted for."),
        good: (
          "读到 120 = 计入 110 + 退回 5 + 重复 3 + 已有新版本 2。",
          "120 read = 110 tallied + 5 rejected + 3 duplicate + 2 superseded."
        ))),
    Explanation(
      .internalError,
      cause: (
        "程序遇到了没有料到的情况，是程序的错误，不是文件的错误。没有发布任何结果。",
        "The program met something that it was not made for. This is its fault and not that of your files. Nothing was published."
      ),
      fix: (
        "请报告，附上提示全文；有可能的话附上引起它的文件", "Please report it with the whole message and, if you can, the file that causes it"
      ),
      .described(
        bad: ("运行以状态 70 结束。", "The run ends with status 70."),
        good: ("运行以状态 0 或 1 结束。", "The run ends with status 0 or 1."))),
    Explanation(
      .usageDay,
      cause: (
        "--as-of 后面不是日历上有的日期。没有运行。", "What follows --as-of is no day of the calendar. Nothing was run."
      ),
      fix: ("写成 2022-11-30 这样", "Write it like 2022-11-30"),
      .inbox(
        [goodLedger], [goodLedger], bad: .run(["--as-of", "2022-11-31"]), good: .run(["--as-of", "2022-11-30"]))),
    Explanation(
      .correctionNotApplied,
      cause: (
        "更正文件的一行没有落实：没有这条记录，上报的内容与原内容不同，与另一行矛盾等。结果里没有这项决定，运行以状态 1 结束。",
        "A line of a corrections file was not followed: there is no such record, another value stands there, or another line contradicts "
          + "it. The decision is not in the result, and the run ends with status 1."
      ),
      fix: (
        "在表 corrections 中看每行的结果，改正或删去该行",
        "See in the table `corrections` what became of each line, and change the line or take it out"
      ),
      .described(
        bad: (
          "更正文件写原内容 120，该组后来改报了 12。",
          "The line has the old value 120, and the team has handed in 12 since."
        ),
        good: ("原内容与上报的内容一致。", "The old value is what was handed in."))),
  ]

  private static let goodLedger = Example.goodLedger
}
