extension JSONNode {
  /// Whether this is a GeoJSON object (RFC 7946): a geometry, a feature, or a collection of features.
  package var isGeoJSON: Bool {
    guard case .object(let members) = self, case .string(let type) = members["type"] else { return false }
    switch type {
    case "Feature":
      guard let geometry = members["geometry"], let properties = members["properties"] else { return false }
      return (geometry == .null || geometry.isGeometry) && properties.isObjectOrNull
    case "FeatureCollection":
      guard case .array(let features) = members["features"] else { return false }
      return features.allSatisfy { feature in
        guard case .object(let members) = feature, members["type"] == .string("Feature") else { return false }
        return feature.isGeoJSON
      }
    default: return isGeometry
    }
  }

  /// Whether this is a TopoJSON topology.
  package var isTopology: Bool {
    guard case .object(let members) = self, members["type"] == .string("Topology"),
      case .object(let objects) = members["objects"], case .array(let arcs) = members["arcs"]
    else { return false }
    return arcs.allSatisfy(\.isPositions)
      && objects.values.allSatisfy { object in
        guard case .object(let members) = object, case .string(let type) = members["type"] else { return false }
        return Self.geometryTypes.contains(type) || type == "GeometryCollection"
      }
  }

  private static let geometryTypes = [
    "Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon",
  ]

  private var isGeometry: Bool {
    guard case .object(let members) = self, case .string(let type) = members["type"] else { return false }
    if type == "GeometryCollection" {
      guard case .array(let geometries) = members["geometries"] else { return false }
      return geometries.allSatisfy(\.isGeometry)
    }
    guard let coordinates = members["coordinates"] else { return false }
    return switch type {
    case "Point": coordinates.isPosition
    case "MultiPoint": coordinates.isPositions
    case "LineString": coordinates.isPositions && coordinates.count >= 2
    case "MultiLineString": coordinates.all { $0.isPositions && $0.count >= 2 }
    case "Polygon": coordinates.isPolygon
    case "MultiPolygon": coordinates.all { $0.isPolygon }
    default: false
    }
  }

  private var isObjectOrNull: Bool {
    switch self {
    case .null, .object: true
    default: false
    }
  }

  private var count: Int { if case .array(let items) = self { items.count } else { 0 } }

  private func all(_ test: (JSONNode) -> Bool) -> Bool {
    guard case .array(let items) = self else { return false }
    return items.allSatisfy(test)
  }

  private var isPosition: Bool {
    count >= 2 && all { if case .number = $0 { true } else { false } }
  }
  private var isPositions: Bool { all(\.isPosition) }
  /// Rings are closed: the last position is the first.
  private var isPolygon: Bool {
    all { ring in
      guard ring.isPositions, ring.count >= 4, case .array(let positions) = ring else { return false }
      return positions.first == positions.last
    }
  }
}
