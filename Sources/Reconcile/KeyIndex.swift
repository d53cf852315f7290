import Bytes
import Campaign
import Records

/// Which of several records with one primary key counts: for a part of the keys, told by bits of them, so that parts can be
/// decided side by side. The keys stand in the outlines of the chunks. Open addressing over 8-byte slots, each with half of
/// the key's first word, so that a key that is new costs one look into memory: 11 to 21 bytes a record.
struct KeyPart {
  private struct Slot {
    /// Ordinal of the record of the key that counts so far; -1 in a slot that is free.
    var ordinal: Int32 = -1
    var tag: UInt32 = 0
  }
  private let records: KeyedRecords
  private var slots: [Slot]
  private var decisions: [KeyDecision] = []
  /// Keys that are looked up together.
  private static let block = 32
  private var touched: UInt32 = 0

  static func decisions(_ records: KeyedRecords, part: Int, of parts: Int) -> [KeyDecision] {
    // A key's part is as good as drawn by lot, so parts differ by little; one that has more grows.
    let expected = records.keyed / parts + (parts == 1 ? 0 : records.keyed / 64 + 64)
    var index = KeyPart(records, expected: expected)
    index.decide { parts == 1 || Int((($0.low &>> 40) & 0xFFFF)) % parts == part }
    return index.decisions
  }

  /// Only about keys that some record beside the known ones has; the others are decided.
  ///
  /// - Returns: `nil` when these are so many that all may be decided as well.
  static func decisions(_ records: KeyedRecords, known: KnownDecisions) -> [KeyDecision]? {
    let isKnown = Set(known.chunks)
    let others = records.outlines.indices.filter { !isKnown.contains($0) && records.isAsked($0) }
    let count = others.reduce(0) { $0 + records.outlines[$1].key.count }
    guard count * 4 <= records.keyed else { return nil }
    var added = KeyFilter(count)
    for place in others { for key in records.outlines[place].key { added.insert(key) } }
    var index = KeyPart(records, expected: count * 2)
    index.decide { added.mayHold($0) }
    return known.decisions.filter { !added.mayHold(records.key($0.ordinal)) } + index.decisions
  }

  private init(_ records: KeyedRecords, expected: Int) {
    self.records = records
    var count = 1 << 10
    while count * 3 < expected * 4 { count *= 2 }
    slots = [Slot](repeating: Slot(), count: count)
  }

  @inline(__always)
  private mutating func decide(_ isAsked: (Hash128) -> Bool) {
    var known = 0
    // The records of a block that are of this part.
    var block = [Int32](repeating: 0, count: Self.block)
    for place in records.outlines.indices where records.isAsked(place) {
      let key = records.outlines[place].key
      let first = records.starts[place]
      var next = 0
      while next < key.count {
        var count = 0
        let mask = slots.count &- 1
        while next < key.count, count < Self.block {
          if isAsked(key[next]) {
            block[count] = Int32(truncatingIfNeeded: next)
            count &+= 1
            // The processor waits for the slots of all keys of a block at once, and not for one after another.
            touched ^= slots[Int(truncatingIfNeeded: key[next].low) & mask].tag
          }
          next &+= 1
        }
        for index in 0..<count {
          let record = Int(block[index])
          if (known &+ 1) &* 4 > slots.count &* 3 { grow() }
          if let slot = find(key[record], insert: first &+ record) {
            compare(first &+ record, place, record, slot)
          } else {
            known &+= 1
          }
        }
      }
    }
  }

  /// `nil` when the key is new, and is now known; else its slot.
  @inline(__always)
  private mutating func find(_ key: Hash128, insert ordinal: Int) -> Int? {
    let mask = slots.count &- 1
    let tag = UInt32(truncatingIfNeeded: key.high &>> 32)
    var slot = Int(truncatingIfNeeded: key.low) & mask
    while slots[slot].ordinal >= 0 {
      if slots[slot].tag == tag, records.key(Int(slots[slot].ordinal)) == key { return slot }
      slot = (slot &+ 1) & mask
    }
    slots[slot] = Slot(ordinal: Int32(truncatingIfNeeded: ordinal), tag: tag)
    return nil
  }

  /// Compares a record with the one of the same key that counts so far.
  @inline(never)
  private mutating func compare(_ ordinal: Int, _ place: Int, _ record: Int, _ slot: Int) {
    let other = Int(slots[slot].ordinal)
    switch records.policies[place] {
    case .reject: decisions.append(KeyDecision(ordinal: ordinal, .rejected, other: other))
    case .first: decisions.append(KeyDecision(ordinal: ordinal, .duplicate, other: other))
    case .latest:
      let (own, known) = (records.version(ordinal), records.version(other))
      if own.content == known.content {
        decisions.append(KeyDecision(ordinal: ordinal, .duplicate, other: other))
      } else if own.version >= known.version {
        decisions.append(KeyDecision(ordinal: other, .superseded, other: ordinal))
        slots[slot].ordinal = Int32(truncatingIfNeeded: ordinal)
      } else {
        decisions.append(KeyDecision(ordinal: ordinal, .superseded, other: other))
      }
    }
  }

  private mutating func grow() {
    let old = slots
    slots = [Slot](repeating: Slot(), count: old.count * 2)
    let mask = slots.count - 1
    for known in old where known.ordinal >= 0 {
      var slot = Int(truncatingIfNeeded: records.key(Int(known.ordinal)).low) & mask
      while slots[slot].ordinal >= 0 { slot = (slot + 1) & mask }
      slots[slot] = known
    }
  }
}

/// Keys as bits of a table: a key that was not put into it is rarely taken for one that was.
private struct KeyFilter {
  private var bits: [UInt64]
  private let mask: Int

  /// - Parameter capacity: keys up to which it errs about one in a hundred.
  init(_ capacity: Int) {
    var words = 1 << 10
    while words < capacity * 2, words < 1 << 16 { words *= 2 }
    bits = [UInt64](repeating: 0, count: words)
    mask = words - 1
  }

  mutating func insert(_ key: Hash128) {
    bits[Int(truncatingIfNeeded: key.high &>> 6) & mask] |= 1 &<< (key.high & 63)
  }

  @inline(__always)
  func mayHold(_ key: Hash128) -> Bool {
    bits[Int(truncatingIfNeeded: key.high &>> 6) & mask] &>> (key.high & 63) & 1 != 0
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

  init(_ outlines: [ChunkOutline], starts: [Int], sources: [SourceDefinition], isRepeatedFile: [Bool]) {
    self.outlines = outlines
    self.starts = starts
    policies = outlines.map { sources[$0.source].duplicates }
    self.isRepeatedFile = isRepeatedFile
    keyed = outlines.reduce(0) { $0 + (isRepeatedFile[$1.file] ? 0 : $1.key.count) }
  }

  /// Whether the records of a chunk are compared with others at all.
  func isAsked(_ place: Int) -> Bool { !outlines[place].key.isEmpty && !isRepeatedFile[outlines[place].file] }

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

  func key(_ ordinal: Int) -> Hash128 {
    let (chunk, record) = place(ordinal)
    return outlines[chunk].key[record]
  }

  /// The latest of several versions is told by these.
  func version(_ ordinal: Int) -> (content: UInt64, version: Int64) {
    let (chunk, record) = place(ordinal)
    let outline = outlines[chunk]
    return (
      outline.content.isEmpty ? 0 : outline.content[record], outline.version.isEmpty ? 0 : outline.version[record]
    )
  }
}
