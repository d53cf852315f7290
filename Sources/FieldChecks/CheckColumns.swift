import Bytes
import Campaign
import Diagnostics
import Expressions
import Records

/// The parameters of a check, with its fields as the columns that Check kept of them.
struct CheckColumns {
  let definition: FieldCheckDefinition
  /// Place of its source.
  let source: Int
  /// Of a back-check, the source of the second interviews.
  let other: Int?
  private let columns: [String: Int]
  private let book: RuleBook

  init(_ definition: FieldCheckDefinition, number: Int, _ input: FieldCheckInput) {
    self.definition = definition
    columns = input.book.checkColumns[number]
    book = input.book
    source = input.sources.firstIndex { $0.name == definition.source } ?? 0
    other = definition.words["with"]?.first.flatMap { name in input.sources.firstIndex { $0.name == name } }
  }

  /// The fields of a parameter with their columns.
  func fields(_ parameter: String) -> [(name: String, column: Int)] {
    (definition.fields[parameter] ?? []).compactMap { name in columns[name].map { (name, $0) } }
  }

  func column(_ parameter: String) -> Int? { fields(parameter).first?.column }

  /// The same fields in the other source.
  func otherColumns(_ parameter: String) -> [Int] {
    (definition.fields[parameter] ?? []).compactMap { columns["\(definition.words["with"]?.first ?? "").\($0)"] }
  }

  func type(_ column: Int, source: Int? = nil) -> ValueType {
    book.type(ofColumn: column, source: source ?? self.source)
  }

  /// A value as a person reads it.
  func text(_ record: CheckedRecord, _ column: Int) -> String {
    let value = record.value(column)
    switch value.state {
    case .blank, .invalid: return ""
    case .text: return String(decoding: record.text(of: value).prefix(200), as: UTF8.self)
    case .known:
      var known = RuleValue(value.bits)
      known.start = value.extra
      return book.text(of: known, type(column, source: record.chunk.source)) { _ in "" }
    }
  }

  /// The number in a column.
  func number(_ record: CheckedRecord, _ column: Int) -> Double? {
    let value = record.value(column)
    guard value.state == .known else { return nil }
    switch type(column, source: record.chunk.source) {
    case .number: return Double(bitPattern: UInt64(bitPattern: value.bits))
    case .integer: return Double(value.bits)
    default: return nil
    }
  }

  /// By what records belong together: the field of `per`, or the team. `nil` where it is blank.
  func group(_ record: CheckedRecord) -> GroupName? {
    guard let column = column("per") else { return record.team.map { .team($0) } }
    let text = text(record, column)
    return text.isEmpty ? nil : .text(text)
  }

  /// How a word of the pipeline stands in a column: the bits of its value; `nil` when it is compared as text.
  func bits(of word: String, _ column: Int) -> Int64? {
    switch type(column) {
    case .code(let name): book.place(ofCode: word, in: name)
    case .integer: Int64(word)
    case .number: Double(word).map { Int64(bitPattern: $0.bitPattern) }
    default: nil
    }
  }
}

/// What records have in common.
enum GroupName: Hashable {
  case team(Int)
  case text(String)
}

extension Hash128 {
  /// A value as it is, blank or not.
  mutating func combine(_ value: StoredValues.Value, of record: CheckedRecord) {
    combine(UInt64(value.state.rawValue))
    if value.state == .text {
      combine(record.text(of: value).span)
    } else if value.state == .known {
      combine(UInt64(bitPattern: value.bits))
    }
  }
}
