import Bytes
package import Campaign

/// Room for normalized cells: one a task, reused from cell to cell, so that normalizing allocates nothing after the
/// first cells.
package struct ScratchBuffer: ~Copyable {
  /// The cell as `Normalization.apply` left it; valid until the next call.
  package fileprivate(set) var bytes: [UInt8] = []
  fileprivate var spare: [UInt8] = []

  package init() {}
}

/// The steps of a field's `x-normalize` that rewrite text, in their order. The others say how a type is read, and belong
/// to the readers of numbers, dates and booleans.
///
/// Each step is idempotent. `lower` and `upper` change the letters of ASCII only: codes are written in them, and names in
/// other scripts have no one rule.
package struct Normalization: Sendable {
  private let steps: [TextStep]
  /// For each byte whether some step may change a character that begins with it. Most cells have none, and one pass sees it.
  private let mayChange: [Bool]
  /// Whether making white space single spaces is the only step.
  package let isSpaceOnly: Bool

  package init(_ normalizers: [Normalizer]) {
    let steps = normalizers.compactMap(TextStep.init)
    self.steps = steps
    isSpaceOnly = steps == [.space]
    mayChange = (0..<256).map { byte in steps.contains { $0.mayChange(UInt8(byte)) } }
  }

  /// Whether no step rewrites text, so that `apply` need not be called.
  package var isEmpty: Bool { steps.isEmpty }

  /// Runs the steps over `cell`.
  ///
  /// - Returns: whether something changed. If so the text is in `scratch.bytes`, else it is the cell, and nothing was
  ///   copied.
  package func apply(_ cell: Span<UInt8>, to scratch: inout ScratchBuffer) -> Bool {
    if isQuiet(cell) { return false }
    var isCopied = false
    for step in steps {
      if isCopied {
        guard step.changes(scratch.bytes.span) else { continue }
        var target: [UInt8] = []
        swap(&target, &scratch.spare)
        step.rewrite(scratch.bytes.span, into: &target)
        swap(&target, &scratch.bytes)
        swap(&target, &scratch.spare)
      } else if step.changes(cell) {
        step.rewrite(cell, into: &scratch.bytes)
        isCopied = true
      }
    }
    return isCopied
  }

  /// Whether some step would give other bytes. It may say yes too often, never no.
  @inline(__always)
  package func changes(_ cell: Span<UInt8>) -> Bool {
    if isSpaceOnly { return hasLooseSpace(cell) }
    if isQuiet(cell) { return false }
    for step in steps where step.changes(cell) { return true }
    return false
  }

  @inline(__always)
  private func isQuiet(_ cell: Span<UInt8>) -> Bool {
    let mayChange = mayChange.span
    for index in cell.indices where mayChange[Int(cell[index])] { return false }
    return true
  }
}

private enum TextStep: Sendable {
  case width, space, noSpace, lower, upper, nfkc

  init?(_ normalizer: Normalizer) {
    switch normalizer {
    case .width: self = .width
    case .space: self = .space
    case .noSpace: self = .noSpace
    case .lower: self = .lower
    case .upper: self = .upper
    case .nfkc: self = .nfkc
    case .chineseNumerals, .numberMarks, .excelSerial, .rocYear, .campaignYear, .yesNo, .fractions, .dayFirst,
      .monthFirst:
      return nil
    }
  }

  /// Whether `rewrite` may change a character that begins with `byte`.
  func mayChange(_ byte: UInt8) -> Bool {
    switch self {
    case .width: beginsFullWidth(byte)
    case .space, .noSpace: maySpace(byte)
    case .lower: byte &- 0x41 < 26
    case .upper: byte &- 0x61 < 26
    case .nfkc: byte >= 0xC2
    }
  }

