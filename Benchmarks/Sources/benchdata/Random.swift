/// SplitMix64: the same numbers on every machine, from the seed alone.
struct Random {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  /// 0 ..< bound.
  mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(bound)) }

  mutating func pick<Element>(_ choices: [Element]) -> Element { choices[below(choices.count)] }

  /// Whether an event of `part` in `whole` happened.
  mutating func happens(_ part: Int, in whole: Int) -> Bool { below(whole) < part }

  /// 0 ..< bound, small numbers more often than large ones: teams go to some units again and again.
  mutating func skewedBelow(_ bound: Int) -> Int {
    let fraction = Double(next() >> 11) * 0x1p-53
    return min(bound - 1, Int(fraction * fraction * Double(bound)))
  }
}
