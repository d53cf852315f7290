import Foundation
import Testing

/// Checks of field work: each on records of which the answers are worked out by hand.
@Suite struct FieldCheckTests {
  private static func pipeline(_ checks: String) -> String {
    """
    fieldtally: 1
    campaign: {id: small, title: Small, language: en, window: 2022-11-01/2022-11-15}
    sources:
      - &source
        name: visits
        files: inbox/visits*.csv
        visit: false
        team: team
        fields: &fields
          - {name: id}
          - {name: team}
          - {name: start, type: datetime}
          - {name: end, type: datetime}
          - {name: place}
          - {name: score, type: number}
          - {name: q1}
          - {name: q2, type: integer}
          - {name: q3, type: integer}
          - {name: day, type: date}
      - {name: again, files: inbox/again*.csv, visit: false, team: team, fields: *fields}
    checks:
      - {\(checks)}
    """
  }
  private static let header = "id,team,start,end,place,score,q1,q2,q3,day\n"

  private struct Row: CustomTestStringConvertible {
    var check: String
    var visits: [String]
    var again: [String] = []
    /// `line field found expected` of the notes.
    var notes: [String]
    var table: [String] = []
    var testDescription: String { check }
  }

  /// Times on 2022-11-03.
  private static func at(_ clock: String) -> String { "2022-11-03T\(clock):00" }

  private static let rows: [Row] = [
    // 10 and 200 minutes; exactly 20 is long enough; the third ends before it begins.
    Row(
      check: "check: duration, source: visits, start: start, end: end, minimum: 20 min, maximum: 3 h",
      visits: [
        "1,T1,\(at("08:00")),\(at("08:10")),,,,,,", "2,T1,\(at("08:00")),\(at("08:20")),,,,,,",
        "3,T1,\(at("09:00")),\(at("08:00")),,,,,,", "4,T1,\(at("08:00")),\(at("11:20")),,,,,,",
        "5,T1,,\(at("11:20")),,,,,,",
      ],
      notes: [
        "2,end,10 min,20–180 minutes", "4,end,'-60 min,20–180 minutes", "5,end,200 min,20–180 minutes",
      ]),
    // Of team T1 the second begins 10 minutes before the first ends, the fourth lies in the third; T2 is another team.
    Row(
      check: "check: overlap, source: visits, start: start, end: end",
      visits: [
        "1,T1,\(at("08:00")),\(at("09:00")),,,,,,", "2,T1,\(at("08:50")),\(at("09:30")),,,,,,",
        "3,T2,\(at("08:10")),\(at("08:20")),,,,,,", "4,T1,\(at("10:00")),\(at("12:00")),,,,,,",
        "5,T1,\(at("10:30")),\(at("11:00")),,,,,,", "6,T1,\(at("12:00")),\(at("13:00")),,,,,,",
      ],
      notes: [
        "3,start,10 min,no overlap with another visit of the team: visits.csv:2",
        "6,start,30 min,no overlap with another visit of the team: visits.csv:5",
      ]),
    // One degree of the equator is 111.195 km: half an hour is too short for it at 120 km/h, an hour is not.
    Row(
      check: "check: travel, source: visits, start: start, end: end, place: place",
      visits: [
        "1,T1,\(at("08:00")),\(at("09:00")),0 0 0 5,,,,,", "2,T1,\(at("09:30")),\(at("10:00")),0 1 0 5,,,,,",
        "3,T1,\(at("11:00")),\(at("11:10")),0 2 0 5,,,,,", "4,T2,\(at("11:05")),\(at("11:10")),0 50 0 5,,,,,",
      ],
      notes: ["3,place,\"111.2 km, 30 min\",at most 120 km/h from the place before: visits.csv:2"]),
    Row(
      check: "check: travel, source: visits, start: start, place: place, speed: 250",
      visits: ["1,T1,\(at("08:00")),,0 0,,,,,", "2,T1,\(at("08:30")),,0 1,,,,,"], notes: []),
    // Quartiles 2 and 4, so -1 to 7.
    Row(
      check: "check: outliers, source: visits, fields: score, method: iqr, at-least: 3",
      visits: ["1", "2", "3", "4", "100", ""].map { "x,T1,,,,\($0),,,," }, notes: ["6,score,100,between -1 and 7"]),
    Row(
      check: "check: outliers, source: visits, fields: score, method: iqr, multiplier: 60, at-least: 3",
      visits: ["1", "2", "3", "4", "100"].map { "x,T1,,,,\($0),,,," }, notes: []),
    // Mean 22 and deviation 43.62: one of them to either side, and of each team alone there is nothing.
    Row(
      check: "check: outliers, source: visits, fields: [score], method: sd, multiplier: 1, at-least: 3",
      visits: ["1", "2", "3", "4", "100"].map { "x,T1,,,,\($0),,,," }, notes: ["6,score,100,between -21.62 and 65.62"]),
    Row(
      check: "check: outliers, source: visits, fields: [score], method: iqr, at-least: 3, per: team",
      visits: ["1,1", "1,2", "1,3", "2,100", "2,101", "2,102", "1,4", "1,50"].map {
        "x,T\($0.prefix(1)),,,,\($0.dropFirst(2)),,,,"
      }, notes: ["9,score,50,between -1 and 7"]),
    // T1: of three answers to q1 one is missing, one unknown; to q2 one refused. T2: nothing.
    Row(
      check: "check: missing, source: visits, fields: [q1, q2], dont-know: [dk], refused: [99], maximum: 50",
      visits: ["1,T1,,,,,,99,,", "2,T1,,,,,dk,1,,", "3,T1,,,,,a,1,,", "4,T2,,,,,a,1,,"],
      notes: ["q1,T1 66.67%,≤ 50%"],
      table: ["T1,T1,q1,3,1,1,0,", "T1,T1,q2,3,0,0,1,", "T2,T2,q1,1,0,0,0,0", "T2,T2,q2,1,0,0,0,0"]),
    Row(
      check: "check: straight-lining, source: visits, fields: [q2, q3]",
      visits: ["1,T1,,,,,,3,3,", "2,T1,,,,,,3,4,", "3,T1,,,,,,3,,"],
      notes: ["2,q2,3,answers that differ among 2 questions"]),
    Row(
      check: "check: outside-window, source: visits, fields: [day, start]",
      visits: ["1,T1,,,,,,,,2022-11-16", "2,T1,2022-10-31T23:59:59,,,,,,,2022-11-15", "3,T1,,,,,,,,"],
      notes: ["2,day,2022-11-16,2022-11-01 to 2022-11-15", "3,start,2022-10-31 23:59:59,2022-11-01 to 2022-11-15"]),
    // The second and the fourth say what the first says; the fourth under the same id.
    Row(
      check: "check: identical-answers, source: visits, id: id, fields: [q1, q2, q3], at-least: 2",
      visits: [
        "1,T1,,,,,a,1,2,", "2,T1,,,,,a,1,2,", "3,T1,,,,,a,1,3,", "1,T1,,,,,a,1,2,", "5,T1,,,,,,,7,", "6,T1,,,,,,,7,",
      ],
      notes: ["3,q1,,answers that are not all those of visits.csv:2"]),
    // Of T1 one of two answers to q2 differs by more than 1; one second interview has no first.
    Row(
      check:
        "check: back-check, source: visits, with: again, key: [id], fields: [q1, q2], tolerance: 1, severity: note",
      visits: ["1,T1,,,,,a,10,,", "2,T1,,,,,b,10,,", "3,T2,,,,,c,,,", "4,T2,,,,,c,1,,"],
      again: ["2,X,,,,,b,12,,", "1,X,,,,,a,11,,", "3,X,,,,,d,,,", "9,X,,,,,d,,,"],
      notes: [
        "3,q2,10,\"\"\"12\"\", as the back-check has it\"", "4,q1,c,\"\"\"d\"\", as the back-check has it\"",
        "5,id,,a record of visits with this key",
      ],
      table: ["T1,T1,q1,2,0,0", "T1,T1,q2,2,1,0.5", "T2,T2,q1,1,1,1", "T2,T2,q2,0,0,"]),
  ]

