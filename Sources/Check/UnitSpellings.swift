import Campaign
import Diagnostics
import Values

/// Every name of every unit, ready to be compared letter by letter.
struct UnitSpellings: Sendable {
  private let units: [Unit]
  /// Names one behind another, as they are compared, and where each ends.
  private var letters: [Unicode.Scalar] = []
  private var ends: [Int] = []
  private var names: [String] = []
  private var places: [Int] = []
  /// A bit for each letter, so that most names are passed over at a glance: a letter that the other has not costs one.
  private var masks: [UInt64] = []

  init(_ units: [Unit]) {
    self.units = units
    letters.reserveCapacity(32 * units.count)
    let count = units.reduce(0) { $0 + 2 + $1.aliases.count + $1.formerNames.count }
    ends.reserveCapacity(count)
    names.reserveCapacity(count)
    places.reserveCapacity(count)
    masks.reserveCapacity(count)
    for (place, unit) in units.enumerated() {
      add(unit.name.zh, of: place)
      if !unit.name.isOneText { add(unit.name.en, of: place) }
      for name in unit.aliases { add(name, of: place) }
      for name in unit.formerNames { add(name, of: place) }
    }
  }

  private mutating func add(_ name: String, of place: Int) {
    if name.isEmpty { return }
    let start = letters.count
    Self.append(Array(name.utf8), to: &letters)
    ends.append(letters.count)
    names.append(name)
    places.append(place)
    masks.append(Self.mask(letters[start...]))
  }

  private static func append(_ name: [UInt8], to letters: inout [Unicode.Scalar]) {
    let folded = UnitVariants.folded(name)
    var place = 0
    while place < folded.count, let (scalar, length) = decodeScalar(folded.span, at: place) {
      if let letter = Unicode.Scalar(scalar) { letters.append(letter) }
      place += length
    }
  }

  private static func mask(_ letters: ArraySlice<Unicode.Scalar>) -> UInt64 {
    var mask: UInt64 = 0
    for letter in letters { mask |= 1 &<< UInt64(letter.value &* 0x9E37_79B1 &>> 26) }
    return mask
  }

  /// At most three names that are nearest to `text`, of three units, the nearest first: as the roster writes them.
  func nearest(_ text: [UInt8]) -> [String] {
    var word: [Unicode.Scalar] = []
    Self.append(text, to: &word)
    guard (2...64).contains(word.count) else { return [] }
    let limit = max(1, word.count / 3)
    let mask = Self.mask(word[...])
    var best: [(distance: Int, name: Int)] = []
    for name in names.indices {
      let start = name == 0 ? 0 : ends[name - 1]
      guard (mask & ~masks[name]).nonzeroBitCount <= limit, abs(ends[name] - start - word.count) <= limit,
        let distance = editDistance(word, Array(letters[start..<ends[name]]), upTo: limit)
      else { continue }
      if let own = best.firstIndex(where: { places[$0.name] == places[name] }) {
        if distance < best[own].distance { best[own] = (distance, name) }
      } else {
        best.append((distance, name))
      }
      best.sort { ($0.distance, $0.name) < ($1.distance, $1.name) }
      if best.count > 3 { best.removeLast() }
    }
    return best.map { found in
      let code = units[places[found.name]].code
      return code.isEmpty ? names[found.name] : "\(names[found.name])（\(code)）"
    }
  }
}
