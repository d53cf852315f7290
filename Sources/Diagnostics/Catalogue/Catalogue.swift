/// Every rule of the program. A rule is declared once, beside its siblings of the same stage, and listed there.
package enum Catalogue {
  package static let all: [Rule] =
    files + containers + reading + xml + checking + reconciling + pipeline + expressions + publishing
    + running + converting

  private static let byID = Dictionary(uniqueKeysWithValues: all.enumerated().map { ($1.id, $0) })

  package static func rule(_ id: String) -> Rule? { byID[id].map { all[$0] } }

  /// Place of `rule` in `all`: what a segment stores in place of the id.
  package static func number(of rule: Rule) -> Int {
    guard let number = byID[rule.id] else { preconditionFailure("rule \(rule.id) is not listed in the catalogue") }
    return number
  }
}

extension Rule {
  /// Shorthand for the files of the catalogue.
  convenience init(
    _ id: String, _ severity: Severity = .error, title: (zh: String, en: String),
    expected: (zh: String, en: String) = ("", ""),
    fix: (zh: String, en: String) = ("", "")
  ) {
    self.init(
      id: id, severity: severity, title: LocalizedText(zh: title.zh, en: title.en),
      expected: LocalizedText(zh: expected.zh, en: expected.en), fix: LocalizedText(zh: fix.zh, en: fix.en))
  }
}
