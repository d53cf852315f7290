import CSystem
import Glibc

/// A folder of outputs in the making: files are written beside the place where they will stand, on the same file system, and
/// take the place of the earlier output in one rename (`publish`), or never. Letting go of it, or `discard`, removes what was
/// written. A folder in the making is held by a lock (`flock`) that ends with the process, so that the next run can tell the
/// leavings of a killed run from the work of a living one, and removes them.
package struct OutputFolder: ~Copyable {
  /// Where the output will stand, as given.
  package let path: String
  let site: Site
  private(set) var fileNames: [String] = []
  let written = WrittenFiles()
  private(set) var hasRunRecord = false
  var isPublished = false

  /// - Throws: `.cannotCreate` when the folder above is missing or not writable, or when something stands at `path` that no run
  ///   made: a link, a file, a folder with contents but without our run record.
  package init(at path: String) throws(WriteError) {
    self.path = path
    let (above, last) = Self.split(path)
    guard let last else { throw .notOurs(path, found: path) }
    do { site = try Site(above: above, name: last) } catch let error as SystemError {
      throw .system(error.number, path, .cannotCreate)
    } catch { throw .notOurs(path, found: last) }
  }

  deinit {
    guard !isPublished else { return }
    removeFiles(in: site.staging.number)
    unsafe unlinkat(site.parent.number, site.stagingName, AT_REMOVEDIR)
  }

  /// Removes what was written; the earlier output stays.
  package consuming func discard() {}

  /// A new file. It is its owner's only until it is closed, and stays so when `isConfidential`.
  ///
  /// - Parameter name: of the file, or `FOLDER/NAME`; the folder is its owner's only.
  package mutating func create(_ name: String, isConfidential: Bool = false) throws(WriteError) -> OutputFile {
    let place = path + "/" + name
    let parts = name.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    guard parts.count <= 2, parts.allSatisfy({ !$0.isEmpty && !$0.hasPrefix(".") }), !name.utf8.contains(0) else {
      throw .system(EINVAL, place, .cannotCreate)
    }
    let number: Int32
    do {
      if parts.count == 2 {
        let folder = try subfolder(parts[0], in: site.staging.number)
        number = try newFile(parts[1], in: folder.number)
      } else {
        number = try newFile(name, in: site.staging.number)
      }
    } catch { throw .system(error.number, place, .cannotCreate) }
    return keep(number, name, isConfidential)
  }

  /// A file that has no name yet becomes one of the folder; `nil` where the system cannot name it.
  mutating func name(_ file: NamelessFile, _ name: String, isConfidential: Bool) -> OutputFile? {
    let number = fcntl(file.descriptor.number, F_DUPFD_CLOEXEC, 0)
    guard number >= 0 else { return nil }
    guard unsafe ftally_name_file(number, site.staging.number, name) == 0 else {
      close(number)
      return nil
    }
    return keep(number, name, isConfidential)
  }

  private mutating func keep(_ number: Int32, _ name: String, _ isConfidential: Bool) -> OutputFile {
    fileNames.append(name)
    return OutputFile(
      Descriptor(number), path: path + "/" + name, isConfidential: isConfidential, written: written)
  }

  /// Waits until the disk has all files that are closed.
  package borrowing func awaitDisk(width: Int) async throws(WriteError) { try await written.synchronize(width: width) }

  /// Begins `run.json`, by which the next run knows the folder and the files in it for ours. Until it is complete it has
  /// another name: without it the folder is known for unfinished work.
  package mutating func beginRunRecord(isConfidential: Bool = false) throws(WriteError) -> RunRecordFile {
    let number: Int32
    do { number = try newFile(unfinishedRecordName, in: site.staging.number) } catch {
      throw .system(error.number, path + "/" + runRecordName, .cannotCreate)
    }
    return RunRecordFile(keep(number, runRecordName, isConfidential))
  }

  /// Ends it: call it when all files are created.
  package mutating func endRunRecord(_ record: RunRecordFile) throws(WriteError) {
    try record.write([("files", .array(fileNames.sorted().map { .string($0) }))])
    try record.close()
    do {
      let (old, new) = (fileName(unfinishedRecordName), fileName(runRecordName))
      try system { unsafe renameat(site.staging.number, old, site.staging.number, new) }
    } catch { throw .system(error.number, path + "/" + runRecordName, .inputOutput) }
    hasRunRecord = true
  }

  /// A path to the folder in the making for libraries that open files by name; it holds as long as the folder.
  var stagingPath: String {
    // By number where the system offers it: then nobody can move another folder under our feet.
    let byNumber = "/proc/self/fd/\(site.staging.number)"
    if unsafe access(byNumber, W_OK) == 0 { return byNumber }
    let (above, _) = Self.split(path)
    return above + "/" + text(site.stagingName)
  }

  /// The folder above and the last name of a path; no name when the path ends in none (`/`, `..`).
  static func split(_ path: String) -> (above: String, name: String?) {
    var path = path[...]
    while path.count > 1 && path.hasSuffix("/") { path = path.dropLast() }
    let name = path.utf8.lastIndex(of: 0x2F).map { String(path[path.index(after: $0)...]) } ?? String(path)
    let above = String(path.dropLast(name.count))
    return (above.isEmpty ? "." : above, ["", ".", ".."].contains(name) ? nil : name)
  }
}

/// Where a folder in the making stands, and what it is to replace.
struct Site: ~Copyable {
  let parent: Descriptor
  let name: FileName
  let stagingName: FileName
  let staging: Descriptor

  struct Occupied: Error {}

  /// Makes the folder, after clearing away what killed runs left.
  /// - Throws: `SystemError`, or `Occupied` when the name has something that no run made.
  init(above: String, name last: String) throws {
    let name = fileName(last)
    let parent = Descriptor(try system { unsafe open(above, O_RDONLY | O_DIRECTORY | O_CLOEXEC) })
    try restoreSetAside(name, in: parent.number)
    guard try standing(at: name, in: parent.number).mayBeReplaced else { throw Occupied() }
    try removeLeavings(of: name, in: parent.number)
    let stagingName = fileName(leavingsPrefix(of: last) + randomSuffix())
    try system { unsafe mkdirat(parent.number, stagingName, 0o700) }
    let staging = try openFolder(stagingName, in: parent.number)
    try system { flock(staging.number, LOCK_EX | LOCK_NB) }
    self.name = name
    self.parent = parent
    self.stagingName = stagingName
    self.staging = staging
  }
}

private func randomSuffix() -> String {
  let digits = String(UInt32.random(in: 0 ... .max), radix: 16)
  return String(repeating: "0", count: 8 - digits.count) + digits
}
