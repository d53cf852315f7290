public import CScan

/// Length of the longest prefix of `bytes` that is valid UTF-8 and ends on a character.
package func validUTF8Prefix(_ bytes: Span<UInt8>, mayBeWide: Bool = true) -> Int {
  validPrefix(bytes, stops: 0, mayBeWide)
}

/// The same, and the prefix holds no U+FDD0 and, where `stopsAtNUL`, no NUL.
package func validTextPrefix(_ bytes: Span<UInt8>, stopsAtNUL: Bool = false, mayBeWide: Bool = true) -> Int {
  validPrefix(bytes, stops: stopsAtNUL ? FTALLY_AT_MARKER | FTALLY_AT_NUL : FTALLY_AT_MARKER, mayBeWide)
}

/// - Parameter mayBeWide: `false` for tests of what processors without AVX2 do.
private func validPrefix(_ bytes: Span<UInt8>, stops: Int, _ mayBeWide: Bool) -> Int {
  // SAFETY: base and count are of one buffer.
  unsafe bytes.withUnsafeBufferPointer { buffer in
    guard let base = buffer.baseAddress else { return 0 }
    return unsafe ftally_valid_prefix(base, buffer.count, Int32(truncatingIfNeeded: stops), mayBeWide ? 1 : 0)
  }
}

/// Whether white space or an invisible character stands at an end of `text`, beside a plain space, or is anything but a
/// plain space. It may say yes too often (control characters), never no.
package func hasLooseSpace(_ text: Span<UInt8>) -> Bool {
  // SAFETY: base and count are of one buffer.
  unsafe text.withUnsafeBufferPointer { buffer in
    guard let base = buffer.baseAddress else { return false }
    return unsafe ftally_has_loose_space(base, buffer.count) != 0
  }
}

/// What a small XML document, valid UTF-8, holds.
package struct XMLLook {
  /// A control character beside tab and line end, U+FFFE or U+FFFF: what XML forbids.
  package var isUncommon: Bool
  /// An `&`.
  package var hasAmpersands: Bool
  /// A `]`, as at the end of a CDATA section.
  package var hasBrackets: Bool
  package var lineFeeds: Int
  package var carriageReturns: Int

  package init(_ text: Span<UInt8>) {
    var (feeds, returns) = (0, 0)
    // SAFETY: base and count are of one buffer; without a base the count is 0.
    let found = unsafe text.withUnsafeBufferPointer { buffer in
      unsafe buffer.baseAddress.map { unsafe ftally_look_at_xml($0, buffer.count, &feeds, &returns) } ?? 0
    }
    isUncommon = Int(found) & FTALLY_XML_UNCOMMON != 0
    hasAmpersands = Int(found) & FTALLY_XML_AMPERSANDS != 0
    hasBrackets = Int(found) & FTALLY_XML_BRACKETS != 0
    lineFeeds = feeds
    carriageReturns = returns
  }
}

/// How many of `bytes` are `byte`.
package func count(_ byte: UInt8, in bytes: Span<UInt8>) -> Int {
  // SAFETY: base and count are of one buffer.
  unsafe bytes.withUnsafeBufferPointer { buffer in
    guard let base = buffer.baseAddress else { return 0 }
    return unsafe ftally_count(base, buffer.count, byte)
  }
}

/// Asks for the memory at `place`, so that it is near when it is looked at: searches that wait one after the other for memory
/// that is far wait together instead.
@inlinable @inline(__always)
package func prefetch(_ place: UnsafeRawPointer) {
  // SAFETY: a hint; the processor does not fault on any address.
  unsafe ftally_prefetch(place)
}

/// Bytes that a block must have behind its end, so that it can be scanned 64 at a time.
package let scanPadding = 64
