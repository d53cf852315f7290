/// What a person should know of a rule beyond the line that a message is: why it happens and what it costs, the way out,
/// and an example. Rules are explained in files of their own, a family each, so that a rule may be declared first.
package struct Explanation: Sendable {
  package let rule: Rule
  package let cause: LocalizedText
  /// A way out that stands without the facts of a case; that of the rule itself unless it needs them.
  package let fix: LocalizedText
  package let example: Example

  init(
    _ rule: Rule, cause: (zh: String, en: String), fix: (zh: String, en: String)? = nil, _ example: Example
  ) {
    self.rule = rule
    self.cause = LocalizedText(zh: cause.zh, en: cause.en)
    self.fix = fix.map { LocalizedText(zh: $0.zh, en: $0.en) } ?? rule.fix
    self.example = example
  }
}

extension Catalogue {
  /// Rules of one stage, as the documentation lists them.
  package struct Family: Sendable {
    package let title: LocalizedText
    package let rules: [Rule]

    init(_ zh: String, _ en: String, _ rules: [Rule]) {
      title = LocalizedText(zh: zh, en: en)
      self.rules = rules
    }
  }

  /// All rules, each once.
  package static let families: [Family] = {
    var families = [
      Family("上报的文件", "Files that are handed in", files),
      Family("压缩文件和工作簿", "Compressed files and workbooks", containers),
      Family("CSV 等文本表格", "Delimited text", reading),
      Family("XML", "XML", xml),
      Family("单元格和记录", "Cells and records", checking),
      Family("记录之间", "Between records", reconciling),
      Family("流程文件和引用的表", "The pipeline file and the tables that it names", pipeline),
      Family("规则的写法", "How rules are written", expressions),
      Family("输出", "Output", publishing),
      Family("整次运行", "The run as a whole", running),
      Family("convert 和 describe", "convert and describe", converting),
    ]
    let listed = Set(families.flatMap(\.rules))
    let others = all.filter { !listed.contains($0) }
    if !others.isEmpty { families.append(Family("其他", "Others", others)) }
    return families
  }()

  private static let explanations: [Rule: Explanation] = Dictionary(
    (filesExplained + containersExplained + readingExplained + headersExplained + xmlExplained + checkingExplained
      + pipelineExplained
      + rulesExplained + outputExplained + runningExplained + convertingExplained).map { ($0.rule, $0) },
    uniquingKeysWith: { first, _ in first })

  /// `nil` for a rule that nobody has explained yet, which a test does not let pass.
  package static func explanation(of rule: Rule) -> Explanation? { explanations[rule] }
}
