/// What a file is by its first bytes, when it is no text.
package enum ContainerKind: Sendable, Equatable {
  case gzip, zip
  /// Compound file of old Office programs: .xls, .doc, or an encrypted workbook.
  case compound
  /// A format that is not unpacked, by name.
  case other(String)

  /// `nil` for what may be text. Looks at 512 bytes at most.
  package init?(_ head: Span<UInt8>) {
    func begins(_ magic: [UInt8], at offset: Int = 0) -> Bool {
      head.count >= offset + magic.count && magic.indices.allSatisfy { head[offset + $0] == magic[$0] }
    }
    if begins([0x1F, 0x8B]) {
      self = .gzip
    } else if begins([0x50, 0x4B, 0x03, 0x04]) || begins([0x50, 0x4B, 0x05, 0x06]) {
      self = .zip
    } else if begins([0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]) {
      self = .compound
    } else if let name = Self.others.first(where: { begins($0.magic, at: $0.offset) })?.name {
      self = .other(name)
    } else {
      return nil
    }
  }

  private static let others: [(name: String, magic: [UInt8], offset: Int)] = [
    ("xz", [0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00], 0),
    // "BZh", a digit, and the start of the first block: the letters alone may begin a text.
    ("bzip2", [0x31, 0x41, 0x59, 0x26, 0x53, 0x59], 4), ("zstd", [0x28, 0xB5, 0x2F, 0xFD], 0),
    ("7z", [0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C], 0), ("rar", [0x52, 0x61, 0x72, 0x21, 0x1A, 0x07], 0),
    ("lz4", [0x04, 0x22, 0x4D, 0x18], 0),
    ("tar", [0x75, 0x73, 0x74, 0x61, 0x72], 257),
    ("a zip in volumes", [0x50, 0x4B, 0x07, 0x08], 0),
  ]
}
