import Campaign
import Expressions
import Records

// Records that are one row with nothing at fault.
extension Checker {
  /// Whether the rules are asked record by record.
  private var asksEach: Bool { asksRules && !asksBlocks }

  /// Takes those of the plain rows of the block out that break a rule.
  mutating func askBlock() {
    guard asksBlocks, block.plain != 0, let plainRules else { return }
    let count = 64 &- block.plain.leadingZeroBitCount
    for index in slots.indices {
      let slot = slots[index]
      // By name, so that what is asked of a slot is not asked again for each row.
      switch slot.kind {
      case .day:
        unsafe fill(slot, count) { [plain] values in unsafe RuleValue(day: plain.day(values) ?? RecordColumns.noDay) }
      case .instant: unsafe fill(slot, count) { values in unsafe RuleSlot.value(.instant, values[Int(slot.field)]) }
      case .presence: unsafe fill(slot, count) { values in unsafe RuleSlot.value(.presence, values[Int(slot.field)]) }
      default: unsafe fill(slot, count) { values in unsafe RuleSlot.value(.plain, values[Int(slot.field)]) }
      }
    }
    block.plain &= ~plainRules.failing(ruleColumns, count)
  }

  /// Fills the column of a slot with what `value` makes of the values of each row; rows that are not plain are passed over.
  @inline(__always)
  private func fill(_ slot: RuleSlot, _ count: Int, _ value: (UnsafePointer<CellValue>) -> RuleValue) {
    // SAFETY: a column has room for 64 rows, and each row of the block has a value for each of its fields.
    let column = unsafe ruleColumns[Int(slot.register)]
    let first = unsafe values.values(at: 0, count: values.count)
    for row in 0..<count where block.plain &>> UInt64(truncatingIfNeeded: row) & 1 != 0 {
      unsafe column[row] = value(first + Int(block.firstValues[row]))
    }
  }

  /// Accepts a record when a look at its values is enough; `false` when it must go the long way.
  mutating func acceptPlain(_ index: Int, _ number: Int, _ batch: borrowing RecordBatch) -> Bool {
    let first = Int(block.firstValues[index &- block.start])
    let here = unsafe values.values(at: first, count: widths[0])
    guard let words = unsafe plain.words(here, plan), let key = key(ofValuesAt: first, batch) else { return false }
    let row = batch.rows[index]
    found.resize(to: 0)
    for place in plain.findings.indices {
      guard let finding = unsafe plain.findings[place].finding(here, plain) else { return false }
      let field = Int(finding.field)
      let column = Int(batch.columnOfField[field])
      found.append(
        FindingItem(
          kind: finding.kind, category: finding.category, severity: finding.severity, line: row.line, row: index,
          day: RecordColumns.noDay, text: unsafe here[field], cell: column < 0 ? -1 : Int(row.firstCell) &+ column))
    }
    if keepsMore || asksEach {
      clearRecord()
      rows.append(RowValues(row: index, firstValue: first, group: 0))
    }
    if asksEach {
      fill(words, batch)
      if plainRules?.anyFails(&registers) != false { return false }
    }
    chunk.counts.records &+= 1
    shortWays &+= 1
    write(line: row.line, number: number, words, key: key, findings: found.count)
    if keepsMore { keepMore(batch, index..<index &+ 1) }
    for place in 0..<found.count { write(found[place], batch) }
    return true
  }
}
