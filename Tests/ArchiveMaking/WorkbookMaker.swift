/// A workbook made by hand: its parts as text, so that each can be unusual or wrong.
package struct WorkbookMaker {
  package var parts: [(name: String, text: [UInt8])] = []
  package var isDeflated = false

  package static let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
  package static let strictMain = "http://purl.oclc.org/ooxml/spreadsheetml/main"
  private static let officeDocument = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
  private static let strictOfficeDocument = "http://purl.oclc.org/ooxml/officeDocument/relationships"

  package struct Sheet {
    package var name: String
    package var data: String
    package var state: String
    /// What stands behind the rows: merged cells.
    package var after: String
    package var before: String
    package init(_ name: String, _ data: String, state: String = "visible", before: String = "", after: String = "") {
      self.name = name
      self.data = data
      self.state = state
      self.after = after
      self.before = before
    }
  }

  /// - Parameters:
  ///   - sheets: `data` is what `sheetData` holds.
  ///   - shared: items of the shared strings, `<t>…</t>` without their `si`.
  ///   - formats: a format of each cell format: the number of a built-in one, or a code.
  package init(
    _ sheets: [Sheet], shared: [String] = [], formats: [String] = ["0"], isStrict: Bool = false,
    startsIn1904: Bool = false
  ) {
    let space = isStrict ? Self.strictMain : Self.main
    let relations = isStrict ? Self.strictOfficeDocument : Self.officeDocument
    let head = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n"
    func relationships(_ items: [(String, String, String)]) -> String {
      head + "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">"
        + items.map { "<Relationship Id=\"\($0.0)\" Type=\"\(relations)/\($0.1)\" Target=\"\($0.2)\"/>" }.joined()
        + "</Relationships>"
    }
    add("[Content_Types].xml", head + "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"/>")
    add("_rels/.rels", relationships([("rId1", "officeDocument", "xl/workbook.xml")]))
    let list = sheets.enumerated().map { place, sheet in
      "<sheet name=\"\(sheet.name)\" sheetId=\"\(place + 1)\" state=\"\(sheet.state)\" r:id=\"rId\(place + 1)\"/>"
    }
    add(
      "xl/workbook.xml",
      head + "<workbook xmlns=\"\(space)\" xmlns:r=\"\(relations)\"><workbookPr date1904=\"\(startsIn1904 ? 1 : 0)\"/>"
        + "<sheets>\(list.joined())</sheets></workbook>")
    var items = sheets.indices.map { ("rId\($0 + 1)", "worksheet", "worksheets/sheet\($0 + 1).xml") }
    items += [("rIdA", "styles", "styles.xml"), ("rIdB", "sharedStrings", "sharedStrings.xml")]
    add("xl/_rels/workbook.xml.rels", relationships(items))
    let codes = formats.enumerated().filter { Int($0.element) == nil }.map {
      "<numFmt numFmtId=\"\(200 + $0.offset)\" formatCode=\"\($0.element)\"/>"
    }
    let cells = formats.enumerated().map { "<xf numFmtId=\"\(Int($0.element) ?? 200 + $0.offset)\"/>" }
    add(
      "xl/styles.xml",
      head + "<styleSheet xmlns=\"\(space)\"><numFmts>\(codes.joined())</numFmts><cellStyleXfs><xf numFmtId=\"14\"/>"
        + "</cellStyleXfs><cellXfs>\(cells.joined())</cellXfs></styleSheet>")
    add(
      "xl/sharedStrings.xml",
      head + "<sst xmlns=\"\(space)\">" + shared.map { "<si>\($0)</si>" }.joined() + "</sst>")
    for (place, sheet) in sheets.enumerated() {
      add(
        "xl/worksheets/sheet\(place + 1).xml",
        head
          + "<worksheet xmlns=\"\(space)\">\(sheet.before)<sheetData>\(sheet.data)</sheetData>\(sheet.after)</worksheet>"
      )
    }
  }

  private mutating func add(_ name: String, _ text: String) { parts.append((name, Array(text.utf8))) }

  /// Replaces the text of a part.
  package mutating func change(_ name: String, _ change: (String) -> String) {
    guard let place = parts.firstIndex(where: { $0.name == name }) else { preconditionFailure("no part \(name)") }
    parts[place].text = Array(change(String(decoding: parts[place].text, as: UTF8.self)).utf8)
  }

  package mutating func rename(_ name: String, to other: String) {
    for place in parts.indices where parts[place].name == name { parts[place].name = other }
  }

  package func bytes() -> [UInt8] {
    var zip = ZipWriter()
    for part in parts {
      var member = ZipWriter.Member(part.name, deflated: isDeflated)
      member.content = part.text
      zip.members.append(member)
    }
    return zip.bytes()
  }

  /// Rows of texts as inline strings; blank cells are left out.
  package static func rows(_ table: [[String]]) -> String {
    table.map { row in
      let cells = row.enumerated().filter { !$0.element.isEmpty }.map { column, text in
        "<c r=\"\(letters(column))\" t=\"inlineStr\"><is><t>\(escaped(text))</t></is></c>"
      }
      return "<row>" + cells.joined() + "</row>"
    }.joined()
  }

  private static func escaped(_ text: String) -> String {
    text.map { $0 == "&" ? "&amp;" : $0 == "<" ? "&lt;" : String($0) }.joined()
  }

  /// A reference without row is none; so the column is counted.
  private static func letters(_ column: Int) -> String { "\(Character(UnicodeScalar(UInt8(65 + column))))1" }
}
