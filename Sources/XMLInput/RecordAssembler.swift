import Diagnostics
import Records

/// Turns the events of one file into rows and cells, as the automaton of the plan says.
///
/// Rows and cells of the open record stand at the end of the batch that is being filled; when the batch is taken, they move
/// to the next. Texts of values that are open stand in `scratch`, which is a stack: that of a child is finished, and taken
/// off, before that of its parent goes on.
///
/// A value and not part of the parser's class: one event is one access to it, where each property of a class would be
/// checked for exclusive access anew, which cost a third of the time.
@safe struct RecordAssembler {
  private struct Frame {
    var node: Int32
    /// Where the text of the element begins in `scratch`, or -1 when nobody wants it.
    var capture: Int
  }
  /// A value of an ancestor, kept until rows need it.
  private struct Inherited {
    var text: [UInt8] = []
    var line = 0
    var count = 0
    var isNull = false
    var isOpen = false
    /// The text in the batch, once a row has used it.
    var cell: RecordBatch.Cell?
  }
  private struct OpenRow {
    var row = 0
    var firstCell = 0
  }
  private struct Repetition: Hashable {
    var row: Int
    var group: Int32
    var cell: Int32
  }
  /// Marks a cell whose element is still open.
  private static let openCell = RecordBatch.Cell(start: Int(UInt32.max), count: 0)
  private static let batchBytes = 1 << 20
  private static let batchRecords = 4096
  private static let nilName = Array("nil".utf8)
  private static let schemaInstance = Array("http://www.w3.org/2001/XMLSchema-instance".utf8)

  private let plan: XMLPlan
  private let limits: XMLLimits
  private let automaton: PathAutomaton
  private var edges: EdgeTable
  private let uriClasses: Int32
  private var uris: [UnsafePointer<UInt8>?] = unsafe []
  private var attributeNames: [UInt] = []
  private var nilName: UnsafePointer<UInt8>?
  private var schemaInstance: UnsafePointer<UInt8>?

  private var frames: [Frame] = []
  /// Elements within the innermost one that the plan knows; their content means nothing.
  private var skipping = 0
  private var counters: [Int32]
  private var scratch: [UInt8] = []
  private var inherited: [Inherited]
  private var openRows: [OpenRow]
  private var batch = RecordBatch()
  private var openRecord: (row: Int, cell: Int, byte: Int, fault: Int)?
  private var repetitions: [Repetition: (count: Int, line: Int)] = [:]
  private var recordsInBatch = 0
  private(set) var recordCount = 0
  private var unmappedPlaces: [(node: Int32, name: String, count: Int)] = []
  private(set) var hasMoreUnmapped = false

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

  // MARK: Batches

  /// A batch without a complete record is never full.
  var isBatchFull: Bool {
    recordsInBatch >= Self.batchRecords || (recordsInBatch > 0 && batch.bytes.count >= Self.batchBytes)
  }

  /// Hands over the complete records in exchange for the memory of `batch`.
  mutating func take(_ taken: inout RecordBatch) {
    swap(&batch, &taken)
    batch.removeAll()
    taken.firstRecord = recordCount - recordsInBatch + 1
    taken.columnOfField = plan.columnOfField
    taken.columnCount = plan.columnOfField.count
    recordsInBatch = 0
    for index in inherited.indices { inherited[index].cell = nil }
    guard let open = openRecord else { return }
    moveOpenRecord(open, from: &taken)
  }

  mutating func dropOpenRecord() {
    guard let open = openRecord else { return }
    batch.rows.removeSubrange(open.row...)
    batch.cells.removeSubrange(open.cell...)
    batch.cellLines.removeSubrange(open.cell...)
    batch.bytes.removeSubrange(open.byte...)
    batch.faults.removeSubrange(open.fault...)
    openRecord = nil
  }

