import Bytes

/// Names one behind another, to be compared with: most records name their unit as the roster does.
struct NameColumn: Sendable {
  private var bytes: [UInt8] = []
  private var ends: [Int32] = [0]

  init(_ names: [String]) {
    bytes.reserveCapacity(names.reduce(0) { $0 + $1.utf8.count })
    ends.reserveCapacity(names.count + 1)
    for name in names {
      bytes.append(contentsOf: name.utf8)
      ends.append(Int32(truncatingIfNeeded: bytes.count))
    }
  }

  /// Whether `text` is the name at `place`, byte for byte.
  @inline(__always)
  func isName(_ text: Span<UInt8>, of place: Int) -> Bool {
    let start = Int(ends[place])
    guard text.count == Int(ends[place + 1]) - start else { return false }
    let name = bytes.span.extracting(start..<start + text.count)
    for index in text.indices where text[index] != name[index] { return false }
    return true
  }
}
