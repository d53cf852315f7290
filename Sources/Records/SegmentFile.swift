import Bytes
package import Diagnostics
import Glibc
import Synchronization

/// What a segment file says of one input file: what was found out about it, table by table, and where its chunks stand.
package struct Segment: Sendable {
  /// The input file, as shown.
  package var file: String
  /// Place of its source in the pipeline.
  package var source: Int
  /// By which the one who made it knows the input file again without reading it; empty when it cannot.
  package var identity: [Int]
  package var tables: [Table]

  package struct Table: Sendable {
    package var report: FileReport
    package var chunks: [ChunkPlace]
    package init(report: FileReport, chunks: [ChunkPlace]) {
      self.report = report
      self.chunks = chunks
    }
  }

  package init(file: String, source: Int, identity: [Int], tables: [Table]) {
    self.file = file
    self.source = source
    self.identity = identity
    self.tables = tables
  }
}

/// What a segment file says of some input files, in bytes, as the task that read them has made them: what the files have in
/// common is in it once.
package struct SegmentPiece: Sendable {
  private var encoder = ByteEncoder()
  /// Of the chunks, file by file and table by table.
  private var chunks: [ChunkPlace] = []
  /// Input files.
  package private(set) var count = 0

  package init() {}

  /// Begins a file. Its tables follow, one after another; where their chunks stand is said by `place`, in the same order.
  package mutating func append(file: String, source: Int, identity: [Int], tables: Int) {
    encoder.append(file)
    encoder.append(source)
    encoder.append(identity)
    encoder.append(tables)
    count += 1
  }

  /// What was found out of the next table, and how many chunks there are.
  package mutating func append(_ table: borrowing FileReport, chunks: Int) {
    encoder.append(table)
    encoder.append(chunks)
  }

  package mutating func append(_ segment: Segment) {
    append(
      file: segment.file, source: segment.source, identity: segment.identity, tables: segment.tables.count)
    for table in segment.tables {
      append(table.report, chunks: table.chunks.count)
      place(table.chunks)
    }
  }

  package mutating func place(_ chunks: some Sequence<ChunkPlace>) { self.chunks.append(contentsOf: chunks) }

  /// Bytes that it takes, about.
  fileprivate var size: Int { 32 + encoder.bytes.count + 64 * chunks.count }

  fileprivate func encode(into encoder: inout ByteEncoder) {
    encoder.append(count)
    encoder.append(self.encoder.bytes)
    var end = 0
    for place in chunks {
      place.encode(into: &encoder, after: end)
      end = place.offset + place.count
    }
  }

  fileprivate static func segments(from decoder: inout ByteDecoder) -> [Segment] {
    let count = decoder.number()
    var said = ByteDecoder(decoder.column(of: UInt8.self))
    var end = 0
    return (0..<count).map { _ in
      let (file, source, identity) = (said.text(), said.number(), said.column(of: Int.self))
      let tables = (0..<said.number()).map { _ in
        let report = said.fileReport()
        let chunks = (0..<said.number()).map { _ in
          let place = ChunkPlace(from: &decoder, after: end, source: source)
          end = place.offset + place.count
          return place
        }
        return Segment.Table(report: report, chunks: chunks)
      }
      return Segment(file: file, source: source, identity: identity, tables: tables)
    }
  }
}

/// The last part of a segment file.
package struct SegmentDirectory: Sendable {
  /// Fingerprint of all but the input files on which the segments depend: they are of use only where it is the same.
  package var context: String
  /// Nanoseconds since 1970: when the first of the input files was looked at.
  package var begun: Int
  /// What was noticed of the inbox, in lists that the one who made it tells apart.
  package var notes: [[Diagnostic]]
  package var pieces: [SegmentPiece]
  /// What the pieces say; empty until they are read.
  package private(set) var segments: [Segment] = []
  /// Where what finds its records by their keys stands.
  fileprivate var finder: FinderPlace?

  package init(context: String, begun: Int, notes: [[Diagnostic]] = [], pieces: [SegmentPiece] = []) {
    self.context = context
    self.begun = begun
    self.notes = notes
    self.pieces = pieces
  }

  fileprivate func encoded() -> [UInt8] {
    var encoder = ByteEncoder()
    encoder.reserve(pieces.reduce(1 << 10) { $0 + $1.size })
    encoder.append(context)
    encoder.append(begun)
    encoder.append(notes.count)
    for list in notes { encoder.append(list) }
    encoder.append(pieces.count)
    for piece in pieces { piece.encode(into: &encoder) }
    encoder.append(finder == nil ? 0 : 1)
    finder?.encode(into: &encoder)
    return encoder.bytes
  }

  fileprivate init(decoding bytes: [UInt8]) {
    var decoder = ByteDecoder(bytes)
    self.init(context: decoder.text(), begun: decoder.number())
    notes = (0..<decoder.number()).map { _ in decoder.diagnostics() }
    for _ in 0..<decoder.number() { segments += SegmentPiece.segments(from: &decoder) }
    if decoder.number() == 1 { finder = FinderPlace(from: &decoder) }
  }
}

