import Bytes
import Diagnostics

/// An encoding of one byte a character, and a language that may be written in it. What a text in another encoding gives is
/// letters of other languages, signs between letters and capitals inside words.
struct Alphabet: Sendable {
  let encoding: String
  /// Indexed by byte.
  private let classes: [Class]
  /// Whether its words are of its own letters alone, as Greek and Russian ones are, or have ASCII letters among them.
  private let standsAlone: Bool
  private let hasCapitals: Bool

  private enum Class: UInt8 {
    case ascii, letter, capital, digit, frequent, lower, upper, foreign, mark, sign, undefined
  }

  private static let sampled = 64 << 10

  /// - Parameters:
  ///   - frequent: its commonest letters beyond ASCII, small.
  ///   - others: its other small letters.
  private init?(_ encoding: String, _ frequent: String, _ others: String = "", standsAlone: Bool = false) {
    self.encoding = encoding
    self.standsAlone = standsAlone
    let known = (Set(frequent.unicodeScalars), Set(others.unicodeScalars))
    let capitals = Set((frequent + others).uppercased().unicodeScalars).subtracting(known.0).subtracting(known.1)
    hasCapitals = !capitals.isEmpty
    var classes: [Class] = []
    for byte in UInt8.min...UInt8.max {
      switch byte {
      case 0x30...0x39: classes.append(.digit)
      case 0x41...0x5A: classes.append(.capital)
      case 0x61...0x7A: classes.append(.letter)
      case ..<0x80: classes.append(.ascii)
      default:
        guard let scalar = Self.scalar(byte, encoding) else {
          classes.append(.undefined)
          continue
        }
        classes.append(Self.kind(scalar, known.0, known.1, capitals))
      }
    }
    self.classes = classes
  }

  private static func scalar(_ byte: UInt8, _ encoding: String) -> Unicode.Scalar? {
    let named = DetectedEncoding(name: encoding, evidence: LocalizedText(""))
    // Some encodings hold a letter back until they have seen what follows it.
    guard let decoder = try? UTF8Decoder(MemorySource([byte, 0x20]), encoding: named, file: "") else { return nil }
    var text: [UInt8] = []
    while (try? !decoder.append(to: &text, upTo: 64)) ?? false {}
    return decoder.undecodable.count > 0 ? nil : String(decoding: text, as: UTF8.self).unicodeScalars.first
  }

  private static func kind(
    _ scalar: Unicode.Scalar, _ frequent: Set<Unicode.Scalar>, _ others: Set<Unicode.Scalar>,
    _ capitals: Set<Unicode.Scalar>
  ) -> Class {
    if frequent.contains(scalar) { return .frequent }
    if others.contains(scalar) { return .lower }
    if capitals.contains(scalar) { return .upper }
    if scalar.value < 0xA0 { return .undefined }
    if scalar.properties.isAlphabetic { return .foreign }
    switch scalar.value {
    // Quotes, dashes, dots, no-break space, euro, degree, number sign.
    case 0x2013...0x2026, 0xA0, 0xAB, 0xBB, 0x20AC, 0xB0, 0x2116, 0xA7, 0xA9, 0xAE, 0xA3, 0xBF, 0xA1, 0xB7: return .mark
    default: return .sign
    }
  }

  /// About 1 for text, as `Script.plausibility`.
  func plausibility(of sample: [UInt8]) -> Double {
    let bytes = sample.prefix(Self.sampled)
    var sum = 0.0
    var count = 0
    for place in bytes.indices where bytes[place] >= 0x80 {
      count += 1
      let before = place > 0 ? classes[Int(bytes[place - 1])] : .ascii
      let after = place + 1 < bytes.count ? classes[Int(bytes[place + 1])] : .ascii
      let weight = weight(classes[Int(bytes[place])], before, after)
      sum += !standsAlone && isWordWithoutLatin(bytes, place) ? min(weight, 0.1) : weight
    }
    let mean = count == 0 ? 0 : sum / Double(count)
    // So little may look like anything.
    let enough = 4
    if count < enough { return mean * 0.1 }
    // Bytes of another encoding may look half like words of this one; a text of it looks wholly so.
    let certain = 0.78
    if mean < certain { return mean * 0.6 }
    // Of encodings with two bytes for a character no run of such bytes is odd.
    if standsAlone, hasEvenRunsAlone(bytes) { return mean * 0.7 }
    // What the commoner encodings explain as well is theirs.
    return standsAlone ? mean - 0.03 : mean - 0.08
  }

