import Campaign
import Tables

/// Leaves small counts out of the statistics, and those that would give them away: `privacy.threshold` of the pipeline.
/// A count that is left out is `*`.
struct SmallCounts {
  private var suppression: CellSuppression
  /// Places of the cells, by table, row and column.
  private var places: [Place: Int] = [:]
  private let roster: Roster

  private struct Place: Hashable {
    var table: String
    var row: Int
    var column: String
  }

  static let mark = "*"
  /// Counts of what people said and of when they were asked. How many units and teams there are is no secret.
  private static let counts: Set<String> = [
    "visits", "records", "highlights", "problems", "suggestions", "findings",
  ]
  /// Those that are made to be published. The others are for the office, which has the records too.
  static let tables: Set<String> = ["summary", "units", "regions", "teams", "methods", "categories", "blanks"]
  private static let summaryItems: Set<String> = ["visits", "highlights", "problems", "suggestions"]

  /// - Parameters:
  ///   - tables: all that there are.
  ///   - isPublished: by name.
  static func leftOut(
    of tables: [Table], threshold: Int, roster: Roster, isPublished: (String) -> Bool
  ) throws -> [Table] {
    var counts = SmallCounts(suppression: CellSuppression(threshold: threshold), roster: roster)
    var rows: [String: [TableRow]] = [:]
    for table in tables where Self.tables.contains(table.name) {
      var all: [TableRow] = []
      try table.rows.forEachRow { all.append(copy $0) }
      rows[table.name] = all
      counts.add(table, all, isPublished: isPublished(table.name))
    }
    counts.relate(tables, rows)
    counts.suppression.run()
    return tables.map { table in rows[table.name].map { counts.marked(table, $0) } ?? table }
  }

  private init(suppression: CellSuppression, roster: Roster) {
    self.suppression = suppression
    self.roster = roster
  }

  private mutating func add(_ table: Table, _ rows: [TableRow], isPublished: Bool) {
    for (place, column) in table.columns.enumerated() {
      for (number, row) in rows.enumerated() {
        guard case .integer(let value) = row.cells[place] else { continue }
        if table.name == "summary" {
          let item = row.string(3) ?? ""
          // How many records there are, and what became of them, is the proof of the run: it stands there always.
          let isProof = item == "records-tallied"
          guard column.id == "value", Self.summaryItems.contains(item) || isProof else { continue }
          let cell = suppression.add(.init(value: value, isPublished: true, isFixed: isProof))
          places[Place(table: "summary", row: 0, column: isProof ? "records" : item)] = cell
        } else if Self.counts.contains(column.id) || table.name == "blanks" && column.id == "cells" {
          places[Place(table: table.name, row: number, column: column.id)] = suppression.add(
            .init(value: value, isPublished: isPublished))
        }
      }
    }
  }

  // MARK: sums

  private mutating func relate(_ tables: [Table], _ rows: [String: [TableRow]]) {
    func cells(_ table: String, _ column: String, _ rows: some Sequence<Int>) -> [Int] {
      rows.compactMap { places[Place(table: table, row: $0, column: column)] }
    }
    func all(_ table: String) -> Range<Int> { 0..<(rows[table]?.count ?? 0) }
    for column in ["visits", "records", "highlights", "problems", "suggestions"] {
      let whole = places[Place(table: "summary", row: 0, column: column)]
      let tops = relateRegions(column)
      guard let whole else { continue }
      // A region that no table shows hides its units.
      let unnamed = cells("units", column, roster.units.count..<max(roster.units.count, all("units").count))
      suppression.add(total: whole, parts: tops + unnamed)
      suppression.add(total: whole, parts: cells("units", column, all("units")))
      // A visit may have been by two methods.
      for table in column == "visits" ? ["teams"] : ["teams", "methods"] {
        add(total: whole, parts: cells(table, column, all(table)))
      }
      if !["visits", "records"].contains(column) {
        suppression.add(total: whole, parts: cells("categories", column, all("categories")))
      }
    }
    for row in all("categories") {
      guard let total = places[Place(table: "categories", row: row, column: "findings")] else { continue }
      let kinds = ["highlights", "problems", "suggestions"]
      suppression.add(
        total: total, parts: kinds.compactMap { places[Place(table: "categories", row: row, column: $0)] })
    }
  }

  /// A region is its own units and the regions right below it.
  ///
  /// - Returns: what stands below no region of the roster.
  private mutating func relateRegions(_ column: String) -> [Int] {
    var parts = [[Int]](repeating: [], count: roster.regions.count)
    var tops: [Int] = []
    for unit in roster.units.indices {
      guard let cell = places[Place(table: "units", row: unit, column: column)] else { continue }
      if let region = roster.units[unit].region { parts[region].append(cell) } else { tops.append(cell) }
    }
    for region in roster.regions.indices {
      guard let cell = places[Place(table: "regions", row: region, column: column)] else { continue }
      if let parent = roster.regions[region].parent { parts[parent].append(cell) } else { tops.append(cell) }
    }
    for region in roster.regions.indices {
      if let total = places[Place(table: "regions", row: region, column: column)] {
        suppression.add(total: total, parts: parts[region])
      }
    }
    // The row of units without a region, if there is one.
    let last = roster.regions.count
    let loose = roster.units.indices.filter { roster.units[$0].region == nil }.compactMap {
      places[Place(table: "units", row: $0, column: column)]
    }
    if let without = places[Place(table: "regions", row: last, column: column)] {
      suppression.add(total: without, parts: loose)
    }
    return tops
  }

  /// With what is in none of the parts as one more, which no table shows.
  private mutating func add(total: Int, parts: [Int]) {
    guard !parts.isEmpty else { return }
    let rest = suppression.cells[total].value - parts.reduce(0) { $0 + suppression.cells[$1].value }
    let others = rest == 0 ? [] : [suppression.add(.init(value: rest, isPublished: false))]
    suppression.add(total: total, parts: parts + others)
  }

  // MARK: tables

  private func marked(_ table: Table, _ rows: [TableRow]) -> Table {
    func isLeftOut(_ row: Int, _ column: String) -> Bool {
      places[Place(table: table.name, row: row, column: column)].map { suppression.isLeftOut[$0] } ?? false
    }
    var table = table
    table.rows = HeldRows(
      rows.enumerated().map { number, row in
        var marked = TableRow()
        for (place, column) in table.columns.enumerated() {
          let isSummary = table.name == "summary" && column.id == "value"
          let hidesDays = ["first_visit", "last_visit"].contains(column.id) && isLeftOut(number, "visits")
          if isSummary ? isLeftOut(0, row.string(3) ?? "") : isLeftOut(number, column.id) || hidesDays {
            marked.append(Self.mark)
          } else {
            marked.append(row.cells[place], of: row)
          }
        }
        return marked
      })
    return table
  }
}
