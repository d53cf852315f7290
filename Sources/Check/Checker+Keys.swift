import Bytes
import Campaign
import Diagnostics
import Records

/// A foreign key whose target is a list that is known before any record is read.
struct ListedKey: Sendable {
  let fields: [Int]
  let key: ForeignKey
  /// The target's values, each the texts of its fields with `separator` behind each.
  let values: ByteTable

  static let separator: UInt8 = 0x1F

  /// - Parameter rows: the values of the target's fields.
  init(_ key: ForeignKey, fields: [Int], rows: some Sequence<[String]>) {
    self.key = key
    self.fields = fields
    var values = ByteTable()
    for row in rows {
      var text: [UInt8] = []
      for cell in row {
        text.append(contentsOf: cell.utf8)
        text.append(Self.separator)
      }
      values.insert(text.span, 0)
    }
    self.values = values
  }
}

// Keys: those of other lists, and those that are compared when all records are seen.
extension Checker {
  /// Foreign keys to rosters, code lists and CSV files.
  mutating func checkListedKeys(_ batch: borrowing RecordBatch) {
    for key in plan.listedKeys {
      var text: [UInt8] = []
      var isBlank = true
      var isValid = true
      for field in key.fields {
        let value = values[rows[0].firstValue + field]
        isBlank = isBlank && value.isBlank
        isValid = isValid && value.kind != .invalid
        text.append(contentsOf: keyText(of: value, field: field, batch))
        text.append(ListedKey.separator)
      }
      guard isValid, !isBlank, key.values.find(text.span) == nil else { continue }
      noteField(
        key.fields[0],
        CellFault(
          .foreignKey, [.literal(key.key.name), .literal(key.key.targetFields.joined(separator: ", "))]), batch)
    }
  }

  /// Values that are compared across files, and where they stand in the text of the record.
  mutating func appendLateKeys(_ batch: borrowing RecordBatch, _ range: Range<Int>) {
    if chunk.records.lateKeys.isEmpty {
      chunk.records.lateKeys = [[Hash128]](repeating: [], count: plan.lateKeys.count)
      chunk.records.keyPlaces = [[UInt64]](repeating: [], count: plan.lateKeys.count)
    }
    for (column, key) in plan.lateKeys.enumerated() {
      var hash = Hash128()
      var isBlank = true
      for field in key.fields {
        let value = values[rows[0].firstValue + field]
        isBlank = isBlank && value.isBlank
        let text = keyText(of: value, field: field, batch)
        hash.combine(text.span)
      }
      chunk.records.lateKeys[column].append(isBlank ? RecordColumns.noValue : hash)
      chunk.records.keyPlaces[column].append(place(ofKey: key, batch, range))
    }
  }

  private func place(ofKey key: LateKey, _ batch: borrowing RecordBatch, _ range: Range<Int>) -> UInt64 {
    let row = batch.rows[range.lowerBound]
    guard let field = key.fields.first else { return RecordColumns.noPlace }
    let column = Int(batch.columnOfField[field])
    guard column >= 0, column < Int(row.cellCount) else { return RecordColumns.noPlace }
    let cell = batch.cells[Int(row.firstCell) + column]
    guard cell.isPresent, cell.start >= row.rawStart, cell.start + cell.count <= row.rawEnd else {
      return RecordColumns.noPlace
    }
    return UInt64(cell.start - row.rawStart) << 32 | UInt64(cell.count)
  }

  /// The text by which values of two fields are compared, whatever their types: 7 and 7.0 are one key.
  private func keyText(of value: CellValue, field: Int, _ batch: borrowing RecordBatch) -> [UInt8] {
    if value.kind == .number, value.number == value.number.rounded(), value.number.magnitude < 1e15 {
      return Array(String(Int64(value.number)).utf8)
    }
    if plan.programs[field].isInstant { return Array(String(value.bits).utf8) }
    return text(of: value, batch, program: plan.programs[field])
  }
}
