/// How a rule is met and how it is avoided. It is shown to people and run by the tests, so that what is shown is true.
package enum Example: Sendable {
  /// A small campaign, or a file of one: what the program says of it is found by running it.
  case trial(Trial)
  /// What cannot be brought about at will: a disk that fills up, a fault of the program.
  case described(bad: LocalizedText, good: LocalizedText)
}

/// An example that can be run.
///
/// A text has one of two marks where the fault is to be reported: `⟦` before the place itself, `▸` before a line of which
/// only the number is told; without a mark it is the file as a whole. In a text `⟨FF⟩` is a byte that no text has, and
/// `⟨300×<a>⟩` is `<a>` three hundred times; a `#` in it is the number of the time.
package struct Trial: Sendable {
  package enum Command: Hashable, Sendable {
    case check
    /// With options as a person gives them, paths relative to the campaign's folder.
    case run([String])
    case convert(String, [String])
  }

  /// A thing in the campaign's folder.
  package struct File: Sendable {
    package enum Content: Sendable {
      case text(String)
      /// A named pipe.
      case pipe
      /// A symbolic link to a path.
      case link(String)
      /// A file that another program holds the lock of.
      case held
      /// A zip archive of these, whose paths begin in it.
      case archive([File], Flaw)
      /// A text that is compressed by gzip, and what stands behind it in the file.
      case gzip(String, spare: String)
      /// An .xlsx workbook; a broken one lacks the part of its first sheet.
      case workbook([Sheet], isBroken: Bool)
      /// A file of the form that .xls workbooks and those with a password have, by the name of what it holds.
      case compound(String)
    }
    package enum Flaw: Sendable { case sound, password, cutShort }
    package var path: String
    package var content: Content

    init(_ path: String, _ text: String) { (self.path, content) = (path, .text(text)) }
    init(_ path: String, _ content: Content) { self.init(path: path, content: content) }
    package init(path: String, content: Content) { (self.path, self.content) = (path, content) }
  }

  /// A sheet of a workbook as a table with commas; it has no quotes.
  package struct Sheet: Sendable {
    package var name: String
    package var table: String
    /// Ranges such as `A2:A3`.
    package var merged: [String] = []
    package var isHidden = false
    /// Row that is hidden.
    package var hiddenRow = 0
    /// Whether cells of digits are numbers, not texts.
    package var hasNumbers = false

    init(_ name: String, _ table: String) { (self.name, self.table) = (name, table) }
  }

  package struct Case: Sendable {
    package var command = Command.check
    package var files: [File]
  }

  /// Ways to write the same text anew, in which every place must stay right.
  package enum Rewriting: String, Sendable, CaseIterable {
    case byteOrderMark, carriageReturns, gb18030, behindChinese
  }

  /// What both cases have and need not be shown.
  package var given: [File] = []
  /// What of it makes the difference, where it is not a matter of course.
  package var setting = ""
  package var bad: Case
  package var good: Case
  package var field: String?
  /// Rewritings that would make another case of it.
  package var without: Set<Rewriting> = []
  /// Errors that come with the one that is shown.
  package var also: Set<Rule> = []
}

extension Trial {
  /// A text without its mark, and the place that it had.
  package struct Marked: Sendable {
    package var text: String
    /// From 1; 0 when there is no mark.
    package var line = 0
    /// In bytes of UTF-8, from 1; 0 when only the line is marked.
    package var column = 0
    /// The same in the text as it is written here, its repetitions not carried out.
    package private(set) var shown = (line: 0, column: 0)

    package init(_ written: String) {
      text = ""
      var line = 1
      for scalar in written.unicodeScalars {
        if scalar == "⟦" || scalar == "▸" {
          let before = Trial.bytes(of: text)
          self.line = 1 + before.count { $0 == 0x0A }
          column = scalar == "⟦" ? 1 + before.reversed().prefix { $0 != 0x0A }.count : 0
          shown = (line, scalar == "⟦" ? 1 + text.utf8.reversed().prefix { $0 != 0x0A }.count : 0)
          continue
        }
        text.unicodeScalars.append(scalar)
        if scalar == "\n" { line += 1 }
      }
    }
  }

