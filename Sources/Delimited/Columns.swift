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
  func columns(of rows: ArraySlice<[String]>, usesTops: Bool) -> Columns {
    let width = rows.map(\.count).max() ?? 0
    let parts = rows.map { row in (0..<width).map { $0 < row.count ? trimmed(row[$0]) : "" } }
    let spanning = parts.count > 1 ? spanningLabels(parts) : []
    var columns = Columns(labels: [], fieldOfColumn: [], columnOfField: [Int32](repeating: -1, count: fields.count))
    var ranks = [Int](repeating: .max, count: fields.count)
    var candidates: [[Match]] = []
    for column in 0..<width {
      let written = parts.map { $0[column] }.filter { !$0.isEmpty }
      columns.labels.append(written.joined(separator: " "))
      let matches = matches(written, spanning: spanning.isEmpty ? nil : spanning[column], usesTops: usesTops)
      candidates.append(matches)
      for match in matches where match.rank < ranks[match.field] {
        ranks[match.field] = match.rank
        columns.columnOfField[match.field] = Int32(column)
      }
    }
    for (column, matches) in candidates.enumerated() {
      let reader = matches.first { columns.columnOfField[$0.field] == Int32(column) }
      columns.fieldOfColumn.append(reader?.field)
      if !matches.isEmpty, reader == nil { columns.duplicates.insert(column) }
    }
    return columns
  }

  private func matches(_ written: [String], spanning: String?, usesTops: Bool) -> [Match] {
    var labels = [written.joined()]
    if let spanning {
      labels.append(spanning)
      if let bottom = written.last { labels.append(bottom) }
      if usesTops { labels += written.dropLast() }
    }
    for label in labels {
      if let found = known[folded(label)] { return found }
    }
    return []
  }

  /// The labels with merged cells of the upper rows spread to the right: 基本情况 over 单位 and 日期.
  private func spanningLabels(_ parts: [[String]]) -> [String] {
    var tops = [String](repeating: "", count: parts.count - 1)
    return (parts.last ?? []).enumerated().map { column, bottom in
      for (row, part) in parts.dropLast().enumerated() where !part[column].isEmpty { tops[row] = part[column] }
      return tops.joined() + bottom
    }
  }
}
