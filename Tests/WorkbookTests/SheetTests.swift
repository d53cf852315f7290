import ArchiveMaking
import Bytes
import Containers
import Diagnostics
import Testing

@testable import Workbook

/// The lines of a sheet with `|` between cells and `↵` for a line break inside one; or rule and reason of the failure.
func read(_ bytes: [UInt8], sheet: Int = 0, limits: WorkbookLimits = WorkbookLimits()) -> [String] {
  do {
    return try lines(bytes, sheet: sheet, limits: limits).lines
  } catch {
    guard let error = error as? ReadError else { return ["\(error)"] }
    return [error.diagnostic.rule.id + ": " + error.diagnostic.expected(.en)]
  }
}

func lines(
  _ bytes: [UInt8], sheet: Int = 0, limits: WorkbookLimits = WorkbookLimits()
) throws -> (lines: [String], notes: [Diagnostic]) {
  let source = MemoryBytes(bytes)
  let workbook = try WorkbookFile(source, ZipArchive(source, file: "a.xlsx"), limits: limits)
  let text = try workbook.open(workbook.sheets[sheet], as: "a.xlsx[\(workbook.sheets[sheet].name)]")
  var output: [UInt8] = []
  while try !text.append(to: &output, upTo: output.count + 1000) {}
  let shown = output.map { $0 == SheetMark.cell ? UInt8(ascii: "|") : $0 }
  let lines = String(decoding: shown, as: UTF8.self).replacing("\u{1E}", with: "↵").split(
    separator: "\n", omittingEmptySubsequences: false)
  return (lines.dropLast().map(String.init), text.notes)
}

private func one(_ cells: String, shared: [String] = [], formats: [String] = ["0"], in1904: Bool = false) -> String {
  let maker = WorkbookMaker(
    [.init("S", "<row>\(cells)</row>")], shared: shared, formats: formats, startsIn1904: in1904)
  return read(maker.bytes()).joined(separator: "/")
}

@Suite struct CellTests {
  @Test(arguments: [
    ("<c t='s'><v>0</v></c>", "甲&乙"), ("<c t='s'><v>1</v></c>", "富文本"), ("<c t='s'><v>2</v></c>", "東京"),
    ("<c t='s'><v>3</v></c>", " 空 格 "), ("<c t='s'><v>4</v></c>", "一↵二↵三"),
    ("<c t='s'><v>5</v></c>", "_x000D_ A\u{1F600}"),
    ("<c t='inlineStr'><is><r><t>行</t></r><r><t>内</t></r></is></c>", "行内"),
    ("<c t='inlineStr'><is><t>a</t><rPh sb='0' eb='1'><t>读音</t></rPh></is></c>", "a"),
    ("<c t='str'><f>A1&amp;B1</f><v>结果</v></c>", "结果"), ("<c><f>1+1</f><v>2</v></c>", "2"),
    ("<c t='b'><v>1</v></c>", "TRUE"), ("<c t='b'><v>0</v></c>", "FALSE"), ("<c t='e'><v>#N/A</v></c>", "#N/A"),
    ("<c t='d'><v>2022-11-03T00:00:00</v></c>", "2022-11-03"),
    ("<c t='d'><v>2022-11-03T08:30:00</v></c>", "2022-11-03T08:30:00"),
    ("<c t='inlineStr'><is><t><![CDATA[<b>]]></t></is></c>", "<b>"), ("<c t='n'><v>007</v></c>", "7"),
    ("<c t='str'><v>532822199001011234</v></c>", "532822199001011234"),
  ])
  func aCellSaysWhatAPersonSees(cell: String, text: String) {
    let shared = [
      "<t>甲&amp;乙</t>", "<r><rPr><b/></rPr><t>富</t></r><r><t xml:space='preserve'>文本</t></r>",
      "<t>東京</t><rPh sb='0' eb='2'><t>トウキョウ</t></rPh><phoneticPr fontId='1'/>", "<t xml:space='preserve'> 空 格 </t>",
      "<t>一\n二_x000D_\n三</t>", "<t>_x005F_x000D_ _x0041__xD83D__xDE00_</t>",
    ]
    #expect(one(cell, shared: shared) == text)
  }

