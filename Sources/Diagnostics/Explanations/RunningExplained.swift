// What a run takes from earlier runs, from other machines and from the office.
extension Catalogue {
  static let runningExplained: [Explanation] = [
    Explanation(
      .cacheRebuilt,
      cause: (
        "上次运行留下的缓存不能用：由另一版本的程序写成，或已损坏。程序从原文件重新读取，结果一样，只是慢一些。",
        "What an earlier run left in the cache cannot be used: another version wrote it, or it is damaged. The files were read again; the "
          + "result is the same and took longer."
      ),
      fix: ("不必处理；若反复出现，检查磁盘", "Nothing; if it comes again and again, check the disk"),
      .inbox(
        [goodLedger, Trial.File("cache/a.segments", "School")],
        [goodLedger, Trial.File("cache/notes.txt", "School")], bad: .run([]), without: [.behindChinese])),
    Explanation(
      .segmentsOther,
      cause: (
        "给出的文件不是分段文件，或是用另一版本的程序、另一份流程文件生成的，混在一起统计会出错。没有发布任何结果。",
        "The file that was given holds no segments, or they were made by another version or with other pipeline files; tallied together they "
          + "would be wrong. Nothing was published."
      ),
      .inbox(
        [Trial.File("a.segments", "School")], [goodLedger], bad: .run(["--segments", "a.segments"]), good: .run([]))),
    Explanation(
      .segmentsDamaged,
      cause: (
        "分段文件不完整或内容变了，多半是没有传完。没有发布任何结果。",
        "The segment file is incomplete or was changed; most often the transfer broke off. Nothing was published."
      ),
      .described(
        bad: ("分段文件用 U 盘复制到一半就拔了出来。", "The stick was pulled out while the segment file was being copied to it."),
        good: ("分段文件复制完毕，大小与原来的相同。", "The segment file was copied to its end and has the size of the original."))),
    Explanation(
      .segmentsOverlap,
      cause: (
        "两个分段文件里都有同一个上报文件，合在一起会重复统计。没有发布任何结果。",
        "Two segment files hold one and the same input file; together they would count it twice. Nothing was published."
      ),
      .described(
        bad: (
          "北区和南区的分段文件都读了“收件夹/一组.csv”。", "The segments of north and south were both made with `inbox/team1.csv` in them."
        ),
        good: ("每个上报文件只在一个分段文件里。", "Each input file is in the segments of one machine only."))),
    Explanation(
      .libraryMissing,
      cause: (
        "读 XML 和工作簿要用 libxml2，写工作簿要用 libxlsxwriter。程序用到时才打开；这台机器上没有，或版本与编译时不同。没有发布任何结果。",
        "XML and workbooks are read with libxml2, and workbooks written with libxlsxwriter. The program opens them when it needs them; "
          + "this machine has none, or another version than the program was built with. Nothing was published."
      ),
      .described(
        bad: (
          "程序从另一台机器复制过来，这台机器没有安装 libxlsxwriter。",
          "The program was copied to a machine on which libxlsxwriter was not installed."
        ),
        good: ("安装 libxlsxwriter 以后再运行。", "libxlsxwriter was installed, and the program run again."))),
    Explanation(
      .correctionNotApplied,
      cause: (
        "更正文件里有一行没有用上：找不到那条记录、原内容与文件里的不同，或几行互相矛盾。该项决定没有反映在结果里，运行以状态 1 结束。",
        "A line of the corrections had no effect: there is no such record, the old value is not what the file holds, or lines contradict "
          + "each other. That decision is not in the result, and the run ends with status 1."
      ),
      fix: ("按表 corrections 里写的原因改正该行", "Correct the line as the table `corrections` says"),
      .correction(
        "record id,field,old value,new value\n▸1,score,9,5\n", "record id,field,old value,new value\n1,score,4,5\n")),
  ]

  private static let goodLedger = Example.goodLedger
}

extension Example {
  /// Corrections of a ledger with a key.
  fileprivate static func correction(_ bad: String, _ good: String) -> Example {
    let ledger = Trial.File("inbox/ledger.csv", "id,unit,score\n1,School,4\n2,Clinic,5\n")
    return .trial(
      Trial(
        given: [
          ledger,
          Trial.File(
            "pipeline.yaml",
            """
            fieldtally: 1
            campaign: {id: t}
            sources:
              - name: a
                files: inbox/*.csv
                primary-key: id
                unit: {name: unit, unknown: add}
                fields: [{name: id, title: {zh: 编号, en: id}}, {name: unit, title: {zh: 单位, en: unit}}, \
            {name: score, title: {zh: 分数, en: score}, type: integer}]
            """),
        ], bad: Trial.Case(command: .run([]), files: [Trial.File("corrections.csv", bad)]),
        good: Trial.Case(command: .run([]), files: [Trial.File("corrections.csv", good)]), without: [.behindChinese]))
  }
}
