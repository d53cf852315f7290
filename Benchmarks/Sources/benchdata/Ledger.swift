/// W1: an inspection ledger in CSV, as teams hand it in. About 1 % of the rows are faulty, one fault a row, so that the order
/// of the checks does not change the answer; 0.5 % are rows sent a second time; one in three texts is quoted, some over two
/// lines; codes and labels, aliases, full-width digits, padding and four ways to write a date are mixed.
struct Ledger {
  static let header =
    "record_id,campaign,team,unit_code,unit_name,region_code,visit_date,method,kind,category,severity,score,"
    + "interviewee_role,text,submitted_at\n"

  /// Columns, for the faults that are put into them.
  private enum Column {
    static let id = 0, team = 2, unitCode = 3, unitName = 4, region = 5, date = 6, method = 7, kind = 8, category = 9
    static let severity = 10, score = 11, role = 12, text = 13, submitted = 14
  }

  /// Faults of a record alone, found by what a field may hold; the last three need two fields.
  private enum Fault: String, CaseIterable {
    case ragged
    case missingRequired = "missing-required"
    case badCode = "bad-code"
    case unknownUnit = "unknown-unit"
    case regionMismatch = "region-mismatch"
    case badDate = "bad-date"
    case badSeverity = "bad-severity"
    case badScore = "bad-score"
    case badTimestamp = "bad-timestamp"
    case missingSeverity = "missing-severity"
    case missingRole = "missing-role"
    case dateAfterSubmit = "date-after-submit"

    var needsRule: Bool { self == .missingSeverity || self == .missingRole || self == .dateAfterSubmit }
  }

  let roster: Roster
  private var random: Random
  private(set) var answer: Answer
  /// The same without the three faults that a rule over two fields finds: such records are then accepted.
  private(set) var answerWithoutRules: Answer
  private var sequence = 0
  private var row: [Text] = Array(repeating: [], count: 15)
  private var sentRows: [(start: Text, day: Int)] = []

  private let days: [[Text]]
  private let isoDays = Words.days.map { text(iso($0)) }
  private let methods: [[Text]]
  private let kinds: [[Text]]
  private let severities: [[Text]]
  private let scores: [Text]
  private let halves: [(text: Text, isQuoted: Bool)]
  private let times: [Text]
  private let teams = Words.teams.map { text($0) }
  private let categories = Words.categories.map { text($0) }
  private let roles = Words.roles.map { text($0) }
  private let units: [UnitForms]

  private struct UnitForms {
    var code: Text, wideCode: Text, name: Text, paddedName: Text, region: Text, aliases: [Text]
  }

  init(roster: Roster, seed: UInt64) {
    self.roster = roster
    var random = Random(seed: seed)
    answer = Answer(units: roster.units.count)
    answerWithoutRules = answer
    days = Words.days.map { date in
      let slashes = "\(date.year)/\(date.month)/\(date.day)"
      let forms = [
        iso(date), iso(date), iso(date), slashes, slashes, "\(date.year)年\(date.month)月\(date.day)日",
        "\(date.year)年\(date.month)月\(date.day)日", Words.fullWidth(slashes),
      ]
      return forms.map { text($0) }
    }
    methods = Words.methods.map { [$0.code, $0.label, $0.label, " " + $0.label].map { text($0) } }
    kinds = Words.kinds.map { [$0.code, $0.label, $0.label, $0.label + " "].map { text($0) } }
    severities = (0...5).map { level in
      let digit = level == 0 ? "" : "\(level)"
      return (0..<15).map { _ in text(digit) } + [text(Words.fullWidth(digit))]
    }
    let tenths = (0...1000).map { $0 % 3 == 0 ? "\($0 / 10)" : "\($0 / 10).\($0 % 10)" }
    scores = (Array(repeating: "", count: 64) + tenths + ["１００", " 88.5", "９２.5"]).map { text($0) }
    halves = Words.halves(8192, specials: [",", ",", "\"\"", "\n", "\"\"甲\"\"", "、", "；"], &random).map { half in
      (text(half), half.utf8.contains { $0 == UInt8(ascii: ",") || $0 == UInt8(ascii: "\"") || $0 == 10 })
    }
    // From eight on, so that the day is the same one in UTC.
    times = (8..<23).flatMap { hour in
      (0..<30).flatMap { half in
        ["+08:00", "+08:00", "Z"].map { zone in
          text("T\(padded(hour, 2)):\(padded(half * 2, 2)):\(padded(hour * half * 2 % 60, 2))\(zone)")
        }
      }
    }
    units = roster.units.map { unit in
      UnitForms(
        code: text(unit.code), wideCode: text(Words.fullWidth(unit.code)), name: text(unit.name),
        paddedName: text("　\(unit.name) "), region: text(unit.region), aliases: unit.aliases.map { text($0) })
    }
    self.random = random
    row[1] = text(Words.campaign)
  }

