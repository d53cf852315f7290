import Bytes

/// The records that count so far, by primary key. Open addressing over 8-byte slots, each with half of the key's first word,
/// so that a key that is new costs one look into memory. A key takes 20 bytes and its slots 11 to 21; where the latest of
/// several versions counts, another 16.
struct KeyIndex {
  struct Version {
    var content: UInt64
    var version: Int64
  }
  private struct Slot {
    /// -1 in a slot that is free.
    var place: Int32 = -1
    var tag: UInt32 = 0
  }
  private var keys: [Hash128] = []
  private var ordinals: [Int32] = []
  /// Empty up to the first record that has one.
  private var versions: [Version] = []
  private var slots: [Slot]

  /// - Parameter capacity: keys that are expected at most.
  init(capacity: Int) {
    var count = 1 << 10
    while count * 3 < capacity * 4 { count *= 2 }
    slots = [Slot](repeating: Slot(), count: count)
    keys.reserveCapacity(capacity)
    ordinals.reserveCapacity(capacity)
  }

  /// `nil` when the key is new, and is now known; else the place of the record that has it.
  ///
  /// - Parameter version: `nil` where the first record of a key counts whatever the others hold.
  @inline(__always)
  mutating func insert(_ key: Hash128, ordinal: Int, _ version: Version?) -> Int? {
    if (keys.count &+ 1) &* 4 > slots.count &* 3 { grow() }
    let mask = slots.count &- 1
    let tag = UInt32(truncatingIfNeeded: key.high &>> 32)
    var slot = Int(truncatingIfNeeded: key.low) & mask
    while slots[slot].place >= 0 {
      if slots[slot].tag == tag, keys[Int(slots[slot].place)] == key { return Int(slots[slot].place) }
      slot = (slot &+ 1) & mask
    }
    slots[slot] = Slot(place: Int32(truncatingIfNeeded: keys.count), tag: tag)
    keys.append(key)
    ordinals.append(Int32(truncatingIfNeeded: ordinal))
    if let version { setVersion(version, at: keys.count - 1) }
    return nil
  }

  /// Looks at the slots of keys that are about to be inserted. The processor waits for all of them at once, and not for one
  /// after another. What it returns means nothing.
  @inline(never)
  func touch(_ next: ArraySlice<Hash128>) -> UInt32 {
    let mask = slots.count &- 1
    return next.reduce(0) { $0 ^ slots[Int(truncatingIfNeeded: $1.low) & mask].tag }
  }

  func ordinal(_ place: Int) -> Int { Int(ordinals[place]) }

  func version(_ place: Int) -> Version { place < versions.count ? versions[place] : Version(content: 0, version: 0) }

  /// Another record of the key counts from now on.
  mutating func replace(_ place: Int, ordinal: Int, _ version: Version) {
    ordinals[place] = Int32(truncatingIfNeeded: ordinal)
    setVersion(version, at: place)
  }

  private mutating func setVersion(_ version: Version, at place: Int) {
    while versions.count <= place { versions.append(Version(content: 0, version: 0)) }
    versions[place] = version
  }

  private mutating func grow() {
    slots = [Slot](repeating: Slot(), count: slots.count * 2)
    let mask = slots.count - 1
    for place in keys.indices {
      var slot = Int(truncatingIfNeeded: keys[place].low) & mask
      while slots[slot].place >= 0 { slot = (slot + 1) & mask }
      slots[slot] = Slot(place: Int32(place), tag: UInt32(truncatingIfNeeded: keys[place].high >> 32))
    }
  }
}
