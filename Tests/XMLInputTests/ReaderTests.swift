import Testing
import XMLInput

struct ReaderTests {
  @Test(arguments: [
    // path, record, expected cell
    ("unit/@code", "<r><unit code='U1'>x</unit></r>", "U1"),
    ("answers/q1", "<r><answers><q1>4</q1></answers></r>", "4"),
    (".", "<r>text<a>inner</a> more</r>", "text more"),
    ("@id", "<r id='7'/>", "7"),
    ("./a", "<r><a>1</a></r>", "1"),
    (
      "child[2]/name",
      "<r><child><name>A</name></child><x/><child><name>B</name></child><child><name>C</name></child></r>", "B"
    ),
    ("child[3]", "<r><child>A</child><child>B</child></r>", "-"),
    ("*/c", "<r><x><c>1</c></x></r>", "1"),
    ("a", "<r/>", "-"),
    ("a", "<r><a/></r>", ""),
    ("a", "<r><a></a></r>", ""),
    ("@x", "<r x=''/>", ""),
    ("a", "<r><a xmlns:i='http://www.w3.org/2001/XMLSchema-instance' i:nil='true'/></r>", "~"),
    ("a", "<r><a xmlns:i='http://www.w3.org/2001/XMLSchema-instance' i:nil='false'>1</a></r>", "1"),
    ("a", "<r><a xmlns:i='other' i:nil='true'>1</a></r>", "1"),
    ("a", "<r><a>1<!-- 2 -->3<?p 4?>5<![CDATA[<6>&amp;]]>7</a></r>", "1357<6>&amp;7".replacing("1357", with: "135")),
    ("a", "<r><a>&lt;&amp;&gt;&quot;&apos;&#20013;&#x6587;</a></r>", "<&>\"'中文"),
    ("@x", "<r x='&lt;a&amp;b&#38;c&amp;#38;&#20013;'/>", "<a&b&c&#38;中"),
    ("@x", "<r x='a\n b\tc'/>", "a  b c"),
    ("a", "<r><a>one\r\ntwo\rthree</a></r>", "one\ntwo\nthree"),
    ("a", "<r><b><a>no</a></b><a>yes</a></r>", "yes"),
    ("a", "<r xmlns='http://x'><a>1</a></r>", "1"),
    ("a", "<p:r xmlns:p='http://x'><p:a>1</p:a></p:r>", "1"),
    ("a", "<r><orx:a>1</orx:a></r>", "1"),
    ("@a", "<r><orx:a>1</orx:a></r>", "-"),
    ("a", "<r><a> 空 格 </a></r>", " 空 格 "),
  ])
  func aPathFindsItsValue(path: String, text: String, expected: String) throws {
    let outcome = read(text, try plan("/*", [path]))
    #expect(outcome.rows == ["0|\(expected)"])
    #expect(outcome.failure == nil)
    #expect(outcome.faults == [])
    #expect(outcome.raw == [text])
  }

  @Test(arguments: [
    ("/responses/response", 2), ("/*/response", 2), ("/responses/*", 3), ("//response", 2), ("/*", 1), ("/nothing", 0),
    ("/responses", 1), ("/*/*/b", 2), ("//b", 2),
  ])
  func aRecordPathFindsRecords(path: String, count: Int) throws {
    let text = "<responses><response><b/></response><other/><response><b/></response></responses>"
    let outcome = read(text, try plan(path, ["."]))
    #expect(outcome.records == count)
    #expect(outcome.failure == nil)
    #expect(outcome.notes.contains { $0.hasPrefix("xml-no-records") } == (count == 0))
  }

  @Test func prefixesOfThePipelineSelectNamespaces() throws {
    let text =
      "<r xmlns:x='http://one' xmlns:y='http://two'><x:a k='0' x:k='1' y:k='2'>first</x:a><y:a>second</y:a><a>third</a></r>"
    let names = ["n": "http://two", "m": "http://one"]
    let outcome = read(text, try plan("/r", ["n:a", "m:a", "m:a/@n:k", "m:a/@m:k", "z/m:a"], namespaces: names))
    #expect(outcome.rows == ["0|second|first|2|1|-"])
    let indexed = read(text, try plan("/r", ["a[1]", "a[3]"], namespaces: names))
    #expect(indexed.rows == ["0|first|third"])
    #expect(read("<r xmlns='http://two'/>", try plan("/n:r", ["."], namespaces: names)).records == 1)
    #expect(read("<r xmlns='http://three'/>", try plan("/n:r", ["."], namespaces: names)).records == 0)
  }