  @Test(arguments: rows)
  private func findsWhatIsWorkedOutByHand(row: Row) throws {
    let campaign = try SmallCampaign(
      pipeline: Self.pipeline(row.check),
      files: [
        "visits.csv": Self.header + row.visits.map { $0 + "\n" }.joined(),
        "again.csv": Self.header + row.again.map { $0 + "\n" }.joined(),
      ])
    let finished = try campaign.run()
    #expect(finished.status == 0, "\(finished.errors)")
    #expect(try campaign.sum("records")["accepted"] == row.visits.count + row.again.count)
    let name = String(row.check.dropFirst("check: ".count).prefix { $0 != "," })
    let notes = try campaign.output("notes.csv").split(separator: "\r\n").filter { $0.contains(",\(name),") }
    #expect(notes.count == row.notes.count, "\(notes)")
    for (note, expected) in zip(notes, row.notes) {
      let parts = expected.split(separator: ",", maxSplits: 1).map(String.init)
      #expect(note.hasSuffix(",\(parts[1])"), "\(note)")
      if Int(parts[0]) != nil { #expect(note.contains(".csv,\(parts[0]),1,"), "\(note)") }
    }
    if !row.table.isEmpty {
      let table = try campaign.output("check-\(name).csv").split(separator: "\r\n").dropFirst()
      #expect(table.count == row.table.count, "\(table)")
      for (line, expected) in zip(table, row.table) { #expect(line.hasPrefix(expected), "\(line)") }
    }
  }

  @Test func parametersAreChecked() throws {
    let campaign = try SmallCampaign(
      pipeline: Self.pipeline("check: duration, source: visits, start: day, end: end, minimun: 5, minimum: soon"),
      files: [:])
    let finished = try campaign.run()
    #expect(finished.status == 78)
    for words in ["a field of type datetime", "Did you mean minimum?", "a duration like 20 min"] {
      #expect(finished.errors.contains(words), "\(finished.errors)")
    }
  }
}
