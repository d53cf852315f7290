import Bytes
import Campaign
import Diagnostics
import Foundation
import Records

@testable import Delimited

func field(_ name: String, aliases: [String] = [], isRequired: Bool = false) -> Field {
  var field = Field(name: name, location: SourceLocation(file: "schema.yaml"))
  field.aliases = aliases
  field.constraints.isRequired = isRequired
  return field
}

/// What a reader made of a text, as strings.
struct ReadTable {
  var rows: [[String]] = []
  var lines: [Int] = []
  var raws: [String] = []
  var starts: [Bool] = []
  var faults: [String] = []
  var faultLines: [Int] = []
  var account = ReadingAccount()
  var dialect = Dialect()
  var columnOfField: [Int32] = []
  var columnCount = 0

  var noteRules: [String] { account.notes.map(\.rule.id) }
}

func read(
  _ text: String, fields: [Field] = [], options: DelimitedOptions = DelimitedOptions(), fillDown: [String] = [],
  continuation: [String] = [], limits: DelimitedLimits = DelimitedLimits(), blockSize: Int = .max
) throws -> ReadTable {
  let source = MemorySource(Array(text.utf8), blockSize: blockSize)
  return try read(
    source, fields: fields, options: options, fillDown: fillDown, continuation: continuation, limits: limits)
}

func read(
  _ source: any ByteSource, fields: [Field] = [], options: DelimitedOptions = DelimitedOptions(),
  fillDown: [String] = [], continuation: [String] = [], limits: DelimitedLimits = DelimitedLimits()
) throws -> ReadTable {
  let reader = try DelimitedReader(
    source: source, file: "test.csv", fields: fields, options: options, fillDown: fillDown, continuation: continuation,
    limits: limits)
  var table = ReadTable()
  var batch = RecordBatch()
  var records = 0
  while try reader.next(&batch) {
    precondition(batch.firstRecord == records + 1)
    precondition(batch.rows.first?.startsRecord == true, "a record crosses a batch")
    for (index, row) in batch.rows.enumerated() {
      table.rows.append(batch.texts(ofRow: index).map { $0 ?? "absent" })
      table.lines.append(Int(row.line))
      table.raws.append(String(decoding: batch.bytes[Int(row.rawStart)..<Int(row.rawEnd)], as: UTF8.self))
      table.starts.append(row.startsRecord)
      if row.startsRecord { records += 1 }
    }
    for fault in batch.faults {
      precondition(batch.rows.indices.contains(fault.row))
      table.faults.append(fault.diagnostic.rule.id)
      table.faultLines.append(fault.diagnostic.location.line)
    }
    table.columnOfField = batch.columnOfField
    table.columnCount = batch.columnCount
  }
  table.account = reader.account
  table.dialect = reader.dialect
  precondition(reader.account.records == records)
  return table
}

/// Real files beside the package, or `nil` where there are none.
let realData: URL? = {
  let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appending(path: "shared/data")
  return FileManager.default.fileExists(atPath: folder.path) ? folder : nil
}()
