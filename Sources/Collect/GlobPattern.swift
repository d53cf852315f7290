/// A file pattern: `*` and `?` stand for characters within one name, `**` for any number of folders. Letters A to Z match
/// in either case, since Windows and cameras write .CSV.
package struct GlobPattern: Sendable {
  private let components: [[UInt8]]
  /// Bytes before the first wildcard: the longer, the more specific the pattern.
  package let literalPrefix: Int

  /// - Parameter text: relative to the inbox, separated by `/`.
  package init(_ text: String) {
    let bytes = Array(text.utf8)
    components = bytes.split(separator: UInt8(ascii: "/")).map { $0.map(Self.folded) }
    literalPrefix = bytes.firstIndex { $0 == UInt8(ascii: "*") || $0 == UInt8(ascii: "?") } ?? bytes.count
  }

  /// - Parameter path: names of the folders and the file below the inbox.
  package func matches(_ path: [[UInt8]]) -> Bool {
    var at = 0
    var position = 0
    var star: (at: Int, position: Int)?
    // Of two `**` the later decides: what the earlier one could still take, it can take too.
    while position < path.count {
      if at < components.count, components[at] == Self.anyFolders {
        star = (at, position)
        at += 1
      } else if at < components.count, Self.matches(components[at], path[position]) {
        at += 1
        position += 1
      } else if let last = star {
        star = (last.at, last.position + 1)
        at = last.at + 1
        position = last.position + 1
      } else {
        return false
      }
    }
    return components[at...].allSatisfy { $0 == Self.anyFolders }
  }

  private static func folded(_ byte: UInt8) -> UInt8 { (0x41...0x5A).contains(byte) ? byte + 0x20 : byte }

  private static let anyFolders = Array("**".utf8)

  /// One name against one component, in time pattern × name.
  private static func matches(_ pattern: [UInt8], _ name: [UInt8]) -> Bool {
    var at = 0
    var position = 0
    var star: (at: Int, position: Int)?
    while position < name.count {
      if at < pattern.count, pattern[at] == UInt8(ascii: "*") {
        star = (at, position)
        at += 1
      } else if at < pattern.count, pattern[at] == UInt8(ascii: "?") {
        at += 1
        position = end(ofCharacterAt: position, in: name)
      } else if at < pattern.count, pattern[at] == folded(name[position]) {
        at += 1
        position += 1
      } else if let last = star {
        star = (last.at, last.position + 1)
        at = last.at + 1
        position = last.position + 1
      } else {
        return false
      }
    }
    return pattern[at...].allSatisfy { $0 == UInt8(ascii: "*") }
  }

  private static func end(ofCharacterAt position: Int, in name: [UInt8]) -> Int {
    var end = position + 1
    while end < name.count, name[end] & 0xC0 == 0x80 { end += 1 }
    return end
  }
}
