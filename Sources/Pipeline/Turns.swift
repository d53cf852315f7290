import Campaign
import Check
import Diagnostics
import Records
import Synchronization

/// Tasks that take turns at the reader of a large file. Who has read a batch, which is of whole records, checks it while its
/// bytes are near; the others read on meanwhile. Batches leave in the order of the file.
///
/// Unchecked: the reader is used under `reading`, the store under `checked`.
final class Turns: @unchecked Sendable {
  private let ingest: FileIngest
  private let plan: CheckPlan
  private let store: SegmentStore
  private let file: Int
  private let encodes: Bool
  /// Number of the batch that is read next; `nil` when there is none any more.
  private let reading = Mutex<Int?>(0)
  private let checked = Mutex(Ingest.CheckedPieces())

  init(_ ingest: FileIngest, plan: CheckPlan, store: SegmentStore, file: Int, encodes: Bool) {
    self.ingest = ingest
    self.plan = plan
    self.store = store
    self.file = file
    self.encodes = encodes
  }

  /// What each task does until nothing is left.
  func work() {
    var batch = RecordBatch()
    var checker = Checker(plan)
    while let number = read(&batch) {
      ingest.ahead?.fill()
      take(Ingest.CheckedPiece(checker.check(batch, file: 0), encodes: encodes), number)
    }
  }

  /// - Returns: number of the batch.
  private func read(_ batch: inout RecordBatch) -> Int? {
    reading.withLock { next in
      guard let number = next else { return nil }
      next = nil
      do throws(ReadError) {
        guard try ingest.reader.next(&batch) else { return nil }
      } catch {
        fail(error)
        return nil
      }
      next = number + 1
      return number
    }
  }

  private func take(_ piece: Ingest.CheckedPiece, _ number: Int) {
    let isFull = checked.withLock { checked in
      checked.add(piece, number: number, to: store, file: file)
      return checked.failure != nil
    }
    if isFull { reading.withLock { $0 = nil } }
  }

  private func fail(_ error: ReadError) { checked.withLock { $0.failure = $0.failure ?? error } }

  /// What was counted, when all tasks are done.
  func counts() throws(ReadError) -> CheckCounts {
    let (counts, failure) = checked.withLock { ($0.counts, $0.failure) }
    if let failure { throw failure }
    return counts
  }
}
