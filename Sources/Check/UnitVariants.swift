import Bytes
import Campaign
import Diagnostics
import Values

/// Finds units by what is nearly their name, where it is certain whose it is: a name that they had, the name or the short
/// name of `名称（简称）`, a name with the regions above it written in front or left out, and what somebody has decided.
/// Asked only for texts that are neither code, name nor alias; what it does not find is never guessed.
final class UnitVariants: Sendable {
  enum Match {
    case unit(Int)
    case decision(Int)
  }

  /// Made when the first text is not found at all.
  private let spellings: Deferred<UnitSpellings>
  /// Names as the roster writes them.
  private let listed: WordMatcher
  /// Texts by which units are found and that are not `listed`.
  private let names: ByteTable
  /// Texts of both that could be of several units: they are of none.
  private let shared: ByteTable
  /// Names that several units have, and names without the regions before them, with the place of the region: what `names`
  /// does not say.
  private let inRegion: ByteTable
  private let sharedInRegion: ByteTable
  /// Of each unit, -1 for none.
  private let regionOfUnit: [Int32]
  /// Regions as they are written in front of names: 勐海县, 西双版纳州勐海县, 云南省西双版纳州勐海县.
  private let prefixes: RegionPrefixes
  private let decisions: ByteTable
  private static let folding = Normalization([.nfkc, .width, .noSpace])

  /// - Parameter listed: its units.
  init(_ roster: Roster, _ listed: WordMatcher) {
    self.listed = listed
    spellings = Deferred { UnitSpellings(roster.units) }
    regionOfUnit = roster.units.map { Int32($0.region ?? -1) }
    var builder = Builder(roster.regions.count, regionOfUnit, listed)
    for region in roster.regions.indices {
      for form in Self.writtenForms(of: region, in: roster) { builder.regions.add(form, region) }
    }
    for place in roster.units.indices {
      func add(_ word: String, isListed: Bool = true) {
        Self.withFolded(word.utf8.span) { name, isAsWritten in
          if name.isEmpty { return }
          builder.add(name, place, isListed: isListed && isAsWritten)
          for form in Self.bracketForms(of: name) { builder.add(form.span, place, isListed: false) }
        }
      }
      add(roster.units[place].name.zh)
      if !roster.units[place].name.isOneText { add(roster.units[place].name.en) }
      for word in roster.units[place].aliases { add(word) }
      for word in roster.units[place].formerNames { add(word, isListed: false) }
    }
    names = builder.names
    shared = builder.shared
    inRegion = builder.inRegion
    sharedInRegion = builder.sharedInRegion
    prefixes = builder.regions
    var decisions = ByteTable()
    for (place, decision) in roster.decisions.enumerated() {
      decisions.insert(Self.folded(Array(decision.text.utf8)).span, Int32(place))
    }
    self.decisions = decisions
  }

  private struct Builder {
    var names = ByteTable()
    var shared = ByteTable()
    var inRegion = ByteTable()
    var sharedInRegion = ByteTable()
    var regions = RegionPrefixes()
    /// What stands behind a name in `inRegion`, by region.
    private let marks: [[UInt8]]
    private let regionOfUnit: [Int32]
    private let listed: WordMatcher
    private var key: [UInt8] = []

    init(_ regions: Int, _ regionOfUnit: [Int32], _ listed: WordMatcher) {
      marks = (0..<regions).map { UnitVariants.regionKey([], $0) }
      self.regionOfUnit = regionOfUnit
      self.listed = listed
    }

    /// - Parameter isListed: whether it is a name as the roster writes it.
    mutating func add(_ form: Span<UInt8>, _ place: Int, isListed: Bool) {
      if !isListed || listed.hasSharedNames {
        let known = listed.place(ofWrittenName: form) ?? names.insert(form, Int32(place))
        if let known, known != place {
          shared.insert(form, 0)
          addInRegion(form, Int(known))
          addInRegion(form, place)
        }
      }
      for (prefix, above) in regions.all(of: form) where above == regionOfUnit[place] {
        addInRegion(form.extracting(droppingFirst: prefix), place)
      }
    }

    private mutating func addInRegion(_ core: Span<UInt8>, _ place: Int) {
      guard regionOfUnit[place] >= 0 else { return }
      var key: [UInt8] = []
      swap(&key, &self.key)
      defer { swap(&key, &self.key) }
      key.removeAll(keepingCapacity: true)
      // SAFETY: the bytes are copied within the closure.
      unsafe core.withUnsafeBufferPointer { unsafe key.append(contentsOf: $0) }
      key += marks[Int(regionOfUnit[place])]
      if let known = inRegion.insert(key.span, Int32(place)), known != place { sharedInRegion.insert(key.span, 0) }
    }
  }

  fileprivate static func regionKey(_ core: [UInt8], _ region: Int) -> [UInt8] {
    core + [0] + Array(String(region).utf8)
  }

  /// - Parameter region: place of the region that the record names.
  func find(_ text: [UInt8], region: Int?) -> Match? {
    let name = Self.folded(text)
    if let unit = unit(name, region: region) { return .unit(unit) }
    // 名称（简称）: certain when both are of the same unit.
    let forms = Self.bracketForms(of: name.span)
    if forms.count == 2, let whole = unit(forms[0], region: region), whole == unit(forms[1], region: region) {
      return .unit(whole)
    }
    return decisions.find(name.span).map { .decision(Int($0)) }
  }

  private func unit(_ name: [UInt8], region: Int?) -> Int? {
    if let place = unit(name.span) { return place }
    if let region, let place = unit(name, of: region) { return place }
    // The regions are written in front, more or fewer of them than the roster has.
    var found: Set<Int> = []
    for (end, region) in prefixes.all(of: name.span) {
      if let place = unit(Array(name[end...]), of: region) { found.insert(place) }
    }
    return found.count == 1 ? found.first : nil
  }

