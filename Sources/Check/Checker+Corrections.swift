import Bytes
import Campaign
import Diagnostics
import Expressions
import Records
import Values

// Decisions of the office about single values and records: the record is read as if they stood in the file.
extension Checker {
  /// Finds what is said of the current record, and reads it again where that changes a cell.
  ///
  /// - Returns: why the record is left out, if a correction says so.
  mutating func correct(
    by plan: CorrectionPlan, _ batch: borrowing RecordBatch, _ range: Range<Int>, _ number: Int, isReadable: Bool
  ) -> RejectionReason? {
    corrected.removeAll(keepingCapacity: true)
    correctedRows.removeAll(keepingCapacity: true)
    correctedID = nil
    var dropping: CorrectionPlan.Entry?
    if plan.hasRecords, let entries = entries(in: plan, batch, range, isReadable: isReadable) {
      for entry in entries where isReadable || (entry.action == .drop && entry.target.field == nil) {
        if find(entry, batch, range, number), entry.action == .drop { dropping = dropping ?? entry }
      }
    }
    if isReadable {
      let own = corrected
      for everywhere in plan.everywhere {
        if let drop = find(everywhere, besides: own, batch, range) { dropping = dropping ?? drop }
      }
    }
    if let dropping {
      note(.applied, of: dropping, batch, range, number)
      corrected.removeAll(keepingCapacity: true)
      return reason(for: dropping, Int(batch.rows[range.lowerBound].line))
    }
    if corrected.contains(where: { $0.entry.target.field != nil }) {
      correctedID = id(batch, range, isReadable: true)
      reread(batch, range, number)
    }
    return nil
  }

  private func reason(for entry: CorrectionPlan.Entry, _ line: Int) -> RejectionReason {
    RejectionReason(
      Diagnostic(
        .recordDropped, at: SourceLocation(file: "", line: line),
        [.literal(entry.reason.isEmpty ? "—" : entry.reason)]))
  }

  private func entries(
    in plan: CorrectionPlan, _ batch: borrowing RecordBatch, _ range: Range<Int>, isReadable: Bool
  ) -> [CorrectionPlan.Entry]? {
    let roles = self.plan.roles
    if isReadable, roles.key.count == 1 {
      // The usual case, without a copy.
      let value = values[rows[0].firstValue + roles.key[0]]
      if value.kind == .text { return plan.entries(of: batch.bytes.span.extracting(value.range)) }
    }
    if isReadable, let key = keyText(batch) { return plan.entries(of: key.span) }
    guard plan.hasContentIDs else { return nil }
    return plan.entries(of: Array(contentID(batch, range, isReadable: isReadable).utf8).span)
  }

  /// Notes the cells of a record that an entry is about; whether there are any.
  private mutating func find(
    _ entry: CorrectionPlan.Entry, _ batch: borrowing RecordBatch, _ range: Range<Int>, _ number: Int
  ) -> Bool {
    guard let field = entry.target.field else {
      if entry.action != .drop { corrected.append(CorrectedCell(row: range.lowerBound, entry: entry)) }
      return true
    }
    var isFound = false
    var other: String?
    var isAlready = false
    for row in batch.rows(of: entry.target.group, entry.target.element, in: range) {
      let cell = batch.cell(ofField: field, row: row)
      let text = batch.trimmedText(cell)
      if text == entry.old {
        // Of the rows of a record only the first says what is missing.
        if !entry.old.isEmpty || !isFound { corrected.append(CorrectedCell(row: row, entry: entry)) }
        isFound = true
      } else {
        if other == nil { other = String(decoding: text, as: UTF8.self) }
        if entry.action == .replace, text == entry.new { isAlready = true }
      }
    }
    if !isFound { note(isAlready ? .already : .oldValueDiffers, of: entry, batch, range, number, found: other ?? "") }
    return isFound
  }

  /// The same of decisions for all records; an entry that drops the record.
  private mutating func find(
    _ everywhere: CorrectionPlan.Everywhere, besides own: [CorrectedCell], _ batch: borrowing RecordBatch,
    _ range: Range<Int>
  ) -> CorrectionPlan.Entry? {
    var drop: CorrectionPlan.Entry?
    for row in batch.rows(of: everywhere.group, everywhere.element, in: range) {
      guard let cell = batch.cell(ofField: everywhere.field, row: row), batch.cells[cell].isPresent else { continue }
      let whole = batch.bytes.span.extracting(batch.cells[cell].range)
      guard let entry = everywhere.entry(whole.extracting(trimmed(whole))) else { continue }
      if entry.action == .drop {
        drop = entry
      } else if !own.contains(where: { $0.row == row && $0.entry.target.field == everywhere.field }) {
        // What is said of the record itself comes first.
        corrected.append(CorrectedCell(row: row, entry: entry))
      }
    }
    return drop
  }

