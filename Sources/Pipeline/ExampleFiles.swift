import Containers
import Diagnostics

// Files of examples that are no text: made here, so that the catalogue holds nothing but what a person reads.
extension Trial.File {
  /// The bytes of an archive, a compressed file or a workbook.
  var packed: [UInt8] {
    switch content {
    case .archive(let members, let flaw):
      let archive = zipArchive(members.map { ($0.path, $0.packed) }, isEncrypted: flaw == .password)
      return flaw == .cutShort ? Array(archive.prefix(archive.count / 2)) : archive
    case .gzip(let text, let spare): return gzip(Trial.bytes(of: text)) + Trial.bytes(of: spare)
    case .workbook(let sheets, let isBroken): return zipArchive(workbookParts(sheets, isBroken: isBroken))
    case .compound(let name):
      // A header whose directory begins in the first sector; the directory names what the file holds.
      let head = [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1] + [UInt8](repeating: 0, count: 22) + [9]
      let sector = head + [UInt8](repeating: 0, count: 512 - head.count)
      return sector + name.utf8.flatMap { [$0, 0] } + [UInt8](repeating: 0, count: 512)
    case .text(let text): return Trial.bytes(of: Trial.Marked(text).text)
    case .pipe, .link, .held: return []
    }
  }

  /// What it holds, as files that can be shown.
  func parts(_ language: Language) -> [Trial.File] {
    switch content {
    case .archive(let members, _):
      members.flatMap { member in
        var part = member
        part.path = path + "/" + member.path
        return [part] + part.parts(language)
      }
    case .gzip(let text, _): [Trial.File(path: path.replacing(".gz", with: ""), content: .text(text))]
    case .workbook(let sheets, _):
      sheets.map { Trial.File(path: path + "[\($0.name)]" + $0.remark(language), content: .text($0.table)) }
    default: []
    }
  }

  func packedKind(_ language: Language) -> String {
    let isChinese = language == .zh
    switch content {
    case .archive(let members, .sound) where members.isEmpty: return isChinese ? "空的 zip 压缩包" : "an empty zip archive"
    case .archive(_, .sound): return isChinese ? "zip 压缩包，内有：" : "a zip archive that holds:"
    case .archive(_, .password): return isChinese ? "设了密码的 zip 压缩包，内有：" : "a zip archive with a password that holds:"
    case .archive(_, .cutShort): return isChinese ? "只传了一半的 zip 压缩包，原有：" : "half of a zip archive, which held:"
    case .gzip(_, let spare) where spare.isEmpty: return isChinese ? "gzip 压缩的文件：" : "a file compressed by gzip:"
    case .gzip: return isChinese ? "gzip 压缩的文件，末尾多出几个字节：" : "a file compressed by gzip, with some more bytes behind it:"
    case .workbook(_, true): return isChinese ? "缺了一部分的 Excel 工作簿：" : "an Excel workbook of which a part is missing:"
    case .workbook: return isChinese ? "Excel 工作簿：" : "an Excel workbook:"
    case .compound("EncryptedPackage"): return isChinese ? "设了打开密码的工作簿" : "a workbook with a password"
    default: return isChinese ? "旧格式的 Excel 工作簿" : "a workbook in the old format of Excel"
    }
  }
}

extension Trial.Sheet {
  /// What its table does not show.
  fileprivate func remark(_ language: Language) -> String {
    let isChinese = language == .zh
    var remarks: [String] = []
    if isHidden { remarks.append(isChinese ? "隐藏的工作表" : "a hidden sheet") }
    if hiddenRow > 0 { remarks.append(isChinese ? "第 \(hiddenRow) 行隐藏" : "row \(hiddenRow) is hidden") }
    if !merged.isEmpty { remarks.append((isChinese ? "合并了 " : "merged: ") + merged.joined(separator: ", ")) }
    if hasNumbers { remarks.append(isChinese ? "号码存为数字" : "digits are stored as numbers") }
    return remarks.isEmpty ? "" : "  (\(remarks.joined(separator: isChinese ? "，" : ", ")))"
  }

