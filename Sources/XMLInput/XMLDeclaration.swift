import Diagnostics

/// `<?xml version=… encoding=… standalone=…?>` at the very beginning of a document. libxml2 takes some that XML forbids
/// (2.9: a version `1.`, no space between its parts), so it is checked here, by the productions of the standard.
enum XMLDeclaration: Equatable {
  case absent
  /// It goes on behind the text that is there.
  case incomplete
  /// - Parameter isVersion11: XML 1.1; every other 1.x is read as 1.0, as its fifth edition says.
  case sound(isVersion11: Bool)
  case fault(at: Int, reason: String)

  /// Longer than any that is sound; white space has no limit of its own.
  private static let maximumLength = 4096

  static func scan(_ text: Span<UInt8>) -> XMLDeclaration {
    let mark: StaticString = "<?xml"
    let end = mark.utf8CodeUnitCount
    if text.count < end { return begin(text, mark, upTo: text.count) ? .incomplete : .absent }
    guard begin(text, mark, upTo: end) else { return .absent }
    guard text.count > end else { return .incomplete }
    // `<?xml-stylesheet` is an instruction like any other.
    guard isSpace(text[end]) || text[end] == UInt8(ascii: "?") else {
      return isNameByte(text[end])
        ? .absent : .fault(at: end, reason: "XML declaration: white space expected behind <?xml")
    }
    var reader = DeclarationReader(text: text.count, at: end)
    let result = reader.read(text)
    if case .incomplete = result, text.count > maximumLength {
      return .fault(at: end, reason: "XML declaration too long")
    }
    return result
  }

  /// Whether the first `count` bytes of both are the same.
  static func begin(_ text: Span<UInt8>, _ word: StaticString, upTo count: Int) -> Bool {
    word.withUTF8Buffer { word in
      for place in 0..<count where unsafe text[place] != word[place] { return false }
      return true
    }
  }

  static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D }
  private static func isNameByte(_ byte: UInt8) -> Bool {
    isLetter(byte) || isDigit(byte) || byte >= 0x80 || [0x2D, 0x2E, 0x3A, 0x5F].contains(byte)
  }
  static func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte | 0x20) }
  static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
}

private struct DeclarationReader {
  private enum Part: Int, CaseIterable {
    case version, encoding, standalone

    var word: StaticString {
      switch self {
      case .version: "version"
      case .encoding: "encoding"
      case .standalone: "standalone"
      }
    }
  }
  private let count: Int
  private var at: Int
  private var last: Part?
  private var isVersion11 = false

  init(text count: Int, at: Int) {
    self.count = count
    self.at = at
  }

  mutating func read(_ text: Span<UInt8>) -> XMLDeclaration {
    while true {
      let start = at
      while at < count, XMLDeclaration.isSpace(text[at]) { at += 1 }
      guard at < count else { return .incomplete }
      if text[at] == UInt8(ascii: "?") { return end(text) }
      guard at > start else { return fault("white space expected") }
      if let ended = part(text) { return ended }
    }
  }

  private func end(_ text: Span<UInt8>) -> XMLDeclaration {
    guard at + 1 < count else { return .incomplete }
    guard text[at + 1] == UInt8(ascii: ">") else { return fault("?> expected") }
    return last == nil ? fault("version expected") : .sound(isVersion11: isVersion11)
  }

  /// Reads `name = "value"`; `nil` when it is right.
  private mutating func part(_ text: Span<UInt8>) -> XMLDeclaration? {
    let nameStart = at
    while at < count, XMLDeclaration.isLetter(text[at]) { at += 1 }
    guard at < count else { return .incomplete }
    let name = text.extracting(nameStart..<at)
    guard let part = part(named: name), part.rawValue > (last?.rawValue ?? -1), last != nil || part == .version else {
      at = nameStart
      return fault(last == nil ? "version expected" : "encoding, standalone or ?> expected")
    }
    last = part
    while at < count, XMLDeclaration.isSpace(text[at]) { at += 1 }
    guard at < count else { return .incomplete }
    guard text[at] == UInt8(ascii: "=") else { return fault("= expected") }
    at += 1
    while at < count, XMLDeclaration.isSpace(text[at]) { at += 1 }
    guard at < count else { return .incomplete }
    let quote = text[at]
    guard quote == 0x22 || quote == 0x27 else { return fault("a value in quotes expected") }
    let valueStart = at + 1
    var valueEnd = valueStart
    while valueEnd < count, text[valueEnd] != quote {
      // A quote that is not closed must not swallow the document.
      if text[valueEnd] == UInt8(ascii: "<") || text[valueEnd] == UInt8(ascii: ">") {
        return fault("a value in quotes expected")
      }
      valueEnd += 1
    }
    guard valueEnd < count else { return .incomplete }
    let value = text.extracting(valueStart..<valueEnd)
    guard isAllowed(value, as: part) else {
      at = valueStart
      return fault("\(part.word) cannot be '\(string(text, valueStart..<valueEnd))'")
    }
    if part == .version { isVersion11 = isWord(value, "1.1") }
    at = valueEnd + 1
    return nil
  }

  private func part(named name: Span<UInt8>) -> Part? {
    for part in Part.allCases where isWord(name, part.word) { return part }
    return nil
  }

  private func isWord(_ text: Span<UInt8>, _ word: StaticString) -> Bool {
    text.count == word.utf8CodeUnitCount && XMLDeclaration.begin(text, word, upTo: text.count)
  }

  private func isAllowed(_ value: Span<UInt8>, as part: Part) -> Bool {
    switch part {
    case .version:
      guard value.count > 2, XMLDeclaration.begin(value, "1.", upTo: 2) else { return false }
      for index in 2..<value.count where !XMLDeclaration.isDigit(value[index]) { return false }
      return true
    case .encoding:
      guard !value.isEmpty, XMLDeclaration.isLetter(value[0]) else { return false }
      for index in value.indices {
        let byte = value[index]
        let isMark = byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "_")
        guard isMark || XMLDeclaration.isLetter(byte) || XMLDeclaration.isDigit(byte) else { return false }
      }
      return true
    case .standalone: return isWord(value, "yes") || isWord(value, "no")
    }
  }

  private func fault(_ reason: String) -> XMLDeclaration { .fault(at: at, reason: "XML declaration: \(reason)") }

  private func string(_ text: Span<UInt8>, _ range: Range<Int>) -> String {
    var bytes: [UInt8] = []
    for index in range { bytes.append(text[index]) }
    return String(decoding: bytes, as: UTF8.self)
  }
}
