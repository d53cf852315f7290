import Glibc

/// A call of the system that failed, with its number.
struct SystemFailure: Error {
  var code: Int32
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
  var failed: Int32 = 0
  let bytes = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
    var done = 0
    while done < count {
      // SAFETY: the buffer has room for `count` bytes.
      let got = unsafe pread(descriptor, buffer.baseAddress! + done, count - done, off_t(offset + done))
      if got < 0 && errno == EINTR { continue }
      guard got > 0 else {
        failed = got == 0 ? EIO : errno
        break
      }
      done += got
    }
    initialized = done
  }
  if failed != 0 { throw SystemFailure(code: failed) }
  return bytes
}
