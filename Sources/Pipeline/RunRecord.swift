import Campaign
import Check
import Diagnostics
import Records
import Report

/// What `run.json` says: everything about a run that the same arguments give again, byte for byte. Durations stand in
/// `durations.json`.
struct RunRecord {
  let campaign: CampaignFolder
  let asOf: Day
  let files: [FileReport]
  let notes: [Diagnostic]
  let accounting: Accounting
  let reconciliation: Reconciliation
  let remarks: RemarkSummary
  let corrections: CorrectionResults

  /// - Parameter width: tasks at once.
  func members(width: Int) async -> [(String, JSONValue)] {
    let definition = campaign.definition
    let layouts = ColumnLayouts(files)
    let sources = await sources(layouts.numbers, width: width)
    return [
      ("versions", .object([("fieldtally", .string(fieldtallyVersion)), ("pipeline", .integer(1))])),
      ("pipeline_files", .object(campaign.fingerprints.map { ($0.path, .string($0.sha256)) })),
      (
        "campaign",
        .object([
          ("id", .string(definition.id)), ("title_zh", .string(definition.title.zh)),
          ("title_en", .string(definition.title.en)), ("language", .string(definition.language.rawValue)),
          ("window_first", definition.window.map { .string($0.lowerBound.text) } ?? .null),
          ("window_last", definition.window.map { .string($0.upperBound.text) } ?? .null),
        ])
      ),
      ("as_of", .string(asOf.text)),
      ("durations", .string("durations.json")),
      ("sum", sum),
      ("counts_by_rule", countsByRule),
      ("corrections", correctionsByState),
      ("layouts", layouts.json),
      ("sources", .elements(sources)),
      ("notes", .array(notes.map(Self.note))),
    ]
  }

  private var sum: JSONValue {
    let names = campaign.definition.sources.map(\.name)
    return .object([
      ("holds", .bool(accounting.holds)),
      ("records", Self.json(accounting.total.records)),
      ("findings", Self.json(accounting.total.findings)),
      (
        "by_source",
        .object(
          zip(names, accounting.stages).map { name, sums in
            (name, .object([("records", Self.json(sums.records)), ("findings", Self.json(sums.findings))]))
          })
      ),
    ])
  }

  private static func json(_ sum: Sum) -> JSONValue {
    var members: [(String, JSONValue)] = []
    forEachMember(of: sum) { members.append(("\($0)", .integer($1))) }
    return .object(members)
  }

  @inline(__always)
  private static func forEachMember(of sum: Sum, _ body: (StaticString, Int) -> Void) {
    body("read", sum.read)
    body("accepted", sum.tallied)
    body("rejected", sum.rejected)
    body("duplicate", sum.duplicate)
    body("superseded", sum.superseded)
    body("excluded", sum.excluded)
  }

  private var countsByRule: JSONValue {
    var counts: [String: Int] = [:]
    for place in files.indices where files[place].hasFailed || files[place].hasDetails {
      let file = files[place]
      for (rule, count) in file.counts.byRule { counts[rule, default: 0] += count }
      if let failure = file.failure { counts[failure.rule.id, default: 0] += 1 }
    }
    for (rule, count) in reconciliation.rejectionsByRule { counts[rule.id, default: 0] += count }
    for reasons in reconciliation.ruleRejections.values {
      for reason in reasons { counts[reason.rule.id, default: 0] += 1 }
    }
    counts.merge(reconciliation.remarkCounts, uniquingKeysWith: +)
    return .object(counts.sorted { $0.key < $1.key }.map { ($0.key, .integer($0.value)) })
  }

  /// How many corrections came to what, and the files that they are from; who decided what stays in the table.
  private var correctionsByState: JSONValue {
    let counts = corrections.counts(campaign.corrections).map { ($0.key.code, $0.value) }.sorted { $0.0 < $1.0 }
    let paths = Set(campaign.corrections.map(\.location.file))
    return .object([
      ("given", .integer(campaign.corrections.count)),
      ("by_state", .object(counts.map { ($0.0, .integer($0.1)) })),
      (
        "files", .object(campaign.fingerprints.filter { paths.contains($0.path) }.map { ($0.path, .string($0.sha256)) })
      ),
    ])
  }

  private static let filesAtOnce = 512
  /// About; an element of a file whose name is not long.
  private static let bytesOfFile = 600

  /// The input files in stretches that are made side by side.
  ///
  /// - Parameter layouts: of each file.
  private func sources(_ layouts: [Int], width: Int) async -> [JSONText] {
    let starts = Array(stride(from: 0, to: files.count, by: Self.filesAtOnce))
    return await withTaskGroup(of: (Int, JSONText).self) { tasks in
      var texts = starts.map { JSONText(depth: 2, isFirst: $0 == 0) }
      for (part, start) in starts.enumerated() {
        if part >= width, let (done, text) = await tasks.next() { texts[done] = text }
        tasks.addTask {
          var text = JSONText(depth: 2, isFirst: start == 0, capacity: Self.bytesOfFile * Self.filesAtOnce)
          for index in start..<min(start + Self.filesAtOnce, files.count) {
            files.approach(index)
            text.element { source(index, layout: layouts[index], &$0) }
          }
          return (part, text)
        }
      }
      for await (done, text) in tasks { texts[done] = text }
      return texts
    }
  }

