import Records

// How much a reading looks like a table. After G. J. J. van den Burg, A. Nazábal, C. Sutton, "Wrangling messy CSV files by
// detecting row and type patterns" (2019): rows that are alike, times cells that are whole.
extension DialectSniffer.Reading {
  mutating func judge(_ bytes: [UInt8]) {
    let widths = Self.firstTable(rows.rows.filter { $0.rawEnd > $0.rawStart }.map { Int($0.cellCount) })
    let filled = widths.count
    guard let usual = Self.ranked(widths).first else { return }
    width = usual.width
    agreeingRows = usual.places.count
    agreement = Double(agreeingRows) / Double(filled)
    let faulty = Double(min(faults, filled)) / Double(filled)
    // A list inside a cell has its own marks, and they too may be equally many in each row, but not in the header.
    let headerBonus = widths.first == width ? 1.15 : 1
    consistency = headerBonus * agreement * agreement * (1 - 1 / Double(width)) * wholeness(bytes) * (1 - faulty / 2)
  }

  /// Numbers of cells above one, those that count most first: many rows, and many cells.
  private static func ranked(_ widths: [Int]) -> [(width: Int, places: [Int])] {
    // No dictionary: its first use costs more than all of this.
    var groups: [(width: Int, places: [Int])] = []
    for place in widths.indices.filter({ widths[$0] > 1 }).sorted(by: { (widths[$0], $0) < (widths[$1], $1) }) {
      if groups.last?.width != widths[place] { groups.append((widths[place], [])) }
      groups[groups.count - 1].places.append(place)
    }
    let worth = { (width: Int, count: Int) in (1 - 1 / Double(width)) * Double(count) }
    return groups.sorted { (worth($0.width, $0.places.count), $0.width) > (worth($1.width, $1.places.count), $1.width) }
  }

  /// The rows above a second table, when all rows of one width stand above all of another.
  private static func firstTable(_ widths: [Int]) -> [Int] {
    let ranked = ranked(widths)
    guard ranked.count > 1, ranked[1].places.count > 3 else { return widths }
    for (one, other) in [(ranked[0], ranked[1]), (ranked[1], ranked[0])] {
      let above = one.places.count { $0 < other.places[0] }
      if above * 10 >= one.places.count * 9 { return Array(widths[..<other.places[0]]) }
    }
    return widths
  }

  /// Mean over the cells of the first rows.
  private func wholeness(_ bytes: [UInt8]) -> Double {
    let considered = 20_000
    var sum = 0.0
    let span = bytes.span
    let cells = rows.cells.prefix(considered)
    for cell in cells {
      sum += CellKind.wholeness(span, Int(cell.start)..<Int(cell.start) + Int(cell.count))
    }
    return cells.isEmpty ? 0 : sum / Double(cells.count)
  }

  /// Whether nearly every row is one cell with a number or a time.
  func isColumnOfValues(_ bytes: [UInt8]) -> Bool {
    let texts = rows.texts(bytes, count: 50).filter { !$0.joined().isEmpty }
    let values = texts.count { $0.count == 1 && [.number, .moment].contains(CellKind($0[0])) }
    return values * 10 > texts.count * 7
  }

  /// Cells that begin with `quote`, or that end with it where these are fewer.
  func quotedCells(_ quote: UInt8, _ bytes: [UInt8]) -> Int {
    var opening = 0
    var closing = 0
    for cell in rows.cells where cell.count > 0 {
      let start = Int(cell.start)
      if start > 0, bytes[start - 1] == dialect.quote { continue }
      if bytes[firstInk(bytes.span, start..<start + Int(cell.count) - 1)] == quote { opening += 1 }
      if bytes[start + Int(cell.count) - 1] == quote { closing += 1 }
    }
    return min(opening, closing)
  }

  /// The share of the places between cells where `wide` stands, which holds the delimiter.
  func share(of wide: [UInt8], in bytes: [UInt8], limit: Int) -> Double {
    let lead = wide[0] == dialect.delimiter[0] ? 0 : 1
    var places = 0
    var matching = 0
    var previous = -2
    for row in rows.rows where row.cellCount > 1 {
      for index in Int(row.firstCell) + 1..<Int(row.firstCell) + Int(row.cellCount) {
        var at = Int(rows.cells[index].start) - 1
        if at >= 0, bytes[at] == dialect.quote { at -= 1 }
        guard at >= 0, at < limit, bytes[at] == dialect.delimiter[0] else { continue }
        if wide[0] == wide[wide.count - 1], wide.count == 2, at == previous + 1 { continue }  // the second of two
        places += 1
        previous = at
        let from = at - lead
        // A space at the end of a line may have been cut off by an editor.
        let isAtEnd = at + 1 >= limit || bytes[at + 1] == 0x0A || bytes[at + 1] == 0x0D
        if from >= 0, from + wide.count <= limit, bytes[from..<from + wide.count].elementsEqual(wide) {
          matching += 1
        } else if isAtEnd, wide.last == 0x20 {
          places -= 1
        }
      }
    }
    return places == 0 ? 0 : Double(matching) / Double(places)
  }
}