  /// The bytes of a text.
  ///
  /// - Parameter encoded: puts text into the encoding of the file.
  package static func bytes(of written: String, encoded: (String) -> [UInt8] = { Array($0.utf8) }) -> [UInt8] {
    var bytes: [UInt8] = []
    var text = ""
    var rest = written[...]
    while let open = rest.firstIndex(of: "⟨"), let close = rest[open...].firstIndex(of: "⟩") {
      text += rest[..<open]
      let inner = rest[rest.index(after: open)..<close]
      if let byte = UInt8(inner, radix: 16), inner.count == 2 {
        bytes += encoded(text)
        bytes.append(byte)
        text = ""
      } else if let cross = inner.firstIndex(of: "×"), let count = Int(inner[..<cross]) {
        let piece = inner[inner.index(after: cross)...]
        for number in 1...max(1, count) {
          text += piece.contains("#") ? piece.replacing("#", with: "\(number)") : piece
        }
      }
      rest = rest[rest.index(after: close)...]
    }
    return bytes + encoded(text + rest)
  }
}

extension Trial.File {
  /// Where the fault of this file is to be reported; `nil` without a mark. In a sheet the column is that of a cell.
  package var mark: (line: Int, column: Int)? {
    switch content {
    case .text(let text):
      let marked = Trial.Marked(text)
      return marked.line > 0 ? (marked.line, marked.column) : nil
    case .workbook(let sheets, _):
      for sheet in sheets {
        let marked = Trial.Marked(sheet.table)
        guard marked.line > 0 else { continue }
        guard marked.column > 0 else { return (marked.line, 0) }
        let line = marked.text.split(separator: "\n", omittingEmptySubsequences: false)[marked.line - 1]
        let commas = line.utf8.prefix(marked.column - 1).count { $0 == UInt8(ascii: ",") }
        return (marked.line, SourceLocation.sheetColumn(commas))
      }
      return nil
    default: return nil
    }
  }
}

// The campaigns of the examples.
extension Example {
  private static let head = "fieldtally: 1\ncampaign: {id: t, title: Campaign, window: 2022-11-01/2022-11-15}\n"

  /// A pipeline with one source.
  ///
  /// - Parameter schema: what its schema says beside the fields.
  private static func pipeline(
    _ references: String, _ source: String, _ fields: String, schema: String = ""
  ) -> Trial.File {
    let lines = source.split(separator: "\n").map { "    \($0)\n" }.joined()
    let last = schema.isEmpty ? "    fields: [\(fields)]\n" : "    schema: {fields: [\(fields)], \(schema)}\n"
    return Trial.File("pipeline.yaml", head + references + "sources:\n  - name: a\n" + lines + last)
  }

  static let ledgerFields = """
    {name: unit, title: {zh: 单位, en: unit}}, {name: day, title: {zh: 日期, en: day}, type: date}, \
    {name: score, title: {zh: 分数, en: score}, type: integer}, {name: problem, title: {zh: 问题, en: problem}}
    """
  static let ledgerName = "inbox/ledger.csv"

  /// A ledger of a source with the fields unit, day, score and problem.
  ///
  /// - Parameters:
  ///   - setting: lines of the source that matter, which are shown.
  ///   - references: lines of the pipeline file above the sources.
  static func ledger(
    _ bad: String, _ good: String, field: String? = nil, setting: String = "",
    source: String = "unit: {name: unit, unknown: add}\ndate: day", fields: String = ledgerFields, schema: String = "",
    references: String = "", given: [Trial.File] = [], command: Trial.Command = .check,
    without: Set<Trial.Rewriting> = [],
    also: Set<Rule> = []
  ) -> Example {
    .trial(
      Trial(
        given: [pipeline(references, "files: inbox/*.csv\n" + source + "\n" + setting, fields, schema: schema)] + given,
        setting: setting + schema,
        bad: Trial.Case(command: command, files: [Trial.File(ledgerName, bad)]),
        good: Trial.Case(command: command, files: [Trial.File(ledgerName, good)]), field: field, without: without,
        also: also))
  }

