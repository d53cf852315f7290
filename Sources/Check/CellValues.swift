/// The values of a block of rows, one behind another. Room is kept from block to block, and what stands in it does not matter
/// until it is written: an array would ask at each of the many writes whether it is shared.
@safe struct CellValues: ~Copyable {
  private var base: UnsafeMutablePointer<CellValue>
  private var room: Int
  private(set) var count = 0

  init() {
    room = 1024
    unsafe base = .allocate(capacity: room)
    unsafe base.initialize(repeating: .blank, count: room)
  }

  deinit { unsafe base.deallocate() }

  subscript(place: Int) -> CellValue {
    @inline(__always) get {
      precondition(place >= 0 && place < count, "a value beside the block")
      // SAFETY: below `count`, which is at most `room`, all of which was initialized.
      return unsafe base[place]
    }
    @inline(__always) set {
      precondition(place >= 0 && place < count, "a value beside the block")
      // SAFETY: as above.
      unsafe base[place] = newValue
    }
  }

  /// Makes it `count` values, each to be written before it is read.
  mutating func begin(_ count: Int) {
    makeRoom(count)
    self.count = count
  }

  mutating func append(_ value: CellValue) {
    makeRoom(count + 1)
    count += 1
    self[count - 1] = value
  }

  private mutating func makeRoom(_ wanted: Int) {
    guard wanted > room else { return }
    let larger = max(wanted, room * 2)
    let old = unsafe base
    unsafe base = .allocate(capacity: larger)
    unsafe base.initialize(from: old, count: room)
    unsafe (base + room).initialize(repeating: .blank, count: larger - room)
    unsafe old.deallocate()
    room = larger
  }
}
