import CSystem
import Check
import Collect
import Diagnostics
import Records

/// Small files: a task takes a group of them, one after another, and its results join those of the run in the order of the files.
extension Ingest {
  /// Small files that a task takes one after another, in bytes and number.
  fileprivate static let groupBytes = 2 << 20
  private static let groupCount = 256

  private struct GroupResult: Sendable {
    var reports: [FileReport] = []
    var chunks: [SegmentChunk] = []
    /// Of each report how many.
    var chunkCounts: [Int] = []
    /// What the store's segment file takes of the chunks and says of the files; `nil` unless there is one.
    var left: Left?
  }

  private struct Left: Sendable {
    var encoded = EncodedChunks()
    var piece = SegmentPiece()
    /// Places among the chunks of those that the piece has.
    var chunks: [Range<Int>] = []
  }

  /// Runs of small files of one source, each for one task.
  private func groups(_ range: Range<Int>) -> [Range<Int>] {
    var groups: [Range<Int>] = []
    var start = range.lowerBound
    var bytes = 0
    for index in range {
      let isFull = bytes > 0 && (bytes + files[index].cost > Self.groupBytes || index - start >= Self.groupCount)
      if isFull || files[index].source != files[start].source {
        groups.append(start..<index)
        start = index
        bytes = 0
      }
      bytes += files[index].cost
    }
    if start < range.upperBound { groups.append(start..<range.upperBound) }
    return groups
  }

  /// Chunks and reports of the files of `range` as `run` has them.
  ///
  /// - Throws: `ReadError` when the store takes no more.
  mutating func ingestSmall(_ range: Range<Int>) async throws(ReadError) {
    let groups = groups(range)
    store.reserve(range.count)
    let job = SmallFiles(
      inbox: inbox, files: files, ahead: ahead, begun: begun,
      leavesSegments: store.leavesSegments, leavesFailures: leavesFailures)
    var results = OrderedResults<GroupResult>()
    var free: [SmallBench] = []
    let width = width
    await withTaskGroup(of: (Int, GroupResult, SmallBench).self) { tasks in
      for (number, group) in groups.enumerated() {
        // Results that wait for an earlier one are held; so no more are begun than a few ahead of it.
        while number - results.next >= 4 * width || number - results.received >= width {
          guard let (done, result, bench) = await tasks.next() else { break }
          results.add(result, number: done)
          free.append(bench)
          take(&results)
        }
        let source = files[group.lowerBound].source
        let used = free.lastIndex { $0.source == source }.map { free.remove(at: $0) }
        let bench = used ?? SmallBench(source, folder.sources[source], inbox)
        tasks.addTask { (number, job.ingest(group, on: bench), bench) }
      }
      for await (done, result, _) in tasks {
        results.add(result, number: done)
        take(&results)
      }
    }
    if let failure = results.failure { throw failure }
  }

  private mutating func take(_ results: inout OrderedResults<GroupResult>) {
    while let result = results.popNext() {
      let file = reports.count
      let start = store.count
      reports.append(contentsOf: result.reports)
      do throws(ReadError) { try store.append(result.chunks, file: file, encoded: result.left?.encoded) } catch {
        results.failure = results.failure ?? error
        return
      }
      guard store.leavesSegments, let left = result.left, left.piece.count > 0 else { continue }
      var piece = left.piece
      for range in left.chunks { piece.place(range.compactMap { store.placeInSegments(start + $0) }) }
      segments.append(piece)
    }
  }

  /// What the groups of a source that one task takes after another have in common. Unchecked: exactly one task has it at a
  /// time.
  private final class SmallBench: @unchecked Sendable {
    /// Place of the source.
    let source: Int
    let plan: CampaignFolder.SourcePlan
    let reading: ReadingBench
    var batch = RecordBatch()
    var checker: Checker
    init(_ source: Int, _ plan: CampaignFolder.SourcePlan, _ inbox: Inbox) {
      self.source = source
      self.plan = plan
      reading = ReadingBench(inbox)
      checker = Checker(plan.check)
    }
  }

  /// What a task needs to ingest a group of small files.
  private struct SmallFiles: Sendable {
    let inbox: Inbox
    let files: [SourceFile]
    let ahead: FilesAhead?
    let begun: Int
    let leavesSegments: Bool
    let leavesFailures: Bool

