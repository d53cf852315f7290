import Glibc

struct WriteFailure: Error, CustomStringConvertible {
  var description: String

  init(_ path: String) { description = "\(path): \(String(cString: strerror(errno)))" }
}

/// A file that is written through one buffer.
struct OutputFile: ~Copyable {
  var buffer: Text = []
  private(set) var written = 0
  private let path: String
  private let descriptor: Int32

  init(_ path: String) throws {
    descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    if descriptor < 0 { throw WriteFailure(path) }
    self.path = path
  }

  /// Bytes of the file so far, those in the buffer too.
  var size: Int { written + buffer.count }

  mutating func append(_ string: String) { buffer.append(contentsOf: string.utf8) }

  mutating func flush(above limit: Int = 0) throws {
    guard buffer.count > limit else { return }
    var offset = 0
    while offset < buffer.count {
      let count = buffer.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress! + offset, $0.count - offset) }
      if count < 0 { throw WriteFailure(path) }
      offset += count
    }
    written += buffer.count
    buffer.removeAll(keepingCapacity: true)
  }

  consuming func close() throws {
    try flush()
    if Glibc.close(descriptor) != 0 { throw WriteFailure(path) }
  }
}

/// Makes the folder and those above it.
func makeFolder(_ path: String) throws {
  if mkdir(path, 0o755) == 0 || errno == EEXIST { return }
  guard errno == ENOENT, let slash = path.lastIndex(of: "/"), slash > path.startIndex else { throw WriteFailure(path) }
  try makeFolder(String(path[..<slash]))
  if mkdir(path, 0o755) != 0, errno != EEXIST { throw WriteFailure(path) }
}
