import Glibc

let runRecordName = "run.json"
let unfinishedRecordName = ".run.json"

/// What stands where the output is to stand.
enum Standing {
  case nothing, emptyFolder, ours, foreign
  var mayBeReplaced: Bool { self != .foreign }
}

extension OutputFolder {
  /// Puts the folder into its place in one step, waits until the disk knows, then removes the earlier output. Files that a
  /// person put into the earlier output folder are moved into the new one. On any error the earlier output stands as before.
  package consuming func publish() throws(WriteError) { try replaceEarlier()?.remove() }

  /// The same, but that the earlier output is still there, under another name.
  ///
  /// - Returns: what is to be removed. When nobody does, the next run will.
  package consuming func replaceEarlier() throws(WriteError) -> EarlierOutput? {
    precondition(hasRunRecord, "an output folder without its run record would not be known for ours")
    try written.synchronize()
    do {
      for folder in Set(fileNames.filter { $0.contains("/") }.map { $0.prefix { $0 != "/" } }) {
        let inner = try openFolder(fileName(String(folder)), in: site.staging.number)
        try synchronize(inner.number)
      }
      try system { fchmod(site.staging.number, 0o755) }
      try synchronize(site.staging.number)
      guard try standing(at: site.name, in: site.parent.number).mayBeReplaced else {
        throw WriteError.notOurs(path, found: path)
      }
      let swap = try swapIn()
      do { try synchronize(site.parent.number) } catch {
        undo(swap)
        throw error
      }
      isPublished = true
      return EarlierOutput(swap, site)
    } catch let error as SystemError {
      throw .system(error.number, path, .inputOutput)
    } catch { throw .rows(error, of: path) }
  }

  fileprivate enum Swap {
    case exchanged, moved
    /// The earlier output has this name.
    case setAside(FileName)
  }

  private borrowing func swapIn() throws(SystemError) -> Swap {
    let folder = site.parent.number
    do {
      try rename(site.stagingName, in: folder, to: site.name, in: folder, .exchange)
      return .exchanged
    } catch  where [ENOENT, EINVAL, ENOSYS, ENOTSUP].contains(error.number) {}
    guard try standing(at: site.name, in: folder) != .nothing else {
      try system { unsafe renameat(folder, site.stagingName, folder, site.name) }
      return .moved
    }
    // No exchange on this file system: for a moment nothing stands there. A run that finds it so puts it back.
    let aside = setAsideName(of: site.name)
    try system { unsafe renameat(folder, site.name, folder, aside) }
    do { try system { unsafe renameat(folder, site.stagingName, folder, site.name) } } catch {
      unsafe renameat(folder, aside, folder, site.name)
      throw error
    }
    return .setAside(aside)
  }

  private borrowing func undo(_ swap: Swap) {
    let folder = site.parent.number
    switch swap {
    case .exchanged: try? rename(site.stagingName, in: folder, to: site.name, in: folder, .exchange)
    case .moved: unsafe renameat(folder, site.name, folder, site.stagingName)
    case .setAside(let aside):
      unsafe renameat(folder, site.name, folder, site.stagingName)
      unsafe renameat(folder, aside, folder, site.name)
    }
  }
}

/// An output of which another one took the place. What cannot be removed is left to the next run.
package final class EarlierOutput: Sendable {
  private let parent: Descriptor
  private let name: FileName
  private let newOutput: Descriptor

  fileprivate init?(_ swap: OutputFolder.Swap, _ site: borrowing Site) {
    switch swap {
    case .moved: return nil
    case .exchanged: name = site.stagingName
    case .setAside(let aside): name = aside
    }
    parent = Descriptor(fcntl(site.parent.number, F_DUPFD_CLOEXEC, 0))
    newOutput = Descriptor(fcntl(site.staging.number, F_DUPFD_CLOEXEC, 0))
  }

  func remove() { removeOutput(name, in: parent.number, keepingForeignIn: newOutput.number) }

  /// The same with `width` tasks at once: the system takes its time for large files.
  ///
  /// - Returns: whether nothing of it is left.
  package func remove(width: Int) async -> Bool {
    if let removal = OutputRemoval(name, in: parent.number) {
      let folder = removal.folder.number
      try? await sideBySide(removal.ours, width: width) { unsafe unlinkat(folder, $0, 0) }
      removal.finish(name, in: parent.number, keepingForeignIn: newOutput.number)
    }
    return (try? standing(at: name, in: parent.number)) == .nothing
  }
}

