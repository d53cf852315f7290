import Diagnostics
import Yams

/// Reads one document. Bounded in time and memory for any input: size, nodes (aliases counted as often as they are used)
/// and depth.
struct YAMLReader {
  static let byteLimit = 4 << 20
  static let nodeLimit = 100_000
  static let depthLimit = 64
  /// Each repeated key costs one more parse of the file.
  private static let repeatLimit = 16

  private let reader: NodeReader
  private var text: YAMLText
  private var anchors: [String: YAMLNode] = [:]
  /// Keys that were masked, by their place in the text.
  private var masked: [Int: String] = [:]

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
    do {
      // The parser must live on: nodes hold their anchors weakly.
      let (parser, root) = try parse()
      return withExtendedLifetime(parser) {
        guard let root, let node = convert(root, depth: 1) else { return nil }
        return node
      }
    } catch let error as YamlError {
      report(error)
    } catch {
      reader.report(.pipelineSyntax, at: SourceLocation(file: text.file), [.literal("\(error)")])
    }
    return nil
  }

  /// Yams stops at a repeated key and says where the first one stands. That one is masked and the text parsed again, so
  /// that both places and all other faults are found.
  private mutating func parse() throws -> (Parser, Node?) {
    while true {
      do {
        let parser = try Parser(yaml: text.string, resolver: .basic)
        return (parser, try parser.singleRoot())
      } catch YamlError.duplicatedKeysInMapping(let keys, let context) {
        let index = text.index(line: context.mark.line, column: context.mark.column)
        let key = text.restored(keys.first ?? "")
        let again = masked.count < Self.repeatLimit && text.scalars.count * (masked.count + 1) < 1 << 20
        guard again, masked[index] == nil, text.maskKey(at: index) else {
          let place = text.place(index)
          reader.report(.pipelineRepeatedKey, at: place, found: key, [.literal(place.description)])
          return (try Parser(yaml: ""), nil)
        }
        masked[index] = key
      }
    }
  }

  private mutating func convert(_ node: Node, depth: Int) -> YAMLNode? {
    let index = node.mark.map { text.index(line: $0.line, column: $0.column) } ?? 0
    let place = text.place(index)
    guard depth <= Self.depthLimit else {
      reader.report(.pipelineTooLarge, at: place, [expected("不超过 64 层", "at most 64 levels")])
      return nil
    }
    let converted: YAMLNode?
    switch node {
    case .scalar(let scalar):
      if scalar.style == .plain, scalar.string.unicodeScalars.first == text.star {
        return named(scalar.string, at: place)
      }
      let content = YAMLNode.Content.text(text.restored(scalar.string), isPlain: scalar.style == .plain)
      converted = YAMLNode(content: content, place: place, size: 1)
    case .sequence(let sequence): converted = list(sequence, at: place, depth: depth)
    case .mapping(let mapping): converted = self.mapping(mapping, at: place, depth: depth)
    case .alias: converted = nil
    }
    if let converted, let anchor = node.anchor { anchors[anchor.rawValue] = converted }
    return converted
  }

  private mutating func list(_ sequence: Node.Sequence, at place: SourceLocation, depth: Int) -> YAMLNode? {
    var items: [YAMLNode] = []
    var size = 1
    for item in sequence {
      guard let item = convert(item, depth: depth + 1), grow(&size, by: item, at: place) else { return nil }
      items.append(item)
    }
    return YAMLNode(content: .list(items), place: place, size: size)
  }

  private mutating func mapping(_ mapping: Node.Mapping, at place: SourceLocation, depth: Int) -> YAMLNode? {
    var entries: [YAMLNode.Entry] = []
    var first: [String: SourceLocation] = [:]
    var size = 1
    for (key, value) in mapping {
      guard let keyNode = convert(key, depth: depth + 1), let value = convert(value, depth: depth + 1) else {
        return nil
      }
      guard case .text(let written, _) = keyNode.content else {
        reader.report(.pipelineWrongType, at: keyNode.place, [expected("文字作键", "a text as the key")])
        continue
      }
      let index = key.mark.map { text.index(line: $0.line, column: $0.column) } ?? 0
      let name = masked[index] ?? written
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

  private func report(_ error: YamlError) {
    switch error {
    case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _),
      .composer(let context, let problem, let mark, _):
      let index = text.index(line: mark.line, column: mark.column)
      let words = context.map { "\(problem) (\($0.text), \(place($0.mark)))" } ?? problem
      reader.report(.pipelineSyntax, at: text.place(index), [.literal(words)])
    case .reader(let problem, _, _, _):
      reader.report(.pipelineSyntax, at: SourceLocation(file: text.file), [.literal(problem)])
    default:
      reader.report(.pipelineSyntax, at: SourceLocation(file: text.file), [.literal("YAML 1.1")])
    }
  }

  private func place(_ mark: Mark) -> String {
    let place = text.place(text.index(line: mark.line, column: mark.column))
    return "\(place.line):\(place.column)"
  }
}
