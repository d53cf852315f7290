import Diagnostics

/// Rewrites every match of a pattern: `x-replace`. Compiled once, shared by tasks.
package struct PatternReplacer: Sendable {
  private enum Part: Sendable {
    case bytes([UInt8])
    case group(Int)
  }
  private let program: PatternProgram
  private let template: [Part]

  /// - Parameter template: `$0` stands for the whole match, `$1` … `$9` for its groups, `$$` for a dollar sign.
  package init(_ pattern: Pattern, with template: String) {
    program = pattern.program
    self.template = Self.parts(of: Array(template.utf8))
  }

  private static func parts(of template: [UInt8]) -> [Part] {
    var parts: [Part] = []
    var bytes: [UInt8] = []
    var index = 0
    while index < template.count {
      let isDollar = template[index] == UInt8(ascii: "$") && index + 1 < template.count
      if isDollar, (0x30...0x39).contains(template[index + 1]) {
        if !bytes.isEmpty { parts.append(.bytes(bytes)) }
        bytes = []
        parts.append(.group(Int(template[index + 1]) - 0x30))
        index += 2
      } else {
        bytes.append(template[index])
        index += isDollar && template[index + 1] == UInt8(ascii: "$") ? 2 : 1
      }
    }
    if !bytes.isEmpty { parts.append(.bytes(bytes)) }
    return parts
  }

  /// Writes the rewritten text into `result`.
  ///
  /// - Returns: whether there was a match; without one `result` is not touched. Time: length × matches at worst.
  package func replace(in text: Span<UInt8>, into result: inout [UInt8]) -> Bool {
    var machine = CaptureMachine(program)
    guard var match = machine.firstMatch(in: text) else { return false }
    result.removeAll(keepingCapacity: true)
    var done = 0
    while let whole = match.range(0) {
      append(text, done..<whole.lowerBound, to: &result)
      for part in template {
        switch part {
        case .bytes(let bytes): result.append(contentsOf: bytes)
        case .group(let group): if let range = match.range(group) { append(text, range, to: &result) }
        }
      }
      done = whole.upperBound
      var next = done
      if whole.isEmpty {
        // An empty match moves on by a character, which stays.
        guard done < text.count else { break }
        next += 1
        while next < text.count, text[next] & 0xC0 == 0x80 { next += 1 }
        append(text, done..<next, to: &result)
        done = next
      }
      guard let following = machine.firstMatch(in: text, from: next) else { break }
      match = following
    }
    append(text, done..<text.count, to: &result)
    return true
  }

  /// Where the first group stands in the first match, or that match when the pattern has no group: `x-extract`.
  package func firstGroup(in text: Span<UInt8>) -> Range<Int>? {
    var machine = CaptureMachine(program)
    return machine.firstMatch(in: text)?.range(program.groups > 0 ? 1 : 0)
  }

  private func append(_ text: Span<UInt8>, _ range: Range<Int>, to result: inout [UInt8]) {
    for index in range { result.append(text[index]) }
  }
}
