import Bytes
import Campaign
import Diagnostics
import Records
import Tables

/// Shares of missing, don't-know and refused answers per team and question. 32 bytes for each team and question.
struct MissingCheck: FieldCheck {
  struct Counts: Equatable {
    var records = 0
    var missing = 0
    var dontKnow = 0
    var refused = 0
  }
  /// Words for one kind of answer, as each column holds them.
  private struct Words {
    var bits: [Set<Int64>]
    var texts: [[UInt8]]

    init(_ words: [String], _ fields: [(name: String, column: Int)], _ columns: CheckColumns) {
      bits = fields.map { field in Set(words.compactMap { columns.bits(of: $0, field.column) }) }
      texts = words.map { Array($0.utf8) }
    }

    func contain(_ value: StoredValues.Value, _ field: Int, _ record: CheckedRecord) -> Bool {
      value.state == .text
        ? texts.contains { $0.elementsEqual(record.text(of: value)) }
        : value.state == .known && bits[field].contains(value.bits)
    }
  }
  let columns: CheckColumns
  private let dontKnow: Words
  private let refused: Words
  private var counts: [GroupName: [Counts]] = [:]

  init(_ columns: CheckColumns) {
    self.columns = columns
    let fields = columns.fields("fields")
    dontKnow = Words(columns.definition.words["dont-know"] ?? [], fields, columns)
    refused = Words(columns.definition.words["refused"] ?? [], fields, columns)
  }

  mutating func add(_ record: CheckedRecord, pass: Int) {
    let fields = columns.fields("fields")
    let group = columns.group(record) ?? .text("")
    var row = counts[group] ?? [Counts](repeating: Counts(), count: fields.count)
    for (place, field) in fields.enumerated() {
      let value = record.value(field.column)
      row[place].records += 1
      if value.state == .blank {
        row[place].missing += 1
      } else if dontKnow.contain(value, place, record) {
        row[place].dontKnow += 1
      } else if refused.contain(value, place, record) {
        row[place].refused += 1
      }
    }
    counts[group] = row
  }

  mutating func finish(_ report: inout CheckReport) {
    let definition = columns.definition
    var rows: [TableRow] = []
    for group in report.sorted(counts.keys) {
      let name = report.name(group)
      for (field, count) in zip(columns.fields("fields"), counts[group] ?? []) {
        let share = Double(count.missing + count.dontKnow + count.refused) / Double(count.records)
        var row = TableRow()
        row.append(name.code)
        row.append(name.name)
        row.append(field.name)
        for number in [count.records, count.missing, count.dontKnow, count.refused] { row.append(number) }
        row.append(share)
        rows.append(row)
        guard let maximum = definition.numbers["maximum"], share * 100 > maximum,
          count.records >= Int(definition.numbers["at-least"] ?? 1)
        else { continue }
        let shown = name.name.isEmpty ? name.code : name.name
        report.add(
          definition.source, field: field.name, found: "\(shown) \(short(share * 100))%",
          expected: LocalizedText("≤ \(short(maximum))%"))
      }
    }
    report.add(
      Table(
        name: "check-\(definition.name)", title: LocalizedText(zh: "未答与不知道", en: "Missing answers"),
        columns: Column.teamAndQuestion + [
          Column("records", zh: "记录数", en: "Records", .integer), Column("missing", zh: "未答", en: "Missing", .integer),
          Column("dont_know", zh: "不知道", en: "Don't know", .integer),
          Column("refused", zh: "拒答", en: "Refused", .integer), Column("share", zh: "合计占比", en: "Share", .share),
        ], rows: HeldRows(rows)))
  }
}

/// Answers compared with those of a second interview of the same people. About 100 bytes a second interview and the text of
/// its answers, 16 bytes for each team and question; the first interviews are streamed.
struct BackCheck: FieldCheck {
  private struct Second {
    var ordinal: Int
    var answers: [String]
    var isMatched = false
  }
  private struct Counts {
    var compared = 0
    var different = 0
  }
  let columns: CheckColumns
  private var seconds: [Hash128: Second] = [:]
  private var counts: [GroupName: [Counts]] = [:]
  private var found: [(ordinal: Int, field: String, first: String, second: String)] = []

