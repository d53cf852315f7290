import Bytes
import Campaign
import Diagnostics
import Values

/// The corrections of one source, compiled. A source without any has none, and its records pay nothing.
final class CorrectionPlan: Sendable {
  struct Entry: Sendable {
    /// Place in the campaign's list.
    var correction: Int
    var target: Correction.Target
    var action: Correction.Action
    var old: [UInt8]
    var new: [UInt8]
    var rule: String
    /// Of an accepted value: its field without constraints.
    var relaxed: FieldProgram?
    /// Who decided it and why: of a record that is dropped.
    var reason: String

    func covers(_ rule: Rule) -> Bool { self.rule.isEmpty || self.rule == rule.id }
  }

  /// Decisions about every record in which a field has a certain text.
  struct Everywhere: Sendable {
    var group: Int
    var element: Int
    var field: Int
    fileprivate(set) var table = ByteTable()
    fileprivate(set) var entries: [Entry] = []

    func entry(_ text: Span<UInt8>) -> Entry? { table.find(text).map { entries[Int($0)] } }
  }

  private let records: Records
  let everywhere: [Everywhere]
  /// Whether some record is named by its content, and not by a key.
  let hasContentIDs: Bool

  /// What is said of single records, by their ids.
  private struct Records: Sendable {
    var byID = ByteTable()
    var groups: [[Entry]] = []

    mutating func add(_ entry: Entry, id: String) {
      let next = Int32(truncatingIfNeeded: groups.count)
      if let known = byID.insert(id, next) { groups[Int(known)].append(entry) } else { groups.append([entry]) }
    }
  }

  /// `nil` when no correction is about the source.
  ///
  /// - Parameters:
  ///   - place: of the source.
  ///   - relax: the program of a field of a group, without its constraints.
  init?(
    _ corrections: [Correction], source place: Int, name: String,
    relax: (Correction.Target) throws(ReadError) -> FieldProgram?
  ) throws(ReadError) {
    var records = Records()
    var everywhere: [Everywhere] = []
    var hasContentIDs = false
    for (index, correction) in corrections.enumerated() where correction.refusal == nil {
      for target in correction.targets where target.source == place {
        var entry = Entry(
          correction: index, target: target, action: correction.action, old: Self.bytes(correction.oldValue),
          new: Self.bytes(correction.newValue), rule: correction.rule,
          reason: [correction.why, correction.who, correction.date].filter { !$0.isEmpty }.joined(separator: ", "))
        if correction.action == .accept { entry.relaxed = try relax(target) }
        if correction.record == Correction.everyRecord {
          Self.add(entry, to: &everywhere)
        } else {
          records.add(entry, id: correction.record)
          hasContentIDs = hasContentIDs || correction.record.hasPrefix(name + "#")
        }
      }
    }
    if records.groups.isEmpty && everywhere.isEmpty { return nil }
    self.records = records
    self.everywhere = everywhere
    self.hasContentIDs = hasContentIDs
  }

  private static func bytes(_ text: String) -> [UInt8] {
    let bytes = Array(text.utf8)
    let range = trimmed(bytes.span)
    return Array(bytes[range])
  }

  private static func add(_ entry: Entry, to everywhere: inout [Everywhere]) {
    guard let field = entry.target.field else { return }
    let (group, element) = (entry.target.group, entry.target.element)
    let known = everywhere.firstIndex { $0.group == group && $0.element == element && $0.field == field }
    if known == nil { everywhere.append(Everywhere(group: group, element: element, field: field)) }
    let place = known ?? everywhere.count - 1
    let next = Int32(truncatingIfNeeded: everywhere[place].entries.count)
    if everywhere[place].table.insert(entry.old.span, next) == nil { everywhere[place].entries.append(entry) }
  }

  var hasRecords: Bool { !records.groups.isEmpty }

  /// What is said of the record with this id.
  func entries(of id: Span<UInt8>) -> [Entry]? { records.byID.find(id).map { records.groups[Int($0)] } }
}

/// A cell of the current record that a correction is about.
struct CorrectedCell {
  /// Place of the row in the batch.
  var row: Int
  var entry: CorrectionPlan.Entry
  /// Whether the accepted fault was met while the cell was read.
  var isSettled = false
}
