package import Diagnostics

/// Of each rule and file a thousand are shown.
package struct RemarkCap {
  private struct Key: Hashable {
    var rule: String
    var file: String
  }
  private var taken: [Key: Int] = [:]
  package static let limit = 1000

  package init() {}

  package mutating func takes(_ rule: String, _ file: String) -> Bool {
    let key = Key(rule: rule, file: file)
    guard taken[key, default: 0] < Self.limit else { return false }
    taken[key, default: 0] += 1
    return true
  }
}

/// Warnings and notes of later stages: all counted, the first thousand of each rule and file kept.
package struct RemarkLog {
  private var kept: [Reconciliation.Remark] = []
  private var cap = RemarkCap()
  private var counts: [String: Int] = [:]

  package init() {}

  package mutating func add(_ diagnostic: Diagnostic) {
    counts[diagnostic.rule.id, default: 0] += 1
    if cap.takes(diagnostic.rule.id, diagnostic.location.file) { kept.append(Reconciliation.Remark(diagnostic)) }
  }

  /// Counts remarks that are not kept.
  package mutating func count(_ rule: Rule, _ number: Int) { counts[rule.id, default: 0] += number }

  package mutating func move(into result: inout Reconciliation) {
    result.remarks += kept
    result.remarkCounts.merge(counts, uniquingKeysWith: +)
    self = RemarkLog()
  }
}