  private mutating func moveOpenRecord(
    _ open: (row: Int, cell: Int, byte: Int, fault: Int), from taken: inout RecordBatch
  ) {
    for var row in taken.rows[open.row...] {
      row.firstCell -= UInt32(open.cell)
      batch.rows.append(row)
    }
    batch.bytes.append(contentsOf: taken.bytes[open.byte...])
    for var cell in taken.cells[open.cell...] {
      if cell.isPresent, cell.start != .max {
        let start = Int(cell.start)
        if start >= open.byte {
          cell.start -= UInt32(open.byte)
        } else {
          // A value of an ancestor that an earlier record of the batch had used, too.
          cell.start = UInt32(batch.bytes.count)
          batch.bytes.append(contentsOf: taken.bytes[start..<start + Int(cell.count)])
        }
      }
      batch.cells.append(cell)
    }
    batch.cellLines.append(contentsOf: taken.cellLines[open.cell...])
    for var fault in taken.faults[open.fault...] {
      fault.row -= open.row
      batch.faults.append(fault)
    }
    taken.rows.removeSubrange(open.row...)
    taken.cells.removeSubrange(open.cell...)
    taken.cellLines.removeSubrange(open.cell...)
    taken.bytes.removeSubrange(open.byte...)
    taken.faults.removeSubrange(open.fault...)
    for index in openRows.indices {
      openRows[index].row -= open.row
      openRows[index].firstCell -= open.cell
    }
    repetitions = Dictionary(
      uniqueKeysWithValues: repetitions.map { key, value in
        (Repetition(row: key.row - open.row, group: key.group, cell: key.cell), value)
      })
    openRecord = (0, 0, 0, 0)
  }

  // MARK: Events

  mutating func startElement(_ tag: StartTag, in parser: PushParser) {
    if skipping > 0 {
      skipping &+= 1
      return
    }
    let parent = frames[frames.count &- 1].node
    let target = unsafe next(after: parent, tag.local, tag.uri)
    guard target >= 0 else {
      unsafe noteUnmapped(-1 - 2 * parent, parent, tag.prefix, tag.local, isAttribute: false)
      skipping = 1
      return
    }
    var frame = Frame(node: target, capture: -1)
    if automaton.nodes[Int(target)].isActive, unsafe enter(target, tag, in: parser) { frame.capture = scratch.count }
    frames.append(frame)
  }

  mutating func endElement(in parser: PushParser) {
    if skipping > 0 {
      skipping &-= 1
      return
    }
    let frame = frames.removeLast()
    if frame.capture >= 0 { finishValues(of: frame) }
    let node = automaton.nodes[Int(frame.node)]
    for index in node.repeats { closeRow(automaton.repeats[Int(index)], in: parser) }
    if node.isRecord { closeRecord(in: parser) }
  }

  mutating func text(_ bytes: UnsafeBufferPointer<UInt8>, in parser: PushParser) {
    guard skipping == 0 else { return }
    let capture = frames[frames.count &- 1].capture
    guard capture >= 0 else { return }
    unsafe scratch.append(contentsOf: bytes)
    if scratch.count - capture > limits.text { parser.exceed(Self.textOfACell, limits.text) }
  }

  private static let textOfACell = LocalizedText(zh: "一个单元格的字节数", en: "bytes of a cell")

