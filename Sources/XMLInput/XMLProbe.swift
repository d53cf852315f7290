package import Bytes
package import Diagnostics

/// What an XML file seems to hold, for a person who writes a pipeline.
package struct XMLDescription: Sendable {
  package struct Path: Sendable, Hashable {
    /// From the root: `/responses/response/unit`, `/responses/response/@id`. Names as written, with their prefixes.
    package var path: String
    package var count: Int
    /// Whether it has a text of its own that is not white space; `true` for attributes.
    package var hasText: Bool
    /// Whether it stands several times in one parent.
    package var isRepeated: Bool
  }
  package var root = ""
  /// Namespace of the root element; empty for none.
  package var namespace = ""
  /// Path of the element that is probably the record, by local names: of those that repeat within one parent the one
  /// nearest to the root, `/*` for an XForms submission or when nothing repeats.
  package var recordPath = "/*"
  /// How many of them there are in the part that was read.
  package var recordCount = 0
  /// Whether it is one submission of an XForms questionnaire: it has `meta/instanceID`.
  package var isSubmission = false
  /// In the order of their first occurrence.
  package var paths: [Path] = []
  /// Whether the whole file was read and all of its paths are listed.
  package var isComplete = true
  /// What ended the reading, if the file is not sound.
  package var problem: Diagnostic?
}

/// Describes XML files.
package enum XMLProbe {
  private static let maximumBytes = 16 << 20

  /// Reads the first 16 MiB of `source`, UTF-8 without a byte order mark.
  /// - Throws: when nothing at all can be said: the file is empty, compressed, has a DOCTYPE or no root element.
  package static func describe(
    _ source: any ByteSource, file: String, limits: XMLLimits = XMLLimits()
  ) throws(ReadError) -> XMLDescription {
    let parser = try ProbeParser(source: source, file: file, limits: limits)
    var problem: Diagnostic?
    var isComplete = false
    do {
      while parser.window.start < maximumBytes, !isComplete { isComplete = try !parser.advance() }
    } catch {
      guard parser.hasRoot, error.diagnostic.rule == .xmlNotWellFormed else { throw error }
      problem = error.diagnostic
    }
    var description = parser.describe()
    description.isComplete = description.isComplete && isComplete
    description.problem = problem
    return description
  }
}

@safe private final class ProbeParser: PushParser {
  private struct Node {
    var name: String
    var parent: Int
    var depth: Int
    var count = 0
    var hasText = false
    var hasParts = false
    var isAttribute = false
    var mostInParent = 0
    var inParent = 0
    /// The count of the parent's path when `inParent` began.
    var parentCount = 0
  }
  private static let maximumPaths = 2000

  private var nodes = [Node(name: "", parent: 0, depth: 0)]
  private var places = EdgeTable(capacity: 64)
  private var open = [0]
  private var skipping = 0
  private var namespace = ""
  private var isFull = false

  var hasRoot: Bool { nodes.count > 1 }

  override func startElement(_ tag: StartTag) {
    guard skipping == 0, let place = unsafe count(tag.local, tag.prefix, isAttribute: false) else {
      skipping += 1
      return
    }
    if place == 1, let uri = unsafe tag.uri { namespace = unsafe printable(String(cString: uri)) }
    open.append(place)
    guard let attributes = unsafe tag.attributes else { return }
    for number in unsafe 0..<tag.attributeCount {
      // SAFETY: libxml2 hands over five pointers for each attribute.
      guard let name = unsafe attributes[5 * number] else { continue }
      _ = unsafe count(name, attributes[5 * number + 1], isAttribute: true)
    }
  }

  override func endElement() {
    if skipping > 0 { skipping -= 1 } else { open.removeLast() }
  }

  override func text(_ bytes: UnsafeBufferPointer<UInt8>) {
    guard skipping == 0, let place = open.last, !nodes[place].hasText else { return }
    nodes[place].hasText = unsafe bytes.contains { $0 > 0x20 }
  }

  /// Counts an element or attribute below the innermost open one; `nil` when there are too many paths.
  private func count(_ local: UnsafePointer<UInt8>, _ prefix: UnsafePointer<UInt8>?, isAttribute: Bool) -> Int? {
    let parent = open[open.count - 1]
    nodes[parent].hasParts = true
    let key = Int32(2 * parent + (isAttribute ? 1 : 0))
    var place = places.find(UInt(bitPattern: local), key).map { Int($0) } ?? 0
    if place == 0 {
      guard nodes.count < Self.maximumPaths else {
        isFull = true
        return nil
      }
      place = nodes.count
      let name = (unsafe prefix.map { unsafe String(cString: $0) + ":" } ?? "") + (unsafe String(cString: local))
      nodes.append(
        Node(
          name: printable(name), parent: parent, depth: nodes[parent].depth + 1, hasText: isAttribute,
          isAttribute: isAttribute))
      places.insert(UInt(bitPattern: local), key, Int32(place))
    }
    nodes[place].count += 1
    if nodes[place].parentCount != nodes[parent].count || nodes[place].count == 1 {
      nodes[place].parentCount = nodes[parent].count
      nodes[place].inParent = 0
    }
    nodes[place].inParent += 1
    nodes[place].mostInParent = max(nodes[place].mostInParent, nodes[place].inParent)
    return place
  }

  func describe() -> XMLDescription {
    var description = XMLDescription()
    guard hasRoot else { return description }
    var texts = [""]
    for node in nodes.dropFirst() {
      texts.append(texts[node.parent] + "/" + (node.isAttribute ? "@" : "") + node.name)
    }
    description.root = nodes[1].name
    description.namespace = namespace
    description.isComplete = !isFull
    description.paths = nodes.indices.dropFirst().map { place in
      .init(
        path: texts[place], count: nodes[place].count, hasText: nodes[place].hasText,
        isRepeated: nodes[place].mostInParent > 1)
    }
    description.recordCount = 1
    let meta = nodes.indices.filter { nodes[$0].depth == 2 && localName($0) == "meta" }
    description.isSubmission = nodes.contains { meta.contains($0.parent) && localName($0.name) == "instanceID" }
    if !description.isSubmission, let record = recordNode() {
      description.recordPath = path(record)
      description.recordCount = nodes[record].count
    }
    return description
  }

  /// An element with parts that repeats is likelier a record than one that holds a text.
  private func recordNode() -> Int? {
    let repeated = nodes.indices.filter { nodes[$0].mostInParent > 1 && !nodes[$0].isAttribute }
    let structured = repeated.filter { nodes[$0].hasParts }
    let candidates = structured.isEmpty ? repeated : structured
    return candidates.min { (nodes[$0].depth, -nodes[$0].count, $0) < (nodes[$1].depth, -nodes[$1].count, $1) }
  }

  private func localName(_ place: Int) -> String { localName(nodes[place].name) }
  private func localName(_ name: String) -> String { name.split(separator: ":").last.map(String.init) ?? name }

  private func path(_ place: Int) -> String {
    place == 0 ? "" : path(nodes[place].parent) + "/" + localName(place)
  }
}
