import Values

/// What changes while cells are read: one a task, so that nothing is shared and nothing is allocated per cell.
struct Workspace: ~Copyable {
  /// Rewritten texts of the current record; values refer to it by place.
  var arena: [UInt8] = []
  var scratch = ScratchBuffer()
  var replaced: [UInt8] = []

  /// Looks at rewritten texts while the scratch buffer is used for something else.
  @inline(__always)
  mutating func withArena(_ body: (Span<UInt8>, inout ScratchBuffer) -> Int?) -> Int? {
    var arena: [UInt8] = []
    swap(&arena, &self.arena)
    defer { swap(&arena, &self.arena) }
    return body(arena.span, &scratch)
  }

  func matches(_ pattern: Pattern, field text: Span<UInt8>) -> Bool {
    var matcher = PatternMatcher(pattern)
    return matcher.matchesWhole(text)
  }
}
