import Bytes
import Campaign
import Diagnostics
import Records

// An accepted record goes into the columns of the chunk.
extension Checker {
  mutating func accept(_ batch: borrowing RecordBatch, _ range: Range<Int>, _ number: Int, _ words: RecordWords) {
    guard let key = key(ofValuesAt: rows[0].firstValue, batch) else {
      noteField(roles.key[0], CellFault(.primaryKey, [.word(LocalizedText(zh: "编号", en: "a key"))]), batch)
      reject(batch, range, number, words)
      return
    }
    write(line: batch.rows[range.lowerBound].line, number: number, words, key: key, findings: items.count)
    if keepsMore || !remarks.isEmpty { keepMore(batch, range) }
    for index in items.indices { write(items[index], batch) }
    if !faultyItems.isEmpty { rejectAlone(batch, range, number, words) }
  }

  /// Writes what each record has.
  @inline(__always)
  mutating func write(line: UInt32, number: Int, _ words: RecordWords, key: Hash128, findings: Int) {
    chunk.counts.accepted &+= 1
    chunk.counts.findings &+= findings
    chunk.counts.findingsAccepted &+= findings
    writer.line.append(line)
    writer.number.append(UInt32(truncatingIfNeeded: number))
    writer.findings.append(UInt32(truncatingIfNeeded: findings))
    if writesKey { writer.key.append(key) }
    if writesUnit { writer.unit.append(words.unit) }
    if roles.team != nil { writer.team.append(words.team) }
    if roles.date != nil { writer.day.append(words.day) }
    if roles.method != nil { writer.method.append(words.method) }
    if roles.mode != nil { writer.mode.append(words.mode) }
  }

  /// Keeps what later stages and some tables need of a record.
  mutating func keepMore(_ batch: borrowing RecordBatch, _ range: Range<Int>) {
    // Where the first counts, a later record of its key is a duplicate whatever it holds.
    if writesKey, plan.source.duplicates != .first { chunk.records.content.append(content(batch)) }
    if let version = roles.version { chunk.records.version.append(self.version(version, batch)) }
    if plan.source.writesRecords { appendValues(batch) }
    if !plan.blankFields.isEmpty { countBlanks() }
    if !plan.lateKeys.isEmpty { appendLateKeys(batch, range) }
    if let rules = plan.rules { appendForLaterRules(rules, batch) }
    guard plan.keepsRecordTexts else { return }
    let raw = batch.raw(range)
    chunk.raw.append(contentsOf: raw)
    chunk.records.rawEnd.append(UInt32(truncatingIfNeeded: chunk.raw.count))
    if let shown = shownText(raw, range, batch) {
      chunk.shown.append(contentsOf: shown)
      chunk.records.shownEnd.append(UInt32(truncatingIfNeeded: chunk.shown.count))
    }
    appendIdentity(batch, range)
  }

  /// Of the fields that tell blanks apart.
  private mutating func countBlanks() {
    for row in rows where row.group == 0 {
      for field in plan.blankFields {
        let value = values[row.firstValue + field]
        if value.isBlank { chunk.counts.blanks[field << 8 | Int(value.bits), default: 0] += 1 }
      }
    }
  }

  /// The key of the record whose values begin at `first`; `nil` when it is blank. Of a source without a key, any. It changes
  /// nothing: as `cell(of:row:_:)`.
  @inline(__always)
  mutating func key(ofValuesAt first: Int, _ batch: borrowing RecordBatch) -> Hash128? {
    var key = keySeed
    var isBlank = writesKey
    for place in roles.key.indices {
      let value = values[first &+ roles.key[place]]
      if !value.isBlank { isBlank = false }
      combine(value, into: &key, batch)
    }
    return isBlank ? nil : key
  }

  @inline(__always)
  private func combine(_ value: CellValue, into hash: inout Hash128, _ batch: borrowing RecordBatch) {
    switch value.kind {
    case .text: hash.combine(batch.bytes.span.extracting(value.range))
    case .arenaText: hash.combine(workspace.arena.span.extracting(value.range))
    case .blank:
      // How a blank is written makes no other record of it, unless the word says why it is blank.
      hash.combine(UInt64(value.kind.rawValue))
      hash.combine(value.bits >= BlankForm.declared ? UInt64(bitPattern: value.bits) : 0)
    default:
      hash.combine(UInt64(value.kind.rawValue))
      hash.combine(UInt64(bitPattern: value.bits))
    }
  }

