import Campaign
import Diagnostics

/// Which column of a file holds which field.
struct Columns {
  /// As they stand in the file; the parts of several header rows are joined by a space.
  var labels: [String]
  /// For each column the field that is read from it.
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
  /// Folded label to field, and how good the match is: 0 name, 1 title, 2 alias.
  private var known: [String: (field: Int, rank: Int)] = [:]

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
    if !label.isEmpty, known[label] == nil { known[label] = (field, rank) }
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
    var candidates: [(field: Int, rank: Int)?] = []
    for column in 0..<width {
      let written = parts.map { $0[column] }.filter { !$0.isEmpty }
      columns.labels.append(written.joined(separator: " "))
      let match = match(written, spanning: spanning.isEmpty ? nil : spanning[column], usesTops: usesTops)
      candidates.append(match)
      if let match, match.rank < ranks[match.field] {
        ranks[match.field] = match.rank
        columns.columnOfField[match.field] = Int32(column)
      }
    }
    for (column, candidate) in candidates.enumerated() {
      let isReader = candidate.map { columns.columnOfField[$0.field] == Int32(column) } ?? false
      columns.fieldOfColumn.append(isReader ? candidate?.field : nil)
      if candidate != nil, !isReader { columns.duplicates.insert(column) }
    }
    return columns
  }

  private func match(_ written: [String], spanning: String?, usesTops: Bool) -> (field: Int, rank: Int)? {
    var labels = [written.joined()]
    if let spanning {
      labels.append(spanning)
      if let bottom = written.last { labels.append(bottom) }
      if usesTops { labels += written.dropLast() }
    }
    for label in labels {
      if let found = known[folded(label)] { return found }
    }
    return nil
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
