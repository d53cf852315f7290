// Text of tables: what is wrong with the file as a whole, and with single rows.
extension Catalogue {
  static let readingExplained: [Explanation] = [
    Explanation(
      .encodingUnknown,
      cause: (
        "指定的编码名称系统不认识，多半是拼写错误。文件没有读取。",
        "The system does not know the encoding that was named, which is often misspelt. The file was not read."
      ),
      fix: (
        "改正 --encoding 或流程文件里的 encoding；不写则自动识别",
        "Correct --encoding, or `encoding` in the pipeline; without it the encoding is found out"
      ),
      .converted(
        "unit,day\nSchool,2022-11-03\n", "unit,day\nSchool,2022-11-03\n", bad: ["--encoding", "gb1830"],
        good: ["--encoding", "utf-8"], without: [.gb18030])),
    Explanation(
      .mixedEncoding,
      cause: (
        "文件里有的行是 UTF-8，有的行不是，多半是把两个来源的内容粘在了一起。按其中一种读取，另一种的行会因不能解码而退回。",
        "Some lines of the file are UTF-8 and some are not; text of two sources was pasted together. It is read as one of them, and "
          + "lines in the other are rejected because they do not decode."
      ),
      .ledger(
        """
        单位,日期,问题
        一中,2022-11-03,没有台账
        卫生院,2022-11-04,屋顶漏水
        图书馆,2022-11-05,供暖不足
        ⟨B2⟩⟨A9⟩⟨CE⟩⟨EF⟩⟨B9⟩⟨DD⟩,2022-11-07,⟨C3⟩⟨BB⟩⟨D3⟩⟨D0⟩⟨CC⟩⟨A8⟩⟨D5⟩⟨CB⟩

        """,
        """
        单位,日期,问题
        一中,2022-11-03,没有台账
        卫生院,2022-11-04,屋顶漏水
        图书馆,2022-11-05,供暖不足
        博物馆,2022-11-07,没有台账

        """, without: [.gb18030, .byteOrderMark], also: [.encodingError])),
    Explanation(
      .dialectUnusable,
      cause: (
        "分隔符、引号和转义符的设定互相冲突，或者不能用作分隔符，按这样的设定读不出单元格。文件没有读取。",
        "Delimiter, quote and escape as they were given contradict each other or cannot be used: no cells can be told by them. The "
          + "file was not read."
      ),
      fix: (
        "改正命令的选项或流程文件；不写则自动识别", "Correct the options or the pipeline; what is not given is found out"
      ),
      .converted(
        "unit,day\nSchool,2022-11-03\n", "unit,day\nSchool,2022-11-03\n", bad: ["--delimiter", ",", "--quote", ","],
        good: ["--delimiter", ","])),
    Explanation(
      .headerNotFound,
      cause: (
        "文件开头没有一行像这个数据源的表头：可能表头被删掉了，可能列名都不同，也可能是别的表。不知道各列是什么，整个文件退回。",
        "No row at the top of the file looks like the header of this source: it was deleted, its names are others, or this is "
          + "another table. Without it nobody knows what the columns are, so the whole file is rejected."
      ),
      .ledger(
        "▸School,2022-11-03,5\nClinic,2022-11-04,4\n", "unit,day,score\nSchool,2022-11-03,5\nClinic,2022-11-04,4\n",
        without: [.behindChinese])),
    Explanation(
      .encodingError,
      cause: (
        "该行有字节在文件的编码里不是任何文字：文件损坏，或混入了另一种编码。为了不把乱码当作内容，退回该条记录，其余照常读取。",
        "The line holds bytes that are no characters in the file's encoding: it is damaged, or a piece in another encoding was pasted "
          + "in. The record is rejected, lest garbage count as content; the others are read."
      ),
      fix: (
        "用正确的编码重新导出，或在原处重新输入这个单元格", "Export the file again in one encoding, or type that cell anew"
      ),
      .ledger(
        "unit,day,problem\nSchool,2022-11-03,Roof leaks⟦⟨FF⟩\n图书馆,2022-11-04,没有台账，屋顶漏水，供暖不足，人员培训不到位\n",
        "unit,day,problem\nSchool,2022-11-03,Roof leaks\n图书馆,2022-11-04,没有台账，屋顶漏水，供暖不足，人员培训不到位\n",
        also: [.mixedEncoding])),
    Explanation(
      .textAfterQuote,
      cause: (
        "单元格以引号开头，引号结束后又有文字。程序无法确定单元格到哪里为止，为免错位，退回该条记录。",
        "A cell begins with a quote, and after its closing quote there is more text. Where the cell ends is not certain, so the record "
          + "is rejected rather than read askew."
      ),
      .ledger(
        "unit,day,problem\nSchool,2022-11-03,⟦\"Late\" Heating\nClinic,2022-11-04,\"Roof leaks\"\n",
        "unit,day,problem\nSchool,2022-11-03,\"\"\"Late\"\" Heating\"\nClinic,2022-11-04,\"Roof leaks\"\n", field: nil)),
    Explanation(
      .unclosedQuote,
      cause: (
        "单元格以引号开头，却没有结束的引号，后面的行都会被当作这个单元格的内容。程序退回引号所在的记录，从下一个像样的行继续读取。",
        "A cell begins with a quote that is never closed, so that the lines below would all belong to it. The record with the quote is "
          + "rejected, and reading goes on at the next line that fits."
      ),
      fix: (
        "补上结束的引号，或删去开头的引号", "Close the quote, or delete the one that opens the cell"
      ),
      .ledger(
        "unit,day,problem\nSchool,2022-11-03,\"Heating\"\nClinic,2022-11-04,⟦\"Roof leaks\nLibrary,2022-11-05,Late\n",
        "unit,day,problem\nSchool,2022-11-03,\"Heating\"\nClinic,2022-11-04,\"Roof leaks\"\nLibrary,2022-11-05,Late\n")),
    Explanation(
      .nulByte,
      cause: (
        "行内有值为 0 的字节，文本里不会有它，多半是磁盘或传输出了错。退回该条记录，其余照常读取。",
        "The row holds a byte of value 0, which no text has; a disk or a transfer went wrong. The record is rejected, the others are "
          + "read."
      ),
      .ledger(
        "unit,day,problem\nSchool,2022-11-03,Roof leaks⟦⟨00⟩\nClinic,2022-11-04,Late\n",
        "unit,day,problem\nSchool,2022-11-03,Roof leaks\nClinic,2022-11-04,Late\n")),
    Explanation(
      .recordTooLarge,
      cause: (
        "一条记录超过了上限。几乎总是因为引号没有结束或文件不是文本，把半个文件当成了一个单元格。退回该条记录。",
        "One record is larger than the limit. Nearly always a quote is not closed, or the file is no text, and half of it was taken for "
          + "one cell. The record is rejected."
      ),
      .described(
        bad: ("一个引号打开后，64 MiB 之内都没有结束。", "A quote opens and is not closed within 64 MiB."),
        good: (
          "每个引号都在同一单元格内结束；大段文字另存文件，表里只写文件名。",
          "Each quote is closed in its own cell; very long texts stand in files of their own."
        )
      )),
    Explanation(
      .titleRowsSkipped,
      cause: (
        "表头上面有标题、单位、制表日期之类的行。它们不是记录，跳过即可，不影响统计。",
        "Above the header stand rows with a title, an office, a date. They are no records and are passed over; nothing is lost."
      ),
      fix: (
        "不必处理；若跳过的行其实是数据，用 skip 和 header-rows 指明",
        "Nothing; if one of them is data, say where the header is by `skip` and `header-rows`"
      ),
      .ledger(
        "▸Ledger of visits\nunit,day\nSchool,2022-11-03\nClinic,2022-11-04\n",
        "unit,day\nSchool,2022-11-03\nClinic,2022-11-04\n",
        without: [.behindChinese])),
    Explanation(
      .repeatedHeader,
      cause: (
        "表头在数据中间又出现了一次，常见于把几张表粘成一张。该行不是记录，已跳过。",
        "The header stands again among the data, as when several sheets were pasted into one. The row is no record and is passed over."
      ),
      fix: ("不必处理；想清静可删去该行", "Nothing; delete the row if the note disturbs you"),
      .ledger(
        "unit,day\nSchool,2022-11-03\n▸unit,day\nClinic,2022-11-04\n",
        "unit,day\nSchool,2022-11-03\nClinic,2022-11-04\n")),
    Explanation(
      .totalsRow,
      cause: (
        "数据下面有合计、小计之类的行。合计不是记录，算进去就重复了，所以跳过。",
        "Below the data stands a row of totals. It is no record, and counting it would count everything twice, so it is passed over."
      ),
      fix: (
        "不必处理；若真有单位叫这个名字，用 totals 改写合计行的开头",
        "Nothing; if a unit really has this name, say by `totals` how rows of totals begin"
      ),
      .ledger(
        "unit,day,score\nSchool,2022-11-03,5\nClinic,2022-11-04,4\n▸Total,,9\n",
        "unit,day,score\nSchool,2022-11-03,5\nClinic,2022-11-04,4\n")),
    Explanation(
      .noteRow,
      cause: (
        "表格下面有一行说明文字（注、填表人、数据来源等），只占第一格。它不是记录，已跳过。",
        "Below the table stands a line of text, such as a note or who filled it in, in the first cell only. It is no record and is "
          + "passed over."
      ),
      fix: ("不必处理；若它其实是记录，补齐该行的其他单元格", "Nothing; if it is a record, fill in the other cells of the row"),
      .ledger(
        "unit,day,score\nSchool,2022-11-03,5\nClinic,2022-11-04,4\n▸Note: figures as of November\n",
        "unit,day,score\nSchool,2022-11-03,5\nClinic,2022-11-04,4\n")),
    Explanation(
      .blankRow,
      cause: (
        "表里有空行。空行不是记录，跳过即可，不影响统计；只报第一处和总数。",
        "There are blank rows in the table. They are no records and are passed over; the first is named and all are counted."
      ),
      fix: ("不必处理", "Nothing"),
      .ledger(
        "unit,day\nSchool,2022-11-03\n▸\nClinic,2022-11-04\n", "unit,day\nSchool,2022-11-03\nClinic,2022-11-04\n")),
    Explanation(
      .trailingSeparator,
      cause: (
        "每一行（连同表头）末尾都多一个分隔符，等于多了一个空列。空列不读，不影响统计。",
        "Every row, the header too, ends with one more separator, which makes a blank column. It is not read; nothing is lost."
      ),
      fix: ("不必处理；导出时可去掉最后的空列", "Nothing; the blank column may be deleted before the export"),
      .ledger(
        "▸unit,day,\nSchool,2022-11-03,\nClinic,2022-11-04,\n", "unit,day\nSchool,2022-11-03\nClinic,2022-11-04\n")),
    Explanation(
      .surplusBlankCells,
      cause: (
        "有的行在最后一列之后还有空单元格，多半是在 Excel 里碰过那里。空单元格里没有内容，去掉即可。",
        "Some rows have blank cells beyond the last column; somebody touched them in a spreadsheet. Nothing stands in them, and they are "
          + "dropped."
      ),
      fix: ("不必处理", "Nothing"),
      .ledger(
        "unit,day\nSchool,2022-11-03\n▸Clinic,2022-11-04,,\n", "unit,day\nSchool,2022-11-03\nClinic,2022-11-04\n")),
    Explanation(
      .mixedLineEnds,
      cause: (
        "文件里有的行以 CRLF 结尾，有的以 LF 或 CR 结尾，多半由几个系统的内容拼成。各行都照常读取，不影响统计。",
        "Some lines end in CRLF and some in LF or CR; the file was put together on several systems. All are read; nothing is lost."
      ),
      fix: ("不必处理", "Nothing"),
      .ledger(
        "unit,day\r\nSchool,2022-11-03\r\nClinic,2022-11-04\n", "unit,day\nSchool,2022-11-03\nClinic,2022-11-04\n",
        without: [.carriageReturns])),
  ]
}
