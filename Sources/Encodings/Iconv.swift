import Diagnostics
import Glibc

/// A conversion of the C library from an encoding to UTF-8.
@safe struct Iconv: ~Copyable {
  enum Stop {
    /// All input was converted.
    case done
    /// The bytes at the stop are no text.
    case invalid
    /// The input ends inside a character.
    case incomplete
    /// The output is full.
    case full
  }

  private let handle: iconv_t

  /// `nil` when the C library does not know `name`.
  init?(from name: String) {
    // A suffix such as //TRANSLIT would make it replace what it cannot convert.
    guard !name.isEmpty, name.utf8.allSatisfy({ $0 < 0x80 && $0 > 0x20 && $0 != UInt8(ascii: "/") }) else { return nil }
    guard let opened = unsafe iconv_open("UTF-8", name), Int(bitPattern: opened) != -1 else { return nil }
    unsafe handle = opened
  }

  deinit { unsafe iconv_close(handle) }

  /// Whether the C library has an encoding that we call `canonical`.
  static func knows(_ canonical: String) -> Bool {
    guard let name = EncodingName.library(canonical) else { return true }
    return Iconv(from: name) != nil
  }

  /// Converts `input[from...]` to the start of `output`: bytes read, bytes written, and why it stopped there.
  mutating func convert(
    _ input: [UInt8], from: Int, into output: inout [UInt8]
  ) -> (read: Int, written: Int, stop: Stop) {
    let count = input.count - from
    return unsafe input.withUnsafeBytes { source in
      unsafe output.withUnsafeMutableBytes { target in
        guard count > 0, let from = unsafe source.baseAddress.map({ unsafe $0 + from }) else { return (0, 0, .done) }
        // iconv does not write to its input, although its type says that it may.
        var next: UnsafeMutablePointer<CChar>? = unsafe UnsafeMutableRawPointer(mutating: from)
          .assumingMemoryBound(to: CChar.self)
        var free: UnsafeMutablePointer<CChar>? = unsafe target.baseAddress?.assumingMemoryBound(to: CChar.self)
        var left = count
        var room = target.count
        let result = unsafe iconv(handle, &next, &left, &free, &room)
        let stop: Stop =
          if result != -1 { .done } else {
            switch errno {
            case EILSEQ: .invalid
            case EINVAL: .incomplete
            default: .full
            }
          }
        return (count - left, target.count - room, stop)
      }
    }
  }

  /// Writes what the conversion holds back, a letter that an accent might have followed; the bytes written.
  mutating func finish(into output: inout [UInt8]) -> Int {
    unsafe output.withUnsafeMutableBytes { target in
      var free: UnsafeMutablePointer<CChar>? = unsafe target.baseAddress?.assumingMemoryBound(to: CChar.self)
      var room = target.count
      return unsafe iconv(handle, nil, nil, &free, &room) == -1 ? 0 : target.count - room
    }
  }
}
