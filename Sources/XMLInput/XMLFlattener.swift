package import Bytes
package import Diagnostics

/// The columns that an XML file makes when each record becomes one row.
package struct XMLTableForm: Sendable {
  /// Below the record: `unit/@code`, `answers/q1`, `child[2]/name`; `.` for its own text. Parts of one element stand together.
  package fileprivate(set) var columns: [String] = []
  package fileprivate(set) var records = 0
  /// Elements and attributes with a value that are in no record, and the paths of the first of them.
  package fileprivate(set) var outside = 0
  package fileprivate(set) var outsidePaths: [String] = []
  /// Values that found no room among the columns.
  package fileprivate(set) var unwritten = 0
  package static let maximumColumns = 4000
  fileprivate var tree = PartTree()

  /// Reads the whole of `source` and finds the columns of the records at `path`.
  package static func survey(
    _ source: any ByteSource, file: String, record path: String, limits: XMLLimits = XMLLimits()
  ) throws(ReadError) -> XMLTableForm {
    let parser = try RecordFlattener(source: source, file: file, limits: limits, path: path)
    while try parser.advance() {}
    return parser.finishedForm()
  }

  /// Reads `source`, which must be what the form was made of, and hands each record over: one text for each column, empty
  /// where the record has none. The texts are lent for the time of the call.
  package func forEachRecord(
    of source: any ByteSource, file: String, record path: String, limits: XMLLimits = XMLLimits(),
    _ body: @escaping ([[UInt8]]) -> Void
  ) throws(ReadError) {
    let parser = try RecordFlattener(source: source, file: file, limits: limits, path: path, form: self, body)
    while try parser.advance() {}
  }
}

/// Elements and attributes below a record, repeats apart.
private struct PartTree: Sendable {
  struct Key: Hashable {
    var parent: Int32
    var name: Int32
    var index: Int32
    var isAttribute: Bool
  }
  struct Node {
    var key: Key
    var hasText = false
    var hasParts = false
    /// Values that it has in all records.
    var values = 0
    var column = -1
  }
  static let maximumNodes = 40_000
  var nodes = [Node(key: Key(parent: -1, name: -1, index: 1, isAttribute: false))]
  var places: [Key: Int32] = [:]
  var names: [String] = []
  var numbers: [String: Int32] = [:]

  mutating func number(of name: String) -> Int32 {
    if let known = numbers[name] { return known }
    names.append(name)
    numbers[name] = Int32(names.count - 1)
    return Int32(names.count - 1)
  }

  mutating func place(_ key: Key) -> Int? {
    if let known = places[key] { return Int(known) }
    guard nodes.count < Self.maximumNodes else { return nil }
    nodes.append(Node(key: key))
    places[key] = Int32(nodes.count - 1)
    return nodes.count - 1
  }

  /// Numbers the columns, parts of one element together, repeats of one element in their order behind each other.
  mutating func nameColumns() -> [String] {
    var columns: [String] = []
    var children: [[Int]] = [[Int]](repeating: [], count: nodes.count)
    for (place, node) in nodes.enumerated().dropFirst() { children[Int(node.key.parent)].append(place) }
    var open: [(place: Int, path: String)] = [(0, "")]
    if nodes.count == 1 { nodes[0].hasText = true }  // an empty element makes a table all the same
    while let (place, path) = open.popLast() {
      let node = nodes[place]
      if place == 0 ? node.hasText : node.hasText || !node.hasParts {
        guard columns.count < XMLTableForm.maximumColumns else { return columns }
        nodes[place].column = columns.count
        columns.append(place == 0 ? "." : path)
      }
      var firsts: [Int32: Int] = [:]
      for (order, child) in children[place].enumerated() where firsts[group(child)] == nil {
        firsts[group(child)] = order
      }
      let ordered = children[place].sorted {
        (firsts[group($0)] ?? 0, nodes[$0].key.index) < (firsts[group($1)] ?? 0, nodes[$1].key.index)
      }
      for child in ordered.reversed() {
        open.append((child, (path.isEmpty ? "" : path + "/") + step(child)))
      }
    }
    return columns
  }

  private func group(_ place: Int) -> Int32 { nodes[place].key.name &* 2 &+ (nodes[place].key.isAttribute ? 1 : 0) }

  private func step(_ place: Int) -> String {
    let key = nodes[place].key
    let name = names[Int(key.name)]
    if key.isAttribute { return "@" + name }
    var second = key
    second.index = 2
    return places[second] == nil ? name : "\(name)[\(key.index)]"
  }
}

@safe private final class RecordFlattener: PushParser {
  /// An open element of a record.
  private struct Frame {
    var node: Int
    var text: [UInt8] = []
    var hasParts = false
    /// How many elements of each name it has so far.
    var counts: [Int32: Int32] = [:]
  }
  private let steps: [String]
  private let body: (([[UInt8]]) -> Void)?
  private var form: XMLTableForm
  private var names: [UInt: Int32] = [:]
  private var frames: [Frame] = []
  /// Elements outside a record that are open, and how many of the outermost match the path.
  private var outer: [String] = []
  private var matched = 0
  private var skipping = 0
  private var row: [[UInt8]] = []
  private var rowBytes = 0

