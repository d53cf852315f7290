import Check
import Diagnostics
import Records
import XMLInput

/// A large XML file whose pieces are parsed side by side.
extension Ingest {
  /// A batch and a parser that go from task to task together. Unchecked: exactly one task has it at a time.
  private final class ParsingBench: @unchecked Sendable {
    let parser: XMLPieceParser
    init(_ parser: XMLPieceParser) { self.parser = parser }
  }

  private enum Done: Sendable {
    case parsed(ParsedXMLPiece, ParsingBench, Workbench)
    case checked(Int, CheckedPiece, Workbench)
  }

  /// What happens to a file in pieces: each is parsed, then judged in the order of the file, then checked.
  ///
  /// - Returns: `nil` when the file cannot be read in pieces.
  func check(
    _ pieces: XMLPieces, ahead: ReadAhead?, plan: CheckPlan, file: Int
  ) async throws(ReadError) -> CheckCounts? {
    let encodes = store.leavesSegments
    var counts = CheckCounts()
    var failure: ReadError?
    var isImpossible = false
    await withTaskGroup(of: Done.self) { tasks in
      var parsed = OrderedResults<(ParsedXMLPiece, Workbench)>()
      var checked = OrderedResults<CheckedPiece>()
      var parsers: [ParsingBench] = []
      var free: [Workbench] = []
      var cut = 0
      var running = 0
      var checks = 0
      var isAtEnd = false

      func parse(_ piece: XMLPiece, on bench: Workbench) {
        let parser = parsers.popLast() ?? ParsingBench(pieces.makeParser())
        running += 1
        tasks.addTask {
          ahead?.fill()
          return .parsed(parser.parser.parse(piece, into: &bench.batch), parser, bench)
        }
      }
      func check(_ bench: Workbench) {
        guard !bench.batch.rows.isEmpty else { return free.append(bench) }
        let number = checks
        checks += 1
        running += 1
        tasks.addTask {
          var piece = CheckedPiece(bench.checker.check(bench.batch, file: 0))
          if encodes { piece.encoded = EncodedChunks([piece.chunk]) }
          return .checked(number, piece, bench)
        }
      }
      /// Judges what is next in the file.
      func judge() {
        while !isImpossible, let (piece, bench) = parsed.popNext() {
          switch pieces.judge(piece, &bench.batch) {
          case .accepted: check(bench)
          case .impossible: isImpossible = true
          case .again(let piece):
            parsed.takeBack()
            return parse(piece, on: bench)
          }
        }
      }
      func keep() {
        while let piece = checked.popNext() {
          counts.merge(piece.chunk.chunk.counts)
          do throws(ReadError) { try store.append([piece.chunk], file: file, encoded: piece.encoded) } catch {
            failure = failure ?? error
          }
        }
      }
      while true {
        while failure == nil, !isImpossible, !isAtEnd, running <= width, cut - parsed.next <= 2 * width {
          do throws(ReadError) {
            switch try pieces.next() {
            case .piece(let piece):
              cut += 1
              parse(piece, on: free.popLast() ?? Workbench(plan))
            case .end: isAtEnd = true
            case .impossible: isImpossible = true
            }
          } catch { failure = error }
        }
        guard let done = await tasks.next() else { break }
        running -= 1
        switch done {
        case .parsed(let piece, let parser, let bench):
          parsers.append(parser)
          parsed.add((piece, bench), number: piece.number)
          if failure == nil { judge() }
        case .checked(let number, let piece, let bench):
          free.append(bench)
          checked.add(piece, number: number)
          keep()
        }
      }
    }
    if isImpossible { return nil }
    if let failure { throw failure }
    return counts
  }
}
