import Campaign
import Diagnostics
import Records
import Values

/// The words of a record's roles.
struct RecordWords {
  var unit = WordNumber.none
  var team = WordNumber.none
  var method = WordNumber.none
  var mode = WordNumber.none
  var day = RecordColumns.noDay
}

// What a record is about: unit, region, team, day, method, mode.
extension Checker {
  mutating func findWords(_ batch: borrowing RecordBatch, into words: inout RecordWords) {
    if roles.unitCode != nil || roles.unitName != nil { words.unit = unit(batch) }
    if let region = roles.region { checkRegion(region, of: words.unit, batch) }
    if let team = roles.team { words.team = self.team(team, batch) }
    if let date = roles.date { words.day = day(date, batch) }
    words.method = word(of: roles.method, in: .method, batch)
    words.mode = word(of: roles.mode, in: .mode, batch)
  }

  /// The value of a field in the first row of the record.
  private func value(_ field: Int) -> CellValue { values[rows[0].firstValue + field] }

  /// The place of the unit, team or region that a value of a record's field names.
  mutating func placeNamed(by value: CellValue, in field: Int, _ batch: borrowing RecordBatch) -> Int32 {
    guard roles.names(field), !value.isBlank else { return CellValue.unasked }
    let place: Int?
    if field == roles.unitCode {
      place = find(value, batch, byCodeOnly: roles.unitName != nil)
    } else if field == roles.unitName {
      if plan.units.hasSharedNames {
        let text = text(of: value, batch, program: nil)
        if plan.units.isShared(text.span, &workspace.scratch) { return CellValue.unasked }
      }
      place = find(value, batch, byCodeOnly: false)
    } else {
      let program = value.kind == .code ? plan.programs[field] : nil
      place = self.place(of: value, in: field == roles.team ? plan.teams : plan.regions, batch, program: program)
    }
    return place.map(Int32.init) ?? CellValue.unlisted
  }

  private mutating func unit(_ batch: borrowing RecordBatch) -> WordNumber {
    // What is known of both cells says it for nearly every record.
    if let known = unsafe plain.unit(values.values(at: rows[0].firstValue, count: widths[0])) { return known }
    let code = roles.unitCode.map { value($0) } ?? .blank
    let name = roles.unitName.map { value($0) } ?? .blank
    if code.kind == .invalid || name.kind == .invalid { return .none }
    guard !code.isBlank || !name.isBlank else {
      noteField(roles.unitCode ?? roles.unitName, CellFault(.unitMissing), batch)
      return .none
    }
    if !code.isBlank {
      if let found = find(code, batch, byCodeOnly: roles.unitName != nil) {
        return matching(found, name: name, batch)
      }
    } else if let found = find(name, batch, byCodeOnly: false) {
      let text = text(of: name, batch, program: nil)
      guard plan.units.place(ofCode: text.span, &workspace.scratch) == nil,
        plan.units.isShared(text.span, &workspace.scratch)
      else { return WordNumber(listed: found) }
      if let settled = settle(name, batch) { return settled }
      noteField(roles.unitName, CellFault(.unitAmbiguous), batch)
      return .none
    }
    if plan.lists.roster.hasUnits, let settled = settle(name.isBlank ? code : name, batch) {
      // A code that is wrong is not put right by the name beside it.
      if code.isBlank || roles.unitName == nil { return settled }
    }
    guard plan.source.unit?.addsUnknown == true || !plan.lists.roster.hasUnits else {
      let nearest = nearestUnits(to: text(of: name.isBlank ? code : name, batch, program: nil))
      noteField(code.isBlank ? roles.unitName : roles.unitCode, CellFault(.unitUnknown, [nearest]), batch)
      return .none
    }
    return open(code: code, name: name, in: .unit, batch)
  }

