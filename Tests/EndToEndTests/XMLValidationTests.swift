import Foundation
import Testing

/// A schema that the pipeline names, from the pipeline file to the `rejected` table.
@Suite struct XMLValidationTests {
  private static let schema = """
    <xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:element name="visits"><xs:complexType><xs:sequence>
    <xs:element name="visit" maxOccurs="unbounded"><xs:complexType><xs:sequence>
    <xs:element name="unit" type="xs:string"/><xs:element name="score" type="xs:int"/>
    </xs:sequence></xs:complexType></xs:element></xs:sequence></xs:complexType></xs:element></xs:schema>
    """

  private func place(_ schema: String, limits: String = "{}") throws -> FaultTests.Place {
    let place = try FaultTests.Place()
    try FileManager.default.removeItem(at: place.folder.appending(path: "inbox/team/a.csv"))
    try place.write(
      "pipeline.yaml",
      """
      fieldtally: 1
      campaign: {id: t, title: T, language: en}
      sources:
        - name: a
          files: inbox/**/*.xml
          record: /visits/visit
          validate: forms/visits.xsd
          limits: \(limits)
          unit: {name: unit, unknown: add}
          fields: [{name: unit}, {name: score}]
      """)
    try place.write("forms/visits.xsd", schema)
    try place.write(
      "inbox/a.xml",
      "<visits>\n<visit><unit>A</unit><score>1</score></visit>\n<visit><unit>B</unit><score>high</score></visit>\n</visits>"
    )
    return place
  }

  @Test func whatIsNotValidStandsInTheRejectedTable() throws {
    let place = try place(Self.schema)
    #expect(try place.shell("$run").status == 1)
    let rejected = String(decoding: try #require(place.data("out/rejected.csv")), as: UTF8.self)
    #expect(rejected.contains("xml-invalid") && rejected.contains("/visits/visit/score") && rejected.contains("'high'"))
    #expect(rejected.contains("a.xml,3,2,"), "\(rejected)")
    let before = try #require(place.data("out/run.json"))
    try place.write("forms/visits.xsd", Self.schema + "<!-- another -->")
    #expect(try place.shell("$run").status == 1)
    #expect(place.data("out/run.json") != before, "the schema is among the files that made the result")
  }

  @Test func aSchemaThatIsWrongIsAnErrorOfThePipeline() throws {
    let finished = try place(Self.schema.replacing("xs:int", with: "xs:nothing")).shell("$run")
    #expect(finished.status == 78 && finished.errors.contains("forms/visits.xsd:3: error"), "\(finished.errors)")
  }

  @Test func limitsOfTheSourceHold() throws {
    let finished = try place(Self.schema, limits: "{depth: 2}").shell("$run")
    #expect(finished.status == 65 && finished.errors.contains("[xml-limit]"), "\(finished.errors)")
  }
}
