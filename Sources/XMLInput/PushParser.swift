import Bytes
import CLibXML2
import Diagnostics

/// The names and attributes of a start tag, as libxml2 lends them for the time of one callback. Names are the parser's own
/// pointers: equal names are equal pointers. An attribute is five pointers: local name, prefix, URI, and begin and end of
/// its value.
@unsafe struct StartTag {
  var local: UnsafePointer<UInt8>
  var prefix: UnsafePointer<UInt8>?
  var uri: UnsafePointer<UInt8>?
  var attributeCount: Int
  var attributes: UnsafeMutablePointer<UnsafePointer<UInt8>?>?
  /// Declarations: two pointers each, prefix and URI.
  var namespaceCount = 0
  var namespaces: UnsafeMutablePointer<UnsafePointer<UInt8>?>?
}

/// One libxml2 push parser, fed from a source; subclasses receive its events. Nothing is opened, fetched, expanded or
/// printed: entities cannot be declared, since a DOCTYPE is refused before the library sees it.
@safe class PushParser {
  // Some of these have no name in the headers of older versions, which ignore them.
  private static let noNetwork: Int32 = 1 << 11
  private static let ignoreDeclaredEncoding: Int32 = 1 << 21
  private static let bigLines: Int32 = 1 << 22
  private static let noExternalEntities: Int32 = 1 << 23
  static let sax2: UInt32 = 0xDEED_BEAF
  /// Real submissions of questionnaires of the XForms family use these prefixes and forget to declare them.
  static let questionnaireNamespaces = [
    "orx": "http://openrosa.org/xforms", "jr": "http://openrosa.org/javarosa",
    "odk": "http://www.opendatakit.org/xforms",
  ]

  private(set) var file: String
  let limits: XMLLimits
  private var source: any ByteSource
  /// Whether the source has seen to it that all of the input is UTF-8.
  private(set) var isText: Bool
  private let tagGuard: TagGuard
  @exclusivity(unchecked) private final var context: xmlParserCtxtPtr
  private(set) var window = InputWindow()
  private var prologAt: Int? = 0
  /// The first thing that ends the file; from then on further events mean nothing.
  private(set) var failure: ReadError?
  private(set) var hasFailed = false
  private(set) var undeclaredPrefix: Diagnostic?
  /// Namespaces of prefixes that a document may use without declaring them.
  var assumedNamespaces = PushParser.questionnaireNamespaces
  private var assumedURIs: [UInt: UnsafePointer<UInt8>] = unsafe [:]
  private(set) var isVersion11 = false
  /// Elements that are open.
  private(set) var depth = 0
  private var scopes: [(depth: Int, count: Int)] = []
  /// Depth of the innermost element with declarations; 0 for none.
  private var scopeDepth = 0
  private var declarations = 0
  /// Lines before the first that the library's parser gets, less those that only it gets: for a piece of a file.
  private(set) var linesBefore = 0
  /// From here on the input is kept: where the open record begins.
  var keptOffset: Int?
  /// Where the parser would stand, while events are given without it.
  @exclusivity(unchecked) final var replayed: Replayed?
  struct Replayed {
    var offset: Int
    var line: Int
    /// Offset and line where the last start tag begins.
    var tagOffset: Int
    var tagLine: Int
  }
  /// All of a file of which more than the first block was read before the library's parser had any of it.
  private var readAhead: [UInt8]?
  /// The file that was read last, if it was read as a whole.
  var wholeFile: [UInt8]? {
    if let readAhead { return readAhead }
    let isThere = window.isAtEnd && window.start == 0 && window.end <= mostReplayed
    return isThere ? Array(window.bytes[..<window.end]) : nil
  }
  /// Whether the library's parser has, or is to have, the file.
  private(set) var isFed = false
  /// Whether a document was read to its sound end, so that nothing of it is left in the library's parser.
  private(set) var isAtSoundEnd = false
  /// Names that the library's parser may remember from the files before.
  private static let mostNames = 10_000

  init(source: any ByteSource, file: String, limits: XMLLimits) throws(ReadError) {
    self.source = source
    isText = source.asText != nil
    self.file = file
    self.limits = limits
    tagGuard = TagGuard(limits)
    _ = Self.library
    unsafe context = Self.newContext()
    unsafe context.pointee.userData = Unmanaged.passUnretained(self).toOpaque()
  }

  private static func newContext() -> xmlParserCtxtPtr {
    var handler = unsafe makeHandler()
    guard let context = unsafe xmlCreatePushParserCtxt(&handler, nil, nil, 0, nil) else {
      preconditionFailure("libxml2 has no memory for a parser")
    }
    _ = unsafe xmlCtxtUseOptions(context, noNetwork | ignoreDeclaredEncoding | bigLines | noExternalEntities)
    return unsafe context
  }

