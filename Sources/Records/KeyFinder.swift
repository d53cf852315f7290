package import Bytes
import Synchronization

/// Where what finds the records of a segment file by their keys stands in it, and the chunks that have keys.
package struct FinderPlace: Sendable, Hashable {
  struct Chunk: Sendable, Hashable {
    /// Where its keys stand in the file.
    var offset: Int
    /// Number of its first record, counted through all of them.
    var first: Int
    var records: Int
  }
  var offset = 0
  /// Keys are told apart by so many of their first bits before they are compared.
  var bits = 0
  var count = 0
  /// Of the ends and the prints.
  var hash = Hash128(high: 0, low: 0)
  var chunks: [Chunk] = []

  var endsSize: Int { 4 << bits }
  /// Bytes that are read at once.
  var size: Int { endsSize + 2 * count }

  func encode(into encoder: inout ByteEncoder) {
    for number in [offset, bits, count, chunks.count] { encoder.append(number) }
    var end = 0
    for chunk in chunks {
      encoder.append(chunk.offset - end)
      encoder.append(chunk.records)
      end = chunk.offset
    }
    encoder.append(hash)
  }

  init() {}

  init(from decoder: inout ByteDecoder) {
    (offset, bits, count) = (decoder.number(), decoder.number(), decoder.number())
    var (end, first) = (0, 0)
    chunks = (0..<decoder.number()).map { _ in
      end += decoder.number()
      let chunk = Chunk(offset: end, first: first, records: decoder.number())
      first += chunk.records
      return chunk
    }
    hash = decoder.hash()
  }

  /// Among which prints those of a key are.
  @inline(__always)
  func group(_ key: Hash128) -> Int { bits == 0 ? 0 : Int(truncatingIfNeeded: key.high &>> UInt64(64 &- bits)) }
  /// What is kept of a key.
  @inline(__always)
  static func print(_ key: Hash128) -> UInt16 { UInt16(truncatingIfNeeded: key.low) }
}

/// What finds records by their keys, in the making: the keys in groups of about eight by their first bits, where each group
/// ends, 16 bits more of each key, and which record it is of. Of 8,000 keys that are in no record one is taken for one that is;
/// the key itself, in the chunk of the record, tells.
package struct KeyFinderDraft: Sendable {
  private var place = FinderPlace()
  private var ends: [UInt32] = []
  private var prints: [UInt16] = []
  /// Records of all chunks, counted from the first.
  private var records: [UInt32] = []

  /// The keys of a chunk, and where they stand in the file.
  package struct Keys: Sendable {
    fileprivate let offset: Int
    fileprivate let keys: [Hash128]
    package init(_ keys: [Hash128], of place: ChunkPlace) {
      self.keys = keys
      offset = place.keysOffset
    }
  }

  /// - Parameter chunks: those of the file that have keys. Each is of as many records as it has keys.
  /// - Returns: `nil` when there are none, or more than can be counted.
  package init?(_ chunks: [Keys]) {
    let chunks = chunks.filter { !$0.keys.isEmpty }.sorted { $0.offset < $1.offset }
    let count = chunks.reduce(0) { $0 + $1.keys.count }
    guard count > 0, count < Int(UInt32.max) else { return nil }
    place.count = count
    while place.bits < 26, 8 << place.bits < count { place.bits += 1 }
    var first = 0
    place.chunks = chunks.map { chunk in
      defer { first += chunk.keys.count }
      return FinderPlace.Chunk(offset: chunk.offset, first: first, records: chunk.keys.count)
    }
    ends = [UInt32](repeating: 0, count: 1 << place.bits)
    for chunk in chunks { for key in chunk.keys { ends[place.group(key)] &+= 1 } }
    var start: UInt32 = 0
    for group in ends.indices { (ends[group], start) = (start, start &+ ends[group]) }
    prints = [UInt16](repeating: 0, count: count)
    records = [UInt32](repeating: 0, count: count)
    var record: UInt32 = 0
    for chunk in chunks {
      for key in chunk.keys {
        let group = place.group(key)
        let at = Int(ends[group])
        ends[group] &+= 1
        prints[at] = FinderPlace.print(key)
        records[at] = record
        record &+= 1
      }
    }
    place.hash = Hash128(ofColumn: ends)
    place.hash.combine(Hash128(ofColumn: prints))
  }

  func place(at offset: Int) -> FinderPlace {
    var place = place
    place.offset = offset
    return place
  }

  func forEachPart(_ body: (UnsafeRawBufferPointer) -> Void) {
    unsafe ends.withUnsafeBytes(body)
    unsafe prints.withUnsafeBytes(body)
    unsafe records.withUnsafeBytes(body)
  }
}

extension SegmentFile {
  /// Reads what finds its records before it is asked for, in a task of its own. What is wrong with it shows when it is.
  package func prepareFinder() {
    guard let finder else { return }
    // Who asks for it meanwhile waits.
    Task { preparedFinder.withLock { $0 = $0 ?? (try? readFinder(finder)) } }
  }