  @Test func ancestorsLendTheirValues() throws {
    let text = """
      <all round='3'><team name='T1'><lead>A</lead><visit>1</visit><visit>2</visit></team>
      <team><visit>3</visit><lead>B</lead></team></all>
      """
    let outcome = read(text, try plan("/all/team/visit", [".", "../@name", "../lead", "../../@round"]))
    #expect(outcome.rows == ["0|1|T1|A|3", "0|2|T1|A|3", "0|3|-|B|3"])
    #expect(outcome.cellLines == [[1, 1, 1, 1], [1, 1, 1, 1], [2, 2, 2, 1]])
  }

  @Test func repeatsBecomeRowsOfTheirGroup() throws {
    let text = """
      <r id='9'><children><child n='1'><name>A</name><toy>x</toy><toy>y</toy></child>
      <child n='2'><name>B</name></child></children><end>e</end></r>
      """
    let repeats = [
      ("children/child", ["@n", "name", "../../@id"]), ("children/child/toy", [".", "../name", "../@n"]),
    ]
    let outcome = read(text, try plan("/r", ["@id", "end", "children/child[2]/name"], repeats: repeats))
    #expect(outcome.rows == ["0|9|e|B", "1|1|A|9", "2|x|A|1", "2|y|A|1", "1|2|B|9"])
    #expect(outcome.raw[1] == "<child n='1'><name>A</name><toy>x</toy><toy>y</toy></child>")
    #expect(outcome.raw[3] == "<toy>y</toy>")
    #expect(outcome.lines == [1, 1, 1, 1, 2])
    #expect(outcome.faults == [])
  }

  @Test func oneElementMayFeedSeveralFieldsAndRepeats() throws {
    let repeats = [("f", ["."]), ("f", ["@k", "."])]
    let outcome = read("<r><f k='1'>a</f><f>b</f></r>", try plan("/r", ["f[1]", "f[1]"], repeats: repeats))
    #expect(outcome.rows == ["0|a|a", "1|a", "2|1|a", "1|b", "2|-|b"])
  }

  @Test func aRepeatedElementIsAFaultOfItsRecord() throws {
    let text = "<all>\n<r><a>1</a></r>\n<r><a>1</a>\n<a>2</a><a>3</a></r></all>"
    let outcome = read(text, try plan("/all/r", ["a"]))
    #expect(outcome.rows == ["0|1", "0|1"])
    #expect(outcome.faults == ["element-repeated row 1 line 4 record 2 a 3"])
  }

  @Test func linesPointToElements() throws {
    let text = "<?xml version='1.0'?>\n<all>\n<r\n a='1'\n>\n<b>x</b>\n\n<c>y\n</c></r><r/></all>"
    let outcome = read(text, try plan("/all/r", ["b", "c", "d"]))
    #expect(outcome.lines == [3, 10 - 1])
    #expect(outcome.cellLines[0] == [6, 8, 3])
  }

  @Test func whatNoFieldReadsIsNamed() throws {
    let outcome = read("<r x='1'><a/><b><c/></b><b/></r>", try plan("/r", ["a"]))
    #expect(outcome.notes == ["xml-unmapped /r/b (2), /r/@x (1)"])
    let none = read("<r><reply/><reply/></r>", try plan("/r/response", ["a"]))
    #expect(none.notes.map { $0.prefix(14) } == ["xml-no-records"])
  }

  @Test func anUndeclaredPrefixIsNotedOnce() throws {
    let outcome = read("<r><orx:meta><orx:id>7</orx:id></orx:meta></r>", try plan("/*", ["meta/id"]))
    #expect(outcome.rows == ["0|7"])
    #expect(outcome.notes == ["xml-undeclared-prefix orx"])
  }

