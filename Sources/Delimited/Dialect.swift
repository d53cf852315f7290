import Campaign
import Diagnostics

/// How the text of a sheet of a workbook is marked: rows end with a line feed, and cells hold neither mark. Places of a sheet
/// are rows and columns, and rows have no cells at their end that are blank.
package struct SheetMarks: Sendable, Hashable {
  /// Between two cells.
  package var cell: UInt8
  /// A line break inside a cell.
  package var lineBreak: UInt8
  package init(cell: UInt8, lineBreak: UInt8) {
    self.cell = cell
    self.lineBreak = lineBreak
  }

  /// Puts a tab and a line feed in the place of the marks, in text of which the cells are known.
  func replace(in bytes: inout [UInt8], _ range: Range<Int>) {
    for place in range {
      if bytes[place] == cell { bytes[place] = 0x09 } else if bytes[place] == lineBreak { bytes[place] = 0x0A }
    }
  }
}

/// The form of a delimited file: how its text falls into cells, and where its table begins.
package struct Dialect: Sendable, Hashable {
  package enum LineEnd: String, Sendable {
    case lf = "LF"
    case crlf = "CRLF"
    case cr = "CR"
  }

  /// UTF-8 of what stands between two cells; more than one byte for a full-width comma or a declared text.
  package var delimiter: [UInt8] = [0x2C]
  /// An ASCII character, or `nil` when no cell is quoted.
  package var quote: UInt8? = 0x22
  /// The character before a quote that is text; `nil` when such a quote is written twice.
  package var escape: UInt8?
  /// Of the first row.
  package var lineEnd = LineEnd.lf
  /// Rows above the header.
  package var skip = 0
  /// Rows of the header; 0 when the columns are the fields in their order.
  package var headerRows = 1

  /// Marks of a sheet of a workbook; `nil` for text that stands in a file as it is.
  package var sheet: SheetMarks?

  package init() {}

  /// `delimiter=, quote=" line-end=CRLF`, with `escape`, `skip` and `header-rows` where they are not the usual ones.
  package var description: String {
    if sheet != nil { return "sheet skip=\(skip) header-rows=\(headerRows)" }
    let delimiter = delimiter == [0x09] ? "\\t" : String(decoding: delimiter, as: UTF8.self)
    var text = "delimiter=\(delimiter) quote=\(quote.map { String(UnicodeScalar($0)) } ?? "none")"
    if let escape { text += " escape=\(UnicodeScalar(escape))" }
    text += " line-end=\(lineEnd.rawValue)"
    if skip > 0 { text += " skip=\(skip)" }
    if headerRows != 1 { text += " header-rows=\(headerRows)" }
    return text
  }

  /// The same in parts.
  var parts: [(name: String, value: String)] {
    let character = { (byte: UInt8?) in byte.map { String(UnicodeScalar($0)) } ?? "" }
    return [
      ("delimiter", String(decoding: delimiter, as: UTF8.self)), ("quote", character(quote)),
      ("escape", quote == nil ? "" : character(escape ?? quote)), ("line_end", lineEnd.rawValue),
      ("header_rows", String(headerRows)), ("skip", String(skip)),
    ]
  }

  /// Takes over what the pipeline declares.
  mutating func apply(_ options: DelimitedOptions, file: String) throws(ReadError) {
    if let delimiter = options.delimiter {
      self.delimiter = Array((delimiter == "\\t" ? "\t" : delimiter).utf8)
      if self.delimiter.isEmpty || self.delimiter.contains(where: { $0 == 0x0A || $0 == 0x0D }) {
        throw unusable(delimiter, file, LocalizedText(zh: "不含换行的分隔符", en: "a delimiter without line breaks"))
      }
    }
    if let quote = options.quote { self.quote = try Self.character(quote, file) }
    if let escape = options.escape {
      self.escape = try Self.character(escape, file)
      if self.escape == self.quote { self.escape = nil }
    }
    if let quote, delimiter.contains(quote) {
      throw unusable(
        String(UnicodeScalar(quote)), file, LocalizedText(zh: "与分隔符不同的引号", en: "a quote that is no delimiter"))
    }
  }

  /// The one ASCII character of `text`; `nil` when `text` is empty.
  private static func character(_ text: String, _ file: String) throws(ReadError) -> UInt8? {
    let bytes = Array((text == "\\t" ? "\t" : text).utf8)
    guard let first = bytes.first else { return nil }
    guard bytes.count == 1, first < 0x80, first != 0x0A, first != 0x0D, first != 0 else {
      throw unusable(text, file, LocalizedText(zh: "一个 ASCII 字符", en: "one ASCII character"))
    }
    return first
  }
}

private func unusable(_ found: String, _ file: String, _ expected: LocalizedText) -> ReadError {
  ReadError(Diagnostic(.dialectUnusable, at: SourceLocation(file: file), found: found, [.word(expected)]))
}
