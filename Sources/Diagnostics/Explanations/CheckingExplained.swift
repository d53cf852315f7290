// Cells, records and findings; and what shows only between records.
extension Catalogue {
  static let checkingExplained: [Explanation] = cellsExplained + rolesExplained + findingsExplained

  private static let cellsExplained: [Explanation] = [
    Explanation(
      .missingCell,
      cause: (
        "该行的单元格比表头少，多半是行尾被截断或漏了分隔符。后面各列的内容对不上，退回该条记录。",
        "The row has fewer cells than the header: its end was cut off, or a separator is missing. What belongs where is not certain, so "
          + "the record is rejected."
      ),
      .ledger(
        "unit,day,problem\n▸School,2022-11-03\nClinic,2022-11-04,Late\n",
        "unit,day,problem\nSchool,2022-11-03,\nClinic,2022-11-04,Late\n")),
    Explanation(
      .extraCell,
      cause: (
        "该行的单元格比表头多，多半是内容里有分隔符（如逗号）而没有加引号。后面的内容会错位，退回该条记录。",
        "The row has more cells than the header: a text holds a separator, such as a comma, and is not quoted. What follows would shift "
          + "by a column, so the record is rejected."
      ),
      .ledger(
        "unit,day,problem\n▸School,2022-11-03,Late,Roof leaks\nClinic,2022-11-04,Late\n",
        "unit,day,problem\nSchool,2022-11-03,\"Late,Roof leaks\"\nClinic,2022-11-04,Late\n")),
    Explanation(
      .typeError,
      cause: (
        "字段应当是数、日期、是或否等，单元格里写的读不成这样的值，例如分数栏写了“很多”。不猜测，退回该条记录。",
        "The field is a number, a date or a yes or no, and the cell cannot be read as one, such as `many` for a score. Nothing is "
          + "guessed; the record is rejected."
      ),
      fix: (
        "按“应为”的写法更正；若各组都这样写，在字段的 format、x-normalize 或 missingValues 里写明",
        "Write it as the message says; if all teams write it so, allow it by the field's `format`, `x-normalize` or `missingValues`"
      ),
      .ledger(
        "unit,day,score\nSchool,2022-11-03,⟦many\nClinic,2022-11-04,4\n",
        "unit,day,score\nSchool,2022-11-03,12\nClinic,2022-11-04,4\n", field: "score")),
    Explanation(
      .constraint,
      cause: (
        "值读得懂，但不合字段的要求：必填却空着、太大或太小、不在允许的值之中等。退回该条记录。",
        "The value can be read but breaks what the field demands: it is blank where it is required, too large, too small, or none of "
          + "those allowed. The record is rejected."
      ),
      fix: (
        "核对原始材料后更正；若要求本身不对，改字段的 constraints",
        "Correct it by the source; if the demand is wrong, change the field's `constraints`"
      ),
      .ledger(
        "unit,score\nSchool,⟦120\nClinic,40\n", "unit,score\nSchool,100\nClinic,40\n", field: "score",
        setting: "unit: {name: unit, unknown: add}", source: "",
        fields: """
          {name: unit, title: {zh: 单位, en: unit}}, {name: score, title: {zh: 分数, en: score}, type: integer, \
          constraints: {maximum: 100}}
          """)),
    Explanation(
      .primaryKey,
      cause: (
        "用来识别记录的字段（主键）是空的，认不出重复上报和更正；或者 duplicates 写成 reject，而这个编号别的记录已用过。退回该条记录。",
        "The fields by which a record is known (its primary key) are blank, so that copies and corrections cannot be told; or "
          + "`duplicates: reject` is set and another record has the key. The record is rejected."
      ),
      .ledger(
        "id,unit\n⟦,School\n2,Clinic\n", "id,unit\n1,School\n2,Clinic\n", field: "id", setting: "primary-key: id",
        source: "unit: {name: unit, unknown: add}", fields: keyFields)),
    Explanation(
      .codeUnknown,
      cause: (
        "该字段用代码表，单元格里写的既不是表里的代码，也不是名称或别名。归不了类，退回该条记录。",
        "The field has a code list, and what the cell holds is no code, name or alias of it. It cannot be classed, so the record is "
          + "rejected."
      ),
      .ledger(
        "unit,category\nSchool,⟦Training\nClinic,Heating\n", "unit,category\nSchool,Housing\nClinic,Heating\n",
        field: "category", source: "unit: {name: unit, unknown: add}",
        fields: """
          {name: unit, title: {zh: 单位, en: unit}}, \
          {name: category, title: {zh: 类别, en: category}, x-codelist: category}
          """, references: "codelists: {category: category.csv}\n",
        given: [Trial.File("category.csv", "code,zh,en\n1,供暖,Heating\n2,住房,Housing\n")])),
    Explanation(
      .uniqueError,
      cause: (
        "字段要求每条记录的值都不同，而另一条记录已有同样的值：同一份材料录了两遍，或编号写错。后一条退回。",
        "The field must differ in every record, and another record has this value: one form was entered twice, or a number is wrong. The "
          + "later record is rejected."
      ),
      .ledger(
        "id,unit\n1,School\n⟦1,Clinic\n", "id,unit\n1,School\n2,Clinic\n", field: "id",
        source: "unit: {name: unit, unknown: add}",
        fields: """
          {name: id, title: {zh: 编号, en: id}, constraints: {unique: true}}, {name: unit, title: {zh: 单位, en: unit}}
          """)),
    Explanation(
      .foreignKey,
      cause: (
        "单元格里写的编号应当在另一张表里找得到，却没有：编号写错，或那一条还没有上报。退回该条记录。",
        "The cell names something that another table should have, and it has not: the number is wrong, or what it names was not handed in. "
          + "The record is rejected."
      ),
      .ledger(
        "code,team\n⟦U9,1\nU2,1\n", "code,team\nU1,1\nU2,1\n", field: "code", source: "visit: false",
        fields: unitFields, schema: "foreignKeys: [{fields: code, reference: {resource: units, fields: code}}]",
        references: roster, given: [distinctUnits])),
    Explanation(
      .codeNotValid,
      cause: (
        "代码表里有这个代码，但记录的日期不在它的启用和停用日期之间：那天还没有启用，或已经停用。退回该条记录。",
        "The code list has this code, but not for the date of the record: it was not yet valid, or no longer. The record is rejected."
      ),
      fix: ("改用当日有效的代码，或核对日期", "Give the code that was valid on that day, or check the date"),
      .ledger(
        "unit,day,category\nSchool,2022-11-03,⟦Housing\nClinic,2022-11-04,Heating\n",
        "unit,day,category\nSchool,2022-11-03,Heating\nClinic,2022-11-04,Heating\n", field: "category",
        fields: """
          {name: unit, title: {zh: 单位, en: unit}}, {name: day, title: {zh: 日期, en: day}, type: date}, \
          {name: category, title: {zh: 类别, en: category}, x-codelist: category}
          """, references: "codelists: {category: category.csv}\n",
        given: [
          Trial.File("category.csv", "code,zh,en,valid_to\n1,供暖,Heating,\n2,住房,Housing,2022-10-31\n")
        ])),
    Explanation(
      .recordDropped,
      cause: (
        "更正文件写明剔除这条记录。它单独计数，不算退回，也不计入统计。",
        "The file of corrections says that this record is to be dropped. It is counted as such; it is not rejected, and does not enter the "
          + "statistics."
      ),
      fix: ("不必处理；若应当计入，从更正文件里删去该行", "Nothing; if it should count, delete the line of the corrections"),
      .described(
        bad: ("更正文件里有一行：编号 17，处理：剔除。", "The corrections have a line: record 17, action `drop`."),
        good: ("更正文件里没有剔除这条记录。", "No line of the corrections drops this record."))),
    Explanation(
      .decisionUnused,
      cause: (
        "roster.decisions 里写了某种写法是哪个单位，但没有一条记录这样写。对统计没有影响，可能是写法抄错了。",
        "A line of `roster.decisions` says which unit a text is, but no record has that text. Nothing changes by it; perhaps it was copied "
          + "wrongly."
      ),
      .decisions(
        "text,unit,who,why\nLibrary,U1,x,same place\n▸Museum,U2,x,same place\n",
        "text,unit,who,why\nLibrary,U1,x,same place\n", units: distinctUnits)),
    Explanation(
      .recordExcluded,
      cause: (
        "数据源的 only 只要某些记录，这一条不在其中。它单独计数，不算退回，也不计入统计。",
        "By `only` the source takes some records, and this is none of them. It is counted as such; it is not rejected, and does not "
          + "enter the statistics."
      ),
      fix: ("不必处理；若应当计入，改 only", "Nothing; if it should count, change `only`"),
      .described(
        bad: (
          "数据源设 only: {kind: [visit]}，记录的 kind 是 phone。",
          "The source says `only: {kind: [visit]}`, and the record's kind is phone."
        ),
        good: ("记录的 kind 是 visit。", "The record's kind is visit."))),
    Explanation(
      .recordDropped,
      cause: (
        "更正文件写明剔除这条记录。它单独计数，不算退回，也不计入统计；原始文件不动。",
        "A corrections file says to drop the record. It is counted as such; it is not rejected, and does not enter the statistics. The "
          + "input file is not touched."
      ),
      fix: ("不必处理；若应当计入，删去更正文件中的这一行", "Nothing; if it should count, take the line out of the corrections file"),
      .described(
        bad: (
          "corrections.csv 中有一行：记录编号 A7，处理 剔除。",
          "A line of corrections.csv has the record id A7 and the action drop."
        ),
        good: ("没有这样一行。", "There is no such line."))),
  ]

