import Bytes
import Campaign
import Collect
package import Diagnostics
import Glibc
import Records

/// Segment files that stand for an inbox: made by `segment` on any machine, from any part of the files.
struct SegmentInput {
  /// In the order in which one run over all files has them.
  private(set) var segments: [KnownSegment] = []
  private(set) var notes: [Diagnostic] = []

  /// - Throws: `RunFailure` when a file is no segment file, of another pipeline or version, or has a file that another has too.
  init(_ paths: [String], context: String, sources: [SourceDefinition]) throws(RunFailure) {
    var lists = CollectNotes(found: [], archives: [], claims: [])
    for path in paths {
      let opened: (file: SegmentFile, directory: SegmentDirectory)
      do throws(SegmentFault) { opened = try SegmentFile.open(path) } catch {
        throw RunFailure([Self.diagnostic(error, path)], error == .unreadable(ENOENT) ? 66 : 65)
      }
      let directory = opened.directory
      guard directory.context == context, directory.notes.count == 3 else {
        throw RunFailure([Diagnostic(.segmentsOther, at: SourceLocation(file: path))], 65)
      }
      segments += directory.segments.map { KnownSegment(segment: $0, file: opened.file) }
      lists.found += directory.notes[0]
      lists.archives += directory.notes[1]
      lists.claims += directory.notes[2].filter { $0.rule != .sourceWithoutFiles }
    }
    segments = Self.sorted(segments, by: { ($0.segment.source, $0.segment.file) })
    for (first, second) in zip(segments, segments.dropFirst())
    where first.segment.file == second.segment.file && first.segment.source == second.segment.source {
      throw RunFailure(
        [Diagnostic(.segmentsOverlap, at: SourceLocation(file: second.file.path), found: second.segment.file)], 65)
    }
    notes = [lists.found, lists.archives, lists.claims].flatMap { Self.sorted($0, by: { (0, $0.location.file) }) }
    notes += Claims.notes(ofSourcesWithoutFiles: sources) { place in segments.contains { $0.segment.source == place } }
  }

  /// As the inbox is sorted: by source, then name by name by their bytes. What is equal stays in its order.
  private static func sorted<Element>(_ elements: [Element], by key: (Element) -> (Int, String)) -> [Element] {
    elements.enumerated().map { place, element in
      let (source, path) = key(element)
      return (source, path.utf8.split(separator: UInt8(ascii: "/")).map(Array.init), place, element)
    }.sorted { left, right in
      if left.0 != right.0 { return left.0 < right.0 }
      if left.1 != right.1 { return left.1.lexicographicallyPrecedes(right.1) { $0.lexicographicallyPrecedes($1) } }
      return left.2 < right.2
    }.map(\.3)
  }

  /// - Returns: a report for each table, in order.
  func append(to store: SegmentStore) throws -> [FileReport] {
    var reports: [FileReport] = []
    for known in segments { try known.append(to: store, &reports) }
    return reports
  }

  static func diagnostic(_ fault: SegmentFault, _ path: String) -> Diagnostic {
    switch fault {
    case .unreadable(let code):
      Diagnostic(
        code == ENOENT ? .fileMissing : .fileUnreadable, at: SourceLocation(file: path),
        [.literal(unsafe String(cString: strerror(code)))])
    case .otherFormat: Diagnostic(.segmentsOther, at: SourceLocation(file: path))
    case .damaged: Diagnostic(.segmentsDamaged, at: SourceLocation(file: path))
    }
  }
}

/// What `segment` came to.
package struct SegmentOutcome: Sendable {
  package var diagnostics: [Diagnostic]
  package var language: Language
  package var files: Int
  package var records: Int
  package var exitStatus: Int32
}

/// The first half of a run: reads and checks the inbox, and leaves its segments at `path`.
package func segment(_ options: RunOptions, to path: String) async throws(RunFailure) -> SegmentOutcome {
  let asOf = try day(options.asOf)
  let campaign = try await load(options.folder, asOf: asOf, width: options.width)
  let begun = nanoseconds()
  let inbox = Inbox(folder: options.inboxFolder)
  let collected = try await collect(InboxListing(inbox, width: options.width), for: campaign)
  do {
    let writer = try SegmentFileWriter(path)
    // All chunks go to the file; none is needed again.
    let store = SegmentStore(spoolFolder: temporaryFolder(), memoryBudget: 0, segments: writer)
    var ingest = Ingest(
      campaign, inbox: inbox, files: collected.files, width: options.width, store: store, begun: begun)
    ingest.leavesFailures = true
    try await ingest.run()
    guard ingest.segments.reduce(0, { $0 + $1.count }) == collected.files.count else {
      throw SegmentFault.unreadable(ENOSPC)
    }
    let notes = [collected.notes.found, collected.notes.archives, collected.notes.claims]
    try writer.complete(
      SegmentDirectory(context: campaign.context(asOf: asOf), begun: begun, notes: notes, pieces: ingest.segments),
      isLasting: true)
    try writer.putInPlace()
    let failures = ingest.reports.compactMap(\.failure)
    return SegmentOutcome(
      diagnostics: campaign.notes + collected.notes.all + failures, language: campaign.language,
      files: ingest.reports.count, records: ingest.reports.reduce(0) { $0 + $1.counts.records },
      exitStatus: failures.isEmpty ? 0 : 1)
  } catch let error as ReadError {
    throw RunFailure([error.diagnostic], 74)
  } catch let SegmentFault.unreadable(code) {
    let reason = unsafe String(cString: strerror(code))
    let rule: Rule = [ENOSPC, EDQUOT, EFBIG].contains(code) ? .diskFull : .outputWriteFailed
    throw RunFailure([Diagnostic(rule, at: SourceLocation(file: path), [.literal(reason)])], code == ENOENT ? 73 : 74)
  } catch {
    throw RunFailure([Diagnostic(.internalError, at: SourceLocation(file: path), found: "\(error)")], 70)
  }
}
