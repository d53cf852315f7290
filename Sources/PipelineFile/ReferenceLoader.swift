package import Bytes
package import Campaign
package import Diagnostics

/// Roster and code lists of a campaign, and what is wrong with their files.
package struct LoadedReferences: Sendable {
  package var roster: Roster
  /// In the order of the pipeline file.
  package var codeLists: [CodeList]
  /// By file and line. With an error among them roster and lists are not complete.
  package var diagnostics: [Diagnostic]

  /// - Parameter shared: words of units that are not theirs alone (`LoadedRoster.sharedWords`).
  package init(_ roster: LoadedRoster, shared: [Diagnostic], _ lists: LoadedCodeLists) {
    self.roster = roster.roster
    codeLists = lists.codeLists
    let log = ReferenceLog()
    for diagnostic in roster.allFaults(shared) + lists.faults { log.append(diagnostic) }
    diagnostics = log.sorted
  }
}

/// The roster alone, and what is wrong with its files, in the order in which it was found.
package struct LoadedRoster: Sendable {
  package fileprivate(set) var roster = Roster()
  fileprivate var faults: [Diagnostic] = []
  /// Of the units.
  fileprivate var file = ""
  fileprivate var lines: [Int] = []

  /// Words that two units have. What looks for units need not wait for it.
  package func sharedWords() -> [Diagnostic] {
    let log = ReferenceLog()
    var words = ReferenceWords()
    words.reserve(3 * roster.units.count)
    for (place, unit) in roster.units.enumerated() {
      var claimant = ReferenceWords.Claimant(
        entry: place, line: lines[place], name: unit.name.zh, file: file, log: log)
      words.claim(unit.code, for: &claimant)
      claimant.share(!unit.code.isEmpty)
      words.claim(unit.name.zh, for: &claimant)
      words.claim(unit.name.en, for: &claimant)
      for alias in unit.aliases { words.claim(alias, for: &claimant) }
    }
    return log.diagnostics
  }

  /// Those of the units line by line, as if both had been looked for at once: only so many of a file are told.
  fileprivate func allFaults(_ shared: [Diagnostic]) -> [Diagnostic] {
    if shared.isEmpty { return faults }
    let own = faults.filter { $0.location.file == file } + shared
    func line(_ diagnostic: Diagnostic) -> Int { diagnostic.severity == .note ? .max : diagnostic.location.line }
    let sorted = own.enumerated().sorted { (line($0.element), $0.offset) < (line($1.element), $1.offset) }
    return faults.filter { $0.location.file != file } + sorted.map { $0.element }
  }
}

/// The same of the code lists.
package struct LoadedCodeLists: Sendable {
  package fileprivate(set) var codeLists: [CodeList] = []
  fileprivate var faults: [Diagnostic] = []
}

/// Makes the roster and the code lists of rows that another module has read. Neither needs the other.
package enum ReferenceLoader {
  package static func load(
    _ definition: CampaignDefinition, read: (String) throws -> CellTable
  ) -> LoadedReferences {
    let roster = roster(definition, read: read)
    return LoadedReferences(roster, shared: roster.sharedWords(), codeLists(definition, read: read))
  }

  /// A table that cannot be read stays empty. Without tables of teams and regions the roster holds those that its units
  /// name, without codes.
  ///
  /// - Parameter read: the rows of a table, given by its path relative to the campaign's folder; throws a `ReadError` when
  ///   the file is missing or no table.
  package static func roster(
    _ definition: CampaignDefinition, read: (String) throws -> CellTable
  ) -> LoadedRoster {
    withoutActuallyEscaping(read) { read in
      var builder = ReferenceBuilder(read: read)
      // Regions and teams first: units name them.
      if let table = definition.roster?.regions { builder.addRegions(table) }
      if let table = definition.roster?.teams { builder.addTeams(table) }
      if let table = definition.roster?.units { builder.addUnits(table) }
      if let table = definition.roster?.decisions { builder.addDecisions(table) }
      return LoadedRoster(
        roster: builder.roster, faults: builder.log.diagnostics, file: definition.roster?.units?.path ?? "",
        lines: builder.unitLines)
    }
  }

  package static func codeLists(
    _ definition: CampaignDefinition, read: (String) throws -> CellTable
  ) -> LoadedCodeLists {
    withoutActuallyEscaping(read) { read in
      let builder = ReferenceBuilder(read: read)
      let lists = definition.codeLists.map { builder.codeList($0) }
      return LoadedCodeLists(codeLists: lists, faults: builder.log.diagnostics)
    }
  }
}

/// Faults of reference tables. Errors are counted, and those of one table beyond a limit told by one note.
final class ReferenceLog {
  private static let limit = 100
  /// In the order in which they were found.
  private(set) var diagnostics: [Diagnostic] = []
  private var counts: [String: Int] = [:]

  func report(
    _ file: String, line: Int, field: String? = nil, found: String, _ expected: Argument,
    fix: Argument = .literal("")
  ) {
    append(
      Diagnostic(
        .pipelineReference, at: SourceLocation(file: file, line: line, field: field), found: found, [expected, fix]))
  }

  func append(_ diagnostic: Diagnostic) {
    let file = diagnostic.location.file
    counts[file, default: 0] += 1
    if counts[file] == Self.limit {
      diagnostics.append(Diagnostic(.pipelineManyFaults, at: SourceLocation(file: file)))
    }
    if counts[file, default: 0] < Self.limit { diagnostics.append(diagnostic) }
  }

  /// Whether further faults of `file` are not shown.
  func isFull(_ file: String) -> Bool { counts[file, default: 0] >= Self.limit - 1 }

  /// By file and line; the note that faults were left out stands last.
  var sorted: [Diagnostic] {
    func key(_ order: Int, _ diagnostic: Diagnostic) -> (String, Int, Int, Int) {
      let isNote = diagnostic.severity == .note
      return (diagnostic.location.file, isNote ? 1 : 0, diagnostic.location.line, order)
    }
    return diagnostics.enumerated().sorted { key($0.offset, $0.element) < key($1.offset, $1.element) }.map {
      $0.element
    }
  }
}
