import Bytes
import Campaign
import Diagnostics
import Expressions
import Records
import Tables

/// Values far from the others, by standard deviations or by quartiles. 16 bytes a value.
struct OutlierCheck: FieldCheck {
  private struct Series: Hashable {
    var field: Int
    var group: GroupName?
  }
  let columns: CheckColumns
  private var values: [Series: [(value: Double, ordinal: Int)]] = [:]

  init(_ columns: CheckColumns) { self.columns = columns }

  mutating func add(_ record: CheckedRecord, pass: Int) {
    let group = columns.column("per") == nil ? nil : columns.group(record)
    if columns.column("per") != nil, group == nil { return }
    for (place, field) in columns.fields("fields").enumerated() {
      guard let value = columns.number(record, field.column) else { continue }
      values[Series(field: place, group: group), default: []].append((value, record.ordinal))
    }
  }

  mutating func finish(_ report: inout CheckReport) {
    let definition = columns.definition
    let isQuartiles = definition.words["method"]?.first == "iqr"
    let multiplier = definition.numbers["multiplier"] ?? (isQuartiles ? 1.5 : 3)
    let least = Int(definition.numbers["at-least"] ?? 10)
    for (place, field) in columns.fields("fields").enumerated() {
      let groups = values.keys.filter { $0.field == place }.map(\.group)
      let ordered = report.sorted(groups.compactMap { $0 }).map { Optional($0) } + (groups.contains(nil) ? [nil] : [])
      for group in ordered {
        let series = values[Series(field: place, group: group)] ?? []
        guard series.count >= least else { continue }
        let bounds =
          isQuartiles ? quartileFences(series.map(\.value), multiplier) : spread(series.map(\.value), multiplier)
        guard let bounds else { continue }
        for (value, ordinal) in series where !bounds.contains(value) {
          let (low, high) = (short(bounds.lowerBound), short(bounds.upperBound))
          report.add(
            ordinal, field: field.name, found: short(value),
            expected: LocalizedText(zh: "介于 \(low) 与 \(high)", en: "between \(low) and \(high)"))
        }
      }
    }
  }
}

/// Mean ± multiplier × sample standard deviation; `nil` where all values are equal.
func spread(_ values: [Double], _ multiplier: Double) -> ClosedRange<Double>? {
  guard values.count > 1 else { return nil }
  let mean = values.reduce(0, +) / Double(values.count)
  let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
  let deviation = (squares / Double(values.count - 1)).squareRoot()
  guard deviation > 0, deviation.isFinite else { return nil }
  return mean - multiplier * deviation...mean + multiplier * deviation
}

/// First quartile − multiplier × the range between the quartiles … third quartile + the same. Quartiles interpolate between
/// the two values nearest to them, as Excel's QUARTILE.INC does.
func quartileFences(_ values: [Double], _ multiplier: Double) -> ClosedRange<Double>? {
  let sorted = values.sorted()
  guard sorted.count > 1 else { return nil }
  func quartile(_ share: Double) -> Double {
    let place = Double(sorted.count - 1) * share
    let low = Int(place)
    let high = min(low + 1, sorted.count - 1)
    return sorted[low] + (sorted[high] - sorted[low]) * (place - Double(low))
  }
  let (first, third) = (quartile(0.25), quartile(0.75))
  guard (third - first).isFinite else { return nil }
  return first - multiplier * (third - first)...third + multiplier * (third - first)
}

/// The same answer to all questions of a block. No memory beside what is found.
struct StraightLiningCheck: FieldCheck {
  let columns: CheckColumns
  private var found: [(ordinal: Int, answer: String, count: Int)] = []

  init(_ columns: CheckColumns) { self.columns = columns }

  mutating func add(_ record: CheckedRecord, pass: Int) {
    let fields = columns.fields("fields")
    var first: Hash128?
    var count = 0
    for field in fields {
      let value = record.value(field.column)
      guard value.state == .known || value.state == .text else { continue }
      var hash = Hash128()
      hash.combine(value, of: record)
      if let first, first != hash { return }
      first = hash
      count += 1
    }
    guard count >= Int(columns.definition.numbers["at-least"] ?? Double(fields.count)), count > 1 else { return }
    let answered = fields.first { !record.isBlank($0.column) }
    found.append((record.ordinal, answered.map { columns.text(record, $0.column) } ?? "", count))
  }

  mutating func finish(_ report: inout CheckReport) {
    for entry in found {
      report.add(
        entry.ordinal, field: columns.fields("fields").first?.name, found: entry.answer,
        expected: LocalizedText(zh: "\(entry.count) 题不全相同", en: "answers that differ among \(entry.count) questions"))
    }
  }
}

/// Dates outside the campaign's window, in any field.
struct WindowCheck: FieldCheck {
  let columns: CheckColumns
  let window: ClosedRange<Day>?
  private var found: [(ordinal: Int, field: String, text: String)] = []

  init(_ columns: CheckColumns, window: ClosedRange<Day>?) {
    self.columns = columns
    self.window = window
  }

  mutating func add(_ record: CheckedRecord, pass: Int) {
    guard let window else { return }
    for field in columns.fields("fields") {
      let value = record.value(field.column)
      guard value.state == .known else { continue }
      var day = value.bits
      if columns.type(field.column) == .instant {
        let seconds = value.bits + Int64(value.extra) * 60
        day = seconds >= 0 ? seconds / 86_400 : (seconds - 86_399) / 86_400
      }
      if !(Int64(window.lowerBound.number)...Int64(window.upperBound.number)).contains(day) {
        found.append((record.ordinal, field.name, columns.text(record, field.column)))
      }
    }
  }

  mutating func finish(_ report: inout CheckReport) {
    guard let window else { return }
    let (first, last) = (window.lowerBound.text, window.upperBound.text)
    for entry in found {
      report.add(
        entry.ordinal, field: entry.field, found: entry.text,
        expected: LocalizedText(zh: "\(first) 至 \(last)", en: "\(first) to \(last)"))
    }
  }
}

/// The same answers under different ids. About 80 bytes a record.
struct IdenticalCheck: FieldCheck {
  let columns: CheckColumns
  private var first: [Hash128: (ordinal: Int, id: Hash128)] = [:]
  private var found: [(ordinal: Int, other: Int)] = []

  init(_ columns: CheckColumns) { self.columns = columns }

  mutating func add(_ record: CheckedRecord, pass: Int) {
    var hash = Hash128()
    var answered = 0
    for field in columns.fields("fields") {
      let value = record.value(field.column)
      if value.state == .known || value.state == .text { answered += 1 }
      hash.combine(value, of: record)
    }
    guard answered >= Int(columns.definition.numbers["at-least"] ?? 1) else { return }
    var id = Hash128()
    if let column = columns.column("id") {
      id.combine(record.value(column), of: record)
    } else {
      id.combine(UInt64(record.ordinal))
    }
    guard let known = first[hash] else {
      first[hash] = (record.ordinal, id)
      return
    }
    if known.id != id { found.append((record.ordinal, known.ordinal)) }
  }

  mutating func finish(_ report: inout CheckReport) {
    for entry in found {
      report.add(
        entry.ordinal, field: columns.fields("fields").first?.name, found: "",
        expected: LocalizedText(zh: "与另一份答卷不同：", en: "answers that are not all those of "), other: entry.other)
    }
  }
}
