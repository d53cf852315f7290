package import Campaign

/// Reads identifiers that have a form of their own and, most of them, a check digit: telephone numbers, resident identity
/// numbers (GB 11643-1999), unified social credit codes (GB 32100-2015). Each has one canonical text.
package struct IdentifierReader: Sendable {
  private let kind: IdentifierKind
  private let country: TelephoneCountry?

  package init(_ kind: IdentifierKind, country: String?) throws(FormatError) {
    self.kind = kind
    self.country = try country.map { name throws(FormatError) in
      guard let known = TelephoneCountry(name) else {
        throw FormatError(
          zh: "x-country 应为其中之一：\(TelephoneCountry.names)", en: "an x-country that is one of \(TelephoneCountry.names)")
      }
      return known
    }
  }

  /// The canonical text.
  ///
  /// - Throws: `notATelephone`, `notAResidentID`, `wrongCheckDigit`, `noSuchDay`, `notACreditCode`.
  package func read(_ cell: Span<UInt8>) throws(ValueError) -> [UInt8] {
    var scratch = ScratchBuffer()
    let isFolded = cell.count <= 64 && Self.folding.apply(cell, to: &scratch)
    // A cell that is far too long is refused by what is left of it.
    let text = isFolded ? scratch.bytes : cell.indices.prefix(64).map { cell[$0] }
    switch kind {
    case .phone: return try telephone(text)
    case .residentID: return try residentID(text, takesOldNumbers: false)
    case .residentIDOfAnyAge: return try residentID(text, takesOldNumbers: true)
    case .creditCode: return try creditCode(text)
    }
  }

  private static let folding = Normalization([.width, .noSpace, .upper])
}

// MARK: - Numbers with a check digit
extension IdentifierReader {
  /// Codes of provinces, GB/T 2260; 81 to 83 are residence permits of Hong Kong, Macao and Taiwan.
  private static let provinces: Set<Int> = [
    11, 12, 13, 14, 15, 21, 22, 23, 31, 32, 33, 34, 35, 36, 37, 41, 42, 43, 44, 45, 46, 50, 51, 52, 53, 54, 61, 62, 63,
    64,
    65, 71, 81, 82, 83, 91,
  ]

  private func residentID(_ text: [UInt8], takesOldNumbers: Bool) throws(ValueError) -> [UInt8] {
    var text = text
    let isOld = text.count == 15
    guard text.count == 18 || isOld && takesOldNumbers, text.dropLast().allSatisfy(isDigit),
      text.last.map({ isDigit($0) || $0 == UInt8(ascii: "X") && !isOld }) == true
    else { throw .notAResidentID }
    // Until 1999 the year had two digits, and there was no check digit.
    if isOld { text.insert(contentsOf: [UInt8(ascii: "1"), UInt8(ascii: "9")], at: 6) }
    func number(_ range: Range<Int>) -> Int { text[range].reduce(0) { $0 * 10 + Int($1 & 0x0F) } }
    guard Self.provinces.contains(number(0..<2)) else { throw .notAResidentID }
    guard number(6..<10) >= 1800, Day(year: number(6..<10), month: number(10..<12), day: number(12..<14)) != nil else {
      throw .noSuchBirthday
    }
    let check = Self.checkDigit(text[..<17])
    if isOld { return text + [check] }
    guard text[17] == check else { throw .wrongCheckDigit }
    return text
  }

  /// ISO 7064 MOD 11-2.
  private static func checkDigit(_ digits: ArraySlice<UInt8>) -> UInt8 {
    let sum = digits.reduce(0) { ($0 + Int($1 & 0x0F)) * 2 % 11 }
    return Array("10X98765432".utf8)[sum]
  }

  private static let creditAlphabet = Array("0123456789ABCDEFGHJKLMNPQRTUWXY".utf8)

  /// Modulo 31 with weights 3^i.
  private func creditCode(_ text: [UInt8]) throws(ValueError) -> [UInt8] {
    guard text.count == 18 else { throw .notACreditCode }
    var sum = 0
    var weight = 1
    for byte in text.dropLast() {
      guard let value = Self.creditAlphabet.firstIndex(of: byte) else { throw .notACreditCode }
      sum += value * weight
      weight = weight * 3 % 31
    }
    guard text[2..<8].allSatisfy(isDigit) else { throw .notACreditCode }
    guard text[17] == Self.creditAlphabet[(31 - sum % 31) % 31] else { throw .wrongCheckDigit }
    return text
  }
}

