import Bytes
import CLibXML2
import Diagnostics

/// The files of a schema, which libxml2 may have while the schema is compiled: only from the campaign's folder, and without
/// a DOCTYPE. They go by URLs of a scheme of our own, so that what one includes is found beside it.
///
/// Unchecked: one compilation makes it and uses it, from one thread.
final class SchemaFiles: @unchecked Sendable {
  /// Those of the schema that is being compiled here; `nil` at any other time: then nothing is loaded.
  @TaskLocal static var current: SchemaFiles?
  static let scheme = "fieldtally:///"

  private let read: (String) throws(ReadError) -> [UInt8]
  /// Referring file is not known to the loader; the fault stands at the file that was asked for.
  private(set) var faults: [Diagnostic] = []

  init(read: @escaping (String) throws(ReadError) -> [UInt8]) { self.read = read }

  static func url(of path: String) -> String {
    var url = scheme
    for byte in path.utf8 {
      let isPlain =
        XMLDeclaration.isLetter(byte) || XMLDeclaration.isDigit(byte) || [0x2D, 0x2E, 0x2F, 0x5F].contains(byte)
      let hex = String(byte, radix: 16, uppercase: true)
      url += isPlain ? String(UnicodeScalar(byte)) : "%" + (hex.count < 2 ? "0" : "") + hex
    }
    return url
  }

  /// The path in the campaign's folder; `nil` for any other URL.
  static func path(of url: String) -> String? {
    guard url.hasPrefix(scheme) else { return nil }
    var bytes: [UInt8] = []
    var rest = url.dropFirst(scheme.count).utf8[...]
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "%") else {
        bytes.append(byte)
        continue
      }
      guard let code = UInt8(String(decoding: Array(rest.prefix(2)), as: UTF8.self), radix: 16) else { return nil }
      bytes.append(code)
      rest = rest.dropFirst(2)
    }
    let path = String(decoding: bytes, as: UTF8.self)
    let parts = path.split(separator: "/", omittingEmptySubsequences: false)
    return parts.contains("..") || parts.contains("") || bytes.contains(0) ? nil : path
  }

  /// What libxml2 may have under `url`.
  func content(of url: String) -> [UInt8]? {
    guard let path = Self.path(of: url) else {
      refuse(printable(url), zh: "只能引用本目录内的文件", en: "only files of the campaign's folder can be included")
      return nil
    }
    do throws(ReadError) {
      let bytes = try read(path)
      if case .doctype = Prolog.scan(bytes.span, from: bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0) {
        refuse(path, zh: "不能有 DOCTYPE", en: "no DOCTYPE")
        return nil
      }
      return bytes
    } catch {
      faults.append(error.diagnostic)
      return nil
    }
  }

  private func refuse(_ file: String, zh: String, en: String) {
    faults.append(
      Diagnostic(.xmlSchemaUnusable, at: SourceLocation(file: file), [.word(LocalizedText(zh: zh, en: en))]))
  }
}

/// What libxml2 reports while it compiles a schema.
final class SchemaFaults {
  private(set) var diagnostics: [Diagnostic] = []
  private let path: String

  init(path: String) { self.path = path }

  /// Without the scheme that only libxml2 sees.
  private func shown(_ sentence: String) -> String {
    var shown = ""
    var rest = sentence[...]
    while !rest.isEmpty {
      if rest.hasPrefix(SchemaFiles.scheme) { rest = rest.dropFirst(SchemaFiles.scheme.count) }
      guard let first = rest.popFirst() else { break }
      shown.append(first)
    }
    return shown
  }

  func append(_ message: String, url: String?, line: Int) {
    let file = url.flatMap(SchemaFiles.path) ?? path
    let sentence = message.split(separator: "\n").first.map(String.init) ?? message
    let place = SourceLocation(file: file, line: max(0, line))
    diagnostics.append(Diagnostic(.xmlSchemaUnusable, at: place, [.literal(printable(shown(sentence)))]))
  }
}
