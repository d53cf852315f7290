import Bytes
import Campaign
import Diagnostics
import Reconcile
import Records
import SeededRandom
import Tables

@testable import Tally

/// A record of a made-up campaign, as Check would leave it.
struct MadeRecord {
  var source = 0
  var key: UInt64 = 0
  var unit: Int?
  var team: Int?
  var method: Int?
  var mode: Int?
  var day: Int32?
  var kinds: [UInt8] = []
  var categories: [Int?] = []
  var isRejected = false
}

/// Two sources over three regions, eight units, three teams; every second source counts visits.
struct MadeCampaign {
  var definition = CampaignDefinition(id: "made")
  var lists = WordLists()

  init() {
    definition.language = .en
    definition.sources = ["visits", "letters"].map { SourceDefinition(name: $0, location: SourceLocation(file: "")) }
    definition.sources[1].isVisit = false
    lists.roster.regions = [
      Region(code: "53", name: .init("Province")), Region(code: "5301", name: .init("North"), parent: 0),
      Region(code: "5302", name: .init("South"), parent: 0),
    ]
    lists.roster.units = (0..<8).map { place in
      Unit(
        code: "U\(place)", name: .init("Unit \(place)"), region: [0, 1, 1, 2, 2, 1, 2, nil][place],
        isPlanned: place != 5,
        team: place % 3)
    }
    lists.roster.teams = (0..<3).map { Team(code: "T\($0)", name: .init("Team \($0)")) }
    lists.methods = CodeList(name: "method", entries: (0..<3).map { .init(code: "m\($0)", label: .init("M\($0)")) })
    lists.modes = CodeList(name: "mode", entries: (0..<2).map { .init(code: "o\($0)", label: .init("O\($0)")) })
    lists.categories = CodeList(
      name: "category", entries: (0..<4).map { .init(code: "c\($0)", label: .init("C\($0)")) })
    (lists.roster.hasUnits, lists.roster.hasTeams, lists.roster.hasRegions) = (true, true, true)
  }

  func randomRecords(_ count: Int, _ generator: inout SeededGenerator) -> [MadeRecord] {
    func maybe(_ limit: Int, _ generator: inout SeededGenerator) -> Int? {
      Int.random(in: 0..<5, using: &generator) == 0 ? nil : Int.random(in: 0..<limit, using: &generator)
    }
    return (0..<count).map { place in
      let findings = Int.random(in: 0...3, using: &generator)
      return MadeRecord(
        source: place < count / 2 ? 0 : 1, key: .random(in: 0..<UInt64(count), using: &generator),
        unit: maybe(8, &generator), team: maybe(3, &generator), method: maybe(3, &generator),
        mode: maybe(2, &generator),
        day: maybe(40, &generator).map { Int32($0 + 19_290) },
        kinds: (0..<findings).map { _ in .random(in: 0...2, using: &generator) },
        categories: (0..<findings).map { _ in maybe(4, &generator) },
        isRejected: Int.random(in: 0..<6, using: &generator) == 0)
    }
  }

  /// Chunks of at most `size` records, never across two sources; each source has one file.
  func store(_ records: [MadeRecord], size: Int) throws -> SegmentStore {
    let store = SegmentStore(spoolFolder: "/tmp")
    var start = 0
    while start < records.count {
      var chunk = ChunkDraft(source: records[start].source, file: records[start].source)
      var end = start
      while end < records.count, end - start < size, records[end].source == records[start].source {
        append(records[end], number: end, to: &chunk)
        end += 1
      }
      try store.append(SegmentChunk(chunk))
      start = end
    }
    return store
  }

  private func append(_ record: MadeRecord, number: Int, to chunk: inout ChunkDraft) {
    chunk.counts.records += 1
    chunk.counts.findings += record.kinds.count
    if record.isRejected {
      chunk.counts.rejected += 1
      chunk.counts.findingsInRejectedRecords += record.kinds.count
      chunk.rejected.append(
        RejectedRecord(
          line: number + 2, number: number + 1, findings: record.kinds.count, raw: Array("raw \(number)".utf8),
          reasons: [RejectionReason(Diagnostic(.typeError, at: SourceLocation(file: "", line: number + 2)))]))
      return
    }
    func word(_ place: Int?) -> WordNumber { place.map { WordNumber(listed: $0) } ?? .none }
    chunk.counts.accepted += 1
    chunk.counts.findingsAccepted += record.kinds.count
    chunk.records.line.append(UInt32(number + 2))
    chunk.records.number.append(UInt32(number + 1))
    chunk.records.key.append(Hash128(high: record.key, low: UInt64(record.source)))
    chunk.records.content.append(UInt64(number % 3))
    chunk.records.unit.append(word(record.unit))
    chunk.records.team.append(word(record.team))
    chunk.records.method.append(word(record.method))
    chunk.records.mode.append(word(record.mode))
    chunk.records.day.append(record.day ?? RecordColumns.noDay)
    chunk.records.findings.append(UInt32(record.kinds.count))
    for (kind, category) in zip(record.kinds, record.categories) {
      chunk.findings.kind.append(kind)
      chunk.findings.category.append(word(category))
      chunk.findings.severity.append(kind + 1)
      chunk.findings.line.append(UInt32(number + 2))
      chunk.text += Array("finding of \(number)".utf8)
      chunk.findings.textEnd.append(UInt32(chunk.text.count))
    }
  }

  func input(_ records: [MadeRecord], size: Int) throws -> TallyInput {
    let store = try store(records, size: size)
    let reconciliation = try Reconciler.run(
      over: store, sources: definition.sources, isRepeatedFile: [false, false], lists: lists)
    var files = definition.sources.indices.map { FileReport(path: "\($0).csv", source: $0) }
    try store.forEachChunk { _, chunk in
      files[chunk.file].counts.merge(chunk.counts)
      files[chunk.file].reading.records += chunk.counts.records
    }
    return TallyInput(
      campaign: definition, asOf: Day(number: 19_330), files: files, notes: [], store: store,
      reconciliation: reconciliation)
  }
}

/// The cells of a table as text.
func cells(_ table: Table) throws -> [[String]] {
  var rows: [[String]] = []
  try table.rows.forEachRow { row in
    rows.append(
      row.cells.indices.map { place in
        switch row.cells[place] {
        case .blank: ""
        case .text: row.string(place) ?? ""
        case .integer(let number): String(number)
        case .number(let number): String(number)
        case .day(let day): day.text
        case .boolean(let truth): String(truth)
        }
      })
  }
  return rows
}

/// The sum of a column of integers over the rows that `isCounted`.
func total(_ table: Table, _ column: String, where isCounted: ([String]) -> Bool = { _ in true }) throws -> Int {
  let place = table.columns.firstIndex { $0.id == column } ?? -1
  return try cells(table).filter(isCounted).reduce(0) { $0 + (Int($1[place]) ?? 0) }
}
