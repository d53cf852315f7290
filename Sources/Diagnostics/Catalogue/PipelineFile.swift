// The pipeline file and the files that it names.
extension Catalogue {
  static let expressions: [Rule] = [.expressionSyntax, .expressionType]
  static let pipeline: [Rule] = [
    .pipelineUnreadable, .pipelineNotUTF8, .pipelineTooLarge, .pipelineSyntax, .pipelineRepeatedKey,
    .pipelineUnknownKey,
    .pipelineMissingKey, .pipelineWrongType, .pipelineWrongValue, .pipelineUnknownName, .pipelineRepeatedName,
    .pipelinePath, .pipelineNotChecked, .pipelineManyFaults, .pipelineReference,
  ]
}

extension Rule {
  package static let pipelineUnreadable = Rule(
    "pipeline-unreadable", title: ("读不到流程文件", "the pipeline file cannot be read"),
    expected: ("{0}", "{0}"), fix: ("检查路径；用 fieldtally init 新建", "Check the path; `fieldtally init` makes a new one"))
  package static let pipelineNotUTF8 = Rule(
    "pipeline-not-utf8", title: ("文件不是 UTF-8", "the file is not UTF-8"), expected: ("UTF-8 文本", "text in UTF-8"),
    fix: ("在编辑器中另存为 UTF-8", "Save it as UTF-8 in an editor"))
  package static let pipelineTooLarge = Rule(
    "pipeline-too-large", title: ("流程文件过大", "the pipeline file is too large"), expected: ("{0}", "{0}"),
    fix: ("把数据放进 CSV，流程文件只写规则", "Keep data in CSV files, and only the rules here"))
  package static let pipelineSyntax = Rule(
    "pipeline-syntax", title: ("YAML 或 JSON 语法错误", "not valid YAML or JSON"),
    expected: ("合乎语法的文本（{0}）", "text in its syntax ({0})"),
    fix: (
      "检查本行和前几行：冒号、逗号、括号用半角，冒号后空一格，缩进用空格不用制表符，引号成对",
      "Check this line and those before it: a space after each colon, spaces and no tabs before a key, quotes in pairs"
    ))
  package static let pipelineRepeatedKey = Rule(
    "pipeline-repeated-key", title: ("同一个键写了两次", "the same key twice"),
    expected: ("每个键一次（第一次在 {0}）", "each key once (it stands first at {0})"),
    fix: ("删去其中一个", "Delete one of the two"))
  package static let pipelineUnknownKey = Rule(
    "pipeline-unknown-key", title: ("没有这个键", "unknown key"), expected: ("其中之一：{0}", "one of: {0}"),
    fix: ("{1}", "{1}"))
  package static let pipelineMissingKey = Rule(
    "pipeline-missing-key", title: ("缺少必需的键", "a required key is missing"), expected: ("键 {0}", "the key {0}"))
  package static let pipelineWrongType = Rule(
    "pipeline-wrong-type", title: ("此处的写法不对", "a value of the wrong kind"), expected: ("{0}", "{0}"))
  package static let pipelineWrongValue = Rule(
    "pipeline-wrong-value", title: ("值不对", "a wrong value"), expected: ("{0}", "{0}"), fix: ("{1}", "{1}"))
  package static let pipelineUnknownName = Rule(
    "pipeline-unknown-name", title: ("没有这个名称或选项", "a name or word that is not known here"),
    expected: ("其中之一：{0}", "one of: {0}"),
    fix: ("{1}", "{1}"))
  package static let pipelineRepeatedName = Rule(
    "pipeline-repeated-name", title: ("名称重复", "a name is used twice"),
    expected: ("唯一的名称（第一次在 {0}）", "a name of its own (it stands first at {0})"),
    fix: ("改名，或删去其中一个", "Rename or delete one of the two"))
  package static let pipelinePath = Rule(
    "pipeline-path", title: ("路径写法不对，或不在督查文件夹之内", "a path that is not one inside the campaign's folder"),
    expected: ("以督查文件夹为起点的相对路径，用 / 分隔，不含 ..", "a path relative to the campaign's folder, with / and without `..`"),
    fix: ("改用 /，或把文件放进督查文件夹", "Write it with /, or put the file into the folder"))
  package static let pipelineNotChecked = Rule(
    "pipeline-not-checked", .warning, title: ("此约束尚不检查", "a constraint that is not checked yet"),
    expected: ("{0}", "{0}"))
  package static let pipelineManyFaults = Rule(
    "pipeline-many-faults", .note, title: ("错误太多，其余未列出", "too many faults, the others are not listed"),
    fix: ("改正以上错误后再检查", "Correct those above and check again"))
  package static let pipelineReference = Rule(
    "pipeline-reference", title: ("引用的文件有问题", "a file that the pipeline names is not usable"),
    expected: ("{0}", "{0}"), fix: ("{1}", "{1}"))
}

extension Rule {
  package static let expressionSyntax = Rule(
    "expression-syntax", title: ("规则的写法不对", "a rule that cannot be read"), expected: ("{0}", "{0}"), fix: ("{1}", "{1}")
  )
  package static let expressionType = Rule(
    "expression-type", title: ("规则中的值类型不合", "a value in a rule that does not fit"), expected: ("{0}", "{0}"),
    fix: ("{1}", "{1}"))
}
