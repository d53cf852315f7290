package import Bytes
package import Diagnostics

/// What the bytes of a file are written in, and why we think so.
package struct DetectedEncoding: Sendable, Hashable {
  /// Lower case, as the pipeline file writes it: `utf-8`, `gb18030`, `windows-1252`, `utf-16le` …
  package var name: String
  package var evidence: LocalizedText
  package var hasBOM: Bool
  /// Whether some lines of the file are in one encoding and some in another; the rule is `mixed-encoding`.
  package var isMixed = false
  package init(name: String, evidence: LocalizedText, hasBOM: Bool = false) {
    self.name = name
    self.evidence = evidence
    self.hasBOM = hasBOM
  }
}

/// Decides by the whole content of a file: its byte order mark; else UTF-16 where NUL bytes speak for it; else UTF-8 when all
/// of it is; else the one of GB18030, Big5, Windows-1252, the Japanese and Korean ones and those of `Alphabet` in which it
/// reads most like text, of those in which all of it decodes. An encoding that is declared wins.
package enum EncodingDetector {
  /// - Parameters:
  ///   - declared: what the pipeline says, under any usual name; GB2312 and GBK are read as GB18030.
  ///   - open: a source from the first byte of the file; called up to once for each encoding that is tried.
  package static func detect(
    file: String, declared: String? = nil, open: () throws(ReadError) -> any ByteSource
  ) throws(ReadError) -> DetectedEncoding {
    let census = try Census(try open(), stopsEarly: declared != nil)
    if let declared {
      let name = EncodingName.canonical(declared)
      let isOpen = name == "utf-16" || name == "utf-32"
      let byMark = isOpen ? census.byteOrderMark ?? census.utf16ByNUL : nil
      return DetectedEncoding(
        name: byMark ?? (isOpen ? name + "le" : name),
        evidence: LocalizedText(zh: "流程文件指定", en: "declared by the pipeline"), hasBOM: census.byteOrderMark != nil)
    }
    if let certain = byMarkOrUnicode(census) { return certain }
    if census.unicodeLines < 2 { return try byPlausibility(census, file: file, open: open) }
    return try mixed(census, file: file, open: open)
  }

  /// Some lines are UTF-8 and some are not. Read as UTF-8 the others are rejected for certain, while another encoding may take
  /// UTF-8 for odd characters; so it must be a small part that is given away for the others.
  private static func mixed(
    _ census: Census, file: String, open: () throws(ReadError) -> any ByteSource
  ) throws(ReadError) -> DetectedEncoding {
    var found = DetectedEncoding(name: "utf-8", evidence: LocalizedText(""))
    if census.unicodeLines * 5 < census.otherLines { found = try byPlausibility(census, file: file, open: open) }
    found.isMixed = true
    found.evidence = LocalizedText(
      zh: "混合编码：样本中 \(census.unicodeLines) 行是 UTF-8，\(census.otherLines) 行不是；按 \(found.name) 读取",
      en:
        "mixed: of the sample \(census.unicodeLines) lines are UTF-8 and \(census.otherLines) are not; read as \(found.name)"
    )
    return found
  }

  private static func byMarkOrUnicode(_ census: Census) -> DetectedEncoding? {
    if let name = census.byteOrderMark { return .marked(name) }
    if let name = census.utf16ByNUL {
      return DetectedEncoding(
        name: name,
        evidence: LocalizedText(
          zh: "没有 BOM；每两个字节一个字符，NUL 字节只在一侧", en: "no byte order mark; NUL bytes stand on one side of each pair"))
    }
    if let name = census.asciiOnly {
      return DetectedEncoding(
        name: name,
        evidence: LocalizedText(zh: "全部是 ASCII，含 \(name) 的转义", en: "all of it is ASCII, with the escapes of \(name)"))
    }
    if census.isEBCDIC {
      return DetectedEncoding(
        name: "ibm037",
        evidence: LocalizedText(zh: "字母、数字和空格在 EBCDIC 的位置", en: "letters, digits and spaces are those of EBCDIC"))
    }
    if census.highBytes == 0 { return .ascii }
    if census.badBytes == 0 { return .unicode }
    // Text in another encoding is hardly ever valid UTF-8 for longer than a few characters.
    let charactersPerBadByte = 20
    if census.characters >= max(charactersPerBadByte * census.badBytes, charactersPerBadByte) {
      return DetectedEncoding(
        name: "utf-8",
        evidence: LocalizedText(
          zh: "UTF-8，但有 \(census.badBytes) 个字节不能解码（第 \(census.firstBadByte) 字节起）",
          en: "UTF-8, but for \(census.badBytes) bytes that do not decode, the first at byte \(census.firstBadByte)"))
    }
    return nil
  }

  private static func byPlausibility(
    _ census: Census, file: String, open: () throws(ReadError) -> any ByteSource
  ) throws(ReadError) -> DetectedEncoding {
    var ranked: [(encoding: String, plausibility: Double)] = []
    for script in Script.all { ranked.append((script.encoding, try script.plausibility(of: census.sample))) }
    for alphabet in Alphabet.all { ranked.append((alphabet.encoding, alphabet.plausibility(of: census.sample))) }
    // A sort that keeps the order of those that are equal: the first is the commonest among our files.
    ranked = ranked.enumerated().sorted { ($1.element.plausibility, $0.offset) < ($0.element.plausibility, $1.offset) }
      .map(\.element)
    // One that decodes but looks far less like text is no better than the best with some bad bytes.
    let near = 0.25
    for (encoding, plausibility) in ranked where plausibility >= ranked[0].plausibility - near {
      guard try isWhollyDecodable(encoding, file: file, open: open) else { continue }
      return result(encoding, plausibility, census, isWhole: true)
    }
    return result(ranked[0].encoding, ranked[0].plausibility, census, isWhole: false)
  }

  private static func result(
    _ name: String, _ plausibility: Double, _ census: Census, isWhole: Bool
  ) -> DetectedEncoding {
    let percent = Int((max(0, min(1, plausibility)) * 100).rounded())
    return DetectedEncoding(
      name: name,
      evidence: LocalizedText(
        zh:
          "第 \(census.firstBadByte) 字节不是 UTF-8；\(isWhole ? "全文可按 \(name) 解码" : "按 \(name) 也有不能解码的字节")，像正常文字的程度 \(percent)%",
        en: "byte \(census.firstBadByte) is not UTF-8; "
          + (isWhole ? "all of it decodes as \(name)" : "not all of it decodes as \(name) either")
          + ", which makes it look like text to \(percent)%"))
  }

  static func isWhollyDecodable(
    _ encoding: String, file: String, open: () throws(ReadError) -> any ByteSource
  ) throws(ReadError) -> Bool {
    let decoder = try UTF8Decoder(
      try open(), encoding: DetectedEncoding(name: encoding, evidence: LocalizedText("")), file: file)
    var text: [UInt8] = []
    let block = 256 << 10
    while true {
      text.removeAll(keepingCapacity: true)
      let hasEnded = try decoder.append(to: &text, upTo: block)
      if decoder.undecodable.count > 0 { return false }
      if hasEnded { return true }
    }
  }
}
