package import Campaign

/// Tells the findings in one cell apart. Each item is a range of the cell without white space at its ends, without the
/// mark that numbers it and without a semicolon or comma behind it. Nothing else of the cell is left out, but items that say that
/// there is nothing to say (`isWrittenBlank`).
///
/// `numbered`: the marks that begin the cell (or the first that follow a text, if there are at least two) split it. They
/// must count upwards, where one may be left out or stand twice, and each must stand where a sentence could begin: so
/// `1.5倍` and 三（2）班 do not split. Marks of another kind inside an item belong to its text. What stands before the
/// first mark is an item, or the beginning of the first one when it ends with a colon. A cell without marks is split
/// into lines, unless one of them is blank.
package struct FindingSplitter: Sendable {
  private let split: FindingSplit
  private let separator: [UInt8]

  package init(_ split: FindingSplit) {
    self.split = split
    if case .separator(let text) = split { separator = Array(text.utf8) } else { separator = [] }
  }

  package func forEachItem(in cell: Span<UInt8>, _ body: (Range<Int>) -> Void) {
    let range = trimmed(cell)
    guard !range.isEmpty else { return }
    switch split {
    case .none: emit(range, of: cell, body)
    case .lines: splitLines(cell, range, body)
    case .coded: splitCoded(cell, range, body)
    case .separator: splitAtSeparator(cell, range, body)
    case .numbered: splitNumbered(cell, range, body)
    }
  }

  private func emit(_ range: Range<Int>, of cell: Span<UInt8>, _ body: (Range<Int>) -> Void) {
    var item = trimmed(cell, in: range)
    while let length = separatorLength(cell, before: item.upperBound, from: item.lowerBound) {
      item = trimmed(cell, in: item.lowerBound..<(item.upperBound - length))
    }
    if !item.isEmpty, !isWrittenBlank(cell.extracting(item)) { body(item) }
  }

  private func splitAtSeparator(_ cell: Span<UInt8>, _ range: Range<Int>, _ body: (Range<Int>) -> Void) {
    var start = range.lowerBound
    var index = start
    while !separator.isEmpty, index + separator.count <= range.upperBound {
      if separator.indices.allSatisfy({ cell[index + $0] == separator[$0] }) {
        emit(start..<index, of: cell, body)
        index += separator.count
        start = index
      } else {
        index += 1
      }
    }
    emit(start..<range.upperBound, of: cell, body)
  }

  /// A mark that continues the count of the lines is taken off, and so is a bullet.
  private func splitLines(_ cell: Span<UInt8>, _ range: Range<Int>, _ body: (Range<Int>) -> Void) {
    var expected = 1
    var start = range.lowerBound
    while start < range.upperBound {
      var end = start
      while end < range.upperBound, lineBreakLength(cell, at: end, upTo: range.upperBound) == 0 { end += 1 }
      let line = trimmed(cell, in: start..<end)
      var textStart = line.lowerBound
      if !line.isEmpty, let mark = NumberingMark(cell, at: line.lowerBound, upTo: line.upperBound) {
        if mark.family == .bullets || mark.number == expected { textStart = mark.end }
        if mark.number == expected { expected += 1 }
      }
      emit(textStart..<line.upperBound, of: cell, body)
      start = end
      while start < range.upperBound, case let length = lineBreakLength(cell, at: start, upTo: range.upperBound),
        length > 0
      {
        start += length
      }
    }
  }

  private func splitNumbered(_ cell: Span<UInt8>, _ range: Range<Int>, _ body: (Range<Int>) -> Void) {
    if splitAtBars(cell, range, body) { return }
    guard var sequence = MarkSequence(cell, range) else {
      // Marks that begin the cell but count nothing belong to its text.
      if NumberingMark(cell, at: range.lowerBound, upTo: range.upperBound) == nil, hasOnlyFullLines(cell, range) {
        splitLines(cell, range, body)
      } else {
        emit(range, of: cell, body)
      }
      return
    }
    var start = sequence.first.end
    if sequence.first.start > range.lowerBound {
      let preface = trimmed(cell, in: range.lowerBound..<sequence.first.start)
      if endsWithColon(cell, preface) { start = preface.lowerBound } else { emit(preface, of: cell, body) }
    }
    while let mark = sequence.next(in: cell) {
      emit(start..<mark.start, of: cell, body)
      start = mark.end
    }
    emit(start..<range.upperBound, of: cell, body)
  }

  /// `10. TEXT` `55. TEXT`: a number splits at the start of a line, behind a bar or a semicolon, and behind a sentence when
  /// it is greater than the one before. The numbers stay: they say which item of the code it is.
  private func splitCoded(_ cell: Span<UInt8>, _ range: Range<Int>, _ body: (Range<Int>) -> Void) {
    var start = range.lowerBound
    var number = 0
    var index = start
    while index < range.upperBound {
      guard isDigit(cell[index]), let mark = NumberingMark(cell, at: index, upTo: range.upperBound),
        mark.family == .digits, mark.end - index <= 6,
        CodedBoundary(cell, before: index, from: range.lowerBound).begins(mark.number, after: number)
      else {
        // The rest of a number begins no mark.
        let isInNumber = isDigit(cell[index])
        index += 1
        while isInNumber, index < range.upperBound, isDigit(cell[index]) { index += 1 }
        continue
      }
      emitCoded(start..<index, of: cell, body)
      start = index
      number = mark.number
      index = mark.end
    }
    emitCoded(start..<range.upperBound, of: cell, body)
  }

  private func emitCoded(_ range: Range<Int>, of cell: Span<UInt8>, _ body: (Range<Int>) -> Void) {
    var item = trimmed(cell, in: range)
    while let last = item.last, cell[last] == UInt8(ascii: "|") { item = trimmed(cell, in: item.lowerBound..<last) }
    emit(item, of: cell, body)
  }

  /// `55. TEXT | 10. TEXT`, as city inspections write numbers of a code list: split at each bar before a number. The
  /// numbers stay, since they say which item of the code it is; false when the cell is not like that.
  private func splitAtBars(_ cell: Span<UInt8>, _ range: Range<Int>, _ body: (Range<Int>) -> Void) -> Bool {
    guard let mark = NumberingMark(cell, at: range.lowerBound, upTo: range.upperBound), mark.family == .digits else {
      return false
    }
    var start = range.lowerBound
    for index in range where cell[index] == UInt8(ascii: "|") {
      let rest = trimmed(cell, in: (index + 1)..<range.upperBound)
      guard let first = rest.first, NumberingMark(cell, at: first, upTo: range.upperBound)?.family == .digits else {
        continue
      }
      emit(start..<index, of: cell, body)
      start = first
    }
    guard start > range.lowerBound else { return false }
    emit(start..<range.upperBound, of: cell, body)
    return true
  }
}

