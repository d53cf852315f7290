/// 128 bits that stand for a sequence of bytes: record keys and record contents. At a billion records the chance of one
/// false match is below 10^-20, so equal hashes are taken for equal keys. Not for adversaries: file fingerprints are SHA-256.
@usableFromInline package struct Hash128: Hashable, Sendable, BitwiseCopyable {
  @usableFromInline package var high: UInt64
  @usableFromInline package var low: UInt64

  @inlinable @inline(__always)
  package init(high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
  }

  /// The state before the first byte; `seed` keeps the keys of two sources apart.
  @inlinable @inline(__always)
  package init(seed: UInt64 = 0) {
    high = 0x9E37_79B9_7F4A_7C15 ^ seed
    low = 0xC2B2_AE3D_27D4_EB4F &+ seed
  }

  /// Of `bytes` alone.
  package init(of bytes: [UInt8]) {
    self.init()
    combine(bytes.span)
  }

  /// Of a block of a file: whether it is what was written. Four lanes side by side, so that none waits for the one before,
  /// and one multiplication for two words (as wyhash does it), where `combine` takes four; another value than by `combine`.
  package init(ofBlock bytes: Span<UInt8>) {
    let raw = unsafe bytes.bytes
    // No numbers that columns are full of: with a factor that comes to 0 or 1 a word could leave no trace.
    var lanes: (UInt64, UInt64, UInt64, UInt64) = (
      0x2D35_8DCC_AA6C_78A5, 0x8BB8_4B93_962E_ACC9, 0x4B33_A62E_D433_D4A3, 0x4D5A_2DA5_1DE1_AA47
    )
    var at = 0
    @inline(__always) func step(_ lane: inout UInt64, _ offset: Int, _ salt: UInt64) {
      // SAFETY: at + 64 <= byteCount, and every pattern of bits is a UInt64.
      let first = unsafe raw.unsafeLoadUnaligned(fromUncheckedByteOffset: at &+ offset, as: UInt64.self)
      let second = unsafe raw.unsafeLoadUnaligned(fromUncheckedByteOffset: at &+ offset &+ 8, as: UInt64.self)
      let product = (first ^ salt).multipliedFullWidth(by: second ^ lane)
      // The words once more, each turned by another count.
      lane = (product.high ^ product.low) &+ ((first &<< 29 | first &>> 35) ^ (second &<< 11 | second &>> 53))
    }
    while at &+ 64 <= raw.byteCount {
      step(&lanes.0, 0, 0xA076_1D64_78BD_642F)
      step(&lanes.1, 16, 0xE703_7ED1_A0B4_28DB)
      step(&lanes.2, 32, 0x8EBC_6AF0_9C88_C6E3)
      step(&lanes.3, 48, 0x5899_65CC_7537_4CC3)
      at &+= 64
    }
    self.init(seed: UInt64(truncatingIfNeeded: raw.byteCount))
    combine(bytes.extracting(at...))
    for lane in [lanes.0, lanes.1, lanes.2, lanes.3] { combine(lane) }
  }

  /// Of a column as it lies in memory. Only for elements without padding.
  package init<Element: BitwiseCopyable>(ofColumn column: [Element]) {
    // SAFETY: the span does not outlive the closure.
    self = unsafe column.withUnsafeBytes { unsafe Hash128(ofBlock: Span(_unsafeBytes: $0)) }
  }

  package mutating func combine(_ other: Hash128) {
    combine(other.high)
    combine(other.low)
  }

  /// Adds `bytes` and their count, so that ("ab","c") and ("a","bc") differ.
  @inlinable @inline(__always)
  package mutating func combine(_ bytes: Span<UInt8>) {
    let raw = unsafe bytes.bytes
    var at = 0
    while at &+ 8 <= raw.byteCount {
      // SAFETY: at + 8 <= byteCount, and every pattern of bits is a UInt64.
      unsafe combine(raw.unsafeLoadUnaligned(fromUncheckedByteOffset: at, as: UInt64.self))
      at &+= 8
    }
    combine(bytes.tail(from: at))
    combine(UInt64(truncatingIfNeeded: raw.byteCount))
  }

  @inlinable @inline(__always)
  package mutating func combine(_ word: UInt64) {
    let first = (high ^ word).multipliedFullWidth(by: 0xA076_1D64_78BD_642F)
    let second = (low ^ word).multipliedFullWidth(by: 0xE703_7ED1_A0B4_28DB)
    high = first.high ^ first.low ^ (second.low &<< 32 | second.low &>> 32)
    low = second.high ^ second.low ^ first.high
  }
}

extension Span<UInt8> {
  /// The fewer than eight bytes from `start` to the end, the first lowest.
  @inlinable @inline(__always)
  package func tail(from start: Int) -> UInt64 {
    let rest = count &- start
    precondition(rest >= 0 && rest < 8, "a tail is shorter than a word")
    if rest == 0 { return 0 }
    if count >= 8 {
      // SAFETY: at least eight bytes stand before the end, and every pattern of bits is a UInt64.
      let last = unsafe bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: count &- 8, as: UInt64.self)
      return UInt64(littleEndian: last) &>> UInt64(truncatingIfNeeded: 64 &- rest &* 8)
    }
    var tail: UInt64 = 0
    for index in 0..<rest { tail |= UInt64(self[index]) &<< UInt64(truncatingIfNeeded: index &* 8) }
    return tail
  }
}
