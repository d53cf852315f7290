import Bytes
import Campaign
import Diagnostics

/// Words by which the entries of a table are told apart: no two entries may share one, or a record that writes it could
/// mean either.
struct ReferenceWords {
  private struct Owner {
    var entry: Int
    var line: Int
    var name: String
    var mayShare: Bool
  }
  private var owners: [Owner] = []
  /// Places in `owners`.
  private var places = ByteTable()

  /// An entry that claims words.
  struct Claimant {
    let entry: Int
    let line: Int
    let name: String
    let file: String
    let log: ReferenceLog
    /// Whether the words need not be the entry's alone, as the names of two units that have codes: a record that says no more
    /// than such a name is refused then.
    var mayShare = false
    /// Place in `owners`, and entries that were named to it.
    fileprivate var own: Int32?
    fileprivate var told: Set<Int> = []

    init(entry: Int, line: Int, name: String, file: String, log: ReferenceLog) {
      (self.entry, self.line, self.name, self.file, self.log) = (entry, line, name, file, log)
    }

    /// Whether words that follow need not be its own.
    mutating func share(_ mayShare: Bool) {
      (self.mayShare, own) = (mayShare, nil)
      told.removeAll()
    }
  }

  /// Reports a word that an entry before has too; each other entry is named once.
  mutating func claim(_ word: String, for claimant: inout Claimant) {
    if word.isEmpty { return }
    let next = claimant.own ?? Int32(truncatingIfNeeded: owners.count)
    guard let known = places.insert(word, next) else {
      if claimant.own == nil {
        owners.append(
          Owner(
            entry: claimant.entry, line: claimant.line, name: claimant.name, mayShare: claimant.mayShare))
      }
      claimant.own = next
      return
    }
    report(word, of: &claimant, known: Int(known))
  }

  private func report(_ word: String, of claimant: inout Claimant, known: Int) {
    let owner = owners[known]
    guard owner.entry != claimant.entry, !(claimant.mayShare && owner.mayShare),
      claimant.told.insert(owner.entry).inserted
    else { return }
    claimant.log.report(
      claimant.file, line: claimant.line, found: word,
      expected(
        "“\(claimant.name)”独有的代码、名称或别名（第 \(owner.line) 行“\(owner.name)”也用它）",
        "a code, name or alias of \"\(claimant.name)\" alone (\"\(owner.name)\" in line \(owner.line) has it too)"))
  }

  mutating func claim(_ words: some Sequence<String>, for claimant: inout Claimant) {
    for word in words { claim(word, for: &claimant) }
  }

  func entry(_ word: String) -> Int? { places.find(word).map { owners[Int($0)].entry } }

  mutating func reserve(_ count: Int) { places.reserve(count, bytes: 20 * count) }
}

/// Builds roster and code lists, table by table.
struct ReferenceBuilder {
  let log = ReferenceLog()
  private(set) var roster = Roster()
  /// Of each unit.
  private(set) var unitLines: [Int] = []
  private let reader: ReferenceTableReader
  private var regionWords = RegionWords()
  private var teamWords = ReferenceWords()

  init(read: @escaping (String) throws -> CellTable) { reader = ReferenceTableReader(log: log, read: read) }

  mutating func addTeams(_ table: ReferenceTable) {
    roster.hasTeams = true
    for row in rows(table, ReferenceRole.ofTeams) {
      guard let (code, name) = identity(row, table.path) else { continue }
      let team = Team(code: code, name: name, aliases: row.aliases)
      var claimant = ReferenceWords.Claimant(
        entry: roster.teams.count, line: row.line, name: name.zh, file: table.path, log: log)
      teamWords.claim([code, name.zh, name.en] + team.aliases, for: &claimant)
      roster.teams.append(team)
    }
  }