  deinit { unsafe xmlFreeParserCtxt(context) }

  /// Makes ready for another file. The names that the library's parser knows keep their pointers.
  ///
  /// - Returns: whether it can be used again; if not, another parser is needed.
  func restart(source: any ByteSource, file: String) -> Bool {
    guard !isFed || renew() else { return false }
    isFed = false
    readAhead = nil
    failure = nil
    hasFailed = false
    depth = 0
    self.source = source
    isText = source.asText != nil
    self.file = file
    window.restart()
    prologAt = 0
    undeclaredPrefix = nil
    isVersion11 = false
    scopes.removeAll(keepingCapacity: true)
    scopeDepth = 0
    declarations = 0
    keptOffset = nil
    linesBefore = 0
    isAtSoundEnd = false
    return true
  }

  /// Makes the library's parser ready, or another one with its names where it did not come to the end of a sound document.
  private func renew() -> Bool {
    guard unsafe ftally_xml_names(context) < Self.mostNames else { return false }
    if isAtSoundEnd, !hasFailed, depth == 0 { return unsafe ftally_xml_restart(context) == 0 }
    let fresh = unsafe Self.newContext()
    guard unsafe ftally_xml_take_names(fresh, context) == 0 else {
      unsafe xmlFreeParserCtxt(fresh)
      return false
    }
    unsafe fresh.pointee.userData = unsafe context.pointee.userData
    unsafe xmlFreeParserCtxt(context)
    unsafe context = unsafe fresh
    return true
  }

  /// Has a new or restarted parser read `bytes` in place of its source.
  func hold(_ bytes: [UInt8], linesBefore: Int) {
    window.hold(bytes)
    self.linesBefore = linesBefore
  }

  // MARK: For subclasses

  func startElement(_ tag: StartTag) {}
  func endElement() {}
  /// The document is complete.
  func endDocument() {}
  func text(_ bytes: UnsafeBufferPointer<UInt8>) {}
  /// Bytes up to which `replay` is asked for a file.
  var mostReplayed: Int { 0 }
  /// Gives the events of all of the window, which is the whole file, without the library; `false` when it gave none.
  func replay() -> Bool { false }

  /// Offset of the place that the parser has reached.
  var offset: Int {
    if let replayed = unsafe replayed { return replayed.offset }
    return unsafe ftally_xml_offset(context)
  }
  var line: Int {
    if let replayed = unsafe replayed { return replayed.line }
    return linesBefore &+ Int(unsafe ftally_xml_line(context))
  }

  func intern(_ name: [UInt8]) -> UnsafePointer<UInt8>? {
    unsafe name.withUnsafeBufferPointer { unsafe ftally_xml_intern(context, $0.baseAddress, Int32($0.count)) }
  }

  /// Ends the file for a limit that it exceeds.
  func exceed(_ what: LocalizedText, _ limit: Int) {
    fail(Diagnostic(.xmlLimit, at: SourceLocation(file: file, line: line), [.word(what), .literal("\(limit)")]))
  }

  func fail(_ diagnostic: Diagnostic) {
    guard !hasFailed else { return }
    failure = ReadError(diagnostic)
    hasFailed = true
  }

  // MARK: Feeding

  /// Reads and parses one more block; `false` when the document is complete.
  func advance() throws(ReadError) -> Bool {
    try window.fill(from: source, keepingFrom: min(keptOffset ?? .max, window.start + window.fed))
    if prologAt == 0, try isReplayed() { return false }
    isFed = true
    // Messages that have no parser go to a handler of the thread, by default to standard error.
    unsafe xmlSetStructuredErrorFunc(nil) { _, _ in }
    if let at = prologAt {
      guard try prologIsOver(from: at) else { return true }
      prologAt = nil
    }
    try feedWindow()
    if let keptOffset, window.start + window.fed - keptOffset > limits.record {
      exceed(LocalizedText(zh: "一条记录的字节数", en: "bytes of a record"), limits.record)
    } else if window.start + window.fed - offset > limits.section {
      exceed(LocalizedText(zh: "一段注释或 CDATA 的字节数", en: "bytes of a comment or CDATA section"), limits.section)
    }
    if let failure { throw failure }
    guard window.isAtEnd, window.fed == window.end else { return true }
    try finish()
    return false
  }

