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
  private var known = KnownMarkup()
  /// Files so far that libxml2 did not have to read.
  var replayedFiles: Int { known.found }

  override var mostReplayed: Int {
    guard remembersMarkup, validator == nil else { return 0 }
    // Then no limit on what stands in a run or a value can be met.
    return min(KnownMarkup.mostBytes, limits.tag, limits.text, limits.section, limits.record, limits.prolog)
  }

  /// Takes up the markup of the file that was read last, which is still in the window, if it was small and new.
  private func learn() {
    guard isFed, window.isAtEnd, window.start == 0, window.end <= mostReplayed, known.mayLearn, failure == nil else {
      return
    }
    let file = Array(window.bytes[..<window.end])
    known.noteAttempt()
    guard isText || validUTF8Prefix(file.span) == file.count,
      let events = MarkupListener.events(of: file, limits: limits, assuming: assumedNamespaces)
    else { return }
    unsafe known.learn(file, events) { unsafe intern($0) }
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
    let known = known
    var line = 1
    var value = 0
    var isPlain = true
    for step in known.steps {
      let text = unsafe UnsafeBufferPointer(rebasing: file[value..<step.at])
      if !isPlain {
        unsafe replayValue(in: file, from: value)
      } else if value < step.at {
        unsafe place.pointee.text(text, in: self)
      }
      if known.valuesHoldLineFeeds { line += unsafe count(UInt8(ascii: "\n"), in: text.span) }
      let run = known.runs[Int(step.run)]
      for number in run.events {
        let event = known.events[Int(number)]
        guard !hasFailed else { return }
        replayed = (step.at + Int(event.offset), line + Int(event.lines))
        switch event.kind {
        case .start: unsafe place.pointee.startElement(known.tags[Int(event.tag)], in: self)
        case .end: unsafe place.pointee.endElement(in: self)
        case .text:
          unsafe known.text.withUnsafeBufferPointer { text in
            let bytes = Int(event.bytes.lowerBound)..<Int(event.bytes.upperBound)
            unsafe place.pointee.text(UnsafeBufferPointer(rebasing: text[bytes]), in: self)
          }
        }
      }
      line += Int(run.lineFeeds)
      value = step.at + Int(run.count)
      isPlain = step.isPlain
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
