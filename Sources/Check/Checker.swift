import Bytes
import Campaign
import Diagnostics
import Expressions
package import Records
import Values

/// Checks the records of one source, batch by batch: each leaves with a verdict. One a task.
package struct Checker: ~Copyable {
  let plan: CheckPlan
  /// Parts of the plan at which each record is looked at: held here they are used in place.
  let roles: RecordRoles
  let findingPrograms: [FindingProgram]
  let rules: [RecordRule]
  let slots: [RuleSlot]
  let plainRules: PlainRules?
  /// What the rules look at, for the rows of a block together; whether they are asked so.
  let ruleColumns: RuleColumns
  let asksBlocks: Bool
  /// What accepted records are written with: a key, a unit, and whatever `keepMore` keeps.
  let writesKey: Bool
  let writesUnit: Bool
  let keepsMore: Bool
  let keySeed: Hash128
  let hasInnerRules: Bool
  let asksRules: Bool
  let plain: PlainRecord
  var workspace = Workspace()
  /// What cells came to that were read before, and by which way each field is read now.
  var known: KnownCells
  var lanes: [FieldProgram.Lane]
  /// Fields of each group.
  let widths: [Int]
  /// Whether a record can be left out on purpose, or corrected.
  private let mayLeaveOut: Bool
  var block: RowBlock
  var openWords = OpenWords()
  var nearest = NearestUnits()
  /// Values of the rows of the block, row after row.
  var values = ColumnBuffer(filler: CellValue.blank)
  var rows: [RowValues] = []
  var reasons: [RejectionReason] = []
  var items: [FindingItem] = []
  /// Of a record that goes the short way.
  var found = ColumnBuffer(filler: FindingItem.none)
  /// Records that went it, which tests look at.
  package var shortWays = 0
  /// Findings of the current record that are rejected alone, if the record is accepted.
  var faultyItems: [(row: Int, reasons: [RejectionReason])] = []
  var chunk: ChunkDraft
  var writer = RecordWriter()
  /// What the rules of the pipeline look at.
  var registers: Registers
  /// What they noticed of the current record without rejecting it.
  var remarks: [RejectionReason] = []

  /// How many remarks of each rule the chunk keeps.
  var remarkedRules: [String: Int] = [:]
  /// What corrections say of the current record; empty for nearly every one.
  var corrected: [CorrectedCell] = []
  /// Of the current record: places in `corrected` by row, and the last row of each repeat whose number was asked for.
  var correctedRows: [Int: [Int]] = [:]
  var elements: [Int: (row: Int, number: Int)] = [:]
  /// The id of the current record before it was corrected.
  var correctedID: String?
  /// Places in the chunk of what was noted of corrections, by correction and state.
  var outcomes: [Int: Int] = [:]

  /// A row of the current record: its place in the batch and where its values begin.
  struct RowValues {
    var row: Int
    var firstValue: Int
    var group: Int
    /// Whether a fault in it rejects the finding that it is.
    var isFaulty = false
  }

  /// - Parameter takesShortWay: `false` for tests, which compare the short way with the long one.
  package init(_ plan: CheckPlan, takesShortWay: Bool = true) {
    self.plan = plan
    if plan.source.unit != nil { plan.units.approach() }
    roles = plan.roles
    findingPrograms = plan.findings
    let rules = plan.rules?.rules ?? []
    self.rules = rules
    let slots =
      plan.rules?.slots.compactMap { RuleSlot($0.source, $0.register, isLookedAt: $0.isLookedAt, plan.programs) } ?? []
    self.slots = slots
    let plainRules = PlainRules(rules)
    self.plainRules = plainRules
    asksRules = plan.rules != nil
    plain = PlainRecord(plan, isUsed: takesShortWay && (plan.rules == nil || plainRules != nil))
    hasInnerRules = plan.rules.map { !$0.layout.inner.isEmpty } ?? false
    known = KnownCells(fields: plan.lanes.count)
    lanes = plan.lanes
    writesKey = !plan.roles.key.isEmpty
    writesUnit = plan.roles.unitCode != nil || plan.roles.unitName != nil
    keepsMore = plan.keepsMore
    keySeed = Hash128(seed: UInt64(plan.place + 1))
    mayLeaveOut = plan.corrections != nil || !plan.roles.only.isEmpty
    widths = [plan.programs.count] + plan.repeats.map(\.count)
    block = RowBlock(groups: 1 + plan.repeats.count)
    chunk = ChunkDraft(source: plan.place, file: 0)
    let registers = (plan.rules?.layout ?? Layout()).makeRegisters()
    self.registers = registers
    asksBlocks =
      plainRules?.isStraight == true && plan.rules?.computes == false && slots.allSatisfy { !$0.kind.isOther }
    ruleColumns = RuleColumns(registers)
  }

  /// Checks all records of `batch`.
  ///
  /// - Parameter file: place of the file in the run.
  package mutating func check(_ batch: borrowing RecordBatch, file: Int) -> SegmentChunk {
    chunk.file = file
    chunk.stored = StoredValues(width: plan.rules?.stored.count ?? 0)
    remarkedRules.removeAll(keepingCapacity: true)
    openWords.removeAll()
    nearest.beginBatch()
    outcomes.removeAll()
    var fault = 0
    var row = 0
    var number = batch.firstRecord
    var blockEnd = 0
    while row < batch.rows.count {
      if row == blockEnd { blockEnd = beginBlock(at: row, of: batch, fault: fault) }
      while block.isPlain(row), acceptPlain(row, number, batch) {
        number += 1
        row += 1
      }
      if row == blockEnd { continue }
      var end = row + 1
      while end < batch.rows.count, !batch.rows[end].startsRecord { end += 1 }
      check(batch, rows: row..<end, number: number, fault: &fault)
      number += 1
      row = end
    }
    writer.finish(&chunk)
    if chunk.counts.accepted < chunk.counts.records { openWords.dropUnused(from: &chunk) }
    // Taken out, in place of a copy of dozens of references; an empty one is there for the next batch.
    var done = ChunkDraft(source: plan.place, file: 0)
    swap(&done, &chunk)
    return SegmentChunk(done)
  }

  /// - Parameter fault: the next of the batch's faults that no row has been seen for.
  private mutating func check(
    _ batch: borrowing RecordBatch, rows range: Range<Int>, number: Int, fault: inout Int
  ) {
    chunk.counts.records += 1
    clearRecord()
    while fault < batch.faults.count, batch.faults[fault].row < range.upperBound {
      reasons.append(RejectionReason(batch.faults[fault].diagnostic))
      fault += 1
    }
    let isReadable = reasons.isEmpty
    if isReadable {
      for row in range { readRow(row, of: batch, isFirst: row == range.lowerBound) }
    }
    if mayLeaveOut, leavesOut(batch, range, number, isReadable: isReadable) { return }
    var words = RecordWords()
    if isReadable {
      findWords(batch, into: &words)
      if !plan.datedFields.isEmpty { checkValidity(on: words.day, batch) }
      if !plan.listedKeys.isEmpty { checkListedKeys(batch) }
      collectFindings(batch)
      if asksRules { ask(words, batch) }
    }
    if !corrected.isEmpty { settleAccepted(batch, range, number) }
    if reasons.isEmpty { accept(batch, range, number, words) } else { reject(batch, range, number, words) }
  }

  mutating func clearRecord() {
    // One after the other, which costs less than emptying a list, and there is hardly ever more than one.
    while rows.popLast() != nil {}
    while items.popLast() != nil {}
    if !reasons.isEmpty { reasons.removeAll(keepingCapacity: true) }
    if !faultyItems.isEmpty { faultyItems.removeAll(keepingCapacity: true) }
    if !remarks.isEmpty { remarks.removeAll(keepingCapacity: true) }
    if !elements.isEmpty { elements.removeAll(keepingCapacity: true) }
  }

  /// Corrects the record; whether it is left out, by a correction or by the source's `only`.
  private mutating func leavesOut(
    _ batch: borrowing RecordBatch, _ range: Range<Int>, _ number: Int, isReadable: Bool
  ) -> Bool {
    let dropped = plan.corrections.flatMap { correct(by: $0, batch, range, number, isReadable: isReadable) }
    guard isReadable || dropped != nil, let reason = dropped ?? exclusion(batch) else { return false }
    collectFindings(batch)
    if !corrected.isEmpty { settleAccepted(batch, range, number) }
    exclude(batch, range, number, reason)
    return true
  }

  mutating func noteLength(of row: RecordBatch.Row, _ index: Int, _ batch: borrowing RecordBatch) {
    note(
      CellFault(
        Int(row.cellCount) < batch.columnCount ? .missingCell : .extraCell, [.literal(String(batch.columnCount))]),
      row: index, cell: nil, field: nil, found: String(row.cellCount), batch)
  }

  @inline(__always)
  mutating func read(
    _ cell: Int?, by program: FieldProgram, row: Int, _ batch: borrowing RecordBatch, mayBeBlank: Bool
  ) -> CellValue {
    guard let cell, batch.cells[cell].isPresent else {
      if program.limits.isRequired && !mayBeBlank {
        note(.required, row: row, cell: nil, field: program.field.name, found: "", batch)
        return .invalid
      }
      return CellValue(kind: .blank, bits: Int64(BlankForm.absent))
    }
    let range = batch.cells[cell].range
    do throws(CellFault) {
      return try program.run(range, of: batch.bytes.span, mayBeBlank: mayBeBlank, in: &workspace)
    } catch {
      note(error, row: row, cell: cell, field: program.field.name, found: batch.excerpt(range), batch)
      return .invalid
    }
  }

  /// A repeat that is blank in every cell is the empty form of a questionnaire, and no finding; the faults of another may
  /// reject it alone.
  mutating func settle(repeatedRow index: Int, firstReason: Int, _ batch: borrowing RecordBatch) {
    if batch.isBlank(row: index) {
      reasons.removeSubrange(firstReason...)
      rows.removeLast()
    } else if plan.source.rejectsFindingsAlone, reasons.count > firstReason {
      setApart(row: rows.count - 1, firstReason: firstReason)
    }
  }

  /// Moves the reasons from `firstReason` on to the finding of a row.
  mutating func setApart(row: Int, firstReason: Int) {
    rows[row].isFaulty = true
    faultyItems.append((rows[row].row, Array(reasons[firstReason...])))
    reasons.removeSubrange(firstReason...)
  }

  /// Notes a fault of the current record.
  mutating func note(
    _ fault: CellFault, row: Int, cell: Int?, field: String?, found: String, _ batch: borrowing RecordBatch
  ) {
    let place = batch.place(ofCell: cell, row: row)
    var found = found
    if !corrected.isEmpty, let field, let new = replacement(ofField: field, row: row, batch) { found = new }
    var reason = RejectionReason(
      Diagnostic(
        fault.rule, at: SourceLocation(file: "", line: place.line, column: place.column, field: field), found: found,
        fault.arguments))
    reason.group = Int(batch.rows[row].group)
    if reason.group > 0 { reason.element = element(ofRow: row, batch) }
    if field != nil {
      let whole = String(decoding: batch.trimmedText(cell), as: UTF8.self)
      if whole != found { reason.whole = whole }
    }
    reasons.append(reason)
  }

  // MARK: verdicts

  mutating func reject(
    _ batch: borrowing RecordBatch, _ range: Range<Int>, _ number: Int, _ words: RecordWords
  ) {
    for item in faultyItems { reasons.append(contentsOf: item.reasons) }
    let findings = items.count + faultyItems.count
    chunk.counts.rejected += 1
    chunk.counts.findings += findings
    chunk.counts.findingsInRejectedRecords += findings
    countRules(of: reasons)
    var record = RejectedRecord(
      line: Int(batch.rows[range.lowerBound].line), number: number, findings: findings, raw: batch.raw(range),
      reasons: reasons)
    record.shown = shownText(record.raw, range, batch)
    identify(&record, words, batch, range)
    chunk.rejected.append(record)
  }

  mutating func countRules(of reasons: [RejectionReason]) {
    for reason in reasons { chunk.counts.byRule[reason.rule.id, default: 0] += 1 }
  }

  private mutating func exclude(
    _ batch: borrowing RecordBatch, _ range: Range<Int>, _ number: Int, _ reason: RejectionReason
  ) {
    chunk.counts.excluded += 1
    let findings = items.count + faultyItems.count
    chunk.counts.findings += findings
    chunk.counts.findingsInExcludedRecords += findings
    chunk.excluded.append(
      RejectedRecord(
        line: Int(batch.rows[range.lowerBound].line), number: number, findings: findings, raw: [], reasons: [reason]))
  }

  /// Whether the source's `only` leaves the record out.
  private func exclusion(_ batch: borrowing RecordBatch) -> RejectionReason? {
    guard let first = rows.first else { return nil }
    for (field, allowed) in roles.only {
      let value = values[first.firstValue + field]
      let text = text(of: value, batch, program: plan.programs[field])
      if value.kind != .invalid, !allowed.contains(text) {
        return RejectionReason(
          Diagnostic(
            .recordExcluded,
            at: SourceLocation(file: "", line: Int(batch.rows[first.row].line), field: plan.source.fields[field].name),
            found: String(decoding: text, as: UTF8.self),
            [.literal(allowed.map { String(decoding: $0, as: UTF8.self) }.joined(separator: ", "))]))
      }
    }
    return nil
  }
}
