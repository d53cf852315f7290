// Examples are written once, in English words; a Chinese reader sees them with these words in Chinese.
extension Trial {
  package func translated(to language: Language) -> Trial {
    guard language == .zh else { return self }
    var trial = self
    for index in trial.given.indices { Self.translate(&trial.given[index]) }
    for index in trial.bad.files.indices { Self.translate(&trial.bad.files[index]) }
    for index in trial.good.files.indices { Self.translate(&trial.good.files[index]) }
    return trial
  }

  private static func translate(_ file: inout File) {
    switch file.content {
    case .text(let text):
      file.content = .text(chinese(text, isTable: file.path.hasSuffix(".csv") || file.path == "inbox"))
    case .gzip(let text, let spare): file.content = .gzip(chinese(text, isTable: true), spare: spare)
    case .archive(var members, let flaw):
      for index in members.indices { translate(&members[index]) }
      file.content = .archive(members, flaw)
    case .workbook(var sheets, let isBroken):
      for index in sheets.indices { sheets[index].table = chinese(sheets[index].table, isTable: true) }
      file.content = .workbook(sheets, isBroken: isBroken)
    case .pipe, .link, .held, .compound: break
    }
  }

  /// Replaces whole runs of letters; headers only in tables, since in XML and in a pipeline file they are names.
  static func chinese(_ text: String, isTable: Bool) -> String {
    var result = ""
    var run = ""
    func flush() {
      let core = run.trimmingSpaces()
      if let word = words[core] ?? (isTable ? headers[core] : nil) {
        let lead = run.prefix { $0 == " " }
        result += lead + word + run.dropFirst(lead.count + core.count)
      } else {
        result += run
      }
      run = ""
    }
    for character in text {
      if character.isASCII, character.isLetter || character == " " || character == "_" {
        run.append(character)
      } else {
        flush()
        result.append(character)
      }
    }
    flush()
    return result
  }

  private static let headers = [
    "unit": "单位", "day": "日期", "score": "分数", "problem": "问题", "id": "编号", "code": "代码", "name": "名称",
    "aliases": "别名", "region": "地区", "team": "督查组", "kind": "类型", "category": "类别", "severity": "严重程度",
    "phone": "电话", "remarks": "备注", "highlight": "亮点", "text": "写法", "who": "经办人", "why": "理由", "record id": "记录编号",
    "field": "字段", "old value": "原内容", "new value": "新内容",
  ]

  private static let words = [
    "School": "一中", "Clinic": "卫生院", "Library": "图书馆", "Museum": "博物馆", "Town hall": "镇政府", "Campaign": "人才督查",
    "North": "北区", "East": "东区", "South": "南区", "Team A": "一组", "Team B": "二组", "Total": "合计", "Roof leaks": "屋顶漏水",
    "No register": "没有台账", "Well kept": "台账齐全", "Late": "拖延", "Heating": "供暖", "Housing": "住房", "Training": "培训",
    "Ledger of visits": "走访台账", "Note": "注", "figures as of November": "数据截至十一月", "yesterday": "昨天", "many": "很多",
    "good": "好", "bad": "差", "same place": "同一单位",
  ]
}

extension String {
  fileprivate func trimmingSpaces() -> String {
    var core = self[...]
    while core.first == " " { core = core.dropFirst() }
    while core.last == " " { core = core.dropLast() }
    return String(core)
  }
}
