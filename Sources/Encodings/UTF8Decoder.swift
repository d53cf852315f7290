package import Bytes
package import Diagnostics

package final class UTF8Decoder: TextSource {
  package private(set) var undecodable = UndecodableBytes()
  private let source: any ByteSource

  package init(_ source: any ByteSource, encoding: DetectedEncoding, file: String) throws(ReadError) {
    self.source = source
  }

  package func read(into buffer: UnsafeMutableRawBufferPointer) throws(ReadError) -> Int {
    unsafe try source.read(into: buffer)
  }
}

/// A small file that is wholly in memory as UTF-8.
package func decodeText(
  _ bytes: [UInt8], file: String, declared: String? = nil
) throws(ReadError) -> (text: [UInt8], encoding: DetectedEncoding) {
  (bytes, DetectedEncoding(name: "utf-8", evidence: LocalizedText("-")))
}
