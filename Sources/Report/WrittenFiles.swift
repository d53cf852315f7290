import CSystem
import Glibc

/// Files of a folder in the making that are written, and of which the disk has not yet said that it has them. It is asked
/// about many at once: with the first answer it has put down what it knows of all of them, so that the others cost little.
///
/// Unchecked: it goes with its folder, which one task at a time writes.
final class WrittenFiles: @unchecked Sendable {
  private typealias File = (descriptor: Int32, path: String)
  private var files: [File] = []
  /// Files that stay open at most; a process may not have very many.
  private static let mostOpen = 64

  init() {}

  deinit { for file in files { close(file.descriptor) } }

  func add(_ descriptor: consuming Descriptor, path: String) throws(WriteError) {
    ftally_begin_writing(descriptor.number)
    files.append((descriptor.release(), path))
    if files.count >= Self.mostOpen { try synchronize() }
  }

  /// Waits until the disk has all of them.
  func synchronize() throws(WriteError) {
    defer {
      for file in files { close(file.descriptor) }
      files.removeAll()
    }
    for file in files { try Self.synchronize(file) }
  }

  /// The same by `width` tasks at once: most of the time it is the disk that is waited for.
  func synchronize(width: Int) async throws(WriteError) {
    do { try await sideBySide(files, width: width) { try Self.synchronize($0) } } catch { throw .rows(error, of: "") }
    for file in files { close(file.descriptor) }
    files.removeAll()
  }

  private static func synchronize(_ file: File) throws(WriteError) {
    do { try Report.synchronize(file.descriptor) } catch { throw .system(error.number, file.path, .inputOutput) }
  }
}

/// Does something to each by `width` tasks at once, for calls in which it is the system that takes its time.
func sideBySide<Element: Sendable>(
  _ elements: [Element], width: Int, _ body: @escaping @Sendable (Element) throws -> Void
) async throws {
  try await withThrowingTaskGroup(of: Void.self) { group in
    for share in 0..<min(width, elements.count) {
      group.addTask {
        for place in stride(from: share, to: elements.count, by: width) { try body(elements[place]) }
      }
    }
    try await group.waitForAll()
  }
}
