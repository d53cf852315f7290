import Glibc

let runRecordName = "run.json"

/// What stands where the output is to stand.
enum Standing {
  case nothing, emptyFolder, ours, foreign
  var mayBeReplaced: Bool { self != .foreign }
}

extension OutputFolder {
  /// Puts the folder into its place in one step, waits until the disk knows, then removes the earlier output. Files that a
  /// person put into the earlier output folder are moved into the new one. On any error the earlier output stands as before.
  package consuming func publish() throws(WriteError) {
    precondition(hasRunRecord, "an output folder without its run record would not be known for ours")
    do {
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
      removeEarlier(swap)
    } catch let error as SystemError {
      throw .system(error.number, path, .inputOutput)
    } catch { throw .rows(error, of: path) }
  }

  private enum Swap {
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

  /// The new output stands: what cannot be removed now is left to the next run.
  private borrowing func removeEarlier(_ swap: Swap) {
    switch swap {
    case .moved: break
    case .exchanged: removeOutput(site.stagingName, in: site.parent.number, keepingForeignIn: site.staging.number)
    case .setAside(let aside): removeOutput(aside, in: site.parent.number, keepingForeignIn: site.staging.number)
    }
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
      for file in try names(in: folder.number) { unsafe unlinkat(folder.number, file, 0) }
      unsafe unlinkat(parent, leaving, AT_REMOVEDIR)
    }
  }
}

/// Removes a published output. What its run record does not name is not ours and moves to `newFolder`; while something stays
/// that could not be moved, the record stays too, so that nobody takes the rest for unfinished work.
private func removeOutput(_ name: FileName, in parent: Int32, keepingForeignIn newFolder: Int32) {
  guard let folder = try? openFolder(name, in: parent) else { return }
  let record = runRecord(in: folder.number) ?? []
  let recordName = fileName(runRecordName)
  for file in (try? names(in: folder.number)) ?? [] where file != recordName {
    if isNamed(file, in: record) {
      unsafe unlinkat(folder.number, file, 0)
    } else {
      try? rename(file, in: folder.number, to: file, in: newFolder, .keepExisting)
    }
  }
  guard let rest = try? names(in: folder.number), rest == [recordName] || rest.isEmpty else { return }
  unsafe unlinkat(folder.number, recordName, 0)
  unsafe unlinkat(parent, name, AT_REMOVEDIR)
}

/// The run record of a folder that a run made, or `nil`: an object whose first key is `fieldtally`.
private func runRecord(in folder: Int32) -> [UInt8]? {
  guard let bytes = contents(of: fileName(runRecordName), in: folder, limit: 16 << 20) else { return nil }
  let blanks: Set<UInt8> = [0x20, 0x0A, 0x0D, 0x09]
  let start = bytes.drop { blanks.contains($0) }
  guard start.first == UInt8(ascii: "{") else { return nil }
  return start.dropFirst().drop { blanks.contains($0) }.starts(with: "\"fieldtally\"".utf8) ? bytes : nil
}

/// Whether the list at the end of the record names the file. Our own names hold nothing that JSON escapes.
private func isNamed(_ file: FileName, in record: [UInt8]) -> Bool {
  let quoted = [UInt8(ascii: "\"")] + file.dropLast().map { UInt8(bitPattern: $0) } + [UInt8(ascii: "\"")]
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
