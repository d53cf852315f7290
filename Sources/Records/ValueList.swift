package import Campaign

/// Canonical values of one record, in the order of the source's fields, as Check leaves them for the `records` table.
package enum ValueList {
  package enum Value: Sendable, Hashable {
    case blank
    /// Blank for a reason that is written: the place in the field's `blankKinds`.
    case declaredBlank(Int)
    case text(Range<Int>)
    case integer(Int64)
    case number(Double)
    case day(Day)
    case boolean(Bool)
  }

  package static func appendBlank(to bytes: inout [UInt8]) { bytes.append(0) }

  /// - Parameter form: a `BlankForm`.
  package static func appendBlank(to bytes: inout [UInt8], form: Int) {
    guard form >= BlankForm.declared else { return bytes.append(0) }
    bytes.append(7)
    bytes.append(UInt8(truncatingIfNeeded: form - BlankForm.declared))
  }

  package static func append(text: Span<UInt8>, to bytes: inout [UInt8]) {
    bytes.append(1)
    append(word: UInt64(text.count), to: &bytes)
    for index in text.indices { bytes.append(text[index]) }
  }

  package static func append(text: ArraySlice<UInt8>, to bytes: inout [UInt8]) {
    bytes.append(1)
    append(word: UInt64(text.count), to: &bytes)
    bytes.append(contentsOf: text)
  }

  package static func append(integer: Int64, to bytes: inout [UInt8]) {
    bytes.append(2)
    append(word: UInt64(bitPattern: integer), to: &bytes)
  }

  package static func append(number: Double, to bytes: inout [UInt8]) {
    bytes.append(3)
    append(word: number.bitPattern, to: &bytes)
  }

  package static func append(day: Day, to bytes: inout [UInt8]) {
    bytes.append(4)
    append(word: UInt64(bitPattern: Int64(day.number)), to: &bytes)
  }

  package static func append(boolean: Bool, to bytes: inout [UInt8]) { bytes.append(boolean ? 6 : 5) }

  private static func append(word: UInt64, to bytes: inout [UInt8]) {
    for shift in stride(from: UInt64(0), to: 64, by: 8) { bytes.append(UInt8(truncatingIfNeeded: word >> shift)) }
  }

  /// Goes through the values of a record; ranges are places in `bytes`.
  package static func forEach(in bytes: ArraySlice<UInt8>, _ body: (Value) throws -> Void) rethrows {
    var position = bytes.startIndex
    func word() -> UInt64 {
      precondition(bytes.endIndex - position >= 8, "a value list ends within a number")
      defer { position += 8 }
      // SAFETY: the precondition.
      return unsafe bytes.withUnsafeBytes {
        unsafe UInt64(littleEndian: $0.loadUnaligned(fromByteOffset: position - bytes.startIndex, as: UInt64.self))
      }
    }
    while position < bytes.endIndex {
      let tag = bytes[position]
      position += 1
      switch tag {
      case 1:
        let count = Int(word())
        try body(.text(position..<position + count))
        position += count
      case 2: try body(.integer(Int64(bitPattern: word())))
      case 3: try body(.number(Double(bitPattern: word())))
      case 4: try body(.day(Day(number: Int32(truncatingIfNeeded: word()))))
      case 5, 6: try body(.boolean(tag == 6))
      case 7:
        position += 1
        try body(.declaredBlank(Int(bytes[position - 1])))
      default: try body(.blank)
      }
    }
  }
}
