import Bytes
import CLibXML2
import Diagnostics

/// A start tag as libxml2 lends it for the time of one callback. An attribute is five pointers: local name, prefix, URI, and
/// begin and end of its value. Names are the parser's own pointers: equal names are equal pointers.
@unsafe struct PartTag {
  var local: UnsafePointer<UInt8>
  var attributeCount: Int
  var attributes: UnsafeMutablePointer<UnsafePointer<UInt8>?>?

  /// The value of the attribute with this name, whatever its prefix; `nil` when there is none.
  func value(_ name: UnsafePointer<UInt8>) -> UnsafeBufferPointer<UInt8>? {
    guard let attributes = unsafe attributes else { return nil }
    for number in unsafe 0..<attributeCount where unsafe attributes[5 * number] == name {
      // SAFETY: libxml2 hands over five pointers for each attribute; the last two are the ends of one text.
      guard let begin = unsafe attributes[5 * number + 3], let end = unsafe attributes[5 * number + 4] else {
        return nil
      }
      return unsafe UnsafeBufferPointer(start: begin, count: end - begin)
    }
    return nil
  }
}

/// One libxml2 push parser over a part of a workbook; subclasses receive its events. Nothing is opened, fetched, expanded or
/// printed: a DOCTYPE is refused before the library sees it, so no entity can be declared.
///
/// Not shared with the reader of XML records, which keeps the text and place of each record while it parses: a workbook needs
/// neither, and there the events are the hot path of the module.
@safe class PartParser {
  // Some of these have no name in the headers of older versions, which ignore them.
  private static let noNetwork: Int32 = 1 << 11
  private static let ignoreDeclaredEncoding: Int32 = 1 << 21
  private static let noExternalEntities: Int32 = 1 << 23
  private static let sax2: UInt32 = 0xDEED_BEAF
  private static let undefinedNamespace: Int32 = 201
  /// A cell of a few bytes may stand for a long text, so that a piece is kept small.
  private static let pieceSize = 4 << 10

  let file: String
  let part: String
  let limits: WorkbookLimits
  private let source: any ByteSource
  private let context: xmlParserCtxtPtr
  private var watch: TagWatch
  private var piece: [UInt8] = []
  private(set) var failure: ReadError?
  private(set) var hasFailed = false
  private(set) var hasEnded = false
  /// Elements that are open.
  private(set) var depth = 0

  init(_ source: any ByteSource, file: String, part: String, limits: WorkbookLimits) throws(ReadError) {
    self.source = PartSource(source)
    self.file = file
    self.part = part
    self.limits = limits
    watch = TagWatch(limits)
    _ = Self.library
    var handler = unsafe Self.makeHandler()
    guard let context = unsafe xmlCreatePushParserCtxt(&handler, nil, nil, 0, nil) else {
      preconditionFailure("libxml2 has no memory for a parser")
    }
    unsafe self.context = context
    unsafe context.pointee.userData = Unmanaged.passUnretained(self).toOpaque()
    _ = unsafe xmlCtxtUseOptions(context, Self.noNetwork | Self.ignoreDeclaredEncoding | Self.noExternalEntities)
    piece.reserveCapacity(Self.pieceSize)
  }

  deinit { unsafe xmlFreeParserCtxt(context) }

  // MARK: For subclasses

  func start(_ tag: PartTag) {}
  func end(_ local: UnsafePointer<UInt8>) {}
  func text(_ bytes: UnsafeBufferPointer<UInt8>) {}

  /// The parser's own pointer for `name`.
  func intern(_ name: StaticString) -> UnsafePointer<UInt8> {
    guard let pointer = unsafe ftally_xml_intern(context, name.utf8Start, Int32(name.utf8CodeUnitCount)) else {
      preconditionFailure("libxml2 has no memory for a name")
    }
    return unsafe pointer
  }

  func fail(_ error: ReadError) {
    guard !hasFailed else { return }
    failure = error
    hasFailed = true
  }

  func exceed(_ excess: Excess, _ limit: Int) { fail(exceeded(file, excess, limit)) }

  func damage(zh: String, en: String) { fail(damaged(file, part: part, zh: zh, en: en)) }

  // MARK: Feeding

  /// Reads and parses one more piece; `false` when the part has ended.
  func advance() throws(ReadError) -> Bool {
    guard !hasEnded else { return false }
    // Messages that have no parser go to a handler of the thread, by default to standard error.
    unsafe xmlSetStructuredErrorFunc(nil) { _, _ in }
    piece.removeAll(keepingCapacity: true)
    let isLast = try source.append(to: &piece, upTo: Self.pieceSize)
    // SAFETY: the parser copies the bytes.
    let code = unsafe piece.withUnsafeBufferPointer { text in
      if let fault = unsafe watch.look(at: text) { report(fault) }
      guard !hasFailed else { return Int32(0) }
      return unsafe text.withMemoryRebound(to: CChar.self) {
        unsafe xmlParseChunk(context, $0.baseAddress, Int32($0.count), isLast ? 1 : 0)
      }
    }
    if let failure { throw failure }
    let isWellFormed = unsafe ftally_xml_is_well_formed(context) != 0
    if code != 0 && code != Self.undefinedNamespace || isLast && !isWellFormed {
      throw damaged(file, part: part, zh: "XML 格式有错（libxml2 \(code)）", en: "not well-formed, libxml2 error \(code)")
    }
    hasEnded = isLast
    return !isLast
  }

