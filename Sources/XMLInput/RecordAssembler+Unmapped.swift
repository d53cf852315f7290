import Diagnostics

/// What no field reads.
struct UnmappedPlace {
  var path: String
  /// What makes it the same place in another piece of the file.
  var identity: String
  /// How often it stands in this file.
  var count: Int

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
    if let known = edges.find(UInt(bitPattern: local), key) {
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
    edges.insert(UInt(bitPattern: local), key, Int32(unmappedPlaces.count))
    let name = (isAttribute ? "@" : "") + (unsafe prefix.map { unsafe String(cString: $0) + ":" } ?? "")
    let path = unsafe "\(automaton.paths[Int(node)])/\(printable(name + String(cString: local)))"
    unmappedPlaces.append(UnmappedPlace(path: path, identity: "\(key) \(unsafe String(cString: local))", count: 0))
    begin(Int32(unmappedPlaces.count - 1))
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
