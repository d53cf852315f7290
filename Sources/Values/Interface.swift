package import Campaign
package import Diagnostics

package func trimmed(_ cell: Span<UInt8>) -> Range<Int> { 0..<cell.count }
package func isWrittenBlank(_ cell: Span<UInt8>) -> Bool { cell.isEmpty }

package struct ScratchBuffer: ~Copyable {
  package private(set) var bytes: [UInt8] = []
  package init() {}
}
package struct Normalization: Sendable {
  package init(_ normalizers: [Normalizer]) {}
  package func apply(_ cell: Span<UInt8>, to scratch: inout ScratchBuffer) -> Bool { false }
}
package struct NumberReader: Sendable {
  package init(_ field: Field) throws(FormatError) {}
  package func readInteger(_ cell: Span<UInt8>) throws(ValueError) -> Int64 { throw .notAnInteger }
  package func readNumber(_ cell: Span<UInt8>) throws(ValueError) -> Double { throw .notANumber }
}
package struct DateReader: Sendable {
  package init(format: String, normalizers: [Normalizer], window: ClosedRange<Day>?) throws(FormatError) {}
  package func read(_ cell: Span<UInt8>) throws(ValueError) -> Day { throw .notADate }
}
package struct Timestamp: Hashable, Sendable {
  package var seconds: Int64
  package var nanoseconds: Int32
  package var offsetMinutes: Int16
  package var hasZone: Bool
}
package struct TimestampReader: Sendable {
  package init(format: String, normalizers: [Normalizer], window: ClosedRange<Day>?) throws(FormatError) {}
  package func read(_ cell: Span<UInt8>) throws(ValueError) -> Timestamp { throw .notADatetime }
}
package struct TimeOfDay: Hashable, Sendable {
  package var seconds: Int32
  package var nanoseconds: Int32
}
package struct TimeReader: Sendable {
  package init(format: String) throws(FormatError) {}
  package func read(_ cell: Span<UInt8>) throws(ValueError) -> TimeOfDay { throw .notATime }
}
package struct YearReader: Sendable {
  package init(format: String, normalizers: [Normalizer]) throws(FormatError) {}
  package func read(_ cell: Span<UInt8>) throws(ValueError) -> Int { throw .notAYear }
}
package struct BooleanReader: Sendable {
  package init(_ field: Field) {}
  package func read(_ cell: Span<UInt8>) throws(ValueError) -> Bool { throw .notABoolean }
}
extension [UInt8] {
  package mutating func append(integer value: Int64) {}
  package mutating func append(number value: Double) {}
  package mutating func append(day: Day) {}
  package mutating func append(timestamp: Timestamp) {}
  package mutating func append(time: TimeOfDay) {}
  package mutating func append(boolean: Bool) {}
}
package struct FindingSplitter: Sendable {
  package init(_ split: FindingSplit) {}
  package func forEachItem(in cell: Span<UInt8>, _ body: (Range<Int>) -> Void) {}
}
package struct PatternError: Error, Hashable, Sendable {
  /// Byte of the pattern's UTF-8 text at which the fault stands, from 0.
  package var position: Int
  package var message: LocalizedText
}
package struct Pattern: Sendable {
  package init(_ text: String) throws(PatternError) {}
}
package struct PatternMatcher: ~Copyable {
  package init(_ pattern: Pattern) {}
  package mutating func matchesWhole(_ text: Span<UInt8>) -> Bool { false }
  package mutating func containsMatch(_ text: Span<UInt8>) -> Bool { false }
  package mutating func firstGroup(in text: Span<UInt8>) -> Range<Int>? { nil }
}
