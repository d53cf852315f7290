package import Diagnostics
import PipelineFile
import Report

/// A rule of the catalogue as it is shown to a person: its explanation, and what the program says of its example.
package struct ExplainedRule: Sendable {
  let rule: Rule
  let family: LocalizedText
  let explanation: Explanation?
  let language: Language
  /// The example in the language of the reader; `nil` when it cannot be run.
  private let trial: Trial?
  /// What the program said of the bad case.
  private var said: [Diagnostic] = []

  package init(_ rule: Rule, _ language: Language) async {
    self.rule = rule
    self.language = language
    family = Catalogue.families.first { $0.rules.contains(rule) }?.title ?? LocalizedText("")
    explanation = Catalogue.explanation(of: rule)
    guard case .trial(let trial) = explanation?.example else {
      self.trial = nil
      return
    }
    self.trial = trial.translated(to: language)
    // A folder for the example that cannot be made is no reason to explain nothing.
    guard let trial = self.trial, let run = try? await ExampleRun(trial.bad, given: trial.given) else { return }
    said = run.diagnostics.filter { $0.rule == rule }
  }

  package func text() -> String {
    var lines = ["\(rule.id)  \(rule.severity.name[language])", rule.title[language]]
    func section(_ title: LocalizedText, _ content: [String]) {
      guard !content.isEmpty else { return }
      lines += ["", title[language]] + content.map { $0.isEmpty ? "" : "  " + $0 }
    }
    if let explanation {
      section(Words.cause, [explanation.cause[language]])
      section(Words.fix, [explanation.fix[language]])
    }
    if let setting { section(Words.setting, setting) }
    section(Words.bad, bad)
    section(Words.message, messages)
    section(Words.good, good)
    return lines.joined(separator: "\n") + "\n"
  }

  var setting: [String]? {
    guard let trial, !trial.setting.isEmpty else { return nil }
    return trial.setting.split(separator: "\n").map(String.init)
  }

  /// The example as lines, with the place of the fault marked.
  var bad: [String] { lines(trial?.bad) { $0.bad } }
  var good: [String] { lines(trial?.good) { $0.good } }
  var messages: [String] { said.map { $0.message(language) } }

  private func lines(
    _ shown: Trial.Case?, described: ((bad: LocalizedText, good: LocalizedText)) -> LocalizedText
  ) -> [String] {
    if let shown { return shown.lines(language) }
    guard case .described(let bad, let good) = explanation?.example else { return [] }
    return [described((bad, good))[language]]
  }

  var json: JSONValue {
    .object([
      ("id", .string(rule.id)), ("severity", .string(rule.severity.rawValue)), ("family", .string(family[language])),
      ("title", .string(rule.title[language])), ("cause", text(explanation?.cause)), ("fix", text(explanation?.fix)),
      ("can_be_run", .bool(trial != nil)), ("setting", trial.map { .string($0.setting) } ?? .null),
      ("bad", json(trial?.bad, bad)), ("good", json(trial?.good, good)),
      (
        "messages",
        .array(
          said.map { diagnostic in
            let place = diagnostic.location
            return .object([
              ("file", .string(place.file)), ("line", .integer(place.line)), ("column", .integer(place.column)),
              ("field", place.field.map { .string($0) } ?? .null), ("message", .string(diagnostic.message(language))),
            ])
          })
      ),
    ])
  }

  private func text(_ text: LocalizedText?) -> JSONValue { text.map { .string($0[language]) } ?? .null }

  /// The files as they stand, or what is described in their place.
  private func json(_ shown: Trial.Case?, _ described: [String]) -> JSONValue {
    guard let shown else { return .string(described.joined(separator: "\n")) }
    return .object([
      ("command", .string("fieldtally " + shown.words(language))),
      (
        "files",
        .array(
          shown.files.flatMap { [$0] + $0.parts(language) }.map { file in
            var members: [(String, JSONValue)] = [("path", .string(file.path))]
            if case .text(let text) = file.content {
              members.append(("content", .string(Trial.Marked(text).text)))
            } else {
              members.append(("is", .string(file.kind(language))))
            }
            return .object(members)
          })
      ),
    ])
  }

  enum Words {
    static let cause = LocalizedText(zh: "原因", en: "Why")
    static let fix = LocalizedText(zh: "怎么办", en: "What to do")
    static let setting = LocalizedText(zh: "数据源里写有", en: "The source says")
    static let bad = LocalizedText(zh: "错误示例", en: "Wrong")
    static let message = LocalizedText(zh: "程序的提示", en: "The program says")
    static let good = LocalizedText(zh: "正确示例", en: "Right")
  }
}

// Files of an example as lines to be read.
extension Trial.Case {
  /// The command and each file, its lines numbered, the place that is marked pointed at.
  func lines(_ language: Language) -> [String] {
    (command == .check ? [] : ["$ fieldtally " + words(language)]) + files.flatMap { $0.lines(language) }
  }

  func words(_ language: Language) -> String {
    let folder = language == .zh ? "我的督查" : "my-campaign"
    return switch command {
    case .check: "check \(folder)"
    case .run(let arguments): (["run", folder] + arguments).joined(separator: " ")
    case .convert(let file, let arguments): (["convert", file] + arguments).joined(separator: " ")
    }
  }
}

extension Trial.File {
  func kind(_ language: Language) -> String {
    switch content {
    case .text: language == .zh ? "文件" : "a file"
    case .pipe: language == .zh ? "命名管道" : "a named pipe"
    case .link(let path): language == .zh ? "指向 \(path) 的链接" : "a link to \(path)"
    case .held: language == .zh ? "另一次运行占用的锁" : "the lock of another run"
    case .archive, .gzip, .workbook, .compound: packedKind(language)
    }
  }

  func lines(_ language: Language) -> [String] {
    guard case .text(let written) = content else {
      return ["\(path)  (\(kind(language)))"] + parts(language).flatMap { $0.lines(language) }
    }
    if written.isEmpty { return ["\(path)  (\(language == .zh ? "0 字节" : "0 bytes"))"] }
    let marked = Trial.Marked(written)
    // A line end within a repetition is a part of it.
    let text = marked.text.replacing(/⟨[^⟩]*⟩/) { String($0.output).replacing("\n", with: "↵") }
    let all = text.split(separator: "\n", omittingEmptySubsequences: false)
    let texts = all.last == "" ? all.dropLast() : all[...]
    var lines = [path]
    for (index, text) in texts.enumerated() {
      let number = String(index + 1)
      let lead = String(repeating: " ", count: max(0, 3 - number.count)) + number
      let isMarked = index + 1 == marked.shown.line
      lines.append("\(lead) \(isMarked && marked.shown.column == 0 ? ">" : "|") " + printable(String(text)))
      guard isMarked, marked.shown.column > 0 else { continue }
      let before = printable(String(decoding: text.utf8.prefix(marked.shown.column - 1), as: UTF8.self))
      lines.append("    | " + String(repeating: " ", count: displayWidth(before)) + "^")
    }
    return lines
  }
}