  @Test(arguments: [
    ("0.30000000000000004", "0.3"), ("1.1000000000000001", "1.1"), ("12.50", "12.5"), ("-0", "0"), ("-0.5", "-0.5"),
    ("44868", "44868"), ("1E3", "1000"), ("1.5e-3", "0.0015"), ("1.23456789012345E+17", "123456789012345000"),
    ("123456789012345678", "123456789012345678"), ("1E+40", "1E+40"), ("1.25E-30", "1.25E-30"),
    ("9.9999999999999995", "10"),
    ("0.1", "0.1"), ("00012", "12"), ("1e", "1e"), ("abc", "abc"), ("0.000", "0"), ("100", "100"), ("3.0", "3"),
  ])
  func aNumberIsTheShortestDecimal(written: String, text: String) { #expect(one("<c><v>\(written)</v></c>") == text) }

  @Test(arguments: [
    ("14", "44868", "2022-11-03"), ("22", "44868.354166666664", "2022-11-03T08:30:00"),
    ("20", "0.354166666666667", "08:30:00"),
    ("31", "44868", "2022-11-03"), ("57", "44868", "2022-11-03"), ("46", "1.0625", "25:30:00"), ("9", "0.85", "85%"),
    ("yyyy&quot;年&quot;m&quot;月&quot;d&quot;日&quot;;@", "44868", "2022-11-03"),
    ("[$-804]aaaa;@", "44868", "2022-11-03"),
    ("[h]:mm", "1.5", "36:00:00"), ("mm:ss", "0.5", "12:00:00"), ("0.0%", "0.12345", "12.345%"),
    ("h:mm AM/PM", "0.75", "18:00:00"),
    ("上午/下午h&quot;时&quot;mm&quot;分&quot;", "0.75", "18:00:00"), ("yyyy/m/d h:mm", "44868.5", "2022-11-03T12:00:00"),
    ("General", "44868", "44868"), ("G/通用格式", "44868", "44868"), ("0.00E+00", "44868", "44868"),
    ("#,##0.00", "44868.5", "44868.5"),
    ("[Red]0.00", "1.5", "1.5"), ("0&quot;day&quot;", "3", "3"), ("0\\d", "3", "3"), ("@", "3", "3"),
    ("[DBNum1][$-804]yyyy", "44868", "2022-11-03"),
    ("00000;-00000", "12", "00012"), ("0", "12", "12"), ("m/d", "44868", "2022-11-03"),
    ("ss.000", "0.000005787", "00:00:00.500"),
    ("14", "1", "1900-01-01"), ("14", "59", "1900-02-28"), ("14", "60", "1900-02-29"), ("14", "61", "1900-03-01"),
    ("14", "0", "1900-01-00"),
    ("14", "-1", "-1"), ("14", "2958465", "9999-12-31"), ("14", "2958466", "2958466"), ("14", "1E+300", "1E+300"),
  ])
  func aNumberFormatMakesDatesTimesAndPercents(format: String, number: String, text: String) {
    #expect(one("<c s='1'><v>\(number)</v></c>", formats: ["0", format]) == text)
  }

  @Test func theCalendarMayBeginIn1904() {
    #expect(
      one("<c s='0'><v>0</v></c><c s='0'><v>43406</v></c>", formats: ["14"], in1904: true) == "1904-01-01|2022-11-03")
  }
}

