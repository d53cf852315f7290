import Campaign
import Diagnostics
import Expressions
import Records

/// Asks the rules that need more than one record, in two passes over the segments: one that gathers what look-ups and groups
/// need, one that asks. Every rule sees the records that count so far; what the rules reject is rejected at the end, so that
/// their order changes nothing.
struct LateRuleRunner {
  private let rules: RuleBook
  private let files: [String]
  private var lookups: [[LookupIndex]]
  private var groups: [RuleGroups?]
  private var registers: [Registers]
  private var rejections: [Int: [RejectionReason]] = [:]
  private var remarks = RemarkLog()
  private let names: RuleNames
  private let sources: [SourceDefinition]

  init(_ rules: RuleBook, names: RuleNames, sources: [SourceDefinition], files: [String]) {
    self.rules = rules
    self.names = names
    self.files = files
    self.sources = sources
    lookups = rules.late.map { rule in
      rule.lookups.enumerated().map { LookupIndex($1, number: $0, of: rule.layout) }
    }
    groups = rules.late.map { $0.keys.isEmpty ? nil : RuleGroups($0, names: names) }
    registers = rules.late.map { $0.layout.makeRegisters() }
  }

  mutating func run(over store: SegmentStore, _ result: inout Reconciliation) throws {
    try store.forEachChunk { index, chunk in gather(chunk, index, result) }
    for place in groups.indices {
      groups[place]?.judge()
      if let group = groups[place] { try remarkGroups(group, store, result) }
    }
    try store.forEachChunk { index, chunk in ask(chunk, index, result) }
    for ordinal in rejections.keys { result.verdicts[ordinal] = Verdict.rejected.rawValue }
    result.ruleRejections = rejections
    remarks.move(into: &result)
  }

  // MARK: first pass

  private mutating func gather(_ chunk: SegmentChunk, _ index: Int, _ result: Reconciliation) {
    let isNeeded = rules.late.contains { rule in
      (!rule.keys.isEmpty && rule.source == chunk.source) || rule.lookups.contains { $0.source == chunk.source }
    }
    guard isNeeded else { return }
    for record in 0..<chunk.records.count {
      let ordinal = result.chunkStart[index] + record
      guard result.verdict(ordinal) == .counts else { continue }
      let places = RecordPlaces(chunk, record, chunk: index, result)
      for number in rules.late.indices {
        for place in lookups[number].indices where lookups[number][place].program.source == chunk.source {
          lookups[number][place].add(chunk, record, ordinal: ordinal, places)
        }
        if rules.late[number].source == chunk.source, groups[number] != nil {
          groups[number]?.registers.fill(rules.late[number].layout, from: chunk, record, places)
          groups[number]?.add(ordinal: ordinal)
        }
      }
    }
  }

  // MARK: second pass

  private mutating func ask(_ chunk: SegmentChunk, _ index: Int, _ result: Reconciliation) {
    let asked = rules.late.indices.filter { number in
      let rule = rules.late[number]
      // A group that fails a warning has been told of once.
      return rule.source == chunk.source && (rule.keys.isEmpty || rules.rules[rule.number].severity == .error)
    }
    guard !asked.isEmpty else { return }
    for record in 0..<chunk.records.count {
      let ordinal = result.chunkStart[index] + record
      guard result.verdict(ordinal) == .counts else { continue }
      let places = RecordPlaces(chunk, record, chunk: index, result)
      for number in asked {
        guard let diagnostic = fault(number, chunk, record, ordinal, places) else { continue }
        if chunk.accepts(diagnostic, ofRecord: record) { continue }
        if diagnostic.severity == .error {
          rejections[ordinal, default: []].append(RejectionReason(diagnostic))
        } else {
          remarks.add(diagnostic)
        }
      }
    }
  }

  private mutating func fault(
    _ number: Int, _ chunk: SegmentChunk, _ record: Int, _ ordinal: Int, _ places: RecordPlaces
  ) -> Diagnostic? {
    let rule = rules.late[number]
    let place = SourceLocation(
      file: files[chunk.file], line: Int(chunk.records.line[record]), record: Int(chunk.records.number[record]),
      field: rule.field)
    if groups[number] != nil {
      groups[number]?.registers.fill(rule.layout, from: chunk, record, places)
      guard let group = groups[number]?.place(), let entry = groups[number]?.groups[group], entry.fails else {
        return nil
      }
      return Self.diagnostic(rules.rules[rule.number], entry.labels, rule.arguments, at: place)
    }
    registers[number].fill(rule.layout, from: chunk, record, places)
    for slot in rule.layout.slots {
      guard case .lookup(let lookup) = slot.source else { continue }
      registers[number].values[slot.register] = lookups[number][lookup].find(&registers[number], ordinal: ordinal)
    }
    if let when = rule.when, !when.run(&registers[number]).isTrue { return nil }
    guard rule.require.run(&registers[number]).isFalse else { return nil }
    return Diagnostic(
      rules.rules[rule.number], at: place, found: rule.shown.map { text(chunk, record, $0) } ?? "",
      rule.arguments.map { .literal(text(chunk, record, $0)) })
  }

  private static func diagnostic(
    _ rule: Rule, _ labels: [String], _ arguments: [Int], at place: SourceLocation
  ) -> Diagnostic {
    Diagnostic(rule, at: place, found: labels.joined(separator: ", "), arguments.map { .literal(labels[$0]) })
  }

  private func text(_ chunk: SegmentChunk, _ record: Int, _ column: Int) -> String {
    rules.text(ofColumn: column, source: chunk.source, chunk.stored, record)
  }

  // MARK: groups

  private mutating func remarkGroups(_ group: RuleGroups, _ store: SegmentStore, _ result: Reconciliation) throws {
    let rule = rules.rules[group.rule.number]
    for entry in group.groups where entry.fails {
      let isOfRecords = entry.firstOrdinal != nil
      if rule.severity == .error, isOfRecords { continue }
      var location = SourceLocation(file: sources[group.rule.source].name)
      if let ordinal = entry.firstOrdinal {
        let place = try store.place(ofRecord: ordinal, result)
        location = SourceLocation(file: files[place.file], line: place.line, record: place.record)
      }
      location.field = group.rule.field
      remarks.add(Self.diagnostic(rule, entry.labels, group.rule.arguments, at: location))
    }
  }
}

extension SegmentStore {
  /// Where an accepted record stands.
  fileprivate func place(
    ofRecord ordinal: Int, _ result: Reconciliation
  ) throws -> (file: Int, line: Int, record: Int) {
    var low = 0
    var high = result.chunkStart.count
    while low + 1 < high {
      let middle = (low + high) / 2
      if result.chunkStart[middle] <= ordinal { low = middle } else { high = middle }
    }
    let chunk = try chunk(low)
    let record = ordinal - result.chunkStart[low]
    return (chunk.file, Int(chunk.records.line[record]), Int(chunk.records.number[record]))
  }
}

extension RuleBook {
  /// The value of a column that Check kept, as a person reads it.
  func text(ofColumn column: Int, source: Int, _ stored: StoredValues, _ record: Int) -> String {
    let value = stored.value(record, column)
    switch value.state {
    case .blank, .invalid: return ""
    case .text: return String(decoding: stored.text(of: value).prefix(200), as: UTF8.self)
    case .known:
      var known = RuleValue(value.bits)
      known.start = value.extra
      return text(of: known, type(ofColumn: column, source: source)) { _ in "" }
    }
  }
}
