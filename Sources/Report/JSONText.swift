/// Objects as `JSONValue` writes them, member by member and without a tree: for lists with an element for each of many files.
/// Texts made side by side stand one behind another.
package struct JSONText: Sendable {
  package private(set) var bytes: [UInt8] = []
  private var depth: Int
  private var isFirst: Bool

  /// What stands before the values of an element's members, in their order: nearly all elements have the same.
  private struct Lead {
    var key: UInt
    var depth: Int
    var isFirst: Bool
    var bytes: [UInt8]
  }
  private var leads: [Lead] = []
  private var nextLead = 0

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
    nextLead = 0
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

  /// - Parameter object: `nil` stands for `null`.
  package mutating func member(_ key: StaticString, _ object: ((inout JSONText) -> Void)?) {
    begin(key)
    if let object { self.object(object) } else { bytes.append(contentsOf: "null".utf8) }
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
    let place = nextLead
    nextLead += 1
    let address = unsafe UInt(bitPattern: key.utf8Start)
    if place < leads.count, leads[place].key == address, leads[place].depth == depth, leads[place].isFirst == isFirst {
      isFirst = false
      return bytes.append(contentsOf: leads[place].bytes)
    }
    let lead = Lead(key: address, depth: depth, isFirst: isFirst, bytes: [])
    let start = bytes.count
    append(key)
    if place == leads.count { leads.append(lead) } else if place < leads.count { leads[place] = lead }
    if place < leads.count { leads[place].bytes = Array(bytes[start...]) }
  }

  private mutating func append(_ key: StaticString) {
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
