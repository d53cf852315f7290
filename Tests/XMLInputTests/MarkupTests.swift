import Bytes
import Diagnostics
import Records
import SeededRandom
import Testing

@testable import XMLInput

/// Files whose markup is known from files before are read without libxml2, and as libxml2 reads them.
struct MarkupTests {
  private static let head = """
    <?xml version='1.0' encoding='UTF-8' ?>
    <d id="x" xmlns:orx="http://openrosa.org/xforms">
      <!-- form ]]> & v3 -->

    """
  private static func form(_ id: String, _ texts: [String]) -> String {
    let repeats = texts.map { "  <r>\n    <k a='1'>\($0)</k>\n    <e/>\n  </r>\n" }.joined()
    return head + "  <id>\(id)</id>\n" + repeats + "  <orx:meta><orx:i>u</orx:i></orx:meta>\n</d>\n<!-- end -->\n"
  }

  private static func plan() throws -> XMLPlan {
    try XMLInputTests.plan("/d", ["id", "@id", "meta/i"], repeats: [("r", ["k", "k/@a", "e", "../id"])])
  }

  /// Reads `files` one after another by one reader, and each by one of its own; how many needed no parser.
  private static func compare(_ files: [[UInt8]], block: Int = .max, _ plan: XMLPlan? = nil) throws -> Int {
    let plan = try plan ?? Self.plan()
    var reader: XMLReader?
    var replayed = 0
    for (number, file) in files.enumerated() {
      let alone = try XMLReader(source: MemorySource(file), file: "a.xml", plan: plan)
      let source = MemorySource(file, blockSize: block)
      if let used = reader, used.restart(source: source, file: "a.xml") {
        let before = used.replayedFiles
        #expect(read(all: used) == read(all: alone), "file \(number): \(String(decoding: file, as: UTF8.self))")
        replayed += used.replayedFiles - before
      } else {
        reader = try XMLReader(source: source, file: "a.xml", plan: plan)
        #expect(read(all: reader!) == read(all: alone), "file \(number)")
      }
    }
    return replayed
  }

  private static func replayed(_ texts: [String]..., block: Int = .max) throws -> Int {
    let files = texts.enumerated().map { Array(form("\($0)", $1).utf8) }
    return try compare(files, block: block)
  }

  @Test func whatIsKnownNeedsNoParser() throws {
    // Two runs are new where a form has one repeat, one more where it has two; then all of them are known.
    #expect(try Self.replayed(["a"], ["b"], ["c", "d"], ["e", "f", "g"], [], ["h", "", "i", "j"], []) == 4)
    #expect(try Self.replayed(["a"], ["b"], ["c"], block: 5) == 2)
  }

  @Test func lineEndsOfWindowsAreKnown() throws {
    let files = ["a", "b\nc", "d", "&#13;"].map { text in
      let lines = Self.form("1", [text]).split(separator: "\n", omittingEmptySubsequences: false)
      return Array(lines.joined(separator: "\r\n").utf8)
    }
    // The value with a line end has to be changed.
    #expect(try Self.compare(files) == 2)
  }

  @Test func knownMarkupOutlivesABrokenFile() throws {
    let sound = Array(Self.form("1", ["a"]).utf8)
    #expect(try Self.compare([sound, sound, sound.dropLast(20) + [], sound, Array("<d>".utf8), sound]) == 3)
  }

  @Test(arguments: [
    "", " ", "1\n2\n", "中文", "&lt;", "&gt;&amp;&quot;&apos;", "a&#65;&#x4e2d;&#x4E2D;b", "&#9;&#10;&#13;", "&#x10FFFF;",
    "<![CDATA[]]>", "a<![CDATA[<b>&amp;]] > ]]>b&lt;<![CDATA[1\n]]>", "]] >", "a]", "]]&gt;", "\u{FFEE}\u{FFFD}", "\t",
    "\u{7F}\u{85}",
  ])
  func aValueOfAnyKindIsRead(value: String) throws {
    #expect(try Self.replayed(["a"], [value], ["b"], [value]) == 3, "\(value)")
  }

