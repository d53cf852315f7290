package import Bytes
import CLibCrypto
package import Diagnostics
import Glibc

/// A file of the inbox, open for reading from its first byte to its last. It takes the fingerprint of what goes through, and
/// notices when the file changes meanwhile.
package final class OpenFile: ByteSource, RandomBytes {
  private let shown: String
  private let descriptor: Int32
  /// What the file system said before anything was read.
  private var before: FileStamp
  /// Whether that was when the inbox was listed, so that it is to be seen whether this is still the file that stood there.
  private var isAsListed = false
  /// Whether all that was listed was read, and nothing has changed from then to its last byte.
  private var isProven = false
  private var digest: Digest?
  /// Bytes of the file that `digest` has: all before this one.
  private var hashed = 0
  private var isHashedBehind = false
  private let walk: InboxWalk?
  /// Bytes read so far.
  package private(set) var position = 0
  /// Bytes that the file had when it was opened.
  package var size: Int { before.size }

  /// Opens no link, on no level, and nothing but a regular file; never waits for one.
  ///
  /// - Parameters:
  ///   - takesFingerprint: whether `fingerprint()` will be asked for.
  ///   - walk: what remembers the folder of the file opened before.
  ///   - isReadAtOnce: whether `contents()` is the next thing that is asked for. Then one look at the file, behind its last
  ///     byte, is enough, and what it is the caller learns there.
  package init(
    _ file: InboxFile, in inbox: Inbox, takesFingerprint: Bool, by walk: InboxWalk? = nil, isReadAtOnce: Bool = false
  ) throws(ReadError) {
    shown = file.shown
    descriptor = try (walk ?? InboxWalk(inbox)).open(file)
    if isReadAtOnce, let listed = file.stamp {
      before = listed
      isAsListed = true
    } else {
      do throws(ReadError) { before = try Self.stamp(of: descriptor, file.shown) } catch {
        close(descriptor)
        throw error
      }
    }
    self.walk = walk
    digest = takesFingerprint ? walk?.takeDigest() ?? Digest() : nil
  }

  deinit {
    close(descriptor)
    if let digest { walk?.giveBack(digest) }
  }

  package func read(into buffer: UnsafeMutableRawBufferPointer) throws(ReadError) -> Int {
    while true {
      let count = unsafe Glibc.read(descriptor, buffer.baseAddress, buffer.count)
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else { throw Inbox.failure(errno, shown) }
      position += count
      // What was hashed ahead is not hashed again.
      let new = position - hashed
      if new > 0, !isHashedBehind {
        // SAFETY: read() has just filled the first `count` bytes.
        unsafe digest?.update(
          UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(buffer)[max(0, count - new)..<count]))
        hashed = position
      }
      return count
    }
  }

  /// Does not move the place from which `read(into:)` goes on.
  package func read(at offset: Int, into buffer: UnsafeMutableRawBufferPointer) throws(ReadError) -> Int {
    while true {
      let count = unsafe pread(descriptor, buffer.baseAddress, buffer.count, off_t(offset))
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else { throw Inbox.failure(errno, shown) }
      return count
    }
  }

  /// All of a small file: the bytes that it had when it was opened. Whether more came since, `fingerprint()` says.
  ///
  /// - Returns: `nil` when it was to be read at once and is not small any more; nothing of it is read then.
  package func contents() throws(ReadError) -> [UInt8]? {
    var bytes: [UInt8] = []
    guard isAsListed else {
      _ = try append(to: &bytes, upTo: size)
      return bytes
    }
    isAsListed = false
    do throws(ReadError) { _ = try append(to: &bytes, upTo: size) } catch {
      _ = try Self.stamp(of: descriptor, shown)  // says so, when it is no file that can be read
      throw error
    }
    let now = try Self.stamp(of: descriptor, shown)
    isProven = now == before && bytes.count == size
    if isProven { return bytes }
    // It changed after it was listed: once more from its first byte.
    guard lseek(descriptor, 0, SEEK_SET) == 0 else { throw Inbox.failure(errno, shown) }
    let isSmall = now.size <= max(size, Self.mostAtOnce)
    before = now
    position = 0
    hashed = 0
    digest?.begin()
    return isSmall ? try contents() : nil
  }

  /// Bytes up to which a file that has grown since it was listed is read at once all the same.
  private static let mostAtOnce = 4 << 20

  /// - Throws: when it is no regular file.
  private static func stamp(of descriptor: Int32, _ shown: String) throws(ReadError) -> FileStamp {
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0 else { throw Inbox.failure(errno, shown) }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw ReadError(Diagnostic(.fileNotRegular, at: SourceLocation(file: shown)))
    }
    return FileStamp(status)
  }

  /// From here on reading takes no fingerprint: who works on the bytes hands them in (`takeFingerprint`). For while a file is
  /// read other tasks wait for their turn, and to hash a text takes as long as to read it and to split it.
  ///
  /// - Returns: `false` when there is none to take.
  package func leaveFingerprint() -> Bool {
    isHashedBehind = digest != nil
    return isHashedBehind
  }

  /// Hashes bytes that were read, in the order of the file; what was not handed in before them is read once more. One task at
  /// a time; another may read meanwhile.
  ///
  /// - Parameter start: place in the file of the first of `bytes`.
  package func takeFingerprint(of bytes: Span<UInt8>, at start: Int) {
    // Where it cannot be read, `fingerprint()` says so.
    do throws(ReadError) { try hash(upTo: start) } catch { return }
    guard start <= hashed, start + bytes.count > hashed else { return }
    unsafe bytes.extracting(droppingFirst: hashed - start).withUnsafeBytes { unsafe digest?.update($0) }
    hashed = start + bytes.count
  }

  /// Hashes the next bytes of the file before anybody reads them.
  ///
  /// - Returns: `false` when there are none, or they cannot be read.
  func hashAhead(_ count: Int) -> Bool {
    let end = min(size, hashed + count)
    do throws(ReadError) { try hash(upTo: end) } catch { return false }
    return hashed == end && end < size
  }

  private func hash(upTo end: Int) throws(ReadError) {
    while hashed < end {
      let block = try bytes(hashed..<min(end, hashed + 1 << 16))
      if block.isEmpty { return }
      unsafe block.withUnsafeBytes { unsafe digest?.update($0) }
      hashed += block.count
    }
  }

  /// SHA-256 of the whole content in hexadecimal, as `sha256sum` prints it. Reads what is left of the file.
  ///
  /// - Throws: `file-changed` when it is not the file any more that was opened.
  package func fingerprint() throws(ReadError) -> String {
    if isProven { return digest?.hexadecimal() ?? "" }
    // What stands behind the bytes that it had when it was opened is no part of it: then it is another file by now.
    var rest: [UInt8] = []
    while position < size, try !append(to: &rest, upTo: 1 << 16) { rest.removeAll(keepingCapacity: true) }
    if isHashedBehind { try hash(upTo: size) }
    let after = try Self.stamp(of: descriptor, shown)
    guard after.size == size, position == size, after.modified == before.modified else {
      throw ReadError(Diagnostic(.fileChanged, at: SourceLocation(file: shown)))
    }
    return digest?.hexadecimal() ?? ""
  }
}

