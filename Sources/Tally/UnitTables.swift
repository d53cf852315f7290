import Campaign
import Diagnostics
import Records
import Tables

// Tables whose rows are those of a list: units, regions, teams, methods, categories, coverage.
extension Tallier {
  var language: Language { input.campaign.language }
  var roster: Roster { input.lists.roster }

  func unitsTable() -> Table {
    let units = roster.units.count
    let rows = MadeRows(units + (tally.withoutUnit.records > 0 ? 1 : 0)) { unit, row in
      if unit == units { return appendUnnamed(tally.withoutUnit, leadingBlanks: 10, to: &row) }
      appendUnit(unit, to: &row)
      row.append(roster.units[unit].type)
      row.append(roster.units[unit].isPlanned)
      row.append(tally.units[unit].isVisited)
      row.append(visits.figures.units[unit].visits)
      row.append(visits.figures.units[unit].others)
      row.append(visits.figures.units[unit].first)
      row.append(visits.figures.units[unit].last)
      row.append(tally.units[unit].records)
      row.append(tally.units[unit].findings)
    }
    return Table(
      name: "units", title: LocalizedText(zh: "单位", en: "Units"),
      columns: Column.unit + Column.region + [
        Column("type", zh: "类型", en: "Type", .text), Column("planned", zh: "计划内", en: "Planned", .boolean),
        Column("inspected", zh: "已督查", en: "Inspected", .boolean),
        Column("visits", zh: "走访次数", en: "Visits", .integer), Column("teams", zh: "督查组数", en: "Teams", .integer),
        Column("first_visit", zh: "首次走访", en: "First visit", .date),
        Column("last_visit", zh: "末次走访", en: "Last visit", .date),
        Column("records", zh: "记录数", en: "Records", .integer),
      ] + Column.findingCounts,
      rows: rows,
      chart: Chart(
        title: LocalizedText(zh: "各单位亮点与问题", en: "Highlights and problems per unit"), labels: "unit_name",
        values: ["highlights", "problems"]))
  }

  /// A row for records that name no unit, so that the column adds up.
  private func appendUnnamed(_ figures: Figures, leadingBlanks: Int, to row: inout TableRow) {
    row.appendBlank()
    row.append(LocalizedText(zh: "（未注明单位）", en: "(no unit named)")[language])
    for _ in 0..<leadingBlanks - 1 { row.appendBlank() }
    row.append(figures.records)
    row.append(figures.findings)
  }

  func appendUnit(_ unit: Int?, to row: inout TableRow) {
    row.append(code: unit.map { roster.units[$0].code }, label: unit.map { roster.units[$0].name[language] })
    appendRegion(unit.flatMap { roster.units[$0].region }, to: &row)
  }

  func appendRegion(_ region: Int?, to row: inout TableRow) {
    row.append(code: region.map { roster.regions[$0].code }, label: region.map { roster.regions[$0].name[language] })
  }

  /// Every region with all that is below it: a row counts its own units and those of the regions under it.
  func regionsTable() -> Table {
    var sums = [RegionFigures](repeating: RegionFigures(), count: roster.regions.count)
    var without = RegionFigures()
    for unit in roster.units.indices {
      let figures = RegionFigures(
        unit: tally.units[unit], isPlanned: roster.units[unit].isPlanned,
        visits: visits.figures.units[unit].visits)
      var region = roster.units[unit].region
      if region == nil { without.merge(figures) }
      while let here = region {
        sums[here].merge(figures)
        region = roster.regions[here].parent
      }
    }
    var rows = roster.regions.indices.map { region -> TableRow in
      var row = TableRow()
      appendRegion(region, to: &row)
      appendRegion(roster.regions[region].parent, to: &row)
      row.append(level(of: region))
      sums[region].append(to: &row)
      return row
    }
    if without.units > 0, !roster.regions.isEmpty || without.figures.records > 0 {
      var row = TableRow()
      row.appendBlank()
      row.append(LocalizedText(zh: "（未注明地区）", en: "(no region)")[language])
      for _ in 0..<3 { row.appendBlank() }
      without.append(to: &row)
      rows.append(row)
    }
    return Table(
      name: "regions", title: LocalizedText(zh: "地区", en: "Regions"),
      columns: Column.region + [
        Column("parent", zh: "上级代码", en: "Parent code", .code), Column("parent_name", zh: "上级", en: "Parent", .text),
        Column("level", zh: "层级", en: "Level", .integer), Column("units", zh: "单位数", en: "Units", .integer),
        Column("units_planned", zh: "计划单位数", en: "Units planned", .integer),
        Column("units_inspected", zh: "已督查单位数", en: "Units inspected", .integer),
        Column("visits", zh: "走访次数", en: "Visits", .integer), Column("records", zh: "记录数", en: "Records", .integer),
      ] + Column.findingCounts, rows: HeldRows(rows))
  }

  /// 1 for a region without a parent.
  private func level(of region: Int) -> Int {
    var level = 1
    var here = roster.regions[region].parent
    while let parent = here {
      level += 1
      here = roster.regions[parent].parent
    }
    return level
  }

