import Bytes
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

  init(source: any ByteSource, file: String, plan: XMLPlan, limits: XMLLimits) throws(ReadError) {
    unsafe place = .allocate(capacity: 1)
    unsafe place.initialize(to: RecordAssembler(plan: plan, limits: limits))
    try super.init(source: source, file: file, limits: limits)
    unsafe place.pointee.intern(by: self)
  }

  deinit {
    unsafe place.deinitialize(count: 1)
    unsafe place.deallocate()
  }

  func take(_ taken: inout RecordBatch) { unsafe place.pointee.take(&taken) }
  func dropOpenRecord() { unsafe place.pointee.dropOpenRecord() }

  override func startElement(_ tag: StartTag) { unsafe place.pointee.startElement(tag, in: self) }
  override func endElement() { unsafe place.pointee.endElement(in: self) }
  override func text(_ bytes: UnsafeBufferPointer<UInt8>) { unsafe place.pointee.text(bytes, in: self) }
}
