import Glibc

/// Looks at the text of a part before the parser has it: libxml2 takes seconds for a tag of thousands of attributes, and a
/// DOCTYPE is to be refused before it is parsed. One byte after the other inside tags, `memchr` between them.
struct TagWatch {
  enum Fault { case doctype, tag, attributes, section }
  private enum State {
    case text, opened, tag, quoted, declaration, comment, section, instruction
  }
  private var state = State.text
  private var quote: UInt8 = 0
  /// Bytes and attributes of the tag, comment or section that is open.
  private var bytes = 0
  private var attributes = 0
  /// What follows `<!`, until it is known what that is; then the last two bytes.
  private var word: [UInt8] = []
  private var last: (UInt8, UInt8) = (0, 0)
  let limits: WorkbookLimits

  init(_ limits: WorkbookLimits) { self.limits = limits }

  mutating func look(at text: UnsafeBufferPointer<UInt8>) -> Fault? {
    guard let base = text.baseAddress else { return nil }
    var at = 0
    while at < text.count {
      if state == .text {
        // SAFETY: at < text.count.
        guard let found = unsafe memchr(base + at, 0x3C, text.count - at) else { return nil }
        at = unsafe UnsafeRawPointer(found) - UnsafeRawPointer(base) + 1
        open()
        continue
      }
      let byte = unsafe text[at]
      at += 1
      bytes += 1
      if let fault = step(byte) { return fault }
    }
    return nil
  }

  private mutating func open() {
    state = .opened
    bytes = 1
    attributes = 0
    last = (0, 0)
  }

  private mutating func step(_ byte: UInt8) -> Fault? {
    switch state {
    case .text: break
    case .opened:
      if byte == UInt8(ascii: "!") {
        state = .declaration
        word.removeAll(keepingCapacity: true)
      } else if byte == UInt8(ascii: "?") {
        state = .instruction
      } else {
        state = byte == UInt8(ascii: ">") ? .text : .tag
      }
    case .tag:
      switch byte {
      case UInt8(ascii: ">"): state = .text
      case UInt8(ascii: "\""), UInt8(ascii: "'"):
        quote = byte
        state = .quoted
      case UInt8(ascii: "="):
        attributes += 1
        if attributes > limits.attributes { return .attributes }
      default: break
      }
      if bytes > limits.tag { return .tag }
    case .quoted:
      if byte == quote { state = .tag }
      if bytes > limits.tag { return .tag }
    case .declaration:
      word.append(byte)
      if word.count == 2, word == [0x2D, 0x2D] {
        state = .comment
      } else if word.count == 7 {
        // All that a document may hold besides comments.
        guard word == Array("[CDATA[".utf8) else { return .doctype }
        state = .section
      } else if byte == UInt8(ascii: ">") {
        state = .text
      }
    case .comment, .section, .instruction: return stepInside(byte)
    }
    return nil
  }

  private mutating func stepInside(_ byte: UInt8) -> Fault? {
    if byte == UInt8(ascii: ">") {
      let end: (UInt8, UInt8) = state == .comment ? (0x2D, 0x2D) : state == .section ? (0x5D, 0x5D) : (last.0, 0x3F)
      if last == end { state = .text }
    }
    last = (last.1, byte)
    return bytes > limits.section ? .section : nil
  }
}