  /// Whether the bytes beyond ASCII around `place` touch no letter of ASCII.
  private func isWordWithoutLatin(_ bytes: ArraySlice<UInt8>, _ place: Int) -> Bool {
    let longest = 8
    var first = place
    while first > bytes.startIndex, place - first < longest, bytes[first - 1] >= 0x80 { first -= 1 }
    var last = place
    while last + 1 < bytes.endIndex, last - place < longest, bytes[last + 1] >= 0x80 { last += 1 }
    let isLatin = { (byte: UInt8) in (0x61...0x7A).contains(byte | 0x20) }
    return !(first > bytes.startIndex && isLatin(bytes[first - 1]))
      && !(last + 1 < bytes.endIndex && isLatin(bytes[last + 1]))
  }

  private func hasEvenRunsAlone(_ bytes: ArraySlice<UInt8>) -> Bool {
    var run = 0
    var runs = 0
    for byte in bytes {
      if byte >= 0x80 {
        run += 1
      } else {
        if run % 2 == 1 { return false }
        if run > 0 { runs += 1 }
        run = 0
      }
    }
    return run % 2 == 0 && (run > 0 || runs > 0)
  }

  private func weight(_ kind: Class, _ before: Class, _ after: Class) -> Double {
    let isSmall = { (kind: Class) in kind == .frequent || kind == .lower || kind == .letter }
    let isOwn = { (kind: Class) in kind == .frequent || kind == .lower || kind == .upper }
    let isLatin = { (kind: Class) in kind == .letter || kind == .capital }
    let isLetter = { (kind: Class) in isOwn(kind) || isLatin(kind) }
    switch kind {
    case .frequent, .lower, .upper:
      if standsAlone {
        if isLatin(before) || isLatin(after) { return 0.2 }
      } else if !isLetter(before), !isLetter(after) {
        return 0.1
      }
      if kind == .upper { return isSmall(before) ? 0.1 : 0.85 }
      return kind == .frequent ? 0.96 : standsAlone && hasCapitals ? 0.8 : 0.92
    case .foreign: return 0.15
    case .mark: return isLetter(before) && isLetter(after) ? 0.3 : 0.85
    case .sign: return isLetter(before) || isLetter(after) ? 0.05 : 0.4
    default: return -1
    }
  }

  /// In the order in which they are taken when the evidence is the same.
  static let all: [Alphabet] = [
    Alphabet("windows-1250", "ąćęłńóśźż"), Alphabet("windows-1250", "áčéěíňóřšťúůýž", "ďľĺŕôä"),
    Alphabet("windows-1250", "áéíóöőúüű"), Alphabet("windows-1250", "čćžšđ"), Alphabet("windows-1250", "ăâîşţ"),
    Alphabet("iso-8859-2", "ąćęłńóśźż"), Alphabet("iso-8859-2", "áčéěíňóřšťúůýž", "ďľĺŕôä"),
    Alphabet("iso-8859-2", "áéíóöőúüű"), Alphabet("iso-8859-2", "čćžšđ"),
    Alphabet("windows-1251", "оеаинтсрвлкмдпу", "ябыьгзчйхжшюцщэфъёіїєґјљњћђџў", standsAlone: true),
    Alphabet("koi8-r", "оеаинтсрвлкмдпу", "ябыьгзчйхжшюцщэфъё", standsAlone: true),
    Alphabet("cp866", "оеаинтсрвлкмдпу", "ябыьгзчйхжшюцщэфъё", standsAlone: true),
    Alphabet("iso-8859-5", "оеаинтсрвлкмдпу", "ябыьгзчйхжшюцщэфъёіїєјљњћђџў", standsAlone: true),
    Alphabet("windows-1253", "αοιετσνηυρπκμλςίόά", "θδγχφωβξζψέήύώϊϋΐΰ", standsAlone: true),
    Alphabet("iso-8859-7", "αοιετσνηυρπκμλςίόά", "θδγχφωβξζψέήύώϊϋΐΰ", standsAlone: true),
    Alphabet("windows-1254", "ışğçöüâîû"),
    Alphabet("windows-1255", "ויהלארתבמשנ", "גדזחטךכםןסעףפץצק", standsAlone: true),
    Alphabet("windows-1256", "الينمرتبةعدس", "فهوكقحجذخصضشطظغثزءئىأإآؤ", standsAlone: true),
    Alphabet("windows-1257", "ąčęėįšųūž"), Alphabet("windows-1257", "āčēģīķļņšūž"), Alphabet("windows-1257", "äõöüšž"),
    Alphabet("windows-874", "านรอกเงมยลวดทส่้", "ัีิ์ขคจชซณตถธบปผพฟภศษหฬฮญฎฏฐฑฒโใไๆาำึืุู็ฉแะ๋๊", standsAlone: true),
    Alphabet("cp850", "éèàçêâîôûùëïäöüßñáíóúåøæ"), Alphabet("macintosh", "éèàçêâîôûùëïäöüßñáíóúåøæœ"),
  ].compactMap { $0 }
}