  /// All values of all rows.
  private func content(_ batch: borrowing RecordBatch) -> UInt64 {
    var hash = Hash128()
    for row in rows {
      // The list in which a value stands is part of what the record says.
      hash.combine(UInt64(row.group))
      let width = row.group == 0 ? plan.programs.count : plan.repeats[row.group - 1].count
      for place in 0..<width { combine(values[row.firstValue + place], into: &hash, batch) }
    }
    return hash.high ^ hash.low
  }

  /// A number that sorts as the field does; a text by its first eight bytes.
  private func version(_ field: Int, _ batch: borrowing RecordBatch) -> Int64 {
    let value = values[rows[0].firstValue + field]
    switch value.kind {
    case .blank, .invalid, .unread: return .min
    case .number:
      let bits = Int64(bitPattern: UInt64(bitPattern: value.bits))
      return bits < 0 ? .min &- bits : bits
    case .text, .arenaText:
      if plan.programs[field].isInstant { return value.bits }
      let text = text(of: value, batch, program: nil)
      let word = (0..<8).reduce(UInt64(0)) { $0 << 8 | ($1 < text.count ? UInt64(text[$1]) : 0) }
      return Int64(bitPattern: word ^ 1 << 63)
    default: return value.bits
    }
  }

  private mutating func appendValues(_ batch: borrowing RecordBatch) {
    for row in rows where row.group == 0 {
      for field in plan.programs.indices {
        let value = values[row.firstValue + field]
        switch value.kind {
        case .blank: ValueList.appendBlank(to: &chunk.values, form: Int(value.bits))
        case .invalid, .unread: ValueList.appendBlank(to: &chunk.values)
        case .text: ValueList.append(text: batch.bytes[value.range], to: &chunk.values)
        case .arenaText: ValueList.append(text: workspace.arena[value.range], to: &chunk.values)
        case .integer: ValueList.append(integer: value.bits, to: &chunk.values)
        case .number: ValueList.append(number: value.number, to: &chunk.values)
        case .day: ValueList.append(day: Day(number: Int32(truncatingIfNeeded: value.bits)), to: &chunk.values)
        case .boolean: ValueList.append(boolean: value.bits == 1, to: &chunk.values)
        case .code: ValueList.append(text: plan.programs[field].code(of: value)[...], to: &chunk.values)
        }
      }
    }
    chunk.records.valuesEnd.append(UInt32(truncatingIfNeeded: chunk.values.count))
  }

  @inline(__always)
  mutating func write(_ item: FindingItem, _ batch: borrowing RecordBatch) {
    writer.kind.append(item.kind)
    writer.category.append(item.category)
    writer.severity.append(item.severity)
    if !plan.source.continuation.isEmpty { chunk.findings.day.append(item.day) }
    guard plan.keepsTexts else {
      writer.findingLine.append(item.line)
      return
    }
    let place = batch.place(of: item)
    writer.findingLine.append(UInt32(truncatingIfNeeded: place.line))
    chunk.findings.column.append(UInt32(truncatingIfNeeded: place.column))
    if item.text.kind == .arenaText {
      chunk.text.append(contentsOf: workspace.arena[item.text.range])
    } else if item.text.kind == .text {
      chunk.text.append(contentsOf: batch.bytes[item.text.range])
    }
    chunk.findings.textEnd.append(UInt32(truncatingIfNeeded: chunk.text.count))
  }

  /// The findings of an accepted record that are rejected.
  private mutating func rejectAlone(
    _ batch: borrowing RecordBatch, _ range: Range<Int>, _ number: Int, _ words: RecordWords
  ) {
    chunk.counts.findings += faultyItems.count
    chunk.counts.findingsRejectedAlone += faultyItems.count
    for item in faultyItems {
      countRules(of: item.reasons)
      let row = batch.rows[item.row]
      var record = RejectedRecord(
        line: Int(row.line), number: number, isFinding: true, findings: 1,
        raw: Array(batch.bytes[Int(row.rawStart)..<Int(row.rawEnd)]), reasons: item.reasons)
      record.shown = shownText(record.raw, item.row..<item.row + 1, batch)
      identify(&record, words, batch, range)
      chunk.rejected.append(record)
    }
  }
}

extension FieldProgram {
  var isInstant: Bool { if case .instant = reader { true } else { false } }

  /// Whether its values may be texts.
  var givesTexts: Bool {
    switch reader {
    case .integer, .number, .boolean, .date, .year, .code: rewriter?.contains != nil
    case .text, .instant, .time, .structured, .identifier: true
    }
  }
}
