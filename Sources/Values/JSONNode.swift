/// A JSON value of a cell (RFC 8259). Only for cells of the types that hold JSON: it makes strings.
package indirect enum JSONNode: Sendable, Hashable {
  case null
  case boolean(Bool)
  case number(Double)
  case string(String)
  case array([JSONNode])
  /// Of a name that stands twice the last value counts, as everywhere.
  case object([String: JSONNode])

  /// `nil` when the text is no JSON, or nests deeper than 64.
  package init?(_ text: Span<UInt8>) {
    var parser = JSONParser(text: text.indices.map { text[$0] })
    guard let node = parser.readWhole() else { return nil }
    self = node
  }

  /// Names in order, no white space: equal values are equal texts.
  package var canonical: String {
    switch self {
    case .null: return "null"
    case .boolean(let truth): return truth ? "true" : "false"
    case .number(let number):
      var bytes: [UInt8] = []
      bytes.append(number: number)
      return String(decoding: bytes, as: UTF8.self)
    case .string(let text): return Self.quoted(text)
    case .array(let items): return "[" + items.map(\.canonical).joined(separator: ",") + "]"
    case .object(let members):
      let sorted = members.sorted { $0.key.unicodeScalars.lexicographicallyPrecedes($1.key.unicodeScalars) }
      return "{" + sorted.map { Self.quoted($0.key) + ":" + $0.value.canonical }.joined(separator: ",") + "}"
    }
  }

  package static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      default:
        if scalar.value < 0x20 {
          let hex = String(scalar.value, radix: 16)
          result += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
        } else {
          result.unicodeScalars.append(scalar)
        }
      }
    }
    return result + "\""
  }
}

private struct JSONParser {
  let text: [UInt8]
  var index = 0
  private static let deepest = 64

  init(text: [UInt8]) { self.text = text }

  mutating func readWhole() -> JSONNode? {
    guard let node = readValue(depth: 0) else { return nil }
    skipSpaces()
    return index == text.count ? node : nil
  }

  private var byte: UInt8 { index < text.count ? text[index] : 0 }

  private mutating func skipSpaces() {
    while [0x20, 0x09, 0x0A, 0x0D].contains(byte) { index += 1 }
  }

  private mutating func skip(_ word: String) -> Bool {
    guard text[index...].starts(with: word.utf8) else { return false }
    index += word.utf8.count
    return true
  }

  private mutating func readValue(depth: Int) -> JSONNode? {
    guard depth <= Self.deepest else { return nil }
    skipSpaces()
    switch byte {
    case UInt8(ascii: "{"): return readObject(depth)
    case UInt8(ascii: "["): return readArray(depth)
    case UInt8(ascii: "\""): return readString().map { .string($0) }
    case UInt8(ascii: "t"): return skip("true") ? .boolean(true) : nil
    case UInt8(ascii: "f"): return skip("false") ? .boolean(false) : nil
    case UInt8(ascii: "n"): return skip("null") ? .null : nil
    default: return readNumber()
    }
  }

  private mutating func readObject(_ depth: Int) -> JSONNode? {
    var members: [String: JSONNode] = [:]
    index += 1
    skipSpaces()
    if skip("}") { return .object(members) }
    repeat {
      skipSpaces()
      guard byte == UInt8(ascii: "\""), let name = readString() else { return nil }
      skipSpaces()
      guard skip(":"), let value = readValue(depth: depth + 1) else { return nil }
      members[name] = value
      skipSpaces()
    } while skip(",")
    return skip("}") ? .object(members) : nil
  }

  private mutating func readArray(_ depth: Int) -> JSONNode? {
    var items: [JSONNode] = []
    index += 1
    skipSpaces()
    if skip("]") { return .array(items) }
    repeat {
      guard let item = readValue(depth: depth + 1) else { return nil }
      items.append(item)
      skipSpaces()
    } while skip(",")
    return skip("]") ? .array(items) : nil
  }

  private mutating func readString() -> String? {
    var bytes: [UInt8] = []
    index += 1
    while index < text.count {
      let byte = text[index]
      index += 1
      switch byte {
      case UInt8(ascii: "\""): return String(validating: bytes, as: UTF8.self)
      case UInt8(ascii: "\\"):
        guard let scalar = readEscape() else { return nil }
        bytes.append(contentsOf: UTF8.encode(scalar).map { Array($0) } ?? [])
      case 0..<0x20: return nil
      default: bytes.append(byte)
      }
    }
    return nil
  }

  private mutating func readEscape() -> Unicode.Scalar? {
    let byte = byte
    index += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(byte)
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{C}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"):
      guard let high = readHex() else { return nil }
      guard (0xD800...0xDBFF).contains(high) else { return Unicode.Scalar(high) }
      guard skip("\\u"), let low = readHex(), (0xDC00...0xDFFF).contains(low) else { return nil }
      return Unicode.Scalar(0x10000 + (high - 0xD800) << 10 + (low - 0xDC00))
    default: return nil
    }
  }

  private mutating func readHex() -> UInt32? {
    guard index + 4 <= text.count else { return nil }
    var value: UInt32 = 0
    for offset in 0..<4 {
      guard let digit = Character(Unicode.Scalar(text[index + offset])).hexDigitValue else { return nil }
      value = value << 4 | UInt32(digit)
    }
    index += 4
    return value
  }

  private mutating func readNumber() -> JSONNode? {
    let start = index
    _ = skip("-")
    let whole = index
    while isDigit(byte) { index += 1 }
    guard index > whole, index == whole + 1 || text[whole] != UInt8(ascii: "0") else { return nil }
    if skip(".") {
      let first = index
      while isDigit(byte) { index += 1 }
      guard index > first else { return nil }
    }
    if byte | 0x20 == UInt8(ascii: "e") {
      index += 1
      if byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-") { index += 1 }
      let first = index
      while isDigit(byte) { index += 1 }
      guard index > first else { return nil }
    }
    return Double(String(decoding: text[start..<index], as: UTF8.self)).map { .number($0) }
  }
}
