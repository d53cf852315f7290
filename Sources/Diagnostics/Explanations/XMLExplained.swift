extension Catalogue {
  static let xmlExplained: [Explanation] = [
    Explanation(
      .xmlDoctype,
      cause: (
        "文件开头有 DOCTYPE。它可以让读取的程序去打开别的文件，或把几行文字展开成几个 GB，所以一律拒收，整个文件退回。",
        "The file begins with a DOCTYPE. By it a file can make a reader open other files or blow up a few lines into gigabytes, so "
          + "such files are refused as a whole."
      ),
      .answers(
        """
        <?xml version="1.0"?>
        ⟦<!DOCTYPE answers [<!ENTITY a "School">]>
        <answers><answer><unit>School</unit><score>5</score></answer></answers>

        """,
        """
        <?xml version="1.0"?>
        <answers><answer><unit>School</unit><score>5</score></answer></answers>

        """)),
    Explanation(
      .compressedInput,
      cause: (
        "文件是 rar、7z、xz 等压缩格式，程序只读 zip 和 gzip；改文件名没有用。整个文件退回。",
        "The file is compressed as rar, 7z, xz or the like; only zip and gzip are read, whatever the name says. All of it is rejected."
      ),
      .trial(
        Trial(
          bad: Trial.Case(command: .convert("ledger.rar", []), files: [Trial.File("ledger.rar", "Rar!⟨1A⟩⟨07⟩⟨00⟩")]),
          good: Trial.Case(
            command: .convert("ledger.zip", []),
            files: [
              Trial.File(
                "ledger.zip", .archive([Trial.File("ledger.csv", "unit,day\nSchool,2022-11-03\n")], .sound))
            ]), without: Set(Trial.Rewriting.allCases)))),
    Explanation(
      .xmlNotWellFormed,
      cause: (
        "标签没有配对，或文件在中途断开，从这里起不知道什么属于什么。整个文件退回；设 salvage: true 则保留断点以前的记录。",
        "Tags do not match, or the file breaks off: from here on nobody knows what belongs to what. All of the file is rejected; with "
          + "`salvage: true` the records before this place are kept."
      ),
      .answers(
        """
        <answers>
        <answer><unit>School</unit><score>5</score2>⟦</answer>
        </answers>

        """,
        """
        <answers>
        <answer><unit>School</unit><score>5</score></answer>
        </answers>

        """)),
    Explanation(
      .xmlLimit,
      cause: (
        "文件的某一部分（层数、标签、一段文字、一条记录）大得离谱，正常的问卷到不了。这样的文件能耗尽内存，所以整个退回。",
        "Some part of the file (levels, a tag, a text, a record) is larger than any questionnaire makes it. Such a file can use up all "
          + "memory, so it is refused as a whole."
      ),
      .answers(
        "<answers>\n▸<answer><unit>School⟨300×<a>⟩⟨300×</a>⟩</unit><score>5</score></answer>\n</answers>\n",
        "<answers>\n<answer><unit>School</unit><score>5</score></answer>\n</answers>\n")),
    Explanation(
      .xmlNoRecords,
      cause: (
        "文件能读，但流程文件里 record 写的路径上没有元素。可能路径写错，也可能这是别的文件。其中的内容没有计入。",
        "The file can be read, but there is no element at the path that `record` gives: the path is wrong, or this is another file. "
          + "What is in it does not count."
      ),
      fix: (
        "用 describe 看文件里有哪些路径，再改正 record", "See by `fieldtally describe` which paths the file has, and correct `record`"
      ),
      .answers(
        "<answers><reply><unit>School</unit><score>5</score></reply></answers>\n",
        "<answers><answer><unit>School</unit><score>5</score></answer></answers>\n")),
    Explanation(
      .xmlSalvaged,
      cause: (
        "文件在中途断开，而数据源设了 salvage: true，所以保留断点以前的记录。断点以后的内容没有计入。",
        "The file breaks off, and the source says `salvage: true`: the complete records before that place are kept. What stands behind "
          + "it does not count."
      ),
      .answers(
        """
        <answers>
        <answer><unit>School</unit><score>5</score></answer>
        <answer><unit>Clinic</unit><score>4</score2>⟦</answer>
        </answers>

        """,
        """
        <answers>
        <answer><unit>School</unit><score>5</score></answer>
        <answer><unit>Clinic</unit><score>4</score></answer>
        </answers>

        """, setting: "salvage: true", also: [.xmlNotWellFormed])),
    Explanation(
      .elementRepeated,
      cause: (
        "一个字段在同一条记录里有两个值，程序不替人选哪一个。退回该条记录。",
        "A field has two values in one record, and the program does not choose. The record is rejected."
      ),
      fix: (
        "改正记录；若本来就可重复，用 findings 的 each，或在 x-path 里用 score[1] 这样的写法指明第几个",
        "Correct the record; if it may repeat, use `each` of `findings`, or say in `x-path` which one, as in score[1]"
      ),
      .answers(
        """
        <answers>
        ▸<answer><unit>School</unit><score>5</score><score>4</score></answer>
        </answers>

        """,
        """
        <answers>
        <answer><unit>School</unit><score>5</score></answer>
        </answers>

        """, field: "score")),
    Explanation(
      .xmlUnmapped,
      cause: (
        "记录里有些元素或属性没有字段去读，里面的内容没有计入。可能本来就用不着，也可能字段的路径写错。",
        "Records hold elements or attributes that no field reads; what stands in them does not count. Perhaps nobody needs them, perhaps "
          + "the path of a field is wrong."
      ),
      fix: (
        "用不着就不必处理；要用则加一个字段，用 x-path 写明路径", "Nothing, if nobody needs them; else add a field with its `x-path`"
      ),
      .answers(
        "<answers><answer><unit>School</unit><score>5</score><phone>8800</phone></answer></answers>\n",
        "<answers><answer><unit>School</unit><score>5</score></answer></answers>\n")),
    Explanation(
      .xmlUndeclaredPrefix,
      cause: (
        "名字带前缀（如 s:score），文件里没有用 xmlns 声明它，但数据源的 namespaces 写明了，或它是 XForms 常用的前缀。内容照常读取和计入。",
        "A name has a prefix (as in s:score) that the file does not declare by xmlns, but that `namespaces` of the source names, or that is "
          + "usual in XForms. It is read and counts."
      ),
      fix: (
        "不必处理；最好请导出的系统补上 xmlns 声明", "Nothing; better ask for an export that declares the prefix"
      ),
      .answers(
        """
        <answers>
        ▸<answer><unit>School</unit><s:score>5</s:score></answer>
        </answers>

        """,
        """
        <answers xmlns:s="urn:scores">
        <answer><unit>School</unit><s:score>5</s:score></answer>
        </answers>

        """, setting: "namespaces: {s: \"urn:scores\"}")),
    Explanation(
      .xmlUnknownPrefix,
      cause: (
        "名字带前缀（如 s:score），文件里没有用 xmlns 声明它，数据源的 namespaces 也没有写。这样的文件不合 XML 规范，整个退回。",
        "A name has a prefix (as in s:score) that neither the file declares by xmlns nor `namespaces` of the source. Such a file is no XML "
          + "with namespaces; it is rejected as a whole."
      ),
      .answers(
        """
        <answers>
        <answer><unit>School</unit><s:score⟦>5</s:score></answer>
        </answers>

        """,
        """
        <answers xmlns:s="urn:scores">
        <answer><unit>School</unit><s:score>5</s:score></answer>
        </answers>

        """)),
    Explanation(
      .xmlEncoding,
      cause: (
        "文件第一行声明的编码与实际保存的编码不同，多半是另存时换了编码而没有改声明。为免读出乱码，整个文件退回。",
        "The first line names another encoding than the file was saved in; often it was saved anew and the line left as it was. Lest garbage "
          + "be read, all of it is rejected."
      ),
      fix: (
        "从原系统重新导出，或把第一行的 encoding 改成实际的编码",
        "Export it again, or make `encoding` in the first line that of the file"
      ),
      .answers(
        """
        ▸<?xml version="1.0" encoding="UTF-16"?>
        <answers><answer><unit>School</unit><score>5</score></answer></answers>

        """,
        """
        <?xml version="1.0" encoding="UTF-8"?>
        <answers><answer><unit>School</unit><score>5</score></answer></answers>

        """, without: [.gb18030])),
    Explanation(
      .xmlInvalid,
      cause: (
        "数据源用 validate 写明了校验模式（XSD 或 RELAX NG），记录里有不合模式的地方：值的类型不对、缺少或多出元素。退回该条记录；错在记录以外时，整个文件退回。",
        "The source names a schema by `validate`, and something in the record is not as it demands: a value of the wrong type, an element "
          + "missing or too many. The record is rejected, or the file if the fault stands outside records."
      ),
      .answers(
        """
        <answers>
        ▸<answer><unit>School</unit><score>many</score></answer>
        </answers>

        """,
        """
        <answers>
        <answer><unit>School</unit><score>5</score></answer>
        </answers>

        """, setting: "validate: answers.xsd", fields: "{name: unit}, {name: score}",
        given: [Trial.File("answers.xsd", answersSchema("xs:int"))])),
    Explanation(
      .xmlSchemaUnusable,
      cause: (
        "数据源的 validate 写的校验模式文件不能用：里面有错误，或引用了督查文件夹以外的文件。整次运行不进行。",
        "The schema that `validate` of the source names cannot be used: there is a fault in it, or it refers to files outside the campaign's "
          + "folder. Nothing is run."
      ),
      .trial(
        Trial(
          given: [
            Example.answersPipeline("validate: answers.xsd"),
            Trial.File(
              "inbox/answers.xml", "<answers><answer><unit>School</unit><score>5</score></answer></answers>\n"),
          ], setting: "validate: answers.xsd",
          bad: Trial.Case(files: [Trial.File("answers.xsd", answersSchema("xs:whole", mark: "▸"))]),
          good: Trial.Case(files: [Trial.File("answers.xsd", answersSchema("xs:int"))]),
          without: [.gb18030, .behindChinese]))),
    Explanation(
      .xmlPath,
      cause: (
        "流程文件里的路径写法虽对，却不能用：序号超过 1000，或前缀没有在 namespaces 里写明。整次运行不进行。",
        "A path in the pipeline is written as it should be but cannot be used: a number beyond 1000, or a prefix that `namespaces` does not "
          + "define. Nothing is run."
      ),
      .pipeline(
        xmlSource + "    fields: [{name: unit}, ⟦{name: score, x-path: \"score[2000]\"}]\n",
        xmlSource + "    fields: [{name: unit}, {name: score, x-path: \"score[1]\"}]\n",
        given: [
          Trial.File("inbox/answers.xml", "<answers><answer><unit>School</unit><score>5</score></answer></answers>\n")
        ])),
  ]

  private static func answersSchema(_ type: String, mark: String = "") -> String {
    """
    <xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">
    <xs:element name="answers"><xs:complexType><xs:sequence>
    <xs:element name="answer" maxOccurs="unbounded"><xs:complexType><xs:sequence>
    <xs:element name="unit" type="xs:string"/>
    \(mark)<xs:element name="score" type="\(type)"/>
    </xs:sequence></xs:complexType></xs:element>
    </xs:sequence></xs:complexType></xs:element>
    </xs:schema>

    """
  }

  private static let xmlSource = """
    fieldtally: 1
    campaign: {id: t}
    sources:
      - name: a
        files: inbox/*.xml
        record: /answers/answer

    """
}
