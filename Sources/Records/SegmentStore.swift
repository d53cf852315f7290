import Bytes
package import Diagnostics
import Glibc

/// The chunks of a run, in the order of sources and files. The first few dozen MiB stay in memory, the rest goes to a file
/// that has no name and is gone when the run ends, so that memory does not grow with what is read.
///
/// Unchecked: one task appends while files are read; from Reconcile on nobody does, and reading (an array that no longer
/// changes, `pread`) is safe from any number of tasks.
package final class SegmentStore: @unchecked Sendable {
  private enum Place {
    case memory(SegmentChunk)
    case spooled(offset: Int, count: Int)
  }
  private var places: [Place] = []
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
  package init(spoolFolder: String, memoryBudget: Int = 24 << 20) {
    self.spoolFolder = spoolFolder
    self.memoryBudget = memoryBudget
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  package var count: Int { places.count }
  /// Records with a primary key that were ever appended.
  package private(set) var keyedRecords = 0

  package func append(_ chunk: SegmentChunk) throws(ReadError) {
    keyedRecords += chunk.records.key.count
    if held < memoryBudget {
      held += chunk.footprint
      places.append(.memory(chunk))
      return
    }
    let bytes = chunk.encoded()
    do throws(ReadError) { try write(bytes) } catch {
      failure = failure ?? error
      throw error
    }
    places.append(.spooled(offset: spooled, count: bytes.count))
    spooled += bytes.count
  }

  /// Takes back the chunks from `count` on: the file that they are of turned out to be no good.
  package func truncate(to count: Int) {
    for place in places[count...] {
      switch place {
      case .memory(let chunk): held -= chunk.footprint
      case .spooled(let offset, _): spooled = min(spooled, offset)
      }
    }
    places.removeSubrange(count...)
  }

  /// All chunks in order, with their place.
  package func forEachChunk(_ body: (Int, SegmentChunk) throws -> Void) throws {
    for index in places.indices { try body(index, try chunk(index)) }
  }

  package func chunk(_ index: Int) throws(ReadError) -> SegmentChunk {
    switch places[index] {
    case .memory(let chunk): return chunk
    case .spooled(let offset, let count): return SegmentChunk(decoding: try read(offset, count))
    }
  }

  private func write(_ bytes: [UInt8]) throws(ReadError) {
    if descriptor < 0 {
      descriptor = try Self.namelessFile(in: spoolFolder)
    }
    var done = 0
    while done < bytes.count {
      let offset = off_t(spooled + done)
      // SAFETY: `done` is below the count of `bytes`.
      let written = unsafe bytes.withUnsafeBytes {
        unsafe pwrite(descriptor, $0.baseAddress! + done, $0.count - done, offset)
      }
      if written < 0 && errno == EINTR { continue }
      guard written > 0 else { throw Self.failure(errno, in: spoolFolder) }
      done += written
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
    var failed: Int32 = 0
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
      var done = 0
      while done < count {
        let got = unsafe pread(descriptor, buffer.baseAddress! + done, count - done, off_t(offset + done))
        if got < 0 && errno == EINTR { continue }
        guard got > 0 else {
          failed = got == 0 ? EIO : errno
          break
        }
        done += got
      }
      initialized = done
    }
    if failed != 0 { throw Self.failure(failed, in: spoolFolder) }
    return bytes
  }

  private static func failure(_ code: Int32, in folder: String) -> ReadError {
    let reason = unsafe String(cString: strerror(code))
    let rule: Rule = [ENOSPC, EDQUOT, EFBIG].contains(code) ? .diskFull : .outputWriteFailed
    return ReadError(Diagnostic(rule, at: SourceLocation(file: folder), [.literal(reason)]))
  }
}

extension SegmentChunk {
  package func encoded() -> [UInt8] {
    var encoder = ByteEncoder()
    encoder.append(source)
    encoder.append(file)
    encode(records, into: &encoder)
    encoder.append(findings.kind)
    encoder.append(findings.category)
    encoder.append(findings.severity)
    encoder.append(findings.line)
    encoder.append(findings.day)
    encoder.append(findings.textEnd)
    for words in openWords {
      encoder.append(words.count)
      for word in words {
        encoder.append(word.code)
        encoder.append(word.name)
      }
    }
    encoder.append(text)
    encoder.append(values)
    encoder.append(raw)
    encoder.append(rejected.bytes)
    encoder.append(rejected.count)
    encoder.append(excluded.bytes)
    encoder.append(excluded.count)
    encoder.append(identity)
    encoder.append(corrections.count)
    for outcome in corrections { outcome.encode(into: &encoder) }
    encode(counts, into: &encoder)
    return encoder.bytes
  }

  package init(decoding bytes: [UInt8]) {
    var decoder = ByteDecoder(bytes)
    self.init(source: decoder.number(), file: decoder.number())
    records = Self.decodeRecords(from: &decoder)
    findings.kind = decoder.column(of: UInt8.self)
    findings.category = decoder.column(of: WordNumber.self)
    findings.severity = decoder.column(of: UInt8.self)
    findings.line = decoder.column(of: UInt32.self)
    findings.day = decoder.column(of: Int32.self)
    findings.textEnd = decoder.column(of: UInt32.self)
    openWords = openWords.map { _ in
      (0..<decoder.number()).map { _ in OpenWord(code: decoder.text(), name: decoder.text()) }
    }
    text = decoder.column(of: UInt8.self)
    values = decoder.column(of: UInt8.self)
    raw = decoder.column(of: UInt8.self)
    rejected.bytes = decoder.column(of: UInt8.self)
    rejected.count = decoder.number()
    excluded.bytes = decoder.column(of: UInt8.self)
    excluded.count = decoder.number()
    identity = decoder.column(of: UInt8.self)
    corrections = (0..<decoder.number()).map { _ in CorrectionOutcome(from: &decoder) }
    counts = Self.decodeCounts(from: &decoder)
  }

  private func encode(_ records: RecordColumns, into encoder: inout ByteEncoder) {
    encoder.append(records.line)
    encoder.append(records.number)
    encoder.append(records.key)
    encoder.append(records.content)
    encoder.append(records.version)
    encoder.append(records.unit)
    encoder.append(records.team)
    encoder.append(records.method)
    encoder.append(records.mode)
    encoder.append(records.day)
    encoder.append(records.findings)
    encoder.append(records.valuesEnd)
    encoder.append(records.rawEnd)
    encoder.append(records.identityEnd)
    encoder.append(records.unique.count)
    for column in records.unique { encoder.append(column) }
  }

  private static func decodeRecords(from decoder: inout ByteDecoder) -> RecordColumns {
    var records = RecordColumns()
    records.line = decoder.column(of: UInt32.self)
    records.number = decoder.column(of: UInt32.self)
    records.key = decoder.column(of: Hash128.self)
    records.content = decoder.column(of: UInt64.self)
    records.version = decoder.column(of: Int64.self)
    records.unit = decoder.column(of: WordNumber.self)
    records.team = decoder.column(of: WordNumber.self)
    records.method = decoder.column(of: WordNumber.self)
    records.mode = decoder.column(of: WordNumber.self)
    records.day = decoder.column(of: Int32.self)
    records.findings = decoder.column(of: UInt32.self)
    records.valuesEnd = decoder.column(of: UInt32.self)
    records.rawEnd = decoder.column(of: UInt32.self)
    records.identityEnd = decoder.column(of: UInt32.self)
    records.unique = (0..<decoder.number()).map { _ in decoder.column(of: Hash128.self) }
    return records
  }

  private func encode(_ counts: CheckCounts, into encoder: inout ByteEncoder) {
    for total in CheckCounts.totals { encoder.append(counts[keyPath: total]) }
    encoder.append(counts.byRule.count)
    for (rule, count) in counts.byRule.sorted(by: { $0.key < $1.key }) { encoder.append([rule, count]) }
  }

  private static func decodeCounts(from decoder: inout ByteDecoder) -> CheckCounts {
    var counts = CheckCounts()
    for total in CheckCounts.totals { counts[keyPath: total] = decoder.number() }
    for _ in 0..<decoder.number() {
      let entry = decoder.column(of: Int.self)
      counts.byRule[entry[0]] = entry[1]
    }
    return counts
  }
}
