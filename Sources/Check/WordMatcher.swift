import Bytes
import Campaign
import Diagnostics
import Values

/// Finds units, teams and regions by code, name or alias. Names match as written, and then without white space and with
/// full-width letters and brackets taken as half-width; nothing is guessed beyond that.
struct WordMatcher: Sendable {
  private var codes = ByteTable()
  private var names = ByteTable()
  /// Names that several have: they name none of them.
  private var sharedNames = ByteTable()
  private static let folding = Normalization([.width, .noSpace])

  init() {}

  mutating func insert(code: String, name: LocalizedText, aliases: [String], place: Int) {
    if !code.isEmpty { codes.insert(code, Int32(place)) }
    for word in [name.zh, name.en] + aliases where !word.isEmpty {
      insert(Array(word.utf8).span, place)
      var scratch = ScratchBuffer()
      if Self.folding.apply(Array(word.utf8).span, to: &scratch) { insert(scratch.bytes.span, place) }
    }
  }

  private mutating func insert(_ name: Span<UInt8>, _ place: Int) {
    if let known = names.insert(name, Int32(place)), known != place { sharedNames.insert(name, 0) }
  }

  /// Whether several have this name.
  func isShared(_ name: Span<UInt8>, _ scratch: inout ScratchBuffer) -> Bool {
    guard sharedNames.count > 0 else { return false }
    if sharedNames.find(name) != nil { return true }
    return Self.folding.apply(name, to: &scratch) && sharedNames.find(scratch.bytes.span) != nil
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