/// Looks at what has `name`, without following links.
func standing(at name: FileName, in parent: Int32) throws(SystemError) -> Standing {
  var status = stat()
  do { try system { unsafe fstatat(parent, name, &status, AT_SYMLINK_NOFOLLOW) } } catch  where error.number == ENOENT {
    return .nothing
  }
  guard status.st_mode & S_IFMT == S_IFDIR else { return .foreign }
  let folder = try openFolder(name, in: parent)
  if try names(in: folder.number).isEmpty { return .emptyFolder }
  return runRecord(in: folder.number) == nil ? .foreign : .ours
}

/// `.NAME.fieldtally-`, with which all names begin that runs give to folders beside the output NAME.
func leavingsPrefix(of name: String) -> String { ".\(name).fieldtally-" }

private func setAsideName(of name: FileName) -> FileName {
  fileName(leavingsPrefix(of: text(name)) + "aside")
}

/// Puts an earlier output back that a run killed between two renames left beside its place.
func restoreSetAside(_ name: FileName, in parent: Int32) throws(SystemError) {
  guard try standing(at: name, in: parent) == .nothing else { return }
  _ = unsafe renameat(parent, setAsideName(of: name), parent, name)
}

/// Removes folders beside the output that killed runs left: unfinished ones and earlier outputs that were replaced.
func removeLeavings(of name: FileName, in parent: Int32) throws(SystemError) {
  let prefix = fileName(leavingsPrefix(of: text(name))).dropLast()
  for leaving in try names(in: parent) where leaving.starts(with: prefix) {
    guard let folder = try? openFolder(leaving, in: parent), flock(folder.number, LOCK_EX | LOCK_NB) == 0 else {
      continue
    }
    let current = unsafe openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
    defer { if current >= 0 { close(current) } }
    if runRecord(in: folder.number) != nil {
      removeOutput(leaving, in: parent, keepingForeignIn: current)
    } else {
      removeFiles(in: folder.number)
      unsafe unlinkat(parent, leaving, AT_REMOVEDIR)
    }
  }
}

/// Removes a published output. What its run record does not name is not ours and moves to `newFolder`; while something stays
/// that could not be moved, the record stays too, so that nobody takes the rest for unfinished work.
private func removeOutput(_ name: FileName, in parent: Int32, keepingForeignIn newFolder: Int32) {
  guard let removal = OutputRemoval(name, in: parent) else { return }
  for file in removal.ours { unsafe unlinkat(removal.folder.number, file, 0) }
  removal.finish(name, in: parent, keepingForeignIn: newFolder)
}

/// What stands in a published output that is to be removed.
private struct OutputRemoval: ~Copyable {
  let folder: Descriptor
  private let record: [UInt8]
  /// Files that its record names, but for the record.
  let ours: [FileName]
  /// Folders, and what is not ours.
  private let others: [FileName]
  private static let recordName = fileName(runRecordName)

  init?(_ name: FileName, in parent: Int32) {
    guard let folder = try? openFolder(name, in: parent) else { return nil }
    let record = runRecord(in: folder.number) ?? []
    let files = ((try? names(in: folder.number)) ?? []).filter { $0 != Self.recordName }
    let areNamed = files.map { isNamed($0, in: record) }
    ours = zip(files, areNamed).compactMap { $1 ? $0 : nil }
    others = zip(files, areNamed).compactMap { $1 ? nil : $0 }
    self.record = record
    self.folder = folder
  }

  /// When our files are gone.
  borrowing func finish(_ name: FileName, in parent: Int32, keepingForeignIn newFolder: Int32) {
    for file in others {
      if isFolderNamed(file, in: record) {
        removeFolder(file, in: folder.number, record, keepingForeignIn: newFolder)
      } else if (try? rename(file, in: folder.number, to: file, in: newFolder, .keepExisting)) == nil {
        // A folder that both have: what is in it moves.
        removeFolder(file, in: folder.number, record, keepingForeignIn: newFolder)
      }
    }
    guard let rest = try? names(in: folder.number), rest == [Self.recordName] || rest.isEmpty else { return }
    unsafe unlinkat(folder.number, Self.recordName, 0)
    unsafe unlinkat(parent, name, AT_REMOVEDIR)
  }
}

