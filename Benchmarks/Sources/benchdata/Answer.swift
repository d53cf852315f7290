/// The right answer, counted while the data is made: lines `rows n`, `duplicates n`, `rejected REASON n` and
/// `tally UNIT KIND CATEGORY n`, separated by tabs and sorted as bytes.
struct Answer {
  var rows = 0
  var duplicates = 0
  var rejected: [String: Int] = [:]
  private var tally: [Int]

  init(units: Int) { tally = Array(repeating: 0, count: units * Self.cells) }

  private static let cells = Words.kinds.count * Words.categories.count

  mutating func count(unit: Int, kind: Int, category: Int) {
    tally[unit * Self.cells + kind * Words.categories.count + category] += 1
  }

  mutating func reject(_ reason: String) { rejected[reason, default: 0] += 1 }

  func write(to path: String, _ roster: Roster) throws {
    var lines = ["rows\t\(rows)", "duplicates\t\(duplicates)"]
    for (reason, count) in rejected { lines.append("rejected\t\(reason)\t\(count)") }
    for (cell, count) in tally.enumerated() where count > 0 {
      let (unit, rest) = cell.quotientAndRemainder(dividingBy: Self.cells)
      let (kind, category) = rest.quotientAndRemainder(dividingBy: Words.categories.count)
      lines.append(
        "tally\t\(roster.units[unit].code)\t\(Words.kinds[kind].code)\t\(Words.categories[category])\t\(count)")
    }
    var file = try OutputFile(path)
    for line in lines.map({ text($0) }).sorted(by: { $0.lexicographicallyPrecedes($1) }) {
      file.buffer.append(contentsOf: line)
      file.buffer.append(UInt8(ascii: "\n"))
    }
    try file.close()
  }
}
