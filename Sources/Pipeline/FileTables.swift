import Bytes
import Campaign
import Collect
import Containers
import Delimited
import Diagnostics
import Encodings
import Records
import Workbook
import XMLInput

/// The tables of a file of a source: one, or the sheets of a workbook that are to be read. One reference, as `FileIngest`.
final class FileTables {
  /// What belongs to the file and to none of its tables alone.
  private(set) var notes: [Diagnostic] = []

  private let source: SourceFile
  private let form: Form

  private enum Form {
    case plain(FileIngest)
    case content(InputContent, CampaignFolder.SourcePlan, inPieces: Bool)
    case workbook(WorkbookFile, InputContent, CampaignFolder.SourcePlan, [WorkbookFile.Sheet])
  }

  init(
    _ source: SourceFile, plan: CampaignFolder.SourcePlan, inbox: Inbox, on bench: ReadingBench? = nil,
    assumesUTF8: Bool = false, inPieces: Bool = false, opened: OpenFile? = nil
  ) throws(ReadError) {
    self.source = source
    if source.member == nil,
      let plain = try FileIngest(
        plain: source, plan: plan, inbox: inbox, on: bench, assumesUTF8: assumesUTF8, inPieces: inPieces, opened: opened
      )
    {
      form = .plain(plain)
      return
    }
    var content = InputContent(
      source.archive ?? source.file, in: inbox, member: source.member, shown: source.file.shown)
    var found = try content.form()
    if case .archive(let members) = found {
      guard members.count == 1 else {
        let list = members.prefix(20).map { String($0.shown.dropFirst(content.shown.count + 1)) }
        throw ReadError(
          Diagnostic(
            .archiveSeveral, at: SourceLocation(file: content.shown), [.literal(list.joined(separator: ", "))]))
      }
      content = members[0]
      content.shown = source.file.shown
      found = try content.form()
    }
    switch found {
    case .text(let content): form = .content(content, plan, inPieces: inPieces)
    case .workbook(let workbook, let content):
      let choice = try SheetChoice(workbook, plan: plan.definition, file: source.file.shown)
      form = .workbook(workbook, content, plan, choice.sheets)
      notes = choice.notes
    case .archive:
      throw ReadError(Diagnostic(.archiveNested, at: SourceLocation(file: content.shown), [.literal("zip")]))
    }
  }

  var count: Int { if case .workbook(_, _, _, let sheets) = form { sheets.count } else { 1 } }

  /// What reports call the table at `place`: as the file, or `file[sheet]`.
  func name(of place: Int) -> String {
    guard case .workbook(_, _, _, let sheets) = form else { return source.file.shown }
    return "\(source.file.shown)[\(printable(sheets[place].name))]"
  }

  /// Joins a reader to the table at `place`.
  func open(_ place: Int) throws(ReadError) -> FileIngest {
    switch form {
    case .plain(let ingest): ingest
    case .content(let content, let plan, let inPieces): try FileIngest(content, plan: plan, inPieces: inPieces)
    case .workbook(let workbook, let content, let plan, let sheets):
      try FileIngest(workbook, sheets[place], content, name: name(of: place), plan: plan)
    }
  }
}

/// Which sheets of a workbook a source reads.
struct SheetChoice {
  private(set) var sheets: [WorkbookFile.Sheet] = []
  private(set) var notes: [Diagnostic] = []

  /// - Throws: when none is to be read.
  init(_ workbook: WorkbookFile, plan: SourceDefinition, file: String) throws(ReadError) {
    guard case .delimited(let options) = plan.format else {
      throw ReadError(Diagnostic(.workbookOther, at: SourceLocation(file: file), [.literal(".xlsx")]))
    }
    if let declared = options.sheets {
      try choose(workbook, declared, file)
    } else {
      try match(workbook, plan, options, file)
    }
  }

  private mutating func choose(_ workbook: WorkbookFile, _ declared: [String], _ file: String) throws(ReadError) {
    sheets = sheetsNamed(declared, in: workbook)
    guard !sheets.isEmpty else {
      let list = workbook.sheets.map { printable($0.name) }.joined(separator: ", ")
      throw ReadError(
        Diagnostic(
          .sheetNotFound, at: SourceLocation(file: file), found: declared.joined(separator: ", "), [.literal(list)]))
    }
  }

  /// Sheets with at least half as many of the fields as the best. Instructions and lists of choices may have one word of
  /// a header; they are no table of the source.
  private mutating func match(
    _ workbook: WorkbookFile, _ plan: SourceDefinition, _ options: DelimitedOptions, _ file: String
  ) throws(ReadError) {
    var looks: [(sheet: WorkbookFile.Sheet, matches: Int, header: String)] = []
    for sheet in workbook.sheets {
      let name = "\(file)[\(printable(sheet.name))]"
      do throws(ReadError) {
        let reader = try DelimitedReader(
          source: workbook.open(sheet, as: name), file: name, fields: plan.fields, options: options, sheet: .workbook)
        let labels = reader.account.columns.map(\.header)
        let matches = reader.account.columns.count { $0.field != nil }
        looks.append((sheet, matches, labels.filter { !$0.isEmpty }.prefix(12).joined(separator: ", ")))
      } catch {
        switch error.diagnostic.rule {
        case .fileEmpty: continue
        case .headerNotFound: looks.append((sheet, 0, error.diagnostic.found))
        default: looks.append((sheet, .max, ""))  // read, so that its fault is reported
        }
      }
    }
    guard !looks.isEmpty else { throw ReadError(Diagnostic(.fileEmpty, at: SourceLocation(file: file))) }
    let visible = looks.filter { !$0.sheet.isHidden }
    let best = visible.map(\.matches).filter { $0 < .max }.max() ?? 0
    for look in looks {
      if !look.sheet.isHidden, look.matches > 0, look.matches >= best - best / 2 {
        sheets.append(look.sheet)
        continue
      }
      let reason =
        look.sheet.isHidden
        ? LocalizedText(zh: "隐藏的工作表：只有在 sheet 中写明才读取", en: "a hidden sheet is read only when `sheet` names it")
        : LocalizedText(
          zh: "与字段相符的表头；这里只有 \(look.matches) 列相符", en: "a header that matches the fields; here \(look.matches) do")
      notes.append(
        Diagnostic(
          .sheetNotRead, at: SourceLocation(file: "\(file)[\(printable(look.sheet.name))]"), found: look.header,
          [.word(reason)]))
    }
    guard sheets.isEmpty else { return }
    let seen = looks.map { "\($0.sheet.name): \($0.header.prefix(80))" }.joined(separator: "; ")
    let titles = { (language: Language) in
      plan.fields.prefix(20).map { $0.title[language] }.joined(separator: language == .zh ? "、" : ", ")
    }
    throw ReadError(
      Diagnostic(
        .sheetNoMatch, at: SourceLocation(file: file), found: seen,
        [.word(LocalizedText(zh: titles(.zh), en: titles(.en)))]))
  }
}

/// The sheets that names or patterns (`*`, `?`) say.
func sheetsNamed(_ declared: [String], in workbook: WorkbookFile) -> [WorkbookFile.Sheet] {
  let patterns = declared.map { GlobPattern($0) }
  return workbook.sheets.filter { sheet in
    declared.contains(sheet.name) || patterns.contains { $0.matches([], Array(sheet.name.utf8)) }
  }
}

extension SheetMarks {
  static let workbook = SheetMarks(cell: SheetMark.cell, lineBreak: SheetMark.lineBreak)
}
