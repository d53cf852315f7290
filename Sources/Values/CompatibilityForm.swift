import CUnicode

/// Unicode Normalization Form KC (UAX #15): ﬁ to fi, ㎡ to m2, ｶﾞ to ガ, e and a combining accent to é, compatibility
/// ideographs to the ordinary ones, full width to ASCII.
enum CompatibilityForm {
  /// Whether the text may be in another form. It may say yes too often, never no; nearly all Chinese text is seen to be
  /// quiet by this.
  static func mayChange(_ text: Span<UInt8>) -> Bool {
    var index = 0
    while index < text.count {
      let byte = text[index]
      if byte < 0x80 {
        index += 1
        continue
      }
      guard let (scalar, length) = decodeScalar(text, at: index) else { return false }
      if !isQuiet(scalar) { return true }
      index += length
    }
    return false
  }

  /// CJK ideographs and their punctuation, which are in no table.
  private static func isQuiet(_ scalar: UInt32) -> Bool {
    switch scalar {
    case 0x4E00...0x9FFF, 0x3001...0x3029, 0x3041...0x308D, 0x30A1...0x30ED, 0x3400...0x4DBF, 0x20000...0x2F7FF: true
    default: false
    }
  }

  /// Text that is no UTF-8 stays as it is.
  static func rewrite(_ text: Span<UInt8>, into result: inout [UInt8]) {
    var scalars: [UInt32] = []
    var index = 0
    while index < text.count {
      guard let (scalar, length) = decodeScalar(text, at: index) else {
        for index in text.indices { result.append(text[index]) }
        return
      }
      decompose(scalar, into: &scalars)
      index += length
    }
    order(&scalars)
    for scalar in composed(scalars) {
      guard let scalar = Unicode.Scalar(scalar), let bytes = UTF8.encode(scalar) else { continue }
      result.append(contentsOf: bytes)
    }
  }

  private static func decompose(_ scalar: UInt32, into scalars: inout [UInt32]) {
    if scalar < 0x80 { return scalars.append(scalar) }
    if scalar &- 0xAC00 < 11_172 {
      let syllable = scalar - 0xAC00
      scalars.append(0x1100 + syllable / 588)
      scalars.append(0x1161 + syllable % 588 / 28)
      if syllable % 28 > 0 { scalars.append(0x11A7 + syllable % 28) }
      return
    }
    let found = fieldtally_decomposition(scalar)
    if found == 0 { return scalars.append(scalar) }
    let place = found >> 8
    for offset in 0..<(found & 0xFF) { scalars.append(fieldtally_decomposed(place + offset)) }
  }

  /// Combining marks in the order of their classes.
  private static func order(_ scalars: inout [UInt32]) {
    var classes: [Int32] = []
    for place in scalars.indices {
      let own = scalars[place] < 0x300 ? 0 : fieldtally_combining_class(scalars[place])
      var target = place
      while own > 0, target > 0, classes[target - 1] > own { target -= 1 }
      if target < place {
        let scalar = scalars.remove(at: place)
        scalars.insert(scalar, at: target)
      }
      classes.insert(own, at: target)
    }
  }

  private static func composed(_ scalars: [UInt32]) -> [UInt32] {
    var result: [UInt32] = []
    var starter: Int?
    var lastClass: Int32 = -1
    for scalar in scalars {
      let own = scalar < 0x300 ? 0 : fieldtally_combining_class(scalar)
      if let place = starter, lastClass < own || lastClass == -1, let whole = compose(result[place], scalar) {
        result[place] = whole
        continue
      }
      if own == 0 {
        starter = result.count
        lastClass = -1
      } else {
        lastClass = own
      }
      result.append(scalar)
    }
    return result
  }

  private static func compose(_ first: UInt32, _ second: UInt32) -> UInt32? {
    if first &- 0x1100 < 19, second &- 0x1161 < 21 {
      return 0xAC00 + ((first - 0x1100) * 21 + second - 0x1161) * 28
    }
    if first &- 0xAC00 < 11_172, (first - 0xAC00) % 28 == 0, second &- 0x11A8 < 27 { return first + second - 0x11A7 }
    let whole = fieldtally_compose(first, second)
    return whole == 0 ? nil : whole
  }
}
