package import Bytes
import Campaign
package import Diagnostics
package import Records

/// Reads one XML file by a plan: a stream of events from libxml2, no tree, memory bounded by one record and one batch.
///
/// The value of an element is the text directly in it, not that of its child elements; comments and processing
/// instructions do not interrupt it, references and CDATA are resolved, white space stays (trimming is a step of Check).
package final class XMLReader: RecordReader {
  private let parser: RecordParser
  private let plan: XMLPlan
  private var isDone = false
  package private(set) var account = ReadingAccount()

  /// - Parameters:
  ///   - source: the file as UTF-8 without a byte order mark; what its declaration says about encoding is ignored.
  ///   - file: its name in messages.
  ///   - schema: what each record must be valid against.
  package init(
    source: any ByteSource, file: String, plan: XMLPlan, limits: XMLLimits = XMLLimits(), schema: XMLSchema? = nil
  ) throws(ReadError) {
    self.plan = plan
    parser = try RecordParser(source: source, file: file, plan: plan, limits: limits, schema: schema)
    account.dialect = "record=\(plan.options.record)"
    account.columns = plan.columns
  }

  package func next(_ batch: inout RecordBatch) throws(ReadError) -> Bool {
    batch.removeAll()
    guard !isDone else { return false }
    do {
      var hasMore = true
      while hasMore, !parser.assembler.isBatchFull { hasMore = try parser.advance() }
      isDone = !hasMore
    } catch {
      isDone = true
      guard plan.options.salvagesBroken, error.diagnostic.rule == .xmlNotWellFormed else { throw error }
      parser.dropOpenRecord()
      account.notes.append(error.diagnostic)
      var salvaged = Diagnostic(.xmlSalvaged, at: error.diagnostic.location)
      salvaged.arguments = [.literal("\(parser.assembler.recordCount)")]
      account.notes.append(salvaged)
    }
    parser.take(&batch)
    account.records = parser.assembler.recordCount
    account.rows = parser.assembler.recordCount
    if isDone { finishAccount() }
    return !batch.rows.isEmpty
  }

  private func finishAccount() {
    if let prefix = parser.undeclaredPrefix { account.notes.append(prefix) }
    let unmapped = parser.assembler.unmapped
    for path in unmapped { account.columns.append((path.path, nil)) }
    let seen = unmapped.prefix(8).map { "\($0.path) (\($0.count))" }.joined(separator: ", ")
    if parser.assembler.recordCount == 0 {
      account.notes.append(
        Diagnostic(
          .xmlNoRecords, at: SourceLocation(file: parser.file),
          [.literal(plan.options.record), .literal(seen.isEmpty ? "–" : seen)]))
    } else if !unmapped.isEmpty {
      account.notes.append(
        Diagnostic(
          .xmlUnmapped, at: SourceLocation(file: parser.file), found: seen,
          [.literal("\(unmapped.count)\(parser.assembler.hasMoreUnmapped ? "+" : "")")]))
    }
  }
}
