import Glibc

extension GeoPoint {
  /// Along the great circle, by the haversine formula on a sphere of the earth's mean radius (IUGG: 6371.0088 km): at most
  /// 0.6 % from the ellipsoid.
  func kilometres(to other: GeoPoint) -> Double {
    let radians = Double.pi / 180
    let height = (other.latitude - latitude) * radians / 2
    let width = (other.longitude - longitude) * radians / 2
    let chord =
      sin(height) * sin(height) + cos(latitude * radians) * cos(other.latitude * radians) * sin(width) * sin(width)
    return 2 * 6371.0088 * asin(min(1, chord.squareRoot()))
  }
}
