import Campaign
import Diagnostics
import Records
import Tables

// What a person looks at first: the campaign in figures, the proof that nothing was lost, the files.
extension Tallier {
  /// - Parameter proof: the sums as the stages counted them, per source.
  func summaryTable(proof: [Sums]) -> Table {
    var rows = SummaryRows(language: language)
    let campaign = input.campaign
    rows.section(zh: "督查行动", en: "Campaign")
    rows.add("campaign", zh: "名称", en: "Name", text: campaign.title[language])
    rows.add("campaign-id", zh: "代码", en: "Id", text: campaign.id)
    if let window = campaign.window {
      rows.add("window-first", zh: "开始", en: "First day", day: window.lowerBound)
      rows.add("window-last", zh: "结束", en: "Last day", day: window.upperBound)
    }
    rows.add("as-of", zh: "统计截至", en: "As of", day: input.asOf)
    rows.section(zh: "单位覆盖", en: "Units")
    rows.add("units-planned", zh: "计划督查", en: "Planned", coverage.count(.visited) + coverage.count(.notVisited))
    rows.add(
      "units-inspected", zh: "已督查", en: "Inspected", coverage.count(.visited) + coverage.count(.visitedNotPlanned))
    rows.add("units-not-visited", zh: "计划内未督查", en: "Planned, not visited", coverage.count(.notVisited))
    rows.add("units-visited-not-planned", zh: "计划外已督查", en: "Visited, not planned", coverage.count(.visitedNotPlanned))
    rows.add("visits", zh: "走访次数", en: "Visits", visits.figures.total)
    var findings = tally.withoutUnit.findings
    for unit in tally.units { findings.merge(unit.findings) }
    rows.section(zh: "发现", en: "Findings")
    rows.add("highlights", zh: "特色亮点", en: "Highlights", findings[.highlight])
    rows.add("problems", zh: "存在问题", en: "Problems", findings[.problem])
    rows.add("suggestions", zh: "意见建议", en: "Suggestions", findings[.suggestion])
    append(
      proof.reduce(into: Sums()) { $0.merge($1) }, name: LocalizedText(zh: "全部数据源", en: "All sources"), id: "",
      to: &rows)
    if proof.count > 1 {
      for (source, sums) in zip(campaign.sources, proof) {
        append(sums, name: source.title, id: "." + source.name, to: &rows)
      }
    }
    if !input.corrections.isEmpty {
      let counts = tally.corrections.counts(input.corrections)
      let failed = counts.filter { $0.key.isFailure }.values.reduce(0, +)
      rows.section(zh: "更正", en: "Corrections")
      rows.add("corrections", zh: "更正条数", en: "Given", input.corrections.count)
      rows.add("corrections-applied", zh: "已采用", en: "Applied", counts[.applied] ?? 0)
      rows.add("corrections-not-applied", zh: "未采用", en: "Not applied", failed)
      rows.add(
        "corrections-not-needed", zh: "不再需要", en: "Not needed any more",
        input.corrections.count - failed - (counts[.applied] ?? 0))
    }
    rows.section(zh: "文件", en: "Files")
    rows.add("files-read", zh: "读取", en: "Read", input.files.count { !$0.hasFailed })
    rows.add("files-quarantined", zh: "整件退回", en: "Rejected whole", input.files.count { $0.hasFailed })
    return Table(
      name: "summary", title: LocalizedText(zh: "总览", en: "Summary"),
      columns: [
        Column("section", zh: "部分", en: "Section", .text), Column("item", zh: "项目", en: "Item", .text),
        Column("value", zh: "数值", en: "Value", .integer), Column("id", zh: "代码", en: "Id", .code),
      ], rows: HeldRows(rows.rows))
  }

