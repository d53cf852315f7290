import Bytes
import Diagnostics
import Records

/// Finds what no record may hold in the text of a file: NUL, and bytes that the decoder could not decode. Called for each
/// piece of the text in order, since the markers of undecodable bytes are told apart by their count.
struct BadBytes {
  private var markersSeen = 0

  /// Adds to `tokens` a fault for each row of `bytes[..<end]` that holds such bytes.
  mutating func find(in bytes: [UInt8], end: Int, _ source: (any TextSource)?, _ tokens: inout TokenizedRows) {
    let known = tokens.faults.count
    if source?.holdsNoNUL != true { findNUL(bytes, end, &tokens) }
    if let undecodable = source?.undecodable, undecodable.count > markersSeen {
      findMarkers(bytes, end, undecodable, &tokens)
    }
    guard tokens.faults.count > known else { return }
    let ordered = tokens.faults.enumerated().sorted { ($0.element.row, $0.offset) < ($1.element.row, $1.offset) }
    tokens.faults = ordered.map(\.element)
  }

  /// Passes over the markers in text that is not read as rows.
  mutating func skip(_ bytes: ArraySlice<UInt8>, _ undecodable: UndecodableBytes?) {
    guard let undecodable, undecodable.count > markersSeen else { return }
    let text = Array(bytes)
    var at = 0
    while let found = next(UndecodableBytes.marker, text, at, text.count) {
      markersSeen += 1
      at = found + UndecodableBytes.marker.count
    }
  }

  private func findNUL(_ bytes: [UInt8], _ end: Int, _ tokens: inout TokenizedRows) {
    var row = 0
    var at = 0
    while let found = next([0], bytes, at, end) {
      at = found + 1
      guard let holder = advance(&row, to: found, tokens) else { continue }
      if tokens.faults.last?.row == holder, tokens.faults.last?.rule == .nulByte { continue }
      tokens.faults.append(
        fault(.nulByte, bytes, holder, found, tokens, facts: [], found: "\u{0}"))
      at = max(at, Int(tokens.rows[holder].rawEnd))
    }
  }

  private mutating func findMarkers(
    _ bytes: [UInt8], _ end: Int, _ undecodable: UndecodableBytes, _ tokens: inout TokenizedRows
  ) {
    let shownBytes = 16
    var row = 0
    var at = 0
    var lastRow = -1
    var shown = 0
    while let found = next(UndecodableBytes.marker, bytes, at, end) {
      let place = markersSeen < undecodable.places.count ? undecodable.places[markersSeen] : nil
      markersSeen += 1
      at = found + UndecodableBytes.marker.count
      guard let holder = advance(&row, to: found, tokens) else { continue }
      let hex = String(decoding: bytes[at..<min(at + 2, end)], as: UTF8.self)
      if holder != lastRow {
        shown = 1
        lastRow = holder
        let offset = place.map { String($0.offset) } ?? "?"
        tokens.faults.append(fault(.encodingError, bytes, holder, found, tokens, facts: [offset], found: hex))
      } else if shown < shownBytes {
        shown += 1
        tokens.faults[tokens.faults.count - 1].found? += " " + hex
      }
    }
  }

  /// The row that holds `place`, from `row` on, which goes on to it; `nil` between rows.
  private func advance(_ row: inout Int, to place: Int, _ tokens: TokenizedRows) -> Int? {
    while row < tokens.rows.count, Int(tokens.rows[row].rawEnd) <= place { row += 1 }
    guard row < tokens.rows.count, Int(tokens.rows[row].rawStart) <= place else { return nil }
    return row
  }

  private func fault(
    _ rule: Rule, _ bytes: [UInt8], _ row: Int, _ start: Int, _ tokens: TokenizedRows, facts: [String], found: String
  ) -> RowFault {
    var line = Int(tokens.rows[row].line)
    for at in Int(tokens.rows[row].rawStart)..<start
    where bytes[at] == 0x0A || bytes[at] == 0x0D && bytes[at + 1] != 0x0A { line += 1 }
    var fault = RowFault(rule, line: line, start: start, facts: facts, found: found)
    fault.row = row
    return fault
  }

  /// Place of `needle` in `bytes[from..<end]`.
  private func next(_ needle: [UInt8], _ bytes: [UInt8], _ from: Int, _ end: Int) -> Int? {
    var at = from
    while let found = bytes.firstPlace(of: needle[0], from: at, to: end) {
      if found + needle.count <= end, bytes[found..<found + needle.count].elementsEqual(needle) { return found }
      at = found + 1
    }
    return nil
  }
}
