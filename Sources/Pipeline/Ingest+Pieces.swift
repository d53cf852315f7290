import Check
import Diagnostics
import Records
import Synchronization
import XMLInput

/// A large XML file whose pieces are parsed side by side.
extension Ingest {
  /// - Returns: `nil` when the file cannot be read in pieces.
  func check(
    _ pieces: XMLPieces, ahead: ReadAhead?, plan: CheckPlan, file: Int
  ) async throws(ReadError) -> CheckCounts? {
    var line = PieceLine(pieces, ahead: ahead, plan: plan, store: store, file: file, width: width)
    await withTaskGroup(of: PieceLine.Done.self) { tasks in
      repeat { line.cut(&tasks) } while await line.takeNext(&tasks)
    }
    if line.isImpossible { return nil }
    if let failure = line.failure { throw failure }
    return line.counts
  }
}

/// What happens to a file in pieces: each is parsed, then judged in the order of the file, then checked.
private struct PieceLine {
  /// A parser that goes from task to task. Unchecked: exactly one task has it at a time.
  final class ParsingBench: @unchecked Sendable {
    let parser: XMLPieceParser
    init(_ parser: XMLPieceParser) { self.parser = parser }
  }

  /// What a task has done.
  enum Done: Sendable {
    case parsed(ParsedXMLPiece, ParsingBench, Ingest.Workbench)
    case checked(Int, Ingest.CheckedPiece, Ingest.Workbench)
  }

  private let pieces: XMLPieces
  private let ahead: ReadAhead?
  private let checkers: Ingest.Checkers
  private let store: SegmentStore
  private let file: Int
  private let width: Int

  var counts: CheckCounts { checked.counts }
  private(set) var failure: ReadError?
  private(set) var isImpossible = false

  private var parsed = OrderedResults<(ParsedXMLPiece, Ingest.Workbench)>()
  private var checked = Ingest.CheckedPieces()
  private var parsers: [ParsingBench] = []
  private var free: [Ingest.Workbench] = []
  private var isAtEnd = false
  /// Pieces that were cut, and given to be checked, and tasks that are at work.
  private var cuts = 0
  private var checks = 0
  private var running = 0

  init(_ pieces: XMLPieces, ahead: ReadAhead?, plan: CheckPlan, store: SegmentStore, file: Int, width: Int) {
    (self.pieces, self.ahead, checkers, self.store) = (pieces, ahead, Ingest.Checkers(plan), store)
    (self.file, self.width) = (file, width)
  }

  /// Cuts pieces off as long as tasks are free for them and not too many wait.
  mutating func cut(_ tasks: inout TaskGroup<Done>) {
    while failure == nil, !isImpossible, !isAtEnd, running <= width, cuts - parsed.next <= 2 * width {
      do throws(ReadError) {
        switch try pieces.next() {
        case .piece(let piece):
          cuts += 1
          parse(piece, on: free.popLast() ?? Ingest.Workbench(), &tasks)
        case .end: isAtEnd = true
        case .impossible: isImpossible = true
        }
      } catch { failure = error }
    }
  }

  /// Takes what the next task has done; `false` when none is at work.
  mutating func takeNext(_ tasks: inout TaskGroup<Done>) async -> Bool {
    guard let done = await tasks.next() else { return false }
    running -= 1
    switch done {
    case .parsed(let piece, let parser, let bench):
      parsers.append(parser)
      parsed.add((piece, bench), number: piece.number)
      if failure == nil { judge(&tasks) }
    case .checked(let number, let piece, let bench):
      free.append(bench)
      checked.add(piece, number: number, to: store, file: file)
      failure = failure ?? checked.failure
    }
    return true
  }

  private mutating func parse(_ piece: XMLPiece, on bench: Ingest.Workbench, _ tasks: inout TaskGroup<Done>) {
    let parser = parsers.popLast() ?? ParsingBench(pieces.makeParser())
    running += 1
    tasks.addTask { [ahead] in
      ahead?.fill()
      return .parsed(parser.parser.parse(piece, into: &bench.batch), parser, bench)
    }
  }

  /// Judges what is next in the file.
  private mutating func judge(_ tasks: inout TaskGroup<Done>) {
    while !isImpossible, let (piece, bench) = parsed.popNext() {
      switch pieces.judge(piece, &bench.batch) {
      case .accepted: check(bench, &tasks)
      case .impossible: isImpossible = true
      case .again(let piece):
        parsed.takeBack()
        return parse(piece, on: bench, &tasks)
      }
    }
  }

  private mutating func check(_ bench: Ingest.Workbench, _ tasks: inout TaskGroup<Done>) {
    guard !bench.batch.rows.isEmpty else { return free.append(bench) }
    let number = checks
    let encodes = store.leavesSegments
    checks += 1
    running += 1
    tasks.addTask { [checkers] in .checked(number, bench.checkedPiece(by: checkers, encodes: encodes), bench) }
  }
}

extension Ingest {
  /// A batch that goes from the task that parses it to one that checks it. Unchecked: exactly one task has it at a time.
  final class Workbench: @unchecked Sendable {
    var batch = RecordBatch()

    /// - Parameter encodes: whether the store's segment file wants it in bytes.
    func checkedPiece(by checkers: Checkers, encodes: Bool) -> CheckedPiece {
      CheckedPiece(checkers.check(batch), encodes: encodes)
    }
  }

  /// The checkers of a file, as many as tasks check at once: what one has learnt of the cells serves the next batch, and
  /// what it learnt last is still near.
  final class Checkers: Sendable {
    private let plan: CheckPlan
    private let free = Mutex<[Held]>([])
    /// Unchecked: exactly one task has it at a time.
    private final class Held: @unchecked Sendable {
      var checker: Checker
      init(_ plan: CheckPlan) { checker = Checker(plan) }
    }

    init(_ plan: CheckPlan) { self.plan = plan }

    func check(_ batch: borrowing RecordBatch) -> SegmentChunk {
      let held = free.withLock { $0.popLast() } ?? Held(plan)
      defer { free.withLock { $0.append(held) } }
      return held.checker.check(batch, file: 0)
    }
  }
}
