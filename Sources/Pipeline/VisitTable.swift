import Bytes
import Collect
import Diagnostics
import Glibc
import Records
import Synchronization

/// The table of visits that a run left in a file of its own, named by what is in it: it stays while later runs have little to
/// add.
struct VisitTable: Sendable {
  private var hash = Hash128(high: 0, low: 0)
  private var count = 0
  private let words = Words()

  /// Handed over once: whoever has them alone changes them in place.
  private final class Words: Sendable {
    let held = Mutex<[UInt64]>([])
  }

  /// None.
  init() {}

  init(from decoder: inout ByteDecoder) { (count, hash) = (decoder.number(), decoder.hash()) }

  func encode(into encoder: inout ByteEncoder) {
    encoder.append(count)
    encoder.append(hash)
  }

  func path(in folder: String) -> String {
    let digits = [hash.high, hash.low].map { String($0, radix: 16) }
    return "\(folder)/\(Self.prefix)\(digits[0])-\(digits[1])"
  }
  private static let prefix = "last-visits-"

  enum Outcome { case read, missing, damaged }

  func read(in folder: String) -> Outcome {
    if count == 0 { return .read }
    let descriptor = unsafe open(path(in: folder), O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { return errno == ENOENT ? .missing : .damaged }
    defer { close(descriptor) }
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_size % 8 == 0,
      status.st_size / 8 == count,
      let table = try? readElements(descriptor, at: 0, count, of: UInt64.self), Hash128(ofColumn: table) == hash
    else { return .damaged }
    words.held.withLock { $0 = table }
    return .read
  }

  func takeWords() -> [UInt64] {
    words.held.withLock { held in
      let words = held
      held = []
      return words
    }
  }

  /// Leaves a table in the place of the one before. `nil` when the disk does not take it.
  init?(leaving table: [UInt64], in folder: String) {
    (hash, count) = (Hash128(ofColumn: table), table.count)
    let path = path(in: folder)
    guard let file = ReplacingFile(path) else { return nil }
    unsafe table.withUnsafeBytes { unsafe file.append($0) }
    guard file.complete() else { return nil }
    Self.clear(folder, except: path)
  }

  /// Removes what is left.
  static func clear(_ folder: String, except kept: String? = nil) {
    guard let found = try? Inbox(folder: folder).files().files else { return }
    for file in found where file.path.count == 1 && file.shown.hasPrefix(prefix) {
      let path = "\(folder)/\(file.shown)"
      if path != kept { unsafe unlink(path) }
    }
  }
}
