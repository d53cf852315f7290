import Bytes
import Diagnostics
import Testing
import XMLInput

/// Documents of our own for every class of those that XML 1.0 (fifth edition) and Namespaces in XML 1.0 forbid, production
/// by production.
struct NotWellFormedTests {
  static let classes: [(production: String, documents: [String])] = [
    (
      "1 document",
      [
        "<doc>", "</doc>", "<doc></doc", "<doc></doc></doc>", "<doc/><doc/>", "<doc/>x", "x<doc/>", "<doc/>&#32;",
        "&#32;<doc/>", "&amp;", "<doc/>&amp;", "<doc/><![CDATA[]]>", "<![CDATA[x]]>", "<![CDATA[]]><doc/>",
        "<doc/><!-- x",
        "<doc/><?p", "<doc/>\u{0}", "<doc/>\u{1A}", "<", "<?", "<!", "<!-", "<!--", "<?xml", "</a", "<a><b/></a><c",
        "<!-- only -->", "<?only?>", "text",
      ]
    ),
    (
      "2 characters",
      [
        "<doc>\u{0}</doc>", "<doc>\u{B}</doc>", "<doc>\u{1B}</doc>", "<doc a=\"\u{C}\"/>", "<doc><!-- \u{1} --></doc>",
        "<doc><?p \u{2}?></doc>", "<doc><![CDATA[\u{3}]]></doc>", "<doc>\u{FFFE}</doc>", "<doc>\u{FFFF}</doc>",
        "<doc a=\"\u{FFFF}\"/>", "<doc><!-- \u{FFFE} --></doc>", "<doc><?p \u{FFFF}?></doc>",
        "<doc><![CDATA[\u{FFFE}]]></doc>", "<\u{FFFE}/>", "<doc a=\"1\"\u{1}b=\"2\"/>",
      ]
    ),
    (
      "3 white space",
      ["<doc\u{A0}a=\"1\"/>", "<doc\u{3000}/>", "<doc a=\"1\"b=\"2\"/>", "\u{A0}<doc/>", "\u{FEFF}<doc/>"]
    ),
    (
      "4 and 5 names",
      [
        "<1doc/>", "<-doc/>", "<.doc/>", "< doc/>", "<doc\u{D7}/>", "<\u{D7}doc/>", "<doc a\u{F7}=\"1\"/>",
        "<\u{37E}/>",
        "<a\u{37E}/>", "<\u{2190}/>", "<\u{300}a/>", "<\u{B7}a/>", "<doc 1a=\"\"/>", "<doc><?1p?></doc>",
        "<\u{F0000}/>",
        "<doc \u{F0000}=\"1\"/>", "<doc a\u{2028}=\"\"/>",
      ]
    ),
    (
      "10 values of attributes",
      [
        "<doc a=\"<\"/>", "<doc a='<foo>'/>", "<doc a=b/>", "<doc a/>", "<doc a=\"1/>", "<doc a=1\"/>",
        "<doc a=\"&foo;\"/>",
        "<doc a=\"&\"/>", "<doc a=\"& b\"/>", "<doc a=“1”/>", "<doc a=\"x\"\"/>", "<doc \"x\"/>", "<doc a=\"",
        "<doc a=\"x",
      ]
    ),
    ("14 text", ["<doc>]]></doc>", "<doc>a]]]>b</doc>", "<doc>&</doc>", "<doc>& </doc>", "<doc>a<b", "<doc>a&"]),
    (
      "15 comments",
      [
        "<doc><!- x -></doc>", "<doc><!-- a -- b --></doc>", "<doc><!-- a --->x</doc>", "<!-- a ---><doc/>",
        "<doc><!--></doc>",
        "<doc><!---></doc>", "<doc></doc><!-- a -- b -->", "<doc><!-- x",
      ]
    ),
    (
      "16 and 17 instructions",
      [
        "<doc><?x</doc>", "<doc><?pi?</doc>", "<doc><? pi?></doc>", "<doc><?></doc>", "<doc><?",
        "<?XML version=\"1.0\"?><doc/>",
        "<?Xml x?><doc/>", "<?xMl?><doc/>", "<doc><?xml version=\"1.0\"?></doc>", "<doc><?XML ?></doc>",
        "<doc/><?xml version=\"1.0\"?>", "<?a:b x?><doc/>", "<?xml:x x?><doc/>", "<?p\u{2028}x?><doc/>",
      ]
    ),
    (
      "18 to 21 CDATA",
      [
        "<doc><![CDATA[ x </doc>", "<doc><![CDATA [x]]></doc>", "<doc><![cdata[x]]></doc>", "<doc><![ CDATA[x]]></doc>",
        "<doc><![CDATA[x]]", "<doc><![CDATA[x]]>]]></doc>",
      ]
    ),
    (
      "22 prolog",
      [
        " <?xml version=\"1.0\"?><doc/>", "\n<?xml version=\"1.0\"?><doc/>", "<!-- c --><?xml version=\"1.0\"?><doc/>",
        "<?xml version=\"1.0\"?><?xml version=\"1.0\"?><doc/>", "<?xml version=\"1.0\"?>",
      ]
    ),
    (
      "23 to 26 declaration and version",
      [
        "<?xml version=1.0?><doc/>", "<?xml version=\"1.0'?><doc/>", "<?xml version=\"\"?><doc/>",
        "<?xml version=\"2.0\"?><doc/>", "<?xml version=\"1\"?><doc/>", "<?xml version=\"1.\"?><doc/>",
        "<?xml version=\"1.0 \"?><doc/>", "<?xml version=\" 1.0\"?><doc/>", "<?xml version=\"1.0a\"?><doc/>",
        "<?xml version=\"1,0\"?><doc/>", "<?xml VERSION=\"1.0\"?><doc/>", "<?xml Version=\"1.0\"?><doc/>",
        "<?xmlversion=\"1.0\"?><doc/>", "<?xml?><doc/>", "<?xml ?><doc/>", "<?xml encoding=\"UTF-8\"?><doc/>",
        "<?xml standalone=\"yes\"?><doc/>", "<?xml version = ?><doc/>", "<?xml version \"1.0\"?><doc/>",
        "<?xml=\"1.0\"?><doc/>", "<?xml version=\"1.0\" version=\"1.0\"?><doc/>",
        "<?xml version=\"1.0\" foo=\"bar\"?><doc/>",
        "<?xml version=\"1.0\">?<doc/>", "<?xml version=\"1.0\"><doc/>", "<?xml version=\"1.0\"? ><doc/>",
        "<?xml version=\"1.0\" ??><doc/>", "<?xml version=\"1.0\" <!-- c --> ?><doc/>",
        "<?xml\u{A0}version=\"1.0\"?><doc/>",
        "<?xml version=\"1.0\"", "<?xml version=\"1.0", "<?xml version=\"1.1\"?><doc>\u{7F}</doc>",
        "<?xml version=\"1.1\"?><doc>\u{80}</doc>", "<?xml version=\"1.1\"?><doc a='\u{9F}'/>",
      ]
    ),
    (
      "32 standalone",
      [
        "standalone=\"YES\"", "standalone=\"Yes\"", "standalone=\"true\"", "standalone=\"\"", "standalone=yes",
        "standalone=\"yes'", "standalone ", "STANDALONE=\"yes\"", "standalone=\" yes\"",
        "standalone=\"yes\" encoding=\"UTF-8\"", "standalone=\"no\" standalone=\"no\"",
      ].map { "<?xml version=\"1.0\" \($0)?><doc/>" } + ["<?xml version=\"1.0\"standalone=\"yes\"?><doc/>"]
    ),
    (
      "80 and 81 encoding",
      [
        "encoding=\"\"", "encoding=\" UTF-8\"", "encoding=\"1UTF-8\"", "encoding=\"-UTF-8\"", "encoding=\".UTF8\"",
        "encoding=\"_UTF8\"", "encoding=\"UTF/8\"", "encoding=\"a:b\"", "encoding=UTF-8", "ENCODING=\"UTF-8\"",
        "encoding=\"UTF-8'", "encoding=\"UTF-8\" encoding=\"UTF-8\"", "encoding=\"UTF-8\"standalone=\"yes\"",
        "encoding=\"UTF-8\" ?? >", "encoding=\"中文\"",
      ].map { "<?xml version=\"1.0\" \($0)?><doc/>" } + [
        "<?xml version=\"1.0\"encoding=\"UTF-8\"?><doc/>", "<?xml encoding=\"UTF-8\" version=\"1.0\"?><doc/>",
      ]
    ),
    (
      "39 to 44 elements and tags",
      [
        "<doc ></ doc>", "<doc></doc/>", "<doc/ >", "<doc><a></doc></a>", "<doc><a></b></doc>", "<Doc></doc>",
        "<doc/\n>",
        "<doc></doc\n/>", "<doc a=\"1\" / >", "<doc a=\"1\" a=\"2\"/>", "<doc a = \"1\" a= \"1\"/>",
        "<doc a=\"x\"a=\"y\"></doc>",
        "<doc xml:space=\"x\" xml:space=\"y\"/>", "<doc a b=\"c\"/>", "<doc", "<doc ", "<doc/", "<doc a", "<a></a ",
        "<doc></doc a=\"1\">", "<doc><></doc>", "<doc></></doc>", "<doc><a/><b></doc>",
      ]
    ),
    (
      "66 to 69 references",
      [
        "<doc>&foo;</doc>", "<doc>&amp</doc>", "<doc>&#;</doc>", "<doc>&#x;</doc>", "<doc>&#xG;</doc>",
        "<doc>&#12a;</doc>",
        "<doc>&#X41;</doc>", "<doc>&#0;</doc>", "<doc>&#31;</doc>", "<doc>&#xFFFE;</doc>", "<doc>&#xFFFF;</doc>",
        "<doc>&#xD800;</doc>", "<doc>&#xDFFF;</doc>", "<doc>&#x110000;</doc>", "<doc>&#99999999999;</doc>",
        "<doc>&#4294967361;</doc>", "<doc a=\"&#0;\"/>", "<doc>&#-1;</doc>", "<doc>&# 65;</doc>", "<doc>& amp;</doc>",
        "<doc>&amp ;</doc>", "<doc>&AMP;</doc>", "<doc>&#x", "<doc>&l", "<doc/>&foo;", "<doc>&nbsp;</doc>",
      ]
    ),
    (
      "28 to 78 document types and what belongs to them",
      [
        "<!DOCTYPE doc><doc/>", "<!DOCTYPE doc []><doc/>", "<!DOCTYPE doc", "<!DOCTYPE doc [", "<!DOCTYPEdoc><doc/>",
        "<!doctype doc><doc/>", "<!Doctype doc><doc/>", "<!DOC", "<!ELEMENT doc ANY><doc/>", "<!ENTITY a \"b\"><doc/>",
        "<!ATTLIST doc a CDATA ''><doc/>", "<!NOTATION n SYSTEM 'x'><doc/>", "<![INCLUDE[<doc/>]]>",
        "<![IGNORE[]]><doc/>",
        "<doc><!ELEMENT a ANY></doc>", "<doc><!DOCTYPE doc></doc>", "<doc/><!DOCTYPE doc>", "<!>", "%foo;<doc/>",
        "<?xml version=\"1.0\"?> <!-- x --> <?p?>\n<!DOCTYPE doc SYSTEM \"x.dtd\"><doc/>",
      ]
    ),
    (
      "namespaces",
      [
        "<a:b:c xmlns:a=\"u\"/>", ":", "<:/>", "<:a/>", "<a:/>", "<a xmlns:=\"u\"/>", "<a xmlns:b=\"\"/>",
        "<a xmlns:xmlns=\"u\"/>", "<a xmlns:xml=\"u\"/>", "<a xmlns=\"http://www.w3.org/XML/1998/namespace\"/>",
        "<a xmlns=\"http://www.w3.org/2000/xmlns/\"/>", "<a xmlns:x=\"http://www.w3.org/XML/1998/namespace\"/>",
        "<a xmlns:x=\"http://www.w3.org/2000/xmlns/\"/>", "<xmlns:a/>",
        "<a xmlns:p=\"u\" xmlns:q=\"u\" p:b=\"\" q:b=\"\"/>",
        "<a xmlns:p=\"u\" p:1b=\"\"/>", "<p:a xmlns:p=\"u\"></p:b>", "<p:a xmlns:p=\"u\" xmlns:q=\"u\"></q:a>",
        "<a :b=\"x\"/>",
        "<a b:c:d=\"x\" xmlns:b=\"u\"/>", "<p:a/>", "<a p:b=\"\"/>", "<a><b xmlns:p=\"u\"/><p:c/></a>",
      ]
    ),
  ]