/// Takes the fingerprint of what goes through.
package final class DigestSource: ByteSource {
  private let source: any ByteSource
  private let digest = Digest()

  package init(_ source: any ByteSource) { self.source = source }

  package func read(into buffer: UnsafeMutableRawBufferPointer) throws(ReadError) -> Int {
    let count = unsafe try source.read(into: buffer)
    // SAFETY: read() has just filled the first `count` bytes.
    if count > 0 { unsafe digest.update(UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(buffer)[..<count])) }
    return count
  }

  /// SHA-256 of the whole content in hexadecimal. Reads what is left of it.
  package func fingerprint() throws(ReadError) -> String {
    var rest: [UInt8] = []
    while try !append(to: &rest, upTo: 1 << 16) { rest.removeAll(keepingCapacity: true) }
    return digest.hexadecimal()
  }
}

/// SHA-256 of `bytes` in hexadecimal.
package func sha256(of bytes: [UInt8]) -> String {
  Digest(of: bytes).hexadecimal()
}

/// HMAC-SHA-256 of `message` in hexadecimal: RFC 2104.
package func hmacSHA256(of message: [UInt8], key: [UInt8]) -> String {
  var block = key.count > Digest.blockSize ? Digest(of: key).value() : key
  block += [UInt8](repeating: 0, count: Digest.blockSize - block.count)
  let inner = Digest(of: block.map { $0 ^ 0x36 } + message).value()
  return Digest(of: block.map { $0 ^ 0x5c } + inner).hexadecimal()
}

private func hexadecimalText(_ bytes: UnsafeBufferPointer<UInt8>) -> String {
  let digits: StaticString = "0123456789abcdef"
  return unsafe String(unsafeUninitializedCapacity: 2 * bytes.count) { text in
    digits.withUTF8Buffer { digits in
      for index in 0..<bytes.count {
        let byte = unsafe bytes[index]
        // SAFETY: two digits of sixteen for each byte, in room for two of each.
        unsafe text[2 * index] = digits[Int(byte >> 4)]
        unsafe text[2 * index + 1] = digits[Int(byte & 15)]
      }
    }
    return 2 * bytes.count
  }
}

/// SHA-256 by libcrypto, which uses the processor's own instructions where it has them.
@safe final class Digest {
  /// Bytes that SHA-256 takes at a time.
  static let blockSize = 64

  private var state = SHA256_CTX()

  init() { begin() }

  convenience init(of bytes: [UInt8]) {
    self.init()
    unsafe bytes.withUnsafeBytes { unsafe update($0) }
  }

  /// Begins with the first byte; what went through before is forgotten.
  func begin() {
    let status = unsafe SHA256_Init(&state)
    precondition(status == 1, "libcrypto cannot begin a digest")
  }

  func update(_ bytes: UnsafeRawBufferPointer) {
    let status = unsafe SHA256_Update(&state, bytes.baseAddress, bytes.count)
    precondition(status == 1, "libcrypto cannot go on with a digest")
  }

  /// Its 32 bytes. Nothing more may come but `begin`.
  func value() -> [UInt8] {
    unsafe [UInt8](unsafeUninitializedCapacity: 32) { bytes, count in
      unsafe end(bytes)
      count = 32
    }
  }

  func hexadecimal() -> String {
    unsafe withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 32) { value in
      unsafe end(value)
      return unsafe hexadecimalText(UnsafeBufferPointer(value))
    }
  }

  /// - Parameter value: room for 32 bytes.
  private func end(_ value: UnsafeMutableBufferPointer<UInt8>) {
    let status = unsafe SHA256_Final(value.baseAddress, &state)
    precondition(status == 1, "libcrypto cannot end a digest")
  }
}
