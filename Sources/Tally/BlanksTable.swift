import Campaign
import Diagnostics
import Records
import Tables

// Why cells hold no value, of the fields that tell reasons apart.
extension Tallier {
  var hasReasons: Bool {
    input.campaign.sources.contains { $0.fields.contains { !$0.blankKinds.isEmpty } }
  }

  /// Blank cells of accepted records, whatever becomes of them later: a question of how people answer.
  func blanksTable() -> Table {
    var counts = [[Int: Int]](repeating: [:], count: input.campaign.sources.count)
    for file in input.files { counts[file.source].merge(file.counts.blanks, uniquingKeysWith: +) }
    var rows: [TableRow] = []
    for (place, source) in input.campaign.sources.enumerated() {
      for (number, field) in source.fields.enumerated() where !field.blankKinds.isEmpty {
        let names = BlankForm.names + field.blankKinds.map(\.name)
        for (form, name) in names.enumerated() {
          var row = TableRow()
          row.append(source.name)
          row.append(field.name)
          row.append(field.title[language])
          row.append(name)
          row.append(form < Self.formLabels.count ? Self.formLabels[form][language] : name)
          row.append(counts[place][number << 8 | form] ?? 0)
          rows.append(row)
        }
      }
    }
    return Table(
      name: "blanks", title: LocalizedText(zh: "空白", en: "Blanks"),
      columns: [
        Column("source", zh: "数据源", en: "Source", .text), Column("field", zh: "字段", en: "Field", .code),
        Column("title", zh: "标题", en: "Title", .text), Column("reason", zh: "原因代码", en: "Reason code", .code),
        Column("reason_name", zh: "原因", en: "Reason", .text), Column("cells", zh: "单元格数", en: "Cells", .integer),
      ], rows: HeldRows(rows))
  }

  private static let formLabels = [
    LocalizedText(zh: "空", en: "empty"), LocalizedText(zh: "没有这一项", en: "absent"),
    LocalizedText(zh: "写明为空", en: "written blank"),
  ]
}
