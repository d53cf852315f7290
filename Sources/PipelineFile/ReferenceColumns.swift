/// What a column of a reference table holds.
enum ReferenceRole: String, CaseIterable {
  case code, name, aliases, region, type, planned, team, parent, zh, en, label
  case nameEN = "name_en"

  static let ofUnits: [ReferenceRole] = [.code, .name, .nameEN, .aliases, .region, .type, .planned, .team]
  static let ofTeams: [ReferenceRole] = [.code, .name, .nameEN, .aliases]
  static let ofRegions: [ReferenceRole] = [.code, .name, .nameEN, .aliases, .parent]
  static let ofCodeLists: [ReferenceRole] = [.code, .zh, .en, .label, .name, .nameEN, .aliases]

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
    }
  }
}
