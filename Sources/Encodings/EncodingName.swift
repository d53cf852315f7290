/// Names of encodings: as the pipeline file writes them, as we show them, and as the C library knows them.
enum EncodingName {
  /// The name that we show for `declared`.
  static func canonical(_ declared: String) -> String {
    let lower = declared.lowercased()
    let key = lower.filter { $0 != "-" && $0 != "_" && $0 != " " }
    if let name = synonyms[key] { return name }
    for prefix in ["windows", "cp", "win"] where key.hasPrefix(prefix + "12") && key.count == prefix.count + 4 {
      return "windows-" + key.dropFirst(prefix.count)
    }
    if key.hasPrefix("iso8859"), let part = Int(key.dropFirst(7)), (1...16).contains(part) { return "iso-8859-\(part)" }
    return lower
  }

  /// GB2312 and GBK are parts of GB18030, and files labelled GB2312 hold characters of the larger two.
  private static let synonyms = [
    "utf8": "utf-8", "utf8sig": "utf-8", "utf8bom": "utf-8", "ascii": "utf-8", "usascii": "utf-8", "cp65001": "utf-8",
    "utf16": "utf-16", "utf16le": "utf-16le", "utf16be": "utf-16be", "unicode": "utf-16", "ucs2": "utf-16",
    "utf32": "utf-32", "utf32le": "utf-32le", "utf32be": "utf-32be", "ucs4": "utf-32",
    "gb18030": "gb18030", "gbk": "gb18030", "gb2312": "gb18030", "cp936": "gb18030", "ms936": "gb18030",
    "windows936": "gb18030", "euccn": "gb18030", "ansi": "gb18030",
    "big5": "big5", "cp950": "big5", "windows950": "big5", "big5hkscs": "big5-hkscs", "hkscs": "big5-hkscs",
    "latin1": "iso-8859-1", "l1": "iso-8859-1", "latin2": "iso-8859-2", "l2": "iso-8859-2", "latin5": "iso-8859-9",
    "latin9": "iso-8859-15", "shiftjis": "shift_jis", "sjis": "shift_jis", "cp932": "shift_jis",
    "windows31j": "shift_jis", "ms932": "shift_jis", "eucjp": "euc-jp", "ujis": "euc-jp", "iso2022jp": "iso-2022-jp",
    "euckr": "euc-kr", "cp949": "euc-kr", "uhc": "euc-kr", "ksc56011987": "euc-kr", "koi8r": "koi8-r",
    "koi8u": "koi8-u", "cp866": "cp866", "ibm866": "cp866", "cp850": "cp850", "ibm850": "cp850", "mac": "macintosh",
    "macroman": "macintosh", "windows874": "windows-874", "cp874": "windows-874", "tis620": "windows-874",
    "ibm037": "ibm037", "cp037": "ibm037", "ebcdic": "ibm037", "utf7": "utf-7",
  ]

  /// For the C library; `nil` for UTF-8, which needs no conversion.
  static func library(_ canonical: String) -> String? {
    switch canonical {
    case "utf-8": nil
    case "utf-16": "UTF-16LE"
    case "utf-32": "UTF-32LE"
    case let name where name.hasPrefix("windows-"): "CP" + name.dropFirst(8)
    case "big5-hkscs": "BIG5-HKSCS"
    case "euc-jp": "EUC-JP-MS"
    case "big5": "CP950"  // what Windows writes under that name
    case "shift_jis": "CP932"
    case "euc-kr": "UHC"
    default: canonical.uppercased()
    }
  }
}
