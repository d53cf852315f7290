import Diagnostics

/// What a field's program makes of a cell: a typed value, or a place of text. Trivial, so that a record of them costs nothing.
struct CellValue: BitwiseCopyable {
  enum Kind: UInt8 {
    case blank
    /// Text in the batch's bytes.
    case text
    /// Text in the checker's arena: it was rewritten.
    case arenaText
    case integer, number, day, boolean
    /// Place in the field's code list.
    case code
    /// A value that its field does not allow; a reason has been noted.
    case invalid
    /// The cell is still to be read; no value outlives the reading of its row in this state.
    case unread
  }
  // From the largest to the smallest, so that it takes 24 bytes.
  /// The integer, day, truth or place; the bits of a number; for instants the seconds since 1970; of a blank its form
  /// (`BlankForm`).
  var bits: Int64 = 0
  /// Of a field that names a unit, team or region: its place, `unlisted`, or `unasked` when nobody has looked yet.
  var place = unasked
  var start: Int32 = 0
  var count: Int32 = 0
  /// Of an instant: minutes of its zone east of Greenwich.
  var zone: Int16 = 0
  var kind = Kind.blank

  static let unasked: Int32 = -2
  static let unlisted: Int32 = -1

  static let blank = CellValue()
  static let invalid = CellValue(kind: .invalid)

  init(kind: Kind = .blank, bits: Int64 = 0) {
    self.kind = kind
    self.bits = bits
  }

  init(text range: Range<Int>, inArena: Bool, bits: Int64 = 0) {
    kind = inArena ? .arenaText : .text
    start = Int32(truncatingIfNeeded: range.lowerBound)
    count = Int32(truncatingIfNeeded: range.count)
    self.bits = bits
  }

  var isBlank: Bool { kind == .blank }
  var isText: Bool { kind == .text || kind == .arenaText }
  var range: Range<Int> { Int(start)..<Int(start) + Int(count) }
  /// Of an instant: days since 1970 by the clock where it was written. 07:00 in China is still the day before in Greenwich.
  var localDay: Int32 {
    let (days, rest) = (bits + Int64(zone) * 60).quotientAndRemainder(dividingBy: 86_400)
    return Int32(truncatingIfNeeded: rest < 0 ? days - 1 : days)
  }
  var number: Double { Double(bitPattern: UInt64(bitPattern: bits)) }
}

extension CellFault {
  static let required = CellFault(.constraint, [.word(LocalizedText(zh: "必填", en: "a value: it is required"))])
}

/// Why a cell is refused: a rule and the facts that fill its sentence.
struct CellFault: Error {
  var rule: Rule
  var arguments: [Argument]

  init(_ rule: Rule, _ arguments: [Argument] = []) {
    self.rule = rule
    self.arguments = arguments
  }
}
