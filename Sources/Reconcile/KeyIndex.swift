import Bytes

/// The records that count so far, by primary key. Open addressing over 4-byte slots: 40 bytes a key and 5 to 11 for the
/// slots, at any number of records.
struct KeyIndex {
  struct Entry {
    var key: Hash128
    var content: UInt64
    var version: Int64
    var ordinal: Int32
  }
  private var entries: [Entry] = []
  private var slots = [Int32](repeating: -1, count: 1 << 10)

  /// `nil` when the key is new, and is now known; else the place of the entry that has it.
  mutating func insert(_ entry: Entry) -> Int? {
    if (entries.count + 1) * 4 > slots.count * 3 { grow() }
    var slot = Int(truncatingIfNeeded: entry.key.high) & (slots.count - 1)
    while slots[slot] >= 0 {
      if entries[Int(slots[slot])].key == entry.key { return Int(slots[slot]) }
      slot = (slot + 1) & (slots.count - 1)
    }
    slots[slot] = Int32(entries.count)
    entries.append(entry)
    return nil
  }

  subscript(place: Int) -> Entry {
    get { entries[place] }
    set { entries[place] = newValue }
  }

  private mutating func grow() {
    slots = [Int32](repeating: -1, count: slots.count * 2)
    let mask = slots.count - 1
    for place in entries.indices {
      var slot = Int(truncatingIfNeeded: entries[place].key.high) & mask
      while slots[slot] >= 0 { slot = (slot + 1) & mask }
      slots[slot] = Int32(place)
    }
  }
}
