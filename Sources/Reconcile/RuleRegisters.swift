import Campaign
import Expressions
import Records

extension Registers {
  /// Puts what Check kept of a record into the registers that a layout asks for.
  mutating func fill(_ layout: Layout, from chunk: SegmentChunk, _ record: Int, _ words: RecordPlaces) {
    removeTexts()
    for slot in layout.slots {
      switch slot.source {
      case .stored(let column): values[slot.register] = value(chunk.stored, record, column)
      case .unit: values[slot.register] = words.unit
      case .team: values[slot.register] = words.team
      case .day: values[slot.register] = words.day
      case .field, .text, .lookup, .figure, .other: break
      }
    }
  }

  mutating func value(_ stored: StoredValues, _ record: Int, _ column: Int) -> RuleValue {
    let value = stored.value(record, column)
    switch value.state {
    case .blank: return .blank
    case .invalid: return .invalid
    case .text: return append(text: stored.text(of: value))
    case .known:
      var known = RuleValue(value.bits)
      known.start = value.extra
      return known
    }
  }
}

/// Unit, team and day of a record as rules see them: places in the lists of the run.
struct RecordPlaces {
  var unit = RuleValue.blank
  var team = RuleValue.blank
  var day = RuleValue.blank

  init(_ chunk: SegmentChunk, _ record: Int, chunk index: Int, _ reconciliation: Reconciliation) {
    func place(_ column: [WordNumber], _ set: WordSet) -> RuleValue {
      guard !column.isEmpty, let place = reconciliation.place(of: column[record], in: set, chunk: index) else {
        return .blank
      }
      return RuleValue(Int64(place))
    }
    unit = place(chunk.records.unit, .unit)
    team = place(chunk.records.team, .team)
    if !chunk.records.day.isEmpty, chunk.records.day[record] != RecordColumns.noDay {
      day = RuleValue(Int64(chunk.records.day[record]))
    }
  }
}