  /// What a parser has to see, because it is a fault or becomes something else.
  @Test(arguments: [
    "&nbsp;", "&", "&;", "&lt", "& lt;", "&#;", "&#x;", "&#0;", "&#11;", "&#xFFFE;", "&#xD800;", "&#x110000;", "&#65",
    "&#000000000065;", "&#X41;", "]]>", "a]]>b", "<![CDATA[x", "<![cdata[x]]>", "\u{1}", "\u{FFFE}", "\u{FFFF}", "\r\n",
    "<", "<x/>", "<!-- x -->", "<?p?>", "</k><k>", "<k>1</k>",
  ])
  func anythingElseGoesToTheParser(value: String) throws {
    let plan = try Self.plan()
    let reader = try XMLReader(
      source: MemorySource(Array(Self.form("1", ["a"]).utf8)), file: "a.xml", plan: plan)
    _ = read(all: reader)
    let other = Array(Self.form("2", [value]).utf8)
    try #require(reader.restart(source: MemorySource(other), file: "a.xml"))
    #expect(read(all: reader) == read(String(decoding: other, as: UTF8.self), plan))
    #expect(reader.replayedFiles == 0)
  }

  @Test func bytesThatAreNoTextGoToTheParser() throws {
    let sound = Array(Self.form("1", ["abc"]).utf8)
    for bad in [[0xFF], [0xC3], [0xED, 0xA0, 0x80], [0xC0, 0x80]] as [[UInt8]] {
      var broken = sound
      let place = try #require(broken.firstRange(of: Array("abc".utf8)))
      broken.replaceSubrange(place, with: bad)
      #expect(try Self.compare([sound, broken, sound]) == 1)
    }
  }

  /// The same tags mean something else where the elements around them say so.
  @Test func whatIsOpenTellsRunsApart() throws {
    let one = "<d><a xmlns='u'><r><k>1</k></r></a><r><k>2</k></r></d>"
    let two = "<d><a><r><k>1</k></r></a><r><k>2</k></r></d>"
    let three = "<d xmlns='u'><r><k>1</k></r></d>"
    let files = [one, two, three, one, three, two, two, one].map { Array($0.utf8) }
    #expect(try Self.compare(files) == 5)
  }

  @Test func filesOfWhichNoneIsLikeAnotherAreNotKept() throws {
    let files = (0..<200).map { Array("<d><u\($0)>1</u\($0)><id>\($0)</id></d>".utf8) }
    #expect(try Self.compare(files) == 0)
    #expect(try Self.compare(files + files) == 16)
  }

  /// Long runs that differ at their end, where a file could be made of short ones: libxml2 has it sooner.
  @Test func runsAreNotComparedWithoutEnd() throws {
    func file(_ count: Int, _ end: String) -> [UInt8] {
      Array(("<d><b>1</b>" + String(repeating: "<b><c/></b>", count: count) + end + "<b>1</b></d>").utf8)
    }
    let short = Array("<d><b>1</b><b>x<c/></b><b>1</b></d>".utf8)
    let long = (0..<14).map { file(150, "<e\($0)/>") }
    #expect(try Self.compare([short, file(400, ""), short]) == 2)
    #expect(try Self.compare([short] + long + [file(400, ""), short]) == 1)
  }

  /// A file that was looked at as a whole is handed to libxml2 in blocks all the same.
  @Test func recordsBeforeAForbiddenCharacterAreKept() throws {
    let plan = try XMLInputTests.plan("/d/r", ["a"], salvages: true)
    for count in [1, 300, 1500, 9000] {
      let records = String(repeating: "<r>\n<a>1</a></r>", count: count)
      let text = "<?xml version='1.1'?><d>\(records)<r><a>x\u{7F}</a></r></d>"
      let reader = try XMLReader(source: MemorySource(Array(text.utf8)), file: "a.xml", plan: plan)
      let outcome = read(all: reader)
      #expect(outcome.rows.count == count, "\(outcome.notes)")
      #expect(outcome.notes.contains { $0.hasPrefix("xml-salvaged") })
    }
  }

  @Test func aLongerFileIsReadByTheParser() throws {
    let text = String(repeating: "中", count: 30_000)
    #expect(try Self.replayed([text], [text], ["a"], ["b"]) == 1)
    let shorter = String(repeating: "中", count: 10_000)
    #expect(try Self.replayed([shorter], [shorter + "a"], block: 100) == 1)
  }

