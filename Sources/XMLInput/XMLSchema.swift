import CLibXML2
package import Diagnostics

/// An XSD or RELAX NG schema, compiled once and used by all files of its source.
///
/// Unchecked: libxml2 does not write to a compiled schema while it validates; what belongs to a file is in a context of its
/// own.
@safe package final class XMLSchema: @unchecked Sendable {
  enum Kind { case xsd, relaxNG }
  /// In the campaign's folder.
  package let path: String
  let kind: Kind
  let handle: UnsafeMutableRawPointer

  /// - Parameters:
  ///   - path: ends in `.rng` for RELAX NG.
  ///   - location: where the pipeline names it.
  ///   - read: a file of the campaign's folder; called for the schema and for what it includes.
  /// - Throws: what is wrong with it, each fault at its line.
  package init(
    path: String, at location: SourceLocation, read: @escaping (String) throws(ReadError) -> [UInt8]
  ) throws(XMLSchemaErrors) {
    self.path = path
    let kind: Kind = path.hasSuffix(".rng") ? .relaxNG : .xsd
    self.kind = kind
    _ = PushParser.library
    let isAvailable = kind == .xsd ? ftally_has_xsd() : ftally_has_relaxng()
    guard isAvailable != 0 else {
      let name = kind == .xsd ? "XSD" : "RELAX NG"
      throw XMLSchemaErrors(diagnostics: [
        Diagnostic(
          .xmlSchemaUnusable, at: location, found: path,
          [.word(LocalizedText(zh: "本机的 libxml2 不含 \(name)", en: "the libxml2 of this system has no \(name)"))])
      ])
    }
    let files = SchemaFiles(read: read)
    let faults = SchemaFaults(path: path)
    let url = SchemaFiles.url(of: path)
    let handle = unsafe SchemaFiles.$current.withValue(files) { unsafe Self.parse(url, kind, faults) }
    guard let handle = unsafe handle, files.faults.isEmpty, faults.diagnostics.isEmpty else {
      if let handle = unsafe handle { unsafe Self.free(handle, kind) }
      let all = files.faults + faults.diagnostics
      throw XMLSchemaErrors(
        diagnostics: all.isEmpty ? [Diagnostic(.xmlSchemaUnusable, at: location, found: path)] : Array(all.prefix(100)))
    }
    unsafe self.handle = handle
  }

  deinit { unsafe Self.free(handle, kind) }

  private static func free(_ handle: UnsafeMutableRawPointer, _ kind: Kind) {
    if kind == .xsd { unsafe ftally_xsd_free(handle) } else { unsafe ftally_relaxng_free(handle) }
  }

  private static func parse(_ url: String, _ kind: Kind, _ faults: SchemaFaults) -> UnsafeMutableRawPointer? {
    // SAFETY: `faults` outlives the calls below, and the handler of the thread is taken back behind them.
    let context = unsafe Unmanaged.passUnretained(faults).toOpaque()
    // What is wrong with the XML of a schema is reported to the thread, not to the schema's parser.
    unsafe xmlSetStructuredErrorFunc(context) { context, error in
      guard let context = unsafe context, let error = unsafe error?.pointee else { return }
      guard unsafe error.level.rawValue >= XML_ERR_ERROR.rawValue else { return }
      let message = unsafe error.message.map { unsafe String(cString: $0) } ?? ""
      unsafe Unmanaged<SchemaFaults>.fromOpaque(context)._withUnsafeGuaranteedRef {
        unsafe $0.append(message, url: error.file.map { unsafe String(cString: $0) }, line: Int(error.line))
      }
    }
    defer { unsafe xmlSetStructuredErrorFunc(nil) { _, _ in } }
    return unsafe url.withCString { url in
      kind == .xsd
        ? unsafe ftally_xsd_parse(
          url,
          { context, error in
            guard let context = unsafe context, let error = unsafe error?.pointee else { return }
            guard unsafe error.level.rawValue >= XML_ERR_ERROR.rawValue else { return }
            let message = unsafe error.message.map { unsafe String(cString: $0) } ?? ""
            unsafe Unmanaged<SchemaFaults>.fromOpaque(context)._withUnsafeGuaranteedRef {
              unsafe $0.append(message, url: error.file.map { unsafe String(cString: $0) }, line: Int(error.line))
            }
          }, context)
        : unsafe ftally_relaxng_parse(
          url,
          { context, error in
            guard let context = unsafe context, let error = unsafe error?.pointee else { return }
            guard unsafe error.level.rawValue >= XML_ERR_ERROR.rawValue else { return }
            let message = unsafe error.message.map { unsafe String(cString: $0) } ?? ""
            unsafe Unmanaged<SchemaFaults>.fromOpaque(context)._withUnsafeGuaranteedRef {
              unsafe $0.append(message, url: error.file.map { unsafe String(cString: $0) }, line: Int(error.line))
            }
          }, context)
    }
  }
}

/// Why a schema cannot be used.
package struct XMLSchemaErrors: Error, Sendable {
  package var diagnostics: [Diagnostic]
}
