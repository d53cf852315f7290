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
  static func decisions(_ records: KeyedRecords, _ asked: [AskedRecords]) -> [KeyDecision] {
    var index = KeyPart(records, expected: asked.reduce(0) { $0 + $1.records.count })
    for asked in asked {
      for record in asked.records { index.decide(asked.chunk, Int(record)) }
    }
    return index.decisions
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
      guard let key = records.outlines[place].keys?.key else { continue }
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

  private mutating func decide(_ place: Int, _ record: Int) {
    let ordinal = records.starts[place] + record
    // The keys are as many as the slots have room for.
    if let slot = find(records.key(ordinal), insert: ordinal) { compare(ordinal, place, record, slot) }
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
