import Campaign
import Records

/// Where the word of a role comes from, as `WordSource` has it, in a form of which a look costs nothing.
struct WordLane: BitwiseCopyable {
  /// Of which the value says it; -1 when it is always `word`.
  private let field: Int32
  private let word: WordNumber
  /// Where the words of the entries of the field's code list begin in `PlainRecord.words`; -1 when it has no list.
  private let firstWord: Int32

  init(_ source: WordSource?, words: inout [WordNumber]) {
    switch source {
    case nil: (field, word, firstWord) = (-1, .none, -1)
    case .constant(let constant): (field, word, firstWord) = (-1, constant, -1)
    case .field(let place, let places):
      field = Int32(truncatingIfNeeded: place)
      word = .none
      firstWord = places == nil ? -1 : Int32(truncatingIfNeeded: words.count)
      words += places ?? []
    }
  }

  /// `nil` when it takes more than a look at the values of a row.
  @inline(__always)
  func word(_ values: UnsafePointer<CellValue>, _ words: [WordNumber]) -> WordNumber? {
    if field < 0 { return word }
    // SAFETY: `values` are those of a row, which has one for each field.
    let value = unsafe values[Int(field)]
    if value.kind == .code, firstWord >= 0 { return words[Int(firstWord) &+ Int(value.bits)] }
    return value.isBlank ? WordNumber.none : nil
  }
}

/// How a finding is taken from a record that is one row, as `FindingProgram` has it.
struct FindingLane: BitwiseCopyable {
  private let text: Int32
  private let kindField: Int32
  private let kind: UInt8
  /// Where the kinds of the entries of the code list begin in `PlainRecord.kinds`.
  private let firstKind: Int32
  private let category: WordLane
  private let severityField: Int32
  private let severity: UInt8
  static let noKind: UInt8 = 0xFF

  /// `nil` for one that takes more: texts that are split or searched, kinds that are told by their text.
  init?(_ program: FindingProgram, words: inout [WordNumber], kinds: inout [UInt8]) {
    guard program.group == 0, !program.isSplit, program.categoryRules == nil, let text = program.text else {
      return nil
    }
    self.text = Int32(truncatingIfNeeded: text)
    firstKind = Int32(truncatingIfNeeded: kinds.count)
    switch program.kind {
    case .constant(let constant): (kindField, kind) = (-1, constant.rawValue)
    case .field(let field):
      guard let places = program.kinds else { return nil }
      (kindField, kind) = (Int32(truncatingIfNeeded: field), Self.noKind)
      kinds += places.map { $0?.rawValue ?? Self.noKind }
    }
    category = WordLane(program.category, words: &words)
    switch program.severity {
    case nil: (severityField, severity) = (-1, 0)
    case .constant(let constant): (severityField, severity) = (-1, constant)
    case .field(let field): (severityField, severity) = (Int32(truncatingIfNeeded: field), 0)
    }
  }

  /// The finding of a row; `nil` when it takes more than a look at its values.
  @inline(__always)
  func finding(_ values: UnsafePointer<CellValue>, _ plain: PlainRecord) -> PlainFinding? {
    // SAFETY: as in `WordLane`.
    let text = unsafe values[Int(self.text)]
    var kind = self.kind
    if kindField >= 0 {
      let value = unsafe values[Int(kindField)]
      guard value.kind == .code else { return nil }
      kind = plain.kinds[Int(firstKind) &+ Int(value.bits)]
    }
    var severity = self.severity
    if severityField >= 0 {
      let value = unsafe values[Int(severityField)]
      guard value.isBlank || value.kind == .integer && (1...255).contains(value.bits) else { return nil }
      severity = value.isBlank ? 0 : UInt8(truncatingIfNeeded: value.bits)
    }
    guard text.isText, kind != Self.noKind, let category = unsafe category.word(values, plain.words) else { return nil }
    return PlainFinding(kind: kind, category: category, severity: severity, field: self.text)
  }
}

/// What a `FindingLane` found.
struct PlainFinding {
  var kind: UInt8
  var category: WordNumber
  var severity: UInt8
  /// Of which the text is.
  var field: Int32
}

