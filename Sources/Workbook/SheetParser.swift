import Bytes
import Diagnostics

/// Makes text of the rows of a sheet as they are parsed.
@safe final class SheetParser: PartParser {
  private enum Kind {
    case number, shared, text, truth, error, day
  }
  /// Text of whole rows that was not handed over yet.
  var output: [UInt8] = []
  private(set) var account = SheetAccount()
  private(set) var merges: MergedCells

  private let shared: SharedParts
  private var row = SheetRow()
  private var rowNumber = 0
  /// Rows that were written.
  private var written = 0
  private var columnNumber = -1
  /// Columns that rows with most of their cells have; shorter rows are filled up to them.
  private var width = 0
  private var isInData = false
  private var isInCell = false
  private var isTaken = false
  private var phonetic = 0
  private var isRowHidden = false
  private var kind = Kind.number
  private var format = 0
  private var value: [UInt8] = []
  private var outputCount = 0
  private var paddingCount = 0

  private lazy var names = unsafe Names(self)

  @unsafe private struct Names {
    let sheetData, row, c, v, t, rPh, col: UnsafePointer<UInt8>
    let r, s, hidden, min, max: UnsafePointer<UInt8>
    init(_ parser: PartParser) {
      unsafe sheetData = parser.intern("sheetData")
      unsafe row = parser.intern("row")
      unsafe c = parser.intern("c")
      unsafe v = parser.intern("v")
      unsafe t = parser.intern("t")
      unsafe rPh = parser.intern("rPh")
      unsafe col = parser.intern("col")
      unsafe r = parser.intern("r")
      unsafe s = parser.intern("s")
      unsafe hidden = parser.intern("hidden")
      unsafe min = parser.intern("min")
      unsafe max = parser.intern("max")
    }
  }

  init(
    _ source: any ByteSource, file: String, part: String, shared: SharedParts, merges: [MergedCells.Merge],
    limits: WorkbookLimits
  ) throws(ReadError) {
    self.shared = shared
    self.merges = MergedCells(merges)
    try super.init(source, file: file, part: part, limits: limits)
  }

  override func start(_ tag: PartTag) {
    let name = unsafe tag.local
    if !isInData {
      if unsafe name == names.sheetData { isInData = true }
      if unsafe name == names.col { unsafe noteColumn(tag) }
      return
    }
    if unsafe name == names.c {
      unsafe beginCell(tag)
    } else if unsafe name == names.v {
      isTaken = isInCell
    } else if unsafe name == names.row {
      unsafe beginRow(tag)
    } else if unsafe name == names.t {
      isTaken = isInCell && phonetic == 0
    } else if unsafe name == names.rPh {
      phonetic += 1
    }
  }

  override func end(_ local: UnsafePointer<UInt8>) {
    guard isInData else { return }
    if unsafe local == names.v || local == names.t {
      isTaken = false
    } else if unsafe local == names.c {
      endCell()
    } else if unsafe local == names.row {
      endRow()
    } else if unsafe local == names.rPh {
      phonetic -= 1
    } else if unsafe local == names.sheetData {
      isInData = false
    }
  }

  override func text(_ bytes: UnsafeBufferPointer<UInt8>) {
    guard isTaken else { return }
    unsafe value.append(contentsOf: bytes)
    if value.count > limits.cell { exceed(.cell, limits.cell) }
  }

  private func noteColumn(_ tag: PartTag) {
    guard unsafe attributeTruth(tag.value(names.hidden)), let first = unsafe attributeNumber(tag.value(names.min)),
      let last = unsafe attributeNumber(tag.value(names.max)), first > 0, first <= last,
      account.hiddenColumns.count < 1000
    else { return }
    account.hiddenColumns.append(first - 1...last - 1)
  }
}

// Rows and cells.
extension SheetParser {
  private func beginRow(_ tag: PartTag) {
    row.removeAll()
    columnNumber = -1
    // A number that is missing, or not above the last, says nothing.
    let number = unsafe attributeNumber(tag.value(names.r)) ?? 0
    rowNumber = number > rowNumber ? number : rowNumber + 1
    if rowNumber > sheetRows { damage(zh: "行号超出范围", en: "a row number out of range") }
    isRowHidden = unsafe attributeTruth(tag.value(names.hidden))
  }

  private func beginCell(_ tag: PartTag) {
    isInCell = true
    value.removeAll(keepingCapacity: true)
    columnNumber += 1
    kind = .number
    format = 0
    guard let attributes = unsafe tag.attributes else { return }
    for number in unsafe 0..<tag.attributeCount {
      // SAFETY: libxml2 hands over five pointers for each attribute; the last two are the ends of one text.
      guard let begin = unsafe attributes[5 * number + 3], let end = unsafe attributes[5 * number + 4] else { continue }
      let name = unsafe attributes[5 * number]
      let text = unsafe UnsafeBufferPointer(start: begin, count: end - begin)
      if unsafe name == names.r {
        if let place = unsafe cellReference(text) { columnNumber = place.column }
      } else if unsafe name == names.s {
        format = unsafe attributeNumber(text) ?? 0
      } else if unsafe name == names.t {
        unsafe setKind(text)
      }
    }
    if columnNumber >= sheetColumns { damage(zh: "列号超出范围", en: "a column out of range") }
  }