  /// Whether the file was read without the library, to its sound end.
  private func isReplayed() throws(ReadError) -> Bool {
    let most = mostReplayed
    guard most > 0 else { return false }
    let block = window.end
    while !window.isAtEnd, window.end <= most { try window.fill(from: source, keepingFrom: 0) }
    defer { unsafe replayed = nil }
    guard window.isAtEnd, window.end <= most, replay() else {
      guard window.end > block else { return false }
      // As if only one block had been read: where a fault is found depends on what the library had before.
      let read = Array(window.bytes[..<window.end])
      if window.isAtEnd { readAhead = read }
      source = SourceReadAgain(read, source)
      window.restart()
      try window.fill(from: source, keepingFrom: 0)
      return false
    }
    if let failure { throw failure }
    window.fed = window.end
    isAtSoundEnd = true
    return true
  }

  private func feedWindow() throws(ReadError) {
    while true {
      switch tagGuard.advice(for: window) {
      case .feed(let end): return try feed(to: end)
      case .ask(let at, let excess):
        try feed(to: at + 1)
        try judge(at, excess)
      }
    }
  }

  private func feed(to end: Int) throws(ReadError) {
    guard end > window.fed else { return }
    if isVersion11, let place = firstControl(in: window.fed..<end) {
      // What stands before it is read.
      if place > window.fed { try give(to: place) }
      throw ReadError(notWellFormed("a control character in XML 1.1", line: line, column: 0))
    }
    try give(to: end)
  }

  private func give(to end: Int) throws(ReadError) {
    let count = end - window.fed
    // SAFETY: fed..<end lies within the window; the parser copies the bytes.
    let code = unsafe window.bytes.withUnsafeBytes { buffer in
      unsafe xmlParseChunk(
        context, (buffer.baseAddress! + window.fed).assumingMemoryBound(to: CChar.self), Int32(count), 0)
    }
    window.fed = end
    try settle(code)
  }

  private func finish() throws(ReadError) {
    try settle(unsafe xmlParseChunk(context, nil, 0, 1))
    guard unsafe ftally_xml_is_well_formed(context) == 0 else {
      endDocument()
      if let failure { throw failure }
      isAtSoundEnd = true
      return
    }
    throw ReadError(notWellFormed("not well-formed", line: line, column: 0))
  }

  private func settle(_ code: Int32) throws(ReadError) {
    if let failure { throw failure }
    if code != 0, !Self.toleratedErrors.contains(code) {
      throw ReadError(notWellFormed("libxml2 error \(code)", line: line, column: 0))
    }
  }

  /// A `<` was handed over alone. If the parser waits at it, it begins a tag.
  private func judge(_ at: Int, _ excess: TagGuard.Excess) throws(ReadError) {
    guard offset == window.start + at else { return }
    switch excess {
    case .bytes: exceed(LocalizedText(zh: "一个标签的字节数", en: "bytes of a tag"), limits.tag)
    case .attributes: exceed(LocalizedText(zh: "一个标签的属性数", en: "attributes of a tag"), limits.attributes)
    }
    if let failure { throw failure }
  }

  /// Whether the file may go on after one more start tag.
  @inline(__always)
  func open(declarations count: Int) -> Bool {
    depth += 1
    if depth > limits.depth {
      exceed(LocalizedText(zh: "元素嵌套的层数", en: "levels of elements"), limits.depth)
      return false
    }
    return count == 0 || declare(count)
  }

  @inline(__always)
  func close() {
    if depth == scopeDepth { leaveScope() }
    depth -= 1
  }

  private func leaveScope() {
    declarations -= scopes.removeLast().count
    scopeDepth = scopes.last?.depth ?? 0
  }

  /// Each prefix is looked up among all declarations in scope, so they are limited as a whole.
  private func declare(_ count: Int) -> Bool {
    scopes.append((depth, count))
    scopeDepth = depth
    declarations += count
    guard declarations > limits.attributes else { return true }
    exceed(LocalizedText(zh: "同时有效的命名空间声明数", en: "namespace declarations in scope"), limits.attributes)
    return false
  }

  func noteUndeclaredPrefix(_ prefix: String, line: Int) {
    guard assumedNamespaces[prefix] != nil else {
      let name = printable(prefix)
      return fail(
        Diagnostic(
          .xmlUnknownPrefix, at: SourceLocation(file: file, line: line, column: columnInBytes() ?? 0), found: name,
          [.literal(name)]))
    }
    guard undeclaredPrefix == nil else { return }
    undeclaredPrefix = Diagnostic(
      .xmlUndeclaredPrefix, at: SourceLocation(file: file, line: line), found: printable(prefix),
      [.literal(printable(prefix))])
  }

  /// The namespace that is assumed for an undeclared prefix.
  func assumedURI(of prefix: UnsafePointer<UInt8>) -> UnsafePointer<UInt8>? {
    let key = UInt(bitPattern: prefix)
    if let known = unsafe assumedURIs[key] { return unsafe known }
    guard let uri = unsafe assumedNamespaces[String(cString: prefix)] else { return nil }
    let interned = unsafe intern(Array(uri.utf8))
    unsafe assumedURIs[key] = interned
    return unsafe interned
  }

