package import Diagnostics

/// A ready check of field work, with its parameters.
package struct FieldCheckDefinition: Sendable {
  package enum Kind: String, Sendable, CaseIterable {
    case duration
    case overlap
    case travel
    case outliers
    case missing
    case straightLining = "straight-lining"
    case outsideWindow = "outside-window"
    case identicalAnswers = "identical-answers"
    case backCheck = "back-check"
  }

  package var kind: Kind
  /// Of the check in messages and of its table; the kind when not given.
  package var name: String
  package var source: String
  package var severity: Severity
  /// `nil`: the built-in message of the kind.
  package var message: LocalizedText?
  /// Fields by the name of their parameter.
  package var fields: [String: [String]]
  package var numbers: [String: Double]
  package var words: [String: [String]]
  package var location: SourceLocation

  package init(kind: Kind, source: String, location: SourceLocation) {
    self.kind = kind
    name = kind.rawValue
    self.source = source
    severity = .warning
    fields = [:]
    numbers = [:]
    words = [:]
    self.location = location
  }
}
