package import Bytes
package import Diagnostics

/// The directory of a zip archive. The local headers are believed only where they agree with it, and what overlaps is refused:
/// so that every program that reads the archive sees the same members.
package struct ZipArchive: Sendable {
  package let entries: [ZipEntry]
  package let file: String

  private static let endSize = 22
  private static let longestComment = 0xFFFF

  /// - Throws: `archive-damaged`, `archive-limit`, and what `bytes` throws.
  package init(_ bytes: any RandomBytes, file: String, limits: ContainerLimits = ContainerLimits()) throws(ReadError) {
    self.file = file
    let end = try Self.end(bytes, file)
    guard end.count <= limits.entries else { throw exceeded(file, .entries, limits.entries) }
    guard end.size <= limits.directory else { throw exceeded(file, .directory, limits.directory) }
    // What stands before the archive, like a program that unpacks it, shifts all places.
    let start = end.place - end.size
    guard start >= end.offset else { throw damaged(file, .directory) }
    let shift = start - end.offset
    let directory = try bytes.bytes(start..<end.place)
    var cursor = DirectoryCursor(directory[...])
    var entries: [ZipEntry] = []
    while !cursor.isAtEnd {
      guard entries.count < end.count, var entry = ZipEntry(&cursor), entry.offset <= start - shift else {
        throw damaged(file, .directory)
      }
      entry.offset += shift
      entries.append(entry)
    }
    guard entries.count == end.count else { throw damaged(file, .directory) }
    try Self.bound(&entries, start: start, file)
    Self.judge(&entries, limits)
    let total = entries.reduce(into: 0) { $0 = $0.addingReportingOverflow($1.unpacked).partialValue }
    let isOver = entries.contains { $0.unpacked > limits.totalBytes } || total < 0 || total > limits.totalBytes
    guard !isOver else { throw exceeded(file, .totalBytes, limits.totalBytes) }
    self.entries = entries
  }

  /// A member with this name, which is ASCII.
  package func entry(_ name: String) -> ZipEntry? {
    let bytes = Array(name.utf8)
    return entries.first { $0.rawName == bytes }
  }

  /// The content of a member, checked against the directory as it is read.
  package static func open(
    _ entry: ZipEntry, in bytes: any RandomBytes, as file: String
  ) throws(ReadError) -> ZipMemberSource {
    if let refused = entry.refused(as: file) { throw ReadError(refused) }
    return try ZipMemberSource(entry, bytes, file: file)
  }
}

// Reading the directory.
extension ZipArchive {
  private struct End {
    var count: Int
    var size: Int
    var offset: Int
    /// Where the directory must end.
    var place: Int
  }

  private static func end(_ bytes: any RandomBytes, _ file: String) throws(ReadError) -> End {
    let size = bytes.size
    let tailStart = max(0, size - endSize - longestComment)
    let tail = try bytes.bytes(tailStart..<size)
    var at = tail.count - endSize
    while at >= 0 {
      if tail[at] == 0x50, tail[at + 1] == 0x4B, tail[at + 2] == 0x05, tail[at + 3] == 0x06 {
        var cursor = DirectoryCursor(tail[(at + 4)...])
        if let disk = cursor.integer(2), let first = cursor.integer(2), cursor.number(2) != nil,
          let count = cursor.integer(2), let bytesOfDirectory = cursor.integer(4), let offset = cursor.integer(4),
          let comment = cursor.integer(2), at + endSize + comment <= tail.count
        {
          let place = tailStart + at
          let isLarge = count == 0xFFFF || bytesOfDirectory == 0xFFFF_FFFF || offset == 0xFFFF_FFFF || disk == 0xFFFF
          if isLarge, let end = try largeEnd(bytes, before: place) { return end }
          guard disk == 0, first == 0 else { throw damaged(file, .directory) }
          return End(count: count, size: bytesOfDirectory, offset: offset, place: place)
        }
      }
      at -= 1
    }
    throw damaged(file, .truncated)
  }

  /// The end record of an archive with large numbers, which a locator before the ordinary one names.
  private static func largeEnd(_ bytes: any RandomBytes, before place: Int) throws(ReadError) -> End? {
    guard place >= 20 else { return nil }
    var locator = DirectoryCursor(try bytes.bytes(place - 20..<place)[...])
    guard locator.number(4) == 0x0706_4B50, locator.number(4) != nil, let named = locator.integer(8) else { return nil }
    // Where it says, or right before the locator when something stands before the archive.
    for candidate in [named, place - 20 - 56] where candidate >= 0 && candidate <= place - 20 - 56 {
      var record = DirectoryCursor(try bytes.bytes(candidate..<candidate + 56)[...])
      guard record.number(4) == 0x0606_4B50, record.slice(20) != nil, record.number(8) != nil,
        let count = record.integer(8), let size = record.integer(8), let offset = record.integer(8)
      else { continue }
      return End(count: count, size: size, offset: offset, place: candidate)
    }
    return nil
  }

  /// Gives each entry the place where the next begins.
  private static func bound(_ entries: inout [ZipEntry], start: Int, _ file: String) throws(ReadError) {
    let localHeader = 30
    var next = start
    for index in entries.indices.sorted(by: { entries[$0].offset > entries[$1].offset }) {
      entries[index].limit = next
      let (end, isOver) = (entries[index].offset + localHeader + entries[index].localName.count)
        .addingReportingOverflow(entries[index].packed)
      guard !isOver, end <= next else { throw damaged(file, .overlap) }
      next = entries[index].offset
    }
  }

  private static func judge(_ entries: inout [ZipEntry], _ limits: ContainerLimits) {
    var count: [[UInt8]: Int] = [:]
    for entry in entries where !entry.isFolder { count[entry.rawName, default: 0] += 1 }
    for index in entries.indices where entries[index].refusal == nil && !entries[index].isFolder {
      if isUnsafe(entries[index].rawName) {
        entries[index].refusal = .unsafeName
      } else if count[entries[index].rawName, default: 0] > 1 {
        entries[index].refusal = .repeatedName
      } else if entries[index].unpacked > limits.entryBytes {
        entries[index].refusal = .size(limits.entryBytes)
      } else if !limits.allows(entries[index].unpacked, of: entries[index].packed) {
        entries[index].refusal = .ratio(limits.ratio)
      }
    }
  }

  /// Names are never used as paths; one that would lead elsewhere was made by somebody who hoped that they are.
  private static func isUnsafe(_ name: [UInt8]) -> Bool {
    guard let first = name.first, !name.contains(0) else { return true }
    let isDrive = name.count > 1 && name[1] == UInt8(ascii: ":")
    if first == UInt8(ascii: "/") || first == UInt8(ascii: "\\") || isDrive { return true }
    return name.split(omittingEmptySubsequences: false) { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "\\") }
      .contains { $0 == [UInt8(ascii: "."), UInt8(ascii: ".")] }
  }
}
