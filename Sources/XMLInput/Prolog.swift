/// What the beginning of a document says before any parser sees it.
enum Prolog: Equatable {
  /// The root element begins, or something that is no prolog: the parser may have it.
  case isOver
  /// All of it is white space, comments and processing instructions so far; look again from `at`.
  case goesOn(at: Int)
  /// `<!DOCTYPE` at this place.
  case doctype(at: Int)

  /// Looks at `text` from `start`, a place between two constructs of the prolog.
  static func scan(_ text: Span<UInt8>, from start: Int) -> Prolog {
    var at = start
    while at < text.count {
      switch text[at] {
      case 0x20, 0x09, 0x0A, 0x0D: at += 1
      case UInt8(ascii: "<"):
        let rest = text.count - at
        if text.begins(with: "<?", at: at) {
          guard let end = text.end(of: "?>", from: at + 2) else { return .goesOn(at: at) }
          at = end
        } else if text.begins(with: "<!--", at: at) {
          guard let end = text.end(of: "-->", from: at + 4) else { return .goesOn(at: at) }
          at = end
        } else if text.begins(with: "<!DOCTYPE", at: at) {
          return .doctype(at: at)
        } else {
          return rest < 9 && (rest == 1 || text[at + 1] == UInt8(ascii: "!")) ? .goesOn(at: at) : .isOver
        }
      default: return .isOver
      }
    }
    return .goesOn(at: at)
  }
}

extension Span<UInt8> {
  func begins(with word: StaticString, at start: Int) -> Bool {
    guard count - start >= word.utf8CodeUnitCount else { return false }
    return word.withUTF8Buffer { word in
      word.indices.allSatisfy { unsafe self[start + $0] == word[$0] }
    }
  }

  /// The place behind the first `word` from `start`; it ends with `>`.
  func end(of word: StaticString, from start: Int) -> Int? {
    let last = UInt8(ascii: ">")
    var at = start
    let length = word.utf8CodeUnitCount
    while at < count {
      if self[at] == last, at - start + 1 >= length, begins(with: word, at: at + 1 - length) { return at + 1 }
      at += 1
    }
    return nil
  }
}

/// Name of the format when `bytes` begin like a compressed file: `gzip`, `zip`, `xz`, `bzip2`, `zstd`, `7z`; `nil` otherwise.
package func compressionFormat(of bytes: Span<UInt8>) -> String? {
  // A document begins with this or with white space.
  if bytes.isEmpty || bytes[0] == UInt8(ascii: "<") { return nil }
  let magics: [(String, [UInt8])] = [
    ("gzip", [0x1F, 0x8B]), ("zip", [0x50, 0x4B, 0x03, 0x04]), ("xz", [0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00]),
    ("bzip2", [0x42, 0x5A, 0x68]), ("zstd", [0x28, 0xB5, 0x2F, 0xFD]), ("7z", [0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C]),
  ]
  for (name, magic) in magics where bytes.count >= magic.count {
    if magic.indices.allSatisfy({ bytes[$0] == magic[$0] }) { return name }
  }
  return nil
}
