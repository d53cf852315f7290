/// Values of accepted records that rules of later stages look at: a row a record, a fixed number of columns. 13 bytes a
/// value, and the text of those that are texts.
@usableFromInline package struct StoredValues: Sendable {
  package enum State: UInt8, Sendable { case blank, known, invalid, text }
  package struct Value: Sendable {
    package var state: State
    /// As the type of the column has it; of a text where it begins.
    package var bits: Int64
    /// Of a text its bytes; of an instant the minutes of its zone.
    package var extra: Int32
    package init(_ state: State, bits: Int64 = 0, extra: Int32 = 0) {
      self.state = state
      self.bits = bits
      self.extra = extra
    }
  }
  package internal(set) var width = 0
  var states: [UInt8] = []
  var bits: [Int64] = []
  var extras: [Int32] = []
  var text: [UInt8] = []

  package init(width: Int = 0) { self.width = width }

  package mutating func append(_ value: Value) {
    states.append(value.state.rawValue)
    bits.append(value.bits)
    extras.append(value.extra)
  }

  package mutating func append(text value: ArraySlice<UInt8>) {
    append(Value(.text, bits: Int64(text.count), extra: Int32(truncatingIfNeeded: value.count)))
    text.append(contentsOf: value)
  }

  package func value(_ record: Int, _ column: Int) -> Value {
    let place = record * width + column
    return Value(State(rawValue: states[place]) ?? .blank, bits: bits[place], extra: extras[place])
  }

  package func text(of value: Value) -> ArraySlice<UInt8> {
    text[Int(value.bits)..<Int(value.bits) + Int(value.extra)]
  }

  var footprint: Int { states.count * 13 + text.count }

  func encode(into encoder: inout ByteEncoder) {
    encoder.append(width)
    encoder.append(states)
    encoder.append(bits)
    encoder.append(extras)
    encoder.append(text)
  }

  init(from decoder: inout ByteDecoder) {
    width = decoder.number()
    states = decoder.column(of: UInt8.self)
    bits = decoder.column(of: Int64.self)
    extras = decoder.column(of: Int32.self)
    text = decoder.column(of: UInt8.self)
  }
}