@Suite struct SheetTests {
  @Test(arguments: [
    ("<row r='1'><c r='A1'><v>1</v></c><c r='C1'><v>3</v></c></row>", ["1||3"]),
    ("<row><c><v>1</v></c><c><v>2</v></c></row><row><c><v>3</v></c></row>", ["1|2", "3|"]),
    ("<row r='3'><c r='B3'><v>1</v></c></row><row r='5'><c r='A5'><v>2</v></c></row>", ["", "", "|1", "", "2|"]),
    ("<row r='1'><c r='B1'><v>2</v></c><c r='A1'><v>1</v></c></row>", ["1|2"]),
    ("<row r='1'><c r='A1'><v>1</v></c><c r='A1'><v>2</v></c></row>", ["2"]),
    ("<row r='1'><c r='A1'><v>1</v></c></row><row r='1'><c r='A1'><v>2</v></c></row>", ["1", "2"]),
    ("<row r='1'><c r='A1'><v>1</v></c><c r='D1' s='0'/></row><row r='2'/><row r='9'><c r='A9' t='s'/></row>", ["1"]),
    ("", []),
  ])
  func rowsAndCellsStandWhereTheirReferencesSay(data: String, lines: [String]) {
    #expect(read(WorkbookMaker([.init("S", data)]).bytes()) == lines)
  }

  @Test func blankRowsBelowTheTableCostNothing() {
    let blank = (2...200_000).map { "<row r='\($0)' ht='15' customHeight='1'/>" }.joined()
    var maker = WorkbookMaker([.init("S", "<row r='1'><c><v>1</v></c></row>\(blank)")])
    maker.isDeflated = true
    #expect(read(maker.bytes()) == ["1"])
    maker.change("xl/worksheets/sheet1.xml") {
      $0.replacing("</sheetData>", with: "<row r='1048576'><c><v>2</v></c></row></sheetData>")
    }
    #expect(read(maker.bytes()).count == 1_048_576)
  }

  @Test func mergedCellsHaveTheValueOfTheFirst() throws {
    let table = [
      ["台账", "", ""], ["单位", "日期", "问题"], ["勐海县", "1", "甲"], ["", "2", "乙"], ["", "", "丙"], ["景洪市", "", "丁"],
    ]
    let merges =
      "<mergeCells count='4'>"
      + ["A1:C1", "A3:A5", "B4:B5", "A6:B6"].map { "<mergeCell ref='\($0)'/>" }.joined() + "</mergeCells>"
    let found = try lines(WorkbookMaker([.init("S", WorkbookMaker.rows(table), after: merges)]).bytes())
    #expect(found.lines == ["台账", "单位|日期|问题", "勐海县|1|甲", "勐海县|2|乙", "勐海县|2|丙", "景洪市|景洪市|丁"])
    #expect(found.notes.map { "\($0.rule.id) \($0.expected(.en))" } == ["merged-cells-filled 3 merged ranges"])
  }

  @Test func aLongTextInManyCellsIsALimitAndNoMemory() {
    let long = "<t>\(String(repeating: "x", count: 100_000))</t>"
    let cells = String(repeating: "<c t='s'><v>0</v></c>", count: 1000)
    #expect(
      read(WorkbookMaker([.init("S", "<row>\(cells)</row>")], shared: [long]).bytes()).first?.hasPrefix(
        "workbook-limit: bytes of a row") == true)
    let header = "<row>\(String(repeating: "<c><v>1</v></c>", count: 1000))</row>"
    let merged = header + "<row><c t='s'><v>0</v></c><c r='ALL2'><v>1</v></c></row>"
    let after = "<mergeCells><mergeCell ref='A2:ALK2'/></mergeCells>"
    #expect(
      read(WorkbookMaker([.init("S", merged, after: after)], shared: [long]).bytes()).first?.hasPrefix(
        "workbook-limit: bytes of a row") == true)
  }

  @Test func hiddenPartsAreReadAndNoted() throws {
    let data = "<row r='1'><c><v>1</v></c><c><v>2</v></c></row><row r='2' hidden='1'><c><v>3</v></c></row>"
    let sheet = WorkbookMaker.Sheet(
      "S", data, state: "veryHidden", before: "<cols><col min='2' max='16384' hidden='1'/></cols>")
    let found = try lines(WorkbookMaker([sheet]).bytes())
    #expect(found.lines == ["1|2", "3|"])
    #expect(found.notes.map { $0.expected(.en) } == ["the sheet itself, 1 rows, 1 columns"])
  }

  @Test func aLongNumberThatWasRoundedIsNoted() throws {
    let data = "<row r='2'><c r='AB2'><v>5.32822199001011E+17</v></c></row>"
    let found = try lines(WorkbookMaker([.init("S", data)]).bytes())
    #expect(found.notes.map { "\($0.rule.id) \($0.location.description)" } == ["long-number-rounded a.xlsx[S]:2:AB"])
  }
}