/// Why a segment file is of no use.
package enum SegmentFault: Error, Sendable, Hashable {
  /// It cannot be opened or read; the number is the system's.
  case unreadable(Int32)
  /// Something else, or of another version of this program.
  case otherFormat
  /// Not the bytes that were written.
  case damaged
}

/// A segment file: chunks of input files one behind another, behind them a directory, at its end where that stands.
/// Unchanged once it has its name, so that any number of runs may read it at once.
///
///     16 bytes   `fieldtally-seg7\n`; the figure changes with the layout of what follows
///     chunks     as `SegmentChunk.encoded` writes them
///     finder     by which the record of a key is found, if there is one
///     directory  what each input file is, and the offset, count and hash of each of its chunks, in pieces
///     40 bytes   offset, count and hash of the directory; `ft-end1\n`
package final class SegmentFile: Sendable {
  package let path: String
  fileprivate let descriptor: Int32
  /// Where what finds its records stands; `nil` when there is nothing of the kind, and while the file is written.
  let finder: FinderPlace?
  /// What finds its records, read ahead.
  let preparedFinder = Mutex<[UInt8]?>(nil)

  fileprivate static let head = Array("fieldtally-seg7\n".utf8)
  fileprivate static let end = Array("ft-end1\n".utf8)
  fileprivate static let tailCount = 40

  fileprivate init(path: String, descriptor: Int32, finder: FinderPlace? = nil) {
    self.path = path
    self.descriptor = descriptor
    self.finder = finder
  }

  deinit { close(descriptor) }

  package static func open(_ path: String) throws(SegmentFault) -> (file: SegmentFile, directory: SegmentDirectory) {
    let descriptor = unsafe Glibc.open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw .unreadable(errno) }
    do throws(SegmentFault) {
      let directory = try directory(descriptor)
      return (SegmentFile(path: path, descriptor: descriptor, finder: directory.finder), directory)
    } catch {
      close(descriptor)
      throw error
    }
  }

  private static func directory(_ descriptor: Int32) throws(SegmentFault) -> SegmentDirectory {
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0 else { throw .unreadable(errno) }
    guard status.st_mode & S_IFMT == S_IFREG else { throw .otherFormat }
    let size = Int(status.st_size)
    guard size >= head.count + tailCount else { throw .otherFormat }
    guard try bytes(of: descriptor, at: 0, head.count) == head else { throw .otherFormat }
    let tail = try bytes(of: descriptor, at: size - tailCount, tailCount)
    guard Array(tail.suffix(end.count)) == end else { throw .damaged }
    var numbers = ByteDecoder(tail)
    let offset = Int(truncatingIfNeeded: numbers.fixed())
    let count = Int(truncatingIfNeeded: numbers.fixed())
    let hash = numbers.hash()
    guard offset >= head.count, offset <= size - tailCount, count == size - tailCount - offset else { throw .damaged }
    let bytes = try bytes(of: descriptor, at: offset, count)
    guard Hash128(ofBlock: bytes.span) == hash else { throw .damaged }
    return SegmentDirectory(decoding: bytes)
  }

  private static func bytes(of descriptor: Int32, at offset: Int, _ count: Int) throws(SegmentFault) -> [UInt8] {
    do throws(SystemFailure) { return try readBytes(descriptor, at: offset, count) } catch {
      throw error.code == EIO ? .damaged : .unreadable(error.code)
    }
  }

  func bytes(at offset: Int, _ count: Int) throws(SegmentFault) -> [UInt8] {
    try Self.bytes(of: descriptor, at: offset, count)
  }

  /// The bytes of a chunk.
  package func read(_ place: ChunkPlace) throws(SegmentFault) -> [UInt8] {
    let bytes = try bytes(at: place.offset, place.count)
    guard place.isRight(bytes.span) else { throw .damaged }
    return bytes
  }

  /// The words of a chunk that are in no list.
  func readWords(_ place: ChunkPlace) throws(SegmentFault) -> [[OpenWord]] {
    if place.words == 0 { return ChunkDraft.noWords }
    let bytes = try bytes(at: place.offset, Int(place.words))
    guard Hash128(ofBlock: bytes.span) == place.wordsHash else { throw .damaged }
    var decoder = ByteDecoder(bytes)
    return SegmentChunk.openWords(from: &decoder, bytes.count)
  }

  /// The keys of a chunk.
  func readKeys(_ place: ChunkPlace) throws(SegmentFault) -> ChunkKeys {
    let bytes = try bytes(at: place.keysOffset, Int(place.keys))
    guard Hash128(ofBlock: bytes.span) == place.keysHash else { throw .damaged }
    var decoder = ByteDecoder(bytes)
    return ChunkKeys(from: &decoder, place.summary)
  }

  /// One key of those at `offset`. Nothing tells whether it is what was written but that it is the one looked for.
  func readKey(at offset: Int, _ number: Int) throws(SegmentFault) -> Hash128 {
    let size = MemoryLayout<Hash128>.stride
    var decoder = ByteDecoder(try bytes(at: offset + number * size, size))
    return decoder.elements(1, of: Hash128.self)[0]
  }
}

