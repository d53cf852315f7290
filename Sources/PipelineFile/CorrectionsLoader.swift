package import Bytes
package import Campaign
package import Diagnostics

/// The corrections of a campaign, in the order of their files and lines, and what is wrong with the files.
package struct LoadedCorrections: Sendable {
  package var corrections: [Correction] = []
  package var diagnostics: [Diagnostic] = []
}

/// Makes corrections of rows that another module has read. A line that cannot be used is kept with its refusal, so that it is
/// reported with the others; a file that cannot be used is an error.
package enum CorrectionsLoader {
  package static let defaultPath = "corrections.csv"

  /// - Parameter read: the rows of a table, given by its path relative to the campaign's folder; throws a `ReadError`.
  package static func load(
    _ definition: CampaignDefinition, read: (String) throws -> CellTable
  ) -> LoadedCorrections {
    withoutActuallyEscaping(read) { read in
      let log = ReferenceLog()
      let reader = CorrectionsReader(definition: definition, tables: ReferenceTableReader(log: log, read: read))
      var corrections: [Correction] = []
      for table in definition.corrections ?? [] { corrections += reader.corrections(table) }
      if definition.corrections == nil, reader.isThere(defaultPath) {
        let place = SourceLocation(file: defaultPath, line: 1)
        corrections += reader.corrections(ReferenceTable(path: defaultPath, location: place))
      }
      refuseContradictions(&corrections)
      return LoadedCorrections(corrections: corrections, diagnostics: log.sorted)
    }
  }

  /// Lines that decide the same cell differently are all refused: which of them was meant is not for a program to say.
  private static func refuseContradictions(_ corrections: inout [Correction]) {
    var cells: [Cell: [Int]] = [:]
    var records: [Record: [Int]] = [:]
    for (index, correction) in corrections.enumerated() where correction.refusal == nil {
      for target in correction.targets {
        cells[Cell(correction, target), default: []].append(index)
        if correction.record != Correction.everyRecord {
          records[Record(correction, target.source), default: []].append(index)
        }
      }
    }
    var contradicting: Set<Int> = []
    for lines in cells.values where Set(lines.map { Decision(corrections[$0]) }).count > 1 {
      contradicting.formUnion(lines)
    }
    for lines in records.values {
      let drops = lines.count { corrections[$0].action == .drop }
      if drops > 0, drops < lines.count { contradicting.formUnion(lines) }
    }
    for index in contradicting { corrections[index].refusal = .contradicts }
    for lines in cells.values {
      var seen: Set<String> = []
      for index in lines.sorted() where !seen.insert(corrections[index].ruleThatMatters).inserted {
        corrections[index].refusal = corrections[index].refusal ?? .repeated
      }
    }
  }

  private struct Record: Hashable {
    let source: Int
    let record: String
    init(_ correction: Correction, _ source: Int) {
      self.source = source
      record = correction.record
    }
  }

  private struct Cell: Hashable {
    let record: String
    let target: Correction.Target
    let oldValue: String
    init(_ correction: Correction, _ target: Correction.Target) {
      record = correction.record
      self.target = target
      oldValue = correction.oldValue
    }
  }

  private struct Decision: Hashable {
    let action: Correction.Action
    let newValue: String
    init(_ correction: Correction) {
      action = correction.action
      newValue = correction.action == .replace ? correction.newValue : ""
    }
  }
}

/// Reads the lines of a table of corrections.
private struct CorrectionsReader {
  let definition: CampaignDefinition
  let tables: ReferenceTableReader

  func isThere(_ path: String) -> Bool {
    do {
      _ = try tables.read(path)
      return true
    } catch {
      // What else is wrong with it is said when it is read in earnest.
      let rule = (error as? ReadError)?.diagnostic.rule
      return rule != .fileMissing && rule != .fileEmpty
    }
  }

  func corrections(_ table: ReferenceTable) -> [Correction] {
    let rows = tables.rows(
      table.path, columns: table.columns, roles: ReferenceRole.ofCorrections,
      requiredEach: [.record, .field, .oldValue, .newValue], namedAt: table.location)
    return rows.compactMap { correction($0, file: table.path) }
  }