  /// The unit of a code, unless the name beside it is that of another one.
  private mutating func matching(_ unit: Int, name: CellValue, _ batch: borrowing RecordBatch) -> WordNumber {
    if name.kind == .text, plan.unitNames.isName(batch.bytes.span.extracting(name.range), of: unit) {
      return WordNumber(listed: unit)
    }
    if !name.isBlank, let named = find(name, batch, byCodeOnly: false), named != unit {
      let units = plan.lists.roster.units
      if units[named].name != units[unit].name {
        noteField(roles.unitName, CellFault(.unitMismatch, [.word(units[unit].name)]), batch)
      }
    }
    return WordNumber(listed: unit)
  }

  /// The unit of a text that is no code, name or alias, when it is certain.
  private mutating func settle(_ value: CellValue, _ batch: borrowing RecordBatch) -> WordNumber? {
    var region: Int?
    if let field = roles.region, case let value = self.value(field), !value.isBlank, value.kind != .invalid {
      region = place(of: value, in: plan.regions, batch, program: plan.programs[field])
    }
    switch plan.variants.value.find(text(of: value, batch, program: nil), region: region) {
    case .unit(let place): return WordNumber(listed: place)
    case .decision(let place):
      chunk.counts.decisions[place, default: 0] += 1
      return WordNumber(listed: plan.lists.roster.decisions[place].unit)
    case nil: return nil
    }
  }

  /// The nearest names, for the first unknown words of a batch: whatever tasks there are, the same words have them.
  private mutating func nearestUnits(to word: [UInt8]) -> Argument {
    if !nearest.isAsked(word) { return .literal("") }
    let names = nearest.names(of: word) { plan.variants.value.nearest(word) }
    guard !names.isEmpty else { return .literal("") }
    return .word(
      LocalizedText(
        zh: "；最接近的：" + names.joined(separator: "、"), en: "; the nearest: " + names.joined(separator: ", ")))
  }

  private mutating func find(_ value: CellValue, _ batch: borrowing RecordBatch, byCodeOnly: Bool) -> Int? {
    guard byCodeOnly else { return place(of: value, in: plan.units, batch, program: nil) }
    if value.kind == .text {
      return plan.units.place(ofCode: batch.bytes.span.extracting(value.range), &workspace.scratch)
    }
    if value.kind == .arenaText {
      let units = plan.units
      return workspace.withArena { arena, scratch in units.place(ofCode: arena.extracting(value.range), &scratch) }
    }
    return plan.units.place(ofCode: text(of: value, batch, program: nil).span, &workspace.scratch)
  }

  /// Place of the unit, team or region that a value names.
  private mutating func place(
    of value: CellValue, in words: WordMatcher, _ batch: borrowing RecordBatch, program: FieldProgram?
  ) -> Int? {
    if value.kind == .text {
      return words.place(of: batch.bytes.span.extracting(value.range), &workspace.scratch)
    }
    if value.kind == .arenaText {
      return workspace.withArena { arena, scratch in words.place(of: arena.extracting(value.range), &scratch) }
    }
    return words.place(of: text(of: value, batch, program: program).span, &workspace.scratch)
  }

  private mutating func checkRegion(_ field: Int, of unit: WordNumber, _ batch: borrowing RecordBatch) {
    let value = value(field)
    guard !value.isBlank, value.kind != .invalid, plan.lists.roster.hasRegions || plan.lists.roster.hasUnits else {
      return
    }
    let place =
      value.place == CellValue.unasked
      ? self.place(of: value, in: plan.regions, batch, program: plan.programs[field])
      : value.place >= 0 ? Int(value.place) : nil
    if place == nil, plan.lists.roster.hasRegions {
      noteField(field, CellFault(.regionUnknown), batch)
      return
    }
    guard let unit = unit.listed, !plan.isRegion(place.map { Int32($0) } ?? CellValue.unlisted, ofUnit: unit) else {
      return
    }
    let own = plan.lists.roster.regions[Int(plan.regionOfUnit[unit])]
    noteField(field, CellFault(.regionMismatch, [.word(own.name)]), batch)
  }