  init(_ columns: CheckColumns) { self.columns = columns }

  var passes: Int { 2 }
  func wants(source: Int, pass: Int) -> Bool { source == (pass == 0 ? columns.other : columns.source) }

  /// Keys are compared as they are read by people: the two sources may hold them in different types.
  private func key(_ record: CheckedRecord, _ fields: [Int]) -> Hash128? {
    var hash = Hash128()
    for column in fields {
      let text = columns.text(record, column)
      if text.isEmpty { return nil }
      hash.combine(Array(text.utf8).span)
    }
    return hash
  }

  mutating func add(_ record: CheckedRecord, pass: Int) {
    if pass == 0 {
      guard let key = key(record, columns.otherColumns("key")) else { return }
      seconds[key] = Second(
        ordinal: record.ordinal, answers: columns.otherColumns("fields").map { columns.text(record, $0) })
      return
    }
    guard let key = key(record, columns.fields("key").map(\.column)), let second = seconds[key] else { return }
    seconds[key]?.isMatched = true
    let fields = columns.fields("fields")
    let group = columns.group(record) ?? .text("")
    var row = counts[group] ?? [Counts](repeating: Counts(), count: fields.count)
    for (place, field) in fields.enumerated() {
      let answer = columns.text(record, field.column)
      let other = second.answers[place]
      if answer.isEmpty, other.isEmpty { continue }
      row[place].compared += 1
      if agrees(answer, other) { continue }
      row[place].different += 1
      found.append((record.ordinal, field.name, answer, other))
    }
    counts[group] = row
  }

  private func agrees(_ first: String, _ second: String) -> Bool {
    if first == second { return true }
    guard let one = Double(first), let other = Double(second) else { return false }
    return abs(one - other) <= columns.definition.numbers["tolerance"] ?? 0
  }

  mutating func finish(_ report: inout CheckReport) {
    let definition = columns.definition
    for entry in found {
      report.add(
        entry.ordinal, field: entry.field, found: entry.first,
        expected: LocalizedText(zh: "复核为“\(entry.second)”", en: "\"\(entry.second)\", as the back-check has it"))
    }
    for second in seconds.values.filter({ !$0.isMatched }).sorted(by: { $0.ordinal < $1.ordinal }) {
      report.add(
        second.ordinal, field: definition.fields["key"]?.first, found: "",
        expected: LocalizedText(
          zh: "\(definition.source) 中有相同编号的记录", en: "a record of \(definition.source) with this key"))
    }
    var rows: [TableRow] = []
    for group in report.sorted(counts.keys) {
      let name = report.name(group)
      for (field, count) in zip(columns.fields("fields"), counts[group] ?? []) {
        var row = TableRow()
        row.append(name.code)
        row.append(name.name)
        row.append(field.name)
        row.append(count.compared)
        row.append(count.different)
        let share = count.compared == 0 ? 0 : Double(count.different) / Double(count.compared)
        if count.compared == 0 { row.appendBlank() } else { row.append(share) }
        rows.append(row)
        guard let maximum = definition.numbers["maximum"], share * 100 > maximum else { continue }
        let shown = name.name.isEmpty ? name.code : name.name
        report.add(
          definition.source, field: field.name, found: "\(shown) \(short(share * 100))%",
          expected: LocalizedText("≤ \(short(maximum))%"))
      }
    }
    report.add(
      Table(
        name: "check-\(definition.name)", title: LocalizedText(zh: "复核差异", en: "Back-check"),
        columns: Column.teamAndQuestion + [
          Column("compared", zh: "比较数", en: "Compared", .integer),
          Column("different", zh: "不一致", en: "Different", .integer),
          Column("share", zh: "差错率", en: "Error rate", .share),
        ], rows: HeldRows(rows)))
  }
}

extension Column {
  fileprivate static let teamAndQuestion: [Column] = [
    Column("team", zh: "督查组代码", en: "Team code", .code), Column("team_name", zh: "督查组", en: "Team", .text),
    Column("question", zh: "题目", en: "Question", .code),
  ]
}
