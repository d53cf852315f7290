package import Campaign
import Diagnostics

/// The tables by which units, teams and regions of a roster are found.
package struct RosterWords: Sendable {
  let units: WordMatcher
  let teams: WordMatcher
  let regions: WordMatcher
  let unitNames: NameColumn
  /// Of each unit its region, of each region the one above it; -1 for none.
  let regionOfUnit: [Int32]
  let regionAbove: [Int32]
  /// Made for the first text that is no name: most campaigns of well-kept files have none.
  let variants: Deferred<UnitVariants>

  /// Whether two units may have a word in common; `false` is certain.
  package var unitsMayClash: Bool { units.mayClash }

  package init(_ roster: Roster) {
    units = WordMatcher(roster.units.map { WordMatcher.Words(code: $0.code, name: $0.name, aliases: $0.aliases) })
    teams = WordMatcher(roster.teams.map { WordMatcher.Words(code: $0.code, name: $0.name, aliases: $0.aliases) })
    regions = WordMatcher(roster.regions.map { WordMatcher.Words(code: $0.code, name: $0.name, aliases: $0.aliases) })
    unitNames = NameColumn(roster.units.map(\.name.zh))
    regionOfUnit = roster.units.map { Int32($0.region ?? -1) }
    regionAbove = roster.regions.map { Int32($0.parent ?? -1) }
    variants = Deferred { [units] in UnitVariants(roster, units) }
  }
}
