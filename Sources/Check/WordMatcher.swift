import Bytes
import Campaign
import Diagnostics
import Values

/// Finds units, teams and regions by code, name or alias. Names match as written, and then without white space and with
/// full-width letters and brackets taken as half-width; nothing is guessed beyond that.
struct WordMatcher: Sendable {
  private var codes = ByteTable()
  private var names = ByteTable()
  private static let folding = Normalization([.width, .noSpace])

  init() {}

  mutating func insert(code: String, name: LocalizedText, aliases: [String], place: Int) {
    if !code.isEmpty { codes.insert(code, Int32(place)) }
    for word in [name.zh, name.en] + aliases where !word.isEmpty {
      names.insert(word, Int32(place))
      var scratch = ScratchBuffer()
      if Self.folding.apply(Array(word.utf8).span, to: &scratch) { names.insert(scratch.bytes.span, Int32(place)) }
    }
  }

  @inline(__always)
  func place(ofCode text: Span<UInt8>, _ scratch: inout ScratchBuffer) -> Int? { find(text, in: codes, &scratch) }

  @inline(__always)
  func place(ofName text: Span<UInt8>, _ scratch: inout ScratchBuffer) -> Int? { find(text, in: names, &scratch) }

  /// By code, else by name or alias.
  @inline(__always)
  func place(of text: Span<UInt8>, _ scratch: inout ScratchBuffer) -> Int? {
    place(ofCode: text, &scratch) ?? place(ofName: text, &scratch)
  }

  @inline(__always)
  private func find(_ text: Span<UInt8>, in table: ByteTable, _ scratch: inout ScratchBuffer) -> Int? {
    if let place = table.find(text) { return Int(place) }
    guard Self.folding.apply(text, to: &scratch) else { return nil }
    return table.find(scratch.bytes.span).map(Int.init)
  }
}
