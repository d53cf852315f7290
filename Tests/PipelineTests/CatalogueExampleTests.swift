import Diagnostics
import Foundation
import Testing

@testable import Pipeline

/// The examples of the catalogue, each through the whole line.
@Suite struct CatalogueExampleTests {
  private static let runnable = Catalogue.all.filter {
    if case .trial = Catalogue.explanation(of: $0)?.example { true } else { false }
  }.map(\.id)

  @Test(arguments: runnable)
  func theBadOneIsToldAtItsPlaceAndTheGoodOneIsNot(id: String) async throws {
    let rule = try #require(Catalogue.rule(id))
    guard case .trial(let written) = Catalogue.explanation(of: rule)?.example else { return }
    for language in Language.allCases {
      let trial = written.translated(to: language)
      guard try await isTold(rule, trial, nil, language) else { return }
      for rewriting in Self.rewritings(in: language) where !trial.without.contains(rewriting) {
        guard try await isTold(rule, trial, rewriting, language) else { return }
      }
    }
  }

  /// What concerns letters is tried with Chinese ones, what does not with the others.
  private static func rewritings(in language: Language) -> [Trial.Rewriting] {
    switch language {
    case .zh: [.gb18030, .behindChinese]
    case .en: [.byteOrderMark, .carriageReturns]
    }
  }

  /// Notes an issue when it is not: one for a rule is enough, the others are most often the same.
  private func isTold(
    _ rule: Rule, _ trial: Trial, _ rewriting: Trial.Rewriting?, _ language: Language
  ) async throws -> Bool {
    let bad = Rewritten(trial.bad, rewriting, trial.without)
    let told = try await ExampleRun(bad.trial, given: trial.given, rewrite: bad.bytes).diagnostics
    let place = "\(bad.line):\(bad.column) \(trial.field ?? "")"
    var faults: [String] = []
    if told.filter({ $0.rule == rule }).map(Self.place) != [place] { faults.append("expected once, at \(place)") }
    let others = told.filter { $0.severity == .error && $0.rule != rule && !trial.also.contains($0.rule) }
    if !others.isEmpty { faults.append("other errors") }
    if !faults.isEmpty { faults += told.map { "  " + $0.message(.en) } }

    let good = Rewritten(trial.good, rewriting, trial.without)
    let clean = try await ExampleRun(good.trial, given: trial.given, rewrite: good.bytes).diagnostics
    faults += clean.filter { $0.severity == .error || $0.rule == rule }.map { "  of the good one: " + $0.message(.en) }
    guard !faults.isEmpty else { return true }
    let how = "\(rule.id), \(language), \(rewriting?.rawValue ?? "as it stands")"
    Issue.record("\(how): \(faults.joined(separator: "\n"))")
    return false
  }

  private static func place(_ diagnostic: Diagnostic) -> String {
    "\(diagnostic.location.line):\(diagnostic.location.column) \(diagnostic.location.field ?? "")"
  }

  @Test(arguments: Language.allCases)
  func thePageOfTheDocumentationIsMadeOfTheCatalogue(language: Language) async throws {
    let name = language == .zh ? "rules-catalogue.zh.md" : "rules-catalogue.md"
    let page = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../docs/\(name)")
    let written = try String(contentsOf: page, encoding: .utf8)
    let made = await CatalogueDocument.markdown(language)
    #expect(written == made, "run Scripts/make-docs, and read the difference")
  }
}

/// A case with its text files written anew, and the place where the fault is then to be found.
private struct Rewritten {
  let trial: Trial.Case
  private let rewriting: Trial.Rewriting?
  private(set) var line = 0
  private(set) var column = 0

  init(_ written: Trial.Case, _ rewriting: Trial.Rewriting?, _ without: Set<Trial.Rewriting>) {
    var trial = written
    self.rewriting = rewriting
    for index in trial.files.indices {
      guard case .text(var text) = trial.files[index].content else {
        if let mark = trial.files[index].mark { (line, column) = mark }
        continue
      }
      if rewriting == .behindChinese || rewriting == .gb18030 && !without.contains(.behindChinese) {
        text = Self.behindChinese(text, trial.files[index].path)
        trial.files[index].content = .text(text)
      }
      let marked = Trial.Marked(text)
      if marked.line > 0 { (line, column) = (marked.line, marked.column) }
    }
    self.trial = trial
  }

  /// A title above a table, a comment in front of the place in XML and above a pipeline file.
  private static func behindChinese(_ text: String, _ path: String) -> String {
    if path.hasSuffix(".yaml") { return "# 全州人才工作专项督查的流程文件\n" + text }
    if path.hasSuffix(".csv") { return text.isEmpty ? text : "全州人才工作专项督查走访台账（二〇二二年十一月）\n" + text }
    guard path.hasSuffix(".xml") else { return text }
    let comment = "<!-- 全州人才工作专项督查的调查问卷，由各督查组填报 -->"
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    let marked = lines.firstIndex { $0.contains("⟦") || $0.contains("▸") } ?? 0
    let place =
      lines[marked].hasPrefix("▸") ? lines[marked].index(after: lines[marked].startIndex) : lines[marked].startIndex
    if lines[marked].hasPrefix("<?xml") || lines[marked].hasPrefix("▸<?xml") {
      lines.insert(comment, at: marked + 1)
    } else {
      lines[marked].insert(contentsOf: comment, at: place)
    }
    return lines.joined(separator: "\n")
  }

  func bytes(_ file: Trial.File, _ written: String) -> [UInt8] {
    guard trial.files.contains(where: { $0.path == file.path }) else { return Trial.bytes(of: written) }
    switch rewriting {
    case .byteOrderMark: return [0xEF, 0xBB, 0xBF] + Trial.bytes(of: written)
    case .carriageReturns: return Trial.bytes(of: written.replacing("\n", with: "\r\n"))
    case .gb18030: return Trial.bytes(of: written) { Self.gb18030($0) }
    case .behindChinese, nil: return Trial.bytes(of: written)
    }
  }

  private static func gb18030(_ text: String) -> [UInt8] {
    guard let converter = iconv_open("GB18030", "UTF-8"), converter != iconv_t(bitPattern: -1) else { return [] }
    defer { iconv_close(converter) }
    var input = Array(text.utf8).map(CChar.init(bitPattern:))
    var output = [CChar](repeating: 0, count: input.count * 2 + 16)
    var written = 0
    input.withUnsafeMutableBufferPointer { from in
      output.withUnsafeMutableBufferPointer { to in
        var (source, target) = (from.baseAddress, to.baseAddress)
        var (left, room) = (from.count, to.count)
        iconv(converter, &source, &left, &target, &room)
        written = to.count - room
      }
    }
    return output.prefix(written).map(UInt8.init(bitPattern:))
  }
}
