import Bytes
import Campaign
import Diagnostics
import Records
package import Tables

// What each team has to put right. The columns that a person fills in are those of a corrections file, so that a list that
// was filled in is one.
extension Tallier {
  /// The teams that have something to put right: those of the roster in its order, then others by name, then what is nobody's.
  private var workListTeams: [WorkListTeam] {
    func rank(_ team: WorkListTeam) -> (Int, Int, String) {
      switch team {
      case .listed(let place): (0, place, "")
      case .named(let name): (1, 0, name)
      case .unassigned: (2, 0, "")
      }
    }
    return workList.parts.keys.sorted { rank($0) < rank($1) }
  }

  /// Faults by team and rule; the row without a rule has the records.
  func workListTable() -> Table {
    var rows: [TableRow] = []
    func append(_ team: WorkListTeam, _ rule: Rule?, faults: Int, _ part: WorkListTally.Part?) {
      var row = TableRow()
      let (code, name) = teams.name(of: team, language)
      row.append(code: code, label: name)
      row.append(code: rule?.id, label: rule?.title[language] ?? LocalizedText(zh: "合计", en: "all")[language])
      row.append(faults)
      for count in [part?.records, part?.findings, part?.files] {
        if let count { row.append(count) } else { row.appendBlank() }
      }
      rows.append(row)
    }
    for team in workListTeams {
      guard let part = workList.parts[team] else { continue }
      append(team, nil, faults: part.byRule.values.reduce(0, +), part)
      let rules = part.byRule.map { (rule: $0.key, count: $0.value) }
      for (rule, count) in rules.sorted(by: { ($1.count, $0.rule.id) < ($0.count, $1.rule.id) }) {
        append(team, rule, faults: count, nil)
      }
    }
    return Table(
      name: "work-list", title: LocalizedText(zh: "更正工作表", en: "Work list"),
      columns: Column.team + [
        Column("rule", zh: "规则代码", en: "Rule", .code), Column("rule_name", zh: "问题", en: "What is wrong", .text),
        Column("faults", zh: "问题数", en: "Faults", .integer),
        Column("records", zh: "退回记录", en: "Records rejected", .integer),
        Column("findings", zh: "单独退回的发现", en: "Findings rejected alone", .integer),
        Column("files", zh: "整件退回的文件", en: "Files rejected whole", .integer),
      ], rows: HeldRows(rows))
  }

  /// A list for each team that has something to put right; none when the pipeline does not ask for them.
  package func workLists() -> [Table] {
    guard input.campaign.output.tables?.contains("work-list") ?? true else { return [] }
    var taken: Set<String> = []
    return workListTeams.map { team in
      let (code, name) = teams.name(of: team, language)
      return Table(
        name: "work-list/" + Self.fileName(name, code: code, taken: &taken), title: LocalizedText(name),
        columns: Self.workListColumns, rows: WorkListRows(tallier: self, team: team), isConfidential: true)
    }
  }

  private static let workListColumns: [Column] =
    Column.place + [
      Column("column", zh: "列（字节）", en: "Column (byte)", .integer),
      Column("rule", zh: "规则代码", en: "Rule", .code), Column("rule_name", zh: "问题", en: "What is wrong", .text),
      Column("expected", zh: "应为", en: "Expected", .text), Column("fix", zh: "怎样更正", en: "Proposed fix", .text),
      Column("proposal", zh: "建议内容", en: "Proposed value", .code),
      Column("id", zh: "记录编号", en: "Record id", .code), Column("field", zh: "字段", en: "Field", .code),
      Column("old", zh: "原内容", en: "Old value", .code), Column("new", zh: "新内容", en: "New value", .code),
      Column("action", zh: "处理", en: "Action", .code), Column("who", zh: "经办人", en: "Who", .code),
      Column("why", zh: "理由", en: "Why", .code), Column("date", zh: "日期", en: "Date", .code),
      Column("raw", zh: "原始记录", en: "Raw record", .text),
    ]

