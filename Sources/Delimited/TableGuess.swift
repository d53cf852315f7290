import Campaign

/// Where the table begins and how many rows its header has, by the look of the first rows alone: a header is text over
/// numbers and days, and stands in as many columns as they do.
struct TableGuess {
  private(set) var skip = 0
  private(set) var height = 1
  let width: Int
  private let rows: [[HeaderCell]]
  private static let tallest = 3

  /// - Parameter rows: the first rows of the text; `nil` when nothing stands in them.
  init?(_ rows: [[HeaderCell]], _ options: DelimitedOptions) {
    self.rows = rows
    width = Self.usualWidth(rows.map { row in (row.count, row.allSatisfy(\.text.isEmpty)) })
    guard let first = options.skip ?? firstFullRow(), first < rows.count else { return nil }
    skip = first
    if let height = options.headerRows {
      self.height = min(height, rows.count - skip)
      return
    }
    if isDataRow(skip) {
      height = 0
      return
    }
    if options.skip == nil { takeRowsAbove() }
    takeRowsBelow()
  }

  /// Cells of most rows, where many cells count more than one.
  static func usualWidth(_ rows: [[String]]) -> Int {
    usualWidth(rows.map { row in (row.count, row.allSatisfy(\.isEmpty)) })
  }

  /// Where a second table of another width follows, the width of the first.
  private static func usualWidth(_ rows: [(count: Int, isBlank: Bool)]) -> Int {
    var places: [Int: [Int]] = [:]
    for (place, row) in rows.enumerated() where !row.isBlank { places[row.count, default: []].append(place) }
    let worth = { (width: Int, count: Int) in (width > 1 ? 1 - 1 / Double(width) : 0.05) * Double(count) }
    let ranked = places.sorted { (worth($0.key, $0.value.count), $0.key) > (worth($1.key, $1.value.count), $1.key) }
    guard let best = ranked.first else { return 0 }
    if ranked.count > 1 {
      let other = ranked[1]
      let isBefore = other.value.count { $0 < best.value[0] } * 10 >= other.value.count * 9
      if other.key > 1, other.value.count > 3, other.value.count * 2 >= best.value.count, isBefore { return other.key }
    }
    return best.key
  }

  private func filled(_ row: Int) -> Int { rows[row].count { !$0.text.isEmpty } }

  private func firstFullRow() -> Int? {
    let least = { (share: Int) in max(1, width * share / 10) }
    let isFull = { (row: Int, share: Int) in
      rows[row].count >= least(7) && filled(row) >= min(least(share), rows[row].count)
        && (width < 2 || filled(row) > 1)
    }
    return rows.indices.first { isFull($0, 6) } ?? rows.indices.first { isFull($0, 3) }
      ?? rows.indices.first { filled($0) > 0 }
  }

  /// The kind of which at least four of five cells of a column are, from row `first` on; `nil` when it is text or mixed.
  private func kinds(from first: Int) -> [CellKind?] {
    let below = rows.dropFirst(first).filter { $0.count * 10 >= width * 7 }
    return (0..<width).map { column in
      var counts: [CellKind: Int] = [:]
      var all = 0
      for row in below where column < row.count {
        let kind = CellKind(row[column].text)
        guard kind != .blank else { continue }
        counts[kind, default: 0] += 1
        all += 1
      }
      guard let usual = counts.max(by: { $0.value < $1.value }), usual.key != .text else { return nil }
      return usual.value * 5 >= all * 4 ? usual.key : nil
    }
  }

  private func kind(_ row: Int, _ column: Int) -> CellKind {
    column < rows[row].count ? CellKind(rows[row][column].text) : .blank
  }

  /// Whether what seems to be the header looks like the rows below it.
  private func isDataRow(_ row: Int) -> Bool {
    guard row + 1 < rows.count else { return false }
    let kinds = kinds(from: row + 1)
    let typed = kinds.indices.filter { kinds[$0] != nil }
    if typed.isEmpty { return repeatsBelow(row) }
    let agreeing = typed.filter { kind(row, $0) == kinds[$0] }
    if typed.contains(where: { kind(row, $0) == .text }) { return false }
    if agreeing.allSatisfy({ isYear(rows[row][$0].text) }) { return false }
    return agreeing.count * 2 >= typed.count
  }

  private func isYear(_ text: String) -> Bool {
    guard let year = Int(text) else { return false }
    return (1900...2100).contains(year)
  }

  /// In a table of text alone: whether half of its cells stand below in the same column again.
  private func repeatsBelow(_ row: Int) -> Bool {
    let labels = rows[row].map(\.text)
    guard Set(labels).count == labels.count else { return false }
    let others = rows.dropFirst(row + 1).filter { $0.map(\.text) != labels }
    let repeated = labels.indices.count { column in
      !labels[column].isEmpty && others.contains { column < $0.count && $0[column].text == labels[column] }
    }
    return others.count > 3 && repeated * 2 >= labels.count && repeated > 0
  }

  /// Rows of merged cells right above the header: 基本情况 over 单位 and 日期.
  private mutating func takeRowsAbove() {
    while skip > 0, height < Self.tallest {
      let above = skip - 1
      let isText = rows[above].indices.allSatisfy { [.text, .blank].contains(kind(above, $0)) }
      guard isText, filled(above) > 1, filled(above) * 3 > width, rows[above].count * 10 >= width * 7 else { return }
      skip = above
      height += 1
    }
  }

  private mutating func takeRowsBelow() {
    while height < Self.tallest, skip + height + 1 < rows.count, isHeaderRow(skip + height) { height += 1 }
  }

  /// Whether `row`, right below a header row, is one too: text where the rows below have numbers and days.
  private func isHeaderRow(_ row: Int) -> Bool {
    guard rows[row].count * 10 >= width * 7, !recursBelow(row) else { return false }
    let kinds = kinds(from: row + 1)
    let typed = kinds.indices.filter { kinds[$0] != nil }
    let found = typed.map { kind(row, $0) }
    guard !typed.isEmpty, found.allSatisfy({ $0 == .text || $0 == .blank }) else { return false }
    let texts = found.count { $0 == .text }
    if texts >= 2, texts * 5 >= typed.count * 3 { return true }
    // Options of a question under its text, which stands over the first of them.
    let fillsGaps = rows[row].indices.contains {
      $0 < rows[row - 1].count && rows[row - 1][$0].text.isEmpty
        && !rows[row][$0].text.isEmpty
    }
    let hasGap = typed.contains { kind(row, $0) == .blank && isAlwaysFilled($0, from: row + 1) }
    return fillsGaps && hasGap
  }

  /// Whether several cells of `row` stand again in any column below all rows of the header, as values do and labels do not.
  private func recursBelow(_ row: Int) -> Bool {
    let cells = rows[row].map(\.text)
    let below = rows.dropFirst(max(row + 1, skip + Self.tallest)).map { $0.map(\.text) }.filter { $0 != cells }
    let texts = Set(below.joined())
    let recurring = cells.count { !$0.isEmpty && texts.contains($0) }
    return recurring > 1 && recurring * 3 >= filled(row)
  }

  private func isAlwaysFilled(_ column: Int, from first: Int) -> Bool {
    rows.dropFirst(first).allSatisfy { column < $0.count && !$0[column].text.isEmpty || $0.count == 1 }
  }
}