  private mutating func team(_ field: Int, _ batch: borrowing RecordBatch) -> WordNumber {
    let value = value(field)
    guard !value.isBlank, value.kind != .invalid else { return .none }
    if value.place >= 0 { return WordNumber(rawValue: value.place) }
    if let place = place(of: value, in: plan.teams, batch, program: plan.programs[field]) {
      return WordNumber(listed: place)
    }
    guard !plan.lists.roster.hasTeams else {
      noteField(field, CellFault(.teamUnknown), batch)
      return .none
    }
    return open(code: value, name: .blank, in: .team, batch)
  }

  private mutating func day(_ field: Int, _ batch: borrowing RecordBatch) -> Int32 {
    let value = value(field)
    guard let day = plan.programs[field].day(of: value) else { return RecordColumns.noDay }
    if let window = plan.window, !window.contains(day) {
      noteField(
        field,
        CellFault(.visitOutsideWindow, [.literal(window.lowerBound.text), .literal(window.upperBound.text)]), batch)
    }
    return day.number
  }

  /// - Parameters:
  ///   - row: place in `rows`.
  ///   - group: of that row.
  mutating func word(
    of source: WordSource?, in set: WordSet, row: Int = 0, group: Int = 0, _ batch: borrowing RecordBatch
  ) -> WordNumber {
    switch source {
    case nil: return .none
    case .constant(let word): return word
    case .field(let field, let places):
      let value = values[rows[row].firstValue + field]
      if value.isBlank || value.kind == .invalid { return .none }
      if let places, value.kind == .code { return places[Int(value.bits)] }
      let program = group == 0 ? plan.programs[field] : plan.repeats[group - 1][field]
      return open(code: value, name: .blank, in: set, batch, program: program)
    }
  }

  private mutating func open(
    code: CellValue, name: CellValue, in set: WordSet, _ batch: borrowing RecordBatch, program: FieldProgram? = nil
  ) -> WordNumber {
    let codeText = code.isBlank ? [] : text(of: code, batch, program: program)
    let nameText = name.isBlank ? [] : text(of: name, batch, program: nil)
    let identity = codeText.isEmpty ? nameText : codeText
    return openWords.number(of: identity[...], in: set, chunk: &chunk) {
      OpenWord(code: String(decoding: codeText, as: UTF8.self), name: String(decoding: nameText, as: UTF8.self))
    }
  }

  /// Notes a fault of a field of the record's first row.
  mutating func noteField(_ field: Int?, _ fault: CellFault, _ batch: borrowing RecordBatch) {
    let row = rows[0].row
    let column = field.map { Int(batch.columnOfField[$0]) } ?? -1
    let cell =
      column >= 0 && column < Int(batch.rows[row].cellCount) ? Int(batch.rows[row].firstCell) + column : nil
    let found = cell.flatMap { batch.cells[$0].isPresent ? batch.excerpt(batch.cells[$0].range) : nil } ?? ""
    note(fault, row: row, cell: cell, field: field.map { plan.source.fields[$0].name }, found: found, batch)
  }

  /// The canonical text of a value.
  func text(of value: CellValue, _ batch: borrowing RecordBatch, program: FieldProgram?) -> [UInt8] {
    switch value.kind {
    case .text: Array(batch.bytes[value.range])
    case .arenaText: Array(workspace.arena[value.range])
    case .integer: Array(String(value.bits).utf8)
    case .number: Array(String(value.number).utf8)
    case .day: Array(Day(number: Int32(truncatingIfNeeded: value.bits)).text.utf8)
    case .boolean: Array((value.bits == 1 ? "true" : "false").utf8)
    case .code: program?.code(of: value) ?? []
    case .blank, .invalid, .unread: []
    }
  }
}

extension FieldProgram {
  /// The code of an entry of the field's code list.
  func code(of value: CellValue) -> [UInt8] {
    guard case .code(let list) = reader, value.kind == .code else { return [] }
    return Array(list.value.entries[Int(value.bits)].code.utf8)
  }

  /// The day of a date or of an instant.
  func day(of value: CellValue) -> Day? {
    if value.kind == .day { return Day(number: Int32(truncatingIfNeeded: value.bits)) }
    guard case .instant = reader, value.isText else { return nil }
    return Day(number: value.localDay)
  }
}