    func ingest(_ range: Range<Int>, on bench: SmallBench) -> GroupResult {
      var result = GroupResult()
      if leavesSegments { result.left = Left() }
      // Roughly what chunks and reports of a group take, which stay.
      ftally_grow_heap(Ingest.groupBytes)
      for index in range {
        let (reports, chunks) = (result.reports.count, result.chunks.count)
        let file = files[index]
        // Read in parts; from the start again, as a whole, where it is not what nearly all files are.
        let assumesUTF8 =
          bench.plan.xml == nil && file.cost == file.size && file.size > FileIngest.smallUTF8File
        if ingest(file, assumesUTF8: assumesUTF8, &result, bench) { continue }
        result.reports.removeSubrange(reports...)
        result.chunkCounts.removeSubrange(reports...)
        result.chunks.removeSubrange(chunks...)
        _ = ingest(file, assumesUTF8: false, &result, bench)
      }
      return result
    }

    /// - Returns: `false` when something went wrong that may come of what was assumed; what it left is of no use then.
    private func ingest(_ file: SourceFile, assumesUTF8: Bool, _ result: inout GroupResult, _ bench: SmallBench) -> Bool
    {
      let firstReport = result.reports.count
      let firstChunk = result.chunks.count
      do throws(ReadError) {
        let tables = try FileTables(
          file, plan: bench.plan, inbox: inbox, on: bench.reading, assumesUTF8: assumesUTF8,
          opened: ahead?.take(file.file))
        for table in 0..<tables.count {
          let start = result.chunks.count
          guard ingest(table, of: tables, file, &result, bench) else { return false }
          result.chunkCounts.append(result.chunks.count - start)
        }
      } catch {
        if assumesUTF8 { return false }
        var report = FileReport(file)
        report.quarantine(error, fingerprint: fingerprint(of: file, in: inbox))
        result.reports.append(report)
        result.chunkCounts.append(0)
      }
      leave(file, firstReport, firstChunk, &result)
      return true
    }

    private func leave(_ file: SourceFile, _ firstReport: Int, _ firstChunk: Int, _ result: inout GroupResult) {
      guard leavesSegments else { return }
      for chunk in firstChunk..<result.chunks.count { result.left?.encoded.append(result.chunks[chunk]) }
      let reports = firstReport..<result.reports.count
      guard leavesFailures || !reports.contains(where: { result.reports[$0].hasFailed }) else { return }
      result.left?.piece.append(file, at: begun, tables: reports.count)
      for report in reports {
        result.left?.piece.append(result.reports[report], chunks: result.chunkCounts[report])
      }
      result.left?.chunks.append(firstChunk..<result.chunks.count)
    }

    private func ingest(
      _ table: Int, of tables: FileTables, _ file: SourceFile, _ result: inout GroupResult, _ bench: SmallBench
    ) -> Bool {
      let first = result.chunks.count
      var report = FileReport(file, table: tables.name(of: table))
      var isAssumed = false
      do throws(ReadError) {
        let ingest = try tables.open(table)
        isAssumed = ingest.isAssumed
        // Taken out, since what a class holds is copied for who looks at it.
        var batch = RecordBatch()
        swap(&batch, &bench.batch)
        defer { swap(&batch, &bench.batch) }
        do throws(ReadError) {
          while try ingest.reader.next(&batch) {
            // Its place in the group; it becomes that in the run when the group before it is done.
            let chunk = bench.checker.check(batch, file: result.reports.count)
            report.counts.merge(chunk.counts)
            result.chunks.append(chunk)
          }
        } catch {
          report.note(ingest.encoding)
          throw error
        }
        if let size = ingest.size, size != report.size { report.size = size }
        report.take(ingest.takeAccount(), ingest.encoding)
        report.fingerprint = try ingest.fingerprint()
      } catch {
        if isAssumed { return false }
        result.chunks.removeSubrange(first...)
        report.quarantine(error, fingerprint: fingerprint(of: file, in: inbox))
      }
      if table == 0, !tables.notes.isEmpty { report.reading.notes += tables.notes }
      result.reports.append(report)
      return true
    }
  }
}
