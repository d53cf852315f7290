// Compressed files.
extension Catalogue {
  static let containersExplained: [Explanation] = archivesExplained + workbooksExplained + sheetsExplained

  private static let table = "unit,day\nSchool,2022-11-03\nClinic,2022-11-04\n"
  private static let ledger = Trial.File("ledger.csv", table)

  private static let archivesExplained: [Explanation] = [
    Explanation(
      .archiveDamaged,
      cause: (
        "压缩文件不完整或内容变了，多半是没有传完。不知道缺了什么，受影响的文件整个退回。",
        "The compressed file is incomplete or was changed; most often the transfer broke off. What is missing is not known, so the file is "
          + "rejected as a whole."
      ),
      .archive(
        [Trial.File("inbox/team.zip", .archive([ledger], .cutShort))],
        [Trial.File("inbox/team.zip", .archive([ledger], .sound))])),
    Explanation(
      .archiveLimit,
      cause: (
        "解压后大得离谱，或里面的文件太多。这样的压缩文件能拖垮电脑，所以不读。",
        "Unpacked it would be far too large, or it holds too many files. Such a file can bring a computer to a halt, so it is not read."
      ),
      .described(
        bad: ("几十 KB 的压缩包，解压后有几十 GB。", "An archive of some kilobytes becomes many gigabytes when it is unpacked."),
        good: ("压缩包里只有本次上报的表。", "The archive holds the tables of this campaign and nothing else."))),
    Explanation(
      .archiveMember,
      cause: (
        "压缩包设了密码，或里面是链接、两个同名文件、少见的压缩方法。这个文件没有读取，其中的记录没有计入。",
        "The archive has a password, or holds a link, two files of one name, or an unusual compression. This file was not read; its "
          + "records do not count."
      ),
      .archive(
        [Trial.File("inbox/team.zip", .archive([ledger], .password))],
        [Trial.File("inbox/team.zip", .archive([ledger], .sound))])),
    Explanation(
      .archiveNested,
      cause: (
        "压缩包里又放了一个压缩包。程序只解一层，里面那个没有读取，其中的记录没有计入。",
        "The archive holds another archive. One layer is unpacked; the inner one was not read, and its records do not count."
      ),
      .archive(
        [Trial.File("inbox/team.zip", .archive([Trial.File("day.zip", .archive([ledger], .sound))], .sound))],
        [Trial.File("inbox/team.zip", .archive([ledger], .sound))], files: "inbox/**/*.zip")),
    Explanation(
      .archiveSeveral,
      cause: (
        "这里要的是一个文件，压缩包里却有几个，不知道用哪一个。没有读取。",
        "One file is wanted here, and the archive holds several. Which of them is not certain, so none was read."
      ),
      .packed(
        bad: .convert("team.zip", []), good: .convert("team.zip", ["--member", "ledger.csv"]),
        .archive([ledger, Trial.File("second.csv", table)], .sound))),
    Explanation(
      .archiveEmpty,
      cause: (
        "压缩包里没有文件，或只有文件夹和隐藏文件。该组的数据没有计入。",
        "There is no file in the archive, or only folders and hidden files. Nothing of that team counts."
      ),
      .archive(
        [Trial.File("inbox/team.zip", .archive([], .sound))],
        [Trial.File("inbox/team.zip", .archive([ledger], .sound))])),
    Explanation(
      .archiveSpareBytes,
      cause: (
        "压缩数据已经结束，文件后面却还有别的内容，可能是传输出错。压缩的部分照常读取，多出的没有读。",
        "The compressed data has ended, but the file goes on; a transfer may have gone wrong. The compressed part is read, the rest is "
          + "not."
      ),
      .archive(
        [Trial.File("inbox/ledger.csv.gz", .gzip(table, spare: "School"))],
        [Trial.File("inbox/ledger.csv.gz", .gzip(table, spare: ""))])),
  ]