@Suite struct PackageTests {
  private static let data = "<row><c t='s'><v>0</v></c></row>"
  private static func maker(strict: Bool = false) -> WorkbookMaker {
    WorkbookMaker([.init("S", data)], shared: ["<t>好</t>"], isStrict: strict)
  }
  private static func changed(_ change: (inout WorkbookMaker) -> Void) -> [UInt8] {
    var maker = maker()
    change(&maker)
    return maker.bytes()
  }
  private static func utf16(_ text: String, isBig: Bool, mark: Bool) -> [UInt8] {
    ((mark ? [0xFEFF] : []) + Array(text.utf16)).flatMap { unit in
      isBig ? [UInt8(unit >> 8), UInt8(unit & 255)] : [UInt8(unit & 255), UInt8(unit >> 8)]
    }
  }
  private static func recoded(_ encode: (String) -> [UInt8]) -> [UInt8] {
    var maker = maker()
    for place in maker.parts.indices {
      maker.parts[place].text = encode(String(decoding: maker.parts[place].text, as: UTF8.self))
    }
    return maker.bytes()
  }

  static let unusual: [(String, [UInt8])] = [
    ("strict", maker(strict: true).bytes()),
    (
      "absolute targets",
      changed { $0.change("xl/_rels/workbook.xml.rels") { $0.replacing("Target=\"", with: "Target=\"/xl/") } }
    ),
    (
      "other names",
      changed {
        $0.rename("xl/workbook.xml", to: "book/main.xml")
        $0.rename("xl/_rels/workbook.xml.rels", to: "book/_rels/main.xml.rels")
        $0.change("_rels/.rels") { $0.replacing("xl/workbook.xml", with: "./book/x/../main.xml") }
        $0.change("book/_rels/main.xml.rels") { $0.replacing("Target=\"", with: "Target=\"../xl/") }
      }
    ),
    (
      "backslashes",
      changed { maker in for part in maker.parts.map(\.name) { maker.rename(part, to: part.replacing("/", with: "\\")) }
      }
    ),
    ("other case", changed { $0.rename("xl/sharedStrings.xml", to: "xl/SharedStrings.xml") }),
    ("byte order mark", recoded { [0xEF, 0xBB, 0xBF] + Array($0.utf8) }),
    ("UTF-16LE", recoded { utf16($0, isBig: false, mark: true) }),
    ("UTF-16BE", recoded { utf16($0, isBig: true, mark: true) }),
    ("UTF-16 without mark", recoded { utf16($0.replacing("UTF-8", with: "UTF-16"), isBig: false, mark: false) }),
    (
      "prefixes",
      changed {
        $0.change("xl/worksheets/sheet1.xml") { text in
          ["worksheet", "sheetData", "row", "c", "v"].reduce(text) { text, name in
            text.replacing("<\(name)>", with: "<x:\(name)>").replacing("<\(name) ", with: "<x:\(name) ").replacing(
              "</\(name)>", with: "</x:\(name)>")
          }.replacing("xmlns=", with: "xmlns:x=")
        }
      }
    ),
    (
      "external links beside it",
      changed {
        $0.change("xl/_rels/workbook.xml.rels") {
          $0.replacing(
            "</Rel",
            with: "<Relationship Id='q' Type='x/externalLink' TargetMode='External' Target='file:///etc/passwd'/></Rel")
        }
      }
    ),
    ("without styles", changed { $0.parts.removeAll { $0.name == "xl/styles.xml" } }),
  ]

