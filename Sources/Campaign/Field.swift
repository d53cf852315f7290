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
  /// Of a list: the text between its items, and their type.
  package var delimiter: String
  package var itemType: FieldType

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
  /// `x-kind`: the identifier that the text must be, in its canonical form; `x-country` for national telephone numbers.
  package var identifier: IdentifierKind?
  package var country: String?
  /// `x-locale`: languages in which names of months are written, beside English and Chinese.
  package var locales: [DateLocale]
  /// `x-blanks`: words for which there is no value, by the reason that they say.
  package var blankKinds: [BlankKind]
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
    delimiter = ","
    itemType = .string
    aliases = []
    normalizers = []
    replacements = []
    locales = []
    blankKinds = []
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
  case yearMonth = "yearmonth"
  case duration, object, array, list
  case geoPoint = "geopoint"
  case geoJSON = "geojson"

  /// Whether values of the type have an order, so that they can have bounds.
  package var isOrdered: Bool {
    switch self {
    case .integer, .number, .date, .datetime, .time, .year, .yearMonth, .duration: true
    case .string, .boolean, .any, .object, .array, .list, .geoPoint, .geoJSON: false
    }
  }
}

/// Constraints of a field; bounds are kept as written, and read by the field's own type when the check is compiled.
package struct Constraints: Sendable {
  package var isRequired = false
  package var isUnique = false
  package var minimum: String?
  package var maximum: String?
  package var exclusiveMinimum: String?
  package var exclusiveMaximum: String?
  package var minLength: Int?
  package var maxLength: Int?
  package var pattern: String?
  /// Values of objects and arrays as JSON text.
  package var enumeration: [String] = []
  /// A JSON Schema, as JSON text (object and array).
  package var jsonSchema: String?
  package init() {}
}

/// Identifiers of `x-kind`.
package enum IdentifierKind: String, Sendable, CaseIterable {
  case phone
  case residentID = "resident-id"
  /// Numbers of 15 digits, issued until 1999, are taken too and become those of 18.
  case residentIDOfAnyAge = "resident-id-15"
  case creditCode = "credit-code"
}

/// Languages of `x-locale`.
package enum DateLocale: String, Sendable, CaseIterable { case en, zh, de, fr, es }

/// The ways in which a cell can hold no value; they stay apart.
package enum BlankForm {
  /// Nothing stands in the cell; the column or element is missing; a word of `missingValues` stands there.
  package static let empty = 0
  package static let absent = 1
  package static let written = 2
  /// The first of the field's `blankKinds`.
  package static let declared = 3

  package static let names = ["empty", "absent", "written"]
}

/// Words of one reason for which a cell holds no value: skipped, refused, not known.
package struct BlankKind: Sendable, Hashable {
  package var name: String
  package var words: [String]
  package init(name: String, words: [String]) {
    self.name = name
    self.words = words
  }
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
  /// Unicode Normalization Form KC.
  case nfkc
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
  /// 1/2 and 1 3/5 (number).
  case fractions
  /// 3/4/2022 is the 3rd of April, or the 4th of March (date, datetime).
  case dayFirst = "day-first"
  case monthFirst = "month-first"
  /// 是 有 √ Y yes … and 否 无 × N no … (boolean).
  case yesNo = "yes-no"
}