/// A segment file in the making. It gets its name when it is complete; before, it has one that tells its maker's.
///
/// Unchecked: one task appends.
package final class SegmentFileWriter: @unchecked Sendable {
  package let file: SegmentFile
  private let temporary: String
  private var size = 0
  /// What is written with what follows it: many files have little to say.
  private var waiting: [UInt8] = []
  private static let mostWaiting = 256 << 10
  private var isFinished = false
  /// Not any more when the disk has taken no more of it.
  package private(set) var isUsable = true
  /// Bytes that it has by now.
  package var count: Int { size + waiting.count }
  /// Whether anything was written.
  package var isEmpty: Bool { count == SegmentFile.head.count }

  /// - Parameter path: where it will stand. Readable for its owner only, since records are in it.
  package init(_ path: String) throws(SegmentFault) {
    var template = Array("\(path).XXXXXX".utf8CString)
    let descriptor = unsafe template.withUnsafeMutableBufferPointer { unsafe mkstemp($0.baseAddress!) }
    guard descriptor >= 0 else { throw .unreadable(errno) }
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    temporary = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    file = SegmentFile(path: path, descriptor: descriptor)
    write(SegmentFile.head)
  }

  deinit { discard() }

  /// Nothing of it is left, unless it is finished.
  package func discard() {
    if !isFinished { unsafe unlink(temporary) }
    isFinished = true
  }

  /// - Parameter mayWait: whether nobody reads them before `finish`.
  /// - Returns: where the chunks stand; `nil` when they could not be written.
  package func append(_ chunks: EncodedChunks, mayWait: Bool = false) -> [ChunkPlace]? {
    let start = size + waiting.count
    let bytes = chunks.bytes
    if mayWait, bytes.count < Self.mostWaiting {
      waiting.append(contentsOf: bytes)
      if waiting.count >= Self.mostWaiting { write([]) }
    } else {
      write(bytes)
    }
    guard isUsable else { return nil }
    return chunks.places.map { place in
      var place = place
      place.offset += start
      return place
    }
  }

  /// Writes what finds the records of the file by their keys.
  ///
  /// - Returns: where it stands, for `complete`.
  package func append(_ finder: KeyFinderDraft) -> FinderPlace {
    write([])
    let place = finder.place(at: size)
    unsafe finder.forEachPart { part in unsafe write(part) }
    return place
  }

  /// Writes the directory; then nothing more may come.
  ///
  /// - Parameters:
  ///   - finder: by which its records are found.
  ///   - isLasting: whether it must outlive a loss of power.
  package func complete(
    _ directory: SegmentDirectory, finder: FinderPlace? = nil, isLasting: Bool
  ) throws(SegmentFault) {
    var directory = directory
    directory.finder = finder
    write([])
    let bytes = directory.encoded()
    let hash = Hash128(ofBlock: bytes.span)
    var tail = ByteEncoder()
    tail.append(fixed: UInt64(size))
    tail.append(fixed: UInt64(bytes.count))
    tail.append(hash)
    write(bytes)
    write(tail.bytes + SegmentFile.end)
    guard isUsable, !isLasting || fsync(file.descriptor) == 0 else { throw .unreadable(errno) }
  }

  /// Gives the complete file its name.
  package func putInPlace() throws(SegmentFault) {
    guard unsafe rename(temporary, file.path) == 0 else { throw .unreadable(errno) }
    isFinished = true
  }

  /// Writes what waits and `bytes`.
  private func write(_ bytes: [UInt8]) {
    let waiting = waiting
    unsafe waiting.withUnsafeBytes { unsafe write($0) }
    unsafe bytes.withUnsafeBytes { unsafe write($0) }
    self.waiting.removeAll(keepingCapacity: true)
  }

  private func write(_ bytes: UnsafeRawBufferPointer) {
    guard isUsable else { return }
    do throws(SystemFailure) {
      try unsafe writeBytes(bytes, to: file.descriptor, at: size)
      size += bytes.count
    } catch {
      isUsable = false
    }
  }
}
