import Bytes
import Campaign
import Diagnostics

/// A reference table whose columns are known.
final class RoleTable: Sendable {
  fileprivate let cells: CellTable
  fileprivate let columns: ReferenceColumnPlaces

  fileprivate init(_ cells: CellTable, _ columns: ReferenceColumnPlaces) {
    self.cells = cells
    self.columns = columns
  }

  /// The column of a role, or -1.
  func column(_ role: ReferenceRole) -> Int { columns[role] }

  /// A cell without white space at its ends.
  fileprivate func text(of row: CellTable.Row, _ column: Int) -> String {
    if column < 0 { return "" }
    let place = cells.place(of: row, column)
    if place.isEmpty { return "" }
    let bytes = cells.text
    let text = cells.string(place)
    return hasNoBlankEnds(bytes.span.extracting(place)) ? text : text.trimmed
  }

  /// Whether nothing stands in its cells.
  fileprivate func isBlank(_ row: CellTable.Row) -> Bool {
    let bytes = cells.text
    for column in 0..<cells.cellCount(of: row) {
      let place = cells.place(of: row, column)
      if place.isEmpty { continue }
      if hasNoBlankEnds(bytes.span.extracting(place)) || !text(of: row, column).isEmpty { return false }
    }
    return true
  }
}

/// A row of a reference table, by role.
struct ReferenceRow {
  fileprivate let row: CellTable.Row
  let table: RoleTable
  var line: Int { row.line }

  /// Without white space at its ends; empty when the column or the cell is missing.
  subscript(role: ReferenceRole) -> String { self[table.column(role)] }
  subscript(column: Int) -> String { table.text(of: row, column) }

  /// The cell as it stands in the file, when nothing is to be trimmed of it.
  func find(_ column: Int, in words: borrowing ByteTable) -> Int32? {
    if column < 0 { return nil }
    let text = table.cells.text
    return words.find(text.span.extracting(table.cells.place(of: row, column)))
  }

  /// Split at `|`, `;` and `；`.
  var aliases: [String] { list(table.column(.aliases)) }

  func list(_ role: ReferenceRole) -> [String] { list(table.column(role)) }

  func list(_ column: Int) -> [String] {
    if column < 0 { return [] }
    let place = table.cells.place(of: row, column)
    if place.isEmpty { return [] }
    let text = table.cells.text
    let bytes = text.span.extracting(place)
    var parts: [String] = []
    parts.reserveCapacity(2)
    var (start, at) = (0, 0)
    while at < bytes.count {
      let byte = bytes[at]
      guard byte == 0x7C || byte == 0x3B || byte == 0xEF else {
        at &+= 1
        continue
      }
      let length = Self.separator(bytes, at)
      if length > 0 { Self.append(bytes.extracting(start..<at), to: &parts) }
      at &+= max(1, length)
      if length > 0 { start = at }
    }
    Self.append(bytes.extracting(start..<at), to: &parts)
    return parts
  }

  private static func append(_ part: Span<UInt8>, to parts: inout [String]) {
    // SAFETY: the bytes are copied within the closure.
    if part.isEmpty { return }
    let text = unsafe part.withUnsafeBufferPointer { unsafe String(decoding: $0, as: UTF8.self) }
    let inner = hasNoBlankEnds(part) ? text : text.trimmed
    if !inner.isEmpty { parts.append(inner) }
  }

  /// Bytes of the separator that stands there; 0 for none. ；｜ are EF BC 9B and EF BD 9C.
  @inline(__always)
  private static func separator(_ text: Span<UInt8>, _ at: Int) -> Int {
    switch text[at] {
    case 0x7C, 0x3B: return 1
    case 0xEF where at + 2 < text.count:
      let (second, third) = (text[at + 1], text[at + 2])
      return second == 0xBC && third == 0x9B || second == 0xBD && third == 0x9C ? 3 : 0
    default: return 0
    }
  }
}

/// In which column each role stands: a few pairs, which are gone through sooner than hashed.
struct ReferenceColumnPlaces: Sendable {
  private let places: [(role: ReferenceRole, column: Int)]

  fileprivate init(_ places: [(role: ReferenceRole, column: Int)]) { self.places = places }

  /// -1 where the table has no such column.
  subscript(role: ReferenceRole) -> Int {
    for place in places where place.role == role { return place.column }
    return -1
  }
}

