import Campaign
package import Diagnostics
import Records
import Report

/// Every fault of a campaign's files, to be shown; nothing is written.
package struct CheckOutcome: Sendable {
  package var language: Language
  /// In the order of files and lines; of each rule and file at most `keptPerRule`.
  package var diagnostics: [Diagnostic]
  /// All of them, by rule.
  package var counts: [(rule: Rule, count: Int)]
  package var files: Int
  package var records: Int
  package var rejected: Int
  package var exitStatus: Int32
  private let json: JSONValue

  /// The same for programs; docs/pipeline.md says what stands where.
  package func report() -> [UInt8] { json.bytes() }

  /// - Parameters:
  ///   - late: records of each file that are rejected since they do not agree with others.
  ///   - hasErrors: whether a file could not even be opened.
  init(_ campaign: CampaignDefinition, files: [FileReport], late: [Int], kept: KeptDiagnostics, hasErrors: Bool) {
    language = campaign.language
    diagnostics = kept.entries.map(\.diagnostic)
    counts = kept.totals
    self.files = files.count
    records = files.reduce(0) { $0 + $1.counts.records }
    rejected = files.reduce(0) { $0 + $1.counts.rejected } + late.reduce(0, +)
    let isClean = rejected == 0 && files.allSatisfy { $0.failure == nil } && !hasErrors
    exitStatus = isClean ? 0 : 1
    json = CheckReport(campaign: campaign, files: files, late: late, kept: kept).json(isClean: isClean)
  }
}

/// What `check --json` prints: exact counts, whatever their number, and the first faults of each rule and file.
private struct CheckReport {
  let campaign: CampaignDefinition
  let files: [FileReport]
  let late: [Int]
  let kept: KeptDiagnostics

  func json(isClean: Bool) -> JSONValue {
    let totals = kept.totals
    return .object([
      ("fieldtally", .string(fieldtallyVersion)), ("campaign", .string(campaign.id)), ("valid", .bool(isClean)),
      ("files", .integer(files.count)), ("records", .integer(files.reduce(0) { $0 + $1.counts.records })),
      ("rejected", .integer(files.indices.reduce(0) { $0 + rejected(of: $1) })),
      ("kept_per_rule_and_file", .integer(keptPerRule)),
      ("capped", .bool(kept.byFile.values.contains { $0.values.contains { $0 > keptPerRule } })),
      ("stats", stats(totals)), ("counts", Self.json(totals)),
      ("sources", .array(campaign.sources.indices.map(source))),
      ("reports", .array(files.indices.map(report))), ("diagnostics", .array(kept.entries.map(diagnostic))),
    ])
  }

  private func rejected(of file: Int) -> Int { files[file].counts.rejected + late[file] }

  private func stats(_ totals: [(rule: Rule, count: Int)]) -> JSONValue {
    func count(_ severity: Severity) -> JSONValue {
      .integer(totals.reduce(0) { $0 + ($1.rule.severity == severity ? $1.count : 0) })
    }
    let counts = files.reduce(into: CheckCounts()) { $0.merge($1.counts) }
    return .object([
      ("errors", count(.error)), ("warnings", count(.warning)), ("notes", count(.note)),
      ("accepted", .integer(counts.accepted - late.reduce(0, +))), ("excluded", .integer(counts.excluded)),
      ("findings", .integer(counts.findings)), ("files_rejected", .integer(files.count { $0.failure != nil })),
      ("bytes", .integer(files.reduce(0) { $0 + $1.size })),
    ])
  }

  private static func json(_ counts: [(rule: Rule, count: Int)]) -> JSONValue {
    .object(counts.map { ($0.rule.id, .integer($0.count)) })
  }

  private func source(_ place: Int) -> JSONValue {
    let own = files.indices.filter { files[$0].source == place }
    var counts: [Rule: Int] = [:]
    for file in own { counts.merge(kept.byFile[file] ?? [:], uniquingKeysWith: +) }
    return .object([
      ("source", .string(campaign.sources[place].name)), ("files", .integer(own.count)),
      ("records", .integer(own.reduce(0) { $0 + files[$1].counts.records })),
      ("rejected", .integer(own.reduce(0) { $0 + rejected(of: $1) })), ("counts", Self.json(kept.sorted(counts))),
    ])
  }

  private func report(_ index: Int) -> JSONValue {
    let file = files[index]
    let counts = kept.counts(ofFile: index)
    return .object([
      ("file", .string(file.path)), ("source", .string(campaign.sources[file.source].name)),
      ("valid", .bool(file.failure == nil && rejected(of: index) == 0)),
      ("read", .bool(file.failure == nil)), ("sha256", .string(file.fingerprint)), ("bytes", .integer(file.size)),
      ("encoding", .string(file.encoding)), ("dialect", .string(file.reading.dialect)),
      ("records", .integer(file.counts.records)), ("rejected", .integer(rejected(of: index))),
      ("counts", Self.json(counts)),
      ("capped", .array(counts.filter { $0.count > keptPerRule }.map { .string($0.rule.id) })),
    ])
  }

  private func diagnostic(_ entry: (diagnostic: Diagnostic, file: Int?)) -> JSONValue {
    let (diagnostic, place) = (entry.diagnostic, entry.diagnostic.location)
    let source = entry.file.map { campaign.sources[files[$0].source] }
    let field = source?.fields.firstIndex { $0.name == place.field }
    func both(_ key: String, _ text: (Language) -> String) -> [(String, JSONValue)] {
      [(key + "_zh", .string(text(.zh))), (key + "_en", .string(text(.en)))]
    }
    func known(_ number: Int) -> JSONValue { number > 0 ? .integer(number) : .null }
    return .object(
      [
        ("rule", .string(diagnostic.rule.id)), ("severity", .string(diagnostic.severity.rawValue)),
        ("source", source.map { .string($0.name) } ?? .null), ("file", .string(place.file)),
        ("line", known(place.line)), ("column", known(abs(place.column))),
        ("cell", place.column < 0 ? .string("\(place.columnText)\(place.line)") : .null),
        ("record", known(place.record)),
        ("field", place.field.map { .string($0) } ?? .null), ("field_number", field.map { .integer($0 + 1) } ?? .null),
        ("found", .string(diagnostic.found)),
      ] + both("title") { diagnostic.rule.title[$0] } + both("expected") { diagnostic.expected($0) }
        + both("message") { diagnostic.message($0) })
  }
}
