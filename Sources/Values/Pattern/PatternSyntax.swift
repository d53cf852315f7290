import Diagnostics

/// A pattern as a tree.
indirect enum PatternNode {
  case empty
  case set(ScalarSet)
  case start, end
  case sequence([PatternNode])
  case choice([PatternNode])
  case repeated(PatternNode, minimum: Int, maximum: Int?, isGreedy: Bool)
  /// A group that captures, by number from 1 to 9; of later ones nobody can ask where they stood.
  case group(Int, PatternNode)
}

/// Reads the text of a pattern. See `Pattern` for the syntax.
struct PatternSyntax {
  private let scalars: [Unicode.Scalar]
  private var index = 0
  private var depth = 0
  private var groups = 0

  init(_ text: String) { scalars = Array(text.unicodeScalars) }

  mutating func parse() throws(PatternError) -> PatternNode {
    let node = try parseChoice()
    guard index == scalars.count else { throw fault("多余的 )，或应写作 \\)", "a ) too many; \\) stands for itself") }
    return node
  }

  private var next: Unicode.Scalar? { index < scalars.count ? scalars[index] : nil }

  private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
    guard next == scalar else { return false }
    index += 1
    return true
  }

  /// A fault at the scalar `place`, or where reading stands.
  func fault(_ zh: String, _ en: String, at place: Int? = nil) -> PatternError {
    let bytes = scalars[..<min(place ?? index, scalars.count)].reduce(0) { $0 + UTF8.width($1) }
    return PatternError(position: bytes, message: LocalizedText(zh: zh, en: en))
  }

  private mutating func parseChoice() throws(PatternError) -> PatternNode {
    // Deeper than any pattern that a person writes, and far from the end of the stack.
    guard depth < 100 else { throw fault("括号嵌套过深（限 100 层）", "groups are nested more than 100 deep") }
    depth += 1
    defer { depth -= 1 }
    var choices = [try parseSequence()]
    while take("|") { choices.append(try parseSequence()) }
    return choices.count == 1 ? choices[0] : .choice(choices)
  }

  private mutating func parseSequence() throws(PatternError) -> PatternNode {
    var parts: [PatternNode] = []
    while let scalar = next, scalar != "|", scalar != ")" { parts.append(try parseRepeated()) }
    return parts.isEmpty ? .empty : parts.count == 1 ? parts[0] : .sequence(parts)
  }

  private mutating func parseRepeated() throws(PatternError) -> PatternNode {
    let node = try parseAtom()
    guard let (minimum, maximum) = try parseQuantifier() else { return node }
    if case .start = node { throw fault("^ 不能重复", "^ cannot be repeated") }
    if case .end = node { throw fault("$ 不能重复", "$ cannot be repeated") }
    let isGreedy = !take("?")
    if let scalar = next, "*+?".unicodeScalars.contains(scalar) {
      throw fault("重复符号不能连用，应加括号", "one repeat behind another; put a group around the first")
    }
    return .repeated(node, minimum: minimum, maximum: maximum, isGreedy: isGreedy)
  }

  private mutating func parseQuantifier() throws(PatternError) -> (Int, Int?)? {
    if take("*") { return (0, nil) }
    if take("+") { return (1, nil) }
    if take("?") { return (0, 1) }
    let place = index
    guard take("{") else { return nil }
    guard let minimum = parseCount() else {
      throw fault("{ 后应为次数，或写作 \\{", "a count behind {, or \\{ for itself", at: place)
    }
    var maximum: Int? = minimum
    if take(",") { maximum = next == "}" ? nil : parseCount() }
    guard take("}") else { throw fault("次数应写作 {n}、{n,} 或 {n,m}", "counts are written {n}, {n,} or {n,m}", at: place) }
    if let maximum, maximum < minimum { throw fault("次数的上限小于下限", "the counts are in the wrong order", at: place) }
    return (minimum, maximum)
  }

  /// A count of at most five digits; more would exceed the limit of states anyway.
  private mutating func parseCount() -> Int? {
    var count: Int?
    while let scalar = next, ("0"..."9").contains(scalar), (count ?? 0) < 10_000 {
      count = (count ?? 0) * 10 + Int(scalar.value - 0x30)
      index += 1
    }
    return count
  }

  private mutating func parseAtom() throws(PatternError) -> PatternNode {
    guard let scalar = next else { return .empty }
    switch scalar {
    case "^", "$":
      index += 1
      return scalar == "^" ? .start : .end
    case ".":
      index += 1
      return .set(ScalarSet.lineEnds.inverted)
    case "(": return try parseGroup()
    case "[": return .set(try parseClass())
    case "\\": return .set(try parseEscape())
    case "*", "+", "?": throw fault("\(scalar) 前没有可重复的内容", "nothing before \(scalar) that could be repeated")
    case "{": throw fault("{ 前没有可重复的内容，或应写作 \\{", "nothing before { to repeat; \\{ stands for itself")
    default:
      index += 1
      return .set(ScalarSet([scalar.value...scalar.value]))
    }
  }

  private mutating func parseGroup() throws(PatternError) -> PatternNode {
    let place = index
    index += 1
    var captures = true
    if take("?") {
      guard take(":") else {
        throw fault("只支持 (…) 和 (?:…)，不支持环视等", "only (…) and (?:…) are known, not look-around and the like", at: place)
      }
      captures = false
    }
    if captures { groups += 1 }
    let number = groups
    let node = try parseChoice()
    guard take(")") else { throw fault("括号没有闭合", "the group is not closed", at: place) }
    return captures && number <= 9 ? .group(number, node) : node
  }
}

