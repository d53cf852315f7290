/// Decides how much of the window the parser may have. libxml2 checks the attributes of a tag against each other and keeps
/// the whole tag in memory, so that a tag of a few megabytes costs minutes; here a tag is handed over only when it is
/// complete and within the limits. The parser never sees a part of a tag.
///
/// A tag cannot hold `<`, so one that is too large leaves a gap between two `<`. Gaps are found by looking backwards from
/// the end of a stretch that is too short for a harmful tag: a few steps for a block, not one for each byte.
struct TagGuard {
  enum Advice: Equatable {
    /// Hand over everything up to this index.
    case feed(to: Int)
    /// Hand over everything up to and including the `<` at this index. If the parser then waits at it, a tag begins there,
    /// and it exceeds the limit; if not, it is part of a comment or of CDATA.
    case ask(at: Int, exceeds: Excess)
  }
  enum Excess { case bytes, attributes }
  private enum Tag {
    case harmless, incomplete
    case excessive(Excess)
  }

  let limits: XMLLimits
  /// A tag with too many attributes is at least this long: ` a=""` for each.
  private var stretch: Int { max(16, min(limits.tag, limits.attributes * 5)) }

  init(_ limits: XMLLimits) { self.limits = limits }

  func advice(for window: InputWindow) -> Advice {
    let open = UInt8(ascii: "<")
    let end = window.end
    guard var at = window.first(open, in: window.fed..<end) else { return .feed(to: end) }
    while true {
      let stretchEnd = min(at + stretch, end)
      if let later = window.last(open, in: at + 1..<stretchEnd) {
        at = later
        continue
      }
      if stretchEnd == end { return .feed(to: window.isAtEnd ? end : at) }
      switch examine(window.bytes.span, at, end) {
      case .incomplete: return .feed(to: window.isAtEnd ? end : at)
      case .excessive(let excess): return .ask(at: at, exceeds: excess)
      case .harmless: break
      }
      guard let next = window.first(open, in: stretchEnd..<end) else { return .feed(to: end) }
      at = next
    }
  }

  /// Looks at what may be a tag at `at`: to its `>`, which may also stand in quotes.
  private func examine(_ bytes: Span<UInt8>, _ at: Int, _ end: Int) -> Tag {
    var attributes = 0
    var quote: UInt8 = 0
    if bytes[at + 1] == UInt8(ascii: "!") || bytes[at + 1] == UInt8(ascii: "?") { return .harmless }
    var index = at + 1
    let limit = min(end, at + limits.tag)
    while index < limit {
      let byte = bytes[index]
      index += 1
      if quote != 0 {
        if byte == quote { quote = 0 }
        continue
      }
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "'"): quote = byte
      case UInt8(ascii: ">"): return .harmless
      case UInt8(ascii: "="):
        attributes += 1
        if attributes > limits.attributes { return .excessive(.attributes) }
      default: break
      }
    }
    return limit < end || limit == at + limits.tag ? .excessive(.bytes) : .incomplete
  }
}
