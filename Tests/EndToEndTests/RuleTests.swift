import Foundation
import Testing

/// Rules of the pipeline's own, from the file to the tables.
@Suite struct RuleTests {
  private static let pipeline = """
    fieldtally: 1
    campaign: {id: small, title: Small, language: en, window: 2022-10-01/2022-12-31}
    roster: {units: units.csv}
    sources:
      - name: visits
        files: inbox/visits*.csv
        primary-key: [id]
        fields: [{name: id}, {name: unit}, {name: day, type: date}, {name: hours, type: number}]
        unit: unit
        date: day
      - name: ledger
        files: inbox/ledger*.csv
        fields:
          - {name: no, type: integer}
          - {name: unit}
          - {name: day, type: date}
          - {name: score, type: number}
          - {name: problems}
        unit: unit
        date: day
        visit: false
        findings: [{kind: problem, from: problems, split: numbered}]
    rules:
      - id: score-up-to-ten
        source: ledger
        require: score <= 10
        message: {zh: "得分 {score} 过高", en: "the score {score} is too high"}
      - id: many-problems
        source: ledger
        severity: warning
        when: score > 5
        require: (count of findings) < 3
      - id: visited
        source: ledger
        require: exists in visits where visits.unit = unit and visits.date = day
        field: unit
        message: the unit was not visited that day
      - id: quarterly-quota
        source: visits
        severity: warning
        per: [unit, quarter of day]
        require: count of records >= 1
        message: {en: "{unit} has no visit in {quarter of day}", zh: "{unit} {quarter of day} 无走访"}
      - id: same-day-once
        source: visits
        per: [unit, day]
        require: count of records = 1
      - id: short-problem
        source: ledger
        for: finding
        require: length(text) > 2
    """
  private static let units = "code,name\nU1,Alpha\nU2,Beta\nU3,Gamma\n"

  private func campaign(visits: String, ledger: String) throws -> SmallCampaign {
    let campaign = try SmallCampaign(
      pipeline: Self.pipeline, files: ["visits.csv": visits, "ledger.csv": ledger])
    try campaign.write("../units.csv", Self.units)
    return campaign
  }

  @Test func rulesOfARecordBetweenSourcesAndOfGroups() throws {
    let campaign = try campaign(
      visits: "id,unit,day,hours\n1,U1,2022-11-01,2\n2,U2,2022-11-02,3\n3,Beta,2022-11-02,1\n4,Gamma,2022-11-05,1\n",
      ledger:
        "no,unit,day,score,problems\n1,Alpha,2022-11-01,11,1. dust\n2,Alpha,2022-11-01,9,1. dust 2. noise 3. rust\n"
        + "3,U3,2022-11-06,1,\n4,U3,2022-11-05,,1. ok 2. grave\n")
    let finished = try campaign.run()
    #expect(finished.status == 1, "\(finished.errors)")
    // Of the visits two are of one unit on one day; of the ledger one has a score too high, one no visit.
    #expect(try campaign.sum("records") == ["read": 8, "accepted": 4, "rejected": 4])
    #expect(try campaign.sum("findings") == ["read": 6, "accepted": 4, "rejected": 2])
    let rejected = try campaign.output("rejected.csv")
    #expect(rejected.contains("ledger,ledger.csv,2,1,score,score-up-to-ten,the score 11.0 is too high,"), "\(rejected)")
    #expect(rejected.contains("ledger,ledger.csv,4,3,unit,visited,the unit was not visited that day,"), "\(rejected)")
    #expect(rejected.contains("visits,visits.csv,3,2,unit,same-day-once,"), "\(rejected)")
    #expect(rejected.contains("visits,visits.csv,4,3,unit,same-day-once,"), "\(rejected)")
    #expect(rejected.contains("ledger,ledger.csv,5,4,,short-problem,"), "\(rejected)")
    let notes = try campaign.output("notes.csv")
    #expect(notes.contains("ledger.csv,3,1,warning,warning,many-problems,many-problems,"), "\(notes)")
    #expect(!notes.contains("quarterly-quota"), "\(notes)")
    #expect(finished.errors.contains("[many-problems]"))
  }

