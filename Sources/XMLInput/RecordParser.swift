import Bytes
import Campaign
import Diagnostics
import Records

/// The parser of a file whose records are read by a plan.
@safe final class RecordParser: PushParser {
  /// On its own because each access to a stored property of a class is checked for exclusiveness while the program runs,
  /// which made three look-ups of an event the larger part of its cost.
  /// SAFETY: only this parser reaches it, and libxml2 calls it for one event after the other.
  private let place: UnsafeMutablePointer<RecordAssembler>
  var assembler: RecordAssembler {
    _read { yield unsafe place.pointee }
  }

  private let validator: RecordValidator?
  init(
    source: any ByteSource, file: String, plan: XMLPlan, limits: XMLLimits, schema: XMLSchema? = nil
  ) throws(ReadError) {
    validator = schema.map(RecordValidator.make)
    unsafe place = .allocate(capacity: 1)
    unsafe place.initialize(to: RecordAssembler(plan: plan, limits: limits))
    try super.init(source: source, file: file, limits: limits)
    assumedNamespaces.merge(plan.options.namespaces) { _, named in named }
    unsafe place.pointee.intern(by: self)
  }

  deinit {
    unsafe place.deinitialize(count: 1)
    unsafe place.deallocate()
  }

  /// Makes ready for another file of the same plan; `false` when another parser is needed.
  override func restart(source: any ByteSource, file: String) -> Bool {
    learn()
    guard validator == nil, unsafe place.pointee.unmappedPlaces.count < RecordAssembler.mostUnmapped,
      super.restart(source: source, file: file)
    else { return false }
    unsafe place.pointee.restart()
    return true
  }

  /// Has a new or restarted parser look for the first record.
  func lookForRecord() { unsafe place.pointee.surroundings.frames = .max }

  /// Has a new or restarted parser read a piece of a file.
  func begin(_ piece: XMLPiece) {
    hold(piece.bytes, linesBefore: piece.linesBefore)
    unsafe place.pointee.unmappedKept = RecordAssembler.mostUnmapped
    unsafe place.pointee.surroundings = Surroundings(
      frames: piece.frames, before: piece.startTags > 0 ? piece.tags : [], end: piece.end)
  }

  func take(_ taken: inout RecordBatch) { unsafe place.pointee.take(&taken) }
  func dropOpenRecord() { unsafe place.pointee.dropOpenRecord() }
  func nameUnmapped(in key: inout [UInt64]) { unsafe place.pointee.nameUnmapped(in: &key) }

  override func startElement(_ tag: StartTag) {
    guard let validator else { return unsafe place.pointee.startElement(tag, in: self) }
    // The text before a record is no part of it.
    validator.flush()
    settle(validator, isStart: false)
    let wasInRecord = isInRecord
    unsafe place.pointee.startElement(tag, in: self)
    let isRecord = isInRecord && !wasInRecord
    if isRecord { recordDepth = depth }
    unsafe validator.begin(tag, line: line, isRecord: isRecord)
    settle(validator, isStart: isRecord)
  }

  override func endElement() {
    if let validator {
      validator.close(line: line, isRecord: isInRecord && depth == recordDepth)
      settle(validator, isStart: false)
    }
    unsafe place.pointee.endElement(in: self)
  }

  override func text(_ bytes: UnsafeBufferPointer<UInt8>) {
    if let validator { unsafe validator.receive(bytes) }
    unsafe place.pointee.text(bytes, in: self)
  }

  override func endDocument() {
    guard let validator else { return }
    validator.finish()
    settle(validator, isStart: false)
  }

  // MARK: Known markup

  /// Whether the markup of small files is kept in mind, for those that follow.
  var remembersMarkup = false
  @exclusivity(unchecked) private final var known = KnownMarkup()
  /// Files so far that libxml2 did not have to read.
  var replayedFiles: Int { unsafe known.found }

  /// Takes the place of another parser, which was worn out: where files have little in common, a new one need not find out.
  func follow(_ other: RecordParser) { unsafe known.follow(other.known) }

  override var mostReplayed: Int {
    guard remembersMarkup, validator == nil else { return 0 }
    // Then no limit on what stands in a run or a value can be met.
    return min(KnownMarkup.mostBytes, limits.tag, limits.text, limits.section, limits.record, limits.prolog)
  }

  /// Takes up the markup of the file that was read last, if it was small, sound and new.
  private func learn() {
    guard isFed, isAtSoundEnd, failure == nil, unsafe known.mayLearn, let file = wholeFile, file.count <= mostReplayed
    else { return }
    unsafe known.noteAttempt()
    guard isText || validUTF8Prefix(file.span) == file.count,
      let events = MarkupListener.events(of: file, limits: limits, assuming: assumedNamespaces)
    else { return }
    let meanings = unsafe ElementMeanings(assembler.automaton) { [place] in
      unsafe place.pointee.next(after: $0, $1, $2)
    }
    unsafe known.learn(file, events, meanings) { unsafe intern($0) }
  }