  private func append(_ sums: Sums, name: LocalizedText, id: String, to rows: inout SummaryRows) {
    for (sum, prefix, what) in [
      (sums.records, "records", LocalizedText(zh: "记录", en: "Records")),
      (sums.findings, "findings", LocalizedText(zh: "发现条目", en: "Findings")),
    ] {
      rows.section(zh: "\(what.zh)去向：\(name.zh)", en: "\(what.en): \(name.en)")
      rows.add("\(prefix)-read\(id)", zh: "读到", en: "Read", sum.read)
      rows.add("\(prefix)-tallied\(id)", zh: "计入", en: "Tallied", sum.tallied)
      rows.add("\(prefix)-rejected\(id)", zh: "退回", en: "Rejected", sum.rejected)
      rows.add("\(prefix)-duplicate\(id)", zh: "重复", en: "Duplicate", sum.duplicate)
      rows.add("\(prefix)-superseded\(id)", zh: "已有新版本", en: "Superseded", sum.superseded)
      rows.add("\(prefix)-excluded\(id)", zh: "不在范围内", en: "Excluded", sum.excluded)
    }
  }

  func filesTable() -> Table {
    let (input, language) = (input, language)
    let rows = MadeRows(input.files.count) { index, row in
      input.files.approach(index)
      let file = input.files[index]
      let verdicts = input.reconciliation.counts[index]
      row.append(input.campaign.sources[file.source].name)
      row.append(file.path)
      let state = file.hasFailed ? "quarantined" : file.repeats != nil ? "repeated" : "read"
      row.append(state)
      row.append(Self.stateLabels[state]?[language] ?? state)
      row.append(code: file.failure?.rule.id, label: file.failure?.rule.title[language])
      row.append(file.encoding)
      row.append(file.reading.dialect)
      row.append(file.size)
      row.append(file.reading.rows)
      row.append(file.counts.records)
      row.append(verdicts.records[Int(Verdict.counts.rawValue)])
      row.append(file.counts.rejected + verdicts.records[Int(Verdict.rejected.rawValue)])
      row.append(verdicts.records[Int(Verdict.duplicate.rawValue)])
      row.append(verdicts.records[Int(Verdict.superseded.rawValue)])
      row.append(file.counts.excluded)
      row.append(file.counts.findings)
      row.append(file.fingerprint)
    }
    return Table(
      name: "files", title: LocalizedText(zh: "文件", en: "Files"),
      columns: [
        Column("source", zh: "数据源", en: "Source", .code), Column("file", zh: "文件", en: "File", .text),
        Column("state", zh: "状态代码", en: "State code", .code), Column("state_name", zh: "状态", en: "State", .text),
        Column("rule", zh: "规则代码", en: "Rule", .code), Column("rule_name", zh: "问题", en: "What is wrong", .text),
        Column("encoding", zh: "编码", en: "Encoding", .code), Column("dialect", zh: "格式", en: "Dialect", .text),
        Column("bytes", zh: "字节数", en: "Bytes", .integer), Column("rows", zh: "行数", en: "Rows", .integer),
        Column("records", zh: "读到记录", en: "Records read", .integer),
        Column("tallied", zh: "计入", en: "Tallied", .integer),
        Column("rejected", zh: "退回", en: "Rejected", .integer),
        Column("duplicate", zh: "重复", en: "Duplicate", .integer),
        Column("superseded", zh: "已有新版本", en: "Superseded", .integer),
        Column("excluded", zh: "不在范围内", en: "Excluded", .integer),
        Column("findings", zh: "发现条目", en: "Findings read", .integer),
        Column("sha256", zh: "指纹（SHA-256）", en: "Fingerprint (SHA-256)", .code),
      ], rows: rows)
  }

  /// What was noticed of files, and cost no record: skipped rows, columns without a field, files that nobody reads. What is
  /// said of many files alike is said once, with the first place.
  func notesTable() -> Table {
    var groups: [NoteGroup: Int] = [:]
    var notes: [(note: Diagnostic, files: Int)] = []
    for note in input.notes
      + input.files.flatMap({ file in file.reading.notes.map { input.personal.shown($0, source: file.source) } })
    {
      let group = NoteGroup(note)
      if let known = groups[group] {
        notes[known].files += 1
      } else {
        groups[group] = notes.count
        notes.append((note, 1))
      }
    }
    return Table(
      name: "notes", title: LocalizedText(zh: "提示", en: "Notes"),
      columns: [
        Column("file", zh: "文件", en: "File", .text), Column("line", zh: "行号", en: "Line", .integer),
        Column("times", zh: "次数", en: "Times", .integer), Column("severity", zh: "级别代码", en: "Severity code", .code),
        Column("severity_name", zh: "级别", en: "Severity", .text), Column("rule", zh: "规则代码", en: "Rule", .code),
        Column("rule_name", zh: "情况", en: "What was noticed", .text), Column("field", zh: "字段", en: "Field", .code),
        Column("found", zh: "见到", en: "Found", .text), Column("expected", zh: "应为", en: "Expected", .text),
      ], rows: NoteRows(tallier: self, notes: notes), isConfidential: true)
  }

