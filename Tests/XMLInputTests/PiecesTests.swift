import Bytes
import Diagnostics
import Records
import Testing
import XMLInput

/// A file that is parsed in pieces says what it says when it is read in one go, or it is found out that it cannot be.
struct PiecesTests {
  /// `nil` when the file cannot be read in pieces.
  private func inPieces(_ text: String, _ plan: XMLPlan, size: Int) throws -> Outcome? {
    let pieces = XMLPieces(source: MemorySource(Array(text.utf8)), file: "a.xml", plan: plan, pieceSize: size)
    var outcome = Outcome()
    var batch = RecordBatch()
    guard try pieces.readAll(into: &batch, { outcome.add($0) }) else { return nil }
    outcome.records = pieces.account.records
    outcome.columns = pieces.account.columns.map { "\($0.header)=\($0.field ?? "-")" }
    outcome.notes = pieces.account.notes.map { "\($0.rule.id) \($0.found)" }
    outcome.noteFiles = pieces.account.notes.map(\.location.file)
    return outcome
  }

  /// What was read in pieces is what is read in one go. Batches differ, and with them the numbers of rows in them.
  private func expectSame(_ pieces: Outcome, _ document: String, _ plan: XMLPlan) {
    let whole = read(document, plan)
    #expect(whole.failure == nil)
    let places = { (faults: [String]) in faults.map { $0.replacing(#/ row [0-9]+/#, with: "") } }
    for part in [\Outcome.rows, \.raw, \.notes, \.noteFiles, \.columns] {
      #expect(pieces[keyPath: part] == whole[keyPath: part])
    }
    #expect(places(pieces.faults) == places(whole.faults))
    #expect(pieces.lines == whole.lines)
    #expect(pieces.cellLines == whole.cellLines)
    #expect(pieces.records == whole.records)
  }

  private static func records(_ range: Range<Int>) -> String {
    range.map { number in
      """
      <r id="\(number)"><a>值 \(number) &amp; &#20013;</a><!-- no > record < here -->
        <b k='1'>x<c>y</c></b><b/><new x="1"/>
        <b k="&lt;">\(number % 7 == 0 ? "<c/><c>z</c>" : "")</b></r>

      """
    }.joined()
  }

  @Test(arguments: [300, 700, 2000])
  func piecesGiveTheSameRecords(size: Int) throws {
    let documents = [
      "<all k='1'>\n\(Self.records(0..<60))</all>",
      "<?xml version='1.0'?>\n<!-- x -->\n<all xmlns:p='urn:p' k='>'\n other='2'>\(Self.records(0..<60))<end/></all><!-- y -->",
      "<all k='1'>\(Self.records(0..<20))</all>\n<?p q?>",
      "<all k='1'><r id='0'>\(String(repeating: "<new/>", count: 10))</r>\(Self.records(1..<30))</all>",
      "<all>\r\n\(Self.records(0..<30).replacing("\n", with: "\r\n"))</all>",
      "<all k='1'>\(Self.records(0..<9))<orx:x/>\(Self.records(9..<30))</all>",
      "<all k='1'>\(Self.records(0..<9))<s:r xmlns:s='urn:s' id='9'/>\(Self.records(9..<30))</all>",
    ]
    let plan = try plan(
      "/all/r", ["@id", "a", ".", "../@k", "b[2]", "*/c"],
      repeats: [("b", [".", "@k"]), ("b/c", [".", "../@k", "../../@id"])])
    for document in documents {
      guard document.utf8.count > 3 * size else { continue }
      let pieces = try #require(try inPieces(document, plan, size: size))
      #expect(pieces.batches > 1)
      expectSame(pieces, document, plan)
    }
  }

  /// What stands around the records changes from piece to piece.
  @Test func piecesKnowWhatIsAroundThem() throws {
    let groups = (0..<12).map { "<g k='\($0)'>\n\(Self.records($0 * 10..<$0 * 10 + $0))</g>\n" }.joined()
    let document = "<all><note/>\n\(groups)</all>"
    for record in ["/all/g/r", "//r"] {
      let plan = try plan(record, record == "//r" ? ["@id"] : ["@id", "../@k"])
      for size in [500, 1000, 3000] {
        let pieces = try #require(try inPieces(document, plan, size: size))
        #expect(pieces.batches > 1)
        expectSame(pieces, document, plan)
      }
    }
  }

  @Test(arguments: [
    // what stands between records
    "<!-- <r id='x'> -->", "<![CDATA[ <r id='x'> ]]>", "<?p <r id='x'> ?>", "<other><r id='x'/></other>",
    "<r><r id='x'/></r>",
    "<all><r id='x'/></all>", "</all><all>", "<r id='x'", "&undefined;", "</all>", "<r>", "</r>", "]]>",
    "<x:r id='x'/>", "\u{0}",
  ])
  func whatLooksLikeARecordDoesNoHarm(text: String) throws {
    let plan = try plan("/all/r", ["@id", "a"])
    for size in [60, 100, 250, 1000] {
      let document = "<all>\(Self.records(0..<8))\(String(repeating: text, count: 40))\(Self.records(8..<16))</all>"
      if let pieces = try inPieces(document, plan, size: size) { expectSame(pieces, document, plan) }
    }
  }

  /// Values that come from elsewhere than the tags around a record are not known in every piece.
  @Test(arguments: [
    ("/all/r", "../title"), ("/all/r", "../title/@x"), ("/all/r", "../x[2]/@y"), ("/all/r", ".."), ("/*", "r"),
  ])
  func aPlanThatLooksBackIsNotForPieces(record: String, path: String) throws {
    let document = "<all>\(Self.records(0..<30))</all>"
    #expect(try inPieces(document, try plan(record, [path]), size: 300) == nil)
  }

  @Test func aFileWithoutRecordsIsNotForPieces() throws {
    let plan = try plan("/all/r", ["@id"])
    for document in [
      "", "<all/>", "<all>\(String(repeating: "<x/>", count: 2000))</all>", "<a><r>\(Self.records(0..<30))</r></a>",
    ] {
      #expect(try inPieces(document, plan, size: 300) == nil)
    }
  }

  /// The number of a record counts from the beginning of the file, in what is said of it, too.
  @Test func faultsNameTheRecordAndTheLineOfTheFile() throws {
    let document = "<all>\n\(Self.records(0..<25))<r id='1'>\n<a>1</a>\n<a>2</a></r>\n\(Self.records(26..<40))</all>"
    let plan = try plan("/all/r", ["@id", "a"])
    let pieces = try #require(try inPieces(document, plan, size: 400))
    expectSame(pieces, document, plan)
    #expect(pieces.faults.count == 1 && pieces.faults.allSatisfy { $0.contains("record 26") })
  }

  @Test func asManyPathsThatNoFieldReadsAreListedAsInOneGo() throws {
    let records = (0..<400).map { "<r id='\($0)'><n\($0)/><n\($0 / 2)/></r>" }
    let document = "<all>\(records.joined())</all>"
    let plan = try plan("/all/r", ["@id"])
    let pieces = try #require(try inPieces(document, plan, size: 500))
    #expect(pieces.notes == read(document, plan).notes)
    #expect(pieces.columns == read(document, plan).columns)
  }
}
