import Diagnostics

extension NodeReader {
  /// Where a value stands below an element: `unit/@code`, `answers/q1`, `.`, `child[2]/name`, `../name`.
  func elementPath(_ node: YAMLNode) -> String? {
    guard let text = text(node) else { return nil }
    if isElementPath(text) { return text }
    wrongValue(
      node,
      expected(
        "如 unit/@code、answers/q1、child[2]/name、../name、.", "like unit/@code, answers/q1, child[2]/name, ../name, ."))
    return nil
  }

  /// Path of an element from the root: `/responses/response`, `/*`.
  func recordPath(_ node: YAMLNode) -> String? {
    guard let text = text(node) else { return nil }
    let steps = text.split(separator: "/", omittingEmptySubsequences: false).dropFirst()
    if text.hasPrefix("/"), steps.allSatisfy({ $0 == "*" || isName($0) }) { return text }
    wrongValue(
      node, expected("以 / 开头的元素路径，如 /responses/response", "a path that begins with /, like /responses/response"))
    return nil
  }

  /// A pattern that `isPattern` has nothing against.
  func pattern(_ node: YAMLNode, _ isPattern: (String) -> String?) -> String? {
    guard let text = text(node) else { return nil }
    guard let fault = isPattern(text) else { return text }
    wrongValue(node, expected("正则表达式（\(fault)）", "a regular expression (\(fault))"))
    return nil
  }

  func codeList(_ node: YAMLNode, among names: [String]) -> String? {
    guard let text = text(node) else { return nil }
    if names.contains(text) { return text }
    unknown(.pipelineUnknownName, text, at: node.place, among: names)
    return nil
  }
}

/// Prefixes that a path uses.
func prefixes(in path: String) -> [String] {
  path.split(separator: "/").compactMap { step in
    let name = step.hasPrefix("@") ? step.dropFirst() : step
    return name.firstIndex(of: ":").map { String(name[..<$0]) }
  }
}

private func isElementPath(_ path: String) -> Bool {
  if path == "." || path == ".." { return true }
  var steps = path.split(separator: "/", omittingEmptySubsequences: false)[...]
  if steps.first == "." { steps = steps.dropFirst() }
  while steps.first == ".." { steps = steps.dropFirst() }
  guard let last = steps.last else { return path.hasPrefix("..") }
  guard steps.dropLast().allSatisfy(isStep) else { return false }
  return last.hasPrefix("@") ? isName(last.dropFirst()) : isStep(last)
}

/// `name`, `*`, `name[2]`.
private func isStep(_ step: Substring) -> Bool {
  guard step.hasSuffix("]"), let open = step.firstIndex(of: "[") else { return step == "*" || isName(step) }
  let number = step[step.index(after: open)...].dropLast()
  guard let place = Int(number), place >= 1 else { return false }
  return step[..<open] == "*" || isName(step[..<open])
}

/// A name of XML with at most one prefix; what is allowed in names is left to the parser of the files, except signs that
/// mean something in a path.
private func isName(_ name: Substring) -> Bool {
  let parts = name.split(separator: ":", omittingEmptySubsequences: false)
  guard parts.count <= 2 else { return false }
  return parts.allSatisfy { part in
    guard let first = part.unicodeScalars.first, !("0"..."9").contains(first), first != "-", first != "." else {
      return false
    }
    return part.unicodeScalars.allSatisfy { scalar in
      scalar.value >= 0x80 ? !scalar.properties.isWhitespace : isNameByte(UInt8(scalar.value))
    }
  }
}

private func isNameByte(_ byte: UInt8) -> Bool {
  switch byte {
  case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "."):
    true
  default: false
  }
}
