import Bytes
import Diagnostics

/// What the styles of a workbook say about numbers: for each cell format what it makes of one.
@safe final class StyleParser: PartParser {
  /// In the order of the formats that cells name.
  private(set) var formats: [NumberFormat] = []
  private var codes: [Int: NumberFormat] = [:]
  private var isInCellFormats = false
  private lazy var numFmt = unsafe intern("numFmt")
  private lazy var numFmtId = unsafe intern("numFmtId")
  private lazy var formatCode = unsafe intern("formatCode")
  private lazy var cellXfs = unsafe intern("cellXfs")
  private lazy var xf = unsafe intern("xf")

  override func start(_ tag: PartTag) {
    if unsafe tag.local == xf {
      guard isInCellFormats else { return }
      guard formats.count < limits.formats else { return exceed(.formats, limits.formats) }
      let id = unsafe attributeNumber(tag.value(numFmtId)) ?? 0
      formats.append(codes[id] ?? NumberFormat(builtIn: id))
    } else if unsafe tag.local == cellXfs {
      isInCellFormats = true
    } else if unsafe tag.local == numFmt, !isInCellFormats {
      guard codes.count < limits.formats else { return exceed(.formats, limits.formats) }
      guard let id = unsafe attributeNumber(tag.value(numFmtId)), let code = unsafe tag.value(formatCode),
        code.count <= limits.formatCode
      else { return }
      unsafe codes[id] = NumberFormat(code: attributeText(code))
    }
  }

  override func end(_ local: UnsafePointer<UInt8>) {
    if unsafe local == cellXfs { isInCellFormats = false }
  }
}

/// The texts that cells name by number, ready to be handed over, one behind the other.
@safe final class SharedTextParser: PartParser {
  private(set) var bytes: [UInt8] = []
  private(set) var ends: [UInt32] = []
  private var item: [UInt8] = []
  private var isText = false
  private var phonetic = 0
  private lazy var si = unsafe intern("si")
  private lazy var t = unsafe intern("t")
  private lazy var rPh = unsafe intern("rPh")

  override func start(_ tag: PartTag) {
    if unsafe tag.local == t {
      isText = phonetic == 0
    } else if unsafe tag.local == si {
      item.removeAll(keepingCapacity: true)
    } else if unsafe tag.local == rPh {
      phonetic += 1
    }
  }

  override func end(_ local: UnsafePointer<UInt8>) {
    if unsafe local == t {
      isText = false
    } else if unsafe local == rPh {
      phonetic -= 1
    } else if unsafe local == si {
      CellText.append(item, to: &bytes)
      guard bytes.count <= limits.sharedText else { return exceed(.sharedText, limits.sharedText) }
      guard ends.count < limits.sharedItems else { return exceed(.sharedItems, limits.sharedItems) }
      ends.append(UInt32(bytes.count))
    }
  }

  override func text(_ bytes: UnsafeBufferPointer<UInt8>) {
    guard isText else { return }
    unsafe item.append(contentsOf: bytes)
    if item.count > limits.cell { exceed(.cell, limits.cell) }
  }
}

/// What all sheets of a workbook share.
struct SharedParts: Sendable {
  var texts: [UInt8] = []
  var ends: [UInt32] = []
  var formats: [NumberFormat] = []
  var calendar = SheetCalendar(startsIn1904: false)

  /// The range of text `index` in `texts`; `nil` when there is none.
  func range(_ index: Int) -> Range<Int>? {
    guard index >= 0, index < ends.count else { return nil }
    return (index == 0 ? 0 : Int(ends[index - 1]))..<Int(ends[index])
  }
}
