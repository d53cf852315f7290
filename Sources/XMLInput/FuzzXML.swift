import Bytes
import Campaign
import Diagnostics
import Records

/// Reads `bytes` in every way in which an XML file is read: by a plan with attributes, ancestors and repeats, salvaging and
/// not, as a table, and described. For fuzzing: it ends, within limits, without a fault of ours, and what comes of it does
/// not depend on how the bytes arrive.
package func fuzzXML(_ bytes: [UInt8]) {
  var limits = XMLLimits()
  limits.text = 1 << 16
  limits.record = 1 << 18
  limits.section = 1 << 16
  for salvages in [false, true] {
    let whole = fuzzRead(bytes, block: .max, salvages, limits)
    let pieces = fuzzRead(bytes, block: 7, salvages, limits)
    precondition(whole == pieces, "the size of blocks changed the records: \(whole) \(pieces)")
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

/// Rows, cells and the fault, as a text.
private func fuzzRead(_ bytes: [UInt8], block: Int, _ salvages: Bool, _ limits: XMLLimits) -> String {
  func field(_ path: String) -> Field {
    var field = Field(name: path, location: SourceLocation(file: "f"))
    field.path = path
    return field
  }
  let options = XMLOptions(record: "/*/*", salvagesBroken: salvages)
  guard
    let plan = try? XMLPlan(
      options: options, fields: ["@a", "a", ".", "../@a", "b[2]", "*/c"].map(field),
      repeats: [("b", [".", "@k"].map(field)), ("b/c", [".", "../@k"].map(field))])
  else { preconditionFailure("a plan for fuzzing") }
  var text = ""
  do throws(ReadError) {
    let source = MemorySource(bytes, blockSize: block)
    let reader = try XMLReader(source: source, file: "f", plan: plan, limits: limits)
    var batch = RecordBatch()
    while try reader.next(&batch) {
      for index in batch.rows.indices {
        let row = batch.rows[index]
        text += "\(row.group) \(row.line) \(batch.texts(ofRow: index))\n"
        precondition(row.rawEnd >= row.rawStart && Int(row.rawEnd) <= batch.bytes.count, "the raw text of a row")
      }
      text += "\(batch.faults.map(\.diagnostic.rule.id))"
    }
    text += "\(reader.account.notes.map(\.rule.id))"
  } catch { text += error.diagnostic.rule.id }
  return text
}
