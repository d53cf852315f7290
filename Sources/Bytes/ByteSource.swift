package import Diagnostics

/// Bytes in order, in blocks: a file, a decoder over a file, a piece of memory in a test.
package protocol ByteSource: AnyObject {
  /// Fills the start of `buffer` and returns how many bytes it wrote; 0 only at the end. A short count says nothing.
  func read(into buffer: UnsafeMutableRawBufferPointer) throws(ReadError) -> Int
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
    let count = min(buffer.count, bytes.count - position, blockSize)
    guard count > 0 else { return 0 }
    // SAFETY: count is at most the room in `buffer` and what is left of `bytes`.
    unsafe bytes.withUnsafeBytes { source in
      unsafe buffer.baseAddress!.copyMemory(from: source.baseAddress! + position, byteCount: count)
    }
    position += count
    return count
  }
}
