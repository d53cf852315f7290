import Diagnostics
import Foundation
import Testing

/// What the pages of the documentation name is there.
@Suite struct DocumentationTests {
  private static let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..")
    .standardizedFileURL
  private static let pages: [String] = {
    let docs = (try? FileManager.default.contentsOfDirectory(atPath: root.appending(path: "docs").path)) ?? []
    return ["README.md", "sample-data/README.md"] + docs.filter { $0.hasSuffix(".md") }.sorted().map { "docs/" + $0 }
  }()

  private func text(_ page: String) throws -> String {
    try String(contentsOf: Self.root.appending(path: page), encoding: .utf8)
  }

  /// The anchors of a page, as forges make them of its headings.
  private func anchors(_ page: URL) throws -> Set<String> {
    let headings = try String(contentsOf: page, encoding: .utf8).matches(of: /(?m)^#+ (.+)$/)
    return Set(
      headings.map { heading in
        String(
          heading.output.1.lowercased().filter { $0.isLetter || $0.isNumber || "_- ".contains($0) }
            .map { $0 == " " ? "-" : $0 })
      })
  }

  @Test(arguments: pages) func linksLeadToSomething(page: String) throws {
    let own = Self.root.appending(path: page)
    for link in try text(page).matches(of: /\]\(([^)\s]+)\)/).map(\.output.1) where !link.hasPrefix("http") {
      let parts = link.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
      let target = parts[0].isEmpty ? own : own.deletingLastPathComponent().appending(path: parts[0])
      #expect(FileManager.default.fileExists(atPath: target.path), "\(page): \(link)")
      if parts.count == 2 { #expect(try anchors(target).contains(parts[1]), "\(page): \(link)") }
    }
  }

  @Test(arguments: pages) func rulesThatAreExplainedExist(page: String) throws {
    for id in try text(page).matches(of: /fieldtally explain ([a-z]+(?:-[a-z]+)+)/).map({ String($0.output.1) }) {
      #expect(Catalogue.rule(id) != nil, "\(page): \(id)")
    }
  }

  /// A page is there in both languages, and links to the other.
  @Test(arguments: pages.filter { $0.hasPrefix("docs/") && !$0.hasSuffix(".zh.md") })
  func everyPageHasItsTwin(page: String) throws {
    let twin = String(page.dropLast(3)) + ".zh.md"
    #expect(Self.pages.contains(twin), "\(twin)")
    #expect(try text(page).contains(twin.dropFirst("docs/".count)), "\(page)")
    #expect(try text(twin).contains("](\(page.dropFirst("docs/".count)))"), "\(twin)")
  }
}
