import Bytes
import Diagnostics
import Records
import Testing
import XMLInput

/// Records validated against a schema of the pipeline.
struct SchemaTests {
  private static let head = "<xs:schema xmlns:xs='http://www.w3.org/2001/XMLSchema'>"
  private static let grammar =
    "<grammar xmlns='http://relaxng.org/ns/structure/1.0' datatypeLibrary='http://www.w3.org/2001/XMLSchema-datatypes'>"
  private static let files = [
    "forms/x.xsd": """
    \(head)
      <xs:include schemaLocation='parts/record.xsd'/>
      <xs:element name='rs'><xs:complexType><xs:sequence>
        <xs:element name='head' minOccurs='0' type='xs:string'/>
        <xs:element name='r' maxOccurs='unbounded' type='record'/>
        <xs:element name='foot' minOccurs='0' type='xs:string'/>
      </xs:sequence><xs:attribute name='v' type='xs:int'/></xs:complexType></xs:element>
    </xs:schema>
    """,
    "forms/parts/record.xsd": """
    \(head)<xs:complexType name='record'><xs:sequence>
      <xs:element name='unit' type='xs:string'/>
      <xs:element name='n' type='xs:int'/>
      <xs:element name='f' minOccurs='0' maxOccurs='3'><xs:complexType><xs:attribute name='k' use='required'>
        <xs:simpleType><xs:restriction base='xs:string'><xs:enumeration value='a'/></xs:restriction></xs:simpleType>
      </xs:attribute></xs:complexType></xs:element>
    </xs:sequence></xs:complexType></xs:schema>
    """,
    "forms/x.rng": """
    \(grammar)<include href='parts/record.rng'/>
      <start><element name='rs'><optional><attribute name='v'><data type='int'/></attribute></optional>
        <optional><element name='head'><text/></element></optional>
        <oneOrMore><ref name='record'/></oneOrMore>
        <optional><element name='foot'><text/></element></optional>
      </element></start>
    </grammar>
    """,
    "forms/parts/record.rng": """
    \(grammar)<define name='record'><element name='r'>
      <element name='unit'><text/></element><element name='n'><data type='int'/></element>
      <zeroOrMore><element name='f'><attribute name='k'><value>a</value></attribute></element></zeroOrMore>
    </element></define></grammar>
    """,
  ]

  private static func schema(_ path: String, _ changed: [String: String] = [:]) throws -> XMLSchema {
    let files = files.merging(changed) { _, new in new }
    return try XMLSchema(path: path, at: SourceLocation(file: "pipeline.yaml", line: 7)) { (path) throws(ReadError) in
      guard let text = files[path] else { throw ReadError(Diagnostic(.fileMissing, at: SourceLocation(file: path))) }
      return Array(text.utf8)
    }
  }

  /// `line path` of each fault, records in front: `2: 3 /rs/r/n`.
  private func faults(_ text: String, _ schema: XMLSchema, block: Int = .max) throws -> (
    faults: [String], failure: String?
  ) {
    let source = MemorySource(Array(text.utf8), blockSize: block)
    let reader = try XMLReader(source: source, file: "a.xml", plan: try plan("/rs/r", ["unit"]), schema: schema)
    var batch = RecordBatch()
    var lines: [String] = []
    do throws(ReadError) {
      while try reader.next(&batch) {
        for fault in batch.faults {
          let place = fault.diagnostic.location
          let line = "\(place.record): \(place.line) \(fault.diagnostic.found)"
          if lines.last != line { lines.append(line) }
          #expect(fault.diagnostic.rule == .xmlInvalid && batch.rows[fault.row].startsRecord)
        }
      }
    } catch {
      return (lines, "\(error.diagnostic.rule.id):\(error.diagnostic.location.line) \(error.diagnostic.found)")
    }
    return (lines, nil)
  }

  private static let record = "<r><unit>A</unit><n>1</n></r>"

