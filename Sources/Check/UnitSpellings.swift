import Campaign
import Diagnostics
import Values

/// Every name of every unit, ready to be compared letter by letter.
struct UnitSpellings: Sendable {
  private let units: [Unit]
  /// Names one behind another, as they are compared, and where each ends.
  private var letters: [Unicode.Scalar] = []
  private var ends: [Int] = []
  /// Of which unit each is, and which of its names, counted as `names(of:)` does.
  private var places: [Int] = []
  private var numbers: [Int] = []
  /// A bit for each letter, so that most names are passed over at a glance: a letter that the other has not costs one.
  private var masks: [UInt64] = []

  init(_ units: [Unit]) {
    self.units = units
    letters.reserveCapacity(32 * units.count)
    let count = 3 * units.count
    ends.reserveCapacity(count)
    places.reserveCapacity(count)
    numbers.reserveCapacity(count)
    masks.reserveCapacity(count)
    for place in units.indices {
      add(units[place].name.zh, 0, of: place)
      if !units[place].name.isOneText { add(units[place].name.en, 1, of: place) }
      var number = 2
      for name in units[place].aliases {
        add(name, number, of: place)
        number += 1
      }
      for name in units[place].formerNames {
        add(name, number, of: place)
        number += 1
      }
    }
  }

  private static func names(of unit: Unit) -> [String] {
    [unit.name.zh, unit.name.en] + unit.aliases + unit.formerNames
  }

  private mutating func add(_ name: String, _ number: Int, of place: Int) {
    if name.isEmpty { return }
    let start = letters.count
    Self.append(name.utf8.span, to: &letters)
    ends.append(letters.count)
    places.append(place)
    numbers.append(number)
    masks.append(Self.mask(letters, from: start))
  }

  private static func append(_ name: Span<UInt8>, to letters: inout [Unicode.Scalar]) {
    UnitVariants.withFolded(name) { folded, _ in
      var place = 0
      while place < folded.count, let (scalar, length) = decodeScalar(folded, at: place) {
        if let letter = Unicode.Scalar(scalar) { letters.append(letter) }
        place += length
      }
    }
  }

  private static func mask(_ letters: [Unicode.Scalar], from start: Int = 0) -> UInt64 {
    var mask: UInt64 = 0
    for place in start..<letters.count { mask |= 1 &<< UInt64(letters[place].value &* 0x9E37_79B1 &>> 26) }
    return mask
  }

  /// At most three names that are nearest to `text`, of three units, the nearest first: as the roster writes them.
  func nearest(_ text: [UInt8]) -> [String] {
    var word: [Unicode.Scalar] = []
    Self.append(text.span, to: &word)
    guard (2...64).contains(word.count) else { return [] }
    let limit = max(1, word.count / 3)
    let mask = Self.mask(word)
    var best: [(distance: Int, name: Int)] = []
    for name in ends.indices {
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
      let unit = units[places[found.name]]
      let name = Self.names(of: unit)[numbers[found.name]]
      return unit.code.isEmpty ? name : "\(name)（\(unit.code)）"
    }
  }
}
