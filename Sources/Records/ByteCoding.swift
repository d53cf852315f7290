package import Bytes

/// Appends numbers, texts and columns in a fixed little-endian layout: chunks and rejected records on their way to disk.
package struct ByteEncoder: Sendable {
  package private(set) var bytes: [UInt8]
  /// - Parameter bytes: behind which the others go.
  package init(_ bytes: [UInt8] = []) { self.bytes = bytes }

  package mutating func reserve(_ count: Int) { bytes.reserveCapacity(count) }
  package consuming func takeBytes() -> [UInt8] { bytes }
  /// Lists of columns that were appended, by where they lie in memory; held, so that nothing else can lie there.
  var columnLists: [[(header: String, field: String?)]] = []
  var placesOfLists: [UInt: Int] = [:]

  package mutating func append(_ number: Int) {
    unsafe withUnsafeBytes(of: Int64(number).littleEndian) { unsafe bytes.append(contentsOf: $0) }
  }

  package mutating func append(_ hash: Hash128) {
    append(Int(bitPattern: UInt(hash.high)))
    append(Int(bitPattern: UInt(hash.low)))
  }

  package mutating func append(_ text: String) {
    var text = text
    append(text.utf8.count)
    // SAFETY: the bytes are copied within the closure.
    text.withUTF8 { unsafe bytes.append(contentsOf: $0) }
  }

  /// What `body` appends, behind the number of its bytes.
  package mutating func appendSized(_ body: (inout ByteEncoder) -> Void) {
    let start = bytes.count
    append(0)
    body(&self)
    let size = Int64(bytes.count - start - 8).littleEndian
    unsafe withUnsafeBytes(of: size) { bytes.replaceSubrange(start..<start + 8, with: unsafe Array($0)) }
  }

  /// A column: its count, then its elements as they lie in memory. Only for elements without references or padding.
  package mutating func append<Element: BitwiseCopyable>(_ column: [Element]) {
    append(column.count)
    unsafe column.withUnsafeBytes { unsafe bytes.append(contentsOf: $0) }
  }
}

/// Reads what `ByteEncoder` wrote, in the same order. The bytes are ours, of this run: a mismatch is our own mistake.
package struct ByteDecoder {
  private let bytes: [UInt8]
  private var position = 0
  /// Lists of columns that were read.
  var columnLists: [[(header: String, field: String?)]] = []

  /// - Parameter start: of the first number, text or column.
  package init(_ bytes: [UInt8], from start: Int = 0) {
    self.bytes = bytes
    position = start
  }

  package var isAtEnd: Bool { position >= bytes.count }

  package mutating func number() -> Int {
    precondition(position &+ 8 <= bytes.count, "a number of a chunk reaches past its end")
    defer { position &+= 8 }
    // SAFETY: the precondition; every pattern of bits is an Int64.
    return unsafe bytes.withUnsafeBytes {
      unsafe Int(Int64(littleEndian: $0.loadUnaligned(fromByteOffset: position, as: Int64.self)))
    }
  }

  package mutating func hash() -> Hash128 {
    let high = UInt64(bitPattern: Int64(number()))
    return Hash128(high: high, low: UInt64(bitPattern: Int64(number())))
  }

  package mutating func text() -> String {
    let count = number()
    if count == 0 { return "" }
    let range = skip(count)
    // SAFETY: `skip` keeps the range in bounds.
    return unsafe bytes.withUnsafeBytes {
      unsafe String(decoding: UnsafeRawBufferPointer(rebasing: $0[range]), as: UTF8.self)
    }
  }

  /// Passes over a text or a column of bytes.
  mutating func skipText() { _ = skip(number()) }
  mutating func skipNumbers(_ count: Int) { _ = skip(8 * count) }

  @discardableResult
  package mutating func skip(_ count: Int) -> Range<Int> {
    precondition(count >= 0 && position + count <= bytes.count, "a column of a chunk reaches past its end")
    defer { position += count }
    return position..<position + count
  }

  package mutating func column<Element: BitwiseCopyable>(of type: Element.Type) -> [Element] {
    let count = number()
    let byteCount = count * MemoryLayout<Element>.stride
    precondition(count >= 0 && position + byteCount <= bytes.count, "a column of a chunk reaches past its end")
    defer { position += byteCount }
    return unsafe [Element](unsafeUninitializedCapacity: count) { target, initialized in
      // SAFETY: the precondition keeps the source in bounds; the target has room for `count` elements.
      unsafe bytes.withUnsafeBytes { source in
        unsafe UnsafeMutableRawBufferPointer(target).copyMemory(
          from: UnsafeRawBufferPointer(rebasing: source[position..<position + byteCount]))
      }
      initialized = count
    }
  }
}
