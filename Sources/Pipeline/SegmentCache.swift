import Bytes
import Campaign
import Collect
import Diagnostics
import Glibc
import Records

/// A segment that is there already.
struct KnownSegment: Sendable {
  var segment: Segment
  var file: SegmentFile
  /// Whether its input file stands at another place now or was touched: the file of segments does not say so yet.
  var isMoved = false
  /// Whether what is in its chunks is read when it is asked for, and not at once.
  var isOutlined = false

  /// Adds what it holds to the files of a run.
  ///
  /// - Throws: `SegmentFault` when a chunk is not what was written.
  func append(to store: SegmentStore, _ reports: inout [FileReport]) throws(SegmentFault) {
    for table in segment.tables {
      for chunk in table.chunks {
        if isOutlined {
          try store.append(outlineOf: chunk, in: file, ofFile: reports.count)
        } else {
          try store.append(chunk, in: file, ofFile: reports.count)
        }
      }
      reports.append(table.report)
    }
  }

  func outlined() -> KnownSegment {
    var known = self
    known.isOutlined = true
    return known
  }
}

/// What earlier runs left, read while the campaign is loaded; whether it is of use shows when it is.
struct CacheAhead: Sendable {
  private(set) var state = RunState.Content()
  private var files: [String: (file: SegmentFile, directory: SegmentDirectory)] = [:]

  /// - Parameter folder: `nil` where nothing is kept.
  static func read(_ folder: String?) async -> CacheAhead {
    var ahead = CacheAhead()
    guard let folder, unsafe access(folder, R_OK) == 0 else { return ahead }
    ahead.state = RunState.read(folder)
    for name in SegmentCache.names(in: folder) {
      let path = "\(folder)/\(name)"
      // What is wrong with it is found again where it can be said.
      guard let opened = try? SegmentFile.open(path) else { continue }
      ahead.files[path] = opened
      if ahead.state.bytes != nil { opened.file.prepareFinder() }
    }
    return ahead
  }

  /// Whether an earlier run read the file as it is; nearly certain.
  func knows(_ file: InboxFile) -> Bool {
    guard let identity = file.stamp?.identity else { return false }
    return files.values.contains { $0.directory.segments.contains { $0.identity == identity && $0.file == file.shown } }
  }

  /// - Throws: what makes the file no segment file of ours.
  func open(_ path: String) throws(SegmentFault) -> (file: SegmentFile, directory: SegmentDirectory) {
    if let known = files[path] { return known }
    return try SegmentFile.open(path)
  }
}

/// What earlier runs of a campaign left in its cache folder. All of it can be made again: without it a run takes longer and
/// gives the same bytes.
struct SegmentCache {
  let folder: String
  let context: String
  /// When the files of this run were listed.
  let begun: Int
  private(set) var notes: [Diagnostic] = []
  private var files: [(file: SegmentFile, directory: SegmentDirectory)] = []
  let writer: SegmentFileWriter?

  private static let suffix = ".segments"
  /// Files above which, and the share of dead bytes from which, what is still of use is put together.
  private static let mostFiles = 8

  /// - Parameter context: fingerprint of all but the input files on which segments depend.
  /// - Returns: `nil` where no cache can be kept.
  init?(_ folder: String, context: String, begun: Int, _ ahead: CacheAhead = CacheAhead()) {
    guard Self.makeFolder(folder) else { return nil }
    self.folder = folder
    self.context = context
    self.begun = begun
    writer = try? SegmentFileWriter("\(folder)/\(Self.name())\(Self.suffix)")
    for name in Self.names(in: folder) {
      let path = "\(folder)/\(name)"
      do throws(SegmentFault) {
        let (file, directory) = try ahead.open(path)
        if directory.context == context {
          files.append((file, directory))
        } else {
          unsafe unlink(path)
        }
      } catch {
        unsafe unlink(path)
        notes.append(Self.note(error, path))
      }
    }
    // What a later run said of a file holds.
    files.sort { $0.directory.begun < $1.directory.begun }
  }

