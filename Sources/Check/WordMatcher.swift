import Bytes
import Campaign
import Diagnostics
import Values

extension LocalizedText {
  /// Whether it is one text, byte for byte, in both languages, as most names are. (`==` takes é and e with an accent for one.)
  var isOneText: Bool {
    let (left, right) = (zh.utf8.span, en.utf8.span)
    guard left.count == right.count else { return false }
    for index in left.indices where left[index] != right[index] { return false }
    return true
  }
}

/// Finds units, teams and regions by code, name or alias. Names match as written, and then without white space and with
/// full-width letters and brackets taken as half-width; nothing is guessed beyond that.
///
/// A class for the same reason as `FieldProgram`: it is looked at for every record.
final class WordMatcher: Sendable {
  private let codes: ByteTable
  private let names: ByteTable
  /// Names that several have: they name none of them.
  private let sharedNames: ByteTable
  /// Whether two of them may be called by one word: `false` is certain.
  let mayClash: Bool
  private static let folding = Normalization([.width, .noSpace])

  /// What one of them is called.
  struct Words {
    var code: String
    var name: LocalizedText
    var aliases: [String]
  }

  /// - Parameter list: in the order of their places.
  init(_ list: [Words]) {
    var codes = ByteTable()
    var names = ByteTable()
    var shared = ByteTable()
    var scratch = ScratchBuffer()
    func insert(_ name: Span<UInt8>, _ place: Int) {
      if let known = names.insert(name, Int32(place)), known != place { shared.insert(name, 0) }
    }
    func insert(word: String, _ place: Int) {
      if word.isEmpty { return }
      insert(word.utf8.span, place)
      if Self.folding.apply(word.utf8.span, to: &scratch) { insert(scratch.bytes.span, place) }
    }
    var (codeBytes, nameCount, nameBytes) = (0, 0, 0)
    for place in list.indices {
      codeBytes += list[place].code.utf8.count
      nameCount += 1 + list[place].aliases.count
      nameBytes += list[place].name.zh.utf8.count
      for alias in list[place].aliases { nameBytes += alias.utf8.count }
    }
    codes.reserve(list.count, bytes: codeBytes)
    names.reserve(nameCount, bytes: nameBytes)
    var hasSharedCodes = false
    for place in list.indices {
      if !list[place].code.isEmpty, codes.insert(list[place].code, Int32(place)) != nil { hasSharedCodes = true }
      insert(word: list[place].name.zh, place)
      if !list[place].name.isOneText { insert(word: list[place].name.en, place) }
      for alias in list[place].aliases { insert(word: alias, place) }
    }
    self.codes = codes
    self.names = names
    sharedNames = shared
    mayClash =
      hasSharedCodes || shared.count > 0
      || list.indices.contains { place in names.find(list[place].code).map { $0 != place } ?? false }
  }

  /// Asks for the tables, which another processor may have made.
  func approach() {
    codes.approach()
    names.approach()
  }

  /// Whether there are names that several have.
  var hasSharedNames: Bool { sharedNames.count > 0 }

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

  /// By a name or alias as it is written; the first of those that have it.
  func place(ofWrittenName name: Span<UInt8>) -> Int32? { names.find(name) }

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
