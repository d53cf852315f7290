/// W2: questionnaires in XML, as one export with many responses or as one XForms submission a file. Half a percent of the
/// submissions is rejected whole (no id, an unknown unit, a bad date; of forms also what is no XML), a few findings alone;
/// half a percent is sent twice.
struct Questionnaires {
  enum Form { case export, submission }

  private struct Finding { var kind: String, category: String, severity: String, score: String, text: String }

  let roster: Roster
  private let form: Form
  private var random: Random
  private(set) var answer: Answer
  private(set) var findings = 0
  private var sent: [Text] = []
  private let halves: [String]
  private let plainHalves: [String]

  init(roster: Roster, form: Form, seed: UInt64) {
    self.roster = roster
    self.form = form
    var random = Random(seed: seed)
    answer = Answer(units: roster.units.count)
    let raw = Words.halves(4096, specials: ["&", "<", ">", "\n", "“", "&#x5df2;"], &random)
    halves = raw.map { half in half.contains("&#x") ? half : Self.escaped(half) }
    plainHalves = raw.map { half in String(half.map { $0 == "&" ? "＆" : $0 == "<" ? "＜" : $0 }) }
    self.random = random
  }

  private static func escaped(_ text: String) -> String {
    text.reduce(into: "") { escaped, character in
      switch character {
      case "&": escaped += "&amp;"
      case "<": escaped += "&lt;"
      case ">": escaped += "&gt;"
      default: escaped.append(character)
      }
    }
  }

  /// Appends the next submission.
  mutating func appendSubmission(to buffer: inout Text) {
    answer.rows += 1
    let roll = random.below(2000)
    if roll < 10, !sent.isEmpty {
      answer.duplicates += 1
      buffer.append(contentsOf: random.pick(sent))
      return
    }
    let unit = random.skewedBelow(roster.units.count)
    let day = Words.days[random.below(Words.visitDays)]
    var (code, name) = (roster.units[unit].code, roster.units[unit].name)
    switch random.below(16) {
    case 0: (code, name) = ("", random.pick(roster.units[unit].aliases))
    case 1: name = random.pick(roster.units[unit].aliases)
    case 2: name = "\n      \(name)\n    "
    default: break
    }
    var date = random.pick([
      iso(day), iso(day), "\(day.year)/\(day.month)/\(day.day)", "\(day.year)年\(day.month)月\(day.day)日",
    ])
    var id = "uuid:" + uuid()
    var fault = ""
    if roll >= 1990 {
      fault = random.pick(["unknown-unit", "bad-date", "missing-id"] + (form == .submission ? ["malformed"] : []))
      answer.reject(fault)
      switch fault {
      case "unknown-unit": (code, name) = random.pick([("U99999999", "无此单位"), ("", "不存在的单位局"), ("", "")])
      case "bad-date": date = random.pick(["2022-13-05", "2022/2/30", "昨天", "", "2021-11-03"])
      case "missing-id": id = random.pick(["", "  "])
      default: break
      }
    }
    let start = buffer.count
    var hasFault = !fault.isEmpty
    let found = (0..<2 + random.below(5)).map { _ in finding(of: unit, isCounted: fault.isEmpty, &hasFault) }
    let zone = "T\(padded(8 + random.below(12), 2)):\(padded(random.below(60), 2)):17.123+08:00"
    let head = Head(
      id: id, code: code, name: name, region: roster.units[unit].region, date: date, sent: iso(day) + zone,
      team: random.pick(Words.teams), method: random.pick(Words.methods), role: random.pick(Words.roles))
    switch form {
    case .export: appendResponse(head, found, to: &buffer)
    case .submission: appendInstance(head, found, isBroken: fault == "malformed", to: &buffer)
    }
    if !hasFault { keep(Array(buffer[start...])) }
  }

  private struct Head {
    var id: String, code: String, name: String, region: String, date: String, sent: String, team: String
    var method: Word, role: String
  }

  private mutating func finding(of unit: Int, isCounted: Bool, _ hasFault: inout Bool) -> Finding {
    let kind = Words.kindMix[random.below(8)]
    let category = random.below(Words.categories.count)
    let level = String(1 + random.below(5))
    let first = random.below(halves.count)
    var finding = Finding(
      kind: random.happens(1, in: 2) ? Words.kinds[kind].code : Words.kinds[kind].label,
      category: Words.categories[category], severity: random.happens(1, in: 32) ? Words.fullWidth(level) : level,
      score: "\(random.below(100)).\(random.below(10))", text: halves[first] + halves[random.below(halves.count)])
    if form == .submission, random.happens(1, in: 32) { finding.text = "<![CDATA[\(plainHalves[first]) <b>&]]>" }
    var fault = ""
    if random.happens(1, in: 64) {
      fault = random.pick(["bad-category", "bad-severity", "empty-text"])
      hasFault = true
      switch fault {
      case "bad-category": finding.category = "C99"
      case "bad-severity": finding.severity = "7"
      default: finding.text = random.pick(["", "  \n "])
      }
    }
    if isCounted {
      findings += 1
      if fault.isEmpty { answer.count(unit: unit, kind: kind, category: category) } else { answer.reject(fault) }
    }
    return finding
  }

