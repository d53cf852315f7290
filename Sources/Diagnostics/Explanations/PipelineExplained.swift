// The pipeline file and what it names. With an error in them nothing is read: status 78.
extension Catalogue {
  static let pipelineExplained: [Explanation] = [
    Explanation(
      .pipelineUnreadable,
      cause: (
        "文件夹里没有 pipeline.yaml，或者打不开。没有它不知道读什么、怎么统计，整次运行不进行。",
        "There is no pipeline.yaml in the folder, or it cannot be opened. Without it nobody knows what to read and to tally, so nothing "
          + "is run."
      ),
      .pipeline(smallest, smallest).with(badFiles: [])),
    Explanation(
      .pipelineNotUTF8,
      cause: (
        "流程文件存成了别的编码（如 GBK），里面的中文会变成乱码。整次运行不进行。",
        "The pipeline file was saved in another encoding, and what is not ASCII in it would be garbage. Nothing is run."
      ),
      .pipeline(
        "fieldtally: 1\n▸campaign: {id: t, title: ⟨B6⟩⟨BD⟩⟨B2⟩⟨E9⟩}\nsources:\n" + smallestSource,
        "fieldtally: 1\ncampaign: {id: t, title: 督查}\nsources:\n" + smallestSource)),
    Explanation(
      .pipelineTooLarge,
      cause: (
        "流程文件超过 4 MiB、十万个值或 64 层，多半是把数据写进了流程文件。整次运行不进行。",
        "The pipeline file has more than 4 MiB, 100,000 values or 64 levels; often data was put into it. Nothing is run."
      ),
      .pipeline(
        "⟨64×[⟩⟦⟨6×[⟩⟨70×]⟩\n", smallest)),
    Explanation(
      .pipelineSyntax,
      cause: (
        "从这里起读不懂：括号或引号没有配对、缩进不齐、用了制表符或全角标点。整次运行不进行。",
        "From here on the text cannot be understood: a bracket or quote without its partner, uneven indentation, a tab or a full-width "
          + "sign. Nothing is run."
      ),
      .pipeline(
        "fieldtally: 1\ncampaign: {id: t\nsources⟦:\n" + smallestSource,
        "fieldtally: 1\ncampaign: {id: t}\nsources:\n" + smallestSource
      )),
    Explanation(
      .pipelineRepeatedKey,
      cause: (
        "同一处把同一个键写了两次，不知道以哪个为准。整次运行不进行。",
        "One key stands twice in the same place, and it is not certain which holds. Nothing is run."
      ),
      .source(
        "  - {name: a, files: inbox/*.csv, ⟦files: inbox/*.txt, fields: [{name: place}, {name: date}]}\n",
        "  - {name: a, files: [inbox/*.csv, inbox/*.txt], fields: [{name: place}, {name: date}]}\n")),
    Explanation(
      .pipelineUnknownKey,
      cause: (
        "这里没有这个键，多半是拼写错误。若不报错，这一条设定就会悄悄失效。整次运行不进行。",
        "There is no such key here; often it is misspelt. Passed over, it would silently do nothing. Nothing is run."
      ),
      fix: (
        "改成提示中最相近的键，或对照 docs/pipeline.zh.md", "Use the key that the message proposes, or look it up in docs/pipeline.md"
      ),
      .source(
        "  - {name: a, files: inbox/*.csv, ⟦fill_down: [place], fields: [{name: place}, {name: date}]}\n",
        "  - {name: a, files: inbox/*.csv, fill-down: [place], fields: [{name: place}, {name: date}]}\n")),
    Explanation(
      .pipelineMissingKey,
      cause: (
        "这里必须写的键没有写，例如数据源没有 files。整次运行不进行。",
        "A key that must stand here does not, such as the `files` of a source. Nothing is run."
      ),
      fix: ("补上提示中的键", "Add the key that the message names"),
      .source(
        "  - ⟦{name: a, fields: [{name: place}, {name: date}]}\n",
        "  - {name: a, files: inbox/*.csv, fields: [{name: place}, {name: date}]}\n")),
    Explanation(
      .pipelineWrongType,
      cause: (
        "此处要的是另一种写法：列表、数、true 或 false 等。例如 no 只是一段文字，不是 false。整次运行不进行。",
        "Something of another kind is wanted here: a list, a number, true or false. `no`, for one, is a text and not `false`. Nothing is "
          + "run."
      ),
      fix: ("按提示中“应为”的写法改", "Write it as the message expects"),
      .source(
        "  - {name: a, files: inbox/*.csv, visit: ⟦no, fields: [{name: place}, {name: date}]}\n",
        "  - {name: a, files: inbox/*.csv, visit: false, fields: [{name: place}, {name: date}]}\n")),
    Explanation(
      .pipelineWrongValue,
      cause: (
        "写法对，值不行：日期不存在、下限大于上限、两项设定冲突等。整次运行不进行。",
        "It is written as it should be, but the value cannot hold: a day that does not exist, a minimum above the maximum, two settings "
          + "that exclude each other. Nothing is run."
      ),
      fix: ("按提示中“应为”的内容改", "Correct it as the message says"),
      .pipeline(
        "fieldtally: 1\ncampaign: {id: t, window: ⟦2022-11-01/2022-11-31}\nsources:\n" + smallestSource,
        "fieldtally: 1\ncampaign: {id: t, window: 2022-11-01/2022-11-30}\nsources:\n" + smallestSource)),
    Explanation(
      .pipelineUnknownName,
      cause: (
        "这里引用的字段、代码表或选项不存在，多半是拼写错误，或者改了名而这里没有改。整次运行不进行。",
        "A field, a code list or a word is named here that does not exist: misspelt, or renamed elsewhere. Nothing is run."
      ),
      fix: ("改成提示中列出的名称之一", "Use one of those that the message lists"),
      .source(
        "  - {name: a, files: inbox/*.csv, unit: ⟦plcae, fields: [{name: place}, {name: date}]}\n",
        "  - {name: a, files: inbox/*.csv, unit: place, fields: [{name: place}, {name: date}]}\n")),
    Explanation(
      .pipelineRepeatedName,
      cause: (
        "两个数据源或两个字段用了同一个名称，别处提到它时不知道是哪一个。整次运行不进行。",
        "Two sources, or two fields, have one name; where it is used nobody knows which is meant. Nothing is run."
      ),
      .source(
        "  - {name: a, files: inbox/*.csv, fields: [{name: place}, ⟦{name: place}]}\n",
        "  - {name: a, files: inbox/*.csv, fields: [{name: place}, {name: date}]}\n")),
    Explanation(
      .pipelinePath,
      cause: (
        "路径是绝对路径，或用 .. 走出了督查文件夹，换一台电脑就找不到。整次运行不进行。",
        "The path is absolute or leaves the campaign's folder by `..`, and would mean something else on another computer. Nothing is run."
      ),
      .pipeline(
        "fieldtally: 1\ncampaign: {id: t}\nroster: {units: ⟦../units.csv}\nsources:\n" + smallestSource,
        "fieldtally: 1\ncampaign: {id: t}\nroster: {units: units.csv}\nsources:\n" + smallestSource,
        given: [Trial.File("units.csv", "code,name\nU1,School\nU2,Clinic\n")])),
    Explanation(
      .pipelineNotChecked,
      cause: (
        "字段的 jsonSchema 里用了本程序不检查的关键字。其他检查照常，记录不会因它退回。",
        "The `jsonSchema` of a field has a keyword that the program does not check. Everything else is checked; no record is rejected for "
          + "it."
      ),
      fix: ("用别的约束代替，或另行核对", "Use another constraint, or check it by other means"),
      .source(
        answersSource("⟦jsonSchema: {minContains: 2}"), answersSource("jsonSchema: {minItems: 2}"))),
    Explanation(
      .pipelineManyFaults,
      cause: (
        "一个文件里的错误达到上限，其余不再列出，往往是同一个错误引起的。",
        "One file has so many faults that the others are not listed; often a single slip causes them all."
      ),
      .source(
        "  - {name: a, files: inbox/*.csv, fields: [{name: place}, ⟨120×{nam: x}, ⟩{name: date}]}\n",
        "  - {name: a, files: inbox/*.csv, fields: [{name: place}, {name: date}]}\n",
        also: [.pipelineUnknownKey, .pipelineMissingKey])),
    Explanation(
      .pipelineReference,
      cause: (
        "名册、代码表或字段表文件不存在，或里面有错：同一代码用了两次、地区表里没有写到的地区等。整次运行不进行。",
        "A roster, code list or schema that the pipeline names is missing or has a fault: a code stands twice, a region is not in its "
          + "table. Nothing is run."
      ),
      fix: ("按提示改正该文件", "Correct that file as the message says"),
      .table(
        "code,name\nU1,School\n▸U1,Clinic\n", "code,name\nU1,School\nU2,Clinic\n")),
  ]

