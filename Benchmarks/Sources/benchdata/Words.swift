/// Text as it stands in a file.
typealias Text = [UInt8]

func text(_ string: String) -> Text { Array(string.utf8) }

/// A code and the label that people write instead.
struct Word {
  var code: String
  var label: String
}

/// The words of the made-up campaign; the pipelines beside this package have the same lists.
enum Words {
  static let campaign = "XC2022-2"
  static let teams = (1...15).map { "T\(padded($0, 2))" }
  static let methods = [
    Word(code: "hear", label: "听取汇报"), Word(code: "ledger", label: "查阅台账"),
    Word(code: "interview", label: "个别访谈"), Word(code: "field", label: "实地走访"),
  ]
  static let interview = 2
  static let kinds = [
    Word(code: "highlight", label: "亮点"), Word(code: "problem", label: "问题"), Word(code: "suggestion", label: "建议"),
  ]
  static let problem = 1
  /// Kinds as often as they come.
  static let kindMix = [0, 1, 1, 1, 2, 2, 0, 1]
  static let categories = (1...12).map { "C\(padded($0, 2))" }
  static let roles = ["主要负责人", "分管负责人", "中层干部", "基层职工", "群众代表", "服务对象", "退休干部", "财务人员"]
  static let phrases = Array(
    "巡视检查发现该单位落实主体责任较为到位制度执行仍有差距台账记录完整整改措施明确群众反映集中资金使用规范"
      + "会议研究不够深入干部作风明显改善监督机制有待健全项目推进缓慢档案管理混乱服务窗口便民高效学习教育扎实开展"
      + "建议进一步压实责任完善流程加强培训强化考核及时公开接受监督现场走访入户了解情况属实材料齐全数据准确")

  /// The days of the campaign, 2022-09-01 to 2022-12-31, and four more, on which late records are sent.
  static let days: [(year: Int, month: Int, day: Int)] = {
    var days: [(year: Int, month: Int, day: Int)] = []
    for (month, length) in [(9, 30), (10, 31), (11, 30), (12, 31)] {
      for day in 1...length { days.append((2022, month, day)) }
    }
    return days + (1...4).map { (2023, 1, $0) }
  }()
  static let visitDays = 122

  static func fullWidth(_ digits: String) -> String {
    String(
      String.UnicodeScalarView(
        digits.unicodeScalars.map { ("0"..."9").contains($0) ? Unicode.Scalar($0.value + 0xFEE0) ?? $0 : $0 }))
  }

  /// Halves of texts of 10 to 60 characters; one in five holds one of `specials`.
  static func halves(_ count: Int, specials: [String], _ random: inout Random) -> [String] {
    (0..<count).map { _ in
      var half = ""
      var rest = 10 + random.below(51)
      while rest > 0 {
        let length = min(rest, 2 + random.below(8))
        let start = random.below(phrases.count - length)
        half.append(contentsOf: phrases[start..<start + length])
        rest -= length
        if rest > 0, random.happens(7, in: 20) {
          half.append(random.happens(3, in: 5) ? "，" : "。")
          rest -= 1
        }
      }
      if random.happens(1, in: 5) {
        half.insert(contentsOf: random.pick(specials), at: half.index(half.startIndex, offsetBy: 5))
      }
      return half
    }
  }
}

func padded(_ number: Int, _ width: Int) -> String {
  let digits = String(number)
  return String(repeating: "0", count: max(0, width - digits.count)) + digits
}

func iso(_ day: (year: Int, month: Int, day: Int)) -> String {
  "\(day.year)-\(padded(day.month, 2))-\(padded(day.day, 2))"
}
