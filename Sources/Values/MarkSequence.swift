/// The marks that split a cell, one after the other.
struct MarkSequence {
  typealias Place = (start: Int, end: Int)
  private(set) var first: Place
  private var family: NumberingMark.Family
  private var number: Int
  private var index: Int
  private let range: Range<Int>

  /// `nil` when nothing in the cell numbers its items.
  init?(_ cell: Span<UInt8>, _ range: Range<Int>) {
    if let mark = NumberingMark(cell, at: range.lowerBound, upTo: range.upperBound) {
      // The marks that begin the cell decide, also when they count nothing: what is inside belongs to its text.
      self.init(range, from: mark, at: range.lowerBound)
      if mark.family == .bullets || mark.number == 1 { return }
      // 3. … 4. …: the end of a list that began elsewhere.
      var rest = self
      guard mark.number > 0, rest.next(in: cell) != nil, rest.number == mark.number + 1 else { return nil }
      return
    }
    guard let begin = Self.firstList(in: cell, range) else { return nil }
    self.init(range, from: begin.mark, at: begin.start)
  }

  /// The first mark inside the cell that another one continues: one alone in the middle of a text numbers nothing. Of
  /// several kinds that of the outer list counts, which begins first. One pass, whatever the cell holds.
  private static func firstList(in cell: Span<UInt8>, _ range: Range<Int>) -> (mark: NumberingMark, start: Int)? {
    var candidates = InlineArray<10, (mark: NumberingMark, start: Int)?>(repeating: nil)
    var found: (mark: NumberingMark, start: Int)?
    for index in range where NumberingMark.mayBegin(cell, at: index, upTo: range.upperBound) {
      guard let mark = NumberingMark(cell, at: index, upTo: range.upperBound) else { continue }
      let boundary = Boundary(cell, before: index, from: range.lowerBound)
      if let first = candidates[mark.family.rawValue] {
        let step = mark.number - first.mark.number
        guard step == (mark.family == .bullets ? 0 : 1), first.start < found?.start ?? .max else { continue }
        if boundary.continues(mark.family, by: step, isRestart: false) { found = first }
      } else if found == nil, mark.number <= 1, boundary.begins(mark.family) {
        candidates[mark.family.rawValue] = (mark, index)
      }
    }
    return found
  }

  private init(_ range: Range<Int>, from mark: NumberingMark, at start: Int) {
    self.range = range
    first = (start, mark.end)
    family = mark.family
    number = mark.number
    index = mark.end
  }

  /// The next mark that continues the count.
  mutating func next(in cell: Span<UInt8>) -> Place? {
    while index < range.upperBound {
      let start = index
      index += 1
      guard NumberingMark.mayBegin(cell, at: start, upTo: range.upperBound),
        let mark = NumberingMark(cell, at: start, upTo: range.upperBound), mark.family == family
      else { continue }
      let boundary = Boundary(cell, before: start, from: range.lowerBound)
      guard boundary.continues(family, by: mark.number - number, isRestart: mark.number == 1) else { continue }
      number = mark.number
      index = mark.end
      return (start, mark.end)
    }
    return nil
  }
}

/// What stands before a place in a text, and so whether a mark there can number an item.
private enum Boundary {
  /// The start of a line.
  case line
  /// Behind 。；！？ and the like.
  case sentence
  /// Behind white space or a colon.
  case space
  /// Behind a comma, a closing bracket, a closing quote.
  case clause
  /// Behind a word that refers to a mark: 见①, 图②, 和③.
  case reference
  case other

  init(_ text: Span<UInt8>, before index: Int, from start: Int) {
    var end = index
    var isBehindSpace = false
    while end > start {
      let begin = characterStart(text, before: end, from: start)
      if lineBreakLength(text, at: begin, upTo: end) > 0 {
        self = .line
        return
      }
      guard spaceLength(text, at: begin, upTo: end) > 0 else { break }
      isBehindSpace = true
      end = begin
    }
    guard end > start else {
      self = .line
      return
    }
    let begin = characterStart(text, before: end, from: start)
    let kind = decodeScalar(text, at: begin).flatMap { kinds.find($0.scalar) } ?? 4
    self = kind == 0 ? .sentence : isBehindSpace ? .space : [.sentence, .space, .clause, .reference, .other][kind]
  }

  /// Whether a list may begin here.
  func begins(_ family: NumberingMark.Family) -> Bool {
    switch self {
    case .line: true
    case .sentence, .space: family != .bullets
    case .clause: family == .circled || family == .enclosedDigits || family == .clauses
    case .reference, .other: false
    }
  }

  /// Whether the list may go on here with a mark that is `step` after the last one.
  func continues(_ family: NumberingMark.Family, by step: Int, isRestart: Bool) -> Bool {
    if family == .bullets { return self == .line }
    switch (self, step) {
    case (.line, 0...2): return true
    case (.line, _): return isRestart
    case (.sentence, 0...2): return true
    case (.space, 1...2): return true
    case (.clause, 1): return true
    // ①加强宣传②落实责任: nothing else looks like these.
    case (.other, 1): return family == .circled || family == .enclosedDigits
    default: return false
    }
  }
}

private let kinds = ScalarTable(["。；;！？!?…", "：:", "，,”』」）)】》", "见見图圖表注式如照按据據与與和及至到第附或"])

/// Where the character of UTF-8 that ends before `end` begins.
private func characterStart(_ text: Span<UInt8>, before end: Int, from start: Int) -> Int {
  var begin = end - 1
  while begin > start, end - begin < 4, text[begin] & 0xC0 == 0x80 { begin -= 1 }
  return begin
}