/// How a record is read that is one row with nothing at fault, which nearly all are: what is asked of it takes a look at its
/// values and no more. Whatever it has no answer for goes the long way, which says what any record means; it must say the same.
struct PlainRecord {
  /// Whether there is such a way: `false` when each record of the source is asked for more.
  let isUsed: Bool
  let unitCode: Int
  let unitName: Int
  let region: Int
  let team: Int
  let date: Int
  private let dateIsInstant: Bool
  private let days: ClosedRange<Int32>
  private let checksRegions: Bool
  let method: WordLane
  let mode: WordLane
  let findings: [FindingLane]
  fileprivate let words: [WordNumber]
  fileprivate let kinds: [UInt8]

  init(_ plan: CheckPlan, isUsed: Bool) {
    let roles = plan.roles
    unitCode = roles.unitCode ?? -1
    unitName = roles.unitName == roles.unitCode ? -1 : roles.unitName ?? -1
    region = roles.region ?? -1
    team = roles.team ?? -1
    date = roles.date ?? -1
    dateIsInstant = roles.date.map { plan.programs[$0].isInstant } ?? false
    days = plan.window.map { $0.lowerBound.number...$0.upperBound.number } ?? .min ... .max
    checksRegions = plan.lists.roster.hasRegions || plan.lists.roster.hasUnits
    var words: [WordNumber] = []
    var kinds: [UInt8] = []
    method = WordLane(roles.method, words: &words)
    mode = WordLane(roles.mode, words: &words)
    let programs = plan.findings.filter { $0.group == 0 }
    findings = programs.compactMap { FindingLane($0, words: &words, kinds: &kinds) }
    self.isUsed =
      isUsed && findings.count == programs.count && plan.corrections == nil && roles.only.isEmpty
      && plan.datedFields.isEmpty && plan.listedKeys.isEmpty && plan.source.continuation.isEmpty
    self.words = words
    self.kinds = kinds
  }

  /// What the record is about; `nil` when it takes more than a look at its values.
  @inline(__always)
  func words(_ values: UnsafePointer<CellValue>, _ plan: CheckPlan) -> RecordWords? {
    var words = RecordWords()
    guard let unit = unsafe unit(values), unsafe isOfRegion(values, unit, plan), let team = unsafe team(values),
      let day = unsafe day(values), let method = unsafe method.word(values, self.words),
      let mode = unsafe mode.word(values, self.words)
    else { return nil }
    (words.unit, words.team, words.day, words.method, words.mode) = (unit, team, day, method, mode)
    return words
  }

  // SAFETY of all that follow: `values` are those of a row, which has one for each field.

  /// By what is known of the cells of its code and name alone.
  @inline(__always)
  func unit(_ values: UnsafePointer<CellValue>) -> WordNumber? {
    guard unitCode >= 0 || unitName >= 0 else { return WordNumber.none }
    let code = unsafe unitCode >= 0 ? values[unitCode] : .blank
    let name = unsafe unitName >= 0 ? values[unitName] : .blank
    if code.place >= 0 { return name.isBlank || name.place == code.place ? WordNumber(rawValue: code.place) : nil }
    return code.isBlank && name.place >= 0 ? WordNumber(rawValue: name.place) : nil
  }

  /// Whether the region of the record is that of its unit, or one above it.
  @inline(__always)
  private func isOfRegion(_ values: UnsafePointer<CellValue>, _ unit: WordNumber, _ plan: CheckPlan) -> Bool {
    guard region >= 0, checksRegions else { return true }
    let value = unsafe values[region]
    if value.isBlank { return true }
    guard value.place >= 0 else { return false }
    guard let unit = unit.listed else { return true }
    return plan.isRegion(value.place, ofUnit: unit)
  }

  @inline(__always)
  private func team(_ values: UnsafePointer<CellValue>) -> WordNumber? {
    guard team >= 0 else { return WordNumber.none }
    let value = unsafe values[team]
    if value.isBlank { return WordNumber.none }
    return value.place >= 0 ? WordNumber(rawValue: value.place) : nil
  }

  @inline(__always)
  func day(_ values: UnsafePointer<CellValue>) -> Int32? {
    guard date >= 0 else { return RecordColumns.noDay }
    let value = unsafe values[date]
    guard value.kind == .day || dateIsInstant && value.isText else { return RecordColumns.noDay }
    let day = value.kind == .day ? Int32(truncatingIfNeeded: value.bits) : value.localDay
    return days.contains(day) ? day : nil
  }
}