  private static let plans: [(String, [String], repeats: [(String, [String])])] = [
    ("/d", ["a", "b", "c", "@x", "a/b"], []),
    // Siblings have a say in what an element is.
    ("/d", ["a[2]", "b[1]/c", "c[3]"], [("r", ["a", "b[2]"])]),
    // Text around elements, and elements of which only what is in them is read.
    ("/d", [".", "a/b", "b/c"], [("r", [".", "a", "c/@x"])]),
    ("/d/r", ["../a", "../@x", "b", "c/a", "."], []),
    // Any element, one value for two fields, rows within rows.
    ("/d", ["*/c", "*", "a"], [("r", ["a", "../a"]), ("r/b", ["c", "."])]),
  ]

  private static let names = ["a", "b", "c", "r", "u", "x:a"]

  /// Elements at random with `#` where a value may stand.
  private static func shape(_ depth: Int, _ random: inout SeededGenerator) -> String {
    (0..<Int.random(in: 0...3, using: &random)).map { _ in
      let name = names.randomElement(using: &random)!
      let attribute = Int.random(in: 0..<5, using: &random) == 0 ? " x='1'" : ""
      let blank = ["", " ", "\n  ", "\r\n", "\r"].randomElement(using: &random)!
      switch Int.random(in: 0..<6, using: &random) {
      case 0: return "\(blank)<\(name)\(attribute)/>"
      case 1 where depth > 0: return "\(blank)<\(name)\(attribute)>\(shape(depth - 1, &random))\(blank)</\(name)>"
      case 2 where depth > 0: return "\(blank)<\(name)>#\(shape(depth - 1, &random))#</\(name)>"
      case 3: return "\(blank)<!-- c -->"
      default: return "\(blank)<\(name)\(attribute)>#</\(name)>"
      }
    }.joined()
  }

  /// Whatever elements mean to a plan: forms of a few shapes, each with values of its own.
  @Test(arguments: 0..<40 as Range<UInt64>)
  func formsOfAnyShapeAreReadAlikeByAnyPlan(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let values = ["1", "", "中文", "&lt;", "<![CDATA[x]]>", " ", "\n", "a b", "2", "3", "\r\n"]
    let shapes = (0..<3).map { _ in (0..<3).map { _ in Self.shape(2, &random) }.joined() }
    let files = (0..<30).map { _ in
      let parts = shapes.randomElement(using: &random)!.split(separator: "#", omittingEmptySubsequences: false)
      let form = parts.dropFirst().reduce(String(parts[0])) { $0 + values.randomElement(using: &random)! + $1 }
      return Array("<d x='2' xmlns:x='urn:x'>\(form)\n</d>".utf8)
    }
    var replayed = 0
    for (record, paths, repeats) in Self.plans {
      replayed += try Self.compare(files, XMLInputTests.plan(record, paths, repeats: repeats))
    }
    #expect(replayed > 0)
  }

  @Test func whatNoFieldReadsIsNamedAsItsFileNamesIt() throws {
    let files = ["x:q", "q", "y:q", "q", "x:q"].map { Array("<d xmlns:x='u' xmlns:y='u'><\($0)>1</\($0)></d>".utf8) }
    #expect(try Self.compare(files) == 2)
  }

  /// Sound forms of random values and markup, some of them damaged.
  @Test(arguments: 0..<30 as Range<UInt64>)
  func randomFormsAreReadAlike(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let values = [
      "a", "", "中文，字", "&lt;x&#x5df2;", "<![CDATA[ <b> ]]>", "1\n2", "<!-- c -->", " ", "x<k>y</k>", "<?p?>z",
    ]
    var files: [[UInt8]] = []
    for number in 0..<60 {
      let texts = (0..<Int.random(in: 0...3, using: &random)).map { _ in values.randomElement(using: &random) ?? "" }
      var file = Array(Self.form("\(number)", texts).utf8)
      if Int.random(in: 0..<4, using: &random) == 0 {
        let place = Int.random(in: 0..<file.count, using: &random)
        if Bool.random(using: &random) { file.remove(at: place) } else { file[place] = file.randomElement() ?? 0 }
      }
      files.append(file)
    }
    #expect(try Self.compare(files) > 5)
  }
}
