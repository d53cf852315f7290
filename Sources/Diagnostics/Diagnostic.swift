/// A place in an input file. `line` and `column` count from 1; 0 says that there is none. `column` counts bytes of the
/// UTF-8 text of that line; in a sheet of a workbook it is the column of the cell (see `sheetColumn`) and `line` is the row.
/// `record` counts the records of the file from 1.
package struct SourceLocation: Hashable, Sendable {
  package var file: String
  package var line: Int
  package var column: Int
  package var record: Int
  package var field: String?

  package init(file: String, line: Int = 0, column: Int = 0, record: Int = 0, field: String? = nil) {
    self.file = file
    self.line = line
    self.column = column
    self.record = record
    self.field = field
  }

  /// `path:line:column`, as editors and CI understand it; parts that are not known are left out. The column of a sheet is
  /// written in letters, as a person sees it: `ledger.xlsx[Sheet1]:12:C`.
  package var description: String {
    line == 0 ? file : column == 0 ? "\(file):\(line)" : "\(file):\(line):\(columnText)"
  }

  /// The column as it is shown.
  package var columnText: String {
    guard column < 0 else { return "\(column)" }
    var letters = ""
    var rest = -column
    while rest > 0 {
      letters = String(UnicodeScalar(UInt8(0x41 + (rest - 1) % 26))) + letters
      rest = (rest - 1) / 26
    }
    return letters
  }

  /// `column` for the cell at place `index`, from 0, of a sheet's row: A is -1. So a place says by itself what it counts.
  package static func sheetColumn(_ index: Int) -> Int { -1 - index }
}

/// A fact that fills a gap in the sentences of a rule: data as it stands, or a word that has a translation.
package enum Argument: Hashable, Sendable {
  case literal(String)
  case word(LocalizedText)

  package func text(_ language: Language) -> String {
    switch self {
    case .literal(let text): text
    case .word(let word): word[language]
    }
  }
}

/// Something wrong with the *data*: collected and reported, never thrown. It holds facts; the sentence is made when it is
/// shown (`message`).
package struct Diagnostic: Hashable, Sendable {
  package var rule: Rule
  package var severity: Severity
  package var location: SourceLocation
  /// What stands in the input, as read; empty when the fault is that nothing stands there.
  package var found: String
  /// Fill `{0}`, `{1}` … of the rule's `expected` sentence.
  package var arguments: [Argument]

  package init(
    _ rule: Rule, severity: Severity? = nil, at location: SourceLocation, found: String = "",
    _ arguments: [Argument] = []
  ) {
    self.rule = rule
    self.severity = severity ?? rule.severity
    self.location = location
    self.found = found
    self.arguments = arguments
  }

  /// What is wrong; `{0}` … in it are filled like those of `expected`.
  package func title(_ language: Language) -> String { fill(rule.title[language], with: arguments, language) }

  /// What was expected, as a sentence.
  package func expected(_ language: Language) -> String {
    fill(rule.expected[language], with: arguments, language)
  }

  /// What can be done about it, as a sentence; empty where the rule knows nothing.
  package func fix(_ language: Language) -> String { fill(rule.fix[language], with: arguments, language) }

  /// `path:line:column: severity: title: found …; expected …; fix [rule]`.
  package func message(_ language: Language) -> String {
    var text = location.description
    text += ": \(severity.name[language]): \(title(language))"
    if let field = location.field { text += language == .zh ? "（字段 \(field)）" : " (field \(field))" }
    if !found.isEmpty { text += language == .zh ? "：见到“\(printable(found))”" : ": found \"\(printable(found))\"" }
    let expected = expected(language)
    if !expected.isEmpty { text += language == .zh ? "；应为：\(expected)" : "; expected \(expected)" }
    let fix = fix(language)
    if !fix.isEmpty { text += language == .zh ? "。\(fix)" : ". \(fix)" }
    return text + " [\(rule.id)]"
  }
}

package enum Severity: String, Sendable, CaseIterable {
  case error, warning, note

  package var name: LocalizedText {
    switch self {
    case .error: LocalizedText(zh: "错误", en: "error")
    case .warning: LocalizedText(zh: "警告", en: "warning")
    case .note: LocalizedText(zh: "提示", en: "note")
    }
  }
}

/// One check: its stable id, on which users and tests match, and its sentences. `expected` and `fix` may hold `{0}` … for
/// the arguments of a diagnostic. An id is kebab-case and never reused. One reference, since each diagnostic has one.
package final class Rule: Hashable, Sendable {
  package let id: String
  package let severity: Severity
  package let title: LocalizedText
  package let expected: LocalizedText
  package let fix: LocalizedText

  package init(id: String, severity: Severity, title: LocalizedText, expected: LocalizedText, fix: LocalizedText) {
    self.id = id
    self.severity = severity
    self.title = title
    self.expected = expected
    self.fix = fix
  }

  package static func == (left: Rule, right: Rule) -> Bool { left.id == right.id }
  package func hash(into hasher: inout Hasher) { hasher.combine(id) }
}

/// Why a *file* could not be read to its end: thrown, and ends that file, not the run.
package struct ReadError: Error, Hashable, Sendable {
  package var diagnostic: Diagnostic
  package init(_ diagnostic: Diagnostic) { self.diagnostic = diagnostic }
}

private func fill(_ template: String, with arguments: [Argument], _ language: Language) -> String {
  guard template.contains("{") else { return template }
  var text = ""
  var rest = template[...]
  while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
    text += rest[..<open]
    let index = Int(rest[rest.index(after: open)..<close]) ?? -1
    text += arguments.indices.contains(index) ? arguments[index].text(language) : ""
    rest = rest[rest.index(after: close)...]
  }
  return text + rest
}

/// `text` without control characters (a cell must not move the cursor of a terminal or break a line of a log), cut after
/// 120 characters.
package func printable(_ text: String) -> String {
  // Most names, whose characters all are what they seem.
  if text.utf8.count <= 120, text.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) { return text }
  var result = ""
  var count = 0
  for scalar in text.unicodeScalars {
    if count == 120 { return result + "…" }
    count += 1
    switch scalar.value {
    case 0x0A: result += "↵"
    case 0x09: result += "⇥"
    case 0..<0x20, 0x7F..<0xA0, 0x061C, 0x200B...0x200F, 0x2028...0x202E, 0x2060...0x2069, 0xFEFF:
      let hex = String(scalar.value, radix: 16, uppercase: true)
      result += "⟨U+" + String(repeating: "0", count: max(0, 4 - hex.count)) + hex + "⟩"
    default: result.unicodeScalars.append(scalar)
    }
  }
  return result
}
