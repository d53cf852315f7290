import Bytes
import Campaign
import Diagnostics
import Expressions
import Records

/// Remarks of one rule that a chunk keeps; all are counted.
package let keptRemarks = 1000

// The rules of the pipeline: what they look at is put into registers, and each is asked.
extension Checker {
  mutating func ask(_ words: RecordWords, _ batch: borrowing RecordBatch) {
    fill(words, batch)
    if let plainRules, !plainRules.anyFails(&registers) { return }
    for rule in rules {
      if rule.isOfFindings {
        askFindings(rule, batch)
      } else if rule.fails(&registers) {
        let diagnosed = plan.ruleBook.rules[rule.number]
        noteField(rule.field, CellFault(diagnosed, arguments(of: rule, batch)), batch)
        if diagnosed.severity != .error, let remark = reasons.popLast() { remarks.append(remark) }
      }
    }
  }

  private func arguments(of rule: RecordRule, _ batch: borrowing RecordBatch) -> [Argument] {
    rule.arguments.map { field in
      let value = values[rows[0].firstValue + field]
      return .literal(
        String(decoding: text(of: value, batch, program: plan.programs[field]).prefix(200), as: UTF8.self))
    }
  }

  /// A finding that fails an error is rejected alone.
  private mutating func askFindings(_ rule: RecordRule, _ batch: borrowing RecordBatch) {
    guard let layout = plan.rules?.layout else { return }
    let diagnosed = plan.ruleBook.rules[rule.number]
    var failed: [Int] = []
    for item in items.indices {
      for (place, inner) in layout.inner.enumerated() where inner.collection == .findings {
        registers.values[inner.register] = registers.items[place][item]
      }
      guard rule.fails(&registers) else { continue }
      let row = items[item].row
      let reason = RejectionReason(
        Diagnostic(
          diagnosed,
          at: SourceLocation(
            file: "", line: Int(items[item].line), field: rule.field.map { plan.source.fields[$0].name }),
          found: batch.excerpt(findingText(items[item], batch)), arguments(of: rule, batch)))
      if diagnosed.severity == .error {
        failed.append(item)
        faultyItems.append((row, [reason]))
      } else {
        remarks.append(reason)
      }
    }
    guard !failed.isEmpty else { return }
    for item in failed.reversed() { items.remove(at: item) }
    fillItems(layout, batch)
  }

  private func findingText(_ item: FindingItem, _ batch: borrowing RecordBatch) -> Range<Int> {
    item.text.kind == .text ? item.text.range : 0..<0
  }

  // MARK: registers

  mutating func fill(_ words: RecordWords, _ batch: borrowing RecordBatch) {
    registers.removeTexts()
    let first = rows[0].firstValue
    for index in slots.indices {
      let slot = slots[index]
      let field = Int(slot.field)
      let value: RuleValue
      switch slot.kind {
      case .text:
        let text = text(of: values[first + field], batch, program: plan.programs[field])
        value = text.isEmpty ? .blank : registers.append(text: text[...])
      case .unit: value = self.value(words.unit, fields: [roles.unitCode, roles.unitName])
      case .team: value = self.value(words.team, fields: [roles.team])
      case .field: value = self.value(values[first + field], by: plan.programs[field], batch)
      case .day: value = RuleValue(day: words.day)
      case .plain, .instant, .presence: value = RuleSlot.value(slot.kind, values[first + field])
      }
      registers.values[Int(slot.register)] = value
    }
    if hasInnerRules, let layout = plan.rules?.layout { fillItems(layout, batch) }
  }

  /// A unit or team; one that was not found although something is written has its fault already.
  private func value(_ word: WordNumber, fields: [Int?]) -> RuleValue {
    if word != .none { return RuleValue(Int64(word.rawValue)) }
    let first = rows[0].firstValue
    let isWritten = fields.contains { field in field.map { !values[first + $0].isBlank } ?? false }
    return isWritten ? .invalid : .blank
  }

  private mutating func value(
    _ cell: CellValue, by program: FieldProgram, _ batch: borrowing RecordBatch
  ) -> RuleValue {
    cell.isText ? textValue(cell, by: program, batch) : RuleValue(cell)
  }

