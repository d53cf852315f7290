/// The edges of an automaton by the name pointers of one parser: open addressing, built when a file is opened.
struct EdgeTable {
  private struct Slot {
    var name: UInt = 0
    var node: Int32 = 0
    var value: Int32 = 0
  }
  private var slots: [Slot]
  private var mask: Int
  private var count = 0

  init(capacity: Int) {
    var size = 16
    while size < capacity * 2 { size *= 2 }
    slots = [Slot](repeating: Slot(), count: size)
    mask = size - 1
  }

  @inline(__always)
  private static func hash(_ name: UInt, _ node: Int32) -> Int {
    let mixed = (name ^ (UInt(truncatingIfNeeded: node) &<< 40)) &* 0x9E37_79B9_7F4A_7C15
    return Int(truncatingIfNeeded: mixed &>> 20)
  }

  /// What `insert` put there for `name`, which is not 0.
  @inline(__always)
  func find(_ name: UInt, _ node: Int32) -> Int32? {
    var index = Self.hash(name, node) & mask
    let slots = slots.span
    while true {
      let slot = slots[index]
      if slot.name == name, slot.node == node { return slot.value }
      if slot.name == 0 { return nil }
      index = (index &+ 1) & mask
    }
  }

  mutating func insert(_ name: UInt, _ node: Int32, _ value: Int32) {
    if (count + 1) * 2 > slots.count {
      let old = slots
      self = EdgeTable(capacity: old.count)
      for slot in old where slot.name != 0 { insert(slot.name, slot.node, slot.value) }
    }
    var index = Self.hash(name, node) & mask
    while slots[index].name != 0 { index = (index + 1) & mask }
    slots[index] = Slot(name: name, node: node, value: value)
    count += 1
  }
}