  @Test(arguments: ["forms/x.xsd", "forms/x.rng"])
  func aRecordThatIsNotValidIsRejectedAloneAtItsPlace(path: String) throws {
    let text = """
      <rs v='1'><head/>
      <r><unit>A</unit><n>1</n></r>
      <r><unit>B</unit><n>x</n></r>
      <r><unit>C</unit><n>3</n><f k='a'/>
      <f/></r>
      <r><unit>D</unit><q/><n>4</n></r>
      <r><unit>E</unit><n>5</n></r>
      <r><unit>F</unit></r>
      <r><unit>G</unit><n>7</n><f k='z'/></r>
      <r><unit>H</unit><n>&#56;</n></r>
      <foot>x</foot></rs>
      """
    let schema = try Self.schema(path)
    for block in [1, 7, .max] {
      let found = try faults(text, schema, block: block)
      #expect(found.failure == nil)
      #expect(
        found.faults == ["2: 3 /rs/r/n", "3: 5 /rs/r/f", "4: 6 /rs/r/q", "6: 8 /rs/r", "7: 9 /rs/r/f"], "block \(block)"
      )
    }
  }

  @Test(arguments: ["forms/x.xsd", "forms/x.rng"])
  func whatIsWrongOutsideRecordsIsAFaultOfTheFile(path: String) throws {
    let schema = try Self.schema(path)
    for text in [
      "<rs>\(Self.record)<z/>\(Self.record)</rs>", "<rs>\(Self.record)<head/></rs>", "<rs v='x'>\(Self.record)</rs>",
      "<qs>\(Self.record)</qs>", "<rs></rs>", "<rs>text\(Self.record)</rs>", "<rs xmlns='u'>\(Self.record)</rs>",
      "<rs><foot/>\(Self.record)</rs>",
    ] {
      let failure = try faults(text, schema).failure
      #expect(failure?.hasPrefix("xml-invalid:1 /") == true, "\(text): \(failure ?? "none")")
    }
    for text in ["<rs>\(Self.record)</rs>", "<rs v='1'><head/>\(Self.record)\(Self.record)<foot/></rs>"] {
      let found = try faults(text, schema)
      #expect(found.faults == [] && found.failure == nil, "\(text)")
    }
    let none = try faults("<rs><r/><r/></rs>", schema)
    #expect(none.faults == ["1: 1 /rs/r", "2: 1 /rs/r"] && none.failure == nil)
  }

  @Test func siblingsOfARecordThatIsNotExpectedDoNotPassUnseen() throws {
    let schema = try Self.schema("forms/x.xsd")
    let text = "<rs>\(Self.record)<foot/><r><unit/><n>1</n></r><r/></rs>"
    #expect(try faults(text, schema).failure == "xml-invalid:1 /rs/r")
  }

  @Test(arguments: ["forms/x.xsd", "forms/x.rng"])
  func largeTextAndManyRecordsTakeLinearTime(path: String) throws {
    let schema = try Self.schema(path)
    let long = "<r><unit>" + String(repeating: "x&lt;", count: 300_000) + "</unit><n>1</n></r>"
    let found = try faults("<rs>" + long + String(repeating: Self.record, count: 3000) + "<r/></rs>", schema)
    #expect(found.failure == nil && found.faults == ["3002: 1 /rs/r"])
  }

  @Test(arguments: [
    // file that is changed, its text, rule, file and line of the first fault
    ("forms/x.xsd", "\(head)\n<xs:element name='a'></xs:schema>", "xml-schema-unusable forms/x.xsd:2"),
    ("forms/x.xsd", "\(head)\n\n<xs:element name='a' type='nope'/></xs:schema>", "xml-schema-unusable forms/x.xsd:3"),
    ("forms/parts/record.xsd", "\(head)\n<xs:zzz/></xs:schema>", "xml-schema-unusable forms/parts/record.xsd:2"),
    ("forms/x.xsd", "\(head)<xs:include schemaLocation='none.xsd'/></xs:schema>", "file-missing forms/none.xsd"),
    ("forms/x.xsd", "\(head)<xs:include schemaLocation='../../../up.xsd'/></xs:schema>", "file-missing up.xsd"),
    (
      "forms/x.xsd", "\(head)<xs:include schemaLocation='file:///etc/hostname'/></xs:schema>",
      "xml-schema-unusable file:///etc/hostname"
    ),
    (
      "forms/x.xsd", "\(head)<xs:import namespace='u' schemaLocation='http://127.0.0.1:1/a.xsd'/></xs:schema>",
      "xml-schema-unusable http://127.0.0.1:1/a.xsd"
    ),
    (
      "forms/x.xsd", "<!DOCTYPE a [<!ENTITY e SYSTEM 'file:///etc/hostname'>]>\(head)</xs:schema>",
      "xml-schema-unusable forms/x.xsd"
    ),
    ("forms/x.xsd", "", "xml-schema-unusable forms/x.xsd:1"),
    ("forms/x.xsd", "<a/>", "xml-schema-unusable forms/x.xsd"),
    ("forms/x.rng", "\(grammar)<start>\n</grammar>", "xml-schema-unusable forms/x.rng:2"),
    ("forms/x.rng", "\(grammar)<start>\n<ref name='zz'/></start></grammar>", "xml-schema-unusable forms/x.rng:2"),
    (
      "forms/x.rng", "\(grammar)<include href='http://127.0.0.1:1/a.rng'/></grammar>",
      "xml-schema-unusable http://127.0.0.1:1/a.rng"
    ),
    ("forms/x.rng", "\(head)</xs:schema>", "xml-schema-unusable forms/x.rng"),
    ("forms/x.rng", "\(grammar)<include href='x.rng'/></grammar>", "xml-schema-unusable forms/x.rng"),
  ])
  func aSchemaThatCannotBeUsedIsAFaultOfThePipeline(changed: String, text: String, first: String) throws {
    let error = #expect(throws: XMLSchemaErrors.self) {
      try Self.schema(changed.hasSuffix("rng") ? "forms/x.rng" : "forms/x.xsd", [changed: text])
    }
    let diagnostic = try #require(error?.diagnostics.first)
    #expect("\(diagnostic.rule.id) \(diagnostic.location.description)" == first)
    for diagnostic in error?.diagnostics ?? [] {
      for language in Language.allCases { #expect(!diagnostic.message(language).contains("fieldtally:")) }
    }
  }

  @Test func manyFilesMayUseOneSchemaAtOnce() async throws {
    for path in ["forms/x.xsd", "forms/x.rng"] {
      let schema = try Self.schema(path)
      let text = "<rs>" + String(repeating: Self.record, count: 50) + "<r><unit/><n>x</n></r></rs>"
      await withTaskGroup(of: Int.self) { tasks in
        for _ in 0..<8 { tasks.addTask { (try? faults(text, schema).faults.count) ?? -1 } }
        for await count in tasks { #expect(count == 1) }
      }
    }
  }
}
