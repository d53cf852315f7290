/// A value of a rule. Trivial, so that a record of them costs nothing.
@usableFromInline package struct RuleValue: BitwiseCopyable, Sendable {
  @usableFromInline package enum State: UInt8, BitwiseCopyable, Sendable {
    /// No value; of a condition: it cannot be decided.
    case blank
    case known
    /// A cell whose own fault was reported: nothing is said about it twice.
    case invalid
  }
  /// The integer, day, instant, seconds, place or truth; the bits of a number.
  @usableFromInline package var bits: Int64
  /// Where a text stands in `Registers.bytes`; of an instant the minutes of its zone east of Greenwich.
  @usableFromInline package var start: Int32
  @usableFromInline package var count: Int32
  @usableFromInline package var state: State

  @inlinable @inline(__always)
  package init(_ bits: Int64) {
    self.bits = bits
    start = 0
    count = 0
    state = .known
  }

  @inlinable @inline(__always)
  package init(_ number: Double) {
    // -0 and 0 are one number, and have one hash.
    self.init(Int64(bitPattern: (number == 0 ? 0 : number).bitPattern))
    // What is not finite came of an overflow or a division by zero: it cannot be decided.
    if !number.isFinite { state = .blank }
  }

  @inline(__always)
  package init(_ truth: Bool) { self.init(Int64(truth ? 1 : 0)) }

  @inlinable @inline(__always)
  package init(text range: Range<Int>) {
    bits = 0
    start = Int32(truncatingIfNeeded: range.lowerBound)
    count = Int32(truncatingIfNeeded: range.count)
    state = .known
  }

  @inlinable @inline(__always)
  init(state: State) {
    self.init(Int64(0))
    self.state = state
  }

  @inlinable @inline(__always)
  package init(instant: Int64, zone: Int16) {
    self.init(instant)
    start = Int32(zone)
  }

  /// Of an instant: by the clock where it was written.
  var localSeconds: Int64 { bits &+ Int64(start) * 60 }

  package var localDayAndSeconds: (days: Int64, seconds: Int64) {
    let seconds = localSeconds
    let days = seconds >= 0 ? seconds / 86_400 : (seconds - 86_399) / 86_400
    return (days, seconds - days * 86_400)
  }

  @inlinable @inline(__always)
  package static var blank: RuleValue { RuleValue(state: .blank) }
  @inlinable @inline(__always)
  package static var invalid: RuleValue { RuleValue(state: .invalid) }

  @inline(__always) package var number: Double { Double(bitPattern: UInt64(bitPattern: bits)) }
  package var range: Range<Int> { Int(start)..<Int(start) + Int(count) }
  @inline(__always) package var isKnown: Bool { state == .known }
  @inline(__always) package var isTrue: Bool { state == .known && bits != 0 }
  @inline(__always) package var isFalse: Bool { state == .known && bits == 0 }
}
