package import Bytes
package import Diagnostics

/// What a finding is.
package enum FindingKind: UInt8, Sendable, CaseIterable {
  case highlight, problem, suggestion

  package var code: String {
    switch self {
    case .highlight: "highlight"
    case .problem: "problem"
    case .suggestion: "suggestion"
    }
  }

  package var label: LocalizedText {
    switch self {
    case .highlight: LocalizedText(zh: "亮点", en: "Highlight")
    case .problem: LocalizedText(zh: "问题", en: "Problem")
    case .suggestion: LocalizedText(zh: "建议", en: "Suggestion")
    }
  }

  /// Words by which ledgers name the kind, beside its code.
  package var aliases: [String] {
    switch self {
    case .highlight: ["亮点", "特色亮点", "Highlight", "highlights", "经验做法"]
    case .problem: ["问题", "存在问题", "Problem", "problems", "不足"]
    case .suggestion: ["建议", "意见建议", "Suggestion", "suggestions", "意见"]
    }
  }
}

/// Codes with labels in both languages and the other ways in which each is written.
package struct CodeList: Sendable {
  package struct Entry: Sendable, Hashable {
    package var code: String
    package var label: LocalizedText
    package var aliases: [String]
    /// Days between which the code is valid, both included; `nil`: without end.
    package var validFrom: Day?
    package var validTo: Day?
    /// The code that stands for it since.
    package var successor = ""
    /// Words and `/patterns/` by which a text belongs here.
    package var keywords: [String] = []

    package init(code: String, label: LocalizedText, aliases: [String] = []) {
      self.code = code
      self.label = label
      self.aliases = aliases
    }
  }
  package var name: String
  package private(set) var entries: [Entry]
  /// Place of an entry to those of later ones that share a label or an alias with it: revisions of a list.
  package private(set) var homonyms: [Int32: [Int32]] = [:]
  /// Code, labels and aliases to the place of the entry.
  package private(set) var table = ByteTable()

  package init(name: String, entries: [Entry]) {
    self.name = name
    self.entries = []
    for entry in entries { append(entry) }
  }

  /// Adds `entry`; its place. A word that an earlier entry has stays with that one.
  @discardableResult
  package mutating func append(_ entry: Entry) -> Int32 {
    let place = Int32(entries.count)
    entries.append(entry)
    for word in [entry.code, entry.label.zh, entry.label.en] + entry.aliases where !word.isEmpty {
      if let known = table.insert(word, place), known != place, homonyms[known]?.contains(place) != true {
        homonyms[known, default: []].append(place)
      }
    }
    return place
  }

  /// Whether some code is not valid for ever.
  package var hasValidity: Bool { entries.contains { $0.validFrom != nil || $0.validTo != nil } }

  package func isValid(_ place: Int, on day: Day) -> Bool {
    let entry = entries[place]
    return entry.validFrom.map { $0 <= day } ?? true && entry.validTo.map { day <= $0 } ?? true
  }

  package static let findingKinds = CodeList(
    name: "kind",
    entries: FindingKind.allCases.map { Entry(code: $0.code, label: $0.label, aliases: $0.aliases) })
}

/// An organisation or place that is inspected.
package struct Unit: Sendable, Hashable {
  package var code: String
  package var name: LocalizedText
  package var aliases: [String]
  /// Names that it had before.
  package var formerNames: [String] = []
  /// Place in `Roster.regions`, or `nil`.
  package var region: Int?
  package var type: String
  /// Whether the campaign plans to visit it.
  package var isPlanned: Bool
  /// Place in `Roster.teams` of the team that is to visit it, or `nil`.
  package var team: Int?

  package init(
    code: String, name: LocalizedText, aliases: [String] = [], region: Int? = nil, type: String = "",
    isPlanned: Bool = true, team: Int? = nil
  ) {
    self.code = code
    self.name = name
    self.aliases = aliases
    self.region = region
    self.type = type
    self.isPlanned = isPlanned
    self.team = team
  }
}

/// An administrative division; regions form a tree.
package struct Region: Sendable, Hashable {
  package var code: String
  package var name: LocalizedText
  package var aliases: [String]
  /// Place in `Roster.regions` of the region above, or `nil`.
  package var parent: Int?
  package init(code: String, name: LocalizedText, aliases: [String] = [], parent: Int? = nil) {
    self.code = code
    self.name = name
    self.aliases = aliases
    self.parent = parent
  }
}

package struct Team: Sendable, Hashable {
  package var code: String
  package var name: LocalizedText
  package var aliases: [String]
  package init(code: String, name: LocalizedText, aliases: [String] = []) {
    self.code = code
    self.name = name
    self.aliases = aliases
  }
}

/// What somebody decided about a text that names no unit by itself: "this text is that unit".
package struct UnitDecision: Sendable, Hashable {
  package var text: String
  /// Place in `Roster.units`.
  package var unit: Int
  /// Where the decision stands.
  package var location: SourceLocation

  package init(text: String, unit: Int, location: SourceLocation) {
    self.text = text
    self.unit = unit
    self.location = location
  }
}

/// The units, teams and regions of a campaign.
package struct Roster: Sendable {
  package var units: [Unit] = []
  package var teams: [Team] = []
  package var regions: [Region] = []
  package var decisions: [UnitDecision] = []
  /// Whether the pipeline gave the list; a list that it did not give is made of what the records say.
  package var hasUnits = false
  package var hasTeams = false
  package var hasRegions = false
  package init() {}
}

/// The lists to which the word numbers of records refer. What the pipeline gives stands first; what only the records know
/// is appended in file order.
package struct WordLists: Sendable {
  package var roster = Roster()
  package var methods = CodeList(name: "method", entries: [])
  package var modes = CodeList(name: "mode", entries: [])
  package var categories = CodeList(name: "category", entries: [])
  package init() {}
}
