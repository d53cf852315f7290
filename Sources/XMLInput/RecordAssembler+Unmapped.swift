import Diagnostics

/// What no field reads.
struct UnmappedPlace {
  var path: String
  /// How often it stands in this file.
  var count: Int
}

extension RecordAssembler {
  static let unmappedKept = 200
  /// Places of all files together from which on a parser is not used for another file.
  static let mostUnmapped = 2000

  /// Paths of this file that no field reads, most frequent first.
  var unmapped: [UnmappedPlace] {
    unmappedHere.map { unmappedPlaces[Int($0)] }.sorted { ($1.count, $0.path) < ($0.count, $1.path) }
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
    guard unmappedHere.count < Self.unmappedKept else {
      hasMoreUnmapped = true
      return
    }
    edges.insert(UInt(bitPattern: local), key, Int32(unmappedPlaces.count))
    let name = (isAttribute ? "@" : "") + (unsafe prefix.map { unsafe String(cString: $0) + ":" } ?? "")
    let path = unsafe "\(automaton.paths[Int(node)])/\(printable(name + String(cString: local)))"
    unmappedPlaces.append(UnmappedPlace(path: path, count: 0))
    begin(Int32(unmappedPlaces.count - 1))
  }

  /// Counts the first occurrence in this file.
  private mutating func begin(_ place: Int32) {
    guard unmappedHere.count < Self.unmappedKept else {
      hasMoreUnmapped = true
      return
    }
    unmappedHere.append(place)
    unmappedPlaces[Int(place)].count = 1
  }
}
