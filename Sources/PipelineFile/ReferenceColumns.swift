/// What a column of a reference table holds.
enum ReferenceRole: String, CaseIterable {
  case code, name, aliases, region, type, planned, team, parent, zh, en, label
  case nameEN = "name_en"
  case validFrom = "valid_from"
  case validTo = "valid_to"
  case successor, keywords
  case former, text, unit, who, why, date

  static let ofUnits: [ReferenceRole] = [
    .code, .name, .nameEN, .aliases, .former, .region, .type, .planned, .team,
  ]
  static let ofDecisions: [ReferenceRole] = [.text, .unit, .who, .why, .date]
  static let ofTeams: [ReferenceRole] = [.code, .name, .nameEN, .aliases]
  static let ofRegions: [ReferenceRole] = [.code, .name, .nameEN, .aliases, .parent]
  static let ofCodeLists: [ReferenceRole] = [
    .code, .zh, .en, .label, .name, .nameEN, .aliases, .validFrom, .validTo, .successor, .keywords,
  ]

  /// Headers under which the column is found, the better first.
  var headers: [String] {
    switch self {
    case .code: ["code", "代码", "编码"]
    case .name: ["name", "名称", "单位名称"]
    case .nameEN: ["name_en", "英文名称"]
    case .aliases: ["aliases", "别名"]
    case .region: ["region", "地区", "所属地区", "region_code"]
    case .type: ["type", "类型"]
    case .planned: ["planned", "是否计划", "计划"]
    case .team: ["team", "督查组"]
    case .parent: ["parent", "上级", "parent_code"]
    case .zh: ["zh", "中文"]
    case .en: ["en", "英文"]
    case .label: ["label", "标签"]
    case .validFrom: ["valid_from", "启用日期"]
    case .validTo: ["valid_to", "停用日期"]
    case .successor: ["successor", "新代码"]
    case .keywords: ["keywords", "关键词"]
    case .former: ["former", "曾用名", "原名"]
    case .text: ["text", "写法", "文字"]
    case .unit: ["unit", "单位代码", "单位"]
    case .who: ["who", "经办人"]
    case .why: ["why", "理由"]
    case .date: ["date", "日期"]
    }
  }
}