  fileprivate var part: String {
    let table = Trial.bytes(of: Trial.Marked(self.table).text)
    let rows = table.split(separator: 0x0A, omittingEmptySubsequences: false).enumerated().map { row, line in
      let cells = line.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false).enumerated().map {
        let text = String(decoding: $1, as: UTF8.self)
        let place = "r=\"\(Character(UnicodeScalar(UInt8(65 + $0))))\(row + 1)\""
        if text.isEmpty { return "" }
        if hasNumbers, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) {
          return "<c \(place)><v>\(stored(text))</v></c>"
        }
        return "<c \(place) t=\"inlineStr\"><is><t>\(text)</t></is></c>"
      }
      return "<row r=\"\(row + 1)\"\(row + 1 == hiddenRow ? " hidden=\"1\"" : "")>\(cells.joined())</row>"
    }
    let merges = merged.map { "<mergeCell ref=\"\($0)\"/>" }.joined()
    return "<worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><sheetData>\(rows.joined())"
      + "</sheetData>" + (merges.isEmpty ? "" : "<mergeCells>\(merges)</mergeCells>") + "</worksheet>"
  }
}

/// Digits as spreadsheets store them: of a long number fifteen.
private func stored(_ digits: String) -> String {
  guard digits.utf8.count > 15 else { return digits }
  return "\(digits.prefix(1)).\(digits.dropFirst().prefix(14))E+\(digits.utf8.count - 1)"
}

/// The parts of a workbook that say anything.
private func workbookParts(_ sheets: [Trial.Sheet], isBroken: Bool) -> [(String, [UInt8])] {
  let office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
  func relationships(_ kind: String, _ targets: [String]) -> String {
    "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">"
      + targets.enumerated().map {
        "<Relationship Id=\"r\($0.offset)\" Type=\"\(office)/\(kind)\" Target=\"\($0.element)\"/>"
      }.joined() + "</Relationships>"
  }
  let list = sheets.enumerated().map { place, sheet in
    "<sheet name=\"\(sheet.name)\" sheetId=\"\(place + 1)\"\(sheet.isHidden ? " state=\"hidden\"" : "") r:id=\"r\(place)\"/>"
  }
  var parts = [
    (
      "[Content_Types].xml", "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"/>"
    ),
    ("_rels/.rels", relationships("officeDocument", ["xl/workbook.xml"])),
    (
      "xl/workbook.xml",
      "<workbook xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" xmlns:r=\"\(office)\"><sheets>"
        + list.joined() + "</sheets></workbook>"
    ),
    ("xl/_rels/workbook.xml.rels", relationships("worksheet", sheets.indices.map { "worksheets/sheet\($0 + 1).xml" })),
  ]
  for (place, sheet) in sheets.enumerated() where !isBroken || place > 0 {
    parts.append(("xl/worksheets/sheet\(place + 1).xml", sheet.part))
  }
  return parts.map { ($0.0, Array($0.1.utf8)) }
}

private func littleEndian(_ value: Int, _ width: Int) -> [UInt8] {
  (0..<width).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
}

/// A zip archive whose members are stored as they are; an encrypted one only says so.
private func zipArchive(_ members: [(name: String, content: [UInt8])], isEncrypted: Bool = false) -> [UInt8] {
  var output: [UInt8] = []
  var directory: [UInt8] = []
  for (name, content) in members {
    let flags = 0x800 | (isEncrypted ? 1 : 0)  // names are UTF-8
    let sizes = littleEndian(Int(checksum(of: content)), 4) + littleEndian(content.count, 4)
    let common =
      littleEndian(20, 2) + littleEndian(flags, 2) + [UInt8](repeating: 0, count: 6) + sizes
      + littleEndian(content.count, 4) + littleEndian(name.utf8.count, 2)
    directory += littleEndian(0x0201_4B50, 4) + littleEndian(20, 2) + common + [UInt8](repeating: 0, count: 12)
    directory += littleEndian(output.count, 4) + Array(name.utf8)
    output += littleEndian(0x0403_4B50, 4) + common + [0, 0] + Array(name.utf8) + content
  }
  let end =
    littleEndian(0x0605_4B50, 4) + [0, 0, 0, 0] + littleEndian(members.count, 2) + littleEndian(members.count, 2)
  return output + directory + end + littleEndian(directory.count, 4) + littleEndian(output.count, 4) + [0, 0]
}

/// A .gz file of one stored block.
private func gzip(_ content: [UInt8]) -> [UInt8] {
  let count = content.count
  precondition(count < 1 << 16, "an example is small")
  return [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, 1] + littleEndian(count, 2) + littleEndian(~count, 2) + content
    + littleEndian(Int(checksum(of: content)), 4) + littleEndian(count, 4)
}