// MARK: - Telephone numbers
extension IdentifierReader {
  /// E.164: `+8613812345678`; an extension behind `;ext=` (RFC 3966).
  private func telephone(_ written: [UInt8]) throws(ValueError) -> [UInt8] {
    var digits: [UInt8] = []
    var isForeign = false
    var places = written[...]
    let ext = takeExtension(from: &places)
    for (offset, byte) in places.enumerated() {
      switch byte {
      case 0x30...0x39: digits.append(byte)
      case UInt8(ascii: "+") where offset == 0: isForeign = true
      case UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: "/"): break
      default: throw .notATelephone
      }
    }
    // Two numbers in one cell are none.
    guard places.count(where: { $0 == UInt8(ascii: "/") }) == 0 || country?.name != "CN" else { throw .notATelephone }
    if !isForeign, digits.starts(with: [0x30, 0x30]) {
      isForeign = true
      digits.removeFirst(2)
    }
    let number = try isForeign ? international(digits) : national(digits)
    return [UInt8(ascii: "+")] + number + (ext.isEmpty ? [] : Array(";ext=".utf8) + ext)
  }

  /// Digits behind 转, EXT or X.
  private func takeExtension(from places: inout ArraySlice<UInt8>) -> [UInt8] {
    for mark in [";EXT=", "转", "轉", "EXT.", "EXT", "分机", "X"] {
      let word = Array(mark.utf8)
      guard places.count > word.count,
        let start = places.indices.dropLast(word.count).first(where: { places[$0...].starts(with: word) })
      else { continue }
      let digits = Array(places[(start + word.count)...])
      guard (1...6).contains(digits.count), digits.allSatisfy(isDigit) else { continue }
      places = places[..<start]
      return digits
    }
    return []
  }

  private func international(_ digits: [UInt8]) throws(ValueError) -> [UInt8] {
    guard (8...15).contains(digits.count), digits[0] != UInt8(ascii: "0") else { throw .notATelephone }
    guard digits.starts(with: "86".utf8) else { return digits }
    var rest = Array(digits.dropFirst(2))
    // +86 (0)871 …
    if rest.first == UInt8(ascii: "0") { rest.removeFirst() }
    guard Self.isChinese(rest, hasAreaCode: true) else { throw .notATelephone }
    return Array("86".utf8) + rest
  }

  private func national(_ digits: [UInt8]) throws(ValueError) -> [UInt8] {
    guard let country else { throw .notATelephone }
    guard country.name == "CN" else {
      var rest = digits
      if let trunk = country.trunk, rest.first == trunk { rest.removeFirst() }
      guard country.lengths.contains(rest.count) else { throw .notATelephone }
      return Array(country.code.utf8) + rest
    }
    var rest = digits
    if rest.count == 13, rest.starts(with: "86".utf8) { rest.removeFirst(2) }
    let hasTrunk = rest.first == UInt8(ascii: "0")
    if hasTrunk { rest.removeFirst() }
    guard Self.isChinese(rest, hasAreaCode: hasTrunk), !hasTrunk || rest[0] != UInt8(ascii: "1") || rest.count < 11
    else {
      throw .notATelephone
    }
    return Array("86".utf8) + rest
  }

  /// Without the trunk 0: a mobile number, 400/800, or an area code (10, 2x, three digits) and seven or eight digits.
  private static func isChinese(_ digits: [UInt8], hasAreaCode: Bool) -> Bool {
    guard let first = digits.first else { return false }
    if digits.count == 11, first == UInt8(ascii: "1"), (0x33...0x39).contains(digits[1]) { return true }
    if digits.count == 10, digits.starts(with: "400".utf8) || digits.starts(with: "800".utf8) { return true }
    guard hasAreaCode else { return false }
    let isShort = digits.starts(with: "10".utf8) || first == UInt8(ascii: "2")
    guard isShort || (0x33...0x39).contains(first) else { return false }
    let local = digits.dropFirst(isShort ? 2 : 3)
    return (7...8).contains(local.count) && local.first.map { (0x32...0x38).contains($0) } == true
  }
}

/// What the numbers of a country look like: its calling code, the trunk prefix, the digits behind both.
struct TelephoneCountry: Sendable {
  let name: String
  let code: String
  let trunk: UInt8?
  let lengths: ClosedRange<Int>

  private static let zero = UInt8(ascii: "0")
  private static let all: [TelephoneCountry] = [
    TelephoneCountry(name: "CN", code: "86", trunk: zero, lengths: 9...11),
    TelephoneCountry(name: "HK", code: "852", trunk: nil, lengths: 8...8),
    TelephoneCountry(name: "MO", code: "853", trunk: nil, lengths: 8...8),
    TelephoneCountry(name: "TW", code: "886", trunk: zero, lengths: 8...9),
    TelephoneCountry(name: "JP", code: "81", trunk: zero, lengths: 9...10),
    TelephoneCountry(name: "KR", code: "82", trunk: zero, lengths: 8...10),
    TelephoneCountry(name: "SG", code: "65", trunk: nil, lengths: 8...8),
    TelephoneCountry(name: "MM", code: "95", trunk: zero, lengths: 7...10),
    TelephoneCountry(name: "LA", code: "856", trunk: zero, lengths: 8...10),
    TelephoneCountry(name: "VN", code: "84", trunk: zero, lengths: 9...10),
    TelephoneCountry(name: "TH", code: "66", trunk: zero, lengths: 8...9),
    TelephoneCountry(name: "IN", code: "91", trunk: zero, lengths: 10...10),
    TelephoneCountry(name: "GB", code: "44", trunk: zero, lengths: 9...10),
    TelephoneCountry(name: "DE", code: "49", trunk: zero, lengths: 6...13),
    TelephoneCountry(name: "FR", code: "33", trunk: zero, lengths: 9...9),
    TelephoneCountry(name: "ES", code: "34", trunk: nil, lengths: 9...9),
    TelephoneCountry(name: "US", code: "1", trunk: UInt8(ascii: "1"), lengths: 10...10),
    TelephoneCountry(name: "CA", code: "1", trunk: UInt8(ascii: "1"), lengths: 10...10),
    TelephoneCountry(name: "AU", code: "61", trunk: zero, lengths: 9...9),
  ]

  static var names: String { all.map(\.name).joined(separator: ", ") }

  private init(name: String, code: String, trunk: UInt8?, lengths: ClosedRange<Int>) {
    (self.name, self.code, self.trunk, self.lengths) = (name, code, trunk, lengths)
  }

  init?(_ name: String) {
    guard let known = Self.all.first(where: { $0.name == name }) else { return nil }
    self = known
  }
}
