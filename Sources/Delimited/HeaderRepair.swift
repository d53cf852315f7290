import Campaign
import Records

/// Reads a header again that does not fit the rows below it: with other delimiters or quotes than theirs, or with a label
/// that is blank because of a separator too many.
struct HeaderRepair {
  private let rows: TokenizedRows
  private let bytes: [UInt8]
  private let dialect: Dialect
  private let options: DelimitedOptions
  private let width: Int
  private let faulty: Set<Int>
  private static let longestLabel = 80

  /// - Parameter width: cells that most rows have.
  init(_ rows: TokenizedRows, _ bytes: [UInt8], _ dialect: Dialect, _ options: DelimitedOptions, width: Int) {
    self.rows = rows
    self.bytes = bytes
    self.dialect = dialect
    self.options = options
    self.width = width
    faulty = Set(rows.faults.map(\.row))
  }

  /// Where the text goes on below a header that was mended.
  struct Rest {
    var start: Int
    var line: Int
  }

  /// Puts the labels in the place of the row of `texts` that they were read from. When a quote in it had taken in further
  /// lines, where they begin.
  func mend(_ texts: inout [[String]]) -> Rest? {
    guard width > 1, let place = candidate(texts) else { return nil }
    let row = rows.rows[place]
    let raw = bytes[Int(row.rawStart)..<Int(row.rawEnd)]
    let first = raw.prefix { $0 != 0x0A && $0 != 0x0D }
    if first.count < raw.count, faulty.contains(place), let labels = labels(of: Array(first), isBroken: true) {
      texts[place] = labels
      let breaks = raw[first.endIndex...].prefix { $0 == 0x0A || $0 == 0x0D }.prefix(2)
      let isPair = breaks.first == 0x0D && breaks.last == 0x0A && breaks.count == 2
      return Rest(start: first.endIndex + (isPair ? 2 : 1), line: Int(row.line) + 1)
    }
    if let labels = labels(at: place, texts[place]) { texts[place] = labels }
    return nil
  }

  /// The row above the first regular one, where that is data, or the one that is declared.
  private func candidate(_ texts: [[String]]) -> Int? {
    let isRegular = { (row: Int) in texts[row].count == width && !faulty.contains(row) }
    if let skip = options.skip { return skip < texts.count && !isRegular(skip) ? skip : nil }
    guard let first = texts.indices.first(where: isRegular), first > 0 else { return nil }
    var below = DelimitedOptions()
    below.skip = 0
    let cells = texts[first...].map { $0.map(HeaderCell.init) }
    guard TableGuess(Array(cells), below)?.height == 0 else { return nil }
    return texts[first - 1].allSatisfy(\.isEmpty) ? nil : first - 1
  }

  private func labels(at place: Int, _ cells: [String]) -> [String]? {
    let filled = cells.filter { !$0.isEmpty }
    if cells.count > width, filled.count == width, isHeader(filled) { return filled }
    var raw = Array(bytes[Int(rows.rows[place].rawStart)..<Int(rows.rows[place].rawEnd)])
    while let last = raw.last, last == 0x0A || last == 0x0D { raw.removeLast() }
    return labels(of: raw, isBroken: faulty.contains(place))
  }

  private func labels(of raw: [UInt8], isBroken: Bool) -> [String]? {
    let repair = RowRepair(dialect, columnCount: width)
    let readings =
      repair.readings(of: raw, isBroken: isBroken, takesWords: true) + repair.readingsByQuotes(of: raw)
    return readings.lazy.map { $0.map { String(decoding: $0, as: UTF8.self) } }.first(where: isHeader)
  }

  private func isHeader(_ labels: [String]) -> Bool {
    let texts = labels.count { CellKind($0) == .text && $0.utf8.count <= Self.longestLabel }
    return texts * 5 >= labels.count * 4 && Set(labels).count == labels.count
  }
}
