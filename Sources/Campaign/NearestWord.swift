/// The word of `words` that is nearest to `word`, when it is near enough to be meant: at most a third of the letters
/// differ (one in words of up to four). Ties go to the first.
package func nearestWord(to word: String, among words: some Sequence<String>) -> String? {
  let letters = Array(word.lowercased().unicodeScalars)
  guard !letters.isEmpty, letters.count <= 64 else { return nil }
  var best: (word: String, distance: Int)?
  for candidate in words {
    let other = Array(candidate.lowercased().unicodeScalars)
    let limit = max(1, max(letters.count, other.count) / 3)
    guard abs(other.count - letters.count) <= limit else { continue }
    let distance = editDistance(letters, other)
    if distance <= limit, distance < best?.distance ?? .max { best = (candidate, distance) }
  }
  return best?.word
}

/// Optimal string alignment: letters inserted, deleted, replaced, and neighbours exchanged each cost one.
func editDistance(_ left: [Unicode.Scalar], _ right: [Unicode.Scalar]) -> Int {
  var rows = [[Int]](repeating: [Int](repeating: 0, count: right.count + 1), count: left.count + 1)
  for row in 0...left.count { rows[row][0] = row }
  for column in 0...right.count { rows[0][column] = column }
  guard !left.isEmpty, !right.isEmpty else { return max(left.count, right.count) }
  for row in 1...left.count {
    for column in 1...right.count {
      let isSame = left[row - 1] == right[column - 1]
      var cost = min(rows[row - 1][column] + 1, rows[row][column - 1] + 1, rows[row - 1][column - 1] + (isSame ? 0 : 1))
      if row > 1, column > 1, left[row - 1] == right[column - 2], left[row - 2] == right[column - 1] {
        cost = min(cost, rows[row - 2][column - 2] + 1)
      }
      rows[row][column] = cost
    }
  }
  return rows[left.count][right.count]
}

/// Words that may be meant by `word`, the most likely first, at most `count`: those that are near, that begin like it or that
/// hold it or one of its parts.
package func nearestWords(to word: String, among words: [String], count: Int = 5) -> [String] {
  let letters = Array(word.lowercased().unicodeScalars.prefix(64))
  guard !letters.isEmpty else { return [] }
  let parts = word.lowercased().split(separator: "-").map(String.init).filter { $0.utf8.count > 2 }
  let ranked = words.enumerated().compactMap { place, candidate -> (rank: Int, place: Int)? in
    let distance = editDistance(letters, Array(candidate.unicodeScalars))
    let shared = parts.count { candidate.contains($0) }
    guard distance <= max(1, letters.count / 3) || shared > 0 else { return nil }
    return (distance - 8 * shared, place)
  }
  return ranked.sorted { ($0.rank, $0.place) < ($1.rank, $1.place) }.prefix(count).map { words[$0.place] }
}
