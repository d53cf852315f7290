import Diagnostics

/// What no field reads.
struct UnmappedPlace {
  var path: String
  /// What makes it the same place in another piece of the file.
  var identity: String
  /// How often it stands in this file.
  var count = 0
  /// The pointer of its prefix, 0 for none, and the place of the same name with another one, or -1.
  var prefix: UInt = 0
  var other: Int32 = -1

  static func isMoreFrequent(_ left: UnmappedPlace, _ right: UnmappedPlace) -> Bool {
    (right.count, left.path) < (left.count, right.path)
  }
}

extension RecordAssembler {
  static let usualUnmappedKept = 200
  /// Places of all files together from which on a parser is not used for another file.
  static let mostUnmapped = 2000

  /// Paths of this file that no field reads, as they were first seen.
  var unmappedInOrder: [UnmappedPlace] { unmappedHere.map { unmappedPlaces[Int($0)] } }
  /// The same, most frequent first.
  var unmapped: [UnmappedPlace] {
    unmappedInOrder.sorted(by: UnmappedPlace.isMoreFrequent)
  }

  /// By what two files are told apart of which no field reads the same: places and how often they stand there.
  /// Marked as changing something, which it does not: otherwise all of the assembler is copied for the call.
  mutating func nameUnmapped(in key: inout [UInt64]) {
    key.removeAll(keepingCapacity: true)
    for place in unmappedHere {
      key.append(UInt64(place) << 32 | UInt64(UInt32(truncatingIfNeeded: unmappedPlaces[Int(place)].count)))
    }
    key.append(hasMoreUnmapped ? 1 : 0)
  }

  /// Forgets what was seen up to here.
  mutating func forgetUnmapped() {
    for place in unmappedHere { unmappedPlaces[Int(place)].count = 0 }
    unmappedHere.removeAll(keepingCapacity: true)
    hasMoreUnmapped = false
  }

  /// An element of `parent` that no field reads.
  mutating func noteUnmapped(_ tag: StartTag, in parent: Int32) {
    unsafe noteUnmapped(-1 - 2 * parent, parent, tag.prefix, tag.local, isAttribute: false)
  }

  mutating func noteUnmapped(
    _ key: Int32, _ node: Int32, _ prefix: UnsafePointer<UInt8>?, _ local: UnsafePointer<UInt8>, isAttribute: Bool
  ) {
    let written = UInt(bitPattern: prefix)
    let first = edges.find(UInt(bitPattern: local), key)
    var known = first ?? -1
    // What a file writes, and not what one before it wrote in the same place.
    while known >= 0, unmappedPlaces[Int(known)].prefix != written { known = unmappedPlaces[Int(known)].other }
    if known >= 0 {
      if unmappedPlaces[Int(known)].count > 0 {
        unmappedPlaces[Int(known)].count += 1
      } else {
        begin(known)
      }
      return
    }
    guard unmappedHere.count < unmappedKept else {
      hasMoreUnmapped = true
      return
    }
    let added = Int32(unmappedPlaces.count)
    let mark = isAttribute ? "@" : ""
    let name = unsafe mark + (prefix.map { unsafe String(cString: $0) + ":" } ?? "") + String(cString: local)
    let path = "\(automaton.paths[Int(node)])/\(printable(name))"
    unmappedPlaces.append(UnmappedPlace(path: path, identity: "\(key) \(name)", prefix: written))
    if let first {
      unmappedPlaces[Int(added)].other = unmappedPlaces[Int(first)].other
      unmappedPlaces[Int(first)].other = added
    } else {
      edges.insert(UInt(bitPattern: local), key, added)
    }
    begin(added)
  }

  /// Counts the first occurrence in this file.
  private mutating func begin(_ place: Int32) {
    guard unmappedHere.count < unmappedKept else {
      hasMoreUnmapped = true
      return
    }
    unmappedHere.append(place)
    unmappedPlaces[Int(place)].count = 1
  }
}
