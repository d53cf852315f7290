import Values

/// What changes while cells are read: one a task, so that nothing is shared and nothing is allocated per cell.
struct Workspace: ~Copyable {
  /// Rewritten texts of the current record; values refer to it by place.
  var arena: [UInt8] = []
  var scratch = ScratchBuffer()
  var replaced: [UInt8] = []

  func matches(_ pattern: Pattern, field text: Span<UInt8>) -> Bool {
    var matcher = PatternMatcher(pattern)
    return matcher.matchesWhole(text)
  }
}