  /// Parses the whole part.
  func run() throws(ReadError) {
    while try advance() {}
  }

  private func report(_ fault: TagWatch.Fault) {
    switch fault {
    case .doctype: fail(ReadError(Diagnostic(.xmlDoctype, at: SourceLocation(file: file))))
    case .tag: exceed(.tag, limits.tag)
    case .attributes: exceed(.attributes, limits.attributes)
    case .section: exceed(.section, limits.section)
    }
  }
}

/// The door to libxml2: what it calls.
extension PartParser {
  /// Set up once for the process, before any parser exists. What loads external entities is one thing for the whole process,
  /// and has one owner (`closeExternalEntities` of XMLInput, which Pipeline calls); here nothing asks for it, since a DOCTYPE
  /// is refused before its declarations are looked at.
  private static let library: Void = xmlInitParser()

  // The closures run inside libxml2: they cannot throw or capture. Their parameter types differ between its versions and
  // are left to inference. SAFETY: the context is the parser that is feeding, alive until xmlParseChunk returns.
  private static func makeHandler() -> xmlSAXHandler {
    var handler = unsafe xmlSAXHandler()
    unsafe handler.initialized = sax2
    unsafe handler.startElementNs = { context, local, _, _, _, _, attributes, _, values in
      guard let context = unsafe context, let local = unsafe local else { return }
      let tag = unsafe PartTag(local: local, attributeCount: Int(attributes), attributes: values)
      unsafe Unmanaged<PartParser>.fromOpaque(context)._withUnsafeGuaranteedRef { unsafe $0.begin(tag) }
    }
    unsafe handler.endElementNs = { context, local, _, _ in
      guard let context = unsafe context, let local = unsafe local else { return }
      unsafe Unmanaged<PartParser>.fromOpaque(context)._withUnsafeGuaranteedRef { unsafe $0.close(local) }
    }
    unsafe handler.characters = { context, bytes, count in
      guard let context = unsafe context else { return }
      let text = unsafe UnsafeBufferPointer(start: bytes, count: Int(count))
      unsafe Unmanaged<PartParser>.fromOpaque(context)._withUnsafeGuaranteedRef { unsafe $0.receive(text) }
    }
    unsafe handler.cdataBlock = handler.characters
    // The same function: libxml2 then does not look whether white space can be ignored.
    unsafe handler.ignorableWhitespace = handler.characters
    unsafe handler.internalSubset = { context, _, _, _ in
      guard let context = unsafe context else { return }
      unsafe Unmanaged<PartParser>.fromOpaque(context)._withUnsafeGuaranteedRef { $0.report(.doctype) }
    }
    unsafe handler.reference = { context, _ in
      guard let context = unsafe context else { return }
      unsafe Unmanaged<PartParser>.fromOpaque(context)._withUnsafeGuaranteedRef { $0.report(.doctype) }
    }
    unsafe handler.serror = { context, error in
      guard let context = unsafe context, let error = unsafe error?.pointee else { return }
      unsafe Unmanaged<PartParser>.fromOpaque(context)._withUnsafeGuaranteedRef { parser in
        guard unsafe error.level.rawValue >= XML_ERR_ERROR.rawValue, unsafe error.code != PartParser.undefinedNamespace
        else { return }
        let message = unsafe error.message.map { unsafe String(cString: $0) } ?? ""
        let sentence = printable(message.split(separator: "\n").first.map(String.init) ?? message)
        let line = unsafe error.line
        parser.damage(zh: "第 \(line) 行 XML 格式有错：\(sentence)", en: "line \(line): \(sentence)")
      }
    }
    return unsafe handler
  }

  @inline(__always)
  private func begin(_ tag: PartTag) {
    guard !hasFailed else { return }
    depth += 1
    unsafe start(tag)
  }

  @inline(__always)
  private func close(_ local: UnsafePointer<UInt8>) {
    guard !hasFailed else { return }
    unsafe end(local)
    depth -= 1
  }

  @inline(__always)
  private func receive(_ bytes: UnsafeBufferPointer<UInt8>) {
    guard !hasFailed else { return }
    unsafe text(bytes)
  }
}

/// The value of an attribute as text. libxml2 hands over `&amp;` as `&#38;`, for somebody who would parse it again.
func attributeText(_ value: UnsafeBufferPointer<UInt8>) -> String {
  let text = unsafe String(decoding: value, as: UTF8.self)
  guard text.contains("&#38;") else { return text }
  var result = ""
  var rest = text[...]
  while let place = rest.firstIndex(of: "&"), rest[place...].hasPrefix("&#38;") {
    result += rest[..<place] + "&"
    rest = rest[place...].dropFirst(5)
  }
  return result + rest
}

/// An attribute that is a whole number of at most nine digits.
@inline(__always)
func attributeNumber(_ value: UnsafeBufferPointer<UInt8>?) -> Int? {
  guard let value = unsafe value, !value.isEmpty, value.count <= 9 else { return nil }
  var number = 0
  for place in value.indices {
    let byte = unsafe value[place]
    guard byte >= 0x30, byte <= 0x39 else { return nil }
    number = number * 10 + Int(byte - 0x30)
  }
  return number
}

/// An attribute that is `1` or `true`.
func attributeTruth(_ value: UnsafeBufferPointer<UInt8>?) -> Bool {
  guard let value = unsafe value else { return false }
  return unsafe value.elementsEqual([0x31]) || value.elementsEqual("true".utf8)
}
