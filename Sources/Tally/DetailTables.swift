import Campaign
import Diagnostics
import Records
import Tables

// Tables with a row for each finding or record: streamed from the segments, never held.
extension Tallier {
  func findingsTable() -> Table {
    Table(
      name: "findings", title: LocalizedText(zh: "发现明细", en: "Findings"),
      columns: Column.place + Column.unit + Column.region + Column.team + [
        Column("date", zh: "日期", en: "Date", .date), Column("method", zh: "方式代码", en: "Method code", .code),
        Column("method_name", zh: "方式", en: "Method", .text), Column("kind", zh: "类型代码", en: "Kind code", .code),
        Column("kind_name", zh: "类型", en: "Kind", .text), Column("category", zh: "类别代码", en: "Category code", .code),
        Column("category_name", zh: "类别", en: "Category", .text),
        Column("severity", zh: "严重程度", en: "Severity", .integer), Column("text", zh: "内容", en: "Text", .text),
        Column("column", zh: "列（字节）", en: "Column (byte)", .integer),
      ], rows: FindingRows(tallier: self))
  }

  /// Records that were read and are right, but do not count: duplicates, earlier versions, those left out on purpose.
  func setAsideTable() -> Table {
    Table(
      name: "set-aside", title: LocalizedText(zh: "未计入记录", en: "Set aside"),
      columns: Column.place + [
        Column("verdict", zh: "去向代码", en: "Verdict code", .code),
        Column("verdict_name", zh: "去向", en: "Verdict", .text),
        Column("reason", zh: "原因", en: "Reason", .text),
        Column("counts_file", zh: "计入的文件", en: "Counted instead: file", .text),
        Column("counts_line", zh: "计入的行号", en: "Counted instead: line", .integer),
        Column("counts_record", zh: "计入的记录号", en: "Counted instead: record", .integer),
        Column("findings", zh: "发现数", en: "Findings", .integer),
      ], rows: SetAsideRows(tallier: self))
  }

  func rejectedTable() -> Table {
    Table(
      name: "rejected", title: LocalizedText(zh: "退回记录", en: "Rejected"),
      columns: Column.place + [
        Column("field", zh: "字段", en: "Field", .code), Column("rule", zh: "规则代码", en: "Rule", .code),
        Column("rule_name", zh: "问题", en: "What is wrong", .text),
        Column("column", zh: "列（字节）", en: "Column (byte)", .integer),
        Column("found", zh: "见到", en: "Found", .text), Column("expected", zh: "应为", en: "Expected", .text),
        Column("rejects", zh: "退回范围", en: "Rejects", .text), Column("raw", zh: "原始记录", en: "Raw record", .text),
      ], rows: RejectedRows(tallier: self), isConfidential: true)
  }

  func recordsTable(of source: Int) -> Table {
    let definition = input.campaign.sources[source]
    let columns = definition.fields.map { field -> Column in
      Column(
        field.name, zh: field.title.zh, en: field.title.en, field.personal == .direct ? .code : field.columnKind)
    }
    // Why a cell holds no value, where a field tells reasons apart.
    let reasons =
      definition.fields.allSatisfy(\.blankKinds.isEmpty)
      ? [] : [Column("_blanks", zh: "空白原因", en: "Reasons of blanks", .text)]
    return Table(
      name: "records-\(definition.name)", title: definition.title,
      columns: [
        Column("_file", zh: "文件", en: "File", .text), Column("_line", zh: "行号", en: "Line", .integer),
        Column("_record", zh: "记录号", en: "Record", .integer), Column("_row", zh: "记录内行", en: "Row", .integer),
      ] + columns + reasons, rows: RecordRows(tallier: self, source: source), isConfidential: true)
  }

  func appendPlace(of chunk: SegmentChunk, line: Int, record: Int, to row: inout TableRow) {
    row.append(input.campaign.sources[chunk.source].name)
    row.append(input.files[chunk.file].path)
    row.append(line)
    row.append(record)
  }
}

extension Field {
  /// How values of the field are written in tables.
  var columnKind: ColumnKind {
    if codeList != nil { return .code }
    if contains != nil { return .boolean }
    return switch type {
    case .string: .code
    case .integer, .year: .integer
    case .number: .number
    case .boolean: .boolean
    case .date: .date
    case .datetime, .time, .any, .yearMonth, .duration, .object, .array, .list, .geoPoint, .geoJSON: .text
    }
  }
}

