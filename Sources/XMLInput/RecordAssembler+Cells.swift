import Diagnostics
import Glibc
import Records

/// Cells: what an element or attribute says, and whether it said it before.
extension RecordAssembler {
  /// Takes the cell of `target` for an element or attribute that begins; `false` when it was there before.
  @inline(__always)
  mutating func occupy(_ target: Target, _ line: Int) -> Bool {
    if target.group == Target.ancestor {
      inherited[Int(target.cell)].count += 1
      guard inherited[Int(target.cell)].count == 1 else { return false }
      inherited[Int(target.cell)].line = line
      inherited[Int(target.cell)].isOpen = true
      return true
    }
    let row = openRows[Int(target.group)]
    let cell = row.firstCell &+ Int(target.cell)
    guard batch.cells[cell].count == absent else {
      repetitions[Repetition(row: row.row, group: target.group, cell: target.cell), default: (1, line)].count += 1
      return false
    }
    batch.cells[cell] = Self.openCell
    batch.cellLines[cell] = UInt32(truncatingIfNeeded: line)
    return true
  }

  /// Takes all of an element that is nothing but the cell of `target`, on `line`.
  mutating func fill(_ target: Target, _ text: UnsafeBufferPointer<UInt8>, line: Int) {
    guard occupy(target, line) else { return }
    let start = batch.bytes.count
    unsafe batch.bytes.append(contentsOf: text)
    set(target, RecordBatch.Cell(start: start, count: text.count))
  }

  mutating func set(_ target: Target, _ value: RecordBatch.Cell) {
    guard target.group == Target.ancestor else {
      batch.cells[openRows[Int(target.group)].firstCell &+ Int(target.cell)] = value
      return
    }
    inherited[Int(target.cell)].isNull = value.isNull
    inherited[Int(target.cell)].isOpen = false
    for cell in inherited[Int(target.cell)].waiting { batch.cells[cell] = value }
    inherited[Int(target.cell)].waiting = []
  }

  /// Gives a value of an ancestor that came behind records to their cells; `text` stands in the batch.
  mutating func giveLate(_ value: Int, _ text: RecordBatch.Cell, in parser: PushParser) {
    if inherited[value].isTooLate {
      parser.exceed(
        LocalizedText(zh: "上级元素的值之前的记录数", en: "records before a value of their ancestor"), Self.batchRecords)
    }
    for cell in inherited[value].waiting {
      batch.cells[cell] = text
      batch.cellLines[cell] = UInt32(truncatingIfNeeded: inherited[value].line)
    }
    inherited[value].waiting = []
    inherited[value].cell = text
  }

  /// Whether the element is nil.
  mutating func readAttributes(
    _ tag: StartTag, _ node: PathAutomaton.Node, _ place: Int32, _ line: Int, in parser: PushParser
  ) -> Bool {
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
        unsafe setAttribute(test.target, value, in: parser)
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

  mutating func setAttribute(_ target: Target, _ value: UnsafeBufferPointer<UInt8>, in parser: PushParser) {
    guard target.group == Target.ancestor else {
      let start = batch.bytes.count
      unsafe appendAttribute(value, to: &batch.bytes)
      set(target, RecordBatch.Cell(start: start, count: batch.bytes.count - start))
      return
    }
    inherited[Int(target.cell)].isOpen = false
    unsafe appendAttribute(value, to: &inherited[Int(target.cell)].text)
    guard !inherited[Int(target.cell)].waiting.isEmpty || inherited[Int(target.cell)].isTooLate else { return }
    let start = batch.bytes.count
    batch.bytes.append(contentsOf: inherited[Int(target.cell)].text)
    giveLate(Int(target.cell), RecordBatch.Cell(start: start, count: batch.bytes.count - start), in: parser)
  }

  /// Gives the text of an element that ended to the cells that want it.
  mutating func finishValues(of frame: Frame, in parser: PushParser) {
    if direct == frames.count {
      direct = -1
      finishValues(of: frame.node, frame.capture, in: parser)
      return
    }
    let start = batch.bytes.count
    batch.bytes.append(contentsOf: scratch[frame.capture...])
    scratch.removeSubrange(frame.capture...)
    finishValues(of: frame.node, start, in: parser)
  }

  mutating func finishValues(of node: Int32, _ start: Int, in parser: PushParser) {
    let text = RecordBatch.Cell(start: start, count: batch.bytes.count - start)
    var isUsed = false
    for index in automaton.nodes[Int(node)].values {
      let target = automaton.values[Int(index)]
      if target.group == Target.ancestor {
        guard inherited[Int(target.cell)].isOpen else { continue }
        inherited[Int(target.cell)].isOpen = false
        inherited[Int(target.cell)].text = Array(batch.bytes[start...])
        if Int(text.count) > limits.tag {
          parser.exceed(LocalizedText(zh: "上级元素一个值的字节数", en: "bytes of a value of an ancestor"), limits.tag)
        }
        if !inherited[Int(target.cell)].waiting.isEmpty || inherited[Int(target.cell)].isTooLate {
          giveLate(Int(target.cell), text, in: parser)
          isUsed = true
        }
        continue
      }
      let cell = openRows[Int(target.group)].firstCell &+ Int(target.cell)
      if batch.cells[cell].start == .max {
        batch.cells[cell] = text
        isUsed = true
      }
    }
    if !isUsed { batch.bytes.removeSubrange(start...) }
  }

  /// Moves the text that stands at the end of the batch to `scratch`, because something else is to stand there.
  mutating func interrupt() {
    let start = frames[direct].capture
    frames[direct].capture = scratch.count
    scratch.append(contentsOf: batch.bytes[start...])
    batch.bytes.removeSubrange(start...)
    direct = -1
  }
}

/// An ampersand in a value arrives as `&#38;`, since entities are not substituted (libxml2 leaves that to the builder of
/// a tree); no other ampersand can.
func appendAttribute(_ value: UnsafeBufferPointer<UInt8>, to bytes: inout [UInt8]) {
  let ampersand = UInt8(ascii: "&")
  guard unsafe value.baseAddress.flatMap({ unsafe memchr($0, Int32(ampersand), value.count) }) != nil else {
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
