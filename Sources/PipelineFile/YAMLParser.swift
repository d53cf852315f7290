import CLibYAML

/// A YAML document as libyaml sees it, before anything is asked of its values.
indirect enum YAMLTree {
  case scalar(String, isPlain: Bool, YAMLTag)
  case list([YAMLTree], YAMLTag)
  case mapping([(key: YAMLTree, value: YAMLTree)], YAMLTag)

  /// Where a value begins and by which name others mean it.
  var tag: YAMLTag {
    switch self {
    case .scalar(_, _, let tag), .list(_, let tag), .mapping(_, let tag): tag
    }
  }
}

struct YAMLTag {
  var mark: YAMLMark
  var anchor: String?
}

/// Line and character, both from 1.
struct YAMLMark {
  var line: Int
  var column: Int

  init(line: Int, column: Int) { (self.line, self.column) = (line, column) }

  fileprivate init(_ mark: yaml_mark_t) {
    line = Int(mark.line) + 1
    column = Int(mark.column) + 1
  }
}

/// What makes a text no YAML.
struct YAMLFault: Error {
  var problem: String
  /// `nil` when libyaml does not say where.
  var mark: YAMLMark?
  /// What began somewhere else and goes wrong here.
  var context: (text: String, mark: YAMLMark)?
}

/// Reads one document with libyaml.
@safe final class YAMLParser {
  // SAFETY: allocated in init, where libyaml may keep the address of the parser, and freed in deinit; neither is handed out.
  private let parser = UnsafeMutablePointer<yaml_parser_t>.allocate(capacity: 1)
  private let text: UnsafeMutableBufferPointer<UInt8>
  private static let depthLimit = 1_000

  init(_ text: String) {
    let bytes = Array(text.utf8)
    unsafe self.text = .allocate(capacity: bytes.count)
    _ = unsafe self.text.initialize(from: bytes)
    let isReady = unsafe yaml_parser_initialize(parser)
    precondition(isReady == 1, "libyaml has no memory")
    unsafe yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
    unsafe yaml_parser_set_input_string(parser, self.text.baseAddress, self.text.count)
  }

  deinit {
    unsafe yaml_parser_delete(parser)
    unsafe parser.deallocate()
    unsafe text.deallocate()
  }

  /// - Returns: `nil` for a text without a document.
  func document() throws(YAMLFault) -> YAMLTree? {
    _ = try next()  // the beginning of the stream
    guard case .other = try next() else { return nil }
    let root = try tree(from: try next(), depth: 1)
    _ = try next()  // the end of the document
    let (event, mark) = (try next(), lastMark)
    guard case .streamEnd = event else {
      throw YAMLFault(
        problem: "but found another document", mark: mark,
        context: ("expected a single document in the stream", YAMLMark(line: 1, column: 1)))
    }
    return root
  }

  private func tree(from event: Event, depth: Int) throws(YAMLFault) -> YAMLTree {
    guard depth <= Self.depthLimit else { throw YAMLFault(problem: "too deep", mark: lastMark) }
    switch event {
    case .scalar(let text, let isPlain, let tag): return .scalar(text, isPlain: isPlain, tag)
    case .listStart(let tag):
      var items: [YAMLTree] = []
      while true {
        let event = try next()
        if case .end = event { return .list(items, tag) }
        items.append(try tree(from: event, depth: depth + 1))
      }
    case .mappingStart(let tag):
      var entries: [(key: YAMLTree, value: YAMLTree)] = []
      while true {
        let event = try next()
        if case .end = event { return .mapping(entries, tag) }
        let key = try tree(from: event, depth: depth + 1)
        entries.append((key, try tree(from: try next(), depth: depth + 1)))
      }
    case .end, .streamEnd, .other: throw YAMLFault(problem: "found undefined alias", mark: lastMark)
    }
  }

  // MARK: events

  private enum Event {
    case scalar(String, isPlain: Bool, YAMLTag)
    case listStart(YAMLTag)
    case mappingStart(YAMLTag)
    /// Of a list or a mapping.
    case end
    case streamEnd
    /// Documents begin and end with these; aliases are none in our texts.
    case other
  }

  /// Of the event that was read last.
  private var lastMark = YAMLMark(line: 1, column: 1)

  private func next() throws(YAMLFault) -> Event {
    var event = unsafe yaml_event_t()
    guard unsafe yaml_parser_parse(parser, &event) == 1 else { throw fault() }
    defer { unsafe yaml_event_delete(&event) }
    lastMark = unsafe YAMLMark(event.start_mark)
    switch unsafe event.type {
    case YAML_SCALAR_EVENT:
      let scalar = unsafe event.data.scalar
      // SAFETY: libyaml says how long the value is; it lives until the event is deleted.
      let text = unsafe String(decoding: UnsafeBufferPointer(start: scalar.value, count: scalar.length), as: UTF8.self)
      return .scalar(text, isPlain: unsafe scalar.style == YAML_PLAIN_SCALAR_STYLE, unsafe tag(scalar.anchor))
    case YAML_SEQUENCE_START_EVENT: return .listStart(unsafe tag(event.data.sequence_start.anchor))
    case YAML_MAPPING_START_EVENT: return .mappingStart(unsafe tag(event.data.mapping_start.anchor))
    case YAML_SEQUENCE_END_EVENT, YAML_MAPPING_END_EVENT: return .end
    case YAML_STREAM_END_EVENT: return .streamEnd
    default: return .other
    }
  }

  private func tag(_ anchor: UnsafeMutablePointer<yaml_char_t>?) -> YAMLTag {
    // SAFETY: a name that ends in NUL, or none; it lives until the event is deleted.
    YAMLTag(mark: lastMark, anchor: unsafe anchor.map { unsafe String(cString: $0) })
  }

  private func fault() -> YAMLFault {
    let parser = unsafe parser.pointee
    // SAFETY: texts of libyaml's own, which end in NUL.
    guard let problem = unsafe parser.problem.map({ unsafe String(cString: $0) }) else {
      return YAMLFault(problem: "YAML 1.1")
    }
    if unsafe parser.error == YAML_READER_ERROR { return YAMLFault(problem: problem) }
    let context = unsafe parser.context.map { unsafe (String(cString: $0), YAMLMark(parser.context_mark)) }
    return YAMLFault(problem: problem, mark: unsafe YAMLMark(parser.problem_mark), context: context)
  }
}
