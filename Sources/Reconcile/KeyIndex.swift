import Bytes
import Campaign
import Records

/// A record and half of the first word of its key, by which it is told from nearly all others.
private struct KeyedRecord {
  /// -1 where there is none.
  var ordinal: Int32 = -1
  var tag: UInt32 = 0

  init() {}
  @inline(__always)
  init(_ ordinal: Int, _ key: Hash128) {
    self.ordinal = Int32(truncatingIfNeeded: ordinal)
    tag = UInt32(truncatingIfNeeded: key.high &>> 32)
  }
}

/// Records dealt into parts by bits of their keys, in file order in each: so few a part that the slots in which its keys are
/// looked up stay near the processor. 8 bytes a record.
private struct DealtRecords {
  private var records: [KeyedRecord] = []
  /// Where each part ends.
  private var ends: [Int] = []
  /// Records of a part, about.
  private static let partSize = 16_384
  /// Above that many, dealing costs more than it saves.
  private static let mostBits = 10

  /// - Parameters:
  ///   - share: which parts are dealt: one in `shares` of them.
  init(_ keyed: KeyedRecords, share: Int, of shares: Int) {
    var bits = 4
    while bits < Self.mostBits, keyed.keyed >> bits > Self.partSize { bits += 1 }
    let parts = 1 << bits
    let mask = UInt64(parts - 1)
    let own = parts * share / shares..<parts * (share + 1) / shares
    let chunks = keyed.outlines.indices.filter { keyed.isAsked($0) }
    var counts = [Int](repeating: 0, count: parts)
    for chunk in chunks {
      guard let key = keyed.outlines[chunk].keys?.key else { continue }
      for key in key { counts[Int(truncatingIfNeeded: (key.low &>> 40) & mask)] &+= 1 }
    }
    let count = counts[own].reduce(0, +)
    // Records of other shares go to a place behind all, each onto the one before: cheaper than to ask which they are.
    records = [KeyedRecord](repeating: KeyedRecord(), count: count + 1)
    var next = [(place: Int, step: Int)](repeating: (count, 0), count: parts)
    var end = 0
    for part in own {
      next[part] = (end, 1)
      end += counts[part]
      ends.append(end)
    }
    var dealt = records.mutableSpan
    for chunk in chunks {
      guard let key = keyed.outlines[chunk].keys?.key else { continue }
      let first = keyed.starts[chunk]
      for record in key.indices {
        let part = Int(truncatingIfNeeded: (key[record].low &>> 40) & mask)
        dealt[next[part].place] = KeyedRecord(first &+ record, key[record])
        next[part].place &+= next[part].step
      }
    }
  }

  func forEachPart(_ body: (Span<KeyedRecord>) -> Void) {
    var start = 0
    for end in ends {
      body(records.span.extracting(start..<end))
      start = end
    }
  }
}

/// Which of several records with one primary key counts. Open addressing over slots of 8 bytes for the keys of one part; the
/// keys themselves stand in the outlines of the chunks and are compared where two look alike.
struct KeyPart {
  private let records: KeyedRecords
  private var slots: [KeyedRecord] = []
  private var decisions: [KeyDecision] = []

  private init(_ records: KeyedRecords) { self.records = records }

  /// About one in `shares` of the keys, so that shares can be decided side by side.
  static func decisions(_ records: KeyedRecords, share: Int, of shares: Int) -> [KeyDecision] {
    let dealt = DealtRecords(records, share: share, of: shares)
    var index = KeyPart(records)
    dealt.forEachPart { index.decide($0) }
    return index.decisions
  }

  /// Only about keys that some record beside the known ones has; the others are decided.
  static func decisions(_ records: KeyedRecords, _ asked: [AskedRecords]) -> [KeyDecision] {
    var index = KeyPart(records)
    let asked = asked.flatMap { asked in
      asked.records.map { record in
        let ordinal = records.starts[asked.chunk] + Int(record)
        return KeyedRecord(ordinal, records.key(ordinal))
      }
    }
    index.decide(asked.span)
    return index.decisions
  }

  /// - Parameter asked: all records of their keys, in file order.
  private mutating func decide(_ asked: Span<KeyedRecord>) {
    var count = 1 << 10
    while count * 3 < asked.count * 4 { count *= 2 }
    slots.removeAll(keepingCapacity: true)
    slots.append(contentsOf: repeatElement(KeyedRecord(), count: count))
    for place in asked.indices {
      if let slot = slot(insert: asked[place]) { compare(Int(asked[place].ordinal), slot) }
    }
  }

