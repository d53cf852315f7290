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
    parser.remembersMarkup = true
    account.dialect = plan.dialect
    account.columns = plan.columns
  }

  /// Makes ready for another file of the same plan: a small one is parsed in less time than a parser takes to be made.
  ///
  /// - Returns: whether this reader can be used for it.
  package func restart(source: any ByteSource, file: String) -> Bool {
    guard parser.restart(source: source, file: file) else { return false }
    isDone = false
    account = ReadingAccount()
    account.dialect = plan.dialect
    account.columns = plan.columns
    return true
  }

  /// Takes the place of another reader of the same source, which cannot be used again.
  package func follow(_ other: XMLReader) { parser.follow(other.parser) }

  /// Files so far whose markup was all known from files before.
  var replayedFiles: Int { parser.replayedFiles }

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

  package func takeAccount() -> ReadingAccount {
    var taken = ReadingAccount()
    swap(&taken, &account)
    return taken
  }

  private func finishAccount() {
    account.finish(unmappedText(), plan, file: parser.file, undeclaredPrefix: parser.undeclaredPrefix)
  }

  /// By what was seen: twenty thousand forms share a few. Those that were found most often stand in front.
  private var knownUnmapped: [(key: [UInt64], said: UnmappedText)] = []
  private static let mostKnown = 24
  /// Of this file.
  private var unmappedKey: [UInt64] = []

  private func unmappedText() -> UnmappedText {
    parser.nameUnmapped(in: &unmappedKey)
    for place in knownUnmapped.indices where knownUnmapped[place].key == unmappedKey {
      if place > 0 { knownUnmapped.swapAt(place, place - 1) }
      return knownUnmapped[max(0, place - 1)].said
    }
    let found = UnmappedText(parser.assembler.unmapped, hasMore: parser.assembler.hasMoreUnmapped, plan)
    if knownUnmapped.count >= Self.mostKnown { knownUnmapped.removeLast() }
    knownUnmapped.append((unmappedKey, found))
    return found
  }
}
