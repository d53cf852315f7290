import Bytes
import Records

/// What cells of 9 to 40 bytes came to, by their bytes: dates, names, short sentences. Open addressing: a place holds 16 bits
/// of the hash and, from 1, which entry it is; 0 for a place that is free. A line of the processor's cache holds sixteen, so a
/// search seldom looks at two, and an entry is a line. The owner lets go of the memory.
@safe struct LongCells: BitwiseCopyable {
  /// Bytes of the longest cell that goes in.
  static let longest: UInt32 = 40
  private static let longestSearch = 32
  private static let smallest = 16
  /// Cells from which a search waits for memory.
  private static let near = 256

  /// A cell's bytes (`words(of:_:)`).
  typealias Words = (UInt64, UInt64, UInt64, UInt64, UInt64)

  /// Of 64 bytes.
  private struct Entry: BitwiseCopyable {
    let words: Words
    let value: CellValue
    let count: UInt8
  }

  /// A cell for which it is looked.
  struct Probe: BitwiseCopyable {
    var words: Words = (0, 0, 0, 0, 0)
    var hash: UInt64 = 0
    var cell = RecordBatch.Cell.absent

    static let none = Probe()
    /// Whether there is anything to look for: a cell that is neither absent nor short, nor too long.
    @inline(__always)
    var isUsed: Bool { cell.count &- (ShortCells.longest + 1) < longest - ShortCells.longest }
  }

  private var places: UnsafeMutablePointer<UInt32>
  private var mask = smallest - 1
  private var entries: UnsafeMutablePointer<Entry>
  private(set) var count = 0
  var isFar: Bool { count > Self.near }

  init() {
    unsafe places = Self.places(Self.smallest)
    unsafe entries = Self.entries(Self.smallest / 2)
  }

  func deallocate() {
    unsafe places.deallocate()
    unsafe entries.deallocate()
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

  /// What a cell came to before; `nil` when it was not seen. Of a text the place is counted from the start of the cell.
  @inline(__always)
  func find(_ probe: UnsafePointer<Probe>) -> UnsafePointer<CellValue>? {
    let hash = unsafe probe.pointee.hash
    var index = Int(truncatingIfNeeded: hash) & mask
    let tag = UInt32(truncatingIfNeeded: hash &>> 48) &<< 16
    for _ in 0..<Self.longestSearch {
      // SAFETY: the mask keeps the place inside the table, and a place that is taken names an entry that is there.
      let place = unsafe places[index]
      if place == 0 { return nil }
      if place & 0xFFFF_0000 == tag {
        let entry = unsafe UnsafePointer(entries + (Int(place & 0xFFFF) &- 1))
        if unsafe Self.isSame(entry, probe) { return unsafe entry.pointer(to: \.value) }
      }
      index = (index &+ 1) & mask
    }
    return nil
  }

  @inline(__always)
  private static func isSame(_ entry: UnsafePointer<Entry>, _ probe: UnsafePointer<Probe>) -> Bool {
    let count = unsafe probe.pointee.cell.count
    if unsafe UInt32(entry.pointee.count) != count || entry.pointee.words.0 != probe.pointee.words.0
      || entry.pointee.words.1 != probe.pointee.words.1
    {
      return false
    }
    if count <= 16 { return true }
    return unsafe entry.pointee.words.2 == probe.pointee.words.2 && entry.pointee.words.3 == probe.pointee.words.3
      && entry.pointee.words.4 == probe.pointee.words.4
  }

  /// Asks for the place to which a hash leads.
  @inline(__always)
  func approach(_ hash: UInt64) {
    // SAFETY: as in `find`.
    unsafe prefetch(places + (Int(truncatingIfNeeded: hash) & mask))
  }

  /// Asks for the entry to which it leads.
  @inline(__always)
  func approachEntry(_ hash: UInt64) {
    // SAFETY: as in `find`.
    let place = unsafe places[Int(truncatingIfNeeded: hash) & mask]
    guard place != 0 else { return }
    unsafe prefetch(UnsafeRawPointer(entries + (Int(place & 0xFFFF) &- 1)))
  }

  mutating func insert(_ value: CellValue, _ probe: Probe) {
    if count * 2 > mask { grow() }
    guard put(count, probe.hash) else { return }
    let entry = Entry(words: probe.words, value: value, count: UInt8(truncatingIfNeeded: probe.cell.count))
    unsafe (entries + count).initialize(to: entry)
    count += 1
  }

  private mutating func grow() {
    let (old, known) = unsafe (places, entries)
    let size = (mask + 1) * 2
    unsafe places = Self.places(size)
    mask = size - 1
    unsafe entries = Self.entries(size / 2 + 1)
    unsafe entries.moveInitialize(from: known, count: count)
    unsafe old.deallocate()
    unsafe known.deallocate()
    // One that finds no place is forgotten.
    for index in 0..<count {
      let entry = unsafe entries[index]
      _ = put(index, Self.hash(entry.words, UInt32(entry.count)))
    }
  }

  /// - Returns: whether there was a place where a search looks.
  private func put(_ entry: Int, _ hash: UInt64) -> Bool {
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

  /// What is looked for to find a cell.
  @inline(__always)
  static func probe(_ cell: RecordBatch.Cell, _ bytes: Span<UInt8>) -> Probe {
    var probe = Probe(cell: cell)
    guard probe.isUsed else { return probe }
    probe.words = words(of: cell, bytes)
    probe.hash = hash(probe.words, cell.count)
    return probe
  }

  /// The bytes of a cell in as few words as hold them all: some stand in two, which does no harm.
  @inline(__always)
  private static func words(of cell: RecordBatch.Cell, _ bytes: Span<UInt8>) -> Words {
    let raw = unsafe bytes.bytes
    let (start, count) = (Int(cell.start), Int(cell.count))
    let end = start &+ count
    precondition(end <= bytes.count, "a cell of the batch")
    if count <= 16 { return (word(raw, start), word(raw, end &- 8), 0, 0, 0) }
    return (
      word(raw, start), word(raw, start &+ 8), word(raw, end &- 16), word(raw, end &- 8),
      count > 32 ? word(raw, start &+ 16) : 0
    )
  }

  @inline(__always)
  private static func word(_ raw: RawSpan, _ at: Int) -> UInt64 {
    // SAFETY: `words` asks for eight bytes of the text, and every pattern of bits is a UInt64.
    unsafe UInt64(littleEndian: raw.unsafeLoadUnaligned(fromUncheckedByteOffset: at, as: UInt64.self))
  }

  @inline(__always)
  private static func hash(_ words: Words, _ count: UInt32) -> UInt64 {
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
