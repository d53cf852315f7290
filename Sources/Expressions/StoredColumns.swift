import Campaign
import Diagnostics

/// A value that Check keeps of each accepted record for the rules of later stages.
package enum StoredColumn: Sendable {
  /// The value of a field.
  case field(Int)
  /// Its text, where the value is a unit or a team.
  case text(Int)
  /// The outcome of a program over the record.
  case computed(Program, isText: Bool)

  var key: SlotSource? {
    switch self {
    case .field(let field): .field(field)
    case .text(let field): .text(field)
    case .computed: nil
    }
  }
}

/// What the rules of one source need, gathered while they are compiled.
struct SourceRequest {
  /// Registers of the rules that Check asks.
  var layout = Layout()
  var stored: [StoredColumn] = []

  mutating func column(_ column: StoredColumn) -> Int {
    if let key = column.key, let known = stored.firstIndex(where: { $0.key == key }) { return known }
    stored.append(column)
    return stored.count - 1
  }
}