  /// `nil` when the key of a record is new, and is now known; else its slot.
  @inline(__always)
  private mutating func slot(insert record: KeyedRecord) -> Int? {
    let mask = slots.count &- 1
    var slot = Int(record.tag) & mask
    while slots[slot].ordinal >= 0 {
      if slots[slot].tag == record.tag,
        records.key(Int(slots[slot].ordinal)) == records.key(Int(record.ordinal))
      {
        return slot
      }
      slot = (slot &+ 1) & mask
    }
    slots[slot] = record
    return nil
  }

  /// Compares a record with the one of the same key that counts so far.
  @inline(never)
  private mutating func compare(_ ordinal: Int, _ slot: Int) {
    let other = Int(slots[slot].ordinal)
    switch records.policies[records.chunk(ofRecord: ordinal)] {
    case .reject: decide(ordinal, .rejected, other: other)
    case .first: decide(ordinal, .duplicate, other: other)
    case .latest:
      let (own, known) = (records.version(ordinal), records.version(other))
      if own.content == known.content {
        decide(ordinal, .duplicate, other: other)
      } else if own.version >= known.version {
        decide(other, .superseded, other: ordinal)
        slots[slot].ordinal = Int32(truncatingIfNeeded: ordinal)
      } else {
        decide(ordinal, .superseded, other: other)
      }
    }
  }

  private mutating func decide(_ ordinal: Int, _ verdict: Verdict, other: Int) {
    decisions.append(
      KeyDecision(ordinal: ordinal, verdict, other: other, findings: records.findings(ordinal) ?? 0))
  }
}

/// The records that have primary keys, by their ordinals.
struct KeyedRecords: Sendable {
  let outlines: [ChunkOutline]
  /// Per chunk: ordinal of its first record.
  let starts: [Int]
  /// Per chunk: what is done about two records of one key.
  let policies: [DuplicatePolicy]
  private let isRepeatedFile: [Bool]
  let keyed: Int
  /// By their ordinals, of records of chunks whose keys are not at hand: keys that were found.
  var found: [Int: Hash128] = [:]

  init(_ outlines: [ChunkOutline], starts: [Int], sources: [SourceDefinition], isRepeatedFile: [Bool]) {
    self.outlines = outlines
    self.starts = starts
    policies = outlines.map { sources[$0.source].duplicates }
    self.isRepeatedFile = isRepeatedFile
    keyed = outlines.reduce(0) { $0 + (isRepeatedFile[$1.file] || !$1.summary.hasKeys ? 0 : $1.records) }
  }

  /// Whether the records of a chunk are compared with others at all.
  func isAsked(_ place: Int) -> Bool { outlines[place].summary.hasKeys && !isRepeatedFile[outlines[place].file] }

  /// Chunk and place in it.
  private func place(_ ordinal: Int) -> (chunk: Int, record: Int) {
    var low = 0
    var high = starts.count
    while low + 1 < high {
      let middle = (low + high) / 2
      if starts[middle] <= ordinal { low = middle } else { high = middle }
    }
    return (low, ordinal - starts[low])
  }

  func source(ofRecord ordinal: Int) -> Int { outlines[place(ordinal).chunk].source }

  /// Findings of a record; `nil` where they are not at hand.
  func findings(_ ordinal: Int) -> UInt32? {
    let (chunk, record) = place(ordinal)
    return outlines[chunk].keys?.findings[record]
  }

  func key(_ ordinal: Int) -> Hash128 {
    let (chunk, record) = place(ordinal)
    if let keys = outlines[chunk].keys { return keys.key[record] }
    guard let key = found[ordinal] else { preconditionFailure("a key is asked for that was not found before") }
    return key
  }

  /// Chunk of a record.
  func chunk(ofRecord ordinal: Int) -> Int { place(ordinal).chunk }

  /// The latest of several versions is told by these.
  func version(_ ordinal: Int) -> (content: UInt64, version: Int64) {
    let (chunk, record) = place(ordinal)
    guard let keys = outlines[chunk].keys else { preconditionFailure("a version is asked for that was not read") }
    return (keys.content.isEmpty ? 0 : keys.content[record], keys.version.isEmpty ? 0 : keys.version[record])
  }
}
