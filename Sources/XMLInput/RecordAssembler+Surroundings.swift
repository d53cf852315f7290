/// The elements around the records. Where a file is read in pieces, each piece begins within them, and it must end within
/// elements that are known.
struct Surroundings {
  /// How many frames are looked at: the document's, and those of the elements around a record. 0 where nobody asks, `max`
  /// until the first record is found.
  var frames = 0
  /// Start tags of those that are open.
  var tags: [Tag] = []
  /// Those that were put before the piece, until the last of them was read.
  var before: [Tag] = []
  /// Offset where the piece ends and the end tags begin that were put behind it.
  var end = Int.max
  /// What was open there, or at the first record.
  var found: Found?

  /// A start tag as it stands in the file, and the line there.
  struct Tag: Hashable {
    var text: [UInt8]
    var line: Int
  }
  struct Found {
    var tags: [Tag]
    /// Nothing but these tags has a say in what is read behind them.
    var isClear: Bool
    var line: Int
    /// Tag of the first record, where it was looked for.
    var record: [UInt8] = []
  }
}

extension RecordAssembler {
  mutating func enterSurroundings(in parser: PushParser) {
    let tag = Surroundings.Tag(text: Array(parser.textOfTag()), line: line(in: parser))
    guard surroundings.frames < .max || openRecord == nil else {
      surroundings.found = .init(
        tags: surroundings.tags, isClear: frames.dropLast().allSatisfy(isClear), line: tag.line, record: tag.text)
      surroundings.frames = 0
      return
    }
    surroundings.tags.append(tag)
    guard !surroundings.before.isEmpty, frames.count == surroundings.frames else { return }
    surroundings.before = []
    forgetUnmapped()
  }

  /// The line of the start tag that was just read, which may have been put where it is.
  func line(in parser: PushParser) -> Int {
    let place = surroundings.tags.count
    return place < surroundings.before.count ? surroundings.before[place].line : parser.line
  }

  /// The innermost element, which is one around records, ends.
  mutating func leaveSurroundings(in parser: PushParser) {
    if surroundings.found == nil, parser.endOfTag() > surroundings.end {
      let isWhole = frames.count == surroundings.frames && openRecord == nil && surroundings.before.isEmpty
      surroundings.found = .init(
        tags: surroundings.tags, isClear: isWhole && frames.allSatisfy(isClear), line: parser.line)
    }
    _ = surroundings.tags.popLast()
  }

  /// Whether an element around records leaves nothing behind for those that begin in it, but what its start tag says.
  private func isClear(_ frame: Frame) -> Bool {
    let node = automaton.nodes[Int(frame.node)]
    guard node.counters.isEmpty, node.values.isEmpty, node.repeats.isEmpty, !node.isRecord else { return false }
    return node.forgets.allSatisfy { place in
      let value = Target(group: Target.ancestor, cell: automaton.forgets[Int(place)])
      return node.attributes.contains { automaton.attributes[Int($0)].target == value }
    }
  }
}
