// The header of a table.
extension Catalogue {
  static let headersExplained: [Explanation] = [
    Explanation(
      .missingLabel,
      cause: (
        "流程文件里有这个字段，表里却没有它的列：列被删了，或列名换了写法。这个字段在所有记录里都是空的；若它必填，记录会被退回。",
        "The pipeline has this field, but the table lacks its column: it was deleted, or its name is written otherwise. The field is "
          + "blank in all records; where it is required they are rejected."
      ),
      .ledger(
        "▸unit,day\nSchool,2022-11-03\n", "unit,day,score\nSchool,2022-11-03,5\n", field: "score", fields: scoreFields)),
    Explanation(
      .extraLabel,
      cause: (
        "表里有一列，流程文件的字段里没有这个列名。该列没有读取；若它是某个字段的另一种叫法，里面的内容就没有计入。",
        "The table has a column that no field of the pipeline names. It is not read; if it is a field under another name, what stands "
          + "in it does not count."
      ),
      .ledger(
        "▸unit,day,score,phone\nSchool,2022-11-03,5,8800\n", "unit,day,score\nSchool,2022-11-03,5\n",
        fields: scoreFields)),
    Explanation(
      .duplicateLabel,
      cause: (
        "两列用了同一个列名，或是同一字段的两种叫法。只读第一列，后一列的内容没有计入。",
        "Two columns have one name, or are two names of one field. The first is read; what stands in the other does not count."
      ),
      .ledger(
        "▸unit,day,score,score\nSchool,2022-11-03,5,4\n", "unit,day,score\nSchool,2022-11-03,5\n", fields: scoreFields)),
    Explanation(
      .blankLabel,
      cause: (
        "有一列没有列名，下面却有内容。不知道它是什么，没有读取。",
        "A column has no name, but something stands in it. Nobody knows what it is, so it is not read."
      ),
      .ledger(
        "▸unit,,day,score\nSchool,x,2022-11-03,5\nClinic,y,2022-11-04,4\n",
        "unit,day,score\nSchool,2022-11-03,5\nClinic,2022-11-04,4\n", fields: scoreFields)),
    Explanation(
      .incorrectLabel,
      cause: (
        "各列的先后与流程文件里的字段不同。程序按列名读取，先后不要紧，统计不受影响；只有 fieldsMatch 写成 exact 时，整个文件退回。",
        "The columns stand in another order than the fields of the pipeline. Columns are read by name, so the order does not matter; only "
          + "with `fieldsMatch: exact` the file is rejected."
      ),
      fix: (
        "不必处理；fieldsMatch 为 exact 时，按字段的先后排列各列",
        "Nothing; with `fieldsMatch: exact` put the columns in the order of the fields"
      ),
      .ledger(
        "▸day,unit,score\n2022-11-03,School,5\n", "unit,day,score\nSchool,2022-11-03,5\n", fields: scoreFields)),
  ]

  private static let scoreFields = """
    {name: unit, title: {zh: 单位, en: unit}}, {name: day, title: {zh: 日期, en: day}, type: date}, \
    {name: score, title: {zh: 分数, en: score}, type: integer}
    """
}
