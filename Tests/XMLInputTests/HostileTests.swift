import Bytes
import Diagnostics
import Records
import Testing
import XMLInput

/// Files made to do harm: each ends soon, with its reason.
@Suite(.serialized) struct HostileTests {
  private static func repeated(_ text: String, _ count: Int) -> String { String(repeating: text, count: count) }

  static let cases: [(name: String, text: String, expected: String)] = [
    (
      "billion laughs",
      "<!DOCTYPE l [<!ENTITY a 'ha'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;'><!ENTITY c '&b;&b;&b;&b;&b;&b;&b;'>]><l>&c;</l>",
      "xml-doctype-forbidden"
    ),
    (
      "quadratic blow-up",
      "<!DOCTYPE l [<!ENTITY a '" + repeated("a", 100_000) + "'>]><l>" + repeated("&a;", 100_000) + "</l>",
      "xml-doctype-forbidden"
    ),
    ("external entity", "<!DOCTYPE l [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><l>&a;</l>", "xml-doctype-forbidden"),
    ("external subset", "<!DOCTYPE l SYSTEM 'http://127.0.0.1:1/x.dtd'><l/>", "xml-doctype-forbidden"),
    ("300 levels", repeated("<a>", 300) + repeated("</a>", 300), "xml-limit"),
    ("100,000 levels", repeated("<a>", 100_000), "xml-limit"),
    ("100,000 levels below a path", "<r>" + repeated("<x>", 100_000), "xml-limit"),
    ("40,000 attributes", "<r" + (1...40_000).map { " a\($0)=''" }.joined() + "/>", "xml-limit"),
    ("501 attributes", "<r" + (1...501).map { " a\($0)=''" }.joined() + "/>", "xml-limit"),
    ("500 attributes", "<r" + (1...500).map { " a\($0)=''" }.joined() + "/>", ""),
    (
      "40,000 attributes after text",
      "<r>" + repeated("x", 70_000) + "<q" + (1...40_000).map { " a\($0)=''" }.joined() + "/></r>", "xml-limit"
    ),
    ("50,000 namespaces", "<r" + (1...50_000).map { " xmlns:a\($0)='u\($0)'" }.joined() + "/>", "xml-limit"),
    (
      "namespaces piled up",
      (1...100).map { level in "<e" + (1...400).map { " xmlns:a\(level)_\($0)='u'" }.joined() + ">" }.joined()
        + repeated("<a1_1:x/>", 50_000), "xml-limit"
    ),
    ("60 KB name", "<" + repeated("n", 60_000) + "/>", "xml-not-well-formed"),
    ("70 KB name", "<" + repeated("n", 70_000) + "/>", "xml-limit"),
    ("70 KB end tag", "<r></r" + repeated(" ", 70_000) + ">", "xml-limit"),
    ("tag without end", "<r><a b='" + repeated("x", 5_000_000), "xml-limit"),
    ("11 MB text", "<r><a>" + repeated("x", 11_000_000) + "</a></r>", "xml-limit"),
    ("11 MB CDATA", "<r><a><![CDATA[" + repeated("x", 11_000_000) + "]]></a></r>", "xml-limit"),
    ("11 MB text in bits", "<r><a>" + repeated("x<b/>", 2_500_000) + "</a></r>", ""),
    ("11 MB attribute", "<r a='" + repeated("x", 11_000_000) + "'/>", "xml-limit"),
    ("11 MB comment", "<r><!--" + repeated("x", 11_000_000) + "--></r>", "xml-limit"),
    ("11 MB comment of tags", "<r><!--" + repeated("<a b='", 1_900_000) + "--></r>", "xml-limit"),
    ("11 MB instruction", "<r><?x " + repeated("x", 11_000_000) + "?></r>", "xml-limit"),
    ("2 MB before the root", "<!--" + repeated("x", 2_000_000) + "--><r/>", "xml-limit"),
    ("3 MB comment that looks like a tag", "<r><!-- <a " + repeated("b='' ", 600_000) + "--></r>", ""),
    ("3 MB CDATA that looks like a tag", "<r><![CDATA[ <a " + repeated("b='' ", 600_000) + "]]></r>", ""),
    ("3 MB instruction that looks like a tag", "<r><?p <a " + repeated("b='' ", 600_000) + "?></r>", ""),
    ("surrogate references", "<r>" + repeated("&#xD800;", 1000) + "</r>", "xml-not-well-formed"),
    ("two roots", "<r/><r/>", "xml-not-well-formed"),
    ("undeclared prefixes", "<r>" + repeated("<orx:x jr:y=''/>", 100_000) + "</r>", ""),
    (
      "undeclared prefixes that nobody knows", "<r>" + repeated("<p:x q:y=''/>", 100_000) + "</r>", "xml-unknown-prefix"
    ),
    ("200,000 repeated elements", "<r>" + repeated("<a/>", 200_000) + "</r>", ""),
    ("100,000 element names", "<r>" + (1...100_000).map { "<a\($0)/>" }.joined() + "</r>", ""),
  ]

  @Test func aValueOfAnAncestorHasALimit() throws {
    let plan = try plan("/all/r", ["../a"])
    for (count, failure) in [(60_000, nil), (70_000, "xml-limit a.xml:1")] {
      let text = "<all><a>" + Self.repeated("x", count) + "</a><r/><r/></all>"
      #expect(read(text, plan).failure == failure)
    }
  }

  @Test func aRecordHasLimits() throws {
    let text = "<r>" + Self.repeated("<b>0123456789</b>", 20_000) + "</r>"
    let plan = try plan("/*", ["a"], repeats: [("b", [".", "c"])])
    var limits = XMLLimits()
    limits.cells = 40_001
    limits.record = text.utf8.count + 10
    #expect(read(text, plan, limits: limits).rows.count == 20_001)
    limits.cells = 40_000
    #expect(read(text, plan, limits: limits).failure?.hasPrefix("xml-limit") == true)
    limits.cells = 50_000
    limits.record = text.utf8.count - (70 << 10)
    #expect(read(text, plan, limits: limits).failure?.hasPrefix("xml-limit") == true)
  }

  @Test(arguments: cases.indices)
  func endsSoonWithItsReason(index: Int) throws {
    let (name, text, expected) = Self.cases[index]
    let bytes = Array(text.utf8)
    let plan = try plan("/*", ["a", "@x", "."], repeats: [("b", ["."])])
    let before = cpuSeconds()
    var failure = ""
    do throws(ReadError) {
      let reader = try XMLReader(source: MemorySource(bytes, blockSize: 100_000), file: "a.xml", plan: plan)
      var batch = RecordBatch()
      while try reader.next(&batch) {}
    } catch { failure = error.diagnostic.rule.id }
    let seconds = cpuSeconds() - before
    #expect(failure == expected, "\(name)")
    // What is quadratic takes minutes. In quiet, a release build needs a tenth of these; a debug build checks every index.
    #if DEBUG
      #expect(seconds < 20, "\(name)")
    #else
      #expect(seconds < 1 + Double(bytes.count) / 20e6, "\(name): \(seconds) s")
    #endif
  }
}
