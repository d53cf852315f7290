package import Diagnostics
package import Glibc

/// A regular file below the inbox. One reference, since there may be twenty thousand, which go from list to list.
package final class InboxFile: Sendable {
  /// Names of the folders, which share their list with the other files there, and of the file, as the file system has them.
  let folders: [[UInt8]]
  let name: [UInt8]
  package var path: [[UInt8]] { folders + [name] }
  /// The path as text, separated by `/`.
  package let shown: String
  /// Bytes when the inbox was listed.
  package let size: Int
  /// What the file system said of it then; `nil` for the members of an archive.
  package let stamp: FileStamp?

  package convenience init(path: [[UInt8]], shown: String, size: Int) {
    self.init(Array(path.dropLast()), path.last ?? [], shown: shown, size: size, stamp: nil)
  }

  init(_ folders: [[UInt8]], _ name: [UInt8], shown: String, size: Int, stamp: FileStamp?) {
    self.folders = folders
    self.name = name
    self.shown = shown
    self.size = size
    self.stamp = stamp
  }
}

extension InboxFile: Hashable {
  package static func == (file: InboxFile, other: InboxFile) -> Bool {
    file.name == other.name && file.folders == other.folders && file.shown == other.shown && file.size == other.size
      && file.stamp == other.stamp
  }

  package func hash(into hasher: inout Hasher) { hasher.combine(shown) }
}

/// What tells without reading that a file is still the one that was read: all that the file system changes when somebody
/// writes to it, or puts another in its place.
package struct FileStamp: Sendable, Hashable {
  package var size: Int
  package var device: UInt64
  package var inode: UInt64
  /// Nanoseconds since 1970: of the last change of the content, and of the file at all. No program can set the second.
  package var modified: Int
  package var changed: Int

  package init(size: Int, device: UInt64, inode: UInt64, modified: Int, changed: Int) {
    self.size = size
    self.device = device
    self.inode = inode
    self.modified = modified
    self.changed = changed
  }

  package init(_ status: stat) {
    func nanoseconds(_ time: timespec) -> Int { Int(time.tv_sec) * 1_000_000_000 + Int(time.tv_nsec) }
    self.init(
      size: Int(status.st_size), device: UInt64(status.st_dev), inode: UInt64(status.st_ino),
      modified: nanoseconds(status.st_mtim), changed: nanoseconds(status.st_ctim))
  }

  /// Whether the clock of the file system had moved on since the last change when it was `moment`. If not, a later change
  /// may bear the same time, and the stamp proves nothing.
  package func isSettled(at moment: Int) -> Bool { max(modified, changed) + 100_000_000 < moment }
}

