import Bytes
import Diagnostics
import Synchronization

/// Text that is read before it is asked for: `fill` is called by tasks that have time, while the parser, which sets the pace,
/// is at work on what they read. What is not there when it is asked for is read then; so nobody waits for a task that has
/// not begun.
///
/// Unchecked: `source` is touched under `reading` alone.
final class ReadAhead: ByteSource, @unchecked Sendable {
  private let source: any ByteSource
  private let reading = Mutex<Void>(())
  private let ready = Mutex(Ready())

  /// What was read and not yet handed out.
  private struct Ready {
    var blocks: [[UInt8]] = []
    /// Bytes of the first block that were handed out.
    var taken = 0
    var count = 0
    var isAtEnd = false
    var failure: ReadError?
  }
  private static let blockSize = 256 << 10
  /// Bytes that may lie ready.
  private static let limit = 2 << 20

  init(_ source: any ByteSource) { self.source = source }

  /// Reads until as much lies ready as may, or another task is at it.
  func fill() {
    while ready.withLock({ $0.count < Self.limit && !$0.isAtEnd }) {
      guard reading.withLockIfAvailable({ _ in readBlock() }) != nil else { return }
    }
  }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws(ReadError) -> Int {
    while true {
      let count = unsafe take(buffer)
      if count > 0 { return count }
      if let (isAtEnd, failure) = end() {
        if let failure { throw failure }
        if isAtEnd { return 0 }
      }
      reading.withLock { _ in
        // Another task may have read it meanwhile.
        if ready.withLock({ $0.count == 0 && !$0.isAtEnd }) { readBlock() }
      }
    }
  }

  /// Whether all was handed out, and what ended the reading.
  private func end() -> (isAtEnd: Bool, failure: ReadError?)? {
    ready.withLock { $0.isAtEnd && $0.count == 0 ? (true, $0.failure) : nil }
  }

  private func take(_ buffer: UnsafeMutableRawBufferPointer) -> Int {
    // SAFETY: the lock is held for the time of the copy, and nothing of the buffer is kept.
    nonisolated(unsafe) let buffer = unsafe buffer
    return ready.withLock { ready in
      guard let block = ready.blocks.first else { return 0 }
      let count = unsafe min(buffer.count, block.count - ready.taken)
      // SAFETY: `count` is at most the room in `buffer`.
      unsafe buffer.copyBytes(from: block[ready.taken..<ready.taken + count])
      ready.taken += count
      ready.count -= count
      if ready.taken == block.count {
        ready.blocks.removeFirst()
        ready.taken = 0
      }
      return count
    }
  }

  /// Under `reading`.
  private func readBlock() {
    var block: [UInt8] = []
    var isAtEnd = true
    var failure: ReadError?
    do throws(ReadError) { isAtEnd = try source.append(to: &block, upTo: Self.blockSize) } catch { failure = error }
    let (bytes, ended, fault) = (block, isAtEnd, failure)
    ready.withLock { ready in
      if !bytes.isEmpty { ready.blocks.append(bytes) }
      ready.count += bytes.count
      ready.isAtEnd = ended
      ready.failure = fault
    }
  }
}