  // MARK: reading again

  private mutating func reread(_ batch: borrowing RecordBatch, _ range: Range<Int>, _ number: Int) {
    // Its values go behind those of the block.
    rows.removeAll(keepingCapacity: true)
    reasons.removeAll(keepingCapacity: true)
    faultyItems.removeAll(keepingCapacity: true)
    for (place, cell) in corrected.enumerated() where cell.entry.target.field != nil {
      correctedRows[cell.row, default: []].append(place)
    }
    for row in range { reread(row, of: batch, range, number) }
  }

  private mutating func reread(_ index: Int, of batch: borrowing RecordBatch, _ range: Range<Int>, _ number: Int) {
    let group = Int(batch.rows[index].group)
    rows.append(RowValues(row: index, firstValue: values.count, group: group))
    if group == 0, Int(batch.rows[index].cellCount) != batch.columnCount {
      noteLength(of: batch.rows[index], index, batch)
    }
    let programs = group == 0 ? plan.programs : plan.repeats[group - 1]
    let firstReason = reasons.count
    let cells = correctedRows[index] ?? []
    for place in programs.indices {
      let cell = batch.cell(ofField: place, row: index)
      let mayBeBlank =
        group == 0 && (index != range.lowerBound || (cell == nil && batch.columnOfField[place] >= 0))
      if let found = cells.first(where: { corrected[$0].entry.target.field == place }) {
        values.append(read(cell, by: programs[place], found, mayBeBlank: mayBeBlank, batch, range, number))
      } else {
        values.append(read(cell, by: programs[place], row: index, batch, mayBeBlank: mayBeBlank))
      }
    }
    if group > 0 { settle(repeatedRow: index, firstReason: firstReason, batch) }
  }

  private mutating func read(
    _ cell: Int?, by program: FieldProgram, _ place: Int, mayBeBlank: Bool, _ batch: borrowing RecordBatch,
    _ range: Range<Int>, _ number: Int
  ) -> CellValue {
    let entry = corrected[place].entry
    let row = corrected[place].row
    let text = entry.action == .replace ? entry.new : batch.trimmedText(cell)
    let fault: CellFault
    do throws(CellFault) {
      let value = try read(text, by: program, mayBeBlank: mayBeBlank)
      if entry.action == .replace { note(.applied, of: entry, batch, range, number) }
      return value
    } catch { fault = error }
    if entry.action == .replace {
      // The decision was followed, and its value is at fault itself: that is said of the record.
      note(.applied, of: entry, batch, range, number)
    } else if entry.covers(fault.rule) {
      corrected[place].isSettled = true
      if let relaxed = entry.relaxed, let value = try? read(text, by: relaxed, mayBeBlank: true) {
        note(.applied, of: entry, batch, range, number)
        return value
      }
      note(.cannotBeAccepted, of: entry, batch, range, number)
    }
    note(
      fault, row: row, cell: cell, field: program.field.name, found: String(decoding: text.prefix(200), as: UTF8.self),
      batch)
    return .invalid
  }

  /// Reads a text that does not stand in the batch.
  private mutating func read(
    _ text: [UInt8], by program: FieldProgram, mayBeBlank: Bool
  ) throws(CellFault) -> CellValue {
    var value = try program.run(0..<text.count, of: text.span, mayBeBlank: mayBeBlank, in: &workspace)
    if value.kind == .text {
      let start = workspace.arena.count
      workspace.arena.append(contentsOf: text[value.range])
      value = CellValue(text: start..<workspace.arena.count, inArena: true, bits: value.bits)
    }
    return value
  }

  // MARK: accepted faults

  /// Takes the faults away that were accepted with the value, or without any of the whole record.
  mutating func settleAccepted(_ batch: borrowing RecordBatch, _ range: Range<Int>, _ number: Int) {
    var accepted: [FaultPlace: [Int]] = [:]
    for place in corrected.indices where corrected[place].entry.action == .accept && !corrected[place].isSettled {
      accepted[faultPlace(of: corrected[place], batch), default: []].append(place)
    }
    guard !accepted.isEmpty else { return }
    var states: [Int: CorrectionState] = [:]
    var kept: [RejectionReason] = []
    for reason in reasons {
      let places = accepted[FaultPlace(reason)] ?? []
      guard let place = places.first(where: { corrected[$0].entry.covers(reason.rule) }) else {
        kept.append(reason)
        continue
      }
      if reason.rule.leavesNothingToCount {
        kept.append(reason)
        states[place] = .cannotBeAccepted
      } else if states[place] == nil {
        states[place] = .applied
      }
    }
    reasons = kept
    for place in accepted.values.joined().sorted() {
      let entry = corrected[place].entry
      note(states[place] ?? lateState(of: entry), of: entry, batch, range, number)
    }
  }

