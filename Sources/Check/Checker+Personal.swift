import Campaign
import Records
import Values

// The text of a record as it may be shown to others: without direct identifiers.
extension Checker {
  /// What stands in place of a record whose text cannot be shown in part.
  private static let withheld = Array("（含个人信息，不显示 / withheld: personal data）".utf8)

  /// `nil` when the record holds no direct identifier, and its text may be shown as it is.
  ///
  /// An identifier that stands nowhere in the text as it was read (it was escaped there) or a row whose cells are not those
  /// of the header withholds the whole text: what cannot be found cannot be taken out.
  func shownText(_ raw: [UInt8], _ range: Range<Int>, _ batch: borrowing RecordBatch) -> [UInt8]? {
    guard let identifiers = plan.directIdentifiers else { return nil }
    var shown = raw
    for index in range {
      let row = batch.rows[index]
      if row.group == 0, Int(row.cellCount) != batch.columnCount { return Self.withheld }
      for field in identifiers[Int(row.group)] {
        let text = batch.trimmedText(batch.cell(ofField: field, row: index))
        if text.isEmpty { continue }
        guard let replaced = Self.replacing(text, by: Array(plan.pseudonym(text).utf8), in: shown) else {
          return Self.withheld
        }
        shown = replaced
      }
    }
    return shown
  }

  /// Every occurrence of `text`; `nil` when there is none.
  private static func replacing(_ text: [UInt8], by other: [UInt8], in whole: [UInt8]) -> [UInt8]? {
    var result: [UInt8] = []
    var start = 0
    var isFound = false
    while start < whole.count {
      if whole.count - start >= text.count, whole[start] == text[0],
        whole[start..<start + text.count].elementsEqual(text)
      {
        result += other
        start += text.count
        isFound = true
      } else {
        result.append(whole[start])
        start += 1
      }
    }
    return isFound ? result : nil
  }
}
