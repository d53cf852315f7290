import CSystem
import Glibc

/// A file of an `OutputFolder`: bytes gather in `buffer` and go out in large blocks. `close` says whether the system took all
/// of them, and `publish` of the folder whether the disk has them; a file that is let go without it was given up together
/// with its folder.
package struct OutputFile: ~Copyable {
  /// Append here, then call `flushIfFull` now and then: once a row.
  package var buffer: [UInt8] = []
  private let descriptor: Descriptor
  private let path: String
  private let mode: mode_t
  private let written: WrittenFiles

  private static let blockSize = 262_144

  init(_ descriptor: consuming Descriptor, path: String, isConfidential: Bool, written: WrittenFiles) {
    self.descriptor = descriptor
    self.written = written
    self.path = path
    mode = isConfidential ? 0o600 : 0o644
    buffer.reserveCapacity(Self.blockSize + 4_096)
  }

  /// None: nothing may be written to it.
  init() {
    descriptor = Descriptor(-1)
    written = WrittenFiles()
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

  /// Appends the first `count` bytes of another file, which the system copies where it can.
  mutating func copy(_ source: Int32, _ count: Int, from place: String) throws(WriteError) {
    try flush()
    var done = ftally_copy(source, descriptor.number, count)
    var block = [UInt8](repeating: 0, count: min(count - done, 1 << 18))
    while done < count {
      let wanted = min(block.count, count - done)
      let got = unsafe block.withUnsafeMutableBytes { unsafe pread(source, $0.baseAddress, wanted, off_t(done)) }
      if got < 0 && errno == EINTR { continue }
      guard got > 0 else { throw .system(got < 0 ? errno : EIO, place, .inputOutput) }
      buffer.append(contentsOf: block[..<got])
      try flushIfFull()
      done += got
    }
  }

  /// Writes what is left, and makes the file readable for those who may read it, whatever the umask. The disk begins with it.
  package consuming func close() throws(WriteError) {
    try flush()
    do { try system { fchmod(descriptor.number, mode) } } catch { throw .system(error.number, path, .inputOutput) }
    try written.add(descriptor, path: path)
  }

  /// Makes sure that the disk has room for `count` bytes more, without keeping them.
  func checkRoom(for count: Int) throws(WriteError) {
    var number: Int32 = 0
    repeat { number = posix_fallocate(descriptor.number, 0, off_t(max(1, count))) } while number == EINTR
    if number == ENOSPC || number == EDQUOT || number == EFBIG { throw .system(number, path, .inputOutput) }
    do { try system { ftruncate(descriptor.number, 0) } } catch { throw .system(error.number, path, .inputOutput) }
  }
}
