import Diagnostics
import Glibc
import Records

/// Turns the events of one file into rows and cells, as the automaton of the plan says.
///
/// Rows and cells of the open record stand at the end of the batch that is being filled; when the batch is taken, they move
/// to the next. The text of the innermost value stands where it will stay, at the end of the batch. When a child element
/// has something to add there, it moves to `scratch`, which is a stack: the text of a child is finished, and taken off,
/// before that of its parent goes on.
///
/// A value and not part of the parser's class: one event is one access to it, where each property of a class would be
/// checked for exclusive access anew, which cost a third of the time.
@safe struct RecordAssembler {
  struct Frame {
    var node: Int32
    /// Where the text of the element begins in `scratch`, or in the batch if it is `direct`; -1 when nobody wants it.
    var capture: Int
  }
  /// A value of an ancestor, kept until rows need it.
  struct Inherited {
    var text: [UInt8] = []
    var line = 0
    var count = 0
    var isNull = false
    var isOpen = false
    /// The text in the batch, once a row has used it.
    var cell: RecordBatch.Cell?
    /// Cells of the batch whose rows began before the value came: they get it when it does.
    var waiting: [Int] = []
    /// Whether rows that waited are in a batch that has been handed over.
    var isTooLate = false
  }
  /// Where the open record begins in the arrays of the batch.
  struct OpenRecord {
    var row: Int
    var cell: Int
    var byte: Int
    var fault: Int
  }
  struct OpenRow {
    var row = 0
    var firstCell = 0
  }
  struct Repetition: Hashable {
    var row: Int
    var group: Int32
    var cell: Int32
  }
  /// Marks a cell whose element is still open.
  static let openCell = RecordBatch.Cell(start: Int(UInt32.max), count: 0)
  static let batchBytes = 1 << 20
  static let batchRecords = 4096
  static let nilName = Array("nil".utf8)
  static let schemaInstance = Array("http://www.w3.org/2001/XMLSchema-instance".utf8)

  let plan: XMLPlan
  let limits: XMLLimits
  let automaton: PathAutomaton
  var edges: EdgeTable
  let uriClasses: Int32
  var uris: [UnsafePointer<UInt8>?] = unsafe []
  var attributeNames: [UInt] = []
  var nilName: UnsafePointer<UInt8>?
  var schemaInstance: UnsafePointer<UInt8>?

  var frames: [Frame] = []
  /// Elements within the innermost one that the plan knows; their content means nothing.
  var skipping = 0
  var counters: [Int32]
  var scratch: [UInt8] = []
  /// The place in `frames` of the element whose text goes straight to the batch, or -1.
  var direct = -1
  var inherited: [Inherited]
  var openRows: [OpenRow]
  var batch = RecordBatch()
  /// What tells an absent cell; here, because a static of another module is fetched by a call.
  let absent = RecordBatch.Cell.absent.count
  var openRecord: OpenRecord?
  var repetitions: [Repetition: (count: Int, line: Int)] = [:]
  var recordsInBatch = 0
  var recordCount = 0
  /// What no field reads, of all files so far.
  var unmappedPlaces: [UnmappedPlace] = []
  /// Those of this file, in the order of their first occurrence.
  var unmappedHere: [Int32] = []
  var hasMoreUnmapped = false
  /// Distinct ones of a file that are counted.
  var unmappedKept = Self.usualUnmappedKept
  /// What is known of the elements around the records, in a piece of a file.
  var surroundings = Surroundings()

  init(plan: XMLPlan, limits: XMLLimits) {
    self.plan = plan
    self.limits = limits
    automaton = plan.automaton
    uriClasses = Int32(plan.automaton.uris.count)
    edges = EdgeTable(capacity: plan.automaton.edges.count + 8)
    counters = [Int32](repeating: 0, count: plan.automaton.counterCount)
    inherited = [Inherited](repeating: Inherited(), count: plan.inheritedCount)
    openRows = [OpenRow](repeating: OpenRow(), count: plan.widths.count)
    frames.append(Frame(node: 0, capture: -1))
  }

  /// Makes ready for another file of the same parser, which knows the names by the same pointers.
  mutating func restart() {
    frames.removeSubrange(1...)
    skipping = 0
    for index in counters.indices { counters[index] = 0 }
    scratch.removeAll(keepingCapacity: true)
    direct = -1
    for index in inherited.indices { inherited[index] = Inherited() }
    batch.removeAll()
    openRecord = nil
    repetitions.removeAll(keepingCapacity: true)
    recordsInBatch = 0
    recordCount = 0
    forgetUnmapped()
    surroundings = Surroundings()
  }

