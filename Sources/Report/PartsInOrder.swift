/// What tasks make of the parts of tables, a few of them ahead so that memory stays bounded, handed out in the order of the
/// parts.
struct PartsInOrder<Made: Sendable> {
  typealias Tasks = ThrowingTaskGroup<(Int, Made), any Error>
  let count: Int
  /// How many may be made that are not handed out.
  let ahead: Int
  private var waiting: [Int: Made] = [:]
  private var begun = 0
  private var taken = 0

  init(count: Int, ahead: Int) {
    self.count = count
    self.ahead = ahead
  }

  /// The next part.
  ///
  /// - Parameter make: makes the part with this number, from 0.
  mutating func next(by tasks: inout Tasks, _ make: @escaping @Sendable (Int) throws -> Made) async throws -> Made {
    while begun < count, begun - taken < ahead {
      tasks.addTask { [begun] in (begun, try make(begun)) }
      begun += 1
    }
    while waiting[taken] == nil, let made = try await tasks.next() { waiting[made.0] = made.1 }
    guard let made = waiting.removeValue(forKey: taken) else { throw CancellationError() }
    taken += 1
    return made
  }
}
