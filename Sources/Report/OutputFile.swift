import Glibc

/// A file of an `OutputFolder`: bytes gather in `buffer` and go out in large blocks. `close` says whether all of them arrived;
/// a file that is let go without it was given up together with its folder.
package struct OutputFile: ~Copyable {
  /// Append here, then call `flushIfFull` now and then: once a row.
  package var buffer: [UInt8] = []
  private let descriptor: Descriptor
  private let unsynchronized: Unsynchronized?
  private let path: String
  private let mode: mode_t

  private static let blockSize = 262_144

  init(
    _ descriptor: consuming Descriptor, path: String, isConfidential: Bool, waitsIn unsynchronized: Unsynchronized
  ) {
    self.descriptor = descriptor
    self.unsynchronized = unsynchronized
    self.path = path
    mode = isConfidential ? 0o600 : 0o644
    buffer.reserveCapacity(Self.blockSize + 4_096)
  }

  /// None: nothing may be written to it.
  init() {
    descriptor = Descriptor(-1)
    unsynchronized = nil
    path = ""
    mode = 0
  }

  @inline(__always)
  package mutating func flushIfFull() throws(WriteError) {
    if buffer.count >= Self.blockSize { try flush() }
  }

  package mutating func flush() throws(WriteError) {
    try write(buffer)
    buffer.removeAll(keepingCapacity: true)
  }

  /// Writes what is in the buffer, then `block`, which is large.
  mutating func append(_ block: [UInt8]) throws(WriteError) {
    try flush()
    try write(block)
  }

  private func write(_ block: [UInt8]) throws(WriteError) {
    var start = 0
    while start < block.count {
      let count = unsafe block.withUnsafeBytes { bytes in
        // SAFETY: start is below the count of the bytes.
        unsafe Glibc.write(descriptor.number, bytes.baseAddress! + start, bytes.count - start)
      }
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { throw .system(count < 0 ? errno : EIO, path, .inputOutput) }
      start += count
    }
  }

  /// Writes what is left and makes the file readable for those who may read it, whatever the umask. Its folder waits for the
  /// disk.
  package consuming func close() throws(WriteError) {
    try flush()
    do { try system { fchmod(descriptor.number, mode) } } catch { throw .system(error.number, path, .inputOutput) }
    try unsynchronized?.add(descriptor, path: path)
  }

  /// Makes sure that the disk has room for `count` bytes more, without keeping them.
  func checkRoom(for count: Int) throws(WriteError) {
    var number: Int32 = 0
    repeat { number = posix_fallocate(descriptor.number, 0, off_t(max(1, count))) } while number == EINTR
    if number == ENOSPC || number == EDQUOT || number == EFBIG { throw .system(number, path, .inputOutput) }
    do { try system { ftruncate(descriptor.number, 0) } } catch { throw .system(error.number, path, .inputOutput) }
  }
}
