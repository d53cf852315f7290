import Campaign
import Diagnostics
import Records

/// What is said of a file's paths that no field reads. One reference, which many files share.
final class UnmappedText {
  /// The columns of the file, with those that no field reads.
  let columns: [(header: String, field: String?)]
  let seen: String
  let count: String

  /// - Parameter places: most frequent first.
  init(_ places: [UnmappedPlace], hasMore: Bool, _ plan: XMLPlan) {
    columns = plan.columns + places.map { ($0.path, nil) }
    seen = places.prefix(8).map { "\($0.path) (\($0.count))" }.joined(separator: ", ")
    count = "\(places.count)\(hasMore ? "+" : "")"
  }
}

extension ReadingAccount {
  /// Completes the account of a file whose records were counted.
  mutating func finish(_ unmapped: UnmappedText, _ plan: XMLPlan, file: String, undeclaredPrefix: Diagnostic?) {
    if let undeclaredPrefix { notes.append(undeclaredPrefix) }
    columns = unmapped.columns
    if records == 0 {
      notes.append(
        Diagnostic(
          .xmlNoRecords, at: SourceLocation(file: file),
          [.literal(plan.options.record), .literal(unmapped.seen.isEmpty ? "–" : unmapped.seen)]))
    } else if !unmapped.seen.isEmpty {
      notes.append(
        Diagnostic(.xmlUnmapped, at: SourceLocation(file: file), found: unmapped.seen, [.literal(unmapped.count)]))
    }
  }
}
