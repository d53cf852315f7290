package import Diagnostics

/// One field of a source: a Frictionless Table Schema field descriptor (specs.frictionlessdata.io/table-schema, and v2 at
/// datapackage.org/standard/table-schema), with our additions, which are written `x-…` in a schema.
package struct Field: Sendable {
  package var name: String
  package var title: LocalizedText
  package var type: FieldType
  /// `default`, `any`, or a format of the type (a strptime pattern for dates).
  package var format: String
  package var constraints: Constraints
  /// What is written for "no value"; the field's own list, else the schema's, else `[""]`.
  package var missingValues: [String]
  package var trueValues: [String]
  package var falseValues: [String]
  package var decimalCharacter: String
  package var groupCharacter: String
  package var isBareNumber: Bool

  /// `x-aliases`: other headers under which the column is handed in.
  package var aliases: [String]
  /// `x-path`: where the value stands in an XML record; the field's name when not given.
  package var path: String?
  /// `x-codelist`: the code list by which the cell is read; a code, a label or an alias becomes the code.
  package var codeList: String?
  /// `x-normalize`: applied in this order before the type is parsed.
  package var normalizers: [Normalizer]
  /// `x-part`: the n-th (from 1) of the parts of the cell, split at `x-separator` (white space when not given).
  package var part: Int?
  /// `x-separator` of `x-part` and `x-contains`.
  package var separator: String?
  /// `x-contains`: the value is whether this option is among the parts of the cell (a select-multiple answer).
  package var contains: String?
  /// `x-extract`: a pattern; its first group (or the whole match) is the value. No match: no value.
  package var extract: String?
  /// `x-replace`: applied in this order after the normalizers; every match of the pattern, `$1` … for its groups.
  package var replacements: [Replacement]
  /// Where the descriptor stands, for messages.
  package var location: SourceLocation

  package init(name: String, location: SourceLocation) {
    self.name = name
    title = LocalizedText(name)
    type = .string
    format = "default"
    constraints = Constraints()
    missingValues = [""]
    trueValues = ["true", "True", "TRUE", "1"]
    falseValues = ["false", "False", "FALSE", "0"]
    decimalCharacter = "."
    groupCharacter = ""
    isBareNumber = true
    aliases = []
    normalizers = []
    replacements = []
    self.location = location
  }
}

/// One rewriting rule of a field.
package struct Replacement: Sendable, Hashable {
  package var pattern: String
  package var with: String
  package init(pattern: String, with: String) {
    self.pattern = pattern
    self.with = with
  }
}

package enum FieldType: String, Sendable, CaseIterable {
  case string, integer, number, boolean, date, datetime, time, year, any
}

/// Constraints of a field; bounds are kept as written, and read by the field's own type when the check is compiled.
package struct Constraints: Sendable {
  package var isRequired = false
  package var isUnique = false
  package var minimum: String?
  package var maximum: String?
  package var minLength: Int?
  package var maxLength: Int?
  package var pattern: String?
  package var enumeration: [String] = []
  package init() {}
}

/// How a written value is brought into the form that its type reads. Each is idempotent and never changes what is meant.
package enum Normalizer: String, Sendable, CaseIterable {
  /// Full-width ASCII to ASCII, the ideographic space to a space.
  case width
  /// Runs of white space (Unicode, and invisible characters) to one space; none at the ends.
  case space
  /// White space and invisible characters removed: Chinese names.
  case noSpace = "no-space"
  case lower, upper
  /// Chinese numerals, 万 and 亿 to digits (integer and number).
  case chineseNumerals = "chinese-numerals"
  /// Thousands separators, percent signs and units after the number taken off (integer and number).
  case numberMarks = "number-marks"
  /// 44868 is 2022-11-03, as Excel counts days (date).
  case excelSerial = "excel-serial"
  /// 111/11/3 is 2022-11-03, as Taiwan counts years (date).
  case rocYear = "roc-year"
  /// 11月3日 takes its year from the campaign's window (date).
  case campaignYear = "campaign-year"
  /// 是 有 √ Y yes … and 否 无 × N no … (boolean).
  case yesNo = "yes-no"
}
