package import Bytes
package import Diagnostics

/// What an XML document says about its encoding is evidence like any other: it decides between encodings in which all of
/// the file decodes. A label that the bytes contradict beyond doubt makes a file that nobody can trust.
extension EncodingDetector {
  /// `found`, or what the declaration of the XML document makes of it.
  ///
  /// - Throws: `xml-encoding` when a byte order mark or the width of characters contradicts the declaration, or when the
  ///   bytes are UTF-8 in form and no characters (surrogates, overlong forms, beyond U+10FFFF).
  package static func settle(
    _ found: DetectedEncoding, ofXML file: String, open: () throws(ReadError) -> any ByteSource
  ) throws(ReadError) -> DetectedEncoding {
    let label = try label(of: UTF8Decoder(try open(), encoding: found, file: file))
    let name = label.map { EncodingName.canonical($0) }
    let width = unitSize(found.name)
    if let label, let name, contradicts(name, found, width) { throw contradiction(label, found.name, file) }
    guard width == 1, !found.hasBOM else { return found }
    if found.name == "utf-8" {
      // Only encodings that shift between tables by ASCII bytes look like ASCII and are something else.
      guard let label, let name, shifting.contains(name) else { return found }
      return try isWhollyDecodable(name, file: file, open: open) ? byLabel(name, label) : found
    }
    if let label, let name, name != "utf-8", EncodingName.library(name) != nil, Iconv.knows(name),
      try isWhollyDecodable(name, file: file, open: open)
    {
      return byLabel(name, label)
    }
    if name == nil || name == "utf-8" {
      let scan = try IrregularUTF8(of: try open())
      if scan.isIrregular, name == "utf-8" || scan.isBeyondDoubt { throw contradiction("UTF-8", found.name, file) }
    }
    return found
  }

  private static let shifting: Set<String> = ["iso-2022-jp", "iso-2022-kr", "iso-2022-cn", "hz-gb-2312", "hz"]

  private static func byLabel(_ name: String, _ label: String) -> DetectedEncoding {
    DetectedEncoding(
      name: name,
      evidence: LocalizedText(
        zh: "XML 声明写明 \(label)，全文可按 \(name) 解码",
        en: "the XML declaration says \(label), and all of it decodes as \(name)"))
  }

  private static func unitSize(_ name: String) -> Int {
    if name.hasPrefix("utf-16") || ["ucs-2", "iso-10646-ucs-2"].contains(name) { return 2 }
    if name.hasPrefix("utf-32") || ["ucs-4", "iso-10646-ucs-4"].contains(name) { return 4 }
    return 1
  }

  private static func contradicts(_ name: String, _ found: DetectedEncoding, _ width: Int) -> Bool {
    if unitSize(name) != width { return true }
    if width > 1 {
      let order = String(name.suffix(2))
      return ["le", "be"].contains(order) && !found.name.hasSuffix(order)
    }
    return found.hasBOM && name != found.name
  }

  private static func contradiction(_ label: String, _ found: String, _ file: String) -> ReadError {
    ReadError(
      Diagnostic(.xmlEncoding, at: SourceLocation(file: file, line: 1), found: label, [.literal(found)]))
  }

  /// The encoding that the XML declaration names.
  private static func label(of text: UTF8Decoder) throws(ReadError) -> String? {
    var head: [UInt8] = []
    _ = try text.append(to: &head, upTo: 1024)
    guard head.starts(with: Array("<?xml".utf8)) else { return nil }
    let declaration = head.prefix { $0 != UInt8(ascii: ">") }
    let text = String(decoding: declaration, as: UTF8.self)
    guard let name = text.range(of: "encoding") else { return nil }
    var rest = text[name.upperBound...].drop { $0.isWhitespace }
    guard rest.first == "=" else { return nil }
    rest = rest.dropFirst().drop { $0.isWhitespace }
    guard let quote = rest.first, quote == "\"" || quote == "'" else { return nil }
    let label = rest.dropFirst().prefix { $0 != quote }
    return label.isEmpty || label.utf8.count > 40 ? nil : String(label)
  }
}

extension String {
  /// The first place of `word`.
  fileprivate func range(of word: String) -> Range<Index>? {
    var at = startIndex
    while at < endIndex {
      if self[at...].hasPrefix(word) { return at..<index(at, offsetBy: word.count) }
      at = index(after: at)
    }
    return nil
  }
}

/// Looks whether a file that is no UTF-8 has the form of it all the same: each lead byte with its continuation bytes, but
/// surrogates, forms longer than needed, or numbers beyond U+10FFFF among them. Text in another encoding hardly ever does.
private struct IrregularUTF8 {
  /// Whether every byte beyond ASCII stands in such a form.
  private(set) var isIrregular = true
  /// Whether one of them is longer than two bytes, which text in another encoding has by chance even less.
  private(set) var isBeyondDoubt = false
  private var wanted = 0

  init(of source: any ByteSource) throws(ReadError) {
    var block: [UInt8] = []
    var hasEnded = false
    var lead: UInt8 = 0
    while !hasEnded, isIrregular {
      block.removeAll(keepingCapacity: true)
      hasEnded = try source.append(to: &block, upTo: 64 << 10)
      for byte in block {
        if wanted > 0 {
          guard byte & 0xC0 == 0x80 else {
            isIrregular = false
            return
          }
          wanted -= 1
          if lead == 0xED, byte >= 0xA0 { isBeyondDoubt = true }
          if lead == 0xE0, byte < 0xA0 { isBeyondDoubt = true }
          if lead == 0xF4, byte >= 0x90 { isBeyondDoubt = true }
          if lead == 0xF0, byte < 0x90 { isBeyondDoubt = true }
          lead = 0
          continue
        }
        guard byte >= 0x80 else { continue }
        lead = byte
        switch byte {
        case 0xC0...0xDF: wanted = 1
        case 0xE0...0xEF: wanted = 2
        case 0xF0...0xF7: wanted = 3
        case 0xF8...0xFB: wanted = 4
        case 0xFC...0xFD: wanted = 5
        default:
          isIrregular = false
          return
        }
        if byte >= 0xF5 { isBeyondDoubt = true }
      }
    }
    if wanted > 0 { isIrregular = false }
  }
}
