import CLibXML2
import Diagnostics

/// A place where a document is not what its schema demands.
struct SchemaFault {
  var line: Int
  /// From the root, by names.
  var path: String
  var message: String
  /// Whether the element of the record itself is not expected where it stands.
  var isUnexpected = false
}

/// Follows the events of one file and says what its schema has against it. A subclass for each kind of schema.
@safe class RecordValidator {
  let schema: XMLSchema
  /// Faults that nobody has taken yet.
  private(set) var faults: [SchemaFault] = []
  private(set) var names: [(local: UnsafePointer<UInt8>, uri: UnsafePointer<UInt8>?)] = unsafe []
  private(set) var line = 0
  /// Text since the last tag: libxml2 adds pieces in a time that grows with the square of their number.
  private var pending: [UInt8] = []

  init(_ schema: XMLSchema) { self.schema = schema }

  static func make(_ schema: XMLSchema) -> RecordValidator {
    schema.kind == .xsd ? XSDValidator(schema) : RelaxNGValidator(schema)
  }

  // MARK: For subclasses

  func start(_ tag: StartTag, isRecord: Bool) {}
  func end(isRecord: Bool) {}
  func text(_ bytes: [UInt8]) {}
  /// The document is at its end.
  func finish() {}

  func report(_ fault: SchemaFault) { faults.append(fault) }

  /// The elements that are open.
  var path: String {
    unsafe names.map { "/" + (unsafe String(cString: $0.local)) }.joined()
  }

  // MARK: Events

  /// `flush` comes before it.
  ///
  /// - Parameter isRecord: whether a record begins here.
  func begin(_ tag: StartTag, line: Int, isRecord: Bool) {
    self.line = line
    unsafe names.append((tag.local, tag.uri))
    unsafe start(tag, isRecord: isRecord)
  }

  /// - Parameter isRecord: whether a record ends here.
  func close(line: Int, isRecord: Bool) {
    self.line = line
    flush()
    end(isRecord: isRecord)
    unsafe _ = names.removeLast()
  }

  func receive(_ bytes: UnsafeBufferPointer<UInt8>) { unsafe pending.append(contentsOf: bytes) }

  /// Hands over the text before a tag.
  func flush() {
    guard !pending.isEmpty else { return }
    text(pending)
    pending.removeAll(keepingCapacity: true)
  }

  func takeFaults() -> [SchemaFault] {
    defer { faults.removeAll(keepingCapacity: true) }
    return faults
  }

  static func sentence(_ message: String) -> String {
    printable(message.split(separator: "\n").first.map(String.init) ?? message)
  }
}

/// Validates against an XSD while the file streams by.
@safe private final class XSDValidator: RecordValidator {
  private var run = unsafe ftally_xsd_run()
  private var isInStart = false
  private static let unexpectedElement: Int32 = 1871

  override init(_ schema: XMLSchema) {
    super.init(schema)
    // SAFETY: the context is this object, which ends the run before it goes.
    let hasBegun = unsafe ftally_xsd_begin(
      &run, schema.handle,
      { context, error in
        guard let context = unsafe context, let error = unsafe error?.pointee else { return }
        guard unsafe error.level.rawValue >= XML_ERR_ERROR.rawValue else { return }
        let message = unsafe error.message.map { unsafe String(cString: $0) } ?? ""
        unsafe Unmanaged<XSDValidator>.fromOpaque(context)._withUnsafeGuaranteedRef {
          unsafe $0.report(code: error.code, message)
        }
      }, Unmanaged.passUnretained(self).toOpaque())
    precondition(hasBegun != 0, "libxml2 has no memory for a validator")
  }

  deinit { unsafe ftally_xsd_end(&run) }

  private func report(code: Int32, _ message: String) {
    report(
      SchemaFault(
        line: line, path: path, message: Self.sentence(message),
        isUnexpected: isInStart && code == Self.unexpectedElement))
  }

  override func start(_ tag: StartTag, isRecord: Bool) {
    isInStart = true
    unsafe run.handler.pointee.startElementNs?(
      run.user, tag.local, tag.prefix, tag.uri, Int32(tag.namespaceCount), tag.namespaces, Int32(tag.attributeCount), 0,
      tag.attributes)
    isInStart = false
  }

  override func end(isRecord: Bool) {
    guard let name = unsafe names.last else { return }
    unsafe run.handler.pointee.endElementNs?(run.user, name.local, nil, name.uri)
  }

  override func text(_ bytes: [UInt8]) {
    unsafe bytes.withUnsafeBufferPointer {
      unsafe run.handler.pointee.characters?(run.user, $0.baseAddress, Int32($0.count))
    }
  }
}
