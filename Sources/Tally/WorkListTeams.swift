import Campaign
import Diagnostics
import Records

/// Whose work list a rejected record goes to.
enum WorkListTeam: Hashable, Sendable {
  /// A place in the list of teams.
  case listed(Int)
  /// A team that no list has.
  case named(String)
  case unassigned
}

/// Finds the team of a rejected record: its own, else that of its unit, else the one that the path of its file names.
struct WorkListTeams: Sendable {
  private let roster: Roster
  /// Per file of the run.
  private let ofFile: [WorkListTeam]
  private var places: [String: Int] = [:]

  init(_ input: TallyInput) {
    let roster = input.lists.roster
    self.roster = roster
    var words: [String: Int] = [:]
    var shared: Set<String> = []
    for (place, team) in roster.teams.enumerated() {
      for word in Set([team.code, team.name.zh, team.name.en] + team.aliases) where !word.isEmpty {
        if let known = words.updateValue(place, forKey: word), known != place { shared.insert(word) }
      }
    }
    for word in shared { words[word] = nil }
    places = words
    let paths = TeamsInPaths(words)
    ofFile = input.files.indices.map { index in
      // Of twenty thousand files a few are sent back, and the path of the others is nobody's concern.
      let late = input.reconciliation.counts[index].records[Int(Verdict.rejected.rawValue)]
      let isSentBack = input.files[index].hasFailed || input.files[index].hasRejected || late > 0
      return isSentBack ? paths.team(in: input.files[index].path) : .unassigned
    }
  }

  func team(_ team: Int?, unit: Int?, name: String = "", file: Int) -> WorkListTeam {
    if let team { return .listed(team) }
    if !name.isEmpty { return places[name].map { .listed($0) } ?? .named(name) }
    if let unit, let team = roster.units[unit].team { return .listed(team) }
    return ofFile[file]
  }

  func team(of record: RejectedRecord, file: Int) -> WorkListTeam {
    team(record.team, unit: record.unit, name: record.teamName, file: file)
  }

  func team(of record: RejectedOutline, file: Int) -> WorkListTeam {
    team(record.team, unit: record.unit, name: record.teamName, file: file)
  }

  func team(ofFile file: Int) -> WorkListTeam { ofFile[file] }

  /// What a team is called in the campaign's language.
  func name(of team: WorkListTeam, _ language: Language) -> (code: String, name: String) {
    switch team {
    case .listed(let place): (roster.teams[place].code, roster.teams[place].name[language])
    case .named(let name): ("", name)
    case .unassigned: ("", LocalizedText(zh: "未分组", en: "unassigned")[language])
    }
  }
}

/// The teams that paths of files name.
private struct TeamsInPaths {
  private let words: [String: Int]
  /// First bytes of the words.
  private var isFirst = [Bool](repeating: false, count: 256)

  init(_ words: [String: Int]) {
    self.words = words
    for word in words.keys { isFirst[Int(word.utf8.first ?? 0)] = true }
  }

  /// The innermost folder or file name that is, or has between its marks, the code or name of one team.
  func team(in path: String) -> WorkListTeam {
    guard mayHaveWord(path) else { return .unassigned }
    for part in path.split(separator: "/").reversed() {
      let stem = part.lastIndex(of: ".").map { String(part[..<$0]) } ?? String(part)
      if let place = words[String(part)] ?? words[stem] { return .listed(place) }
      let found = Set(Self.pieces(of: stem).compactMap { words[$0] })
      if found.count == 1, let place = found.first { return .listed(place) }
      if found.count > 1 { return .unassigned }
    }
    return .unassigned
  }

  /// What stands between characters that are no letters or figures, and what stands between marks.
  private static func pieces(of stem: String) -> [String] {
    guard stem.utf8.allSatisfy({ $0 < 0x80 }) else {
      return stem.split { !$0.isLetter && !$0.isNumber }.map { String($0) }
        + stem.split { "-_ 　()（）【】[].".contains($0) }.map { String($0) }
    }
    // The same, for names of which each byte is a character.
    let marks = "-_ ()[].".utf8
    return stem.utf8.split { !isLetterOrNumber($0) }.map { String(decoding: $0, as: UTF8.self) }
      + stem.utf8.split { marks.contains($0) }.map { String(decoding: $0, as: UTF8.self) }
  }

  private static func isLetterOrNumber(_ byte: UInt8) -> Bool {
    (0x61...0x7A).contains(byte | 0x20) || (0x30...0x39).contains(byte)
  }

  /// Whether a word may begin at the start or behind a character that is no letter or figure of ASCII: elsewhere none does.
  private func mayHaveWord(_ path: String) -> Bool {
    var isBehindMark = true
    for byte in path.utf8 {
      if isBehindMark, isFirst[Int(byte)] { return true }
      isBehindMark = !Self.isLetterOrNumber(byte)
    }
    return false
  }
}

/// What the work lists hold, counted while the tables are tallied.
struct WorkListTally: Sendable, Equatable {
  struct Part: Sendable, Equatable {
    var records = 0
    var findings = 0
    var files = 0
    var byRule: [Rule: Int] = [:]
    /// Chunks that hold records of the team.
    var chunks: Set<Int> = []
  }
  private(set) var parts: [WorkListTeam: Part] = [:]

  mutating func add(_ record: RejectedOutline, chunk: Int, to team: WorkListTeam) {
    Self.add(record.rules, chunk: chunk, to: &parts[team, default: Part()], isFinding: record.isFinding)
  }

  /// A record that Reconcile rejected.
  mutating func add(_ rules: [Rule], chunk: Int, to team: WorkListTeam) {
    Self.add(rules, chunk: chunk, to: &parts[team, default: Part()], isFinding: false)
  }

  private static func add(_ rules: [Rule], chunk: Int, to part: inout Part, isFinding: Bool) {
    if isFinding { part.findings += 1 } else { part.records += 1 }
    part.chunks.insert(chunk)
    for rule in rules { part.byRule[rule, default: 0] += 1 }
  }

  mutating func add(file rule: Rule, to team: WorkListTeam) {
    parts[team, default: Part()].files += 1
    parts[team, default: Part()].byRule[rule, default: 0] += 1
  }

  mutating func set(_ part: Part, of team: WorkListTeam) { parts[team] = part }

  mutating func merge(_ other: WorkListTally) {
    parts.merge(other.parts) { left, right in
      Part(
        records: left.records + right.records, findings: left.findings + right.findings,
        files: left.files + right.files, byRule: left.byRule.merging(right.byRule, uniquingKeysWith: +),
        chunks: left.chunks.union(right.chunks))
    }
  }
}
