import Campaign
import Diagnostics

/// Which column of a file holds which field.
struct Columns {
  /// As they stand in the file; the parts of several header rows are joined by a space.
  var labels: [String]
  /// For each column the first of the fields that are read from it: several may take their parts of one.
  var fieldOfColumn: [Int?]
  /// For each field its column, or -1.
  var columnOfField: [Int32]
  /// Columns whose label names a field that another column holds already.
  var duplicates: Set<Int> = []

  /// Fields that have a column.
  var matchCount: Int { columnOfField.count { $0 >= 0 } }
}

/// A cell that may be a part of a header.
struct HeaderCell {
  /// Without white space at its ends.
  let text: String
  /// As it is compared; empty when it is too long for a header.
  let folded: String

  init(_ cell: String) {
    let longest = 2000
    text = trimmed(cell)
    folded = text.utf8.count > longest ? "" : Delimited.folded(text)
  }
}

/// The names under which columns of a source may stand in a file.
struct FieldNames {
  private let fields: [Field]
  /// Folded label to its fields, and how good each match is: 0 name, 1 title, 2 alias.
  private var known: [String: [Match]] = [:]

  private struct Match {
    var field: Int
    var rank: Int
  }

  init(_ fields: [Field]) {
    self.fields = fields
    for (index, field) in fields.enumerated() { learn(field.name, index, 0) }
    for (index, field) in fields.enumerated() {
      learn(field.title.zh, index, 1)
      learn(field.title.en, index, 1)
    }
    for (index, field) in fields.enumerated() {
      for alias in field.aliases { learn(alias, index, 2) }
    }
  }

  private mutating func learn(_ text: String, _ field: Int, _ rank: Int) {
    let label = folded(text)
    guard !label.isEmpty, known[label]?.contains(where: { $0.field == field }) != true else { return }
    known[label, default: []].append(Match(field: field, rank: rank))
  }

  var isEmpty: Bool { fields.isEmpty }

  /// Maps the columns under the header made of `rows`, top to bottom.
  /// - Parameter usesTops: whether a label of an upper row alone may name a field. Only for header rows that are declared or
  ///   found otherwise: else a row of data would pass for the lower half of a header.
  func columns(of rows: ArraySlice<[HeaderCell]>, usesTops: Bool) -> Columns {
    let width = rows.map(\.count).max() ?? 0
    let spanning = rows.count > 1 ? spanningLabels(rows, width) : []
    var columns = Columns(labels: [], fieldOfColumn: [], columnOfField: [Int32](repeating: -1, count: fields.count))
    var ranks = [Int](repeating: .max, count: fields.count)
    var candidates: [[Match]] = []
    for column in 0..<width {
      let written = rows.compactMap { column < $0.count && !$0[column].text.isEmpty ? $0[column] : nil }
      columns.labels.append(written.count == 1 ? written[0].text : written.map(\.text).joined(separator: " "))
      let matches = matches(
        written.map(\.folded), spanning: spanning.isEmpty ? nil : spanning[column], usesTops: usesTops)
      candidates.append(matches)
      for match in matches where match.rank < ranks[match.field] {
        ranks[match.field] = match.rank
        columns.columnOfField[match.field] = Int32(column)
      }
    }
    if rows.count > 1 { tellApart(&columns.labels, rows) }
    for (column, matches) in candidates.enumerated() {
      let reader = matches.first { columns.columnOfField[$0.field] == Int32(column) }
      columns.fieldOfColumn.append(reader?.field)
      if !matches.isEmpty, reader == nil { columns.duplicates.insert(column) }
    }
    return columns
  }

  /// Number of cells of `row` that name a field by themselves: a cheap first look.
  func matchCount(in row: [HeaderCell]) -> Int { Set(row.compactMap { known[$0.folded]?.first?.field }).count }

  private func matches(_ written: [String], spanning: String?, usesTops: Bool) -> [Match] {
    if let found = known[written.count == 1 ? written[0] : written.joined()] { return found }
    guard let spanning else { return [] }
    if let found = known[spanning] ?? written.last.flatMap({ known[$0] }) { return found }
    return (usesTops ? written.dropLast().lazy.compactMap { known[$0] }.first : nil) ?? []
  }

  /// Labels that several columns have, below merged cells of the upper rows: 数量 and 内容 below 问题, and again below 建议.
  private func tellApart(_ labels: inout [String], _ rows: ArraySlice<[HeaderCell]>) {
    let counts = labels.reduce(into: [String: Int]()) { $0[$1, default: 0] += 1 }
    var tops = [String](repeating: "", count: rows.count - 1)
    for column in labels.indices {
      for (index, row) in rows.dropLast().enumerated() where column < row.count && !row[column].text.isEmpty {
        tops[index] = row[column].text
      }
      guard !labels[column].isEmpty, counts[labels[column]] ?? 0 > 1, let bottom = rows.last, column < bottom.count,
        labels[column] == bottom[column].text
      else { continue }
      labels[column] = (tops + [bottom[column].text]).filter { !$0.isEmpty }.joined(separator: " ")
    }
  }

  /// The labels with merged cells of the upper rows spread to the right: 基本情况 over 单位 and 日期.
  private func spanningLabels(_ rows: ArraySlice<[HeaderCell]>, _ width: Int) -> [String] {
    var tops = [String](repeating: "", count: rows.count - 1)
    return (0..<width).map { column in
      for (index, row) in rows.dropLast().enumerated() where column < row.count && !row[column].text.isEmpty {
        tops[index] = row[column].folded
      }
      let bottom = rows.last.map { column < $0.count ? $0[column].folded : "" } ?? ""
      return tops.joined() + bottom
    }
  }
}
