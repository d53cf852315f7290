package import Diagnostics

/// Records of one piece of a source file, as the reader found them: Read hands it to Check. All text is valid UTF-8 in one
/// buffer, cells are places in it, so nothing is copied and no string is made. A batch holds whole records only.
@usableFromInline package struct RecordBatch: Sendable {
  /// A cell: unquoted and unescaped content, not trimmed.
  @usableFromInline package struct Cell: Sendable, BitwiseCopyable {
    @usableFromInline package var start: UInt32
    @usableFromInline package var count: UInt32

    @inlinable @inline(__always)
    package init(start: Int, count: Int) {
      self.start = UInt32(truncatingIfNeeded: start)
      self.count = UInt32(truncatingIfNeeded: count)
    }

    private init(marker: UInt32) {
      start = 0
      count = marker
    }
    /// The element or attribute is not there at all. (A row that is too short has fewer cells instead.)
    package static let absent = Cell(marker: .max)
    /// The element says `xsi:nil="true"`.
    package static let null = Cell(marker: .max - 1)

    @inlinable @inline(__always)
    package var isPresent: Bool { count < .max - 1 }
    package var isNull: Bool { count == .max - 1 }
  }

  /// A row of a delimited file, or an element of an XML record.
  @usableFromInline package struct Row: Sendable {
    /// Physical line on which it begins, from 1.
    @usableFromInline package var line: UInt32
    /// Where the text of the row stands in `bytes`, for the `rejected` table: without the line end; for XML the element.
    @usableFromInline package var rawStart: UInt32
    @usableFromInline package var rawEnd: UInt32
    @usableFromInline package var firstCell: UInt32
    @usableFromInline package var cellCount: UInt32
    /// 0 for a row of the record itself, else the repeat (place in the source's `repeats`, from 1) that it belongs to.
    @usableFromInline package var group: UInt16
    /// Whether a record begins here. The rows of a record stand together: the first of group 0, then those that continue
    /// it (group 0) and its repeats (other groups), in the order of the file.
    @usableFromInline package var startsRecord: Bool

    @inlinable @inline(__always)
    package init(
      line: Int, rawStart: Int, rawEnd: Int, firstCell: Int, cellCount: Int, group: Int = 0, startsRecord: Bool = true
    ) {
      self.line = UInt32(truncatingIfNeeded: line)
      self.rawStart = UInt32(truncatingIfNeeded: rawStart)
      self.rawEnd = UInt32(truncatingIfNeeded: rawEnd)
      self.firstCell = UInt32(truncatingIfNeeded: firstCell)
      self.cellCount = UInt32(truncatingIfNeeded: cellCount)
      self.group = UInt16(truncatingIfNeeded: group)
      self.startsRecord = startsRecord
    }
  }

  /// A fault that the reader found in a row; the record of that row is rejected for it.
  package struct Fault: Sendable {
    package var row: Int
    package var diagnostic: Diagnostic
    package init(row: Int, diagnostic: Diagnostic) {
      self.row = row
      self.diagnostic = diagnostic
    }
  }

  package var bytes: [UInt8] = []
  /// Of delimited text: how many bytes at the start of `bytes` are the text as it was read, and where in it they begin.
  package var textCount = 0
  package var textStart = 0
  package var cells: [Cell] = []
  /// Line of each cell, where the reader knows it better than "in the row" (XML); empty otherwise.
  package var cellLines: [UInt32] = []
  package var rows: [Row] = []
  /// In the order of their rows.
  package var faults: [Fault] = []
  /// Number in the file, from 1, of the first record.
  package var firstRecord = 1
  /// For each field of group 0 the cell of a row that holds it, or -1 when the file has no such column. Repeats always
  /// have one cell per field, in the order of their fields.
  package var columnOfField: [Int32] = []
  /// Cells that a row of group 0 must have; more or fewer are a fault of the record.
  package var columnCount = 0
  /// Whether the places of cells are rows and columns of a sheet, whatever line breaks stand in them.
  package var isSheet = false

  package init() {}

  /// Empties it and keeps the memory.
  package mutating func removeAll() {
    bytes.removeAll(keepingCapacity: true)
    textCount = 0
    cells.removeAll(keepingCapacity: true)
    cellLines.removeAll(keepingCapacity: true)
    rows.removeAll(keepingCapacity: true)
    faults.removeAll(keepingCapacity: true)
  }

  /// The text of a cell; `nil` when it is absent or null. Makes a string: for messages and tests.
  package func text(of cell: Cell) -> String? {
    guard cell.isPresent else { return nil }
    return String(decoding: bytes[Int(cell.start)..<Int(cell.start) + Int(cell.count)], as: UTF8.self)
  }

  /// The cells of row `index` as strings. For messages and tests.
  package func texts(ofRow index: Int) -> [String?] {
    let row = rows[index]
    return cells[Int(row.firstCell)..<Int(row.firstCell) + Int(row.cellCount)].map(text(of:))
  }
}

/// Turns one file into batches of records.
package protocol RecordReader: AnyObject {
  /// Replaces the content of `batch` by the next records; `false` at the end of the file. A throw ends the file: nothing of
  /// it counts, unless the reader was told to salvage.
  func next(_ batch: inout RecordBatch) throws(ReadError) -> Bool
  /// What was read; complete when `next` has returned `false`.
  var account: ReadingAccount { get }
  /// Hands it over: the reader has none afterwards.
  func takeAccount() -> ReadingAccount
}

/// What a reader found in a file beside its records. Rows = header + title + totals … + rows of records: nothing is passed
/// over without being counted here and named in `notes`.
@usableFromInline package struct ReadingAccount: Sendable {
  package var records = 0
  /// Physical rows (or XML elements at the record path) that were looked at.
  package var rows = 0
  /// Rows that are no records, by reason: `header`, `title`, `repeated-header`, `totals`, `note`, `blank`.
  package var skipped: [String: Int] = [:]
  /// Human-readable dialect, `delimiter=, quote=" line-end=CRLF`.
  package var dialect = ""
  /// The same in parts, by name: `delimiter`, `quote` (empty for none), `escape`, `line_end`; `header_rows` and `skip` are
  /// numbers.
  package var dialectParts: [(name: String, value: String)] = []
  /// Headers as they stand in the file, and the field each was mapped to.
  package var columns: [(header: String, field: String?)] = []
  package var notes: [Diagnostic] = []
  package init() {}
}