  /// The ends and the prints.
  fileprivate func finderBytes(_ place: FinderPlace) throws(SegmentFault) -> [UInt8] {
    if let bytes = preparedFinder.withLock({ $0.take() }) { return bytes }
    return try readFinder(place)
  }

  private func readFinder(_ place: FinderPlace) throws(SegmentFault) -> [UInt8] {
    let bytes = try bytes(at: place.offset, place.size)
    var hash = Hash128(ofBlock: bytes.span.extracting(..<place.endsSize))
    hash.combine(Hash128(ofBlock: bytes.span.extracting(place.endsSize...)))
    guard hash == place.hash else { throw .damaged }
    return bytes
  }
}

/// Finds the records of chunks that earlier runs left by their keys, without reading the keys of all of them.
package struct RecordFinder: Sendable {
  private var finders: [FileFinder] = []

  /// - Parameter chunks: in which records are looked for: the number of each in the run, and where it stands.
  /// - Returns: `nil` when there is nothing by which the records of one of them are found.
  init?(_ chunks: [(number: Int, place: ChunkPlace, file: SegmentFile)]) throws(SegmentFault) {
    var places: [ObjectIdentifier: Int] = [:]
    for (number, place, file) in chunks where place.summary.hasKeys {
      if places[ObjectIdentifier(file)] == nil {
        guard let finder = try FileFinder(file) else { return nil }
        places[ObjectIdentifier(file)] = finders.count
        finders.append(finder)
      }
      guard let finder = places[ObjectIdentifier(file)], finders[finder].ask(number, place) else { return nil }
    }
  }

  /// Gives `body` each record that has one of `keys`, by its chunk in the run and its place in it. All keys at once: the look
  /// for one is shorter than taking hold of what finds it.
  package func forEachRecord(
    of keys: [Hash128], _ body: (_ key: Hash128, _ chunk: Int, _ record: Int) -> Void
  ) throws(SegmentFault) {
    for finder in finders {
      for key in keys { try finder.forEachRecord(of: key) { body(key, $0, $1) } }
    }
  }
}

/// The same of one file.
private struct FileFinder: Sendable {
  private let file: SegmentFile
  private let place: FinderPlace
  /// The ends and the prints.
  private let bytes: [UInt8]
  /// Of each of its chunks the same chunk in the run; `nil` for one that is not asked for.
  private var asked: [(number: Int, place: ChunkPlace)?]

  init?(_ file: SegmentFile) throws(SegmentFault) {
    guard let place = file.finder else { return nil }
    self.file = file
    self.place = place
    asked = place.chunks.map { _ in nil }
    bytes = try file.finderBytes(place)
  }

  /// - Returns: whether it is one of them.
  mutating func ask(_ number: Int, _ chunk: ChunkPlace) -> Bool {
    guard let index = place.chunks.last(where: { $0.offset <= chunk.keysOffset }),
      place.chunks[index].offset == chunk.keysOffset
    else { return false }
    asked[index] = (number, chunk)
    return true
  }

  private func end(_ group: Int) -> Int {
    // SAFETY: `bytes` begins with an end for each group.
    unsafe Int(bytes.span.bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: 4 &* group, as: UInt32.self))
  }

  func forEachRecord(of key: Hash128, _ body: (_ chunk: Int, _ record: Int) -> Void) throws(SegmentFault) {
    let group = place.group(key)
    let print = FinderPlace.print(key)
    for at in (group == 0 ? 0 : end(group - 1))..<end(group) {
      // SAFETY: behind the ends stands a print for each key, and no end is behind the last key.
      let other = unsafe bytes.span.bytes.unsafeLoadUnaligned(
        fromUncheckedByteOffset: place.endsSize &+ 2 &* at, as: UInt16.self)
      if other == print { try look(at, for: key, body) }
    }
  }

  private func look(
    _ at: Int, for key: Hash128, _ body: (_ chunk: Int, _ record: Int) -> Void
  ) throws(SegmentFault) {
    var decoder = ByteDecoder(try file.bytes(at: place.offset + place.size + 4 * at, 4))
    let number = Int(decoder.elements(1, of: UInt32.self)[0])
    guard let index = place.chunks.last(where: { $0.first <= number }),
      case let chunk = place.chunks[index], case let record = number - chunk.first, record < chunk.records
    else { throw .damaged }
    let found = try file.readKey(at: chunk.offset, record)
    guard place.group(found) == place.group(key), FinderPlace.print(found) == FinderPlace.print(key) else {
      throw .damaged
    }
    guard let (number, chunkPlace) = asked[index] else { return }
    if found == key {
      body(number, record)
    } else {
      // Another key with the same bits, unless it is not what was written.
      _ = try file.readKeys(chunkPlace)
    }
  }
}

extension [FinderPlace.Chunk] {
  /// Place of the last one of which this holds; it holds of all before one of which it does.
  fileprivate func last(where holds: (Element) -> Bool) -> Int? {
    var (low, high) = (-1, count)
    while low + 1 < high {
      let middle = (low + high) / 2
      if holds(self[middle]) { low = middle } else { high = middle }
    }
    return low < 0 ? nil : low
  }
}
