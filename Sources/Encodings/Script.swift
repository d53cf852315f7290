import Bytes
import Diagnostics

/// An encoding that may be meant when a text is not Unicode, and how to tell whether what it gives is text. Each national
/// standard puts the common characters of its country into one range, so the encoding itself tells which they are.
struct Script: Sendable {
  let encoding: String
  /// The most frequent characters of running text.
  private let frequent: Set<Unicode.Scalar>
  /// The characters of the common range, and of the range of those that are rarer but known to the standard.
  private let common: Set<Unicode.Scalar>
  private let rarer: Set<Unicode.Scalar>

  /// In the order in which they are taken when the evidence is the same.
  static let all = [
    Script(
      "gb18030", common: 0xB0...0xD7, rarer: 0xD8...0xF7, trails: [0xA1...0xFE],
      frequent:
        "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多定行学法所民得经三之进着等部度家电力里如水高自二理起小现实加量都两体制当使点从业本去把性好应开它合因由其些然前外天政四日那社义事平形相全表间样与关各重新内数正心反你明看原又么利比或但质气第向道命变条没结解问意建月公系很情最立代想已通提直题党程展五果料员位常文总次品活设及管特件长求老头基资边路级少图山统接知较将组见计别她手期根论运农指几区强决西被干做必战先回则任取县市州局单督查访谈亮整改责称无未项省镇乡村办"
    ),
    Script(
      "windows-1252", common: nil, rarer: nil, trails: [], frequent: ""),
    Script(
      "big5", common: 0xA4...0xC6, rarer: 0xC9...0xF9, trails: [0x40...0x7E, 0xA1...0xFE],
      frequent:
        "的一是在不了有和人這中大為上個國我以要他時來用們生到作地於出就分對成會可主發年動同工也能下過子說產種面而方後多定行學法所民得經三之進著等部度家電力裡如水高自二理起小現實加量都兩體制當使點從業本去把性好應開它合因由其些然前外天政四日那社義事平形相全表間樣與關各重新內數正心反你明看原又麼利比或但質氣第向道命變條沒結解問意建月公系很情最立代想已通提直題黨程展五果料員位常文總次品活設及管特件長求老頭基資邊路級少圖山統接知較將組見計別她手期根論運農指幾區強決西被幹做必戰先回則任取縣市州局單號勞違反條處罰"
    ),
    Script(
      "big5-hkscs", common: 0xA4...0xC6, rarer: 0xC9...0xF9, trails: [0x40...0x7E, 0xA1...0xFE],
      frequent:
        "的一是在不了有和人這中大為上個國我以要他時來用們生到作地於出就分對成會可主發年動同工也能下過子說產種面而方後多定行學法所民得經三之進著等部度家電力裡如水高自二理起小現實加量都兩體制當使點從業本去把性好應開它合因由其些然前外天政四日那社義事平形相全表間樣與關各重新內數正心反你明看原又麼利比或但質氣第向道命變條沒結解問意建月公系很情最立代想已通提直題黨程展五果料員位常文總次品活設及管特件長求老頭基資邊路級少圖山統接知較將組見計別她手期根論運農指幾區強決西被幹做必戰先回則任取縣市州局單號勞違反條處罰"
    ),
    Script(
      "shift_jis", common: 0x88...0x97, rarer: 0x98...0x9F, trails: [0x40...0x7E, 0x80...0xFC],
      frequent: "のにはをたがでてとしれさいるなっかもこらりあうすまよきけくえおせそちつどばびべみめやゆろわんだじずげごンスルトイリアラクドシレジタフロカテマムコグパデプサメーバナ"),
    Script(
      "euc-jp", common: 0xB0...0xCF, rarer: 0xD0...0xF4, trails: [0xA1...0xFE],
      frequent: "のにはをたがでてとしれさいるなっかもこらりあうすまよきけくえおせそちつどばびべみめやゆろわんだじずげごンスルトイリアラクドシレジタフロカテマムコグパデプサメーバナ"),
    Script(
      "euc-kr", common: 0xB0...0xC8, rarer: 0xCA...0xFD, trails: [0xA1...0xFE],
      frequent: "이다는을의에고가로한은지사하기시도자인리스어대를아들그일정전서부해나수있과장상주여제만성보라구동조원국것관면비소공안당발신치중연무세게내적유물위선화개모통문방생미계교학실마거음신경행진용오간업등할"),
  ]

  private init(
    _ encoding: String, common: ClosedRange<UInt8>?, rarer: ClosedRange<UInt8>?, trails: [ClosedRange<UInt8>],
    frequent: String
  ) {
    self.encoding = encoding
    self.frequent = Set(frequent.unicodeScalars)
    let characters = { (leads: ClosedRange<UInt8>?) -> Set<Unicode.Scalar> in
      guard let leads else { return [] }
      let bytes = leads.flatMap { lead in trails.joined().flatMap { [lead, $0] } }
      return Set((try? Self.decode(bytes, encoding).text.unicodeScalars.filter { $0.value > 0x7F }) ?? [])
    }
    self.common = characters(common)
    self.rarer = characters(rarer)
  }

