import Bytes
import Campaign
import Diagnostics
import Expressions
import Records

/// The groups of a rule with `per`, and the figures of each: about 100 bytes a group and, where different values are
/// counted, 16 for each of them.
struct RuleGroups {
  struct Group {
    /// What its records share, for messages.
    var labels: [String]
    /// The record that is shown for it; `nil` for a group that has none.
    var firstOrdinal: Int?
    var figures: [Figure]
    var distinct: [Set<Hash128>]
    /// What `require` came to.
    var fails = false
  }
  let rule: LateRule
  let names: RuleNames
  var registers: Registers
  private var places: [Hash128: Int] = [:]
  private(set) var groups: [Group] = []
  /// First and last day that was seen by each key that is a period.
  private var spans: [ClosedRange<Int64>?]

  init(_ rule: LateRule, names: RuleNames) {
    self.rule = rule
    self.names = names
    registers = rule.layout.makeRegisters()
    spans = [ClosedRange<Int64>?](repeating: nil, count: rule.keys.count)
  }

  /// The group of the record that the registers hold; `nil` when one of its keys is blank, or `when` leaves it out.
  mutating func place() -> Int? {
    if let when = rule.when, !when.run(&registers).isTrue { return nil }
    var hash = Hash128()
    var values: [RuleValue] = []
    for key in rule.keys {
      let value = key.program.run(&registers)
      guard value.isKnown else { return nil }
      hash.combine(value, isText: key.isText, registers)
      values.append(value)
    }
    if let known = places[hash] { return known }
    return insert(hash, labels: zip(rule.keys, values).map { names.label(of: $1, $0, registers) })
  }

  private mutating func insert(_ hash: Hash128, labels: [String]) -> Int {
    places[hash] = groups.count
    groups.append(
      Group(
        labels: labels, firstOrdinal: nil, figures: rule.figures.map { $0.makeFigure() },
        distinct: rule.figures.map { _ in [] }))
    return groups.count - 1
  }

  mutating func add(ordinal: Int) {
    guard let place = place() else { return }
    if groups[place].firstOrdinal == nil { groups[place].firstOrdinal = ordinal }
    for (index, key) in rule.keys.enumerated() {
      guard case .period = key.kind else { continue }
      let start = key.program.run(&registers).bits
      spans[index] = spans[index].map { min($0.lowerBound, start)...max($0.upperBound, start) } ?? start...start
    }
    for (index, figure) in rule.figures.enumerated() {
      if let condition = figure.condition, !condition.run(&registers).isTrue { continue }
      let value = figure.value?.run(&registers)
      if figure.isDistinct, let value {
        guard value.isKnown else { continue }
        var hash = Hash128()
        hash.combine(value, isText: figure.isText, registers)
        if !groups[place].distinct[index].insert(hash).inserted { continue }
      }
      groups[place].figures[index].add(value)
    }
  }

  /// Groups that have no record: every planned unit, every team, every period of the campaign's window (or between the
  /// first and the last that a record has). Only where all keys are of these kinds, and one of them is a unit or a team.
  mutating func addMissing() {
    var choices: [[RuleValue]] = []
    for (index, key) in rule.keys.enumerated() {
      guard let values = names.allValues(of: key, seen: spans[index]) else { return }
      choices.append(values)
    }
    let isOfList = rule.keys.contains { key in
      switch key.kind {
      case .unit, .team: true
      case .period, .other: false
      }
    }
    guard isOfList, choices.reduce(1, { $0 * max(1, $1.count) }) <= 1_000_000 else { return }
    var chosen: [RuleValue] = []
    addMissing(choices[...], &chosen)
  }

  private mutating func addMissing(_ choices: ArraySlice<[RuleValue]>, _ chosen: inout [RuleValue]) {
    guard let values = choices.first else {
      var hash = Hash128()
      for value in chosen { hash.combine(value, isText: false, registers) }
      if places[hash] == nil {
        _ = insert(hash, labels: zip(rule.keys, chosen).map { names.label(of: $1, $0, registers) })
      }
      return
    }
    for value in values {
      chosen.append(value)
      addMissing(choices.dropFirst(), &chosen)
      chosen.removeLast()
    }
  }

  /// Asks the rule of each group.
  mutating func judge() {
    addMissing()
    var registers = rule.groupLayout.makeRegisters()
    for place in groups.indices {
      for slot in rule.groupLayout.slots {
        if case .figure(let figure) = slot.source {
          registers.values[slot.register] = groups[place].figures[figure].value
        }
      }
      groups[place].fails = rule.require.run(&registers).isFalse
    }
  }
}

extension GroupKey {
  var isText: Bool { if case .other(.text) = kind { true } else { false } }
}

/// The names of what rules show: units and teams, codes, days.
struct RuleNames {
  let book: RuleBook
  let lists: WordLists
  let window: ClosedRange<Day>?
  let language: Language

  func label(of value: RuleValue, _ key: GroupKey, _ registers: Registers) -> String {
    switch key.kind {
    case .unit: return name(lists.roster.units, value)
    case .team: return lists.roster.teams[Int(value.bits)].name[language]
    case .period(let period): return period.label(of: value.bits)
    case .other(let type):
      return book.text(of: value, type) { String(decoding: registers.text(of: $0).prefix(200), as: UTF8.self) }
    }
  }

  private func name(_ units: [Unit], _ value: RuleValue) -> String { units[Int(value.bits)].name[language] }

  /// Every value that a key can have; `nil` where only the records know.
  func allValues(of key: GroupKey, seen: ClosedRange<Int64>?) -> [RuleValue]? {
    switch key.kind {
    case .unit:
      guard lists.roster.hasUnits else { return nil }
      return lists.roster.units.indices.filter { lists.roster.units[$0].isPlanned }.map { RuleValue(Int64($0)) }
    case .team: return lists.roster.hasTeams ? lists.roster.teams.indices.map { RuleValue(Int64($0)) } : nil
    case .period(let period):
      let days = window.map { Int64($0.lowerBound.number)...Int64($0.upperBound.number) } ?? seen
      guard let days else { return [] }
      var starts: [RuleValue] = []
      var start = period.start(of: days.lowerBound)
      while start <= days.upperBound, starts.count < 10_000 {
        starts.append(RuleValue(start))
        start = period.next(after: start)
      }
      return starts
    case .other: return nil
    }
  }
}
