import Bytes

/// Proves for 64 bytes after the other that a text has the common form: a quote opens only at the start of a cell, a closing
/// quote stands before a separator, a line end or another quote (two of them are one that is text), and rows end with LF or
/// CRLF. As long as that holds, the quotes alone say what is inside a cell; the first byte where it does not is reported.
struct CommonForm {
  /// What stands in a block; one bit a byte, lowest first. Only bits below the first violation count.
  struct Block {
    var separators: UInt64
    /// Line feeds that end a row.
    var lineEnds: UInt64
    /// Line ends inside quoted cells.
    var innerBreaks: UInt64
    /// Second quotes of a pair that is text.
    var pairs: UInt64
    /// Where the common form breaks; 0 when it does not.
    var violations: UInt64
    /// Whether the byte before the block breaks it.
    var isViolatedBefore: Bool
  }

  /// All ones when the block begins inside a quoted cell.
  private var inside: UInt64 = 0
  /// 1 when the byte before the block is a separator or line end.
  private var startsCell: UInt64 = 1
  /// 1 when the byte before the block is a quote that ends a quoted part.
  private var followsClosing: UInt64 = 0

  /// - Parameters:
  ///   - masks: of the 64 bytes, bits beyond `count` are ignored.
  ///   - count: bytes of the text in the block, 1 to 64.
  ///   - isNextLineFeed: whether the byte after the block is a line feed of the text.
  @inline(__always)
  mutating func advance(_ masks: StructureMasks, count: Int, isNextLineFeed: Bool) -> Block {
    let valid: UInt64 = count >= 64 ? ~0 : (1 &<< UInt64(truncatingIfNeeded: count)) &- 1
    let quotes = masks.quote & valid
    let lineFeeds = masks.lineFeed & valid
    let returns = masks.carriageReturn & valid
    if quotes | inside | followsClosing | returns == 0 {
      let separators = masks.separator & valid
      startsCell = (separators | lineFeeds) &>> 63
      return Block(
        separators: separators, lineEnds: lineFeeds, innerBreaks: 0, pairs: 0, violations: 0, isViolatedBefore: false)
    }
    let within = prefixParity(quotes) ^ inside
    let opening = quotes & within
    let closing = quotes & ~within
    let separators = masks.separator & valid & ~within
    let lineEnds = lineFeeds & ~within
    let returnsBeforeFeed = returns & (lineFeeds &>> 1 | (isNextLineFeed ? 1 &<< 63 : 0))
    let structure = separators | lineEnds
    let afterClosing = closing &<< 1 | followsClosing
    let ends = structure | opening | (returns & ~within)

    let badOpening = opening & ~(structure &<< 1 | startsCell | afterClosing)
    let badClosing = closing & ~(ends &>> 1) & ~(1 &<< 63) & valid &>> 1
    let badReturn = returns & ~within & ~returnsBeforeFeed
    let block = Block(
      separators: separators, lineEnds: lineEnds,
      innerBreaks: within & (lineFeeds | returns & ~returnsBeforeFeed), pairs: opening & afterClosing,
      violations: badOpening | badClosing | badReturn, isViolatedBefore: followsClosing & ~ends != 0)
    inside = UInt64(bitPattern: Int64(bitPattern: within) &>> 63)
    startsCell = structure &>> 63
    followsClosing = closing &>> 63
    return block
  }

  /// Bit n is the parity of bits 0...n of `bits`.
  @inline(__always)
  private func prefixParity(_ bits: UInt64) -> UInt64 {
    var parity = bits
    parity ^= parity &<< 1
    parity ^= parity &<< 2
    parity ^= parity &<< 4
    parity ^= parity &<< 8
    parity ^= parity &<< 16
    parity ^= parity &<< 32
    return parity
  }
}