/// The folder into which the teams put their files.
package struct Inbox: Sendable {
  package let folder: String
  /// Folders below folders that are looked into.
  private static let depthLimit = 32

  package init(folder: String) { self.folder = folder }

  /// All regular files below the inbox, sorted by the bytes of their names, and what was found beside them. Links, devices,
  /// pipes and sockets are named and not opened; hidden files and the lock files of office programs are passed over.
  ///
  /// - Parameter passedOver: names in the folder itself that are not looked at.
  package func files(except passedOver: Set<String> = []) throws(ReadError) -> (files: [InboxFile], notes: [Diagnostic])
  {
    let descriptor = unsafe open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw Self.failure(errno, folder) }
    var listing = Listing()
    try list(descriptor, path: [], shown: "", passedOver, &listing)
    return listing.sorted()
  }

  /// The same; what stands below each folder of the inbox is listed by a task of its own.
  package func files(width: Int) async throws(ReadError) -> (files: [InboxFile], notes: [Diagnostic]) {
    guard width > 1 else { return try files() }
    let descriptor = unsafe open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw Self.failure(errno, folder) }
    var top = Listing(isShallow: true)
    try list(descriptor, path: [], shown: "", [], &top)
    let folders = top.folders
    let parts = await withTaskGroup(of: (Int, Result<Listing, ReadError>).self) { tasks in
      var parts = [Result<Listing, ReadError>](repeating: .success(Listing()), count: folders.count)
      for (number, folder) in folders.enumerated() {
        if number >= width, let (done, part) = await tasks.next() { parts[done] = part }
        tasks.addTask { (number, list(folder)) }
      }
      for await (done, part) in tasks { parts[done] = part }
      return parts
    }
    var whole = Listing()
    whole.notes = top.notes
    var next = 0
    for (place, part) in zip(folders, parts) {
      whole.files += top.files[next..<place.filesBefore]
      next = place.filesBefore
      let part = try part.get()
      whole.files += part.files
      whole.notes += part.notes
    }
    whole.files += top.files[next...]
    return whole.sorted()
  }

  /// What was found.
  private struct Listing: Sendable {
    var files: [InboxFile] = []
    var notes: [Diagnostic] = []
    /// Whether folders are not entered but named in `folders`.
    var isShallow = false
    var folders: [Folder] = []

    func sorted() -> (files: [InboxFile], notes: [Diagnostic]) {
      (files, notes.sorted { ($0.location.file, $0.rule.id) < ($1.location.file, $1.rule.id) })
    }
  }

  /// A folder that is to be listed, and the number of files of the listing that stand before its own.
  private struct Folder: Sendable {
    var name: [UInt8]
    var shown: String
    var filesBefore: Int
  }

  /// - Parameter place: a folder right below the inbox.
  private func list(_ place: Folder) -> Result<Listing, ReadError> {
    var listing = Listing()
    let descriptor = unsafe open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { return .failure(Self.failure(errno, folder)) }
    defer { close(descriptor) }
    do throws(ReadError) { try enter(place.name, of: descriptor, path: [], shown: place.shown, &listing) } catch {
      return .failure(error)
    }
    return .success(listing)
  }

  private func enter(
    _ name: [UInt8], of descriptor: Int32, path: [[UInt8]], shown: String, _ listing: inout Listing
  ) throws(ReadError) {
    let child = unsafe withCString(name) {
      unsafe openat(descriptor, $0, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
    }
    guard child >= 0 else {
      listing.notes.append(Self.failure(errno, shown).diagnostic)
      return
    }
    try list(child, path: path + [name], shown: shown + "/", [], &listing)
  }

  /// Appends the files of a folder and of those below it, in the order of their names.
  ///
  /// - Parameters:
  ///   - descriptor: of the folder; closed here.
  ///   - shown: its path as text, with a `/` at the end unless it is the inbox itself.
  private func list(
    _ descriptor: Int32, path: [[UInt8]], shown: String, _ passedOver: Set<String>, _ listing: inout Listing
  ) throws(ReadError) {
    guard let stream = unsafe fdopendir(descriptor) else {
      close(descriptor)
      throw Self.failure(errno, folder)
    }
    defer { unsafe closedir(stream) }
    var names = unsafe FolderNames(in: stream, except: passedOver)
    // Without the rest of the list files would be missing that nobody knows of.
    if errno != 0 { throw Self.failure(errno, path.isEmpty ? folder : String(shown.dropLast())) }
    names.sort()
    for place in names.places {
      let name = Array(names.bytes[place])
      let isPlain = isPlain(name)
      let shownHere = isPlain ? Self.join(shown, name) : shown + Self.shown(name)
      var status = stat()
      guard unsafe withCString(name, { unsafe fstatat(descriptor, $0, &status, AT_SYMLINK_NOFOLLOW) }) == 0 else {
        if errno != ENOENT { listing.notes.append(Self.failure(errno, shownHere).diagnostic) }
        continue
      }
      switch status.st_mode & S_IFMT {
      case S_IFREG:
        listing.files.append(
          InboxFile(path, name, shown: shownHere, size: Int(status.st_size), stamp: FileStamp(status)))
        if !isPlain, name.contains(where: { $0 < 0x20 }) || String(validating: name, as: UTF8.self) == nil {
          listing.notes.append(Diagnostic(.fileNameNotText, at: SourceLocation(file: shownHere)))
        }
      case S_IFDIR:
        guard path.count + 1 < Self.depthLimit else {
          listing.notes.append(Self.failure(ELOOP, shownHere).diagnostic)
          continue
        }
        if listing.isShallow {
          listing.folders.append(Folder(name: name, shown: shownHere, filesBefore: listing.files.count))
        } else {
          try enter(name, of: descriptor, path: path, shown: shownHere, &listing)
        }
      default:
        listing.notes.append(Diagnostic(.fileNotRegular, at: SourceLocation(file: shownHere)))
      }
    }
  }

  /// In one piece of memory.
  private static func join(_ shown: String, _ name: [UInt8]) -> String {
    let shown = shown.utf8
    return unsafe String(unsafeUninitializedCapacity: shown.count + name.count) { text in
      let end = unsafe text.initialize(fromContentsOf: shown)
      return unsafe text[end...].initialize(fromContentsOf: name)
    }
  }

  private static func shown(_ name: [UInt8]) -> String { printable(String(decoding: name, as: UTF8.self)) }

  static func failure(_ code: Int32, _ path: String) -> ReadError {
    let reason = unsafe String(cString: strerror(code))
    return ReadError(
      Diagnostic(code == ENOENT ? .fileMissing : .fileUnreadable, at: SourceLocation(file: path), [.literal(reason)]))
  }
}

