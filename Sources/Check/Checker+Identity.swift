import Bytes
import Campaign
import Diagnostics
import Records
import Values

// By what a person and a correction name a record: its primary key, or its source and content.
extension Checker {
  /// The canonical texts of the key, joined by `|`; `nil` when the record has none that could be read.
  func keyText(_ batch: borrowing RecordBatch) -> [UInt8]? {
    guard !plan.roles.key.isEmpty, let first = rows.first else { return nil }
    var text: [UInt8] = []
    var isBlank = true
    for (place, field) in plan.roles.key.enumerated() {
      let value = values[first.firstValue + field]
      if value.kind == .invalid { return nil }
      if place > 0 { text.append(UInt8(ascii: "|")) }
      if !value.isBlank { isBlank = false }
      text += self.text(of: value, batch, program: plan.programs[field])
    }
    return isBlank ? nil : text
  }

  /// `SOURCE#` and 16 hexadecimal digits of what the record holds: the same wherever it stands.
  func contentID(_ batch: borrowing RecordBatch, _ range: Range<Int>, isReadable: Bool) -> String {
    var hash = Hash128()
    if isReadable {
      for row in batch.rows[range] {
        hash.combine(UInt64(row.group))
        for cell in batch.cells[Int(row.firstCell)..<Int(row.firstCell) + Int(row.cellCount)] {
          // Spreadsheets and their dialects differ in the white space around a cell.
          if cell.isPresent {
            let whole = batch.bytes.span.extracting(cell.range)
            hash.combine(whole.extracting(trimmed(whole)))
          } else {
            hash.combine(UInt64.max)
          }
        }
      }
    } else {
      hash.combine(batch.raw(range).span)
    }
    let digits = String(hash.high ^ hash.low, radix: 16)
    return plan.source.name + "#" + String(repeating: "0", count: 16 - digits.count) + digits
  }

  func id(_ batch: borrowing RecordBatch, _ range: Range<Int>, isReadable: Bool) -> String {
    if let correctedID { return correctedID }
    if isReadable, let key = keyText(batch) { return String(decoding: key, as: UTF8.self) }
    return contentID(batch, range, isReadable: isReadable)
  }

  /// Adds to a rejected record by what it is named and whose it is.
  func identify(
    _ record: inout RejectedRecord, _ words: RecordWords, _ batch: borrowing RecordBatch, _ range: Range<Int>
  ) {
    record.id = id(batch, range, isReadable: !rows.isEmpty)
    record.unit = words.unit.listed
    record.team = words.team.listed
    if let open = words.team.open {
      let word = chunk.openWords[WordSet.team.rawValue][open]
      record.teamName = word.name.isEmpty ? word.code : word.name
    }
  }

  /// What names an accepted record that a later stage may reject, what stands in the fields that it may be rejected for, and
  /// what the office accepts of it.
  mutating func appendIdentity(_ batch: borrowing RecordBatch, _ range: Range<Int>) {
    let id = id(batch, range, isReadable: true)
    ValueList.append(text: Array(id.utf8)[...], to: &chunk.identity)
    for field in plan.lateFields {
      let text = batch.trimmedText(batch.cell(ofField: field, row: range.lowerBound))
      ValueList.append(integer: Int64(field), to: &chunk.identity)
      ValueList.append(text: text[...], to: &chunk.identity)
    }
    chunk.records.identityEnd.append(UInt32(truncatingIfNeeded: chunk.identity.count))
    for cell in corrected where cell.entry.action == .accept && cell.entry.target.group == 0 {
      chunk.acceptedFaults.append(
        AcceptedFault(
          record: writer.count - 1, field: cell.entry.target.field.map { plan.source.fields[$0].name } ?? "",
          found: String(decoding: cell.entry.old, as: UTF8.self), rule: cell.entry.rule))
    }
  }
}

extension Checker {
  /// Which element of its repeat, from 1, a row of the current record is. Rows are asked for in their order, more or less: it
  /// goes on from the last one.
  mutating func element(ofRow index: Int, _ batch: borrowing RecordBatch) -> Int {
    let group = Int(batch.rows[index].group)
    var (row, number) = (index, 1)
    let known = elements[group]
    if let known, known.row == index { return known.number }
    let stop = known.map { $0.row < index ? $0.row : -1 } ?? -1
    while row > 0, !batch.rows[row].startsRecord {
      row -= 1
      if Int(batch.rows[row].group) == group {
        if row == stop, let known {
          number += known.number
          break
        }
        number += 1
      }
    }
    elements[group] = (index, number)
    return number
  }
}

extension RecordBatch {
  /// The cell of a field of the row's group; `nil` when the row has none.
  func cell(ofField field: Int, row: Int) -> Int? {
    let row = rows[row]
    let column = row.group == 0 ? Int(columnOfField[field]) : field
    return column >= 0 && column < Int(row.cellCount) ? Int(row.firstCell) + column : nil
  }

  /// What stands in a cell, without white space at its ends and with LF for every line end; empty when there is no cell.
  func trimmedText(_ cell: Int?) -> [UInt8] {
    guard let cell, cells[cell].isPresent else { return [] }
    let range = cells[cell].range
    let inner = trimmed(bytes.span.extracting(range))
    let text = bytes[range.lowerBound + inner.lowerBound..<range.lowerBound + inner.upperBound]
    guard text.contains(0x0D) else { return Array(text) }
    var unified: [UInt8] = []
    for index in text.indices {
      if text[index] != 0x0D {
        unified.append(text[index])
      } else if index + 1 == text.endIndex || text[index + 1] != 0x0A {
        unified.append(0x0A)
      }
    }
    return unified
  }

  /// The rows of a record that are of a group and, where a number is given, those of that element.
  func rows(of group: Int, _ element: Int, in range: Range<Int>) -> [Int] {
    if group == 0, range.count == 1 { return [range.lowerBound] }
    let places = range.filter { Int(rows[$0].group) == group }
    if group == 0 || element == 0 { return places }
    return element <= places.count ? [places[element - 1]] : []
  }
}