  private static let workbooksExplained: [Explanation] = [
    Explanation(
      .workbookOld,
      cause: (
        "文件是 Excel 97–2003 的格式（.xls），程序不读这种格式，只改文件名也不行。文件整个退回。",
        "The file has the format of Excel 97–2003 (.xls), which is not read; another name does not change it. The file is rejected."
      ),
      .packed(.compound("Workbook"))),
    Explanation(
      .workbookEncrypted,
      cause: (
        "工作簿要输入密码才能打开，程序读不到里面的内容。文件整个退回。",
        "The workbook opens with a password only, so nothing in it can be read. The file is rejected."
      ),
      .packed(.compound("EncryptedPackage"))),
    Explanation(
      .workbookOther,
      cause: (
        "文件是 WPS、LibreOffice 或 Word 等的另一种格式，程序不读。文件整个退回。",
        "The file has another format, such as that of LibreOffice or Word, which is not read. The file is rejected."
      ),
      .packed(
        .archive(
          [
            Trial.File("mimetype", "application/vnd.oasis.opendocument.spreadsheet"),
            Trial.File("content.xml", "<document/>"),
          ], .sound))),
    Explanation(
      .workbookDamaged,
      cause: (
        "工作簿里缺少部件，或部件读不懂，多半是传输或保存时出了错。文件整个退回。",
        "A part of the workbook is missing or cannot be understood: it was not saved or transferred whole. The file is rejected."
      ),
      .packed(.workbook([Trial.Sheet("Sheet1", table)], isBroken: true))),
    Explanation(
      .workbookLimit,
      cause: (
        "工作簿的某一部分大得离谱，例如一个单元格里有几十万个字。多半是文件损坏；为免耗尽内存，不读。",
        "Some part of the workbook is far too large, such as a cell of hundreds of thousands of characters. Most often it is damaged; it "
          + "is not read, lest it use up all memory."
      ),
      .workbook(
        [Trial.Sheet("Sheet1", "unit,day\n⟨300000×x⟩,2022-11-03\nClinic,2022-11-04\n")],
        [Trial.Sheet("Sheet1", table)])),
  ]

