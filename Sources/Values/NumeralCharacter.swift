/// What a character means in a Chinese numeral.
enum NumeralCharacter: Equatable {
  /// 1…9. 两 is 2, and only before a unit or alone: nobody spells digits with it.
  case digit(Int, isSpelling: Bool)
  case zero
  /// 廿, 卅, 卌: that many tens.
  case tens(Int)
  /// 十, 百, 千.
  case smallUnit(Int128)
  /// 万, 亿, 兆 (10^12).
  case bigUnit(Int128)
  case point
  case half
  case dozen

  init?(_ scalar: UInt32) {
    // Nothing below is a numeral: most characters that come here are ASCII.
    guard scalar >= 0x25CB else { return nil }
    guard let place = table.find(scalar) else { return nil }
    self = meanings[place]
  }

  var isUnit: Bool {
    switch self {
    case .smallUnit, .bigUnit, .tens, .dozen: true
    default: false
    }
  }
}

private let written: [(characters: String, meaning: NumeralCharacter)] = [
  ("一壹弌", .digit(1, isSpelling: true)), ("二贰貳弍", .digit(2, isSpelling: true)),
  ("两兩俩倆", .digit(2, isSpelling: false)), ("三叁參叄弎", .digit(3, isSpelling: true)),
  ("四肆", .digit(4, isSpelling: true)), ("五伍", .digit(5, isSpelling: true)),
  ("六陆陸", .digit(6, isSpelling: true)), ("七柒", .digit(7, isSpelling: true)),
  ("八捌", .digit(8, isSpelling: true)), ("九玖", .digit(9, isSpelling: true)), ("零〇○", .zero),
  ("廿", .tens(2)), ("卅", .tens(3)), ("卌", .tens(4)), ("十拾", .smallUnit(10)), ("百佰", .smallUnit(100)),
  ("千仟", .smallUnit(1_000)), ("万萬", .bigUnit(10_000)), ("亿億", .bigUnit(100_000_000)),
  ("兆", .bigUnit(1_000_000_000_000)), ("点點", .point), ("半", .half), ("打", .dozen),
]
private let meanings: [NumeralCharacter] = written.map(\.meaning)
private let table = ScalarTable(written.map(\.characters))

/// From characters to small numbers; a look-up takes a few nanoseconds. For sets of some dozen characters.
struct ScalarTable: Sendable {
  private var keys = [UInt32](repeating: 0, count: 256)
  private var places = [UInt8](repeating: 0, count: 256)

  /// The characters of `groups[n]` have place n.
  init(_ groups: [String]) {
    var count = 0
    for (place, group) in groups.enumerated() {
      for scalar in group.unicodeScalars {
        var slot = Self.slot(scalar.value)
        while keys[slot] != 0 { slot = (slot + 1) & 255 }
        keys[slot] = scalar.value
        places[slot] = UInt8(place)
        count += 1
      }
    }
    precondition(count < 192, "a table of \(count) characters has no free slots to stop at")
  }

  func find(_ scalar: UInt32) -> Int? {
    var slot = Self.slot(scalar)
    while keys[slot] != 0 {
      if keys[slot] == scalar { return Int(places[slot]) }
      slot = (slot &+ 1) & 255
    }
    return nil
  }

  private static func slot(_ scalar: UInt32) -> Int { Int((scalar &* 0x9E37_79B1) &>> 24) }
}
