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

  /// Puts the labels in the place of the row of `texts` that they were read from.
  func mend(_ texts: inout [[String]]) {
    guard width > 1, let place = candidate(texts), let labels = labels(at: place, texts[place]) else { return }
    texts[place] = labels
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
    let repair = RowRepair(dialect, columnCount: width)
    let readings =
      repair.readings(of: raw, isBroken: faulty.contains(place), takesWords: true) + repair.readingsByQuotes(of: raw)
    return readings.lazy.map { $0.map { String(decoding: $0, as: UTF8.self) } }.first(where: isHeader)
  }

  private func isHeader(_ labels: [String]) -> Bool {
    let texts = labels.count { CellKind($0) == .text && $0.utf8.count <= Self.longestLabel }
    return texts * 5 >= labels.count * 4 && Set(labels).count == labels.count
  }
}
