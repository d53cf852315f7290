import SeededRandom
import Testing
import XMLInput

/// Sound documents, changed at random: what is read of them does not depend on blocks, and nothing breaks.
struct FuzzTests {
  private static let documents = [
    "<?xml version='1.0' encoding='utf-8'?><all a='1'><r a='&lt;'><b k='1'>x<c>y</c></b><b/></r><!-- c --><r>t</r></all>",
    "<all><r><a>1<![CDATA[<&]]>2</a></r><r><a xmlns:i='http://www.w3.org/2001/XMLSchema-instance' i:nil='true'/></r></all>",
    "<n:all xmlns:n='u'><?p q?><n:r a=\"1\"><b><c>中文</c><c/></b></n:r>\r\n<orx:r/></n:all>",
    "<a><a><a>1</a><b>2</b></a>&#20013;&amp;<a/></a>",
  ]
  private static let pieces = [
    "<", ">", "/>", "</", "<b>", "</b>", "<!--", "-->", "<![CDATA[", "]]>", "&", ";", "&#0;", "\"", "'", "=", "<?xml ",
    "?>",
    "<!DOCTYPE a [", "xmlns='", ":", "\0", "\u{FEFF}", "é", "\u{FFFE}", "  ",
  ]

  @Test(arguments: 0..<40 as Range<UInt64>)
  func nothingBreaks(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    for _ in 0..<25 {
      var bytes = Array((Self.documents.randomElement(using: &random) ?? "").utf8)
      for _ in 0...Int.random(in: 0...5, using: &random) {
        let place = Int.random(in: 0...bytes.count, using: &random)
        let end = min(bytes.count, place + Int.random(in: 0...6, using: &random))
        switch Int.random(in: 0...3, using: &random) {
        case 0: bytes.removeSubrange(place..<end)
        case 1: bytes.insert(contentsOf: Array((Self.pieces.randomElement(using: &random) ?? "").utf8), at: place)
        case 2: bytes.insert(contentsOf: Array(bytes[place..<end]), at: Int.random(in: 0...bytes.count, using: &random))
        default: if place < bytes.count { bytes[place] = UInt8.random(in: 0...255, using: &random) }
        }
      }
      // A fault ends the program here, and the seed tells which.
      fuzzXML(bytes)
    }
  }
}