private struct FindingRows: ChunkRows {
  let tallier: Tallier

  func isOf(_ chunk: Int) -> Bool { tallier.input.store.outlines[chunk].records > 0 }

  func forEachRow(of counted: CountedChunk, _ body: (borrowing TableRow) throws -> Void) throws {
    let lists = tallier.input.lists
    let language = tallier.language
    let isPersonal = tallier.input.campaign.sources.indices.map { source in
      tallier.input.campaign.sources[source].findings.contains { tallier.input.personal.isDirect($0.text, of: source) }
    }
    var row = TableRow()
    let chunk = counted.chunk
    try counted.forEachRecord { record, findings in
      guard counted.verdict(record) == .counts else { return }
      let team = counted.place(chunk.records.team, record, .team).map { lists.roster.teams[$0] }
      let method = counted.place(chunk.records.method, record, .method).map { lists.methods.entries[$0] }
      for finding in findings {
        row.removeAll()
        tallier.appendPlace(
          of: chunk, line: Int(chunk.findings.line[finding]), record: Int(chunk.records.number[record]), to: &row)
        tallier.appendUnit(counted.place(chunk.records.unit, record, .unit), to: &row)
        row.append(code: team?.code, label: team?.name[language])
        row.append(counted.day(ofFinding: finding, of: record))
        row.append(code: method?.code, label: method?.label[language])
        let kind = FindingKind(rawValue: chunk.findings.kind[finding])
        row.append(code: kind?.code, label: kind?.label[language])
        let category = counted.place(chunk.findings.category, finding, .category).map { lists.categories.entries[$0] }
        row.append(code: category?.code, label: category?.label[language])
        let severity = Int(chunk.findings.severity[finding])
        if severity == 0 { row.appendBlank() } else { row.append(severity) }
        let text = chunk.findingText(finding)
        if isPersonal[chunk.source] {
          row.append(utf8: tallier.input.personal.shown(text))
        } else {
          row.append(utf8: text)
        }
        let column = chunk.findings.column.isEmpty ? 0 : Int(chunk.findings.column[finding])
        if column == 0 { row.appendBlank() } else { row.append(column) }
        try body(row)
      }
    }
  }
}

private struct SetAsideRows: ChunkRows {
  let tallier: Tallier

  func isOf(_ chunk: Int) -> Bool {
    let outline = tallier.input.store.outlines[chunk]
    if outline.summary.excluded > 0 { return true }
    let first = tallier.input.reconciliation.chunkStart[chunk]
    return tallier.input.reconciliation.verdicts[first..<first + outline.records].contains {
      $0 == Verdict.duplicate.rawValue || $0 == Verdict.superseded.rawValue
    }
  }

  func forEachRow(of counted: CountedChunk, _ body: (borrowing TableRow) throws -> Void) throws {
    var row = TableRow()
    try counted.forEachRecord { record, findings in
      let verdict = counted.verdict(record)
      guard verdict == .duplicate || verdict == .superseded else { return }
      row.removeAll()
      tallier.appendPlace(
        of: counted.chunk, line: Int(counted.chunk.records.line[record]),
        record: Int(counted.chunk.records.number[record]),
        to: &row)
      try append(verdict, of: counted, record, to: &row)
      row.append(findings.count)
      try body(row)
    }
    try counted.chunk.excluded.forEachEntry { entry in
      row.removeAll()
      tallier.appendPlace(of: counted.chunk, line: entry.line, record: entry.number, to: &row)
      row.append("excluded")
      row.append(LocalizedText(zh: "不在范围内", en: "excluded")[tallier.language])
      let reason = entry.reasons.first?.diagnostic(in: "", record: entry.number)
      if let reason, reason.rule == .recordDropped {
        row.append(reason.rule.title[tallier.language] + ": " + reason.expected(tallier.language))
      } else {
        let shown = reason.map { tallier.input.personal.shown($0, source: counted.chunk.source) }
        row.append([shown?.location.field ?? "", shown?.found ?? ""].joined(separator: "="))
      }
      for _ in 0..<3 { row.appendBlank() }
      row.append(entry.findings)
      try body(row)
    }
  }