extension PatternSyntax {
  private mutating func parseClass() throws(PatternError) -> ScalarSet {
    guard depth < 100 else { throw fault("括号嵌套过深（限 100 层）", "classes are nested more than 100 deep") }
    depth += 1
    defer { depth -= 1 }
    let place = index
    index += 1
    let isInverted = take("^")
    var ranges: [ClosedRange<UInt32>] = []
    var removed: ScalarSet?
    let first = index
    // A ] right behind the bracket stands for itself, as in POSIX and Perl.
    while next != "]" || index == first {
      guard next != nil else { throw fault("[ 没有闭合", "the class is not closed", at: place) }
      if next == "-", index + 1 < scalars.count, scalars[index + 1] == "[", !ranges.isEmpty {
        index += 1
        removed = try parseClass()
        guard next == "]" else { throw fault("减去的字符类应在最后", "the class that is subtracted stands last") }
        break
      }
      ranges += try parseClassItem()
    }
    index += 1
    let set = isInverted ? ScalarSet(ranges).inverted : ScalarSet(ranges)
    return removed.map(set.subtracting) ?? set
  }

  /// One character, a range, or an escape for a set.
  private mutating func parseClassItem() throws(PatternError) -> [ClosedRange<UInt32>] {
    let place = index
    let first = try parseClassEnd()
    guard next == "-", index + 1 < scalars.count, scalars[index + 1] != "]", scalars[index + 1] != "[" else {
      return first.ranges
    }
    guard let low = first.single else { return first.ranges }
    index += 1
    guard let high = try parseClassEnd().single, low <= high else {
      throw fault("范围的两端不对", "the ends of the range do not fit", at: place)
    }
    return [low...high]
  }

  private mutating func parseClassEnd() throws(PatternError) -> ScalarSet {
    guard let scalar = next else { throw fault("[ 没有闭合", "the class is not closed") }
    if scalar == "\\" { return try parseEscape() }
    index += 1
    return ScalarSet([scalar.value...scalar.value])
  }

  private mutating func parseEscape() throws(PatternError) -> ScalarSet {
    let place = index
    index += 1
    guard let scalar = next else { throw fault("末尾的 \\ 后没有字符", "nothing behind the \\ at the end", at: place) }
    index += 1
    func one(_ value: UInt32) -> ScalarSet { ScalarSet([value...value]) }
    switch scalar {
    case "d": return .digits
    case "D": return ScalarSet.digits.inverted
    case "w": return .wordCharacters
    case "W": return ScalarSet.wordCharacters.inverted
    case "s": return .spaces
    case "S": return ScalarSet.spaces.inverted
    case "n": return one(0x0A)
    case "r": return one(0x0D)
    case "t": return one(0x09)
    case "f": return one(0x0C)
    case "v": return one(0x0B)
    case "p", "P":
      let set = try parseProperty(at: place)
      return scalar == "p" ? set : set.inverted
    case "x": return one(try parseHex(digits: 2, at: place))
    case "u": return one(try parseUnicode(at: place))
    case "a"..."z", "A"..."Z", "0"..."9":
      throw fault("不支持 \\\(scalar)", "\\\(scalar) is not known", at: place)
    default: return one(scalar.value)
    }
  }

  private mutating func parseProperty(at place: Int) throws(PatternError) -> ScalarSet {
    var name = ""
    if take("{") {
      while let scalar = next, scalar != "}", name.utf8.count < 40 {
        name.unicodeScalars.append(scalar)
        index += 1
      }
      if take("}"), let set = ScalarSet.property(name) { return set }
    }
    throw fault(
      "应为 \\p{L}、\\p{Lu}、\\p{N}、\\p{Han} 之类", "a property is written \\p{L}, \\p{Lu}, \\p{N}, \\p{Han} and the like",
      at: place)
  }

  private mutating func parseUnicode(at place: Int) throws(PatternError) -> UInt32 {
    guard take("{") else { return try parseHex(digits: 4, at: place) }
    var value: UInt32 = 0
    var count = 0
    while let digit = hexDigit(), count < 6 {
      value = value << 4 | digit
      count += 1
      index += 1
    }
    guard take("}"), count > 0, Unicode.Scalar(value) != nil else {
      throw fault("\\u{…} 不是字符", "\\u{…} is no character", at: place)
    }
    return value
  }

  private mutating func parseHex(digits: Int, at place: Int) throws(PatternError) -> UInt32 {
    var value: UInt32 = 0
    for _ in 0..<digits {
      guard let digit = hexDigit() else {
        throw fault("应为 \(digits) 位十六进制数", "\(digits) hexadecimal digits", at: place)
      }
      value = value << 4 | digit
      index += 1
    }
    guard Unicode.Scalar(value) != nil else { throw fault("不是字符", "no character", at: place) }
    return value
  }

  private func hexDigit() -> UInt32? {
    guard let scalar = next, scalar.isASCII else { return nil }
    return Character(scalar).hexDigitValue.map(UInt32.init)
  }
}

extension ScalarSet {
  /// The only character of the set; `nil` when it has none or several.
  fileprivate var single: UInt32? {
    guard ranges.count == 1, ranges[0].count == 1 else { return nil }
    return ranges[0].lowerBound
  }
}