/// Removes a folder of a published output. What a person put into it, and what they changed since it was published, moves to
/// the folder of that name in the new output: a list that was filled in where it stood is not lost.
private func removeFolder(
  _ name: FileName, in parent: Int32, _ record: [UInt8], keepingForeignIn newParent: Int32
) {
  guard let folder = try? openFolder(name, in: parent) else { return }
  let published = modificationTime(of: fileName(runRecordName), in: parent) ?? .max
  for file in (try? names(in: folder.number)) ?? [] {
    let isOurs = isNamed(fileName(text(name) + "/" + text(file)), in: record)
    let isEdited = (modificationTime(of: file, in: folder.number) ?? 0) > published + 30
    if isOurs && !isEdited {
      unsafe unlinkat(folder.number, file, 0)
    } else if let target = try? subfolder(text(name), in: newParent) {
      let candidates = isOurs ? (0..<100).map { editedName(text(file), $0) } : [file]
      for candidate in candidates {
        do {
          try rename(file, in: folder.number, to: candidate, in: target.number, .keepExisting)
          break
        } catch { if error.number != EEXIST { break } }
      }
    }
  }
  unsafe unlinkat(parent, name, AT_REMOVEDIR)
}

/// `第9组.edited.csv`, `第9组.edited-2.csv` …
private func editedName(_ name: String, _ number: Int) -> FileName {
  let dot = name.lastIndex(of: ".") ?? name.endIndex
  return fileName(name[..<dot] + ".edited" + (number == 0 ? "" : "-\(number + 1)") + name[dot...])
}

/// Seconds since 1970.
private func modificationTime(of name: FileName, in folder: Int32) -> Int? {
  var status = stat()
  guard unsafe fstatat(folder, name, &status, AT_SYMLINK_NOFOLLOW) == 0 else { return nil }
  return status.st_mtim.tv_sec
}

/// Whether the list at the end of the record names files in a folder of this name.
private func isFolderNamed(_ folder: FileName, in record: [UInt8]) -> Bool {
  let quoted = [UInt8(ascii: "\"")] + folder.dropLast().map { UInt8(bitPattern: $0) } + [UInt8(ascii: "/")]
  return isListed(quoted, in: record)
}

/// The run record of a folder that a run made, or `nil`: an object whose first key is `fieldtally`. Of a long one, which has
/// many input files, its beginning and its end with the list of outputs.
private func runRecord(in folder: Int32) -> [UInt8]? {
  guard let bytes = contents(of: fileName(runRecordName), in: folder, atMost: 4 << 20) else { return nil }
  let blanks: Set<UInt8> = [0x20, 0x0A, 0x0D, 0x09]
  let start = bytes.drop { blanks.contains($0) }
  guard start.first == UInt8(ascii: "{") else { return nil }
  return start.dropFirst().drop { blanks.contains($0) }.starts(with: "\"fieldtally\"".utf8) ? bytes : nil
}

/// Whether the list at the end of the record names the file. Our own names hold nothing that JSON escapes.
private func isNamed(_ file: FileName, in record: [UInt8]) -> Bool {
  let quoted = [UInt8(ascii: "\"")] + file.dropLast().map { UInt8(bitPattern: $0) } + [UInt8(ascii: "\"")]
  return isListed(quoted, in: record)
}

private func isListed(_ quoted: [UInt8], in record: [UInt8]) -> Bool {
  let list = Array("\"files\"".utf8)
  guard var at = lastPlace(of: list, in: record) else { return false }
  while at + quoted.count <= record.count {
    if record[at] == quoted[0], record[at..<at + quoted.count].elementsEqual(quoted) { return true }
    at += 1
  }
  return false
}

private func lastPlace(of needle: [UInt8], in bytes: [UInt8]) -> Int? {
  guard bytes.count >= needle.count else { return nil }
  return (0...bytes.count - needle.count).last { bytes[$0..<$0 + needle.count].elementsEqual(needle) }
}