  private func append(_ verdict: Verdict, of counted: CountedChunk, _ record: Int, to row: inout TableRow) throws {
    let language = tallier.language
    let isDuplicate = verdict == .duplicate
    row.append(isDuplicate ? "duplicate" : "superseded")
    row.append(
      (isDuplicate ? LocalizedText(zh: "重复", en: "duplicate") : LocalizedText(zh: "已有新版本", en: "superseded"))[language])
    let reconciliation = tallier.input.reconciliation
    guard var other = reconciliation.inPlace[counted.firstOrdinal + record] else {
      let repeated = tallier.input.files[counted.chunk.file].repeats.map { tallier.input.files[$0].path }
      row.append(LocalizedText(zh: "同一文件交了两次", en: "the file was handed in twice")[language])
      row.append(repeated ?? "")
      row.appendBlank()
      row.appendBlank()
      return
    }
    while let next = reconciliation.inPlace[other] { other = next }
    let place = try tallier.input.place(ofRecord: other)
    row.append(
      (isDuplicate
        ? LocalizedText(zh: "同一记录已经计入", en: "the same record counts already")
        : LocalizedText(zh: "同一主键有更新的版本", en: "a later version of the record counts"))[language])
    row.append(tallier.input.files[place.file].path)
    row.append(place.line)
    row.append(place.record)
  }
}

private struct RejectedRows: ChunkRows {
  let tallier: Tallier

  func isOf(_ chunk: Int) -> Bool {
    tallier.input.store.outlines[chunk].summary.rejected > 0 || tallier.input.hasLateRejections(chunk)
  }

  /// Files that were rejected whole.
  func forEachFirstRow(_ body: (borrowing TableRow) throws -> Void) throws {
    var row = TableRow()
    let files = tallier.input.files
    for place in files.indices where files[place].hasFailed {
      let file = files[place]
      guard let failure = file.failure else { continue }
      append(
        failure, source: file.source, raw: [], scope: LocalizedText(zh: "整个文件", en: "the whole file"), to: &row)
      try body(row)
    }
  }

  func forEachRow(of counted: CountedChunk, _ body: (borrowing TableRow) throws -> Void) throws {
    var row = TableRow()
    let path = tallier.input.files[counted.chunk.file].path
    try counted.chunk.rejected.forEachEntry { entry in
      let scope =
        entry.isFinding
        ? LocalizedText(zh: "该条发现", en: "the finding") : LocalizedText(zh: "该条记录", en: "the record")
      for reason in entry.reasons {
        append(
          reason.diagnostic(in: path, record: entry.number), source: counted.chunk.source,
          raw: entry.shown ?? entry.raw, scope: scope, to: &row)
        try body(row)
      }
    }
    try appendLate(counted, path, &row, body)
  }

  /// Records that Reconcile rejected.
  private func appendLate(
    _ counted: CountedChunk, _ path: String, _ row: inout TableRow, _ body: (borrowing TableRow) throws -> Void
  ) throws {
    let chunk = counted.chunk
    guard !chunk.records.rawEnd.isEmpty else { return }
    let source = tallier.input.campaign.sources[chunk.source]
    let keys = source.lateKeys(in: tallier.input.campaign.sources)
    for record in 0..<chunk.records.count {
      try appendRuleRejections(counted, record, path, &row, body)
      guard let rejection = tallier.input.reconciliation.rejections[counted.firstOrdinal + record] else { continue }
      let other = try rejection.other.map { try tallier.input.place(ofRecord: $0) }
      let place = other.map { SourceLocation(file: tallier.input.files[$0.file].path, line: $0.line).description }
      append(
        rejection.diagnostic(of: record, in: chunk, file: path, source: source, keys: keys, other: place),
        source: chunk.source, raw: Array(chunk.shownText(record)), scope: LocalizedText(zh: "该条记录", en: "the record"),
        to: &row)
      try body(row)
    }
  }

  private func appendRuleRejections(
    _ counted: CountedChunk, _ record: Int, _ path: String, _ row: inout TableRow,
    _ body: (borrowing TableRow) throws -> Void
  ) throws {
    let reasons = tallier.input.reconciliation.ruleRejections[counted.firstOrdinal + record] ?? []
    for reason in reasons {
      append(
        reason.diagnostic(in: path, record: Int(counted.chunk.records.number[record])), source: counted.chunk.source,
        raw: Array(counted.chunk.shownText(record)), scope: LocalizedText(zh: "该条记录", en: "the record"), to: &row)
      try body(row)
    }
  }