  /// Of a fault that shows only when all records are seen, if it may be one; whether it is, nobody knows yet. Nothing more is
  /// asked of a record that is rejected now.
  private func lateState(of entry: CorrectionPlan.Entry) -> CorrectionState {
    guard reasons.isEmpty, entry.target.group == 0 else { return .notNeeded }
    let name = entry.target.field.map { plan.source.fields[$0].name }
    let isRule = plan.ruleBook.late.contains { rule in
      rule.source == plan.place && rule.field == name && entry.covers(plan.ruleBook.rules[rule.number])
    }
    guard let field = entry.target.field, !isRule else { return isRule ? .applied : .notNeeded }
    return plan.lateKeys.contains { $0.fields.first == field && $0.rule.map(entry.covers) ?? false }
      ? .applied : .notNeeded
  }

  /// Of what a fault is: a cell, or, without a field, what was found of the record.
  private struct FaultPlace: Hashable {
    var group = 0
    var element = 0
    var field: String?
    var found = ""

    init() {}
    init(_ reason: RejectionReason) {
      field = reason.field
      if reason.field != nil { (group, element) = (reason.group, reason.element) } else { found = reason.found }
    }
  }

  private mutating func faultPlace(of cell: CorrectedCell, _ batch: borrowing RecordBatch) -> FaultPlace {
    let target = cell.entry.target
    var place = FaultPlace()
    if let field = target.field {
      let programs = target.group == 0 ? plan.programs : plan.repeats[target.group - 1]
      place.field = programs[field].field.name
      place.group = target.group
      if target.group > 0 { place.element = element(ofRow: cell.row, batch) }
    } else {
      place.found = String(decoding: cell.entry.old, as: UTF8.self)
    }
    return place
  }

  /// Whether the office accepts that the values of a key stand in another record too, or in none.
  func isAccepted(_ key: LateKey) -> Bool {
    corrected.contains {
      $0.entry.action == .accept && $0.entry.target.group == 0 && $0.entry.target.field == key.fields.first
        && key.rule.map($0.entry.covers) ?? false
    }
  }

  /// The new value of a field of a row, if it has one.
  func replacement(ofField field: String, row: Int, _ batch: borrowing RecordBatch) -> String? {
    guard let places = correctedRows[row] else { return nil }
    let group = Int(batch.rows[row].group)
    let programs = group == 0 ? plan.programs : plan.repeats[group - 1]
    for place in places where corrected[place].entry.action == .replace {
      if let at = corrected[place].entry.target.field, programs[at].field.name == field {
        return String(decoding: corrected[place].entry.new, as: UTF8.self)
      }
    }
    return nil
  }

  private mutating func note(
    _ state: CorrectionState, of entry: CorrectionPlan.Entry, _ batch: borrowing RecordBatch, _ range: Range<Int>,
    _ number: Int, found: String = ""
  ) {
    let key = entry.correction << 8 | Int(state.rawValue)
    if let known = outcomes[key] {
      chunk.corrections[known].records += 1
      return
    }
    outcomes[key] = chunk.corrections.count
    chunk.corrections.append(
      CorrectionOutcome(
        correction: entry.correction, state: state, line: Int(batch.rows[range.lowerBound].line), record: number,
        found: found))
  }
}

extension Rule {
  /// Whether a record with this fault lacks what it is counted by: no decision can make a unit of a text that names none.
  fileprivate var leavesNothingToCount: Bool { Self.fatal.contains(self) }

  private static let fatal: Set<Rule> = [
    .typeError, .codeUnknown, .unitMissing, .unitUnknown, .unitAmbiguous, .teamUnknown, .findingWithoutKind,
    .severityOutOfRange, .primaryKey,
  ]
}

extension LateKey {
  /// What a record breaks that is at odds with others by this key; `nil` for the target of a foreign key.
  fileprivate var rule: Rule? {
    switch kind {
    case .unique: .uniqueError
    case .foreign: .foreignKey
    case .target: nil
    }
  }
}
