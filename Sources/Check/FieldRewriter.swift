import Campaign
import Values

/// The steps that give a cell another text before its type is read: normalizers, replacements, a part, a group of a pattern.
///
/// A class, since each cell looks at it.
final class FieldRewriter: Sendable {
  /// `x-contains`: the option that is looked for.
  let contains: [UInt8]?
  private let normalization: Normalization
  private let onlyNormalizes: Bool
  private let part: Int?
  private let separator: [UInt8]?
  private let extract: PatternReplacer?
  private let replacements: [PatternReplacer]
  private let identifier: IdentifierReader?

  /// `nil` when the field has no such step.
  init?(_ field: Field) throws(PatternError) {
    normalization = Normalization(field.normalizers)
    contains = field.contains.map { Array($0.utf8) }
    part = field.part
    separator = field.separator.map { Array($0.utf8) }
    extract = if let pattern = field.extract { try PatternReplacer(Pattern(pattern), with: "") } else { nil }
    var replacements: [PatternReplacer] = []
    for replacement in field.replacements {
      replacements.append(try PatternReplacer(Pattern(replacement.pattern), with: replacement.with))
    }
    self.replacements = replacements
    identifier = try? field.identifier.map { try IdentifierReader($0, country: field.country) }
    onlyNormalizes = identifier == nil && contains == nil && part == nil && extract == nil && replacements.isEmpty
    if normalization.isEmpty, onlyNormalizes { return nil }
  }

  /// Whether `rewrite` may give another text. Most cells are as their normalizers want them, and stay where they are.
  @inline(__always)
  func mayRewrite(_ text: Span<UInt8>) -> Bool { !onlyNormalizes || normalization.changes(text) }

  /// Appends the rewritten text to the workspace's arena; its range there, trimmed, empty when nothing is left.
  func rewrite(_ text: Span<UInt8>, in workspace: inout Workspace) -> Range<Int> {
    let start = workspace.arena.count
    if normalization.apply(text, to: &workspace.scratch) {
      workspace.arena.append(contentsOf: workspace.scratch.bytes)
    } else {
      for index in text.indices { workspace.arena.append(text[index]) }
    }
    var range = start..<workspace.arena.count
    for replacer in replacements { range = replace(range, by: replacer, in: &workspace) }
    if let extract { range = group(of: range, by: extract, in: workspace) }
    if let part { range = nthPart(part, of: range, in: workspace) }
    if let identifier { range = canonical(range, by: identifier, in: &workspace) }
    let inner = trimmed(workspace.arena.span.extracting(range))
    return range.lowerBound + inner.lowerBound..<range.lowerBound + inner.upperBound
  }

  private func replace(_ range: Range<Int>, by replacer: PatternReplacer, in workspace: inout Workspace) -> Range<Int> {
    var replaced: [UInt8] = []
    swap(&replaced, &workspace.replaced)
    defer { swap(&replaced, &workspace.replaced) }
    guard replacer.replace(in: workspace.arena.span.extracting(range), into: &replaced) else { return range }
    let start = workspace.arena.count
    workspace.arena.append(contentsOf: replaced)
    return start..<workspace.arena.count
  }

  /// The canonical text of an identifier; what is none stays, and is refused when the field reads it.
  private func canonical(
    _ range: Range<Int>, by identifier: IdentifierReader, in workspace: inout Workspace
  ) -> Range<Int> {
    guard let text = try? identifier.read(workspace.arena.span.extracting(range)) else { return range }
    let start = workspace.arena.count
    workspace.arena.append(contentsOf: text)
    return start..<workspace.arena.count
  }

  private func group(of range: Range<Int>, by extract: PatternReplacer, in workspace: borrowing Workspace) -> Range<Int>
  {
    guard let group = extract.firstGroup(in: workspace.arena.span.extracting(range)) else {
      return range.lowerBound..<range.lowerBound
    }
    return range.lowerBound + group.lowerBound..<range.lowerBound + group.upperBound
  }

  private func nthPart(_ part: Int, of range: Range<Int>, in workspace: borrowing Workspace) -> Range<Int> {
    let parts = parts(of: workspace.arena.span.extracting(range))
    guard parts.indices.contains(part - 1) else { return range.lowerBound..<range.lowerBound }
    return range.lowerBound + parts[part - 1].lowerBound..<range.lowerBound + parts[part - 1].upperBound
  }

  /// Parts of a cell between separators; between runs of white space when no separator is declared.
  func parts(of text: Span<UInt8>) -> [Range<Int>] {
    var parts: [Range<Int>] = []
    var start = 0
    var index = 0
    while index < text.count {
      let width = separatorWidth(at: index, of: text)
      if width > 0 {
        if separator != nil || index > start { parts.append(start..<index) }
        index += width
        start = index
      } else {
        index += 1
      }
    }
    if separator != nil || start < text.count { parts.append(start..<text.count) }
    return parts
  }

  private func separatorWidth(at index: Int, of text: Span<UInt8>) -> Int {
    guard let separator, !separator.isEmpty else {
      return text[index] == 0x20 || (0x09...0x0D).contains(text[index]) ? 1 : 0
    }
    guard index + separator.count <= text.count else { return 0 }
    for offset in separator.indices where text[index + offset] != separator[offset] { return 0 }
    return separator.count
  }
}