  mutating func addUnits(_ table: ReferenceTable) {
    roster.hasUnits = true
    let rows = rows(table, ReferenceRole.ofUnits)
    guard let first = rows.first else { return }
    let columns = UnitColumns(first.table)
    roster.units.reserveCapacity(rows.count)
    unitLines.reserveCapacity(rows.count)
    for row in rows {
      guard
        let (code, name) = identity(
          row, code: row[columns.code], name: row[columns.name], english: row[columns.english], table.path)
      else { continue }
      var unit = Unit(code: code, name: name, aliases: row.list(columns.aliases), type: row[columns.type])
      unit.formerNames = row.list(columns.former)
      unit.region = region(row, columns.region, table.path)
      unit.team = team(row, columns.team, table.path)
      unit.isPlanned = isPlanned(row, columns.planned, table.path)
      roster.units.append(unit)
      unitLines.append(row.line)
    }
  }

  private struct UnitColumns {
    let code, name, english, aliases, former, region, type, planned, team: Int
    init(_ table: RoleTable) {
      (code, name, english) = (table.column(.code), table.column(.name), table.column(.nameEN))
      (aliases, former) = (table.column(.aliases), table.column(.former))
      (region, type) = (table.column(.region), table.column(.type))
      (planned, team) = (table.column(.planned), table.column(.team))
    }
  }

  /// Each names the unit by its code, or by its name where that is its own.
  mutating func addDecisions(_ table: ReferenceTable) {
    let rows = reader.rows(
      table.path, columns: table.columns, roles: ReferenceRole.ofDecisions, required: [.text], namedAt: table.location)
    var places: [String: [Int]] = [:]
    var own: Set<String> = []
    for (place, unit) in roster.units.enumerated() {
      for word in Set([unit.code, unit.name.zh, unit.name.en]) where !word.isEmpty {
        places[word, default: []].append(place)
      }
      own.formUnion([unit.code, unit.name.zh, unit.name.en] + unit.aliases)
    }
    var lines: [String: Int] = [:]
    for row in rows {
      let (text, word) = (row[.text], row[.unit])
      func report(_ role: ReferenceRole, _ found: String, _ words: Argument, fix: Argument = .literal("")) {
        log.report(table.path, line: row.line, field: role.rawValue, found: found, words, fix: fix)
      }
      if text.isEmpty {
        report(.text, "", expected("各组的写法", "the text that the teams wrote"))
      } else if own.contains(text) {
        report(.text, text, expected("名册中没有的写法（此写法已是名册中的名称）", "a text that is no name of the roster already"))
      } else if let first = lines.updateValue(row.line, forKey: text) {
        report(.text, text, expected("每种写法一行（第 \(first) 行已有）", "each text once (line \(first) has it)"))
      } else if let found = places[word], found.count == 1 {
        roster.decisions.append(
          UnitDecision(text: text, unit: found[0], location: SourceLocation(file: table.path, line: row.line)))
      } else {
        report(
          .unit, word, expected("名册中的单位代码", "the code of a unit of the roster"),
          fix: didYouMean(word, among: roster.units.lazy.flatMap { [$0.code, $0.name.zh] }, table.path))
      }
    }
  }

  func codeList(_ definition: CodeListDefinition) -> CodeList {
    var list = CodeList(name: definition.name, entries: [])
    var words = ReferenceWords()
    let rows = reader.rows(
      definition.path, columns: [:], roles: ReferenceRole.ofCodeLists, required: [.code], namedAt: definition.location)
    for row in rows {
      let code = row[.code]
      guard !code.isEmpty else {
        log.report(definition.path, line: row.line, found: "", expected("代码", "a code"))
        continue
      }
      func first(_ roles: [ReferenceRole]) -> String? { roles.lazy.map { row[$0] }.first { !$0.isEmpty } }
      let zh = first([.zh, .label, .name])
      let en = first([.en, .label, .nameEN])
      let label = LocalizedText(zh: zh ?? en ?? code, en: en ?? zh ?? code)
      var entry = CodeList.Entry(code: code, label: label, aliases: row.aliases)
      entry.validFrom = day(row, .validFrom, definition.path)
      entry.validTo = day(row, .validTo, definition.path)
      entry.successor = row[.successor]
      entry.keywords = row.list(.keywords)
      // A place keeps its name when its code changes: the day tells them apart.
      let isDated = entry.validFrom != nil || entry.validTo != nil
      let names = [label.zh, label.en] + row.aliases
      var claimant = ReferenceWords.Claimant(
        entry: list.entries.count, line: row.line, name: code, file: definition.path, log: log)
      words.claim(code, for: &claimant)
      if isDated { claimant.share(true) }
      words.claim(names, for: &claimant)
      list.append(entry)
    }
    return list
  }