  private mutating func textValue(
    _ cell: CellValue, by program: FieldProgram, _ batch: borrowing RecordBatch
  ) -> RuleValue {
    switch program.reader {
    case .instant: return RuleValue(instant: cell.bits, zone: cell.zone)
    case .time: return RuleValue(cell.bits)
    default:
      return cell.kind == .text
        ? registers.append(text: batch.bytes.span.extracting(cell.range))
        : registers.append(text: workspace.arena[cell.range])
    }
  }

  private mutating func fillItems(_ layout: Layout, _ batch: borrowing RecordBatch) {
    registers.items = layout.inner.map { _ in [] }
    for (place, inner) in layout.inner.enumerated() {
      switch inner.collection {
      case .findings:
        let slot = FindingSlot(rawValue: inner.column) ?? .kind
        for item in items {
          let value = value(of: item, slot, batch)
          registers.items[place].append(value)
        }
      case .rows: fillRows(place, field: inner.column, group: 0, plan.programs, batch)
      case .repeated(let group):
        fillRows(place, field: inner.column, group: group, plan.repeats[group - 1], batch)
      }
    }
  }

  private mutating func fillRows(
    _ place: Int, field: Int, group: Int, _ programs: [FieldProgram], _ batch: borrowing RecordBatch
  ) {
    for row in rows where row.group == group && !row.isFaulty {
      let value = value(values[row.firstValue + field], by: programs[field], batch)
      registers.items[place].append(value)
    }
  }

  private mutating func value(of item: FindingItem, _ slot: FindingSlot, _ batch: borrowing RecordBatch) -> RuleValue {
    switch slot {
    case .kind: return RuleValue(Int64(item.kind))
    case .severity: return item.severity == 0 ? .blank : RuleValue(Int64(item.severity))
    case .category:
      if let place = item.category.listed {
        return registers.append(text: Array(plan.lists.categories.entries[place].code.utf8)[...])
      }
      guard let open = item.category.open else { return .blank }
      return registers.append(text: Array(chunk.openWords[WordSet.category.rawValue][open].code.utf8)[...])
    case .text:
      switch item.text.kind {
      case .text: return registers.append(text: batch.bytes.span.extracting(item.text.range))
      case .arenaText: return registers.append(text: workspace.arena[item.text.range])
      default: return .blank
      }
    }
  }

  // MARK: for later

  /// What later rules look at, and what was noticed of the record.
  mutating func appendForLaterRules(_ rules: SourceRules, _ batch: borrowing RecordBatch) {
    let first = rows[0].firstValue
    for column in rules.stored {
      switch column {
      case .field(let field): store(value(values[first + field], by: plan.programs[field], batch), of: field)
      case .text(let field):
        let text = text(of: values[first + field], batch, program: plan.programs[field])
        if text.isEmpty { chunk.stored.append(.init(.blank)) } else { chunk.stored.append(text: text[...]) }
      case .computed(let program, let isText): store(program.run(&registers), isText: isText)
      }
    }
    for remark in remarks { keep(remark) }
  }

  private mutating func store(_ value: RuleValue, of field: Int) {
    store(value, isText: ValueType(of: plan.source.fields[field]) == .text)
  }

  private mutating func store(_ value: RuleValue, isText: Bool) {
    switch value.state {
    case .blank: chunk.stored.append(.init(.blank))
    case .invalid: chunk.stored.append(.init(.invalid))
    case .known where isText: chunk.stored.append(text: registers.text(of: value))
    case .known: chunk.stored.append(.init(.known, bits: value.bits, extra: value.start))
    }
  }

  private mutating func keep(_ remark: RejectionReason) {
    chunk.counts.byRule[remark.rule.id, default: 0] += 1
    guard remarkedRules[remark.rule.id, default: 0] < keptRemarks else { return }
    remarkedRules[remark.rule.id, default: 0] += 1
    chunk.remarks.append(
      RejectedRecord(
        line: remark.line, number: Int(writer.number[writer.count - 1]), findings: 0, raw: [],
        reasons: [remark]))
  }
}