extension StringProtocol {
  /// Without white space, of any script, at both ends.
  var trimmed: String {
    func isBlank(_ character: Character) -> Bool {
      character.unicodeScalars.allSatisfy { $0.properties.isWhitespace || $0.value == 0xFEFF || $0.value == 0x200B }
    }
    guard let first = firstIndex(where: { !isBlank($0) }), let last = lastIndex(where: { !isBlank($0) }) else {
      return ""
    }
    return String(self[first...last])
  }
}

/// Whether a look at the bytes at both ends tells that there is nothing to trim: visible ASCII, or a letter between U+4000
/// and U+DFFF. `false` says nothing.
private func hasNoBlankEnds(_ text: Span<UInt8>) -> Bool {
  func isLetter(_ lead: UInt8) -> Bool { (0x21...0x7E).contains(lead) || (0xE4...0xED).contains(lead) }
  let count = text.count
  guard count > 0, isLetter(text[0]) else { return false }
  let last = text[count - 1]
  if last < 0x80 { return isLetter(last) }
  return count >= 3 && (0xE4...0xED).contains(text[count - 3])
}

/// Finds the columns of a table and gives its rows that are not blank.
struct ReferenceTableReader {
  let log: ReferenceLog
  let read: (String) throws -> CellTable
  private static let headerLine = 1

  /// - Parameters:
  ///   - columns: headers that the pipeline declares, by role; they win over the usual ones.
  ///   - required: at least one of these columns must be there.
  ///   - requiredEach: each of these columns must be there.
  /// - Returns: no rows after a fault was reported.
  func rows(
    _ path: String, columns: [String: String], roles: [ReferenceRole], required: [ReferenceRole] = [],
    requiredEach: [ReferenceRole] = [], namedAt place: SourceLocation
  ) -> [ReferenceRow] {
    // An empty path was reported when the pipeline was loaded.
    guard !path.isEmpty else { return [] }
    let table: CellTable
    do {
      table = try read(path)
    } catch {
      log.append(Diagnostic(.pipelineReference, at: place, found: path, [words(error), .literal("")]))
      return []
    }
    guard let columns = find(columns, roles, in: table, path) else { return [] }
    for required in (required.isEmpty ? [] : [required]) + requiredEach.map({ [$0] }) {
      guard !required.contains(where: { columns[$0] >= 0 }) else { continue }
      let names = required.flatMap(\.headers).joined(separator: ", ")
      log.report(
        path, line: Self.headerLine, found: table.headers.joined(separator: ", "),
        expected("表头至少有其一：\(names)", "a header that has one of: \(names)"),
        fix: requiredEach.isEmpty ? expected("或在 columns 中写明", "or say it in `columns`") : .literal(""))
      return []
    }
    let roleTable = RoleTable(table, columns)
    var rows: [ReferenceRow] = []
    rows.reserveCapacity(table.rows.count)
    for row in table.rows where !roleTable.isBlank(row) { rows.append(ReferenceRow(row: row, table: roleTable)) }
    return rows
  }

  private func find(
    _ declared: [String: String], _ roles: [ReferenceRole], in table: CellTable, _ path: String
  ) -> ReferenceColumnPlaces? {
    let headers = table.headers.map { $0.trimmed.lowercased() }
    var places: [(role: ReferenceRole, column: Int)] = []
    var isWhole = true
    for role in roles {
      if let header = declared[role.rawValue] {
        if let column = headers.firstIndex(of: header.trimmed.lowercased()) {
          places.append((role, column))
          continue
        }
        isWhole = false
        let list = table.headers.joined(separator: ", ")
        log.report(
          path, line: Self.headerLine, field: header, found: list,
          expected("表头“\(header)”", "the header \"\(header)\""))
      } else {
        let column = role.headers.lazy.compactMap { headers.firstIndex(of: $0) }.first
        if let column { places.append((role, column)) }
      }
    }
    return isWhole ? ReferenceColumnPlaces(places) : nil
  }

  private func words(_ error: any Error) -> Argument {
    guard let error = error as? ReadError else { return expected("可以打开的表格文件", "a table that can be opened") }
    let diagnostic = error.diagnostic
    return expected(
      "\(diagnostic.expected(.zh))（\(diagnostic.rule.title.zh)）",
      "\(diagnostic.expected(.en)) (\(diagnostic.rule.title.en))")
  }
}
