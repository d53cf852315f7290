import Glibc

/// A file of the cache that takes the place of the one before when it is complete. What cannot be written is not there then.
///
/// Unchecked: exactly one task has it at a time.
final class ReplacingFile: @unchecked Sendable {
  private let path: String
  private let descriptor: Int32
  private var isWhole = true
  private var isComplete = false
  private var temporary: String { path + ".new" }

  /// `nil` when the disk does not take it.
  init?(_ path: String) {
    self.path = path
    descriptor = unsafe open(path + ".new", O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0o600)
    if descriptor < 0 { return nil }
  }

  deinit {
    guard descriptor >= 0 else { return }
    close(descriptor)
    if !isComplete { unsafe unlink(temporary) }
  }

  func append(_ bytes: [UInt8]) { unsafe bytes.withUnsafeBytes { unsafe append($0) } }

  func append(_ bytes: UnsafeRawBufferPointer) {
    let written = unsafe Glibc.write(descriptor, bytes.baseAddress, bytes.count)
    isWhole = isWhole && written == bytes.count
  }

  /// - Returns: whether it stands.
  @discardableResult
  func complete() -> Bool {
    if isWhole { isComplete = unsafe rename(temporary, path) == 0 }
    return isComplete
  }
}

/// Puts `bytes` in the place of a file of the cache.
func replaceFile(_ path: String, by bytes: [UInt8]) {
  guard let file = ReplacingFile(path) else { return }
  file.append(bytes)
  file.complete()
}
