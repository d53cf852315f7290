/// A column of plain values while it grows. Room is kept from use to use: an array would ask at each of the many writes whether
/// it is shared.
@safe struct ColumnBuffer<Element: BitwiseCopyable>: ~Copyable {
  private var base: UnsafeMutablePointer<Element>
  private var room: Int
  private(set) var count = 0
  private let filler: Element

  /// - Parameter filler: what stands where nothing has been written.
  init(filler: Element) {
    self.filler = filler
    room = 64
    unsafe base = .allocate(capacity: room)
    unsafe base.initialize(repeating: filler, count: room)
  }

  deinit { unsafe base.deallocate() }

  subscript(place: Int) -> Element {
    @inline(__always) get {
      precondition(place >= 0 && place < count, "a value beside the column")
      // SAFETY: below `count`, which is at most `room`, all of which was initialized.
      return unsafe base[place]
    }
    @inline(__always) set {
      precondition(place >= 0 && place < count, "a value beside the column")
      // SAFETY: as above.
      unsafe base[place] = newValue
    }
  }

  /// The values from `start` on, `count` of them, until the column grows.
  @inline(__always)
  func values(at start: Int, count: Int) -> UnsafePointer<Element> {
    precondition(start >= 0 && count >= 0 && start &+ count <= self.count, "values beside the column")
    // SAFETY: as above.
    return unsafe UnsafePointer(base + start)
  }

  /// All values, to be written, until the column grows.
  @inline(__always)
  mutating func writableValues() -> UnsafeMutablePointer<Element> { unsafe base }

  /// Makes it `count` values; what was written before stands until it is written over.
  mutating func resize(to count: Int) {
    if count > room { grow(to: count) }
    self.count = count
  }

  @inline(__always)
  mutating func append(_ value: Element) {
    if count == room { grow(to: count + 1) }
    // SAFETY: below `room`.
    unsafe base[count] = value
    count &+= 1
  }

  /// The values as an array; the column is empty afterwards.
  mutating func take() -> [Element] {
    let values = unsafe Array(UnsafeBufferPointer(start: base, count: count))
    count = 0
    return values
  }

  @inline(never)
  private mutating func grow(to wanted: Int) {
    let larger = max(wanted, room * 2)
    let old = unsafe base
    unsafe base = .allocate(capacity: larger)
    unsafe base.initialize(from: old, count: room)
    unsafe (base + room).initialize(repeating: filler, count: larger - room)
    unsafe old.deallocate()
    room = larger
  }
}