  func teamsTable() -> Table {
    let rows = roster.teams.indices.map { team -> TableRow in
      var row = TableRow()
      row.append(code: roster.teams[team].code, label: roster.teams[team].name[language])
      row.append(roster.units.count { $0.team == team && $0.isPlanned })
      row.append(visits.figures.teams[team].others)
      row.append(visits.figures.teams[team].visits)
      row.append(visits.figures.teams[team].first)
      row.append(visits.figures.teams[team].last)
      row.append(tally.teams[team].records)
      row.append(tally.teams[team].findings)
      return row
    }
    return Table(
      name: "teams", title: LocalizedText(zh: "督查组", en: "Teams"),
      columns: Column.team + [
        Column("units_planned", zh: "计划单位数", en: "Units planned", .integer),
        Column("units_inspected", zh: "已督查单位数", en: "Units inspected", .integer),
        Column("visits", zh: "走访次数", en: "Visits", .integer),
        Column("first_visit", zh: "首次走访", en: "First visit", .date),
        Column("last_visit", zh: "末次走访", en: "Last visit", .date),
        Column("records", zh: "记录数", en: "Records", .integer),
      ] + Column.findingCounts, rows: HeldRows(rows))
  }

  func methodsTable() -> Table {
    let methods = input.lists.methods.entries
    let rows = methods.indices.map { method -> TableRow in
      var row = TableRow()
      row.append(code: methods[method].code, label: methods[method].label[language])
      row.append(visits.figures.methods[method].others)
      row.append(visits.figures.methods[method].visits)
      row.append(tally.methods[method].records)
      row.append(tally.methods[method].findings)
      return row
    }
    return Table(
      name: "methods", title: LocalizedText(zh: "督查方式", en: "Methods"),
      columns: [
        Column("method", zh: "方式代码", en: "Method code", .code), Column("method_name", zh: "方式", en: "Method", .text),
        Column("units_inspected", zh: "已督查单位数", en: "Units inspected", .integer),
        Column("visits", zh: "走访次数", en: "Visits", .integer), Column("records", zh: "记录数", en: "Records", .integer),
      ] + Column.findingCounts, rows: HeldRows(rows))
  }

  func categoriesTable() -> Table {
    let categories = input.lists.categories.entries
    var rows = categories.indices.map { category -> TableRow in
      var row = TableRow()
      row.append(code: categories[category].code, label: categories[category].label[language])
      row.append(tally.categories[category])
      row.append(tally.categories[category].total)
      return row
    }
    if tally.withoutCategory.total > 0 {
      var row = TableRow()
      row.appendBlank()
      row.append(LocalizedText(zh: "（未分类）", en: "(no category)")[language])
      row.append(tally.withoutCategory)
      row.append(tally.withoutCategory.total)
      rows.append(row)
    }
    return Table(
      name: "categories", title: LocalizedText(zh: "类别", en: "Categories"),
      columns: [
        Column("category", zh: "类别代码", en: "Category code", .code),
        Column("category_name", zh: "类别", en: "Category", .text),
      ] + Column.findingCounts + [Column("findings", zh: "发现数", en: "Findings", .integer)], rows: HeldRows(rows))
  }

  func coverageTable() -> Table {
    let units = roster.units.indices.filter { coverage.states[$0] != .notPlanned }
    let rows = MadeRows(units.count) { number, row in
      let unit = units[number]
      appendUnit(unit, to: &row)
      row.append(code: coverage.states[unit].code, label: coverage.states[unit].label[language])
      let planned = roster.units[unit].team
      row.append(code: planned.map { roster.teams[$0].code }, label: planned.map { roster.teams[$0].name[language] })
      row.append(
        visits.figures.teams(ofUnit: unit).map { roster.teams[$0].name[language] }
          .joined(separator: language == .zh ? "、" : ", ")
      )
      row.append(visits.figures.units[unit].visits)
      row.append(visits.figures.units[unit].first)
    }
    return Table(
      name: "coverage", title: LocalizedText(zh: "覆盖情况", en: "Coverage"),
      columns: Column.unit + Column.region + [
        Column("state", zh: "状态代码", en: "State code", .code), Column("state_name", zh: "状态", en: "State", .text),
        Column("planned_team", zh: "计划督查组代码", en: "Planned team code", .code),
        Column("planned_team_name", zh: "计划督查组", en: "Planned team", .text),
        Column("visited_by", zh: "实际督查组", en: "Visited by", .text),
        Column("visits", zh: "走访次数", en: "Visits", .integer),
        Column("first_visit", zh: "首次走访", en: "First visit", .date),
      ], rows: rows)
  }
}

/// What is counted of a region.
private struct RegionFigures {
  var units = 0
  var planned = 0
  var inspected = 0
  var visits = 0
  var figures = Figures()

  init() {}

  init(unit: Figures, isPlanned: Bool, visits: Int) {
    units = 1
    planned = isPlanned ? 1 : 0
    inspected = unit.isVisited ? 1 : 0
    self.visits = visits
    figures = unit
  }

  mutating func merge(_ other: RegionFigures) {
    units += other.units
    planned += other.planned
    inspected += other.inspected
    visits += other.visits
    figures.merge(other.figures)
  }

  func append(to row: inout TableRow) {
    for count in [units, planned, inspected, visits, figures.records] { row.append(count) }
    row.append(figures.findings)
  }
}