  private static let stateLabels: [String: LocalizedText] = [
    "read": LocalizedText(zh: "已读取", en: "read"), "quarantined": LocalizedText(zh: "整件退回", en: "rejected whole"),
    "repeated": LocalizedText(zh: "重复的文件", en: "handed in twice"),
  ]
}

/// Notes of files, and behind them what rules and checks noticed of records: the first thousand of each rule and file.
private struct NoteRows: RowSource {
  let tallier: Tallier
  let notes: [(note: Diagnostic, files: Int)]

  func forEachRow(_ body: (borrowing TableRow) throws -> Void) throws {
    var row = TableRow()
    for (note, files) in notes {
      fill(&row, note, times: files)
      try body(row)
    }
    var kept = RemarkCap()
    try tallier.input.store.forEachChunk(thatHaveRemarks: true) { _, chunk in
      let path = tallier.input.files[chunk.file].path
      try chunk.remarks.forEachEntry { entry in
        for reason in entry.reasons where kept.takes(reason.rule.id, path) {
          let remark = reason.diagnostic(in: path, record: entry.number)
          fill(&row, tallier.input.personal.shown(remark, source: chunk.source), times: 1)
          try body(row)
        }
      }
    }
    let sources = Dictionary(
      tallier.input.files.map { ($0.path, $0.source) }, uniquingKeysWith: { first, _ in first })
    for remark in tallier.input.reconciliation.remarks {
      let source = sources[remark.diagnostic.location.file]
      fill(
        &row, source.map { tallier.input.personal.shown(remark.diagnostic, source: $0) } ?? remark.diagnostic, times: 1)
      try body(row)
    }
  }

  private func fill(_ row: inout TableRow, _ note: Diagnostic, times: Int) {
    let language = tallier.language
    row.removeAll()
    row.append(note.location.file)
    if note.location.line > 0 { row.append(note.location.line) } else { row.appendBlank() }
    row.append(times)
    row.append(note.severity.rawValue)
    row.append(note.severity.name[language])
    row.append(note.rule.id)
    row.append(note.title(language))
    row.append(note.location.field ?? "")
    row.append(note.found)
    row.append(note.expected(language))
  }
}

/// Notes that say the same of several files are one row: the first place, and how often.
private struct NoteGroup: Hashable {
  let rule: Rule
  let field: String?
  let found: String
  let arguments: [Argument]

  init(_ note: Diagnostic) {
    rule = note.rule
    field = note.location.field
    found = note.found
    arguments = note.arguments
  }
}

/// Rows of the summary: a section, an item, its value.
private struct SummaryRows {
  let language: Language
  var rows: [TableRow] = []
  private var current = ""

  init(language: Language) { self.language = language }

  mutating func section(zh: String, en: String) { current = language == .zh ? zh : en }

  private mutating func add(_ id: String, _ zh: String, _ en: String, _ value: (inout TableRow) -> Void) {
    var row = TableRow()
    row.append(current)
    row.append(language == .zh ? zh : en)
    value(&row)
    row.append(id)
    rows.append(row)
  }

  mutating func add(_ id: String, zh: String, en: String, _ number: Int) { add(id, zh, en) { $0.append(number) } }
  mutating func add(_ id: String, zh: String, en: String, text: String) { add(id, zh, en) { $0.append(text) } }
  mutating func add(_ id: String, zh: String, en: String, day: Day) { add(id, zh, en) { $0.append(day) } }
}
