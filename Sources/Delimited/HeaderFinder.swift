import Campaign
import Diagnostics

/// Where the header of a table stands among the first rows of its text.
struct HeaderPlace {
  /// Rows above it.
  var skip: Int
  /// Rows of the header.
  var height: Int
  var columns: Columns

  /// Gives columns that most rows have and the header has not a place at its end.
  mutating func widen(toMostOf rows: [[String]]) {
    let width = TableGuess.usualWidth(rows)
    let filled = rows.filter { !$0.allSatisfy(\.isEmpty) }
    guard filled.count(where: { $0.count == width }) * 2 > filled.count else { return }
    while columns.labels.count < width {
      columns.labels.append("")
      columns.fieldOfColumn.append(nil)
    }
  }
}

struct HeaderFinder {
  private static let tallest = 3

  let names: FieldNames
  let options: DelimitedOptions
  let fieldCount: Int
  /// Whether the rows may say that there is no header, or one of several rows. Only where nobody says what a file should
  /// hold: a list whose header was lost is better refused than read.
  let guessesHeight: Bool

  /// Rows from the top among which the header is looked for.
  var searchedRows: Int { max(60, (options.skip ?? 0) + (options.headerRows ?? Self.tallest)) }

  init(_ fields: [Field], _ options: DelimitedOptions, guessesHeight: Bool = false) {
    self.guessesHeight = guessesHeight
    names = FieldNames(fields)
    self.options = options
    fieldCount = fields.count
  }

  /// The header among `texts`, the first rows of the text as strings; `nil` when no row matches a field.
  func find(in texts: [[String]]) -> HeaderPlace? {
    if texts.count > Self.early, let place = findComplete(in: texts.prefix(Self.early)) { return place }
    return findAmongAll(texts)
  }

  /// The same where `findComplete` found none.
  func findAmongAll(_ texts: [[String]]) -> HeaderPlace? {
    if options.headerRows == 0 { return withoutHeader(texts) }
    if names.isEmpty { return findByShape(texts) }
    let rows = texts.map { $0.map(HeaderCell.init) }
    let skips = options.skip.map { $0..<($0 + 1) } ?? 0..<min(rows.count, searchedRows)
    return search(rows, skips).map { extended($0, rows) }
  }

  /// Rows that are looked at before all others.
  static let early = 8

  /// The header, when one of the first `early` rows names all fields: no row below, of which there are some, can name more.
  func findComplete(in texts: ArraySlice<[String]>) -> HeaderPlace? {
    guard !names.isEmpty, options.skip == nil, 1...Self.tallest ~= options.headerRows ?? 1 else { return nil }
    let rows = texts.map { $0.map(HeaderCell.init) }
    let place = search(rows, 0..<Self.early - Self.tallest)
    guard let place, place.columns.matchCount == fieldCount else { return nil }
    return extended(place, rows)
  }

  /// The rows that name the most fields, the first of those that name as many.
  private func search(_ rows: [[HeaderCell]], _ skips: Range<Int>) -> HeaderPlace? {
    var best: HeaderPlace?
    for height in heights where best?.columns.matchCount ?? 0 < fieldCount {
      for skip in skips where skip + height <= rows.count {
        if height == 1, names.matchCount(in: rows[skip]) <= best?.columns.matchCount ?? 0 { continue }
        let columns = names.columns(of: rows[skip..<skip + height], usesTops: options.headerRows != nil)
        if columns.matchCount > best?.columns.matchCount ?? 0 {
          best = HeaderPlace(skip: skip, height: height, columns: columns)
        }
      }
    }
    return best
  }

  private var heights: ClosedRange<Int> {
    options.headerRows.map { $0...$0 } ?? 1...Self.tallest
  }

  /// Takes a header row in a further language below `place` into the header.
  private func extended(_ place: HeaderPlace, _ rows: [[HeaderCell]]) -> HeaderPlace {
    var place = place
    while options.headerRows == nil, place.height < Self.tallest, place.skip + place.height < rows.count {
      let next = place.skip + place.height
      let below = names.columns(of: rows[next...next], usesTops: false)
      let agreeing = zip(below.fieldOfColumn, place.columns.fieldOfColumn).count { $0 != nil && $0 == $1 }
      let isRepeated = rows[next].map(\.text) == rows[next - 1].map(\.text)
      guard agreeing >= max(2, place.columns.matchCount / 2), !isRepeated else { break }
      place.height += 1
      place.columns.labels = names.columns(of: rows[place.skip...next], usesTops: true).labels
    }
    return place
  }

  /// Columns are the fields in their order.
  private func withoutHeader(_ rows: [[String]]) -> HeaderPlace? {
    let skip = options.skip ?? 0
    return withoutHeader(
      skip: skip, width: fieldCount > 0 ? fieldCount : usualWidth(rows.dropFirst(skip).map(\.count)))
  }

  private func withoutHeader(skip: Int, width: Int) -> HeaderPlace {
    HeaderPlace(
      skip: skip, height: 0,
      columns: Columns(
        labels: (0..<width).map { "\($0 + 1)" }, fieldOfColumn: (0..<width).map { fieldCount > 0 ? $0 : nil },
        columnOfField: (0..<Int32(fieldCount)).map { $0 }))
  }

  /// Without fields: the first row that fills more than a third of the columns that most rows have.
  private func findByShape(_ texts: [[String]]) -> HeaderPlace? {
    if guessesHeight, options.skip == nil || options.headerRows == nil {
      let rows = texts.map { $0.map(HeaderCell.init) }
      if let guess = TableGuess(rows, options) {
        if guess.height == 0 { return withoutHeader(skip: guess.skip, width: guess.width) }
        return place(skip: guess.skip, height: guess.height, texts)
      }
    }
    let width = usualWidth(texts.map(\.count))
    let found = texts.indices.first { row in
      texts[row].count { !trimmed($0).isEmpty } * 3 > min(width, texts[row].count) && texts[row].count * 2 > width
    }
    guard let skip = options.skip ?? found, skip < texts.count else { return nil }
    return place(skip: skip, height: min(options.headerRows ?? 1, texts.count - skip), texts)
  }

  private func place(skip: Int, height: Int, _ texts: [[String]]) -> HeaderPlace {
    let rows = texts[skip..<skip + height].map { $0.map(HeaderCell.init) }
    return HeaderPlace(skip: skip, height: height, columns: names.columns(of: rows[...], usesTops: true))
  }

  /// Number of cells that most rows have, the larger of two that are as common.
  private func usualWidth(_ widths: [Int]) -> Int {
    var counts: [Int: Int] = [:]
    for width in widths { counts[width, default: 0] += 1 }
    return counts.max { ($0.value, $0.key) < ($1.value, $1.key) }?.key ?? 0
  }
}
