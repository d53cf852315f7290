import Foundation

/// A table written with one fault of the kinds that a survey of public CSV files names: G. Vitagliano et al., "Pollock: A Data
/// Loading Benchmark" (2023). The generator is our own.
struct Pollution: Sendable {
  /// Such as `more-separators`; thresholds are set for each.
  var kind: String
  var name: String
  var bytes: [UInt8]
  /// The clean table, header first; `nil` when the file has nothing to read.
  var expected: [[String]]?
  /// What a person who knows the file would say: `--delimiter ;` and so on.
  var parameters: [String] = []
}

/// How cells and rows are written.
struct WrittenForm {
  var delimiter: String
  var quote = "\""
  /// What stands before a quote that is text: the quote itself, another character, or nothing.
  var escape: String? = "\""
  var rowEnd = "\r\n"

  func cell(_ text: String, isQuoted: Bool, _ others: String = "") -> String {
    let marks = [delimiter, quote, "\n", "\r"] + others.map(String.init)
    let mustQuote = isQuoted || marks.contains { !$0.isEmpty && text.contains($0) }
    guard mustQuote, !quote.isEmpty else { return text }
    return quote + text.replacing(quote, with: (escape ?? "") + quote) + quote
  }

  func row(_ cells: [String], _ quoted: Set<Int>) -> String {
    cells.enumerated().map { cell($1, isQuoted: quoted.contains($0)) }.joined(separator: delimiter)
  }
}

extension SourceTable {
  var form: WrittenForm { WrittenForm(delimiter: delimiter) }

  func text(_ form: WrittenForm, _ rows: [[String]]? = nil) -> String {
    (rows ?? self.rows).map { form.row($0, quoted) + form.rowEnd }.joined()
  }

  var given: [String] {
    ["--delimiter", delimiter, "--quote", "\"", "--escape", "none", "--skip", "0", "--header-rows", "1"]
  }

  private func make(
    _ kind: String, _ detail: String, _ text: String, _ expected: [[String]]?, _ parameters: [String]? = nil
  ) -> Pollution {
    Pollution(
      kind: kind, name: "\(name)-\(kind)\(detail)", bytes: Array(text.utf8), expected: expected,
      parameters: parameters ?? given)
  }

  private func make(
    _ kind: String, _ text: String, _ expected: [[String]]?, _ parameters: [String]? = nil
  ) -> Pollution {
    make(kind, "", text, expected, parameters)
  }

  private func given(_ changes: [String: String]) -> [String] {
    var words = given
    for (option, value) in changes {
      if let at = words.firstIndex(of: option) { words[at + 1] = value } else { words += [option, value] }
    }
    return words
  }

  /// Faults of the whole file.
  func filePollutions() -> [Pollution] {
    let clean = text(form)
    let end = form.rowEnd
    let names = (1...width).map { "column_\($0)" }
    var found = [
      make("clean", clean, rows), make("no-payload", "", nil),
      make("no-trailing-newline", String(clean.dropLast()), rows), make("double-trailing-newline", clean + end, rows),
      make("no-header", text(form, Array(rows.dropFirst())), [names] + rows.dropFirst(), given(["--header-rows": "0"])),
      make("header-only", text(form, [rows[0]]), [rows[0]]),
      make("one-data-row", text(form, Array(rows.prefix(2))), Array(rows.prefix(2))),
      make(
        "preamble",
        form.row(["PREAMBLE"] + Array(repeating: "", count: width - 1), []) + end
          + form.row(Array(repeating: "", count: width), []) + end + clean, rows, given(["--skip": "2"])),
      make("preamble-text", "Exported for the office" + end + end + clean, rows, given(["--skip": "2"])),
      make(
        "footnote", clean + end + "Note: prepared by the district office from the teams' own lists" + end, rows),
    ]
    for extra in 1...2 {
      let head = Array(repeating: rows[0], count: extra + 1)
      let labels = rows[0].map { label in Array(repeating: label, count: extra + 1).joined(separator: " ") }
      found.append(
        make(
          "header-rows", "-\(extra + 1)", text(form, head + rows.dropFirst()), [labels] + rows.dropFirst(),
          given(["--header-rows": "\(extra + 1)"])))
    }
    let less = rows.map { Array($0.dropLast()) }
    let more = rows.enumerated().map { $1 + [$0 == 0 ? "col1" : ""] }
    found.append(make("two-tables", "-less", clean + text(form, less), rows))
    found.append(make("two-tables", "-more", clean + text(form, more), rows))
    return found + dialectPollutions()
  }

