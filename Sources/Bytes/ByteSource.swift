package import Diagnostics

/// Bytes in order, in blocks: a file, a decoder over a file, a piece of memory in a test.
package protocol ByteSource: AnyObject {
  /// Fills the start of `buffer` and returns how many bytes it wrote; 0 only at the end. A short count says nothing.
  func read(into buffer: UnsafeMutableRawBufferPointer) throws(ReadError) -> Int
  /// Itself, where it is a source of text. (A cast would look through all types of the program.)
  var asText: (any TextSource)? { get }
}

extension ByteSource {
  package var asText: (any TextSource)? { nil }

  /// Appends bytes until `bytes` has `count` of them; `true` at the end of the source.
  package func append(to bytes: inout [UInt8], upTo count: Int) throws(ReadError) -> Bool {
    while bytes.count < count {
      let before = bytes.count
      try bytes.append(addingCapacity: count - before) { (output: inout OutputSpan<UInt8>) throws(ReadError) in
        try unsafe output.withUnsafeMutableBufferPointer { (buffer, filled) throws(ReadError) in
          let room = unsafe UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(buffer)[filled...])
          filled += unsafe try read(into: room)
        }
      }
      if bytes.count == before { return true }
    }
    return false
  }
}

/// Bytes in memory as a source, handed out at most `blockSize` at a time: for reference files and tests.
package final class MemorySource: ByteSource {
  private let bytes: [UInt8]
  private let blockSize: Int
  private var position = 0

  package init(_ bytes: [UInt8], blockSize: Int = .max) {
    self.bytes = bytes
    self.blockSize = blockSize
  }

  package func read(into buffer: UnsafeMutableRawBufferPointer) -> Int {
    let room = unsafe UnsafeMutableRawBufferPointer(rebasing: buffer[..<min(buffer.count, blockSize)])
    let count = unsafe bytes.copy(from: position, into: room)
    position += count
    return count
  }
}

extension [UInt8] {
  /// Copies what stands from `position` on, as much as `buffer` has room for, and returns how much that is.
  package func copy(from position: Int, into buffer: UnsafeMutableRawBufferPointer) -> Int {
    let count = Swift.min(buffer.count, count - position)
    guard count > 0, let target = buffer.baseAddress else { return 0 }
    // SAFETY: count is at most the room in `buffer` and what is left of the bytes.
    unsafe withUnsafeBytes { source in
      unsafe target.copyMemory(from: source.baseAddress! + position, byteCount: count)
    }
    return count
  }
}

/// A source of text: what it yields is valid UTF-8 without byte order mark. A byte that is no text in the encoding of the
/// file comes as U+FDD0 and its two hex digits, in its place; U+FDD0 stands for nothing else, so that a reader has to look
/// for it only when `undecodable.count` is above 0.
package protocol TextSource: ByteSource {
  /// What was undecodable in the text yielded so far, and at most in one block that follows it.
  var undecodable: UndecodableBytes { get }
  /// Whether it is certain that the text holds no NUL.
  var holdsNoNUL: Bool { get }
}

extension TextSource {
  package var asText: (any TextSource)? { self }
  package var holdsNoNUL: Bool { false }
}

/// Bytes of a file that are no text in its encoding, in the order of the file.
package struct UndecodableBytes: Sendable {
  package struct Place: Sendable, Hashable {
    /// From the first byte of the file, which is 0.
    package var offset: Int
    package var byte: UInt8
  }
  /// The first of them; `keptLimit` at most.
  package private(set) var places: [Place] = []
  /// All of them.
  package private(set) var count = 0
  package static let keptLimit = 10_000

  package init() {}

  package mutating func append(offset: Int, byte: UInt8) {
    count += 1
    if places.count < Self.keptLimit { places.append(Place(offset: offset, byte: byte)) }
  }

  /// U+FDD0 in UTF-8.
  package static let marker: [UInt8] = [0xEF, 0xB7, 0x90]
  /// Bytes of the marker with its two hex digits.
  package static let markedCount = 5
}
