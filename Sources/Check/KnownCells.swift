import Bytes
import Records

/// What the cells of some fields came to, by their bytes. Most columns of most files repeat a few values — codes, dates, units,
/// scores — so what a cell means is worked out once for each way it is written, however many steps that takes, and looked up
/// from then on. One a task; it holds nothing but what the field's program would say again.
///
/// Memory: at most `entryLimit` entries of 64 bytes a field, and 8 to 16 bytes of places for each. Time: a search ends after
/// `longestSearch` places, whatever the cells are; what stands further on is read as if it had not been seen.
@safe struct KnownCells: ~Copyable {
  /// Bytes of the longest cell that is remembered.
  static let longest: UInt32 = 40
  private static let entryLimit = 16_384
  private static let smallest = 16
  private static let longestSearch = 32

  /// A cell's bytes (`words(of:_:)`).
  typealias Words = (UInt64, UInt64, UInt64, UInt64, UInt64)

  /// Of 64 bytes, so that each is one line of the processor's cache.
  fileprivate struct Entry: BitwiseCopyable {
    private let words: Words
    let value: CellValue
    private let count: UInt8

    init(_ value: CellValue, _ words: Words, count: UInt32) {
      self.words = words
      self.value = value
      self.count = UInt8(truncatingIfNeeded: count)
    }

    var hash: UInt64 { KnownCells.hash(words, UInt32(count)) }

    @inline(__always)
    func holds(_ other: Words, _ count: UInt32) -> Bool {
      if UInt32(self.count) != count || words.0 != other.0 { return false }
      if count <= 8 { return true }
      if words.1 != other.1 { return false }
      if count <= 16 { return true }
      return words.2 == other.2 && words.3 == other.3 && words.4 == other.4
    }
  }

  /// Open addressing. A place holds 16 bits of the hash and, from 1, which entry it is; 0 for a place that is free: a line of
  /// the processor's cache holds sixteen, so a search seldom looks at two.
  @safe fileprivate struct Table: BitwiseCopyable {
    var places: UnsafeMutablePointer<UInt32>
    var mask = smallest - 1
    fileprivate var entries: UnsafeMutablePointer<Entry>
    var count = 0
    /// Cells of the batch that were not known.
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
    for place in 0..<count {
      unsafe (tables + place).initialize(
        to: Table(places: Self.places(Self.smallest), entries: Self.entries(Self.smallest / 2)))
    }
  }

  deinit {
    for place in 0..<count {
      unsafe tables[place].places.deallocate()
      unsafe tables[place].entries.deallocate()
    }
    unsafe tables.deallocate()
  }

  private static func places(_ count: Int) -> UnsafeMutablePointer<UInt32> {
    let places = UnsafeMutablePointer<UInt32>.allocate(capacity: count)
    unsafe places.initialize(repeating: 0, count: count)
    return unsafe places
  }

  private static func entries(_ count: Int) -> UnsafeMutablePointer<Entry> {
    let line = 64
    let bytes = UnsafeMutableRawPointer.allocate(byteCount: count * MemoryLayout<Entry>.stride, alignment: line)
    return unsafe bytes.bindMemory(to: Entry.self, capacity: count)
  }

  /// The table of a field, as it is until something is learnt.
  struct Column: BitwiseCopyable {
    fileprivate let table: Table

    /// What a cell came to before; `nil` when it was not seen. Of a text the place is counted from the start of the cell; a
    /// rewritten one is in `texts`.
    @inline(__always)
    func find(_ words: Words, _ count: UInt32, _ hash: UInt64) -> UnsafePointer<CellValue>? {
      var index = Int(truncatingIfNeeded: hash) & table.mask
      let tag = UInt32(truncatingIfNeeded: hash &>> 48) &<< 16
      for _ in 0..<longestSearch {
        // SAFETY: the mask keeps the place inside the table, and a place that is taken names an entry that is there.
        let place = unsafe table.places[index]
        if place == 0 { return nil }
        if place & 0xFFFF_0000 == tag {
          let entry = unsafe UnsafePointer(table.entries + (Int(place & 0xFFFF) &- 1))
          if unsafe entry.pointee.holds(words, count) { return unsafe entry.pointer(to: \.value) }
        }
        index = (index &+ 1) & table.mask
      }
      return nil
    }

    /// Asks for the place to which a hash leads.
    @inline(__always)
    func approach(_ hash: UInt64) {
      // SAFETY: as in `find`.
      unsafe prefetch(table.places + (Int(truncatingIfNeeded: hash) & table.mask))
    }

    /// Asks for the entry to which it leads.
    @inline(__always)
    func approachEntry(_ hash: UInt64) {
      // SAFETY: as in `find`.
      let place = unsafe table.places[Int(truncatingIfNeeded: hash) & table.mask]
      guard place != 0 else { return }
      let entry = unsafe UnsafeRawPointer(table.entries + (Int(place & 0xFFFF) &- 1))
      unsafe prefetch(entry)
    }
  }

  func column(_ field: Int) -> Column {
    precondition(field >= 0 && field < count, "a field beside the tables")
    // SAFETY: below the number of fields, for which the tables were made.
    return unsafe Column(table: tables[field])
  }

