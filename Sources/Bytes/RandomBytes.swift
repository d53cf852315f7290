package import Diagnostics

/// Bytes of which any part can be read: a file, a piece of memory.
package protocol RandomBytes: AnyObject {
  var size: Int { get }
  /// Fills the start of `buffer` with what stands from `offset` on and returns how many bytes it wrote; 0 only at the end.
  func read(at offset: Int, into buffer: UnsafeMutableRawBufferPointer) throws(ReadError) -> Int
}

extension RandomBytes {
  /// The bytes of `range`, fewer where the bytes end before.
  package func bytes(_ range: Range<Int>) throws(ReadError) -> [UInt8] {
    var result = [UInt8](repeating: 0, count: range.count)
    var count = 0
    while count < result.count {
      let got = try unsafe result.withUnsafeMutableBufferPointer { (buffer) throws(ReadError) in
        try unsafe read(
          at: range.lowerBound + count,
          into: UnsafeMutableRawBufferPointer(UnsafeMutableBufferPointer(rebasing: buffer[count...])))
      }
      if got == 0 { break }
      count += got
    }
    result.removeSubrange(count...)
    return result
  }
}

/// Bytes in memory.
package final class MemoryBytes: RandomBytes {
  private let bytes: [UInt8]

  package init(_ bytes: [UInt8]) { self.bytes = bytes }

  package var size: Int { bytes.count }

  package func read(at offset: Int, into buffer: UnsafeMutableRawBufferPointer) -> Int {
    let count = min(buffer.count, bytes.count - offset)
    guard count > 0, offset >= 0 else { return 0 }
    unsafe buffer.copyBytes(from: bytes[offset..<offset + count])
    return count
  }
}