  private mutating func keep(_ submission: Text) {
    if sent.count < 1024 {
      sent.append(submission)
    } else if random.happens(1, in: 32) {
      sent[random.below(sent.count)] = submission
    }
  }

  private mutating func uuid() -> String {
    let (high, low) = (hex(random.next()), hex(random.next()))
    return [high.prefix(8), high.dropFirst(8).prefix(4), high.suffix(4), low.prefix(4), low.suffix(12)]
      .joined(separator: "-")
  }

  private func hex(_ number: UInt64) -> String {
    let digits = String(number, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }

  private mutating func appendResponse(_ head: Head, _ findings: [Finding], to buffer: inout Text) {
    buffer +=
      """
      <response id="\(head.id)" submitted="\(head.sent)">
      <unit code="\(head.code)">\(head.name)</unit><team>\(head.team)</team>\
      <visitDate>\(head.date)</visitDate><method>\(head.method.label)</method><role>\(head.role)</role>
      <answers>
      """.utf8
    for question in 1...12 { buffer += "<answer q=\"q\(padded(question, 2))\">\(random.below(5))</answer>".utf8 }
    buffer += "</answers>\n<findings>\n".utf8
    for finding in findings {
      buffer +=
        """
        <finding kind="\(finding.kind)" category="\(finding.category)" severity="\(finding.severity)" \
        score="\(finding.score)"><text>\(finding.text)</text></finding>

        """.utf8
    }
    buffer += "</findings>\n</response>\n".utf8
  }

  private mutating func appendInstance(_ head: Head, _ findings: [Finding], isBroken: Bool, to buffer: inout Text) {
    let start = buffer.count
    // A tag that is closed by another name, or a file that ends too early.
    let isCut = isBroken && random.happens(1, in: 2)
    buffer +=
      """
      <?xml version='1.0' encoding='UTF-8' ?>
      <data id="xc2022" version="2022110301" xmlns:h="http://www.w3.org/1999/xhtml" \
      xmlns:orx="http://openrosa.org/xforms" xmlns:jr="http://openrosa.org/javarosa">
        <start>\(head.sent)</start>
        <end>\(head.sent)</end>
        <!-- form v3 -->
        <general>
          <campaign>\(Words.campaign)</campaign>
          <team>\(head.team)</team>
          <unit_code>\(head.code)</unit_code>
          <unit_name>\(head.name)</unit_name>
          <region_code>\(head.region)</region_code>
          <visit_date>\(head.date)</visit_date>
          <method>\(head.method.code)</method>
          <interviewee_role>\(head.role)</interviewee_role>
        </\(isBroken && !isCut ? "genral" : "general")>
        <answers>

      """.utf8
    for question in 1...16 {
      let name = "q\(padded(question, 2))"
      buffer += "    <\(name)>\(random.happens(1, in: 2) ? "是" : "否")</\(name)>\n".utf8
    }
    buffer += "  </answers>\n".utf8
    for finding in findings {
      buffer +=
        """
          <findings>
            <kind>\(finding.kind)</kind>
            <category>\(finding.category)</category>
            <severity>\(finding.severity)</severity>
            <score>\(finding.score)</score>
            <text>\(finding.text)</text>
          </findings>

        """.utf8
    }
    buffer +=
      """
        <orx:meta>
          <orx:instanceID>\(head.id)</orx:instanceID>
          <orx:instanceName>\(head.team)-\(head.date.isEmpty ? "x" : "form")</orx:instanceName>
        </orx:meta>
      </data>

      """.utf8
    if isCut { buffer.removeLast((buffer.count - start) / 3) }
  }
}

/// One export of about `bytes` bytes.
func writeExport(to folder: String, bytes: Int, units: Int, seed: UInt64) throws {
  let roster = Roster(units: units)
  var questionnaires = Questionnaires(roster: roster, form: .export, seed: seed)
  try makeFolder("\(folder)/inbox")
  try makeFolder("\(folder)/reference")
  try roster.write(to: "\(folder)/reference/roster.csv")
  var file = try OutputFile("\(folder)/inbox/responses.xml")
  file.append("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<responses campaign=\"\(Words.campaign)\">\n")
  while file.size < bytes {
    questionnaires.appendSubmission(to: &file.buffer)
    try file.flush(above: 1 << 20)
  }
  file.append("</responses>\n")
  try file.close()
  try questionnaires.answer.write(to: "\(folder)/expected.tsv", roster)
}

/// `files` submissions, a file each, a thousand in a folder.
func writeSubmissions(to folder: String, files: Int, units: Int, seed: UInt64) throws {
  let roster = Roster(units: units)
  var questionnaires = Questionnaires(roster: roster, form: .submission, seed: seed)
  try makeFolder("\(folder)/reference")
  try roster.write(to: "\(folder)/reference/roster.csv")
  for index in 0..<files {
    let place = "\(folder)/inbox/\(padded(index / 1000, 3))"
    if index % 1000 == 0 { try makeFolder(place) }
    var file = try OutputFile("\(place)/submission-\(padded(index, 6)).xml")
    questionnaires.appendSubmission(to: &file.buffer)
    try file.close()
  }
  try questionnaires.answer.write(to: "\(folder)/expected.tsv", roster)
}
