// What convert and describe say of a file that does not fit its own table.
extension Catalogue {
  static let convertingExplained: [Explanation] = [
    Explanation(
      .rowReread,
      cause: (
        "该行用的引号或分隔符与全表不同，按全表的写法读不出正确的列数。程序按该行自己的写法读了它，内容没有丢。",
        "The row is written with other quotes or delimiters than the table, and does not fit when read like the rest. It was read by its "
          + "own; nothing is lost."
      ),
      fix: ("看一下该行在结果里是否正确", "Look whether the row is right in the result"),
      .converted(
        "unit,day,score\nSchool,2022-11-03,5\nClinic,2022-11-04,4\n▸Library;2022-11-05;3\nMuseum,2022-11-06,2\n",
        "unit,day,score\nSchool,2022-11-03,5\nClinic,2022-11-04,4\nLibrary,2022-11-05,3\nMuseum,2022-11-06,2\n")),
    Explanation(
      .anotherTable,
      cause: (
        "表下面又出现了一行表头，列数或内容与上面的表不同，是另一张表。结果里只有第一张表，另一张没有写出，免得两张表混在一起。",
        "Below the table stands another header, with other columns: a second table. Only the first is written, lest the two be mixed."
      ),
      fix: ("用 --skip 跳过上面的行再转一次，得到另一张表", "Convert once more with --skip over the rows above, for the other table"),
      .converted(
        "unit,day,score\nSchool,2022-11-03,5\nClinic,2022-11-04,4\n\n▸region,score\nNorth,3\nSouth,2\n",
        "unit,day,score\nSchool,2022-11-03,5\nClinic,2022-11-04,4\n")),
    Explanation(
      .columnUnnamed,
      cause: (
        "有一列没有列名。内容照写，列名按位置取，如 column_2。",
        "A column has no name. Its content is written under a name of its place, such as column_2."
      ),
      fix: ("需要时在文件里补上列名", "Give the column a name in the file, if you need one"),
      .converted(
        "unit,,score\nSchool,x,5\nClinic,y,4\n", "unit,day,score\nSchool,x,5\nClinic,y,4\n")),
    Explanation(
      .cellsAppended,
      cause: (
        "有的行单元格比表头多，多出的写在后面新增的列里，没有丢。多半是内容里有分隔符而没有加引号，这样的行可能错位。",
        "Some rows have more cells than the header; the rest stands in further columns, and nothing is lost. Often a text holds a separator "
          + "and is not quoted, and then the row is shifted."
      ),
      fix: ("看看这些行；含分隔符的内容应加引号", "Look at these rows; a text that holds a separator needs quotes"),
      .converted(
        "unit,day,problem\nSchool,2022-11-03,Late,Roof leaks\nClinic,2022-11-04,Late\n",
        "unit,day,problem\nSchool,2022-11-03,\"Late,Roof leaks\"\nClinic,2022-11-04,Late\n")),
    Explanation(
      .notPadded,
      cause: (
        "个别行有成千上万个单元格，若各行都补到一样长，结果会有几个 GB。内容没有丢，只是各行长短不一。",
        "A few rows have thousands of cells; with all others made as long the result would have gigabytes. Nothing is lost, but rows differ "
          + "in length."
      ),
      fix: ("看看最长的行，多半是引号或换行出了错", "Look at the longest row: most often a quote or a line end is wrong"),
      .converted(
        "unit,score\n⟨4000×School,5\n⟩Clinic⟨20000×,1⟩\n", "unit,score\n⟨4000×School,5\n⟩Clinic,1\n",
        without: [.behindChinese, .byteOrderMark, .carriageReturns])),
    Explanation(
      .moreOfTheSame,
      cause: (
        "同一种提示在一个文件里已列出一百条，其余只计数，免得淹没别的提示。",
        "A hundred messages of one rule were shown for this file; the others are only counted, lest they hide the rest."
      ),
      fix: ("先处理列出的，再运行一次", "Deal with those that are shown, and run again"),
      .converted(
        "unit,day,score\n⟨5×School,2022-11-03,5\n⟩⟨120×Clinic,2022-11-04\n⟩",
        "unit,day,score\n⟨125×School,2022-11-03,5\n⟩",
        without: [.behindChinese])),
    Explanation(
      .headerGuessed,
      cause: (
        "第一行看上去已是数据，所以按没有表头读取，列名用 column_1、column_2 等。",
        "The first row looks like data already, so the file was read as one without header, with columns named column_1, column_2 and so on."
      ),
      fix: ("若首行其实是表头，用 --header-rows 1", "If the first row is the header, give --header-rows 1"),
      .converted(
        "▸School,2022-11-03,5\nClinic,2022-11-04,4\nLibrary,2022-11-05,3\n",
        "unit,day,score\nSchool,2022-11-03,5\nClinic,2022-11-04,4\nLibrary,2022-11-05,3\n", without: [.behindChinese])),
    Explanation(
      .xmlOutsideRecords,
      cause: (
        "XML 里除了重复的记录还有别的内容（如标题、填报单位），一行一条记录的表放不下，没有写出。",
        "Beside the records the XML holds other content, such as a title or an office, for which a table of records has no place. It is not "
          + "written."
      ),
      fix: ("需要时用 --record 指定上一层的路径", "If you need it, name the path above by --record"),
      .converted(
        "<answers><head>Team A</head><answer><unit>School</unit></answer><answer><unit>Clinic</unit></answer></answers>\n",
        "<answers><answer><unit>School</unit></answer><answer><unit>Clinic</unit></answer></answers>\n",
        name: "answers.xml")),
    Explanation(
      .xmlColumnsCapped,
      cause: (
        "记录里的路径太多，一张表放不下，其余的值没有写出。多半是选错了记录的路径，把整个文件当成了一条记录。",
        "The records have more paths than a table may have columns; the other values are not written. Often the path of the record is wrong, "
          + "and the whole file was taken for one."
      ),
      fix: ("用 --record 指定重复出现的元素的路径", "Name the path of the element that repeats by --record"),
      .converted(
        "<answers>⟨4100×<q#>5</q#>⟩</answers>\n", "<answers>⟨10×<q#>5</q#>⟩</answers>\n", name: "answers.xml",
        bad: ["--record", "/answers"], good: ["--record", "/answers"])),
  ]
}
