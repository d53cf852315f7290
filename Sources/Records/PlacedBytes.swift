import Glibc

/// A call of the system that failed, with its number.
package struct SystemFailure: Error {
  package var code: Int32
}

/// All of `bytes` at `offset` of a file.
func writeBytes(_ bytes: [UInt8], to descriptor: Int32, at offset: Int) throws(SystemFailure) {
  do { try unsafe bytes.withUnsafeBytes { try unsafe writeBytes($0, to: descriptor, at: offset) } } catch {
    throw error as? SystemFailure ?? SystemFailure(code: EIO)
  }
}

func writeBytes(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32, at offset: Int) throws(SystemFailure) {
  var done = 0
  while done < bytes.count {
    // SAFETY: `done` is below the count of `bytes`.
    let written = unsafe pwrite(descriptor, bytes.baseAddress! + done, bytes.count - done, off_t(offset + done))
    if written < 0 && errno == EINTR { continue }
    guard written > 0 else { throw SystemFailure(code: written == 0 ? EIO : errno) }
    done += written
  }
}

/// `count` bytes at `offset` of a file; `EIO` when it ends before.
func readBytes(_ descriptor: Int32, at offset: Int, _ count: Int) throws(SystemFailure) -> [UInt8] {
  try readElements(descriptor, at: offset, count, of: UInt8.self)
}

/// The same of a column, as it lay in memory.
package func readElements<Element: BitwiseCopyable>(
  _ descriptor: Int32, at offset: Int, _ count: Int, of type: Element.Type
) throws(SystemFailure) -> [Element] {
  var failed: Int32 = 0
  let elements = unsafe [Element](unsafeUninitializedCapacity: count) { buffer, initialized in
    let bytes = unsafe UnsafeMutableRawBufferPointer(
      start: buffer.baseAddress, count: count * MemoryLayout<Element>.stride)
    var done = 0
    while done < bytes.count {
      // Piece by piece: of what the file does not have, little memory was asked for.
      let piece = min(bytes.count - done, 4 << 20)
      // SAFETY: `done` is below the count of `bytes`, which has room for all elements.
      let place = unsafe bytes.baseAddress! + done
      unsafe populate(UnsafeMutableRawBufferPointer(start: place, count: piece))
      let got = unsafe pread(descriptor, place, piece, off_t(offset + done))
      if got < 0 && errno == EINTR { continue }
      guard got > 0 else {
        failed = got == 0 ? EIO : errno
        break
      }
      done += got
    }
    initialized = done / MemoryLayout<Element>.stride
  }
  if failed != 0 { throw SystemFailure(code: failed) }
  return elements
}

/// Has the system give memory to all of a large piece at once, which takes half as long as a fault for each page of it. Before
/// Linux 5.14 nothing happens.
private func populate(_ bytes: UnsafeMutableRawBufferPointer) {
  guard bytes.count >= 256 << 10 else { return }
  // Whole pages on every system; MADV_POPULATE_WRITE, which older headers do not have.
  let (page, populateWrite) = (65_536, Int32(23))
  let start = Int(bitPattern: bytes.baseAddress)
  let first = (start + page - 1) & -page
  let end = (start + bytes.count) & -page
  // SAFETY: within memory that is about to be written; what is in it stays.
  _ = unsafe madvise(UnsafeMutableRawPointer(bitPattern: first), end - first, populateWrite)
}