/// Whether the text has at least two lines, and none of them is blank.
private func hasOnlyFullLines(_ cell: Span<UInt8>, _ range: Range<Int>) -> Bool {
  var lines = 1
  var start = range.lowerBound
  var index = start
  while index < range.upperBound {
    let length = lineBreakLength(cell, at: index, upTo: range.upperBound)
    if length > 0 {
      if trimmed(cell, in: start..<index).isEmpty { return false }
      lines += 1
      start = index + length
    }
    index += max(length, 1)
  }
  return lines > 1
}

/// Bytes of the line break at `index`: CR LF, LF, CR, U+2028, U+2029; 0 when there is none.
func lineBreakLength(_ text: Span<UInt8>, at index: Int, upTo end: Int) -> Int {
  switch text[index] {
  case 0x0A: return 1
  case 0x0D: return index + 1 < end && text[index + 1] == 0x0A ? 2 : 1
  case 0xE2:
    guard index + 2 < end, text[index + 1] == 0x80 else { return 0 }
    return text[index + 2] == 0xA8 || text[index + 2] == 0xA9 ? 3 : 0
  default: return 0
  }
}

/// Bytes of the `；` `，` `;` or `,` that ends before `end`.
private func separatorLength(_ text: Span<UInt8>, before end: Int, from start: Int) -> Int? {
  guard end > start else { return nil }
  if text[end - 1] == UInt8(ascii: ";") || text[end - 1] == UInt8(ascii: ",") { return 1 }
  guard end - start >= 3, text[end - 3] == 0xEF, text[end - 2] == 0xBC else { return nil }
  return text[end - 1] == 0x9B || text[end - 1] == 0x8C ? 3 : nil
}

private func endsWithColon(_ text: Span<UInt8>, _ range: Range<Int>) -> Bool {
  guard let last = range.last else { return false }
  if text[last] == UInt8(ascii: ":") { return true }
  return range.count >= 3 && text[last - 2] == 0xEF && text[last - 1] == 0xBC && text[last] == 0x9A
}

/// What stands before a number of a code.
private enum CodedBoundary {
  case start, sentence, other

  init(_ text: Span<UInt8>, before index: Int, from start: Int) {
    var end = index
    while end > start, text[end - 1] == 0x20 || text[end - 1] == 0x09 { end -= 1 }
    guard end > start else {
      self = .start
      return
    }
    switch text[end - 1] {
    case 0x0A, 0x0D, UInt8(ascii: "|"), UInt8(ascii: ";"): self = .start
    case UInt8(ascii: "."), UInt8(ascii: "!"), UInt8(ascii: "?"): self = end < index ? .sentence : .other
    default:
      guard end - start >= 3 else {
        self = .other
        return
      }
      switch (text[end - 3], text[end - 2], text[end - 1]) {
      case (0xEF, 0xBC, 0x9B): self = .start
      case (0xE3, 0x80, 0x82), (0xEF, 0xBC, 0x81), (0xEF, 0xBC, 0x9F): self = .sentence
      default: self = .other
      }
    }
  }

  func begins(_ number: Int, after last: Int) -> Bool {
    switch self {
    case .start: true
    case .sentence: number > last && last > 0
    case .other: false
    }
  }
}
