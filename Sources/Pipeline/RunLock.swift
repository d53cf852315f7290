import Diagnostics
import Glibc

/// Keeps two runs from publishing to one place at the same time. The lock is the kernel's: it ends with the process, however
/// that ends.
struct RunLock {
  /// Where the outputs will stand: on their disk temporary files belong.
  let folder: String
  private let descriptor: Int32

  init(beside out: String) throws(RunFailure) {
    var path = out[...]
    while path.count > 1, path.hasSuffix("/") { path = path.dropLast() }
    let name = path.split(separator: "/").last.map(String.init) ?? ""
    let above = String(path.dropLast(name.count))
    folder = above.isEmpty ? "." : above
    let lock = above + ".\(name).fieldtally.lock"
    descriptor = unsafe open(lock, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o644)
    guard descriptor >= 0 else {
      let reason = unsafe String(cString: strerror(errno))
      throw RunFailure([Diagnostic(.outputFolderUnusable, at: SourceLocation(file: folder), [.literal(reason)])], 73)
    }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      close(descriptor)
      throw RunFailure([Diagnostic(.runLocked, at: SourceLocation(file: out))], 75)
    }
  }

  func release() { close(descriptor) }
}