  /// Letters and digits of any script, `-` and `_`; where more than spaces had to give way, or the name is taken, with a mark
  /// of its own.
  static func fileName(_ name: String, code: String, taken: inout Set<String>) -> String {
    var safe = String(
      String.UnicodeScalarView(
        name.unicodeScalars.prefix(40).map { scalar in
          scalar.properties.isAlphabetic || scalar.properties.numericType != nil || scalar == "-" || scalar == "_"
            ? scalar : "_"
        }))
    let reserved = ["con", "prn", "aux", "nul"] + (0...9).flatMap { ["com\($0)", "lpt\($0)"] }
    if safe != name.replacing(" ", with: "_") || safe.isEmpty || reserved.contains(safe.lowercased())
      || taken.contains(safe.lowercased())
    {
      var hash = Hash128()
      hash.combine(Array("\(code)\u{0}\(name)".utf8).span)
      let digits = String(UInt32(truncatingIfNeeded: hash.low), radix: 16)
      safe += "-" + String(repeating: "0", count: 8 - digits.count) + digits
    }
    taken.insert(safe.lowercased())
    return safe
  }
}

private struct WorkListRows: RowSource {
  let tallier: Tallier
  let team: WorkListTeam

  func forEachRow(_ body: (borrowing TableRow) throws -> Void) throws {
    let input = tallier.input
    var row = TableRow()
    for index in input.files.indices where input.files[index].hasFailed {
      let file = input.files[index]
      guard let failure = file.failure, tallier.teams.team(ofFile: index) == team else { continue }
      append(Fault(failure, source: file.source), raw: [], to: &row)
      try body(row)
    }
    for index in (tallier.workList.parts[team]?.chunks ?? []).sorted() {
      let chunk = try input.store.chunk(index)
      let path = input.files[chunk.file].path
      try chunk.rejected.forEachEntry { entry in
        guard tallier.teams.team(of: entry, file: chunk.file) == team else { return }
        for reason in entry.reasons {
          var fault = Fault(reason.diagnostic(in: path, record: entry.number), source: chunk.source)
          fault.id = entry.id
          fault.group = reason.group
          fault.element = reason.element
          fault.whole = reason.whole
          append(fault, raw: isShown ? entry.raw : entry.shown ?? entry.raw, to: &row)
          try body(row)
        }
      }
      try appendLate(CountedChunk(chunk, index: index, input.decided), path, &row, body)
    }
  }

  /// A fault, and what else the list says of it.
  private struct Fault {
    var diagnostic: Diagnostic
    var source: Int
    var id = ""
    var group = 0
    var element = 0
    /// What stands in the cell, where that is not what was found.
    var whole: String?
    /// Whether it is about a direct identifier that is not shown: nothing can be proposed then.
    var isHidden = false
    /// What stands in the cell, where a later stage found the fault.
    var cell: String?
    var old: String { cell ?? whole ?? diagnostic.found }

    init(_ diagnostic: Diagnostic, source: Int) {
      self.diagnostic = diagnostic
      self.source = source
    }
  }

  /// Records that Reconcile rejected.
  private func appendLate(
    _ counted: CountedChunk, _ path: String, _ row: inout TableRow, _ body: (borrowing TableRow) throws -> Void
  ) throws {
    let chunk = counted.chunk
    guard !chunk.records.rawEnd.isEmpty else { return }
    let source = tallier.input.campaign.sources[chunk.source]
    let keys = source.lateKeys(in: tallier.input.campaign.sources)
    let reconciliation = tallier.input.reconciliation
    for record in 0..<chunk.records.count where counted.verdict(record) == .rejected {
      guard tallier.team(of: record, counted) == team else { continue }
      let identity = chunk.recordIdentity(record)
      var faults: [Fault] = []
      if let rejection = reconciliation.rejections[counted.firstOrdinal + record] {
        let other = try rejection.other.map { try tallier.input.place(ofRecord: $0) }
        let place = other.map { SourceLocation(file: tallier.input.files[$0.file].path, line: $0.line).description }
        let fault = Fault(
          rejection.diagnostic(of: record, in: chunk, file: path, source: source, keys: keys, other: place),
          source: chunk.source)
        faults.append(fault)
      }
      for reason in reconciliation.ruleRejections[counted.firstOrdinal + record] ?? [] {
        let number = Int(chunk.records.number[record])
        faults.append(Fault(reason.diagnostic(in: path, record: number), source: chunk.source))
      }
      for var fault in faults {
        fault.id = identity.id
        let field = source.fields.firstIndex { $0.name == fault.diagnostic.location.field }
        fault.cell = field.flatMap { identity.cells[$0] }
        append(fault, raw: Array(isShown ? chunk.recordText(record) : chunk.shownText(record)), to: &row)
        try body(row)
      }
    }
  }

