/// A wide survey: `records` records of 510 columns, of which 500 are answers; and a plain table for a workbook.
struct Wide {
  static let answers = 500
  /// Columns before the answers.
  static let head = ["record_id", "team", "unit_code", "visit_date", "method", "kind", "category", "severity", "text"]

  /// What the answers to question `index` look like: a code, yes or no, a number, a day, a short text.
  static func type(_ index: Int) -> Int { index % 5 }

  static func write(to folder: String, records: Int, units count: Int, seed: UInt64) throws {
    let roster = Roster(units: count)
    var random = Random(seed: seed)
    var answer = Answer(units: count)
    try makeFolder("\(folder)/inbox")
    try makeFolder("\(folder)/reference")
    try roster.write(to: "\(folder)/reference/roster.csv")
    let choices: [[Text]] = [
      ["1", "2", "3", "4", "5", ""].map { text($0) }, ["是", "否", "是", "否", ""].map { text($0) },
      (0..<200).map { text("\($0)") } + [text("12.5"), text("99.25"), []],
      Words.days.prefix(Words.visitDays).map { text(iso($0)) } + [[]],
      ["较好", "一般", "待改进", "无", "情况属实", ""].map { text($0) },
    ]
    let bad = ["7", "也许", "八九", "2022-02-30", ""].map { text($0) }
    var file = try OutputFile("\(folder)/inbox/survey.csv")
    file.append((head + (1...answers).map { "q\(padded($0, 3))" } + ["remark"]).joined(separator: ",") + "\n")
    for record in 0..<records {
      answer.rows += 1
      let unit = random.skewedBelow(count)
      let (kind, category) = (Words.kindMix[random.below(8)], random.below(Words.categories.count))
      let day = Words.days[random.below(Words.visitDays)]
      file.append(
        "R\(padded(record, 7)),\(random.pick(Words.teams)),\(roster.units[unit].code),\(iso(day)),"
          + "\(random.pick(Words.methods).label),\(Words.kinds[kind].label),\(Words.categories[category]),"
          + "\(1 + random.below(5)),发现\(record % 97)")
      // One record in a hundred has one answer that is none.
      var faulty = random.happens(1, in: 100) ? random.below(answers) : answers
      if faulty < answers, type(faulty) == 4 { faulty -= 1 }
      for index in 0..<answers {
        file.buffer.append(UInt8(ascii: ","))
        let kind = type(index)
        file.buffer.append(contentsOf: index == faulty ? bad[kind] : random.pick(choices[kind]))
      }
      file.append(",\n")
      if faulty < answers {
        answer.reject("bad-answer")
      } else {
        answer.count(unit: unit, kind: kind, category: category)
      }
      try file.flush(above: 1 << 20)
    }
    try file.close()
    try answer.write(to: "\(folder)/expected.tsv", roster)
    try writeSchema(to: "\(folder)/reference/survey.yaml")
  }

  private static func writeSchema(to path: String) throws {
    var file = try OutputFile(path)
    file.append(
      """
      fields:
        - {name: record_id, constraints: {required: true}}
        - {name: team, constraints: {required: true}}
        - {name: unit_code}
        - {name: visit_date, type: date, format: any, constraints: {required: true}}
        - {name: method, x-codelist: method, constraints: {required: true}}
        - {name: kind, x-codelist: kind, constraints: {required: true}}
        - {name: category, x-codelist: category, constraints: {required: true}}
        - {name: severity, type: integer, constraints: {minimum: 1, maximum: 5}}
        - {name: text, constraints: {required: true}}

      """)
    let types = [
      "type: integer, constraints: {minimum: 1, maximum: 5}", "type: boolean, x-normalize: [yes-no]", "type: number",
      "type: date, format: any", "type: string",
    ]
    for index in 0..<answers { file.append("  - {name: q\(padded(index + 1, 3)), \(types[type(index)])}\n") }
    file.append("  - {name: remark}\n")
    try file.close()
  }
}

/// `records` rows of four cells; with the four that say where a record stands they make a sheet of eight.
func writeSheetRows(to folder: String, records: Int, seed: UInt64) throws {
  let roster = Roster(units: 2000)
  var random = Random(seed: seed)
  try makeFolder("\(folder)/inbox")
  try makeFolder("\(folder)/reference")
  try roster.write(to: "\(folder)/reference/roster.csv")
  var file = try OutputFile("\(folder)/inbox/rows.csv")
  file.append("unit,name,category,score\n")
  for _ in 0..<records {
    let unit = roster.units[random.below(2000)]
    file.append("\(unit.code),\(unit.name),\(random.pick(Words.categories)),\(random.below(100_000))\n")
    try file.flush(above: 1 << 20)
  }
  try file.close()
  var expected = try OutputFile("\(folder)/expected.tsv")
  expected.append("duplicates\t0\nrows\t\(records)\n")
  try expected.close()
}