  /// Exchanges the names of the plan for the pointers by which `parser` knows them.
  mutating func intern(by parser: PushParser) {
    let names = automaton.names.map { unsafe UInt(bitPattern: parser.intern($0)) }
    unsafe uris = automaton.uris.map { $0.isEmpty ? nil : unsafe parser.intern($0) }
    attributeNames = automaton.attributes.map { names[Int($0.name)] }
    for edge in automaton.edges {
      edges.insert(names[Int(edge.name)], edge.node * uriClasses + edge.uri, edge.target)
    }
    unsafe nilName = parser.intern(Self.nilName)
    unsafe schemaInstance = parser.intern(Self.schemaInstance)
  }

  mutating func startElement(_ tag: StartTag, in parser: PushParser) {
    if skipping > 0 {
      skipping &+= 1
      return
    }
    let parent = frames[frames.count &- 1].node
    let target = unsafe next(after: parent, tag.local, tag.uri)
    guard target >= 0 else {
      unsafe noteUnmapped(tag, in: parent)
      skipping = 1
      return
    }
    unsafe open(target, tag, in: parser)
  }

  /// An element begins that leads to `target` in the automaton.
  mutating func open(_ target: Int32, _ tag: StartTag, in parser: PushParser) {
    var frame = Frame(node: target, capture: -1)
    if automaton.nodes[Int(target)].isActive {
      if direct >= 0 { interrupt() }
      if unsafe enter(target, tag, in: parser) {
        direct = frames.count
        frame.capture = batch.bytes.count
      }
    }
    frames.append(frame)
    if frames.count <= surroundings.frames { enterSurroundings(in: parser) }
  }

  mutating func endElement(in parser: PushParser) {
    if skipping > 0 {
      skipping &-= 1
      return
    }
    if frames.count <= surroundings.frames { leaveSurroundings(in: parser) }
    let frame = frames.removeLast()
    if frame.capture >= 0 { finishValues(of: frame, in: parser) }
    let node = automaton.nodes[Int(frame.node)]
    for index in node.repeats { closeRow(automaton.repeats[Int(index)], in: parser) }
    if node.isRecord { closeRecord(in: parser) }
  }

  mutating func text(_ bytes: UnsafeBufferPointer<UInt8>, in parser: PushParser) {
    guard skipping == 0 else { return }
    let innermost = frames.count &- 1
    let capture = frames[innermost].capture
    guard capture >= 0 else { return }
    var count = 0
    if innermost == direct {
      unsafe batch.bytes.append(contentsOf: bytes)
      count = batch.bytes.count
    } else {
      unsafe scratch.append(contentsOf: bytes)
      count = scratch.count
    }
    if count &- capture > limits.text { parser.exceed(Self.textOfACell, limits.text) }
  }

  static let textOfACell = LocalizedText(zh: "一个单元格的字节数", en: "bytes of a cell")

  mutating func next(after node: Int32, _ name: UnsafePointer<UInt8>, _ uri: UnsafePointer<UInt8>?) -> Int32 {
    var key = node &* uriClasses
    if uriClasses > 1, let uri = unsafe uri, let place = unsafe uris.firstIndex(where: { unsafe $0 == uri }) {
      key &+= Int32(place)
    }
    guard let target = edges.find(UInt(bitPattern: name), key) else { return automaton.nodes[Int(node)].otherwise }
    guard target < -1 else { return target }
    let edge = automaton.counted[Int(-2 - target)]
    // One more than the last sibling that a path names is as good as any later one.
    let occurrence = min(counters[Int(edge.counter)], edge.count - 1)
    counters[Int(edge.counter)] = occurrence + 1
    return automaton.targets[Int(edge.first + occurrence)]
  }

  /// Opens the rows that begin with this element and reads its attributes; whether its text is wanted.
  mutating func enter(_ place: Int32, _ tag: StartTag, in parser: PushParser) -> Bool {
    let node = automaton.nodes[Int(place)]
    let line = surroundings.before.isEmpty ? parser.line : line(in: parser)
    for index in node.counters { counters[Int(index)] = 0 }
    for index in node.forgets { inherited[Int(automaton.forgets[Int(index)])] = Inherited() }
    if node.isRecord || !node.repeats.isEmpty { openRows(node, in: parser) }
    var isNil = false
    if unsafe tag.attributeCount > 0 { isNil = unsafe readAttributes(tag, node, place, line, in: parser) }
    var isWanted = false
    for index in node.values {
      let target = automaton.values[Int(index)]
      guard occupy(target, line) else { continue }
      if isNil { set(target, .null) } else { isWanted = true }
    }
    return isWanted
  }
}