  private static func makeFolder(_ folder: String) -> Bool {
    if unsafe mkdir(folder, 0o700) == 0 { return true }
    guard errno == EEXIST else { return false }
    return unsafe access(folder, W_OK | X_OK) == 0
  }

  private static func name() -> String { String(UInt64.random(in: .min ... .max), radix: 36) }

  /// Segment files, in order; leavings of runs that were killed an hour ago are removed.
  static func names(in folder: String) -> [String] {
    guard let found = try? Inbox(folder: folder).files().files else { return [] }
    let now = nanoseconds()
    for file in found where file.path.count == 1 && !file.shown.hasSuffix(suffix) && file.shown.contains(suffix + ".") {
      if (file.stamp?.changed ?? now) + 3_600_000_000_000 < now { unsafe unlink("\(folder)/\(file.shown)") }
    }
    return found.filter { $0.path.count == 1 && $0.shown.hasSuffix(suffix) }.map(\.shown)
  }

  private static func note(_ fault: SegmentFault, _ path: String) -> Diagnostic {
    let reason =
      switch fault {
      case .otherFormat: LocalizedText(zh: "由另一版本的程序写成", en: "written by another version")
      case .damaged: LocalizedText(zh: "已损坏", en: "damaged")
      case .unreadable(let code): LocalizedText(unsafe String(cString: strerror(code)))
      }
    return Diagnostic(.cacheRebuilt, at: SourceLocation(file: path), [.word(reason)])
  }

  /// Throws away all that is kept.
  static func clear(_ folder: String) {
    for name in names(in: folder) { unsafe unlink("\(folder)/\(name)") }
    RunState.clear(folder)
  }

  // MARK: looking up

  /// The segments that there are for `sources`; of the same path and stamp, else of the same content.
  func known(_ sources: [SourceFile], inbox: Inbox) -> [KnownSegment?] {
    guard !files.isEmpty else { return sources.map { _ in nil } }
    var byName: [Name: KnownSegment] = [:]
    var bySize: [Content: [KnownSegment]] = [:]
    for (file, directory) in files {
      for segment in directory.segments {
        let known = KnownSegment(segment: segment, file: file)
        byName[Name(source: segment.source, file: segment.file)] = known
        guard segment.tables.count == 1, let report = segment.tables.first?.report else { continue }
        bySize[Content(source: segment.source, size: report.size), default: []].append(known)
      }
    }
    return sources.map { source in
      let identity = source.identity
      if let known = byName[Name(source: source.source, file: source.file.shown)], !identity.isEmpty,
        known.segment.identity == identity
      {
        return known
      }
      guard let alike = bySize[Content(source: source.source, size: source.size)] else { return nil }
      let print = fingerprint(of: source, in: inbox)
      return alike.first { $0.segment.tables[0].report.fingerprint == print }.map { moved($0, to: source) }
    }
  }

  private struct Name: Hashable {
    var source: Int
    var file: String
  }
  private struct Content: Hashable {
    var source: Int
    var size: Int
  }

  /// The segment of a file that stands at another place now, or was touched.
  private func moved(_ known: KnownSegment, to source: SourceFile) -> KnownSegment {
    var known = known
    known.isMoved = true
    let name = source.file.shown
    known.segment.file = name
    known.segment.identity = source.settledIdentity(at: begun)
    known.segment.tables[0].report.move(to: name)
    return known
  }

  // MARK: leaving behind

  /// What a run leaves of what it read, written and not yet in place.
  struct Written: Sendable {
    fileprivate var hasFile = false
    /// Files of which nothing is of use any more.
    fileprivate var dead: [String] = []
  }

