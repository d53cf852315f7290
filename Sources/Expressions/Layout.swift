import Values

/// What a register is filled with before a rule is asked.
package enum SlotSource: Hashable, Sendable {
  /// The value of a field of the record, by its place in the source.
  case field(Int)
  /// The text of that field, whatever it was matched to.
  case text(Int)
  /// The unit, team and day of the record: places in their lists, days since 1970.
  case unit, team, day
  /// A column that Check kept for a later stage.
  case stored(Int)
  /// What a look-up in another source found.
  case lookup(Int)
  /// A figure of a group of records.
  case figure(Int)
  /// A value of the record of another source that a look-up is at.
  case other(lookup: Int, Other)

  package enum Other: Hashable, Sendable {
    case stored(Int)
    case unit, team, day
  }
}

/// What a record holds several of.
package enum Collection: Hashable, Sendable {
  case findings
  /// Rows that a record has when rows continue it.
  case rows
  /// By its number, from 1.
  case repeated(Int)
}

package enum FindingSlot: Int, Sendable, CaseIterable {
  case kind, category, severity, text
}

/// The registers of the rules of one source: fields, constants and places for what is computed. Grows while rules are
/// compiled; then only read.
package struct Layout: Sendable {
  /// Of each slot: its register.
  package private(set) var slots: [(source: SlotSource, register: Int)] = []
  /// Values of the items of collections: `column` is the field or the `FindingSlot`.
  package private(set) var inner: [(collection: Collection, column: Int, register: Int)] = []
  private var constants: [(value: RuleValue, register: Int)] = []
  private var temporaries: [Int] = []
  private var constantBytes: [UInt8] = []
  var patterns: [Pattern] = []
  private var count = 0

  package init() {}

  package var isEmpty: Bool { count == 0 }

  private mutating func newRegister() -> Int {
    count += 1
    return count - 1
  }

  mutating func register(of source: SlotSource) -> Int {
    if let known = slots.first(where: { $0.source == source }) { return known.register }
    let register = newRegister()
    slots.append((source, register))
    return register
  }

  mutating func register(of collection: Collection, column: Int) -> Int {
    if let known = inner.first(where: { $0.collection == collection && $0.column == column }) { return known.register }
    let register = newRegister()
    inner.append((collection, column, register))
    return register
  }

  mutating func constant(_ value: RuleValue) -> Int {
    if let known = constants.first(where: {
      $0.value.state == value.state && $0.value.bits == value.bits && $0.value.range == value.range
    }) {
      return known.register
    }
    let register = newRegister()
    constants.append((value, register))
    return register
  }

  mutating func constant(text: [UInt8]) -> Int { constant(constantText(text)) }

  mutating func constantText(_ text: [UInt8]) -> RuleValue {
    let start = constantBytes.count
    constantBytes += text
    return RuleValue(text: start..<constantBytes.count)
  }

  /// The register for what a step at this depth computes.
  mutating func temporary(_ depth: Int) -> Int {
    while temporaries.count <= depth { temporaries.append(newRegister()) }
    return temporaries[depth]
  }

  package func makeRegisters() -> Registers {
    var values = [RuleValue](repeating: .blank, count: count)
    for constant in constants { values[constant.register] = constant.value }
    return Registers(values: values, bytes: constantBytes, patterns: patterns)
  }
}

/// The values at which rules look: one a task.
package struct Registers {
  package var values: [RuleValue]
  /// Texts; those of the constants stand first and stay.
  package var bytes: [UInt8]
  /// Items of the collections of the record, by place in `Layout.inner`: as many as there are items.
  package var items: [[RuleValue]] = []
  private let constantCount: Int
  private let matchers: [MatcherBox]

  /// A matcher remembers what it met, and so belongs to one task.
  private final class MatcherBox {
    var matcher: PatternMatcher
    init(_ pattern: Pattern) { matcher = PatternMatcher(pattern) }
  }

  init(values: [RuleValue], bytes: [UInt8], patterns: [Pattern]) {
    self.values = values
    self.bytes = bytes
    constantCount = bytes.count
    matchers = patterns.map { MatcherBox($0) }
  }

  /// Forgets the texts of the last record.
  package mutating func removeTexts() {
    if bytes.count > constantCount { bytes.removeSubrange(constantCount...) }
  }

  package mutating func append(text: Span<UInt8>) -> RuleValue {
    let start = bytes.count
    bytes.reserveCapacity(start + text.count)
    for index in text.indices { bytes.append(text[index]) }
    return RuleValue(text: start..<bytes.count)
  }

  package mutating func append(text: ArraySlice<UInt8>) -> RuleValue {
    let start = bytes.count
    bytes.append(contentsOf: text)
    return RuleValue(text: start..<bytes.count)
  }

  package func text(of value: RuleValue) -> ArraySlice<UInt8> { bytes[value.range] }

  func matches(_ pattern: Int, _ value: RuleValue) -> Bool {
    matchers[pattern].matcher.matchesWhole(bytes.span.extracting(value.range))
  }
}
