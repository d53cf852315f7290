/// Names of encodings: as the pipeline file writes them, as we show them, and as the C library knows them.
enum EncodingName {
  /// The name that we show for `declared`.
  static func canonical(_ declared: String) -> String {
    let lower = declared.lowercased()
    return synonyms[lower.filter { $0 != "-" && $0 != "_" && $0 != " " }] ?? lower
  }

  /// GB2312 and GBK are parts of GB18030, and files labelled GB2312 hold characters of the larger two.
  private static let synonyms = [
    "utf8": "utf-8", "utf8sig": "utf-8", "ascii": "utf-8", "usascii": "utf-8", "utf16": "utf-16", "utf16le": "utf-16le",
    "utf16be": "utf-16be", "unicode": "utf-16", "gb18030": "gb18030", "gbk": "gb18030", "gb2312": "gb18030",
    "cp936": "gb18030", "ms936": "gb18030", "euccn": "gb18030", "ansi": "gb18030", "big5": "big5", "cp950": "big5",
    "windows1252": "windows-1252", "cp1252": "windows-1252", "shiftjis": "shift_jis", "sjis": "shift_jis",
    "cp932": "shift_jis", "euckr": "euc-kr", "cp949": "euc-kr", "uhc": "euc-kr",
  ]

  /// For the C library; `nil` for UTF-8, which needs no conversion.
  static func library(_ canonical: String) -> String? {
    switch canonical {
    case "utf-8": nil
    case "utf-16": "UTF-16LE"
    case "windows-1252": "CP1252"
    case "big5": "CP950"  // what Windows writes under that name
    case "shift_jis": "CP932"
    case "euc-kr": "UHC"
    default: canonical.uppercased()
    }
  }
}
