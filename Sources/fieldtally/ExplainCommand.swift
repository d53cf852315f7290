import ArgumentParser
import Diagnostics
import Pipeline

struct ExplainCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain",
    abstract: say("解释一条规则：原因、怎么办、示例。", "Explain a rule: why, what to do, an example."),
    discussion: say(
      "提示末尾方括号里的就是规则代码。例：fieldtally explain unit-unknown；不写代码则列出全部。",
      "Its id is what stands in brackets at the end of a message. Example: fieldtally explain unit-unknown; without an id: the list."
    ))

  @ArgumentParser.Argument(help: ArgumentHelp(say("规则代码，可写多个", "ids of rules")))
  var rules: [String] = []
  @Flag(help: ArgumentHelp(say("以 JSON 输出，供程序读取", "print JSON, for programs")))
  var json = false
  /// The page of the documentation, for Scripts/make-docs.
  @Flag(help: .hidden) var markdown = false
  @OptionGroup var common: CommonOptions

  func run() async throws {
    let language = common.lang?.language ?? systemLanguage
    if markdown {
      printOut(await CatalogueDocument.markdown(language))
    } else if rules.isEmpty {
      if json { printOut(Explain.listJSON(language)) } else { printOut(Explain.list(language)) }
    } else {
      do throws(UnknownRules) {
        var explained: [ExplainedRule] = []
        for rule in try Explain.rules(rules, language) { explained.append(await ExplainedRule(rule, language)) }
        if json {
          printOut(Explain.json(explained))
        } else {
          printOut(explained.map { $0.text() }.joined(separator: "\n\n"))
        }
      } catch {
        throw ValidationError(error.message)
      }
    }
    endProgram(0)
  }
}
