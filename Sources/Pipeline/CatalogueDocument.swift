package import Diagnostics

/// The catalogue as a page of the documentation.
package enum CatalogueDocument {
  package static func markdown(_ language: Language) async -> String {
    var text = language == .zh ? introduction.zh : introduction.en
    for family in Catalogue.families {
      text += "\n## \(family.title[language])\n"
      for rule in family.rules { text += await "\n" + ExplainedRule(rule, language).markdown() }
    }
    return text
  }

  private static let introduction = LocalizedText(
    zh: """
      # 规则目录

      English: [rules-catalogue.md](rules-catalogue.md)

      程序的每一条提示都以方括号里的规则代码结尾。这里按代码说明原因、怎么办，并各举一个错误示例和正确示例；
      `fieldtally explain 代码` 显示同样的内容。“错误”退回一条记录、一个文件，或使整次运行停止；“警告”和“提示”不退回任何记录。

      示例中 `^` 指出错处，`>` 指出错行；`⟨FF⟩` 是一个不能解码的字节，`⟨300×<a>⟩` 表示 `<a>` 重复三百次。

      本页由 `Scripts/make-docs` 生成，不要手工修改。

      """,
    en: """
      # Catalogue of rules

      中文：[rules-catalogue.zh.md](rules-catalogue.zh.md)

      Every message of the program ends with the id of a rule in brackets. Here each is explained: why it happens, what to do,
      an example that is wrong and one that is right. `fieldtally explain ID` shows the same. An error rejects a record or a
      file, or ends the run; warnings and notes reject nothing.

      In the examples `^` points at the place and `>` at the line of the fault; `⟨FF⟩` is a byte that does not decode,
      `⟨300×<a>⟩` is `<a>` three hundred times.

      `Scripts/make-docs` writes this page; do not edit it by hand.

      """)
}

extension ExplainedRule {
  func markdown() -> String {
    let isChinese = language == .zh
    var text = "### \(rule.id)\n\n**\(rule.title[language])**"
    text += isChinese ? "（\(rule.severity.name.zh)）\n" : " (\(rule.severity.name.en))\n"
    if let explanation {
      text += "\n" + explanation.cause[language] + "\n"
      text += "\n\(Words.fix[language])\(isChinese ? "：" : ": ")\(explanation.fix[language])\n"
    }
    if let setting { text += block(Words.setting, setting) }
    if case .trial = explanation?.example {
      text += block(Words.bad, bad) + block(Words.message, messages) + block(Words.good, good)
    } else {
      text += line(Words.bad, bad) + line(Words.good, good)
    }
    return text
  }

  private func block(_ title: LocalizedText, _ lines: [String]) -> String {
    "\n\(title[language])\(language == .zh ? "：" : ":")\n\n```text\n\(lines.joined(separator: "\n"))\n```\n"
  }

  private func line(_ title: LocalizedText, _ lines: [String]) -> String {
    "\n\(title[language])\(language == .zh ? "：" : ": ")\(lines.joined(separator: " "))\n"
  }
}