  /// Whether the field's table is so large that a search in it waits for memory.
  func isLarge(_ field: Int) -> Bool {
    let near = 256
    return unsafe tables[field].count > near
  }

  /// For a cell that is not remembered.
  static let noHash: UInt64 = 0

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
    guard (1...Self.longest).contains(cell.count), unsafe tables[field].count < Self.entryLimit else { return }
    var value = value
    if value.kind == .arenaText {
      guard texts.count + rewritten.count <= Self.textLimit else { return }
      value.start = Int32(truncatingIfNeeded: texts.count)
      texts += rewritten
    }
    if unsafe tables[field].count * 2 > tables[field].mask { grow(field) }
    guard let words = Self.words(of: cell, bytes) else { return }
    let next = unsafe tables[field].count
    guard put(next, Self.hash(words, cell.count), in: field) else { return }
    unsafe (tables[field].entries + next).initialize(to: Entry(value, words, count: cell.count))
    unsafe tables[field].count = next + 1
  }

  /// Cells of the field that were not known since they were taken.
  func missed(_ field: Int) -> Int { unsafe tables[field].missed }

  /// Cells of the field that were not known since this was asked last.
  mutating func takeMissed(_ field: Int) -> Int {
    defer { unsafe tables[field].missed = 0 }
    return unsafe tables[field].missed
  }

  private func grow(_ field: Int) {
    let (old, entries, count) = unsafe (tables[field].places, tables[field].entries, tables[field].count)
    let size = unsafe (tables[field].mask + 1) * 2
    unsafe tables[field].places = Self.places(size)
    unsafe tables[field].mask = size - 1
    unsafe tables[field].entries = Self.entries(size / 2 + 1)
    unsafe tables[field].entries.moveInitialize(from: entries, count: count)
    unsafe old.deallocate()
    unsafe entries.deallocate()
    // One that finds no place is forgotten.
    for index in 0..<count { _ = put(index, unsafe tables[field].entries[index].hash, in: field) }
  }

  /// - Returns: whether there was a place where a search looks.
  private func put(_ entry: Int, _ hash: UInt64, in field: Int) -> Bool {
    let (places, mask) = unsafe (tables[field].places, tables[field].mask)
    var index = Int(truncatingIfNeeded: hash) & mask
    for _ in 0..<Self.longestSearch {
      // SAFETY: the mask keeps the place inside the table.
      if unsafe places[index] == 0 {
        unsafe places[index] = UInt32(truncatingIfNeeded: hash >> 48) << 16 | UInt32(entry + 1)
        return true
      }
      index = (index + 1) & mask
    }
    return false
  }

  // MARK: keys

  /// The bytes of a cell in as few words as hold them all: some stand in two, which does no harm. `nil` for a cell that is
  /// absent, empty or too long to be remembered.
  @inline(__always)
  static func words(of cell: RecordBatch.Cell, _ bytes: Span<UInt8>) -> Words? {
    // What is absent has the largest counts.
    guard cell.count &- 1 < longest else { return nil }
    let raw = unsafe bytes.bytes
    let (start, count) = (Int(cell.start), Int(cell.count))
    if count <= 8 {
      guard start &+ 8 <= bytes.count else { return (lastWord(bytes.extracting(start..<start &+ count)), 0, 0, 0, 0) }
      return (word(raw, start) & (~0 &>> UInt64(truncatingIfNeeded: 64 &- count &* 8)), 0, 0, 0, 0)
    }
    let end = start &+ count
    precondition(end <= bytes.count, "a cell of the batch")
    if count <= 16 { return (word(raw, start), word(raw, end &- 8), 0, 0, 0) }
    return (
      word(raw, start), word(raw, start &+ 8), word(raw, end &- 16), word(raw, end &- 8),
      count > 32 ? word(raw, start &+ 16) : 0
    )
  }

  /// At the end of the text, behind which nothing can be read.
  @inline(never)
  private static func lastWord(_ cell: Span<UInt8>) -> UInt64 { cell.tail(from: 0) }

  @inline(__always)
  private static func word(_ raw: RawSpan, _ at: Int) -> UInt64 {
    // SAFETY: `words` asks for eight bytes of the text, and every pattern of bits is a UInt64.
    unsafe UInt64(littleEndian: raw.unsafeLoadUnaligned(fromUncheckedByteOffset: at, as: UInt64.self))
  }

  @inline(__always)
  static func hash(_ words: Words, _ count: UInt32) -> UInt64 {
    var hash = folded(
      words.0 ^ 0x9E37_79B9_7F4A_7C15, words.1 ^ UInt64(truncatingIfNeeded: count) ^ 0xA076_1D64_78BD_642F)
    if count > 16 { hash = folded(hash ^ words.2, words.3 ^ 0xE703_7ED1_A0B4_28DB) }
    if count > 32 { hash = folded(hash ^ words.4, 0x8EBC_6AF0_9C88_C6E3) }
    return hash
  }

  @inline(__always)
  private static func folded(_ first: UInt64, _ second: UInt64) -> UInt64 {
    let product = first.multipliedFullWidth(by: second)
    return product.high ^ product.low
  }
}
