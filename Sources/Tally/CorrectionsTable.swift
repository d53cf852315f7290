import Campaign
import Diagnostics
package import Records
import Tables

// What became of the decisions of the office, line by line.
extension Tallier {
  func correctionsTable() -> Table {
    Table(
      name: "corrections", title: LocalizedText(zh: "更正", en: "Corrections"),
      columns: [
        Column("file", zh: "更正文件", en: "Corrections file", .text), Column("line", zh: "行号", en: "Line", .integer),
        Column("state", zh: "结果代码", en: "State code", .code), Column("state_name", zh: "结果", en: "State", .text),
        Column("records", zh: "采用的记录数", en: "Records applied to", .integer),
        Column("others", zh: "原内容不同的记录数", en: "Records with another value", .integer),
        Column("found", zh: "见到", en: "Found", .code), Column("place", zh: "位置", en: "Place", .text),
        Column("id", zh: "记录编号", en: "Record id", .code), Column("source", zh: "数据源", en: "Source", .code),
        Column("field", zh: "字段", en: "Field", .code), Column("old", zh: "原内容", en: "Old value", .code),
        Column("new", zh: "新内容", en: "New value", .code), Column("action", zh: "处理", en: "Action", .code),
        Column("rule", zh: "规则代码", en: "Rule", .code), Column("who", zh: "经办人", en: "Who", .code),
        Column("why", zh: "理由", en: "Why", .text), Column("date", zh: "日期", en: "Date", .code),
      ], rows: CorrectionRows(tallier: self), isConfidential: true)
  }

  /// Corrections by what became of them.
  package var correctionResults: CorrectionResults { tally.corrections }
}

private struct CorrectionRows: RowSource {
  let tallier: Tallier

  func forEachRow(_ body: (borrowing TableRow) throws -> Void) throws {
    let results = tallier.tally.corrections
    let personal = tallier.input.personal
    var row = TableRow()
    for (index, correction) in tallier.input.corrections.enumerated() {
      let state = results.state(of: index, correction)
      let first = results.entry(index, state) ?? results.entry(index, .oldValueDiffers)
      row.removeAll()
      row.append(correction.location.file)
      row.append(correction.location.line)
      row.append(state.code)
      row.append(state.label[tallier.language])
      row.append(results.entry(index, .applied)?.records ?? 0)
      row.append(results.entry(index, .oldValueDiffers)?.records ?? 0)
      let hides = hides(correction)
      let shown: (String) -> String = { hides ? personal.shown($0) : $0 }
      row.append(shown(results.entry(index, .oldValueDiffers)?.found ?? ""))
      row.append(
        first.map { SourceLocation(file: tallier.input.files[$0.file].path, line: $0.line).description } ?? "")
      for text in [
        hidesKey(correction) ? personal.shown(correction.record) : correction.record, correction.source,
        correction.field, shown(correction.oldValue), shown(correction.newValue),
        correction.action.rawValue, correction.rule, correction.who, correction.why, correction.date,
      ] { row.append(text) }
      try body(row)
    }
  }

  private func hides(_ correction: Correction) -> Bool {
    correction.targets.contains { target in
      let source = tallier.input.campaign.sources[target.source]
      let fields = [source.fields] + source.findings.filter { $0.each != nil }.map(\.fields)
      return target.field.map { fields[target.group][$0].personal == .direct } ?? false
    }
  }

  private func hidesKey(_ correction: Correction) -> Bool {
    correction.record != Correction.everyRecord
      && correction.targets.contains { target in
        tallier.input.campaign.sources[target.source].primaryKey.contains {
          tallier.input.personal.isDirect($0, of: target.source)
        }
      }
  }
}