  /// Appends the next row, faulty or not.
  mutating func appendRow(to buffer: inout Text) {
    answer.rows += 1
    answerWithoutRules.rows += 1
    let roll = random.below(2000)
    if roll < 10, !sentRows.isEmpty { return appendSentRow(to: &buffer) }
    sequence += 1
    let unit = random.skewedBelow(units.count)
    var kind = Words.kindMix[random.below(8)]
    let category = random.below(categories.count)
    let day = random.below(Words.visitDays)
    var sentDay = day + random.below(4)
    let team = random.below(teams.count)
    let method = random.below(methods.count)
    let severity = kind == Words.problem || random.happens(1, in: 2) ? 1 + random.below(5) : 0
    row[Column.id] = text("\(Words.campaign)-\(Words.teams[team])-\(padded(sequence, 8))")
    row[Column.team] = teams[team]
    writeUnit(unit)
    row[Column.date] = random.pick(days[day])
    row[Column.method] = random.pick(methods[method])
    row[Column.kind] = random.pick(kinds[kind])
    row[Column.category] = categories[category]
    row[Column.severity] = random.pick(severities[severity])
    row[Column.score] = random.pick(scores)
    row[Column.role] = method == Words.interview || random.happens(3, in: 4) ? random.pick(roles) : []
    writeText()
    let time = random.pick(times)
    guard roll < 30 else {
      let start = buffer.count
      appendCells(14, to: &buffer)
      buffer.append(UInt8(ascii: ","))
      keep(buffer[start...], day: sentDay)
      buffer.append(contentsOf: isoDays[sentDay])
      buffer.append(contentsOf: time)
      buffer.append(10)
      answer.count(unit: unit, kind: kind, category: category)
      answerWithoutRules.count(unit: unit, kind: kind, category: category)
      return
    }
    row[Column.submitted] = isoDays[sentDay] + time
    let fault = random.pick(Fault.allCases)
    var cells = 15
    switch fault {
    case .ragged: cells = random.happens(1, in: 2) ? 16 : 11 + random.below(4)
    case .missingSeverity:
      kind = Words.problem
      row[Column.kind] = random.pick(kinds[kind])
      row[Column.severity] = []
    case .dateAfterSubmit:
      row[Column.date] = isoDays[Words.visitDays - 1]
      sentDay = random.below(Words.visitDays - 1)
      row[Column.submitted] = isoDays[sentDay] + time
    default: spoil(fault, unit: unit, time: time)
    }
    appendCells(min(cells, 15), to: &buffer)
    if cells > 15 { buffer.append(contentsOf: ",多余列".utf8) }
    buffer.append(10)
    answer.reject(fault.rawValue)
    if fault.needsRule {
      answerWithoutRules.count(unit: unit, kind: kind, category: category)
    } else {
      answerWithoutRules.reject(fault.rawValue)
    }
  }

