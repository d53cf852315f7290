import Foundation
import Testing

/// Keys across records, files and sources.
@Suite struct KeyRunTests {
  private static let pipeline = """
    fieldtally: 1
    campaign: {id: keys, title: Keys, language: en}
    sources:
      - name: visits
        files: inbox/v*.csv
        primary-key: [id]
        schema:
          fields: [{name: id}, {name: no, type: integer}, {name: room}]
          uniqueKeys: [[no, room]]
      - name: answers
        files: inbox/a*.csv
        visit: false
        schema:
          fields: [{name: key}, {name: visit}, {name: before}]
          primaryKey: key
          foreignKeys:
            - {fields: visit, reference: {resource: visits, fields: id}}
            - {fields: [before], reference: {resource: "", fields: [key]}}
    """

  @Test func foreignKeysReachAcrossFilesAndTheSumHolds() throws {
    let campaign = try SmallCampaign(
      pipeline: Self.pipeline,
      files: [
        "a1.csv": "key,visit,before\nA1,V1,\nA2,V9,A1\nA3,,\nA4,V2,A7\n",
        "a2.csv": "key,visit,before\nA5,V2,A2\nA6,\"V 1\",\n",
        "v1.csv": "id,no,room\nV1,1,x\n", "v2.csv": "id,no,room\nV2,2,x\nV3,01,x\nV4,,\nV5,,\nV6,1,\n",
      ])
    #expect(try campaign.run().status == 1)
    // A2, A4 and A6 name nothing; V3 has number and room of V1. A5 names A2, which was read.
    #expect(try campaign.sum("records") == ["read": 12, "accepted": 8, "rejected": 4])
    let rejected = try campaign.output("rejected.csv")
    #expect(rejected.contains("answers,a1.csv,3,2,visit,foreign-key,"))
    #expect(rejected.contains(",4,V9,a id that visits has,"))
    #expect(
      rejected.contains("answers,a1.csv,5,4,before,foreign-key,") && rejected.contains(",7,A7,a key that answers has,"))
    #expect(rejected.contains("answers,a2.csv,3,2,visit,foreign-key,"))
    #expect(rejected.contains("visits,v2.csv,3,2,no,unique-error,") && rejected.contains("(v1.csv:2 has it)"))
  }

  @Test func checkSeesTheSameFaultsAtTheirPlace() throws {
    let campaign = try SmallCampaign(
      pipeline: Self.pipeline,
      files: [
        "a1.csv": "key,visit,before\nA1,\"V\n9\",\nA2,V1,\n", "v1.csv": "id,no,room\nV1,1,x\nV2,1,x\n",
      ])
    let finished = try campaign.call(["check", campaign.folder.path, "--json"])
    #expect(finished.status == 1)
    let report = try #require(JSONSerialization.jsonObject(with: Data(finished.output.utf8)) as? [String: Any])
    #expect(report["rejected"] as? Int == 2 && report["records"] as? Int == 4 && report["valid"] as? Bool == false)
    #expect(report["counts"] as? [String: Int] == ["foreign-key": 1, "unique-error": 1])
    let diagnostics = try #require(report["diagnostics"] as? [[String: Any]])
    let places = diagnostics.map {
      "\($0["file"] ?? "") \($0["line"] ?? 0):\($0["column"] ?? 0) \($0["field_number"] ?? 0)"
    }
    #expect(places == ["v1.csv 3:4 2", "a1.csv 2:5 2"])
    #expect(!campaign.hasOutput)
  }

  @Test func aRepeatedPrimaryKeyIsRejectedWhereThatIsDeclared() throws {
    let campaign = try SmallCampaign(
      pipeline: Self.pipeline.replacing("primary-key: [id]", with: "primary-key: [id]\n    duplicates: reject"),
      files: ["v1.csv": "id,no,room\nV1,1,x\nV1,1,x\n", "v2.csv": "id,no,room\nV1,7,y\n,8,z\nV2,9,z\n"])
    #expect(try campaign.run().status == 1)
    #expect(try campaign.sum("records") == ["read": 5, "accepted": 2, "rejected": 3])
    let rejected = try campaign.output("rejected.csv")
    #expect(
      rejected.contains("visits,v1.csv,3,2,id,primary-key,") && rejected.contains("a key of its own (v1.csv:2 has it)"))
    #expect(
      rejected.contains("visits,v2.csv,2,1,id,primary-key,") && rejected.contains("visits,v2.csv,3,2,id,primary-key,"))
  }

  @Test func keysOfListsAreLookedUpAtOnce() throws {
    let campaign = try SmallCampaign(
      pipeline: """
        fieldtally: 1
        campaign: {id: keys, language: en}
        codelists: {m: m.csv}
        roster: {units: u.csv}
        sources:
          - {name: a, files: inbox/*.csv, schema: "d/datapackage.json#a"}
        """,
      files: [
        "../m.csv": "code,zh\nm1,甲\n", "../u.csv": "code,name\nU1,One\n",
        "a.csv": "m,u,k,n\nm1,U1,K1,1\nm1,U1,K1,2\nm2,U1,K1,1\nm1,U2,K1,1\nm1,One,K9,1\n,,,\n",
      ])
    try FileManager.default.createDirectory(at: campaign.folder.appending(path: "d"), withIntermediateDirectories: true)
    let key = { (fields: String, resource: String, names: String) in
      #"{"fields": \#(fields), "reference": {"resource": "\#(resource)", "fields": \#(names)}}"#
    }
    try campaign.write(
      "../d/datapackage.json",
      #"{"name": "p", "resources": [{"name": "lookup", "path": "lookup.csv"}, {"name": "a", "path": "a.csv", "schema":"#
        + #" {"fields": [{"name": "m"}, {"name": "u"}, {"name": "k"}, {"name": "n", "type": "integer"}], "foreignKeys": ["#
        + [
          key(#""m""#, "m", #""code""#), key(#""u""#, "units", #""code""#),
          key(#"["k", "n"]"#, "lookup", #"["key", "number"]"#),
        ]
        .joined(separator: ",") + "]}}]}")
    try campaign.write("../d/lookup.csv", "number,key\n1,K1\n2,K1\n")
    #expect(try campaign.run().status == 1)
    #expect(try campaign.sum("records") == ["read": 5, "accepted": 2, "rejected": 3])
    let rejected = try campaign.output("rejected.csv")
    #expect(rejected.contains("a,a.csv,4,3,m,foreign-key,") && rejected.contains("a,a.csv,5,4,u,foreign-key,"))
    #expect(rejected.contains("a,a.csv,6,5,u,foreign-key,") && rejected.contains("a,a.csv,6,5,k,foreign-key,"))
    #expect(
      rejected.contains(#""a key, number that lookup has""#) || rejected.contains("a key, number that d/lookup.csv has")
    )
  }

  @Test(arguments: [
    ("exact", "a,b", true), ("exact", "b,a", false), ("exact", "a,b,c", false), ("exact", "a", false),
    ("equal", "b,a", true),
    ("equal", "b,a,c", false), ("equal", "b", false), ("subset", "b,c,a", true), ("subset", "a,c", false),
    ("superset", "b", true), ("superset", "b,c", false), ("partial", "b,c", true),
  ]) func columnsMatchAsTheSchemaSays(match: String, header: String, isRead: Bool) throws {
    let campaign = try SmallCampaign(
      pipeline: """
        fieldtally: 1
        campaign: {id: match, language: en}
        sources:
          - name: s
            files: inbox/*.csv
            schema: {fields: [{name: a}, {name: b}], fieldsMatch: \(match)}
        """, files: ["t.csv": header + "\n" + header + "1\n"])
    let finished = try campaign.call(["check", campaign.folder.path])
    #expect((finished.status == 0) == isRead, "\(finished.output)")
    #expect(isRead || finished.output.contains("-label]"))
  }
}

@Suite struct BlankRunTests {
  @Test func blanksOfDifferentReasonsStayApart() throws {
    let campaign = try SmallCampaign(
      pipeline: """
        fieldtally: 1
        campaign: {id: blanks, language: en}
        sources:
          - name: s
            files: inbox/*.csv
            records: true
            primary-key: [id]
            fields:
              - {name: id}
              - name: age
                type: integer
                missingValues: ["", 无]
                x-blanks: {skipped: [跳过, skip], refused: [拒答], unknown: [不知道]}
        """,
      files: ["a.csv": "id,age\n1,30\n2,\n3,无\n4,拒答\n5,不知道\n6, skip \n7,拒答\n8,n/a\n7,跳过\n"])
    #expect(try campaign.run().status == 1)
    // The later answer of 7 is another one: it refused, and then skipped.
    #expect(try campaign.sum("records") == ["read": 9, "accepted": 7, "superseded": 1, "rejected": 1])
    let records = try campaign.output("records-s.csv")
    #expect(records.contains("age=refused") && records.contains("age=unknown") && records.contains("age=skipped"))
    let blanks = try campaign.output("blanks.csv")
    for line in [
      "empty,empty,1", "written,written blank,1", "absent,absent,0", "skipped,skipped,2", "refused,refused,2",
      "unknown,unknown,1",
    ] {
      #expect(blanks.contains("s,age,age,\(line)"), "\(line)")
    }
  }

  @Test func howABlankIsWrittenMakesNoOtherRecord() throws {
    let campaign = try SmallCampaign(
      pipeline: """
        fieldtally: 1
        campaign: {id: blanks, language: en}
        sources:
          - {name: s, files: inbox/*.csv, primary-key: [id], fields: [{name: id}, {name: v, missingValues: ["", 无]}]}
        """, files: ["a.csv": "id,v\n1,\n", "b.csv": "id,v\n1,无\n", "c.csv": "id\n1\n"])
    #expect(try campaign.run().status == 0)
    #expect(try campaign.sum("records") == ["read": 3, "accepted": 1, "duplicate": 2])
  }
}