  private var isShown: Bool { tallier.input.showsPersonal }

  private func append(_ found: Fault, raw: [UInt8], to row: inout TableRow) {
    let language = tallier.language
    let fault = isShown ? found : shown(found)
    let diagnostic = fault.diagnostic
    let place = diagnostic.location
    row.removeAll()
    row.append(tallier.input.campaign.sources[fault.source].name)
    row.append(place.file)
    for number in [place.line, place.record, place.column] {
      if number > 0 { row.append(number) } else { row.appendBlank() }
    }
    row.append(diagnostic.rule.id)
    row.append(diagnostic.rule.title[language])
    row.append(diagnostic.expected(language))
    row.append(fix(fault))
    row.append(proposal(fault) ?? "")
    row.append(fault.id)
    row.append(field(fault))
    row.append(fault.old)
    for _ in 0..<5 { row.appendBlank() }
    row.append(utf8: raw)
  }

  /// As a list shows it that anybody may see.
  private func shown(_ fault: Fault) -> Fault {
    let personal = tallier.input.personal
    var fault = fault
    let keys = tallier.input.campaign.sources[fault.source].primaryKey
    if keys.contains(where: { personal.isDirect($0, of: fault.source) }) { fault.id = personal.shown(fault.id) }
    let shown = personal.shown(fault.diagnostic, source: fault.source)
    guard personal.isDirect(fault.diagnostic.location.field, of: fault.source) || shown != fault.diagnostic else {
      return fault
    }
    fault.isHidden = true
    fault.diagnostic = shown
    fault.whole = fault.whole.map(personal.shown)
    fault.cell = fault.cell.map(personal.shown)
    return fault
  }

  /// The field as a corrections file names it: with the element of a repeat.
  private func field(_ fault: Fault) -> String {
    guard let field = fault.diagnostic.location.field else { return "" }
    let repeats = tallier.input.campaign.sources[fault.source].findings.compactMap(\.each)
    guard fault.group > 0, fault.group <= repeats.count else { return field }
    return "\(repeats[fault.group - 1])[\(fault.element)]/\(field)"
  }

  private func fix(_ fault: Fault) -> String {
    let language = tallier.language
    let found = fault.diagnostic.found
    if let whole = fault.whole, !found.hasSuffix("…"), !whole.isEmpty || !found.isEmpty {
      return LocalizedText(
        zh: "更正“\(found)”同样有误，请改写更正", en: "The correction \"\(found)\" is at fault too: change it")[language]
    }
    let fix = fault.diagnostic.fix(language)
    if !fix.isEmpty { return fix }
    if fault.diagnostic.location.field == nil {
      return LocalizedText(zh: "更正文件后重新上报", en: "Correct the file and hand it in again")[language]
    }
    return LocalizedText(zh: "在“新内容”中填写正确的内容", en: "Give the right value as the new value")[language]
  }

  private func proposal(_ fault: Fault) -> String? {
    guard let field = fault.diagnostic.location.field, let propose = tallier.input.propose, !fault.isHidden else {
      return nil
    }
    return propose(fault.source, fault.group, field, fault.diagnostic.rule, fault.old)
  }
}

extension Tallier {
  /// The team of an accepted record that Reconcile rejected.
  func team(of record: Int, _ counted: CountedChunk) -> WorkListTeam {
    Self.team(of: record, counted, teams)
  }

  static func team(of record: Int, _ counted: CountedChunk, _ teams: WorkListTeams) -> WorkListTeam {
    let records = counted.chunk.records
    return teams.team(
      counted.place(records.team, record, .team), unit: counted.place(records.unit, record, .unit),
      file: counted.chunk.file)
  }
}
