import Records

/// What the cells of some fields came to, by their bytes. Most columns of most files repeat a few values — codes, dates, units,
/// scores — so what a cell means is worked out once for each way it is written, however many steps that takes, and looked up
/// from then on. One a task; it holds nothing but what the field's program would say again.
///
/// Memory: at most `entryLimit` cells a field, each of 64 to 80 bytes with its places. Time: a search ends after 32 places,
/// whatever the cells are; what stands further on is read as if it had not been seen.
@safe struct KnownCells: ~Copyable {
  private static let entryLimit = 16_384

  private struct Table: BitwiseCopyable {
    var short = ShortCells()
    var long = LongCells()
    /// Cells that were not known since this was asked last.
    var missed = 0
  }

  private let tables: UnsafeMutablePointer<Table>
  private let count: Int
  /// Rewritten texts: values of kind `arenaText` are places in it.
  private var texts: [UInt8] = []
  private static let textLimit = 1 << 20

  /// - Parameter count: of fields.
  init(fields count: Int) {
    self.count = count
    unsafe tables = .allocate(capacity: count)
    for place in 0..<count { unsafe (tables + place).initialize(to: Table()) }
  }

  deinit {
    for place in 0..<count {
      unsafe tables[place].short.deallocate()
      unsafe tables[place].long.deallocate()
    }
    unsafe tables.deallocate()
  }

  /// The cells of a field as they are until something is learnt.
  func short(_ field: Int) -> ShortCells {
    precondition(field >= 0 && field < count, "a field beside the tables")
    // SAFETY: below the number of fields, for which the tables were made.
    return unsafe tables[field].short
  }

  func long(_ field: Int) -> LongCells {
    precondition(field >= 0 && field < count, "a field beside the tables")
    // SAFETY: as above.
    return unsafe tables[field].long
  }

  /// Whether most cells of a field are short.
  func isShort(_ field: Int) -> Bool { short(field).count >= long(field).count }

  /// The bytes of a rewritten text that was found.
  func text(_ value: CellValue) -> ArraySlice<UInt8> { texts[value.range] }

  /// Remembers what a cell came to.
  ///
  /// - Parameters:
  ///   - value: its place, if it has one, counted from the start of the cell.
  ///   - rewritten: where `value` is a rewritten text.
  mutating func learn(
    _ value: CellValue, _ rewritten: ArraySlice<UInt8>, of field: Int, _ cell: RecordBatch.Cell, _ bytes: Span<UInt8>
  ) {
    unsafe tables[field].missed += 1
    guard (1...LongCells.longest).contains(cell.count), short(field).count + long(field).count < Self.entryLimit else {
      return
    }
    var value = value
    if value.kind == .arenaText {
      guard texts.count + rewritten.count <= Self.textLimit else { return }
      value.start = Int32(truncatingIfNeeded: texts.count)
      texts += rewritten
    }
    if let word = ShortCells.word(of: cell, bytes) {
      unsafe tables[field].short.insert(value, word, cell.count)
    } else if cell.count > ShortCells.longest {
      unsafe tables[field].long.insert(value, LongCells.probe(cell, bytes))
    }
  }

  /// Cells of the field that were not known since they were taken.
  func missed(_ field: Int) -> Int { unsafe tables[field].missed }

  /// Cells of the field that were not known since this was asked last.
  mutating func takeMissed(_ field: Int) -> Int {
    defer { unsafe tables[field].missed = 0 }
    return unsafe tables[field].missed
  }
}