  private func append(
    _ fault: Diagnostic, source: Int, raw: [UInt8], scope: LocalizedText, to row: inout TableRow
  ) {
    let diagnostic = tallier.input.personal.shown(fault, source: source)
    let language = tallier.language
    row.removeAll()
    row.append(tallier.input.campaign.sources[source].name)
    row.append(diagnostic.location.file)
    if diagnostic.location.line > 0 { row.append(diagnostic.location.line) } else { row.appendBlank() }
    if diagnostic.location.record > 0 { row.append(diagnostic.location.record) } else { row.appendBlank() }
    row.append(diagnostic.location.field ?? "")
    row.append(diagnostic.rule.id)
    row.append(diagnostic.title(language))
    // A sheet has letters for its columns.
    if diagnostic.location.column < 0 {
      row.append(diagnostic.location.columnText)
    } else if diagnostic.location.column > 0 {
      row.append(diagnostic.location.column)
    } else {
      row.appendBlank()
    }
    row.append(diagnostic.found)
    row.append(diagnostic.expected(language))
    row.append(scope[language])
    row.append(utf8: raw)
  }
}

private struct RecordRows: ChunkRows {
  let tallier: Tallier
  let source: Int

  func isOf(_ chunk: Int) -> Bool {
    let outline = tallier.input.store.outlines[chunk]
    return outline.source == source && outline.records > 0
  }

  func forEachRow(of counted: CountedChunk, _ body: (borrowing TableRow) throws -> Void) throws {
    let fields = tallier.input.campaign.sources[source].fields.count
    let isPersonal = tallier.input.campaign.sources[source].fields.map { $0.personal == .direct }
    let tellsReasons = tallier.input.campaign.sources[source].fields.contains { !$0.blankKinds.isEmpty }
    var reasons: [String] = []
    var row = TableRow()
    // Once a chunk: it holds dozens of arrays.
    let chunk = counted.chunk
    let path = Array(tallier.input.files[chunk.file].path.utf8)
    for record in 0..<chunk.records.count where counted.verdict(record) == .counts {
      let values = chunk.recordValues(record)
      var seen = 0
      try ValueList.forEach(in: values) { value in
        if case .declaredBlank(let kind) = value {
          let field = tallier.input.campaign.sources[source].fields[seen % fields]
          reasons.append("\(field.name)=\(field.blankKinds[kind].name)")
        }
        if seen % fields == 0 {
          row.removeAll()
          row.append(utf8: path)
          row.append(Int(chunk.records.line[record]))
          row.append(Int(chunk.records.number[record]))
          row.append(seen / fields + 1)
        }
        append(value, of: values, isPersonal: isPersonal[seen % fields], to: &row)
        seen += 1
        guard seen % fields == 0 else { return }
        if tellsReasons { row.append(reasons.joined(separator: "; ")) }
        reasons.removeAll()
        try body(row)
      }
    }
  }

  private func append(
    _ value: ValueList.Value, of values: ArraySlice<UInt8>, isPersonal: Bool, to row: inout TableRow
  ) {
    switch value {
    case .text(let range) where isPersonal: row.append(utf8: tallier.input.personal.shown(values[range]))
    case .integer(let integer) where isPersonal: row.append(tallier.input.personal.shown(String(integer)))
    case .number(let number) where isPersonal: row.append(tallier.input.personal.shown(String(number)))
    case .day(let day) where isPersonal: row.append(tallier.input.personal.shown(day.text))
    case .blank, .declaredBlank: row.appendBlank()
    case .text(let range): row.append(utf8: values[range])
    case .integer(let integer): row.append(Int(integer))
    case .number(let number): row.append(number)
    case .day(let day): row.append(day)
    case .boolean(let truth): row.append(truth)
    }
  }
}

extension TallyInput {
  /// Where an accepted record stands.
  func place(ofRecord ordinal: Int) throws -> (file: Int, line: Int, record: Int) {
    try reconciliation.place(ofRecord: ordinal, in: store)
  }
}
