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
  /// Of the last row; a line break inside it counts.
  private var lastLine = 0
  private static let longestLabel = 80

  init(columns: Int, profiles: ColumnProfiles?) {
    self.columns = columns
    self.profiles = profiles
  }

  /// Whether a row is of this table for certain, as nearly every row is.
  mutating func isOrdinary(_ row: LooseRow) -> Bool {
    guard waiting.isEmpty, row.ends.count == columns, row.line <= lastLine + 1 else { return false }
    lastLine = row.lastLine
    return true
  }

  mutating func see(_ row: LooseRow) -> Verdict {
    defer { lastLine = row.lastLine }
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
    guard row.ends.count != columns || row.line > lastLine + 1, row.filledCount > 1 else { return false }
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
    if row.ends.count == header.ends.count { return true }
    // Blank cells beyond the last column were dropped, and those that were missing may have been put in.
    return row.hasValue && row.trimmedCount <= header.ends.count && row.trimmedCount * 2 >= header.ends.count
      && row.ends.count <= max(header.ends.count, columns)
  }
}

extension LooseRow {
  fileprivate var lastLine: Int { line + bytes.count { $0 == 0x0A } }
  fileprivate var filledCount: Int { ends.indices.count { !range(of: $0).isEmpty } }
  /// Cells without the blank ones at the end.
  fileprivate var trimmedCount: Int { (ends.indices.last { !range(of: $0).isEmpty } ?? -1) + 1 }
  fileprivate var hasValue: Bool { ends.indices.contains { isValue(bytes[range(of: $0)]) } }
}
