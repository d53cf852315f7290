import Campaign
import Diagnostics

/// What was expected, for a person.
func expected(_ zh: String, _ en: String) -> Argument { .word(LocalizedText(zh: zh, en: en)) }

/// Takes values out of nodes and collects what is wrong with them. Every method that gives `nil` has reported why.
final class NodeReader {
  /// Faults listed; the others are told by one note.
  private static let limit = 200

  /// The texts that were read, by file: for places inside of scalars.
  var texts: [String: YAMLText] = [:]
  private(set) var diagnostics: [Diagnostic] = []
  private(set) var hasErrors = false

  func report(_ diagnostic: Diagnostic) {
    report(diagnostic.rule, at: diagnostic.location, found: diagnostic.found, diagnostic.arguments)
  }

  func report(_ rule: Rule, at place: SourceLocation, found: String = "", _ arguments: [Argument] = []) {
    hasErrors = hasErrors || rule.severity == .error
    if diagnostics.count == Self.limit {
      diagnostics.append(Diagnostic(.pipelineManyFaults, at: SourceLocation(file: place.file)))
    }
    guard diagnostics.count < Self.limit else { return }
    diagnostics.append(Diagnostic(rule, at: place, found: found, arguments))
  }

  func wrongType(_ node: YAMLNode, _ words: Argument) {
    report(.pipelineWrongType, at: node.place, found: node.written, [words])
  }

  func wrongValue(_ node: YAMLNode, _ words: Argument, fix: Argument = .literal("")) {
    report(.pipelineWrongValue, at: node.place, found: node.written, [words, fix])
  }

  /// An unknown key, name or word, with those that are known and the nearest of them.
  func unknown(_ rule: Rule, _ word: String, at place: SourceLocation, among words: [String]) {
    let nearest = nearestWord(to: word, among: words)
    let fix = nearest.map { expected("是否想写 \($0)？", "Did you mean \($0)?") } ?? .literal("")
    let shown = words.prefix(40).joined(separator: ", ") + (words.count > 40 ? ", …" : "")
    report(rule, at: place, found: word, [.literal(shown.isEmpty ? "—" : shown), fix])
  }
}

// MARK: - Scalars
extension NodeReader {
  /// A text, as written; blank is no text.
  func text(_ node: YAMLNode) -> String? {
    guard let text = anyText(node) else { return nil }
    if !text.isEmpty { return text }
    wrongType(node, expected("文字", "a text"))
    return nil
  }

  /// A text that may be empty.
  func anyText(_ node: YAMLNode) -> String? {
    if case .text(let text, _) = node.content { return text }
    wrongType(node, expected("文字", "a text"))
    return nil
  }

  func word(_ node: YAMLNode, among words: [String]) -> String? {
    guard let text = text(node) else { return nil }
    if words.contains(text) { return text }
    unknown(.pipelineUnknownName, text, at: node.place, among: words)
    return nil
  }

  func boolean(_ node: YAMLNode) -> Bool? {
    switch node.content {
    case .text("true", _): return true
    case .text("false", _): return false
    default:
      wrongType(node, expected("true 或 false", "true or false"))
      return nil
    }
  }

  func integer(_ node: YAMLNode, in range: ClosedRange<Int>) -> Int? {
    if case .text(let text, _) = node.content, let number = Int(text), range.contains(number) { return number }
    let (low, high) = (range.lowerBound, range.upperBound)
    if high == .max {
      wrongType(node, expected("不小于 \(low) 的整数", "a whole number of at least \(low)"))
    } else {
      wrongType(node, expected("\(low) 至 \(high) 的整数", "a whole number from \(low) to \(high)"))
    }
    return nil
  }

  /// Letters, digits, `-` and `_`: safe in file names, on any system.
  func identifier(_ node: YAMLNode) -> String? {
    guard let text = text(node) else { return nil }
    let isSafe = text.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
        true
      default: false
      }
    }
    if isSafe, text.utf8.count <= 64 { return text }
    wrongValue(node, expected("至多 64 个英文字母、数字、- 和 _", "at most 64 of the letters a-z, digits, - and _"))
    return nil
  }

  /// One text for both languages, or `{zh: …, en: …}`; a language that is not given has the other's.
  func title(_ node: YAMLNode) -> LocalizedText? {
    if case .text = node.content { return text(node).map { LocalizedText($0) } }
    guard let section = Section(node, keys: ["zh", "en"], self) else { return nil }
    let zh = section["zh"].flatMap(text)
    let en = section["en"].flatMap(text)
    if let either = zh ?? en { return LocalizedText(zh: zh ?? either, en: en ?? either) }
    if !section.hasEntries { wrongType(node, expected("文字或 {zh:, en:}", "a text or {zh:, en:}")) }
    return nil
  }

  /// A path within the campaign's folder.
  func path(_ node: YAMLNode) -> String? {
    guard let text = text(node) else { return nil }
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    let leaves = text.hasPrefix("/") || parts.contains("..") || text.contains("\\") || isDrive(text)
    if !leaves, !text.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7F }) { return text }
    report(.pipelinePath, at: node.place, found: text)
    return nil
  }

  private func isDrive(_ text: String) -> Bool {
    let bytes = Array(text.utf8.prefix(2))
    return bytes.count == 2 && bytes[1] == UInt8(ascii: ":")
  }
}

// MARK: - Lists
extension NodeReader {
  /// The items of a list; one value that is no list is a list of one.
  func items(_ node: YAMLNode) -> [YAMLNode] {
    if case .list(let items) = node.content { return items }
    return [node]
  }

  func texts(_ node: YAMLNode) -> [String] { items(node).compactMap(text) }

  func list(_ node: YAMLNode) -> [YAMLNode]? {
    if case .list(let items) = node.content { return items }
    wrongType(node, expected("列表", "a list"))
    return nil
  }
}

/// A mapping whose keys are known.
struct Section {
  let place: SourceLocation
  private let entries: [String: YAMLNode.Entry]
  private let reader: NodeReader

  /// - Parameter keys: those it may have; any other is reported.
  init?(_ node: YAMLNode, keys: [String], _ reader: NodeReader) {
    self.init(node, reader) { entry in
      if !keys.contains(entry.key) {
        reader.unknown(.pipelineUnknownKey, entry.key, at: entry.keyPlace, among: keys)
      }
    }
  }

  init?(_ node: YAMLNode, _ reader: NodeReader, check: (YAMLNode.Entry) -> Void) {
    guard case .mapping(let entries) = node.content else {
      reader.wrongType(node, expected("键和值", "keys and values"))
      return nil
    }
    for entry in entries { check(entry) }
    self.entries = Dictionary(entries.map { ($0.key, $0) }, uniquingKeysWith: { first, _ in first })
    self.reader = reader
    place = node.place
  }

  var hasEntries: Bool { !entries.isEmpty }

  subscript(key: String) -> YAMLNode? {
    guard let value = entries[key]?.value, !value.isNull else { return nil }
    return value
  }

  func keyPlace(_ key: String) -> SourceLocation { entries[key]?.keyPlace ?? place }

  func required(_ key: String) -> YAMLNode? {
    if let value = self[key] { return value }
    reader.report(.pipelineMissingKey, at: place, [.literal(key)])
    return nil
  }
}