  private mutating func spoil(_ fault: Fault, unit: Int, time: Text) {
    switch fault {
    case .missingRequired:
      row[random.pick([Column.id, Column.kind, Column.category, Column.text, Column.date])] =
        text(random.pick(["", " ", "　"]))
    case .badCode:
      switch random.below(3) {
      case 0: row[Column.method] = text(random.pick(["电话", "x9", "HEAR2"]))
      case 1: row[Column.kind] = text(random.pick(["其他", "prob", "亮 点"]))
      default: row[Column.category] = text(random.pick(["C13", "C00", "X01", "c1"]))
      }
    case .unknownUnit:
      let forms = [["U99999999", "无此单位", "510100"], ["", "不存在的单位局", ""], ["", "", ""], ["X1", "青川", ""]]
      for (offset, cell) in random.pick(forms).enumerated() { row[Column.unitCode + offset] = text(cell) }
    case .regionMismatch:
      row[Column.unitCode] = units[unit].code
      row[Column.unitName] = units[unit].name
      row[Column.region] = text("999999")
    case .badDate:
      row[Column.date] = text(
        random.pick(["2022-13-05", "2022/2/30", "2022年11月31日", "昨天", "2021-11-03", "03.11.2022"]))
    case .badSeverity: row[Column.severity] = text(random.pick(["0", "6", "9", "高", "3.5", "-1"]))
    case .badScore: row[Column.score] = text(random.pick(["101.5", "-3", "8O.5", "百分", "120"]))
    case .missingRole:
      row[Column.method] = random.pick(methods[Words.interview])
      row[Column.role] = text(random.pick(["", " "]))
    case .badTimestamp:
      let day = row[Column.submitted].prefix(10)
      row[Column.submitted] = random.pick([
        day + text("T25:61:00+08:00"), Array(day), text("2022-12-32T10:00:00Z"), day + text("T0930Z"),
      ])
    default: preconditionFailure("written where the row is made")
    }
  }

  /// A row that was sent before, the day after.
  private mutating func appendSentRow(to buffer: inout Text) {
    let sent = random.pick(sentRows)
    buffer.append(contentsOf: sent.start)
    buffer.append(contentsOf: isoDays[min(sent.day + 1, isoDays.count - 1)])
    buffer.append(contentsOf: random.pick(times))
    buffer.append(10)
    answer.duplicates += 1
    answerWithoutRules.duplicates += 1
  }

  private mutating func keep(_ start: ArraySlice<UInt8>, day: Int) {
    if sentRows.count < 4096 {
      sentRows.append((Array(start), day))
    } else if random.happens(1, in: 32) {
      sentRows[random.below(sentRows.count)] = (Array(start), day)
    }
  }

  private mutating func writeUnit(_ index: Int) {
    let unit = units[index]
    var code = unit.code
    var name = unit.name
    var region = unit.region
    switch random.below(64) {
    case 0..<40: break
    case 40..<48: name = unit.aliases[random.below(2)]
    case 48..<52: (name, region) = (unit.aliases[0], [])
    case 52..<56: (code, name) = ([UInt8(ascii: " ")] + code, unit.paddedName)
    case 56..<60: code = unit.wideCode
    case 60: code = []
    case 61: (code, name) = ([], unit.aliases[0])
    case 62: (code, name, region) = ([], unit.aliases[1], [])
    default: (code, name) = ([], text("　") + unit.aliases[0] + text(" "))
    }
    row[Column.unitCode] = code
    row[Column.unitName] = name
    row[Column.region] = region
  }

  private mutating func writeText() {
    let (first, second) = (halves[random.below(halves.count)], halves[random.below(halves.count)])
    let isQuoted = first.isQuoted || second.isQuoted || random.happens(1, in: 16)
    let quote = isQuoted ? [UInt8(ascii: "\"")] : []
    row[Column.text] = quote + first.text + second.text + quote
  }

  private func appendCells(_ count: Int, to buffer: inout Text) {
    for column in 0..<count {
      if column > 0 { buffer.append(UInt8(ascii: ",")) }
      buffer.append(contentsOf: row[column])
    }
  }
}

/// Writes `files` files of together about `bytes` bytes.
func writeLedger(to folder: String, bytes: Int, files: Int, units: Int, seed: UInt64) throws {
  let roster = Roster(units: units)
  var ledger = Ledger(roster: roster, seed: seed)
  try makeFolder("\(folder)/inbox")
  try makeFolder("\(folder)/reference")
  try roster.write(to: "\(folder)/reference/roster.csv")
  for index in 0..<files {
    let place = files > 1000 ? "\(folder)/inbox/\(padded(index / 1000, 3))" : "\(folder)/inbox"
    try makeFolder(place)
    var file = try OutputFile("\(place)/ledger-\(padded(index, 6)).csv")
    file.append(Ledger.header)
    let size = bytes * (index + 1) / files - bytes * index / files
    while file.size < size {
      ledger.appendRow(to: &file.buffer)
      try file.flush(above: 1 << 20)
    }
    try file.close()
  }
  try ledger.answer.write(to: "\(folder)/expected.tsv", roster)
  try ledger.answerWithoutRules.write(to: "\(folder)/expected-without-rules.tsv", roster)
}
