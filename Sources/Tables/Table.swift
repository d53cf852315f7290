package import Campaign
package import Diagnostics

/// How the cells of a column are to be written.
package enum ColumnKind: Sendable, Hashable {
  /// A code: text always, leading zeros kept, never a number and never a formula.
  case code
  case text
  case integer
  case number
  /// 0...1, shown as a percentage where the format can.
  case share
  case date
  case boolean
}

package struct Column: Sendable, Hashable {
  /// Stable English name: the key in JSON.
  package var id: String
  /// What stands above the column in CSV and XLSX.
  package var heading: LocalizedText
  package var kind: ColumnKind

  package init(_ id: String, zh: String, en: String, _ kind: ColumnKind) {
    self.id = id
    heading = LocalizedText(zh: zh, en: en)
    self.kind = kind
  }
}

/// One row on its way to the writers: reused, so that a row costs no allocation.
package struct TableRow: Sendable {
  package enum Cell: Sendable, Hashable {
    case blank
    /// UTF-8 at this place of `bytes`.
    case text(start: Int, end: Int)
    case integer(Int)
    case number(Double)
    case day(Day)
    case boolean(Bool)
  }
  package private(set) var bytes: [UInt8] = []
  package private(set) var cells: [Cell] = []

  package init() {}

  package mutating func removeAll() {
    bytes.removeAll(keepingCapacity: true)
    cells.removeAll(keepingCapacity: true)
  }

  package mutating func appendBlank() { cells.append(.blank) }
  package mutating func append(_ text: String) {
    let start = bytes.count
    // SAFETY: the bytes are copied within the closure.
    unsafe text.utf8.span.withUnsafeBufferPointer { unsafe bytes.append(contentsOf: $0) }
    cells.append(.text(start: start, end: bytes.count))
  }
  package mutating func append(utf8 text: [UInt8]) { append(utf8: text[...]) }
  package mutating func append(utf8 text: ArraySlice<UInt8>) {
    let start = bytes.count
    bytes.append(contentsOf: text)
    cells.append(.text(start: start, end: bytes.count))
  }
  package mutating func append(_ number: Int) { cells.append(.integer(number)) }
  package mutating func append(_ number: Double) { cells.append(.number(number)) }
  package mutating func append(_ day: Day?) { cells.append(day.map { .day($0) } ?? .blank) }
  package mutating func append(_ truth: Bool) { cells.append(.boolean(truth)) }

  /// A cell of another row.
  package mutating func append(_ cell: Cell, of other: borrowing TableRow) {
    if case .text(let start, let end) = cell { append(utf8: other.bytes[start..<end]) } else { cells.append(cell) }
  }

  /// The text of a cell as a string. For tests and small tables.
  package func string(_ index: Int) -> String? {
    guard case .text(let start, let end) = cells[index] else { return nil }
    return String(decoding: bytes[start..<end], as: UTF8.self)
  }
}

/// Rows that can be gone through any number of times, in the same order each time, without being held in memory.
package protocol RowSource: Sendable {
  func forEachRow(_ body: (borrowing TableRow) throws -> Void) throws
  /// Stretches of the rows that may be made side by side: each holds a bounded number of rows, or there is one.
  var partCount: Int { get }
  func forEachRow(ofPart part: Int, _ body: (borrowing TableRow) throws -> Void) throws
  /// Whether more records only add rows behind those that are there. (A cast would look through all types of the program.)
  var growsWithRecords: Bool { get }
}

extension RowSource {
  package var growsWithRecords: Bool { false }
  package var partCount: Int { 1 }
  package func forEachRow(ofPart part: Int, _ body: (borrowing TableRow) throws -> Void) throws {
    try forEachRow(body)
  }
}

/// A table as Tally leaves it and Report writes it: all figures are in it, a writer computes nothing.
package struct Table: Sendable {
  /// File name without extension, sheet name: `units`.
  package var name: String
  package var title: LocalizedText
  package var columns: [Column]
  package var rows: any RowSource
  package var chart: Chart?
  /// Holds raw input (personal data perhaps): files that carry it are readable by their owner only.
  package var isConfidential: Bool
  /// The last of `rows`: those that an earlier output, of which it is known that it begins with the others, has not.
  package var added: (any RowSource)?

  package init(
    name: String, title: LocalizedText, columns: [Column], rows: any RowSource, chart: Chart? = nil,
    isConfidential: Bool = false
  ) {
    self.name = name
    self.title = title
    self.columns = columns
    self.rows = rows
    self.chart = chart
    self.isConfidential = isConfidential
  }
}

/// A bar chart of a table: one bar group a row, one bar per value column.
package struct Chart: Sendable, Hashable {
  package var title: LocalizedText
  /// Column id of the labels.
  package var labels: String
  /// Column ids of the bars.
  package var values: [String]
  /// Rows shown, from the first.
  package var limit: Int
  package init(title: LocalizedText, labels: String, values: [String], limit: Int = 60) {
    self.title = title
    self.labels = labels
    self.values = values
    self.limit = limit
  }
}

/// Rows that are made when they are asked for, each from its number: tables whose size is that of the roster.
package struct MadeRows: RowSource {
  private let count: Int
  private let make: @Sendable (Int, inout TableRow) -> Void

  package init(_ count: Int, _ make: @escaping @Sendable (Int, inout TableRow) -> Void) {
    self.count = count
    self.make = make
  }

  package func forEachRow(_ body: (borrowing TableRow) throws -> Void) throws { try forEachRow(0..<count, body) }

  private static let partSize = 512
  package var partCount: Int { max(1, (count + Self.partSize - 1) / Self.partSize) }

  package func forEachRow(ofPart part: Int, _ body: (borrowing TableRow) throws -> Void) throws {
    try forEachRow(part * Self.partSize..<min(count, (part + 1) * Self.partSize), body)
  }

  private func forEachRow(_ numbers: Range<Int>, _ body: (borrowing TableRow) throws -> Void) throws {
    var row = TableRow()
    for number in numbers {
      row.removeAll()
      make(number, &row)
      try body(row)
    }
  }
}

/// Rows held in memory: tables whose size is that of the roster, not of the input.
package struct HeldRows: RowSource {
  private let rows: [TableRow]
  package init(_ rows: [TableRow]) { self.rows = rows }
  package func forEachRow(_ body: (borrowing TableRow) throws -> Void) throws {
    for row in rows { try body(row) }
  }
}