/// Whether people see the name as it is: short, and of ASCII characters that have a form.
private func isPlain(_ name: [UInt8]) -> Bool { name.count <= 100 && name.allSatisfy { $0 >= 0x20 && $0 < 0x7F } }

/// The names in a folder that are looked at, one behind another.
private struct FolderNames {
  private(set) var bytes: [UInt8] = []
  private(set) var places: [Range<Int>] = []

  /// `errno` is 0 when they are all.
  init(in stream: OpaquePointer, except passedOver: Set<String>) {
    while true {
      errno = 0
      guard let entry = unsafe readdir(stream) else { return }
      unsafe withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        // SAFETY: `d_name` has 256 bytes, of which the name is what stands before the first 0.
        unsafe pointer.withMemoryRebound(to: UInt8.self, capacity: 256) {
          let name = unsafe UnsafeBufferPointer(start: $0, count: strnlen(UnsafePointer(OpaquePointer($0)), 256))
          let isPassedOver =
            unsafe name.first == UInt8(ascii: ".") || name.starts(with: [UInt8(ascii: "~"), UInt8(ascii: "$")])
            || (!passedOver.isEmpty && passedOver.contains(String(decoding: name, as: UTF8.self)))
          if isPassedOver { return }
          places.append(bytes.count..<bytes.count + name.count)
          unsafe bytes.append(contentsOf: name)
        }
      }
    }
  }

  /// By the bytes of the names.
  mutating func sort() {
    unsafe bytes.withUnsafeBytes { bytes in
      guard let base = bytes.baseAddress else { return }
      places.sort { name, other in
        // SAFETY: the places are within the bytes.
        let order = unsafe memcmp(base + name.lowerBound, base + other.lowerBound, min(name.count, other.count))
        return order == 0 ? name.count < other.count : order < 0
      }
    }
  }
}

/// Lends `name` as C takes it.
func withCString<Result>(_ name: [UInt8], _ body: (UnsafePointer<CChar>) -> Result) -> Result {
  unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: name.count + 1) { buffer in
    // SAFETY: every one of the `count + 1` characters is written before `body` sees them.
    unsafe name.withUnsafeBytes { unsafe UnsafeMutableRawBufferPointer(buffer).copyMemory(from: $0) }
    unsafe buffer[name.count] = 0
    return unsafe body(UnsafePointer(buffer.baseAddress!))
  }
}

extension InboxFile {
  /// Whether its name ends with `suffix`, lower-case ASCII, in either case.
  package func isNamed(_ suffix: StaticString) -> Bool {
    suffix.withUTF8Buffer { suffix in
      guard name.count >= suffix.count else { return false }
      let start = name.count - suffix.count
      // From the end: of most names the last letter says it.
      for index in suffix.indices.reversed() {
        let byte = name[start + index]
        guard unsafe ((0x41...0x5A).contains(byte) ? byte + 0x20 : byte) == suffix[index] else { return false }
      }
      return true
    }
  }
}
