/// A table from byte strings to small numbers: code lists, rosters, blanks. Built once, then only read, by any number of
/// tasks. Open addressing; a look-up of 6 to 27 bytes takes about 70 ns, a `Dictionary<String, Int>` 240 to 830.
package struct ByteTable: Sendable {
  private struct Slot {
    /// The lower half.
    var hash: UInt32 = 0
    var offset: Int32 = 0
    var count: Int32 = -1
    var value: Int32 = 0
  }
  private var slots: [Slot] = [Slot](repeating: Slot(), count: 16)
  private var arena: [UInt8] = []
  /// Number of keys.
  package private(set) var count = 0
  /// How long keys are, a bit for each count of bytes, the last for all from 63 on: names are asked for among codes too.
  private var lengths: UInt64 = 0

  package init() {}

  /// Keeps the value that `key` had before, if it had one, and returns it.
  @discardableResult
  package mutating func insert(_ key: Span<UInt8>, _ value: Int32) -> Int32? {
    let hash = Self.hash(key)
    if let known = find(key, hash: hash) { return known }
    if (count + 1) * 2 > slots.count { grow(to: slots.count * 2) }
    place(Slot(hash: hash, offset: Int32(arena.count), count: Int32(key.count), value: value))
    // SAFETY: the bytes are copied within the closure.
    unsafe key.withUnsafeBufferPointer { unsafe arena.append(contentsOf: $0) }
    count += 1
    lengths |= Self.length(of: key)
    return nil
  }

  @inline(__always)
  private static func length(of key: Span<UInt8>) -> UInt64 { 1 &<< UInt64(truncatingIfNeeded: min(key.count, 63)) }

  @discardableResult
  package mutating func insert(_ key: String, _ value: Int32) -> Int32? { insert(key.utf8.span, value) }

  /// Makes room for `count` keys more, of as many bytes together.
  package mutating func reserve(_ count: Int, bytes: Int = 0) {
    arena.reserveCapacity(arena.count + bytes)
    var slots = slots.count
    while (self.count + count) * 2 > slots { slots *= 2 }
    if slots > self.slots.count { grow(to: slots) }
  }

  @inline(__always)
  package func find(_ key: Span<UInt8>) -> Int32? {
    lengths & Self.length(of: key) == 0 ? nil : find(key, hash: Self.hash(key))
  }

  @inline(__always)
  private func find(_ key: Span<UInt8>, hash: UInt32) -> Int32? {
    let mask = slots.count &- 1
    var index = Int(truncatingIfNeeded: hash) & mask
    while true {
      let slot = slots[index]
      if slot.count < 0 { return nil }
      if slot.hash == hash, Int(slot.count) == key.count, matches(slot, key) { return slot.value }
      index = (index &+ 1) & mask
    }
  }

  package func find(_ key: String) -> Int32? { find(key.utf8.span) }

  /// Asks for all of a table that is not large, line by line: one that another processor has made is far away, and each
  /// look-up would wait for it twice.
  package func approach() {
    // SAFETY: only the memory of the arrays is asked for.
    unsafe slots.withUnsafeBytes { unsafe Self.approach($0) }
    unsafe arena.withUnsafeBytes { unsafe Self.approach($0) }
  }

  private static func approach(_ bytes: UnsafeRawBufferPointer) {
    guard let start = bytes.baseAddress, bytes.count <= 1 << 20 else { return }
    for line in stride(from: 0, to: bytes.count, by: 64) { unsafe prefetch(start + line) }
  }

  /// The counts are equal. Eight bytes a step; the last step may overlap the one before.
  @inline(__always)
  private func matches(_ slot: Slot, _ key: Span<UInt8>) -> Bool {
    let count = key.count
    let known = unsafe arena.span.bytes
    let asked = unsafe key.bytes
    let offset = Int(slot.offset)
    if count < 8 {
      for index in 0..<count where arena[offset &+ index] != key[index] { return false }
      return true
    }
    var at = 0
    while true {
      // SAFETY: at + 8 <= count, and offset + count lies in the arena, where the key was put with its count.
      let left = unsafe known.unsafeLoadUnaligned(fromUncheckedByteOffset: offset &+ at, as: UInt64.self)
      let right = unsafe asked.unsafeLoadUnaligned(fromUncheckedByteOffset: at, as: UInt64.self)
      if left != right { return false }
      if at &+ 8 == count { return true }
      at = min(at &+ 8, count &- 8)
    }
  }

  private mutating func grow(to count: Int) {
    let old = slots
    slots = [Slot](repeating: Slot(), count: count)
    for slot in old where slot.count >= 0 { place(slot) }
  }

  private mutating func place(_ slot: Slot) {
    let mask = slots.count - 1
    var index = Int(truncatingIfNeeded: slot.hash) & mask
    while slots[index].count >= 0 { index = (index + 1) & mask }
    slots[index] = slot
  }

  /// Multiply and fold, eight bytes a step: half the work of `Hash128`, and enough where a match is compared byte by byte.
  @inline(__always)
  private static func hash(_ key: Span<UInt8>) -> UInt32 {
    let raw = unsafe key.bytes
    var hash: UInt64 = 0x9E37_79B9_7F4A_7C15 ^ UInt64(truncatingIfNeeded: raw.byteCount)
    var at = 0
    while at &+ 8 <= raw.byteCount {
      // SAFETY: at + 8 <= byteCount, and every pattern of bits is a UInt64.
      hash = unsafe folded(hash ^ raw.unsafeLoadUnaligned(fromUncheckedByteOffset: at, as: UInt64.self))
      at &+= 8
    }
    return UInt32(truncatingIfNeeded: folded(hash ^ key.tail(from: at)))
  }

  @inline(__always)
  private static func folded(_ word: UInt64) -> UInt64 {
    let product = word.multipliedFullWidth(by: 0xA076_1D64_78BD_642F)
    return product.high ^ product.low
  }
}