  /// `nil` for a blank cell, and after a fault was reported.
  private func day(_ row: ReferenceRow, _ role: ReferenceRole, _ file: String) -> Day? {
    let text = row[role]
    if text.isEmpty { return nil }
    let parts = text.split(whereSeparator: { $0 == "-" || $0 == "/" || $0 == "." }).map { Int($0) }
    if parts.count == 3, let year = parts[0], let month = parts[1], let day = parts[2],
      let day = Day(year: year, month: month, day: day)
    {
      return day
    }
    log.report(
      file, line: row.line, field: role.rawValue, found: text, expected("日期，如 2022-11-03", "a day such as 2022-11-03"))
    return nil
  }

  private func rows(_ table: ReferenceTable, _ roles: [ReferenceRole]) -> [ReferenceRow] {
    reader.rows(
      table.path, columns: table.columns, roles: roles, required: [.code, .name], namedAt: table.location)
  }

  /// Code and name; the one that is blank is taken from the other, but an entry may have no code.
  private func identity(_ row: ReferenceRow, _ file: String) -> (code: String, name: LocalizedText)? {
    identity(row, code: row[.code], name: row[.name], english: row[.nameEN], file)
  }

  private func identity(
    _ row: ReferenceRow, code: String, name: String, english: String, _ file: String
  ) -> (code: String, name: LocalizedText)? {
    let shown = !name.isEmpty ? name : !english.isEmpty ? english : code
    if shown.isEmpty {
      log.report(file, line: row.line, found: "", expected("代码或名称", "a code or a name"))
      return nil
    }
    return (code, LocalizedText(zh: shown, en: english.isEmpty ? shown : english))
  }

  /// Of a unit. Without a table of teams those that the units name make the list.
  private mutating func team(_ row: ReferenceRow, _ column: Int, _ file: String) -> Int? {
    let word = row[column]
    if word.isEmpty { return nil }
    if let team = teamWords.entry(word) { return team }
    guard roster.hasTeams else {
      let team = Team(code: "", name: LocalizedText(word))
      var claimant = ReferenceWords.Claimant(
        entry: roster.teams.count, line: row.line, name: word, file: file, log: log)
      teamWords.claim(word, for: &claimant)
      roster.teams.append(team)
      return roster.teams.count - 1
    }
    let words = roster.teams.lazy.flatMap { [$0.code, $0.name.zh, $0.name.en] }
    log.report(
      file, line: row.line, field: ReferenceRole.team.rawValue, found: word,
      expected("teams 中的代码或名称", "a code or name of `teams`"), fix: didYouMean(word, among: words, file))
    return nil
  }

  private func isPlanned(_ row: ReferenceRow, _ column: Int, _ file: String) -> Bool {
    let word = row[column]
    if word.isEmpty { return true }
    switch word.lowercased() {
    case "是", "true", "1", "yes", "y": return true
    case "否", "false", "0", "no", "n": return false
    default:
      log.report(
        file, line: row.line, field: ReferenceRole.planned.rawValue, found: word,
        expected("是或否", "yes or no"))
      return true
    }
  }

  private func didYouMean(_ word: String, among words: some Sequence<String>, _ file: String) -> Argument {
    // Long lists are gone through for faults that are shown only.
    guard !log.isFull(file), let nearest = nearestWord(to: word, among: words) else { return .literal("") }
    return expected("是否想写 \(nearest)？", "Did you mean \(nearest)?")
  }
}

/// Regions by code, and by names and aliases that one region has: many counties share the name 市辖区, so a shared name is
/// no fault until something is to be found by it.
private struct RegionWords {
  var codes: [String: (region: Int, line: Int)] = [:]
  /// All regions that have the name.
  var names: [String: [Int]] = [:]
  /// What units found, by its bytes: most name the same few regions.
  var found = ByteTable()
}

