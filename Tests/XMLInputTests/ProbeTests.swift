import Bytes
import Diagnostics
import Foundation
import Testing
import XMLInput

struct ProbeTests {
  @Test(arguments: [
    ("<rs><r id='1'><a/><q><i>1</i><i>2</i><i>3</i></q></r><r id='2'><q><i>1</i></q></r></rs>", "/rs/r", 2),
    ("<rs xmlns='u'><head/><body><p:r xmlns:p='v' k=''/><p:r xmlns:p='v' k=''/></body></rs>", "/rs/body/r", 2),
    ("<data><q1>1</q1><grp><x>1</x></grp><grp><x>2</x></grp><meta><instanceID>u</instanceID></meta></data>", "/*", 1),
    ("<data><orx:meta><orx:instanceID>u</orx:instanceID></orx:meta><f><x/></f><f><x/></f></data>", "/*", 1),
    ("<r><a/></r>", "/*", 1), ("<r><a/><a/></r>", "/r/a", 2),
  ])
  func findsTheProbableRecord(text: String, path: String, count: Int) throws {
    let description = try XMLProbe.describe(MemorySource(Array(text.utf8)), file: "a.xml")
    #expect(description.recordPath == path && description.recordCount == count && description.isComplete)
  }

  @Test func listsPaths() throws {
    let text = "<x:rs xmlns:x='u'><r id='1'><a> t </a></r><r><b> </b><b/></r></x:rs>"
    let description = try XMLProbe.describe(MemorySource(Array(text.utf8)), file: "a.xml")
    #expect(description.root == "x:rs" && description.namespace == "u" && !description.isSubmission)
    let lines = description.paths.map {
      "\($0.path) \($0.count)\($0.hasText ? " text" : "")\($0.isRepeated ? " repeated" : "")"
    }
    #expect(
      lines == ["/x:rs 1", "/x:rs/r 2 repeated", "/x:rs/r/@id 1 text", "/x:rs/r/a 1 text", "/x:rs/r/b 2 repeated"])
  }

  @Test func saysWhereABrokenFileBreaks() throws {
    let broken = try XMLProbe.describe(MemorySource(Array("<r><a/><b>".utf8)), file: "a.xml")
    #expect(broken.problem?.rule == .xmlNotWellFormed && broken.paths.count == 3 && !broken.isComplete)
    #expect(throws: ReadError.self) { try XMLProbe.describe(MemorySource([]), file: "a.xml") }
    #expect(throws: ReadError.self) {
      try XMLProbe.describe(MemorySource(Array("<!DOCTYPE r><r/>".utf8)), file: "a.xml")
    }
  }
}

private let submissions: [String] = {
  let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("shared/data/odk-kobocat/data")
  guard let files = FileManager.default.enumerator(at: root, includingPropertiesForKeys: nil) else { return [] }
  return files.compactMap { ($0 as? URL)?.path }.filter { $0.hasSuffix(".xml") }.sorted()
}()

/// Real questionnaires, which lie beside the project when they are there at all.
@Suite(.enabled(if: !submissions.isEmpty, "shared/data/odk-kobocat is not beside the package"))
struct SubmissionTests {
  @Test func allAreReadByLocalNames() throws {
    let plan = try plan("/*", ["@id", "meta/instanceID", "start"], repeats: [("children", ["name"])])
    for path in submissions {
      let bytes = Array(try Data(contentsOf: URL(fileURLWithPath: path)))
      let outcome = read(bytes, plan)
      #expect(outcome.failure == nil && outcome.records == 1, "\(path) \(outcome.failure ?? "")")
      #expect(outcome.raw.first?.hasPrefix("<") == true && outcome.raw.first?.hasSuffix(">") == true, "\(path)")
      let description = try XMLProbe.describe(MemorySource(bytes), file: path)
      #expect(description.problem == nil && description.recordPath.hasPrefix("/"), "\(path)")
    }
  }

  @Test func nodesThatStandTwiceAreFaults() throws {
    for path in submissions where path.hasSuffix("multiple_nodes_error.xml") {
      let bytes = Array(try Data(contentsOf: URL(fileURLWithPath: path)))
      let description = try XMLProbe.describe(MemorySource(bytes), file: path)
      let repeated = description.paths.filter(\.isRepeated)
      #expect(!repeated.isEmpty)
      let paths = repeated.map { $0.path.split(separator: "/").dropFirst().joined(separator: "/") }
      #expect(read(bytes, try plan("/*", paths)).faults.count > 0, "\(paths)")
    }
  }
}
