import Bytes
import Diagnostics
import Testing

@testable import Pipeline

/// Text that is read ahead by any number of tasks is the text.
struct ReadAheadTests {
  private static let text = (0..<700_000).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) }

  @Test(arguments: [1, 3, 5]) func theTextIsTheSameWhoeverReadsIt(tasks: Int) async throws {
    let ahead = ReadAhead(MemorySource(Self.text, blockSize: 1000))
    let read = try await withThrowingTaskGroup(of: [UInt8]?.self) { group in
      for _ in 1..<tasks {
        group.addTask {
          for _ in 0..<50 { ahead.fill() }
          return nil
        }
      }
      group.addTask {
        var bytes: [UInt8] = []
        while try !ahead.append(to: &bytes, upTo: bytes.count + 777) {}
        return bytes
      }
      return try await group.reduce(into: [UInt8]()) { $0 += $1 ?? [] }
    }
    #expect(read == Self.text)
  }

  /// Fails behind its first bytes.
  private final class Broken: ByteSource {
    private var isFirst = true
    func read(into buffer: UnsafeMutableRawBufferPointer) throws(ReadError) -> Int {
      guard isFirst, !buffer.isEmpty else {
        throw ReadError(Diagnostic(.fileChanged, at: SourceLocation(file: "a")))
      }
      isFirst = false
      buffer[0] = 0x41
      return 1
    }
  }

  @Test(arguments: [false, true]) func aFailureComesBehindWhatWasRead(isAhead: Bool) throws {
    let ahead = ReadAhead(Broken())
    if isAhead { ahead.fill() }
    var bytes: [UInt8] = []
    let error = #expect(throws: ReadError.self) { while try !ahead.append(to: &bytes, upTo: bytes.count + 10) {} }
    #expect(error?.diagnostic.rule == .fileChanged && bytes == [0x41])
  }
}
