import CScan

/// Finds the cells of a text of the common form (see `ftally_find_cells`), 64 bytes at a time, and writes down what rows are
/// made of. Owns the lists in which it does.
@safe package struct CellScan: ~Copyable {
  /// Blocks of 64 bytes that one call looks at.
  package let blocks: Int
  private let quote: UInt8
  private let separator: UInt8
  private let mayBeWide: Bool
  private var found = unsafe ftally_cells()
  private let memory: UnsafeMutableBufferPointer<UInt32>

  /// - Parameters:
  ///   - quote: `nil` for none.
  ///   - mayBeWide: `false` for tests of what processors without AVX2 do.
  package init(quote: UInt8?, separator: UInt8, blocks: Int, mayBeWide: Bool = true) {
    self.quote = quote ?? 0xFF  // no byte of UTF-8
    self.separator = separator
    self.blocks = blocks
    self.mayBeWide = mayBeWide
    let room = blocks * 64
    let margin = 8
    unsafe memory = .allocate(capacity: 4 * room + margin)
    // SAFETY: four lists of `room` entries one behind another, the first with what `places` must have more.
    unsafe found.places = memory.baseAddress!
    unsafe found.line_ends = found.places + room + margin
    unsafe found.marks = found.line_ends + room
    unsafe found.quoted = found.marks + room
  }

  deinit { unsafe memory.deallocate() }

  /// Cells that one call may find.
  package var room: Int { blocks * 64 }

  /// Begins anew with a row that starts at `place`.
  package mutating func restart(at place: Int) {
    unsafe found.open = 0
    unsafe found.places[0] = UInt32(truncatingIfNeeded: place &- 1)
  }

  /// Finds the cells that end in the next blocks, from `place` on and before `limit`, behind which there are `scanPadding`
  /// bytes. `false` where the common form breaks; what ends before was found.
  ///
  /// - Parameter cells: where starts and lengths are written, four bytes each, for `room` cells.
  package mutating func find(
    in text: UnsafePointer<UInt8>, from place: Int, limit: Int, into cells: UnsafeMutableRawPointer
  ) -> Bool {
    unsafe found.cells = cells.assumingMemoryBound(to: ftally_cell.self)
    return unsafe ftally_find_cells(&found, text, place, limit, blocks, quote, separator, mayBeWide ? 1 : 0) != 0
  }

  /// Cells that the last call found.
  package var count: Int { unsafe Int(found.count) }
  /// Of each row that ended the last of these cells, from 0.
  package var lineEnds: UnsafeBufferPointer<UInt32> {
    unsafe UnsafeBufferPointer(start: found.line_ends, count: Int(found.line_end_count))
  }
  /// What stands in cells, in the order of the text: a cell from 0, which may be the one that is open at the end, times two,
  /// and 1 more for a quote that is text than for a line break.
  package var marks: UnsafeBufferPointer<UInt32> {
    unsafe UnsafeBufferPointer(start: found.marks, count: Int(found.mark_count))
  }
  /// Where each cell ends: the place of its separator or line feed.
  package var ends: UnsafeBufferPointer<UInt32> {
    unsafe UnsafeBufferPointer(start: found.places + 1, count: Int(found.count))
  }
}
