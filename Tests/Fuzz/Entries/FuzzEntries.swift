import Bytes
import Campaign
import Delimited
import Diagnostics
import Foundation
import Pipeline
import PipelineFile
import Records
import Workbook
import XMLInput

/// What is run with random bytes: by libFuzzer (`Scripts/fuzz`), and by a test with the inputs that once failed. An entry
/// returns, or traps where the program would be wrong.
package enum FuzzEntries {
  /// By the name under which `Scripts/fuzz` and the folders of kept inputs know them.
  package static let all: [(name: String, run: @Sendable ([UInt8]) -> Void)] = [
    ("delimited", delimited), ("sniffer", sniffer), ("xml", fuzzXML), ("workbook", fuzzWorkbook),
    ("whole", whole), ("pipeline", pipeline),
  ]

  /// The reader of delimited text, with options from the first bytes. In blocks of another size it must give the same rows.
  private static let delimited: @Sendable ([UInt8]) -> Void = { bytes in
    guard bytes.count > 2 else { return }
    let text = Array(bytes.dropFirst(3))
    let whole = rows(text, bytes[0], bytes[1], blockSize: .max)
    let pieces = rows(text, bytes[0], bytes[1], blockSize: Int(bytes[2]) + 1)
    precondition(whole == pieces, "rows differ by the size of blocks")
  }

  private static func rows(_ text: [UInt8], _ first: UInt8, _ second: UInt8, blockSize: Int) -> [String] {
    var options = DelimitedOptions()
    options.delimiter = [nil, ",", ";", "\t", "::", "，", " ", "|"][Int(first & 7)]
    options.quote = [nil, "\"", "'", ""][Int(first >> 3 & 3)]
    options.escape = [nil, "\\", ""][Int(first >> 5) % 3]
    options.headerRows = [nil, 0, 1, 2][Int(second & 3)]
    let fields = second & 4 == 0 ? [] : ["a", "b", "c"].map { Field(name: $0, location: SourceLocation(file: "f")) }
    var limits = DelimitedLimits()
    limits.recordBytes = 4096
    limits.quotedLines = 20
    limits.batchBytes = 1 + Int(second >> 3) * 16
    do throws(ReadError) {
      let reader = try DelimitedReader(
        source: MemorySource(text, blockSize: blockSize), file: "f", fields: fields, options: options,
        fillDown: second & 8 == 0 ? [] : ["a"], continuation: second & 16 == 0 ? [] : ["b"], limits: limits,
        guessesHeight: fields.isEmpty)
      var found: [String] = []
      var batch = RecordBatch()
      while try reader.next(&batch) {
        for row in batch.rows.indices {
          found.append("\(batch.rows[row].line) \(batch.texts(ofRow: row).map { $0 ?? "absent" })")
        }
        found += batch.faults.map { $0.diagnostic.message(.en) }
      }
      precondition(reader.account.records >= batch.rows.count)
      return found
    } catch {
      return [error.diagnostic.message(.en)]
    }
  }

  /// Finds the dialect, and nothing else, of what begins in any way.
  private static let sniffer: @Sendable ([UInt8]) -> Void = { bytes in
    var limits = DelimitedLimits()
    limits.recordBytes = 4096
    do throws(ReadError) {
      let reader = try DelimitedReader(
        source: MemorySource(bytes), file: "f", fields: [], options: DelimitedOptions(), limits: limits,
        guessesHeight: true)
      precondition(!reader.dialect.delimiter.isEmpty, "a table has a delimiter")
      precondition(!reader.account.columns.isEmpty, "a table has columns")
    } catch {
      precondition(!error.diagnostic.message(.zh).isEmpty && !error.diagnostic.message(.en).isEmpty, "a fault is told")
    }
  }

  /// Everything that `describe` and `convert` do with a file of any kind.
  private static let whole: @Sendable ([UInt8]) -> Void = { bytes in
    let folder = FileManager.default.fileExists(atPath: "/dev/shm") ? "/dev/shm" : NSTemporaryDirectory()
    let path = folder + "/fieldtally-fuzz-" + UUID().uuidString
    guard FileManager.default.createFile(atPath: path, contents: Data(bytes)) else { return }
    defer { try? FileManager.default.removeItem(atPath: path) }
    nonisolated(unsafe) var output: [UInt8] = []
    let converted = try? convert(path, ReadOptions()) { output += $0 }
    let described = (try? describe(path)) ?? []
    if converted != nil {
      precondition(described.contains { (try? $0.get()) != nil }, "a file that converts must be described")
      precondition(String(validating: output, as: UTF8.self) != nil, "what is written must be UTF-8")
      precondition(output.last == 0x0A, "the last row must have its end")
    }
    for case .success(let file) in described {
      _ = file.json()
      _ = file.text(.zh)
    }
  }

  /// The reader of the pipeline file. Only what is read without error may be run.
  private static let pipeline: @Sendable ([UInt8]) -> Void = { bytes in
    let loaded = PipelineLoader.load(folder: "") { path in
      guard path == PipelineLoader.fileName else { throw CocoaError(.fileNoSuchFile) }
      return bytes
    }
    let hasError = loaded.diagnostics.contains { $0.severity == .error }
    precondition((loaded.definition == nil) == hasError, "a pipeline is refused with an error, and only then")
    for diagnostic in loaded.diagnostics { _ = diagnostic.message(.zh) }
  }
}
