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
    if !isFirst { bytes.append(contentsOf: Self.lineStart(depth)) }
    bytes.append(UInt8(ascii: "}"))
    isFirst = false
  }

  /// - Parameter key: a word that needs no escapes.
  private mutating func begin(_ key: StaticString) {
    begin()
    bytes.append(UInt8(ascii: "\""))
    unsafe bytes.append(contentsOf: UnsafeBufferPointer(start: key.utf8Start, count: key.utf8CodeUnitCount))
    bytes.append(UInt8(ascii: "\""))
    bytes.append(UInt8(ascii: ":"))
    bytes.append(UInt8(ascii: " "))
  }

  private mutating func begin() {
    if !isFirst { bytes.append(UInt8(ascii: ",")) }
    isFirst = false
    let start = Self.blank
    // SAFETY: a constant of that many bytes at least; deeper than its blanks nothing goes.
    unsafe bytes.append(contentsOf: UnsafeBufferPointer(start: start.utf8Start, count: 1 + 2 * depth))
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