  /// The only one of the name.
  private func unit(_ name: Span<UInt8>) -> Int? {
    shared.find(name) == nil ? (names.find(name) ?? listed.place(ofWrittenName: name)).map(Int.init) : nil
  }

  private func unit(_ core: [UInt8], of region: Int) -> Int? {
    let key = Self.regionKey(core, region)
    guard sharedInRegion.find(key.span) == nil else { return nil }
    let known = inRegion.find(key.span).map(Int.init)
    guard let named = unit(core.span), regionOfUnit[named] == region else { return known }
    return known == nil || known == named ? named : nil
  }

  /// How a region is written, alone and with the regions above it.
  private static func writtenForms(of region: Int, in roster: Roster) -> [[UInt8]] {
    var forms: [[UInt8]] = []
    var tails: [[UInt8]] = []
    var above: Int? = region
    for depth in 0..<8 {
      guard let place = above else { break }
      let region = roster.regions[place]
      let words = Set([region.name.zh, region.name.en] + region.aliases).filter { !$0.isEmpty }.sorted()
      let names = words.map { folded(Array($0.utf8)) }
      tails = depth == 0 ? names : names.flatMap { name in tails.prefix(8).map { name + $0 } }
      forms += tails.prefix(24)
      above = region.parent
    }
    return forms
  }

  func prepare() { _ = spellings.value }

  /// At most three names of the roster that are nearest to `text`.
  func nearest(_ text: [UInt8]) -> [String] { spellings.value.nearest(text) }

  /// Lends a text as `folded` gives it, and says whether it is so already, as most are.
  static func withFolded(_ text: Span<UInt8>, _ body: (Span<UInt8>, _ isAsWritten: Bool) -> Void) {
    if isFolded(text) {
      body(text, true)
    } else {
      // SAFETY: the bytes are copied within the closure.
      body(folded(unsafe text.withUnsafeBufferPointer { unsafe Array($0) }).span, false)
    }
  }

  /// Full-width ASCII as ASCII, no white space, all brackets round.
  static func folded(_ text: [UInt8]) -> [UInt8] {
    if isFolded(text.span) { return text }
    var scratch = ScratchBuffer()
    let narrow = folding.apply(text.span, to: &scratch) ? scratch.bytes : text
    guard narrow.contains(where: { $0 == UInt8(ascii: "[") || $0 == UInt8(ascii: "]") || $0 == 0xE3 }) else {
      return narrow
    }
    var result: [UInt8] = []
    var index = 0
    while index < narrow.count {
      let byte = narrow[index]
      if byte == 0xE3, index + 2 < narrow.count, narrow[index + 1] == 0x80 {
        // 【】〔〕〖〗
        switch narrow[index + 2] {
        case 0x90, 0x94, 0x96:
          result.append(UInt8(ascii: "("))
          index += 3
          continue
        case 0x91, 0x95, 0x97:
          result.append(UInt8(ascii: ")"))
          index += 3
          continue
        default: break
        }
      }
      result.append(
        byte == UInt8(ascii: "[") ? UInt8(ascii: "(") : byte == UInt8(ascii: "]") ? UInt8(ascii: ")") : byte)
      index += 1
    }
    return result
  }

  /// Whether it is visible ASCII and Chinese characters (U+4000 to U+9FFF) only, without brackets of other kinds: these stay as
  /// they are. `false` says nothing.
  private static func isFolded(_ text: Span<UInt8>) -> Bool {
    for index in text.indices {
      let byte = text[index]
      let isASCII = byte &- 0x21 < 0x5E && byte != UInt8(ascii: "[") && byte != UInt8(ascii: "]")
      guard isASCII || byte &- 0x80 < 0x40 || byte &- 0xE4 < 6 else { return false }
    }
    return true
  }

  /// The two parts of `X(Y)`; none for another text.
  private static func bracketForms(of text: Span<UInt8>) -> [[UInt8]] {
    guard !text.isEmpty, text[text.count - 1] == UInt8(ascii: ")") else { return [] }
    // SAFETY: as above.
    let name = unsafe text.withUnsafeBufferPointer { unsafe Array($0) }
    guard let open = name.lastIndex(of: UInt8(ascii: "(")), open > 0, open + 2 < name.count else { return [] }
    return [Array(name[..<open]), Array(name[(open + 1)..<(name.count - 1)])]
  }
}

/// Regions as they are written in front of names.
private struct RegionPrefixes: Sendable {
  private var regions = ByteTable()
  /// Texts that mean several: they mean none.
  private var shared = ByteTable()
  /// Bytes with which one begins, and lengths that one has: most names are passed over at a glance.
  private var firstBytes = [Bool](repeating: false, count: 256)
  private var lengths = [Bool](repeating: false, count: longest + 1)
  private static let longest = 199

  mutating func add(_ form: [UInt8], _ region: Int) {
    guard let first = form.first, form.count <= Self.longest else { return }
    firstBytes[Int(first)] = true
    lengths[form.count] = true
    if let known = regions.insert(form.span, Int32(region)), known != region { shared.insert(form.span, 0) }
  }

  /// Where a region that begins the name ends, for each way of reading it.
  func all(of name: Span<UInt8>) -> [(end: Int, region: Int)] {
    guard !name.isEmpty, firstBytes[Int(name[0])] else { return [] }
    var found: [(end: Int, region: Int)] = []
    for end in 1..<max(1, min(name.count, Self.longest + 1)) where lengths[end] && name[end] & 0xC0 != 0x80 {
      let prefix = name.extracting(0..<end)
      if let region = regions.find(prefix), shared.find(prefix) == nil { found.append((end, Int(region))) }
    }
    return found
  }
}