  @Test(arguments: [
    ("", "empty-file a.xml"), (" \n ", "empty-file a.xml"),
    ("<r><a></r>", "xml-not-well-formed a.xml:1:11"),
    ("<r/><r/>", "xml-not-well-formed a.xml:1:5"),
    ("<r/>text", "xml-not-well-formed a.xml:1:5"),
    ("<r><a/>", "xml-not-well-formed a.xml:1:8"),
    ("text", "xml-not-well-formed a.xml:1:1"),
    ("<!-- only -->", "xml-not-well-formed a.xml:1:14"),
    ("<r a='1' a='2'/>", "xml-not-well-formed a.xml:1:15"),
    ("<r>&foo;</r>", "xml-not-well-formed a.xml:1:9"),
    ("<r>&#xD800;</r>", "xml-not-well-formed a.xml:1:12"),
    ("<r>&#0;</r>", "xml-not-well-formed a.xml:1:8"),
    ("<r>\u{1}</r>", "xml-not-well-formed a.xml:1:4"),
    ("<r>a\u{0}b</r>", "xml-not-well-formed a.xml:1:5"),
    ("\u{0}<r/>", "xml-not-well-formed a.xml:1:1"),
    ("<r a='<'/>", "xml-not-well-formed a.xml:1:7"),
    ("<r>]]></r>", "xml-not-well-formed a.xml:1:4"),
    ("<a:b:c xmlns:a='x'/>", "xml-not-well-formed a.xml:1:5"),
    ("<!DOCTYPE r><r/>", "xml-doctype-forbidden a.xml:1:1"),
    (
      "<?xml version='1.0'?>\n<!-- x --> <?p?>\n <!DOCTYPE r [<!ENTITY a 'b'>]><r>&a;</r>",
      "xml-doctype-forbidden a.xml:3:2"
    ),
    ("<r/><!DOCTYPE r>", "xml-not-well-formed a.xml:1:5"),
    ("<r><!DOCTYPE r></r>", "xml-not-well-formed a.xml:1:4"),
    ("PK\u{3}\u{4}", "compressed-input a.xml"),
  ])
  func aFileThatIsNotSoundIsRefusedWithItsPlace(text: String, expected: String) throws {
    for block in [1, .max] {
      #expect(read(text, try plan("/*", ["a"]), block: block).failure == expected, "block \(block)")
    }
  }

  @Test func aBrokenFileIsSalvagedOnlyOnDemand() throws {
    let text = "<all><r><a>1</a></r><r><a>2</a></r><r><a>3</b></r></all>"
    let strict = read(text, try plan("/all/r", ["a"]))
    #expect(strict.failure == "xml-not-well-formed a.xml:1:47" && strict.rows == [])
    let salvaged = read(text, try plan("/all/r", ["a"], salvages: true))
    #expect(salvaged.failure == nil && salvaged.rows == ["0|1", "0|2"] && salvaged.records == 2)
    #expect(salvaged.notes == ["xml-not-well-formed ", "xml-salvaged "])
    let late = "<all><r k='0'><a>1</a></r><r k='12'><a>3</b></r></all>"
    #expect(read(late, try plan("/all/r", ["@k", "a"], salvages: true)).rows == ["0|0|1"])
    #expect(read("<all><r><a>1", try plan("/all/r", ["a"], salvages: true)).records == 0)
  }

  @Test(arguments: [
    "", "a//b", "/a", "a/", "@", "a/@b/c", "a/..", "p:a", "a[0]", "a[x]", "*[1]", "a b", "@*", "1a", "../a", "a[2",
  ])
  func aPathThatIsNoneIsAnErrorOfThePipeline(path: String) {
    #expect(throws: XMLPlanError.self) { try plan("/*", [path]) }
  }

  @Test(arguments: ["", "a", "/", "/a/", "/a[1]", "/@a", "/a/.."])
  func aRecordPathThatIsNoneIsAnErrorOfThePipeline(path: String) {
    #expect(throws: XMLPlanError.self) { try plan(path, ["a"]) }
  }
}
