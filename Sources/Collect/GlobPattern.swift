/// A file pattern: `*` and `?` stand for characters within one name, `**` for any number of folders. Letters A to Z match
/// in either case, since Windows and cameras write .CSV.
package struct GlobPattern: Sendable {
  private struct Component: Sendable {
    let bytes: [UInt8]
    let isAnyFolders: Bool
    /// Whether it is a star and an ending, as most are.
    let isEnding: Bool

    init(_ bytes: [UInt8]) {
      self.bytes = bytes
      isAnyFolders = bytes == Array("**".utf8)
      isEnding =
        bytes.first == UInt8(ascii: "*")
        && bytes.dropFirst().allSatisfy { $0 != UInt8(ascii: "*") && $0 != UInt8(ascii: "?") }
    }
  }
  private let components: [Component]
  /// Bytes before the first wildcard: the longer, the more specific the pattern.
  package let literalPrefix: Int

  /// - Parameter text: relative to the inbox, separated by `/`.
  package init(_ text: String) {
    let bytes = Array(text.utf8)
    components = bytes.split(separator: UInt8(ascii: "/")).map { Component($0.map(Self.folded)) }
    literalPrefix = bytes.firstIndex { $0 == UInt8(ascii: "*") || $0 == UInt8(ascii: "?") } ?? bytes.count
  }

  /// - Parameters:
  ///   - folders: names of the folders below the inbox.
  ///   - name: of the file in them.
  package func matches(_ folders: [[UInt8]], _ name: [UInt8]) -> Bool {
    Self.matches(
      components, folders.count + 1, isStar: { $0.isAnyFolders },
      next: { component, position in
        Self.matches(component, position < folders.count ? folders[position] : name) ? position + 1 : nil
      })
  }

  private static func folded(_ byte: UInt8) -> UInt8 { (0x41...0x5A).contains(byte) ? byte + 0x20 : byte }

  /// One name against one component.
  private static func matches(_ component: Component, _ name: [UInt8]) -> Bool {
    let pattern = component.bytes
    if component.isEnding {
      let start = name.count - (pattern.count - 1)
      guard start >= 0 else { return false }
      for index in 1..<pattern.count where folded(name[start + index - 1]) != pattern[index] { return false }
      return true
    }
    return matches(
      pattern, name.count, isStar: { $0 == UInt8(ascii: "*") },
      next: { byte, position in
        if byte == UInt8(ascii: "?") { return end(ofCharacterAt: position, in: name) }
        return byte == folded(name[position]) ? position + 1 : nil
      })
  }

  /// A pattern in which stars stand for any number of parts, against `count` parts, in time pattern × parts. Of two stars the
  /// later decides: what the earlier one could still take, it can take too.
  ///
  /// - Parameter next: where the text goes on behind the part at a place that an element of the pattern stands for; `nil` when
  ///   it does not.
  private static func matches<Element>(
    _ pattern: [Element], _ count: Int, isStar: (Element) -> Bool, next: (Element, Int) -> Int?
  ) -> Bool {
    var at = 0
    var position = 0
    var star: (at: Int, position: Int)?
    while position < count {
      if at < pattern.count, isStar(pattern[at]) {
        star = (at, position)
        at += 1
      } else if at < pattern.count, let behind = next(pattern[at], position) {
        at += 1
        position = behind
      } else if let last = star {
        star = (last.at, last.position + 1)
        at = last.at + 1
        position = last.position + 1
      } else {
        return false
      }
    }
    return pattern[at...].allSatisfy(isStar)
  }

  private static func end(ofCharacterAt position: Int, in name: [UInt8]) -> Int {
    var end = position + 1
    while end < name.count, name[end] & 0xC0 == 0x80 { end += 1 }
    return end
  }
}
