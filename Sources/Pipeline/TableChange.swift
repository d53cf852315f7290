import Delimited

/// Watches the rows of a file for the header of another table: labels in another number than the columns, or below a gap,
/// over rows that go with them.
struct TableChange {
  /// What is to be done with a row.
  enum Verdict {
    /// The rows are of this table, in this order.
    case rows([LooseRow])
    /// More rows must be seen.
    case wait
    /// They begin another table.
    case change(at: LooseRow)
  }

  private let columns: Int
  private let profiles: ColumnProfiles?
  private var waiting: [LooseRow] = []
  private var lastLine = 0
  private static let longestLabel = 80

  init(columns: Int, profiles: ColumnProfiles?) {
    self.columns = columns
    self.profiles = profiles
  }

  mutating func see(_ row: LooseRow) -> Verdict {
    defer { lastLine = row.line }
    guard let header = waiting.first else {
      guard lastLine > 0, mayBeHeader(row) else { return .rows([row]) }
      waiting = [row]
      return .wait
    }
    waiting.append(row)
    guard goes(row, with: header) else { return .rows(rest()) }
    // A second row is awaited where the first has no value that tells it from labels.
    guard row.hasValue || waiting.count > 2 else { return .wait }
    waiting.removeAll()
    return .change(at: header)
  }

  /// The rows that were waited for.
  mutating func rest() -> [LooseRow] {
    defer { waiting.removeAll() }
    return waiting
  }

  private func mayBeHeader(_ row: LooseRow) -> Bool {
    guard row.filledCount > 1, row.ends.count != columns || row.line > lastLine + 1 else { return false }
    var labels: Set<ArraySlice<UInt8>> = []
    for place in row.ends.indices {
      let cell = row.bytes[row.range(of: place)]
      if cell.isEmpty { continue }
      guard cell.count <= Self.longestLabel, !isValue(cell), labels.insert(cell).inserted else { return false }
    }
    guard row.ends.count >= columns, let profiles else { return true }
    return !profiles.admits(row.ends.indices.prefix(columns).map { Array(row.bytes[row.range(of: $0)]) })
  }

  private func goes(_ row: LooseRow, with header: LooseRow) -> Bool {
    if row.ends == header.ends, row.bytes == header.bytes { return false }
    // Blank cells beyond the last column were dropped.
    return row.ends.count == header.ends.count
      || header.ends.count > columns && row.ends.count == columns && row.hasValue
  }
}

extension LooseRow {
  fileprivate var filledCount: Int { ends.indices.count { !range(of: $0).isEmpty } }
  fileprivate var hasValue: Bool { ends.indices.contains { isValue(bytes[range(of: $0)]) } }
}
