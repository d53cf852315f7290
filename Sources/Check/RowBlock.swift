import Records

/// Some rows of a batch on their way through Check together.
struct RowBlock: ~Copyable {
  /// Where the cells of a row begin, and where what they come to goes.
  struct Row: BitwiseCopyable {
    /// In the batch, and how many there are.
    var firstCell: Int32 = 0
    var cellCount: Int32 = 0
    /// In the values of the block.
    var firstValue: Int32 = 0
    /// From the start of the block.
    var number: Int32 = 0
  }

  /// First row.
  private(set) var start = 0
  /// Of each row: where its values begin, and how many of them are still to be read by their programs.
  private(set) var firstValues = ColumnBuffer<Int32>(filler: 0)
  private(set) var unread = ColumnBuffer<Int32>(filler: 0)
  /// Rows that are records of their own as long as their header, of which all cells are read: from the lowest bit on.
  var plain: UInt64 = 0
  /// Of the cells of a column.
  var probes = ColumnBuffer(filler: LongCells.Probe.none)
  /// Rows by group, and where those of each group begin and end.
  private var rows = ColumnBuffer(filler: Row())
  private var firstRows: [Int]
  /// Rows of each group since it was last asked which columns never repeat.
  var rowsSeen: [Int]
  /// Whether that was asked when the first few rows of the group were seen.
  var hasLooked: [Bool]
  /// Rows that a block has, unless its last record has more.
  static let size = 32

  init(groups: Int) {
    firstRows = [Int](repeating: 0, count: groups + 1)
    rowsSeen = [Int](repeating: 0, count: groups)
    hasLooked = [Bool](repeating: false, count: groups)
  }

  /// Takes the rows from `start` on.
  ///
  /// - Parameter widths: fields of each group.
  /// - Returns: the row behind the block, and the number of values that its rows have.
  mutating func begin(at start: Int, of batch: borrowing RecordBatch, widths: [Int]) -> (end: Int, values: Int) {
    self.start = start
    plain = 0
    let given = batch.rows.span
    for group in firstRows.indices { firstRows[group] = 0 }
    var end = start
    while end < given.count, end &- start < Self.size || !given[end].startsRecord {
      firstRows[Int(given[end].group) &+ 1] &+= 1
      end &+= 1
    }
    for group in 1..<firstRows.count { firstRows[group] &+= firstRows[group &- 1] }
    let count = end &- start
    firstValues.resize(to: count)
    unread.resize(to: count)
    rows.resize(to: count)
    var values = 0
    for number in 0..<count {
      let here = given[start &+ number]
      let group = Int(here.group)
      let place = firstRows[group]
      firstRows[group] = place &+ 1
      rows[place] = Row(
        firstCell: Int32(truncatingIfNeeded: here.firstCell), cellCount: Int32(truncatingIfNeeded: here.cellCount),
        firstValue: Int32(truncatingIfNeeded: values), number: Int32(truncatingIfNeeded: number))
      firstValues[number] = Int32(truncatingIfNeeded: values)
      unread[number] = 0
      values &+= widths[group]
      if group == 0, here.startsRecord, Int(here.cellCount) == batch.columnCount {
        let next = start &+ number &+ 1
        if next == given.count || given[next].startsRecord { plain |= 1 << UInt64(number) }
      }
    }
    // Each stands where the next group begins: back to where its own does.
    for group in (1..<firstRows.count).reversed() { firstRows[group] = firstRows[group &- 1] }
    firstRows[0] = 0
    return (end, values)
  }

  /// Where the rows of a group stand.
  @inline(__always)
  func places(of group: Int) -> Range<Int> { firstRows[group]..<firstRows[group &+ 1] }

  @inline(__always)
  func row(_ place: Int) -> Row { rows[place] }

  /// The rows at `places`, until the block begins anew.
  @inline(__always)
  func rows(at places: Range<Int>) -> UnsafePointer<Row> {
    unsafe rows.values(at: places.lowerBound, count: places.count)
  }

  /// - Parameter row: of the batch.
  @inline(__always)
  func isPlain(_ row: Int) -> Bool { row &- start < 64 && plain &>> UInt64(truncatingIfNeeded: row &- start) & 1 != 0 }

  /// Of a row of which a cell needs more than a glance.
  @inline(never)
  mutating func leave(_ number: Int) {
    unread[number] &+= 1
    leavePlain(number)
  }

  mutating func leavePlain(_ number: Int) { plain &= ~(1 << UInt64(number)) }
}
