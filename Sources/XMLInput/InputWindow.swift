import Bytes
import Diagnostics
import Glibc

/// The part of the input that is still of interest: what the parser has not had yet, and what it had since the record
/// began. Offsets count bytes of the whole input, indices those of `bytes`.
struct InputWindow {
  private(set) var bytes: [UInt8] = []
  /// Offset of `bytes[0]`.
  private(set) var start = 0
  /// Index up to which the parser has had the bytes.
  var fed = 0
  /// Index behind the last byte.
  private(set) var end = 0
  private(set) var isAtEnd = false

  /// Forgets all of it and keeps the memory.
  mutating func restart() {
    start = 0
    fed = 0
    end = 0
    isAtEnd = false
  }

  /// Holds `bytes`, which are all that there is.
  mutating func hold(_ bytes: [UInt8]) {
    restart()
    self.bytes = bytes
    end = bytes.count
    isAtEnd = true
  }

  /// Forgets what stands before `offset` and was handed over, and reads one more block.
  mutating func fill(from source: any ByteSource, keepingFrom offset: Int) throws(ReadError) {
    if isAtEnd { return }
    let dropped = min(fed, max(0, offset - start))
    if dropped > 0 {
      unsafe bytes.withUnsafeMutableBytes { buffer in
        // SAFETY: dropped <= fed <= end <= buffer.count.
        _ = unsafe memmove(buffer.baseAddress!, buffer.baseAddress! + dropped, end - dropped)
      }
      start += dropped
      fed -= dropped
      end -= dropped
    }
    // A submission fits the first block; a large file is read in larger ones.
    let block = start + end == 0 ? 8 << 10 : 64 << 10
    if bytes.count - end < block { bytes.append(contentsOf: repeatElement(0, count: max(block, bytes.count / 2))) }
    let wanted = end + block
    while end < wanted, !isAtEnd {
      let room = end..<wanted
      // SAFETY: end < wanted <= bytes.count.
      let count = try unsafe bytes.withUnsafeMutableBufferPointer { (buffer) throws(ReadError) in
        try unsafe source.read(into: UnsafeMutableRawBufferPointer(UnsafeMutableBufferPointer(rebasing: buffer[room])))
      }
      end += count
      isAtEnd = count == 0
    }
  }

  /// The last `byte` in `range` of indices.
  func last(_ byte: UInt8, in range: Range<Int>) -> Int? {
    let bytes = bytes.span
    for index in range.reversed() where bytes[index] == byte { return index }
    return nil
  }

  /// Where the last `<` up to `index` stands, 0 for none, and how many line ends stand behind it up to there.
  func lastTag(before index: Int) -> (index: Int, lineFeeds: Int) {
    precondition(index < bytes.count || bytes.isEmpty, "looking outside the window")
    return unsafe bytes.withUnsafeBufferPointer { bytes in
      var at = index
      var lineFeeds = 0
      // SAFETY: 0 < at <= index, which lies within the buffer.
      while at > 0, unsafe bytes[at] != UInt8(ascii: "<") {
        if unsafe bytes[at] == UInt8(ascii: "\n") { lineFeeds += 1 }
        at -= 1
      }
      return (at, lineFeeds)
    }
  }

  /// The first `byte` in `range` of indices.
  func first(_ byte: UInt8, in range: Range<Int>) -> Int? {
    guard !range.isEmpty else { return nil }
    precondition(range.lowerBound >= 0 && range.upperBound <= end, "looking outside the window")
    return unsafe bytes.withUnsafeBytes { buffer in
      let base = buffer.baseAddress!
      // SAFETY: range lies within the buffer.
      let found = unsafe memchr(base + range.lowerBound, Int32(byte), range.count)
      return unsafe found.map { unsafe UnsafeRawPointer($0) - base }
    }
  }
}

/// What was read of a source already, and then the rest of it: for a file that was looked at further than it is handed over.
final class SourceReadAgain: ByteSource {
  private let bytes: [UInt8]
  private var position = 0
  private let rest: any ByteSource

  init(_ bytes: [UInt8], _ rest: any ByteSource) {
    self.bytes = bytes
    self.rest = rest
  }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws(ReadError) -> Int {
    if position == bytes.count { return unsafe try rest.read(into: buffer) }
    let count = unsafe bytes.copy(from: position, into: buffer)
    position += count
    return count
  }
}
