import Campaign
package import Diagnostics
import PipelineFile
import Report

/// Explains rules of the catalogue by id.
package enum Explain {
  /// The list of all rules, by family.
  package static func list(_ language: Language) -> String {
    let width = Catalogue.all.map(\.id.count).max() ?? 0
    return Catalogue.families.map { family in
      family.title[language] + "\n"
        + family.rules.map { rule in
          "  " + rule.id + String(repeating: " ", count: width - rule.id.count + 2) + rule.title[language] + "\n"
        }.joined()
    }.joined(separator: "\n")
  }

  /// - Throws: for ids that there are not, with what a person may have meant.
  package static func rules(_ ids: [String], _ language: Language) throws(UnknownRules) -> [Rule] {
    let unknown = ids.filter { Catalogue.rule($0) == nil }
    guard unknown.isEmpty else {
      throw UnknownRules(message: unknown.map { message(of: $0, language) }.joined(separator: "\n"))
    }
    return ids.compactMap(Catalogue.rule)
  }

  private static func message(of id: String, _ language: Language) -> String {
    let near = nearestWords(to: id, among: Catalogue.all.map(\.id))
    let shown = printable(id)
    if near.isEmpty {
      return language == .zh
        ? "没有规则 \(shown)；不带参数的 fieldtally explain 列出全部" : "there is no rule \(shown); fieldtally explain lists all"
    }
    let list = near.joined(separator: ", ")
    return language == .zh ? "没有规则 \(shown)；相近的有：\(list)" : "there is no rule \(shown); near it are: \(list)"
  }

  package static func json(_ rules: [ExplainedRule]) -> [UInt8] { JSONValue.array(rules.map(\.json)).bytes() }

  package static func listJSON(_ language: Language) -> [UInt8] {
    JSONValue.array(
      Catalogue.families.flatMap { family in
        family.rules.map { rule in
          .object([
            ("id", .string(rule.id)), ("severity", .string(rule.severity.rawValue)),
            ("family", .string(family.title[language])), ("title", .string(rule.title[language])),
          ])
        }
      }
    ).bytes()
  }
}

package struct UnknownRules: Error, Sendable {
  package let message: String
}
