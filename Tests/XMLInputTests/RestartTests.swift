import Bytes
import Records
import Testing
import XMLInput

/// One reader for many files reads each as a reader of its own does.
struct RestartTests {
  private static let files = [
    "<d><id>1</id><r><k>甲</k></r><r><k>乙</k></r><extra>x</extra></d>",
    "<d><id>2</id><r><k>&lt;</k></r><r/><other>y</other><other>z</other></d>",
    "<d><id>2</id><id>3</id></d>",
    "<?xml version='1.1' encoding='UTF-8'?><d><orx:meta><orx:id>5</orx:id></orx:meta><id>4</id></d>",
    "<d xmlns:orx='urn:other'><id>6</id><orx:id>7</orx:id></d>",
    "<d><id>7</id><r><k>not closed</r></d>",
    "<d><id>8</id></d>trailing",
    "<!DOCTYPE d [<!ENTITY e 'x'>]><d><id>&e;</id></d>",
    "<d><id>9</id><r><k>1</k></r></d>",
    "<d>\n<unknown:x/></d>",
    "",
    "<d><id>10</id>\n\n<r>\n<k>last</k></r></d>",
    "<d>" + (0..<300).map { "<u\($0)/>" }.joined() + "</d>",
    "<d>" + (200..<500).map { "<u\($0)>1</u\($0)>" }.joined() + "<id>11</id></d>",
  ]

  @Test(arguments: 0..<40)
  func aReaderThatIsUsedAgainReadsLikeANewOne(seed: Int) throws {
    let plan = try plan("/d", ["id"], repeats: [("r", ["k"])])
    var reader: XMLReader?
    var reused = 0
    var state = UInt64(seed)
    for turn in 0..<30 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      let place = Int(state >> 33) % Self.files.count
      let text = Array(Self.files[place].utf8)
      let source = MemorySource(text, blockSize: 64)
      let used: XMLReader
      if let known = reader, known.restart(source: source, file: "a.xml") {
        used = known
        reused += 1
      } else {
        used = try XMLReader(source: source, file: "a.xml", plan: plan)
      }
      reader = used
      let alone = try XMLReader(source: MemorySource(text, blockSize: 64), file: "a.xml", plan: plan)
      #expect(read(all: used) == read(all: alone), "file \(place) in turn \(turn)")
    }
    #expect(reused > 0)
  }

  /// Where a file is cut off is told alike, whatever was read before.
  @Test(arguments: [
    "<?xml version='1.0'?>\n<d>\n  <id a='1'>1</id>\n  <r><k>甲</k>\n</r><!-- x --><?p y?><![CDATA[z]]>\n</d>\n",
    "<d>&lt;</d>",
    "<!-- a -->\n<?p q?>\n<d a='&amp;'/>\n<!-- b -->",
  ])
  func aReaderThatIsUsedAgainTellsWhereAFileIsCutOff(text: String) throws {
    let plan = try plan("/d", ["id", "@a"], repeats: [("r", ["k"])])
    for count in 0...text.utf8.count {
      for blockSize in [1, 7, 4096] {
        let cut = Array(text.utf8.prefix(count))
        let used = try XMLReader(source: MemorySource(Array(Self.files[0].utf8)), file: "a.xml", plan: plan)
        _ = read(all: used)
        #expect(used.restart(source: MemorySource(cut, blockSize: blockSize), file: "a.xml"))
        let alone = try XMLReader(source: MemorySource(cut, blockSize: blockSize), file: "a.xml", plan: plan)
        #expect(read(all: used) == read(all: alone), "\(count) bytes of \(text) in blocks of \(blockSize)")
      }
    }
  }

  @Test func aReaderOfABrokenFileIsUsedAgain() throws {
    let plan = try plan("/d", ["id"])
    let (broken, sound) = (Array("<d><x><id>".utf8), Array("<d><id>1</id></d>".utf8))
    let reader = try XMLReader(source: MemorySource(broken), file: "a.xml", plan: plan)
    let alone = try XMLReader(source: MemorySource(sound), file: "b.xml", plan: plan)
    let outcome = read(all: alone)
    for isRead in [false, true, true] {
      if isRead { #expect(read(all: reader).failure != nil) }
      try #require(reader.restart(source: MemorySource(sound), file: "b.xml"))
      #expect(read(all: reader) == outcome)
      try #require(reader.restart(source: MemorySource(broken), file: "a.xml"))
    }
  }
}
