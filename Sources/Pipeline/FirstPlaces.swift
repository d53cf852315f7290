/// Finds what is the same among many: the place of the first of its kind. Of the first thing there is nothing to be found, and
/// most campaigns have few files; so it is kept on its own, since the first use of a dictionary costs as much as thousands.
struct FirstPlaces {
  private var first: (key: UInt, place: Int)?
  private var others: [UInt: Int] = [:]
  /// Kinds that there may be.
  private let most: Int

  init(most: Int) { self.most = most }

  /// - Parameters:
  ///   - key: the same for things that are the same; for nearly all others another.
  ///   - isSame: whether the thing at a place is the same.
  /// - Returns: `nil` for the first of its kind, which is `place` then.
  @inline(__always)
  mutating func findOrAdd(_ key: UInt, _ place: Int, isSame: (Int) -> Bool) -> Int? {
    guard let first else {
      first = (key, place)
      return nil
    }
    if first.key == key, isSame(first.place) { return first.place }
    if others.isEmpty { others.reserveCapacity(most) }
    var key = key
    while let known = others[key] {
      if isSame(known) { return known }
      key &+= 1
    }
    others[key] = place
    return nil
  }
}
