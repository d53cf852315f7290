import Diagnostics

/// Reads one document. Bounded in time and memory for any input: size, nodes (aliases counted as often as they are used)
/// and depth.
struct YAMLReader {
  static let byteLimit = 4 << 20
  static let nodeLimit = 100_000
  static let depthLimit = 64

  private let reader: NodeReader
  private let text: YAMLText
  private var anchors: [String: YAMLNode] = [:]

  /// The root of the document; `nil` after an error was reported, and for an empty document.
  static func read(_ bytes: [UInt8], file: String, reader: NodeReader) -> YAMLNode? {
    guard bytes.count <= byteLimit else {
      reader.report(
        .pipelineTooLarge, at: SourceLocation(file: file), [expected("不超过 4 MiB", "at most 4 MiB")])
      return nil
    }
    guard let text = YAMLText(bytes, file: file, reader: reader) else { return nil }
    guard text.nodeBound <= 4 * nodeLimit else {
      reader.report(.pipelineTooLarge, at: SourceLocation(file: file), [nodeLimitWords])
      return nil
    }
    var yaml = YAMLReader(reader: reader, text: text)
    return yaml.root()
  }

  private static let nodeLimitWords = expected("不超过 100000 个值", "at most 100,000 values")

  private init(reader: NodeReader, text: YAMLText) {
    self.reader = reader
    self.text = text
    reader.texts[text.file] = text
  }

  private mutating func root() -> YAMLNode? {
    do throws(YAMLFault) {
      return try YAMLParser(text.string).document().flatMap { convert($0, depth: 1) }
    } catch {
      report(error)
    }
    return nil
  }

  private mutating func convert(_ tree: YAMLTree, depth: Int) -> YAMLNode? {
    let place = place(tree.tag.mark)
    guard depth <= Self.depthLimit else {
      reader.report(.pipelineTooLarge, at: place, [expected("不超过 64 层", "at most 64 levels")])
      return nil
    }
    let converted: YAMLNode?
    switch tree {
    case .scalar(let written, let isPlain, _):
      if isPlain, written.unicodeScalars.first == text.star { return named(written, at: place) }
      let content = YAMLNode.Content.text(text.restored(written), isPlain: isPlain)
      converted = YAMLNode(content: content, place: place, size: 1)
    case .list(let items, _): converted = list(items, at: place, depth: depth)
    case .mapping(let entries, _): converted = mapping(entries, at: place, depth: depth)
    }
    if let converted, let anchor = tree.tag.anchor { anchors[anchor] = converted }
    return converted
  }

  private mutating func list(_ sequence: [YAMLTree], at place: SourceLocation, depth: Int) -> YAMLNode? {
    var items: [YAMLNode] = []
    var size = 1
    for item in sequence {
      guard let item = convert(item, depth: depth + 1), grow(&size, by: item, at: place) else { return nil }
      items.append(item)
    }
    return YAMLNode(content: .list(items), place: place, size: size)
  }

  private mutating func mapping(
    _ mapping: [(key: YAMLTree, value: YAMLTree)], at place: SourceLocation, depth: Int
  ) -> YAMLNode? {
    var entries: [YAMLNode.Entry] = []
    var first: [String: SourceLocation] = [:]
    var size = 1
    for (key, value) in mapping {
      guard let keyNode = convert(key, depth: depth + 1), let value = convert(value, depth: depth + 1) else {
        return nil
      }
      guard case .text(let name, _) = keyNode.content else {
        reader.report(.pipelineWrongType, at: keyNode.place, [expected("文字作键", "a text as the key")])
        continue
      }
      guard grow(&size, by: keyNode, at: place), grow(&size, by: value, at: place) else { return nil }
      if let known = first.updateValue(keyNode.place, forKey: name) {
        reader.report(.pipelineRepeatedKey, at: keyNode.place, found: name, [.literal(known.description)])
      }
      entries.append(YAMLNode.Entry(key: name, keyPlace: keyNode.place, value: value))
    }
    return YAMLNode(content: .mapping(entries), place: place, size: size)
  }

  private func named(_ written: String, at place: SourceLocation) -> YAMLNode? {
    let name = String(text.restored(written).dropFirst())
    if let node = anchors[name] { return node }
    reader.report(
      .pipelineSyntax, at: place, found: "*" + name,
      [expected("以 * 开头的文字要加引号，或先用 &\(name) 命名", "quotes around a text that begins with *, or &\(name) before")])
    return nil
  }

  private func grow(_ size: inout Int, by node: YAMLNode, at place: SourceLocation) -> Bool {
    size += node.size
    if size <= Self.nodeLimit { return true }
    reader.report(.pipelineTooLarge, at: place, [Self.nodeLimitWords])
    return false
  }

  private func report(_ fault: YAMLFault) {
    let words = fault.context.map { context in
      let beginning = place(context.mark)
      return "\(fault.problem) (\(context.text), \(beginning.line):\(beginning.column))"
    }
    let here = fault.mark.map { place($0) } ?? SourceLocation(file: text.file)
    reader.report(.pipelineSyntax, at: here, [.literal(words ?? fault.problem)])
  }

  private func place(_ mark: YAMLMark) -> SourceLocation {
    text.place(text.index(line: mark.line, column: mark.column))
  }
}
