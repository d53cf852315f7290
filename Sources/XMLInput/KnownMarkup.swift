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
    var events: Range<Int32>
    /// What is open behind it; a place in `firstRuns`.
    var place: Int32
    /// Another run from the same place, or -1.
    var sibling: Int32
    /// Whether the document ends with it.
    var isLast: Bool
  }

  /// One event of a run. `offset` and `lines` are those from its first byte to where the parser stood.
  struct Event {
    enum Kind { case start, end, text }
    var kind: Kind
    var offset: Int32 = 0
    var lines: Int32 = 0
    /// Place of a tag in `tags`; bytes in `text`.
    var tag: Int32 = 0
    var bytes: Range<Int32> = 0..<0
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
  private static let mostRuns = 4096
  static let mostSiblings = 16
  /// Bytes of runs that are compared in vain at most, for each byte of a file: in files made for it, long runs that differ
  /// in their last byte would be tried at each of many short ones.
  private static let mostCompared = 64

  /// Whether one more file is worth learning. Where none is like another, a few are enough to see it.
  var mayLearn: Bool { attempts < 16 + found / 32 && text.count < Self.mostText && runs.count < Self.mostRuns }

  mutating func noteAttempt() { attempts += 1 }

  /// Finds the runs of `file`, which is valid UTF-8; `false` when it is not made of known ones.
  mutating func find(in file: UnsafeBufferPointer<UInt8>) -> Bool {
    guard !runs.isEmpty, let base = file.baseAddress else { return false }
    let look = unsafe XMLLook(file.span)
    if look.isUncommon { return false }
    steps.removeAll(keepingCapacity: true)
    var at = 0
    var place: Int32 = 0
    var lineFeeds = 0
    var room = Self.mostCompared * file.count
    while true {
      guard let run = unsafe run(at: place, base + at, file.count - at, &room) else { return false }
      let known = runs[Int(run)]
      steps.append(Step(run: run, at: at, isPlain: true))
      at += Int(known.count)
      lineFeeds += Int(known.lineFeeds)
      if known.isLast { break }
      guard let end = unsafe value(in: file, from: at, look) else { return false }
      at = end
      place = known.place
    }
    valuesHoldLineFeeds = look.lineFeeds > lineFeeds
    found += 1
    return true
  }

  /// Where the value that begins at `start` ends; `nil` when not all of it is understood.
  private mutating func value(in file: UnsafeBufferPointer<UInt8>, from start: Int, _ look: XMLLook) -> Int? {
    guard let end = unsafe file.first(UInt8(ascii: "<"), from: start) else { return nil }
    let text = unsafe UnsafeBufferPointer(rebasing: file[start..<end])
    let isPlain =
      unsafe !(look.hasAmpersands && text.first(UInt8(ascii: "&"), from: 0) != nil)
      && !(look.hasBrackets && (file.begins(with: XMLValue.sectionStart, at: end) || text.contains(UInt8(ascii: "]"))))
    if isPlain { return end }
    steps[steps.count - 1].isPlain = false
    var value = unsafe XMLValue(in: file, from: start)
    while value.next() != nil {}
    return value.isSound ? value.at : nil
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
