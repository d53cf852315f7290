import CLibXML2
import Diagnostics
import Glibc

/// From here on libxml2 loads nothing in this process but the files of a schema while that is compiled, whoever parses.
package func closeExternalEntities() { _ = PushParser.library }

/// The door to libxml2: what it calls, and what it reports.
extension PushParser {
  static let undefinedNamespace: Int32 = 201
  /// That a namespace is no URI (99, 100) is no fault of well-formedness, and nothing is fetched by it.
  static let toleratedErrors: Set<Int32> = [undefinedNamespace, 99, 100]

  /// Set up once for the process, before any parser exists.
  static let library: Void = {
    xmlInitParser()
    unsafe xmlSetExternalEntityLoader { url, _, parser in
      guard let files = SchemaFiles.current, let url = unsafe url else { return nil }
      guard let bytes = unsafe files.content(of: String(cString: url)) else { return nil }
      // libxml2 copies the bytes.
      let buffer = unsafe bytes.withUnsafeBytes {
        unsafe xmlParserInputBufferCreateMem(
          $0.baseAddress?.assumingMemoryBound(to: CChar.self), Int32($0.count), XML_CHAR_ENCODING_NONE)
      }
      guard let buffer = unsafe buffer, let input = unsafe xmlNewIOInputStream(parser, buffer, XML_CHAR_ENCODING_NONE)
      else { return nil }
      unsafe input.pointee.filename = unsafe UnsafePointer(
        OpaquePointer(xmlStrdup(UnsafePointer<UInt8>(OpaquePointer(url)))))
      return unsafe input
    }
  }()

  // The closures run inside libxml2: they cannot throw or capture. Their parameter types differ between its versions and
  // are left to inference. SAFETY: the context is the parser that is feeding, alive until xmlParseChunk returns.
  static func makeHandler() -> xmlSAXHandler {
    var handler = unsafe xmlSAXHandler()
    unsafe handler.initialized = sax2
    unsafe handler.startElementNs = { context, local, prefix, uri, declarations, namespaces, attributes, _, values in
      guard let context = unsafe context, let local = unsafe local else { return }
      let tag = unsafe StartTag(
        local: local, prefix: prefix, uri: uri, attributeCount: Int(attributes), attributes: values,
        namespaceCount: Int(declarations), namespaces: namespaces)
      unsafe Unmanaged<PushParser>.fromOpaque(context)._withUnsafeGuaranteedRef {
        unsafe $0.begin(tag, declarations: Int(declarations))
      }
    }
    unsafe handler.endElementNs = { context, _, _, _ in
      guard let context = unsafe context else { return }
      unsafe Unmanaged<PushParser>.fromOpaque(context)._withUnsafeGuaranteedRef { $0.end() }
    }
    unsafe handler.characters = { context, bytes, count in
      guard let context = unsafe context else { return }
      let text = unsafe UnsafeBufferPointer(start: bytes, count: Int(count))
      unsafe Unmanaged<PushParser>.fromOpaque(context)._withUnsafeGuaranteedRef { unsafe $0.receive(text) }
    }
    unsafe handler.cdataBlock = handler.characters
    // The same function: libxml2 then does not look whether white space can be ignored.
    unsafe handler.ignorableWhitespace = handler.characters
    unsafe handler.internalSubset = { context, _, _, _ in
      guard let context = unsafe context else { return }
      unsafe Unmanaged<PushParser>.fromOpaque(context)._withUnsafeGuaranteedRef { $0.refuseDoctype() }
    }
    unsafe handler.reference = { context, _ in
      guard let context = unsafe context else { return }
      unsafe Unmanaged<PushParser>.fromOpaque(context)._withUnsafeGuaranteedRef { $0.refuseDoctype() }
    }
    unsafe handler.serror = { context, error in
      guard let context = unsafe context, let error = unsafe error?.pointee else { return }
      unsafe Unmanaged<PushParser>.fromOpaque(context)._withUnsafeGuaranteedRef { parser in
        guard unsafe error.level.rawValue >= XML_ERR_ERROR.rawValue else { return }
        let message = unsafe error.message.map { unsafe String(cString: $0) } ?? ""
        let detail = unsafe error.str1.map { unsafe String(cString: $0) } ?? ""
        unsafe parser.report(
          code: error.code, message: message, detail: detail, line: parser.linesBefore + Int(error.line),
          column: Int(error.int2))
      }
    }
    return unsafe handler
  }

  @inline(__always)
  private func begin(_ tag: StartTag, declarations: Int) {
    guard !hasFailed else { return }
    guard open(declarations: declarations) else { return }
    var tag = unsafe tag
    if unsafe tag.uri == nil, let prefix = unsafe tag.prefix { unsafe tag.uri = assumedURI(of: prefix) }
    unsafe startElement(tag)
  }

  @inline(__always)
  private func end() {
    guard !hasFailed else { return }
    endElement()
    close()
  }

  @inline(__always)
  private func receive(_ bytes: UnsafeBufferPointer<UInt8>) {
    guard !hasFailed else { return }
    unsafe text(bytes)
  }

  private func refuseDoctype() {
    fail(Diagnostic(.xmlDoctype, at: SourceLocation(file: file, line: line)))
    stop()
  }

  private func report(code: Int32, message: String, detail: String, line: Int, column: Int) {
    // After the first, there may be one for each tag of a block, and finding its column costs a look back at its line.
    guard !hasFailed else { return }
    if code == Self.undefinedNamespace {
      noteUndeclaredPrefix(detail, line: line)
    } else if !Self.toleratedErrors.contains(code) {
      fail(notWellFormed(message, line: line, column: column))
    }
  }

  func notWellFormed(_ message: String, line: Int, column: Int) -> Diagnostic {
    let sentence = message.split(separator: "\n").first.map(String.init) ?? message
    return Diagnostic(
      .xmlNotWellFormed, at: SourceLocation(file: file, line: line, column: columnInBytes() ?? column),
      [.literal(printable(sentence))])
  }

  /// Column of the place that the parser has reached, when the window still holds its line. The parser's own counts
  /// characters in some places and bytes in others.
  func columnInBytes() -> Int? {
    let place = offset - window.start
    guard place >= 0, place <= window.end else { return nil }
    if let lineEnd = window.last(UInt8(ascii: "\n"), in: 0..<place) { return place - lineEnd }
    return window.start == 0 ? place + 1 : nil
  }
}
