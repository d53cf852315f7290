import Expressions
import Records

/// What a register is filled with before the rules are asked. Trivial, so that a record's look at it costs nothing.
struct RuleSlot: BitwiseCopyable {
  enum Kind: UInt8 {
    /// A field whose values are no texts.
    case plain
    /// A field of instants.
    case instant
    /// A field of which is only asked whether it is blank.
    case presence
    case day
    /// A field of texts.
    case field
    case text, unit, team

    /// Whether more is needed than the record's values.
    @inline(__always)
    var isOther: Bool { rawValue >= Self.field.rawValue }
  }
  let kind: Kind
  let field: Int32
  let register: Int32

  /// `nil` for what is filled by a later stage.
  init?(_ source: SlotSource, _ register: Int, isLookedAt: Bool, _ programs: [FieldProgram]) {
    self.register = Int32(truncatingIfNeeded: register)
    switch source {
    case .field(let place):
      field = Int32(truncatingIfNeeded: place)
      let program = programs[place]
      kind = !isLookedAt ? .presence : program.isInstant ? .instant : program.givesTexts ? .field : .plain
    case .text(let place):
      field = Int32(truncatingIfNeeded: place)
      kind = .text
    case .unit: (kind, field) = (.unit, 0)
    case .team: (kind, field) = (.team, 0)
    case .day: (kind, field) = (.day, 0)
    case .stored, .lookup, .figure, .other: return nil
    }
  }

  /// What the register of a field holds for a value, where a look at it is enough.
  @inline(__always)
  static func value(_ kind: Kind, _ cell: CellValue) -> RuleValue {
    if cell.isText {
      if kind == .instant { return RuleValue(instant: cell.bits, zone: cell.zone) }
      if kind == .presence { return RuleValue(text: 0..<0) }
    }
    return RuleValue(cell)
  }
}

extension RuleValue {
  /// Of a value that is no text.
  @inline(__always)
  init(_ cell: CellValue) {
    switch cell.kind {
    case .blank: self = .blank
    case .number: self.init(cell.number)
    case .integer, .day, .boolean, .code: self.init(cell.bits)
    case .invalid, .unread, .text, .arenaText: self = .invalid
    }
  }

  /// - Parameter day: `RecordColumns.noDay` for none.
  @inline(__always)
  init(day: Int32) {
    if day == RecordColumns.noDay { self = .blank } else { self.init(Int64(day)) }
  }
}
