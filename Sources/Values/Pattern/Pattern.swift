package import Diagnostics

/// Why a text is no pattern: a fault of the pipeline or its schema.
package struct PatternError: Error, Hashable, Sendable {
  /// Byte of the pattern's UTF-8 text at which the fault stands, from 0.
  package var position: Int
  /// What is wrong, as a sentence.
  package var message: LocalizedText
}

/// A regular expression: what XML Schema and ECMAScript have in common, which is what Table Schema's `pattern` uses.
/// Literals, `.`, classes (with ranges, `^`, subtraction `[a-z-[aeiou]]`), `\d \w \s \D \W \S`, `\p{L} \p{Lu} \p{Han} \P{…}`,
/// `^ $`, groups, `|`, `* + ? {n} {n,} {n,m}` and their lazy forms, `\n \t \r \f \v \xHH \uHHHH \u{H}`. Neither
/// back-references nor look-around: without them every pattern is matched in one pass over the text, in time linear in
/// its length, and no pattern can hang a run.
///
/// Compiled once and then only read, by any number of tasks; each makes a `PatternMatcher` of its own.
package struct Pattern: Sendable {
  let program: PatternProgram

  /// - Throws: a fault with its place; also for a pattern of more than 10,000 states, which `{n}` of `{n}` soon has.
  package init(_ text: String) throws(PatternError) {
    var syntax = PatternSyntax(text)
    program = try PatternProgram(try syntax.parse())
  }
}

/// Matches one pattern against many texts; one a task. It remembers the states that it met (up to some thousand, then it
/// begins anew), so that most bytes of a text cost one look-up.
package struct PatternMatcher: ~Copyable {
  private let program: PatternProgram
  private var whole: PatternAutomaton
  private var search: PatternAutomaton
  private var captures: CaptureMachine

  package init(_ pattern: Pattern) {
    program = pattern.program
    whole = PatternAutomaton(program, isSearching: false)
    search = PatternAutomaton(program, isSearching: true)
    captures = CaptureMachine(program)
  }

  /// Whether the pattern matches all of `text`, as `^(?:…)$` would: Table Schema's `pattern`.
  package mutating func matchesWhole(_ text: Span<UInt8>) -> Bool { whole.accepts(text) }

  /// Whether the pattern matches some part of `text`.
  package mutating func containsMatch(_ text: Span<UInt8>) -> Bool { search.accepts(text) }

  /// Where the first group stands in the first match, or that match when the pattern has no group; `nil` without a match,
  /// or when the match does not use the group. Earlier alternatives and greedy repeats go first, as in ECMAScript.
  package mutating func firstGroup(in text: Span<UInt8>) -> Range<Int>? {
    guard search.accepts(text), let match = captures.firstMatch(in: text) else { return nil }
    return match.range(program.groups > 0 ? 1 : 0)
  }
}
