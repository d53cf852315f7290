import Campaign
import Diagnostics
import Records

/// Gives each word that is in no list of the pipeline a place behind them, the same for all chunks. A word is known by its
/// code, or by its name when it has none.
struct OpenWordIndex {
  private var places: [[String: Int32]] = [[String: Int32]](repeating: [:], count: WordSet.allCases.count)

  mutating func place(of word: OpenWord, in set: WordSet, lists: inout WordLists) -> Int32 {
    let identity = word.code.isEmpty ? "\u{1}" + word.name : word.code
    if let known = places[set.rawValue][identity] { return known }
    let place = append(word, to: set, &lists)
    places[set.rawValue][identity] = place
    return place
  }

  private func append(_ word: OpenWord, to set: WordSet, _ lists: inout WordLists) -> Int32 {
    let name = LocalizedText(word.name.isEmpty ? word.code : word.name)
    switch set {
    case .unit:
      lists.roster.units.append(Unit(code: word.code, name: name, isPlanned: false))
      return Int32(lists.roster.units.count - 1)
    case .team:
      lists.roster.teams.append(Team(code: word.code, name: name))
      return Int32(lists.roster.teams.count - 1)
    case .method: return lists.methods.append(CodeList.Entry(code: word.code, label: name))
    case .mode: return lists.modes.append(CodeList.Entry(code: word.code, label: name))
    case .category: return lists.categories.append(CodeList.Entry(code: word.code, label: name))
    }
  }
}
