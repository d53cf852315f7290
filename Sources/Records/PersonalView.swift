package import Campaign
package import Diagnostics

/// How what is said of records is shown to others: direct identifiers are replaced.
package struct PersonalView: Sendable {
  /// Per source: names of the direct identifiers.
  private let direct: [Set<String>]
  private let pseudonym: Pseudonym

  package init(_ sources: [SourceDefinition], _ pseudonym: @escaping Pseudonym = { _ in "***" }) {
    direct = sources.map(\.directIdentifiers)
    self.pseudonym = pseudonym
  }

  package func isDirect(_ field: String?, of source: Int) -> Bool { field.map(direct[source].contains) ?? false }
  package func hasDirect(_ source: Int) -> Bool { !direct[source].isEmpty }

  /// An empty text says that there is nothing, and stays.
  package func shown(_ text: String) -> String { text.isEmpty ? text : pseudonym(Array(text.utf8)) }
  package func shown(_ text: ArraySlice<UInt8>) -> [UInt8] { text.isEmpty ? [] : Array(pseudonym(Array(text)).utf8) }

  package func shown(_ diagnostic: Diagnostic, source: Int) -> Diagnostic {
    var diagnostic = diagnostic
    guard let field = diagnostic.location.field else {
      // A fault of a row, or of what was skipped, shows some of its text, whatever stands there.
      if hasDirect(source), !Self.showsNoRow.contains(diagnostic.rule) {
        diagnostic.found = shown(diagnostic.found)
        if diagnostic.rule == .xmlInvalid {
          diagnostic.arguments = diagnostic.arguments.map { _ in .literal(shown("…")) }
        }
      }
      return diagnostic
    }
    guard isDirect(field, of: source) else { return diagnostic }
    diagnostic.found = shown(diagnostic.found)
    // What checks of field work say of a value is the value.
    if !Self.saysNoValue.contains(diagnostic.rule) {
      diagnostic.arguments = diagnostic.arguments.map { argument in
        if case .literal(let text) = argument { .literal(shown(text)) } else { argument }
      }
    }
    return diagnostic
  }

  /// Rules of rows and files that show numbers, headers or bytes.
  private static let showsNoRow: Set<Rule> = [
    .missingCell, .extraCell, .extraLabel, .missingLabel, .duplicateLabel, .blankLabel, .incorrectLabel,
    .headerNotFound,
  ]

  /// Rules whose sentences are filled with what the pipeline says, or with places.
  private static let saysNoValue: Set<Rule> = [
    .typeError, .constraint, .uniqueError, .foreignKey, .primaryKey, .codeUnknown, .codeNotValid,
  ]
}
