import Bytes
import Campaign
import Diagnostics
import Records
import XMLInput

#if canImport(Glibc)
  import Glibc
#endif

func field(_ path: String) -> Field {
  var field = Field(name: path, location: SourceLocation(file: "pipeline.yaml", line: 1))
  field.path = path
  return field
}

func plan(
  _ record: String, _ paths: [String], repeats: [(String, [String])] = [], namespaces: [String: String] = [:],
  salvages: Bool = false
) throws -> XMLPlan {
  try XMLPlan(
    options: XMLOptions(record: record, namespaces: namespaces, salvagesBroken: salvages), fields: paths.map(field),
    repeats: repeats.map { ($0.0, $0.1.map(field)) })
}

/// What came of a file, in words that can be compared.
struct Outcome: Equatable {
  /// `group|cell|cell`; an absent cell is `-`, a null one `~`.
  var rows: [String] = []
  var raw: [String] = []
  var lines: [Int] = []
  var cellLines: [[Int]] = []
  var faults: [String] = []
  var notes: [String] = []
  var noteFiles: [String] = []
  var columns: [String] = []
  var failure: String?
  var records = 0
  var batches = 0
}

func read(
  _ text: String, _ plan: XMLPlan, block: Int = .max, limits: XMLLimits = XMLLimits()
) -> Outcome {
  read(Array(text.utf8), plan, block: block, limits: limits)
}

func read(_ bytes: [UInt8], _ plan: XMLPlan, block: Int = .max, limits: XMLLimits = XMLLimits()) -> Outcome {
  var outcome = Outcome()
  do throws(ReadError) {
    let source = MemorySource(bytes, blockSize: block)
    outcome = read(all: try XMLReader(source: source, file: "a.xml", plan: plan, limits: limits))
  } catch { outcome.failure = "\(error.diagnostic.rule.id) \(error.diagnostic.location.description)" }
  return outcome
}

/// What is left of the file that `reader` reads.
func read(all reader: XMLReader) -> Outcome {
  var outcome = Outcome()
  var batch = RecordBatch()
  do throws(ReadError) {
    while try reader.next(&batch) { outcome.add(batch) }
  } catch { outcome.failure = "\(error.diagnostic.rule.id) \(error.diagnostic.location.description)" }
  outcome.records = reader.account.records
  outcome.columns = reader.account.columns.map { "\($0.header)=\($0.field ?? "-")" }
  outcome.notes = reader.account.notes.map { "\($0.rule.id) \($0.found)" }
  outcome.noteFiles = reader.account.notes.map(\.location.file)
  return outcome
}

extension Outcome {
  mutating func add(_ batch: RecordBatch) {
    batches += 1
    for row in batch.rows {
      let cells = batch.cells[Int(row.firstCell)..<Int(row.firstCell + row.cellCount)]
      rows.append(
        (["\(row.group)"] + cells.map { $0.isNull ? "~" : batch.text(of: $0) ?? "-" }).joined(separator: "|"))
      raw.append(String(decoding: batch.bytes[Int(row.rawStart)..<Int(row.rawEnd)], as: UTF8.self))
      lines.append(Int(row.line))
      cellLines.append(batch.cellLines[Int(row.firstCell)..<Int(row.firstCell + row.cellCount)].map { Int($0) })
    }
    for fault in batch.faults {
      let location = fault.diagnostic.location
      faults.append(
        "\(fault.diagnostic.rule.id) row \(fault.row) line \(location.line) record \(location.record) "
          + "\(location.field ?? "") \(fault.diagnostic.found)")
    }
  }
}

/// Seconds of CPU that this thread has used.
func cpuSeconds() -> Double {
  var time = timespec()
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
}