  /// Writes what this run read for the next one. A file of which less than half is of use is written anew.
  ///
  /// - Parameter store: in which the chunks of `new` are.
  /// - Returns: `nil` when the disk does not take it.
  func write(_ new: [SegmentPiece], of known: [KnownSegment?], _ store: SegmentStore) -> Written? {
    let byFile = Dictionary(grouping: known.compactMap(\.self)) { ObjectIdentifier($0.file) }
    let isCrowded = files.count >= Self.mostFiles
    var kept = SegmentDirectory(context: context, begun: begun, pieces: new)
    var copied: [KeyFinderDraft.Keys] = []
    var written = Written()
    for (file, directory) in files {
      let live = byFile[ObjectIdentifier(file)] ?? []
      let stays = live.filter { !$0.isMoved }
      let size = directory.segments.reduce(1) { $0 + $1.size }
      let isWhole = !isCrowded && stays.reduce(1) { $0 + $1.segment.size } * 2 > size
      guard let copies = copy(isWhole ? live.filter(\.isMoved) : live, &copied) else { return nil }
      if copies.count > 0 { kept.pieces.append(copies) }
      if !isWhole { written.dead.append(file.path) }
    }
    if !kept.pieces.isEmpty {
      guard let writer, writer.isUsable else { return nil }
      let finder = store.finderDraft(with: copied).map(writer.append)
      do throws(SegmentFault) { try writer.complete(kept, finder: finder, isLasting: false) } catch { return nil }
      written.hasFile = true
    }
    return written
  }

  /// Puts it in place, and removes what is of no use any more.
  func keep(_ written: Written?) {
    defer { writer?.discard() }
    guard let written else { return }
    if written.hasFile {
      do throws(SegmentFault) { try writer?.putInPlace() } catch { return }
    }
    for path in written.dead { unsafe unlink(path) }
  }

  /// The chunks of `live` in the new file; `nil` when the disk does not take them.
  ///
  /// - Parameter copied: to which they are added with their keys.
  private func copy(
    _ live: [KnownSegment], _ copied: inout [KeyFinderDraft.Keys]
  ) -> SegmentPiece? {
    var copies = SegmentPiece()
    for known in live {
      var segment = known.segment
      for table in segment.tables.indices {
        for (place, chunk) in segment.tables[table].chunks.enumerated() {
          guard let bytes = try? known.file.read(chunk), let copy = writer?.append(EncodedChunks(bytes, chunk)) else {
            return nil
          }
          segment.tables[table].chunks[place] = copy[0]
          copied.append(KeyFinderDraft.Keys(chunk.keys(in: bytes).key, of: copy[0]))
        }
      }
      copies.append(segment)
    }
    return copies
  }
}

extension FileStamp {
  fileprivate var identity: [Int] {
    [size, Int(truncatingIfNeeded: device), Int(truncatingIfNeeded: inode), modified, changed]
  }
}

extension SourceFile {
  /// By which the file is known again without reading it; empty when the file system does not tell.
  var identity: [Int] { stamp?.identity ?? [] }

  /// Empty also when the file was written so shortly before `moment` that another change might bear the same time.
  func settledIdentity(at moment: Int) -> [Int] {
    stamp?.isSettled(at: moment) == true ? identity : []
  }
}

extension FileReport {
  /// The same file under another name.
  fileprivate mutating func move(to name: String) {
    let old = path
    path = name
    var notes = reading.notes
    for note in notes.indices where notes[note].location.file == old { notes[note].location.file = name }
    reading.notes = notes
  }
}

/// Nanoseconds since 1970.
func nanoseconds() -> Int {
  var time = timespec()
  unsafe clock_gettime(CLOCK_REALTIME, &time)
  return Int(time.tv_sec) * 1_000_000_000 + Int(time.tv_nsec)
}

extension Segment {
  /// Bytes of its chunks, and something for what is said of it.
  fileprivate var size: Int { tables.reduce(64) { $0 + $1.chunks.reduce(0) { $0 + $1.count } } }
}