  private func setKind(_ text: UnsafeBufferPointer<UInt8>) {
    kind =
      switch unsafe text.first {
      case UInt8(ascii: "s"): text.count == 1 ? .shared : .text
      case UInt8(ascii: "i"): .text
      case UInt8(ascii: "b"): .truth
      case UInt8(ascii: "e"): .error
      case UInt8(ascii: "d"): .day
      default: .number
      }
  }

  private func endCell() {
    isInCell = false
    guard !value.isEmpty else { return }
    let start = row.bytes.count
    switch kind {
    case .text, .error: CellText.append(value, to: &row.bytes)
    case .shared:
      guard let number = unsafe value.withUnsafeBufferPointer({ unsafe attributeNumber($0) }),
        let range = shared.range(number)
      else { return damage(zh: "第 \(rowNumber) 行引用的共享字符串不存在", en: "row \(rowNumber): no such shared string") }
      row.bytes.append(contentsOf: shared.texts[range])
    case .truth: row.bytes.append(contentsOf: (value == [0x30] ? "FALSE" : "TRUE").utf8)
    case .day: appendDay()
    case .number: appendNumber()
    }
    row.add(column: columnNumber, from: start)
    if row.bytes.count > limits.row { exceed(.row, limits.row) }
  }

  private func appendNumber() {
    let format = format < shared.formats.count ? shared.formats[format] : .plain
    if format == .plain, isPlain {
      row.bytes.append(contentsOf: value)
      return
    }
    guard var number = SheetNumber(value.span) else { return CellText.append(value, to: &row.bytes) }
    switch format {
    case .date, .dateTime, .time, .duration:
      if shared.calendar.append(number.value, format, to: &row.bytes) { return }
      number.round()
      number.append(to: &row.bytes)
    case .percent:
      number.round()
      number.scaleToPercent()
      number.append(to: &row.bytes)
      row.bytes.append(UInt8(ascii: "%"))
    case .padded(let width):
      number.round()
      number.append(to: &row.bytes, width: width)
    case .plain:
      if number.hasLostDigits { account.noteRounded(row: rowNumber, column: columnNumber) }
      number.round()
      number.append(to: &row.bytes)
    }
  }

  /// Whether the number can be taken as it is written: at most 15 digits, no zeros at either end.
  private var isPlain: Bool {
    let bytes = value
    var at = bytes[0] == UInt8(ascii: "-") ? 1 : 0
    guard bytes.count - at <= 15, at < bytes.count, bytes[at] != 0x30 || bytes.count == 1 else { return false }
    while at < bytes.count {
      guard (0x30...0x39).contains(bytes[at]) else { return false }
      at += 1
    }
    return true
  }

  /// A day in ISO form, as some programs write them: without its time when that is midnight.
  private func appendDay() {
    let midnight = Array("T00:00:00".utf8)
    if value.count >= 19, value[10..<19].elementsEqual(midnight),
      value[19...].allSatisfy({ $0 == 0x30 || $0 == 0x2E || $0 == 0x5A })
    {
      row.bytes += value[..<10]
    } else {
      CellText.append(value, to: &row.bytes)
    }
  }

  private func endRow() {
    row.order()
    if !row.isEmpty, merges.concerns(rowNumber) {
      merges.fill(&row, number: rowNumber, width: max(width, row.width))
    }
    guard !row.isEmpty else { return }
    if isRowHidden { account.noteHiddenRow() }
    account.widest = max(account.widest, row.width)
    if row.count * 3 >= row.width { width = max(width, row.width) }
    // Rows without text have their line, so that lines are rows.
    while written < rowNumber - 1 {
      output.append(0x0A)
      written += 1
    }
    guard row.textCount <= limits.row else { return exceed(.row, limits.row) }
    let before = output.count
    row.append(to: &output, width: width)
    written += 1
    outputCount += output.count - before
    paddingCount += max(width, row.width) - row.count
    if outputCount > limits.sheetText || paddingCount > max(64 << 20, outputCount / 256 * 255) {
      exceed(.sheetText, limits.sheetText)
    }
  }
}

/// What was found in a sheet besides its cells.
struct SheetAccount {
  var hiddenColumns: [ClosedRange<Int>] = []
  private(set) var hiddenRows = 0
  private(set) var rounded = 0
  private(set) var firstRounded = (row: 0, column: 0)
  var widest = 0

  mutating func noteHiddenRow() { hiddenRows += 1 }

  mutating func noteRounded(row: Int, column: Int) {
    if rounded == 0 { firstRounded = (row, column) }
    rounded += 1
  }
}

/// The merged ranges of a sheet, which stand behind its rows.
@safe final class MergeParser: PartParser {
  private(set) var merges: [MergedCells.Merge] = []
  private lazy var mergeCell = unsafe intern("mergeCell")
  private lazy var ref = unsafe intern("ref")

  override func start(_ tag: PartTag) {
    guard unsafe tag.local == mergeCell, let range = unsafe tag.value(ref) else { return }
    guard merges.count < limits.merges else { return exceed(.merges, limits.merges) }
    guard let colon = unsafe range.firstIndex(of: UInt8(ascii: ":")),
      let first = unsafe cellReference(UnsafeBufferPointer(rebasing: range[..<colon])),
      let last = unsafe cellReference(UnsafeBufferPointer(rebasing: range[(colon + 1)...])),
      first.row <= last.row, first.column <= last.column
    else { return }
    merges.append(.init(rows: first.row...last.row, columns: first.column...last.column))
  }
}
