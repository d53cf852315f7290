package import Diagnostics

/// An expression as a person wrote it in a pipeline, and where each of its characters stands in that file.
package struct ExpressionText: Sendable, Hashable {
  package var text: String
  package var file: String
  /// Line and column of each Unicode scalar of `text`, and of its end.
  package var places: [Place]

  package struct Place: Sendable, Hashable {
    package var line: Int32
    package var column: Int32
    package init(line: Int, column: Int) {
      self.line = Int32(truncatingIfNeeded: line)
      self.column = Int32(truncatingIfNeeded: column)
    }
  }

  package init(_ text: String, file: String, places: [Place]) {
    self.text = text
    self.file = file
    self.places = places
  }

  /// A text that stands in no file, its places counted from 1:1.
  package init(_ text: String, file: String = "") {
    var places: [Place] = []
    var (line, column) = (1, 1)
    for scalar in text.unicodeScalars {
      places.append(Place(line: line, column: column))
      if scalar == "\n" { (line, column) = (line + 1, 1) } else { column += UTF8.width(scalar) }
    }
    places.append(Place(line: line, column: column))
    self.init(text, file: file, places: places)
  }

  /// Where the scalar of this number stands.
  package func place(_ scalar: Int) -> SourceLocation {
    guard let place = places.indices.contains(scalar) ? places[scalar] : places.last else {
      return SourceLocation(file: file)
    }
    return SourceLocation(file: file, line: Int(place.line), column: Int(place.column))
  }
}

/// A rule of the office's own: what must hold of each record, of each finding, or of each group of records of a source.
package struct RuleDefinition: Sendable {
  package enum Target: String, Sendable, CaseIterable { case record, finding }

  package var id: String
  package var sources: [String]
  /// What the records are grouped by; empty for a rule of each record.
  package var groups: [ExpressionText]
  /// The rule is asked only of records for which this holds.
  package var when: ExpressionText?
  package var require: ExpressionText
  package var severity: Severity
  /// May hold `{field}`.
  package var message: LocalizedText
  /// Where the texts of `message` stand, for faults in their placeholders.
  package var messagePlace: SourceLocation
  package var field: String?
  package var fieldPlace: SourceLocation?
  package var fix: LocalizedText
  package var target: Target
  package var location: SourceLocation

  package init(id: String, sources: [String], require: ExpressionText, location: SourceLocation) {
    self.id = id
    self.sources = sources
    self.require = require
    self.location = location
    groups = []
    severity = .error
    message = LocalizedText(id)
    messagePlace = location
    fix = LocalizedText("")
    target = .record
  }
}