  /// Whether `rewrite` would give other bytes. For `space` and `nfkc` it may say yes too often, never no.
  func changes(_ text: Span<UInt8>) -> Bool {
    switch self {
    case .width:
      for index in text.indices where beginsFullWidth(text[index]) && narrow(text, at: index) != nil { return true }
    case .space: return hasLooseSpace(text)
    case .noSpace:
      for index in text.indices where maySpace(text[index]) && spaceLength(text, at: index, upTo: text.count) > 0 {
        return true
      }
    case .lower:
      for index in text.indices where text[index] &- 0x41 < 26 { return true }
    case .upper:
      for index in text.indices where text[index] &- 0x61 < 26 { return true }
    case .nfkc: return CompatibilityForm.mayChange(text)
    }
    return false
  }

  func rewrite(_ text: Span<UInt8>, into result: inout [UInt8]) {
    result.removeAll(keepingCapacity: true)
    switch self {
    case .width: narrow(text, into: &result)
    case .space: joinSpaces(text, into: &result)
    case .noSpace: removeSpaces(text, into: &result)
    case .lower: for index in text.indices { result.append(text[index] | (text[index] &- 0x41 < 26 ? 0x20 : 0)) }
    case .upper: for index in text.indices { result.append(text[index] & (text[index] &- 0x61 < 26 ? 0xDF : 0xFF)) }
    case .nfkc: CompatibilityForm.rewrite(text, into: &result)
    }
  }
}

/// Whether a character of U+3000 or U+FF01…U+FF5E may begin with `byte`; of Chinese characters, few do.
@inline(__always)
private func beginsFullWidth(_ byte: UInt8) -> Bool { byte == 0xEF || byte == 0xE3 }

/// Whether a character of `spaceLength` may begin with `byte`.
@inline(__always)
private func maySpace(_ byte: UInt8) -> Bool {
  byte <= 0x20 || byte == 0xC2 || byte == 0xE2 || byte == 0xE3 || byte == 0xEF
}

/// The ASCII character that the full-width one at `index` stands for: U+FF01…U+FF5E, and U+3000 for the space.
@inline(__always)
private func narrow(_ text: Span<UInt8>, at index: Int) -> UInt8? {
  guard index &+ 2 < text.count else { return nil }
  let third = text[index &+ 2]
  switch (text[index], text[index &+ 1]) {
  case (0xEF, 0xBC): return third &- 0x81 < 0x3F ? third &- 0x60 : nil
  case (0xEF, 0xBD): return third &- 0x80 < 0x1F ? third &- 0x20 : nil
  case (0xE3, 0x80): return third == 0x80 ? 0x20 : nil
  default: return nil
  }
}

private func narrow(_ text: Span<UInt8>, into result: inout [UInt8]) {
  var index = 0
  while index < text.count {
    if beginsFullWidth(text[index]), let ascii = narrow(text, at: index) {
      result.append(ascii)
      index += 3
    } else {
      result.append(text[index])
      index += 1
    }
  }
}

/// A run of invisible characters alone goes away: nobody who wrote it meant a space there.
private func joinSpaces(_ text: Span<UInt8>, into result: inout [UInt8]) {
  let range = trimmed(text)
  var index = range.lowerBound
  // Of what is not yet written.
  var start = index
  func write(upTo end: Int) {
    // SAFETY: the pointer does not outlive the closure.
    unsafe text.extracting(start..<end).withUnsafeBufferPointer { unsafe result.append(contentsOf: $0) }
  }
  while index < range.upperBound {
    var length = spaceLength(text, at: index, upTo: range.upperBound)
    guard length > 0 else {
      index += 1
      continue
    }
    write(upTo: index)
    var isSpace = false
    while length > 0 {
      if !isInvisible(text, at: index, length: length) { isSpace = true }
      index += length
      length = index < range.upperBound ? spaceLength(text, at: index, upTo: range.upperBound) : 0
    }
    if isSpace, index < range.upperBound { result.append(0x20) }
    start = index
  }
  write(upTo: range.upperBound)
}

private func removeSpaces(_ text: Span<UInt8>, into result: inout [UInt8]) {
  var index = 0
  while index < text.count {
    let length = spaceLength(text, at: index, upTo: text.count)
    if length == 0 { result.append(text[index]) }
    index += max(length, 1)
  }
}
