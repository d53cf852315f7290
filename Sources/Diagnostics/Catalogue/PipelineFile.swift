// The pipeline file and the files that it names.
extension Catalogue {
  static let pipeline: [Rule] = [
    .pipelineUnreadable, .pipelineSyntax, .pipelineUnknownKey, .pipelineMissingKey, .pipelineWrongType, .pipelineWrongValue,
    .pipelineUnknownName, .pipelineRepeatedName, .pipelineReference,
  ]
}

extension Rule {
  package static let pipelineUnreadable = Rule(
    "pipeline-unreadable", title: ("读不到流程文件", "the pipeline file cannot be read"),
    expected: ("{0}", "{0}"), fix: ("检查路径；用 fieldtally init 新建", "check the path; `fieldtally init` makes a new one"))
  package static let pipelineSyntax = Rule(
    "pipeline-syntax", title: ("YAML 或 JSON 语法错误", "not valid YAML or JSON"), expected: ("{0}", "{0}"),
    fix: ("检查缩进和引号", "check indentation and quotes"))
  package static let pipelineUnknownKey = Rule(
    "pipeline-unknown-key", title: ("未知的键", "unknown key"), expected: ("其中之一：{0}", "one of: {0}"),
    fix: ("是否想写 {1}？", "Did you mean {1}?"))
  package static let pipelineMissingKey = Rule(
    "pipeline-missing-key", title: ("缺少必需的键", "a required key is missing"), expected: ("键 {0}", "the key {0}"))
  package static let pipelineWrongType = Rule(
    "pipeline-wrong-type", title: ("值的类型不对", "a value of the wrong kind"), expected: ("{0}", "{0}"))
  package static let pipelineWrongValue = Rule(
    "pipeline-wrong-value", title: ("值不对", "a wrong value"), expected: ("{0}", "{0}"), fix: ("{1}", "{1}"))
  package static let pipelineUnknownName = Rule(
    "pipeline-unknown-name", title: ("名称未定义", "a name that is not defined"), expected: ("其中之一：{0}", "one of: {0}"),
    fix: ("是否想写 {1}？", "Did you mean {1}?"))
  package static let pipelineRepeatedName = Rule(
    "pipeline-repeated-name", title: ("名称重复", "a name is used twice"), expected: ("唯一的名称", "a name of its own"))
  package static let pipelineReference = Rule(
    "pipeline-reference", title: ("引用的文件有问题", "a file that the pipeline names is not usable"),
    expected: ("{0}", "{0}"), fix: ("{1}", "{1}"))
}