  private static let keyFields =
    "{name: id, title: {zh: 编号, en: id}}, {name: unit, title: {zh: 单位, en: unit}}"

  private static let distinctUnits = Trial.File(
    "units.csv", "code,name,region\nU1,School,North\nU2,Clinic,South\n")
  private static let regions = Trial.File("regions.csv", "code,name\nN,North\nS,South\n")
  private static let roster = "roster: {units: units.csv}\n"
  private static let regionRoster = "roster: {units: units.csv, regions: regions.csv}\n"
  private static let unitFields = """
    {name: unit, title: {zh: 单位, en: unit}}, {name: code, title: {zh: 代码, en: code}}, \
    {name: region, title: {zh: 地区, en: region}}, {name: team, title: {zh: 督查组, en: team}}
    """

  private static let rolesExplained: [Explanation] = [
    Explanation(
      .unitMissing,
      cause: (
        "记录没有写是哪个单位，多半是合并单元格导出后只剩第一行有内容。不知道算给谁，退回该条记录。",
        "The record does not say which unit it is about; often merged cells left the name on their first row only. It can be counted for "
          + "nobody, so it is rejected."
      ),
      fix: (
        "补上单位；若是合并单元格，在数据源里设 fill-down", "Name the unit; for merged cells say `fill-down` in the source"
      ),
      .ledger(
        "unit,team\nSchool,1\n⟦,2\nClinic,1\n", "unit,team\nSchool,1\nSchool,2\nClinic,1\n", field: "unit",
        source: "unit: unit", fields: unitFields, references: roster, given: [distinctUnits], without: [])),
    Explanation(
      .unitUnknown,
      cause: (
        "名册里没有这个单位：简称、旧名、错字，或者不在督查范围内。程序不猜，退回该条记录。",
        "The roster has no such unit: a short or an old name, a slip, or a unit that is not to be inspected. Nothing is guessed; the "
          + "record is rejected."
      ),
      .ledger(
        "unit,team\n⟦Museum,1\nClinic,1\n", "unit,team\nSchool,1\nClinic,1\n", field: "unit", source: "unit: unit",
        fields: unitFields, references: roster, given: [distinctUnits])),
    Explanation(
      .unitAmbiguous,
      cause: (
        "名册里有两个单位用同一个名称，不知道是哪一个。退回该条记录。",
        "Two units of the roster share this name, and it is not certain which is meant. The record is rejected."
      ),
      .ledger(
        "unit,team\n⟦School,1\nClinic,1\n", "unit,team\nU1,1\nClinic,1\n", field: "unit", source: "unit: unit",
        fields: unitFields, references: roster,
        given: [Trial.File("units.csv", "code,name,region\nU1,School,North\nU2,School,South\nU3,Clinic,South\n")])),
    Explanation(
      .unitMismatch,
      cause: (
        "记录同时写了单位代码和名称，两者却是名册里不同的单位，至少有一个写错。退回该条记录。",
        "The record gives a code and a name of a unit, and in the roster they are two units. One of them is wrong, so the record is "
          + "rejected."
      ),
      fix: ("核对后更正代码或名称", "Find out which is right, and correct the other"),
      .ledger(
        "code,unit\nU1,⟦Clinic\nU2,Clinic\n", "code,unit\nU1,School\nU2,Clinic\n", field: "unit",
        setting: "unit: {code: code, name: unit}", source: "", fields: unitFields, references: roster,
        given: [distinctUnits])),
    Explanation(
      .regionUnknown,
      cause: (
        "地区表里没有这个地区，多半是简称或旧称。归不到任何地区，退回该条记录。",
        "The table of regions has no such region; often it is a short or an old name. It belongs to none, so the record is rejected."
      ),
      fix: ("更正，或补进地区表", "Correct it, or add it to the regions"),
      .ledger(
        "unit,region\nSchool,⟦East\nClinic,South\n", "unit,region\nSchool,North\nClinic,South\n", field: "region",
        setting: "region: region", source: "unit: unit", fields: unitFields, references: regionRoster,
        given: [distinctUnits, regions])),
    Explanation(
      .regionMismatch,
      cause: (
        "记录写的地区与名册里该单位的地区不同，单位或地区至少有一个写错。退回该条记录。",
        "The region of the record is not the one that the roster has for the unit: one of the two is wrong. The record is rejected."
      ),
      fix: ("核对后更正单位或地区", "Find out which is right, and correct the other"),
      .ledger(
        "unit,region\nSchool,⟦South\nClinic,South\n", "unit,region\nSchool,North\nClinic,South\n", field: "region",
        setting: "region: region", source: "unit: unit", fields: unitFields, references: regionRoster,
        given: [distinctUnits, regions])),
    Explanation(
      .teamUnknown,
      cause: (
        "督查组名单里没有这个组。不知道是谁的材料，退回该条记录。",
        "The teams of the roster have no such team. Nobody knows whose work it is, so the record is rejected."
      ),
      fix: ("更正，或补进督查组名单", "Correct it, or add it to the teams"),
      .ledger(
        "unit,team\nSchool,⟦Team B\nClinic,Team A\n", "unit,team\nSchool,Team A\nClinic,Team A\n", field: "team",
        setting: "team: team", source: "unit: {name: unit, unknown: add}", fields: unitFields,
        references: "roster: {teams: teams.csv}\n", given: [Trial.File("teams.csv", "code,name\nA,Team A\n")])),
    Explanation(
      .visitOutsideWindow,
      cause: (
        "日期不在流程文件 campaign.window 写的督查期内，多半是年月写错，也可能是别的督查的材料。退回该条记录。",
        "The date is outside `campaign.window`: a slip in month or year, or a record of another campaign. The record is rejected."
      ),
      fix: (
        "核对日期；若督查期有变，改 campaign.window", "Check the date; if the campaign lasted longer, change `campaign.window`"
      ),
      .ledger(
        "unit,day\nSchool,⟦2022-12-03\nClinic,2022-11-04\n", "unit,day\nSchool,2022-11-03\nClinic,2022-11-04\n",
        field: "day")),
  ]

