import Campaign
import Diagnostics
import Records

// Codes that are valid for some time only: divisions that were split, merged or renamed.
extension Checker {
  /// - Parameter day: of the record; without one the last day of the campaign holds.
  mutating func checkValidity(on day: Int32, _ batch: borrowing RecordBatch) {
    let day = day == RecordColumns.noDay ? plan.window?.upperBound : Day(number: day)
    guard let day else { return }
    for field in plan.datedFields {
      let place = rows[0].firstValue + field
      guard values[place].kind == .code, case .code(let shared) = plan.programs[field].reader else { continue }
      let list = shared.value
      let entry = Int(values[place].bits)
      if list.isValid(entry, on: day) { continue }
      // A name that several revisions have means the one of that day.
      if !isWritten(list.entries[entry].code, field: field, batch),
        let other = list.homonyms[Int32(entry)]?.first(where: { list.isValid(Int($0), on: day) })
      {
        values[place].bits = Int64(other)
        continue
      }
      noteField(field, CellFault(.codeNotValid, [.word(Self.validity(of: list.entries[entry], on: day))]), batch)
    }
  }

  private func isWritten(_ code: String, field: Int, _ batch: borrowing RecordBatch) -> Bool {
    let column = Int(batch.columnOfField[field])
    let row = batch.rows[rows[0].row]
    guard column >= 0, column < Int(row.cellCount) else { return false }
    let cell = batch.cells[Int(row.firstCell) + column]
    guard cell.isPresent else { return false }
    return batch.bytes[cell.range].filter { $0 > 0x20 }.elementsEqual(code.utf8)
  }

  private static func validity(of entry: CodeList.Entry, on day: Day) -> LocalizedText {
    let from = entry.validFrom?.text ?? "…"
    let to = entry.validTo?.text ?? "…"
    var text = LocalizedText(
      zh: "\(day.text) 有效的代码（\(entry.code) 的有效期是 \(from) 至 \(to)）",
      en: "a code valid on \(day.text) (\(entry.code) is valid from \(from) to \(to))")
    if !entry.successor.isEmpty, entry.validTo.map({ $0 < day }) == true {
      text.zh += "，此后是 \(entry.successor)"
      text.en += "; since then \(entry.successor)"
    }
    return text
  }
}
