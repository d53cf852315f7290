import Testing

@testable import FieldChecks

@Suite struct MeasureTests {
  /// A degree of the equator or of a meridian is 6371.0088 × π / 180 = 111.195 km; London to Paris 343.56 km.
  @Test(arguments: [
    ((0.0, 0.0), (0.0, 1.0), 111.195), ((0, 0), (1, 0), 111.195), ((0, 0), (90, 0), 10_007.557),
    ((0, -0.5), (0, 0.5), 111.195), ((10, 179.5), (10, -179.5), 109.506), ((25, 102), (25, 102), 0),
    ((0, 0), (0, 180), 20_015.115), ((51.5074, -0.1278), (48.8566, 2.3522), 343.556),
  ])
  func distancesAlongTheGreatCircle(first: (Double, Double), second: (Double, Double), kilometres: Double) throws {
    let start = try #require(GeoPoint(latitude: first.0, longitude: first.1))
    let end = try #require(GeoPoint(latitude: second.0, longitude: second.1))
    #expect(abs(start.kilometres(to: end) - kilometres) < 0.01)
    #expect(abs(end.kilometres(to: start) - kilometres) < 0.01)
  }

  @Test(arguments: [
    ("24.5 102.5 1890.2 5", GeoPoint(latitude: 24.5, longitude: 102.5)),
    ("24.5 102.5", GeoPoint(latitude: 24.5, longitude: 102.5)),
    ("102.5, 24.5", GeoPoint(latitude: 24.5, longitude: 102.5)),
    ("[102.5, 24.5]", GeoPoint(latitude: 24.5, longitude: 102.5)),
    ("", nil), ("24.5", nil), ("a b", nil), ("91 0", nil), ("0 181", nil), ("nan nan", nil),
  ])
  func pointsAsODKAndTableSchemaWriteThem(text: String, point: GeoPoint?) {
    #expect(GeoPoint(Array(text.utf8)[...]) == point)
  }

  /// 1 2 3 4 100: mean 22, squares of the deviations 7610, over 4 is 1902.5, the root of it 43.6177.
  @Test(arguments: [(1.0, -21.6177, 65.6177), (2.0, -65.2354, 109.2354)])
  func spreadHonoursTheMultiplier(multiplier: Double, low: Double, high: Double) throws {
    let bounds = try #require(spread([1, 2, 3, 4, 100], multiplier))
    #expect(abs(bounds.lowerBound - low) < 0.001 && abs(bounds.upperBound - high) < 0.001)
    #expect(spread([5, 5, 5], multiplier) == nil && spread([5], multiplier) == nil)
  }

  /// 1 2 3 4 100: quartiles 2 and 4. 1 2 3 4: quartiles 1.75 and 3.25.
  @Test(
    arguments: [
      ([100, 3, 1, 4, 2], 1.5, -1.0, 7.0), ([100, 3, 1, 4, 2], 60, -118, 124), ([4, 3, 2, 1], 1.5, -0.5, 5.5),
    ] as [([Double], Double, Double, Double)])
  func fencesHonourTheMultiplier(values: [Double], multiplier: Double, low: Double, high: Double) throws {
    let bounds = try #require(quartileFences(values, multiplier))
    #expect(abs(bounds.lowerBound - low) < 1e-9 && abs(bounds.upperBound - high) < 1e-9)
  }
}
