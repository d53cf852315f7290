package import Diagnostics

/// A member of a zip archive as the directory describes it; enough to open it again.
package struct ZipEntry: Sendable, Hashable {
  /// Why a member is not read, though its archive is sound.
  package enum Refusal: Sendable, Hashable {
    case encrypted, link, unsafeName, repeatedName
    case method(Int)
    case size(Int)
    case ratio(Int)
  }
  /// As it stands in the directory, in any encoding.
  package var rawName: [UInt8]
  /// Whether the archive says that the name is UTF-8.
  package var isNameUnicode: Bool
  package var unpacked: Int
  package var refusal: Refusal?
  package var isFolder: Bool

  var method: Int
  var flags: UInt16
  var checksum: UInt32
  var packed: Int
  /// Where its local header stands, and where something else begins.
  var offset: Int
  var limit: Int
  /// Of the local header, when the name was taken from an extra field.
  var localName: [UInt8]

  /// The refusal as a diagnostic of `file`, the name of the member in messages.
  package func refused(as file: String) -> Diagnostic? {
    let place = SourceLocation(file: file)
    let reason: LocalizedText
    switch refusal {
    case nil: return nil
    case .size(let limit): return exceeded(file, .entryBytes, limit).diagnostic
    case .ratio(let limit): return exceeded(file, .ratio, limit).diagnostic
    case .encrypted: reason = LocalizedText(zh: "已加密", en: "it is encrypted")
    case .link: reason = LocalizedText(zh: "是链接或特殊文件", en: "it is a link or a special file")
    case .unsafeName:
      reason = LocalizedText(zh: "名称是绝对路径，或含 ..", en: "its name is an absolute path or holds ..")
    case .repeatedName: reason = LocalizedText(zh: "同名成员不止一个", en: "several members have this name")
    case .method(let method):
      reason = LocalizedText(zh: "压缩方法 \(method) 不支持", en: "it is compressed by method \(method)")
    }
    return Diagnostic(.archiveMember, at: place, [.word(reason)])
  }
}

/// Little-endian numbers of a directory. Reading beyond the end gives `nil`.
struct DirectoryCursor {
  let bytes: ArraySlice<UInt8>
  var at: Int

  init(_ bytes: ArraySlice<UInt8>) {
    self.bytes = bytes
    at = bytes.startIndex
  }

  var isAtEnd: Bool { at >= bytes.endIndex }

  mutating func number(_ width: Int) -> UInt64? {
    guard bytes.endIndex - at >= width else { return nil }
    var value: UInt64 = 0
    for place in 0..<width { value |= UInt64(bytes[at + place]) << UInt64(8 * place) }
    at += width
    return value
  }

  mutating func integer(_ width: Int) -> Int? { number(width).flatMap { Int(exactly: $0) } }

  mutating func slice(_ count: Int) -> ArraySlice<UInt8>? {
    guard count >= 0, bytes.endIndex - at >= count else { return nil }
    defer { at += count }
    return bytes[at..<at + count]
  }
}

extension ZipEntry {
  /// Reads one entry of the directory; `nil` when it is none.
  init?(_ cursor: inout DirectoryCursor) {
    guard cursor.number(4) == 0x0201_4B50, let madeBy = cursor.integer(2), cursor.number(2) != nil,
      let flags = cursor.number(2), let method = cursor.integer(2), cursor.number(4) != nil,
      let sum = cursor.number(4), let packed = cursor.integer(4), let unpacked = cursor.integer(4),
      let nameCount = cursor.integer(2), let extraCount = cursor.integer(2), let commentCount = cursor.integer(2),
      let disk = cursor.integer(2), cursor.number(2) != nil, let attributes = cursor.number(4),
      let offset = cursor.integer(4), let name = cursor.slice(nameCount), let extra = cursor.slice(extraCount),
      cursor.slice(commentCount) != nil
    else { return nil }
    rawName = Array(name)
    localName = rawName
    isNameUnicode = flags & 0x800 != 0
    self.flags = UInt16(truncatingIfNeeded: flags)
    self.method = method
    checksum = UInt32(truncatingIfNeeded: sum)
    self.packed = packed
    self.unpacked = unpacked
    self.offset = offset
    limit = 0
    isFolder = false
    refusal = nil
    guard readExtra(extra), disk == 0 || disk == 0xFFFF else { return nil }
    isFolder = rawName.last == UInt8(ascii: "/") && self.unpacked == 0
    let mode = attributes >> 16 & 0xF000
    if madeBy >> 8 == 3, mode != 0, mode != 0x8000, mode != 0x4000 {
      refusal = .link
    } else if flags & 0x41 != 0 || method == 99 {
      refusal = .encrypted
    } else if method != 0, method != 8 {
      refusal = .method(method)
    }
  }

  /// The fields that hold large numbers and the name in Unicode.
  private mutating func readExtra(_ extra: ArraySlice<UInt8>) -> Bool {
    var cursor = DirectoryCursor(extra)
    while let id = cursor.integer(2), let count = cursor.integer(2) {
      guard let content = cursor.slice(count) else { return true }  // some programs pad with a few bytes
      var field = DirectoryCursor(content)
      if id == 1 {
        if unpacked == 0xFFFF_FFFF {
          guard let value = field.integer(8) else { return false }
          unpacked = value
        }
        if packed == 0xFFFF_FFFF {
          guard let value = field.integer(8) else { return false }
          packed = value
        }
        if offset == 0xFFFF_FFFF {
          guard let value = field.integer(8) else { return false }
          offset = value
        }
      } else if id == 0x7075, field.number(1) == 1, let sum = field.number(4),
        UInt32(truncatingIfNeeded: sum) == Containers.checksum(of: localName)
      {
        // Only when it belongs to the name: a program that renames a member may leave it behind.
        rawName = Array(content.dropFirst(5))
        isNameUnicode = true
      }
    }
    return true
  }
}
