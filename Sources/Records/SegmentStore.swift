package import Bytes
package import Diagnostics
import Glibc

/// The chunks of a run, in the order of sources and files. Their outlines stay in memory, and so do the first few dozen MiB
/// of the rest; what does not goes to disk, so that memory does not grow with what is read: to the segment file that the run
/// leaves behind, or, when it leaves none, to a file that has no name and is gone when the run ends. Chunks of earlier runs
/// stay where they are.
///
/// Unchecked: one task appends while files are read; from Reconcile on nobody does, and reading (an array that no longer
/// changes, `pread`) is safe from any number of tasks.
package final class SegmentStore: @unchecked Sendable {
  private enum Place {
    case memory(SegmentChunk)
    /// - file: place of the file in this run.
    case spooled(ChunkPlace, file: Int)
    case kept(ChunkPlace, SegmentFile, file: Int)
  }
  private var places: [Place] = []
  /// Of the chunks, in their order.
  package private(set) var outlines: [ChunkOutline] = []
  /// Hash of each in a segment file; `nil` where it stands in none.
  package private(set) var hashes: [Hash128?] = []
  /// Where the chunks stand that were written to `segments`.
  private var written: [ChunkPlace?] = []
  private let segments: SegmentFileWriter?
  private var held = 0
  private var spooled = 0
  private let memoryBudget: Int
  private let spoolFolder: String
  private var descriptor: Int32 = -1
  /// Why a chunk could not be kept. The fault is the disk's and not that of the file whose chunk it was: the run must end.
  package private(set) var failure: ReadError?

  /// - Parameters:
  ///   - spoolFolder: folder on a disk with room for what does not fit into memory.
  ///   - memoryBudget: bytes of chunks that are kept in memory.
  ///   - segments: where all chunks are left for later runs. When the disk takes no more of it, the run goes on without.
  package init(spoolFolder: String, memoryBudget: Int = 32 << 20, segments: SegmentFileWriter? = nil) {
    self.spoolFolder = spoolFolder
    self.memoryBudget = memoryBudget
    self.segments = segments
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  package var count: Int { places.count }
  package var leavesSegments: Bool { segments?.isUsable ?? false }

  /// Makes room for so many more, where they are more than there are: for fewer, room grows by itself, and faster.
  package func reserve(_ chunks: Int) {
    guard chunks > count else { return }
    places.reserveCapacity(count + chunks)
    outlines.reserveCapacity(count + chunks)
    hashes.reserveCapacity(count + chunks)
    written.reserveCapacity(count + chunks)
  }

  package func append(_ chunk: SegmentChunk) throws(ReadError) { try append([chunk], file: 0) }

  /// - Parameters:
  ///   - chunks: each says of which file it is, counted from `file`.
  ///   - encoded: the chunks in bytes, where their maker has them; of their files they may say anything.
  package func append(
    _ chunks: [SegmentChunk], file: Int, encoded: EncodedChunks? = nil
  ) throws(ReadError) {
    var standing: [ChunkPlace]?
    if let segments, segments.isUsable {
      // What stays in memory is not read again before the file is complete.
      let isHeld = held + chunks.reduce(0) { $0 + $1.footprint } < memoryBudget
      standing = segments.append(encoded ?? EncodedChunks(chunks), mayWait: isHeld)
    }
    for (number, chunk) in chunks.enumerated() {
      chunk.move(to: file + chunk.file)
      try append(chunk, standing: standing?[number])
    }
  }

  /// - Parameter standing: where it stands in the segment file.
  private func append(_ chunk: SegmentChunk, standing: ChunkPlace?) throws(ReadError) {
    outlines.append(ChunkOutline(chunk))
    hashes.append(standing?.whole)
    written.append(standing)
    if held < memoryBudget {
      held += chunk.footprint
      places.append(.memory(chunk))
      return
    }
    if let segments, let standing {
      places.append(.kept(standing, segments.file, file: chunk.file))
      return
    }
    var (bytes, place) = chunk.encoded()
    place.offset = spooled
    do throws(ReadError) { try write(bytes) } catch {
      failure = failure ?? error
      throw error
    }
    places.append(.spooled(place, file: chunk.file))
    spooled += bytes.count
  }

  /// A chunk that an earlier run left. It is looked at once, and memory holds it while there is room.
  ///
  /// - Parameter number: place in this run of the file that it is of.
  /// - Throws: when it is not what was written.
  package func append(_ place: ChunkPlace, in file: SegmentFile, ofFile number: Int) throws(SegmentFault) {
    let chunk = SegmentChunk(decoding: (try file.read(place), place), file: number)
    outlines.append(ChunkOutline(chunk))
    hashes.append(place.whole)
    written.append(nil)
    guard held < memoryBudget else {
      places.append(.kept(place, file, file: number))
      return
    }
    held += chunk.footprint
    places.append(.memory(chunk))
  }

  /// The same, of which hardly anything is read before it is used.
  package func append(
    outlineOf place: ChunkPlace, in file: SegmentFile, ofFile number: Int
  ) throws(SegmentFault) {
    outlines.append(ChunkOutline(place, try file.readWords(place), file: number))
    hashes.append(place.whole)
    written.append(nil)
    places.append(.kept(place, file, file: number))
  }

  /// Where a chunk stands in the segment file that this run leaves; `nil` when it does not.
  package func placeInSegments(_ index: Int) -> ChunkPlace? { written[index] }

  /// Takes back the chunks from `count` on: the file that they are of turned out to be no good.
  package func truncate(to count: Int) {
    for place in places[count...] {
      switch place {
      case .memory(let kept): held -= kept.footprint
      case .spooled(let place, _): spooled = min(spooled, place.offset)
      case .kept: break
      }
    }
    places.removeSubrange(count...)
    outlines.removeSubrange(count...)
    hashes.removeSubrange(count...)
    written.removeSubrange(count...)
  }

  /// All chunks in order, with their place.
  ///
  /// - Parameter isSought: whether chunks without remarks are left out.
  package func forEachChunk(
    thatHaveRemarks isSought: Bool = false, _ body: (Int, SegmentChunk) throws -> Void
  ) throws {
    for index in places.indices where !isSought || outlines[index].summary.remarks > 0 {
      try body(index, chunk(index))
    }
  }

  /// - Throws: `ReadError` when the disk fails, `SegmentFault` when what an earlier run left is not what it wrote.
  package func chunk(_ index: Int) throws -> SegmentChunk {
    switch places[index] {
    case .memory(let held): return held
    case .spooled(let place, let number):
      return SegmentChunk(decoding: (try read(place.offset, place.count), place), file: number)
    case .kept(let place, let file, let number):
      return SegmentChunk(decoding: (try file.read(place), place), file: number)
    }
  }

  // MARK: keys

  /// Keys of a chunk, which are read where they are not at hand.
  package func keys(ofChunk index: Int) throws(SegmentFault) -> ChunkKeys {
    if let keys = outlines[index].keys { return keys }
    guard case .kept(let place, let file, _) = places[index] else {
      preconditionFailure("only chunks of earlier runs are without their keys")
    }
    return try file.readKeys(place)
  }

  /// Has the keys of chunks at hand from now on. Nobody reads from the store meanwhile.
  package func holdKeys(ofChunks chunks: [Int]) throws(SegmentFault) {
    for index in chunks where outlines[index].keys == nil {
      outlines[index] = ChunkOutline(outlines[index], try keys(ofChunk: index))
    }
  }

  /// The same of all chunks, read by `width` tasks.
  package func holdKeys(width: Int) async throws {
    let missing = outlines.indices.filter { outlines[$0].keys == nil }
    let parts = max(1, min(4 * width, missing.count / 16))
    try await withThrowingTaskGroup(of: [(Int, ChunkOutline)].self) { group in
      for part in 0..<parts {
        let own = missing[missing.count * part / parts..<missing.count * (part + 1) / parts]
        group.addTask { try own.map { ($0, ChunkOutline(self.outlines[$0], try self.keys(ofChunk: $0))) } }
      }
      var read: [(Int, ChunkOutline)] = []
      for try await part in group { read += part }
      for (index, outline) in read { outlines[index] = outline }
    }
  }

  /// By which records of these chunks, which earlier runs left, are found.
  package func finder(ofRecordsIn chunks: [Int]) throws(SegmentFault) -> RecordFinder? {
    var kept: [(Int, ChunkPlace, SegmentFile)] = []
    for index in chunks {
      guard case .kept(let place, let file, _) = places[index] else { return nil }
      kept.append((index, place, file))
    }
    return try RecordFinder(kept)
  }

  /// Of the chunks that stand in the segment file of this run: what finds their records.
  package func finderDraft(with others: [KeyFinderDraft.Keys] = []) -> KeyFinderDraft? {
    var chunks = others
    chunks.reserveCapacity(outlines.count + others.count)
    for index in outlines.indices {
      guard let place = written[index], let keys = outlines[index].keys?.key else { continue }
      chunks.append(KeyFinderDraft.Keys(keys, of: place))
    }
    return KeyFinderDraft(chunks)
  }

  private func write(_ bytes: [UInt8]) throws(ReadError) {
    if descriptor < 0 {
      descriptor = try Self.namelessFile(in: spoolFolder)
    }
    do { try writeBytes(bytes, to: descriptor, at: spooled) } catch {
      throw Self.failure(error.code, in: spoolFolder)
    }
  }

  /// A file that loses its name at once, so that it is gone when the process ends, however it ends.
  private static func namelessFile(in folder: String) throws(ReadError) -> Int32 {
    var template = Array("\(folder)/.fieldtally-spool-XXXXXX".utf8CString)
    let descriptor = unsafe template.withUnsafeMutableBufferPointer { unsafe mkstemp($0.baseAddress!) }
    guard descriptor >= 0 else {
      throw failure(errno, in: folder)
    }
    _ = unsafe template.withUnsafeBufferPointer { unsafe unlink($0.baseAddress!) }
    return descriptor
  }

  private func read(_ offset: Int, _ count: Int) throws(ReadError) -> [UInt8] {
    do { return try readBytes(descriptor, at: offset, count) } catch { throw Self.failure(error.code, in: spoolFolder) }
  }

  private static func failure(_ code: Int32, in folder: String) -> ReadError {
    let reason = unsafe String(cString: strerror(code))
    let rule: Rule = [ENOSPC, EDQUOT, EFBIG].contains(code) ? .diskFull : .outputWriteFailed
    return ReadError(Diagnostic(rule, at: SourceLocation(file: folder), [.literal(reason)]))
  }
}
