/// Remembers the nearest names of unknown words, which take milliseconds to find in a large roster.
struct NearestUnits {
  private var asked: Set<[UInt8]> = []
  private var known: [[UInt8]: [String]] = [:]
  /// Different words of a batch for which names are sought.
  private static let mostAsked = 32
  private static let mostKnown = 4096

  mutating func beginBatch() {
    if !asked.isEmpty { asked.removeAll(keepingCapacity: true) }
  }

  mutating func isAsked(_ word: [UInt8]) -> Bool {
    if asked.contains(word) { return true }
    guard asked.count < Self.mostAsked else { return false }
    asked.insert(word)
    return true
  }

  mutating func names(of word: [UInt8], find: () -> [String]) -> [String] {
    if let names = known[word] { return names }
    let names = find()
    if known.count < Self.mostKnown { known[word] = names }
    return names
  }
}