  private static func decode(_ bytes: [UInt8], _ encoding: String) throws(ReadError) -> (text: String, bad: Int) {
    let decoder = try UTF8Decoder(
      MemorySource(bytes), encoding: DetectedEncoding(name: encoding, evidence: LocalizedText("")), file: "")
    var text: [UInt8] = []
    while try !decoder.append(to: &text, upTo: text.count + (256 << 10)) {}
    return (String(decoding: text, as: UTF8.self), decoder.undecodable.count)
  }

  /// How much `sample` looks like text in this encoding: about 1 for text, below 0.5 for bytes of another encoding, below 0
  /// for bytes that do not decode.
  func plausibility(of sample: [UInt8]) throws(ReadError) -> Double {
    if encoding == "windows-1252" { return Self.westernPlausibility(sample) }
    let (text, bad) = try Self.decode(sample, encoding)
    var sum = -Double(bad)
    var count = bad
    var hasKana = false
    for scalar in text.unicodeScalars where scalar.value > 0x7F && scalar.value != 0xFDD0 {
      sum += weight(scalar)
      count += 1
      if (0x3041...0x30FC).contains(scalar.value) { hasKana = true }
    }
    if encoding == "shift_jis" || encoding == "euc-jp", !hasKana { return 0 }  // no Japanese text is without them
    return count == 0 ? 0 : sum / Double(count)
  }

  private func weight(_ scalar: Unicode.Scalar) -> Double {
    if frequent.contains(scalar) { return 1 }
    switch scalar.value {
    // Chinese punctuation, brackets, full-width letters and digits.
    case 0x3000...0x3011, 0x3014...0x301F, 0xFF01...0xFF5E, 0x2014...0x2026, 0x2460...0x2473, 0x00B7, 0x221A, 0x00D7:
      return 0.9
    case 0x3041...0x3096, 0x30A1...0x30FC: return encoding == "shift_jis" || encoding == "euc-jp" ? 0.8 : 0.2
    case 0xFF61...0xFF9F: return 0  // half-width katakana: what Shift_JIS makes of any byte
    case 0xE000...0xF8FF, 0xF0000...: return -0.5
    // Rare characters have four bytes in GB18030, two of them digits: no accident.
    case 0x3400...0x4DBF, 0x20000...0x3134F: return encoding == "gb18030" ? 0.8 : -0.1
    case 0x80...0x9F: return -1
    default: return common.contains(scalar) ? 0.7 : rarer.contains(scalar) ? 0.3 : -0.1
    }
  }

  /// Accented letters stand alone among letters; quotes, dashes and signs stand alone.
  private static func westernPlausibility(_ sample: [UInt8]) -> Double {
    var sum = 0.0
    var count = 0
    for (place, byte) in sample.enumerated() where byte >= 0x80 {
      count += 1
      let before = place > 0 ? sample[place - 1] : 0x20
      let after = place + 1 < sample.count ? sample[place + 1] : 0x20
      let isAlone = before < 0x80 && after < 0x80
      switch byte {
      case 0x81, 0x8D, 0x8F, 0x90, 0x9D: sum -= 1
      // Icelandic letters; in Turkish files others stand in their places.
      case 0xD0, 0xDD, 0xDE, 0xF0, 0xFD, 0xFE: sum += isLetter(before) || isLetter(after) ? 0.5 : 0.1
      case 0x8A, 0x8E, 0x9A, 0x9E: sum += isLetter(before) || isLetter(after) ? 0.5 : 0.1
      case 0x8C, 0x9C: sum += isLetter(before) || isLetter(after) ? 0.9 : 0.1
      case 0xC0...0xFF where byte != 0xD7 && byte != 0xF7:
        let besideLetter = isLetter(before) || isLetter(after)
        let isUpperInside = byte < 0xE0 && byte != 0xDF && (0x61...0x7A).contains(before)
        sum += !besideLetter ? 0.1 : isUpperInside ? 0.2 : isAlone ? 0.95 : 0.4
      case 0x91...0x97, 0x85, 0x80, 0x99, 0xA0, 0xA3, 0xA9, 0xAB, 0xAE, 0xB0, 0xB2, 0xB4, 0xB7, 0xBB...0xBF:
        // A sign inside a word is a letter in another encoding; apostrophes and middle dots do stand there.
        let isInside = isLetter(before) && isLetter(after) && ![0x91, 0x92, 0xB4, 0xB7, 0x96, 0x97].contains(byte)
        sum += isInside ? 0.1 : isAlone ? 0.85 : 0.2
      default: sum += isLetter(before) || isLetter(after) ? 0.05 : isAlone ? 0.4 : 0
      }
    }
    return count == 0 ? 0 : sum / Double(count)
  }

  private static func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte | 0x20) }
}
