/// Reads a row again that does not fit its table: by another delimiter or quote than the rest of the file, with quotes that
/// are not written twice, or with a separator too many or too few. Of several readings the one is taken that suits the
/// columns; where none does clearly, the row stays as it is.
package struct RowRepair {
  private let delimiter: [UInt8]
  private let quote: UInt8?
  private let columnCount: Int
  private let profiles: ColumnProfiles?
  /// A longer row is left as it is.
  private static let longest = 1 << 20
  private static let widest = 500
  /// Lines of text in which rows are looked for, and of one row.
  private static let mostLines = 200
  private static let linesOfRow = 12
  /// Bytes of rows that are looked at anew, those with faulty quotes eight times: about ten seconds of work. Rows beyond are
  /// left as they are, so that no file takes more than its size allows.
  private static let mostEffort = 32 << 20
  private var effort = 0
  /// What another reading must fall behind by.
  private static let margin = 0.5

  package init(_ dialect: Dialect, columnCount: Int, profiles: ColumnProfiles? = nil) {
    delimiter = dialect.delimiter
    quote = dialect.quote
    self.columnCount = columnCount
    self.profiles = profiles
  }

  /// The cells of `row`, a row without its line end; `nil` when no reading fits.
  /// - Parameters:
  ///   - isBroken: whether its quotes are at fault. Those of another row are not doubted.
  ///   - mustSuit: whether cells that do not suit their columns are no reading, whatever their number.
  package mutating func cells(of row: [UInt8], isBroken: Bool, mustSuit: Bool = false) -> [[UInt8]]? {
    guard (2...Self.widest).contains(columnCount), row.count <= Self.longest else { return nil }
    let costOfRow = 200
    effort += row.count * (isBroken ? 8 : 1) + costOfRow
    guard effort <= Self.mostEffort else { return nil }
    guard let profiles else { return readings(of: row, isBroken: isBroken).first }
    let asWritten = readings(of: row, isBroken: isBroken, takesWords: true).filter(profiles.admits).enumerated()
      .map { RowFit.Reading(cells: $1, score: profiles.fit($1) - Double($0) * 0.1 - (isTorn($1) ? 3 : 0)) }
      .max { $0.score < $1.score }
    var found = readingsByQuotes(of: row).filter(profiles.admits).map {
      RowFit.Reading(cells: $0, score: profiles.fit($0) - 1)
    }
    if profiles.hasTyped { found += fitted(row, profiles) }
    if let asWritten { found.append(asWritten) }
    found.sort { $0.score > $1.score }
    // Where nothing suits, quotes at fault are still read as well as they can be.
    let fallback = asWritten?.cells ?? (isBroken && !mustSuit ? solutions(of: row, delimiter, true).first : nil)
    guard let best = found.first, best.cells.count == columnCount else { return fallback }
    let other = found.first { $0.cells != best.cells }
    if let other, best.score - other.score < Self.margin { return fallback }
    // Cells that are missing at the end need no reading of their own.
    let filled = columnCount - best.cells.reversed().prefix(while: \.isEmpty).count
    if filled < columnCount, Array(best.cells[..<filled]) == pieces(of: row, delimiter) { return nil }
    return best.cells
  }

  /// Whether quotes that were meant to enclose a separator stand in two cells.
  package func isTorn(_ cells: [[UInt8]]) -> Bool {
    guard let quote else { return false }
    let isOdd = { (cell: [UInt8]) in cell.count { $0 == quote } % 2 == 1 }
    guard let first = cells.firstIndex(where: { $0.last != quote && isOdd($0) }) else { return false }
    return cells[(first + 1)...].contains { $0.last == quote && isOdd($0) }
  }

  /// Readings that give as many cells as the table has; those by the table's own delimiter first.
  func readings(of row: [UInt8], isBroken: Bool, takesWords: Bool = false) -> [[[UInt8]]] {
    var found = solutions(of: row, delimiter + [0x20], isBroken) + solutions(of: row, delimiter, isBroken)
    if !found.isEmpty, profiles == nil { return found }
    for other in [",", ";", "\t", "|", ", ", "，", "^", "~", ":", " "] where Array(other.utf8) != delimiter {
      for cells in solutions(of: row, Array(other.utf8), isBroken) {
        // A sentence may have as many words as the table has columns.
        if other != " " || takesWords || hasValues(cells) { found.append(cells) }
      }
    }
    return found
  }

  /// Readings with a separator put in where a quote stands inside a cell.
  func readingsByQuotes(of row: [UInt8]) -> [[[UInt8]]] {
    guard let quote, delimiter.count == 1 else { return [] }
    let most = 32
    var places: [Int] = []
    for at in row.indices where row[at] == quote && places.count < most {
      if at > 0, row[at - 1] != delimiter[0] { places.append(at) }
      if at + 1 < row.count, row[at + 1] != delimiter[0], row[at + 1] != quote { places.append(at + 1) }
    }
    return places.flatMap { place in
      let whole = Array(row[..<place]) + delimiter + row[place...]
      // A cell with one quote at an end was cut in the wrong place.
      return split(whole, delimiter, quote, nil, doubts: false).filter { cells in
        cells.allSatisfy { $0.first != quote && $0.last != quote || $0.count { $0 == quote } % 2 == 0 }
      }
    }
  }

  /// Readings that take liberties with separators, by the table's delimiter or a space between all cells.
  private func fitted(_ row: [UInt8], _ profiles: ColumnProfiles) -> [RowFit.Reading] {
    var found: [RowFit.Reading] = []
    for mark in [delimiter, [0x20]] where mark == delimiter || delimiter != [0x20] {
      let pieces = pieces(of: row, mark)
      if mark != delimiter, pieces.count <= columnCount { continue }
      guard let fit = RowFit(pieces, joint: mark, profiles) else { continue }
      for var reading in fit.readings() where reading.cells.count != columnCount || profiles.admits(reading.cells) {
        if mark != delimiter {
          if reading.cells.count != columnCount { continue }
          reading.score -= 2
        }
        found.append(reading)
      }
    }
    return found
  }

  /// The cells of `row` as its quotes say, however many.
  private func pieces(of row: [UInt8], _ mark: [UInt8]) -> [[UInt8]] {
    var pieces: [[UInt8]] = []
    var at = 0
    while true {
      var cell: [UInt8] = []
      let start = at
      if let quote, at < row.count, row[at] == quote {
        at += 1
        while at < row.count {
          if row[at] == quote {
            at += 1
            guard at < row.count, row[at] == quote else { break }
          }
          cell.append(row[at])
          at += 1
        }
        if at < row.count, !row[at...].starts(with: mark) { cell = Array(row[start..<at]) }
      }
      while at < row.count, !row[at...].starts(with: mark) {
        cell.append(row[at])
        at += 1
      }
      pieces.append(cell)
      if at >= row.count { return pieces }
      at += mark.count
    }
  }

  /// The rows in `text`, whose quotes are at fault, so that rows were joined or cut; `nil` when not all of it is rows. A row
  /// may have line breaks in its cells.
  package mutating func rows(of text: [UInt8], mustSuit: Bool = false) -> [[[UInt8]]]? {
    guard (2...Self.widest).contains(columnCount), text.count <= Self.longest else { return nil }
    let lines = text.split(whereSeparator: { $0 == 0x0A || $0 == 0x0D })
    guard lines.count <= Self.mostLines else { return nil }
    var found: [[[UInt8]]] = []
    var line = 0
    while line < lines.count {
      var taken = 0
      for count in 1...min(Self.linesOfRow, lines.count - line) {
        let row = Array(text[lines[line].startIndex..<lines[line + count - 1].endIndex])
        guard let cells = regularCells(of: row) ?? cells(of: row, isBroken: true, mustSuit: mustSuit) else { continue }
        found.append(cells)
        taken = count
        break
      }
      if taken == 0 { return nil }
      line += taken
    }
    return found
  }

  /// The cells of a row that has nothing wrong with it.
  private func regularCells(of row: [UInt8]) -> [[UInt8]]? {
    guard let cells = split(row, delimiter, quote, nil, doubts: false).first, cells == pieces(of: row, delimiter),
      profiles?.admits(cells) ?? true
    else { return nil }
    return cells
  }

  /// Whether the row, with blank cells put in at its end, is one of the table.
  package func isShort(_ row: [UInt8]) -> Bool {
    let cells = pieces(of: row, delimiter)
    guard cells.count < columnCount, let profiles else { return false }
    return profiles.admits(cells + Array(repeating: [], count: columnCount - cells.count))
  }

  /// Whether all cells of a row that has as many as the table stand in other quotes, or all but the first begin with a
  /// space: the row was written by another program.
  package static func isForeign(count: Int, quote: UInt8?, cell: (Int) -> ArraySlice<UInt8>) -> Bool {
    guard count > 2 else { return false }
    let first = cell(0)
    for other: UInt8 in [0x27, 0x60, 0x22] where other != quote && first.count > 1 && first.first == other {
      let isWrapped = (0..<count).allSatisfy { place in
        let text = cell(place)
        return text.isEmpty || text.count > 1 && text.first == other && text.last == other
      }
      if isWrapped { return true }
    }
    guard cell(1).first == 0x20, first.first != 0x20 else { return false }
    return (1..<count).allSatisfy { cell($0).first == 0x20 }
  }

  /// The cells of a row that is foreign.
  package func foreignCells(of row: [UInt8]) -> [[UInt8]]? {
    guard columnCount <= Self.widest, row.count <= Self.longest else { return nil }
    if row.first == 0x27 || row.first == 0x60 || row.first == 0x22,
      let cells = split(row, delimiter, row.first, nil).first
    {
      return cells
    }
    return split(row, delimiter + [0x20], quote, nil).first
  }

  private func solutions(of row: [UInt8], _ delimiter: [UInt8], _ isBroken: Bool) -> [[[UInt8]]] {
    guard contains(row, delimiter) else { return [] }
    var found: [[[UInt8]]] = []
    for quote in [quote, 0x22, 0x27, 0x60, nil] {
      if let quote, delimiter.contains(quote) { continue }
      if quote != self.quote, !isBroken, opensQuote(row, delimiter) { continue }
      for escape: UInt8? in [nil, 0x5C] {
        for cells in split(row, delimiter, quote, escape, doubts: isBroken) where !found.contains(cells) {
          found.append(cells)
        }
        if !found.isEmpty, profiles == nil { return found }
      }
    }
    return found
  }

  /// Whether a cell begins with the quote of the table.
  private func opensQuote(_ row: [UInt8], _ delimiter: [UInt8]) -> Bool {
    guard let quote, let last = delimiter.last else { return false }
    return row.indices.contains { row[$0] == quote && ($0 == 0 || row[$0 - 1] == last) }
  }

  private func hasValues(_ cells: [[UInt8]]) -> Bool {
    let values = cells.count { [.number, .moment].contains(CellKind(String(decoding: $0.prefix(64), as: UTF8.self))) }
    return values > 1
  }

  private func contains(_ row: [UInt8], _ delimiter: [UInt8]) -> Bool {
    var found = 0
    var at = 0
    while at + delimiter.count <= row.count {
      if row[at] == delimiter[0], row[at..<at + delimiter.count].elementsEqual(delimiter) {
        found += 1
        at += delimiter.count
        if found + 1 >= columnCount { return true }
      } else {
        at += 1
      }
    }
    return false
  }

  /// The ways to split `row` into as many cells as the table has, the most regular first.
  private func split(
    _ row: [UInt8], _ delimiter: [UInt8], _ quote: UInt8?, _ escape: UInt8?, doubts: Bool = true
  ) -> [[[UInt8]]] {
    var search = CellSearch(
      row: row, delimiter: delimiter, quote: quote, escape: escape, doubts: doubts, wanted: columnCount,
      most: profiles == nil ? 1 : 6)
    search.solve(from: 0)
    return search.solutions
  }
}