  private mutating func next(after node: Int32, _ name: UnsafePointer<UInt8>, _ uri: UnsafePointer<UInt8>?) -> Int32 {
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
  private mutating func enter(_ place: Int32, _ tag: StartTag, in parser: PushParser) -> Bool {
    let node = automaton.nodes[Int(place)]
    let line = parser.line
    for index in node.counters { counters[Int(index)] = 0 }
    for index in node.forgets { inherited[Int(automaton.forgets[Int(index)])] = Inherited() }
    if node.isRecord || !node.repeats.isEmpty { openRows(node, in: parser) }
    var isNil = false
    if unsafe tag.attributeCount > 0 { isNil = unsafe readAttributes(tag, node, place, line) }
    var isWanted = false
    for index in node.values {
      let target = automaton.values[Int(index)]
      guard occupy(target, line) else { continue }
      if isNil { set(target, .null) } else { isWanted = true }
    }
    return isWanted
  }

  private mutating func finishValues(of frame: Frame) {
    let start = batch.bytes.count
    let count = scratch.count - frame.capture
    var isCopied = false
    for index in automaton.nodes[Int(frame.node)].values {
      let target = automaton.values[Int(index)]
      if target.group == Target.ancestor {
        guard inherited[Int(target.cell)].isOpen else { continue }
        inherited[Int(target.cell)].isOpen = false
        inherited[Int(target.cell)].text = Array(scratch[frame.capture...])
        continue
      }
      let cell = openRows[Int(target.group)].firstCell &+ Int(target.cell)
      guard batch.cells[cell].start == .max else { continue }
      if !isCopied {
        if count > 0 { batch.bytes.append(contentsOf: scratch[frame.capture...]) }
        isCopied = true
      }
      batch.cells[cell] = RecordBatch.Cell(start: start, count: count)
    }
    scratch.removeLast(count)
  }

  // MARK: Cells

  /// Takes the cell of `target` for an element or attribute that begins; `false` when it was there before.
  @inline(__always)
  private mutating func occupy(_ target: Target, _ line: Int) -> Bool {
    if target.group == Target.ancestor {
      inherited[Int(target.cell)].count += 1
      guard inherited[Int(target.cell)].count == 1 else { return false }
      inherited[Int(target.cell)].line = line
      inherited[Int(target.cell)].isOpen = true
      return true
    }
    let row = openRows[Int(target.group)]
    let cell = row.firstCell &+ Int(target.cell)
    guard batch.cells[cell].count == RecordBatch.Cell.absent.count else {
      repetitions[Repetition(row: row.row, group: target.group, cell: target.cell), default: (1, line)].count += 1
      return false
    }
    batch.cells[cell] = Self.openCell
    batch.cellLines[cell] = UInt32(truncatingIfNeeded: line)
    return true
  }

  private mutating func set(_ target: Target, _ value: RecordBatch.Cell) {
    guard target.group == Target.ancestor else {
      batch.cells[openRows[Int(target.group)].firstCell &+ Int(target.cell)] = value
      return
    }
    inherited[Int(target.cell)].isNull = value.isNull
    inherited[Int(target.cell)].isOpen = false
  }

  /// Whether the element is nil.
  private mutating func readAttributes(_ tag: StartTag, _ node: PathAutomaton.Node, _ place: Int32, _ line: Int) -> Bool
  {
    guard let attributes = unsafe tag.attributes else { return false }
    var isNil = false
    for number in unsafe 0..<tag.attributeCount {
      // SAFETY: libxml2 hands over five pointers for each attribute.
      let name = unsafe attributes[5 &* number]
      let uri = unsafe attributes[5 &* number &+ 2]
      guard let name = unsafe name, let start = unsafe attributes[5 &* number &+ 3],
        let end = unsafe attributes[5 &* number &+ 4]
      else { continue }
      let value = unsafe UnsafeBufferPointer(start: start, count: end - start)
      var isMapped = false
      for index in node.attributes where attributeNames[Int(index)] == UInt(bitPattern: name) {
        let test = automaton.attributes[Int(index)]
        guard unsafe test.uri == 0 || uris[Int(test.uri)] == uri else { continue }
        isMapped = true
        guard occupy(test.target, line) else { continue }
        unsafe setAttribute(test.target, value)
      }
      if isMapped { continue }
      if let uri = unsafe uri, unsafe uri == schemaInstance {
        let isTrue = unsafe value.elementsEqual("true".utf8) || value.elementsEqual("1".utf8)
        if isTrue, unsafe name == nilName { isNil = true }
      } else {
        unsafe noteUnmapped(-2 - 2 * place, place, attributes[5 &* number &+ 1], name, isAttribute: true)
      }
    }
    return isNil
  }

  private mutating func setAttribute(_ target: Target, _ value: UnsafeBufferPointer<UInt8>) {
    guard target.group == Target.ancestor else {
      let start = batch.bytes.count
      unsafe appendAttribute(value, to: &batch.bytes)
      set(target, RecordBatch.Cell(start: start, count: batch.bytes.count - start))
      return
    }
    inherited[Int(target.cell)].isOpen = false
    unsafe appendAttribute(value, to: &inherited[Int(target.cell)].text)
  }

  /// An ampersand in a value arrives as `&#38;`, since entities are not substituted (libxml2 leaves that to the builder of
  /// a tree); no other ampersand can.
  private func appendAttribute(_ value: UnsafeBufferPointer<UInt8>, to bytes: inout [UInt8]) {
    let ampersand = UInt8(ascii: "&")
    guard unsafe value.contains(ampersand) else {
      unsafe bytes.append(contentsOf: value)
      return
    }
    var at = 0
    while at < value.count {
      let byte = unsafe value[at]
      bytes.append(byte)
      let rest = unsafe value[(at + 1)...].prefix(4)
      at += byte == ampersand && (unsafe rest.elementsEqual("#38;".utf8)) ? 5 : 1
    }
  }

  // MARK: Rows

  private mutating func openRows(_ node: PathAutomaton.Node, in parser: PushParser) {
    let (start, first) = parser.startOfTag()
    if node.isRecord {
      openRecord = (batch.rows.count, batch.cells.count, batch.bytes.count, batch.faults.count)
      parser.keptOffset = start
      openRow(0, first, start, in: parser)
    }
    for index in node.repeats { openRow(automaton.repeats[Int(index)], first, start, in: parser) }
    if let openRecord, batch.cells.count - openRecord.cell > limits.cells {
      parser.exceed(LocalizedText(zh: "一条记录的单元格数", en: "cells of a record"), limits.cells)
    }
  }

  private mutating func openRow(_ group: Int32, _ line: Int, _ start: Int, in parser: PushParser) {
    let width = plan.widths[Int(group)]
    let firstCell = batch.cells.count
    openRows[Int(group)] = OpenRow(row: batch.rows.count, firstCell: firstCell)
    batch.rows.append(
      RecordBatch.Row(
        line: line, rawStart: start - (parser.keptOffset ?? start), rawEnd: 0, firstCell: firstCell, cellCount: width,
        group: Int(group), startsRecord: group == 0))
    batch.cells.append(contentsOf: repeatElement(.absent, count: width))
    batch.cellLines.append(contentsOf: repeatElement(UInt32(truncatingIfNeeded: line), count: width))
    for (cell, value) in plan.inherited[Int(group)] { inherit(value, to: Target(group: group, cell: Int32(cell))) }
  }

  private mutating func inherit(_ value: Int, to target: Target) {
    guard inherited[value].count > 0, !inherited[value].isOpen else { return }
    let row = openRows[Int(target.group)]
    let cell = row.firstCell + Int(target.cell)
    batch.cellLines[cell] = UInt32(truncatingIfNeeded: inherited[value].line)
    if inherited[value].count > 1 {
      repetitions[Repetition(row: row.row, group: target.group, cell: target.cell)] =
        (inherited[value].count, inherited[value].line)
    }
    if inherited[value].isNull {
      batch.cells[cell] = .null
      return
    }
    if inherited[value].cell == nil {
      let text = inherited[value].text
      inherited[value].cell = RecordBatch.Cell(start: batch.bytes.count, count: text.count)
      batch.bytes.append(contentsOf: text)
    }
    batch.cells[cell] = inherited[value].cell ?? .absent
  }

  private mutating func closeRow(_ group: Int32, in parser: PushParser) {
    batch.rows[openRows[Int(group)].row].rawEnd = UInt32(
      truncatingIfNeeded: parser.endOfTag() - (parser.keptOffset ?? 0))
  }

  private mutating func closeRecord(in parser: PushParser) {
    guard let open = openRecord, let start = parser.keptOffset else { return }
    let end = parser.endOfTag()
    let raw = batch.bytes.count
    batch.bytes.append(contentsOf: parser.window.bytes[start - parser.window.start..<end - parser.window.start])
    batch.rows[open.row].rawEnd = UInt32(end - start)
    for row in open.row..<batch.rows.count {
      batch.rows[row].rawStart += UInt32(raw)
      batch.rows[row].rawEnd += UInt32(raw)
    }
    recordCount += 1
    recordsInBatch += 1
    if !repetitions.isEmpty { reportRepetitions(parser.file) }
    openRecord = nil
    parser.keptOffset = nil
  }

  private mutating func reportRepetitions(_ file: String) {
    let faults = repetitions.sorted { ($0.key.row, $0.key.cell) < ($1.key.row, $1.key.cell) }
    for (place, repetition) in faults {
      let group = Int(place.group)
      let location = SourceLocation(
        file: file, line: repetition.line, record: recordCount, field: plan.names[group][Int(place.cell)])
      batch.faults.append(
        RecordBatch.Fault(
          row: place.row,
          diagnostic: Diagnostic(
            .elementRepeated, at: location, found: "\(repetition.count)",
            [.literal(plan.paths[group][Int(place.cell)])])))
    }
    repetitions.removeAll(keepingCapacity: true)
  }

  // MARK: Unmapped

  private static let unmappedKept = 200

  /// Paths that no field reads, most frequent first.
  var unmapped: [(path: String, count: Int)] {
    unmappedPlaces.map { ("\(automaton.paths[Int($0.node)])/\($0.name)", $0.count) }
      .sorted { ($1.count, $0.path) < ($0.count, $1.path) }
  }

  private mutating func noteUnmapped(
    _ key: Int32, _ node: Int32, _ prefix: UnsafePointer<UInt8>?, _ local: UnsafePointer<UInt8>, isAttribute: Bool
  ) {
    if let known = edges.find(UInt(bitPattern: local), key) {
      unmappedPlaces[Int(known)].count += 1
      return
    }
    guard unmappedPlaces.count < Self.unmappedKept else {
      hasMoreUnmapped = true
      return
    }
    edges.insert(UInt(bitPattern: local), key, Int32(unmappedPlaces.count))
    let name = (isAttribute ? "@" : "") + (unsafe prefix.map { unsafe String(cString: $0) + ":" } ?? "")
    unsafe unmappedPlaces.append((node, printable(name + String(cString: local)), 1))
  }
}
