import Campaign
import Diagnostics
import Records

/// Duration too short or too long. No memory.
struct DurationCheck: FieldCheck {
  let columns: CheckColumns
  private var found: [(ordinal: Int, minutes: Double)] = []
  private var more = 0

  init(_ columns: CheckColumns) { self.columns = columns }

  mutating func add(_ record: CheckedRecord, pass: Int) {
    guard let start = record.instant(columns.column("start")), let end = record.instant(columns.column("end")) else {
      return
    }
    let minutes = Double(end - start) / 60
    let numbers = columns.definition.numbers
    let isShort = minutes < numbers["minimum"] ?? 0
    let isLong = numbers["maximum"].map { minutes > $0 } ?? false
    if isShort || isLong { found.append((record.ordinal, minutes)) }
  }

  mutating func finish(_ report: inout CheckReport) {
    let numbers = columns.definition.numbers
    let bounds =
      switch (numbers["minimum"], numbers["maximum"]) {
      case (let low?, let high?): "\(short(low))–\(short(high))"
      case (let low?, nil): "≥ \(short(low))"
      case (nil, let high): "≤ \(short(high ?? 0))"
      }
    for entry in found {
      report.add(
        entry.ordinal, field: columns.definition.fields["end"]?.first, found: "\(short(entry.minutes)) min",
        expected: LocalizedText(zh: "\(bounds) 分钟", en: "\(bounds) minutes"))
    }
  }
}

/// A stay of a team somewhere.
private struct Stay {
  var start: Int64
  var end: Int64
  var ordinal: Int
}

/// Visits of one team that overlap in time. 24 bytes a record.
struct OverlapCheck: FieldCheck {
  let columns: CheckColumns
  private var stays: [GroupName: [Stay]] = [:]

  init(_ columns: CheckColumns) { self.columns = columns }

  mutating func add(_ record: CheckedRecord, pass: Int) {
    guard let group = columns.group(record), let start = record.instant(columns.column("start")),
      let end = record.instant(columns.column("end")), start <= end
    else { return }
    stays[group, default: []].append(Stay(start: start, end: end, ordinal: record.ordinal))
  }

  mutating func finish(_ report: inout CheckReport) {
    for group in report.sorted(stays.keys) {
      var last: Stay?
      for stay in (stays[group] ?? []).sorted(by: { ($0.start, $0.ordinal) < ($1.start, $1.ordinal) }) {
        if let last, stay.start < last.end {
          report.add(
            stay.ordinal, field: columns.definition.fields["start"]?.first,
            found: "\(short(Double(min(last.end, stay.end) - stay.start) / 60)) min",
            expected: LocalizedText(zh: "不与同组另一次走访重叠：", en: "no overlap with another visit of the team: "),
            other: last.ordinal)
        }
        if stay.end > last?.end ?? .min { last = stay }
      }
    }
  }
}

/// Places too far apart for the time between. 40 bytes a record.
struct TravelCheck: FieldCheck {
  private struct Point {
    var stay: Stay
    var place: GeoPoint
  }
  let columns: CheckColumns
  private var points: [GroupName: [Point]] = [:]

  init(_ columns: CheckColumns) { self.columns = columns }

  mutating func add(_ record: CheckedRecord, pass: Int) {
    guard let group = columns.group(record), let start = record.instant(columns.column("start")),
      let place = place(of: record)
    else { return }
    let end = record.instant(columns.column("end")) ?? start
    points[group, default: []].append(
      Point(stay: Stay(start: start, end: max(start, end), ordinal: record.ordinal), place: place))
  }

  private func place(of record: CheckedRecord) -> GeoPoint? {
    if let column = columns.column("place") {
      let value = record.value(column)
      return value.state == .text ? GeoPoint(record.text(of: value)) : nil
    }
    guard let latitude = columns.column("latitude").flatMap({ columns.number(record, $0) }),
      let longitude = columns.column("longitude").flatMap({ columns.number(record, $0) })
    else { return nil }
    return GeoPoint(latitude: latitude, longitude: longitude)
  }

  mutating func finish(_ report: inout CheckReport) {
    let speed = columns.definition.numbers["speed"] ?? 120
    let tolerance = columns.definition.numbers["tolerance"] ?? 0.5
    let field = (columns.definition.fields["place"] ?? columns.definition.fields["latitude"])?.first
    for group in report.sorted(points.keys) {
      let sorted = (points[group] ?? []).sorted {
        ($0.stay.start, $0.stay.ordinal) < ($1.stay.start, $1.stay.ordinal)
      }
      for (before, after) in zip(sorted, sorted.dropFirst()) {
        let distance = before.place.kilometres(to: after.place)
        let hours = max(0, Double(after.stay.start - before.stay.end) / 3600)
        guard distance > tolerance, distance > speed * hours else { continue }
        report.add(
          after.stay.ordinal, field: field, found: "\(short(distance)) km, \(short(hours * 60)) min",
          expected: LocalizedText(
            zh: "时速不超过 \(short(speed)) 公里，上一处：", en: "at most \(short(speed)) km/h from the place before: "),
          other: before.stay.ordinal)
      }
    }
  }
}

/// A place on the globe, in degrees.
struct GeoPoint: Equatable {
  var latitude: Double
  var longitude: Double

  init?(latitude: Double, longitude: Double) {
    guard (-90...90).contains(latitude), (-180...180).contains(longitude) else { return nil }
    self.latitude = latitude
    self.longitude = longitude
  }

  /// `24.88 102.83 1890 5`, as ODK writes latitude, longitude, altitude and accuracy; or `102.83, 24.88`, as Table Schema
  /// writes longitude and latitude.
  init?(_ text: ArraySlice<UInt8>) {
    let written = String(decoding: text.prefix(200), as: UTF8.self)
    let isPair = written.contains(",")
    let parts = written.split { $0 == "," || $0 == " " || $0 == "[" || $0 == "]" }.map { Double($0) }
    guard parts.count >= 2, let first = parts[0], let second = parts[1] else { return nil }
    self.init(latitude: isPair ? second : first, longitude: isPair ? first : second)
  }
}