  private static let sheetsExplained: [Explanation] = [
    Explanation(
      .sheetNotFound,
      cause: (
        "流程文件的 sheet（或命令的 --sheet）写的工作表，这个文件里没有，多半是名称不同。文件整个退回。",
        "The workbook has no sheet of the name that `sheet` (or --sheet) gives; often it is written otherwise. The file is rejected."
      ),
      fix: ("改正 sheet，或把工作表改成这个名称", "Correct `sheet`, or rename the sheet"),
      .workbook([Trial.Sheet("Sheet1", table)], [Trial.Sheet("Sheet2", table)], setting: "sheet: Sheet2")),
    Explanation(
      .sheetNoMatch,
      cause: (
        "各工作表的表头都没有流程文件里的字段，可能是别的表，也可能列名都不同。文件整个退回。",
        "No sheet has a header with fields of the pipeline: this is another workbook, or its columns have other names. The file is "
          + "rejected."
      ),
      .workbook(
        [Trial.Sheet("Sheet1", "phone,remarks\n8800,Late\n8801,Late\n")], [Trial.Sheet("Sheet1", table)])),
    Explanation(
      .sheetNotRead,
      cause: (
        "工作簿里有一个工作表没有读：它是隐藏的，或表头与字段不符。里面若有记录，都没有计入。",
        "A sheet of the workbook was not read: it is hidden, or its header does not match the fields. Records in it do not count."
      ),
      .workbook(
        [Trial.Sheet("Sheet1", table), .hidden("Sheet2", "unit,day\nLibrary,2022-11-05\n")],
        [Trial.Sheet("Sheet1", table), Trial.Sheet("Sheet2", "unit,day\nLibrary,2022-11-05\n")])),
    Explanation(
      .sheetHidden,
      cause: (
        "工作表里有隐藏的行或列。隐藏不等于删除，里面的内容照样读取和计入。",
        "The sheet has hidden rows or columns. Hidden is not deleted: what stands there is read and counts."
      ),
      fix: ("不必处理；若不该计入，请删去这些行或列", "Nothing; delete these rows or columns if they should not count"),
      .workbook([.hiding(row: 3, "Sheet1", table)], [Trial.Sheet("Sheet1", table)])),
    Explanation(
      .mergedCellsFilled,
      cause: (
        "表里有合并单元格。合并后只有左上角一格有值，程序把这个值填入其余各格，统计不受影响。",
        "The sheet has merged cells. Of these only the first holds the value; it is given to the others too, so nothing is lost."
      ),
      fix: ("不必处理；最好取消合并，逐行填写", "Nothing; better fill in each row without merging"),
      .workbook(
        [.merging("A2:A3", "Sheet1", "unit,day\nSchool,2022-11-03\n▸,2022-11-04\n")],
        [Trial.Sheet("Sheet1", "unit,day\nSchool,2022-11-03\nSchool,2022-11-04\n")])),
    Explanation(
      .cellsBesideTable,
      cause: (
        "表格右边没有列名的地方有内容，例如随手写的备注。不知道它是什么，没有读取。",
        "Something stands to the right of the table, where no column has a name, such as a remark. Nobody knows what it is, so it is not "
          + "read."
      ),
      fix: ("给该列补上列名，或删去这些内容", "Give the column a header, or delete what stands there"),
      .workbook(
        [Trial.Sheet("Sheet1", "unit,day\nSchool,2022-11-03,⟦Late\nClinic,2022-11-04\n")],
        [Trial.Sheet("Sheet1", table)])),
    Explanation(
      .numberRounded,
      cause: (
        "身份证号之类的长号码存成了数字，而 Excel 的数字只保留 15 位，后面的已变成 0。原来的号码在文件里找不回来。",
        "A long number, such as that of an identity card, was stored as a number. Excel keeps 15 digits and makes the others 0; the file "
          + "no longer has them."
      ),
      .workbook(
        [.numbers("Sheet1", "unit,problem\nSchool,⟦123456789012345000\nClinic,5\n")],
        [Trial.Sheet("Sheet1", "unit,problem\nSchool,123456789012345678\nClinic,5\n")])),
  ]
}

extension Trial.Sheet {
  fileprivate static func hidden(_ name: String, _ table: String) -> Self {
    var sheet = Self(name, table)
    sheet.isHidden = true
    return sheet
  }

  fileprivate static func hiding(row: Int, _ name: String, _ table: String) -> Self {
    var sheet = Self(name, table)
    sheet.hiddenRow = row
    return sheet
  }

  fileprivate static func merging(_ range: String, _ name: String, _ table: String) -> Self {
    var sheet = Self(name, table)
    sheet.merged = [range]
    return sheet
  }

  fileprivate static func numbers(_ name: String, _ table: String) -> Self {
    var sheet = Self(name, table)
    sheet.hasNumbers = true
    return sheet
  }
}

extension Example {
  /// A file that is no workbook of the form that is read, in place of one that is.
  fileprivate static func packed(_ content: Trial.File.Content) -> Example {
    let sheet = Trial.Sheet("Sheet1", "unit,day\nSchool,2022-11-03\nClinic,2022-11-04\n")
    return inbox(
      [Trial.File("inbox/ledger.xlsx", content)],
      [Trial.File("inbox/ledger.xlsx", .workbook([sheet], isBroken: false))], files: "inbox/*.xlsx",
      without: Set(Trial.Rewriting.allCases))
  }

  /// The archive `team.zip` with two commands.
  fileprivate static func packed(
    bad: Trial.Command, good: Trial.Command, _ content: Trial.File.Content
  ) -> Example {
    let files = [Trial.File("team.zip", content)]
    return .trial(
      Trial(
        bad: Trial.Case(command: bad, files: files), good: Trial.Case(command: good, files: files),
        without: Set(Trial.Rewriting.allCases)))
  }
}