  @Test(arguments: classes.indices)
  func isRefusedWithItsPlace(index: Int) throws {
    let plan = try plan("/*", ["a", "@a", "."])
    let rules = ["xml-not-well-formed", "xml-doctype-forbidden", "xml-unknown-prefix"]
    for document in Self.classes[index].documents {
      let whole = read(document, plan)
      let failure = whole.failure ?? "none"
      #expect(
        rules.contains { failure.hasPrefix("\($0) a.xml:") },
        "\(Self.classes[index].production): \(document): \(failure)")
      for block in [1, 3] {
        let pieces = read(document, plan, block: block)
        #expect(pieces.failure == whole.failure && pieces.records == 0, "\(document) in blocks of \(block)")
      }
      // Described, the same is wrong with it, or the beginning can be told and the fault is named.
      do throws(ReadError) {
        let description = try XMLProbe.describe(MemorySource(Array(document.utf8)), file: "a.xml")
        #expect(description.problem != nil, "\(document)")
      } catch {
        #expect(rules.contains(error.diagnostic.rule.id), "\(document)")
      }
    }
  }

  @Test(arguments: [
    "<doc></doc>", "<doc/>", "<?xml version=\"1.0\"?><doc/>", "<?xml version='1.0'?><doc/>",
    "<?xml version = \"1.0\"\n encoding\t=\t\"UTF-8\"  standalone\r\n= 'no' ?>\n<doc/>",
    "<?xml version=\"1.0\" standalone=\"yes\"?><doc/>", "<?xml version=\"1.0\" encoding='x-our.own_1'?><doc/>",
    "<?xml version=\"1.1\"?><doc/>", "<?xml version=\"1.7\"?><doc>\u{80}</doc>", "<doc a = \"1\" ></doc >",
    "<doc>\r\nx\ry\n</doc>", "<doc>&lt;&amp;&#65;&#x10FFFF;&#x9;&#000065;</doc>", "<doc a=\"'\" b='\"'>]]&gt;</doc>",
    "<doc><![CDATA[]]></doc>", "<doc><![CDATA[x]]]></doc>", "<doc><![CDATA[<&]]></doc>", "<doc><!----></doc>",
    "<doc><!-- - --></doc>", "<!-- a --><?p q?><doc/><!-- b --><?r?>\n", "<doc><?pi some data ? > <x?></doc>",
    "<?xml-stylesheet href=\"http://127.0.0.1:1/\" type=\"text/xsl\"?><doc/>", "<?xmlfoo?><doc/>",
    "<中文 属性=\"值\">内容</中文>", "<_a.b-c·d/>", "<doc xml:space=\"preserve\" xml:lang=\"zh-CN\"> x </doc>",
    "<doc xmlns=\"u\" xmlns:a=\"v\" a:b=\"1\"><a:c/></doc>", "<doc xmlns=\"\"/>", "<\u{132}/>",
    "<\u{1C4}\u{560}\u{2C00}\u{3001}\u{10000}\u{A000}/>", "<a\u{300}\u{203F}/>",
    "<doc>\u{10000}\u{85}\u{2028}\u{7F}\u{D7FF}\u{E000}\u{FFFD}</doc>", "<doc>a]b]]c</doc>", "<doc a=\"]]>\"/>",
    "<doc a=\">\"/>", "<doc a=\"a\nb\t&#10;c\"/>", "<doc>\u{FEFF}x</doc>", "<xml:a/>",
    "<doc xmlns:xml=\"http://www.w3.org/XML/1998/namespace\" xml:a=\"1\"/>", "<xmlfoo/>", "<XML/>",
    "<orx:a jr:b=\"\"/>",
    "<doc xmlns:a=\"http://x/ y\"/>", "<doc xmlns=\"中文\"/>", "<doc><?xml-x?></doc>", "<doc A=\"1\" a=\"2\"/>",
    "<a:b xmlns:a=\"u\" xmlns=\"u\" c=\"\" a:c=\"\"/>", "<doc>\(String(repeating: "x", count: 20_000))</doc>",
  ])
  func isRead(document: String) throws {
    let plan = try plan("/*", ["@a", "."])
    let whole = read(document, plan)
    #expect(whole.failure == nil && whole.records == 1)
    for block in [1, 3] { #expect(read(document, plan, block: block) == whole, "in blocks of \(block)") }
  }

  @Test func aPrefixThatTheSourceNamesNeedsNoDeclaration() throws {
    let text = "<r><p:a>1</p:a></r>"
    #expect(read(text, try plan("/r", ["a"])).failure == "xml-unknown-prefix a.xml:1:8")
    let named = read(text, try plan("/r", ["a", "p:a", "n:a"], namespaces: ["p": "urn:p", "n": "urn:n"]))
    #expect(named.failure == nil && named.rows == ["0|1|1|-"] && named.notes == ["xml-undeclared-prefix p"])
  }
}
