import Campaign
import Check
import Collect
import Diagnostics
import Records

/// Read and Check for all files: files side by side, large files in pieces, results in the order of the files whatever the
/// timing.
struct Ingest {
  let folder: CampaignFolder
  let inbox: Inbox
  let files: [SourceFile]
  /// Tasks at once.
  let width: Int
  let store: SegmentStore
  /// Of each file: the segment that is there already, if any.
  let known: [KnownSegment?]
  /// When the files were listed.
  let begun: Int
  /// Files that are open already.
  let ahead: FilesAhead?
  /// Whether segments say of files that cannot be read why.
  var leavesFailures = false
  var reports: [FileReport] = []
  /// Of the files that were read and could be; empty unless the store leaves a segment file.
  var segments: [SegmentPiece] = []

  /// Files from this size on are checked in pieces.
  private static let largeFile = 8 << 20
  /// The same when there are fewer than tasks.
  private static let fewFile = 1 << 20

  /// - Parameter known: empty, or one for each file.
  init(
    _ folder: CampaignFolder, inbox: Inbox, files: [SourceFile], width: Int, store: SegmentStore,
    known: [KnownSegment?] = [], begun: Int = 0, ahead: FilesAhead? = nil
  ) {
    self.ahead = ahead
    self.known = known.isEmpty ? files.map { _ in nil } : known
    self.begun = begun
    self.folder = folder
    self.inbox = inbox
    self.files = files
    self.width = max(1, width)
    self.store = store
  }

  /// Chunks of all files are in the store afterwards, and a report for each file in `reports`, in file order.
  /// - Throws: `ReadError` when the run cannot go on, `SegmentFault` when a known segment is not what was written.
  mutating func run() async throws {
    // Where no task has a file of its own, they share the files.
    let isFew = known.count(where: { $0 == nil }) < width
    let largeFile = isFew ? Self.fewFile : Self.largeFile
    var next = 0
    while next < files.count {
      if let known = known[next] {
        try known.append(to: store, &reports)
        next += 1
      } else if files[next].cost >= largeFile {
        // Read once where it is what nearly all files are; from the start again where it is not.
        var assumptions = Assumptions(isUTF8: true, hasPieces: width > 1)
        while let others = try await ingestLarge(next, assumptions) { assumptions = others }
        next += 1
      } else {
        var end = next
        while end < files.count, known[end] == nil, files[end].cost < largeFile { end += 1 }
        try await ingestSmall(next..<end)
        next = end
      }
    }
  }

  // MARK: segments

  /// What the store's segment file says of a file. Of one that could not be read it says nothing: another time it may be.
  ///
  /// - Parameters:
  ///   - range: its reports.
  ///   - starts: of each the first chunk in the store.
  private mutating func leave(_ index: Int, reports range: Range<Int>, chunks starts: [Int], upTo end: Int) {
    guard store.leavesSegments, leavesFailures || reports[range].allSatisfy({ $0.failure == nil }) else { return }
    let ends = starts.dropFirst() + [end]
    let places = (starts[0]..<end).compactMap { store.placeInSegments($0) }
    guard places.count == end - starts[0] else { return }
    var piece = SegmentPiece()
    piece.append(files[index], at: begun, tables: range.count)
    for (report, (start, end)) in zip(range, zip(starts, ends)) {
      piece.append(reports[report], chunks: end - start)
    }
    piece.place(places)
    segments.append(piece)
  }

  // MARK: a large file

  /// What a large file is taken for until it is seen to be something else.
  private struct Assumptions {
    var isUTF8: Bool
    /// Whether its XML can be parsed in pieces.
    var hasPieces: Bool
    var withoutUTF8: Assumptions { Assumptions(isUTF8: false, hasPieces: hasPieces) }
    var withoutPieces: Assumptions { Assumptions(isUTF8: isUTF8, hasPieces: false) }
  }

