import Bytes
import Campaign
import Diagnostics
import Records
import Values

/// A finding of the current record, before the record has its verdict.
struct FindingItem: BitwiseCopyable {
  /// Raw value of `FindingKind`.
  var kind: UInt8
  var category: WordNumber
  var severity: UInt8
  var line: UInt32
  /// Of the batch.
  var row: Int
  var day: Int32
  /// Place of the text, in the batch or in the arena.
  var text: CellValue
  /// Place of its field's cell in the row; -1 without one.
  var cell: Int

  static let none = FindingItem(
    kind: 0, category: .none, severity: 0, line: 0, row: 0, day: RecordColumns.noDay, text: .blank, cell: -1)
}

// What the inspectors found: taken out of cells, rows and repeats.
extension Checker {
  mutating func collectFindings(_ batch: borrowing RecordBatch) {
    for program in findingPrograms {
      for row in rows.indices where rows[row].group == program.group && !rows[row].isFaulty {
        let firstReason = reasons.count
        let firstItem = items.count
        collect(program, row: row, batch)
        if program.group > 0, plan.source.rejectsFindingsAlone, reasons.count > firstReason {
          items.removeSubrange(firstItem...)
          setApart(row: row, firstReason: firstReason)
        }
      }
    }
  }

  private mutating func collect(_ program: FindingProgram, row: Int, _ batch: borrowing RecordBatch) {
    let text = program.text.map { values[rows[row].firstValue + $0] } ?? .blank
    if text.kind == .invalid { return }
    guard let kind = kind(of: program, row: row, text: text, batch) else { return }
    let category = word(of: program.category, in: .category, row: row, group: program.group, batch)
    let item = FindingItem(
      kind: kind.rawValue, category: category, severity: severity(of: program, row: row, batch),
      line: batch.rows[rows[row].row].line, row: rows[row].row, day: day(ofRow: row), text: text,
      cell: cell(of: program, row: row, batch))
    guard program.text != nil, !text.isBlank else {
      collectWithoutText(program, item, row: row, batch)
      return
    }
    let first = items.count
    if !program.isSplit { items.append(item) } else { split(item, by: FindingSplitter(program.split), batch) }
    if let rules = program.categoryRules { categorize(from: first, by: rules, batch) }
  }

  /// Items of which nothing else says the category.
  private mutating func categorize(from first: Int, by rules: CategoryProgram, _ batch: borrowing RecordBatch) {
    for index in first..<items.count where items[index].category == .none {
      let text = items[index].text
      items[index].category =
        text.kind == .arenaText
        ? rules.category(of: workspace.arena.span.extracting(text.range))
        : rules.category(of: batch.bytes.span.extracting(text.range))
    }
  }

  // These two change nothing; but to be looked at by others the checker, which is large, would be copied for each finding.
  private mutating func cell(of program: FindingProgram, row: Int, _ batch: borrowing RecordBatch) -> Int {
    guard let field = program.text else { return -1 }
    let row = batch.rows[rows[row].row]
    let column = program.group == 0 ? Int(batch.columnOfField[field]) : field
    return column >= 0 && column < Int(row.cellCount) ? Int(row.firstCell) + column : -1
  }

  /// A row without a text is a finding when nothing but the row itself makes it one, or when it says of which kind it is.
  private mutating func collectWithoutText(
    _ program: FindingProgram, _ item: FindingItem, row: Int, _ batch: borrowing RecordBatch
  ) {
    if program.text == nil {
      items.append(item)
    } else if program.group > 0 {
      noteFinding(program.text, row: row, program, CellFault(.findingWithoutText), batch)
      items.append(item)
    } else if case .field = program.kind {
      items.append(item)
    }
  }

  private mutating func split(_ item: FindingItem, by splitter: FindingSplitter, _ batch: borrowing RecordBatch) {
    var ranges: [Range<Int>] = []
    if item.text.kind == .arenaText {
      splitter.forEachItem(in: workspace.arena.span.extracting(item.text.range)) { ranges.append($0) }
    } else {
      splitter.forEachItem(in: batch.bytes.span.extracting(item.text.range)) { ranges.append($0) }
    }
    let start = item.text.range.lowerBound
    for range in ranges {
      var part = item
      part.text = CellValue(
        text: start + range.lowerBound..<start + range.upperBound, inArena: item.text.kind == .arenaText)
      items.append(part)
    }
  }

  /// `nil` when the row is no finding, or its kind is at fault.
  private mutating func kind(
    of program: FindingProgram, row: Int, text: CellValue, _ batch: borrowing RecordBatch
  ) -> FindingKind? {
    switch program.kind {
    case .constant(let kind): return kind
    case .field(let field):
      let value = values[rows[row].firstValue + field]
      if value.kind == .invalid { return nil }
      if value.isBlank {
        if !text.isBlank || program.group > 0 {
          noteFinding(field, row: row, program, CellFault(.findingWithoutKind), batch)
        }
        return nil
      }
      if let kinds = program.kinds, value.kind == .code { return kinds[Int(value.bits)] }
      let word = self.text(of: value, batch, program: nil)
      if let place = CodeList.findingKinds.table.find(word.span) { return FindingKind.allCases[Int(place)] }
      noteFinding(field, row: row, program, CellFault(.codeUnknown, [.literal("kind")]), batch)
      return nil
    }
  }

  private mutating func severity(of program: FindingProgram, row: Int, _ batch: borrowing RecordBatch) -> UInt8 {
    switch program.severity {
    case .constant(let severity): return severity
    case .field(let field):
      let value = values[rows[row].firstValue + field]
      if value.isBlank || value.kind == .invalid { return 0 }
      var number = value.bits
      if value.kind != .integer {
        let programs = program.group == 0 ? plan.programs : plan.repeats[program.group - 1]
        number = Int64(String(decoding: text(of: value, batch, program: programs[field]), as: UTF8.self)) ?? 0
      }
      if (1...255).contains(number) { return UInt8(number) }
      noteFinding(field, row: row, program, CellFault(.severityOutOfRange), batch)
      return 0
    case nil: return 0
    }
  }

  /// The day that a row of the record has of its own.
  private mutating func day(ofRow row: Int) -> Int32 {
    guard !plan.source.continuation.isEmpty, rows[row].group == 0, let date = roles.date else {
      return RecordColumns.noDay
    }
    return plan.programs[date].day(of: values[rows[row].firstValue + date])?.number ?? RecordColumns.noDay
  }

  private mutating func noteFinding(
    _ field: Int?, row: Int, _ program: FindingProgram, _ fault: CellFault, _ batch: borrowing RecordBatch
  ) {
    let index = rows[row].row
    let fields = program.group == 0 ? plan.programs : plan.repeats[program.group - 1]
    let column = field.map { program.group == 0 ? Int(batch.columnOfField[$0]) : $0 } ?? -1
    let cell =
      column >= 0 && column < Int(batch.rows[index].cellCount) ? Int(batch.rows[index].firstCell) + column : nil
    let found = cell.flatMap { batch.cells[$0].isPresent ? batch.excerpt(batch.cells[$0].range) : nil } ?? ""
    note(fault, row: index, cell: cell, field: field.map { fields[$0].field.name }, found: found, batch)
  }
}
