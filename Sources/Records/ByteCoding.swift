package import Bytes

/// Appends numbers, texts and columns: chunks and rejected records on their way to disk. Most numbers are small and take a
/// byte: seven bits in each, the lowest first, and the eighth says that more follow; 0, -1, 1, -2 … count from 0. What stands
/// in columns and hashes is little-endian.
package struct ByteEncoder: Sendable {
  package private(set) var bytes: [UInt8]
  /// - Parameter bytes: behind which the others go.
  package init(_ bytes: [UInt8] = []) { self.bytes = bytes }

  package mutating func reserve(_ count: Int) { bytes.reserveCapacity(count) }
  package consuming func takeBytes() -> [UInt8] { bytes }
  /// Lists of columns that were appended, by where they lie in memory; held, so that nothing else can lie there.
  var columnLists: [[(header: String, field: String?)]] = []
  var placesOfLists: [UInt: Int] = [:]
  /// Where the list lies that was appended last, and its number.
  var lastList: (place: UInt, number: Int) = (0, 0)

  /// Texts of the last report, by their number in it, and which comes next: of files that were read alike most are the same.
  var recurring: [String] = []
  var nextRecurring = 0
  /// Path of the file of the last report.
  var path = ""

  package mutating func append(_ number: Int) {
    var rest = UInt64(bitPattern: Int64(number) &<< 1 ^ Int64(number) &>> 63)
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest &>>= 7
    }
    bytes.append(UInt8(truncatingIfNeeded: rest))
  }

  /// A number in eight bytes, for a place that is found from the end.
  package mutating func append(fixed number: UInt64) {
    unsafe withUnsafeBytes(of: number.littleEndian) { unsafe bytes.append(contentsOf: $0) }
  }

  package mutating func append(_ hash: Hash128) {
    unsafe withUnsafeBytes(of: (hash.high.littleEndian, hash.low.littleEndian)) { unsafe bytes.append(contentsOf: $0) }
  }

  /// A text that the last report may have had in the same place.
  mutating func append(recurring text: String) {
    if nextRecurring == recurring.count { recurring.append("") }
    if text == recurring[nextRecurring] {
      append(Self.same)
    } else {
      append(text)
      recurring[nextRecurring] = text
    }
    nextRecurring += 1
  }

  /// A path that is most likely that of the report.
  mutating func append(file: String) { if file == path { append(Self.same) } else { append(file) } }

  /// In place of the count of a text that is the one that stood there before.
  static var same: Int { -1 }

  package mutating func append(_ text: String) {
    append(text.utf8.count)
    // SAFETY: the bytes are copied within the closure.
    unsafe text.utf8.span.withUnsafeBufferPointer { unsafe bytes.append(contentsOf: $0) }
  }

  /// What `body` appends, behind the number of its bytes.
  package mutating func appendSized(_ body: (inout ByteEncoder) -> Void) {
    let start = bytes.count
    append(fixed: 0)
    body(&self)
    let size = Int64(bytes.count - start - 8).littleEndian
    unsafe withUnsafeBytes(of: size) { bytes.replaceSubrange(start..<start + 8, with: unsafe Array($0)) }
  }

  /// A column: its count, then its elements as they lie in memory. Only for elements without references or padding.
  package mutating func append<Element: BitwiseCopyable>(_ column: [Element]) {
    append(column.count)
    append(elements: column)
  }

  /// The same without its count.
  package mutating func append<Element: BitwiseCopyable>(elements column: [Element]) {
    // As are most columns of a small file.
    if column.isEmpty { return }
    unsafe column.withUnsafeBytes { unsafe bytes.append(contentsOf: $0) }
  }
}

/// Reads what `ByteEncoder` wrote, in the same order. The bytes are ours, of this run: a mismatch is our own mistake.
package struct ByteDecoder {
  private let bytes: [UInt8]
  private var position = 0
  /// As the encoder's.
  var recurring: [String] = []
  var nextRecurring = 0
  var path = ""
  /// Lists of columns that were read.
  var columnLists: [[(header: String, field: String?)]] = []

  /// - Parameter start: of the first number, text or column.
  package init(_ bytes: [UInt8], from start: Int = 0) {
    self.bytes = bytes
    position = start
  }

  package var isAtEnd: Bool { position >= bytes.count }

  package mutating func number() -> Int {
    var number: UInt64 = 0
    var shift: UInt64 = 0
    while true {
      precondition(position < bytes.count, "a number of a chunk reaches past its end")
      let byte = bytes[position]
      position &+= 1
      number |= UInt64(byte & 0x7F) &<< shift
      if byte < 0x80 { break }
      shift &+= 7
    }
    return Int(Int64(bitPattern: number &>> 1) ^ -Int64(bitPattern: number & 1))
  }

  package mutating func fixed() -> UInt64 {
    precondition(position &+ 8 <= bytes.count, "a number of a chunk reaches past its end")
    defer { position &+= 8 }
    // SAFETY: the precondition; every pattern of bits is a UInt64.
    return unsafe bytes.withUnsafeBytes {
      unsafe UInt64(littleEndian: $0.loadUnaligned(fromByteOffset: position, as: UInt64.self))
    }
  }

  package mutating func hash() -> Hash128 { Hash128(high: fixed(), low: fixed()) }

  package mutating func text() -> String { text(number()) }

  mutating func recurringText() -> String {
    if nextRecurring == recurring.count { recurring.append("") }
    let count = number()
    if count != ByteEncoder.same { recurring[nextRecurring] = text(count) }
    defer { nextRecurring += 1 }
    return recurring[nextRecurring]
  }

  mutating func file() -> String {
    let count = number()
    return count == ByteEncoder.same ? path : text(count)
  }

  private mutating func text(_ count: Int) -> String {
    if count == 0 { return "" }
    let range = skip(count)
    // SAFETY: `skip` keeps the range in bounds.
    return unsafe bytes.withUnsafeBytes {
      unsafe String(decoding: UnsafeRawBufferPointer(rebasing: $0[range]), as: UTF8.self)
    }
  }

  /// Passes over a text or a column of bytes.
  mutating func skipText() { _ = skip(number()) }
  mutating func skipNumbers(_ count: Int) { for _ in 0..<count { _ = number() } }

  @discardableResult
  package mutating func skip(_ count: Int) -> Range<Int> {
    precondition(count >= 0 && position + count <= bytes.count, "a column of a chunk reaches past its end")
    defer { position += count }
    return position..<position + count
  }

  /// A list that `append(count)` begins.
  mutating func list<Element>(_ element: (inout ByteDecoder) -> Element) -> [Element] {
    let count = number()
    return count == 0 ? [] : (0..<count).map { _ in element(&self) }
  }

  package mutating func column<Element: BitwiseCopyable>(of type: Element.Type) -> [Element] {
    elements(number(), of: type)
  }

  package mutating func elements<Element: BitwiseCopyable>(_ count: Int, of type: Element.Type) -> [Element] {
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
