import Campaign
import Check
import Collect
import Diagnostics
import Records
import Synchronization

/// Tasks that take turns at the reader of a large file. Who has read a batch, which is of whole records, hashes and checks it
/// while its bytes are near; the others read on meanwhile. Batches leave in the order of the file.
///
/// Unchecked: the reader is used under `reading`, the fingerprint of the file in the turns of `hashing`, the store under
/// `checked`.
final class Turns: @unchecked Sendable {
  private let ingest: FileIngest
  private let plan: CheckPlan
  private let store: SegmentStore
  private let file: Int
  private let encodes: Bool
  /// Whose fingerprint is taken here; `nil` where reading takes it.
  private let hashed: OpenFile?
  /// Number of the batch that is read next; `nil` when there is none any more.
  private let reading = WaitingLock<Int?>(0)
  /// Number of the batch that is hashed next.
  private let hashing = WaitingLock(0)
  private let checked = Mutex(Ingest.CheckedPieces())

  init(_ ingest: FileIngest, plan: CheckPlan, store: SegmentStore, file: Int, encodes: Bool) {
    self.ingest = ingest
    self.plan = plan
    self.store = store
    self.file = file
    self.encodes = encodes
    hashed = ingest.leaveFingerprintToBatches()
  }

  /// What each task does until nothing is left.
  func work() {
    var batch = RecordBatch()
    var checker = Checker(plan)
    while let number = read(&batch) {
      ingest.ahead?.fill()
      // Where it is not its turn, there is something else to do until then.
      let isHashed = hash(batch, number, waits: false)
      let piece = Ingest.CheckedPiece(checker.check(batch, file: 0), encodes: encodes)
      if !isHashed { _ = hash(batch, number, waits: true) }
      take(piece, number)
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

  /// - Returns: `false` when an earlier batch comes first, and this one was not to wait.
  private func hash(_ batch: RecordBatch, _ number: Int, waits: Bool) -> Bool {
    guard let hashed else { return true }
    // The lock is not held meanwhile: no other batch has this number.
    guard hashing.wait(isOver: { $0 == number }, waits: waits) else { return false }
    hashed.takeFingerprint(of: batch.bytes.span.extracting(first: batch.textCount), at: batch.textStart)
    hashing.withLock { $0 += 1 }
    return true
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