  init(
    source: any ByteSource, file: String, limits: XMLLimits, path: String, form: XMLTableForm = XMLTableForm(),
    _ body: (([[UInt8]]) -> Void)? = nil
  ) throws(ReadError) {
    steps = path.split(separator: "/").map(String.init)
    self.body = body
    self.form = form
    row = [[UInt8]](repeating: [], count: form.columns.count)
    try super.init(source: source, file: file, limits: limits)
  }

  func finishedForm() -> XMLTableForm {
    var finished = form
    finished.columns = finished.tree.nameColumns()
    for node in finished.tree.nodes where node.column < 0 { finished.unwritten += node.values }
    return finished
  }

  override func startElement(_ tag: StartTag) {
    if frames.isEmpty { return unsafe startOuter(tag) }
    guard skipping == 0 else {
      skipping += 1
      return
    }
    let top = frames.count - 1
    frames[top].hasParts = true
    let name = unsafe number(tag.local, tag.prefix)
    let index = (frames[top].counts[name] ?? 0) + 1
    frames[top].counts[name] = index
    guard
      let node = form.tree.place(
        .init(parent: Int32(frames[top].node), name: name, index: index, isAttribute: false))
    else {
      form.unwritten += 1
      skipping = 1
      return
    }
    unsafe open(node, tag)
  }

  private func startOuter(_ tag: StartTag) {
    let local = unsafe String(cString: tag.local)
    let name = unsafe tag.prefix.map { unsafe String(cString: $0) + ":" + local } ?? local
    let fits = matched == outer.count && matched < steps.count && [name, local, "*"].contains(steps[matched])
    if fits, matched == steps.count - 1 {
      form.records += body == nil ? 1 : 0
      unsafe open(0, tag)
      return
    }
    if fits { matched += 1 }
    outer.append(name)
    let count = unsafe tag.attributeCount
    if count > 0 { noteOutside("/@…") }
  }

  private func open(_ node: Int, _ tag: StartTag) {
    var frame = Frame(node: node)
    guard let attributes = unsafe tag.attributes else { return frames.append(frame) }
    for number in unsafe 0..<tag.attributeCount {
      // SAFETY: libxml2 hands over five pointers for each attribute; the last two bound its value.
      guard let local = unsafe attributes[5 * number], let start = unsafe attributes[5 * number + 3],
        let end = unsafe attributes[5 * number + 4]
      else { continue }
      frame.hasParts = true
      let name = unsafe self.number(local, attributes[5 * number + 1])
      let key = PartTree.Key(parent: Int32(node), name: name, index: 1, isAttribute: true)
      guard let place = form.tree.place(key) else {
        form.unwritten += 1
        continue
      }
      var value: [UInt8] = []
      unsafe appendAttribute(UnsafeBufferPointer(start: start, count: end - start), to: &value)
      keep(value, at: place)
    }
    frames.append(frame)
  }

  override func endElement() {
    if skipping > 0 {
      skipping -= 1
      return
    }
    guard let frame = frames.popLast() else {
      outer.removeLast()
      matched = min(matched, outer.count)
      return
    }
    let hasInk = frame.text.contains { $0 > 0x20 }
    if body == nil, frame.hasParts { form.tree.nodes[frame.node].hasParts = true }
    if hasInk || !frame.hasParts { keep(frame.text, at: frame.node) }
    if frames.isEmpty { endRecord() }
  }

  private func endRecord() {
    guard let body else { return }
    body(row)
    for column in row.indices { row[column].removeAll(keepingCapacity: true) }
    rowBytes = 0
  }

  override func text(_ bytes: UnsafeBufferPointer<UInt8>) {
    guard skipping == 0 else { return }
    guard !frames.isEmpty else {
      if unsafe bytes.contains(where: { $0 > 0x20 }) { noteOutside("") }
      return
    }
    let top = frames.count - 1
    unsafe frames[top].text.append(contentsOf: bytes)
    if frames[top].text.count > limits.text {
      exceed(LocalizedText(zh: "一个单元格的字节数", en: "bytes of a cell"), limits.text)
    }
  }

  private func keep(_ text: [UInt8], at node: Int) {
    guard body != nil else {
      if text.contains(where: { $0 > 0x20 }) {
        form.tree.nodes[node].hasText = true
        form.tree.nodes[node].values += 1
      }
      return
    }
    let column = form.tree.nodes[node].column
    guard row.indices.contains(column) else { return }
    row[column] = text
    rowBytes += text.count
    if rowBytes > limits.record {
      exceed(LocalizedText(zh: "一条记录的字节数", en: "bytes of a record"), limits.record)
    }
  }

  private func noteOutside(_ suffix: String) {
    guard body == nil else { return }
    form.outside += 1
    let shown = 8
    guard form.outsidePaths.count < shown else { return }
    let path = printable("/" + outer.joined(separator: "/") + suffix)
    if !form.outsidePaths.contains(path) { form.outsidePaths.append(path) }
  }

  private func number(_ local: UnsafePointer<UInt8>, _ prefix: UnsafePointer<UInt8>?) -> Int32 {
    // Equal names are equal pointers within one parser; a prefix makes another name of it.
    let key = UInt(bitPattern: local) &+ (unsafe prefix.map { UInt(bitPattern: $0) &* 31 } ?? 0)
    if let known = names[key] { return known }
    let name = (unsafe prefix.map { unsafe String(cString: $0) + ":" } ?? "") + (unsafe String(cString: local))
    let number = form.tree.number(of: name)
    names[key] = number
    return number
  }
}