  @Test(arguments: unusual) func readsWhatOtherProgramsWrite(what: String, bytes: [UInt8]) {
    #expect(read(bytes) == ["好"])
  }

  static let wrong: [(String, String, [UInt8])] = [
    (
      "doctype", "xml-doctype-forbidden",
      changed {
        $0.change("xl/sharedStrings.xml") { $0.replacing("<sst", with: "<!DOCTYPE sst [<!ENTITY a 'b'>]><sst") }
      }
    ),
    (
      "doctype in a sheet", "xml-doctype-forbidden",
      changed {
        $0.change("xl/worksheets/sheet1.xml") {
          $0.replacing("<worksheet", with: "<!--x--><!DOCTYPE a SYSTEM 'file:///etc/passwd'><worksheet")
        }
      }
    ),
    (
      "entity", "workbook-damaged",
      changed { $0.change("xl/worksheets/sheet1.xml") { $0.replacing("<v>0", with: "<v>&b;") } }
    ),
    (
      "missing part", "workbook-damaged: a sound workbook (xl/worksheets/sheet1.xml",
      changed { $0.parts.removeAll { $0.name == "xl/worksheets/sheet1.xml" } }
    ),
    ("no relationship", "workbook-damaged", changed { $0.parts.removeAll { $0.name == "_rels/.rels" } }),
    (
      "shared string beyond the last",
      "workbook-damaged: a sound workbook (xl/worksheets/sheet1.xml: row 1: no such shared",
      changed { $0.change("xl/worksheets/sheet1.xml") { $0.replacing("<v>0", with: "<v>1") } }
    ),
    ("cut", "workbook-damaged", changed { $0.change("xl/worksheets/sheet1.xml") { String($0.dropLast(20)) } }),
    (
      "row out of range", "workbook-damaged",
      changed { $0.change("xl/worksheets/sheet1.xml") { $0.replacing("<row>", with: "<row r='1048577'>") } }
    ),
    (
      "tag", "workbook-limit: bytes of a tag",
      changed {
        $0.change("xl/worksheets/sheet1.xml") {
          $0.replacing("<row>", with: "<row a='\(String(repeating: "x", count: 70_000))'>")
        }
      }
    ),
    (
      "attributes", "workbook-limit: attributes of a tag",
      changed {
        $0.change("xl/worksheets/sheet1.xml") {
          $0.replacing("<row>", with: "<row \((0..<600).map { "a\($0)=''" }.joined(separator: " "))>")
        }
      }
    ),
    (
      "cell", "workbook-limit: bytes of a cell",
      changed { $0.change("xl/sharedStrings.xml") { $0.replacing("好", with: String(repeating: "好", count: 100_000)) } }
    ),
    (
      "a text document", "workbook-other-format: .xlsx, CSV or XML (this is .docx)",
      changed {
        $0.change("xl/workbook.xml") {
          $0.replacing("<workbook", with: "<document").replacing("</workbook", with: "</document")
        }
      }
    ),
    (
      "deep", "workbook-damaged",
      changed {
        $0.change("xl/worksheets/sheet1.xml") {
          $0.replacing("<sheetData>", with: String(repeating: "<a>", count: 3000))
        }
      }
    ),
  ]

  @Test(arguments: wrong) func refusesWhatIsWrong(what: String, reason: String, bytes: [UInt8]) {
    let found = read(bytes)
    #expect(found.count == 1 && found[0].hasPrefix(reason), "\(found.prefix(3))")
  }

  @Test func sharedTextIsCapped() {
    var limits = WorkbookLimits()
    limits.sharedText = 2
    #expect(
      read(Self.maker().bytes(), limits: limits).first?.hasPrefix("workbook-limit: bytes of shared strings") == true)
  }
}
