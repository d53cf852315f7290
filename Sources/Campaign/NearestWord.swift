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
    guard let distance = editDistance(letters, other, upTo: limit) else { continue }
    if distance < best?.distance ?? .max { best = (candidate, distance) }
  }
  return best?.word
}

/// Optimal string alignment: letters inserted, deleted, replaced, and neighbours exchanged each cost one.
///
/// - Returns: `nil` beyond `limit`.
package func editDistance(_ left: [Unicode.Scalar], _ right: [Unicode.Scalar], upTo limit: Int = .max) -> Int? {
  guard limit >= 0, abs(left.count - right.count) <= limit else { return nil }
  // Three lines that take turns, one behind another.
  let width = right.count + 1
  var lines = [Int](repeating: 0, count: 3 * width)
  for column in 0..<width { lines[column] = column }
  var (before, above, line) = (2 * width, 0, width)
  for row in left.indices {
    var least = row + 1
    lines[line] = least
    for column in right.indices {
      let isSame = left[row] == right[column]
      var cost = min(
        lines[above &+ column &+ 1] &+ 1, lines[line &+ column] &+ 1, lines[above &+ column] &+ (isSame ? 0 : 1))
      if row > 0, column > 0, left[row] == right[column - 1], left[row - 1] == right[column] {
        cost = min(cost, lines[before &+ column &- 1] &+ 1)
      }
      lines[line &+ column &+ 1] = cost
      least = min(least, cost)
    }
    if least > limit { return nil }
    (before, above, line) = (above, line, before)
  }
  return lines[above + right.count] <= limit ? lines[above + right.count] : nil
}

/// Words that may be meant by `word`, the most likely first, at most `count`: those that are near, that begin like it or that
/// hold it or one of its parts.
package func nearestWords(to word: String, among words: [String], count: Int = 5) -> [String] {
  let letters = Array(word.lowercased().unicodeScalars.prefix(64))
  guard !letters.isEmpty else { return [] }
  let parts = word.lowercased().split(separator: "-").map(String.init).filter { $0.utf8.count > 2 }
  let ranked = words.enumerated().compactMap { place, candidate -> (rank: Int, place: Int)? in
    let distance = editDistance(letters, Array(candidate.unicodeScalars)) ?? .max
    let shared = parts.count { candidate.contains($0) }
    guard distance <= max(1, letters.count / 3) || shared > 0 else { return nil }
    return (distance - 8 * shared, place)
  }
  return ranked.sorted { ($0.rank, $0.place) < ($1.rank, $1.place) }.prefix(count).map { words[$0.place] }
}
