import Glibc

/// Objects as `JSONValue` writes them, member by member and without a tree: for lists with an element for each of many files.
/// Texts made side by side stand one behind another.
package struct JSONText: Sendable {
  package private(set) var bytes: [UInt8] = []
  private var depth: Int
  private var isFirst: Bool

  /// - Parameters:
  ///   - depth: of the elements.
  ///   - isFirst: whether no element stands before.
  package init(depth: Int, isFirst: Bool, capacity: Int = 0) {
    precondition(2 * depth < Self.blank.utf8CodeUnitCount, "a list of flat objects")
    self.depth = depth
    self.isFirst = isFirst
    bytes.reserveCapacity(capacity)
  }

  /// An element of the list.
  package mutating func element(_ members: (inout JSONText) -> Void) {
    begin()
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
    value.append(to: &bytes, depth: depth)
  }

  package mutating func member(_ key: StaticString, members: (inout JSONText) -> Void) {
    begin(key)
    object(members)
  }

  /// A member whose name is no word of ours.
  package mutating func member(named key: String, _ number: Int) {
    begin()
    bytes.append(json: key)
    bytes.append(contentsOf: ": ".utf8)
    bytes.append(decimal: number)
  }

  private mutating func object(_ members: (inout JSONText) -> Void) {
    bytes.append(UInt8(ascii: "{"))
    depth += 1
    precondition(2 * depth < Self.blank.utf8CodeUnitCount, "a list of flat objects")
    isFirst = true
    members(&self)
    depth -= 1
    if !isFirst { beginLine() }
    bytes.append(UInt8(ascii: "}"))
    isFirst = false
  }

  /// - Parameter key: a word that needs no escapes.
  private mutating func begin(_ key: StaticString) {
    let comma = isFirst ? 0 : 1
    let (blank, length) = (1 + 2 * depth, key.utf8CodeUnitCount)
    isFirst = false
    unsafe bytes.append(exactly: comma + blank + length + 4) { start in
      // SAFETY: as many bytes as were asked for; the constant has `blank` at least (see `object` and `init`).
      // The comma is written over where there is none.
      unsafe start[0] = UInt8(ascii: ",")
      var at = unsafe start + comma
      unsafe memcpy(at, Self.blank.utf8Start, blank)
      unsafe at += blank
      unsafe at[0] = UInt8(ascii: "\"")
      unsafe memcpy(at + 1, key.utf8Start, length)
      unsafe at += length
      unsafe at[1] = UInt8(ascii: "\"")
      unsafe at[2] = UInt8(ascii: ":")
      unsafe at[3] = UInt8(ascii: " ")
    }
  }

  private mutating func begin() {
    if !isFirst { bytes.append(UInt8(ascii: ",")) }
    isFirst = false
    beginLine()
  }

  private mutating func beginLine() {
    let blank = 1 + 2 * depth
    // SAFETY: the constant has that many bytes at least (see `object` and `init`).
    unsafe bytes.append(exactly: blank) { unsafe memcpy($0, Self.blank.utf8Start, blank) }
  }

  /// What ends a list of elements.
  static func end(of parts: [JSONText], depth: Int) -> [UInt8] {
    (parts.contains { !$0.bytes.isEmpty } ? Array(lineStart(depth)) : []) + [UInt8(ascii: "]")]
  }

  /// A line feed and two spaces a level.
  static func lineStart(_ depth: Int) -> [UInt8] { [0x0A] + [UInt8](repeating: 0x20, count: 2 * depth) }
  /// For eight levels.
  private static var blank: StaticString { "\n                " }
}