  private static let findingFields = """
    {name: unit, title: {zh: 单位, en: unit}}, {name: kind, title: {zh: 类型, en: kind}}, \
    {name: severity, title: {zh: 严重程度, en: severity}, type: integer}, {name: problem, title: {zh: 问题, en: problem}}
    """

  private static let findingsExplained: [Explanation] = [
    Explanation(
      .findingWithoutKind,
      cause: (
        "写了内容，却没有写是亮点、问题还是建议。不知道算在哪一栏，退回该条记录。",
        "There is a text, but not whether it is a highlight, a problem or a suggestion. It belongs to no column of the statistics, so "
          + "the record is rejected."
      ),
      fix: ("在类型一栏填写亮点、问题或建议", "Write highlight, problem or suggestion as its kind"),
      .ledger(
        "unit,kind,problem\nSchool,⟦,Roof leaks\nClinic,highlight,Well kept\n",
        "unit,kind,problem\nSchool,suggestion,Roof leaks\nClinic,highlight,Well kept\n", field: "kind",
        setting: "findings: [{kind: kind, from: problem}]", source: "unit: {name: unit, unknown: add}",
        fields: findingFields)),
    Explanation(
      .findingWithoutText,
      cause: (
        "问卷里有这一条发现的元素和类型，文字却是空的。没有内容的发现无法整改，退回该条记录（或只退回这一条发现，见 on-finding-error）。",
        "The questionnaire has an element for the finding, and its kind, but no text. Nobody can put right what is not said, so the "
          + "record is rejected, or the finding alone (see `on-finding-error`)."
      ),
      fix: ("补上文字，或删去这个元素", "Give the text, or delete the element"),
      .answers(
        """
        <answers>
        ▸<answer><unit>School</unit><finding kind="problem"></finding></answer>
        </answers>

        """,
        """
        <answers>
        <answer><unit>School</unit><finding kind="problem">Roof leaks</finding></answer>
        </answers>

        """, field: "text", setting: "findings: [{each: finding, kind: \"@kind\", from: \".\"}]", fields: "{name: unit}"
      )),
    Explanation(
      .severityOutOfRange,
      cause: (
        "严重程度不是 1 至 255 之间的整数。退回该条记录。",
        "The severity is no whole number from 1 to 255. The record is rejected."
      ),
      fix: ("填写 1 至 255 的整数", "Write a whole number from 1 to 255"),
      .ledger(
        "unit,severity,problem\nSchool,⟦300,Roof leaks\nClinic,2,Late\n",
        "unit,severity,problem\nSchool,3,Roof leaks\nClinic,2,Late\n", field: "severity",
        setting: "findings: [{kind: problem, from: problem, severity: severity}]",
        source: "unit: {name: unit, unknown: add}", fields: findingFields)),
  ]
}

extension Example {
  /// Decisions about what a ledger calls its units.
  fileprivate static func decisions(_ bad: String, _ good: String, units: Trial.File) -> Example {
    let base = ledger(
      "unit,day\nLibrary,2022-11-03\nClinic,2022-11-04\n", "", source: "unit: unit\ndate: day",
      references: "roster: {units: units.csv, decisions: decisions.csv}\n", given: [units], without: [.behindChinese])
    guard case .trial(var trial) = base else { return base }
    trial.given += trial.bad.files
    trial.bad.files = [Trial.File("decisions.csv", bad)]
    trial.good.files = [Trial.File("decisions.csv", good)]
    return .trial(trial)
  }
}
