package import Bytes
package import Diagnostics
import Glibc

/// Where a chunk stands in a segment file.
package struct ChunkPlace: Sendable, Hashable, BitwiseCopyable {
  package var offset: Int
  package var count: Int
  /// Bytes of its outline, with which it begins.
  package var outline: Int
  /// Of the outline.
  package var outlineHash: Hash128
  /// Of the rest.
  package var hash: Hash128

  /// Of both.
  package var whole: Hash128 {
    var whole = outlineHash
    whole.combine(hash.high)
    whole.combine(hash.low)
    return whole
  }
}

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

/// The last part of a segment file.
package struct SegmentDirectory: Sendable {
  /// Fingerprint of all but the input files on which the segments depend: they are of use only where it is the same.
  package var context: String
  /// Nanoseconds since 1970: when the first of the input files was looked at.
  package var begun: Int
  /// What was noticed of the inbox, in lists that the one who made it tells apart.
  package var notes: [[Diagnostic]]
  package var segments: [Segment]

  package init(context: String, begun: Int, notes: [[Diagnostic]] = [], segments: [Segment] = []) {
    self.context = context
    self.begun = begun
    self.notes = notes
    self.segments = segments
  }

  fileprivate func encoded() -> [UInt8] {
    var encoder = ByteEncoder()
    encoder.append(context)
    encoder.append(begun)
    encoder.append(notes.count)
    for list in notes { encoder.append(list) }
    encoder.append(segments.count)
    for segment in segments {
      encoder.append(segment.file)
      encoder.append(segment.source)
      encoder.append(segment.identity)
      encoder.append(segment.tables.count)
      for table in segment.tables {
        encoder.append(table.report)
        encoder.append(table.chunks)
      }
    }
    return encoder.bytes
  }

  fileprivate init(decoding bytes: [UInt8]) {
    var decoder = ByteDecoder(bytes)
    self.init(context: decoder.text(), begun: decoder.number())
    notes = (0..<decoder.number()).map { _ in decoder.diagnostics() }
    segments = (0..<decoder.number()).map { _ in
      Segment(
        file: decoder.text(), source: decoder.number(), identity: decoder.column(of: Int.self),
        tables: (0..<decoder.number()).map { _ in
          Segment.Table(report: decoder.fileReport(), chunks: decoder.column(of: ChunkPlace.self))
        })
    }
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
///     16 bytes   `fieldtally-seg4\n`; the figure changes with the layout of what follows
///     chunks     as `SegmentChunk.encoded` writes them
///     directory  what each input file is, and the offset, count and hash of each of its chunks
///     40 bytes   offset, count and hash of the directory; `ft-end1\n`
package final class SegmentFile: Sendable {
  package let path: String
  fileprivate let descriptor: Int32

  fileprivate static let head = Array("fieldtally-seg4\n".utf8)
  fileprivate static let end = Array("ft-end1\n".utf8)
  fileprivate static let tailCount = 40

  fileprivate init(path: String, descriptor: Int32) {
    self.path = path
    self.descriptor = descriptor
  }

  deinit { close(descriptor) }

  package static func open(_ path: String) throws(SegmentFault) -> (file: SegmentFile, directory: SegmentDirectory) {
    let descriptor = unsafe Glibc.open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw .unreadable(errno) }
    let file = SegmentFile(path: path, descriptor: descriptor)
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0 else { throw .unreadable(errno) }
    guard status.st_mode & S_IFMT == S_IFREG else { throw .otherFormat }
    let size = Int(status.st_size)
    guard size >= head.count + tailCount else { throw .otherFormat }
    guard try file.bytes(at: 0, head.count) == head else { throw .otherFormat }
    let tail = try file.bytes(at: size - tailCount, tailCount)
    guard Array(tail.suffix(end.count)) == end else { throw .damaged }
    var numbers = ByteDecoder(tail)
    let (offset, count) = (numbers.number(), numbers.number())
    let hash = Hash128(
      high: UInt64(bitPattern: Int64(numbers.number())), low: UInt64(bitPattern: Int64(numbers.number())))
    guard offset >= head.count, offset <= size - tailCount, count == size - tailCount - offset else { throw .damaged }
    let bytes = try file.bytes(at: offset, count)
    guard Hash128(of: bytes) == hash else { throw .damaged }
    return (file, SegmentDirectory(decoding: bytes))
  }

  private func bytes(at offset: Int, _ count: Int) throws(SegmentFault) -> [UInt8] {
    do throws(SystemFailure) { return try readBytes(descriptor, at: offset, count) } catch {
      throw error.code == EIO ? .damaged : .unreadable(error.code)
    }
  }

  /// The bytes of a chunk.
  package func read(_ place: ChunkPlace) throws(SegmentFault) -> [UInt8] {
    let bytes = try bytes(at: place.offset, place.count)
    guard place.outline <= bytes.count,
      Hash128(ofBlock: bytes.span.extracting(..<place.outline)) == place.outlineHash,
      Hash128(ofBlock: bytes.span.extracting(place.outline...)) == place.hash
    else { throw .damaged }
    return bytes
  }

  /// The outline of a chunk, and nothing else of it.
  package func readOutline(_ place: ChunkPlace) throws(SegmentFault) -> ChunkOutline {
    let bytes = try bytes(at: place.offset, place.outline)
    guard Hash128(ofBlock: bytes.span) == place.outlineHash else { throw .damaged }
    var decoder = ByteDecoder(bytes)
    return ChunkOutline(from: &decoder)
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
  /// Whether anything was written.
  package var isEmpty: Bool { size + waiting.count == SegmentFile.head.count }

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

  deinit { if !isFinished { unsafe unlink(temporary) } }

  /// - Parameter mayWait: whether nobody reads it before `finish`.
  /// - Returns: `nil` when it could not be written.
  package func append(_ chunk: [UInt8], outline: Int, mayWait: Bool = false) -> ChunkPlace? {
    let place = ChunkPlace(
      offset: size + waiting.count, count: chunk.count, outline: outline,
      outlineHash: Hash128(ofBlock: chunk.span.extracting(..<outline)),
      hash: Hash128(ofBlock: chunk.span.extracting(outline...)))
    if mayWait, chunk.count < Self.mostWaiting {
      waiting.append(contentsOf: chunk)
      if waiting.count >= Self.mostWaiting { write([]) }
    } else {
      write(chunk)
    }
    return isUsable ? place : nil
  }

  /// Writes the directory and gives the file its name.
  ///
  /// - Parameter isLasting: whether it must outlive a loss of power.
  package func finish(_ directory: SegmentDirectory, isLasting: Bool) throws(SegmentFault) {
    let bytes = directory.encoded()
    let hash = Hash128(of: bytes)
    write([])
    var tail = ByteEncoder()
    for number in [size, bytes.count, Int(bitPattern: UInt(hash.high)), Int(bitPattern: UInt(hash.low))] {
      tail.append(number)
    }
    write(bytes)
    write(tail.bytes + SegmentFile.end)
    guard isUsable, !isLasting || fsync(file.descriptor) == 0, unsafe rename(temporary, file.path) == 0 else {
      throw .unreadable(errno)
    }
    isFinished = true
  }

  /// Writes what waits and `bytes`.
  private func write(_ bytes: [UInt8]) {
    guard isUsable else { return }
    do throws(SystemFailure) {
      for bytes in [waiting, bytes] {
        try writeBytes(bytes, to: file.descriptor, at: size)
        size += bytes.count
      }
      waiting.removeAll(keepingCapacity: true)
    } catch {
      isUsable = false
    }
  }
}
