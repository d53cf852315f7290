/// A set of characters as ranges in ascending order that neither overlap nor touch.
struct ScalarSet: Hashable, Sendable {
  private(set) var ranges: [ClosedRange<UInt32>] = []

  static let last: UInt32 = 0x10FFFF

  init(_ ranges: [ClosedRange<UInt32>] = []) {
    for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
      if let previous = self.ranges.last, range.lowerBound <= previous.upperBound + 1 {
        let end = max(previous.upperBound, range.upperBound)
        self.ranges[self.ranges.count - 1] = previous.lowerBound...end
      } else {
        self.ranges.append(range)
      }
    }
  }

  func union(_ other: ScalarSet) -> ScalarSet { ScalarSet(ranges + other.ranges) }

  var inverted: ScalarSet {
    var gaps: [ClosedRange<UInt32>] = []
    var next: UInt32 = 0
    for range in ranges {
      if range.lowerBound > next { gaps.append(next...(range.lowerBound - 1)) }
      next = range.upperBound + 1
    }
    if next <= Self.last { gaps.append(next...Self.last) }
    return ScalarSet(gaps)
  }

  func subtracting(_ other: ScalarSet) -> ScalarSet { inverted.union(other).inverted }

  func contains(_ scalar: UInt32) -> Bool {
    var low = 0
    var high = ranges.count
    while low < high {
      let middle = (low + high) / 2
      if ranges[middle].upperBound < scalar { low = middle + 1 } else { high = middle }
    }
    return low < ranges.count && ranges[low].contains(scalar)
  }

  /// `\d` and `\w` are of ASCII, as ECMAScript has it.
  static let digits = ScalarSet([0x30...0x39])
  static let wordCharacters = ScalarSet([0x30...0x39, 0x41...0x5A, 0x5F...0x5F, 0x61...0x7A])
  static let spaces = ScalarSet([
    0x09...0x0D, 0x20...0x20, 0xA0...0xA0, 0x1680...0x1680, 0x2000...0x200A, 0x2028...0x2029, 0x202F...0x202F,
    0x205F...0x205F,
    0x3000...0x3000, 0xFEFF...0xFEFF,
  ])
  static let lineEnds = ScalarSet([0x0A...0x0A, 0x0D...0x0D])
  /// Unicode's Scripts.txt, Han; unassigned places within its planes count as Han, since that is what comes to them.
  static let han = ScalarSet([
    0x2E80...0x2E99, 0x2E9B...0x2EF3, 0x2F00...0x2FD5, 0x3005...0x3005, 0x3007...0x3007, 0x3021...0x3029,
    0x3038...0x303B,
    0x3400...0x4DBF, 0x4E00...0x9FFF, 0xF900...0xFA6D, 0xFA70...0xFAD9, 0x16FE2...0x16FE3, 0x16FF0...0x16FF1,
    0x20000...0x2A6DF,
    0x2A700...0x2EE5D, 0x2F800...0x2FA1D, 0x30000...0x323AF,
  ])

  /// The set of `\p{name}`: a general category by its one or two letters, or Han; `nil` for any other name.
  static func property(_ name: String) -> ScalarSet? {
    if ["Han", "IsHan", "Script=Han", "sc=Han", "Script_Extensions=Han", "scx=Han"].contains(name) { return han }
    let short = name.hasPrefix("gc=") ? String(name.dropFirst(3)) : name
    if short.utf8.count == 2 { return categories[short] }
    guard short.utf8.count == 1 else { return nil }
    let parts = categories.filter { $0.key.hasPrefix(short) }.values
    return parts.isEmpty ? nil : ScalarSet(parts.flatMap(\.ranges))
  }

  /// By the names of Unicode's PropertyValueAliases.txt. One pass over the assigned planes, made when first asked for.
  private static let categories: [String: ScalarSet] = {
    var ranges: [String: [ClosedRange<UInt32>]] = [
      "Cs": [0xD800...0xDFFF], "Co": [0xF0000...0xFFFFD, 0x100000...0x10FFFD], "Cn": [0x40000...0xDFFFF],
    ]
    for plane in [0...0x3FFFF, 0xE0000...0xE0FFF] as [ClosedRange<UInt32>] {
      var start = plane.lowerBound
      var current: String?
      for value in plane {
        let name = Unicode.Scalar(value).map { abbreviation(of: $0.properties.generalCategory) }
        if name != current {
          if let current { ranges[current, default: []].append(start...(value - 1)) }
          (start, current) = (value, name)
        }
      }
      if let current { ranges[current, default: []].append(start...plane.upperBound) }
    }
    return ranges.mapValues { ScalarSet($0) }
  }()

  private static func abbreviation(of category: Unicode.GeneralCategory) -> String {
    switch category {
    case .uppercaseLetter: "Lu"
    case .lowercaseLetter: "Ll"
    case .titlecaseLetter: "Lt"
    case .modifierLetter: "Lm"
    case .otherLetter: "Lo"
    case .nonspacingMark: "Mn"
    case .spacingMark: "Mc"
    case .enclosingMark: "Me"
    case .decimalNumber: "Nd"
    case .letterNumber: "Nl"
    case .otherNumber: "No"
    case .connectorPunctuation: "Pc"
    case .dashPunctuation: "Pd"
    case .openPunctuation: "Ps"
    case .closePunctuation: "Pe"
    case .initialPunctuation: "Pi"
    case .finalPunctuation: "Pf"
    case .otherPunctuation: "Po"
    case .mathSymbol: "Sm"
    case .currencySymbol: "Sc"
    case .modifierSymbol: "Sk"
    case .otherSymbol: "So"
    case .spaceSeparator: "Zs"
    case .lineSeparator: "Zl"
    case .paragraphSeparator: "Zp"
    case .control: "Cc"
    case .format: "Cf"
    case .surrogate: "Cs"
    case .privateUse: "Co"
    case .unassigned: "Cn"
    @unknown default: "Cn"
    }
  }
}