  /// Rules of the ledger in place of those above, and the numbers of its records that they reject.
  @Test(arguments: [
    // More is asked than equal keys: a visit within the two days before.
    ("exists in visits where visits.unit = unit and visits.date <= day and days between visits.date and day <= 2", [3]),
    ("(count of visits where visits.unit = unit and visits.hours > score) = 0", [1]),
    ("(sum of visits.hours over visits where visits.unit = unit) < 5", [1, 2]),
    ("(max of visits.date over visits where visits.unit = unit) >= day", [3]),
    // Of its own source: a record does not find itself.
    ("(count of ledger where ledger.unit = unit) = 1", [3]),
    ("not exists in ledger where ledger.unit = unit and ledger.score > record.score", [1]),
    // What is counted within a record is kept for what needs other records.
    ("if (count of findings) > 1 then exists in visits where visits.id = `unit`", [2]),
    ("exists in visits where visits.id = no + 0", [] as [Int]),
  ])
  func looksUpOtherRecords(require: String, rejected: [Int]) throws {
    let head = try #require(Self.pipeline.range(of: "rules:\n"))
    let id = require.contains("no +") ? "{name: id, type: integer}" : "{name: id}"
    let sources = String(Self.pipeline[..<head.lowerBound]).replacingOccurrences(of: "{name: id}", with: id)
    let pipeline = sources + "rules: [{id: r, source: ledger, require: \"\(require)\"}]\n"
    let campaign = try SmallCampaign(
      pipeline: pipeline,
      files: [
        "visits.csv": "id,unit,day,hours\n1,U1,2022-11-01,2\n2,Alpha,2022-11-04,4\n3,Beta,2022-11-02,1\n",
        "ledger.csv": "no,unit,day,score,problems\n1,Alpha,2022-11-03,3,1. dust\n2,U1,2022-11-04,9,1. dust 2. noise\n"
          + "3,Beta,2022-11-06,1,1. dust\n",
      ])
    try campaign.write("../units.csv", Self.units)
    let finished = try campaign.run()
    let rows = try campaign.output("rejected.csv").split(separator: "\r\n").dropFirst()
    let lines = rows.compactMap { Int($0.split(separator: ",", omittingEmptySubsequences: false)[2]) }
    #expect(lines.map { $0 - 1 } == rejected, "\(finished.errors) \(rows)")
    #expect(try campaign.sum("records")["accepted"] == 6 - rejected.count)
    let checked = try campaign.call(["check", campaign.folder.path, "--json"])
    #expect(checked.status == (rejected.isEmpty ? 0 : 1), "\(checked.output)")
  }

  @Test func aQuotaNamesTheUnitThatHasNoRecord() throws {
    let campaign = try campaign(
      visits: "id,unit,day,hours\n1,U1,2022-11-01,2\n2,U2,2022-11-02,3\n", ledger: "no,unit,day,score,problems\n")
    let finished = try campaign.run()
    let notes = try campaign.output("notes.csv")
    #expect(notes.contains("quarterly-quota,Gamma has no visit in 2022-Q4,unit,\"Gamma, 2022-Q4\","), "\(notes)")
    // What stands in a cell stays out of logs.
    #expect(finished.errors.contains("[quarterly-quota]") && !finished.errors.contains("Gamma"), "\(finished.errors)")
  }

  /// Each fault stands at its token, in whatever way the scalar is written.
  @Test func faultsStandAtTheirTokenInThePipelineFile() throws {
    let rules = """
      rules:
        - id: plain
          source: visits
          require: day > 5
        - id: quoted
          source: visits
          require: "hours > day"
        - {id: single, source: visits, require: 'dai is blank'}
        - id: folded
          source: visits
          require: >-
            hours > 1
            and 单位 = 'x'
        - id: type-error
          source: visits
          require: hours > 1
      """
    let head = try #require(Self.pipeline.range(of: "rules:\n"))
    let campaign = try SmallCampaign(
      pipeline: String(Self.pipeline[..<head.lowerBound]) + rules, files: ["visits.csv": "id,unit,day,hours\n"])
    let finished = try campaign.run()
    #expect(finished.status == 78)
    let first = Self.pipeline[..<head.lowerBound].split(separator: "\n", omittingEmptySubsequences: false).count
    for (line, column, word) in [
      (4, 20, "[expression-type]"), (7, 23, "[expression-type]"), (8, 44, "Did you mean day?"), (13, 11, "单位"),
      (14, 9, "[pipeline-wrong-value]"),
    ] {
      let place = "pipeline.yaml:\(first + line - 1):\(column):"
      let found = finished.errors.split(separator: "\n").first { $0.contains(place) }
      #expect(found?.contains(word) == true, "\(place) \(finished.errors)")
    }
  }
}