  /// A source with a field of type array.
  private static func answersSource(_ constraint: String) -> String {
    """
      - name: a
        files: inbox/*.csv
        fields:
          - {name: place}
          - {name: date}
          - {name: more, type: array, constraints: {\(constraint)}}

    """
  }

  static let rulesExplained: [Explanation] = [
    Explanation(
      .expressionSyntax,
      cause: (
        "rules 里的条件从这里起读不懂：词拼错、括号或引号没有配对、少了一部分。整次运行不进行。",
        "From here on a condition under `rules` cannot be understood: a word is misspelt, a bracket or quote has no partner, something is "
          + "missing. Nothing is run."
      ),
      fix: ("按提示中“应为”的写法改，或对照 docs/rules.zh.md", "Write it as the message expects, or look it up in docs/rules.md"),
      .pipeline(
        smallest + "rules:\n  - {id: has-place, source: a, require: place is not ⟦blnk}\n",
        smallest + "rules:\n  - {id: has-place, source: a, require: place is not blank}\n")),
    Explanation(
      .expressionType,
      cause: (
        "rules 里的条件拿不能比的东西相比或相算，例如拿文字和数比大小，或把文字相加。整次运行不进行。",
        "A condition under `rules` compares or computes what does not go together, such as a text and a number. Nothing is run."
      ),
      fix: (
        "两边用同一类的值；字段的类型在 fields 的 type 里写明",
        "Use values of one kind on both sides; `type` says of which kind a field is"
      ),
      .pipeline(
        smallest + "rules:\n  - {id: has-place, source: a, require: place > ⟦5}\n",
        smallest + "rules:\n  - {id: has-place, source: a, require: length(place) >= 2}\n")),
  ]

  private static let smallestSource = "  - {name: a, files: inbox/*.csv, fields: [{name: place}, {name: date}]}\n"
  private static let smallest = "fieldtally: 1\ncampaign: {id: t}\nsources:\n" + smallestSource
}

extension Example {
  /// A roster of units.
  fileprivate static func table(_ bad: String, _ good: String) -> Example {
    .trial(
      Trial(
        given: [
          plainLedger,
          Trial.File(
            "pipeline.yaml",
            """
            fieldtally: 1
            campaign: {id: t}
            roster: {units: units.csv}
            sources:
              - {name: a, files: inbox/*.csv, fields: [{name: place}, {name: date}]}
            """),
        ], setting: "", bad: Trial.Case(files: [Trial.File("units.csv", bad)]),
        good: Trial.Case(files: [Trial.File("units.csv", good)]), without: [.behindChinese]))
  }
}