  /// Several tasks read and check it.
  ///
  /// - Returns: what to try instead, when something went wrong that may come of what was assumed; nothing is left of the
  ///   attempt then.
  private mutating func ingestLarge(
    _ index: Int, _ assumptions: Assumptions
  ) async throws(ReadError) -> Assumptions? {
    let tables: FileTables
    do throws(ReadError) {
      tables = try FileTables(
        files[index], plan: folder.sources[files[index].source], inbox: inbox, assumesUTF8: assumptions.isUTF8,
        inPieces: assumptions.hasPieces, opened: ahead?.take(files[index].file))
    } catch {
      if assumptions.isUTF8 { return assumptions.withoutUTF8 }
      var report = FileReport(files[index])
      report.quarantine(error, fingerprint: fingerprint(of: files[index], in: inbox))
      reports.append(report)
      leave(index, reports: reports.count - 1..<reports.count, chunks: [store.count], upTo: store.count)
      return nil
    }
    let first = reports.count
    var starts: [Int] = []
    for table in 0..<tables.count {
      var report = FileReport(files[index], table: tables.name(of: table))
      let mark = store.count
      starts.append(mark)
      var isAssumed = false
      do throws(ReadError) {
        let ingest = try tables.open(table)
        isAssumed = ingest.isAssumed
        report.note(ingest.encoding)
        let plan = folder.sources[files[index].source].check
        if let pieces = ingest.pieces {
          guard let counts = try await check(pieces, ahead: ingest.ahead, plan: plan, file: reports.count) else {
            store.truncate(to: mark)
            return assumptions.withoutPieces
          }
          report.counts = counts
        } else {
          report.counts = try await check(ingest, plan: plan, file: reports.count)
        }
        if let size = ingest.size { report.size = size }
        report.take(ingest.takeAccount(), ingest.encoding)
        report.fingerprint = try ingest.fingerprint()
      } catch {
        if let failure = store.failure { throw failure }
        store.truncate(to: mark)
        if isAssumed { return assumptions.withoutUTF8 }
        report.quarantine(error, fingerprint: fingerprint(of: files[index], in: inbox))
      }
      if table == 0 { report.reading.notes += tables.notes }
      reports.append(report)
    }
    leave(index, reports: first..<reports.count, chunks: starts, upTo: store.count)
    return nil
  }

  /// What was checked of a batch.
  struct CheckedPiece: Sendable {
    let chunk: SegmentChunk
    /// What the store's segment file takes, where a task has made it.
    let encoded: EncodedChunks?

    /// - Parameter encodes: whether the store's segment file wants it in bytes.
    init(_ chunk: SegmentChunk, encodes: Bool) {
      self.chunk = chunk
      encoded = encodes ? EncodedChunks([chunk]) : nil
    }
  }

  /// What was checked of a file; its pieces go into the store in its order.
  struct CheckedPieces {
    private(set) var counts = CheckCounts()
    /// Why the store takes no more, or nothing more can be read.
    var failure: ReadError?
    private var results = OrderedResults<CheckedPiece>()

    mutating func add(_ piece: CheckedPiece, number: Int, to store: SegmentStore, file: Int) {
      results.add(piece, number: number)
      while let piece = results.popNext() {
        counts.merge(piece.chunk.counts)
        do throws(ReadError) { try store.append([piece.chunk], file: file, encoded: piece.encoded) } catch {
          failure = failure ?? error
        }
      }
    }
  }

  private func check(_ ingest: FileIngest, plan: CheckPlan, file: Int) async throws(ReadError) -> CheckCounts {
    let turns = Turns(ingest, plan: plan, store: store, file: file, encodes: width > 1 && store.leavesSegments)
    if width == 1 {
      turns.work()
    } else {
      await withTaskGroup(of: Void.self) { tasks in
        for _ in 0..<width { tasks.addTask { turns.work() } }
      }
    }
    return try turns.counts()
  }
}

/// Results by number that arrive in any order and leave in theirs.
struct OrderedResults<Result> {
  private var waiting: [Int: Result] = [:]
  /// Number of the result that leaves next.
  private(set) var next = 0
  private(set) var received = 0
  var failure: ReadError?

  mutating func add(_ result: Result, number: Int) {
    waiting[number] = result
    received += 1
  }

  mutating func popNext() -> Result? {
    guard let result = waiting.removeValue(forKey: next) else { return nil }
    next += 1
    return result
  }

  /// The result that left last is not the one: another will come with its number.
  mutating func takeBack() {
    next -= 1
    received -= 1
  }
}

extension SegmentPiece {
  /// - Parameter moment: when the files were listed.
  /// Begins a file.
  mutating func append(_ file: SourceFile, at moment: Int, tables: Int) {
    append(file: file.file.shown, source: file.source, identity: file.settledIdentity(at: moment), tables: tables)
  }
}