  /// `nil` for a line of a work list that nobody has filled in.
  private func correction(_ row: ReferenceRow, file: String) -> Correction? {
    let word = row[.action]
    guard !word.isEmpty || !row[.newValue].isEmpty else { return nil }
    var correction = Correction(
      record: row[.record], source: row[.source], field: row[.field], oldValue: unifiedLines(row[.oldValue]),
      newValue: unifiedLines(row[.newValue]), rule: row[.rule], who: row[.who], why: row[.why], date: row[.date],
      location: SourceLocation(file: file, line: row.line))
    guard let action = Correction.Action(word: word) else {
      correction.refusal = .actionUnknown
      return correction
    }
    correction.action = action
    switch targets(of: correction) {
    case .success(let targets): correction.targets = targets
    case .failure(let refused): correction.refusal = refused.state
    }
    return correction
  }

  private struct Refused: Error { let state: CorrectionState }

  private func targets(of correction: Correction) -> Result<[Correction.Target], Refused> {
    let isForAll = correction.record == Correction.everyRecord
    if correction.record.isEmpty { return .failure(Refused(state: .noRecord)) }
    if isForAll, correction.oldValue.isEmpty { return .failure(Refused(state: .noOldValue)) }
    var sources = Array(definition.sources.indices)
    if !correction.source.isEmpty {
      sources = sources.filter { definition.sources[$0].isCalled(correction.source) }
      if sources.isEmpty { return .failure(Refused(state: .sourceUnknown)) }
    }
    if correction.field.isEmpty {
      // A record is dropped as a whole, and a fault of the whole record accepted by its rule; a value needs its field.
      let isWhole = correction.action == .drop || correction.action == .accept && !correction.rule.isEmpty
      guard isWhole, !isForAll else { return .failure(Refused(state: .fieldUnknown)) }
      return one(of: sources.map { Correction.Target(source: $0) }, correction)
    }
    let targets = sources.compactMap { target($0, field: correction.field) }
    if targets.isEmpty { return .failure(Refused(state: .fieldUnknown)) }
    return isForAll ? .success(targets) : one(of: targets, correction)
  }

  private func one(
    of targets: [Correction.Target], _ correction: Correction
  ) -> Result<[Correction.Target], Refused> {
    if targets.count == 1 { return .success(targets) }
    // Ids that are made of content begin with the name of their source.
    let named = targets.filter { correction.record.hasPrefix(definition.sources[$0.source].name + "#") }
    return named.count == 1 ? .success(named) : .failure(Refused(state: .sourceAmbiguous))
  }

  /// A field by name or title, or `PATH[2]/FIELD` of a repeat; without a number any element of the repeat.
  private func target(_ source: Int, field text: String) -> Correction.Target? {
    let fields = definition.sources[source].fields
    if let place = fields.firstIndex(called: text) { return Correction.Target(source: source, field: place) }
    let repeats = definition.sources[source].findings.filter { $0.each != nil }
    for (group, finding) in repeats.enumerated() {
      guard let each = finding.each, text.hasPrefix(each) else { continue }
      var rest = text.dropFirst(each.count)
      var element = 0
      if rest.hasPrefix("["), let close = rest.firstIndex(of: "]") {
        guard let number = Int(rest[rest.index(after: rest.startIndex)..<close]), number > 0 else { continue }
        element = number
        rest = rest[rest.index(after: close)...]
      }
      guard rest.hasPrefix("/"), let place = finding.fields.firstIndex(called: String(rest.dropFirst())) else {
        continue
      }
      return Correction.Target(source: source, group: group + 1, element: element, field: place)
    }
    return nil
  }
}

/// Spreadsheets write the line breaks of a cell in their own way.
private func unifiedLines(_ text: String) -> String {
  guard text.unicodeScalars.contains("\r") else { return text }
  return String(
    decoding: Array(text.replacing("\r\n", with: "\n").utf8).map { $0 == 0x0D ? 0x0A : $0 }, as: UTF8.self)
}

extension Correction.Action {
  /// `nil` for a word that is no action; blank is `replace`.
  fileprivate init?(word: String) {
    switch word.lowercased() {
    case "", "replace", "更正", "改为", "替换": self = .replace
    case "accept", "认可", "接受", "保留": self = .accept
    case "drop", "剔除", "作废", "不计": self = .drop
    default: return nil
    }
  }
}

extension Correction {
  /// A new value stands whichever fault it was given for.
  fileprivate var ruleThatMatters: String { action == .accept ? rule : "" }
}

extension SourceDefinition {
  fileprivate func isCalled(_ text: String) -> Bool { name == text || title.zh == text || title.en == text }
}

extension [Field] {
  /// By name; else by title, if only one has it.
  fileprivate func firstIndex(called text: String) -> Int? {
    if let place = firstIndex(where: { $0.name == text }) { return place }
    let titled = indices.filter { self[$0].title.zh == text || self[$0].title.en == text }
    return titled.count == 1 ? titled[0] : nil
  }
}
