import Diagnostics

/// Notes on a file: of each rule the first are kept, all are counted, and the last that is kept says how many there were.
struct NoteLog {
  static let keptPerRule = 100

  private var notes: [Diagnostic] = []
  private var counts: [Rule: Int] = [:]
  /// Place in `notes` of the last kept one of each rule that has more.
  private var lasts: [Rule: Int] = [:]

  /// Whether a further note of `rule` is only counted, so that it need not be made.
  func isFull(_ rule: Rule) -> Bool { counts[rule, default: 0] >= Self.keptPerRule }

  mutating func count(_ rule: Rule) { counts[rule, default: 0] += 1 }

  mutating func append(_ note: Diagnostic) {
    counts[note.rule, default: 0] += 1
    guard let count = counts[note.rule], count <= Self.keptPerRule else { return }
    if count == Self.keptPerRule { lasts[note.rule] = notes.count }
    notes.append(note)
  }

  /// Adds one note for many places, of which `first` is the first.
  mutating func append(_ first: Diagnostic, count: Int) {
    append(first)
    counts[first.rule] = count
    if count > 1 { lasts[first.rule] = notes.count - 1 }
  }

  /// The notes, the counts filled in.
  func finished() -> [Diagnostic] {
    var result = notes
    for (rule, place) in lasts {
      let count = counts[rule, default: 0]
      guard count != Self.keptPerRule || result[place].rule != rule || count != notes.count(where: { $0.rule == rule })
      else { continue }
      result[place].arguments = [.word(LocalizedText(zh: "共 \(count) 处", en: "\(count) in all"))]
    }
    return result
  }
}
