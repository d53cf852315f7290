import Diagnostics

/// What no field reads.
extension RecordAssembler {
  static let unmappedKept = 200

  /// Paths that no field reads, most frequent first.
  var unmapped: [(path: String, count: Int)] {
    unmappedPlaces.map { ("\(automaton.paths[Int($0.node)])/\($0.name)", $0.count) }
      .sorted { ($1.count, $0.path) < ($0.count, $1.path) }
  }

  mutating func noteUnmapped(
    _ key: Int32, _ node: Int32, _ prefix: UnsafePointer<UInt8>?, _ local: UnsafePointer<UInt8>, isAttribute: Bool
  ) {
    if let known = edges.find(UInt(bitPattern: local), key) {
      unmappedPlaces[Int(known)].count += 1
      return
    }
    guard unmappedPlaces.count < Self.unmappedKept else {
      hasMoreUnmapped = true
      return
    }
    edges.insert(UInt(bitPattern: local), key, Int32(unmappedPlaces.count))
    let name = (isAttribute ? "@" : "") + (unsafe prefix.map { unsafe String(cString: $0) + ":" } ?? "")
    unsafe unmappedPlaces.append((node, printable(name + String(cString: local)), 1))
  }
}
