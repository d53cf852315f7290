import Bytes
import Campaign
import Expressions
import Records

/// The records of another source that a look-up may find, by their keys. 32 bytes a record and, where more is asked than
/// equal keys, 24 for each value that is asked for and the text of those that are texts.
struct LookupIndex {
  let program: LookupProgram
  /// Registers of the rule that the other record's values fill, and where each comes from.
  private let slots: [(register: Int, source: SlotSource.Other)]
  private var registers: Registers
  private var heads: [Hash128: Int32] = [:]
  private var counts: [Hash128: Int32] = [:]
  private var next: [Int32] = []
  private var ordinals: [Int32] = []
  private var keys: [Hash128] = []
  private var values: [RuleValue] = []
  private var text: [UInt8] = []
  /// Whether the number of equal keys is all that is wanted.
  private let onlyCounts: Bool

  init(_ program: LookupProgram, number: Int, of layout: Layout) {
    self.program = program
    registers = program.otherLayout.makeRegisters()
    slots = layout.slots.compactMap { slot in
      if case .other(number, let source) = slot.source { return (slot.register, source) }
      return nil
    }
    onlyCounts = program.rest == nil && program.isCounting
  }

  mutating func add(_ chunk: SegmentChunk, _ record: Int, ordinal: Int, _ places: RecordPlaces) {
    registers.fill(program.otherLayout, from: chunk, record, places)
    if let filter = program.filter, !filter.run(&registers).isTrue { return }
    guard let key = hash(program.otherKeys, program.keyIsText, &registers) else { return }
    counts[key, default: 0] += 1
    ordinals.append(Int32(ordinal))
    keys.append(key)
    if onlyCounts { return }
    next.append(heads[key] ?? -1)
    heads[key] = Int32(ordinals.count - 1)
    for slot in slots {
      var value = value(of: slot.source, chunk, record, places)
      if isText(slot.source, chunk, record) {
        let bytes = registers.text(of: value)
        value = RuleValue(text: text.count..<text.count + bytes.count)
        text.append(contentsOf: bytes)
      }
      values.append(value)
    }
  }

  private func isText(_ source: SlotSource.Other, _ chunk: SegmentChunk, _ record: Int) -> Bool {
    if case .stored(let column) = source { return chunk.stored.value(record, column).state == .text }
    return false
  }

  private mutating func value(
    of source: SlotSource.Other, _ chunk: SegmentChunk, _ record: Int, _ places: RecordPlaces
  ) -> RuleValue {
    switch source {
    case .stored(let column): registers.value(chunk.stored, record, column)
    case .unit: places.unit
    case .team: places.team
    case .day: places.day
    }
  }

  /// What is found for the record in `own`. A blank in its key: it cannot be decided.
  func find(_ own: inout Registers, ordinal: Int) -> RuleValue {
    guard let key = hash(program.keys, program.keyIsText, &own) else { return .blank }
    if onlyCounts {
      let found = Int(counts[key] ?? 0)
      return program.counted(program.isOwnSource && holds(ordinal, key) ? found - 1 : found)
    }
    var figure = program.makeFigure()
    var entry = heads[key] ?? -1
    while entry >= 0 {
      let place = Int(entry)
      entry = next[place]
      if program.isOwnSource, ordinals[place] == Int32(ordinal) { continue }
      for (column, slot) in slots.enumerated() {
        let value = values[place * slots.count + column]
        own.values[slot.register] = value.count > 0 ? own.append(text: text[value.range]) : value
      }
      if let rest = program.rest, !rest.run(&own).isTrue { continue }
      figure.add(program.value?.run(&own))
      if program.isExistence { return RuleValue(true) }
    }
    return figure.value
  }

  /// Whether the record itself is among those with this key.
  private func holds(_ ordinal: Int, _ key: Hash128) -> Bool {
    var (low, high) = (0, ordinals.count)
    while low < high {
      let middle = (low + high) / 2
      if ordinals[middle] < Int32(ordinal) { low = middle + 1 } else { high = middle }
    }
    return low < ordinals.count && ordinals[low] == Int32(ordinal) && keys[low] == key
  }
}

/// The hash of several values; `nil` when one of them is blank.
func hash(_ programs: [Program], _ isText: [Bool], _ registers: inout Registers) -> Hash128? {
  var hash = Hash128()
  for (program, isText) in zip(programs, isText) {
    let value = program.run(&registers)
    guard value.isKnown else { return nil }
    hash.combine(value, isText: isText, registers)
  }
  return hash
}

extension Hash128 {
  mutating func combine(_ value: RuleValue, isText: Bool, _ registers: Registers) {
    if isText {
      combine(registers.bytes.span.extracting(value.range))
    } else {
      combine(UInt64(bitPattern: value.bits))
    }
  }
}
