import Campaign
import Diagnostics
import Records
import Tables

// What a person sees of a run.

func outcome(
  of record: RunRecord, tables: [Table], campaign: CampaignFolder, out: String
) throws -> RunOutcome {
  let language = campaign.language
  var summary = ""
  if let table = tables.first(where: { $0.name == "summary" }) { summary += try SummaryText.text(of: table) }
  summary += "\n" + record.accounting.line(language) + "\n"
  summary += (language == .zh ? "结果在：" : "Results are in: ") + out + "\n"
  let records = record.accounting.total.records
  let share = records.read == 0 ? 0 : Double(records.rejected) * 100 / Double(records.read)
  // A file that was not even opened (a link, a folder that may not be read) is named by an error among the notes.
  let failed = record.correctionFailures
  let isBeyond =
    !failed.isEmpty || share > campaign.definition.tolerance
    || record.files.indices.contains { record.files[$0].hasFailed }
    || record.notes.contains { $0.severity == .error } || record.remarks.hasErrors
  var diagnostics = record.notes
  // Of twenty thousand files few have anything to say, and those are known without a look at the rest of them.
  for place in record.files.indices where record.files[place].hasFailed || record.files[place].hasWarnings {
    let file = record.files[place]
    if let failure = file.failure { diagnostics.append(failure) }
    // Notes would be left out below.
    diagnostics += file.reading.notes.lazy.filter { $0.severity != .note }
  }
  diagnostics += failed
  return RunOutcome(
    summary: summary, diagnostics: condensed(diagnostics, language) + record.remarks.condensed(language),
    language: language, exitStatus: isBeyond ? 1 : 0)
}

extension RunRecord {
  /// A warning for each decision of the office that is not in the result.
  fileprivate var correctionFailures: [Diagnostic] {
    campaign.corrections.enumerated().compactMap { index, correction in
      let state = corrections.state(of: index, correction)
      guard state.isFailure else { return nil }
      return Diagnostic(.correctionNotApplied, at: correction.location, [.word(state.label)])
    }
  }
}

/// What cron should mail: every error and, of each kind of warning, the first and how many more there are. Notes stand in
/// the `notes` table only.
private func condensed(_ diagnostics: [Diagnostic], _ language: Language) -> [Diagnostic] {
  var counts: [Rule: Int] = [:]
  for diagnostic in diagnostics where diagnostic.severity == .warning { counts[diagnostic.rule, default: 0] += 1 }
  var shown: Set<Rule> = []
  return diagnostics.compactMap { diagnostic in
    if diagnostic.severity == .error { return diagnostic }
    guard diagnostic.severity == .warning, shown.insert(diagnostic.rule).inserted else { return nil }
    var first = diagnostic
    let more = (counts[diagnostic.rule] ?? 1) - 1
    if more > 0 { first.location.file += language == .zh ? "（另有 \(more) 处）" : " (and \(more) more)" }
    return first
  }
}

extension Accounting {
  /// `Records: 120 read = 110 tallied + 5 rejected + …`.
  func line(_ language: Language) -> String {
    let total = total
    func line(_ sum: Sum, _ what: LocalizedText) -> String {
      language == .zh
        ? "\(what.zh)：读到 \(sum.read) = 计入 \(sum.tallied) + 退回 \(sum.rejected) + 重复 \(sum.duplicate)"
          + " + 已有新版本 \(sum.superseded) + 不在范围内 \(sum.excluded)"
        : "\(what.en): \(sum.read) read = \(sum.tallied) tallied + \(sum.rejected) rejected + \(sum.duplicate) duplicate"
          + " + \(sum.superseded) superseded + \(sum.excluded) excluded"
    }
    return line(total.records, LocalizedText(zh: "记录", en: "Records")) + "\n"
      + line(total.findings, LocalizedText(zh: "发现条目", en: "Findings"))
  }
}

/// The summary table as text in columns.
enum SummaryText {
  static func text(of table: Table) throws -> String {
    var lines: [(section: String, item: String, value: String)] = []
    try table.rows.forEachRow { row in
      lines.append((row.string(0) ?? "", row.string(1) ?? "", value(of: row)))
    }
    let width = lines.map { displayWidth($0.item) }.max() ?? 0
    let valueWidth = lines.map { $0.value }.filter { $0.allSatisfy(\.isNumber) }.map(displayWidth).max() ?? 0
    var text = ""
    var section = ""
    for line in lines {
      if line.section != section {
        text += (text.isEmpty ? "" : "\n") + line.section + "\n"
        section = line.section
      }
      let isNumber = line.value.allSatisfy(\.isNumber)
      let gap = isNumber ? max(0, valueWidth - displayWidth(line.value)) : 0
      text +=
        "  " + line.item + String(repeating: " ", count: width - displayWidth(line.item) + 2 + gap) + line.value + "\n"
    }
    return text
  }

  private static func value(of row: borrowing TableRow) -> String {
    switch row.cells[2] {
    case .blank: ""
    case .text: row.string(2) ?? ""
    case .integer(let number): String(number)
    case .number(let number): String(number)
    case .day(let day): day.text
    case .boolean(let truth): truth ? "true" : "false"
    }
  }
}

/// Columns that a text takes on a terminal: Chinese characters and full-width forms take two.
func displayWidth(_ text: String) -> Int {
  text.unicodeScalars.reduce(0) { width, scalar in
    switch scalar.value {
    case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F,
      0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x20000...0x3FFFD:
      width + 2
    default: width + (scalar.properties.generalCategory == .nonspacingMark ? 0 : 1)
    }
  }
}
