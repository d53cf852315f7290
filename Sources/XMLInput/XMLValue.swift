import Glibc

/// The pieces of one value as it stands in a file: text, references, CDATA sections. It ends before other markup.
@safe struct XMLValue {
  enum Piece: Equatable {
    /// Bytes of the file, as they are.
    case text(Range<Int>)
    case character(Unicode.Scalar)
  }

  static let sectionStart: StaticString = "<![CDATA["
  private static let sectionEnd: StaticString = "]]>"

  private let file: UnsafeBufferPointer<UInt8>
  /// Where the next piece begins, or the value ends.
  private(set) var at: Int
  /// Where the next `<` stands, once it was looked for.
  private var markup = -1
  /// Whether all of it so far is what XML allows and is understood here.
  private(set) var isSound = true

  init(in file: UnsafeBufferPointer<UInt8>, from start: Int) {
    unsafe self.file = unsafe file
    at = start
  }

  mutating func next() -> Piece? {
    guard isSound, unsafe at < file.count else { return nil }
    switch unsafe file[at] {
    case UInt8(ascii: "&"):
      guard let character = reference() else {
        isSound = false
        return nil
      }
      return .character(character)
    case UInt8(ascii: "<"): return section()
    default: return text()
    }
  }

  private mutating func section() -> Piece? {
    guard unsafe file.begins(with: Self.sectionStart, at: at) else { return nil }
    let start = at + Self.sectionStart.utf8CodeUnitCount
    guard let end = unsafe file.first(Self.sectionEnd, in: start..<file.count) else {
      isSound = false
      return nil
    }
    at = end + Self.sectionEnd.utf8CodeUnitCount
    return .text(start..<end)
  }

  private mutating func text() -> Piece? {
    let start = at
    if markup < at { markup = unsafe file.first(UInt8(ascii: "<"), from: at) ?? file.count }
    let text = unsafe UnsafeBufferPointer(rebasing: file[start..<markup])
    at = unsafe text.first(UInt8(ascii: "&"), from: 0).map { start + $0 } ?? markup
    // The end of a section that did not begin.
    isSound = unsafe file.first(Self.sectionEnd, in: start..<at) == nil
    return isSound ? .text(start..<at) : nil
  }

  // MARK: References

  /// Longer ones, which no one writes, are left to libxml2.
  private static let longestName = 10

  /// What the reference here stands for: a character by its number, or one of the five entities that every document has.
  private mutating func reference() -> Unicode.Scalar? {
    let start = at + 1
    let rest = unsafe UnsafeBufferPointer(rebasing: file[start..<min(file.count, start + Self.longestName + 1)])
    guard let length = unsafe rest.first(UInt8(ascii: ";"), from: 0) else { return nil }
    at = start + length + 1
    return unsafe Self.character(named: UnsafeBufferPointer(rebasing: rest[..<length]).span)
  }

  private static func character(named name: Span<UInt8>) -> Unicode.Scalar? {
    func isNamed(_ known: StaticString) -> Bool {
      name.count == known.utf8CodeUnitCount && name.begins(with: known, at: 0)
    }
    guard name.count >= 2 else { return nil }
    if name[0] == UInt8(ascii: "#") { return number(name.extracting(1..<name.count)) }
    if isNamed("lt") { return "<" }
    if isNamed("gt") { return ">" }
    if isNamed("amp") { return "&" }
    if isNamed("quot") { return "\"" }
    return isNamed("apos") ? "'" : nil
  }

  private static func number(_ digits: Span<UInt8>) -> Unicode.Scalar? {
    let isHex = digits[0] == UInt8(ascii: "x")
    let first = isHex ? 1 : 0
    guard (1...8).contains(digits.count - first) else { return nil }
    var value: UInt32 = 0
    for index in first..<digits.count {
      let digit =
        switch digits[index] {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): digits[index] - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f") where isHex: digits[index] - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F") where isHex: digits[index] - UInt8(ascii: "A") + 10
        default: UInt8.max
        }
      guard digit < .max else { return nil }
      value = value * (isHex ? 16 : 10) + UInt32(digit)
    }
    let isForbidden = (value < 0x20 && ![0x09, 0x0A, 0x0D].contains(value)) || value == 0xFFFE || value == 0xFFFF
    return isForbidden ? nil : Unicode.Scalar(value)
  }
}

extension UnsafeBufferPointer<UInt8> {
  /// Index of the first `byte` from `start`, which is within.
  @inline(__always)
  func first(_ byte: UInt8, from start: Int) -> Int? {
    guard let base = baseAddress else { return nil }
    // SAFETY: start...count lies within.
    guard let found = unsafe memchr(base + start, Int32(byte), count - start) else { return nil }
    return unsafe UnsafeRawPointer(found) - UnsafeRawPointer(base)
  }

  /// Index of the first `word` that lies in `range`.
  func first(_ word: StaticString, in range: Range<Int>) -> Int? {
    let part = unsafe UnsafeBufferPointer(rebasing: self[range])
    var at = 0
    while let found = unsafe part.first(word.utf8Start.pointee, from: at) {
      if unsafe part.begins(with: word, at: found) { return range.lowerBound + found }
      at = found + 1
    }
    return nil
  }

  func begins(with word: StaticString, at start: Int) -> Bool {
    let length = word.utf8CodeUnitCount
    guard let base = baseAddress, count - start >= length else { return false }
    // SAFETY: start..<start + length lies within.
    return unsafe memcmp(base + start, word.utf8Start, length) == 0
  }
}