  /// The same table in another dialect or encoding.
  private func dialectPollutions() -> [Pollution] {
    var found: [Pollution] = []
    for (name, end) in [("lf", "\n"), ("cr", "\r")] {
      var other = form
      other.rowEnd = end
      found.append(make("row-end", "-\(name)", text(other), rows))
    }
    for mark in [";", "\t", ", ", " ", "|", ","] where mark != delimiter {
      var other = form
      other.delimiter = mark
      let said = mark == "\t" ? "\\t" : mark
      found.append(
        make(
          "delimiter", "-\(mark.utf8.map(String.init).joined(separator: "."))", text(other), rows,
          given(["--delimiter": said])))
    }
    var apostrophes = form
    apostrophes.quote = "'"
    apostrophes.escape = "'"
    found.append(make("quote", "-apostrophe", text(apostrophes), rows, given(["--quote": "'"])))
    var backslash = form
    backslash.escape = "\\"
    found.append(make("escape", "-backslash", text(backslash), rows, given(["--escape": "\\"])))
    var nothing = form
    nothing.escape = nil
    found.append(make("no-escape", text(nothing), rows))
    let clean = text(form)
    found.append(
      Pollution(
        kind: "encoding", name: "\(name)-bom", bytes: [0xEF, 0xBB, 0xBF] + clean.utf8, expected: rows,
        parameters: given(["--encoding": "utf-8"])))
    for (label, encoding, mark) in [
      ("utf16le", String.Encoding.utf16LittleEndian, [UInt8]([0xFF, 0xFE])),
      ("utf16be", .utf16BigEndian, [0xFE, 0xFF]),
    ] {
      let bytes = Array(clean.data(using: encoding) ?? Data())
      found.append(
        Pollution(
          kind: "encoding", name: "\(name)-\(label)-bom", bytes: mark + bytes, expected: rows,
          parameters: given(["--encoding": "utf-16"])))
      found.append(
        Pollution(
          kind: "encoding", name: "\(name)-\(label)", bytes: bytes, expected: rows,
          parameters: given(["--encoding": label])))
    }
    return found
  }

  /// One fault in row `row`, at every column.
  func rowPollutions(row: Int) -> [Pollution] {
    let end = form.rowEnd
    let above = text(form, Array(rows[..<row]))
    let below = text(form, Array(rows[(row + 1)...]))
    let cells = rows[row].enumerated().map { form.cell($1, isQuoted: quoted.contains($0)) }
    let kind = row == 0 ? "header-" : ""
    var found: [Pollution] = []
    for column in 0..<width {
      var more = cells
      more.insert("", at: column)
      found.append(
        make(
          kind + "more-separators", "-\(row)-\(column)",
          above + more.joined(separator: delimiter) + end + below, rows))
      if column > 0 {
        var less = cells
        less[column - 1] += less.remove(at: column)
        found.append(
          make(
            kind + "less-separators", "-\(row)-\(column)",
            above + less.joined(separator: delimiter) + end + below, rows))
      }
      var table = rows
      table[row][column] = "\"" + table[row][column]
      var stray = cells
      let isQuoted = cells[column].hasPrefix("\"")
      stray[column] = isQuoted ? "\"\"" + cells[column].dropFirst() : "\"" + cells[column]
      found.append(
        make(kind + "extra-quote", "-\(row)-\(column)", above + stray.joined(separator: delimiter) + end + below, table)
      )
    }
    found.append(make(kind + "row-delimiter", "-\(row)", above + cells.joined(separator: " ") + end + below, rows))
    return found
  }
}
