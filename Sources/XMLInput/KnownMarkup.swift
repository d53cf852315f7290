import Bytes
import Glibc

/// Markup that libxml2 has read before, and what it made of it.
///
/// The submissions of a form differ in their values; their tags, and the white space and comments between these, repeat.
/// What stands from the end of one value to the start of the next is a run. Where the same elements are open, the same run
/// always means the same. So a file in which all runs are known needs no parser: its events are those of its runs, with its
/// own values between them. After one byte of markup that is new, an entity that every document does not have, or a
/// character that XML forbids or changes, libxml2 reads the file from its first byte, and `learn` takes up its runs.
///
/// What is open is told by start tags as they stand in the file, so that names, prefixes and namespaces are the same.
@safe struct KnownMarkup {
  struct Run {
    /// Its bytes in `text`.
    var start: Int32
    var count: Int32
    var lineFeeds: Int32
    var carriageReturns: Int32
    var events: Range<Int32>
    /// What is open behind it; a place in `firstRuns`.
    var place: Int32
    /// Another run from the same place, or -1.
    var sibling: Int32
    /// Whether the document ends with it.
    var isLast: Bool
    /// Whether the innermost element ends with its first event.
    var beginsWithEnd: Bool
    /// What becomes of the value behind it.
    var use: ValueUse
  }

  enum ValueUse {
    /// It is text of the elements that are open.
    case text
    /// Nobody reads it.
    case none
    /// It is all of a cell, if the element that begins with the last event has nothing else in it.
    case cell(Target)
  }

  /// One event of a run. `offset` and `lines` are those from its first byte to where the parser stood.
  struct Event {
    /// Tags are places in `tags`, nodes those of the automaton.
    enum Kind {
      /// `node` is `nil` where it depends on the siblings of the element.
      case start(tag: Int32, node: Int32?)
      case end
      /// Bytes in `text`.
      case text(Range<Int32>)
      /// An element that no field reads, and all that is in it.
      case unread(tag: Int32, parent: Int32)
      /// An element that is a cell without text.
      case blank(Target)
    }
    var kind: Kind
    var offset: Int32
    var lines: Int32
    /// Of a start tag: the same to its first byte.
    var tagOffset: Int32 = 0
    var tagLines: Int32 = 0
  }

  /// A run of a file that was found.
  struct Step {
    var run: Int32
    /// Index of its first byte in the file.
    var at: Int
    /// Whether the value behind it is text as it stands, without references and CDATA.
    var isPlain: Bool
  }

  /// The run that is tried first at each place, or -1. The first place is the start of a document.
  var firstRuns: [Int32] = [-1]
  var runs: [Run] = []
  var events: [Event] = []
  var text: [UInt8] = []
  var tags: [StartTag] = unsafe []
  /// What the tags point to, beside names.
  let store = TagStore()
  /// Places by what is open around them and the start tag that was added.
  var places: [Place: Int32] = [:]
  struct Place: Hashable {
    var around: Int32
    var tag: [UInt8]
  }

  /// The runs of the file that was found last.
  private(set) var steps: [Step] = []
  /// Whether its values may hold line feeds.
  private(set) var valuesHoldLineFeeds = false
  /// Files in which all runs were known.
  private(set) var found = 0
  /// Files that were looked at to learn from them.
  private var attempts = 0

  /// Bytes of a file from which on it is not looked at here.
  static let mostBytes = 64 << 10
  /// Bytes and runs that are kept at most.
  private static let mostText = 1 << 20
  static let mostRuns = 4096
  static let mostSiblings = 16
  /// Bytes of runs that are compared in vain at most, for each byte of a file: in files made for it, long runs that differ
  /// in their last byte would be tried at each of many short ones.
  private static let mostCompared = 64

  /// Whether one more file is worth learning. Where none is like another, a few are enough to see it.
  var mayLearn: Bool { attempts < 16 + found / 32 && text.count < Self.mostText && runs.count < Self.mostRuns }

  mutating func noteAttempt() { attempts += 1 }

  /// Takes the place of `other`, which has been at it for a while.
  mutating func follow(_ other: KnownMarkup) { (attempts, found) = (other.attempts, other.found) }

