import Bytes
import Records

/// What cells of up to eight bytes came to, by their bytes in one word: codes, scores, short names, which most cells are. Open
/// addressing over slots of half a line of the processor's cache, at most half of them taken. The owner lets go of the memory.
@safe struct ShortCells: BitwiseCopyable {
  /// Bytes of the longest cell that goes in.
  static let longest: UInt32 = 8
  private static let longestSearch = 32
  private static let smallest = 16
  /// Cells from which a search waits for memory.
  private static let near = 256

  private struct Slot: BitwiseCopyable {
    var word: UInt64 = 0
    var value = CellValue.blank
    /// Bytes of the cell; 0 in a slot that is free.
    var count: UInt8 = 0
  }

  private var slots: UnsafeMutablePointer<Slot>
  private var mask = smallest - 1
  /// By how much a hash is shifted, so that a place in the slots is left.
  private var shift: UInt64
  private(set) var count = 0
  var isFar: Bool { count > Self.near }

  init() {
    unsafe slots = Self.room(Self.smallest)
    shift = Self.shift(Self.smallest)
  }

  func deallocate() { unsafe slots.deallocate() }

  private static func room(_ count: Int) -> UnsafeMutablePointer<Slot> {
    let line = 64
    let bytes = UnsafeMutableRawPointer.allocate(byteCount: count * MemoryLayout<Slot>.stride, alignment: line)
    return unsafe bytes.initializeMemory(as: Slot.self, repeating: Slot(), count: count)
  }

  /// - Parameter count: a power of two.
  private static func shift(_ count: Int) -> UInt64 {
    UInt64(truncatingIfNeeded: UInt64.bitWidth - count.trailingZeroBitCount)
  }

  /// The bytes of a cell; `nil` for one that is absent, empty or too long, or so near the end of the text that eight bytes
  /// from its start cannot be read.
  @inline(__always)
  static func word(of cell: RecordBatch.Cell, _ bytes: Span<UInt8>) -> UInt64? {
    // What is absent has the largest counts.
    guard cell.count &- 1 < longest, Int(cell.start) &+ 8 <= bytes.count else { return nil }
    // SAFETY: eight bytes of the text, and every pattern of bits is a UInt64.
    let word = unsafe bytes.bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: Int(cell.start), as: UInt64.self)
    return UInt64(littleEndian: word) & (~0 &>> UInt64(truncatingIfNeeded: 64 &- cell.count &* 8))
  }

  @inline(__always)
  private func place(_ word: UInt64, _ count: UInt32) -> Int {
    let hash = (word ^ UInt64(truncatingIfNeeded: count) &<< 59) &* 0x9E37_79B9_7F4A_7C15
    return Int(truncatingIfNeeded: hash &>> shift)
  }

  /// What a cell came to before; `nil` when it was not seen. Of a text the place is counted from the start of the cell.
  @inline(__always)
  func find(_ word: UInt64, _ count: UInt32) -> UnsafePointer<CellValue>? {
    var index = place(word, count)
    for _ in 0..<Self.longestSearch {
      // SAFETY: shift and mask keep the place among the slots.
      let slot = unsafe UnsafePointer(slots + index)
      if unsafe slot.pointee.word == word, unsafe UInt32(slot.pointee.count) == count {
        return unsafe slot.pointer(to: \.value)
      }
      if unsafe slot.pointee.count == 0 { return nil }
      index = (index &+ 1) & mask
    }
    return nil
  }

  /// Asks for the slot to which a cell leads.
  @inline(__always)
  func approach(_ word: UInt64, _ count: UInt32) {
    // SAFETY: as in `find`.
    unsafe prefetch(slots + place(word, count))
  }

  mutating func insert(_ value: CellValue, _ word: UInt64, _ count: UInt32) {
    if (self.count + 1) * 2 > mask + 1 { grow() }
    put(Slot(word: word, value: value, count: UInt8(truncatingIfNeeded: count)))
  }

  /// One that finds no place is forgotten.
  private mutating func put(_ new: Slot) {
    var index = place(new.word, UInt32(new.count))
    for _ in 0..<Self.longestSearch {
      // SAFETY: as in `find`.
      if unsafe slots[index].count == 0 {
        unsafe slots[index] = new
        count += 1
        return
      }
      index = (index + 1) & mask
    }
  }

  private mutating func grow() {
    let (old, size) = unsafe (slots, mask + 1)
    unsafe slots = Self.room(size * 2)
    mask = size * 2 - 1
    shift = Self.shift(size * 2)
    count = 0
    for index in 0..<size where unsafe old[index].count > 0 { unsafe put(old[index]) }
    unsafe old.deallocate()
  }
}
