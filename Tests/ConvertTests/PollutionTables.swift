/// A seeded source of numbers, so that a test that fails fails again.
struct Dice: RandomNumberGenerator {
  private var state: UInt64
  init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 | 1 }

  mutating func next() -> UInt64 {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return state &* 0x2545_F491_4F6C_DD1D
  }
}

/// A clean table, and which of its columns are always written in quotes.
struct SourceTable: Sendable {
  var name: String
  var delimiter = ","
  /// Header first.
  var rows: [[String]]
  var quoted: Set<Int> = []

  var width: Int { rows[0].count }
}

extension SourceTable {
  static let all = [sales, ledger, betriebe, short, reports]

  private static func pick(_ words: [String], _ dice: inout Dice) -> String {
    words[Int.random(in: words.indices, using: &dice)]
  }

  private static func sentence(_ words: [String], _ count: ClosedRange<Int>, _ dice: inout Dice) -> String {
    let chosen = (0..<Int.random(in: count, using: &dice)).map { _ in pick(words, &dice) }
    let text = chosen.joined(separator: " ")
    return text.prefix(1).uppercased() + text.dropFirst() + "."
  }

  private static func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }

  /// Days, times, counts, prices, long texts with commas and quotes, addresses, a column that is nearly always blank.
  static let sales: SourceTable = {
    var dice = Dice(seed: 1)
    let words = [
      "warm", "boots, sturdy", "the", "for", "rain", "a lamp", "with", "tent", "blue", "and", "cotton, washed", "easy",
    ]
    let goods = ["Kids' Cap", "Lamp, Folding", "Rope 12\"", "Tent", "Men's Boots", "Towel, Organic", "Stove Kit"]
    var rows = [["DAY", "HOUR", "Count", "ITEMCODE", "Price", "ItemKind", "ItemText", "LINK", "Remarks"]]
    for row in 0..<83 {
      let code = "\(pick(["QA", "KM", "ZT", "WB"], &dice))-\(Int.random(in: 1000...9999, using: &dice))"
      let price = "$\(Int.random(in: 1...99, using: &dice)).\(two(Int.random(in: 0...99, using: &dice)))"
      rows.append([
        "\(two(1 + row % 28))/\(two(1 + row / 28))/2019", "\(two(row % 24)):\(two(row * 15 % 60))",
        "\(Int.random(in: 0...40, using: &dice))", code, price, pick(goods, &dice), sentence(words, 6...30, &dice),
        "https://shop.example.net/item/\(code.replacing("-", with: "_")).html", row % 31 == 7 ? "late, see note" : "",
      ])
    }
    return SourceTable(name: "sales", rows: rows, quoted: [6, 7])
  }()

  /// A Chinese ledger of inspections.
  static let ledger: SourceTable = {
    var dice = Dice(seed: 2)
    let units = ["县人社局", "镇卫生院", "第二中学", "产业园管委会", "乡财政所", "人才服务中心"]
    let problems = ["台账不全，缺签字", "人才补贴发放不及时", "未按规定公示；资料缺失", "引进政策宣传不到位", "无", "场地安全隐患：线路老化"]
    var rows = [["编号", "单位名称", "督查日期", "人数", "得分", "是否整改", "存在问题", "备注"]]
    for row in 1...40 {
      rows.append([
        "D\(1000 + row)", pick(units, &dice), "2022-11-\(two(1 + row % 28))",
        "\(Int.random(in: 3...180, using: &dice))",
        "\(Int.random(in: 60...99, using: &dice)).\(row % 10)", pick(["是", "否"], &dice), pick(problems, &dice),
        row % 6 == 0 ? "复查" : "",
      ])
    }
    return SourceTable(name: "ledger", rows: rows)
  }()

  /// Semicolons, decimal commas, umlauts.
  static let betriebe: SourceTable = {
    var dice = Dice(seed: 3)
    let names = ["Bäckerei Müller", "Gasthof Zur Linde", "Café Österreich", "Metzgerei Groß", "Kiosk am Markt"]
    let towns = ["Köln", "Görlitz", "Fürth", "Aachen", "Überlingen"]
    var rows = [["Nr", "Betrieb", "Ort", "Datum", "Fläche", "Gebühr"]]
    for row in 1...60 {
      rows.append([
        "\(row)", pick(names, &dice), pick(towns, &dice), "\(two(1 + row % 28)).\(two(1 + row % 12)).2021",
        "\(Int.random(in: 20...900, using: &dice)),\(row % 10)", "\(Int.random(in: 5...80, using: &dice)),50",
      ])
    }
    return SourceTable(name: "betriebe", delimiter: ";", rows: rows)
  }()

  /// Three columns, few rows.
  static let short: SourceTable = {
    var rows = [["id", "name", "count"]]
    for (row, name) in ["Ash", "Birch", "Cedar", "Elm", "Fir", "Hazel", "Larch", "Maple", "Oak", "Pine"].enumerated() {
      rows.append(["\(row + 1)", name, "\(row * 7 % 11)"])
    }
    return SourceTable(name: "short", rows: rows)
  }()

  /// Line breaks inside long quoted texts.
  static let reports: SourceTable = {
    var dice = Dice(seed: 5)
    let words = ["roof", "water\nsupply", "the", "school", "checked", "again,", "door", "\"new\"", "and", "dry"]
    var rows = [["report_id", "visited", "inspector", "verdict", "text", "points", "follow_up"]]
    for row in 1...50 {
      rows.append([
        "R-\(two(row))", "2023-0\(1 + row % 9)-\(two(1 + row % 28))", pick(["A. Lund", "B. Ortiz", "C. Wei"], &dice),
        pick(["pass", "fail", "pass with notes"], &dice), sentence(words, 8...25, &dice),
        "\(Int.random(in: 0...100, using: &dice))", pick(["yes", "no"], &dice),
      ])
    }
    return SourceTable(name: "reports", rows: rows, quoted: [4])
  }()
}
