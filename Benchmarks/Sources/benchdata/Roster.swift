/// The units that the campaign inspects: every name and alias stands for one unit.
struct Roster {
  struct Unit {
    var code: String
    var name: String
    var region: String
    var aliases: [String]
  }

  let units: [Unit]

  private static let organisations = [
    ("教育局", "教局"), ("卫生健康局", "卫健局"), ("财政局", "财局"), ("民政局", "民局"), ("公安局", "公局"), ("司法局", "司局"),
    ("审计局", "审局"), ("统计局", "统局"), ("水利局", "水局"), ("农业农村局", "农局"), ("交通运输局", "交局"),
    ("住房和城乡建设局", "住建局"), ("生态环境局", "环局"), ("应急管理局", "应急局"), ("市场监督管理局", "市监局"),
    ("人力资源和社会保障局", "人社局"), ("自然资源和规划局", "资规局"), ("文化广电和旅游局", "文旅局"), ("退役军人事务局", "退役局"),
    ("乡村振兴局", "振兴局"),
  ]

  init(units count: Int) {
    let (first, second) = (Array("青临安清永长金宝新平"), Array("川江州河阳山溪城口源"))
    units = (0..<count).map { index in
      let (organisation, short) = Self.organisations[index % 20]
      let city = index / 20 % 100
      let place = "\(first[city / 10])\(second[city % 10])"
      let branch = index < 2000 ? "" : "第\(index / 2000)分局"
      return Unit(
        code: "U\(10001 + index)", name: "\(place)市\(organisation)\(branch)", region: "\(510_100 + index / 20 * 10)",
        aliases: ["\(place)\(organisation)\(branch)", "\(place)市\(short)\(branch)"])
    }
  }

  func write(to path: String) throws {
    var file = try OutputFile(path)
    file.append("unit_code,unit_name,region_code,aliases\n")
    for unit in units {
      file.append("\(unit.code),\(unit.name),\(unit.region),\(unit.aliases.joined(separator: "|"))\n")
    }
    try file.close()
  }
}
