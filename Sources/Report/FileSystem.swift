import CSystem
import Glibc

/// An open file or folder, closed once.
struct Descriptor: ~Copyable {
  let number: Int32

  init(_ number: Int32) { self.number = number }

  deinit { close(number) }

  /// Leaves it open; who calls closes it.
  consuming func release() -> Int32 {
    let number = number
    discard self
    return number
  }
}

/// The number of a failed system call.
struct SystemError: Error {
  var number: Int32
}

/// A file name as the system has it: any bytes but `/` and NUL, ended by NUL.
typealias FileName = [CChar]

func fileName(_ text: String) -> FileName { Array(text.utf8CString) }

/// The name as text; what is no UTF-8 in it is replaced.
func text(_ name: FileName) -> String {
  String(decoding: name.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
}

/// Repeats `call` when a signal interrupted it.
@discardableResult
func system(_ call: () -> Int32) throws(SystemError) -> Int32 {
  while true {
    let result = call()
    if result >= 0 { return result }
    if errno != EINTR { throw SystemError(number: errno) }
  }
}

/// Calls `fsync`; file systems that have nothing to do for such a file say EINVAL.
func synchronize(_ descriptor: Int32) throws(SystemError) {
  do { try system { fsync(descriptor) } } catch  where error.number == EINVAL {}
}

func openFolder(_ name: FileName, in parent: Int32) throws(SystemError) -> Descriptor {
  Descriptor(try system { unsafe openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC) })
}

/// A folder in `parent` for its owner only; made when it is not there.
func subfolder(_ name: String, in parent: Int32) throws(SystemError) -> Descriptor {
  do { try system { unsafe mkdirat(parent, name, 0o700) } } catch  where error.number == EEXIST {}
  return try openFolder(fileName(name), in: parent)
}

/// A file that was not there, for its owner only.
func newFile(_ name: String, in folder: Int32) throws(SystemError) -> Int32 {
  try system { unsafe openat(folder, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600) }
}

/// Removes the files in a folder and in the folders in it.
func removeFiles(in folder: Int32) {
  for name in (try? names(in: folder)) ?? [] where unsafe unlinkat(folder, name, 0) != 0 {
    guard let inner = try? openFolder(name, in: folder) else { continue }
    for file in (try? names(in: inner.number)) ?? [] { unsafe unlinkat(inner.number, file, 0) }
    unsafe unlinkat(folder, name, AT_REMOVEDIR)
  }
}

/// Names in a folder but `.` and `..`, in the order of their bytes.
func names(in folder: Int32) throws(SystemError) -> [FileName] {
  // A stream of its own: `dup` would share the place that an earlier listing reached.
  let copy = try system { unsafe openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC) }
  guard let stream = unsafe fdopendir(copy) else {
    let number = errno
    close(copy)
    throw SystemError(number: number)
  }
  defer { unsafe closedir(stream) }
  var names: [FileName] = []
  while true {
    errno = 0
    guard let entry = unsafe readdir(stream) else { break }
    let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) {
      unsafe FileName($0.prefix { $0 != 0 }.map(CChar.init(bitPattern:)))
    }
    if name != [46] && name != [46, 46] { names.append(name + [0]) }
  }
  if errno != 0 { throw SystemError(number: errno) }
  return names.sorted { $0.lexicographicallyPrecedes($1) }
}

enum RenameMode {
  case exchange
  /// Fails with EEXIST when something has the new name.
  case keepExisting
}

/// Moves a name within one file system. Old file systems and kernels refuse the modes: EINVAL, ENOSYS or ENOTSUP.
func rename(
  _ old: FileName, in oldFolder: Int32, to new: FileName, in newFolder: Int32, _ mode: RenameMode
) throws(SystemError) {
  let flags = mode == .exchange ? ftally_rename_exchange : ftally_rename_keep_existing
  try system { unsafe ftally_rename(oldFolder, old, newFolder, new, UInt32(flags)) }
}

/// A regular file, of a longer one than `limit` bytes as many at its beginning and its end; `nil` for anything else and for a
/// file that cannot be read.
func contents(of name: FileName, in folder: Int32, atMost limit: Int) -> [UInt8]? {
  let number = unsafe openat(folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
  guard number >= 0 else { return nil }
  let file = Descriptor(number)
  var status = stat()
  guard unsafe fstat(file.number, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
  let size = Int(status.st_size)
  if size <= limit { return bytes(of: file, 0..<size) }
  let head = 4096
  guard let start = bytes(of: file, 0..<head), let end = bytes(of: file, size - (limit - head)..<size) else {
    return nil
  }
  return start + end
}

/// Fewer where the file ends before.
private func bytes(of file: borrowing Descriptor, _ range: Range<Int>) -> [UInt8]? {
  var bytes = [UInt8](repeating: 0, count: range.count)
  var filled = 0
  while filled < range.count {
    let count = unsafe bytes.withUnsafeMutableBytes { buffer in
      // SAFETY: filled is below the count of the buffer.
      unsafe pread(
        file.number, buffer.baseAddress! + filled, range.count - filled, off_t(range.lowerBound + filled))
    }
    if count < 0 && errno == EINTR { continue }
    guard count >= 0 else { return nil }
    if count == 0 { break }
    filled += count
  }
  return Array(bytes.prefix(filled))
}
