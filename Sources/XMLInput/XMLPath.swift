package import Diagnostics

/// Why a plan cannot be made: the pipeline is wrong, not a file.
package struct XMLPlanError: Error, Hashable, Sendable {
  package var diagnostic: Diagnostic
}

/// One step of a path: the children with this name, in any namespace when `uri` is `nil`; `local` is `*` for all. `index`
/// picks the n-th (from 1) of the siblings that have the same local name.
struct XMLStep: Hashable, Sendable {
  var local: String
  var uri: String?
  var index: Int?
}

/// A path from an element to a value, as docs/pipeline.md has it: `unit/@code`, `.`, `child[2]/name`, `../name`.
struct XMLPath: Sendable {
  /// Number of leading `..`.
  var ups = 0
  var steps: [XMLStep] = []
  var attribute: XMLStep?
}

/// Reads paths; all messages about them are made here.
struct XMLPathParser {
  var namespaces: [String: String]

  /// Path of a value or of a repeat, from the element that it belongs to.
  func relative(_ text: String, at location: SourceLocation) throws(XMLPlanError) -> XMLPath {
    var path = XMLPath()
    var parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard !text.isEmpty else { throw failure(text, location, zh: "不空的路径", en: "a path that is not empty") }
    guard parts.first != "" else {
      throw failure(text, location, zh: "从记录元素起的路径，不以 / 开头", en: "a path from the record element, without / in front")
    }
    if parts.last?.first == "@" {
      path.attribute = try step(parts.removeLast().dropFirst(), of: text, at: location)
      guard let test = path.attribute, test.local != "*", test.index == nil else {
        throw failure(text, location, zh: "@ 后是一个属性名", en: "the name of one attribute after @")
      }
    }
    for part in parts {
      switch part {
      case ".": continue
      case "..":
        guard path.steps.isEmpty else {
          throw failure(text, location, zh: ".. 只在路径开头", en: ".. only at the beginning of a path")
        }
        path.ups += 1
      default: path.steps.append(try step(part, of: text, at: location))
      }
    }
    return path
  }

  /// Path of the record from the root; `isAnywhere` when it begins with `//`.
  func record(_ text: String, at location: SourceLocation) throws(XMLPlanError) -> (steps: [XMLStep], isAnywhere: Bool)
  {
    let isAnywhere = text.hasPrefix("//")
    guard text.hasPrefix("/") else {
      throw failure(
        text, location, zh: "从根元素起的路径，如 /responses/response", en: "a path from the root: /responses/response")
    }
    var steps: [XMLStep] = []
    for part in text.dropFirst(isAnywhere ? 2 : 1).split(separator: "/", omittingEmptySubsequences: false) {
      let step = try step(part, of: text, at: location)
      guard step.index == nil else {
        throw failure(text, location, zh: "记录路径不带 [n]", en: "a record path without [n]")
      }
      steps.append(step)
    }
    return (steps, isAnywhere)
  }

  private func step(_ part: Substring, of text: String, at location: SourceLocation) throws(XMLPlanError) -> XMLStep {
    var name = part
    var index: Int?
    if let open = part.firstIndex(of: "["), part.last == "]" {
      index = Int(part[part.index(after: open)..<part.index(before: part.endIndex)])
      name = part[..<open]
      guard let index, (1...1000).contains(index), name != "*" else {
        throw failure(
          text, location, zh: "方括号内是 1 到 1000 的序号，前面是元素名", en: "a number from 1 to 1000 in brackets after a name")
      }
    }
    var uri: String?
    if let colon = name.firstIndex(of: ":") {
      let prefix = String(name[..<colon])
      name = name[name.index(after: colon)...]
      uri = prefix == "xml" ? "http://www.w3.org/XML/1998/namespace" : namespaces[prefix]
      guard uri != nil, name != "*" else {
        throw failure(text, location, zh: "namespaces 里有的前缀", en: "a prefix that `namespaces` defines")
      }
    }
    guard name == "*" || isName(name) else {
      throw failure(text, location, zh: "元素名，或 *", en: "names of elements, or *")
    }
    return XMLStep(local: String(name), uri: uri, index: index)
  }

  private func isName(_ name: Substring) -> Bool {
    guard let first = name.utf8.first, first >= 0x41 else { return false }
    return name.utf8.allSatisfy { byte in
      switch byte {
      case 0x80..., UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "."):
        true
      default: false
      }
    }
  }

  func failure(_ path: String, _ location: SourceLocation, zh: String, en: String) -> XMLPlanError {
    XMLPlanError(
      diagnostic: Diagnostic(.xmlPath, at: location, found: path, [.word(LocalizedText(zh: zh, en: en))]))
  }
}
