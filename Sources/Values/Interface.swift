package import Campaign
package import Diagnostics

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