  /// Things in the inbox.
  static func inbox(
    _ bad: [Trial.File], _ good: [Trial.File], setting: String = "", bad badCommand: Trial.Command = .check,
    good goodCommand: Trial.Command? = nil, files: String = "inbox/*.csv", references: String = "",
    given: [Trial.File] = [], without: Set<Trial.Rewriting> = []
  ) -> Example {
    .trial(
      Trial(
        given: [
          pipeline(
            references, "files: \(files)\nunit: {name: unit, unknown: add}\ndate: day\n" + setting, ledgerFields)
        ] + given,
        setting: setting, bad: Trial.Case(command: badCommand, files: bad),
        good: Trial.Case(command: goodCommand ?? badCommand, files: good), without: without))
  }

  /// A compressed file in the inbox, beside another that can be read.
  static func archive(_ bad: [Trial.File], _ good: [Trial.File], files: String = "inbox/**/*.csv") -> Example {
    inbox(
      bad, good, files: "[\(files), inbox/other.csv]",
      given: [Trial.File("inbox/other.csv", "unit,day\nLibrary,2022-11-05\n")],
      without: Set(Trial.Rewriting.allCases))
  }

  /// The workbook `inbox/ledger.xlsx`.
  static func workbook(_ bad: [Trial.Sheet], _ good: [Trial.Sheet], setting: String = "") -> Example {
    func file(_ sheets: [Trial.Sheet]) -> [Trial.File] {
      [Trial.File("inbox/ledger.xlsx", .workbook(sheets, isBroken: false))]
    }
    return inbox(
      file(bad), file(good), setting: setting, files: "inbox/*.xlsx", without: Set(Trial.Rewriting.allCases))
  }

  static let goodLedger = Trial.File(ledgerName, "unit,day\nSchool,2022-11-03\nClinic,2022-11-04\n")

  /// One whose header is the same in both languages, as the names of fields are.
  static let plainLedger = Trial.File(ledgerName, "place,date\nSchool,2022-11-03\nClinic,2022-11-04\n")

  /// An XML file of a source whose records are `/answers/answer`.
  static func answers(
    _ bad: String, _ good: String, field: String? = nil, setting: String = "",
    fields: String = "{name: unit}, {name: score, type: integer}", given: [Trial.File] = [],
    without: Set<Trial.Rewriting> = [], also: Set<Rule> = []
  ) -> Example {
    .trial(
      Trial(
        given: [answersPipeline(setting, fields)] + given, setting: setting,
        bad: Trial.Case(files: [Trial.File("inbox/answers.xml", bad)]),
        good: Trial.Case(files: [Trial.File("inbox/answers.xml", good)]), field: field, without: without, also: also))
  }

  static func answersPipeline(
    _ setting: String, _ fields: String = "{name: unit}, {name: score, type: integer}"
  ) -> Trial.File {
    pipeline(
      "", "files: inbox/*.xml\nrecord: /answers/answer\nunit: {name: unit, unknown: add}\n" + setting, fields)
  }

  /// A pipeline file of which the part that is given stands below the campaign.
  static func pipeline(
    _ bad: String, _ good: String, given: [Trial.File] = [], without: Set<Trial.Rewriting> = [], also: Set<Rule> = []
  ) -> Example {
    .trial(
      Trial(
        given: [plainLedger] + given, bad: Trial.Case(files: [Trial.File("pipeline.yaml", bad)]),
        good: Trial.Case(files: [Trial.File("pipeline.yaml", good)]),
        without: without.union([.gb18030]), also: also))
  }

  /// A pipeline file whose only source is `source`, in braces.
  static func source(_ bad: String, _ good: String, also: Set<Rule> = []) -> Example {
    let head = "fieldtally: 1\ncampaign: {id: t}\nsources:\n"
    return pipeline(head + bad, head + good, also: also)
  }

  /// A file for `convert`.
  static func converted(
    _ bad: String, _ good: String, name: String = "ledger.csv", bad badOptions: [String] = [],
    good goodOptions: [String] = [], without: Set<Trial.Rewriting> = []
  ) -> Example {
    .trial(
      Trial(
        bad: Trial.Case(command: .convert(name, badOptions), files: [Trial.File(name, bad)]),
        good: Trial.Case(command: .convert(name, goodOptions), files: [Trial.File(name, good)]), without: without))
  }

  static func described(bad: (zh: String, en: String), good: (zh: String, en: String)) -> Example {
    .described(bad: LocalizedText(zh: bad.zh, en: bad.en), good: LocalizedText(zh: good.zh, en: good.en))
  }
}
