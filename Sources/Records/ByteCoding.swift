/// Appends numbers, texts and columns in a fixed little-endian layout: chunks and rejected records on their way to disk.
package struct ByteEncoder: Sendable {
  package private(set) var bytes: [UInt8] = []
  /// Lists of columns that were appended, by where they lie in memory; held, so that nothing else can lie there.
  var columnLists: [[(header: String, field: String?)]] = []
  var placesOfLists: [UInt: Int] = [:]
  package init() {}

  package mutating func append(_ number: Int) {
    unsafe withUnsafeBytes(of: Int64(number).littleEndian) { unsafe bytes.append(contentsOf: $0) }
  }

  package mutating func append(_ text: String) {
    append(text.utf8.count)
    bytes.append(contentsOf: text.utf8)
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

  package init(_ bytes: [UInt8]) { self.bytes = bytes }

  package var isAtEnd: Bool { position >= bytes.count }

  package mutating func number() -> Int {
    var number: Int64 = 0
    unsafe withUnsafeMutableBytes(of: &number) { target in
      for index in 0..<8 { unsafe target[index] = bytes[position + index] }
    }
    position += 8
    return Int(Int64(littleEndian: number))
  }

  package mutating func text() -> String { String(decoding: column(of: UInt8.self), as: UTF8.self) }

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
