import Bytes
import Campaign
import Diagnostics
import Records

/// Reads `bytes` in every way in which an XML file is read: by a plan with attributes, ancestors and repeats, salvaging and
/// not, behind files with the same markup, as a table, and described. For fuzzing: it ends, within limits, without a fault
/// of ours, and what comes of it does not depend on how the bytes arrive.
package func fuzzXML(_ bytes: [UInt8]) {
  var limits = XMLLimits()
  limits.text = 1 << 16
  limits.record = 1 << 18
  limits.section = 1 << 16
  for salvages in [false, true] {
    let plan = fuzzPlan(XMLOptions(record: "/*/*", salvagesBroken: salvages), repeats: true)
    let whole = fuzzRead(bytes, block: .max, plan, limits)
    let pieces = fuzzRead(bytes, block: 7, plan, limits)
    precondition(whole == pieces, "the size of blocks changed the records: \(whole) \(pieces)")
    fuzzAgain(bytes, plan, limits)
  }
  for record in ["/*/*", "//r"] {
    let plan = fuzzPlan(XMLOptions(record: record), repeats: record == "/*/*")
    let size = [8, 24, 60][bytes.count % 3]
    guard let pieces = fuzzPieces(bytes, size, plan, limits) else { continue }
    let whole = fuzzRead(bytes, block: .max, plan, limits)
    precondition(whole == pieces, "pieces changed the records: \(whole) \(pieces)")
  }
  do throws(ReadError) {
    let description = try XMLProbe.describe(MemorySource(bytes), file: "f", limits: limits)
    let path = description.recordPath
    let form = try XMLTableForm.survey(MemorySource(bytes), file: "f", record: path, limits: limits)
    var rows = 0
    try form.forEachRecord(of: MemorySource(bytes), file: "f", record: path, limits: limits) { row in
      precondition(row.count == form.columns.count, "a row has as many cells as there are columns")
      rows += 1
    }
    precondition(rows == form.records, "each record is a row")
  } catch {
    precondition(!error.diagnostic.message(.zh).isEmpty && !error.diagnostic.message(.en).isEmpty, "a fault is told")
  }
}

private func fuzzPlan(_ options: XMLOptions, repeats: Bool) -> XMLPlan {
  func field(_ path: String) -> Field {
    var field = Field(name: path, location: SourceLocation(file: "f"))
    field.path = path
    return field
  }
  guard
    let plan = try? XMLPlan(
      options: options, fields: ["@a", "a", ".", repeats ? "../@a" : "@b", "b[2]", "*/c"].map(field),
      repeats: repeats ? [("b", [".", "@k"].map(field)), ("b/c", [".", "../@k"].map(field))] : [])
  else { preconditionFailure("a plan for fuzzing") }
  return plan
}

/// Rows, cells and the fault, as a text.
private func fuzzRead(_ bytes: [UInt8], block: Int, _ plan: XMLPlan, _ limits: XMLLimits) -> String {
  do throws(ReadError) {
    let source = MemorySource(bytes, blockSize: block)
    return fuzzRead(try XMLReader(source: source, file: "f", plan: plan, limits: limits))
  } catch { return error.diagnostic.rule.id }
}

private func fuzzRead(_ reader: XMLReader) -> String {
  var text = ""
  do throws(ReadError) {
    var batch = RecordBatch()
    while try reader.next(&batch) { text += fuzzText(batch) }
    text += fuzzText(reader.account)
  } catch { text += error.diagnostic.rule.id }
  return text
}

/// One reader reads `bytes`, then files that differ from it in one value: each as a reader of its own does.
private func fuzzAgain(_ bytes: [UInt8], _ plan: XMLPlan, _ limits: XMLLimits) {
  guard let reader = try? XMLReader(source: MemorySource(bytes), file: "f", plan: plan, limits: limits) else { return }
  _ = fuzzRead(reader)
  let ends = bytes.indices.filter { bytes[$0] == UInt8(ascii: ">") }
  let values = ["", "&lt;\n&#x4e2d;", "<![CDATA[ & ]] ]]>1", "1&#13;", "]]&gt;", "\u{FFEE}", "<c/>", "&nbsp;", "]]>"]
  for (number, value) in values.enumerated() {
    var other = bytes
    if !ends.isEmpty { other.insert(contentsOf: Array(value.utf8), at: ends[(bytes.count + number) % ends.count] + 1) }
    guard reader.restart(source: MemorySource(other), file: "f") else { return }
    let (again, alone) = (fuzzRead(reader), fuzzRead(other, block: .max, plan, limits))
    precondition(again == alone, "the files before changed the records: \(again) \(alone)")
  }
}

/// The same of what is read in pieces, one after the other; `nil` when it cannot be.
private func fuzzPieces(_ bytes: [UInt8], _ size: Int, _ plan: XMLPlan, _ limits: XMLLimits) -> String? {
  let pieces = XMLPieces(source: MemorySource(bytes), file: "f", plan: plan, limits: limits, pieceSize: size)
  var text = ""
  var batch = RecordBatch()
  guard let isRead = try? pieces.readAll(into: &batch, { text += fuzzText($0) }), isRead else { return nil }
  return text + fuzzText(pieces.account)
}

private func fuzzText(_ batch: RecordBatch) -> String {
  var text = ""
  for index in batch.rows.indices {
    let row = batch.rows[index]
    precondition(row.rawEnd >= row.rawStart && Int(row.rawEnd) <= batch.bytes.count, "the raw text of a row")
    let raw = batch.bytes[Int(row.rawStart)..<Int(row.rawEnd)]
    let lines = batch.cellLines[Int(row.firstCell)..<Int(row.firstCell + row.cellCount)]
    text += "\(row.group) \(row.line) \(batch.texts(ofRow: index)) \(lines) \(String(decoding: raw, as: UTF8.self))\n"
    for fault in batch.faults where fault.row == index { text += "\(fault.diagnostic)\n" }
  }
  return text
}

private func fuzzText(_ account: ReadingAccount) -> String {
  "\(account.records) \(account.columns) \(account.notes)"
}
