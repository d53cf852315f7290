import CLibXML2
import Diagnostics

/// Validates against RELAX NG. libxml2 stops at the first fault of a document and streams only some schemas, so each record
/// is validated in a small tree: what stands outside records, and the record. At the end what stands outside is validated,
/// with one record that was valid in each place where records stand.
@safe final class RelaxNGValidator: RecordValidator {
  private typealias Node = UnsafeMutablePointer<xmlNode>

  private let document: UnsafeMutablePointer<xmlDoc>
  private var open: [Node] = unsafe []
  private var record: Node?
  /// Elements that hold a valid record, and those whose records were all rejected so far.
  private var filled: Set<UInt> = []
  private var empty: Set<UInt> = []
  private var outsideCount = 0
  private(set) var hasTooMuchOutside = false
  /// Each record is validated together with as many elements as stand outside records.
  static let maximumOutside = 5000

  override init(_ schema: XMLSchema) {
    guard let document = unsafe xmlNewDoc(nil) else { preconditionFailure("libxml2 has no memory for a document") }
    unsafe self.document = document
    super.init(schema)
  }

  deinit { unsafe xmlFreeDoc(document) }

  override func start(_ tag: StartTag, isRecord: Bool) {
    guard let node = unsafe xmlNewDocNode(document, nil, tag.local, nil) else { return }
    // libxml2 keeps lines up to 65,535 only.
    unsafe node.pointee._private = UnsafeMutableRawPointer(bitPattern: line)
    if let parent = unsafe open.last {
      _ = unsafe xmlAddChild(parent, node)
    } else {
      _ = unsafe xmlDocSetRootElement(document, node)
    }
    unsafe open.append(node)
    if isRecord, unsafe record == nil { unsafe record = node }
    if unsafe record == nil {
      outsideCount += 1
      if outsideCount > Self.maximumOutside { hasTooMuchOutside = true }
    }
    unsafe setNamespaces(node, tag)
    unsafe setAttributes(node, tag)
  }

  private func setNamespaces(_ node: Node, _ tag: StartTag) {
    if let namespaces = unsafe tag.namespaces {
      for number in unsafe 0..<tag.namespaceCount {
        // SAFETY: libxml2 hands over a prefix and a URI for each declaration.
        _ = unsafe xmlNewNs(node, namespaces[2 * number + 1], namespaces[2 * number])
      }
    }
    if let uri = unsafe tag.uri { unsafe xmlSetNs(node, namespace(node, tag.prefix, uri)) }
  }

  private func namespace(
    _ node: Node, _ prefix: UnsafePointer<UInt8>?, _ uri: UnsafePointer<UInt8>
  ) -> UnsafeMutablePointer<xmlNs>? {
    if let known = unsafe xmlSearchNs(document, node, prefix), unsafe xmlStrEqual(known.pointee.href, uri) != 0 {
      return unsafe known
    }
    return unsafe xmlNewNs(node, uri, prefix)
  }

  private func setAttributes(_ node: Node, _ tag: StartTag) {
    guard let attributes = unsafe tag.attributes else { return }
    for number in unsafe 0..<tag.attributeCount {
      // SAFETY: libxml2 hands over five pointers for each attribute; the last two bound its value.
      guard let name = unsafe attributes[5 * number], let start = unsafe attributes[5 * number + 3],
        let end = unsafe attributes[5 * number + 4]
      else { continue }
      var value: [UInt8] = []
      unsafe appendAttribute(UnsafeBufferPointer(start: start, count: end - start), to: &value)
      value.append(0)
      let uri = unsafe attributes[5 * number + 2]
      let prefix = unsafe attributes[5 * number + 1]
      let space = unsafe uri.flatMap { unsafe namespace(node, prefix, $0) }
      _ = unsafe value.withUnsafeBufferPointer { unsafe xmlNewNsProp(node, space, name, $0.baseAddress) }
    }
  }

  override func text(_ bytes: [UInt8]) {
    guard let parent = unsafe open.last else { return }
    unsafe bytes.withUnsafeBufferPointer {
      unsafe xmlNodeAddContentLen(parent, $0.baseAddress, Int32($0.count))
    }
  }

  override func end(isRecord: Bool) {
    guard let node = unsafe open.popLast() else { return }
    guard isRecord, unsafe node == record else { return }
    let count = faults.count
    validate()
    let isValid = faults.count == count
    let parent = UInt(bitPattern: unsafe node.pointee.parent)
    unsafe record = nil
    if isValid, !filled.contains(parent) {
      filled.insert(parent)
      empty.remove(parent)
      return
    }
    if !filled.contains(parent) { empty.insert(parent) }
    // A record that is the whole document goes with it.
    guard unsafe !open.isEmpty else { return }
    unsafe xmlUnlinkNode(node)
    unsafe xmlFreeNode(node)
  }

  /// Where every record was rejected, one is missing, and what the schema would say of that says nothing.
  override func finish() {
    guard empty.isEmpty else { return }
    validate()
  }

  private func validate() {
    _ = unsafe ftally_relaxng_validate(
      schema.handle, document,
      { context, error in
        guard let context = unsafe context, let error = unsafe error?.pointee else { return }
        let message = unsafe error.message.map { unsafe String(cString: $0) } ?? ""
        let node = unsafe error.node?.assumingMemoryBound(to: xmlNode.self)
        unsafe Unmanaged<RelaxNGValidator>.fromOpaque(context)._withUnsafeGuaranteedRef {
          unsafe $0.report(message, at: node)
        }
      }, Unmanaged.passUnretained(self).toOpaque())
  }

  private func report(_ message: String, at node: UnsafeMutablePointer<xmlNode>?) {
    var path = ""
    var line = 0
    var isInRecord = unsafe record == nil
    var place = unsafe node
    while let here = unsafe place, unsafe here.pointee.type != XML_DOCUMENT_NODE {
      if unsafe here.pointee.type == XML_ELEMENT_NODE {
        if line == 0 { line = Int(bitPattern: unsafe here.pointee._private) }
        path = "/" + (unsafe String(cString: here.pointee.name)) + path
      }
      if unsafe here == record { isInRecord = true }
      unsafe place = here.pointee.parent
    }
    // What is wrong outside a record shows at the end, if it is not only that more is to come.
    if isInRecord {
      report(
        SchemaFault(
          line: line == 0 ? self.line : line, path: path.isEmpty ? self.path : path, message: Self.sentence(message)))
    }
  }
}