  /// Finds the runs of `file`, which is valid UTF-8; `false` when it is not made of known ones.
  mutating func find(in file: UnsafeBufferPointer<UInt8>) -> Bool {
    guard !runs.isEmpty, let base = file.baseAddress else { return false }
    let look = unsafe XMLLook(file.span)
    if look.isUncommon { return false }
    var steps: [Step] = []
    swap(&steps, &self.steps)
    defer { swap(&steps, &self.steps) }
    steps.removeAll(keepingCapacity: true)
    var at = 0
    var place: Int32 = 0
    var lineFeeds = 0
    var carriageReturns = 0
    var room = Self.mostCompared * file.count
    while true {
      guard let number = unsafe run(at: place, base + at, file.count - at, &room) else { return false }
      let (start, length) = (at, Int(runs[Int(number)].count))
      at += length
      lineFeeds += Int(runs[Int(number)].lineFeeds)
      carriageReturns += Int(runs[Int(number)].carriageReturns)
      if runs[Int(number)].isLast {
        steps.append(Step(run: number, at: start, isPlain: true))
        break
      }
      guard let value = unsafe Self.value(in: file, from: at, look) else { return false }
      steps.append(Step(run: number, at: start, isPlain: value.isPlain))
      at = value.end
      place = runs[Int(number)].place
    }
    // Of a value XML makes line feeds of them.
    if carriageReturns < look.carriageReturns { return false }
    valuesHoldLineFeeds = look.lineFeeds > lineFeeds
    found += 1
    return true
  }

  /// Where the value that begins at `start` ends, and whether it is text as it stands; `nil` when not all of it is
  /// understood.
  private static func value(
    in file: UnsafeBufferPointer<UInt8>, from start: Int, _ look: XMLLook
  ) -> (end: Int, isPlain: Bool)? {
    guard let end = unsafe file.first(UInt8(ascii: "<"), from: start) else { return nil }
    if !look.hasAmpersands && !look.hasBrackets { return (end, true) }
    let text = unsafe UnsafeBufferPointer(rebasing: file[start..<end])
    let isPlain =
      unsafe !(look.hasAmpersands && text.first(UInt8(ascii: "&"), from: 0) != nil)
      && !(look.hasBrackets
        && (file.begins(with: XMLValue.sectionStart, at: end) || text.first(UInt8(ascii: "]"), from: 0) != nil))
    if isPlain { return (end, true) }
    var value = unsafe XMLValue(in: file, from: start)
    while value.next() != nil {}
    return value.isSound ? (value.at, false) : nil
  }

  /// The run from `place` with which `count` bytes begin, or end.
  ///
  /// - Parameter room: how many bytes may still be compared in vain.
  private func run(at place: Int32, _ bytes: UnsafePointer<UInt8>, _ count: Int, _ room: inout Int) -> Int32? {
    var number = firstRuns[Int(place)]
    return unsafe text.withUnsafeBufferPointer { text in
      while number >= 0, room >= 0 {
        let run = runs[Int(number)]
        let length = Int(run.count)
        // SAFETY: a run lies within `text`, and is compared only with as many bytes as there are.
        if run.isLast ? length == count : length <= count {
          if unsafe memcmp(text.baseAddress! + Int(run.start), bytes, length) == 0 { return number }
          room -= length
        }
        number = run.sibling
      }
      return nil
    }
  }
}

/// Memory to which start tags point: the values of attributes, and what lists them.
@safe final class TagStore {
  private var values: [UnsafeMutableBufferPointer<UInt8>] = unsafe []
  private var lists: [UnsafeMutableBufferPointer<UnsafePointer<UInt8>?>] = unsafe []

  deinit {
    for index in unsafe values.indices { unsafe values[index].deallocate() }
    for index in unsafe lists.indices { unsafe lists[index].deallocate() }
  }

  func keep(_ value: [UInt8]) -> UnsafeBufferPointer<UInt8> {
    // One byte more, so that an empty value has a place too.
    let kept = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: value.count + 1)
    _ = unsafe kept.initialize(from: value + [0])
    unsafe values.append(kept)
    return unsafe UnsafeBufferPointer(rebasing: kept[..<value.count])
  }

  func keep(
    _ list: [UnsafePointer<UInt8>?]
  ) -> UnsafeMutablePointer<UnsafePointer<UInt8>?>? {
    guard unsafe !list.isEmpty else { return nil }
    let kept = unsafe UnsafeMutableBufferPointer<UnsafePointer<UInt8>?>.allocate(capacity: list.count)
    _ = unsafe kept.initialize(from: list)
    unsafe lists.append(kept)
    return kept.baseAddress
  }
}
