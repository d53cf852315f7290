import Campaign
import Check
import Diagnostics
import Expressions
import Records

/// A source whose records stand in a batch as the reader of a text file or of XML would leave them.
struct RecordBench {
  struct Row {
    var cells: [String?]
    var group = 0
    var startsRecord = true
  }
  var source = SourceDefinition(name: "s", location: SourceLocation(file: "s.yaml"))
  var campaign = CampaignDefinition(id: "c")
  var roster = Roster()
  var codeLists: [CodeList] = []
  var corrections: [Correction] = []
  var rules: [RuleDefinition] = []

  init(_ fields: [String], change: (inout RecordBench) -> Void = { _ in }) {
    source.fields = fields.map { Field(name: $0, location: SourceLocation(file: "s.yaml")) }
    change(&self)
  }

  mutating func field(_ name: String, _ change: (inout Field) -> Void) {
    for index in source.fields.indices where source.fields[index].name == name { change(&source.fields[index]) }
  }

  func compile() throws -> (plans: [CheckPlan], lists: WordLists) {
    var campaign = campaign
    campaign.sources = [source]
    let environment = RuleEnvironment(
      sources: campaign.sources, window: campaign.window, today: Day(number: 0),
      lists: RuleEnvironment.Lists(codeLists: codeLists, roster: roster))
    let (book, faults) = RuleBook.compile(rules, environment)
    if let fault = faults.first { throw ReadError(fault) }
    return try CheckPlan.compile(
      campaign, roster: roster, codeLists: codeLists, ruleBook: book, corrections: corrections)
  }

  /// - Parameter separator: between cells.
  func batch(_ rows: [Row], separator: String = ",", lineEnd: String = "\n", before: String = "") -> RecordBatch {
    var batch = RecordBatch()
    batch.columnOfField = source.fields.indices.map { Int32($0) }
    batch.columnCount = source.fields.count
    var line = 2
    for row in rows {
      let (start, firstCell) = (batch.bytes.count, batch.cells.count)
      batch.bytes += Array(before.utf8)
      for (place, cell) in row.cells.enumerated() {
        if place > 0 { batch.bytes += Array(separator.utf8) }
        if let cell {
          batch.cells.append(RecordBatch.Cell(start: batch.bytes.count, count: cell.utf8.count))
          batch.bytes += Array(cell.utf8)
        } else {
          batch.cells.append(.absent)
        }
      }
      batch.rows.append(
        RecordBatch.Row(
          line: line, rawStart: start, rawEnd: batch.bytes.count, firstCell: firstCell, cellCount: row.cells.count,
          group: row.group, startsRecord: row.startsRecord))
      line += 1 + row.cells.reduce(0) { $0 + ($1 ?? "").filter(\.isNewline).count }
      batch.bytes += Array(lineEnd.utf8)
    }
    return batch
  }

  func check(_ rows: [Row]) throws -> SegmentChunk { try check(batch(rows)) }

  func check(_ batch: RecordBatch) throws -> SegmentChunk {
    var checker = Checker(try compile().plans[0])
    return checker.check(batch, file: 0)
  }

  func check(_ rows: [[String?]]) throws -> SegmentChunk { try check(rows.map { Row(cells: $0) }) }
}

extension SegmentChunk {
  /// Rule ids with field and place, entry by entry.
  var reasons: [[String]] {
    var reasons: [[String]] = []
    rejected.forEachEntry { entry in
      reasons.append(entry.reasons.map { "\($0.rule.id) \($0.field ?? "") \($0.line):\($0.column)" })
    }
    return reasons
  }

  var findingTexts: [String] { (0..<findings.count).map { String(decoding: findingText($0), as: UTF8.self) } }

  /// Canonical values of a record.
  func values(_ record: Int) -> [String] {
    let bytes = recordValues(record)
    var values: [String] = []
    ValueList.forEach(in: bytes) { value in
      switch value {
      case .blank: values.append("")
      case .declaredBlank(let place): values.append("blank \(place)")
      case .text(let range): values.append(String(decoding: bytes[range], as: UTF8.self))
      case .integer(let number): values.append(String(number))
      case .number(let number): values.append(String(number))
      case .day(let day): values.append(day.text)
      case .boolean(let truth): values.append(String(truth))
      }
    }
    return values
  }
}