  /// Index of the first character in `range` that XML 1.1 forbids and 1.0, as which it is read, does not: a control character
  /// that is not written as a reference.
  private func firstControl(in range: Range<Int>) -> Int? {
    let bytes = window.bytes.span
    for index in range {
      if bytes[index] == 0x7F { return index }
      let isSecond = bytes[index] & 0xE0 == 0x80 && bytes[index] != 0x85 && index > 0 && bytes[index - 1] == 0xC2
      if isSecond { return max(range.lowerBound, index - 1) }
    }
    return nil
  }

  /// Makes the library stop at once; otherwise events of the rest of a block are only ignored.
  func stop() { unsafe xmlStopParser(context) }

  private func prologIsOver(from at: Int) throws(ReadError) -> Bool {
    let start = SourceLocation(file: file, line: 1, column: 1)
    if at == 0, let format = compressionFormat(of: window.bytes.span.extracting(0..<window.end)) {
      throw ReadError(Diagnostic(.compressedInput, at: SourceLocation(file: file), [.literal(format)]))
    }
    // Zeros there would make the parser guess another encoding.
    if window.first(0, in: 0..<min(4, window.end)) != nil { throw ReadError(notWellFormed("NUL", line: 1, column: 1)) }
    if at == 0 {
      switch XMLDeclaration.scan(window.bytes.span.extracting(0..<window.end)) {
      case .fault(let place, let reason):
        throw ReadError(Diagnostic(.xmlNotWellFormed, at: location(of: place), [.literal(printable(reason))]))
      case .incomplete where !window.isAtEnd && window.end <= limits.prolog: return false
      case .sound(let isVersion11): self.isVersion11 = isVersion11
      case .absent, .incomplete: break
      }
    }
    // One that the decoder left is the second, and no white space; libxml2 would pass over it.
    if at == 0, window.bytes.prefix(window.end).starts(with: [0xEF, 0xBB, 0xBF]) {
      throw ReadError(Diagnostic(.xmlNotWellFormed, at: start, [.literal("U+FEFF")]))
    }
    switch Prolog.scan(window.bytes.span.extracting(0..<window.end), from: at) {
    case .isOver: return true
    case .doctype(let place):
      throw ReadError(Diagnostic(.xmlDoctype, at: location(of: place)))
    case .goesOn(let place):
      if window.isAtEnd {
        let blank = window.bytes.prefix(window.end).allSatisfy { $0 <= 0x20 }
        if blank { throw ReadError(Diagnostic(.fileEmpty, at: SourceLocation(file: file))) }
        return true
      }
      guard window.end <= limits.prolog else {
        throw ReadError(
          Diagnostic(
            .xmlLimit, at: start,
            [.word(LocalizedText(zh: "根元素前的字节数", en: "bytes before the root element")), .literal("\(limits.prolog)")]))
      }
      prologAt = place
      return false
    }
  }

  // MARK: Places

  /// The place of index `place` of the window, which still begins with the document.
  private func location(of place: Int) -> SourceLocation {
    var location = SourceLocation(file: file, line: 1, column: 1)
    let text = window.bytes.span
    for index in 0..<place {
      location.column += 1
      if text[index] == UInt8(ascii: "\n") {
        location.line += 1
        location.column = 1
      }
    }
    return location
  }

  /// Offset of the `<` of the start tag that was just read, and the line on which it stands. An attribute cannot hold `<`,
  /// so it is the last one.
  func startOfTag() -> (offset: Int, line: Int) {
    if let replayed = unsafe replayed { return (replayed.tagOffset, replayed.tagLine) }
    let end = max(0, offset - window.start - 1)
    let (index, lineFeeds) = window.lastTag(before: end)
    return (window.start + index, line - lineFeeds)
  }

  /// The start tag that was just read, as it stands in the file.
  func textOfTag() -> ArraySlice<UInt8> {
    let start = startOfTag().offset - window.start
    let place = max(start, offset - window.start)
    let end = window.first(UInt8(ascii: ">"), in: place..<window.end).map { $0 + 1 } ?? window.end
    return window.bytes[start..<end]
  }

  /// Offset behind the `>` of the tag that ended an element.
  func endOfTag() -> Int {
    let place = offset - window.start
    if place > 0, window.bytes[place - 1] == UInt8(ascii: ">") { return offset }
    return window.start + (window.first(UInt8(ascii: ">"), in: max(0, place)..<window.end).map { $0 + 1 } ?? window.end)
  }
}
