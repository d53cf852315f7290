package import Campaign

/// Reads the times of one field. `format`: `default` is `14:30:00[.25]`, with the zone that XML forms write behind it,
/// which is dropped: the value is what the clock on the wall said. `any` takes `14:30`, `2:30 pm`, 14时30分 and the like;
/// else a strptime pattern.
package struct TimeReader: Sendable {
  private enum Form {
    case iso, any
    case pattern(StrptimePattern)
  }
  private let form: Form

  package init(format: String = "default") throws(FormatError) {
    switch format {
    case "default", "": form = .iso
    case "any": form = .any
    default:
      let pattern = try StrptimePattern(format)
      guard pattern.namesTime else {
        throw FormatError(zh: "时间格式 \(format) 须含时（%H）", en: "the time format \(format) must have the hour (%H)")
      }
      form = .pattern(pattern)
    }
  }

  package init(_ field: Field) throws(FormatError) { try self.init(format: field.format) }

  /// - Throws: `notATime`, `noSuchTime`.
  package func read(_ cell: Span<UInt8>) throws(ValueError) -> TimeOfDay {
    if case .pattern(let pattern) = form {
      guard let match = pattern.match(cell) else { throw .notATime }
      return try match.time()
    }
    if let (time, _, _) = try isoTime(cell, from: 0) { return time }
    guard case .any = form, let text = FoldedText(cell) else { throw .notATime }
    var scanner = DateScanner(text, style: DateStyle())
    guard let time = try scanner.readTime() else { throw .notATime }
    _ = scanner.readZone()
    guard scanner.index == text.count else { throw .notATime }
    return time
  }
}

/// Reads the years of one field. `format`: `default` is four digits or more, as XML Schema's gYear has it, with a sign and a
/// zone that is dropped; `any` takes 2022年 and 二〇二二年 beside. `roc-year` counts years of up to three digits from 1912.
package struct YearReader: Sendable {
  private let takesAnyForm: Bool
  private let readsRepublicYears: Bool

  package init(format: String = "default", normalizers: [Normalizer] = []) throws(FormatError) {
    guard ["default", "", "any"].contains(format) else {
      throw FormatError(zh: "年份没有格式 \(format)", en: "a year has no format \(format)")
    }
    takesAnyForm = format == "any"
    readsRepublicYears = normalizers.contains(.rocYear)
  }

  package init(_ field: Field) throws(FormatError) {
    try self.init(format: field.format, normalizers: field.normalizers)
  }

  /// - Throws: `notAYear`, `twoDigitYear`, `outOfRange` beyond six digits.
  package func read(_ cell: Span<UInt8>) throws(ValueError) -> Int {
    if let year = try isoYear(cell) { return year }
    guard takesAnyForm || readsRepublicYears, let text = FoldedText(cell) else { throw .notAYear }
    var scanner = DateScanner(text, style: DateStyle())
    let isRepublican = scanner.skipRepublic()
    scanner.skipSpaces()
    guard let part = scanner.readPart() else { throw .notAYear }
    scanner.skipSpaces()
    scanner.skip("年")
    guard scanner.index == text.count else { throw .notAYear }
    if readsRepublicYears, (1..<1_000).contains(part.value), part.width <= 3 { return part.value + 1911 }
    guard takesAnyForm, !isRepublican else { throw .notAYear }
    guard part.value >= 1_000, part.width == 4 else { throw .twoDigitYear }
    return part.value
  }

  /// `nil` for a cell that is no gYear.
  private func isoYear(_ cell: Span<UInt8>) throws(ValueError) -> Int? {
    var index = 0
    let isNegative = !cell.isEmpty && cell[0] == UInt8(ascii: "-")
    if isNegative { index = 1 }
    let first = index
    var year = 0
    while index < cell.count, isDigit(cell[index]) {
      if index - first < 7 { year = year * 10 + Int(cell[index] & 0x0F) }
      index += 1
    }
    guard index - first >= 4, isoZone(cell, from: index) != nil else { return nil }
    // More digits than four may not begin with 0.
    guard index - first == 4 || cell[first] != UInt8(ascii: "0") else { return nil }
    guard index - first <= 6 else { throw .outOfRange }
    return isNegative ? -year : year
  }
}