  private func source(_ index: Int, layout: Int, _ json: inout JSONText) {
    let file = files[index]
    let sums = accounting.files[index]
    json.member("file", file.path)
    json.member("source", campaign.definition.sources[file.source].name)
    json.member("state", file.hasFailed ? "quarantined" : file.repeats != nil ? "repeated" : "read")
    json.member("sha256", file.fingerprint)
    json.member("bytes", file.size)
    json.member("encoding", file.encoding)
    json.member("encoding_evidence", file.encodingEvidence[campaign.language])
    json.member("dialect", file.reading.dialect)
    json.member("rows", file.reading.rows)
    json.member("skipped") { json in
      if file.reading.skipped.isEmpty { return }
      for (reason, count) in file.reading.skipped.sorted(by: { $0.key < $1.key }) { json.member(named: reason, count) }
    }
    json.member("layout", layout)
    json.member("records") { json in Self.forEachMember(of: sums.records) { json.member($0, $1) } }
    json.member("findings") { json in Self.forEachMember(of: sums.findings) { json.member($0, $1) } }
    json.member("failure", file.failure.map(Self.note) ?? .null)
    json.member("notes") { json in
      let notes = file.reading.notes
      if notes.count == 1 { return json.member(named: notes[0].rule.id, 1) }
      for (rule, count) in notesByRule(file) { json.member(named: rule, count) }
    }
  }

  /// How often each rule was noted of a file; the `notes` table has each with its place.
  private func notesByRule(_ file: FileReport) -> [(rule: String, count: Int)] {
    var counts: [(rule: String, count: Int)] = []
    for note in file.reading.notes {
      if let known = counts.firstIndex(where: { $0.rule == note.rule.id }) {
        counts[known].count += 1
      } else {
        counts.append((note.rule.id, 1))
      }
    }
    return counts.count > 1 ? counts.sorted { $0.rule < $1.rule } : counts
  }

  /// Rule and place; what was found stays out, since it may be somebody's name or telephone number.
  private static func note(_ diagnostic: Diagnostic) -> JSONValue {
    .object([
      ("rule", .string(diagnostic.rule.id)), ("severity", .string(diagnostic.severity.rawValue)),
      ("file", .string(diagnostic.location.file)), ("line", .integer(diagnostic.location.line)),
    ])
  }
}

/// The different sets of columns that the files have: twenty thousand forms share one.
private struct ColumnLayouts {
  private typealias Columns = [(header: String, field: String?)]
  private var layouts: [Columns] = []
  /// Per file the place of its columns in `layouts`.
  private(set) var numbers: [Int] = []

  init(_ files: [FileReport]) {
    // Files that were read alike have one array of columns, at one place in memory, which is looked for first. All of them
    // are alive, and a key is an address: where it is the same, so is the array.
    var (arrays, contents) = (FirstPlaces(most: 0), FirstPlaces(most: 0))
    var seen: [(columns: Columns, layout: Int)] = []
    numbers.reserveCapacity(files.count)
    for file in files {
      let columns = file.reading.columns
      let place = unsafe columns.withUnsafeBytes { UInt(bitPattern: $0.baseAddress) }
      if let known = arrays.findOrAdd(place, seen.count, isSame: { seen[$0].columns.count == columns.count }) {
        numbers.append(seen[known].layout)
        continue
      }
      let key = Self.key(of: columns)
      let same = contents.findOrAdd(key, layouts.count) { [layouts] in layouts[$0].elementsEqual(columns, by: ==) }
      let layout = same ?? layouts.count
      if same == nil { layouts.append(columns) }
      seen.append((columns, layout))
      numbers.append(layout)
    }
  }

  private static func key(of columns: Columns) -> UInt {
    // As texts are equal: whether an accent is a character of its own makes no other layout.
    var hasher = Hasher()
    for column in columns {
      hasher.combine(column.header)
      hasher.combine(column.field)
    }
    return UInt(bitPattern: hasher.finalize())
  }

  /// Headers as they stand in the files, and the field that is read from each.
  var json: JSONValue {
    .array(
      layouts.map { columns in
        .array(
          columns.map { column in
            // The header of a column that is not read may be anything, a person's name too; `notes` has it.
            .object([
              ("header", column.field == nil ? .null : .string(column.header)),
              ("field", column.field.map { .string($0) } ?? .null),
            ])
          })
      })
  }
}

/// Of the program, in `run.json` and `--version`.
package let fieldtallyVersion = "0.1.0"
