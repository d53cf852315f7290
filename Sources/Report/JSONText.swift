import Glibc

/// Elements of a list of `JSONValue`, each an object on a line of its own, written member by member and without a tree: for
/// lists with an element for each of many files. Texts made side by side stand one behind another.
package struct JSONText: Sendable {
  package private(set) var bytes: [UInt8] = []
  private let depth: Int
  private var isFirst: Bool

  /// - Parameters:
  ///   - depth: of the elements.
  ///   - isFirst: whether no element stands before.
  package init(depth: Int, isFirst: Bool, capacity: Int = 0) {
    self.depth = depth
    self.isFirst = isFirst
    bytes.reserveCapacity(capacity)
  }

  /// An element of the list.
  package mutating func element(_ members: (inout JSONText) -> Void) {
    if !isFirst { bytes.append(UInt8(ascii: ",")) }
    bytes.append(contentsOf: Self.lineStart(depth))
    object(members)
  }

  package mutating func member(_ key: StaticString, _ text: String) {
    begin(key)
    bytes.append(json: text)
  }

  package mutating func member(_ key: StaticString, _ number: Int) {
    begin(key)
    bytes.append(decimal: number)
  }

  package mutating func member(_ key: StaticString, _ value: JSONValue) {
    begin(key)
    value.append(to: &bytes, depth: nil)
  }

  package mutating func member(_ key: StaticString, members: (inout JSONText) -> Void) {
    begin(key)
    object(members)
  }

  /// A member whose name is no word of ours.
  package mutating func member(named key: String, _ number: Int) {
    if !isFirst { bytes.append(UInt8(ascii: ",")) }
    isFirst = false
    bytes.append(json: key)
    bytes.append(UInt8(ascii: ":"))
    bytes.append(decimal: number)
  }

  private mutating func object(_ members: (inout JSONText) -> Void) {
    bytes.append(UInt8(ascii: "{"))
    isFirst = true
    members(&self)
    bytes.append(UInt8(ascii: "}"))
    isFirst = false
  }

  /// - Parameter key: a word that needs no escapes.
  private mutating func begin(_ key: StaticString) {
    let comma = isFirst ? 0 : 1
    let length = key.utf8CodeUnitCount
    isFirst = false
    unsafe bytes.append(exactly: comma + length + 3) { start in
      // SAFETY: as many bytes as were asked for. The comma is written over where there is none.
      unsafe start[0] = UInt8(ascii: ",")
      let at = unsafe start + comma
      unsafe at[0] = UInt8(ascii: "\"")
      unsafe memcpy(at + 1, key.utf8Start, length)
      unsafe at[length + 1] = UInt8(ascii: "\"")
      unsafe at[length + 2] = UInt8(ascii: ":")
    }
  }

  /// What ends a list of elements.
  static func end(of parts: [JSONText], depth: Int) -> [UInt8] {
    (parts.contains { !$0.bytes.isEmpty } ? Array(lineStart(depth)) : []) + [UInt8(ascii: "]")]
  }

  /// A line feed and two spaces a level.
  static func lineStart(_ depth: Int) -> [UInt8] { [0x0A] + [UInt8](repeating: 0x20, count: 2 * depth) }
}