  override func replay() -> Bool {
    let file = window.bytes.span.extracting(0..<window.end)
    guard isText || validUTF8Prefix(file) == file.count else { return false }
    return unsafe file.withUnsafeBufferPointer { file in
      guard unsafe known.find(in: file) else { return false }
      unsafe replay(file)
      return true
    }
  }

  /// Gives the events of `file`, in which the runs were found: what libxml2 gave for them, and the values between.
  private func replay(_ file: UnsafeBufferPointer<UInt8>) {
    var line = 1
    /// Where the value begins, what becomes of it, and whether it is text as it stands.
    var value = 0
    var use = KnownMarkup.ValueUse.none
    var isPlain = true
    /// The event that is given only when the value is not all of a cell: where its run begins.
    var last: (event: Int, at: Int, line: Int) = (0, 0, 1)
    for step in unsafe known.steps {
      let run = unsafe known.runs[Int(step.run)]
      var first = Int(run.events.lowerBound)
      var end = Int(run.events.upperBound)
      let text = unsafe UnsafeBufferPointer(rebasing: file[value..<step.at])
      switch use {
      case .none: break
      case .cell(let cell) where isPlain && run.beginsWithEnd:
        unsafe place.pointee.fill(cell, text, line: last.line &+ Int(known.events[last.event].lines))
        first += 1
      default:
        if case .cell = use { give(last.event, at: last.at, line: last.line) }
        if !isPlain {
          unsafe replayValue(in: file, from: value)
        } else if value < step.at {
          unsafe place.pointee.text(text, in: self)
        }
      }
      if unsafe known.valuesHoldLineFeeds { line += unsafe count(UInt8(ascii: "\n"), in: text.span) }
      if case .cell = run.use {
        end -= 1
        last = (end, step.at, line)
      }
      while first < end {
        guard !hasFailed else { return }
        give(first, at: step.at, line: line)
        first += 1
      }
      line += Int(run.lineFeeds)
      value = step.at + Int(run.count)
      use = run.use
      isPlain = step.isPlain
    }
  }

  /// Gives one event of the run that begins at `start`, on `line`.
  private func give(_ number: Int, at start: Int, line: Int) {
    let event = unsafe known.events[number]
    unsafe replayed = Replayed(
      offset: start + Int(event.offset), line: line + Int(event.lines), tagOffset: start + Int(event.tagOffset),
      tagLine: line + Int(event.tagLines))
    switch event.kind {
    case .start(let tag, nil): unsafe place.pointee.startElement(known.tags[Int(tag)], in: self)
    case .start(let tag, let node?): unsafe place.pointee.open(node, known.tags[Int(tag)], in: self)
    case .end: unsafe place.pointee.endElement(in: self)
    case .text(let bytes):
      unsafe known.text.withUnsafeBufferPointer { text in
        let bytes = Int(bytes.lowerBound)..<Int(bytes.upperBound)
        unsafe place.pointee.text(UnsafeBufferPointer(rebasing: text[bytes]), in: self)
      }
    case .unread(let tag, let parent): unsafe place.pointee.noteUnmapped(known.tags[Int(tag)], in: parent)
    case .blank(let cell):
      unsafe place.pointee.fill(cell, UnsafeBufferPointer(start: nil, count: 0), line: line + Int(event.lines))
    }
  }

  private func replayValue(in file: UnsafeBufferPointer<UInt8>, from start: Int) {
    var value = unsafe XMLValue(in: file, from: start)
    while let piece = value.next() {
      switch piece {
      case .text(let range): unsafe place.pointee.text(UnsafeBufferPointer(rebasing: file[range]), in: self)
      case .character(let character):
        let bytes = UTF8.encode(character)!
        unsafe withUnsafeTemporaryAllocation(of: UInt8.self, capacity: bytes.count) { buffer in
          _ = unsafe buffer.initialize(from: bytes)
          unsafe place.pointee.text(UnsafeBufferPointer(buffer), in: self)
        }
      }
    }
  }

  // MARK: Validation

  private var recordDepth = 0
  private var isInRecord: Bool { unsafe place.pointee.openRecord != nil }

  /// Rejects the open record for what the schema has against it; outside records the file.
  private func settle(_ validator: RecordValidator, isStart: Bool) {
    if (validator as? RelaxNGValidator)?.hasTooMuchOutside == true {
      exceed(
        LocalizedText(zh: "用 RELAX NG 时记录以外的元素数", en: "elements outside records with RELAX NG"),
        RelaxNGValidator.maximumOutside)
    }
    guard !validator.faults.isEmpty else { return }
    for fault in validator.takeFaults() {
      let diagnostic = Diagnostic(
        .xmlInvalid, at: SourceLocation(file: file, line: fault.line), found: fault.path,
        [.literal(validator.schema.path), .literal(fault.message)])
      // Behind an element that is not expected libxml2 does not look at its siblings; if those are records, they would
      // pass unseen.
      if isInRecord, !(isStart && fault.isUnexpected && recordDepth > 1) {
        unsafe place.pointee.reject(diagnostic)
      } else {
        fail(diagnostic)
      }
    }
  }
}
