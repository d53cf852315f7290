/// A JSON document that is small enough to hold: the run record. Keys keep their order.
package enum JSONValue: Sendable {
  case null
  case bool(Bool)
  case integer(Int)
  case number(Double)
  case string(String)
  case array([JSONValue])
  case object([(String, JSONValue)])
  /// An array whose elements are text already, each on one line.
  case elements([JSONText])

  /// UTF-8, two spaces a level, LF, a line end at the end.
  package func bytes() -> [UInt8] {
    var bytes: [UInt8] = []
    append(to: &bytes, depth: 0)
    bytes.append(0x0A)
    return bytes
  }

  /// - Parameter depth: level of the value; `nil` to write it on one line, without blanks.
  func append(to bytes: inout [UInt8], depth: Int?) {
    switch self {
    case .null: bytes.append(contentsOf: "null".utf8)
    case .bool(let truth): bytes.append(contentsOf: (truth ? "true" : "false").utf8)
    case .integer(let number): bytes.append(decimal: number)
    case .number(let number): bytes.append(json: number)
    case .string(let text): bytes.append(json: text)
    case .array(let elements):
      Self.append(elements.count, "[", "]", to: &bytes, depth: depth) { index, bytes in
        elements[index].append(to: &bytes, depth: depth.map { $0 + 1 })
      }
    case .object(let members):
      Self.append(members.count, "{", "}", to: &bytes, depth: depth) { index, bytes in
        bytes.append(json: members[index].0)
        bytes.append(contentsOf: (depth == nil ? ":" : ": ").utf8)
        members[index].1.append(to: &bytes, depth: depth.map { $0 + 1 })
      }
    case .elements(let parts):
      bytes.append(UInt8(ascii: "["))
      for part in parts { bytes.append(contentsOf: part.bytes) }
      bytes.append(contentsOf: JSONText.end(of: parts, depth: depth ?? 0))
    }
  }

  private static func append(
    _ count: Int, _ open: String, _ close: String, to bytes: inout [UInt8], depth: Int?,
    element: (Int, inout [UInt8]) -> Void
  ) {
    bytes.append(contentsOf: open.utf8)
    for index in 0..<count {
      if index > 0 { bytes.append(UInt8(ascii: ",")) }
      if let depth { bytes.append(contentsOf: JSONText.lineStart(depth + 1)) }
      element(index, &bytes)
    }
    if let depth, count > 0 { bytes.append(contentsOf: JSONText.lineStart(depth)) }
    bytes.append(contentsOf: close.utf8)
  }
}