// MARK: - Regions
extension ReferenceBuilder {
  mutating func addRegions(_ table: ReferenceTable) {
    roster.hasRegions = true
    var rowOfRegion: [ReferenceRow] = []
    for row in rows(table, ReferenceRole.ofRegions) {
      guard let (code, name) = identity(row, table.path) else { continue }
      let region = Region(code: code, name: name, aliases: row.aliases)
      let place = roster.regions.count
      if !code.isEmpty {
        if let known = regionWords.codes[code] {
          log.report(
            table.path, line: row.line, found: code,
            expected("唯一的代码（第 \(known.line) 行也用它）", "a code of its own (line \(known.line) has it too)"))
          continue
        }
        regionWords.codes[code] = (place, row.line)
      }
      for word in Set([name.zh, name.en] + region.aliases) { regionWords.names[word, default: []].append(place) }
      roster.regions.append(region)
      rowOfRegion.append(row)
    }
    for (place, row) in rowOfRegion.enumerated() where !row[.parent].isEmpty {
      roster.regions[place].parent = region(row[.parent], .parent, row, table.path)
    }
    breakCycles(rowOfRegion, table.path)
  }

  /// Of a unit. Without a table of regions those that the units name make the list.
  private mutating func region(_ row: ReferenceRow, _ column: Int, _ file: String) -> Int? {
    if let found = row.find(column, in: regionWords.found) { return Int(found) }
    let word = row[column]
    if word.isEmpty { return nil }
    if !roster.hasRegions, regionWords.names[word] == nil {
      regionWords.names[word] = [roster.regions.count]
      roster.regions.append(Region(code: "", name: LocalizedText(word)))
    }
    let found = region(word, .region, row, file)
    if let found { regionWords.found.insert(word, Int32(found)) }
    return found
  }

  private func region(_ word: String, _ role: ReferenceRole, _ row: ReferenceRow, _ file: String) -> Int? {
    if let known = regionWords.codes[word] { return known.region }
    let named = regionWords.names[word] ?? []
    if named.count == 1 { return named[0] }
    if named.count > 1 {
      let codes = named.prefix(5).map { roster.regions[$0].code }.joined(separator: ", ")
      log.report(
        file, line: row.line, field: role.rawValue, found: word,
        expected("代码：多个地区同名（\(codes)）", "a code: several regions have this name (\(codes))"))
      return nil
    }
    let words = roster.regions.lazy.flatMap { [$0.code, $0.name.zh, $0.name.en] }
    log.report(
      file, line: row.line, field: role.rawValue, found: word,
      expected("regions 中的代码或名称", "a code or name of `regions`"), fix: didYouMean(word, among: words, file))
    return nil
  }

  /// A region above which it stands itself is reported, once for each cycle, and loses its parent: whoever climbs the tree
  /// must come to an end.
  private mutating func breakCycles(_ rows: [ReferenceRow], _ file: String) {
    /// The walk in which each region was reached, from 1.
    var walks = [Int](repeating: 0, count: roster.regions.count)
    for start in roster.regions.indices {
      var place = start
      while walks[place] == 0 {
        walks[place] = start + 1
        guard let parent = roster.regions[place].parent else { break }
        if walks[parent] == start + 1 {
          log.report(
            file, line: rows[place].line, field: ReferenceRole.parent.rawValue, found: rows[place][.parent],
            expected(
              "不在本地区之下的上级（\(cycle(from: parent))）", "a region that is not below this one (\(cycle(from: parent)))"))
          roster.regions[place].parent = nil
          break
        }
        place = parent
      }
    }
  }

  private func cycle(from start: Int) -> String {
    var names: [String] = []
    var place = start
    repeat {
      names.append(roster.regions[place].name.zh)
      guard let parent = roster.regions[place].parent else { break }
      place = parent
    } while place != start && names.count < 8
    return (names + [place == start ? roster.regions[start].name.zh : "…"]).joined(separator: " → ")
  }
}
